//! Small dense kernels for the hot loop, row by row in memory, every sum in one fixed order.

use std::ops::{Add, Mul};
use wide::{f64x2, f64x4, f64x8};

/// Neighbouring numbers of a row, as many as are taken together: a strip of columns is so narrow that its sums stay in
/// registers while the rows go by. The compiler makes no vectors of plain loops for WebAssembly.
trait Strip: Copy + Add<Output = Self> + Mul<Output = Self> {
    /// Columns.
    const WIDTH: usize;
    fn splat(x: f64) -> Self;
    /// From the beginning of a row that is at least as long.
    fn load(row: &[f64]) -> Self;
    fn store(self, row: &mut [f64]);
}

impl Strip for f64 {
    const WIDTH: usize = 1;
    #[inline]
    fn splat(x: f64) -> Self {
        x
    }
    #[inline]
    fn load(row: &[f64]) -> Self {
        row[0]
    }
    #[inline]
    fn store(self, row: &mut [f64]) {
        row[0] = self;
    }
}

macro_rules! strip {
    ($vector:ty, $width:literal) => {
        impl Strip for $vector {
            const WIDTH: usize = $width;
            #[inline]
            fn splat(x: f64) -> Self {
                <$vector>::splat(x)
            }
            #[inline]
            fn load(row: &[f64]) -> Self {
                <$vector>::new(row.first_chunk().copied().unwrap_or_default())
            }
            #[inline]
            fn store(self, row: &mut [f64]) {
                if let Some(row) = row.first_chunk_mut() {
                    *row = self.to_array();
                }
            }
        }
    };
}
strip!(f64x2, 2);
strip!(f64x4, 4);
strip!(f64x8, 8);

/// `out_j = Σ_i v_i a_ij` over rows of `width` numbers.
pub fn transposed_times(a: &[f64], width: usize, v: &[f64], out: &mut [f64]) {
    let mut at = sums::<f64x8>(a, width, 0, v, out);
    at = sums::<f64x4>(a, width, at, v, out);
    at = sums::<f64x2>(a, width, at, v, out);
    sums::<f64>(a, width, at, v, out);
}

/// `a ← offset·a + v yᵀ`.
pub fn rank_one(a: &mut [f64], width: usize, offset: f64, v: &[f64], y: &[f64]) {
    let mut at = add_outer::<f64x8>(a, width, 0, offset, v, y);
    at = add_outer::<f64x4>(a, width, at, offset, v, y);
    at = add_outer::<f64x2>(a, width, at, offset, v, y);
    add_outer::<f64>(a, width, at, offset, v, y);
}

/// `a ← (offset·I + weight·v vᵀ) a` for the columns from `from` on, and up to three before it: strips begin at multiples
/// of four.
pub fn rank_one_times(a: &mut [f64], width: usize, from: usize, offset: f64, v: &[f64], weight: f64) {
    let mut at = times_strips::<f64x8>(a, width, from & !3, offset, v, weight);
    at = times_strips::<f64x4>(a, width, at, offset, v, weight);
    at = times_strips::<f64x2>(a, width, at, offset, v, weight);
    times_strips::<f64>(a, width, at, offset, v, weight);
}

/// `Σ_i v_i a_ij` for the strip that begins at a column.
#[inline]
fn sum<S: Strip>(a: &[f64], width: usize, at: usize, v: &[f64]) -> S {
    let mut sum = S::splat(0.0);
    for (row, &x) in a[at..].chunks(width).zip(v) {
        sum = sum + S::splat(x) * S::load(row);
    }
    sum
}

/// `a ← offset·a + v yᵀ` for the strip that begins at a column.
#[inline]
fn add<S: Strip>(a: &mut [f64], width: usize, at: usize, offset: f64, v: &[f64], y: S) {
    let offset = S::splat(offset);
    for (row, &x) in a[at..].chunks_mut(width).zip(v) {
        (offset * S::load(row) + S::splat(x) * y).store(row);
    }
}

/// [`transposed_times`] for as many strips from a column on as there is room for; returns the first column that is left.
#[inline]
fn sums<S: Strip>(a: &[f64], width: usize, mut at: usize, v: &[f64], out: &mut [f64]) -> usize {
    while at + S::WIDTH <= width {
        sum::<S>(a, width, at, v).store(&mut out[at..]);
        at += S::WIDTH;
    }
    at
}

/// [`rank_one`] in the same way.
#[inline]
fn add_outer<S: Strip>(
    a: &mut [f64],
    width: usize,
    mut at: usize,
    offset: f64,
    v: &[f64],
    y: &[f64],
) -> usize {
    while at + S::WIDTH <= width {
        add(a, width, at, offset, v, S::load(&y[at..]));
        at += S::WIDTH;
    }
    at
}

/// [`rank_one_times`] in the same way.
#[inline]
fn times_strips<S: Strip>(
    a: &mut [f64],
    width: usize,
    mut at: usize,
    offset: f64,
    v: &[f64],
    weight: f64,
) -> usize {
    while at + S::WIDTH <= width {
        let y = sum::<S>(a, width, at, v) * S::splat(weight);
        add(a, width, at, offset, v, y);
        at += S::WIDTH;
    }
    at
}

/// `out ← m a`, `m` of size `dim × dim`, `a` with rows of `width` numbers.
pub fn multiply(m: &[f64], dim: usize, a: &[f64], width: usize, out: &mut [f64]) {
    for (row, out) in m.chunks_exact(dim).zip(out.chunks_exact_mut(width)) {
        transposed_times(a, width, row, out);
    }
}

/// The orthogonal factor of a square matrix replaces it; `diagonal` becomes `|R_ii|`. Householder reflections (Golub
/// and Van Loan, *Matrix Computations*, section 5.2), `8d³/3` operations; numbers below 1e150.
/// `factors`: at least `d (d + 1)` numbers of memory.
pub fn orthonormalise(a: &mut [f64], dim: usize, diagonal: &mut [f64], factors: &mut [f64]) {
    let (betas, factors) = factors.split_at_mut(dim);
    for k in 0..dim {
        let v = &mut factors[k * dim..(k + 1) * dim - k];
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
        betas[k] = if norm > 0.0 { 1.0 / (norm * head) } else { 0.0 };
        // the columns up to k are not needed any more
        rank_one_times(&mut a[k * dim..], dim, k + 1, 1.0, v, -betas[k]);
    }
    a.fill(0.0);
    for k in (0..dim).rev() {
        a[k * dim + k] = 1.0;
        // the columns before k have zeros in these rows
        rank_one_times(&mut a[k * dim..], dim, k, 1.0, &factors[k * dim..(k + 1) * dim - k], -betas[k]);
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
