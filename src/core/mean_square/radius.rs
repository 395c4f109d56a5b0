//! Spectral radii of linear maps of symmetric matrices that keep positive ones positive; symmetric eigenvalues.

/// Largest dimension for which the matrix of the map is squared.
const SQUARED: usize = 12;

/// Squarings: the 2⁴⁴-th power of the map.
const SQUARINGS: i32 = 44;

/// Most steps of the power iteration.
const STEPS: usize = 20_000;

/// A spectral radius.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Radius {
    /// The radius.
    pub value: f64,
    /// Rounding, or the residual `‖L P − ρ P‖/‖P‖` where the power iteration stopped (a bound if the map is symmetric).
    pub error: f64,
}

/// The radius of a map of symmetric `dim × dim` matrices.
pub fn radius(dim: usize, map: &dyn Fn(&[f64]) -> Vec<f64>) -> Radius {
    if dim <= SQUARED { squared(dim, map) } else { iterated(dim, map) }
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
    let value = libm::exp2(log);
    Radius { value, error: 1e-13 * value }
}

/// Power iteration from the identity, which every direction takes part in; the Rayleigh quotient, until it has settled.
fn iterated(dim: usize, map: &dyn Fn(&[f64]) -> Vec<f64>) -> Radius {
    let mut p = vec![0.0; dim * dim];
    p.iter_mut().step_by(dim + 1).for_each(|x| *x = 1.0 / (dim as f64).sqrt());
    let mut found = Radius { value: 0.0, error: f64::INFINITY };
    for _ in 0..STEPS {
        let image = map(&p);
        let inner = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let value = inner(&image, &p);
        let norm = inner(&image, &image).sqrt();
        if !(norm > 0.0) {
            return Radius { value: 0.0, error: 0.0 };
        }
        let error = (norm * norm - value * value).max(0.0).sqrt();
        found = Radius { value, error };
        if error <= 1e-12 * value {
            break;
        }
        p = image;
        for x in &mut p {
            *x /= norm;
        }
    }
    found
}

/// The places on and below the diagonal.
pub fn pairs(dim: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..dim).flat_map(|i| (0..=i).map(move |j| (i, j)))
}

/// `a b`.
pub fn product(a: &[f64], b: &[f64], dim: usize) -> Vec<f64> {
    let mut out = vec![0.0; dim * dim];
    for (row, out) in a.chunks_exact(dim).zip(out.chunks_exact_mut(dim)) {
        for (x, line) in row.iter().zip(b.chunks_exact(dim)) {
            if *x != 0.0 {
                out.iter_mut().zip(line).for_each(|(sum, y)| *sum += x * y);
            }
        }
    }
    out
}

/// `a bᵀ`.
pub fn product_transposed(a: &[f64], b: &[f64], dim: usize) -> Vec<f64> {
    let mut out = Vec::with_capacity(dim * dim);
    for row in a.chunks_exact(dim) {
        out.extend(b.chunks_exact(dim).map(|line| row.iter().zip(line).map(|(x, y)| x * y).sum::<f64>()));
    }
    out
}

/// `v vᵀ`.
pub fn outer(v: &[f64]) -> Vec<f64> {
    v.iter().flat_map(|a| v.iter().map(move |b| a * b)).collect()
}

/// `Vᵀ x V`.
pub fn to_basis(x: &[f64], vectors: &[f64], dim: usize) -> Vec<f64> {
    product(&transposed(vectors, dim), &product(x, vectors, dim), dim)
}

/// `V x Vᵀ`.
pub fn from_basis(x: &[f64], vectors: &[f64], dim: usize) -> Vec<f64> {
    product_transposed(&product(vectors, x, dim), vectors, dim)
}

fn transposed(a: &[f64], dim: usize) -> Vec<f64> {
    (0..dim * dim).map(|k| a[k % dim * dim + k / dim]).collect()
}

/// Eigenvalues of a symmetric matrix, and its eigenvectors as columns: cyclic Jacobi rotations (Golub and Van Loan,
/// section 8.5), to rounding in about eight sweeps of `6 d³`.
pub fn eigen(matrix: &[f64], dim: usize) -> (Vec<f64>, Vec<f64>) {
    let mut a = matrix.to_vec();
    let mut vectors = vec![0.0; dim * dim];
    vectors.iter_mut().step_by(dim + 1).for_each(|x| *x = 1.0);
    let size = a.iter().map(|x| x * x).sum::<f64>().sqrt();
    for _ in 0..40 {
        let off: f64 = pairs(dim).filter(|(i, j)| i != j).map(|(i, j)| a[i * dim + j] * a[i * dim + j]).sum();
        if off.sqrt() <= 1e-16 * size {
            break;
        }
        for (i, j) in pairs(dim).filter(|(i, j)| i != j) {
            let x = a[i * dim + j];
            if x == 0.0 {
                continue;
            }
            let theta = (a[i * dim + i] - a[j * dim + j]) / (2.0 * x);
            let t = 1.0_f64.copysign(theta) / (theta.abs() + (theta * theta + 1.0).sqrt());
            let cos = 1.0 / (t * t + 1.0).sqrt();
            let sin = t * cos;
            for k in 0..dim {
                turn(&mut a, k * dim + i, k * dim + j, cos, sin);
            }
            for k in 0..dim {
                turn(&mut a, i * dim + k, j * dim + k, cos, sin);
                turn(&mut vectors, k * dim + i, k * dim + j, cos, sin);
            }
        }
    }
    (a.iter().step_by(dim + 1).copied().collect(), vectors)
}

fn turn(a: &mut [f64], i: usize, j: usize, cos: f64, sin: f64) {
    let (x, y) = (a[i], a[j]);
    a[i] = cos * x + sin * y;
    a[j] = cos * y - sin * x;
}
