//! What the lab adds to the exact numbers of one direction: the spread of its steps, the other criteria, and which
//! learning rates are stable.

use super::parameters::Params;
use crate::core::critical::{ApproximateRate, approximate_critical_rate};
use crate::core::exponent::Estimate;
use crate::core::rivals::{Rival, rivals_of_moments};
use crate::labs::Done;
use crate::labs::direction::point::{self, DirectionNumbers, Rates, read_estimate, write_estimate};

/// How the steps log|X| scatter around Λ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Var log|X|; +∞ where Λ = −∞.
    pub variance: Estimate,
    /// Third cumulant of log|X|; NaN where Λ = −∞.
    pub third: f64,
}

/// What is known without an integral.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curvature {
    /// E h of the direction.
    pub mean: f64,
    /// Var ĥ = Var h/S.
    pub variance: f64,
    /// Gradient descent, mean square, diffusion.
    pub rivals: [Rival; 3],
    /// The critical rate for small steps, at a saddle.
    pub small_rate: Option<ApproximateRate>,
}

/// Everything known at the point; `None` is on the way.
pub struct Known {
    /// Of the direction.
    pub direction: Option<DirectionNumbers>,
    /// Critical rates.
    pub rates: Option<Rates>,
    /// Of its steps.
    pub spread: Option<Spread>,
    /// Of its curvature; `None` only if there is no law.
    pub curvature: Option<Curvature>,
}

/// Everything known at the point: computed if quick, else from finished jobs.
pub fn known(p: &Params, done: &Done) -> Known {
    let spread = if point::is_quick(&p.sgd) {
        read_spread(&spread(p))
    } else {
        done.shards("spread").first().and_then(|shard| read_spread(shard.as_deref()?))
    };
    Known {
        direction: point::known(&p.sgd, done),
        rates: point::known_rates(done),
        spread,
        curvature: curvature(p),
    }
}

/// The two numbers of X = offset + scale·ĥ at the learning rate `lr`.
pub fn factor(p: &Params, lr: f64) -> (f64, f64) {
    (1.0 - lr * p.sgd.decay, p.sgd.sign() * lr)
}

/// The shard of the job `spread`.
pub fn spread(p: &Params) -> Vec<f64> {
    let Some(law) = p.sgd.batch_law() else { return Vec::new() };
    let (offset, scale) = factor(p, p.sgd.lr);
    let mut numbers = Vec::new();
    write_estimate(&mut numbers, &law.log_variance(offset, scale));
    numbers.push(law.log_third_cumulant(offset, scale).value);
    numbers
}

fn read_spread(numbers: &[f64]) -> Option<Spread> {
    Some(Spread { variance: read_estimate(numbers.first_chunk()?), third: *numbers.get(4)? })
}

/// Mean and variance of the curvature, and what the other criteria make of them.
pub fn curvature(p: &Params) -> Option<Curvature> {
    let (mean, variance) = p.sgd.mean_and_variance()?;
    let (mean, variance) = (-p.sgd.sign() * mean, variance / f64::from(p.sgd.batch));
    Some(Curvature {
        mean,
        variance,
        rivals: rivals_of_moments(mean, variance, p.sgd.lr, p.sgd.decay),
        small_rate: approximate_critical_rate(mean, variance, p.sgd.decay),
    })
}
