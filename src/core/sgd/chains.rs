//! Sixteen chains that advance together.

use super::component::Component;
use super::{DIVERGED, Outcomes, Setting};
use crate::core::rng::{Block, LANES, Lanes, STEPS, VECTORS};
use crate::core::sample::Draws;
use std::ops::Range;
use wide::f64x2;

/// Vectors that are advanced together: enough to hide latencies, few enough for the registers.
const TOGETHER: usize = 4;

/// Up to sixteen chains; lanes beyond `used` run along and are not counted.
#[derive(Clone, Debug)]
pub(super) struct Chains {
    /// `1 − λγ`.
    offset: f64,
    pub(super) a: Component,
    pub(super) b: Component,
    /// `(R·start)²` and `DIVERGED²` in the units of `a²`.
    exit: f64,
    far: f64,
    /// Sign of `uw` at the first exit, 0 before.
    exited: [i8; LANES],
    pub(super) diverged: [bool; LANES],
    used: usize,
}

impl Chains {
    /// At `setting.start` in random directions, one uniform number each.
    pub(super) fn start(setting: &Setting, lanes: &mut Lanes, used: usize) -> Self {
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

    /// Runs to the end, or until all have diverged.
    pub(super) fn run(&mut self, steps: u32, draws: &Draws, lanes: &mut Lanes) {
        let (mut product, mut square) = (Block::constant(0.0), Block::constant(1.0));
        let vary = draws.inputs_vary();
        let mut left = steps as usize;
        while left > 0 {
            let count = left.min(STEPS);
            left -= count;
            draws.fill(lanes, &mut product, &mut square);
            let watch = self.exited[..self.used].contains(&0);
            let before = watch.then(|| (self.a.clone(), self.b.clone()));
            let peak = self.advance(&product, &square, 0..count, vary, watch);
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

    /// The steps `rows` of a block for all chains. Returns the greatest `a² + b²` each had before one of them (0
    /// unless `watch`).
    pub(super) fn advance(
        &mut self,
        product: &Block,
        square: &Block,
        rows: Range<usize>,
        vary: bool,
        watch: bool,
    ) -> [f64x2; VECTORS] {
        match (vary, self.a.scaled() || self.b.scaled(), watch) {
            (false, false, false) => self.kernel::<false, false, false>(product, square, rows),
            (false, false, true) => self.kernel::<false, false, true>(product, square, rows),
            (false, true, false) => self.kernel::<false, true, false>(product, square, rows),
            (false, true, true) => self.kernel::<false, true, true>(product, square, rows),
            (true, _, false) => self.kernel::<true, true, false>(product, square, rows),
            (true, _, true) => self.kernel::<true, true, true>(product, square, rows),
        }
    }

    fn kernel<const VARY: bool, const SCALED: bool, const WATCH: bool>(
        &mut self,
        product: &Block,
        square: &Block,
        rows: Range<usize>,
    ) -> [f64x2; VECTORS] {
        let offset = f64x2::splat(self.offset);
        let mut peaks = [f64x2::splat(0.0); VECTORS];
        for first in (0..VECTORS).step_by(TOGETHER) {
            let part = |values: &[f64x2; VECTORS]| -> [f64x2; TOGETHER] {
                std::array::from_fn(|c| values[first + c])
            };
            let (mut a, mut b) = (part(&self.a.value), part(&self.b.value));
            let (weight_a, weight_b) = (part(&self.a.weight), part(&self.b.weight));
            let mut peak = [f64x2::splat(0.0); TOGETHER];
            for (xy, xx) in product.0[rows.clone()].iter().zip(&square.0[rows.clone()]) {
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

    /// After a block: marks diverged chains and rescales. True if all have diverged.
    pub(super) fn settle(&mut self) -> bool {
        let far = f64x2::splat(self.far);
        let mut calm = true;
        for v in 0..VECTORS {
            let (a, b) = (self.a.value[v], self.b.value[v]);
            calm &= (self.a.weight[v] * (a * a) + self.b.weight[v] * (b * b)).simd_le(far).all();
        }
        self.a.rescale();
        self.b.rescale();
        if calm {
            return false;
        }
        for lane in 0..self.used {
            let norm = self.a.square(lane) + self.b.square(lane);
            self.diverged[lane] |= norm > self.far || norm.is_nan();
        }
        self.diverged[..self.used].iter().all(|&diverged| diverged)
    }

    /// Adds what the chains did.
    pub(super) fn count(&self, setting: &Setting, total: &mut Outcomes) {
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
