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
//! rotation changes need none. **Streams.** Sixteen steps (a unit) draw from a stream of their own, named by
//! (seed, unit, chain): a chain is continued from plain numbers, bit for bit as if it had never stopped.

mod chain;
mod dense;
mod draws;
mod estimate;
mod record;
mod replicas;
mod top;

pub use chain::Chain;
pub use estimate::{Exponent, Spectrum, Verdict};
pub use record::Record;
pub use replicas::Replicas;
pub use top::TopChain;

use crate::core::hessian_law::{Factor, HessianLaw, Isotropic};
use crate::core::rng::{Purpose, Stream};
use crate::core::stats::{self, Mean};
use draws::{Distinct, Numbers};
use std::rc::Rc;

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
    /// Frobenius norms of the matrices of a list of pairs.
    sizes: Rc<[f64]>,
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
        Self::with_rotation(law, factor, rotation)
    }

    /// The same without the rotation: only to show what it is for.
    pub fn unrotated(law: HessianLaw, factor: Factor) -> Self {
        let dim = law.dim();
        let rotation = if needs_rotation(&law) { identity(dim) } else { Vec::new() };
        let sizes = top::pair_sizes(&law);
        Self { dim, factor, law, rotation, sizes }
    }

    fn with_rotation(law: HessianLaw, factor: Factor, rotation: Vec<f64>) -> Self {
        let dim = law.dim();
        let sizes = top::pair_sizes(&law);
        Self { dim, factor, law: rotated(law, dim, &rotation), rotation, sizes }
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
            if batch == 1 && matches!(self.law, HessianLaw::Regression { .. } | HessianLaw::Rows { .. }) {
                dense::rank_one_times(frame, dim, 0, offset, right, weight);
                continue;
            }
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

    /// Chooses the batch, if the law is a list.
    fn draw_batch(&self, numbers: &mut Numbers, scratch: &mut Scratch) {
        if let Some(count) = self.law.count() {
            let draws = self.factor.batch as usize;
            if self.factor.replacement {
                scratch.batch.clear();
                scratch.batch.extend((0..draws).map(|_| numbers.index(count) as u32));
            } else {
                scratch.distinct.draw(numbers, count, draws, &mut scratch.batch);
            }
        }
    }

    /// The vectors of a sample: `H = w r rᵀ` with `r` = `right`, or `w (l rᵀ + r lᵀ)` with `l` = `left` for a neuron and a pair.
    /// Returns `w`.
    fn draw_vectors(&self, numbers: &mut Numbers, scratch: &mut Scratch, sample: usize) -> f64 {
        let Scratch { left, right, plain, batch, .. } = scratch;
        match &self.law {
            HessianLaw::Regression { inputs: Isotropic::Signs, .. } => {
                draw(Isotropic::Signs, numbers, plain);
                turn(&self.rotation, 0, plain, right);
                1.0
            }
            HessianLaw::Regression { inputs, .. } => draw(*inputs, numbers, right),
            HessianLaw::Neuron(neuron) => {
                let (residual, input) = plain.split_at_mut(neuron.outputs);
                let root = draw(neuron.input_law, numbers, input).sqrt();
                scale(input, root);
                let root = draw(neuron.noise_law, numbers, residual).sqrt();
                scale(residual, neuron.noise * root);
                for ((r, x), s) in residual.iter_mut().zip(&*input).zip(&neuron.signal) {
                    *r += s * x;
                }
                turn(&self.rotation, 0, residual, left);
                turn(&self.rotation, neuron.outputs, input, right);
                -1.0
            }
            HessianLaw::Rows { dim, entries } => {
                let i = batch[sample] as usize;
                right.copy_from_slice(&entries[i * dim..(i + 1) * dim]);
                1.0
            }
            HessianLaw::Pairs { dim, entries } => {
                let pair = &entries[2 * dim * batch[sample] as usize..][..2 * dim];
                left.copy_from_slice(&pair[..*dim]);
                right.copy_from_slice(&pair[*dim..]);
                -1.0
            }
            HessianLaw::Matrices { .. } | HessianLaw::Gaussian { .. } => 0.0,
        }
    }

    /// `Ĥ` of the batch chosen, in `scratch.hessian`.
    fn draw_hessian(&self, numbers: &mut Numbers, scratch: &mut Scratch) {
        let share = 1.0 / f64::from(self.factor.batch);
        scratch.hessian.fill(0.0);
        for sample in 0..self.factor.batch as usize {
            match &self.law {
                HessianLaw::Gaussian { .. } => {
                    for row in scratch.hessian.chunks_exact_mut(self.dim) {
                        numbers.normals(&mut scratch.plain);
                        row.iter_mut().zip(&scratch.plain).for_each(|(sum, x)| *sum += share * x);
                    }
                }
                HessianLaw::Matrices { .. } => {
                    let i = scratch.batch[sample] as usize;
                    self.add_listed(i, share, &mut scratch.hessian);
                }
                _ => {
                    let weight = share * self.draw_vectors(numbers, scratch, sample);
                    let Scratch { left, right, first, hessian, .. } = scratch;
                    first.copy_from_slice(right);
                    scale(first, weight);
                    if let HessianLaw::Neuron(_) | HessianLaw::Pairs { .. } = self.law {
                        dense::rank_one(hessian, self.dim, 1.0, left, first);
                        first.copy_from_slice(left);
                        scale(first, weight);
                    }
                    dense::rank_one(hessian, self.dim, 1.0, right, first);
                }
            }
        }
    }

    /// Adds one matrix of a list.
    fn add_listed(&self, index: usize, share: f64, into: &mut [f64]) {
        match &self.law {
            HessianLaw::Matrices { dim, entries } => {
                let size = dim * dim;
                let matrix = &entries[index * size..(index + 1) * size];
                into.iter_mut().zip(matrix).for_each(|(sum, x)| *sum += share * x);
            }
            HessianLaw::Rows { dim, entries } => {
                let x = &entries[index * dim..(index + 1) * dim];
                for (row, a) in into.chunks_exact_mut(*dim).zip(x) {
                    row.iter_mut().zip(x).for_each(|(sum, b)| *sum += share * a * b);
                }
            }
            HessianLaw::Pairs { dim, entries } => {
                let (left, right) = entries[2 * dim * index..][..2 * dim].split_at(*dim);
                for ((row, l), r) in into.chunks_exact_mut(*dim).zip(left).zip(right) {
                    for ((sum, y), x) in row.iter_mut().zip(left).zip(right) {
                        *sum -= share * (l * x + r * y);
                    }
                }
            }
            _ => {}
        }
    }

    /// `Ĥ` becomes `M`.
    fn finish(&self, hessian: &mut [f64]) {
        scale(hessian, self.factor.scale);
        hessian.iter_mut().step_by(self.dim + 1).for_each(|x| *x += self.factor.offset);
    }
}

