//! Products of independent random matrices `M = m I + c Ĥ`: Lyapunov exponents with errors that hold.
//!
//! | what | where |
//! |---|---|
//! | the whole spectrum, by QR | [`Chain`] |
//! | the top exponent alone, sixteen replicas in SIMD lanes | [`TopChain`] |
//! | batch means, intervals, verdicts | [`Record`], [`Spectrum`] |
//! | the same from replicas | [`Replicas`] |
//!
//! **Rotation.** All matrices are conjugated by one fixed random rotation. Invariant subspaces along the axes (or
//! `u = ±w`) would otherwise be kept exactly by rounding, and the iteration would lock onto a wrong exponent. Laws that no
//! rotation changes need none. **Parts.** Spaces that no step mixes are kept apart exactly ([`HessianLaw::split`]), and each is
//! rotated within itself alone. **Streams.** Sixteen steps (a unit) draw from a stream of their own, named by (seed, unit, chain): a
//! chain is continued from plain numbers, bit for bit as if it had never stopped.

mod chain;
mod dense;
mod draws;
mod estimate;
mod record;
mod replicas;
mod rotation;
mod split;
mod step;
mod top;

pub use chain::Chain;
pub use estimate::{Exponent, Spectrum, Verdict};
pub use record::Record;
pub use replicas::Replicas;
pub use split::Split;
pub use top::TopChain;

use crate::core::eigenvalues::eigenvalues;
use crate::core::hessian_law::{Factor, HessianLaw};
use crate::core::stats::{self, Mean};
use draws::Numbers;
use rotation::{identity, needs_rotation, of_parts, rotated};
use std::rc::Rc;
use step::Scratch;

/// Steps that share a stream; chains advance by whole units.
pub const UNIT: u32 = 16;

/// Longest relaxation that a plan allows for, in steps.
const SLOWEST: f64 = 1e5;

/// A law and a step, ready to be multiplied.
#[derive(Clone, Debug)]
pub struct Product {
    /// Of the directions that are touched.
    dim: usize,
    factor: Factor,
    /// In the parts, rotated.
    law: HessianLaw,
    /// The fixed rotation, row by row; empty where the law does not need it.
    rotation: Vec<f64>,
    /// Frobenius norms of the matrices of a list of pairs.
    sizes: Rc<[f64]>,
    parts: Rc<[Part]>,
    /// Directions in which `M = m`, whatever is drawn.
    untouched: usize,
}

/// A space that every matrix maps into itself.
#[derive(Clone, Debug)]
struct Part {
    dim: usize,
    /// `E H` within it, and `E‖H‖²`.
    mean: Vec<f64>,
    square_norm: f64,
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
    /// Prepares a law: matrices and vectors of a list are split and rotated once. Cost `N d³` for matrices, `N d²` for vectors.
    pub fn new(law: HessianLaw, factor: Factor, seed: u64) -> Self {
        let split = law.split();
        let rotation = if needs_rotation(&split.law) { of_parts(&split.parts, seed) } else { Vec::new() };
        let dim = split.parts.iter().sum();
        let law = rotated(split.law, dim, &rotation);
        Self::of(law, factor, rotation, &split.parts, split.untouched)
    }

    /// The same in one piece and without the rotation: only to show what those are for.
    pub fn unrotated(law: HessianLaw, factor: Factor) -> Self {
        let dim = law.dim();
        let rotation = if needs_rotation(&law) { identity(dim) } else { Vec::new() };
        Self::of(law, factor, rotation, &[dim], 0)
    }

    fn of(law: HessianLaw, factor: Factor, rotation: Vec<f64>, parts: &[usize], untouched: usize) -> Self {
        let mut from = 0;
        let part = |&dim: &usize| {
            let own = if parts.len() == 1 {
                law.clone()
            } else {
                law.along(&(from..from + dim).collect::<Vec<_>>())
            };
            from += dim;
            Part { dim, mean: own.mean(), square_norm: own.square_norm() }
        };
        let parts: Rc<[Part]> = parts.iter().map(part).collect();
        let dim = parts.iter().map(|part| part.dim).sum();
        Self { dim, factor, sizes: top::pair_sizes(&law), law, rotation, parts, untouched }
    }

    /// Another step with the same law, at no cost.
    #[must_use]
    pub fn with(&self, factor: Factor) -> Self {
        Self { factor, ..self.clone() }
    }

    /// Directions that are touched: rows of the matrices that are multiplied.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Which exponents of a [`Chain`] belong to the direction of a part that any start turns to: the first of each that is touched.
    fn leading(&self) -> impl Iterator<Item = bool> {
        self.parts.iter().flat_map(|part| (0..part.dim).map(|i| i == 0 && part.square_norm > 0.0))
    }

    /// How many exponents of untouched directions there are beside, and what they are.
    fn beside(&self) -> (usize, f64) {
        (self.untouched, libm::log(self.factor.offset.abs()))
    }

    /// Steps in which the noise turns the frame by about one radian: `(‖E M‖² + v)/v`, `v = E‖M − E M‖²`, of order `1/(λσ)²`
    /// for small noise; the longest of all parts. Between 1 and 1e5; a gap between the exponents can only make it faster. 1 for a law
    /// that no rotation changes: `QᵀMQ` then has the law of `M` whatever the frame `Q`, and growths of different steps are independent.
    /// Without noise directions part as the sizes of the eigenvalues of `M` do.
    pub fn relaxation(&self) -> f64 {
        if needs_rotation(&self.law) {
            self.parts.iter().map(|part| self.relaxation_of(part)).fold(1.0, f64::max)
        } else {
            1.0
        }
    }

    fn relaxation_of(&self, Part { dim, mean, square_norm }: &Part) -> f64 {
        if *dim == 1 {
            return 1.0;
        }
        let square: f64 = mean.iter().map(|x| x * x).sum();
        let spread = (square_norm - square).max(0.0);
        let noise =
            self.factor.scale * self.factor.scale * self.factor.variance_factor(self.law.count()) * spread;
        let mut step = mean.clone();
        for (i, x) in step.iter_mut().enumerate() {
            *x *= self.factor.scale;
            if i % (dim + 1) == 0 {
                *x += self.factor.offset;
            }
        }
        let still: f64 = step.iter().map(|x| x * x).sum();
        // rounding of a law without noise must not look like noise
        if noise > 1e-12 * still {
            return ((still + noise) / noise).clamp(1.0, SLOWEST);
        }
        parting(&step, *dim)
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
        let beside = match self.beside() {
            (0, _) => 0.0,
            (count, value) => count as f64 * value,
        };
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
            return Mean { value: sum / count as f64 + beside, standard_error: 0.0, count };
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
        let mean = stats::mean(&values);
        Mean { value: mean.value + beside, ..mean }
    }
}

/// Steps in which powers of a matrix part its two nearest directions, but for those whose eigenvalues are equal in size, to rounding:
/// their exponents are equal whatever the frame.
fn parting(matrix: &[f64], dim: usize) -> f64 {
    let Some(all) = eigenvalues(matrix, dim) else { return SLOWEST };
    let mut sizes: Vec<f64> = all.iter().map(|[real, imaginary]| libm::hypot(*real, *imaginary)).collect();
    stats::sort(&mut sizes);
    let near = 1e-12 * sizes[dim - 1];
    let apart =
        sizes.windows(2).filter(|pair| pair[1] - pair[0] > near).map(|pair| libm::log(pair[1] / pair[0]));
    (1.0 / apart.fold(f64::INFINITY, f64::min)).clamp(1.0, SLOWEST)
}
