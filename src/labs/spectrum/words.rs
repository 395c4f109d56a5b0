//! Sentences. No number is computed here: they all come from the core.

use super::parameters::{Exponents, Params, rates};
use super::point::Known;
use super::quantities::{shown, sum_shown, with_error};
use super::run::Run;
use crate::core::matrix_product;
use crate::labs::Verdict;
use crate::labs::summary::number;

/// Exact exponents this near to 0 are 0: their integrals are good to 1e-10.
const ZERO: f64 = 1e-9;

/// What a run's verdict is called.
pub fn said(verdict: matrix_product::Verdict) -> &'static str {
    match verdict {
        matrix_product::Verdict::Attractive => "attractive",
        matrix_product::Verdict::Repulsive => "repulsive",
        matrix_product::Verdict::Zero => "zero",
        matrix_product::Verdict::Undecided => "undecided",
    }
}

/// What SGD does here: by the exact exponent if it is known, else by the run at 99 %.
pub fn verdict(p: &Params, known: &Known) -> Verdict {
    let run = known.run.as_ref().as_ref();
    let exact = known.exact.as_ref().map(|exact| exact.first().copied());
    let (code, reason) = match (exact, run) {
        (Some(Some(top)), _) => exactly(top),
        (Some(None), Some(run)) => by_run(p, run),
        _ => return pending(),
    };
    let heading = match (code, p.is_sgd()) {
        ("attractive", true) => "The point attracts",
        ("repulsive", true) => "The point repels",
        ("attractive", false) => "The product shrinks",
        ("repulsive", false) => "The product grows",
        ("zero", true) => "The point neither attracts nor repels",
        (_, true) => "Undecided",
        (_, false) => "Neither grows nor shrinks for certain",
    };
    let beside = match (exact, run) {
        (Some(Some(_)), Some(run)) => beside(run),
        _ => String::new(),
    };
    Verdict { code, heading: heading.to_owned(), text: format!("{reason}{beside}{}", square(p, known)) }
}

fn exactly(top: f64) -> (&'static str, String) {
    if top == f64::NEG_INFINITY {
        ("attractive", "Λ₁ = −∞ exactly: the first step lands on the point.".to_owned())
    } else if top < -ZERO {
        ("attractive", format!("Almost every run dies: the exact Λ₁ = {} is below 0.", number(top, 4)))
    } else if top > ZERO {
        ("repulsive", format!("Almost every run leaves: the exact Λ₁ = {} is above 0.", number(top, 4)))
    } else {
        (
            "zero",
            "The exact Λ₁ is 0 to its accuracy: the logarithm of the distance does not drift.".to_owned(),
        )
    }
}

fn by_run(p: &Params, run: &Run) -> (&'static str, String) {
    let verdict = run.verdict();
    let top = run.spectrum.exponents[0];
    let found = shown(&top);
    let code = said(verdict);
    let text = match verdict {
        matrix_product::Verdict::Zero => {
            format!(
                "{} In the others almost every run dies, certain to 99 % over all looks.",
                untouched(p, run)
            )
        }
        _ if run.landed() => "A step can land on the point exactly, to rounding: Λ₁ = −∞.".to_owned(),
        matrix_product::Verdict::Attractive => {
            format!("Almost every run dies: Λ₁ = {found} is below 0, certain to 99 % over all looks.")
        }
        matrix_product::Verdict::Repulsive => {
            format!("Almost every run leaves: Λ₁ = {found} is above 0, certain to 99 % over all looks.")
        }
        matrix_product::Verdict::Undecided if run.spectrum.too_short => {
            format!("Λ₁ = {found} so far; the run is too short for an interval. More steps continue it.")
        }
        matrix_product::Verdict::Undecided => {
            format!(
                "Λ₁ = {found}: its sign is not certain at 99 % over all looks. More steps continue the run."
            )
        }
    };
    (code, text)
}

/// The directions that no matrix touches.
fn untouched(p: &Params, run: &Run) -> String {
    let value = match p.factor(p.lr).offset.abs() {
        1.0 => "Λ = 0 exactly, the distance stays".to_owned(),
        keep => format!("Λ = log|1 − λγ| = {} exactly", number(libm::log(keep), 4)),
    };
    format!("No sample touches {} of the {} directions: there {value}.", run.untouched(), p.dimension())
}

/// What the run says beside an exact value.
fn beside(run: &Run) -> String {
    let top = run.spectrum.exponents[0];
    if run.landed() {
        return " The run landed, to rounding.".to_owned();
    }
    if top.exact || !top.standard_error.is_finite() {
        return String::new();
    }
    let found = with_error(top.value, top.standard_error);
    format!(" The run says {found}: {} at 99 % over all looks.", said(run.verdict()))
}

