//! Moments of `z_t` and how many runs it takes to see them.
//!
//! `E|z_t|^p = e^{t g(p)}` is carried by runs that behave as if their factors were drawn from the tilted law
//! `dP_p ∝ |X|^p dP`. A sample mean shows it only with about `N = e^{D}` runs, `D = t (p g′(p) − g(p))` the relative entropy of
//! the tilted law over `t` steps: with fewer the mean is too small, almost surely for `log N ≪ D` (S. Chatterjee and P.
//! Diaconis, *Ann. Appl. Probab.* 28, 1099, 2018).

use crate::core::curvature::BatchLaw;
use crate::core::exponent::{Estimate, LANDING, Method};

/// Step of the differences in `p`: three of them stay clear of `p = −1`, where `g` ends, for the orders allowed.
const STEP: f64 = 0.02;

/// `log|E z_t/z_0| = t log|E X|`; `−∞` if `E X = 0` to rounding.
pub fn log_mean(law: &BatchLaw, (offset, scale): (f64, f64), t: u32) -> f64 {
    let mean = (offset + scale * law.mean()).abs();
    let landing = LANDING * offset.abs().max(1.0);
    over_steps(t, if mean <= landing { f64::NEG_INFINITY } else { libm::log(mean) })
}

/// `½ log E(z_t/z_0)² = (t/2) log E X²`.
pub fn log_root_mean_square(law: &BatchLaw, (offset, scale): (f64, f64), t: u32) -> f64 {
    over_steps(t, 0.5 * libm::log(law.second_moment(offset, scale)))
}

/// `(1/p) log E|z_t/z_0|^p = t g(p)/p`, and `tΛ` for `p = 0`. Order `−1 < p ≤ 4096`.
pub fn log_norm(law: &BatchLaw, (offset, scale): (f64, f64), p: f64, t: u32) -> f64 {
    let rate =
        if p == 0.0 { law.exponent(offset, scale).value } else { law.log_moment(offset, scale, p).value / p };
    over_steps(t, rate)
}

/// `0·(−∞)` is 0 here: nothing has happened yet.
fn over_steps(t: u32, rate: f64) -> f64 {
    if t == 0 { 0.0 } else { f64::from(t) * rate }
}

/// Natural logarithm of the number of runs needed to see `E|z_t|^p` (`p = 1`: the mean of `|z_t|`, `p = 2`: the mean
/// square), `½ ≤ p ≤ 64`: `t (p g′(p) − g(p)) ≥ 0`, the error for all `t` steps.
///
/// 0, one run, if `|X|` is a constant (0 included) and at `t = 0`; finite where `Λ = −∞`, unless `E|X|^p` overflows. For atoms
/// (up to 32,768) an exact sum; for other laws `g′` by central differences of order 6, error 1e-10 (teacher 1e-8) per step, more for
/// laws on a grid.
pub fn log_runs_to_see(law: &BatchLaw, factor: (f64, f64), p: f64, t: u32) -> Estimate {
    let rate = match law {
        BatchLaw::Discrete(atoms) if !atoms.is_condensed() => {
            let logs = atoms.logs(factor.0, factor.1);
            let value = tilted_entropy(&logs, p);
            Estimate { value, error: 1e-14 * value.max(1.0), method: Method::ClosedForm }
        }
        _ if factor.1 == 0.0 || law.variance() == 0.0 => {
            Estimate { value: 0.0, error: 0.0, method: Method::ClosedForm }
        }
        _ => differences(law, factor, p),
    };
    Estimate {
        value: over_steps(t, rate.value).max(0.0),
        error: over_steps(t, rate.error),
        method: rate.method,
    }
}

/// `Σ w (p L − g)` with `w = q e^{pL − g}`: the sum of `w log(w/q)`, which does not subtract large numbers.
fn tilted_entropy(logs: &[(f64, f64)], p: f64) -> f64 {
    let top = logs.iter().fold(f64::NEG_INFINITY, |a, &(log, _)| a.max(log));
    if top == f64::NEG_INFINITY {
        return 0.0;
    }
    let sum = |f: &dyn Fn(f64) -> f64| -> f64 {
        let finite = logs.iter().filter(|(log, _)| log.is_finite());
        finite.map(|&(log, q)| q * f(p * (log - top))).sum()
    };
    let mass = sum(&libm::exp);
    let log_mass = libm::log(mass);
    sum(&|x| libm::exp(x) * (x - log_mass)) / mass
}

/// `p g′(p) − g(p)` from values of `g` at seven orders.
fn differences(law: &BatchLaw, (offset, scale): (f64, f64), p: f64) -> Estimate {
    let centre = law.log_moment(offset, scale, p);
    let mut noise = centre.error;
    let mut odd = |k: f64| {
        let (above, below) =
            (law.log_moment(offset, scale, p + k * STEP), law.log_moment(offset, scale, p - k * STEP));
        noise = noise.max(above.error).max(below.error);
        above.value - below.value
    };
    let (d1, d2, d3) = (odd(1.0), odd(2.0), odd(3.0));
    let fourth = (8.0 * d1 - d2) / (12.0 * STEP);
    let sixth = (45.0 * d1 - 9.0 * d2 + d3) / (60.0 * STEP);
    Estimate {
        value: p * sixth - centre.value,
        // the difference of the orders bounds what is left out with a wide margin
        error: p * (0.1 * (sixth - fourth).abs() + 2.0 * noise / STEP) + noise,
        method: centre.method,
    }
}
