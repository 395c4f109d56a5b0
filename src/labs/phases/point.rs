//! The exact numbers at the crosshair, as quantities for the page.

use super::parameters::{Direction, LawName, Params};
use crate::core::curvature::BatchLaw;
use crate::core::exponent::{Estimate, Method, TailExponent};
use crate::core::saddle::{Point, Saddle};
use crate::labs::Quantity;
use crate::labs::summary::number;

/// Merged atoms up to which all numbers at the point take less than 2 ms.
const QUICK_ATOMS: f64 = 20_000.0;

/// Estimated number of atoms of the batch law.
fn atoms(p: &Params) -> f64 {
    let kinds = match (p.n, p.law) {
        (0, LawName::TwoPoint) => 2.0,
        (0, LawName::Discrete) => p.values.len() as f64,
        (0, _) => return 1.0,
        (n, _) => f64::from(n),
    };
    // C(S + k − 1, k − 1), through logarithms.
    let (s, k) = (f64::from(p.batch), kinds);
    libm::exp((libm::lgamma(s + k) - libm::lgamma(s + 1.0) - libm::lgamma(k)).min(700.0))
}

/// Whether the numbers at the point can be had in the frame that moves it.
pub fn quick(p: &Params) -> bool {
    atoms(p) <= QUICK_ATOMS
}

/// Everything at the point.
pub struct Numbers {
    /// Both exponents, named by the sign of E z, and the phase.
    pub point: Point,
    /// Λ of the chosen direction, E|X|, E X², p*.
    pub exponent: Estimate,
    /// g(1).
    pub log_moment_1: Estimate,
    /// g(2).
    pub log_moment_2: Estimate,
    /// p*.
    pub tail: TailExponent,
}

/// The scale of z in the factor X of the chosen direction.
fn scale(p: &Params) -> f64 {
    if p.sign == Direction::Plus { -p.lr } else { p.lr }
}

/// All exact numbers at the point but the critical rates.
pub fn numbers(p: &Params, law: &BatchLaw) -> Numbers {
    let (offset, scale) = (1.0 - p.lr * p.decay, scale(p));
    Numbers {
        point: Saddle::new(law).point(p.lr, p.decay),
        exponent: law.exponent(offset, scale),
        log_moment_1: law.log_moment(offset, scale, 1.0),
        log_moment_2: law.log_moment(offset, scale, 2.0),
        tail: law.tail_exponent(offset, scale),
    }
}

/// How a number was obtained, in words.
pub fn method(estimate: &Estimate) -> (bool, Option<f64>, String) {
    let bound = number(estimate.error, 1);
    match estimate.method {
        Method::ClosedForm => (true, None, "exact".to_owned()),
        Method::Quadrature => (true, None, format!("exact to {bound}")),
        Method::Grid { cell_probability } => {
            let cell = number(cell_probability, 1);
            (
                true,
                None,
                format!("grid, within {bound} unless a draw hits the pole’s cell (probability {cell})"),
            )
        }
        Method::MonteCarlo { samples } => {
            (false, Some(estimate.error), format!("± {bound}, {samples} draws"))
        }
    }
}

fn quantity(name: &'static str, label: &'static str, symbol: &'static str, estimate: &Estimate) -> Quantity {
    let (exact, standard_error, method) = method(estimate);
    let words = if estimate.value == f64::NEG_INFINITY && name.starts_with("exponent") {
        "−∞ (lands exactly, to rounding)".to_owned()
    } else {
        String::new()
    };
    Quantity {
        name,
        label,
        symbol,
        value: Some(vec![estimate.value]),
        list: false,
        words,
        standard_error,
        exact,
        method,
    }
}

fn plain(
    name: &'static str,
    label: &'static str,
    symbol: &'static str,
    value: Option<f64>,
    words: &str,
) -> Quantity {
    Quantity {
        name,
        label,
        symbol,
        value: value.map(|value| vec![value]),
        list: false,
        words: words.to_owned(),
        standard_error: None,
        exact: true,
        method: if value.is_some() { "exact" } else { "" }.to_owned(),
    }
}

/// The quantities of the page; numbers that are still being computed are `None`.
pub fn quantities(p: &Params, numbers: Option<&Numbers>) -> Vec<Quantity> {
    let Some(at) = numbers else {
        return NAMES.iter().map(|(name, label, symbol)| plain(name, label, symbol, None, "…")).collect();
    };
    let (tail, words) = match at.tail {
        TailExponent::None => (None, "none: Λ is not negative".to_owned()),
        TailExponent::Finite(root) => (Some(root), String::new()),
        TailExponent::Above(order) => (None, format!("above {}", number(order, 3))),
        TailExponent::Infinite => (Some(f64::INFINITY), "∞: no step ever grows".to_owned()),
    };
    vec![
        quantity("exponent_plus", "growth along the correct direction", "Λ₊", &at.point.plus),
        quantity("exponent_minus", "growth along the wrong direction", "Λ₋", &at.point.minus),
        plain(
            "second_moment",
            "mean square factor, wrong direction",
            "E X²",
            Some(at.point.second_moment),
            "",
        ),
        quantity("exponent", direction_label(p), "Λ", &at.exponent),
        quantity("log_moment_1", "its first log-moment", "g(1)", &at.log_moment_1),
        quantity("log_moment_2", "its second log-moment", "g(2)", &at.log_moment_2),
        plain("tail_exponent", "its tail exponent", "p*", tail, &words),
    ]
}

const NAMES: [(&str, &str, &str); 8] = [
    ("exponent_plus", "growth along the correct direction", "Λ₊"),
    ("exponent_minus", "growth along the wrong direction", "Λ₋"),
    ("second_moment", "mean square factor, wrong direction", "E X²"),
    ("exponent", "growth of the chosen direction", "Λ"),
    ("log_moment_1", "its first log-moment", "g(1)"),
    ("log_moment_2", "its second log-moment", "g(2)"),
    ("tail_exponent", "its tail exponent", "p*"),
    ("critical_rates", "its critical rates", "λ_c"),
];

fn direction_label(p: &Params) -> &'static str {
    if p.sign == Direction::Plus {
        "one direction, u = −w (curvature +xy)"
    } else {
        "one direction, u = w (curvature −xy)"
    }
}
