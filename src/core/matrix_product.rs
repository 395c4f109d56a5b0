//! Products of independent random matrices `M = m I + c Ĥ`: Lyapunov exponents with errors that hold.
//!
//! | what | where |
//! |---|---|
//! | the whole spectrum, by QR | [`Chain`] |
//! | the top exponent alone, sixteen replicas in SIMD lanes | [`TopChain`] |
//! | batch means, intervals, verdicts | [`Record`], [`Spectrum`] |
//!
//! **Rotation.** All matrices are conjugated by one fixed random rotation. Invariant subspaces along the axes (or
//! `u = ±w`) would otherwise be kept exactly by rounding, and the iteration would lock onto a wrong exponent. Laws that no
//! rotation changes need none. **Streams.** Sixteen steps (a unit) draw from a stream of their own, named by
//! (seed, unit, chain): a chain is continued from plain numbers, bit for bit as if it had never stopped.

mod batch;
mod chain;
mod dense;
mod draws;
mod estimate;
mod lanes;
mod record;
mod rotation;
mod top;

pub use chain::Chain;
pub use estimate::{Exponent, Spectrum, Verdict};
pub use record::Record;
pub use top::TopChain;

use crate::core::hessian_law::{Factor, HessianLaw};
use crate::core::stats::{self, Mean};
use batch::{Scratch, scale};
use draws::Numbers;
use rotation::{identity, needs_rotation, rotated, rotation};

/// Steps that share a stream; chains advance by whole units.
pub const UNIT: u32 = 16;

/// Longest relaxation that a plan allows for, in steps.
const SLOWEST: f64 = 1e5;

/// A law and a step, ready to be multiplied.
#[derive(Clone, Debug)]
pub struct Product {
    dim: usize,
    factor: Factor,
    law: HessianLaw,
    /// The fixed rotation, row by row; empty where the law does not need it.
    rotation: Vec<f64>,
}

/// How a chain is cut into batches. The first of them is the burn-in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Steps of the first batches, a multiple of 16. They are merged in pairs as the chain grows.
    pub batch: u32,
    /// The least length of a batch, ten relaxation times; results from shorter ones are marked.
    pub wanted: u32,
}

impl Product {
    /// Prepares a law: matrices and vectors of a list are rotated once. Cost `N d³` for matrices, `N d²` for vectors.
    pub fn new(law: HessianLaw, factor: Factor, seed: u64) -> Self {
        let dim = law.dim();
        let rotation = if needs_rotation(&law) { rotation(dim, seed) } else { Vec::new() };
        Self { dim, factor, law: rotated(law, dim, &rotation), rotation }
    }

    /// The same without the rotation: only to show what it is for.
    pub fn unrotated(law: HessianLaw, factor: Factor) -> Self {
        let dim = law.dim();
        let rotation = if needs_rotation(&law) { identity(dim) } else { Vec::new() };
        Self { dim, factor, law, rotation }
    }

    /// Another step with the same law, at no cost.
    #[must_use]
    pub fn with(&self, factor: Factor) -> Self {
        Self { factor, ..self.clone() }
    }

    /// Rows of the matrices, and the number of exponents.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Steps in which the noise turns the frame by about one radian: `(‖E M‖² + v)/v`, `v = E‖M − E M‖²`, of order `1/(λσ)²`
    /// for small noise. Between 1 and 1e5; a gap between the exponents can only make it faster. 1 for a law that no rotation
    /// changes: `QᵀMQ` then has the law of `M` whatever the frame `Q`, and growths of different steps are independent.
    pub fn relaxation(&self) -> f64 {
        if !needs_rotation(&self.law) {
            return 1.0;
        }
        let mut mean = self.law.mean();
        let square: f64 = mean.iter().map(|x| x * x).sum();
        let spread = (self.law.square_norm() - square).max(0.0);
        let noise =
            self.factor.scale * self.factor.scale * self.factor.variance_factor(self.law.count()) * spread;
        for (i, x) in mean.iter_mut().enumerate() {
            *x *= self.factor.scale;
            if i % (self.dim + 1) == 0 {
                *x += self.factor.offset;
            }
        }
        let still: f64 = mean.iter().map(|x| x * x).sum();
        // rounding of a law without noise must not look like noise
        if noise <= 1e-12 * still { SLOWEST } else { ((still + noise) / noise).clamp(1.0, SLOWEST) }
    }

    /// Batches of ten relaxation times, or 1/66 of the steps if that is less (and so too short). A chain that goes on
    /// beyond the steps merges its batches, so a plan for its first steps serves it at every length.
    pub fn plan(&self, steps: u32) -> Plan {
        let whole = |x: f64| ((x / f64::from(UNIT)).ceil().max(1.0)) as u32 * UNIT;
        let wanted = whole(10.0 * self.relaxation());
        let batch = wanted.min((steps / 66 / UNIT).max(1) * UNIT);
        Plan { batch, wanted }
    }

