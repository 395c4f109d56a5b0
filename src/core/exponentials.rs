//! Exponential functions of several numbers at a time.
//!
//! Only IEEE operations and bit operations, in a fixed order, as in [`super::logarithms`]: the same bits on every target.

use super::logarithms::{LANES, VECTORS, flat};
use bytemuck::cast;
use core::array::from_fn as each;
use std::ops::RangeInclusive;
use wide::{f64x2, u64x2};

/// Arguments for which [`exponentials`] holds: the results are normal numbers.
pub const ARGUMENTS: RangeInclusive<f64> = -700.0..=700.0;

/// log 2 in two parts; the lowest bits of the first are 0, so that multiples of it are exact.
const LN2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// 1.5·2⁵²: added to a number it rounds it to an integer, which stands in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// `e^x` of numbers within [`ARGUMENTS`], each below 1 ulp in error.
///
/// The algorithm and the constants of `libm::exp` (fdlibm's `e_exp.c`), without its branches: `x = k log 2 + r`,
/// `|r| ≤ ½ log 2`, `e^r = 1 + (r c/(2 − c) + r)` with a polynomial `c`, then the exponent is raised by `k`. Step by step for
/// all vectors, so that each constant is fetched once.
#[expect(clippy::excessive_precision, reason = "the constants as fdlibm prints them")]
#[inline]
pub fn exponentials(x: [f64; LANES]) -> [f64; LANES] {
    const P: [f64; 5] = [
        1.66666666666666019037e-01,
        -2.77777777770155933842e-03,
        6.61375632143793436117e-05,
        -1.65339022054652515390e-06,
        4.13813679705723846039e-08,
    ];
    let real = f64x2::splat;
    let x: [f64x2; VECTORS] = each(|v| f64x2::new([x[2 * v], x[2 * v + 1]]));
    let shifted = x.map(|x| x * real(core::f64::consts::LOG2_E) + real(ROUND));
    let k = shifted.map(|shifted| shifted - real(ROUND));
    let high: [_; VECTORS] = each(|v| x[v] - k[v] * real(LN2_HIGH));
    let low = k.map(|k| k * real(LN2_LOW));
    let r: [_; VECTORS] = each(|v| high[v] - low[v]);
    let z = r.map(|r| r * r);
    let c = z.map(|z| real(P[3]) + z * real(P[4]));
    let c: [_; VECTORS] = each(|v| real(P[1]) + z[v] * (real(P[2]) + z[v] * c[v]));
    let c: [_; VECTORS] = each(|v| r[v] - z[v] * (real(P[0]) + z[v] * c[v]));
    let y: [_; VECTORS] = each(|v| real(1.0) + (r[v] * c[v] / (real(2.0) - c[v]) - low[v] + high[v]));
    let raised: [f64x2; VECTORS] =
        each(|v| cast(cast::<_, u64x2>(y[v]) + (cast::<_, u64x2>(shifted[v]) << 52)));
    flat(raised)
}

/// Sizes of arguments up to which [`hyperbolic_tangents`] computes all of them together.
const TOGETHER: f64 = 6.5;

/// `tanh x`, each to the last bit as [`libm::tanh`] gives it, three times as fast where none is beyond 6.5 in size.
///
/// The algorithm and the constants of fdlibm's `s_tanh.c` and `s_expm1.c`: `t = e^{±2|x|} − 1`, then `±t/(t + 2)` or
/// `1 − 2/(t + 2)`. Their branches are one formula here, `t = 2ᵏ (r − e + 1 − 2⁻ᵏ)`, which rounds as each of them does.
#[expect(clippy::excessive_precision, reason = "the constants as fdlibm prints them")]
#[inline]
pub fn hyperbolic_tangents(x: [f64; LANES]) -> [f64; LANES] {
    const Q: [f64; 5] = [
        -3.33333333333331316428e-02,
        1.58730158725481460165e-03,
        -7.93650757867487942473e-05,
        4.00821782732936239552e-06,
        -2.01099218183624371326e-07,
    ];
    // fdlibm compares the upper halves of the bits: just above ½ log(5/3), ½ log 3 and ½ log 2
    let middle = f64::from_bits(0x3FD0_58AF_0000_0000);
    let large = f64::from_bits(0x3FE1_93EB_0000_0000);
    let reduced = f64::from_bits(0x3FD6_2E43_0000_0000);
    if !x.iter().all(|x| x.abs() <= TOGETHER) {
        return x.map(libm::tanh);
    }
    let real = f64x2::splat;
    let sign = real(-0.0);
    let x: [f64x2; VECTORS] = each(|v| f64x2::new([x[2 * v], x[2 * v + 1]]));
    let size = x.map(f64x2::abs);
    let twice = size.map(|a| a + a);
    let y: [_; VECTORS] = each(|v| size[v].simd_ge(real(middle)).bitselect(twice[v], -twice[v]));
    // the integer part of |y|/log 2 + ½ (or one less at an integer: the result is the same) where |y| > ½ log 2
    let rounded =
        twice.map(|y| ((real(core::f64::consts::LOG2_E) * y + real(0.5)) - real(0.5)) + real(ROUND));
    let k: [_; VECTORS] =
        each(|v| (twice[v].simd_ge(real(reduced)) & (rounded[v] - real(ROUND))) | (y[v] & sign));
    // y = k log 2 + r, with the rounding error c of r
    let high: [_; VECTORS] = each(|v| y[v] - k[v] * real(LN2_HIGH));
    let low = k.map(|k| k * real(LN2_LOW));
    let r: [_; VECTORS] = each(|v| high[v] - low[v]);
    let c: [_; VECTORS] = each(|v| (high[v] - r[v]) - low[v]);
    let half = r.map(|r| real(0.5) * r);
    let z: [_; VECTORS] = each(|v| r[v] * half[v]);
    let sum = z.map(|z| real(Q[3]) + z * real(Q[4]));
    let sum: [_; VECTORS] = each(|v| real(Q[1]) + z[v] * (real(Q[2]) + z[v] * sum[v]));
    let sum: [_; VECTORS] = each(|v| real(1.0) + z[v] * (real(Q[0]) + z[v] * sum[v]));
    let t: [_; VECTORS] = each(|v| real(3.0) - sum[v] * half[v]);
    let e: [_; VECTORS] = each(|v| z[v] * ((sum[v] - t[v]) / (real(6.0) - r[v] * t[v])));
    let e: [_; VECTORS] = each(|v| (r[v] * (e[v] - c[v]) - c[v]) - z[v]);
    let t: [_; VECTORS] = each(|v| {
        let exponent = cast::<_, u64x2>(k[v] + real(ROUND)) << 52;
        let one = cast::<_, u64x2>(real(1.0));
        let (power, inverse): (f64x2, f64x2) = (cast(one + exponent), cast(one - exponent));
        (r[v] - e[v] + (real(1.0) - inverse)) * power
    });
    let tanh: [f64x2; VECTORS] = each(|v| {
        let large = size[v].simd_ge(real(large));
        let part = large.bitselect(real(2.0), t[v].abs()) / (t[v] + real(2.0));
        large.bitselect(real(1.0) - part, part) | (x[v] & sign)
    });
    flat(tanh)
}
