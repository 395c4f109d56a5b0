//! The numbers of the page, and how far measurement and prediction agree.

use super::map;
use super::measured::{self, Measured, Outcome};
use super::parameters::{InputsName, Params};
use super::product::{FIELD, Spectrum};
use super::runs;
use super::theory;
use super::words;
use crate::core::stats::frequency_interval;
use crate::labs::direction::quantities::plain;
use crate::labs::summary::number;
use crate::labs::{Done, Quantity};
use std::rc::Rc;

/// A pixel counts as clear of the boundaries if every `|Λ₊|`, per visit, is above this.
pub const MARGIN: f64 = 0.05;
/// Normal score of 95 %.
const SCORE: f64 = 1.96;

/// Counts over the whole map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Pixels.
    pub pixels: u32,
    /// Those of which no run diverged.
    pub surviving: u32,
    /// Runs of all pixels.
    pub runs: u32,
    /// Runs that diverged.
    pub lost_runs: u32,
    /// Those of them whose measured rank is the predicted one.
    pub agree: u32,
    /// Those whose measured rank is higher.
    pub higher: u32,
    /// One-hot: surviving pixels with every |Λ₊| above the margin.
    pub clear: u32,
    /// Those of them that agree.
    pub clear_agree: u32,
    /// Dense: surviving pixels whose rank the rule for modes alone gives.
    pub alone_agree: u32,
    /// Whether there is a prediction.
    pub predicted: bool,
}

/// The counts; `None` until the whole map and its prediction are there.
pub fn agreement(p: &Params, done: &Done) -> Rc<Option<Agreement>> {
    done.made("agreement", &[measured::JOB, FIELD], "", || count(p, done))
}

fn count(p: &Params, done: &Done) -> Option<Agreement> {
    let measured = Measured::made(p, done);
    let measured = measured.as_ref().as_ref().filter(|map| map.is_whole())?;
    let predicted = map::predicted(p, done);
    let dense = p.inputs == InputsName::Dense;
    if dense && p.slope().is_ok() && !done.complete(FIELD) {
        return None;
    }
    let alone = theory::mode_maps(p, measured.side);
    let side = measured.side;
    let mut found = Agreement {
        pixels: (side * side) as u32,
        runs: (side * side) as u32 * p.replicas,
        lost_runs: measured.lost,
        ..Agreement::default()
    };
    for (pixel, outcome) in measured.outcomes.iter().enumerate() {
        let Outcome::Rank(rank) = *outcome else { continue };
        found.surviving += 1;
        let Some(expected) = predicted.ranks[pixel] else { continue };
        found.predicted = true;
        let agrees = u32::from(rank == expected);
        found.agree += agrees;
        found.higher += u32::from(rank > expected);
        let Some(alone) = &alone else { continue };
        let alone: Vec<f64> = alone.iter().map(|map| map[pixel]).collect();
        if dense {
            found.alone_agree += u32::from(rank == theory::positive(p, &alone));
        } else if alone.iter().all(|value| value.abs() > MARGIN) {
            found.clear += 1;
            found.clear_agree += agrees;
        }
    }
    Some(found)
}

/// The predicted rank at the point.
pub fn predicted(p: &Params, done: &Done) -> Option<usize> {
    match p.inputs {
        InputsName::OneHot => Some(theory::positive(p, &theory::mode_exponents(p, p.lr, p.noise)?)),
        InputsName::Dense => Some(theory::positive(p, &Spectrum::read(p, done)?.exponents)),
    }
}

/// All numbers, in the order of the page.
pub fn quantities(p: &Params, done: &Done) -> Vec<Quantity> {
    let rank = |value: Option<usize>| value.map(|rank| rank as f64);
    let dense = p.inputs == InputsName::Dense;
    let predicted = predicted(p, done);
    let mut expected = plain("predicted_rank", "predicted rank: positive exponents", "r", rank(predicted));
    let mut rows = Vec::new();
    if let Err(why) = p.slope() {
        expected.words = format!("none: {}", words::no_exponent(why));
    } else if dense {
        expected.exact = false;
        "sign of simulated exponents".clone_into(&mut expected.method);
    }
    if let Some(rank) = predicted {
        expected.words = rank.to_string();
    }
    rows.push(expected);
    rows.push(measured_rank(p, done));
    rows.push(modes(p));
    if dense {
        rows.push(product(p, done));
    }
    rows.extend(counts(p, done));
    rows
}

