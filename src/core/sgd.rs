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

use crate::core::rng::{Block, LANES, Lanes, Purpose, STEPS, VECTORS};
use crate::core::sample::{Draws, Sampler};
use wide::f64x2;

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
/// Cost: `steps·⌈replicas/16⌉·16` times the sampler's cost, about a nanosecond each; less where all runs diverge.
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

/// A power of 2⁵⁰⁰ and back.
const DOWN: f64 = f64::from_bits((1023 - 500) << 52);
const UP: f64 = f64::from_bits((1023 + 500) << 52);

/// One component of all chains.
#[derive(Clone, Debug)]
struct Component {
    /// The stored value; the true one is `DOWN^level` times it.
    value: [f64x2; VECTORS],
    /// What its square is multiplied by: 1 at level 0, otherwise 0.
    weight: [f64x2; VECTORS],
    level: [u32; LANES],
}

impl Component {
    fn new(values: [f64; LANES]) -> Self {
        let value = std::array::from_fn(|v| f64x2::new([values[2 * v], values[2 * v + 1]]));
        Self { value, weight: [f64x2::splat(1.0); VECTORS], level: [0; LANES] }
    }

    /// Multiplies what has become small, and back what has grown.
    fn rescale(&mut self) {
        let (one, zero) = (f64x2::splat(1.0), f64x2::splat(0.0));
        for v in 0..VECTORS {
            let size = self.value[v].abs();
            let small = size.simd_lt(f64x2::splat(DOWN)) & size.simd_gt(zero);
            let large = self.weight[v].simd_lt(one) & size.simd_gt(one);
            if !(small | large).any() {
                continue;
            }
            for (j, level) in self.level[2 * v..2 * v + 2].iter_mut().enumerate() {
                let value = &mut self.value[v].as_mut_array()[j];
                if *value != 0.0 && value.abs() < DOWN {
                    *value *= UP;
                    *level += 1;
                } else if *level > 0 && value.abs() > 1.0 {
                    *value *= DOWN;
                    *level -= 1;
                }
                self.weight[v].as_mut_array()[j] = if *level == 0 { 1.0 } else { 0.0 };
            }
        }
    }

    fn scaled(&self) -> bool {
        self.level.iter().any(|&level| level > 0)
    }

    fn is_zero(&self, lane: usize) -> bool {
        self.value[lane / 2].as_array()[lane % 2] == 0.0
    }

    /// The square of the true value.
    fn square(&self, lane: usize) -> f64 {
        let value = self.value[lane / 2].as_array()[lane % 2];
        self.weight[lane / 2].as_array()[lane % 2] * (value * value)
    }
}

#[derive(Clone, Debug)]
struct Chains {
    /// `1 − λγ`.
    offset: f64,
    a: Component,
    b: Component,
    /// `(R·start)²` and `DIVERGED²` in the units of `a²`.
    exit: f64,
    far: f64,
    /// Sign of `uw` at the first exit, 0 before.
    exited: [i8; LANES],
    diverged: [bool; LANES],
    used: usize,
}

impl Chains {
    fn start(setting: &Setting, lanes: &mut Lanes, used: usize) -> Self {
        let half = 0.5 * setting.rate;
        let radius = setting.start * half.sqrt();
        let angles: [f64; LANES] = std::array::from_fn(|l| std::f64::consts::TAU * lanes.lane_unit(l));
        let exit = setting.start * setting.exit_ratio;
        Self {
            offset: 1.0 - setting.rate * setting.decay,
            a: Component::new(angles.map(|angle| radius * libm::cos(angle))),
            b: Component::new(angles.map(|angle| radius * libm::sin(angle))),
            exit: half * (exit * exit),
            far: half * (DIVERGED * DIVERGED),
            exited: [0; LANES],
            diverged: [false; LANES],
            used,
        }
    }

    fn run(&mut self, steps: u32, draws: &Draws, lanes: &mut Lanes) {
        let (mut product, mut square) = (Block::constant(0.0), Block::constant(1.0));
        let vary = draws.inputs_vary();
        let mut left = steps as usize;
        while left > 0 {
            let count = left.min(STEPS);
            left -= count;
            draws.fill(lanes, &mut product, &mut square);
            let watch = self.exited[..self.used].contains(&0);
            let scaled = self.a.scaled() || self.b.scaled();
            let before = watch.then(|| (self.a.clone(), self.b.clone()));
            let peak = match (vary, scaled, watch) {
                (false, false, false) => self.advance::<false, false, false>(&product, &square, count),
                (false, false, true) => self.advance::<false, false, true>(&product, &square, count),
                (false, true, false) => self.advance::<false, true, false>(&product, &square, count),
                (false, true, true) => self.advance::<false, true, true>(&product, &square, count),
                (true, _, false) => self.advance::<true, true, false>(&product, &square, count),
                (true, _, true) => self.advance::<true, true, true>(&product, &square, count),
            };
            if let Some((a, b)) = before {
                for lane in 0..self.used {
                    let peak = peak[lane / 2].as_array()[lane % 2];
                    if self.exited[lane] == 0 && (peak > self.exit || peak.is_nan()) {
                        self.exited[lane] = self.first_exit(&a, &b, lane, &product, &square, count);
                    }
                }
            }
            if self.settle() {
                break;
            }
        }
    }

