//! Batch means of `h = x y`, `y = k x + σ ε`, with `x, ε ~ N(0, 1)`: a linear teacher with label noise.
//!
//! Given `q = Σ x_i² ~ χ²_S` the batch mean is `N(kq/S, σ²q/S²)`, so with `q = u²`
//! `X = μ(u) + s(u) Z`, `μ = m + a u²`, `s = b u`, `a = ck/S`, `b = |c|σ/S`: one integral over `u` of a
//! function of a normal variable. It is singular where `μ` and `s` are small together: at
//! `u* = √(−m/a)`, softened over a width `b/2|a|` (not at all without noise), and at `u = 0` when `m` is small.

use crate::core::exponent::{Estimate, Method, constant};
use crate::core::exponentials::{ARGUMENTS, exponentials};
use crate::core::logarithms::LANES;
use crate::core::noncentral::{self, MeanLog};
use crate::core::noncentral_moment::Power;
use crate::core::quadrature::{Focus, cuts, for_each_node};

/// Widest panel; the weight `u^{S−1} e^{−u²/2}` varies over a width of 1.
const WIDEST: f64 = 2.0;

/// Narrowest panel: what lies inside weighs 1e-13 and its logarithm is integrated to a few per cent. (Negative powers need
/// narrower ones, which doubles allow at `u = 0` only.)
const NARROWEST: f64 = 1e-10;

/// Accuracy of the quadrature, of `max(1, |value|)`; measured errors are smaller (`tests/exponents.rs`).
const ACCURACY: f64 = 1e-10;

/// The law of the mean of `S` draws of `x y`.
#[derive(Clone, Debug)]
pub struct TeacherBatch {
    slope: f64,
    noise: f64,
    batch: f64,
}

/// `X` given `u`: mean `offset + quadratic·u²`, standard deviation `spread·u`.
struct Factor {
    offset: f64,
    quadratic: f64,
    spread: f64,
}

impl Factor {
    fn at(&self, u: f64) -> (f64, f64) {
        (self.offset + self.quadratic * u * u, self.spread * u)
    }
}

impl TeacherBatch {
    /// The law of the mean of `batch` draws.
    pub(crate) fn new(slope: f64, noise: f64, batch: u32) -> Self {
        Self { slope, noise, batch: f64::from(batch) }
    }

    /// `S`.
    pub fn draws(&self) -> f64 {
        self.batch
    }

    /// `E ĥ = k`.
    pub fn mean(&self) -> f64 {
        self.slope
    }

    /// `Var ĥ = (2k² + σ²)/S`.
    pub fn variance(&self) -> f64 {
        (2.0 * self.slope * self.slope + self.noise * self.noise) / self.batch
    }

    /// The whole line; without noise the half line on the side of the slope.
    pub fn support(&self) -> (f64, f64) {
        if self.noise > 0.0 {
            (f64::NEG_INFINITY, f64::INFINITY)
        } else {
            (
                if self.slope < 0.0 { f64::NEG_INFINITY } else { 0.0 },
                if self.slope > 0.0 { f64::INFINITY } else { 0.0 },
            )
        }
    }

    /// `E log|m + c ĥ|`, to 1e-10. Cost: some 100 to 500 values of the Gaussian formula.
    pub fn exponent(&self, offset: f64, scale: f64) -> Estimate {
        self.constant(offset, scale, libm::log).unwrap_or_else(|| {
            let factor = self.factor(offset, scale);
            let mean_log = MeanLog::new();
            let (mut sum, mut mass) = (0.0, 0.0);
            self.integrate(&factor, 0.0, |u, weight| {
                let (mean, std) = factor.at(u);
                sum += weight * mean_log.at(mean, std).max(-800.0);
                mass += weight;
            });
            estimate(sum / mass)
        })
    }

    /// `log E|m + c ĥ|^p` for `p > −1`, to 1e-10 (less for negative orders with hardly any noise); `+∞` for `p ≤ −1`, and where
    /// `X` is a multiple of `χ²_S` for `p ≤ −S/2`.
    pub fn log_moment(&self, offset: f64, scale: f64, p: f64) -> Estimate {
        if let Some(known) = self.constant(offset, scale, |x| p * libm::log(x)) {
            return known;
        }
        let factor = self.factor(offset, scale);
        if p <= -1.0 || (offset == 0.0 && factor.spread == 0.0 && p <= -0.5 * self.batch) {
            return estimate(f64::INFINITY);
        }
        let sharp = p < 0.0 && 0.5 * factor.spread < NARROWEST * factor.quadratic.abs();
        let left_out = if sharp { libm::pow(NARROWEST, 1.0 + p) / (1.0 + p) } else { 0.0 };
        let estimate = |value: f64| {
            let Estimate { error, method, .. } = estimate(value);
            Estimate { value, error: error + left_out, method }
        };
        let power = Power::new(p);
        let mut terms = Vec::new();
        let mut mass = 0.0;
        self.integrate(&factor, p, |u, weight| {
            let (mean, std) = factor.at(u);
            terms.push((power.log_moment(mean, std), weight));
            mass += weight;
        });
        let excess: f64 = terms.iter().map(|&(g, w)| w * libm::expm1(g.min(600.0))).sum::<f64>() / mass;
        if excess.abs() < 0.5 {
            return estimate(libm::log1p(excess));
        }
        let top =
            terms.iter().filter(|t| t.1 > 0.0).fold(f64::NEG_INFINITY, |a, &(g, w)| a.max(g + libm::log(w)));
        let sum: f64 =
            terms.iter().filter(|t| t.1 > 0.0).map(|&(g, w)| libm::exp(g + libm::log(w) - top)).sum();
        estimate(top + libm::log(sum / mass))
    }

