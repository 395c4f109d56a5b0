//! Averages of `log|m + c h|` over many `h`, for several `(m, c)` at a time.
//!
//! Only IEEE additions, products, quotients and bit operations, in a fixed order: the same bits on every target.
//! Callers see to it that every factor lies in [`FACTORS`].

use bytemuck::cast;
use std::ops::RangeInclusive;
use wide::{f64x2, u64x2};

/// How many pairs `(m, c)` are worked on together.
pub const LANES: usize = 8;

/// Vectors of two that hold [`LANES`].
pub(super) const VECTORS: usize = LANES / 2;

/// log 2 in two parts; the lowest bits of the first are 0, so that multiples of it are exact.
pub(super) const LN2_HIGH: f64 = 0.693_147_180_369_123_8;
pub(super) const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// Sizes of the factors `|m + c h|` for which [`mean_log_product`] and [`mean_log_weighted`] hold: products
/// of sixteen stay inside the doubles.
pub const FACTORS: RangeInclusive<f64> = 1e-18..=1e18;

/// Factors multiplied between two extractions of the exponent.
pub const RUN: usize = 16;

const MANTISSA: u64 = (1 << 52) - 1;
const ONE: u64 = 1023 << 52;
/// 2⁵² as bits and as a number: an integer below it in the mantissa becomes itself.
const INTEGER: u64 = 0x4330_0000_0000_0000;
const TWO_52: f64 = 4_503_599_627_370_496.0;

/// Pairs `(m, c)`, lane by lane.
#[derive(Clone, Copy, Debug)]
pub struct Lanes {
    offset: [f64x2; VECTORS],
    scale: [f64x2; VECTORS],
}

impl Lanes {
    /// At most [`LANES`] pairs; what is missing becomes `(1, 0)`.
    pub fn of(pairs: &[(f64, f64)]) -> Self {
        let at = |lane: usize| pairs.get(lane).copied().unwrap_or((1.0, 0.0));
        let vector = |v: usize| (at(2 * v), at(2 * v + 1));
        Self {
            offset: core::array::from_fn(|v| f64x2::new([vector(v).0.0, vector(v).1.0])),
            scale: core::array::from_fn(|v| f64x2::new([vector(v).0.1, vector(v).1.1])),
        }
    }

    /// `|m + c h|`.
    fn factor(&self, v: usize, h: f64) -> f64x2 {
        (self.offset[v] + self.scale[v] * f64x2::splat(h)).abs()
    }

    /// The least `|m + c h|` over these `h`, lane by lane.
    pub fn least(&self, values: &[f64]) -> [f64; LANES] {
        let mut least = [f64x2::splat(f64::INFINITY); VECTORS];
        for &h in values {
            for (v, least) in least.iter_mut().enumerate() {
                *least = least.fast_min(self.factor(v, h));
            }
        }
        flat(least)
    }

    /// Bit by bit, whether `least` is above `landing·max(1, |m|, size |c|)` and all `|m + c h|`, `h` between `low` and `high`, are
    /// in [`FACTORS`].
    pub fn regular(&self, least: [f64; LANES], landing: f64, size: f64, (low, high): (f64, f64)) -> u32 {
        let mut bits = 0;
        for (v, least) in least.as_chunks::<2>().0.iter().enumerate() {
            let least = f64x2::new(*least);
            let largest = self.factor(v, low).fast_max(self.factor(v, high));
            let unit = self.offset[v].abs().fast_max(f64x2::splat(1.0));
            let unit = unit.fast_max(f64x2::splat(size) * self.scale[v].abs());
            let inside = least.simd_gt(f64x2::splat(landing) * unit)
                & least.simd_ge(f64x2::splat(*FACTORS.start()))
                & largest.simd_le(f64x2::splat(*FACTORS.end()));
            bits |= inside.to_bitmask() << (2 * v);
        }
        bits
    }
}

/// The lanes of all vectors.
pub(super) fn flat(vectors: [f64x2; VECTORS]) -> [f64; LANES] {
    let mut lanes = [0.0; LANES];
    for (two, vector) in lanes.as_chunks_mut::<2>().0.iter_mut().zip(vectors) {
        *two = vector.to_array();
    }
    lanes
}

