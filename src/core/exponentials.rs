//! Exponential functions of several numbers at a time.
//!
//! Only IEEE operations and bit operations, in a fixed order, as in [`super::logarithms`]: the same bits on every target.

use super::logarithms::LANES;
use std::ops::RangeInclusive;

/// Arguments for which [`exponentials`] holds: the results are normal numbers.
pub const ARGUMENTS: RangeInclusive<f64> = -700.0..=700.0;

/// `e^x` of numbers within [`ARGUMENTS`], each below 1 ulp in error.
///
/// The algorithm and the constants of `libm::exp` (fdlibm's `e_exp.c`), without its branches: `x = k log 2 + r`,
/// `|r| ≤ ½ log 2`, `e^r = 1 + (r c/(2 − c) + r)` with a polynomial `c`, then the exponent is raised by `k`.
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
    let mut result = [0.0; LANES];
    for (x, result) in x.into_iter().zip(&mut result) {
        let shifted = x * core::f64::consts::LOG2_E + ROUND;
        let k = shifted - ROUND;
        let (high, low) = (x - k * LN2_HIGH, k * LN2_LOW);
        let r = high - low;
        let z = r * r;
        let c = r - z * (P[0] + z * (P[1] + z * (P[2] + z * (P[3] + z * P[4]))));
        let y = 1.0 + (r * c / (2.0 - c) - low + high);
        *result = f64::from_bits(y.to_bits().wrapping_add(shifted.to_bits() << 52));
    }
    result
}
