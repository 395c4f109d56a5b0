//! The minima of the loss, and the learning rates up to which SGD stays at them: in mean square, and exactly.
//!
//! Near a minimum δ ← (I − λγ − λĤ) δ + a kick that is 0 only where all samples agree. The product alone decides whether δ has
//! a stationary law (Λ₁ < 0) and whether that has a finite variance (L₂). The exact limit is the rate at which the simulated Λ₁,
//! with the same random numbers at every rate, changes sign: the last time below where it is above 0 for certain.

use super::parameters::Params;
use crate::core::hessian_law::{Factor, HessianLaw};
use crate::core::matrix_product::{Chain, Product, UNIT};
use crate::core::mean_square::{CriticalRate, MeanSquare};
use crate::labs::Done;
use crate::models::hidden_neuron::{Minimum, Samples};
use std::rc::Rc;

/// The job, a shard for each minimum.
pub const JOB: &str = "minima";
/// Most minima shown.
pub const MOST: u32 = 4;
/// Samples drawn by the product at each rate; its steps are as many over the batch size.
const DRAWS: u32 = 16_384;
/// Halvings of the interval that holds the exact limit.
const HALVINGS: u32 = 8;
/// An exponent is above 0 for certain if it is by so many standard errors.
const CERTAIN: f64 = 2.0;
/// Steps from there down to the limit.
const DOWN: f64 = 0.95;
/// Numbers of a minimum in the shard.
const EACH: usize = 8;

/// A minimum and its limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The minimum.
    pub minimum: Minimum,
    /// `E‖δ‖²` stays finite below this rate.
    pub mean_square: Option<f64>,
    /// `Λ₁ < 0` below this rate.
    pub exact: Option<f64>,
    /// One standard error of it.
    pub error: f64,
}

/// One shard: the numbers of a minimum, the one of least loss first; empty if there is none.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let data = p.data();
    let minima = data.minima(p.activation);
    minima.get(shard as usize).map_or_else(Vec::new, |minimum| limits(p, &data, minimum).to_vec())
}

/// Work of all shards, in elementary steps.
pub fn cost(p: &Params) -> f64 {
    let rates = f64::from(HALVINGS) + 8.0;
    f64::from(MOST)
        * (f64::from(steps(p)) * rates * (25.0 + 8.0 * f64::from(p.batch)) + 1.6e4 * f64::from(p.samples))
}

fn limits(p: &Params, data: &Samples, minimum: &Minimum) -> [f64; EACH] {
    let Minimum { at, loss, curvatures } = *minimum;
    let entries: Vec<f64> =
        (0..data.x.len()).flat_map(|sample| data.hessian(p.activation, at, sample)).collect();
    let known = HessianLaw::matrices(2, entries).ok().map(|law| {
        let square = match MeanSquare::new(&law).critical_rate(p.decay, &Factor::sgd(1.0, p.decay, p.batch)) {
            CriticalRate::Rate(rate) => rate,
            CriticalRate::None | CriticalRate::Unlimited => f64::NAN,
        };
        let product = Product::new(law, Factor::sgd(1.0, p.decay, p.batch), p.seed);
        (square, exact(p, &product, square))
    });
    let (square, (exact, error)) = known.unwrap_or((f64::NAN, (f64::NAN, f64::NAN)));
    [at.0, at.1, loss, curvatures[0], curvatures[1], square, exact, error]
}

/// Steps of the product at each rate.
fn steps(p: &Params) -> u32 {
    (DRAWS / p.batch).max(2048) / UNIT * UNIT
}

/// `Λ₁` at a rate with its standard error.
fn top(p: &Params, product: &Product, rate: f64) -> (f64, f64) {
    let product = product.with(Factor::sgd(rate, p.decay, p.batch));
    let plan = product.plan(steps(p));
    let mut chain = Chain::start(&product, &plan, p.seed, 0);
    chain.advance(steps(p) / UNIT);
    let top = chain.spectrum().exponents[0];
    (top.value, top.standard_error)
}

/// The rate at which `Λ₁` changes sign, above the limit in mean square; and its standard error.
fn exact(p: &Params, product: &Product, square: f64) -> (f64, f64) {
    if square.is_nan() {
        return (f64::NAN, f64::NAN);
    }
    // beside a flat direction Λ₁ is negative but smaller than its error up to near the limit: a sign that chance may have given
    // moves nothing
    let above = |rate: f64| {
        let (value, error) = top(p, product, rate);
        value > CERTAIN * error
    };
    let (mut low, mut high) = (square, 2.0 * square);
    for _ in 0..8 {
        if above(high) {
            break;
        }
        (low, high) = (high, 2.0 * high);
    }
    for _ in 0..HALVINGS {
        let middle = (low * high).sqrt();
        if above(middle) { high = middle } else { low = middle }
    }
    // down from where the sign is certain to where it changes
    let (mut after, mut before) = ((high, top(p, product, high).0), (high, f64::INFINITY));
    while before.1 > 0.0 && before.0 > square {
        if before.1.is_finite() {
            after = before;
        }
        let rate = (DOWN * after.0).max(square);
        before = (rate, top(p, product, rate).0);
    }
    let part = (before.1 / (before.1 - after.1)).clamp(0.0, 1.0);
    let rate = before.0 + part * (after.0 - before.0);
    // the slope over a range that noise does not fill
    let ends = (0.9 * rate, 1.1 * rate);
    let slope = (top(p, product, ends.1).0 - top(p, product, ends.0).0) / (ends.1 - ends.0);
    (rate, top(p, product, rate).1 / slope.abs())
}

/// The minima, once they are there.
pub fn known(done: &Done) -> Rc<Option<Vec<Limits>>> {
    done.made("minima", &[JOB], "", || {
        let shards = done.shards(JOB);
        if !done.complete(JOB) {
            return None;
        }
        let some = |value: f64| Some(value).filter(|value| value.is_finite());
        let read = |&[u, w, loss, low, high, square, exact, error]: &[f64; EACH]| Limits {
            minimum: Minimum { at: (u, w), loss, curvatures: [low, high] },
            mean_square: some(square),
            exact: some(exact),
            error,
        };
        Some(shards.iter().flatten().flat_map(|shard| shard.as_chunks().0).map(read).collect())
    })
}

/// Whether a place has the correct sign: that of `uw` at the minimum of least loss.
pub fn is_correct(minima: &[Limits], (u, w): (f64, f64)) -> bool {
    let sign = minima.first().map_or(1.0, |best| (best.minimum.at.0 * best.minimum.at.1).signum());
    sign * u * w > 0.0
}

/// What a minimum is called: by its loss and, where two differ, by its curvature.
pub fn name(minima: &[Limits], index: usize) -> String {
    let Limits { minimum, .. } = minima[index];
    let sign = if is_correct(minima, minimum.at) { "correct" } else { "wrong" };
    let trace = |one: &Limits| one.minimum.curvatures.iter().sum::<f64>();
    let others: Vec<f64> =
        minima.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, one)| trace(one)).collect();
    let own = trace(&minima[index]);
    if !others.is_empty() && others.iter().all(|other| own > 1.05 * other) {
        format!("{sign}, sharp")
    } else if !others.is_empty() && others.iter().all(|other| own < other / 1.05) {
        format!("{sign}, flat")
    } else {
        sign.to_owned()
    }
}
