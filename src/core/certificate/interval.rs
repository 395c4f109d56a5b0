//! Positive numbers enclosed between two multiples of a power of two, rounded outwards.

use super::{Verdict, rational};
use num_bigint::BigUint;

/// Binary digits that are kept.
const DIGITS: u64 = 256;

/// `low·2^power ≤ x ≤ high·2^power`.
#[derive(Clone, Debug)]
pub(super) struct Enclosure {
    low: BigUint,
    high: BigUint,
    power: i64,
}

impl Enclosure {
    pub fn one() -> Self {
        let one = BigUint::from(1_u32);
        Self { low: one.clone(), high: one, power: 0 }
    }

    /// `p/q`, both positive.
    pub fn ratio(p: &BigUint, q: &BigUint) -> Self {
        let shift = (DIGITS + q.bits()).saturating_sub(p.bits());
        let low = (p << shift) / q;
        let high = &low + 1_u32;
        Self { low, high, power: -(shift as i64) }.rounded()
    }

    pub fn multiply(&mut self, other: &Self) {
        let product = Self {
            low: &self.low * &other.low,
            high: &self.high * &other.high,
            power: self.power + other.power,
        };
        *self = product.rounded();
    }

    /// The `n`-th power, by squaring.
    pub fn power(&self, mut n: u64) -> Self {
        let (mut result, mut square) = (Self::one(), self.clone());
        while n > 0 {
            if n & 1 == 1 {
                result.multiply(&square);
            }
            n >>= 1;
            if n > 0 {
                square.multiply(&square.clone());
            }
        }
        result
    }

    /// Drops digits: the lower end downwards, the upper end upwards.
    fn rounded(mut self) -> Self {
        let extra = self.high.bits().saturating_sub(DIGITS);
        if extra > 0 {
            self.low >>= extra;
            self.high = (self.high >> extra) + 1_u32;
            self.power += extra as i64;
        }
        self
    }

    /// Where it lies against 1.
    pub fn sign(&self) -> Verdict {
        // 2^{−power}; an end has at most 257 digits, so beyond that the comparison is one of lengths
        if self.power >= 0 {
            return if self.low > BigUint::from(1_u32) || (self.power > 0 && self.low != BigUint::ZERO) {
                Verdict::Positive
            } else {
                Verdict::Undecided
            };
        }
        let digits = self.power.unsigned_abs();
        if digits > DIGITS + 2 {
            return Verdict::Negative;
        }
        let one = BigUint::from(1_u32) << digits;
        if self.high < one {
            Verdict::Negative
        } else if self.low > one {
            Verdict::Positive
        } else {
            Verdict::Undecided
        }
    }

    /// As plain numbers: the power, how many digits the lower end has, both ends.
    pub fn store(&self) -> Vec<f64> {
        let low = rational::store(&self.low);
        let mut all = vec![self.power as f64, low.len() as f64];
        all.extend(low);
        all.extend(rational::store(&self.high));
        all
    }

    pub fn load(from: &[f64]) -> Option<Self> {
        let (head, rest) = from.split_at_checked(2)?;
        let (low, high) = rest.split_at_checked(head[1] as usize)?;
        Some(Self { low: rational::load(low)?, high: rational::load(high)?, power: head[0] as i64 })
    }
}
