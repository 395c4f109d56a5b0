//! Steps per second of the default simulated map on one core, as a bare number: the native side of
//! `tests/browser/speed.mjs`, which runs the same shards in WebAssembly. `cargo bench --bench map`.

// A benchmark measures time.
#![allow(clippy::disallowed_methods)]

use saddlescope::labs;
use std::hint::black_box;
use std::time::{Duration, Instant};

const LINK: &str = "phases?v=1&layer=exit";
const STEPS: usize = 2000;
const RUNS: usize = 16;
/// Numbers per pixel of the job.
const PER_PIXEL: usize = 7;

fn main() {
    let exhibit = labs::open(LINK).exhibit;
    let job = exhibit.jobs().into_iter().find(|job| job.name == "outcomes").expect("the layer is simulated");
    let spread = |part: u32| 1 + ((f64::from(part) + 0.5) / 12.0 * f64::from(job.shards - 1)) as u32;
    let pass = || -> usize {
        (0..12)
            .map(|part| exhibit.compute("outcomes", spread(part), None).map_or(0, |shard| shard.len()))
            .sum()
    };
    let numbers = pass();
    let mut best = Duration::MAX;
    for _ in 0..8 {
        let start = Instant::now();
        black_box(pass());
        best = best.min(start.elapsed());
    }
    println!("{:.1}", (numbers / PER_PIXEL * STEPS * RUNS) as f64 / best.as_secs_f64() / 1e6);
}
