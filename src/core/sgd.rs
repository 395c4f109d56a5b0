//! Stochastic gradient descent on `ℓ(u, w; x, y) = ½(uwx − y)²` with weight decay, many chains at once.
//!
//! In `a = (u + w)/√2`, `b = (u − w)/√2` a step is, exactly,
//! ```text
//! a ← a (1 − λγ + d),   b ← b (1 − λγ − d),   d = λ⟨xy⟩ − λ⟨x²⟩(a² − b²)/2,
//! ```
//! and the sign of `uw` is that of `a² − b²`. Both are kept in units of `√(2/λ)`, so that `d = λ⟨xy⟩ − ⟨x²⟩(a² − b²)`.
//! A component below 2⁻⁵⁰⁰ of that is kept multiplied by a power of 2⁵⁰⁰ and its square is left out of `d`, where it
//! is far below rounding: it neither underflows nor is it taken for zero, and when it returns it does so exactly.
//! It is zero only when a factor was. (This holds as long as no sixteen factors in a row shrink or grow a component
//! by more than 10¹⁵⁰ together.)

mod chains;
mod component;
mod trace;

use crate::core::rng::{LANES, Lanes, Purpose};
use crate::core::sample::Sampler;
use chains::Chains;
pub use trace::{State, trace, trace_from};

/// Where a run counts as diverged: `‖(u, w)‖` above this at the end of a block of 16 steps, or not a number.
pub const DIVERGED: f64 = 1e6;

/// How one pixel is simulated. `rate > 0`; `start`, `floor` and `start·exit_ratio` between 1e-100 and 1e6.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// Learning rate `λ`.
    pub rate: f64,
    /// Weight decay `γ`.
    pub decay: f64,
    /// Steps of each run.
    pub steps: u32,
    /// Distance of the start from the saddle; its direction is random.
    pub start: f64,
    /// `R`: a run has left when `‖(u, w)‖ > R·start`.
    pub exit_ratio: f64,
    /// A run that ends closer to the saddle than this has collapsed.
    pub floor: f64,
}

impl Setting {
    /// 2,000 steps from a distance of 1e-12, exit at 10⁸ times that, collapse if it ends nearer than it began.
    pub fn new(rate: f64, decay: f64) -> Self {
        Self { rate, decay, steps: 2000, start: 1e-12, exit_ratio: 1e8, floor: 1e-12 }
    }
}

/// How many of a pixel's runs did what. The three exits add up to the number of runs, and so do the four ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// First left with `uw > 0`.
    pub exit_plus: u32,
    /// First left with `uw < 0`.
    pub exit_minus: u32,
    /// Never left.
    pub exit_none: u32,
    /// Ended below the floor.
    pub collapsed: u32,
    /// Ended with `uw > 0`.
    pub plus: u32,
    /// Ended with `uw < 0`.
    pub minus: u32,
    /// Diverged.
    pub diverged: u32,
}

/// Runs `replicas` runs of one pixel. The result depends on the arguments only; `item` names the pixel.
///
/// Cost: `steps·⌈replicas/16⌉·16` times the sampler's cost, one to three nanoseconds each; less where all runs diverge.
pub fn outcomes(sampler: &Sampler, setting: &Setting, seed: u64, item: u64, replicas: u32) -> Outcomes {
    let draws = sampler.at(setting.rate, 1.0 - setting.rate * setting.decay);
    let mut total = Outcomes::default();
    let mut first = 0;
    while first < replicas {
        let used = (replicas - first).min(LANES as u32) as usize;
        let mut lanes = Lanes::new(Purpose::Dynamics, seed, item, first);
        let mut chains = Chains::start(setting, &mut lanes, used);
        chains.run(setting.steps, &draws, &mut lanes);
        chains.count(setting, &mut total);
        first += used as u32;
    }
    total
}