    /// `Var log|m + c ĥ|`, to 1e-10.
    pub fn log_variance(&self, offset: f64, scale: f64) -> Estimate {
        let constant = self.constant(offset, scale, |x| if x == 0.0 { f64::INFINITY } else { 0.0 });
        constant.unwrap_or_else(|| estimate(self.cumulants(offset, scale).0))
    }

    /// Third cumulant of `log|m + c ĥ|`, to 1e-10; NaN if `Λ = −∞`.
    pub fn log_third_cumulant(&self, offset: f64, scale: f64) -> Estimate {
        let constant = self.constant(offset, scale, |x| if x == 0.0 { f64::NAN } else { 0.0 });
        constant.unwrap_or_else(|| estimate(self.cumulants(offset, scale).1))
    }

    /// Variance and third cumulant from those given `u`, by the laws of total variance and total cumulance.
    fn cumulants(&self, offset: f64, scale: f64) -> (f64, f64) {
        let factor = self.factor(offset, scale);
        let centre = self.exponent(offset, scale).value;
        let mean_log = MeanLog::new();
        let (mut second, mut third, mut mass) = (0.0, 0.0, 0.0);
        self.integrate(&factor, 0.0, |u, weight| {
            let (mean, std) = factor.at(u);
            let deviation = mean_log.at(mean, std).max(-800.0) - centre;
            let (variance, skewness) = if std == 0.0 {
                (0.0, 0.0)
            } else {
                (noncentral::log_variance(mean, std), noncentral::log_third_cumulant(mean, std))
            };
            second += weight * (variance + deviation * deviation);
            third += weight * (skewness + deviation * (3.0 * variance + deviation * deviation));
            mass += weight;
        });
        (second / mass, third / mass)
    }

    fn factor(&self, offset: f64, scale: f64) -> Factor {
        let scale = scale / self.batch;
        Factor { offset, quadratic: scale * self.slope, spread: (scale * self.noise).abs() }
    }

    /// The answer `f(|X|)` if `X` is a constant.
    fn constant(&self, offset: f64, scale: f64, f: impl Fn(f64) -> f64) -> Option<Estimate> {
        if scale != 0.0 && (self.slope != 0.0 || self.noise != 0.0) {
            return None;
        }
        Some(constant(offset, f))
    }

    /// Nodes and (not normalised) weights of `u = √q` for averages of `|X|^order`, or of functions of the logarithm (order 0):
    /// fine where [`Factor`] needs it, out to where `u^{2 order}` has its mass.
    fn integrate(&self, factor: &Factor, order: f64, mut f: impl FnMut(f64, f64)) {
        let Factor { offset, quadratic, spread } = *factor;
        let low = (self.batch.sqrt() - 6.0).max(0.0);
        let high = (self.batch + 2.0 * order.max(0.0)).sqrt() + 6.5;
        let mut foci = Vec::with_capacity(2);
        let zero = (-offset / quadratic).sqrt(); // NaN if μ has no zero
        if zero > low - 1.0 && zero < high + 1.0 {
            foci.push(Focus { at: zero, width: (0.5 * spread / quadratic.abs()).max(NARROWEST) });
        }
        // At u = 0 lies an essential singularity, e^{−κ/2} with κ ≈ (m/bu)²: out of sight once κ > 60.
        let soft = (0.125 * offset.abs() / spread).min((offset / quadratic).abs().sqrt());
        if low == 0.0 && soft <= WIDEST {
            // for m = 0 what is integrated goes like u^{S−1+order}, without noise like u^{S−1+2 order}
            let start = self.batch + order.min(0.0) * if spread > 0.0 { 1.0 } else { 2.0 };
            let narrowest = libm::pow(NARROWEST, 1.0 / start.min(1.0)).max(1e-290);
            foci.push(Focus { at: 0.0, width: soft.max(narrowest) });
        }
        let power = self.batch - 1.0;
        let peak = power.max(1.0).sqrt();
        let mut nodes = Vec::with_capacity(256);
        for_each_node(&cuts(low, high, WIDEST, &foci), |u, w| {
            let log = if power > 0.0 { power * libm::log(u / peak) } else { 0.0 };
            nodes.push((u, w, log - 0.5 * (u - peak) * (u + peak)));
        });
        // Most of the work: several at a time. What is left out of their range weighs nothing.
        for nodes in nodes.chunks(LANES) {
            let weights = exponentials(core::array::from_fn(|l| {
                nodes
                    .get(l)
                    .map_or(0.0, |&(.., log)| if log > *ARGUMENTS.start() { log } else { *ARGUMENTS.start() })
            }));
            for (&(u, w, _), weight) in nodes.iter().zip(weights) {
                f(u, w * weight);
            }
        }
    }
}

fn estimate(value: f64) -> Estimate {
    let error = if value.is_finite() { ACCURACY * value.abs().max(1.0) } else { 0.0 };
    Estimate { value, error, method: Method::Quadrature }
}
