//! The simulated map: nonlinear SGD at every pixel, where it first leaves and where it ends, and what linear
//! theory fixes about it.
//!
//! Shard 0 of the job `outcomes` is the whole picture on a coarse grid; the others are ranges of pixels of the
//! fine one. Every pixel has its own stream, so the numbers do not depend on the split.

use super::map;
use super::parameters::Params;
use super::plane::Plane;
use super::work;
use crate::core::decided::{Forecast, forecast};
use crate::core::sgd::{self, Outcomes, Setting};
use std::ops::Range;

/// Pixels along each side of the finished simulated map.
pub const SIDE: usize = 256;
/// Pixels along each side of the coarse one.
pub const COARSE: usize = 32;
/// Numbers per pixel of the job `outcomes`.
pub const PER_PIXEL: usize = 7;

/// A run has left when its distance has grown by this factor.
const EXIT_RATIO: f64 = 1e8;
/// Streams of the coarse picture are not those of the fine one.
const COARSE_ITEMS: u64 = 1 << 32;

/// Work of the whole fine map, in elementary steps; it does not depend on where the point is.
pub fn cost(p: &Params) -> f64 {
    let per_step = work::far_corner(p).sgd.sampler().map_or(1.0, |sampler| sampler.cost());
    // Replicas run in blocks of 16.
    let runs = 16.0 * f64::from(p.replicas.div_ceil(16));
    (SIDE * SIDE) as f64 * runs * f64::from(p.steps) * per_step
}

/// Shards of the job `outcomes`.
pub fn shards(p: &Params) -> u32 {
    1 + (cost(p) / work::SHARD).ceil().clamp(8.0, (SIDE * SIDE) as f64) as u32
}

/// The pixels of part `part` of `parts`.
pub fn pixels_of(part: u32, parts: u32) -> Range<usize> {
    let edge = |part: u32| SIDE * SIDE * part as usize / parts as usize;
    edge(part)..edge(part + 1)
}

/// One shard of the job `outcomes`.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let plane = Plane::of(p);
    if shard == 0 {
        return (0..COARSE * COARSE)
            .flat_map(|pixel| outcome(p, &plane, COARSE, pixel, COARSE_ITEMS))
            .collect();
    }
    pixels_of(shard - 1, shards(p) - 1).flat_map(|pixel| outcome(p, &plane, SIDE, pixel, 0)).collect()
}

fn place(p: &Params, plane: &Plane, side: usize, pixel: usize) -> Params {
    let (x, y) = (map::centre(pixel % side, side), map::centre(pixel / side, side));
    plane.at(p, plane.x.at(x), plane.y.at(y))
}

/// First exits with `uw > 0`, `uw < 0`, none; then ends: collapsed, `uw > 0`, `uw < 0`, diverged.
fn outcome(p: &Params, plane: &Plane, side: usize, pixel: usize, items: u64) -> [f64; PER_PIXEL] {
    let there = place(p, plane, side, pixel);
    let Some(sampler) = there.sgd.sampler() else { return [f64::NAN; PER_PIXEL] };
    let setting = Setting {
        rate: there.sgd.lr,
        decay: there.sgd.decay,
        steps: p.steps,
        start: p.init,
        exit_ratio: EXIT_RATIO,
        floor: p.init,
    };
    let Outcomes { exit_plus, exit_minus, exit_none, collapsed, plus, minus, diverged } =
        sgd::outcomes(&sampler, &setting, p.sgd.seed, items + pixel as u64, p.replicas);
    [exit_plus, exit_minus, exit_none, collapsed, plus, minus, diverged].map(f64::from)
}

/// Shards of the job `theory`.
pub fn theory_shards(p: &Params) -> u32 {
    (theory_cost(p) / work::SHARD).ceil().clamp(8.0, (SIDE * SIDE) as f64) as u32
}

/// Work of the job `theory`, in elementary steps.
pub fn theory_cost(p: &Params) -> f64 {
    work::forecast(p, (SIDE * SIDE) as f64)
}

/// One shard of the job `theory`: what the linear theory forecasts at each pixel, as the number of the
/// [`Forecast`]; −1 − (that of the same pixel at infinite time) where it is undecided; NaN without a law.
pub fn theory(p: &Params, shard: u32) -> Vec<f64> {
    let plane = Plane::of(p);
    pixels_of(shard, theory_shards(p))
        .map(|pixel| {
            let there = place(p, &plane, SIDE, pixel);
            let Some(batch) = there.sgd.batch_law() else { return f64::NAN };
            match forecast(&batch, there.sgd.lr, there.sgd.decay, p.steps, EXIT_RATIO) {
                Forecast::Undecided => -1.0 - f64::from(eventual(&batch, &there) as u8),
                decided => f64::from(decided as u8),
            }
        })
        .collect()
}

/// What linear theory says of infinite time and distance.
fn eventual(batch: &crate::core::curvature::BatchLaw, there: &Params) -> Forecast {
    let (offset, rate) = (1.0 - there.sgd.lr * there.sgd.decay, there.sgd.lr);
    match (batch.exponent(offset, rate).value > 0.0, batch.exponent(offset, -rate).value > 0.0) {
        (true, true) => Forecast::Leaves,
        (true, false) => Forecast::Plus,
        (false, true) => Forecast::Minus,
        (false, false) => Forecast::Stays,
    }
}
