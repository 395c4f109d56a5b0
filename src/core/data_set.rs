//! Finite data sets drawn once from a law: their curvatures make the fractal diagrams, and the simulator
//! draws its batches from the very same samples.

use crate::core::curvature::{Law, LawError};
use crate::core::normal;
use crate::core::rng::{Purpose, Stream};

/// `N` samples `(x, y)`; the curvature of each is `xy`. Both lists have the same length.
#[derive(Clone, Debug, PartialEq)]
pub struct DataSet {
    /// The inputs `x`; all 1 unless a teacher made them.
    pub inputs: Vec<f64>,
    /// The outputs `y`.
    pub outputs: Vec<f64>,
}

impl DataSet {
    /// `count` draws of `law`.
    ///
    /// Two uniform numbers per sample whatever the law, so that data sets of the same seed are nested in `count`, and
    /// moving a parameter of the law moves the samples continuously (those of a discrete law jump from
    /// value to value one at a time).
    pub fn draw(law: &Law, count: usize, seed: u64) -> Self {
        let mut stream = Stream::new(Purpose::DataSet, seed, 0, 0);
        let (mut inputs, mut outputs) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for _ in 0..count {
            let (first, second) = (stream.unit(), stream.unit());
            let (x, y) = match law {
                Law::Discrete { values, probs } => (1.0, pick(values, probs, first)),
                Law::Gaussian { mean, std } => (1.0, mean + std * normal::from_unit(first)),
                Law::Uniform { low, high } => (1.0, low + (high - low) * first),
                Law::Teacher { slope, noise } => {
                    let x = normal::from_unit(first);
                    (x, slope * x + noise * normal::from_unit(second))
                }
            };
            inputs.push(x);
            outputs.push(y);
        }
        Self { inputs, outputs }
    }

    /// The curvatures `xy`.
    pub fn curvatures(&self) -> Vec<f64> {
        self.inputs.iter().zip(&self.outputs).map(|(x, y)| x * y).collect()
    }

    /// The law of one draw from the set.
    ///
    /// # Errors
    /// No sample or more than 4,096; a sample that is not finite.
    pub fn law(&self) -> Result<Law, LawError> {
        Law::empirical(self.curvatures())
    }
}

/// The value at which the running sum of probabilities first exceeds `u`.
fn pick(values: &[f64], probs: &[f64], u: f64) -> f64 {
    let mut sum = 0.0;
    for (value, p) in values.iter().zip(probs) {
        sum += p;
        if u < sum {
            return *value;
        }
    }
    // u above a sum that rounding left below 1
    values.iter().zip(probs).rev().find(|&(_, p)| *p > 0.0).map_or(0.0, |(value, _)| *value)
}
