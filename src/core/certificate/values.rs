//! Values as whole numbers over a common denominator.

use super::rational::{Rational, gcd, parts};
use num_bigint::{BigInt, BigUint};
use std::rc::Rc;

/// `h_i = a_i/C`.
pub(super) struct Values {
    /// `C`.
    pub denominator: BigUint,
    numerators: Numerators,
}

enum Numerators {
    Listed(Vec<BigInt>),
    Doubles { doubles: Rc<Doubles>, negated: bool },
}

/// N doubles, as the exact numbers that they are.
pub struct Doubles {
    values: Rc<[f64]>,
    /// How many binary digits lie behind the point, at most.
    fraction: u64,
    /// Digits of the largest, those included.
    bits: u64,
}

impl Doubles {
    /// Cost: one look at each; nothing is copied.
    pub fn new(values: Rc<[f64]>) -> Self {
        let (mut fraction, mut most) = (0, 0);
        for value in values.iter() {
            let (_, mantissa, power) = parts(*value);
            fraction = fraction.max(-power);
            most = most.max(64 - i64::from(mantissa.leading_zeros()) + power);
        }
        Self { values, fraction: fraction as u64, bits: (most + fraction).max(1) as u64 }
    }

    /// N.
    pub fn count(&self) -> u64 {
        self.values.len() as u64
    }
}

impl Values {
    pub fn listed(law: &[&(Rational, u64)]) -> Self {
        let one = BigUint::from(1_u32);
        let denominator = law.iter().fold(one, |common, (h, _)| {
            let divisor = gcd(common.clone(), h.denominator.clone());
            common * (&h.denominator / divisor)
        });
        let numerators =
            law.iter().map(|(h, _)| h.signed() * BigInt::from(&denominator / &h.denominator)).collect();
        Self { denominator, numerators: Numerators::Listed(numerators) }
    }

    /// The numbers `± z`.
    pub fn doubles(doubles: Rc<Doubles>, negated: bool) -> Self {
        let denominator = BigUint::from(1_u32) << doubles.fraction;
        Self { denominator, numerators: Numerators::Doubles { doubles, negated } }
    }

    /// `a_i`; `None` if the value is not finite.
    pub fn numerator(&self, index: usize) -> Option<BigInt> {
        match &self.numerators {
            Numerators::Listed(numerators) => numerators.get(index).cloned(),
            Numerators::Doubles { doubles, negated } => {
                let value = *doubles.values.get(index)?;
                let (negative, mantissa, power) = parts(value);
                let whole = BigInt::from(mantissa) << (power + doubles.fraction as i64) as u64;
                value.is_finite().then(|| if negative == *negated { whole } else { -whole })
            }
        }
    }

    /// Bits of the largest `a_i`, at most.
    pub fn bits(&self) -> u64 {
        match &self.numerators {
            Numerators::Listed(numerators) => numerators.iter().map(BigInt::bits).max().unwrap_or(0),
            Numerators::Doubles { doubles, .. } => doubles.bits,
        }
    }
}
