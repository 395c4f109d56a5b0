//! Small dense kernels for the hot loop, row by row in memory, every sum in one fixed order.

/// `out_j = Σ_i v_i a_ij` over rows of `width` numbers.
#[inline]
pub fn transposed_times(a: &[f64], width: usize, v: &[f64], out: &mut [f64]) {
    let out = &mut out[..width];
    out.fill(0.0);
    for (row, &x) in a.chunks_exact(width).zip(v) {
        for (sum, y) in out.iter_mut().zip(row) {
            *sum += x * y;
        }
    }
}

/// `a ← offset·a + v yᵀ`.
#[inline]
pub fn rank_one(a: &mut [f64], width: usize, offset: f64, v: &[f64], y: &[f64]) {
    let y = &y[..width];
    for (row, &x) in a.chunks_exact_mut(width).zip(v) {
        for (entry, y) in row.iter_mut().zip(y) {
            *entry = offset * *entry + x * y;
        }
    }
}

/// `out ← m a`, `m` of size `dim × dim`, `a` with rows of `width` numbers.
pub fn multiply(m: &[f64], dim: usize, a: &[f64], width: usize, out: &mut [f64]) {
    for (row, out) in m.chunks_exact(dim).zip(out.chunks_exact_mut(width)) {
        transposed_times(a, width, row, out);
    }
}

/// The orthogonal factor of a square matrix replaces it; `diagonal` becomes `|R_ii|`. Householder reflections (Golub
/// and Van Loan, *Matrix Computations*, section 5.2), `8d³/3` operations; numbers below 1e150.
/// `work`: at least `3 d` numbers; `factors`: `d²`.
pub fn orthonormalise(
    a: &mut [f64],
    dim: usize,
    diagonal: &mut [f64],
    factors: &mut [f64],
    work: &mut [f64],
) {
    let (reflector, rest) = work.split_at_mut(dim);
    let (products, betas) = rest.split_at_mut(dim);
    for k in 0..dim {
        let v = &mut reflector[..dim - k];
        let mut square = 0.0;
        for (x, row) in v.iter_mut().zip(a.chunks_exact(dim).skip(k)) {
            *x = row[k];
            square += *x * *x;
        }
        let norm = square.sqrt();
        diagonal[k] = norm;
        // the reflection v vᵀ/β takes the column to −sign·norm e_k; a column of zeros is left alone
        let head = v[0].abs() + norm;
        v[0] = head.copysign(v[0]);
        let beta = if norm > 0.0 { 1.0 / (norm * head) } else { 0.0 };
        betas[k] = beta;
        let width = dim - k - 1;
        let w = &mut products[..width];
        w.fill(0.0);
        for (row, &x) in a[k * dim..].chunks_exact(dim).zip(&*v) {
            for (sum, y) in w.iter_mut().zip(&row[k + 1..]) {
                *sum += x * y;
            }
        }
        for sum in w.iter_mut() {
            *sum *= -beta;
        }
        for (row, &x) in a[k * dim..].chunks_exact_mut(dim).zip(&*v) {
            for (entry, y) in row[k + 1..].iter_mut().zip(&*w) {
                *entry += x * y;
            }
        }
        factors[k * dim..k * dim + v.len()].copy_from_slice(v);
    }
    a.fill(0.0);
    for k in (0..dim).rev() {
        a[k * dim + k] = 1.0;
        let v = &factors[k * dim..k * dim + dim - k];
        let w = &mut products[..dim - k];
        w.fill(0.0);
        for (row, &x) in a[k * dim..].chunks_exact(dim).zip(v) {
            for (sum, y) in w.iter_mut().zip(&row[k..]) {
                *sum += x * y;
            }
        }
        for sum in w.iter_mut() {
            *sum *= -betas[k];
        }
        for (row, &x) in a[k * dim..].chunks_exact_mut(dim).zip(v) {
            for (entry, y) in row[k..].iter_mut().zip(&*w) {
                *entry += x * y;
            }
        }
    }
}

/// `log|det m|` by elimination with partial pivoting; destroys the matrix. `−∞` when singular: a pivot of at most
/// `8dε` times the largest entry.
pub fn log_determinant(m: &mut [f64], dim: usize) -> f64 {
    let scale = m.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let zero = 8.0 * dim as f64 * f64::EPSILON * scale;
    let mut sum = 0.0;
    for k in 0..dim {
        let mut pivot = k;
        for i in k + 1..dim {
            if m[i * dim + k].abs() > m[pivot * dim + k].abs() {
                pivot = i;
            }
        }
        let head = m[pivot * dim + k];
        if head.abs() <= zero {
            return f64::NEG_INFINITY;
        }
        for j in 0..dim {
            m.swap(k * dim + j, pivot * dim + j);
        }
        sum += libm::log(head.abs());
        let (upper, lower) = m.split_at_mut((k + 1) * dim);
        let row = &upper[k * dim + k + 1..];
        for below in lower.chunks_exact_mut(dim) {
            let ratio = below[k] / head;
            for (entry, x) in below[k + 1..].iter_mut().zip(row) {
                *entry -= ratio * x;
            }
        }
    }
    sum
}
