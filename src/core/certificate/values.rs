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
    /// Doubles, of which `fraction` binary digits lie behind the point.
    Doubles {
        values: Rc<[f64]>,
        negated: bool,
        fraction: u64,
        bits: u64,
    },
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
    pub fn doubles(values: Rc<[f64]>, negated: bool) -> Self {
        let (mut fraction, mut most) = (0, 0);
        for value in values.iter() {
            let (_, mantissa, power) = parts(*value);
            fraction = fraction.max(-power);
            most = most.max(64 - i64::from(mantissa.leading_zeros()) + power);
        }
        let (fraction, bits) = (fraction as u64, (most + fraction).max(1) as u64);
        let numerators = Numerators::Doubles { values, negated, fraction, bits };
        Self { denominator: BigUint::from(1_u32) << fraction, numerators }
    }

    /// `a_i`; `None` if the value is not finite.
    pub fn numerator(&self, index: usize) -> Option<BigInt> {
        match &self.numerators {
            Numerators::Listed(numerators) => numerators.get(index).cloned(),
            Numerators::Doubles { values, negated, fraction, .. } => {
                let value = *values.get(index)?;
                let (negative, mantissa, power) = parts(value);
                let whole = BigInt::from(mantissa) << (power + *fraction as i64) as u64;
                value.is_finite().then(|| if negative == *negated { whole } else { -whole })
            }
        }
    }

    /// Bits of the largest `a_i`, at most.
    pub fn bits(&self) -> u64 {
        match &self.numerators {
            Numerators::Listed(numerators) => numerators.iter().map(BigInt::bits).max().unwrap_or(0),
            Numerators::Doubles { bits, .. } => *bits,
        }
    }
}
