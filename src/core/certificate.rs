//! The sign of a Lyapunov exponent, proved (one dimension).
//!
//! For a law with rational values `h_i` and probabilities `n_i/n`, with `|1 − λγ − λh_i| = p_i/q_i` in lowest terms,
//! `Λ < 0 ⇔ Π p_i^{n_i} < Π q_i^{n_i}`: decided in exact integer arithmetic. Where the two products would have more than 10⁷
//! bits, both are enclosed in intervals with outward rounding; if those overlap the answer is "undecided".
//!
//! A batch of more than one is a law of its own ([`batch_means`]); N measured values have [`SampleCertificate`].
//!
//! The work is cut into shards of at most 2·10⁵ bits that know nothing of each other:
//! ```
//! use saddlescope::core::certificate::{Certificate, Rational, Verdict};
//! let h = |text: &str| Rational::parse(text).unwrap();
//! let law = [(h("1"), 1), (h("-1.2"), 1)];
//! let question = Certificate::new(&h("0.5"), &h("0"), &law).unwrap();
//! let parts: Vec<Vec<f64>> = (0..question.shards()).map(|i| question.shard(i)).collect();
//! let answer = question.answer(&parts).unwrap();
//! assert_eq!(answer.verdict, Verdict::Negative);
//! ```

mod batch;
mod interval;
mod rational;
mod sample;

pub use batch::batch_means;
use interval::Enclosure;
use num_bigint::BigUint;
pub use rational::{Rational, RationalError};
pub use sample::SampleCertificate;

/// Most bits of both products together for which they are multiplied out.
pub const EXACT_BITS: u64 = 10_000_000;

/// Most bits of one shard's product.
pub const SHARD_BITS: u64 = 200_000;

/// Most equally likely cases of a law.
const MOST_CASES: u64 = 1 << 40;

/// What is certain about the sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Λ < 0.
    Negative,
    /// Λ > 0.
    Positive,
    /// Λ = 0 exactly.
    Zero,
    /// A factor is exactly 0: Λ = −∞.
    MinusInfinity,
    /// The intervals overlap.
    Undecided,
}

/// How it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A factor that is 0, or all factors 1: nothing to multiply.
    Inspection,
    /// Exact integers.
    Integers,
    /// Intervals with outward rounding, of 256 binary digits.
    Intervals,
}

/// The answer with its proof's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The sign.
    pub verdict: Verdict,
    /// How it was found.
    pub method: Method,
    /// Bits of the two products, had they been multiplied out (an upper bound).
    pub bits: u64,
}

/// Where a shard's factors lie: (place in the list, how often), and in which of the two products.
struct Shard {
    upper: bool,
    factors: Vec<(usize, u64)>,
}

/// A question about a sign, cut into shards.
pub struct Certificate {
    /// `(p_i, q_i, n_i)`.
    factors: Vec<(BigUint, BigUint, u64)>,
    shards: Vec<Shard>,
    method: Method,
    bits: u64,
}

/// Why a question was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateError {
    /// No value has a count above 0.
    Empty,
    /// The counts add up to more than 2⁴⁰, or there are too many batches to list.
    TooMany,
}

impl std::fmt::Display for CertificateError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Empty => "No value has a positive probability.",
            Self::TooMany => {
                "There are too many equally likely cases to list: more than 2^40 draws, or too many batches."
            }
        })
    }
}

impl std::error::Error for CertificateError {}

impl Certificate {
    /// The sign of `Σ n_i log|1 − λγ − λh_i|`; the law is a list of `(h_i, n_i)`. Cost: one gcd per value.
    ///
    /// # Errors
    /// No positive count, or counts beyond 2⁴⁰.
    pub fn new(rate: &Rational, decay: &Rational, law: &[(Rational, u64)]) -> Result<Self, CertificateError> {
        let mut total = 0_u64;
        for (_, count) in law {
            total =
                total.checked_add(*count).filter(|&n| n <= MOST_CASES).ok_or(CertificateError::TooMany)?;
        }
        if total == 0 {
            return Err(CertificateError::Empty);
        }
        let mut factors = Vec::new();
        let (mut bits, mut zero) = (0_u64, false);
        for (h, count) in law.iter().filter(|(_, count)| *count > 0) {
            let (p, q) = rational::factor(rate, decay, h);
            zero |= p == BigUint::ZERO;
            if p != q {
                bits = bits.saturating_add(count.saturating_mul(p.bits() + q.bits()));
                factors.push((p, q, *count));
            }
        }
        let method = if zero || factors.is_empty() {
            Method::Inspection
        } else if bits <= EXACT_BITS {
            Method::Integers
        } else {
            Method::Intervals
        };
        let mut question = Self { factors, shards: Vec::new(), method, bits };
        match method {
            Method::Inspection => {}
            Method::Integers => question.cut(),
            // a power of 256 digits takes at most 80 products
            Method::Intervals => {
                let each = 400;
                let all = question.factors.len();
                for first in (0..all).step_by(each) {
                    let factors = (first..all.min(first + each)).map(|i| (i, question.factors[i].2));
                    question.shards.push(Shard { upper: true, factors: factors.collect() });
                }
            }
        }
        Ok(question)
    }

