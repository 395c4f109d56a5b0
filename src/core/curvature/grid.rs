//! Batch means of a discrete law with too many sums to list: their law on an even grid, by FFT.
//!
//! Each value `h_i` is split between its two neighbouring grid points with weights that keep its mean. A sum
//! of `S` draws then lands on the grid; its mean `ĥ′ = ĥ + N` has `E[N | ĥ] = 0` and `E[N² | ĥ] ≤ Δ²/4S`, Δ the
//! spacing of the sums. So every smooth average is wrong to second order only:
//! `|E φ(ĥ′) − E φ(ĥ)| ≤ (Δ²/8S) E sup |φ″|`, the supremum over `|N| ≤ r = 4.4 Δ/√S`, which by Hoeffding's inequality
//! fails with probability 1e-16. The grid wraps around outside the range that Bernstein's inequality gives
//! to all but 1e-16 of the sums.

use super::DiscreteBatch;
use crate::core::exponent::{Estimate, Method, constant};
use crate::core::fourier::{on_circle, power_on_circle, power_rounding, sum_reach};

/// Number of grid points.
const POINTS: usize = 1 << 15;

/// The law of a batch mean on an even grid.
#[derive(Clone, Debug)]
pub struct GridBatch {
    /// Mean of the first grid point kept.
    first: f64,
    /// Spacing of the means, `Δ/S`.
    step: f64,
    probs: Vec<f64>,
    mean: f64,
    variance: f64,
    draws: f64,
    support: (f64, f64),
    /// Bound `Δ²/4S` on the variance of `N`.
    blur: f64,
    /// Bound `r` on `|N|`.
    reach: f64,
    /// Bound on the relative error of the probabilities: `S` multiplications of numbers near 1.
    rounding: f64,
}

/// Where the zero of `X` lies, and the half-width of the cell around it about which the bound says nothing.
struct Zero {
    at: f64,
    half_width: f64,
    scale: f64,
}

impl GridBatch {
    /// The law of the mean of `batch` draws, `one` being that of a single draw. Cost: two transforms of length 2¹⁵.
    pub fn new(one: &DiscreteBatch, batch: u32) -> Self {
        let draws = f64::from(batch.max(1));
        let (mean, variance, (low, high)) = (one.mean(), one.variance(), one.support());
        let (values, probs) = one.atoms();
        let largest = (high - mean).max(mean - low);
        // a draw may be split to the grid point beyond it, so S draws reach S points further
        let points = POINTS as f64 - 2.0 * draws - 4.0;
        let spacing = (2.0 * sum_reach(draws, variance, largest) / points).max(f64::MIN_POSITIVE);
        let mut cells = vec![0.0; POINTS];
        for (h, p) in values.iter().zip(probs) {
            let place = (h - mean) / spacing;
            let cell = place.floor();
            let split = place - cell;
            let index = on_circle(cell, POINTS);
            cells[index] += p * (1.0 - split);
            cells[(index + 1) % POINTS] += p * split;
        }
        let circle = power_on_circle(&cells, batch.max(1));
        let row: Vec<f64> = (0..POINTS).map(|i| circle[(i + POINTS / 2) % POINTS]).collect();
        let start = row.iter().position(|&p| p > 0.0).unwrap_or(0);
        let end = row.iter().rposition(|&p| p > 0.0).map_or(start, |i| i + 1);
        let probs = row[start..end].to_vec();
        let step = spacing / draws;
        let first = mean + (start as f64 - (POINTS / 2) as f64) * step;
        let reach = 4.4 * spacing / draws.sqrt();
        let blur = spacing * spacing / (4.0 * draws);
        let rounding = power_rounding(batch);
        Self {
            first,
            step,
            probs,
            mean,
            variance: variance / draws,
            draws,
            support: (low, high),
            blur,
            reach,
            rounding,
        }
    }

    /// `S`.
    pub fn draws(&self) -> f64 {
        self.draws
    }

    /// `E ĥ`.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// `Var ĥ`.
    pub fn variance(&self) -> f64 {
        self.variance
    }

    /// Least and greatest value of `ĥ`.
    pub fn support(&self) -> (f64, f64) {
        self.support
    }

    /// `E log|m + c ĥ|` with the bound above; `−∞` only if `m = c = 0`. Cost: one logarithm per grid point.
    pub fn exponent(&self, offset: f64, scale: f64) -> Estimate {
        if scale == 0.0 {
            return constant(offset, libm::log);
        }
        self.average(offset, scale, |log| log, |_, near, _| 1.0 / (near * near), |sum, bound| (sum, bound))
    }

