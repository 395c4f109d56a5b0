//! The law of `log|z_t/z_0|`, a random walk with steps `log|X|`, `X = m + c ĥ`: its quantiles at given times.
//!
//! | steps | how | what is known of the error |
//! |---|---|---|
//! | two values | binomial probabilities | rounding |
//! | more, few sums | all multinomial counts | rounding |
//! | more, many sums | characteristic function, blurred by a few cells of a grid (`walk/circle.rs`) | a bound on the position |
//! | a density, or above 16,384 values | central limit with skewness, [`CENTRAL_LIMIT_ERROR`] | measured, from [`CENTRAL_LIMIT_STEPS`] steps on |
//!
//! A factor that is 0 with probability `P₀` puts `−∞` into the law with mass `1 − (1 − P₀)^t`. Moments of `z_t`, and why a
//! simulation does not show them: [`moments`].

mod circle;
pub mod moments;

use crate::core::convolution::{ATOM_LIMIT, Atoms, compositions};
use crate::core::curvature::BatchLaw;
use crate::core::normal;
use circle::Circles;

/// Fewest steps for which [`CENTRAL_LIMIT_ERROR`] was measured.
pub const CENTRAL_LIMIT_STEPS: u32 = 25;

/// Error of the central limit with skewness, in units of the standard deviation `s√t`: at most this much times `25/t` for
/// quantiles between 5 and 95 %. Measured against simulation (`tests/walk.rs`); the worst seen is 0.077, for a teacher
/// without noise, whose steps have skewness −5.6.
pub const CENTRAL_LIMIT_ERROR: f64 = 0.1;

/// Largest size of the skewness `κ₃/s³` of a step for which [`CENTRAL_LIMIT_ERROR`] was measured.
pub const CENTRAL_LIMIT_SKEWNESS: f64 = 6.0;

/// Most multinomial counts, and most steps for two values, for which the law is listed.
const STATES: f64 = 4096.0;

/// The same for two values, where listing costs one multiplication per state.
const COIN_STEPS: u32 = 1 << 14;

/// Most values of a step for which the exact law is used.
const STEP_VALUES: usize = 1 << 14;

/// Steps that differ by less than this are one. They are then off by so much, and `log|z_t|` by `t` times that.
const SAME: f64 = 1e-13;

/// A sum of probabilities that misses `p` by less than this has reached it.
const REACHED: f64 = 1e-12;

/// How the quantiles of one time were had.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// From the list of all values: the least `x` with `P(log|z_t| ≤ x) ≥ p` (`p − 10⁻¹²`, for rounding).
    Exact,
    /// From the blurred law. With `Q` the exact quantile, the number lies between `Q(p − 10⁻⁶) − e` and
    /// `Q(p + 10⁻⁶) + e`, `e` the `position_error`. (Where the law is dense it is off by far less: `e²/50` times the
    /// slope of the logarithm of the density.)
    Blurred {
        /// In nats.
        position_error: f64,
    },
    /// `tΛ + z s√t + (κ₃/6s²)(z² − 1)`, `z` the normal quantile.
    CentralLimit {
        /// In nats, from [`CENTRAL_LIMIT_ERROR`]; `+∞`, not known, before 25 steps and for steps more skewed than
        /// [`CENTRAL_LIMIT_SKEWNESS`].
        position_error: f64,
    },
}

/// Quantiles of `log|z_t/z_0|`.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantiles {
    /// A row for each time: one number for each probability, nats.
    pub values: Vec<Vec<f64>>,
    /// How each row was had.
    pub methods: Vec<Method>,
}

/// The steps of a walk that can only make finitely many.
struct Steps {
    /// The finite values of `log|X|`, probabilities given that `X ≠ 0`.
    atoms: Atoms,
    /// `log P(X ≠ 0)`.
    log_survival: f64,
}

impl Steps {
    /// `None` if `log|X|` has a density or too many values.
    fn new(law: &BatchLaw, (offset, scale): (f64, f64)) -> Option<Self> {
        let (logs, probs) = if let BatchLaw::Discrete(atoms) = law {
            // of very many values hardly any are the same
            if atoms.is_condensed() {
                return None;
            }
            let logs = atoms.logs(offset, scale);
            logs.into_iter().filter(|(log, _)| log.is_finite()).unzip()
        } else if law.variance() == 0.0 || scale == 0.0 {
            let log = law.exponent(offset, scale).value;
            if log.is_finite() { (vec![log], vec![1.0]) } else { (Vec::new(), Vec::new()) }
        } else {
            return None;
        };
        let mut atoms = Atoms::merged(&logs, &probs, SAME);
        if atoms.values.len() > STEP_VALUES {
            return None;
        }
        let landing = match law {
            BatchLaw::Discrete(law) => logs.len() < law.atoms().0.len(),
            _ => logs.is_empty(),
        };
        let mass: f64 = atoms.probs.iter().sum();
        for p in &mut atoms.probs {
            *p /= mass;
        }
        Some(Self { atoms, log_survival: if landing { libm::log(mass) } else { 0.0 } })
    }

