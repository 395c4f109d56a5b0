//! Critical learning rates: where `Λ(λ) = E log|1 − λγ ± λĥ|` changes sign.
//!
//! | batch law | how | result |
//! |---|---|---|
//! | ≤ 64 atoms | concave between poles ([`crate::core::log_product`]) | every root |
//! | Gaussian, uniform, teacher | one root if `E r > 0`, none or two around one minimum otherwise | every root |
//! | more atoms, or a grid | not listed: at 1,000 values a typical sample has 280 roots | [`scanned_rates`] |
//!
//! Here `r = γ ∓ h` is the rate at which one step shrinks: `X = 1 − λ r`.

use crate::core::bracket;
use crate::core::curvature::BatchLaw;
pub use crate::core::exponent::CriticalRate;
use crate::core::log_product::{Factor, LogProduct, Stable};

/// Largest number of atoms whose roots are listed.
pub const ATOMS_LISTED: usize = 64;

/// Points of the usual scan.
pub const SCAN_POINTS: usize = 4096;

/// Points among which the one minimum of a continuous law is looked for.
const COARSE: usize = 128;

/// How complete a list of critical rates is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// Every root in the range.
    Complete,
    /// What a scan over this many points found; closer pairs may be missing.
    Resolution {
        /// Number of points, evenly spaced in `log λ`.
        points: usize,
    },
    /// The law has too many atoms: nothing was looked for.
    NotListed,
}

/// Critical rates in ascending order; an empty list with [`Coverage::Complete`] means there are none.
#[derive(Clone, Debug, PartialEq)]
pub struct CriticalRates {
    /// The rates.
    pub rates: Vec<CriticalRate>,
    /// What the list covers.
    pub coverage: Coverage,
}

/// `X = 1 − λγ + sign·λ·ĥ` as a function of `λ`.
#[derive(Clone, Copy, Debug)]
pub struct Direction<'a> {
    /// The batch law of `ĥ`.
    pub law: &'a BatchLaw,
    /// Weight decay `γ ≥ 0`.
    pub decay: f64,
    /// `−1` for a direction of curvature `h`; `±1` for the two directions of the saddle.
    pub sign: f64,
}

impl Direction<'_> {
    /// `Λ(λ)`, from its expansion where `X` is so near 1 that the logarithm has no figures left.
    pub fn exponent(&self, lr: f64) -> f64 {
        let rate = self.decay - self.sign * self.law.mean();
        let square = rate * rate + self.law.variance();
        if lr * lr * square < 1e-10 {
            return -lr * rate - 0.5 * lr * lr * square;
        }
        self.law.exponent(1.0 - lr * self.decay, self.sign * lr).value
    }

    /// `Λ` as a sum over atoms, if the law is held as atoms or is a constant.
    pub fn product(&self) -> Option<LogProduct> {
        let factor =
            |h: f64, weight: f64| Factor { weight, constant: 1.0, slope: self.sign * h - self.decay };
        if let Some((values, probs)) = self.law.atoms() {
            return Some(LogProduct::new(values.iter().zip(probs).map(|(&h, &p)| factor(h, p))));
        }
        let constant = self.law.variance() == 0.0;
        constant.then(|| LogProduct::new([factor(self.law.mean(), 1.0)]))
    }
}

/// Largest [`ApproximateRate::step`] at which the approximation is of use: 2 % off at 0.18 and 10 % at 0.39, while at 0.65
/// there may be no critical rate at all.
pub const SMALL_STEP: f64 = 0.5;

/// The critical rate as signal over noise: the zero of the expansion `Λ ≈ −λ r − (λ²/2) E(γ + ĥ)²`, `r = γ + E h`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ApproximateRate {
    /// `λ_c = −2r/E(γ + ĥ)² = −2r/(r² + Var ĥ)`.
    pub rate: f64,
    /// `λ_c·sd(ĥ)`: how much of a factor is noise at that rate.
    pub noise: f64,
    /// `λ_c √E(γ + ĥ)²`, the size of `X − 1` at that rate: the approximation is good only while this is `≪ 1`. (So is
    /// `noise` then; but that is small as well where there is hardly noise, and no critical rate either.)
    pub step: f64,
}

/// The approximate critical rate of a direction of curvature `h` from `E h`, `Var ĥ` and the weight decay `γ`; `None` unless
/// `γ + E h < 0`, a saddle. For `γ = 0` it is `−2 E h/E ĥ²`.
pub fn approximate_critical_rate(mean: f64, variance: f64, decay: f64) -> Option<ApproximateRate> {
    let rate = decay + mean;
    let square = rate * rate + variance;
    let critical = -2.0 * rate / square;
    (rate < 0.0).then(|| ApproximateRate {
        rate: critical,
        noise: critical * variance.sqrt(),
        step: critical * square.sqrt(),
    })
}

