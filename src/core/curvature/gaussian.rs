//! Batch means of a Gaussian law: `X ~ N(m + cμ, s²)`, `s = |c| σ/√S`.
//!
//! `|X/s|²` is noncentral χ² with one degree of freedom and `κ = (m + cμ)²/s²`: a Poisson(κ/2) mixture over
//! `J` of χ² laws with `1 + 2J` degrees, whose logarithms have known cumulants.

use crate::core::exponent::{Estimate, LANDING, Method, rounding};
use crate::core::logarithms::LANES;
use crate::core::noncentral::{self, MeanLog};
use crate::core::noncentral_moment;

/// The normal law `N(mean, std²)` of a batch mean.
#[derive(Clone, Debug)]
pub struct GaussianBatch {
    mean: f64,
    std: f64,
    draws: f64,
}

impl GaussianBatch {
    /// The law of the mean of `batch` draws.
    pub(crate) fn new(mean: f64, std: f64, batch: u32) -> Self {
        let draws = f64::from(batch);
        Self { mean, std: std / draws.sqrt(), draws }
    }

    /// `S`.
    pub fn draws(&self) -> f64 {
        self.draws
    }

    /// `E ĥ`.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// `Var ĥ`.
    pub fn variance(&self) -> f64 {
        self.std * self.std
    }

    /// The whole line, or one point if the standard deviation is 0.
    pub fn support(&self) -> (f64, f64) {
        if self.std == 0.0 { (self.mean, self.mean) } else { (f64::NEG_INFINITY, f64::INFINITY) }
    }

    /// Mean and standard deviation of `X`; a mean that is 0 to rounding is 0.
    fn factor(&self, offset: f64, scale: f64) -> (f64, f64) {
        let mean = offset + scale * self.mean;
        let mean = if mean.abs() <= LANDING * offset.abs().max(1.0) { 0.0 } else { mean };
        (mean, (scale * self.std).abs())
    }

    /// `value` with its error: 2e-14, relative or absolute, and `slope` times the rounding of `X`, relative to its size.
    fn estimate(&self, offset: f64, scale: f64, value: f64, slope: f64) -> Estimate {
        let (mean, std) = self.factor(offset, scale);
        let rounding = rounding(offset, scale * self.mean, mean.abs().max(std));
        let error = if value.is_finite() { 2e-14 * value.abs().max(1.0) + slope * rounding } else { 0.0 };
        Estimate { value, error, method: Method::Quadrature }
    }

    /// `E log|m + c ĥ|`, to 2e-14 and the rounding of `X`.
    pub fn exponent(&self, offset: f64, scale: f64) -> Estimate {
        let (mean, std) = self.factor(offset, scale);
        self.estimate(offset, scale, noncentral::mean_log(mean, std), 1.0)
    }

    /// `E log|m + c ĥ|` at many `(m, c)`.
    pub(crate) fn exponents(&self, factors: &[(f64, f64)], out: &mut [f64]) {
        let mean_log = MeanLog::new();
        for (factors, out) in factors.chunks(LANES).zip(out.chunks_mut(LANES)) {
            let mut normals = [(1.0, 0.0); LANES];
            for (normal, &(offset, scale)) in normals.iter_mut().zip(factors) {
                *normal = self.factor(offset, scale);
            }
            for (value, log) in out.iter_mut().zip(mean_log.at_lanes(&normals)) {
                *value = log;
            }
        }
    }

    /// `log E|m + c ĥ|^p` for `p > −1` (`+∞` below).
    pub fn log_moment(&self, offset: f64, scale: f64, p: f64) -> Estimate {
        let (mean, std) = self.factor(offset, scale);
        self.estimate(offset, scale, noncentral_moment::log_moment(mean, std, p), 8.0 * p.abs())
    }

    /// `Var log|m + c ĥ|`.
    pub fn log_variance(&self, offset: f64, scale: f64) -> Estimate {
        let (mean, std) = self.factor(offset, scale);
        self.estimate(offset, scale, noncentral::log_variance(mean, std), 2.0)
    }

    /// Third cumulant of `log|m + c ĥ|`; NaN if `Λ = −∞`.
    pub fn log_third_cumulant(&self, offset: f64, scale: f64) -> Estimate {
        let (mean, std) = self.factor(offset, scale);
        self.estimate(offset, scale, noncentral::log_third_cumulant(mean, std), 8.0)
    }
}
