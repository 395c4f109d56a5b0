//! Batches, one step at a time: the pair `(⟨x²⟩_B, ⟨xy⟩_B)` that one step of SGD on `½(uwx − y)²` needs.
//!
//! | data | law of the pair | random numbers per step |
//! |---|---|---|
//! | discrete, ≤ 16 batch means | the exact law of the batch mean, probabilities to 2⁻³³ | ½ |
//! | discrete, more | the same by an alias table (Walker 1977, Vose 1991) | 1 |
//! | Gaussian | `N(μ, σ²/S)` | 1 |
//! | uniform | mean of `S` draws | `S` |
//! | teacher | `q ~ χ²_S`, `⟨xy⟩ = kq/S + σ√q/S·ξ`, `⟨x²⟩ = q/S` | 2 (`S = 1`) or 3 |
//! | a data set | `S` draws with replacement | `S` |
//!
//! Without a teacher `x = 1` and `y` is the curvature.

mod draws;
mod table;

use crate::core::curvature::{LIMIT, Law};
use crate::core::data_set::DataSet;
use crate::core::exponent::LANDING;
pub use draws::Draws;
use draws::Source;
use table::{Alias, FEW, Few};

/// What batches are drawn from, whatever the learning rate.
#[derive(Clone, Debug)]
pub struct Sampler {
    kind: Kind,
    batch: u32,
}

#[derive(Clone, Debug)]
enum Kind {
    /// Atoms of one draw; `draws` of them are averaged. `summed`: largest `|atom|` that was added up.
    Atoms {
        values: Vec<f64>,
        probs: Vec<f64>,
        draws: u32,
        summed: f64,
    },
    Gaussian {
        mean: f64,
        std: f64,
    },
    Uniform {
        low: f64,
        high: f64,
    },
    Teacher {
        slope: f64,
        noise: f64,
    },
    Pairs(Vec<(f64, f64)>),
}

impl Sampler {
    /// Batches of `batch` draws from `law`; `batch` is clamped to `1…4096`.
    ///
    /// A discrete law whose batch means are not held as atoms is drawn `batch` times per step.
    pub fn new(law: &Law, batch: u32) -> Self {
        let batch = batch.clamp(1, LIMIT);
        let kind = match law {
            Law::Discrete { values, probs } => {
                let largest = values.iter().fold(0.0_f64, |a, h| a.max(h.abs()));
                let summed = if batch > 1 { largest } else { 0.0 };
                match law.batch(batch).atoms() {
                    Some((values, probs)) => {
                        Kind::Atoms { values: values.to_vec(), probs: probs.to_vec(), draws: 1, summed }
                    }
                    None => {
                        Kind::Atoms { values: values.clone(), probs: probs.clone(), draws: batch, summed }
                    }
                }
            }
            Law::Gaussian { mean, std } => Kind::Gaussian { mean: *mean, std: *std },
            Law::Uniform { low, high } => Kind::Uniform { low: *low, high: *high },
            Law::Teacher { slope, noise } => Kind::Teacher { slope: *slope, noise: *noise },
        };
        Self { kind, batch }
    }

    /// Batches of `batch` members of a data set, drawn with replacement.
    pub fn from_data(data: &DataSet, batch: u32) -> Self {
        let pairs = data.inputs.iter().zip(&data.outputs).map(|(x, y)| (x * x, x * y)).collect();
        Self { kind: Kind::Pairs(pairs), batch: batch.clamp(1, LIMIT) }
    }

    /// Cost of one step relative to one of a two-point law, measured; for work estimates.
    pub fn cost(&self) -> f64 {
        let batch = f64::from(self.batch);
        match &self.kind {
            Kind::Atoms { values, draws, .. } if *draws == 1 && values.len() <= FEW => {
                0.9 + 0.05 * values.len() as f64
            }
            Kind::Atoms { draws, .. } => 1.0 + 2.0 * f64::from(*draws),
            Kind::Gaussian { .. } => 4.0,
            Kind::Uniform { .. } => 1.0 + batch,
            Kind::Teacher { .. } => 9.0,
            Kind::Pairs(_) => 1.0 + 3.0 * batch,
        }
    }

    /// Prepares the draws of `rate·⟨xy⟩_B` and `⟨x²⟩_B` for one learning rate. Atoms on which `offset ± rate·h`
    /// is 0 to rounding (as [`BatchLaw::exponent`](crate::core::curvature::BatchLaw::exponent) counts it) are moved so that it is exactly 0.
    pub fn at(&self, rate: f64, offset: f64) -> Draws<'_> {
        Draws(match &self.kind {
            Kind::Atoms { values, probs, draws, summed } => {
                let landing = LANDING * offset.abs().max(1.0).max(summed * rate.abs());
                let scaled = values.iter().map(|h| {
                    let z = rate * h;
                    if (offset + z).abs() <= landing {
                        -offset
                    } else if (offset - z).abs() <= landing {
                        offset
                    } else {
                        z
                    }
                });
                let scaled: Vec<f64> = scaled.collect();
                if *draws == 1 && scaled.len() <= FEW {
                    Source::Few(Few::new(&scaled, probs))
                } else {
                    Source::Many { alias: Alias::new(&scaled, probs), draws: *draws }
                }
            }
            Kind::Gaussian { mean, std } => {
                Source::Gaussian { mean: rate * mean, std: rate * std / f64::from(self.batch).sqrt() }
            }
            Kind::Uniform { low, high } => {
                Source::Uniform { low: rate * low, width: rate * (high - low), draws: self.batch }
            }
            Kind::Teacher { slope, noise } => {
                Source::Teacher { slope: rate * slope, noise: rate * noise, batch: self.batch }
            }
            Kind::Pairs(pairs) => Source::Pairs { pairs, rate, draws: self.batch },
        })
    }
}
