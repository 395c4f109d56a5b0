//! The lowest eigenvalue of a network's mean Hessian, and the gradient noise along its direction, in steps that can be cut anywhere
//! between.

use crate::core::rng::{Purpose, Stream};
use crate::models::mlp::{TangentWorkspace, Weights, Workspace};
use crate::models::samples::Samples;

/// Steps of power iteration that are done together.
const ITERATIONS: usize = 50;

/// The search for the lowest eigenvalue of a network's mean Hessian: by power iteration first the eigenvalue of largest size, which
/// bounds all of them, then from another start the lowest.
pub struct Search<'a> {
    samples: &'a Samples,
    /// The point.
    weights: Weights,
    /// A vector as a network, and its image.
    direction: Weights,
    image: Weights,
    work: TangentWorkspace,
}

impl<'a> Search<'a> {
    /// At a point, on these samples.
    pub fn new(weights: Weights, samples: &'a Samples) -> Self {
        let work = TangentWorkspace::new(weights.shape(), samples.count());
        let (direction, image) = (weights.clone(), weights.clone());
        Self { samples, weights, direction, image, work }
    }

    fn times(&mut self, n: &[f64]) -> Vec<f64> {
        self.direction.load(n);
        self.weights.hessian_times(&self.direction, self.samples, &mut self.work, &mut self.image);
        stored(&self.image)
    }

    /// The bound, and the vector at which the search for the lowest begins.
    pub fn bound(&mut self, seed: u64) -> (f64, Vec<f64>) {
        let mut stream = Stream::new(Purpose::Rotation, seed, 0, 0);
        let mut start = || {
            self.direction.randomise(1.0, &mut stream);
            normal(stored(&self.direction))
        };
        let (mut n, next) = (start(), start());
        let mut size = 0.0_f64;
        for _ in 0..ITERATIONS {
            let h = self.times(&n);
            let length = h.iter().map(|x| x * x).sum::<f64>().sqrt();
            size = size.max(length);
            if length <= f64::MIN_POSITIVE {
                break;
            }
            n = normal(h);
        }
        (size, next)
    }

    /// Turns a vector towards the lowest; returns the curvature along it before the last turn.
    pub fn turn(&mut self, size: f64, n: &mut Vec<f64>) -> f64 {
        let shift = 1.05 * size;
        let mut value = 0.0;
        for _ in 0..ITERATIONS {
            let h = self.times(n);
            value = h.iter().zip(&*n).map(|(h, n)| h * n).sum();
            let next: Vec<f64> = n.iter().zip(&h).map(|(n, h)| shift * n - h).collect();
            if next.iter().all(|x| *x == 0.0) {
                break;
            }
            *n = normal(next);
        }
        value
    }

    /// The noise along a direction.
    pub fn noise(&mut self, n: &[f64]) -> f64 {
        let mut plain = Workspace::new(self.weights.shape(), 1);
        let mut one = Samples::new(self.samples.inputs(), self.samples.outputs());
        let mut noise = 0.0;
        for sample in 0..self.samples.count() {
            one.choose(self.samples, &[sample as u32]);
            self.weights.gradient(&one, &mut plain, &mut self.image);
            let along: f64 = stored(&self.image).iter().zip(n).map(|(g, n)| g * n).sum();
            noise += along * along / self.samples.count() as f64;
        }
        noise
    }
}

fn stored(weights: &Weights) -> Vec<f64> {
    let mut numbers = Vec::new();
    weights.store(&mut numbers);
    numbers
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
