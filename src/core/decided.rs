//! What the linear theory says the majority of simulated runs must do, in finite time and at a finite distance.
//!
//! Over `T` steps `log‖·‖` in a growing direction is about `N(ΛT, s²T)`, so it has passed `R` almost surely once
//! `(ΛT − ln R)/(s√T) > 2.5`. A decaying direction ever grows `R`-fold with probability at most `R^{−p*}`, `p*` its tail
//! exponent. Where these do not fix the majority, luck may win, and a pixel is undecided.

use crate::core::curvature::BatchLaw;
use crate::core::exponent::TailExponent;

/// The first exit of the majority of runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forecast {
    /// Leaves with `uw > 0`: Λ₊ > 0 > Λ₋.
    Plus,
    /// Leaves with `uw < 0`: Λ₋ > 0 > Λ₊.
    Minus,
    /// Does not leave: both exponents negative.
    Stays,
    /// Leaves, with either sign: both exponents positive.
    Leaves,
    /// Theory does not fix it at this time and distance.
    Undecided,
}

/// Probability that luck may have in a decided pixel.
const LUCK: f64 = 0.1;

/// Standard deviations by which growth must have passed the exit.
const MARGIN: f64 = 2.5;

/// The forecast for batches of the law of `z` at learning rate `rate` and weight decay `decay`, after `steps` steps, with
/// the exit at `exit_ratio` (> 1) times the start. Signs are those of `uw`, whatever the sign of `E z`.
///
/// Cost: a few log-moments; the two tail exponents only in the narrow band where the sum of both
/// probabilities of luck needs them.
pub fn forecast(law: &BatchLaw, rate: f64, decay: f64, steps: u32, exit_ratio: f64) -> Forecast {
    let direction = |sign: f64| Direction::new(law, 1.0 - rate * decay, sign * rate);
    let (plus, minus) = (direction(1.0), direction(-1.0));
    let distance = libm::log(exit_ratio);
    let passes = |d: &Direction| d.passes(f64::from(steps), distance);
    match (plus.exponent > 0.0, minus.exponent > 0.0) {
        (true, true) if passes(&plus) || passes(&minus) => Forecast::Leaves,
        (true, false) if passes(&plus) && minus.stays_within(LUCK, distance) => Forecast::Plus,
        (false, true) if passes(&minus) && plus.stays_within(LUCK, distance) => Forecast::Minus,
        (false, false) if both_stay(&plus, &minus, distance) => Forecast::Stays,
        _ => Forecast::Undecided,
    }
}

/// `R^{−p₊} + R^{−p₋} < 0.1`.
fn both_stay(plus: &Direction, minus: &Direction, distance: f64) -> bool {
    if plus.stays_within(0.5 * LUCK, distance) && minus.stays_within(0.5 * LUCK, distance) {
        return true;
    }
    plus.stays_within(LUCK, distance)
        && minus.stays_within(LUCK, distance)
        && plus.luck(distance) + minus.luck(distance) < LUCK
}

/// The factor `offset + scale·ẑ` of one direction.
struct Direction<'a> {
    law: &'a BatchLaw,
    offset: f64,
    scale: f64,
    exponent: f64,
}

impl<'a> Direction<'a> {
    fn new(law: &'a BatchLaw, offset: f64, scale: f64) -> Self {
        Self { law, offset, scale, exponent: law.exponent(offset, scale).value }
    }

    /// Whether growth has passed the exit by the margin. Certain growth (`s = 0`) passes or does not.
    fn passes(&self, steps: f64, distance: f64) -> bool {
        let gain = self.exponent * steps - distance;
        let spread = (self.law.log_variance(self.offset, self.scale).value * steps).sqrt();
        gain > MARGIN * spread && gain > 0.0
    }

    /// Whether `R^{−p*} < chance`: as `g` is convex, if and only if `g(p) < 0` at `p = −ln chance/ln R`.
    fn stays_within(&self, chance: f64, distance: f64) -> bool {
        self.exponent < 0.0
            && self.law.log_moment(self.offset, self.scale, -libm::log(chance) / distance).value < 0.0
    }

    /// `R^{−p*}`.
    fn luck(&self, distance: f64) -> f64 {
        match self.law.tail_exponent(self.offset, self.scale) {
            TailExponent::None => 1.0,
            TailExponent::Finite(p) | TailExponent::Above(p) => libm::exp(-p * distance),
            TailExponent::Infinite => 0.0,
        }
    }
}
