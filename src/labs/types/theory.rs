//! What the two saddles are, and what is predicted of the mean time until `|n·(u, w)| > R`, `n` the escape direction.
//!
//! Type-II (`b = 0`): from `r₀ n` a run stays on `n` to first order, and a step multiplies its distance. That takes `ln(R/r₀)/Λ` steps
//! on average, with Wald's bounds on the overshoot; infinitely many where Λ ≤ 0. Type-I (`b > 0`): noise of variance `v` along `n`,
//! whose curvature is `−h`, makes `δ ← (1 + λh) δ + λ√v Z`: [`kicked_passage`], for small steps `[½ ln(2hR²/λv) − E ln|Z|]/(λh)`, `E
//! ln|Z| = −0.635`: of order `log(1/λ)/λ`. `v` has what the noise of the curvatures adds where runs are spread across `n`, to first
//! order in λ; where that is more than half of `v` no time is predicted. It leaves out that the loss bends: measured times are within
//! some 25 %, or, where noise spreads runs across `n` farther than `R`, within 50 %.

use super::escape::Saddle;
use super::parameters::Params;
use super::stationary::Kind;
use crate::core::curvature::{BatchLaw, Law};
use crate::core::passage::{MeanPassage, kicked_passage, mean_passage};

/// What one of the saddles is; [`Kind::Flat`] if no curvature is negative.
pub fn kind(p: &Params, saddle: Saddle) -> Kind {
    let neuron = p.neuron(saddle.bias(p));
    let lowest = neuron.lowest();
    if neuron.bias == 0.0 && p.activation.slope_at_origin().is_none() {
        Kind::Kink
    } else if lowest.curvature == 0.0 {
        Kind::Flat
    } else if neuron.noise_along(lowest.direction) > 0.0 {
        Kind::TypeI
    } else {
        Kind::TypeII
    }
}

/// The law of what multiplies the distance from the saddle without bias; `None` for `ReLU`.
fn law(p: &Params) -> Option<BatchLaw> {
    let slope = p.activation.slope_at_origin()?;
    Some(Law::teacher(slope * p.slope, slope * p.noise).ok()?.batch(p.batch))
}

/// Wald's bounds for the saddle without bias; `None` for `ReLU`.
pub fn bounds(p: &Params, rate: f64) -> Option<MeanPassage> {
    Some(mean_passage(&law(p)?, (1.0, rate), libm::log(p.exit / p.init)))
}

/// `Λ` of the escape direction of the saddle without bias.
pub fn exponent(p: &Params, rate: f64) -> Option<f64> {
    Some(law(p)?.exponent(1.0, rate).value)
}

/// The most that the noise of the curvatures may add to that of the gradient: to first order no more than a correction.
const CORRECTION: f64 = 0.5;

/// The mean time of a Type-I saddle; `None` for other points and for large steps: where it is less than one of them, or the noise of the
/// curvatures more than `CORRECTION`.
pub fn kicked(p: &Params, rate: f64) -> Option<f64> {
    if kind(p, Saddle::Biased) != Kind::TypeI {
        return None;
    }
    let neuron = p.neuron(p.bias);
    let lowest = neuron.lowest();
    let correction = neuron.curvature_noise(rate, p.batch);
    if correction > CORRECTION {
        return None;
    }
    let noise =
        rate * (neuron.noise_along(lowest.direction) * (1.0 + correction) / f64::from(p.batch)).sqrt();
    let time = kicked_passage(-rate * lowest.curvature, noise, (p.init, p.exit));
    Some(time).filter(|time| *time >= 1.0)
}
