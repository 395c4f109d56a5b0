//! How far a proof is: the next batch, and the product of the factors so far.

use super::batches::Batches;
use super::interval::Enclosure;
use super::{Method, Verdict, rational};
use num_bigint::BigUint;

/// Where a chain stands.
pub(super) struct Progress {
    /// The next batch; empty after the last one.
    batch: Vec<u32>,
    /// Ways of it that have been multiplied.
    used: u64,
    /// Factors other than 1 that have been multiplied, ways included.
    multiplied: u64,
    product: Product,
}

/// `Π P` or `Π P/Q` so far.
enum Product {
    /// A factor is 0.
    Zero,
    /// Whole numbers of 2^level shards each, levels descending: numbers of one size are multiplied.
    Whole { parts: Vec<(u32, BigUint)>, shard: Vec<BigUint> },
    /// With the denominators.
    Enclosed(Enclosure),
}

/// The product, neighbours first, so that the numbers multiplied are of one size.
fn balanced(mut factors: Vec<BigUint>) -> BigUint {
    while factors.len() > 1 {
        factors = factors.chunks(2).map(|pair| pair.iter().product()).collect();
    }
    factors.pop().unwrap_or(BigUint::from(1_u32))
}

impl Progress {
    pub fn start(batches: &Batches, method: Method) -> Self {
        let product = match method {
            Method::Intervals => Product::Enclosed(Enclosure::one()),
            _ => Product::Whole { parts: Vec::new(), shard: Vec::new() },
        };
        Self { batch: batches.first(), used: 0, multiplied: 0, product }
    }

    /// The next batch with the ways of it that are left; `None` after the last one, and where the answer is known.
    pub fn next(&mut self, batches: &Batches) -> Option<(&[u32], u64)> {
        if matches!(self.product, Product::Zero) {
            return None;
        }
        while !self.batch.is_empty() {
            let ways = batches.ways(&self.batch);
            if self.used < ways {
                return Some((&self.batch, ways - self.used));
            }
            batches.advance(&mut self.batch);
            self.used = 0;
        }
        None
    }

    /// Multiplies by a factor `P/Q` of the batch, at most `left` times if it is multiplied out. Returns the work: times, or 1.
    pub fn multiply(&mut self, factor: &BigUint, denominator: &BigUint, ways: u64, left: u64) -> u64 {
        if *factor == BigUint::ZERO {
            self.product = Product::Zero;
            return left;
        }
        let same = factor == denominator;
        let (times, work) = match &mut self.product {
            Product::Zero => return left,
            Product::Whole { shard, .. } => {
                let times = ways.min(left);
                if !same {
                    shard.push(factor.pow(times as u32));
                }
                (times, times)
            }
            Product::Enclosed(product) => {
                if !same {
                    product.multiply(&Enclosure::ratio(factor, denominator).power(ways));
                }
                (ways, 1)
            }
        };
        self.used += times;
        if !same {
            self.multiplied += times;
        }
        work
    }

    /// Ends a shard: its product joins the others, of which two of one level become one of the next.
    pub fn close_shard(&mut self) {
        let Product::Whole { parts, shard } = &mut self.product else { return };
        parts.push((0, balanced(std::mem::take(shard))));
        while let [.., (first, _), (second, _)] = parts[..]
            && first == second
            && let (Some((level, one)), Some((_, other))) = (parts.pop(), parts.pop())
        {
            parts.push((level + 1, one * other));
        }
    }

    /// As plain numbers.
    pub fn store(&self) -> Vec<f64> {
        let mut numbers = vec![self.used as f64, self.multiplied as f64, self.batch.len() as f64];
        numbers.extend(self.batch.iter().map(|value| f64::from(*value)));
        match &self.product {
            Product::Zero => numbers.push(0.0),
            Product::Whole { parts, .. } => {
                numbers.push(1.0);
                for (level, part) in parts {
                    let digits = rational::store(part);
                    numbers.extend([f64::from(*level), digits.len() as f64]);
                    numbers.extend(digits);
                }
            }
            Product::Enclosed(product) => {
                numbers.push(2.0);
                numbers.extend(product.store());
            }
        }
        numbers
    }

    /// Reads what [`Progress::store`] wrote.
    pub fn load(numbers: &[f64]) -> Option<Self> {
        let ([used, multiplied, size], rest) = numbers.split_first_chunk()?;
        let (batch, rest) = rest.split_at_checked(*size as usize)?;
        let (kind, mut rest) = rest.split_first()?;
        let product = match kind {
            0.0 => Product::Zero,
            1.0 => {
                let mut parts = Vec::new();
                while let Some(([level, count], tail)) = rest.split_first_chunk() {
                    let (digits, tail) = tail.split_at_checked(*count as usize)?;
                    parts.push((*level as u32, rational::load(digits)?));
                    rest = tail;
                }
                Product::Whole { parts, shard: Vec::new() }
            }
            2.0 => Product::Enclosed(Enclosure::load(rest)?),
            _ => return None,
        };
        let batch = batch.iter().map(|value| *value as u32).collect();
        Some(Self { batch, used: *used as u64, multiplied: *multiplied as u64, product })
    }

    /// The end of the chain: the code of the verdict, and whether nothing had to be multiplied. Cost: the last products, a second at 10⁷ bits.
    pub fn finish(self, denominator: &BigUint) -> Vec<f64> {
        let (verdict, inspected) = match self.product {
            Product::Zero => (Verdict::MinusInfinity, true),
            _ if self.multiplied == 0 => (Verdict::Zero, true),
            Product::Enclosed(product) => (product.sign(), false),
            Product::Whole { parts, .. } => {
                let above = parts.into_iter().rev().map(|(_, part)| part).product::<BigUint>();
                let verdict = match above.cmp(&denominator.pow(self.multiplied as u32)) {
                    std::cmp::Ordering::Less => Verdict::Negative,
                    std::cmp::Ordering::Equal => Verdict::Zero,
                    std::cmp::Ordering::Greater => Verdict::Positive,
                };
                (verdict, false)
            }
        };
        vec![f64::from(verdict as u8), f64::from(u8::from(inspected))]
    }

    /// Reads what [`Progress::finish`] wrote.
    pub fn read_end(numbers: &[f64]) -> Option<(Verdict, bool)> {
        use Verdict::{MinusInfinity, Negative, Positive, Undecided, Zero};
        let [code, inspected] = numbers else { return None };
        let all = [Negative, Positive, Zero, MinusInfinity, Undecided];
        let verdict = all.into_iter().find(|verdict| f64::from(*verdict as u8) == *code)?;
        Some((verdict, *inspected == 1.0))
    }
}