/// Whether the mean square agrees.
fn square(p: &Params, known: &Known) -> String {
    let (Some(radius), Some(top)) = (known.radius, known.top()) else { return String::new() };
    let shown = number(radius.value, 4);
    if !p.is_sgd() {
        return format!(" Its mean square changes {shown}-fold per step.");
    }
    if (radius.value - 1.0).abs() <= ZERO {
        return " The mean square keeps its size.".to_owned();
    }
    match (top < 0.0, radius.value < 1.0) {
        (true, true) => format!(" The mean square dies too, by the factor {shown} per step."),
        (true, false) => {
            format!(
                " The mean square says the opposite: it grows {shown}-fold per step, carried by rare runs."
            )
        }
        (false, true) => format!(" The mean square shrinks by the factor {shown} per step."),
        (false, false) => format!(" The mean square grows {shown}-fold per step."),
    }
}

fn pending() -> Verdict {
    Verdict {
        code: "",
        heading: "Computing…".to_owned(),
        text: "The first batch of the run is on the way.".to_owned(),
    }
}

/// Sentences about the run: the sum of the exponents, its length, what is out of view.
pub fn notes(p: &Params, known: &Known) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(run) = known.run.as_ref() {
        notes.extend(sum_check(p, known, run));
        notes.push(length(run));
        // the verdict says it where it is the run's
        let exact = known.exact.as_ref().is_some_and(|exact| !exact.is_empty());
        if run.untouched() > 0 && (exact || run.verdict() != matrix_product::Verdict::Zero) {
            notes.push(untouched(p, run));
        }
        notes.extend(close(run));
    }
    let x = rates(p);
    if p.is_sgd() && (p.lr < x.min || p.lr > x.max) {
        notes.push(format!(
            "λ = {} is outside the drawn range {} to {}.",
            number(p.lr, 4),
            number(x.min, 4),
            number(x.max, 4)
        ));
    }
    notes
}

/// The exponents add up to E log|det M|.
fn sum_check(p: &Params, known: &Known, run: &Run) -> Option<String> {
    if p.exponents == Exponents::Top {
        return None;
    }
    let (sum, wanted) = (run.spectrum.sum, known.determinant?);
    if sum.value == f64::NEG_INFINITY || wanted.value == f64::NEG_INFINITY {
        let both = sum.value == wanted.value;
        let agrees = if both {
            "both are −∞, to rounding"
        } else {
            "only one of the two has met a singular matrix"
        };
        return Some(format!(
            "Sum check: ΣΛ = {}, E log|det M| = {}: {agrees}.",
            number(sum.value, 4),
            number(wanted.value, 4)
        ));
    }
    if !sum.standard_error.is_finite() {
        return None;
    }
    let error =
        (sum.standard_error * sum.standard_error + wanted.standard_error * wanted.standard_error).sqrt();
    let difference = (sum.value - wanted.value).abs();
    // where every step has the same determinant both are exact, to rounding
    let rounding = 1e-9 * (1.0 + wanted.value.abs());
    let apart = if difference <= rounding {
        "equal to rounding".to_owned()
    } else {
        format!("{} standard errors apart", number(difference / error, 2))
    };
    let wanted = if wanted.standard_error == 0.0 {
        format!("{} (exact)", number(wanted.value, 4))
    } else {
        with_error(wanted.value, wanted.standard_error)
    };
    Some(format!("Sum check: ΣΛ = {}, E log|det M| = {wanted}: {apart}.", sum_shown(&run.spectrum)))
}

/// Neighbours that the run cannot tell apart, and what that does to them.
fn close(run: &Run) -> Option<String> {
    let near = run.spectrum.exponents.windows(2).any(|pair| {
        let error = pair[0].standard_error.max(pair[1].standard_error);
        // without noise they are equal to rounding
        error > 1e-12 && pair[1].value.is_finite() && pair[0].value - pair[1].value < 3.0 * error
    });
    near.then(|| {
        "Some neighbours are nearer than their errors: the run tells them apart by chance, and puts the larger a little too high, \
         the smaller too low."
            .to_owned()
    })
}

fn length(run: &Run) -> String {
    let spectrum = &run.spectrum;
    let mut text = format!(
        "The run has {} steps: a burn-in, and {} batches of {} steps.",
        spectrum.steps, spectrum.batches, spectrum.batch_steps
    );
    if spectrum.too_short {
        text += " Run too short: there are fewer than 64 batches, they are shorter than ten relaxation times, or neighbours are correlated.";
    }
    text
}
