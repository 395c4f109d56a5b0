//! The function `F_S(t) = E log|t − U|`, `U` the sum of `S` uniform draws on `[−½, ½]`.
//!
//! Every uniform law with batch size `S` is this one function: `E log|m + c ĥ| = log|w| + F_S(|M|/|w|)` with
//! `M = m + c E ĥ` and `w = c (high − low)/S`. So it is tabulated once per `S`: Chebyshev series on cells, after
//! subtraction of the singular part at the knot in the middle of each cell, which the exact alternating sum
//! `F_S(t) = Σ_k (−1)^k C(S,k) x_k^S (ln|x_k| − H_S)/S!`, `x_k = t + S/2 − k`, shows to be
//! `(−1)^k C(S,k) x_k^S ln|x_k|/S!`. The next knot is two half-widths away: 24 coefficients err by `3.7^{−24}` times
//! the next singularity. Beyond the support, `F_S(t) − log t` is analytic in `1/t²`.

use super::irwin_hall::IrwinHall;
use super::product_rule::Kernel;

/// Chebyshev coefficients per cell.
const TERMS: usize = 24;
/// From this batch size on the singular parts are below 1e-17.
const SMOOTH: u32 = 20;

/// The tabulated function.
#[derive(Debug)]
pub(crate) struct SmoothedLog {
    batch: u32,
    /// Left end of the first cell.
    start: f64,
    width: f64,
    cells: Vec<[f64; TERMS]>,
    /// `C(S,k)(−1)^k/S!` of the knot in the middle of each cell, or 0.
    knots: Vec<f64>,
    /// End of the cells.
    end: f64,
    /// `(F(t) − log t)/y` as a series in `y = (end/t)² ∈ [0, 1]`.
    tail: [f64; TERMS],
}

impl SmoothedLog {
    /// Tabulates `F_S`. Cost: some thousand expectations at most, milliseconds.
    pub(crate) fn new(law: &IrwinHall) -> Self {
        let batch = law.batch();
        let spread = IrwinHall::deviation(batch);
        let half = 0.5 * f64::from(batch);
        let width = if batch < 48 { 1.0 } else { spread.floor() };
        let end = (half + 0.5).min((9.5 * spread / width).ceil() * width + 0.5 * width);
        // cells are centred on the knots: integers for even S, half-integers for odd
        let start = if batch.is_multiple_of(2) { -0.5 * width } else { 0.0 };
        let count = ((end - start) / width).ceil() as usize;
        let end = start + width * count as f64;
        let (mut cells, mut knots) = (Vec::new(), Vec::new());
        for i in 0..count {
            let centre = start + (i as f64 + 0.5) * width;
            let knot = if batch < SMOOTH { knot_factor(batch, (centre + half) as u32) } else { 0.0 };
            cells.push(chebyshev(|z| {
                let x = 0.5 * width * z;
                law.expect((centre + x).abs(), Kernel::Log { unit: 1.0 }) - singular(knot, batch, x)
            }));
            knots.push(knot);
        }
        let tail = chebyshev(|z| {
            let square = 0.5 * (1.0 + z);
            let t = end / square.sqrt();
            law.expect(t, Kernel::Log { unit: t }) / square
        });
        Self { batch, start, width, cells, knots, end, tail }
    }

    /// `E log|M + w U|`, `w ≠ 0`; two logarithms and 24 terms.
    pub(crate) fn value(&self, mean: f64, step: f64) -> f64 {
        let (mean, step) = (mean.abs(), step.abs());
        let t = mean / step;
        if t < self.end {
            let place = (t - self.start) / self.width;
            let i = (place as usize).min(self.cells.len() - 1);
            let z = 2.0 * (place - i as f64) - 1.0;
            let x = 0.5 * self.width * z;
            libm::log(step) + clenshaw(&self.cells[i], z) + singular(self.knots[i], self.batch, x)
        } else {
            let ratio = self.end * step / mean;
            let square = ratio * ratio;
            libm::log(mean) + square * clenshaw(&self.tail, 2.0 * square - 1.0)
        }
    }
}

/// `factor · x^S log|x|`.
fn singular(factor: f64, batch: u32, x: f64) -> f64 {
    if factor == 0.0 || x == 0.0 {
        return 0.0;
    }
    let mut power = 1.0;
    for _ in 0..batch {
        power *= x;
    }
    factor * power * libm::log(x.abs())
}

/// `(−1)^k C(S,k)/S! = (−1)^k/(k! (S−k)!)`.
fn knot_factor(batch: u32, k: u32) -> f64 {
    let factorial = |n: u32| (1..=n).map(f64::from).product::<f64>();
    let sign = if k.is_multiple_of(2) { 1.0 } else { -1.0 };
    sign / (factorial(k) * factorial(batch.saturating_sub(k)))
}

/// Chebyshev coefficients of `f` on `[−1, 1]`, interpolated at the zeros of `T_24` (even in number: never 0).
fn chebyshev(mut f: impl FnMut(f64) -> f64) -> [f64; TERMS] {
    let angle = |j: usize| core::f64::consts::PI * (j as f64 + 0.5) / TERMS as f64;
    let values: [f64; TERMS] = core::array::from_fn(|j| f(libm::cos(angle(j))));
    core::array::from_fn(|n| {
        let sum: f64 = (0..TERMS).map(|j| values[j] * libm::cos(n as f64 * angle(j))).sum();
        sum * if n == 0 { 1.0 } else { 2.0 } / TERMS as f64
    })
}

/// The Chebyshev series at `z`.
fn clenshaw(series: &[f64; TERMS], z: f64) -> f64 {
    let (mut b1, mut b2) = (0.0, 0.0);
    for &c in series[1..].iter().rev() {
        (b1, b2) = (c + 2.0 * z * b1 - b2, b1);
    }
    series[0] + z * b1 - b2
}
