//! The fixed random rotation: of a whole law, or of each part of it.

use super::dense;
use crate::core::hessian_law::{HessianLaw, Isotropic};
use crate::core::rng::{Purpose, Stream};
use crate::core::symmetric;

/// `out = R_{·, from…} x`: the rotated image of a vector that has zeros outside a stretch of its entries.
pub(super) fn turn(rotation: &[f64], from: usize, x: &[f64], out: &mut [f64]) {
    let dim = out.len();
    for (row, sum) in rotation.chunks_exact(dim).zip(out) {
        *sum = row[from..from + x.len()].iter().zip(x).map(|(r, x)| r * x).sum();
    }
}

/// The same for one vector of a long list, zeros at its ends left out, with the rotation column by column: all entries at once, each
/// the same sum in the same order. Not inlined: a browser puts its fast code for a function in the place of the slow one only when it is
/// called again.
#[inline(never)]
fn turn_in_place(columns: &[f64], x: &mut [f64], scratch: &mut [f64]) {
    let dim = x.len();
    let first = x.iter().position(|x| *x != 0.0).unwrap_or(0);
    let end = x.iter().rposition(|x| *x != 0.0).map_or(0, |last| last + 1).max(first);
    // as a sum of no numbers
    scratch.fill(-0.0);
    for (column, x) in columns.chunks_exact(dim).zip(&*x).take(end).skip(first) {
        scratch.iter_mut().zip(column).for_each(|(sum, r)| *sum += r * x);
    }
    x.copy_from_slice(scratch);
}

/// A law that rotations change.
pub(super) fn needs_rotation(law: &HessianLaw) -> bool {
    match law {
        HessianLaw::Regression { inputs, .. } => *inputs == Isotropic::Signs,
        HessianLaw::Gaussian { .. } => false,
        _ => law.dim() > 1,
    }
}

pub(super) fn identity(dim: usize) -> Vec<f64> {
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

/// A rotation within each part, and none between them.
pub(super) fn of_parts(parts: &[usize], seed: u64) -> Vec<f64> {
    let dim: usize = parts.iter().sum();
    let mut matrix = vec![0.0; dim * dim];
    let mut from = 0;
    for &size in parts {
        for (i, row) in rotation(size, seed).chunks_exact(size).enumerate() {
            matrix[(from + i) * dim + from..][..size].copy_from_slice(row);
        }
        from += size;
    }
    matrix
}

/// The list in the rotated coordinates: `R H Rᵀ`, `R x`.
pub(super) fn rotated(mut law: HessianLaw, dim: usize, rotation: &[f64]) -> HessianLaw {
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
            let columns = symmetric::transposed(rotation, dim);
            for x in turned.chunks_exact_mut(dim) {
                turn_in_place(&columns, x, &mut half[..dim]);
            }
            *entries = turned.into();
        }
        _ => {}
    }
    law
}
