//! Stationary points of several models: the lowest eigenvalues of the Hessian, and the gradient noise along their directions.
//!
//! Measured on a data set with the networks' own gradients and Hessian–vector products: the whole mean Hessian, and the noise as the
//! mean of `(n·∇ℓ)²` over the samples.

use super::hessian::{Columns, Eigenvalue, ZERO, eigenvalues};
use super::parameters::Params;
use crate::core::rng::{Purpose, Stream};
use crate::labs::Done;
use crate::models::activation::Activation;
use crate::models::loss::Loss;
use crate::models::mlp::{Shape, Weights};
use crate::models::samples::Samples;
use std::rc::Rc;

/// The job, a chain: a shard for each small network, several for each larger one.
pub const JOB: &str = "points";
/// Samples.
const SAMPLES: usize = 512;
/// Columns of a Hessian that are found together.
const COLUMNS: usize = 16;
/// Eigenvalues that are shown of a point, the lowest.
pub const SHOWN: usize = 3;
/// Inputs, outputs and width of the wider networks.
const WIDE: (usize, usize) = (4, 8);

/// Which point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// One layer, at the minimum of the noisy loss.
    OneLayer,
    /// Two layers of one neuron, origin.
    TwoLayer,
    /// The same with a bias input whose weight is `b`.
    Biased,
    /// Two layers of eight neurons, origin.
    Wide,
    /// Three layers, origin.
    Deep,
    /// The same with a residual connection around the second.
    Residual,
    /// Two layers of eight neurons that name the largest of the noisy targets, origin.
    Softmax,
}

impl Point {
    /// All of them.
    pub const ALL: [Point; 7] = [
        Point::OneLayer,
        Point::TwoLayer,
        Point::Biased,
        Point::Wide,
        Point::Deep,
        Point::Residual,
        Point::Softmax,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Point::OneLayer => "one layer",
            Point::TwoLayer => "two layers, origin",
            Point::Biased => "two layers, bias b",
            Point::Wide => "two layers of 8, origin",
            Point::Deep => "three layers, origin",
            Point::Residual => "three residual layers, origin",
            Point::Softmax => "two layers and softmax, origin",
        }
    }

    fn is_large(self) -> bool {
        !matches!(self, Point::OneLayer | Point::TwoLayer | Point::Biased)
    }

    /// Its shards: the columns of a large Hessian a few at a time, then its eigenvalues.
    fn pieces(self) -> u32 {
        let columns = self.shape(Activation::Linear).count();
        if self.is_large() { columns.div_ceil(COLUMNS) as u32 + 1 } else { 1 }
    }

    fn shape(self, activation: Activation) -> Shape {
        let (inputs, width) = if self.is_large() { WIDE } else { (1, 1) };
        Shape {
            inputs: inputs + usize::from(self == Point::Biased),
            width,
            outputs: inputs,
            depth: if matches!(self, Point::Deep | Point::Residual) { 3 } else { 2 },
            activation,
            residual: self == Point::Residual,
            loss: if self == Point::Softmax { Loss::CrossEntropy } else { Loss::Squared },
        }
    }
}

/// What a point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Curves down, and noise kicks along that direction.
    TypeI,
    /// Curves down without noise.
    TypeII,
    /// Curves up.
    Minimum,
    /// The Hessian vanishes in the lowest direction.
    Flat,
    /// `ReLU` at its kink.
    Kink,
}

/// A point with its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Which.
    pub point: Point,
    /// The lowest eigenvalues of the mean Hessian, ascending; none where `ReLU` has no Hessian.
    pub lowest: Vec<Eigenvalue>,
    /// The noise along all directions of negative curvature together.
    pub escape_noise: f64,
}

impl Measured {
    /// What it is.
    pub fn kind(&self) -> Kind {
        let Some(lowest) = self.lowest.first() else { return Kind::Kink };
        if lowest.value > 0.0 {
            Kind::Minimum
        } else if lowest.value == 0.0 {
            Kind::Flat
        } else if self.escape_noise > ZERO {
            Kind::TypeI
        } else {
            Kind::TypeII
        }
    }
}

