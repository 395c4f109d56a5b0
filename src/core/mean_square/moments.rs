//! `E H` and `E[H P Hᵀ]` of the laws of matrices, in closed form.

use crate::core::hessian_law::{HessianLaw, Isotropic, Neuron};
use crate::core::symmetric::{pairs, product, product_transposed};

/// Most operations of turning a list of matrices into one matrix of the map, and its most entries.
const OPERATIONS: usize = 200_000_000;
const ENTRIES: usize = 100_000;

/// First and second moments of a law.
#[derive(Clone, Debug)]
pub(super) struct Moments {
    pub dim: usize,
    pub count: Option<usize>,
    pub mean: Vec<f64>,
    law: HessianLaw,
    /// For a list of matrices: column by column `E[H B Hᵀ]` of the basis matrices `B`; else empty.
    table: Vec<Vec<f64>>,
}

impl Moments {
    pub fn new(law: &HessianLaw) -> Self {
        let dim = law.dim();
        let mut moments =
            Self { dim, count: law.count(), mean: law.mean(), law: law.clone(), table: Vec::new() };
        if let HessianLaw::Matrices { entries, .. } = law {
            let (columns, size) = (dim * (dim + 1) / 2, dim * dim);
            if columns * size <= ENTRIES && entries.len() * columns <= OPERATIONS {
                moments.table = pairs(dim).map(|(i, j)| column(entries, dim, i, j)).collect();
            }
        }
        moments
    }

    /// Operations of [`Moments::second`], about.
    pub fn cost(&self) -> usize {
        let dim = self.dim;
        match &self.law {
            _ if !self.table.is_empty() => self.table.len() * dim * dim,
            HessianLaw::Matrices { entries, .. } | HessianLaw::Rows { entries, .. } => {
                4 * entries.len() * dim
            }
            _ => 8 * dim * dim,
        }
    }

    /// `E[H P Hᵀ]` for a symmetric `P`.
    pub fn second(&self, p: &[f64]) -> Vec<f64> {
        let dim = self.dim;
        if !self.table.is_empty() {
            let mut out = vec![0.0; dim * dim];
            for ((i, j), column) in pairs(dim).zip(&self.table) {
                let weight = p[i * dim + j];
                out.iter_mut().zip(column).for_each(|(sum, x)| *sum += weight * x);
            }
            return out;
        }
        match &self.law {
            HessianLaw::Regression { inputs, .. } => fourth(*inputs, dim, p),
            HessianLaw::Neuron(neuron) => second_of_neuron(neuron, p),
            HessianLaw::Gaussian { .. } => {
                let trace: f64 = p.iter().step_by(dim + 1).sum();
                let mut out = vec![0.0; dim * dim];
                out.iter_mut().step_by(dim + 1).for_each(|x| *x = trace);
                out
            }
            HessianLaw::Matrices { entries, .. } => {
                let mut out = vec![0.0; dim * dim];
                for matrix in entries.chunks_exact(dim * dim) {
                    let image = product_transposed(&product(matrix, p, dim), matrix, dim);
                    out.iter_mut().zip(image).for_each(|(sum, x)| *sum += x);
                }
                divide(&mut out, self.count);
                out
            }
            HessianLaw::Rows { entries, .. } => {
                let mut out = vec![0.0; dim * dim];
                for x in entries.chunks_exact(dim) {
                    let along: f64 = p
                        .chunks_exact(dim)
                        .zip(x)
                        .map(|(row, a)| a * row.iter().zip(x).map(|(p, b)| p * b).sum::<f64>())
                        .sum();
                    for (row, a) in out.chunks_exact_mut(dim).zip(x) {
                        row.iter_mut().zip(x).for_each(|(sum, b)| *sum += along * a * b);
                    }
                }
                divide(&mut out, self.count);
                out
            }
            HessianLaw::Pairs { entries, .. } => {
                let mut out = vec![0.0; dim * dim];
                for pair in entries.chunks_exact(2 * dim) {
                    let (left, right) = pair.split_at(dim);
                    let form = |a: &[f64], b: &[f64]| {
                        let row =
                            |(row, x): (&[f64], &f64)| x * row.iter().zip(b).map(|(p, y)| p * y).sum::<f64>();
                        p.chunks_exact(dim).zip(a).map(row).sum::<f64>()
                    };
                    let (ll, rr, lr) = (form(left, left), form(right, right), form(left, right));
                    for ((row, l), r) in out.chunks_exact_mut(dim).zip(left).zip(right) {
                        for ((sum, y), x) in row.iter_mut().zip(left).zip(right) {
                            *sum += l * y * rr + r * x * ll + (l * x + r * y) * lr;
                        }
                    }
                }
                divide(&mut out, self.count);
                out
            }
        }
    }
}