/// `(1/N) Σ log|m + c h|` over `N` values: factors are multiplied, one logarithm at the end. Relative error of the
/// product at most `2N ε`, so `2ε` of the mean. Cost: three operations per factor and lane.
pub fn mean_log_product(values: &[f64], lanes: &Lanes) -> [f64; LANES] {
    let mut product = [f64x2::splat(1.0); VECTORS];
    let mut exponent = [u64x2::splat(0); VECTORS];
    for run in values.chunks(RUN) {
        for &h in run {
            for (v, product) in product.iter_mut().enumerate() {
                *product *= lanes.factor(v, h);
            }
        }
        for (product, exponent) in product.iter_mut().zip(&mut exponent) {
            let bits: u64x2 = cast(*product);
            *exponent += bits >> 52;
            *product = cast(bits & u64x2::splat(MANTISSA) | u64x2::splat(ONE));
        }
    }
    let bias = 1023.0 * values.len().div_ceil(RUN) as f64;
    let count = f64x2::splat(values.len() as f64);
    let log = out_of_line(product);
    flat(core::array::from_fn(|v| {
        let exponent = cast::<_, f64x2>(exponent[v] | u64x2::splat(INTEGER)) - f64x2::splat(TWO_52);
        let log_2 = f64x2::splat(core::f64::consts::LN_2);
        ((exponent - f64x2::splat(bias)) * log_2 + log[v]) / count
    }))
}

/// `Σ p log|m + c h|` over pairs `(h, p)`. Cost: some 25 operations per atom and lane.
pub fn mean_log_weighted(values: &[f64], probs: &[f64], lanes: &Lanes) -> [f64; LANES] {
    let mut sum = [f64x2::splat(0.0); VECTORS];
    for (&h, &p) in values.iter().zip(probs) {
        let log = vectors(core::array::from_fn(|v| lanes.factor(v, h)));
        for (sum, log) in sum.iter_mut().zip(log) {
            *sum += f64x2::splat(p) * log;
        }
    }
    flat(sum)
}

/// Natural logarithms of positive, normal, finite numbers, each below 1 ulp in error.
pub fn logarithms(x: [f64; LANES]) -> [f64; LANES] {
    flat(out_of_line(core::array::from_fn(|v| f64x2::new([x[2 * v], x[2 * v + 1]]))))
}

/// [`logarithms`] of vectors: once for whoever does more between two calls than a call costs.
#[inline(never)]
pub(super) fn out_of_line(x: [f64x2; VECTORS]) -> [f64x2; VECTORS] {
    vectors(x)
}

/// The algorithm and the constants of `libm::log` (fdlibm's `e_log.c`), without its branches: `x = 2^k (1 + f)`
/// with `√½ < 1 + f < √2`, `s = f/(2 + f)`, `log(1 + f) = f − f²/2 + s (f²/2 + R(s²))`. Step by step for all vectors, so that each
/// constant is fetched once.
#[expect(clippy::excessive_precision, reason = "the constants as fdlibm prints them")]
#[inline]
fn vectors(x: [f64x2; VECTORS]) -> [f64x2; VECTORS] {
    const G: [f64; 7] = [
        6.666666666666735130e-01,
        3.999999999940941908e-01,
        2.857142874366239149e-01,
        2.222219843214978396e-01,
        1.818357216161805012e-01,
        1.531383769920937332e-01,
        1.479819860511658591e-01,
    ];
    /// Bits of `√½`, rounded down in the upper word as in fdlibm.
    const HALF_ROOT: u64 = 0x3fe6_a09e_0000_0000;
    use core::array::from_fn as each;
    let real = f64x2::splat;
    let shifted: [u64x2; VECTORS] = x.map(|x| cast::<_, u64x2>(x) + u64x2::splat(ONE - HALF_ROOT));
    let k = shifted.map(|bits| cast::<_, f64x2>(bits >> 52 | u64x2::splat(INTEGER)) - real(TWO_52 + 1023.0));
    let f = shifted
        .map(|bits| cast::<_, f64x2>((bits & u64x2::splat(MANTISSA)) + u64x2::splat(HALF_ROOT)) - real(1.0));
    let s = f.map(|f| f / (real(2.0) + f));
    let z = s.map(|s| s * s);
    let w = z.map(|z| z * z);
    let even = w.map(|w| real(G[3]) + w * real(G[5]));
    let even: [_; VECTORS] = each(|v| w[v] * (real(G[1]) + w[v] * even[v]));
    let odd = w.map(|w| real(G[4]) + w * real(G[6]));
    let odd: [_; VECTORS] = each(|v| real(G[2]) + w[v] * odd[v]);
    let odd: [_; VECTORS] = each(|v| z[v] * (real(G[0]) + w[v] * odd[v]));
    let half_square = f.map(|f| real(0.5) * f * f);
    let correction: [_; VECTORS] =
        each(|v| s[v] * (half_square[v] + (even[v] + odd[v])) + k[v] * real(LN2_LOW));
    each(|v| k[v] * real(LN2_HIGH) - ((half_square[v] - correction[v]) - f[v]))
}
