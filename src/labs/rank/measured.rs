//! The measured rank at every pixel: training runs in shards, coarse to fine, and the map assembled from them.
//!
//! A run has 60 equal stretches; its rank is looked at after each of the last 15, because near a boundary modes burst on and
//! off. The rank of a pixel is the median over its runs and those looks. Pixels are taken in an order whose beginnings are
//! coarser maps; every run has its own stream, so the numbers do not depend on how they are cut into shards.

use super::parameters::{Params, Plane};
use crate::labs::Done;
use crate::labs::direction::cost::SHARD;
use crate::models::modes::{self, singular_values};
use std::ops::Range;
use std::rc::Rc;

/// The name of the job.
pub const JOB: &str = "measured";
/// Stretches of a run, and how many of them, the last ones, count.
pub const STRETCHES: u32 = 60;
/// Looks at the rank of a run.
pub const LOOKS: u32 = 15;
/// A singular value counts if it is above this part of the largest …
const OF_LARGEST: f64 = 1e-3;
/// … and above this.
pub const LEAST: f64 = 1e-6;
/// The coarser maps: a pixel of which columns and rows, of how many.
const COARSER: [(usize, usize); 4] = [(8, 3), (4, 3), (2, 1), (1, 0)];
/// Work besides the steps of a run: its looks, in elementary steps a mode³.
const LOOK: f64 = 60.0;

/// The number of singular values (descending) that count.
pub fn rank(values: &[f64]) -> usize {
    let largest = values.first().copied().unwrap_or(0.0);
    values.iter().filter(|value| **value > OF_LARGEST * largest && **value > LEAST).count()
}

/// The steps after which the rank of a run is looked at.
pub fn looks(steps: u32) -> Vec<u32> {
    let time = |stretch: u32| (u64::from(steps) * u64::from(stretch) / u64::from(STRETCHES)) as u32;
    (STRETCHES - LOOKS + 1..=STRETCHES).map(time).collect()
}

fn run_cost(p: &Params) -> f64 {
    let step = modes::step_cost(p.modes(), p.teacher(p.noise).inputs, &p.training(p.lr));
    let cube = (p.modes() * p.modes() * p.modes()) as f64;
    f64::from(p.steps) * step + f64::from(LOOKS) * LOOK * cube
}

/// Work of the whole map, in elementary steps.
pub fn cost(p: &Params) -> f64 {
    runs(p) as f64 * run_cost(p)
}

fn runs(p: &Params) -> usize {
    p.pixels.side() * p.pixels.side() * p.replicas as usize
}

/// Number of shards.
pub fn shards(p: &Params) -> u32 {
    (cost(p) / SHARD).ceil().clamp(16.0, runs(p) as f64) as u32
}

/// The runs of a shard, counted pixel by pixel in the order of [`order`].
fn part(p: &Params, shard: u32) -> Range<usize> {
    let edge = |shard: u32| runs(p) * shard as usize / shards(p) as usize;
    edge(shard)..edge(shard + 1)
}

/// The pixels, numbered row by row from the bottom, those of coarser maps first.
pub fn order(side: usize) -> Vec<usize> {
    let level = |pixel: usize| {
        let on =
            |(step, place): &(usize, usize)| pixel % side % step == *place && pixel / side % step == *place;
        COARSER.iter().position(on).unwrap_or_default()
    };
    (0..COARSER.len()).flat_map(|at| (0..side * side).filter(move |pixel| level(*pixel) == at)).collect()
}

/// One shard: for each of its runs how many looks found the rank 0, 1, …; NaN if it has diverged.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let (plane, side, replicas) = (Plane::of(p), p.pixels.side(), p.replicas as usize);
    let order = order(side);
    let times = looks(p.steps);
    part(p, shard)
        .flat_map(|run| {
            let pixel = order[run / replicas];
            let centre = |index: usize| (index as f64 + 0.5) / side as f64;
            let (rate, noise) = (plane.x.at(centre(pixel % side)), plane.y.at(centre(pixel / side)));
            let stream = (pixel as u64, (run % replicas) as u32);
            let values = singular_values(&p.teacher(noise), &p.training(rate), &times, p.seed, stream);
            counts(p, &values)
        })
        .collect()
}

