//! The numbers of the page.

use super::limits;
use super::parameters::{Exponents, Params};
use super::point::Known;
use super::run::Run;
use crate::core::critical::{Coverage, CriticalRate};
use crate::core::matrix_product::{Exponent, Spectrum};
use crate::core::rng::LANES;
use crate::labs::Quantity;
use crate::labs::direction::point::Rates;
use crate::labs::direction::quantities::{critical_rates, plain};
use crate::labs::summary::number;

/// Name in `result()` and symbol of every exponent.
const EXPONENTS: [(&str, &str); 64] = [
    ("spectrum_1", "Λ_1"),
    ("spectrum_2", "Λ_2"),
    ("spectrum_3", "Λ_3"),
    ("spectrum_4", "Λ_4"),
    ("spectrum_5", "Λ_5"),
    ("spectrum_6", "Λ_6"),
    ("spectrum_7", "Λ_7"),
    ("spectrum_8", "Λ_8"),
    ("spectrum_9", "Λ_9"),
    ("spectrum_10", "Λ_10"),
    ("spectrum_11", "Λ_11"),
    ("spectrum_12", "Λ_12"),
    ("spectrum_13", "Λ_13"),
    ("spectrum_14", "Λ_14"),
    ("spectrum_15", "Λ_15"),
    ("spectrum_16", "Λ_16"),
    ("spectrum_17", "Λ_17"),
    ("spectrum_18", "Λ_18"),
    ("spectrum_19", "Λ_19"),
    ("spectrum_20", "Λ_20"),
    ("spectrum_21", "Λ_21"),
    ("spectrum_22", "Λ_22"),
    ("spectrum_23", "Λ_23"),
    ("spectrum_24", "Λ_24"),
    ("spectrum_25", "Λ_25"),
    ("spectrum_26", "Λ_26"),
    ("spectrum_27", "Λ_27"),
    ("spectrum_28", "Λ_28"),
    ("spectrum_29", "Λ_29"),
    ("spectrum_30", "Λ_30"),
    ("spectrum_31", "Λ_31"),
    ("spectrum_32", "Λ_32"),
    ("spectrum_33", "Λ_33"),
    ("spectrum_34", "Λ_34"),
    ("spectrum_35", "Λ_35"),
    ("spectrum_36", "Λ_36"),
    ("spectrum_37", "Λ_37"),
    ("spectrum_38", "Λ_38"),
    ("spectrum_39", "Λ_39"),
    ("spectrum_40", "Λ_40"),
    ("spectrum_41", "Λ_41"),
    ("spectrum_42", "Λ_42"),
    ("spectrum_43", "Λ_43"),
    ("spectrum_44", "Λ_44"),
    ("spectrum_45", "Λ_45"),
    ("spectrum_46", "Λ_46"),
    ("spectrum_47", "Λ_47"),
    ("spectrum_48", "Λ_48"),
    ("spectrum_49", "Λ_49"),
    ("spectrum_50", "Λ_50"),
    ("spectrum_51", "Λ_51"),
    ("spectrum_52", "Λ_52"),
    ("spectrum_53", "Λ_53"),
    ("spectrum_54", "Λ_54"),
    ("spectrum_55", "Λ_55"),
    ("spectrum_56", "Λ_56"),
    ("spectrum_57", "Λ_57"),
    ("spectrum_58", "Λ_58"),
    ("spectrum_59", "Λ_59"),
    ("spectrum_60", "Λ_60"),
    ("spectrum_61", "Λ_61"),
    ("spectrum_62", "Λ_62"),
    ("spectrum_63", "Λ_63"),
    ("spectrum_64", "Λ_64"),
];

