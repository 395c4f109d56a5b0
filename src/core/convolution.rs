//! The exact law of the mean of `S` independent draws from finitely many values.
//!
//! Routes, tried in turn. In the first three every quantity added is positive, so each probability is right to a few
//! ulps *relative*, far into the tails (below 1e-308 it counts as 0):
//!
//! 1. two values: binomial probabilities;
//! 2. all values on a short lattice `h₀ + g·n`, `n` integer (decimals typed by hand always are): powers of
//!    the generating polynomial;
//! 3. all multinomial counts, `C(S+k−1, k−1)` of them, as a tree of binomials; equal sums are merged;
//! 4. all values on a longer lattice: the polynomial's power by FFT, probabilities below 1e-18 count as 0.

use crate::core::lattice::{DIRECT_LIMIT, spread};
use crate::core::stats;

/// Most atoms of an exact law.
pub const ATOM_LIMIT: usize = 1_000_000;

/// A finite law: atoms in ascending order with their probabilities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Atoms {
    /// The values.
    pub values: Vec<f64>,
    /// Their probabilities, all positive.
    pub probs: Vec<f64>,
    /// Bound on the relative error of averages, beyond the rounding of single terms.
    pub rounding: f64,
}

impl Atoms {
    /// Sorts, drops probability 0, and merges values that lie within `tolerance` of the first of their group
    /// into their weighted mean. Cost `n log n`.
    pub fn merged(values: &[f64], probs: &[f64], tolerance: f64) -> Self {
        let ordered = |a: (&f64, &f64), b: (&f64, &f64)| a.0.total_cmp(b.0).then(a.1.total_cmp(b.1)).is_le();
        let pairs = values.iter().zip(probs);
        if pairs.clone().is_sorted_by(|a, b| ordered(*a, *b)) && probs.iter().all(|p| *p > 0.0) {
            return Self::grouped(values, probs, tolerance);
        }
        let mut pairs: Vec<(f64, f64)> = pairs.map(|(h, p)| (*h, *p)).filter(|(_, p)| *p > 0.0).collect();
        stats::sort_pairs(&mut pairs);
        let (values, probs): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        Self::grouped(&values, &probs, tolerance)
    }

    /// [`Atoms::merged`] of values that ascend, all probabilities positive.
    fn grouped(values: &[f64], probs: &[f64], tolerance: f64) -> Self {
        let mut atoms = Self {
            values: Vec::with_capacity(values.len()),
            probs: Vec::with_capacity(values.len()),
            rounding: 0.0,
        };
        let mut from = 0;
        while let (Some(&first), Some(&p)) = (values.get(from), probs.get(from)) {
            let (mut mass, mut excess, mut next) = (p, 0.0, from + 1);
            while let (Some(v), Some(p)) = (values.get(next), probs.get(next))
                && v - first <= tolerance
            {
                mass += p;
                excess += p * (v - first);
                next += 1;
            }
            atoms.values.push(first + excess / mass);
            atoms.probs.push(mass);
            from = next;
        }
        atoms
    }

    /// `Σ p h`.
    pub fn mean(&self) -> f64 {
        self.values.iter().zip(&self.probs).map(|(h, p)| h * p).sum()
    }

