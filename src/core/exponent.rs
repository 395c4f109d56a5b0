//! Lyapunov exponents and moments of the one-dimensional dynamics `z ← X z`, `X = m + c ĥ`.
//!
//! Everything here is a function of the batch law of `ĥ` and of the two numbers `m` (`offset`) and
//! `c` (`scale`): `m = 1 − λγ`, `c = −λ` for a direction of curvature `h`; `c = ±λ` for the two
//! directions of the saddle. Source: arXiv:2303.13093, Theorem 1.

use crate::core::curvature::{BatchLaw, with_law};
use crate::core::interpolation::spread;
use crate::core::stats;

/// `X` counts as 0 when `|X|` is at most this times the largest of the terms it is the sum of: 4ε.
pub const LANDING: f64 = 4.0 * f64::EPSILON;

/// Accuracy of [`BatchLaw::exponents`] where values are interpolated.
pub const INTERPOLATION: f64 = 1e-10;

/// The same for a law on a grid, whose values near the zero of `X` are no smoother.
const GRID_INTERPOLATION: f64 = 1e-6;

/// How a number was obtained, and so what its [`Estimate::error`] means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// A finite sum or closed form; the error is rounding (≤ 1e-12 relative or absolute).
    ClosedForm,
    /// Deterministic quadrature or a convergent series, with a bound on what was left out.
    Quadrature,
    /// The batch law on a grid (FFT). The bound holds unless ĥ falls into the cell that contains the
    /// zero of `X`, which happens with probability `cell_probability`.
    Grid {
        /// Probability that `ĥ` lies within one cell of the zero of `X`.
        cell_probability: f64,
    },
    /// A mean over independent draws; the error is one standard error.
    MonteCarlo {
        /// Number of independent draws.
        samples: u64,
    },
}

/// A number with its error and the method that gave it.
///
/// `value` may be `−∞` (`P(X = 0) > 0`: one draw lands exactly on the saddle, to rounding). It is
/// never NaN for parameters inside the documented domains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The number itself, nats per step where it is an exponent.
    pub value: f64,
    /// Bound (deterministic methods) or standard error (Monte Carlo); same unit as `value`.
    pub error: f64,
    /// How it was obtained.
    pub method: Method,
}

/// The positive root `p*` of the log-moment `g(p) = log E|X|^p`: moments of order below it die,
/// those above explode, and `P(sup|z| > R) ~ R^{−p*}`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TailExponent {
    /// `Λ ≥ 0`: there is no positive root.
    None,
    /// The root.
    Finite(f64),
    /// The root exists but lies above this order, where `E|X|^p` leaves the range of doubles.
    Above(f64),
    /// `P(|X| > 1) = 0`: every moment dies, `p* = ∞`.
    Infinite,
}

/// A rate at which an exponent changes sign.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CriticalRate {
    /// A simple root, to 1e-10 relative.
    Root(f64),
    /// Two roots that enclose a pole (where `Λ = −∞`) and equal it in doubles.
    Pole {
        /// The pole `1/(γ + h)`.
        at: f64,
        /// Natural logarithm of the half-width of the stable tongue around it.
        log_half_width: f64,
    },
}

impl BatchLaw {
    /// The Lyapunov exponent `Λ = E log|m + c ĥ|`, nats per step. `offset` and `scale` finite, up to 1e100.
    ///
    /// `−∞` if `X = 0` (to rounding) with positive probability.
    pub fn exponent(&self, offset: f64, scale: f64) -> Estimate {
        with_law!(self, law => law.exponent(offset, scale))
    }

    /// `Λ` at many `(offset, scale)`, written to `out` (as many as the shorter of the two).
    ///
    /// Teacher laws are interpolated to 1e-10, laws on a grid to 1e-6, where that is cheaper: cheapest for a row or column of a map in one
    /// call, with both signs of `scale`. The other laws agree with [`BatchLaw::exponent`] to its error.
    pub fn exponents(&self, factors: &[(f64, f64)], out: &mut [f64]) {
        self.exponents_to(INTERPOLATION, factors, out);
    }

    /// [`BatchLaw::exponents`] with teacher laws interpolated to `tolerance`: 1e-7 takes a third less time than 1e-10.
    pub fn exponents_to(&self, tolerance: f64, factors: &[(f64, f64)], out: &mut [f64]) {
        match self {
            Self::Discrete(law) => law.exponents(factors, out),
            Self::Gaussian(law) => law.exponents(factors, out),
            Self::Teacher(_) => self.interpolated(factors, out, tolerance),
            Self::Grid(_) => self.interpolated(factors, out, GRID_INTERPOLATION),
            Self::Uniform(law) => {
                for (&(offset, scale), value) in factors.iter().zip(out) {
                    *value = law.exponent(offset, scale).value;
                }
            }
        }
    }

    /// `E log|m + cĥ| = log|m| + K(c/m)` with `K(r) = E log|1 + rĥ|`: one function of one variable, smooth in `log|r|` for
    /// either sign of `r` if `ĥ` has a smooth law; interpolated.
    fn interpolated(&self, factors: &[(f64, f64)], out: &mut [f64], tolerance: f64) {
        let mut sides: [Vec<(f64, f64)>; 2] = [Vec::new(), Vec::new()];
        for (i, &(offset, scale)) in factors.iter().enumerate().take(out.len()) {
            let ratio = scale / offset;
            if ratio != 0.0 && ratio.is_finite() && offset.abs() > 1e-6 {
                sides[usize::from(ratio < 0.0)].push((libm::log(ratio.abs()), i as f64));
            } else {
                out[i] = self.exponent(offset, scale).value;
            }
        }
        for (side, sign) in sides.iter_mut().zip([1.0, -1.0]) {
            stats::sort_pairs(side);
            let logs: Vec<f64> = side.iter().map(|&(log, _)| log).collect();
            let shape = |log: f64| self.exponent(1.0, sign * libm::exp(log)).value;
            spread(&logs, tolerance, &shape, &mut |k, value| {
                let i = side[k].1 as usize;
                out[i] = value + libm::log(factors[i].0.abs());
            });
        }
    }

    /// `Var log|m + c ĥ|`: the square of `s` in the central limit `log|z_t| ≈ tΛ + √t s Z`. `+∞` where `Λ = −∞`.
    pub fn log_variance(&self, offset: f64, scale: f64) -> Estimate {
        with_law!(self, law => law.log_variance(offset, scale))
    }

    /// Third cumulant of `log|m + c ĥ|`, which skews the central limit: the median of `log|z_t|` is `tΛ − κ₃/6s²`. NaN
    /// where `Λ = −∞`.
    pub fn log_third_cumulant(&self, offset: f64, scale: f64) -> Estimate {
        with_law!(self, law => law.log_third_cumulant(offset, scale))
    }
}

/// Bound on the rounding error of `M = offset + change`, `change = c E ĥ`, relative to the size of `X`: it grows where the terms
/// cancel and `X` hardly varies.
pub(crate) fn rounding(offset: f64, change: f64, size: f64) -> f64 {
    2.0 * f64::EPSILON * (offset.abs() + change.abs()) / size
}

/// The answer `f(|X|)` where `X = offset` is a constant, 0 if it is 0 to rounding.
pub(crate) fn constant(offset: f64, f: impl Fn(f64) -> f64) -> Estimate {
    let x = offset.abs();
    let value = f(if x <= LANDING { 0.0 } else { x });
    let error = if value.is_finite() { 2.0 * f64::EPSILON * value.abs() } else { 0.0 };
    Estimate { value, error, method: Method::ClosedForm }
}
