//! The inner loops: small matrices times vectors in SIMD vectors of four, every sum in one order that does not depend on
//! the machine.
//!
//! A matrix is stored row by row, rows and columns padded with zeros to multiples of four; so is every vector.

use wide::f64x4;

/// Numbers in a SIMD vector.
const LANES: usize = 4;

/// Room for `count` numbers.
pub const fn padded(count: usize) -> usize {
    count.next_multiple_of(LANES)
}

/// `out_o = Σ_i w_oi x_i` for four rows at a time; `out` and `x` padded.
#[inline(never)] // in a longer function its sums would not stay in registers
pub fn times(w: &[f64], x: &[f64], out: &mut [f64]) {
    let stride = x.len();
    let x = vectors(x);
    for (rows, out) in w.chunks_exact(LANES * stride).zip(out.as_chunks_mut::<LANES>().0) {
        let [a, b, c, d] = four(rows, stride);
        let mut sums = [f64x4::ZERO; LANES];
        for ((((x, a), b), c), d) in x.iter().zip(a).zip(b).zip(c).zip(d) {
            let x = f64x4::new(*x);
            sums[0] += f64x4::new(*a) * x;
            sums[1] += f64x4::new(*b) * x;
            sums[2] += f64x4::new(*c) * x;
            sums[3] += f64x4::new(*d) * x;
        }
        *out = sums.map(total);
    }
}

/// `out_i += Σ_o d_o w_oi`, or `out_i =` of numbers that are not needed any more; `out` and `d` padded.
#[inline]
pub fn add_transposed_times(w: &[f64], d: &[f64], out: &mut [f64], mut needed: bool) {
    let stride = out.len();
    let out = out.as_chunks_mut::<LANES>().0;
    for (rows, d) in w.chunks_exact(LANES * stride).zip(vectors(d)) {
        let [a, b, c, e] = four(rows, stride);
        let weights = d.map(f64x4::splat);
        for ((((out, a), b), c), d) in out.iter_mut().zip(a).zip(b).zip(c).zip(e) {
            let near = f64x4::new(*a) * weights[0] + f64x4::new(*b) * weights[1];
            let far = f64x4::new(*c) * weights[2] + f64x4::new(*d) * weights[3];
            let before = if needed { f64x4::new(*out) } else { f64x4::ZERO };
            *out = (before + (near + far)).to_array();
        }
        needed = true;
    }
}

/// `to ← from`, both padded. WebAssembly's own way to copy is a call, which takes longer than a row.
pub fn copy(from: &[f64], to: &mut [f64]) {
    for (to, from) in to.as_chunks_mut::<LANES>().0.iter_mut().zip(vectors(from)) {
        *to = f64x4::new(*from).to_array();
    }
}

/// `t_oi ← keep t_oi + scale Σ_s d_so x_si` for the first `rows` rows of `t`; `d` and `x` hold one padded vector per sample, of
/// `height` and `stride` numbers (that these are not divided out here saves a division per row).
pub fn add_outer(
    t: &mut [f64],
    (rows, samples): (usize, usize),
    (keep, scale): (f64, f64),
    (d, height): (&[f64], usize),
    (x, stride): (&[f64], usize),
) {
    for (o, row) in t.chunks_exact_mut(stride).take(rows).enumerate() {
        let weight = |s: usize| scale * d[s * height + o];
        let input = |s: usize| vectors(&x[s * stride..(s + 1) * stride]);
        let (mut keep, mut s) = (f64x4::splat(keep), 0);
        let row = row.as_chunks_mut::<LANES>().0;
        while s + 4 <= samples {
            let weights = [weight(s), weight(s + 1), weight(s + 2), weight(s + 3)].map(f64x4::splat);
            let (a, b, c, d) = (input(s), input(s + 1), input(s + 2), input(s + 3));
            for ((((t, a), b), c), d) in row.iter_mut().zip(a).zip(b).zip(c).zip(d) {
                let near = f64x4::new(*a) * weights[0] + f64x4::new(*b) * weights[1];
                let far = f64x4::new(*c) * weights[2] + f64x4::new(*d) * weights[3];
                *t = (keep * f64x4::new(*t) + (near + far)).to_array();
            }
            (keep, s) = (f64x4::splat(1.0), s + 4);
        }
        while s < samples {
            let factor = f64x4::splat(weight(s));
            for (t, x) in row.iter_mut().zip(input(s)) {
                *t = (keep * f64x4::new(*t) + f64x4::new(*x) * factor).to_array();
            }
            (keep, s) = (f64x4::splat(1.0), s + 1);
        }
    }
}

#[inline]
fn vectors(x: &[f64]) -> &[[f64; LANES]] {
    x.as_chunks().0
}

/// Four rows.
#[inline]
fn four(rows: &[f64], stride: usize) -> [&[[f64; LANES]]; LANES] {
    std::array::from_fn(|row| vectors(&rows[row * stride..(row + 1) * stride]))
}

#[inline]
fn total(sums: f64x4) -> f64 {
    let [a, b, c, d] = sums.to_array();
    (a + c) + (b + d)
}