/// How many looks found each rank; NaN if the run has diverged.
fn counts(p: &Params, values: &[f64]) -> Vec<f64> {
    let mut counts = vec![0.0; p.most_rank() + 1];
    if values.iter().any(|value| value.is_nan()) {
        counts.fill(f64::NAN);
        return counts;
    }
    for look in values.chunks_exact(p.modes()) {
        counts[rank(look).min(p.most_rank())] += 1.0;
    }
    counts
}

/// What is known of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Not all of its runs are there.
    Unknown,
    /// At least one run has diverged.
    Diverged,
    /// The median rank.
    Rank(usize),
}

/// The outcome of runs, each given by its counts.
pub fn outcome<'a>(runs: impl Iterator<Item = &'a [f64]>, ranks: usize) -> Outcome {
    let mut sums = vec![0.0; ranks];
    for counts in runs {
        sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    let all: f64 = sums.iter().sum();
    if all.is_nan() {
        return Outcome::Diverged;
    }
    let mut below = 0.0;
    for (rank, sum) in sums.iter().enumerate() {
        below += sum;
        // the lower one of two middle looks
        if 2.0 * below >= all {
            return Outcome::Rank(rank);
        }
    }
    Outcome::Unknown
}

/// The map of what is there.
pub struct Measured {
    /// Pixels along each side.
    pub side: usize,
    /// Row by row from the bottom.
    pub outcomes: Vec<Outcome>,
    /// Runs that have diverged, of all that are there.
    pub lost: u32,
}

impl Measured {
    /// The map; `None` if nothing is there.
    pub fn made(p: &Params, done: &Done) -> Rc<Option<Measured>> {
        done.made("measured-map", &[JOB], "", || Self::assemble(p, done))
    }

    fn assemble(p: &Params, done: &Done) -> Option<Measured> {
        let shards = done.shards(JOB);
        if shards.iter().all(Option::is_none) {
            return None;
        }
        let (side, replicas, ranks) = (p.pixels.side(), p.replicas as usize, p.most_rank() + 1);
        let mut found: Vec<Option<&[f64]>> = vec![None; runs(p)];
        for (index, shard) in shards.iter().enumerate() {
            let runs = shard.iter().flat_map(|shard| shard.chunks_exact(ranks));
            for (run, counts) in part(p, index as u32).zip(runs) {
                found[run] = Some(counts);
            }
        }
        let mut outcomes = vec![Outcome::Unknown; side * side];
        for (pixel, runs) in order(side).into_iter().zip(found.chunks_exact(replicas)) {
            if runs.iter().all(Option::is_some) {
                outcomes[pixel] = outcome(runs.iter().flatten().copied(), ranks);
            }
        }
        let lost = found.iter().flatten().filter(|counts| counts.iter().any(|count| count.is_nan())).count();
        Some(Measured { side, outcomes, lost: lost as u32 })
    }

    /// What is known at a pixel, from the finest map that has it.
    pub fn shown(&self, pixel: usize) -> Outcome {
        let (column, row) = (pixel % self.side, pixel / self.side);
        let mut found = Outcome::Unknown;
        for (step, place) in COARSER.iter().rev() {
            let at = |index: usize| index / step * step + place;
            found = self.outcomes[at(row) * self.side + at(column)];
            if found != Outcome::Unknown {
                break;
            }
        }
        found
    }

    /// Position of the pixel at these fractions of the axes.
    pub fn index(&self, x: f64, y: f64) -> usize {
        let pixel = |fraction: f64| ((fraction * self.side as f64) as usize).min(self.side - 1);
        pixel(y) * self.side + pixel(x)
    }

    /// Whether every pixel is there.
    pub fn is_whole(&self) -> bool {
        !self.outcomes.contains(&Outcome::Unknown)
    }
}
