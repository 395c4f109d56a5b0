//! Numbers of one direction as rows of the page.

use super::point::{DirectionNumbers, Rates};
use super::sgd::{Direction, NO_RATE, Sgd};
use crate::core::critical::Coverage;
use crate::core::exponent::{CriticalRate, Estimate, Method, TailExponent};
use crate::labs::Quantity;
use crate::labs::summary::number;

/// Rates printed before the rest is only counted.
const PRINTED_RATES: usize = 6;

/// The numbers of the chosen direction; those on the way have no value yet.
pub fn direction(p: &Sgd, known: Option<&DirectionNumbers>, rates: Option<&Rates>) -> [Quantity; 5] {
    let chosen = match p.sign {
        Direction::Plus => "growth along u = −w (curvature +xy)",
        Direction::Minus => "growth along u = w (curvature −xy)",
    };
    [
        estimated("exponent", chosen, "Λ", known.map(|d| d.exponent)),
        estimated("log_moment_1", "growth of its mean size", "g(1)", known.map(|d| d.log_moment_1)),
        estimated("log_moment_2", "growth of its mean square", "g(2)", known.map(|d| d.log_moment_2)),
        tail(known.map(|d| (d.tail, d.log_moment_1.method, d.log_moment_1.error))),
        critical_rates(rates),
    ]
}

/// Whether an estimate is exact, its standard error, and how it was obtained, in words.
fn method(estimate: &Estimate) -> (bool, Option<f64>, String) {
    let bound = number(estimate.error, 1);
    match estimate.method {
        Method::ClosedForm => (true, None, "exact".to_owned()),
        Method::Quadrature => (true, None, format!("exact within {bound}")),
        Method::Grid { cell_probability } => {
            let cell = number(cell_probability, 1);
            (
                true,
                None,
                format!(
                    "on a grid, within {bound} unless a step lands in the pole’s cell (probability {cell})"
                ),
            )
        }
        Method::MonteCarlo { samples } => {
            (false, Some(estimate.error), format!("± {bound} from {samples} draws"))
        }
    }
}

/// A row for an estimate.
pub fn estimated(
    name: &'static str,
    label: &'static str,
    symbol: &'static str,
    estimate: Option<Estimate>,
) -> Quantity {
    let Some(estimate) = estimate else { return plain(name, label, symbol, None) };
    let (exact, standard_error, method) = method(&estimate);
    let lands = estimate.value == f64::NEG_INFINITY && name.starts_with("exponent");
    let words = if lands { "−∞: a step can land exactly, to rounding".to_owned() } else { String::new() };
    Quantity { words, standard_error, exact, method, ..plain(name, label, symbol, Some(estimate.value)) }
}

/// A row for an exact number.
pub fn plain(name: &'static str, label: &'static str, symbol: &'static str, value: Option<f64>) -> Quantity {
    Quantity {
        name,
        label,
        symbol,
        value: value.map(|value| vec![value]),
        list: false,
        words: String::new(),
        standard_error: None,
        exact: true,
        method: if value.is_some() { "exact" } else { "" }.to_owned(),
    }
}

/// p*, and how the log-moments whose root it is were obtained.
fn tail(found: Option<(TailExponent, Method, f64)>) -> Quantity {
    let (value, words) = match found.map(|(tail, ..)| tail) {
        None => (None, String::new()),
        Some(TailExponent::None) => (None, "none: Λ is not negative".to_owned()),
        Some(TailExponent::Finite(root)) => (Some(root), String::new()),
        Some(TailExponent::Above(order)) => (None, format!("above {}", number(order, 3))),
        Some(TailExponent::Infinite) => (Some(f64::INFINITY), "∞: no step ever grows".to_owned()),
    };
    let mut quantity = plain("tail_exponent", "moments above this order explode", "p*", value);
    quantity.words = words;
    let how = match found {
        Some((_, Method::Quadrature, bound)) => format!("root of g, exact within {}", number(bound, 1)),
        Some((_, Method::Grid { .. }, bound)) => {
            format!("root of g on a grid, g within {}", number(bound, 1))
        }
        _ => return quantity,
    };
    if quantity.value.is_some() {
        quantity.method = how;
    }
    quantity
}

/// A row for critical rates: the first few, how many there are, and what the list covers; empty before they are there.
pub fn critical_rates(rates: Option<&Rates>) -> Quantity {
    let mut quantity = plain("critical_rates", "learning rates where its Λ changes sign", "λ_c", None);
    quantity.list = true;
    let Some(Rates { rates, coverage }) = rates else { return quantity };
    if *coverage == Coverage::NotListed {
        "not listed: the batch law has more than 64 atoms".clone_into(&mut quantity.words);
        return quantity;
    }
    let at = |rate: &CriticalRate| match rate {
        CriticalRate::Root(at) | CriticalRate::Pole { at, .. } => *at,
    };
    quantity.value = Some(rates.iter().map(at).collect());
    quantity.words = match rates.len() {
        0 => NO_RATE.to_owned(),
        count => {
            let shown: Vec<String> = rates.iter().take(PRINTED_RATES).map(printed_rate).collect();
            let more = if count > PRINTED_RATES { format!(" … {count} in all") } else { String::new() };
            format!("{}{more}", shown.join(", "))
        }
    };
    quantity.method = match coverage {
        Coverage::Resolution { points } => format!("found to the resolution of {points} points"),
        _ => "exact to 10⁻¹⁰".to_owned(),
    };
    quantity
}

fn printed_rate(rate: &CriticalRate) -> String {
    match rate {
        CriticalRate::Root(at) => number(*at, 5),
        CriticalRate::Pole { at, .. } => format!("{} (a pole, too narrow to split)", number(*at, 5)),
    }
}