    /// Shards of at most [`SHARD_BITS`] bits (one factor alone may have more).
    fn cut(&mut self) {
        for upper in [true, false] {
            let mut shard = Vec::new();
            let mut room = SHARD_BITS;
            for (i, (p, q, count)) in self.factors.iter().enumerate() {
                let size = if upper { p.bits() } else { q.bits() };
                let mut left = *count;
                while left > 0 {
                    if room < size && !shard.is_empty() {
                        self.shards.push(Shard { upper, factors: std::mem::take(&mut shard) });
                        room = SHARD_BITS;
                    }
                    let taken = left.min((room / size).max(1));
                    shard.push((i, taken));
                    room = room.saturating_sub(taken * size);
                    left -= taken;
                }
            }
            self.shards.push(Shard { upper, factors: shard });
        }
    }

    /// How the sign will be found.
    pub fn method(&self) -> Method {
        self.method
    }

    /// Bits of the two products together, at most.
    pub fn bits(&self) -> u64 {
        self.bits
    }

    /// How many shards there are; 0 if nothing is to be multiplied.
    pub fn shards(&self) -> usize {
        self.shards.len()
    }

    /// The partial product of one shard as plain numbers, for [`Certificate::answer`]; empty for a shard that does not exist.
    pub fn shard(&self, index: usize) -> Vec<f64> {
        let Some(shard) = self.shards.get(index) else { return Vec::new() };
        if self.method == Method::Intervals {
            let mut product = Enclosure::one();
            for &(i, count) in &shard.factors {
                let (p, q, _) = &self.factors[i];
                product.multiply(&Enclosure::ratio(p, q).power(count));
            }
            return product.store();
        }
        let powers = shard.factors.iter().map(|&(i, count)| {
            let (p, q, _) = &self.factors[i];
            (if shard.upper { p } else { q }).pow(count as u32)
        });
        rational::store(&balanced(powers.collect()))
    }

    /// Puts the shards' results together. Cost: the products of the parts (a few hundred milliseconds at 10⁷ bits).
    /// `None` unless there is one result of [`Certificate::shard`] for each shard, in order.
    pub fn answer(&self, parts: &[Vec<f64>]) -> Option<Answer> {
        if parts.len() != self.shards.len() {
            return None;
        }
        let verdict = match self.method {
            Method::Inspection if self.factors.is_empty() => Verdict::Zero,
            Method::Inspection => Verdict::MinusInfinity,
            Method::Intervals => {
                let mut product = Enclosure::one();
                for part in parts {
                    product.multiply(&Enclosure::load(part)?);
                }
                product.sign()
            }
            Method::Integers => {
                let side = |upper: bool| -> Option<BigUint> {
                    let mine = self.shards.iter().zip(parts).filter(|(shard, _)| shard.upper == upper);
                    Some(balanced(mine.map(|(_, part)| rational::load(part)).collect::<Option<Vec<_>>>()?))
                };
                match side(true)?.cmp(&side(false)?) {
                    std::cmp::Ordering::Less => Verdict::Negative,
                    std::cmp::Ordering::Equal => Verdict::Zero,
                    std::cmp::Ordering::Greater => Verdict::Positive,
                }
            }
        };
        Some(Answer { verdict, method: self.method, bits: self.bits })
    }
}

/// The product, neighbours first, so that the numbers multiplied are of one size.
fn balanced(mut factors: Vec<BigUint>) -> BigUint {
    while factors.len() > 1 {
        factors = factors.chunks(2).map(|pair| pair.iter().product()).collect();
    }
    factors.pop().unwrap_or(BigUint::from(1_u32))
}