/// All numbers, in the order of the page.
pub fn quantities(p: &Params, known: &Known) -> Vec<Quantity> {
    let run = known.run.as_ref().as_ref();
    let mut rows: Vec<Quantity> = (0..p.measured()).map(|i| exponent(p, run, i)).collect();
    rows.push(exact(known));
    if p.exponents == Exponents::All {
        rows.push(sum(run));
        rows.push(determinant(known));
    }
    rows.push(steps(run));
    rows.push(radius(known));
    if p.is_sgd() {
        let (square, descent) = (
            known.limits.map(|limits| limits.mean_square),
            known.limits.map(|limits| limits.gradient_descent),
        );
        let rate = limit("mean_square_limit", "the mean square calls it stable", "L₂", square);
        let found = known.limits.filter(|_| rate.value.is_some());
        rows.push(match found {
            Some(limits) => iterated(rate, limits.mean_square, limits.mean_square_error),
            None => rate,
        });
        rows.push(limit("gd_limit", "gradient descent calls it stable", "GD", descent));
        rows.push(critical(known));
    }
    rows
}

/// A row for a simulated number.
fn simulated(name: &'static str, label: &'static str, symbol: &'static str) -> Quantity {
    Quantity { exact: false, method: String::new(), ..plain(name, label, symbol, None) }
}

/// How a run was made.
fn method(p: &Params, run: &Run) -> String {
    let spectrum = &run.spectrum;
    let how = match p.exponents {
        Exponents::All => "QR".to_owned(),
        Exponents::Top => format!("{LANES} vectors"),
    };
    let short = if spectrum.too_short { "; run too short" } else { "" };
    format!("{how}, {} batches of {} steps{short}", spectrum.batches, spectrum.batch_steps)
}

fn exponent(p: &Params, run: Option<&Run>, i: usize) -> Quantity {
    let (name, symbol) = EXPONENTS[i];
    let label = if i == 0 { "top exponent of the run" } else { "exponent of the run" };
    let mut quantity = simulated(name, label, symbol);
    let Some(run) = run else { return quantity };
    let found = run.spectrum.exponents[i];
    quantity.value = Some(vec![found.value]);
    quantity.method = method(p, run);
    if found.exact {
        quantity.exact = true;
        "log|1 − λγ|: no sample touches this direction".clone_into(&mut quantity.method);
    } else if found.value == f64::NEG_INFINITY {
        "−∞: a step can land exactly, to rounding".clone_into(&mut quantity.words);
    } else if found.standard_error.is_finite() {
        quantity.standard_error = Some(found.standard_error);
        quantity.words = with_error(found.value, found.standard_error);
    }
    quantity
}

/// A number with its standard error.
pub fn with_error(value: f64, error: f64) -> String {
    format!("{} ± {}", number(value, 4), number(error, 2))
}

/// An exponent of a run with its standard error, or as exact.
pub fn shown(found: &Exponent) -> String {
    if found.exact {
        format!("{} (exact)", number(found.value, 4))
    } else {
        with_error(found.value, found.standard_error)
    }
}

/// The standard error of an exponent of a run in a table, or why it has none.
pub fn error_shown(found: &Exponent) -> String {
    match found.value {
        _ if found.exact => "exact".to_owned(),
        f64::NEG_INFINITY => "to rounding".to_owned(),
        _ => number(found.standard_error, 2),
    }
}

/// The sum of the exponents of a run, of which all may be exact.
pub fn sum_shown(spectrum: &Spectrum) -> String {
    if spectrum.exponents.iter().all(|found| found.exact) {
        return format!("{} (exact)", number(spectrum.sum.value, 4));
    }
    with_error(spectrum.sum.value, spectrum.sum.standard_error)
}

fn exact(known: &Known) -> Quantity {
    let mut quantity = plain("exact_spectrum", "exact exponents", "Λ_i", None);
    quantity.list = true;
    match &known.exact {
        None => {}
        Some(exact) if exact.is_empty() => {
            quantity.value = Some(Vec::new());
            "no closed form".clone_into(&mut quantity.words);
        }
        Some(exact) => {
            quantity.value = Some(exact.clone());
            "closed form or quadrature, to 10⁻¹⁰".clone_into(&mut quantity.method);
        }
    }
    quantity
}

