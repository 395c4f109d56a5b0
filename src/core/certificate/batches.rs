//! The different batches of a law, one after the other, and in how many ways each is drawn.

use super::{CertificateError, MOST_BATCHES, MOST_CASES};

/// Batches of draws from `k` values, of which value `i` makes `n_i` of the equally likely cases.
pub(super) struct Batches {
    /// `n_i`; empty if all are 1.
    counts: Vec<u64>,
    /// `k`.
    values: u64,
    /// `S`.
    size: u32,
    different: u64,
    cases: u64,
}

impl Batches {
    pub fn new(counts: Vec<u64>, size: u32) -> Result<Self, CertificateError> {
        let (values, size) = (counts.len() as u64, size.max(1));
        let bounded = |sum: Option<u64>| sum.filter(|sum| *sum <= MOST_CASES).ok_or(CertificateError::Cases);
        let sum = counts.iter().try_fold(0, |sum: u64, count| bounded(sum.checked_add(*count)))?;
        if sum == 0 {
            return Err(CertificateError::Empty);
        }
        let cases = (0..size).try_fold(1, |cases: u64, _| bounded(cases.checked_mul(sum)))?;
        // C(k + S − 1, S), each step a binomial itself
        let different = (0..u64::from(size)).try_fold(1, |before: u64, i| {
            let next = u128::from(before) * u128::from(values + i) / u128::from(i + 1);
            u64::try_from(next).ok().filter(|next| *next <= MOST_BATCHES).ok_or(CertificateError::Batches)
        })?;
        Ok(Self { counts, values, size, different, cases })
    }

    /// Single draws of so many values, each as likely.
    pub fn single(values: u64) -> Result<Self, CertificateError> {
        if values == 0 {
            return Err(CertificateError::Empty);
        }
        Ok(Self { counts: Vec::new(), values, size: 1, different: values, cases: values })
    }

    /// `S`.
    pub fn size(&self) -> u32 {
        self.size
    }

    /// How many different ones there are.
    pub fn different(&self) -> u64 {
        self.different
    }

    /// How many equally likely cases there are: the sum of [`Batches::ways`].
    pub fn cases(&self) -> u64 {
        self.cases
    }

    /// The first batch: values are named by their places, ascending.
    pub fn first(&self) -> Vec<u32> {
        vec![0; self.size as usize]
    }

    /// Moves on to the next batch; empties the list after the last one.
    pub fn advance(&self, batch: &mut Vec<u32>) {
        let last = self.values as u32 - 1;
        match batch.iter().rposition(|value| *value < last) {
            Some(place) => {
                let value = batch[place] + 1;
                batch[place..].fill(value);
            }
            None => batch.clear(),
        }
    }

    /// `S!/(m_1! m_2! …) Π n_i^{m_i}`.
    pub fn ways(&self, batch: &[u32]) -> u64 {
        let (mut ways, mut run) = (1_u128, 0);
        for (place, value) in batch.iter().enumerate() {
            run = if place > 0 && batch[place - 1] == *value { run + 1 } else { 1 };
            let count = self.counts.get(*value as usize).copied().unwrap_or(1);
            ways = ways * (place as u128 + 1) / run * u128::from(count);
        }
        ways as u64
    }
}
