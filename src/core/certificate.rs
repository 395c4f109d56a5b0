//! The sign of a Lyapunov exponent, proved (one dimension).
//!
//! For a law with rational values `h_i = a_i/C` and probabilities `n_i/n`, and batches of `S` draws, all factors have one denominator:
//! `|1 − λγ − λĥ| = P/Q`, with `λ = λ₁/λ₂`, `γ = γ₁/γ₂`, `Q = λ₂ γ₂ S C` and `P = |Q − λ₁ γ₁ S C − λ₁ γ₂ (a_i + … + a_j)|`. A batch is a
//! multiset of values; it can be drawn in `w = S!/(m_1! m_2! …) Π n_i^{m_i}` ways. So `Λ < 0 ⇔ Π P^w < Q^{Σ w}`: decided in exact integer
//! arithmetic. Where the two products would have more than 10⁷ bits, both are enclosed in intervals with outward rounding; if those
//! overlap the answer is "undecided".
//!
//! The work is a chain of shards of at most 2·10⁵ bits, each continuing from the numbers of the one before; the last one has the sign:
//! ```
//! use saddlescope::core::certificate::{Certificate, Rational, Verdict};
//! let h = |text: &str| Rational::parse(text).unwrap();
//! let law = [(h("1"), 1), (h("-1.2"), 1)];
//! let question = Certificate::new(&h("0.5"), &h("0"), &law, 1).unwrap();
//! let mut numbers = Vec::new();
//! for index in 0..question.shards() {
//!     numbers = question.shard(index, &numbers);
//! }
//! assert_eq!(question.answer(&numbers).unwrap().verdict, Verdict::Negative);
//! ```

mod batches;
mod interval;
mod progress;
mod rational;
mod values;

use batches::Batches;
use num_bigint::{BigInt, BigUint};
use progress::Progress;
pub use rational::{Rational, RationalError};
use std::rc::Rc;
pub use values::Doubles;
use values::Values;

/// Most bits of both products together for which they are multiplied out.
pub const EXACT_BITS: u64 = 10_000_000;

/// Most bits that one shard multiplies.
pub const SHARD_BITS: u64 = 200_000;

/// Most different batches, by number.
pub const MOST_BATCHES: u64 = 2_000_000;

/// Different batches of a shard of intervals.
const SHARD_BATCHES: u64 = 4000;

/// Most equally likely cases.
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

/// A question about a sign, cut into shards.
pub struct Certificate {
    values: Values,
    batches: Batches,
    /// `Q − λ₁ γ₁ S C`.
    base: BigInt,
    /// `λ₁ γ₂`.
    step: BigInt,
    /// `Q`.
    denominator: BigUint,
    method: Method,
    bits: u64,
    /// Work of a shard: draws if they are multiplied out, else different batches.
    each: u64,
    shards: u64,
}

/// Why a question was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateError {
    /// No value has a count above 0.
    Empty,
    /// There are more than 2⁴⁰ equally likely cases.
    Cases,
    /// There are more than [`MOST_BATCHES`] different batches.
    Batches,
}

impl std::fmt::Display for CertificateError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => write!(out, "No value has a positive probability."),
            Self::Cases => write!(out, "There are more than 2^40 equally likely cases."),
            Self::Batches => write!(out, "There are more than {MOST_BATCHES} different batches."),
        }
    }
}

impl std::error::Error for CertificateError {}

impl Certificate {
    /// The sign of `E log|1 − λγ − λĥ|`, `ĥ` the mean of `batch` draws from a law of `(h_i, n_i)`. Cost: that of reading the law.
    ///
    /// # Errors
    /// No positive count, or too many cases.
    pub fn new(
        rate: &Rational,
        decay: &Rational,
        law: &[(Rational, u64)],
        batch: u32,
    ) -> Result<Self, CertificateError> {
        let law: Vec<&(Rational, u64)> = law.iter().filter(|(_, count)| *count > 0).collect();
        let counts = law.iter().map(|(_, count)| *count).collect();
        Ok(Self::about(rate, decay, Values::listed(&law), Batches::new(counts, batch)?))
    }

