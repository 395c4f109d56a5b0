//! The numbers of the page and its sentences. No number is computed here.

use super::minima::{self, Limits};
use super::parameters::{Params, rates};
use super::{ends, origin, surface};
use crate::labs::direction::quantities::plain;
use crate::labs::summary::number;
use crate::labs::{Done, Quantity, Verdict};

/// Why `ReLU` has none.
pub const NO_EXPONENT: &str = "ReLU has no exponent at 0: its slope jumps there, so there is no Hessian";

/// The rates at which the origin attracts; nothing before they are known.
pub fn window(p: &Params, windows: Option<&[(f64, f64)]>) -> String {
    if p.activation.slope_at_origin().is_none() {
        return format!("{NO_EXPONENT}.");
    }
    let Some(windows) = windows else { return String::new() };
    let axis = rates(p);
    let one = |(from, to): &(f64, f64)| format!("{} to {}", number(*from, 3), number(*to, 3));
    let shown: Vec<String> = windows.iter().map(one).collect();
    if shown.is_empty() {
        format!("The origin attracts at no rate from {} to {}.", number(axis.min, 3), number(axis.max, 3))
    } else {
        format!("The origin attracts (both Λ < 0) at λ from {}.", shown.join(" and from "))
    }
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

/// The exponents of the origin at the reader's rate, if they are had at once or on the curve.
fn exponents(p: &Params, done: &Done) -> Option<(f64, f64)> {
    if origin::is_quick(p) {
        return origin::at(p, p.lr);
    }
    let numbers = done.shards(super::POINT).first()?.as_deref()?;
    match numbers {
        [plus, minus] => Some((*plus, *minus)),
        _ => None,
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
    let Some((plus, minus)) = exponents(p, done) else {
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
            ("correct", "Leaves with the correct sign", "Near the origin only the correct sign grows")
        }
        (true, false) => ("wrong", "Leaves with the wrong sign", "Near the origin only the wrong sign grows"),
        (false, false) => ("repels", "The origin repels", "Both signs grow near the origin"),
    };
    Verdict { code, heading: heading.to_owned(), text: format!("{text} ({numbers}). {said}") }
}

/// All numbers.
pub fn quantities(p: &Params, done: &Done) -> Vec<Quantity> {
    let found = exponents(p, done);
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
    let windows = origin::windows(p, done);
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
    notes.extend(Some(window(p, windows.as_deref())).filter(|said| !said.is_empty()));
    if p.decay > 0.0 {
        notes.push("Contours and minima are those of the loss without weight decay.".to_owned());
    }
    notes
}
