//! The minima of the loss, and the learning rates up to which SGD stays at them: in mean square, and exactly.
//!
//! Near a minimum δ ← (I − λγ − λĤ) δ + a kick that is 0 only where all samples agree. The product alone decides whether δ has
//! a stationary law (Λ₁ < 0) and whether that has a finite variance (L₂). For single samples the exact limit is had without
//! sampling, from the law of directions; for batches, whose means are too many to list, as the mean over lists of batches.

use super::parameters::Params;
use crate::core::hessian_law::{Factor, HessianLaw};
use crate::core::mean_square::{CriticalRate, MeanSquare};
use crate::core::plane_product::{NoRate, Search, Symmetric};
use crate::core::rng::{Purpose, Stream};
use crate::core::stats;
use crate::labs::direction::cost::SHARD;
use crate::labs::summary::number;
use crate::labs::{Done, Job};
use crate::models::hidden_neuron::Minimum;
use std::rc::Rc;

/// The job of one shard: the minima and their limits in mean square.
pub const JOB: &str = "minima";
/// The jobs of the exact limits, a chain for each minimum.
const LIMITS: [&str; 4] = ["limit-0", "limit-1", "limit-2", "limit-3"];
/// Lists of batches, and batches of a list.
const LISTS: usize = 8;
const BATCHES: usize = 512;
/// Numbers of a minimum in the shard.
const EACH: usize = 6;
/// Exponents of a list that its search is expected to need.
const ASKED: f64 = 20.0;

/// A minimum and its limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The minimum.
    pub minimum: Minimum,
    /// `E‖δ‖²` stays finite below this rate.
    pub mean_square: Option<f64>,
    /// Whether the search for the exact limit is over.
    pub is_searched: bool,
    /// `Λ₁ < 0` below this rate.
    pub exact: Option<f64>,
    /// A bound on its numerical error for single samples, one standard error for batches.
    pub error: f64,
}

impl Limits {
    /// The limit in mean square and the exact one as they are shown, with so many digits.
    pub fn texts(&self, digits: usize) -> [String; 2] {
        let text =
            |rate: Option<f64>, none: &str| rate.map_or_else(|| none.to_owned(), |rate| number(rate, digits));
        [text(self.mean_square, "none"), text(self.exact, if self.is_searched { "none" } else { "…" })]
    }
}

/// Lists that the exact limit is the mean of.
fn lists(p: &Params) -> usize {
    if is_exact(p) { 1 } else { LISTS }
}

/// Whether the limits need no sampling.
pub fn is_exact(p: &Params) -> bool {
    p.batch == 1
}