/// `y = k x + σ ε`, with a constant input at the end if `extra`; for cross-entropy the place of the largest `y` in its stead.
fn data(p: &Params, inputs: usize, outputs: usize, extra: bool, loss: Loss) -> Samples {
    let mut stream = Stream::new(Purpose::DataSet, p.seed, inputs as u64, 0);
    let mut samples = Samples::new(inputs + usize::from(extra), outputs);
    let target = |y: &[f64]| match loss {
        Loss::Squared => y.to_vec(),
        Loss::CrossEntropy => {
            let largest = y.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            y.iter().map(|y| f64::from(u8::from(*y == largest))).collect()
        }
    };
    for _ in 0..SAMPLES / 2 {
        let mut x: Vec<f64> = (0..inputs).map(|_| stream.normal()).collect();
        let mut y: Vec<f64> =
            (0..outputs).map(|i| p.slope * x[i % inputs] + p.noise * stream.normal()).collect();
        if extra {
            x.push(1.0);
        }
        samples.push(&x, &target(&y));
        // each sample and its mirror image: the labels have mean 0 exactly, as those of the law
        for x in &mut x[..inputs] {
            *x = -*x;
        }
        for y in &mut y {
            *y = -*y;
        }
        samples.push(&x, &target(&y));
    }
    samples
}

/// The point of a shard, and which of the point's it is.
fn place(shard: u32) -> Option<(Point, u32)> {
    let mut first = 0;
    Point::ALL.into_iter().find_map(|point| {
        let found = shard.checked_sub(first).filter(|piece| *piece < point.pieces());
        first += point.pieces();
        Some((point, found?))
    })
}

/// Shards of the chain.
pub fn shards() -> u32 {
    Point::ALL.into_iter().map(Point::pieces).sum()
}

/// One shard of the chain. The last of a point is its result: the noise along all escape directions, then value, directions and noise of each of the lowest eigenvalues; those before it are the columns of its Hessian so
/// far. Without the shard before it the point begins anew: the result is the same.
pub fn compute(p: &Params, shard: u32, previous: Option<&[f64]>) -> Vec<f64> {
    let Some((point, piece)) = place(shard) else { return Vec::new() };
    if point == Point::OneLayer {
        return result(&[one_layer(p)]);
    }
    let kink = p.activation == Activation::Relu && (point != Point::Biased || p.bias == 0.0);
    let shape = point.shape(p.activation);
    let Some(mut weights) = Weights::zeros(shape).ok().filter(|_| !kink) else { return result(&[]) };
    let extra = point == Point::Biased;
    if extra {
        weights.row_mut(0, 0)[1] = p.bias;
    }
    let samples = data(p, shape.outputs, shape.outputs, extra, shape.loss);
    let (dim, last) = (shape.count(), piece + 1 == point.pieces());
    let begun = piece as usize * COLUMNS * dim;
    let mut hessian = previous.filter(|before| before.len() == begun).map_or_else(Vec::new, <[f64]>::to_vec);
    let mut columns = Columns::new(&weights, &samples);
    let end = if last { dim } else { (piece as usize + 1) * COLUMNS };
    for place in hessian.len() / dim..end {
        columns.add(place, &mut hessian);
    }
    if last { result(&eigenvalues(&hessian, &weights, &samples)) } else { hessian }
}

/// The result of a point with these eigenvalues.
fn result(all: &[Eigenvalue]) -> Vec<f64> {
    let escape_noise = all.iter().filter(|one| one.value < 0.0).map(|one| one.noise).sum();
    let lowest = all.iter().take(SHOWN).flat_map(|one| [one.value, one.directions as f64, one.noise]);
    [escape_noise].into_iter().chain(lowest).collect()
}

/// Drops the columns of a shard, which only the next one needed.
pub fn spent(values: &mut Vec<f64>) {
    if values.len() > 1 + 3 * SHOWN {
        values.clear();
        values.shrink_to_fit();
    }
}

/// `f = w x` at the minimum of its mean loss.
fn one_layer(p: &Params) -> Eigenvalue {
    let samples = data(p, 1, 1, false, Loss::Squared);
    let mean = |f: &dyn Fn(f64, f64) -> f64| {
        let each = (0..samples.count()).map(|i| f(samples.input(i)[0], samples.target(i)[0]));
        each.sum::<f64>() / samples.count() as f64
    };
    let value = mean(&|x, _| x * x);
    let w = mean(&|x, y| x * y) / value;
    Eigenvalue { value, directions: 1, noise: mean(&|x, y| (w * x - y) * x * (w * x - y) * x) }
}

/// The points that are there.
pub fn known(done: &Done) -> Rc<Vec<Measured>> {
    done.made("points", &[JOB], "", || {
        let read = |(shard, numbers): (u32, &Option<Vec<f64>>)| match (place(shard)?, numbers.as_deref()?) {
            ((point, piece), [escape_noise, lowest @ ..]) if piece + 1 == point.pieces() => {
                let one = |[value, directions, noise]: &[f64; 3]| Eigenvalue {
                    value: *value,
                    directions: *directions as usize,
                    noise: *noise,
                };
                let lowest = lowest.as_chunks().0.iter().map(one).collect();
                Some(Measured { point, lowest, escape_noise: *escape_noise })
            }
            _ => None,
        };
        (0..).zip(done.shards(JOB)).filter_map(read).collect()
    })
}
