//! Averages of `log|m + c h|` over many `h`, for several `(m, c)` at a time.
//!
//! Only IEEE additions, products, quotients and bit operations, in a fixed order: the same bits on every target,
//! and loops over lanes that compilers turn into SIMD. Callers see to it that every factor lies in
//! [`FACTORS`].

#![expect(clippy::needless_range_loop, reason = "lanes by index are what compilers turn into SIMD")]

use std::ops::RangeInclusive;

/// How many pairs `(m, c)` are worked on together.
pub const LANES: usize = 8;

/// Sizes of the factors `|m + c h|` for which [`mean_log_product`] and [`mean_log_weighted`] hold: products
/// of sixteen stay inside the doubles.
pub const FACTORS: RangeInclusive<f64> = 1e-18..=1e18;

/// Factors multiplied between two extractions of the exponent.
pub const RUN: usize = 16;

const MANTISSA: u64 = (1 << 52) - 1;
const ONE: u64 = 1023 << 52;

/// Pairs `(m, c)`, lane by lane.
#[derive(Clone, Copy, Debug)]
pub struct Lanes {
    /// `m`.
    pub offset: [f64; LANES],
    /// `c`.
    pub scale: [f64; LANES],
}

/// `(1/N) Σ log|m + c h|` over `N` values: factors are multiplied, one logarithm at the end. Relative error of the
/// product at most `2N ε`, so `2ε` of the mean. Cost: three operations per factor and lane.
pub fn mean_log_product(values: &[f64], lanes: &Lanes) -> [f64; LANES] {
    let mut product = [1.0_f64; LANES];
    let mut exponent = [0_u64; LANES];
    for run in values.chunks(RUN) {
        for &h in run {
            for l in 0..LANES {
                product[l] *= lanes.offset[l] + lanes.scale[l] * h;
            }
        }
        for l in 0..LANES {
            let bits = product[l].to_bits() & (u64::MAX >> 1);
            exponent[l] += bits >> 52;
            product[l] = f64::from_bits(bits & MANTISSA | ONE);
        }
    }
    let bias = 1023.0 * values.len().div_ceil(RUN) as f64;
    let log = logarithms(product);
    let count = values.len() as f64;
    core::array::from_fn(|l| ((exponent[l] as f64 - bias) * core::f64::consts::LN_2 + log[l]) / count)
}

/// `Σ p log|m + c h|` over pairs `(h, p)`. Cost: some 25 operations per atom and lane.
pub fn mean_log_weighted(values: &[f64], probs: &[f64], lanes: &Lanes) -> [f64; LANES] {
    let mut sum = [0.0; LANES];
    for (&h, &p) in values.iter().zip(probs) {
        let log = logarithms(core::array::from_fn(|l| (lanes.offset[l] + lanes.scale[l] * h).abs()));
        for l in 0..LANES {
            sum[l] += p * log[l];
        }
    }
    sum
}

/// Natural logarithms of positive, normal, finite numbers, each below 1 ulp in error.
///
/// The algorithm and the constants of `libm::log` (fdlibm's `e_log.c`), without its branches: `x = 2^k (1 + f)`
/// with `√½ < 1 + f < √2`, `s = f/(2 + f)`, `log(1 + f) = f − f²/2 + s (f²/2 + R(s²))`.
#[expect(clippy::excessive_precision, reason = "the constants as fdlibm prints them")]
#[inline]
pub fn logarithms(x: [f64; LANES]) -> [f64; LANES] {
    const LN2_HIGH: f64 = 6.93147180369123816490e-01;
    const LN2_LOW: f64 = 1.90821492927058770002e-10;
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
    /// 2⁵² as bits and as a number: an integer below it in the mantissa becomes itself.
    const INTEGER: u64 = 0x4330_0000_0000_0000;
    let mut result = [0.0; LANES];
    for l in 0..LANES {
        let shifted = x[l].to_bits().wrapping_add(ONE - HALF_ROOT);
        let k = f64::from_bits(shifted >> 52 | INTEGER) - (4_503_599_627_370_496.0 + 1023.0);
        let f = f64::from_bits((shifted & MANTISSA) + HALF_ROOT) - 1.0;
        let s = f / (2.0 + f);
        let z = s * s;
        let w = z * z;
        let even = w * (G[1] + w * (G[3] + w * G[5]));
        let odd = z * (G[0] + w * (G[2] + w * (G[4] + w * G[6])));
        let half_square = 0.5 * f * f;
        result[l] = k * LN2_HIGH - ((half_square - (s * (half_square + (even + odd)) + k * LN2_LOW)) - f);
    }
    result
}
