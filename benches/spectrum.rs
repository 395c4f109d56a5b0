//! Steps per second of the run of the lab `spectrum` at eight dimensions on one core, as a bare number: the native side of
//! `tests/browser/spectrum-speed.mjs`, which runs the same shards in WebAssembly. `cargo bench --bench spectrum`.

// A benchmark measures time.
#![allow(clippy::disallowed_methods)]

use saddlescope::labs;
use std::hint::black_box;
use std::time::{Duration, Instant};

const LINK: &str = "spectrum?v=1&dim=8&steps=100000";

fn main() {
    let exhibit = labs::open(LINK).exhibit;
    let job = exhibit.jobs().into_iter().find(|job| job.name == "run").expect("every state has a run");
    let pass = || {
        let mut state: Option<Vec<f64>> = None;
        for shard in 0..job.shards {
            state = exhibit.compute("run", shard, state.as_deref()).ok();
        }
        state
    };
    let state = pass().expect("the shards exist");
    let steps = saddlescope::core::matrix_product::Chain::read(8, &state).expect("a state").steps();
    let mut best = Duration::MAX;
    for _ in 0..8 {
        let start = Instant::now();
        black_box(pass());
        best = best.min(start.elapsed());
    }
    println!("{:.0}", steps as f64 / best.as_secs_f64());
}