/// The critical rates of `X = 1 − λγ + sign·λ·ĥ` in `[lr_min, lr_max]`, `0 < lr_min < lr_max`.
///
/// Roots to 1e-12 relative (teacher: 1e-10 over `|Λ′|`). `Λ` that touches 0 without crossing is not a root.
/// Cost: at most 0.3 million logarithms with 64 atoms; some 150 exponents for continuous laws.
pub fn critical_rates(law: &BatchLaw, decay: f64, sign: f64, lr_min: f64, lr_max: f64) -> CriticalRates {
    let direction = Direction { law, decay, sign };
    if law.atoms().is_some_and(|(values, _)| values.len() > ATOMS_LISTED) || matches!(law, BatchLaw::Grid(_))
    {
        return CriticalRates { rates: Vec::new(), coverage: Coverage::NotListed };
    }
    let rates = match direction.product() {
        Some(product) => product.stable_intervals(lr_min, lr_max).iter().flat_map(ends).collect(),
        None => continuous_rates(&direction, lr_min, lr_max).into_iter().map(CriticalRate::Root).collect(),
    };
    CriticalRates { rates, coverage: Coverage::Complete }
}

/// The roots at the ends of a stable interval; one entry if doubles do not tell them apart.
fn ends(stable: &Stable) -> Vec<CriticalRate> {
    let together = stable.to - stable.from <= 4.0 * f64::EPSILON * stable.to.abs();
    if let (Some(at), true, true, true) = (stable.pole, together, stable.from_root, stable.to_root) {
        return vec![CriticalRate::Pole { at, log_half_width: stable.log_width - core::f64::consts::LN_2 }];
    }
    let mut roots = Vec::new();
    if stable.from_root {
        roots.push(CriticalRate::Root(stable.from));
    }
    if stable.to_root {
        roots.push(CriticalRate::Root(stable.to));
    }
    roots
}

/// Roots of a Gaussian, uniform or teacher law: from the signs at both ends and, if both are positive, from the
/// one minimum between them. Ascending.
pub fn continuous_rates(direction: &Direction, lr_min: f64, lr_max: f64) -> Vec<f64> {
    let value = |y: f64| direction.exponent(libm::exp(y));
    let root = |a: f64, b: f64| libm::exp(bracket::root(value, (a, value(a)), (b, value(b))));
    let (low, high) = (libm::log(lr_min), libm::log(lr_max));
    match (value(low) < 0.0, value(high) < 0.0) {
        (true, true) => Vec::new(),
        (true, false) | (false, true) => vec![root(low, high)],
        (false, false) => {
            // Λ > 0 at small rates needs E r ≤ 0; without it there is nothing between two positive ends
            if direction.decay - direction.sign * direction.law.mean() > 0.0 {
                return Vec::new();
            }
            let at = |i: usize| low + (high - low) * i as f64 / COARSE as f64;
            let (mut best, mut least) = (0, f64::INFINITY);
            for i in 0..=COARSE {
                let here = value(at(i));
                if here < least {
                    (best, least) = (i, here);
                }
            }
            if best == 0 || best == COARSE {
                return Vec::new();
            }
            let (place, least) = if least < 0.0 {
                (at(best), least)
            } else {
                bracket::minimum(value, at(best - 1), at(best + 1), 0.0)
            };
            if least < 0.0 { vec![root(low, place), root(place, high)] } else { Vec::new() }
        }
    }
}

/// Critical rates of any law, found to a resolution: `points` rates evenly spaced in `log λ`, sign changes refined,
/// and every extremum that does not reach 0 on the grid looked at between its neighbours.
pub fn scanned_rates(direction: &Direction, lr_min: f64, lr_max: f64, points: usize) -> CriticalRates {
    let (low, high) = (libm::log(lr_min), libm::log(lr_max));
    let roots = scan(&|y| direction.exponent(libm::exp(y)), low, high, points);
    CriticalRates {
        rates: roots.into_iter().map(|y| CriticalRate::Root(libm::exp(y))).collect(),
        coverage: Coverage::Resolution { points },
    }
}

/// Roots of `f` on `[low, high]` found from `points` even steps, ascending; none beside points where it is NaN.
pub fn scan(f: &dyn Fn(f64) -> f64, low: f64, high: f64, points: usize) -> Vec<f64> {
    let count = points.max(3);
    let at = |i: usize| low + (high - low) * i as f64 / (count - 1) as f64;
    let values: Vec<f64> = (0..count).map(|i| f(at(i))).collect();
    let root = |a: f64, b: f64| bracket::root(&f, (a, f(a)), (b, f(b)));
    let mut roots = Vec::new();
    for i in 1..count {
        let (before, here) = (values[i - 1], values[i]);
        if before.is_nan() || here.is_nan() {
            continue;
        }
        if (before < 0.0) != (here < 0.0) {
            roots.push(root(at(i - 1), at(i)));
        }
        // an extremum towards 0 within (i−1, i+1), of either sign
        let Some(&after) = values.get(i + 1) else { continue };
        let side = if here < 0.0 { -1.0 } else { 1.0 };
        let same = (before < 0.0) == (here < 0.0) && (after < 0.0) == (here < 0.0);
        if same && side * here < side * before && side * here <= side * after {
            let (place, least) = bracket::minimum(|x| side * f(x), at(i - 1), at(i + 1), 0.0);
            if least < 0.0 {
                roots.extend([root(at(i - 1), place), root(place, at(i + 1))]);
            }
        }
    }
    roots
}
