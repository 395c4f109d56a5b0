//! Runs at learning rates across the axis, a job for each so that they run side by side.

use super::parameters::{Exponents, Params, rates};
use super::rules::unit_cost;
use super::run::{self, Run, Schedule};
use crate::core::matrix_product::Verdict;
use crate::labs::Done;
use std::rc::Rc;

/// The jobs' names, by their place on the axis.
pub const NAMES: [&str; 24] = [
    "sweep-1", "sweep-2", "sweep-3", "sweep-4", "sweep-5", "sweep-6", "sweep-7", "sweep-8", "sweep-9",
    "sweep-10", "sweep-11", "sweep-12", "sweep-13", "sweep-14", "sweep-15", "sweep-16", "sweep-17",
    "sweep-18", "sweep-19", "sweep-20", "sweep-21", "sweep-22", "sweep-23", "sweep-24",
];

/// How many learning rates where a step is much work.
const FEW: u64 = 8;

/// Level of the error bars.
pub const BARS: f64 = 0.05;

/// How many learning rates; fewer where a step is much work.
pub fn count(p: &Params) -> usize {
    let dim = if p.exponents == Exponents::All { p.dimension() } else { 1 };
    match dim {
        _ if !p.is_sgd() => 0,
        0..=8 => 24,
        9..=20 => 16,
        _ => FEW as usize,
    }
}

/// All of them together take four times the steps of the run at the point, or as many where a step is much work.
pub fn schedule(p: &Params) -> Schedule {
    let count = count(p) as u64;
    let steps = u64::from(p.steps) * if count > FEW { 4 } else { 1 } / count.max(1);
    Schedule::new(steps.clamp(10, u64::from(u32::MAX)) as u32, unit_cost(p))
}

/// The places on the axis in the order in which they are computed, the picture coarse at first.
pub fn order(p: &Params) -> Vec<usize> {
    let count = count(p);
    let strides = [8, 4, 2, 1];
    let mut order = Vec::new();
    for stride in strides {
        order.extend((stride / 2..count).step_by(stride).filter(|k| !order.contains(k)).collect::<Vec<_>>());
    }
    order
}

/// The learning rate of a place: in the middle of its part of the axis.
pub fn rate(p: &Params, place: usize) -> f64 {
    rates(p).at((place as f64 + 0.5) / count(p) as f64)
}

/// The ends of a place's part of the axis.
pub fn cell(p: &Params, place: usize) -> (f64, f64) {
    let (axis, count) = (rates(p), count(p) as f64);
    (axis.at(place as f64 / count), axis.at((place + 1) as f64 / count))
}

/// One shard of one of the jobs; `None` if there is no such job.
pub fn compute(p: &Params, job: &str, shard: u32, previous: Option<&[f64]>) -> Option<Vec<f64>> {
    let place = NAMES[..count(p)].iter().position(|name| *name == job)?;
    Some(run::compute(p, rate(p, place), place as u32 + 1, &schedule(p), shard, previous))
}

/// What a run of the sweep says.
pub struct Place {
    /// Where it stands on the axis.
    pub place: usize,
    /// Its learning rate.
    pub rate: f64,
    /// Its run.
    pub run: Run,
    /// Standard errors in half an error bar.
    pub score: f64,
    /// The verdict at 99 %.
    pub verdict: Verdict,
}

/// The runs that say something already, by learning rate.
pub fn made(p: &Params, done: &Done) -> Rc<Vec<Place>> {
    let names = &NAMES[..count(p)];
    let detail = format!("{:?}", schedule(p));
    done.made("sweep", names, &detail, || {
        let schedule = schedule(p);
        let one = |(place, name): (usize, &&str)| {
            let run = run::read(p, &schedule, done.shards(name), false)?;
            let (score, verdict) = (run.spectrum.score(BARS), run.verdict());
            Some(Place { place, rate: rate(p, place), run, score, verdict })
        };
        names.iter().enumerate().filter_map(one).collect()
    })
}
