//! Small symmetric matrices, row by row in memory: products, eigenvalues, other bases.

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

/// `aᵀ`.
pub fn transposed(a: &[f64], dim: usize) -> Vec<f64> {
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