/// Memory that a step needs; carries nothing from one step to the next.
struct Scratch {
    left: Vec<f64>,
    right: Vec<f64>,
    plain: Vec<f64>,
    first: Vec<f64>,
    second: Vec<f64>,
    before: Vec<f64>,
    hessian: Vec<f64>,
    batch: Vec<u32>,
    distinct: Distinct,
}

impl Scratch {
    fn new(dim: usize) -> Self {
        let (line, square) = (|| vec![0.0; dim], || vec![0.0; dim * dim]);
        Self {
            left: line(),
            right: line(),
            plain: line(),
            first: line(),
            second: line(),
            before: square(),
            hessian: square(),
            batch: Vec::new(),
            distinct: Distinct::default(),
        }
    }
}

/// A vector of the law up to its length; returns the factor that its square must be multiplied by.
fn draw(law: Isotropic, numbers: &mut Numbers, x: &mut [f64]) -> f64 {
    if law == Isotropic::Signs {
        for x in x {
            *x = if numbers.unit() < 0.5 { -1.0 } else { 1.0 };
        }
        return 1.0;
    }
    let square = numbers.normals(x);
    if law == Isotropic::Gaussian { 1.0 } else { 1.0 / square }
}

fn scale(values: &mut [f64], factor: f64) {
    for x in values {
        *x *= factor;
    }
}

/// `out = R_{·, from…} x`: the rotated image of a vector that has zeros outside a stretch of its entries.
fn turn(rotation: &[f64], from: usize, x: &[f64], out: &mut [f64]) {
    let dim = out.len();
    for (row, sum) in rotation.chunks_exact(dim).zip(out) {
        *sum = row[from..from + x.len()].iter().zip(x).map(|(r, x)| r * x).sum();
    }
}

/// The same for one vector of a long list, zeros at its ends left out. Not inlined: a browser puts its fast code for a function in
/// the place of the slow one only when it is called again.
#[inline(never)]
fn turn_in_place(rotation: &[f64], x: &mut [f64], scratch: &mut [f64]) {
    let first = x.iter().position(|x| *x != 0.0).unwrap_or(0);
    let end = x.iter().rposition(|x| *x != 0.0).map_or(0, |last| last + 1).max(first);
    turn(rotation, first, &x[first..end], scratch);
    x.copy_from_slice(scratch);
}

/// A law that rotations change.
fn needs_rotation(law: &HessianLaw) -> bool {
    match law {
        HessianLaw::Regression { inputs, .. } => *inputs == Isotropic::Signs,
        HessianLaw::Gaussian { .. } => false,
        _ => law.dim() > 1,
    }
}

fn identity(dim: usize) -> Vec<f64> {
    let mut matrix = vec![0.0; dim * dim];
    matrix.iter_mut().step_by(dim + 1).for_each(|x| *x = 1.0);
    matrix
}

/// A random orthogonal matrix: the orthogonal factor of a Gaussian one.
fn rotation(dim: usize, seed: u64) -> Vec<f64> {
    let mut stream = Stream::new(Purpose::Rotation, seed, dim as u64, 0);
    let mut matrix: Vec<f64> = (0..dim * dim).map(|_| stream.normal()).collect();
    let (mut diagonal, mut factors) = (vec![0.0; dim], vec![0.0; dim * (dim + 1)]);
    dense::orthonormalise(&mut matrix, dim, &mut diagonal, &mut factors);
    matrix
}

/// The list in the rotated coordinates: `R H Rᵀ`, `R x`.
fn rotated(mut law: HessianLaw, dim: usize, rotation: &[f64]) -> HessianLaw {
    if rotation.is_empty() {
        return law;
    }
    let mut half = vec![0.0; dim * dim];
    match &mut law {
        HessianLaw::Matrices { entries, .. } => {
            let mut turned = entries.to_vec();
            for matrix in turned.chunks_exact_mut(dim * dim) {
                dense::multiply(rotation, dim, matrix, dim, &mut half);
                for (row, out) in half.chunks_exact(dim).zip(matrix.chunks_exact_mut(dim)) {
                    turn(rotation, 0, row, out);
                }
            }
            *entries = turned.into();
        }
        HessianLaw::Rows { entries, .. } | HessianLaw::Pairs { entries, .. } => {
            let mut turned = entries.to_vec();
            for x in turned.chunks_exact_mut(dim) {
                turn_in_place(rotation, x, &mut half[..dim]);
            }
            *entries = turned.into();
        }
        _ => {}
    }
    law
}