/// `E[H B Hᵀ]` for `B = e_i e_jᵀ + e_j e_iᵀ` (`e_i e_iᵀ` for `i = j`): products of two columns.
fn column(entries: &[f64], dim: usize, i: usize, j: usize) -> Vec<f64> {
    let mut out = vec![0.0; dim * dim];
    for matrix in entries.chunks_exact(dim * dim) {
        for (row, left) in out.chunks_exact_mut(dim).zip(matrix.chunks_exact(dim)) {
            for (sum, right) in row.iter_mut().zip(matrix.chunks_exact(dim)) {
                *sum += left[i] * right[j];
                if i != j {
                    *sum += left[j] * right[i];
                }
            }
        }
    }
    divide(&mut out, Some(entries.len() / (dim * dim)));
    out
}

fn divide(values: &mut [f64], count: Option<usize>) {
    let count = count.unwrap_or(1) as f64;
    for x in values {
        *x /= count;
    }
}

/// `E[x xᵀ A x xᵀ] = a (A + Aᵀ + tr A · I) + b diag A`.
fn fourth(law: Isotropic, dim: usize, a: &[f64]) -> Vec<f64> {
    let (pairing, diagonal) = law.fourth(dim);
    let trace: f64 = a.iter().step_by(dim + 1).sum();
    let mut out: Vec<f64> =
        (0..dim * dim).map(|at| pairing * (a[at] + a[at % dim * dim + at / dim])).collect();
    for i in 0..dim {
        out[i * (dim + 1)] += pairing * trace + diagonal * a[i * (dim + 1)];
    }
    out
}

/// With `r = K x + σ ε` and `P = [[A, B], [Bᵀ, D]]`, writing `T` for [`fourth`] and `n`, `q` for the second moments of an entry of
/// `ε` and of `x`:
/// ```text
/// upper left    E[(xᵀ D x) r rᵀ] = K T(D) Kᵀ + σ² n q tr D · I
/// upper right   E[r xᵀ Bᵀ r xᵀ] = K T(Bᵀ K) + σ² n q B
/// lower right   E[x rᵀ A r xᵀ] = T(Kᵀ A K) + σ² n q tr A · I
/// ```
fn second_of_neuron(neuron: &Neuron, p: &[f64]) -> Vec<f64> {
    let (c, d) = (neuron.outputs, neuron.inputs);
    let dim = c + d;
    let gain = |i: usize| neuron.signal.get(i).copied().unwrap_or(0.0);
    let at = |i: usize, j: usize| p[i * dim + j];
    let noise = neuron.noise * neuron.noise * neuron.noise_law.second(c) * neuron.input_law.second(d);
    // d × d matrices; K is diagonal, so a row or column beyond min(c, d) meets a gain of 0
    let square =
        |f: &dyn Fn(usize, usize) -> f64| -> Vec<f64> { (0..d * d).map(|k| f(k / d, k % d)).collect() };
    let lower = fourth(neuron.input_law, d, &square(&|i, j| at(c + i, c + j)));
    // (Bᵀ K)_ij = B_ji k_j
    let cross = square(&|i, j| if j < c { at(j, c + i) * gain(j) } else { 0.0 });
    let cross = fourth(neuron.input_law, d, &cross);
    let upper = square(&|i, j| if i < c && j < c { gain(i) * gain(j) * at(i, j) } else { 0.0 });
    let upper = fourth(neuron.input_law, d, &upper);
    let upper_trace: f64 = (0..c).map(|i| at(i, i)).sum();
    let lower_trace: f64 = (c..dim).map(|i| at(i, i)).sum();
    let mut out = vec![0.0; dim * dim];
    for i in 0..c {
        for j in 0..c {
            let signal = if i < d && j < d { gain(i) * gain(j) * lower[i * d + j] } else { 0.0 };
            out[i * dim + j] = signal + if i == j { noise * lower_trace } else { 0.0 };
        }
        for j in 0..d {
            let signal = if i < d { gain(i) * cross[i * d + j] } else { 0.0 };
            let x = signal + noise * at(i, c + j);
            out[i * dim + c + j] = x;
            out[(c + j) * dim + i] = x;
        }
    }
    for i in 0..d {
        for j in 0..d {
            out[(c + i) * dim + c + j] = upper[i * d + j] + if i == j { noise * upper_trace } else { 0.0 };
        }
    }
    out
}
