//! Rational numbers from decimal text or from doubles, both without rounding.

use num_bigint::{BigInt, BigUint, Sign};

/// Longest text of a number, and largest exponent: keeps every factor below some ten thousand bits.
const LONGEST: usize = 400;

/// A rational number, `±numerator/denominator`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rational {
    pub(super) negative: bool,
    pub(super) numerator: BigUint,
    pub(super) denominator: BigUint,
}

/// Why a text is no number here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RationalError {
    /// Not of the form `−12.5e−3`.
    Form,
    /// More than 400 characters, or an exponent beyond ±400.
    Length,
}

impl std::fmt::Display for RationalError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Form => "This is not a decimal number such as -12.5 or 3e-4.",
            Self::Length => "The number has more than 400 characters, or an exponent beyond 400.",
        })
    }
}

impl std::error::Error for RationalError {}

impl Rational {
    /// Exactly the number that a decimal text names: digits with an optional sign, point and exponent.
    ///
    /// # Errors
    /// See [`RationalError`].
    pub fn parse(text: &str) -> Result<Self, RationalError> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(RationalError::Length);
        }
        let (negative, rest) = sign(text);
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, whole(exponent)?),
            None => (rest, 0),
        };
        let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: Vec<u8> = before.bytes().chain(after.bytes()).map(|c| c.wrapping_sub(b'0')).collect();
        if digits.is_empty() || digits.iter().any(|&digit| digit > 9) {
            return Err(RationalError::Form);
        }
        let mut numerator = BigUint::from_radix_be(&digits, 10).ok_or(RationalError::Form)?;
        let mut denominator = BigUint::from(1_u32);
        let power = exponent - after.len() as i64;
        if power.unsigned_abs() > 2 * LONGEST as u64 {
            return Err(RationalError::Length);
        }
        let tens = BigUint::from(10_u32).pow(power.unsigned_abs() as u32);
        if power < 0 {
            denominator = tens;
        } else {
            numerator *= tens;
        }
        Ok(Self { negative, numerator, denominator })
    }

    /// `−x`.
    #[must_use]
    pub fn negated(self) -> Self {
        Self { negative: !self.negative && self.numerator != BigUint::ZERO, ..self }
    }

    /// The numerator with its sign.
    pub(super) fn signed(&self) -> BigInt {
        let sign = if self.negative { Sign::Minus } else { Sign::Plus };
        BigInt::from_biguint(sign, self.numerator.clone())
    }

    /// Exactly a double; `None` for infinities and NaN.
    pub fn from_f64(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let (negative, mantissa, power) = parts(value);
        let (mut numerator, mut denominator) = (BigUint::from(mantissa), BigUint::from(1_u32));
        if power < 0 {
            denominator <<= power.unsigned_abs();
        } else {
            numerator <<= power as u64;
        }
        Some(Self { negative, numerator, denominator })
    }
}

/// A finite double as `± mantissa · 2^power`, the mantissa odd or 0.
pub(super) fn parts(value: f64) -> (bool, u64, i64) {
    let bits = value.to_bits();
    let field = (bits >> 52 & 0x7ff) as i64;
    let mantissa = bits & ((1 << 52) - 1) | if field > 0 { 1 << 52 } else { 0 };
    if mantissa == 0 {
        return (false, 0, 0);
    }
    let zeros = mantissa.trailing_zeros();
    (value < 0.0, mantissa >> zeros, field.max(1) - 1075 + i64::from(zeros))
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-').or_else(|| text.strip_prefix('−')) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// An exponent.
fn whole(text: &str) -> Result<i64, RationalError> {
    let (negative, digits) = sign(text);
    if digits.is_empty() || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return Err(RationalError::Form);
    }
    let size: i64 = digits.parse().map_err(|_| RationalError::Length)?;
    if size > LONGEST as i64 {
        return Err(RationalError::Length);
    }
    Ok(if negative { -size } else { size })
}

/// Euclid's algorithm.
pub(super) fn gcd(mut a: BigUint, mut b: BigUint) -> BigUint {
    while b != BigUint::ZERO {
        (a, b) = (b.clone(), a % b);
    }
    a
}

/// An integer as plain numbers below 2³², the lowest first.
pub(super) fn store(x: &BigUint) -> Vec<f64> {
    x.iter_u32_digits().map(f64::from).collect()
}

/// Reads what [`store`] wrote.
pub(super) fn load(digits: &[f64]) -> Option<BigUint> {
    let whole = |x: &f64| (*x >= 0.0 && *x <= f64::from(u32::MAX) && x.trunc() == *x).then_some(*x as u32);
    digits.iter().map(whole).collect::<Option<Vec<u32>>>().map(BigUint::new)
}
