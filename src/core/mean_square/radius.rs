//! Spectral radii of linear maps of symmetric matrices that keep positive ones positive.

use crate::core::symmetric::{pairs, product};

/// Largest dimension for which the matrix of the map is squared.
const SQUARED: usize = 12;

/// Squarings: the 2⁴⁴-th power of the map.
const SQUARINGS: i32 = 44;

/// Most steps of the power iteration, and most operations of all of them: about a second.
const STEPS: usize = 20_000;
const OPERATIONS: usize = 1_000_000_000;

/// A spectral radius.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Radius {
    /// The radius.
    pub value: f64,
    /// Rounding, or the residual `‖L P − ρ P‖/‖P‖` where the power iteration stopped (a bound if the map is symmetric).
    pub error: f64,
}

/// The radius of a map of symmetric `dim × dim` matrices that takes `cost` operations.
pub fn radius(dim: usize, cost: usize, map: &dyn Fn(&[f64]) -> Vec<f64>) -> Radius {
    if dim <= SQUARED { squared(dim, map) } else { iterated(dim, cost, map) }
}

/// `lim ‖L^{2^k}‖^{2^{−k}}`: squares the matrix of the map, scaling by powers of two.
fn squared(dim: usize, map: &dyn Fn(&[f64]) -> Vec<f64>) -> Radius {
    let size = dim * (dim + 1) / 2;
    let mut matrix = vec![0.0; size * size];
    for (column, (i, j)) in pairs(dim).enumerate() {
        let mut basis = vec![0.0; dim * dim];
        basis[i * dim + j] = 1.0;
        basis[j * dim + i] = 1.0;
        let image = map(&basis);
        for (row, (i, j)) in pairs(dim).enumerate() {
            matrix[row * size + column] = image[i * dim + j];
        }
    }
    // ρ = 2^log, log = Σ_k log₂‖·‖_k / 2^k
    let (mut log, mut share) = (0.0, 1.0);
    for _ in 0..SQUARINGS {
        let norm = matrix.iter().map(|x| x * x).sum::<f64>().sqrt();
        if !(norm > 0.0) {
            return Radius { value: 0.0, error: 0.0 };
        }
        log += share * libm::log2(norm);
        for x in &mut matrix {
            *x /= norm;
        }
        matrix = product(&matrix, &matrix, size);
        share *= 0.5;
    }
    let value = libm::pow(2.0, log);
    Radius { value, error: 1e-13 * value }
}

/// Power iteration from the identity, which every direction takes part in; the Rayleigh quotient, until it has settled.
fn iterated(dim: usize, cost: usize, map: &dyn Fn(&[f64]) -> Vec<f64>) -> Radius {
    let mut p = vec![0.0; dim * dim];
    p.iter_mut().step_by(dim + 1).for_each(|x| *x = 1.0 / (dim as f64).sqrt());
    let mut found = Radius { value: 0.0, error: f64::INFINITY };
    for _ in 0..STEPS.min(OPERATIONS / cost) {
        let image = map(&p);
        let inner = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let value = inner(&image, &p);
        let norm = inner(&image, &image).sqrt();
        if !(norm > 0.0) {
            return Radius { value: 0.0, error: 0.0 };
        }
        // not from norm² − value², which loses half the digits
        let rest = image.iter().zip(&p).map(|(a, b)| (a - value * b) * (a - value * b)).sum::<f64>();
        found = Radius { value, error: rest.sqrt() };
        if found.error <= 1e-12 * value {
            break;
        }
        p = image;
        for x in &mut p {
            *x /= norm;
        }
    }
    found
}
