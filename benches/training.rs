//! Training a network on the digits on one core, samples per second as bare numbers at batch sizes 1 and 8: the native side of
//! `tests/browser/training-speed.mjs`, which runs the same shards in WebAssembly. `cargo bench --bench training`.

// A benchmark measures time.
#![allow(clippy::disallowed_methods)]

use saddlescope::labs;
use saddlescope::params::content;
use std::hint::black_box;
use std::time::{Duration, Instant};

const JOB: &str = "run-0-rate-1";
const TRAINED: f64 = 1500.0;
const EPOCHS: f64 = 4.0;

fn main() {
    let file = include_bytes!("../www/assets/digits.bin");
    content::keep_bytes(file.as_slice().into());
    for batch in [1, 8] {
        let link = format!("network?v=1&batch={batch}&epochs={EPOCHS}&rates=3&runs=1&noise=0&decay=0");
        let exhibit = labs::open(&link).exhibit;
        let job = exhibit.jobs().into_iter().find(|job| job.name == JOB).expect("every state has its runs");
        // the last shard looks at the network, the others train
        let pass = || {
            let mut state: Option<Vec<f64>> = None;
            for shard in 0..job.shards - 1 {
                state = exhibit.compute(JOB, shard, state.as_deref()).ok();
            }
            state
        };
        black_box(pass());
        let mut best = Duration::MAX;
        for _ in 0..40 {
            let start = Instant::now();
            black_box(pass());
            best = best.min(start.elapsed());
        }
        println!("{:.0}", EPOCHS * TRAINED / best.as_secs_f64());
    }
}
