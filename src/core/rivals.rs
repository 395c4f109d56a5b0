//! Rival criteria of stability, to draw beside the exact `Λ < 0`.
//!
//! With `r = γ + E h` and `v = Var h/S`, a stationary point is called attractive
//!
//! | criterion | iff | for learning rates |
//! |---|---|---|
//! | gradient descent | `|1 − λ r| < 1` | `λ < 2/r`, if `r > 0` |
//! | mean square, `L_2` | `E X² = (1 − λ r)² + λ² v < 1` | `λ < 2r/(r² + v)`, if `r > 0` |
//! | diffusion (SDE) | `r + λ v/2 > 0` | all if `r > 0`, `λ > −2r/v` otherwise |
//!
//! The last is the criterion of *Stochastic Collapse* (arXiv:2306.04251), with the decay added to the curvature.

use crate::core::curvature::Law;

/// Which criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// Noiseless gradient descent on the mean loss.
    GradientDescent,
    /// Decay of `E z²`.
    MeanSquare,
    /// Stochastic differential equation with multiplicative noise.
    Diffusion,
}

/// The learning rates for which a criterion says "attractive".
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// No learning rate.
    Never,
    /// All.
    Always,
    /// Those below this one.
    Below(f64),
    /// Those above this one.
    Above(f64),
}

/// What one criterion says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rival {
    /// Which criterion.
    pub criterion: Criterion,
    /// Its verdict at the learning rate asked about.
    pub attractive: bool,
    /// Its verdict at all learning rates.
    pub limit: Limit,
}

impl Limit {
    /// Whether a learning rate `> 0` is among them; the limit itself is not.
    pub fn holds(self, lr: f64) -> bool {
        match self {
            Self::Never => false,
            Self::Always => true,
            Self::Below(limit) => lr < limit,
            Self::Above(limit) => lr > limit,
        }
    }

    /// The learning rate at which the verdict changes, if it does.
    pub fn rate(self) -> Option<f64> {
        match self {
            Self::Below(limit) | Self::Above(limit) => Some(limit),
            Self::Never | Self::Always => None,
        }
    }
}

/// All three criteria for the direction of curvature `h` at learning rate `lr`, weight decay and batch size.
///
/// For the direction of the saddle that multiplies by `1 − λγ + λz` ask about the law of `−z`, see
/// [`rivals_of_moments`].
pub fn rivals(law: &Law, batch: u32, lr: f64, decay: f64) -> [Rival; 3] {
    rivals_of_moments(law.mean(), law.variance() / f64::from(batch.max(1)), lr, decay)
}

/// The same from `E h` and `Var ĥ`, which are all that these criteria see.
pub fn rivals_of_moments(mean: f64, variance: f64, lr: f64, decay: f64) -> [Rival; 3] {
    let rate = decay + mean;
    let descent = if rate > 0.0 { Limit::Below(2.0 / rate) } else { Limit::Never };
    let square = if rate > 0.0 { Limit::Below(2.0 * rate / (rate * rate + variance)) } else { Limit::Never };
    let diffusion = if rate > 0.0 || (rate == 0.0 && variance > 0.0) {
        Limit::Always
    } else if variance > 0.0 {
        Limit::Above(-2.0 * rate / variance)
    } else {
        Limit::Never
    };
    [
        (Criterion::GradientDescent, descent),
        (Criterion::MeanSquare, square),
        (Criterion::Diffusion, diffusion),
    ]
    .map(|(criterion, limit)| Rival { criterion, attractive: limit.holds(lr), limit })
}
