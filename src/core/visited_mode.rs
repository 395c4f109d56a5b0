//! One mode among several that a batch visits by chance: its growth near the saddle at 0.
//!
//! With one-hot inputs `x = e_j`, `j` uniform on `n` modes, and `y_j = s_j + σ ε`, the batch mean of `x_j y_j` is the sum over
//! its `K ~ Binomial(S, 1/n)` visits of mode `j`, `z = (1/S) Σ (s + σ ε)`: given `K` normal, `N(K s/S, K σ²/S²)`. So
//! `Λ = E log|m + c z|` is a sum of `S + 1` exact Gaussian terms.

use crate::core::noncentral::MeanLog;

/// A mode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VisitedMode {
    /// `s`, the strength of the signal.
    pub strength: f64,
    /// `σ ≥ 0`, the standard deviation of the label noise.
    pub noise: f64,
    /// `n ≥ 1`, modes that are visited with equal probability.
    pub modes: u32,
    /// `S ≥ 1`, samples of a batch.
    pub batch: u32,
}

impl VisitedMode {
    /// `Λ = E log|m + c z|`, nats per step, to 1e-13; `−∞` if a batch can land on 0 exactly (no noise, or `m = 0`).
    ///
    /// Cost: `S + 1` times some 40 ns.
    pub fn exponent(&self, offset: f64, scale: f64) -> f64 {
        let mean_log = MeanLog::new();
        let share = scale / f64::from(self.batch);
        let visited = 1.0 / f64::from(self.modes);
        let term = |visits: f64| {
            let mean = offset + share * visits * self.strength;
            // a sum that cancels is 0 to rounding
            let mean = if mean.abs() <= 4.0 * f64::EPSILON * offset.abs().max(1.0) { 0.0 } else { mean };
            mean_log.at(mean, share.abs() * visits.sqrt() * self.noise)
        };
        if self.modes == 1 {
            return term(f64::from(self.batch));
        }
        let mut sum = 0.0;
        let mut log_probability = f64::from(self.batch) * libm::log1p(-visited);
        let odds = libm::log(visited) - libm::log1p(-visited);
        for visits in 0..=self.batch {
            let probability = libm::exp(log_probability);
            if probability > 0.0 {
                sum += probability * term(f64::from(visits));
            }
            log_probability +=
                libm::log(f64::from(self.batch - visits)) - libm::log(f64::from(visits + 1)) + odds;
        }
        sum
    }

    /// The same per visit of the mode: times `n/S`, as a batch has `S/n` visits on average.
    pub fn exponent_per_visit(&self, offset: f64, scale: f64) -> f64 {
        self.exponent(offset, scale) * f64::from(self.modes) / f64::from(self.batch)
    }
}
