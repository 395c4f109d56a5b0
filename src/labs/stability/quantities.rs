//! The numbers of the page, from what is known at the point.

use super::histogram::Runs;
use super::parameters::Params;
use super::point::Known;
use super::{sides, window};
use crate::core::critical::{Coverage, SMALL_STEP};
use crate::core::exponent::CriticalRate;
use crate::core::rivals::Limit;
use crate::labs::direction::quantities::{direction, estimated, plain};
use crate::labs::direction::{certificate, own_data};
use crate::labs::summary::number;
use crate::labs::{Done, Quantity};

/// All numbers, in the order of the page; those on the way have no value yet.
pub fn quantities(p: &Params, known: &Known, runs: Option<&Runs>, done: &Done) -> Vec<Quantity> {
    let mut rows = direction(&p.sgd, known.direction.as_ref(), known.rates.as_ref()).to_vec();
    rows.insert(1, attractive(known));
    rows.push(estimated(
        "log_variance",
        "variance of the growth of one step",
        "Var log|X|",
        known.spread.map(|spread| spread.variance),
    ));
    let curvature = known.curvature;
    let mean = curvature.map(|curvature| curvature.mean);
    rows.push(plain("curvature_mean", "mean curvature", "E h", mean));
    let square = curvature.map(|curvature| curvature.mean * curvature.mean + curvature.variance);
    rows.push(plain("curvature_square", "mean square curvature of a batch", "E ĥ²", square));
    rows.push(small_rate(known));
    let rivals = [
        ("gd_limit", "gradient descent calls it stable", "GD"),
        ("l2_limit", "the mean square (E X² < 1) calls it stable", "L₂"),
        ("sde_limit", "the diffusion (SDE) calls it stable", "SDE"),
    ];
    for (index, (name, label, symbol)) in rivals.into_iter().enumerate() {
        rows.push(limit(name, label, symbol, curvature.map(|curvature| curvature.rivals[index].limit)));
    }
    rows.push(simulated(runs));
    rows.extend(sides::quantities(p, done));
    rows.extend(own_data::quantities(&p.sgd, done));
    rows.extend(window::quantity(p, done));
    rows.extend(certificate::quantity(&p.sgd, done));
    rows
}

/// Whether the present rate is inside the window: 1 or 0.
fn attractive(known: &Known) -> Quantity {
    let exponent = known.direction.as_ref().map(|direction| direction.exponent);
    let inside = exponent.map(|exponent| exponent.value < -exponent.error);
    let value = inside.map(f64::from);
    let mut quantity = plain("attractive", "the present rate is inside the window", "Λ < 0", value);
    if let Some(inside) = inside {
        if inside { "yes" } else { "no" }.clone_into(&mut quantity.words);
    }
    quantity
}

/// The critical rate that signal over noise promises, how large steps are there, and how far it is from the exact one.
fn small_rate(known: &Known) -> Quantity {
    let label = "critical rate if steps were small: signal over noise";
    let (name, symbol) = ("small_rate", "−2E h/E ĥ²");
    let Some(curvature) = known.curvature else { return plain(name, label, symbol, None) };
    let Some(small) = curvature.small_rate else {
        let mut quantity = plain(name, label, symbol, None);
        "none: the mean curvature is not negative".clone_into(&mut quantity.words);
        return quantity;
    };
    let mut quantity = plain(name, label, symbol, Some(small.rate));
    let exact = known.rates.as_ref().filter(|found| found.coverage == Coverage::Complete);
    let off = match exact.map(|found| found.rates.first()) {
        None => String::new(),
        Some(None) => "; there is no exact one".to_owned(),
        Some(Some(CriticalRate::Root(at) | CriticalRate::Pole { at, .. })) => {
            format!("; {} % off the exact one", number(100.0 * (small.rate / at - 1.0).abs(), 2))
        }
    };
    quantity.method = format!("a step changes z by {} of itself there{off}", number(small.step, 2));
    if small.step > SMALL_STEP {
        quantity.words = format!("{}, not to be trusted: steps are not small", number(small.rate, 4));
    }
    quantity
}

fn limit(name: &'static str, label: &'static str, symbol: &'static str, limit: Option<Limit>) -> Quantity {
    let mut quantity = plain(name, label, symbol, limit.and_then(Limit::rate));
    quantity.words = match limit {
        None => String::new(),
        Some(Limit::Never) => "at no learning rate".to_owned(),
        Some(Limit::Always) => "at every learning rate".to_owned(),
        Some(Limit::Below(rate)) => format!("below λ = {}", number(rate, 4)),
        Some(Limit::Above(rate)) => format!("above λ = {}", number(rate, 4)),
    };
    quantity
}

/// The mean growth of the simulated runs.
fn simulated(runs: Option<&Runs>) -> Quantity {
    let mut quantity = plain("simulated_exponent", "mean growth of the simulated runs", "Λ̂", None);
    quantity.exact = false;
    let Some(runs) = runs else { return quantity };
    if let Some(mean) = runs.mean {
        quantity.value = Some(vec![mean.value]);
        quantity.standard_error = Some(mean.standard_error).filter(|error| error.is_finite());
        if let Some(error) = quantity.standard_error {
            quantity.words = format!("{} ± {}", number(mean.value, 4), number(error, 2));
        }
        quantity.method = format!("mean of {} runs", mean.count);
    } else {
        quantity.value = Some(vec![f64::NEG_INFINITY]);
        quantity.words = format!("−∞: {} of {} runs landed exactly", runs.landed, runs.rates.len());
        quantity.method = format!("mean of {} runs", runs.rates.len());
    }
    quantity
}
