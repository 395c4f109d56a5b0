//! Sentences. No number is computed here: they all come from the core.

use super::histogram::{self, Runs};
use super::parameters::{Params, rates};
use super::point::Known;
use super::{batches, sides};
use crate::core::exponent::TailExponent;
use crate::labs::direction::own_data;
use crate::labs::direction::point::DirectionNumbers;
use crate::labs::summary::number;
use crate::labs::{Done, Verdict};

/// What SGD does along this direction.
pub fn verdict(p: &Params, known: &Known) -> Verdict {
    if p.sgd.awaits_data() {
        return own_data::awaited();
    }
    let (Some(direction), Some(curvature)) = (&known.direction, known.curvature) else { return pending() };
    let slope = p.sgd.decay + curvature.mean;
    let is_saddle = slope <= 0.0;
    let (exponent, error) = (direction.exponent.value, direction.exponent.error);
    let constant = known.spread.is_some_and(|spread| spread.variance.value <= 1e-24);
    let code = if exponent < -error {
        "attractive"
    } else if exponent > error {
        "repulsive"
    } else {
        "zero"
    };
    let heading = match (code, is_saddle) {
        ("attractive", true) => "The saddle attracts",
        ("attractive", false) => "The minimum attracts",
        ("repulsive", true) => "The saddle repels",
        ("repulsive", false) => "The minimum repels",
        _ => "On the border",
    };
    let text = match code {
        "attractive" => attracts(direction, slope, is_saddle),
        "repulsive" => repels(direction, slope, is_saddle),
        _ if constant => {
            "Every step keeps the distance: |X| = 1 always, so |z| is constant (Λ = 0, and log|X| does not vary).".to_owned()
        }
        _ => format!(
            "Λ = {} is 0 within its error {}: log|z| is a random walk without drift, and the point is not stable.",
            number(exponent, 2),
            number(error, 1)
        ),
    };
    Verdict { code, heading: heading.to_owned(), text }
}

/// A growth per step below this is rounding.
const STILL: f64 = 1e-12;

fn attracts(direction: &DirectionNumbers, slope: f64, is_saddle: bool) -> String {
    let exponent = direction.exponent.value;
    let (mean, square) = (direction.log_moment_1.value, direction.log_moment_2.value);
    let dies = if exponent == f64::NEG_INFINITY {
        "A step can land on the point exactly, to rounding (Λ = −∞), so almost every run ends there"
            .to_owned()
    } else {
        format!(
            "Almost every run dies: the logarithm of its distance falls by {} per step (Λ < 0)",
            number(-exponent, 3)
        )
    };
    let against = if slope == 0.0 {
        ", although the loss is flat there on average (mean curvature 0).".to_owned()
    } else if is_saddle {
        format!(", although the loss falls away from the point (mean curvature {} < 0).", number(slope, 3))
    } else {
        format!(", as the mean curvature {} > 0 suggests.", number(slope, 3))
    };
    let sees = match direction.tail {
        _ if square < 0.0 => {
            format!(" The mean square dies too (g(2) = {}): moments agree.", number(square, 3))
        }
        TailExponent::Finite(root) if mean.abs() < STILL => format!(
            " The mean size stays as it is (g(1) = 0), carried by runs too rare to meet. Only moments below p* = {} die.",
            number(root, 3)
        ),
        TailExponent::Finite(root) if mean >= 0.0 => format!(
            " Averages say the opposite: the mean size grows by {} per step (g(1) ≥ 0), carried by runs too rare to meet. Only \
             moments below p* = {} die.",
            number(mean, 3),
            number(root, 3)
        ),
        TailExponent::Finite(root) => format!(
            " The mean square does not die: it grows by {} per step (g(2) ≥ 0), carried by rare runs. Moments below p* = {} die.",
            number(square, 3),
            number(root, 3)
        ),
        _ => format!(" The mean size changes by {} per step.", number(mean, 3)),
    };
    format!("{dies}{against}{sees}")
}

fn repels(direction: &DirectionNumbers, slope: f64, is_saddle: bool) -> String {
    let grows = format!(
        "Almost every run leaves: the logarithm of its distance grows by {} per step (Λ > 0)",
        number(direction.exponent.value, 3)
    );
    if slope == 0.0 {
        format!("{grows}. The loss is flat there on average (mean curvature 0): the noise drives it away.")
    } else if is_saddle {
        let mean = number(direction.log_moment_1.value, 3);
        format!(
            "{grows}. The loss falls away from the point (mean curvature {} < 0), and averages agree here: the mean size grows by \
             {mean} per step.",
            number(slope, 3)
        )
    } else {
        format!(
            "{grows}, although the mean curvature {} > 0 would hold it: the steps are too large, or too noisy.",
            number(slope, 3)
        )
    }
}

/// The verdict while its numbers are on the way.
fn pending() -> Verdict {
    Verdict {
        code: "",
        heading: "Computing…".to_owned(),
        text: "The law of this batch has many atoms; its exact exponent is on the way.".to_owned(),
    }
}

/// Sentences about the pictures: what the runs did, what is out of view, what is not drawn.
pub fn notes(p: &Params, done: &Done, runs: Option<&Runs>) -> Vec<String> {
    let mut notes = vec![histogram::said(p, runs)];
    notes.extend(
        [sides::fan(p).note(done), sides::passage(p).note(done), batches::said(done)].into_iter().flatten(),
    );
    notes.extend(own_data::note(&p.sgd, done));
    let x = rates(p);
    if p.sgd.lr < x.min || p.sgd.lr > x.max {
        notes.push(format!(
            "λ = {} is outside the drawn range {} to {}.",
            number(p.sgd.lr, 4),
            number(x.min, 4),
            number(x.max, 4)
        ));
    }
    notes
}