    /// `Σ p (h − mean)²`.
    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        self.values.iter().zip(&self.probs).map(|(h, p)| p * (h - mean) * (h - mean)).sum()
    }

    /// Exact law of the mean of `batch` draws, or `None` if it has more than `most` ≤ [`ATOM_LIMIT`] atoms (always made
    /// for two values).
    ///
    /// `self` must be merged. Cost: `S` for two values, at most about `10⁸` products otherwise, and `2·10⁷` where `most` is
    /// 2¹⁵.
    pub fn mean_of(&self, batch: u32, most: usize) -> Option<Self> {
        let k = self.values.len();
        if batch == 1 || k <= 1 {
            return Some(self.clone());
        }
        if k == 2 {
            let row = binomial(batch, self.probs[1], self.probs[0]);
            let law = spread(&row, self.values[0], self.values[1]);
            return Some(Self { rounding: binomial_rounding(batch), ..law });
        }
        let lattice = self.lattice();
        if let Some(steps) = &lattice
            && steps[k - 1] * u64::from(batch) <= DIRECT_LIMIT.min(most as u64 / 8)
        {
            return Some(self.multiplied(steps, batch));
        }
        if compositions(batch, k) <= most as f64 {
            return Some(self.multinomial(batch));
        }
        match lattice {
            Some(steps) if steps[k - 1] * u64::from(batch) < most as u64 => {
                Some(self.transformed(&steps, batch))
            }
            _ => None,
        }
    }

    /// All counts `(n_1 … n_k)`, as binomials of what the earlier values left over.
    fn multinomial(&self, batch: u32) -> Self {
        let k = self.values.len();
        let mut tail = vec![0.0; k + 1];
        for i in (0..k).rev() {
            tail[i] = tail[i + 1] + self.probs[i];
        }
        let rows: Vec<Vec<Vec<f64>>> =
            (0..k - 1)
                .map(|i| {
                    let least = if i == 0 { batch } else { 0 };
                    (0..=batch)
                        .map(|left| {
                            if left < least { Vec::new() } else { binomial(left, self.probs[i], tail[i + 1]) }
                        })
                        .collect()
                })
                .collect();
        let mut sums = Vec::new();
        let mut probs = Vec::new();
        // Depth first, with an explicit stack: (value to place next, draws left, sum so far, probability).
        let mut stack = vec![(0, batch, 0.0, 1.0)];
        while let Some((i, left, sum, p)) = stack.pop() {
            if left == 0 || i == k - 1 {
                let total = if left == 0 { sum } else { sum + f64::from(left) * self.values[i] };
                sums.push(total / f64::from(batch));
                probs.push(p);
                continue;
            }
            for n in 0..=left {
                let q = p * rows[i][left as usize][n as usize];
                if q > 0.0 {
                    stack.push((i + 1, left - n, sum + f64::from(n) * self.values[i], q));
                }
            }
        }
        // A sum of at most min(k, S) products is off by that many half-ulps of the largest value.
        let size = self.values[0].abs().max(self.values[k - 1].abs());
        let terms = (k as f64).min(f64::from(batch));
        let law = Self::merged(&sums, &probs, 2.0 * terms * f64::EPSILON * size);
        Self { rounding: terms * binomial_rounding(batch), ..law }
    }
}

/// Bound on the relative error of the probabilities of [`binomial`] that count: those within some `√n` steps of the mode.
fn binomial_rounding(n: u32) -> f64 {
    4.0 * f64::from(n).sqrt() * f64::EPSILON
}

/// Number of multinomial counts, `C(S+k−1, k−1)`, as a double (it may be huge).
pub(crate) fn compositions(batch: u32, k: usize) -> f64 {
    let (s, k) = (f64::from(batch), k as f64 - 1.0);
    let (small, large) = (s.min(k), s.max(k));
    let mut count = 1.0;
    let mut i = 1.0;
    while i <= small && count < 1e18 {
        count *= (large + i) / i;
        i += 1.0;
    }
    count
}

/// Binomial probabilities of `0…n` successes from the weights of success and failure, both positive: ratios from the mode
/// outwards, then divided by their sum. Relative error about 1e-16 per step from the mode. (Both weights, because `1 − q` has
/// no digits left where failures are rare.)
fn binomial(n: u32, success: f64, failure: f64) -> Vec<f64> {
    let mut row = vec![0.0; n as usize + 1];
    let mode = ((f64::from(n) + 1.0) * (success / (success + failure))).min(f64::from(n)) as usize;
    let odds = success / failure;
    row[mode] = 1.0;
    for j in mode..n as usize {
        row[j + 1] = row[j] * odds * ((n as usize - j) as f64 / (j + 1) as f64);
    }
    for j in (0..mode).rev() {
        row[j] = row[j + 1] / odds * ((j + 1) as f64 / (n as usize - j) as f64);
    }
    let sum: f64 = row.iter().sum();
    for p in &mut row {
        *p /= sum;
    }
    row
}
