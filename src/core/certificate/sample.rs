//! The sign of the exponent of N measured values, each as likely, in shards that need only their own values.

use super::interval::Enclosure;
use super::rational::{self, Rational};
use super::{Answer, EXACT_BITS, Method, SHARD_BITS, Verdict, balanced};
use num_bigint::BigUint;
use std::rc::Rc;

/// Values of a shard of intervals.
const INTERVAL_VALUES: usize = 400;

/// A question about the sign of `Σ log|1 − λγ − λh_i|` for doubles `h_i = ± z_i`, taken as the exact numbers that they are.
///
/// Making it costs one look at each value; it allocates nothing, so that a page may ask how many shards there are.
pub struct SampleCertificate {
    rate: Rational,
    decay: Rational,
    values: Rc<[f64]>,
    negated: bool,
    /// Values of a shard.
    each: usize,
    method: Method,
    /// At most, of both products together.
    bits: u64,
}

/// Binary digits behind the point.
fn fraction_bits(value: f64) -> u64 {
    let bits = value.to_bits();
    let field = (bits >> 52 & 0x7ff) as i64;
    let mantissa = bits & ((1 << 52) - 1) | if field > 0 { 1 << 52 } else { 0 };
    if mantissa == 0 {
        return 0;
    }
    (1075 - field.max(1) - i64::from(mantissa.trailing_zeros())).max(0) as u64
}

impl SampleCertificate {
    /// The values `z` are finite; `sign` is that of `h = ± z`.
    pub fn new(rate: Rational, decay: Rational, values: Rc<[f64]>, sign: f64) -> Self {
        let deepest = values.iter().map(|z| fraction_bits(*z)).max().unwrap_or(0);
        let largest = values.iter().fold(1.0_f64, |largest, z| largest.max(z.abs()));
        let size = |x: &Rational| x.numerator.bits().max(1);
        // q divides the product of the three denominators; p = |q − λ(γ + h) q| is longer by the size of λ(γ + h)
        let below = rate.denominator.bits() + decay.denominator.bits() + deepest;
        let above = size(&rate) + size(&decay).max(libm::log2(largest) as u64 + 2) + 2;
        let value_bits = 2 * below + above;
        let bits = value_bits.saturating_mul(values.len() as u64);
        let method = if bits <= EXACT_BITS { Method::Integers } else { Method::Intervals };
        let each = match method {
            Method::Intervals => INTERVAL_VALUES,
            _ => (SHARD_BITS / value_bits.max(1)).max(1) as usize,
        };
        Self { rate, decay, values, negated: sign < 0.0, each, method, bits }
    }

    /// How the sign will be found.
    pub fn method(&self) -> Method {
        self.method
    }

    /// Bits of the two products together, at most.
    pub fn bits(&self) -> u64 {
        self.bits
    }

    /// How many shards there are.
    pub fn shards(&self) -> usize {
        self.values.len().div_ceil(self.each)
    }

    /// `(p_i, q_i)` of a shard's values; `None` for a value that is not finite.
    fn factors(&self, index: usize) -> Option<Vec<(BigUint, BigUint)>> {
        let from = (index * self.each).min(self.values.len());
        let to = (from + self.each).min(self.values.len());
        let factor = |z: &f64| {
            let h = Rational::from_f64(if self.negated { -z } else { *z })?;
            Some(rational::factor(&self.rate, &self.decay, &h))
        };
        self.values[from..to].iter().map(factor).collect()
    }

    /// The partial products of one shard as plain numbers, for [`SampleCertificate::answer`].
    pub fn shard(&self, index: usize) -> Vec<f64> {
        let Some(factors) = self.factors(index) else { return Vec::new() };
        if self.method == Method::Intervals {
            if factors.iter().any(|(p, _)| *p == BigUint::ZERO) {
                return Vec::new();
            }
            let mut product = Enclosure::one();
            for (p, q) in &factors {
                product.multiply(&Enclosure::ratio(p, q));
            }
            return product.store();
        }
        let (above, below): (Vec<BigUint>, Vec<BigUint>) = factors.into_iter().unzip();
        let (above, below) = (rational::store(&balanced(above)), rational::store(&balanced(below)));
        let mut numbers = vec![above.len() as f64];
        numbers.extend(above);
        numbers.extend(below);
        numbers
    }

    /// Puts the shards' results together. Cost: as [`super::Certificate::answer`]. `None` unless there is one result for each shard.
    pub fn answer(&self, parts: &[&[f64]]) -> Option<Answer> {
        if parts.len() != self.shards() {
            return None;
        }
        let (verdict, method) = if self.method == Method::Intervals {
            // A shard with a factor 0 is empty.
            if parts.iter().any(|part| part.is_empty()) {
                (Verdict::MinusInfinity, Method::Inspection)
            } else {
                let mut product = Enclosure::one();
                for part in parts {
                    product.multiply(&Enclosure::load(part)?);
                }
                (product.sign(), Method::Intervals)
            }
        } else {
            let (mut above, mut below) = (Vec::new(), Vec::new());
            for part in parts {
                let (count, rest) = part.split_first()?;
                let (first, second) = rest.split_at_checked(*count as usize)?;
                above.push(rational::load(first)?);
                below.push(rational::load(second)?);
            }
            let (above, below) = (balanced(above), balanced(below));
            match above.cmp(&below) {
                _ if above == BigUint::ZERO => (Verdict::MinusInfinity, Method::Inspection),
                std::cmp::Ordering::Less => (Verdict::Negative, Method::Integers),
                std::cmp::Ordering::Equal => (Verdict::Zero, Method::Integers),
                std::cmp::Ordering::Greater => (Verdict::Positive, Method::Integers),
            }
        };
        Some(Answer { verdict, method, bits: self.bits })
    }
}
