//! Moments of the one-step factor `X = m + c ĥ`: the log-moment `g(p) = log E|X|^p` and its positive root.

use crate::core::curvature::{BatchLaw, with_law};
use crate::core::exponent::{Estimate, Method, TailExponent};

/// Largest order that [`BatchLaw::tail_exponent`] tries.
pub const ORDER_LIMIT: f64 = 4096.0;

/// `E (m + c ĥ)²` from `(m, c)`, `E ĥ` and `Var ĥ`.
pub(crate) fn mean_square((offset, scale): (f64, f64), mean: f64, variance: f64) -> f64 {
    let mean = offset + scale * mean;
    mean * mean + scale * scale * variance
}

impl BatchLaw {
    /// The log-moment `g(p) = log E|m + c ĥ|^p`. `L_p` stable iff `g(p) < 0`.
    ///
    /// Convex, `g(0) = 0`, `g′(0) = Λ`. Atoms on which `X = 0` contribute 0 for `p > 0`. Order `p ≤ 4096`; negative orders
    /// give `+∞` where the moment is infinite. For small `p` the error vanishes with `p`.
    pub fn log_moment(&self, offset: f64, scale: f64, p: f64) -> Estimate {
        if p == 0.0 {
            return Estimate { value: 0.0, error: 0.0, method: Method::ClosedForm };
        }
        with_law!(self, law => law.log_moment(offset, scale, p))
    }

    /// `E X² = (m + c E ĥ)² + c² Var ĥ`.
    pub fn second_moment(&self, offset: f64, scale: f64) -> f64 {
        mean_square((offset, scale), self.mean(), self.variance())
    }

    /// The greatest value of `|X|`; `+∞` where it is unbounded.
    pub fn largest_factor(&self, offset: f64, scale: f64) -> f64 {
        if scale == 0.0 {
            return offset.abs();
        }
        let (low, high) = self.support();
        (offset + scale * low).abs().max((offset + scale * high).abs())
    }

    /// The positive root `p*` of `g`, to 1e-12 relative or the accuracy of `g`.
    ///
    /// Doubling and halving from the central-limit guess `−2Λ/Var log|X|` brackets the root; the secant
    /// method with bisection as its safeguard (Illinois variant of false position) refines it.
    pub fn tail_exponent(&self, offset: f64, scale: f64) -> TailExponent {
        let exponent = self.exponent(offset, scale);
        if exponent.value >= -exponent.error {
            return TailExponent::None;
        }
        if self.largest_factor(offset, scale) <= 1.0 + 2.0 * f64::EPSILON {
            return TailExponent::Infinite;
        }
        let variance = self.log_variance(offset, scale).value;
        // g(p)/p has the same root and is not flat near 0
        let slope = |p: f64| self.log_moment(offset, scale, p).value / p;
        let guess = -2.0 * exponent.value / variance;
        let guess = if guess > 0.0 && guess < ORDER_LIMIT { guess } else { 1.0 };
        let (mut low, mut high) = (guess, guess);
        let (mut at_low, mut at_high) = (slope(guess), slope(guess));
        while at_low > 0.0 {
            (high, at_high) = (low, at_low);
            low *= 0.5;
            at_low = slope(low);
            if low < 1e-300 {
                return TailExponent::None;
            }
        }
        while at_high <= 0.0 {
            if high >= ORDER_LIMIT {
                return TailExponent::Above(ORDER_LIMIT);
            }
            (low, at_low) = (high, at_high);
            high = (2.0 * high).min(ORDER_LIMIT);
            at_high = slope(high);
        }
        TailExponent::Finite(root(slope, (low, at_low), (high, at_high)))
    }
}

/// Root of an increasing function between a point where it is ≤ 0 and one where it is > 0, until the
/// iterates (which converge faster than linearly) differ by less than 1e-12.
fn root(f: impl Fn(f64) -> f64, low: (f64, f64), high: (f64, f64)) -> f64 {
    let ((mut a, mut fa), (mut b, mut fb)) = (low, high);
    let (mut side, mut last) = (0, a);
    for step in 0..100 {
        if fa == 0.0 {
            return a;
        }
        let secant = (a * fb - b * fa) / (fb - fa);
        let x = if step % 8 == 7 || !(a..b).contains(&secant) { 0.5 * (a + b) } else { secant };
        if (x - last).abs() <= 1e-12 * x || b - a <= 1e-13 * b {
            return x;
        }
        let fx = f(x);
        last = x;
        if fx <= 0.0 {
            (a, fa) = (x, fx);
            fb *= if side == -1 { 0.5 } else { 1.0 };
            side = -1;
        } else {
            (b, fb) = (x, fx);
            fa *= if side == 1 { 0.5 } else { 1.0 };
            side = 1;
        }
    }
    0.5 * (a + b)
}
