//! The minima of the loss, and the learning rates up to which SGD stays at them: in mean square, and exactly.
//!
//! Near a minimum δ ← (I − λγ − λĤ) δ + a kick that is 0 only where all samples agree. The product alone decides whether δ has
//! a stationary law (Λ₁ < 0) and whether that has a finite variance (L₂). For single samples the exact limit is had without
//! sampling, from the law of directions; for batches, whose means are too many to list, as the mean over lists of batches.

use super::parameters::Params;
use crate::core::hessian_law::{Factor, HessianLaw};
use crate::core::mean_square::{CriticalRate, MeanSquare};
use crate::core::plane_product::{Symmetric, critical_rate};
use crate::core::rng::{Purpose, Stream};
use crate::core::stats;
use crate::labs::Done;
use crate::models::hidden_neuron::{Minimum, Samples};
use std::rc::Rc;

/// The job, a shard for each minimum and list.
pub const JOB: &str = "minima";
/// Most minima shown.
pub const MOST: u32 = 4;
/// Lists of batches, and batches of a list.
const LISTS: u32 = 8;
const BATCHES: usize = 512;
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
    /// A bound on its numerical error for single samples, one standard error for batches.
    pub error: f64,
}

/// Lists that the exact limit is the mean of.
fn lists(p: &Params) -> u32 {
    if is_exact(p) { 1 } else { LISTS }
}

/// Whether the limits need no sampling.
pub fn is_exact(p: &Params) -> bool {
    p.batch == 1
}

/// Number of shards: every minimum with its first list, then with more.
pub fn shards(p: &Params) -> u32 {
    MOST * lists(p)
}

/// One shard: the numbers of a minimum from one list, the minimum of least loss first; empty if there is none.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let data = p.data();
    let minima = data.minima(p.activation);
    let (minimum, list) = (shard % MOST, shard / MOST);
    minima.get(minimum as usize).map_or_else(Vec::new, |minimum| limits(p, &data, minimum, list).to_vec())
}

/// Work of all shards, in elementary steps.
pub fn cost(p: &Params) -> f64 {
    let count = if is_exact(p) { f64::from(p.samples) } else { BATCHES as f64 };
    f64::from(shards(p)) * (1.6e4 * f64::from(p.samples) + count * 128.0 * 16.0 * 40.0 + 8e7)
}

fn limits(p: &Params, data: &Samples, minimum: &Minimum, list: u32) -> [f64; EACH] {
    let Minimum { at, loss, curvatures } = *minimum;
    let entries: Vec<f64> =
        (0..data.x.len()).flat_map(|sample| data.hessian(p.activation, at, sample)).collect();
    let each: Vec<Symmetric> = entries.as_chunks().0.iter().map(|&[a, b, _, c]| (a, b, c)).collect();
    let square = HessianLaw::matrices(2, entries).ok().map_or(f64::NAN, |law| {
        match MeanSquare::new(&law).critical_rate(p.decay, &Factor::sgd(1.0, p.decay, p.batch)) {
            CriticalRate::Rate(rate) => rate,
            CriticalRate::None | CriticalRate::Unlimited => f64::NAN,
        }
    });
    let list = if is_exact(p) { each } else { batches(p, &each, list) };
    let found =
        Some(square).filter(|square| square.is_finite()).and_then(|s| critical_rate(&list, p.decay, s));
    let (exact, error) = found.unwrap_or((f64::NAN, f64::NAN));
    [at.0, at.1, loss, curvatures[0], curvatures[1], square, exact, error]
}

/// Means of batches in which every sample occurs equally often, up to one: their mean is that of the data.
fn batches(p: &Params, each: &[Symmetric], list: u32) -> Vec<Symmetric> {
    let size = p.batch as usize;
    let mut chosen: Vec<usize> = (0..BATCHES * size).map(|place| place % each.len()).collect();
    let mut stream = Stream::new(Purpose::Product, p.seed, 0, list);
    for place in (1..chosen.len()).rev() {
        chosen.swap(place, (stream.unit() * (place + 1) as f64) as usize);
    }
    let mean = |batch: &[usize]| {
        let sum = batch.iter().map(|&sample| each[sample]);
        let (a, b, c) = sum.fold((0.0, 0.0, 0.0), |s, h| (s.0 + h.0, s.1 + h.1, s.2 + h.2));
        (a / size as f64, b / size as f64, c / size as f64)
    };
    chosen.chunks_exact(size).map(mean).collect()
}

/// The minima, once they are there.
pub fn known(done: &Done) -> Rc<Option<Vec<Limits>>> {
    done.made("minima", &[JOB], "", || {
        let shards = done.shards(JOB);
        if !done.complete(JOB) {
            return None;
        }
        let of = |minimum: usize| {
            let lists = shards.iter().flatten().skip(minimum).step_by(MOST as usize);
            read(&lists.filter_map(|numbers| numbers.first_chunk()).collect::<Vec<_>>())
        };
        Some((0..MOST as usize).filter_map(of).collect())
    })
}

/// One minimum from its lists; the exact limit only if every list has one.
fn read(lists: &[&[f64; EACH]]) -> Option<Limits> {
    let &&[u, w, loss, low, high, square, exact, error] = lists.first()?;
    let some = |value: f64| Some(value).filter(|value| value.is_finite());
    let (exact, error) = if lists.len() == 1 {
        (exact, error)
    } else {
        let mean = stats::mean(&lists.iter().map(|numbers| numbers[6]).collect::<Vec<_>>());
        (mean.value, mean.standard_error)
    };
    Some(Limits {
        minimum: Minimum { at: (u, w), loss, curvatures: [low, high] },
        mean_square: some(square),
        exact: some(exact),
        error,
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
