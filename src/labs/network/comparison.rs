//! What the exponent of the origin predicts at a rate, and what the runs did.

use super::origin;
use super::parameters::Params;
use super::sweep::AtRate;
use super::training::DEAD;
use crate::labs::Done;

/// Level of the intervals of Λ₁.
pub const LEVEL: f64 = 0.05;

/// What the exponent says about a network near the origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prediction {
    /// The interval of Λ₁ is below 0, and the run is long enough: from its first size a network shrinks to 10⁻³ of it.
    Collapses,
    /// Below 0, but so close to it that the run ends before.
    TooSlow,
    /// The interval is above 0.
    Escapes,
    /// The interval holds 0.
    Undecided,
}

/// The prediction at a value of the sweep; `None` where there is no exponent, or not yet.
pub fn prediction(p: &Params, done: &Done, rate: u32) -> Option<Prediction> {
    let found = origin::exponent(p, done, rate)?;
    let (value, half) = (found.mean.value, found.half_width(LEVEL));
    let steps = f64::from(p.epochs * p.epoch());
    Some(if value + half < 0.0 {
        if -value * steps > -libm::log(DEAD) { Prediction::Collapses } else { Prediction::TooSlow }
    } else if value - half > 0.0 {
        Prediction::Escapes
    } else {
        Prediction::Undecided
    })
}

/// How often they agree, over the values of the sweep where the prediction is decided and every run is finished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Values where a collapse is predicted and most runs collapsed, or an escape and most did not.
    pub agree: usize,
    /// Values that are decided.
    pub decided: usize,
    /// Of these, values where a collapse is predicted.
    pub collapses: usize,
}

/// Counts the values.
pub fn agreement(p: &Params, done: &Done) -> Agreement {
    let mut count = Agreement::default();
    for rate in 0..p.rates {
        let at = AtRate::of(p, done, rate).filter(|at| at.runs == p.runs as usize);
        let (Some(prediction), Some(at)) = (prediction(p, done, rate), at) else { continue };
        let collapses = match prediction {
            Prediction::Collapses => true,
            Prediction::Escapes => false,
            Prediction::TooSlow | Prediction::Undecided => continue,
        };
        count.decided += 1;
        count.collapses += usize::from(collapses);
        count.agree += usize::from(collapses == at.mostly_collapsed());
    }
    count
}

/// The stretches of the axis, ascending, whose exponent is below 0 at every value of the sweep in them; a stretch ends half way to
/// the next value.
pub fn attractive(p: &Params, done: &Done) -> Vec<(f64, f64)> {
    let mut stretches: Vec<(f64, f64)> = Vec::new();
    let mut open = false;
    for rate in 0..p.rates {
        let below = matches!(prediction(p, done, rate), Some(Prediction::Collapses | Prediction::TooSlow));
        if below {
            let (from, to) = p.surroundings(rate);
            match stretches.last_mut().filter(|_| open) {
                Some(last) => last.1 = to,
                None => stretches.push((from, to)),
            }
        }
        open = below;
    }
    stretches
}
