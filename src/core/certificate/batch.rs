//! The law of the mean of a batch, in rational numbers.

use super::rational::{Rational, gcd};
use super::{CertificateError, MOST_CASES};
use num_bigint::{BigInt, BigUint, Sign};

/// The law of the mean of `batch` draws from a law of `(h_i, n_i)`: every multiset of draws with the number of ways to draw it.
/// Means that coincide stay apart. Cost: `C(S + k − 1, k − 1)` sums of big integers.
///
/// # Errors
/// More than `most` multisets, or more than 2⁴⁰ ways.
pub fn batch_means(
    law: &[(Rational, u64)],
    batch: u32,
    most: usize,
) -> Result<Vec<(Rational, u64)>, CertificateError> {
    let law: Vec<&(Rational, u64)> = law.iter().filter(|(_, count)| *count > 0).collect();
    let one = BigUint::from(1_u32);
    let common = law.iter().fold(one, |common, (h, _)| {
        let divisor = gcd(common.clone(), h.denominator.clone());
        common * (&h.denominator / divisor)
    });
    let numerators: Vec<BigInt> = law
        .iter()
        .map(|(h, _)| {
            let sign = if h.negative { Sign::Minus } else { Sign::Plus };
            BigInt::from_biguint(sign, &h.numerator * (&common / &h.denominator))
        })
        .collect();
    let counts: Vec<u64> = law.iter().map(|(_, count)| *count).collect();
    let mut means = Means { numerators, counts, most, found: Vec::new() };
    means.extend(0, batch.max(1), BigInt::ZERO, 1)?;
    let denominator = common * batch.max(1);
    let rational = |(sum, ways): (BigInt, u64)| {
        let (sign, numerator) = sum.into_parts();
        (Rational { negative: sign == Sign::Minus, numerator, denominator: denominator.clone() }, ways)
    };
    Ok(means.found.into_iter().map(rational).collect())
}

struct Means {
    numerators: Vec<BigInt>,
    counts: Vec<u64>,
    most: usize,
    found: Vec<(BigInt, u64)>,
}

impl Means {
    /// Adds every choice of `left` more draws among the values from `first` on.
    fn extend(&mut self, first: usize, left: u32, sum: BigInt, ways: u64) -> Result<(), CertificateError> {
        if first + 1 >= self.counts.len() {
            let Some((h, count)) = self.numerators.last().zip(self.counts.last()) else {
                return Err(CertificateError::Empty);
            };
            let ways = (0..left).try_fold(ways, |ways, _| times(ways, *count));
            self.found.push((sum + h * left, ways.ok_or(CertificateError::TooMany)?));
            return if self.found.len() > self.most { Err(CertificateError::TooMany) } else { Ok(()) };
        }
        // C(left, taken) n^taken ways to take this value
        let (mut sum, mut here) = (sum, ways);
        for taken in 0..=left {
            self.extend(first + 1, left - taken, sum.clone(), here)?;
            if taken < left {
                sum += &self.numerators[first];
                let grown = u128::from(here) * u128::from(left - taken) * u128::from(self.counts[first]);
                let grown = grown / u128::from(taken + 1);
                here = u64::try_from(grown)
                    .ok()
                    .filter(|ways| *ways <= MOST_CASES)
                    .ok_or(CertificateError::TooMany)?;
            }
        }
        Ok(())
    }
}

fn times(ways: u64, count: u64) -> Option<u64> {
    ways.checked_mul(count).filter(|ways| *ways <= MOST_CASES)
}
