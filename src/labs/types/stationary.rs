//! Stationary points of several models: the lowest eigenvalue of the Hessian, and the gradient noise along its direction.
//!
//! Measured on a data set with the networks' own gradients and Hessian–vector products: the lowest eigenvalue by power
//! iteration on `s I − H`, the noise as the mean of `(n·∇ℓ)²` over the samples.

use super::parameters::Params;
use crate::core::rng::{Purpose, Stream};
use crate::labs::Done;
use crate::models::activation::Activation;
use crate::models::loss::Loss;
use crate::models::mlp::{Shape, TangentWorkspace, Weights, Workspace};
use crate::models::samples::Samples;
use std::rc::Rc;

/// The job, a shard for each point.
pub const JOB: &str = "points";
/// Samples.
const SAMPLES: usize = 512;
/// Most steps of the power iteration.
const ITERATIONS: usize = 200;
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
}

impl Point {
    /// All of them.
    pub const ALL: [Point; 5] = [Point::OneLayer, Point::TwoLayer, Point::Biased, Point::Wide, Point::Deep];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Point::OneLayer => "one layer",
            Point::TwoLayer => "two layers, origin",
            Point::Biased => "two layers, bias b",
            Point::Wide => "two layers of 8, origin",
            Point::Deep => "three layers, origin",
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

fn data(p: &Params, inputs: usize, outputs: usize, extra: bool) -> Samples {
    let mut stream = Stream::new(Purpose::DataSet, p.seed, inputs as u64, 0);
    let mut samples = Samples::new(inputs + usize::from(extra), outputs);
    for _ in 0..SAMPLES / 2 {
        let mut x: Vec<f64> = (0..inputs).map(|_| stream.normal()).collect();
        let mut y: Vec<f64> =
            (0..outputs).map(|i| p.slope * x[i % inputs] + p.noise * stream.normal()).collect();
        if extra {
            x.push(1.0);
        }
        samples.push(&x, &y);
        // each sample and its mirror image: the labels have mean 0 exactly, as those of the law
        for x in &mut x[..inputs] {
            *x = -*x;
        }
        for y in &mut y {
            *y = -*y;
        }
        samples.push(&x, &y);
    }
    samples
}

/// The lowest eigenvalue and the noise along its direction.
fn lowest(weights: &Weights, samples: &Samples, seed: u64) -> (f64, f64) {
    let shape = weights.shape();
    let (Ok(mut direction), Ok(mut image)) = (Weights::zeros(*shape), Weights::zeros(*shape)) else {
        return (f64::NAN, f64::NAN);
    };
    let mut work = TangentWorkspace::new(shape, samples.count());
    let mut stream = Stream::new(Purpose::Rotation, seed, 0, 0);
    direction.randomise(1.0, &mut stream);
    let store = |weights: &Weights| {
        let mut numbers = Vec::new();
        weights.store(&mut numbers);
        numbers
    };
    let mut n = normal(store(&direction));
    // first the eigenvalue of largest size, which bounds all of them
    let mut size = 0.0_f64;
    let mut times = |n: &[f64], direction: &mut Weights| {
        direction.load(n);
        weights.hessian_times(direction, samples, &mut work, &mut image);
        store(&image)
    };
    for _ in 0..ITERATIONS / 4 {
        let h = times(&n, &mut direction);
        let length = h.iter().map(|x| x * x).sum::<f64>().sqrt();
        size = size.max(length);
        if length <= f64::MIN_POSITIVE {
            break;
        }
        n = normal(h);
    }
    n = normal(store(&{
        direction.randomise(1.0, &mut stream);
        direction.clone()
    }));
    let shift = 1.05 * size;
    let mut value = 0.0;
    for _ in 0..ITERATIONS {
        let h = times(&n, &mut direction);
        value = h.iter().zip(&n).map(|(h, n)| h * n).sum();
        let next: Vec<f64> = n.iter().zip(&h).map(|(n, h)| shift * n - h).collect();
        if next.iter().all(|x| *x == 0.0) {
            break;
        }
        n = normal(next);
    }
    let mut plain = Workspace::new(shape, 1);
    let mut one = Samples::new(samples.inputs(), samples.outputs());
    let mut noise = 0.0;
    for sample in 0..samples.count() {
        one.choose(samples, &[sample as u32]);
        weights.gradient(&one, &mut plain, &mut image);
        let along: f64 = store(&image).iter().zip(&n).map(|(g, n)| g * n).sum();
        noise += along * along / samples.count() as f64;
    }
    (value, noise)
}

fn normal(mut numbers: Vec<f64>) -> Vec<f64> {
    let length = numbers.iter().map(|x| x * x).sum::<f64>().sqrt();
    if length > 0.0 {
        for x in &mut numbers {
            *x /= length;
        }
    }
    numbers
}

/// One shard: curvature and noise of a point; NaN where `ReLU` has no Hessian.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let Some(point) = Point::ALL.get(shard as usize) else { return Vec::new() };
    if *point == Point::OneLayer {
        return one_layer(p).to_vec();
    }
    let kink = p.activation == Activation::Relu && (*point != Point::Biased || p.bias == 0.0);
    let (inputs, width) = if matches!(point, Point::Wide | Point::Deep) { WIDE } else { (1, 1) };
    let extra = *point == Point::Biased;
    let shape = Shape {
        inputs: inputs + usize::from(extra),
        width,
        outputs: inputs,
        depth: if *point == Point::Deep { 3 } else { 2 },
        activation: p.activation,
        residual: false,
        loss: Loss::Squared,
    };
    let Ok(mut weights) = Weights::zeros(shape) else { return vec![f64::NAN; 2] };
    if kink {
        return vec![f64::NAN; 2];
    }
    if extra {
        weights.row_mut(0, 0)[1] = p.bias;
    }
    let (curvature, noise) = lowest(&weights, &data(p, inputs, inputs, extra), p.seed);
    vec![curvature, noise]
}

/// `f = w x` at the minimum of its mean loss.
fn one_layer(p: &Params) -> [f64; 2] {
    let samples = data(p, 1, 1, false);
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
        let read = |(point, shard): (Point, &Option<Vec<f64>>)| match shard.as_deref() {
            Some([curvature, noise]) => Some(Measured { point, curvature: *curvature, noise: *noise }),
            _ => None,
        };
        Point::ALL.into_iter().zip(done.shards(JOB)).filter_map(read).collect()
    })
}
