//! Powers of a normal variable `X ~ N(m, s²)` that is not centred at 0; `κ = m²/s²` as in [`crate::core::noncentral`].

use crate::core::noncentral::{SEAM, TERMS};
use crate::core::special::{log_gamma_ratio, log_poisson};
use core::f64::consts::{LN_2, LN_10};

/// Orders below this are summed as `E|X|^p − 1`.
const SMALL: f64 = 0.5;

/// One order `p`, prepared for many normal variables.
#[derive(Clone, Debug)]
pub struct Power {
    order: f64,
    /// `Γ(½+j+p/2)/Γ(½+j) − 1` for small orders, else empty.
    excess: Vec<f64>,
}

impl Power {
    /// Prepares the order `p`. Cost: 180 logarithms if `|p| < ½`.
    pub fn new(p: f64) -> Self {
        let mut excess = Vec::new();
        if p.abs() < SMALL {
            excess = vec![0.0; TERMS];
            // from the far end inwards: one log1p each, so that errors vanish with p
            let mut ratio = log_gamma_ratio(TERMS as f64 + 0.5, 0.5 * p);
            for (j, e) in excess.iter_mut().enumerate().rev() {
                ratio -= libm::log1p(0.5 * p / (j as f64 + 0.5));
                *e = libm::expm1(ratio);
            }
        }
        Self { order: p, excess }
    }

    /// `log E|X|^p` for `p > −1` (`+∞` at and below −1 unless `std = 0`), to about 1e-14 of `|p|·(1 + |log|X||)`.
    ///
    /// `κ < 100`: `s^p 2^{p/2} E[Γ(½+J+p/2)/Γ(½+J)]`, a sum of positive terms from its largest outwards; for small `p` the
    /// sum of the `… − 1`, so that the error vanishes with `p`. `κ ≥ 100`: `|m|^p Σ C(p,2n)(2n−1)!! κ^{−n}`.
    pub fn log_moment(&self, mean: f64, std: f64) -> f64 {
        let p = self.order;
        if p == 0.0 {
            return 0.0;
        }
        let ratio = mean / std;
        let kappa = ratio * ratio;
        if std == 0.0 || kappa >= SEAM {
            if mean == 0.0 {
                return if p > 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
            }
            let series = if kappa.is_finite() { log_moment_tail(kappa, p) } else { 0.0 };
            return if p <= -1.0 && std > 0.0 { f64::INFINITY } else { p * libm::log(mean.abs()) + series };
        }
        if p <= -1.0 {
            return f64::INFINITY;
        }
        let scale = p * (libm::log(std) + 0.5 * LN_2);
        if !self.excess.is_empty() {
            let sum = mean_excess(0.5 * kappa, &self.excess);
            // (1 + sum) e^scale − 1
            let excess = libm::expm1(scale) * (1.0 + sum) + sum;
            if excess.abs() < 0.5 {
                return libm::log1p(excess);
            }
        }
        scale + log_mixture(0.5 * kappa, 0.5 * p)
    }
}

/// [`Power::log_moment`] for one variable.
pub fn log_moment(mean: f64, std: f64, p: f64) -> f64 {
    Power::new(p).log_moment(mean, std)
}

/// `Σ_j Poisson(j; μ) e_j` for `μ < 50`, weights divided by their sum.
fn mean_excess(mu: f64, excess: &[f64]) -> f64 {
    let mut weight = libm::exp(-mu);
    let (mut sum, mut mass) = (0.0, 0.0);
    for (j, e) in excess.iter().enumerate() {
        sum += weight * e;
        mass += weight;
        weight *= mu / (j + 1) as f64;
        if weight < 1e-20 && j as f64 > mu {
            break;
        }
    }
    sum / mass
}

/// `log Σ_j Poisson(j; μ) Γ(½+j+d)/Γ(½+j)`, from the largest term outwards.
fn log_mixture(mu: f64, d: f64) -> f64 {
    if mu == 0.0 {
        return log_gamma_ratio(0.5, d);
    }
    // the ratio of neighbours μ (½+j+d)/((j+1)(½+j)) is 1 at the root of j² + (3/2 − μ) j + ½ − μ(½ + d)
    let b = 1.5 - mu;
    let discriminant = (b * b - 2.0 + 4.0 * mu * (0.5 + d)).max(0.0);
    let peak = (0.5 * (discriminant.sqrt() - b)).max(0.0).ceil();
    let ratio = |j: f64| mu * (0.5 + j + d) / ((j + 1.0) * (0.5 + j));
    let mut sum = 1.0;
    let (mut term, mut j) = (1.0, peak);
    while term > 1e-18 * sum {
        term *= ratio(j);
        sum += term;
        j += 1.0;
    }
    (term, j) = (1.0, peak);
    while j > 0.0 && term > 1e-18 * sum {
        j -= 1.0;
        term /= ratio(j);
        sum += term;
    }
    log_poisson(peak, mu) + log_gamma_ratio(0.5 + peak, d) + libm::log(sum)
}

/// `log Σ_n C(p,2n)(2n−1)!! κ^{−n}` for `κ ≥ 100`. All terms up to `n = p/2` are positive; afterwards the series is
/// asymptotic and is stopped at its smallest term.
fn log_moment_tail(kappa: f64, p: f64) -> f64 {
    let (mut term, mut sum, mut base, mut shift) = (1.0_f64, 0.0_f64, 1.0_f64, 0.0);
    let mut n = 0.0;
    loop {
        let next = term * (p - 2.0 * n) * (p - 2.0 * n - 1.0) / ((2.0 * n + 2.0) * kappa);
        let past = 2.0 * n > p + 2.0;
        if next == 0.0 || (past && next.abs() >= term.abs()) {
            break;
        }
        sum += next;
        term = next;
        n += 1.0;
        if term.abs() < 1e-18 * sum.abs() && 2.0 * n > p.min(2.0) {
            break;
        }
        if sum > 1e200 {
            (term, sum, base) = (term * 1e-200, sum * 1e-200, base * 1e-200);
            shift += 200.0 * LN_10;
        }
    }
    if shift == 0.0 { libm::log1p(sum) } else { shift + libm::log(base + sum) }
}