fn measured_rank(p: &Params, done: &Done) -> Quantity {
    let outcome = runs::measured(p, done);
    let value = if let Outcome::Rank(rank) = outcome { Some(rank as f64) } else { None };
    let mut quantity = plain("measured_rank", "measured rank at the end of training", "r̂", value);
    quantity.exact = false;
    let (lost, all) = runs::diverged(p, done);
    match outcome {
        Outcome::Rank(rank) => quantity.words = rank.to_string(),
        Outcome::Diverged => quantity.words = format!("{lost} of {all} runs diverged"),
        Outcome::Unknown => {}
    }
    quantity.method = if outcome == Outcome::Unknown {
        String::new()
    } else {
        format!("median over {all} runs’ last quarter")
    };
    quantity
}

fn list(values: &[f64]) -> String {
    values.iter().map(|value| number(*value, 3)).collect::<Vec<_>>().join(", ")
}

fn modes(p: &Params) -> Quantity {
    let label = if p.inputs == InputsName::Dense {
        "exponents of the modes alone, per step"
    } else {
        "exponents of the modes, per visit"
    };
    let mut quantity = plain("mode_exponents", label, "Λ₊(s)", None);
    quantity.list = true;
    match (theory::mode_exponents(p, p.lr, p.noise), p.slope()) {
        (Some(values), _) => {
            quantity.words = list(&values);
            quantity.value = Some(values);
            "exact".clone_into(&mut quantity.method);
        }
        (None, Err(why)) => quantity.words = format!("none: {}", words::no_exponent(why)),
        (None, Ok(_)) => {}
    }
    quantity
}

fn product(p: &Params, done: &Done) -> Quantity {
    let mut quantity = plain("product_exponents", "largest exponents of the product", "Λ_i", None);
    (quantity.list, quantity.exact) = (true, false);
    if let Err(why) = p.slope() {
        quantity.words = format!("none: {}", words::no_exponent(why));
    } else if let Some(spectrum) = Spectrum::read(p, done) {
        quantity.words = list(&spectrum.exponents);
        let most = spectrum.errors.iter().copied().fold(0.0, f64::max);
        quantity.standard_error = Some(most).filter(|error| error.is_finite());
        let short = if spectrum.long_enough { "" } else { ", run too short for the error to hold" };
        quantity.method = format!("± {} at most{short}", number(most, 1));
        quantity.value = Some(spectrum.exponents);
    }
    quantity
}

fn share(
    name: &'static str,
    label: &'static str,
    symbol: &'static str,
    hits: Option<(u32, u32)>,
) -> Quantity {
    let value = hits.filter(|(_, all)| *all > 0).map(|(hits, all)| f64::from(hits) / f64::from(all));
    let mut quantity = plain(name, label, symbol, value);
    quantity.exact = false;
    if let Some((hits, all)) = hits {
        let (low, high) = frequency_interval(hits, all, SCORE);
        quantity.words = if all == 0 {
            "no such pixel".to_owned()
        } else {
            format!("{hits} of {all} ({} %)", number(100.0 * f64::from(hits) / f64::from(all), 3))
        };
        quantity.method = format!(
            "counted; 95 % interval {} to {} if pixels were independent",
            number(low, 2),
            number(high, 2)
        );
    }
    quantity
}

fn counts(p: &Params, done: &Done) -> Vec<Quantity> {
    let found = agreement(p, done);
    let found = found.as_ref().as_ref();
    let mut rows = vec![share(
        "surviving",
        "pixels of which no run diverges",
        "",
        found.map(|a| (a.surviving, a.pixels)),
    )];
    rows.push(share(
        "diverged_runs",
        "runs of all pixels that diverge",
        "",
        found.map(|a| (a.lost_runs, a.runs)),
    ));
    if p.slope().is_err() {
        return rows;
    }
    rows.push(share(
        "agreement",
        "surviving pixels with the predicted rank",
        "",
        found.map(|a| (a.agree, a.surviving)),
    ));
    if p.inputs == InputsName::Dense {
        rows.push(share(
            "alone_agreement",
            "surviving pixels with the rank of modes alone",
            "",
            found.map(|a| (a.alone_agree, a.surviving)),
        ));
    } else {
        rows.push(share(
            "clear_agreement",
            "the same where every |Λ₊| > 0.05",
            "",
            found.map(|a| (a.clear_agree, a.clear)),
        ));
    }
    rows
}