    /// The same for N doubles `h_i = ± z_i`, each as likely and taken as the exact numbers that they are, and `S = 1`. Costs nothing.
    ///
    /// # Errors
    /// No value.
    pub fn of_sample(
        rate: &Rational,
        decay: &Rational,
        values: Rc<Doubles>,
        negated: bool,
    ) -> Result<Self, CertificateError> {
        let batches = Batches::single(values.count())?;
        Ok(Self::about(rate, decay, Values::doubles(values, negated), batches))
    }

    fn about(rate: &Rational, decay: &Rational, values: Values, batches: Batches) -> Self {
        let draws = &values.denominator * batches.size();
        let denominator = &rate.denominator * &decay.denominator * &draws;
        let base = BigInt::from(denominator.clone()) - rate.signed() * decay.signed() * BigInt::from(draws);
        let step = rate.signed() * BigInt::from(decay.denominator.clone());
        let common = rational::gcd(
            rational::gcd(denominator.clone(), base.magnitude().clone()),
            step.magnitude().clone(),
        );
        let (base, step) = (base / BigInt::from(common.clone()), step / BigInt::from(common.clone()));
        let denominator = denominator / common;
        // P ≤ |base| + |step| S max|a|, of one bit more than the larger
        let largest = step.bits() + values.bits() + u64::from(batches.size().ilog2()) + 1;
        let term = denominator.bits() + base.bits().max(largest) + 1;
        let bits = term.saturating_mul(batches.cases());
        let method = if bits <= EXACT_BITS { Method::Integers } else { Method::Intervals };
        let (all, each) = match method {
            Method::Integers => (batches.cases(), (SHARD_BITS / term).max(1)),
            _ => (batches.different(), SHARD_BATCHES),
        };
        Self { values, batches, base, step, denominator, method, bits, each, shards: all.div_ceil(each) }
    }

    /// How the sign will be found, unless a factor is 0 or all are 1.
    pub fn method(&self) -> Method {
        self.method
    }

    /// Bits of the two products together, at most.
    pub fn bits(&self) -> u64 {
        self.bits
    }

    /// How many shards there are; at least one.
    pub fn shards(&self) -> usize {
        self.shards as usize
    }

    /// Work of all shards, in elementary steps of about a nanosecond.
    pub fn cost(&self) -> f64 {
        let batches = 500.0 * self.batches.different() as f64 * f64::from(self.batches.size());
        if self.method == Method::Integers { batches + 60.0 * self.bits as f64 } else { 6.0 * batches }
    }

    /// One shard as plain numbers; `previous` are those of the shard before it. Empty if they are none of this question.
    pub fn shard(&self, index: usize, previous: &[f64]) -> Vec<f64> {
        let start = || Progress::start(&self.batches, self.method);
        let Some(mut progress) = (if index == 0 { Some(start()) } else { Progress::load(previous) }) else {
            return Vec::new();
        };
        let mut left = self.each;
        while left > 0
            && let Some((batch, ways)) = progress.next(&self.batches)
        {
            let Some(factor) = self.factor(batch) else { return Vec::new() };
            left -= progress.multiply(&factor, &self.denominator, ways, left);
        }
        progress.close_shard();
        if index + 1 == self.shards() { progress.finish(&self.denominator) } else { progress.store() }
    }

    /// `P` of a batch; `None` if a value is not finite.
    fn factor(&self, batch: &[u32]) -> Option<BigUint> {
        let mut sum = BigInt::ZERO;
        for index in batch {
            sum += self.values.numerator(*index as usize)?;
        }
        Some((&self.base - &self.step * sum).into_parts().1)
    }

    /// Reads the numbers of the last shard; `None` if they are something else. Costs nothing.
    pub fn answer(&self, last: &[f64]) -> Option<Answer> {
        let (verdict, inspected) = Progress::read_end(last)?;
        let method = if inspected { Method::Inspection } else { self.method };
        Some(Answer { verdict, method, bits: self.bits })
    }
}
