//! One step of a product: the batch, its matrix, and what it does to a frame.

use super::Product;
use super::draws::{Distinct, Numbers};
use super::{dense, rotation::turn};
use crate::core::hessian_law::{HessianLaw, Isotropic, Neuron};

impl Product {
    /// `frame ← M frame` for the next `M`.
    pub(super) fn apply(&self, numbers: &mut Numbers, scratch: &mut Scratch, frame: &mut [f64]) {
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
            || self.is_pair()
    }

    /// A neuron with one input and one output in its parts `(u ± w)/√2`, where `H = ∓ r x`.
    pub(super) fn is_pair(&self) -> bool {
        matches!(self.law, HessianLaw::Neuron(_)) && self.parts.len() == 2
    }

    /// Chooses the batch, if the law is a list.
    pub(super) fn draw_batch(&self, numbers: &mut Numbers, scratch: &mut Scratch) {
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
                draw_sample(neuron, numbers, plain);
                let (residual, input) = plain.split_at(neuron.outputs);
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
    pub(super) fn draw_hessian(&self, numbers: &mut Numbers, scratch: &mut Scratch) {
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
                HessianLaw::Neuron(neuron) if self.is_pair() => {
                    draw_sample(neuron, numbers, &mut scratch.plain);
                    let z = share * scratch.plain[0] * scratch.plain[1];
                    scratch.hessian[0] -= z;
                    scratch.hessian[3] += z;
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
    pub(super) fn add_listed(&self, index: usize, share: f64, into: &mut [f64]) {
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
    pub(super) fn finish(&self, hessian: &mut [f64]) {
        scale(hessian, self.factor.scale);
        hessian.iter_mut().step_by(self.dim + 1).for_each(|x| *x += self.factor.offset);
    }
}

/// Memory that a step needs; carries nothing from one step to the next.
pub(super) struct Scratch {
    left: Vec<f64>,
    right: Vec<f64>,
    plain: Vec<f64>,
    first: Vec<f64>,
    second: Vec<f64>,
    before: Vec<f64>,
    pub(super) hessian: Vec<f64>,
    batch: Vec<u32>,
    distinct: Distinct,
}

impl Scratch {
    pub(super) fn new(dim: usize) -> Self {
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

/// Residual and input of a sample of a neuron, `r = K x + σ ε` before `x`.
fn draw_sample(neuron: &Neuron, numbers: &mut Numbers, sample: &mut [f64]) {
    let (residual, input) = sample.split_at_mut(neuron.outputs);
    let root = draw(neuron.input_law, numbers, input).sqrt();
    scale(input, root);
    let root = draw(neuron.noise_law, numbers, residual).sqrt();
    scale(residual, neuron.noise * root);
    for ((r, x), s) in residual.iter_mut().zip(&*input).zip(&neuron.signal) {
        *r += s * x;
    }
}

pub(super) fn scale(values: &mut [f64], factor: f64) {
    for x in values {
        *x *= factor;
    }
}