    /// Work of one step of a [`Chain`] in elementary operations of about a nanosecond, and of one step of all sixteen replicas
    /// of a [`TopChain`].
    pub fn costs(law: &HessianLaw, factor: &Factor) -> (f64, f64) {
        let (d, s) = (law.dim() as f64, f64::from(factor.batch));
        let step = match law {
            HessianLaw::Matrices { .. } => s * d * d + d * d * d,
            HessianLaw::Gaussian { .. } => 4.0 * s * d * d + d * d * d,
            _ => s * d * (4.0 + 2.0 * d) + if s >= d { d * d * d } else { 0.0 },
        };
        let (random, product) = match law {
            HessianLaw::Gaussian { .. } => (s * d * d, s * d * d),
            HessianLaw::Matrices { .. } => (s, 2.0 * s * d * d),
            HessianLaw::Neuron(_) => (s * d, s * d * d),
            _ => (s * d, 4.0 * s * d),
        };
        (100.0 + 0.5 * step + 0.5 * d * d * d, 100.0 + 16.0 * (8.0 * random + 2.0 * product))
    }

    /// The first of [`Product::costs`].
    pub fn cost(&self) -> f64 {
        Self::costs(&self.law, &self.factor).0
    }

    /// `E log|det M|`, which the exponents must add up to: exact for a list with `S = 1`, else the mean over
    /// `draws` independent matrices of streams of their own. `−∞` when a matrix is singular to rounding.
    pub fn log_determinant(&self, seed: u64, draws: u32) -> Mean {
        let mut scratch = Scratch::new(self.dim);
        let each = |scratch: &mut Scratch| {
            self.finish(&mut scratch.hessian);
            dense::log_determinant(&mut scratch.hessian, self.dim)
        };
        if let (Some(count), 1) = (self.law.count(), self.factor.batch) {
            let mut sum = 0.0;
            for i in 0..count {
                scratch.hessian.fill(0.0);
                self.add_listed(i, 1.0, &mut scratch.hessian);
                sum += each(&mut scratch);
            }
            return Mean { value: sum / count as f64, standard_error: 0.0, count };
        }
        let mut numbers = Numbers::new(seed, 0, u32::MAX);
        let values: Vec<f64> = (0..draws)
            .map(|_| {
                self.draw_batch(&mut numbers, &mut scratch);
                self.draw_hessian(&mut numbers, &mut scratch);
                each(&mut scratch)
            })
            .collect();
        if values.contains(&f64::NEG_INFINITY) {
            return Mean { value: f64::NEG_INFINITY, standard_error: 0.0, count: values.len() };
        }
        stats::mean(&values)
    }

    /// `frame ← M frame` for the next `M`.
    fn apply(&self, numbers: &mut Numbers, scratch: &mut Scratch, frame: &mut [f64]) {
        let (dim, batch) = (self.dim, self.factor.batch as usize);
        self.draw_batch(numbers, scratch);
        if self.is_dense() || batch > 1 {
            scratch.before.copy_from_slice(frame);
        }
        if self.is_dense() {
            self.draw_hessian(numbers, scratch);
            self.finish(&mut scratch.hessian);
            dense::multiply(&scratch.hessian, dim, &scratch.before, dim, frame);
            return;
        }
        let share = self.factor.scale / f64::from(self.factor.batch);
        for sample in 0..batch {
            let weight = share * self.draw_vectors(numbers, scratch, sample);
            let offset = if sample == 0 { self.factor.offset } else { 1.0 };
            let Scratch { left, right, before, first, second, .. } = scratch;
            // every sample acts on the frame before the step
            let source: &[f64] = if batch > 1 { before } else { &*frame };
            dense::transposed_times(source, dim, right, first);
            scale(first, weight);
            if let HessianLaw::Neuron(_) | HessianLaw::Pairs { .. } = self.law {
                dense::transposed_times(source, dim, left, second);
                scale(second, weight);
                dense::rank_one(frame, dim, offset, left, first);
                dense::rank_one(frame, dim, 1.0, right, second);
            } else {
                dense::rank_one(frame, dim, offset, right, first);
            }
        }
    }

    /// Whether a step is cheaper with the matrix written out.
    fn is_dense(&self) -> bool {
        matches!(self.law, HessianLaw::Matrices { .. } | HessianLaw::Gaussian { .. })
            || self.factor.batch as usize > self.dim
    }
}
