//! Exponential functions of several numbers at a time.
//!
//! Only IEEE operations and bit operations, in a fixed order, as in [`super::logarithms`]: the same bits on every target.

use super::logarithms::{LANES, LN2_HIGH, LN2_LOW, VECTORS, flat};
use bytemuck::cast;
use core::array::from_fn as each;
use std::ops::RangeInclusive;
use wide::{f64x2, u64x2};

/// Arguments for which [`exponentials`] holds: the results are normal numbers.
pub const ARGUMENTS: RangeInclusive<f64> = -700.0..=700.0;

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

/// `tanh x`, each to the last bit as [`libm::tanh`] gives it; about twice as fast where none is beyond 6.5.
///
/// The algorithm and the constants of fdlibm's `s_tanh.c` and `s_expm1.c`: `t = e^{±2|x|} − 1`, then `±t/(t + 2)` or
/// `1 − 2/(t + 2)`. Their branches are one formula here, `t = 2ᵏ (r − e + 1 − 2⁻ᵏ)`, which rounds as each of them does.
#[expect(clippy::excessive_precision, reason = "the constants as fdlibm prints them")]
#[inline]
pub fn hyperbolic_tangents(x: [f64; 4]) -> [f64; 4] {
    const CONSTANTS: [f64; 16] = [
        0.5,
        1.0,
        3.0,
        6.0,
        ROUND,
        core::f64::consts::LOG2_E,
        LN2_HIGH,
        LN2_LOW,
        -3.33333333333331316428e-02,
        1.58730158725481460165e-03,
        -7.93650757867487942473e-05,
        4.00821782732936239552e-06,
        -2.01099218183624371326e-07,
        // fdlibm compares the upper halves of the bits: just above ½ log 2, ½ log(5/3) and ½ log 3
        f64::from_bits(0x3FD6_2E43_0000_0000),
        f64::from_bits(0x3FD0_58AF_0000_0000),
        f64::from_bits(0x3FE1_93EB_0000_0000),
    ];
    if !x.iter().all(|x| x.abs() <= TOGETHER) {
        return x.map(libm::tanh);
    }
    // engines make a vector constant of WebAssembly from two integers: here a number from memory is faster
    let [half, one, three, six, round, log2_e, ln2_high, ln2_low, q1, q2, q3, q4, q5, reduced, middle, large] =
        *core::hint::black_box(&CONSTANTS);
    let real = f64x2::splat;
    let sign = real(-0.0);
    let x: [f64x2; 2] = each(|v| f64x2::new([x[2 * v], x[2 * v + 1]]));
    let size = x.map(f64x2::abs);
    let twice = size.map(|a| a + a);
    let y: [_; 2] = each(|v| size[v].simd_ge(real(middle)).bitselect(twice[v], -twice[v]));
    // the integer part of |y|/log 2 + ½ (or one less at an integer: the result is the same) where |y| > ½ log 2
    let rounded = twice.map(|y| ((real(log2_e) * y + real(half)) - real(half)) + real(round));
    let k: [_; 2] = each(|v| (twice[v].simd_ge(real(reduced)) & (rounded[v] - real(round))) | (y[v] & sign));
    // y = k log 2 + r, with the rounding error c of r
    let high: [_; 2] = each(|v| y[v] - k[v] * real(ln2_high));
    let low = k.map(|k| k * real(ln2_low));
    let r: [_; 2] = each(|v| high[v] - low[v]);
    let c: [_; 2] = each(|v| (high[v] - r[v]) - low[v]);
    let halved = r.map(|r| real(half) * r);
    let z: [_; 2] = each(|v| r[v] * halved[v]);
    let sum = z.map(|z| real(q4) + z * real(q5));
    let sum: [_; 2] = each(|v| real(q2) + z[v] * (real(q3) + z[v] * sum[v]));
    let sum: [_; 2] = each(|v| real(one) + z[v] * (real(q1) + z[v] * sum[v]));
    let t: [_; 2] = each(|v| real(three) - sum[v] * halved[v]);
    let e: [_; 2] = each(|v| z[v] * ((sum[v] - t[v]) / (real(six) - r[v] * t[v])));
    let e: [_; 2] = each(|v| (r[v] * (e[v] - c[v]) - c[v]) - z[v]);
    let t: [_; 2] = each(|v| {
        let exponent = cast::<_, u64x2>(k[v] + real(round)) << 52;
        let unit = cast::<_, u64x2>(real(one));
        let (power, inverse): (f64x2, f64x2) = (cast(unit + exponent), cast(unit - exponent));
        (r[v] - e[v] + (real(one) - inverse)) * power
    });
    let tanh: [f64x2; 2] = each(|v| {
        let beyond = size[v].simd_ge(real(large));
        let part = beyond.bitselect(real(2.0), t[v].abs()) / (t[v] + real(2.0));
        beyond.bitselect(real(one) - part, part) | (x[v] & sign)
    });
    let [[a, b], [c, d]] = tanh.map(f64x2::to_array);
    [a, b, c, d]
}
