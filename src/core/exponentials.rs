//! Exponential functions of several numbers at a time.
//!
//! Only IEEE operations and bit operations, in a fixed order, as in [`super::logarithms`]: the same bits on every target.

use super::logarithms::{LANES, VECTORS, flat};
use bytemuck::cast;
use std::ops::RangeInclusive;
use wide::{f64x2, u64x2};

/// Arguments for which [`exponentials`] holds: the results are normal numbers.
pub const ARGUMENTS: RangeInclusive<f64> = -700.0..=700.0;

/// `e^x` of numbers within [`ARGUMENTS`], each below 1 ulp in error.
///
/// The algorithm and the constants of `libm::exp` (fdlibm's `e_exp.c`), without its branches: `x = k log 2 + r`,
/// `|r| ≤ ½ log 2`, `e^r = 1 + (r c/(2 − c) + r)` with a polynomial `c`, then the exponent is raised by `k`. Step by step for
/// all vectors, so that each constant is fetched once.
#[expect(clippy::excessive_precision, reason = "the constants as fdlibm prints them")]
#[inline]
pub fn exponentials(x: [f64; LANES]) -> [f64; LANES] {
    const LN2_HIGH: f64 = 6.93147180369123816490e-01;
    const LN2_LOW: f64 = 1.90821492927058770002e-10;
    const P: [f64; 5] = [
        1.66666666666666019037e-01,
        -2.77777777770155933842e-03,
        6.61375632143793436117e-05,
        -1.65339022054652515390e-06,
        4.13813679705723846039e-08,
    ];
    /// 1.5·2⁵²: added to a number it rounds it to an integer, which stands in the lowest bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    use core::array::from_fn as each;
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
