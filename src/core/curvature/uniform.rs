//! Batch means of a uniform law: `X = M + w U`, `M = m + c E ĥ`, `w = c (high − low)/S`, `U` the sum of `S` uniform
//! draws on `[−½, ½]`.
//!
//! `S = 1` has elementary antiderivatives; larger batches use the shared table of [`SmoothedLog`] for `Λ` and
//! the quadrature of [`IrwinHall`] for moments. All to 1e-12, relative or absolute, for `S = 1 … 4096`, and to the rounding of
//! `M`, which shows where `w` is small and the zero of `X` is inside or near.

use super::irwin_hall::IrwinHall;
use super::product_rule::Kernel;
use super::smoothed_log::SmoothedLog;
use crate::core::exponent::{Estimate, LANDING, Method, rounding};
use std::sync::{Arc, Mutex, OnceLock};

/// What all uniform laws with one batch size share.
#[derive(Debug)]
struct Shape {
    law: IrwinHall,
    table: OnceLock<SmoothedLog>,
}

/// How many shapes are kept, the most recently made.
const KEPT: usize = 64;

/// The shape of one batch size: kept, since maps ask for the same one hundreds of times.
fn shape(batch: u32) -> Arc<Shape> {
    static SHAPES: Mutex<Vec<Arc<Shape>>> = Mutex::new(Vec::new());
    let make = || Arc::new(Shape { law: IrwinHall::new(batch), table: OnceLock::new() });
    let Ok(mut shapes) = SHAPES.lock() else { return make() };
    if let Some(found) = shapes.iter().find(|s| s.law.batch() == batch) {
        return Arc::clone(found);
    }
    let made = make();
    if shapes.len() == KEPT {
        shapes.remove(0);
    }
    shapes.push(Arc::clone(&made));
    made
}

/// The law of the mean of `S` uniform draws on `[low, high]`; `low = high` is a constant.
#[derive(Clone, Debug)]
pub struct UniformBatch {
    low: f64,
    high: f64,
    batch: u32,
    shape: Arc<Shape>,
}

impl UniformBatch {
    /// The law of the mean of `batch ≥ 1` draws. Cost: `O(batch^{3/2})` the first time (0.1 s at 4,096).
    pub(crate) fn new(low: f64, high: f64, batch: u32) -> Self {
        Self { low, high, batch, shape: shape(batch) }
    }

    /// `S`.
    pub fn draws(&self) -> f64 {
        f64::from(self.batch)
    }

    /// `E ĥ`.
    pub fn mean(&self) -> f64 {
        0.5 * self.low + 0.5 * self.high
    }

    /// `Var ĥ = (high − low)²/(12 S)`.
    pub fn variance(&self) -> f64 {
        (self.high - self.low) * (self.high - self.low) / (12.0 * f64::from(self.batch))
    }