    /// `count` steps of all chains. Returns the greatest `a² + b²` each had before one of them (0 unless `WATCH`).
    fn advance<const VARY: bool, const SCALED: bool, const WATCH: bool>(
        &mut self,
        product: &Block,
        square: &Block,
        count: usize,
    ) -> [f64x2; VECTORS] {
        /// Vectors that are advanced together: enough to hide latencies, few enough for the registers.
        const TOGETHER: usize = 4;
        let offset = f64x2::splat(self.offset);
        let mut peaks = [f64x2::splat(0.0); VECTORS];
        for first in (0..VECTORS).step_by(TOGETHER) {
            let part = |values: &[f64x2; VECTORS]| -> [f64x2; TOGETHER] {
                std::array::from_fn(|c| values[first + c])
            };
            let (mut a, mut b) = (part(&self.a.value), part(&self.b.value));
            let (weight_a, weight_b) = (part(&self.a.weight), part(&self.b.weight));
            let mut peak = [f64x2::splat(0.0); TOGETHER];
            for (xy, xx) in product.0[..count].iter().zip(&square.0) {
                for c in 0..TOGETHER {
                    let (mut aa, mut bb) = (a[c] * a[c], b[c] * b[c]);
                    if SCALED {
                        aa *= weight_a[c];
                        bb *= weight_b[c];
                    }
                    if WATCH {
                        peak[c] = peak[c].fast_max(aa + bb);
                    }
                    let pull = if VARY { xx[first + c] * (aa - bb) } else { aa - bb };
                    let d = xy[first + c] - pull;
                    a[c] *= offset + d;
                    b[c] *= offset - d;
                }
            }
            self.a.value[first..first + TOGETHER].copy_from_slice(&a);
            self.b.value[first..first + TOGETHER].copy_from_slice(&b);
            peaks[first..first + TOGETHER].copy_from_slice(&peak);
        }
        peaks
    }

    /// Repeats a block of one chain to find where it first left.
    fn first_exit(
        &self,
        a: &Component,
        b: &Component,
        lane: usize,
        product: &Block,
        square: &Block,
        count: usize,
    ) -> i8 {
        let pick = |x: &[f64x2; VECTORS]| x[lane / 2].as_array()[lane % 2];
        let (weight_a, weight_b) = (pick(&a.weight), pick(&b.weight));
        let (mut a, mut b) = (pick(&a.value), pick(&b.value));
        for step in 0..count {
            let (aa, bb) = ((a * a) * weight_a, (b * b) * weight_b);
            if aa + bb > self.exit {
                return sign(aa - bb);
            }
            let d = product.at(step, lane) - square.at(step, lane) * (aa - bb);
            a *= self.offset + d;
            b *= self.offset - d;
        }
        0
    }

    /// After a block: marks diverged chains and rescales. True if nothing can change any more.
    fn settle(&mut self) -> bool {
        let mut over = true;
        for lane in 0..self.used {
            let norm = self.a.square(lane) + self.b.square(lane);
            self.diverged[lane] |= norm > self.far || norm.is_nan();
            over &= self.diverged[lane] || (self.a.is_zero(lane) && self.b.is_zero(lane));
        }
        self.a.rescale();
        self.b.rescale();
        over
    }

    fn count(&self, setting: &Setting, total: &mut Outcomes) {
        let floor = 0.5 * setting.rate * (setting.floor * setting.floor);
        for lane in 0..self.used {
            let (aa, bb) = (self.a.square(lane), self.b.square(lane));
            let exit = match self.exited[lane] {
                // the state after the last step has not been looked at
                0 if aa + bb > self.exit => sign(aa - bb),
                exit => exit,
            };
            match exit {
                1 => total.exit_plus += 1,
                -1 => total.exit_minus += 1,
                _ => total.exit_none += 1,
            }
            if self.diverged[lane] {
                total.diverged += 1;
            } else if aa + bb < floor {
                total.collapsed += 1;
            } else if aa > bb {
                total.plus += 1;
            } else {
                total.minus += 1;
            }
        }
    }
}

fn sign(x: f64) -> i8 {
    if x > 0.0 { 1 } else { -1 }
}
