//! Stationary points of several models: the lowest eigenvalue of the Hessian, and the gradient noise along its direction.
//!
//! Measured on a data set with the networks' own gradients and Hessian–vector products: the lowest eigenvalue by power
//! iteration on `s I − H`, the noise as the mean of `(n·∇ℓ)²` over the samples.

use super::lowest::Search;
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
/// Rounds of the search for the lowest eigenvalue.
const TURNS: u32 = 4;
/// Curvatures and noises smaller than this part of the largest scale are 0 to rounding.
const ZERO: f64 = 1e-10;
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

    /// Its shards.
    fn pieces(self) -> u32 {
        if self.is_large() { TURNS + 1 } else { 1 }
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
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Which.
    pub point: Point,
    /// The lowest eigenvalue of the mean Hessian.
    pub curvature: f64,
    /// The noise along its direction.
    pub noise: f64,
}

impl Measured {
    /// What it is.
    pub fn kind(&self) -> Kind {
        if self.curvature.is_nan() {
            Kind::Kink
        } else if self.curvature > ZERO {
            Kind::Minimum
        } else if self.curvature >= -ZERO {
            Kind::Flat
        } else if self.noise > ZERO {
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

/// One shard of the chain. The last of a point is its curvature and noise, NaN where `ReLU` has no Hessian; those before it are the
/// bound on the eigenvalues and the vector so far. Without the shard before it the point begins anew: the result is the same.
pub fn compute(p: &Params, shard: u32, previous: Option<&[f64]>) -> Vec<f64> {
    let Some((point, piece)) = place(shard) else { return Vec::new() };
    if point == Point::OneLayer {
        return one_layer(p).to_vec();
    }
    let none = vec![f64::NAN; 2];
    let kink = p.activation == Activation::Relu && (point != Point::Biased || p.bias == 0.0);
    let shape = point.shape(p.activation);
    let Some(mut weights) = Weights::zeros(shape).ok().filter(|_| !kink) else { return none };
    let extra = point == Point::Biased;
    if extra {
        weights.row_mut(0, 0)[1] = p.bias;
    }
    let samples = data(p, shape.outputs, shape.outputs, extra, shape.loss);
    let mut search = Search::new(weights, &samples);
    let (mut done, size, mut n) = match previous {
        Some([size, n @ ..]) if piece > 0 && n.len() == shape.count() => (piece, *size, n.to_vec()),
        _ => {
            let (size, n) = search.bound(p.seed);
            (1, size, n)
        }
    };
    let (last, mut curvature) = (point.pieces() - 1, f64::NAN);
    // the first shard of a point of several finds the bound alone
    let end = if piece == last { TURNS + 1 } else { piece + 1 };
    while done < end {
        curvature = search.turn(size, &mut n);
        done += 1;
    }
    if piece < last {
        return [&[size], n.as_slice()].concat();
    }
    vec![curvature, search.noise(&n)]
}

/// `f = w x` at the minimum of its mean loss.
fn one_layer(p: &Params) -> [f64; 2] {
    let samples = data(p, 1, 1, false, Loss::Squared);
    let mean = |f: &dyn Fn(f64, f64) -> f64| {
        let each = (0..samples.count()).map(|i| f(samples.input(i)[0], samples.target(i)[0]));
        each.sum::<f64>() / samples.count() as f64
    };
    let curvature = mean(&|x, _| x * x);
    let w = mean(&|x, y| x * y) / curvature;
    [curvature, mean(&|x, y| (w * x - y) * x * (w * x - y) * x)]
}

/// The points that are there.
pub fn known(done: &Done) -> Rc<Vec<Measured>> {
    done.made("points", &[JOB], "", || {
        let read = |(shard, numbers): (u32, &Option<Vec<f64>>)| match (place(shard)?, numbers.as_deref()?) {
            ((point, piece), [curvature, noise]) if piece + 1 == point.pieces() => {
                Some(Measured { point, curvature: *curvature, noise: *noise })
            }
            _ => None,
        };
        (0..).zip(done.shards(JOB)).filter_map(read).collect()
    })
}
