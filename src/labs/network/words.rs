//! Sentences. No number is computed here.

use super::comparison::{self, Agreement, Prediction};
use super::digits;
use super::growth::{self, no_exponent};
use super::origin;
use super::outcome;
use super::parameters::{AxisName, Params};
use super::sweep::AtRate;
use crate::core::matrix_product::Replicas;
use crate::labs::summary::number;
use crate::labs::{Done, Verdict};

/// What happens at the value of the sweep next to the point.
pub fn verdict(p: &Params, done: &Done) -> Verdict {
    let place = p.named(p.nearest());
    let Some(at) = AtRate::of(p, done, p.nearest()) else {
        return Verdict {
            code: "",
            heading: "Training…".to_owned(),
            text: format!(
                "No run at {place} is finished yet. {}.",
                capital(&growth::in_words(p, done, p.nearest()))
            ),
        };
    };
    let (code, heading) = if at.mostly_diverged() {
        ("diverges", "Diverges")
    } else if at.mostly_collapsed() {
        ("collapses", "Collapses onto the origin")
    } else {
        ("trains", "Stays away from the origin")
    };
    Verdict {
        code,
        heading: heading.to_owned(),
        text: format!("At {place}: {}. {}", outcome::in_words(&at), predicted(p, done, &at)),
    }
}

/// The prediction beside the outcome.
fn predicted(p: &Params, done: &Done, at: &AtRate) -> String {
    if !p.shape().has_hessian_at_origin() {
        return silent(p);
    }
    let prediction = comparison::prediction(p, done, p.nearest());
    let said = capital(&growth::in_words(p, done, p.nearest()));
    let compared = match (prediction, at.mostly_collapsed()) {
        (Some(Prediction::Collapses), true) | (Some(Prediction::Escapes), false) => ": as measured.",
        (Some(Prediction::Collapses), false) => {
            ", but these networks, which start away from it, do not get there."
        }
        (Some(Prediction::Escapes), true) => ", yet most runs collapsed.",
        _ => ".",
    };
    format!("{said}{compared}")
}

/// What the origin is where it has no exponent of the data.
fn silent(p: &Params) -> String {
    let why = capital(no_exponent(p));
    let smooth = p.activation.slope_at_origin().is_some();
    if smooth && p.decay > 0.0 {
        let factor = 1.0 - p.at(p.nearest()).lr * p.decay;
        let fate = if factor.abs() < 1.0 { "The origin attracts" } else { "The origin does not attract" };
        format!(
            "{why} of the data; near 0 the decay alone acts, and multiplies every weight by 1 − λγ = {} a step. {fate} what comes near.",
            number(factor, 4)
        )
    } else if smooth {
        format!("{why}; near 0 neither the data nor a decay acts at first order.")
    } else {
        format!("{why}; there is only the measurement.")
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Sentences about the whole sweep.
pub fn notes(p: &Params, done: &Done) -> Vec<String> {
    let mut notes = Vec::new();
    let Agreement { agree, decided, collapses } = comparison::agreement(p, done);
    if decided > 0 {
        notes.push(format!(
            "Prediction and outcome agree at {agree} of {decided} {} where Λ₁ decides and all runs are finished; a \
             collapse is predicted at {collapses} of them.",
            p.several()
        ));
    }
    let slow = (0..p.rates)
        .filter(|rate| comparison::prediction(p, done, *rate) == Some(Prediction::TooSlow))
        .count();
    if slow > 0 {
        let epochs = if p.epochs == 1 {
            "one epoch is too short".to_owned()
        } else {
            format!("{} epochs are too few", p.epochs)
        };
        notes.push(format!(
            "At {} Λ₁ is negative but so small that {epochs} to shrink a network a thousandfold: not counted.",
            p.counted(slow)
        ));
    }
    let short =
        (0..p.rates).filter_map(|rate| origin::exponent(p, done, rate)).filter(Replicas::drifts).count();
    if short > 0 {
        notes.push(format!(
            "At {} the two halves of the product’s run differ (dotted intervals, “short run”): the interval of Λ₁ may be \
             too narrow there.",
            p.counted(short)
        ));
    }
    if p.is_residual() {
        notes.push(
            "With residual connections the Hessian at 0 is that of two layers: the inner matrices do not enter at first order."
                .to_owned(),
        );
    }
    let here = p.at(p.nearest());
    let wrong = digits::load(here.noise, p.seed).map_or(0, |digits| digits.wrong);
    let at = if p.x == AxisName::Noise { format!(" at {}", p.named(p.nearest())) } else { String::new() };
    notes.push(format!(
        "Trained on the first {} images, {wrong} of them with a wrong label{at}; tested on the other 297. Images: {}, \
         licence {}.",
        digits::TRAINED,
        digits::DIGITS.source,
        digits::DIGITS.licence
    ));
    notes
}
