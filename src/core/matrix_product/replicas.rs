//! The top exponent from independent replicas: an error that correlation in time cannot make too small.

use super::Record;
use crate::core::stats::{self, Mean};
use crate::core::student;

/// Level of the test that the second half of the run grows like the first.
const DRIFT_LEVEL: f64 = 0.01;

/// Growth after the burn-in, one number per step for each replica.
#[derive(Clone, Debug, PartialEq)]
pub struct Replicas {
    /// Mean over the replicas, nats per step, with its standard error.
    pub mean: Mean,
    /// Mean over the replicas of the second half less the first.
    pub drift: Mean,
    /// Steps of each, those of the burn-in included.
    pub steps: u64,
}

impl Replicas {
    /// From the batches of every replica; `None` before two batches after the burn-in are there. `−∞` if one of them landed on
    /// 0, to rounding.
    pub(super) fn new(record: &Record) -> Option<Self> {
        if record.count() < 2 {
            return None;
        }
        let half = record.count() / 2;
        let average = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let means: Vec<Vec<f64>> = (0..record.width).map(|replica| record.means(replica)).collect();
        let drifts: Vec<f64> = means
            .iter()
            .map(|means| average(&means[means.len() - half..]) - average(&means[..half]))
            .collect();
        let mean = if record.landed.contains(&true) {
            Mean { value: f64::NEG_INFINITY, standard_error: 0.0, count: record.width }
        } else {
            stats::mean(&means.iter().map(|means| average(means)).collect::<Vec<_>>())
        };
        Some(Self { mean, drift: stats::mean(&drifts), steps: record.steps() })
    }

    fn score(&self, level: f64) -> f64 {
        student::critical(level, self.mean.count as f64 - 1.0)
    }

    /// Half the width of Student's interval at confidence `1 − level`.
    pub fn half_width(&self, level: f64) -> f64 {
        if self.mean.standard_error == 0.0 { 0.0 } else { self.score(level) * self.mean.standard_error }
    }

    /// Whether the halves of the run differ: the burn-in was too short, and no interval is to be trusted.
    pub fn drifts(&self) -> bool {
        self.drift.value.abs() > self.score(DRIFT_LEVEL) * self.drift.standard_error
    }
}