/// The jobs: the minima first, then the chains.
pub fn jobs(p: &Params, model: &[&'static str]) -> Vec<Job> {
    let job = |name, shards, chain, cost| Job {
        name,
        depends: model.to_vec(),
        shards,
        chain,
        cost,
        on_demand: false,
    };
    let mut jobs = vec![job(JOB, 1, false, 1.6e4 * f64::from(p.samples))];
    jobs.extend(LIMITS.map(|name| job(name, shards(p), true, cost(p))));
    jobs
}

/// Work of a chain, in elementary steps.
fn cost(p: &Params) -> f64 {
    let list = if is_exact(p) { p.samples as usize } else { BATCHES };
    ASKED * Search::step_cost(list) * lists(p) as f64
}

fn shards(p: &Params) -> u32 {
    (cost(p) / SHARD).ceil() as u32
}

/// The minimum of a chain.
pub fn place(job: &str) -> Option<usize> {
    LIMITS.iter().position(|name| *name == job)
}

/// The shard of [`JOB`]: the numbers of each minimum, the one of least loss first.
pub fn compute(p: &Params) -> Vec<f64> {
    let data = p.data();
    let minima = data.minima(p.activation);
    let numbers = |minimum: &Minimum| {
        let Minimum { at, loss, curvatures } = *minimum;
        [at.0, at.1, loss, curvatures[0], curvatures[1], mean_square(p, at)]
    };
    minima.iter().take(LIMITS.len()).flat_map(numbers).collect()
}

/// The rate below which the variance at a minimum is finite; NaN if there is none.
fn mean_square(p: &Params, at: (f64, f64)) -> f64 {
    let data = p.data();
    let each: Vec<f64> =
        (0..data.x.len()).flat_map(|sample| data.hessian(p.activation, at, sample)).collect();
    HessianLaw::matrices(2, each).ok().map_or(f64::NAN, |law| {
        match MeanSquare::new(&law).critical_rate(p.decay, &Factor::sgd(1.0, p.decay, p.batch)) {
            CriticalRate::Rate(rate) => rate,
            CriticalRate::None | CriticalRate::Unlimited => f64::NAN,
        }
    })
}

/// How far the search for an exact limit has come.
#[derive(Clone, Debug, Default, PartialEq)]
struct Found {
    at: (f64, f64),
    mean_square: f64,
    /// The rate of each list that is done, and its error; NaN where there is none.
    rates: Vec<[f64; 2]>,
    /// The exponents found for the list at hand.
    values: Vec<f64>,
}

impl Found {
    fn read(numbers: &[f64]) -> Option<Self> {
        let ([u, w, mean_square, done], rest) = numbers.split_first_chunk()?;
        let (rates, values) = rest.split_at_checked(2 * *done as usize)?;
        Some(Self {
            at: (*u, *w),
            mean_square: *mean_square,
            rates: rates.as_chunks().0.to_vec(),
            values: values.to_vec(),
        })
    }

    fn numbers(&self) -> Vec<f64> {
        let head = [self.at.0, self.at.1, self.mean_square, self.rates.len() as f64];
        [&head, self.rates.as_flattened(), &self.values].concat()
    }

    /// Goes on for so much work.
    fn advance(&mut self, p: &Params, work: f64) {
        let data = p.data();
        let hessian = |sample| {
            let [a, b, _, c] = data.hessian(p.activation, self.at, sample);
            (a, b, c)
        };
        let each: Vec<Symmetric> = (0..data.x.len()).map(hessian).collect();
        let mut left = work;
        while self.rates.len() < lists(p) && left > 0.0 {
            let (list, before) = (self.rates.len() as u32, self.values.len());
            let list = if is_exact(p) { each.clone() } else { batches(p, &each, list) };
            let found = Search::new(&list, p.decay, self.mean_square).advance(&mut self.values, left);
            left -= (self.values.len() - before) as f64 * Search::step_cost(list.len());
            let (rate, error) = match found {
                Ok(found) => found,
                Err(NoRate::Absent) => (f64::NAN, f64::NAN),
                Err(NoRate::Unfinished) => return,
            };
            self.rates.push([rate, error]);
            self.values.clear();
        }
    }
}

/// One shard of a minimum's chain: the search's state, empty if there is no such minimum or no limit in mean square. The last shard
/// does what is left. Without the shard before it the chain begins anew: the result is the same.
pub fn compute_limit(p: &Params, minimum: usize, shard: u32, previous: Option<&[f64]>) -> Vec<f64> {
    let before = match (shard.checked_sub(1), previous) {
        (None, _) => start(p, minimum),
        (_, Some(numbers)) => Found::read(numbers),
        (Some(shard), None) => Found::read(&compute_limit(p, minimum, shard, None)),
    };
    let Some(mut found) = before else { return Vec::new() };
    found.advance(p, if shard + 1 < shards(p) { SHARD } else { f64::INFINITY });
    found.numbers()
}

fn start(p: &Params, minimum: usize) -> Option<Found> {
    let at = p.data().minima(p.activation).get(minimum)?.at;
    let mean_square = mean_square(p, at);
    mean_square.is_finite().then(|| Found { at, mean_square, ..Found::default() })
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

/// The minima, once they are there; their exact limits follow.
pub fn known(done: &Done) -> Rc<Option<Vec<Limits>>> {
    let jobs = [&[JOB], LIMITS.as_slice()].concat();
    done.made("minima", &jobs, "", || {
        let numbers = done.shards(JOB).first()?.as_deref()?.as_chunks().0;
        Some(numbers.iter().zip(LIMITS).map(|(numbers, limit)| read(numbers, done, limit)).collect())
    })
}

/// One minimum; the exact limit only if every list has one.
fn read(&[u, w, loss, low, high, square]: &[f64; EACH], done: &Done, limit: &str) -> Limits {
    let some = |value: f64| Some(value).filter(|value| value.is_finite());
    let last = done.shards(limit).last().filter(|_| done.complete(limit));
    let found = last.and_then(|numbers| Found::read(numbers.as_deref()?));
    let (exact, error) = match found.as_ref().map(|found| found.rates.as_slice()) {
        None => (f64::NAN, f64::NAN),
        Some(&[[rate, error]]) => (rate, error),
        Some(rates) => {
            let mean = stats::mean(&rates.iter().map(|[rate, _]| *rate).collect::<Vec<_>>());
            (mean.value, mean.standard_error)
        }
    };
    Limits {
        minimum: Minimum { at: (u, w), loss, curvatures: [low, high] },
        mean_square: some(square),
        is_searched: last.is_some(),
        exact: some(exact),
        error,
    }
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
