//! The mean Hessian of a network on a data set, column by column, its eigenvalues, and the gradient noise along its eigenvectors.

use crate::core::symmetric;
use crate::models::mlp::{TangentWorkspace, Weights, Workspace};
use crate::models::samples::Samples;

/// Eigenvalues nearer than this part of the largest are one: they differ by rounding.
const ONE: f64 = 1e-9;
/// Curvatures and noises smaller than this are 0 to rounding.
pub const ZERO: f64 = 1e-10;

/// An eigenvalue of the mean Hessian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Eigenvalue {
    /// The curvature.
    pub value: f64,
    /// Its directions.
    pub directions: usize,
    /// `E‖P ∇ℓ‖²` over the samples, `P` the projection onto them: the gradient noise along the direction, if it is one.
    pub noise: f64,
}

/// A column of the mean Hessian: its product with a unit vector.
pub struct Columns<'a> {
    samples: &'a Samples,
    weights: &'a Weights,
    direction: Weights,
    image: Weights,
    work: TangentWorkspace,
}

impl<'a> Columns<'a> {
    /// At a point, on these samples.
    pub fn new(weights: &'a Weights, samples: &'a Samples) -> Self {
        let work = TangentWorkspace::new(weights.shape(), samples.count());
        Self { samples, weights, direction: weights.clone(), image: weights.clone(), work }
    }

    /// Adds a column to a list of numbers. Cost: a pass forward and back with tangents over all samples.
    pub fn add(&mut self, place: usize, into: &mut Vec<f64>) {
        let mut unit = vec![0.0; self.weights.shape().count()];
        unit[place] = 1.0;
        self.direction.load(&unit);
        self.weights.hessian_times(&self.direction, self.samples, &mut self.work, &mut self.image);
        self.image.store(into);
    }
}

/// `E ∇ℓ ∇ℓᵀ` over the samples.
fn gradient_moments(weights: &Weights, samples: &Samples) -> Vec<f64> {
    let dim = weights.shape().count();
    let (mut work, mut image) = (Workspace::new(weights.shape(), 1), weights.clone());
    let mut one = Samples::new(samples.inputs(), samples.outputs());
    let (mut moments, mut gradient) = (vec![0.0; dim * dim], Vec::with_capacity(dim));
    for sample in 0..samples.count() {
        one.choose(samples, &[sample as u32]);
        weights.gradient(&one, &mut work, &mut image);
        gradient.clear();
        image.store(&mut gradient);
        for (row, x) in moments.chunks_exact_mut(dim).zip(&gradient).filter(|(_, x)| **x != 0.0) {
            row.iter_mut().zip(&gradient).for_each(|(sum, y)| *sum += x * y / samples.count() as f64);
        }
    }
    moments
}

/// The eigenvalues of the mean Hessian, its columns given, ascending. Cost: a few `d³` for a dense one, less where neurons are apart.
pub fn eigenvalues(hessian: &[f64], weights: &Weights, samples: &Samples) -> Vec<Eigenvalue> {
    let dim = weights.shape().count();
    let (values, vectors) = symmetric::eigen(hessian, dim);
    let noises = symmetric::to_basis(&gradient_moments(weights, samples), &vectors, dim);
    let mut each: Vec<(f64, f64)> = values.into_iter().zip(noises.into_iter().step_by(dim + 1)).collect();
    each.sort_by(|a, b| a.0.total_cmp(&b.0));
    let near = ONE * each.iter().fold(0.0_f64, |most, one| most.max(one.0.abs()));
    let mean = |group: &[(f64, f64)]| group.iter().map(|one| one.0).sum::<f64>() / group.len() as f64;
    each.chunk_by(|a, b| b.0 - a.0 <= near.max(ZERO))
        .map(|group| Eigenvalue {
            value: Some(mean(group)).filter(|value| value.abs() > ZERO).unwrap_or(0.0),
            directions: group.len(),
            noise: group.iter().map(|one| one.1).sum(),
        })
        .collect()
}