fn sum(run: Option<&Run>) -> Quantity {
    let mut quantity = simulated("exponent_sum", "sum of the run’s exponents", "ΣΛ_i");
    let Some(run) = run else { return quantity };
    let sum = run.spectrum.sum;
    quantity.value = Some(vec![sum.value]);
    "of all exponents, batch by batch".clone_into(&mut quantity.method);
    if run.spectrum.exponents.iter().all(|found| found.exact) {
        quantity.exact = true;
    } else if sum.value == f64::NEG_INFINITY {
        "−∞".clone_into(&mut quantity.words);
    } else if sum.standard_error.is_finite() {
        quantity.standard_error = Some(sum.standard_error);
        quantity.words = with_error(sum.value, sum.standard_error);
    }
    quantity
}

fn determinant(known: &Known) -> Quantity {
    let mut quantity = simulated("log_determinant", "what they must add up to", "E log|det M|");
    let Some(mean) = known.determinant else { return quantity };
    quantity.value = Some(vec![mean.value]);
    quantity.exact = mean.standard_error == 0.0;
    if quantity.exact {
        "exact".clone_into(&mut quantity.method);
    } else {
        quantity.standard_error = Some(mean.standard_error);
        quantity.words = with_error(mean.value, mean.standard_error);
        quantity.method = format!("mean of {} independent draws", mean.count);
    }
    quantity
}

fn steps(run: Option<&Run>) -> Quantity {
    let mut quantity = plain("steps_done", "steps of the run", "T", run.map(|run| run.spectrum.steps as f64));
    quantity.words = run.map_or_else(String::new, |run| run.spectrum.steps.to_string());
    quantity
}

fn radius(known: &Known) -> Quantity {
    let radius = known.radius;
    let label = "growth of the mean square per step";
    let quantity = plain("mean_square_radius", label, "ρ", radius.map(|radius| radius.value));
    radius.map_or(quantity.clone(), |radius| iterated(quantity, radius.value, radius.error))
}

/// A number from a spectral radius, which a power iteration may not have reached: exact, or with what it may be off.
fn iterated(mut quantity: Quantity, value: f64, error: f64) -> Quantity {
    quantity.exact = error <= 1e-9 * value;
    if !quantity.exact {
        quantity.standard_error = Some(error);
        quantity.words = with_error(value, error);
        quantity.method = format!("power iteration, residual {}", number(error, 1));
    }
    quantity
}

fn limit(name: &'static str, label: &'static str, symbol: &'static str, limit: Option<f64>) -> Quantity {
    let mut quantity = plain(name, label, symbol, limit.filter(|rate| *rate > 0.0 && rate.is_finite()));
    quantity.words = match limit {
        None => String::new(),
        Some(0.0) => "at no learning rate".to_owned(),
        Some(f64::INFINITY) => "at every learning rate".to_owned(),
        Some(rate) if rate.is_nan() => "for symmetric matrices only".to_owned(),
        Some(rate) => format!("below λ = {}", number(rate, 4)),
    };
    if limit.is_some() {
        "exact".clone_into(&mut quantity.method);
    }
    quantity
}

fn critical(known: &Known) -> Quantity {
    let mut rates: Vec<CriticalRate> = Vec::new();
    for rate in known.critical.iter().flatten() {
        match rates.last_mut() {
            // both ends of an interval that doubles do not tell apart
            Some(last) if *last == CriticalRate::Root(*rate) => {
                *last = CriticalRate::Pole { at: *rate, log_half_width: f64::NEG_INFINITY };
            }
            _ => rates.push(CriticalRate::Root(*rate)),
        }
    }
    let scan = Coverage::Resolution { points: super::exact::SCANNED as usize };
    let found = Rates { rates, coverage: if known.is_listed { Coverage::Complete } else { scan } };
    let mut quantity = critical_rates(known.critical.as_ref().map(|_| &found));
    quantity.label = "learning rates where the exact Λ₁ changes sign";
    if known.exact.as_ref().is_some_and(Vec::is_empty) {
        "no closed form".clone_into(&mut quantity.words);
    }
    quantity
}

/// A limit in words, for a line of the figure.
pub fn limit_in_view(limits: Option<limits::Limits>, low: f64, high: f64) -> Vec<(&'static str, f64)> {
    let Some(limits) = limits else { return Vec::new() };
    let all = [("L₂", limits.mean_square), ("GD", limits.gradient_descent)];
    all.into_iter().filter(|(_, rate)| low < *rate && *rate <= high).collect()
}
