//! The Hessians of one batch: which samples, their vectors, and `M` written out.

use super::draws::{Distinct, Numbers};
use super::rotation::turn;
use super::{Product, dense};
use crate::core::hessian_law::{HessianLaw, Isotropic};

impl Product {
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
    pub(super) fn draw_vectors(&self, numbers: &mut Numbers, scratch: &mut Scratch, sample: usize) -> f64 {
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
    pub(super) fn draw_hessian(&self, numbers: &mut Numbers, scratch: &mut Scratch) {
        let share = 1.0 / f64::from(self.factor.batch);
        scratch.hessian.fill(0.0);
        for sample in 0..self.factor.batch as usize {
            match &self.law {
                HessianLaw::Gaussian { .. } => {
                    scratch.hessian.iter_mut().for_each(|x| *x += share * numbers.normal());
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
    pub left: Vec<f64>,
    pub right: Vec<f64>,
    pub plain: Vec<f64>,
    pub first: Vec<f64>,
    pub second: Vec<f64>,
    pub before: Vec<f64>,
    pub hessian: Vec<f64>,
    pub batch: Vec<u32>,
    pub distinct: Distinct,
}

impl Scratch {
    pub fn new(dim: usize) -> Self {
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
    for entry in x.iter_mut() {
        *entry = numbers.normal();
    }
    if law == Isotropic::Gaussian { 1.0 } else { 1.0 / x.iter().map(|x| x * x).sum::<f64>() }
}

pub(super) fn scale(values: &mut [f64], factor: f64) {
    for x in values {
        *x *= factor;
    }
}
