//! The numbers of the page and its sentences. No number is computed here.

use super::minima::{self, Limits};
use super::origin::{self, POINTS};
use super::parameters::{Params, rates};
use super::windows::{self, Windows};
use super::{ends, surface};
use crate::core::stats;
use crate::labs::direction::quantities::plain;
use crate::labs::summary::number;
use crate::labs::{Done, Quantity, Verdict};
use std::fmt::Write as _;

/// Why `ReLU` has none.
pub const NO_EXPONENT: &str = "ReLU has no exponent at 0: its slope jumps there, so there is no Hessian";

/// Most windows whose ends are printed: all, or else the widest.
const PRINTED: usize = 3;

/// The rates at which the origin attracts; nothing before they are known.
pub fn window(p: &Params, windows: Option<&Windows>) -> String {
    if p.activation.slope_at_origin().is_none() {
        return format!("{NO_EXPONENT}.");
    }
    let Some(Windows { ends, exact }) = windows else { return String::new() };
    let axis = rates(p);
    let range = format!("from {} to {}", number(axis.min, 3), number(axis.max, 3));
    let width = |(from, to): &(f64, f64)| libm::log(to / from);
    let mut widths: Vec<f64> = ends.iter().map(width).collect();
    stats::sort(&mut widths);
    let least = widths.len().checked_sub(PRINTED).map_or(0.0, |place| widths[place]);
    let widest: Vec<_> = ends.iter().filter(|ends| width(ends) >= least).take(PRINTED).collect();
    // between points an end is where a straight line puts it
    let digits = if *exact { 4 } else { 3 };
    let shown: Vec<String> = widest.iter().map(|ends| ends_shown(**ends, digits)).collect();
    let mut text = match ends.len() {
        0 => format!("The origin attracts at no rate {range}."),
        1..=PRINTED => format!("The origin attracts (both Λ < 0) at λ from {}.", shown.join(" and from ")),
        count => {
            let share = 100.0 * ends.iter().map(width).sum::<f64>() / width(&(axis.min, axis.max));
            let narrow = ends.iter().filter(|ends| width(ends) < 1e-6).count();
            let narrow =
                if narrow == 0 { String::new() } else { format!("; {narrow} are narrower than λ/10⁶") };
            format!(
                "The origin attracts (both Λ < 0) in {count} windows of λ {range}, together {} % of that range in log λ{narrow}. \
                 The widest are {}.",
                number(share, 2),
                shown.join(", ")
            )
        }
    };
    let here = ends.iter().find(|(from, to)| (*from..=*to).contains(&p.lr));
    if let Some(ends) = here.filter(|here| !widest.contains(here)) {
        let _ = write!(text, " λ = {} lies in {}.", number(p.lr, 4), ends_shown(*ends, digits));
    }
    if !exact {
        let _ = write!(text, " Found at {} rates; narrower windows may be missed.", POINTS + 1);
    }
    text
}

/// Both ends, in as many digits, at least `least`, as tell them apart.
fn ends_shown((from, to): (f64, f64), least: usize) -> String {
    let text = |digits: usize| [from, to].map(|end| number(end, digits));
    let [from, to] = (least..17).map(text).find(|[from, to]| from != to).unwrap_or_else(|| text(17));
    if from == to { format!("{from} (a pole, too narrow to split)") } else { format!("{from} to {to}") }
}

/// The limits of the minima.
pub fn limits(minima: &[Limits]) -> String {
    let one = |(index, limits): (usize, &Limits)| {
        let name = minima::name(minima, index);
        let [square, exact] = limits.texts(3);
        format!("{name}: L₂ {square}, exact {exact}")
    };
    let shown: Vec<String> = minima.iter().enumerate().map(one).collect();
    if shown.is_empty() {
        "No isolated minimum.".to_owned()
    } else {
        format!("Limits: {}.", shown.join("; "))
    }
}

/// What SGD does at this rate.
pub fn verdict(p: &Params, done: &Done) -> Verdict {
    let said = ends::said(p, done);
    if p.activation.slope_at_origin().is_none() {
        return Verdict {
            code: "no-exponent",
            heading: "No exponent at the origin".to_owned(),
            text: format!("{NO_EXPONENT}. SGD is run all the same. {said}"),
        };
    }
    let Some((plus, minus)) = origin::here(p, done) else {
        return Verdict {
            code: "",
            heading: "Computing…".to_owned(),
            text: "The exponents of the origin are on their way.".to_owned(),
        };
    };
    let numbers = format!("Λ₊ = {}, Λ₋ = {}", number(plus, 3), number(minus, 3));
    let (code, heading, text) = match (plus < 0.0, minus < 0.0) {
        (true, true) => (
            "attracts",
            "The origin attracts",
            "Runs that come near it collapse there, although the loss falls away from it",
        ),
        (false, true) => {
            ("correct", "At the origin the correct sign grows", "Near the origin only the correct sign grows")
        }
        (true, false) => {
            ("wrong", "At the origin the wrong sign grows", "Near the origin only the wrong sign grows")
        }
        (false, false) => ("repels", "The origin repels", "Both signs grow near the origin"),
    };
    Verdict { code, heading: heading.to_owned(), text: format!("{text} ({numbers}). {said}") }
}