    /// `low` and `high`.
    pub fn support(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// `|M|` and `|w|`; `M` is 0 where it is 0 to rounding.
    fn factor(&self, offset: f64, scale: f64) -> (f64, f64) {
        let mean = (offset + scale * self.mean()).abs();
        let mean = if mean <= LANDING * offset.abs().max(1.0) { 0.0 } else { mean };
        (mean, (scale * (self.high - self.low)).abs() / f64::from(self.batch))
    }

    /// `E log|m + c ĥ|`. Cost: two or three logarithms once the batch size has been met.
    pub fn exponent(&self, offset: f64, scale: f64) -> Estimate {
        let (mean, step) = self.factor(offset, scale);
        let value = if mean == 0.0 && step == 0.0 {
            f64::NEG_INFINITY
        } else if step == 0.0 {
            libm::log(mean)
        } else if self.batch == 1 {
            single(mean, step)
        } else {
            self.shape.table.get_or_init(|| SmoothedLog::new(&self.shape.law)).value(mean, step)
        };
        let Rounding { relative, log, .. } = self.rounding(offset, scale);
        estimate(value, relative * log)
    }

    /// What the rounding of `X` may do.
    fn rounding(&self, offset: f64, scale: f64) -> Rounding {
        let (mean, step) = self.factor(offset, scale);
        let size = mean.max(step);
        let relative = rounding(offset, scale * self.mean(), size);
        // with one draw the density has edges, at which averages have a logarithm for a slope
        let edge = if self.batch == 1 { (mean - 0.5 * step).abs() / size } else { 0.5 };
        let edge = edge.max(relative);
        Rounding { relative, edge, log: 1.0 + libm::log(edge).abs() }
    }

    /// `log E|m + c ĥ|^p` for `p > −1`; `+∞` below where `X` can be 0.
    pub fn log_moment(&self, offset: f64, scale: f64, p: f64) -> Estimate {
        let (mean, step) = self.factor(offset, scale);
        let Rounding { relative, edge, log } = self.rounding(offset, scale);
        let negative = p.clamp(-1.0, 0.0);
        let rounding = 4.0 * p.abs() * relative * log * libm::pow(edge, negative) / (1.0 + negative);
        if step == 0.0 {
            return estimate(if p == 0.0 { 0.0 } else { p * libm::log(mean) }, p.abs() * relative);
        }
        let (t, half) = (mean / step, 0.5 * f64::from(self.batch));
        if p <= -1.0 && t <= half {
            return estimate(f64::INFINITY, 0.0);
        }
        if !t.is_finite() {
            return estimate(p * libm::log(mean), p.abs() * relative);
        }
        let unit = if p < 0.0 { t.max(half) } else { t + half };
        let law = &self.shape.law;
        let reduced = if p.abs() < 0.25 {
            libm::log1p(law.expect(t, Kernel::Excess { order: p, unit }))
        } else {
            libm::log(law.expect(t, Kernel::Power { order: p, unit }))
        };
        estimate(p * libm::log(unit * step) + reduced, rounding)
    }

    /// `Var log|m + c ĥ|`; `+∞` where `Λ = −∞`.
    pub fn log_variance(&self, offset: f64, scale: f64) -> Estimate {
        self.central(offset, scale, (f64::INFINITY, 2.0), |centre| Kernel::SquaredLog { centre })
    }

    /// Third cumulant of `log|m + c ĥ|`; NaN where `Λ = −∞`.
    pub fn log_third_cumulant(&self, offset: f64, scale: f64) -> Estimate {
        self.central(offset, scale, (f64::NAN, 3.0), |centre| Kernel::CubedLog { centre })
    }

    /// A central moment of `log|m + c ĥ|`; of a constant 0, or `degenerate` where `Λ = −∞`.
    fn central(
        &self,
        offset: f64,
        scale: f64,
        (degenerate, order): (f64, f64),
        kernel: impl Fn(f64) -> Kernel,
    ) -> Estimate {
        let (mean, step) = self.factor(offset, scale);
        let t = mean / step;
        if step == 0.0 || !t.is_finite() {
            return estimate(if mean == 0.0 { degenerate } else { 0.0 }, 0.0);
        }
        let Rounding { relative, log, .. } = self.rounding(offset, scale);
        let centre = self.shape.law.expect(t, Kernel::Log { unit: 1.0 });
        estimate(self.shape.law.expect(t, kernel(centre)), 2.0 * order * relative * libm::pow(log, order))
    }
}

/// The rounding of `X` where its zero is near.
struct Rounding {
    /// Relative to the size of `X`.
    relative: f64,
    /// Distance of the zero from the edge of the density, relative to the size of `X`; ½ if there is no edge.
    edge: f64,
    /// `1 + |log edge|`.
    log: f64,
}

/// `E log|M + w U|` for one draw: `[e log e − i log|i|]/w − 1` with `e, i = M ± w/2`; a series for `w ≪ M`.
fn single(mean: f64, step: f64) -> f64 {
    if mean >= 2.0 * step {
        let ratio = 0.5 * step / mean;
        let (square, mut power, mut sum) = (ratio * ratio, 1.0, 0.0);
        for k in 1..=14_u32 {
            power *= square;
            sum += power / f64::from(2 * k * (2 * k + 1));
        }
        return libm::log(mean) - sum;
    }
    let (outer, inner) = (mean + 0.5 * step, mean - 0.5 * step);
    let part = |x: f64| if x == 0.0 { 0.0 } else { x / step * libm::log(x.abs()) };
    part(outer) - part(inner) - 1.0
}

/// `value` with its error: 1e-12, relative or absolute, and that of the rounding of `X`.
fn estimate(value: f64, rounding: f64) -> Estimate {
    let error = if value.is_finite() { 1e-12 * value.abs().max(1.0) + rounding } else { 0.0 };
    Estimate { value, error, method: Method::Quadrature }
}