    /// The probability, given that no factor was 0, that belongs to `p`; `None` if the quantile is `−∞`.
    fn given_survival(&self, t: u32, p: f64) -> Option<f64> {
        let survival = libm::exp(f64::from(t) * self.log_survival);
        if self.log_survival < 0.0 && p <= 1.0 - survival + REACHED {
            return None;
        }
        Some(1.0 - (1.0 - p) / survival)
    }

    /// The law of the sum of `t ≥ 1` steps, divided by `t`, if it is short.
    fn listed(&self, t: u32) -> Option<Atoms> {
        let k = self.atoms.values.len();
        let few = if k <= 2 { t <= COIN_STEPS || k < 2 } else { t == 1 || compositions(t, k) <= STATES };
        if few { self.atoms.mean_of(t, ATOM_LIMIT) } else { None }
    }
}

/// The quantiles of `log|z_t/z_0|` for the factor `X = offset + scale·ĥ` at the given times, which may come in any order,
/// and probabilities in `(0, 1)`. At time 0 they are 0.
///
/// Cost, measured for 60 times up to 1,000 and five probabilities: 0.4 ms for two values (a binomial row of `t` products
/// per time), 4 ms for few values, 11 ms for 4,096 and 20 ms at most; for laws with a density three cumulants.
pub fn quantiles(law: &BatchLaw, factor: (f64, f64), times: &[u32], probabilities: &[f64]) -> Quantiles {
    let mut result = Quantiles { values: Vec::new(), methods: Vec::new() };
    let steps = Steps::new(law, factor);
    let mut circles: Option<Circles> = None;
    let mut limit: Option<CentralLimit> = None;
    for &t in times {
        let (row, method) = match &steps {
            _ if t == 0 => (vec![0.0; probabilities.len()], Method::Exact),
            Some(steps) if steps.atoms.values.is_empty() => {
                (vec![f64::NEG_INFINITY; probabilities.len()], Method::Exact)
            }
            Some(steps) => {
                let given: Vec<Option<f64>> =
                    probabilities.iter().map(|&p| steps.given_survival(t, p)).collect();
                if let Some(sums) = steps.listed(t) {
                    (listed_quantiles(&sums, t, &given), Method::Exact)
                } else {
                    let circles = circles.get_or_insert_with(|| Circles::new(&steps.atoms));
                    let (row, position_error) = circles.quantiles(t, &given);
                    (row, Method::Blurred { position_error })
                }
            }
            None => {
                let limit = limit.get_or_insert_with(|| CentralLimit::new(law, factor));
                let row = probabilities.iter().map(|&p| limit.quantile(t, p)).collect();
                (row, Method::CentralLimit { position_error: limit.error(t) })
            }
        };
        result.values.push(row);
        result.methods.push(method);
    }
    result
}

/// Quantiles of `t` times a listed law; `−∞` for no probability.
fn listed_quantiles(sums: &Atoms, t: u32, probabilities: &[Option<f64>]) -> Vec<f64> {
    let quantile = |p: f64| {
        let mut sum = 0.0;
        let place = sums.probs.iter().position(|q| {
            sum += q;
            sum >= p - REACHED
        });
        f64::from(t) * sums.values[place.unwrap_or(sums.values.len() - 1)]
    };
    probabilities.iter().map(|p| p.map_or(f64::NEG_INFINITY, quantile)).collect()
}

/// The central limit with the first correction for skewness (Cornish and Fisher).
struct CentralLimit {
    exponent: f64,
    std: f64,
    /// `κ₃/6s²`.
    skew: f64,
}

impl CentralLimit {
    fn new(law: &BatchLaw, (offset, scale): (f64, f64)) -> Self {
        let variance = law.log_variance(offset, scale).value;
        let skew = law.log_third_cumulant(offset, scale).value / (6.0 * variance);
        let exponent = law.exponent(offset, scale).value;
        // a law so narrow that its cumulants are lost to rounding is a constant
        let narrow = !(variance > 0.0) || !skew.is_finite();
        Self {
            exponent,
            std: if narrow { 0.0 } else { variance.sqrt() },
            skew: if narrow { 0.0 } else { skew },
        }
    }

    fn quantile(&self, t: u32, p: f64) -> f64 {
        let (t, z) = (f64::from(t), normal::quantile(p));
        t * self.exponent + z * self.std * t.sqrt() + self.skew * (z * z - 1.0)
    }

    fn error(&self, t: u32) -> f64 {
        if self.std == 0.0 {
            return 0.0;
        }
        let measured = t >= CENTRAL_LIMIT_STEPS && 6.0 * self.skew.abs() <= CENTRAL_LIMIT_SKEWNESS * self.std;
        if !measured {
            return f64::INFINITY;
        }
        // s√t · 25/t
        CENTRAL_LIMIT_ERROR * f64::from(CENTRAL_LIMIT_STEPS) * self.std / f64::from(t).sqrt()
    }
}
