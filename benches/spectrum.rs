//! The run of the lab `spectrum` on one core, as bare numbers: steps per second at eight dimensions; milliseconds and shards until the
//! first exponent of 500 matrices 20 × 20 is known to 10⁻³. The native side of `tests/browser/spectrum-speed.mjs`, which runs the same
//! shards in WebAssembly. `cargo bench --bench spectrum`.

// A benchmark measures time.
#![allow(clippy::disallowed_methods)]

use saddlescope::core::matrix_product::Chain;
use saddlescope::labs::{self, Exhibit};
use saddlescope::params::Data;
use saddlescope::params::data::Shape;
use std::hint::black_box;
use std::time::{Duration, Instant};

const LINK: &str = "spectrum?v=1&dim=8&steps=100000";
const MATRICES: usize = 500;
const SIDE: usize = 20;

/// `x xᵀ` of `x` even in ±1, as the script makes them.
fn matrices() -> String {
    let mut state = 1_u64;
    let mut number = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / 8_388_608.0 - 1.0
    };
    let mut numbers = Vec::new();
    for _ in 0..MATRICES {
        let x: Vec<f64> = (0..SIDE).map(|_| number()).collect();
        numbers.extend(x.iter().flat_map(|a| x.iter().map(move |b| a * b)));
    }
    let shape = Shape::new(&[MATRICES, SIDE, SIDE]).expect("a shape");
    Data::new(shape, numbers.into()).expect("numbers").text()
}

/// The state after so many shards, or as soon as `enough`; with the number of shards.
fn run(exhibit: &dyn Exhibit, shards: u32, enough: impl Fn(&[f64]) -> bool) -> (Vec<f64>, u32) {
    let mut state: Option<Vec<f64>> = None;
    for shard in 0..shards {
        state = exhibit.compute("run", shard, state.as_deref()).ok();
        if state.as_deref().is_some_and(&enough) {
            return (state.unwrap_or_default(), shard + 1);
        }
    }
    (state.unwrap_or_default(), shards)
}

fn shards(exhibit: &dyn Exhibit) -> u32 {
    exhibit.jobs().into_iter().find(|job| job.name == "run").expect("every state has a run").shards
}

fn best(rounds: u32, body: impl Fn()) -> Duration {
    let time = |_| {
        let start = Instant::now();
        body();
        start.elapsed()
    };
    (0..rounds).map(time).min().expect("a round")
}

fn main() {
    let exhibit = labs::open(LINK).exhibit;
    let all = shards(&*exhibit);
    let (state, _) = run(&*exhibit, all, |_| false);
    let steps = Chain::read(&state).expect("a state").steps();
    let time = best(40, || drop(black_box(run(&*exhibit, all, |_| false))));
    println!("{:.0}", steps as f64 / time.as_secs_f64());

    let own = labs::open(&format!("spectrum?v=1&law=data&lr=0.1&steps=4000000&data={}", matrices())).exhibit;
    let known = |state: &[f64]| {
        let error = Chain::read(state).filter(|record| record.count() > 1);
        error.is_some_and(|record| record.spectrum().exponents[0].standard_error <= 1e-3)
    };
    let (_, needed) = run(&*own, shards(&*own), known);
    let time = best(200, || drop(black_box(run(&*own, needed, |_| false))));
    println!("{:.1} {needed}", 1e3 * time.as_secs_f64());
}