    /// `Var log|m + c ĥ|`.
    pub fn log_variance(&self, offset: f64, scale: f64) -> Estimate {
        if scale == 0.0 {
            return constant(offset, |x| if x == 0.0 { f64::INFINITY } else { 0.0 });
        }
        let centre = self.exponent(offset, scale).value;
        let square = |log: f64| (log - centre) * (log - centre);
        let curve = |log: f64, near: f64, _| 2.0 * (1.0 + (log - centre).abs()) / (near * near);
        self.average(offset, scale, square, curve, |sum, bound| (sum, bound))
    }

    /// Third cumulant of `log|m + c ĥ|`.
    pub fn log_third_cumulant(&self, offset: f64, scale: f64) -> Estimate {
        if scale == 0.0 {
            return constant(offset, |x| if x == 0.0 { f64::NAN } else { 0.0 });
        }
        let centre = self.exponent(offset, scale).value;
        let cube = |log: f64| (log - centre) * (log - centre) * (log - centre);
        let curve = |log: f64, near: f64, _| {
            let d = (log - centre).abs();
            3.0 * d * (2.0 + d) / (near * near)
        };
        self.average(offset, scale, cube, curve, |sum, bound| (sum, bound))
    }

    /// `log E|m + c ĥ|^p`, `p > −1`.
    pub fn log_moment(&self, offset: f64, scale: f64, p: f64) -> Estimate {
        if scale == 0.0 {
            return constant(offset, |x| p * libm::log(x));
        }
        // scaled by the largest |X|^p so that nothing overflows
        let top = [self.support.0, self.support.1]
            .map(|h| (offset + scale * h).abs())
            .into_iter()
            .fold(0.0, f64::max);
        let top = if top > 0.0 { libm::log(top) } else { 0.0 };
        let small = p.abs() * (1.0 + top.abs()) < 0.5;
        let shift = if small || p < 0.0 { 0.0 } else { p * top };
        let moment = |log: f64| if small { libm::expm1(p * log) } else { libm::exp(p * log - shift) };
        let curve = |_, near: f64, far: f64| {
            let worst = if p > 2.0 { far } else { near };
            (p * (p - 1.0)).abs() * libm::exp((p - 2.0) * libm::log(worst) - shift)
        };
        self.average(offset, scale, moment, curve, |sum, bound| {
            let mean = if small { 1.0 + sum } else { sum };
            (if small { libm::log1p(sum) } else { shift + libm::log(sum) }, bound / mean)
        })
    }

    /// `E φ(log|X|)` and its bound: `curve(log|X|, |X| − 2|c|r, |X| + 2|c|r)` bounds `|d²φ/dX²|`; `finish` maps the two.
    fn average(
        &self,
        offset: f64,
        scale: f64,
        phi: impl Fn(f64) -> f64,
        curve: impl Fn(f64, f64, f64) -> f64,
        finish: impl Fn(f64, f64) -> (f64, f64),
    ) -> Estimate {
        let zero = Zero { at: -offset / scale, half_width: 4.0 * self.reach, scale: scale.abs() };
        let spread = 2.0 * self.reach * zero.scale;
        let (mut sum, mut bound, mut size, mut cell_probability) = (0.0, 0.0, 0.0, 0.0);
        for (i, &p) in self.probs.iter().enumerate().filter(|&(_, &p)| p > 0.0) {
            let h = self.first + i as f64 * self.step;
            let distance = h - zero.at;
            if distance.abs() <= zero.half_width {
                cell_probability += p;
                sum += p * phi(self.log_in_cell(distance) + libm::log(zero.scale));
                continue;
            }
            let x = (offset + scale * h).abs();
            let log = libm::log(x);
            let value = phi(log);
            sum += p * value;
            size += p * value.abs();
            bound += p * curve(log, x - spread, x + spread);
        }
        let bound = 0.5 * self.blur * zero.scale * zero.scale * bound + self.rounding * size;
        let (value, error) = finish(sum, bound);
        Estimate { value, error: error + 1e-15, method: Method::Grid { cell_probability } }
    }

    /// Mean of `log|t|` over the grid cell centred at `distance` from the zero.
    fn log_in_cell(&self, distance: f64) -> f64 {
        let primitive = |t: f64| if t == 0.0 { 0.0 } else { t * libm::log(t.abs()) - t };
        let (left, right) = (distance - 0.5 * self.step, distance + 0.5 * self.step);
        (primitive(right) - primitive(left)) / self.step
    }
}