/// All numbers.
pub fn quantities(p: &Params, done: &Done) -> Vec<Quantity> {
    let found = origin::here(p, done);
    let mut plus = plain("exponent_plus", "growth at the origin, correct sign", "Λ₊", found.map(|one| one.0));
    let mut minus = plain("exponent_minus", "growth at the origin, wrong sign", "Λ₋", found.map(|one| one.1));
    if p.activation.slope_at_origin().is_none() {
        for quantity in [&mut plus, &mut minus] {
            NO_EXPONENT.clone_into(&mut quantity.words);
        }
    }
    let mut rows = vec![plus, minus];
    let minima = minima::known(done);
    let known = minima.as_ref().is_some();
    let minima = minima.as_ref().as_deref().unwrap_or_default();
    let list = |name, label, symbol, pick: &dyn Fn(&Limits) -> Option<f64>| {
        let mut quantity = plain(name, label, symbol, None);
        quantity.list = true;
        if !known {
            return quantity;
        }
        let one = |(index, limits): (usize, &Limits)| {
            let value = pick(limits).map_or_else(|| "none".to_owned(), |value| number(value, 4));
            format!("{value} ({})", minima::name(minima, index))
        };
        let shown: Vec<String> = minima.iter().enumerate().map(one).collect();
        quantity.words = if shown.is_empty() { "no isolated minimum".to_owned() } else { shown.join(", ") };
        quantity.value = Some(minima.iter().filter_map(pick).collect());
        "exact".clone_into(&mut quantity.method);
        quantity
    };
    rows.push(list("losses", "loss at the minima", "L", &|one| Some(one.minimum.loss)));
    rows.push(list("sharpness", "sharpness of the minima (trace of the Hessian)", "tr H", &|one| {
        Some(one.minimum.curvatures.iter().sum())
    }));
    rows.push(list("l2_limits", "rates below which the minima keep a finite variance", "L₂", &|one| {
        one.mean_square
    }));
    let mut exact =
        list("exact_limits", "rates below which the minima attract (Λ₁ < 0)", "λ*", &|one| one.exact);
    if !minima.iter().all(|one| one.is_searched) {
        exact = plain(exact.name, exact.label, exact.symbol, None);
    } else if known {
        let error = minima.iter().filter(|one| one.exact.is_some()).map(|one| one.error).fold(0.0, f64::max);
        let bound = number(error, 1);
        exact.exact = false;
        exact.standard_error = Some(error).filter(|error| error.is_finite() && *error > 0.0);
        exact.method = if minima::is_exact(p) {
            format!("from the stationary law of directions, within {bound}")
        } else {
            format!("from drawn batches, ± {bound} at most")
        };
    }
    rows.push(exact);
    rows
}

/// A term of a sum, nothing if its factor is 0.
fn term(factor: f64, of: &str) -> String {
    match factor {
        0.0 => String::new(),
        _ if factor < 0.0 => format!(" − {} {of}", number(-factor, 3)),
        _ => format!(" + {} {of}", number(factor, 3)),
    }
}

/// Sentences about the whole picture.
pub fn notes(p: &Params, done: &Done) -> Vec<String> {
    let minima = minima::known(done);
    let windows = windows::known(p, done);
    let mut notes = vec![format!(
        "{} samples y = φ(x){}{}; {} runs of {} steps at each rate; a run within 10⁻³ of the origin has collapsed, the others \
         are told apart by the sign of uw.",
        p.samples,
        term(p.mirror, "φ(−x)"),
        term(p.noise, "ε"),
        p.starts,
        p.steps
    )];
    if let Some(minima) = minima.as_ref() {
        notes.push(format!("{} {}", surface::places(minima), limits(minima)));
    }
    notes.extend(Some(window(p, windows.as_ref())).filter(|said| !said.is_empty()));
    if p.decay > 0.0 {
        notes.push("Contours and minima are those of the loss without weight decay.".to_owned());
    }
    notes
}
