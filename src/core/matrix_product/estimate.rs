//! From batch means to exponents, intervals and verdicts.

use super::Record;
use crate::core::stats::{self, Mean};
use crate::core::student;
use std::iter::repeat_n;

/// Fewest batches of an interval.
const FEWEST: usize = 64;

/// Level of the test that batch means are uncorrelated, over all exponents together.
const LAG_LEVEL: f64 = 0.01;

/// Level of all verdicts on one chain together.
const LEVEL: f64 = 0.01;

/// Exponents of this size are the rounding of 0: steps that keep every length.
const ROUNDING: f64 = 1e-13;

/// One exponent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponent {
    /// Nats per step; `−∞` to rounding, NaN before the first batch.
    pub value: f64,
    /// Of the batch means; 0 for `−∞`, NaN for fewer than two batches.
    pub standard_error: f64,
    /// Correlation of neighbouring batch means.
    pub lag_one: f64,
    /// Known without the run: `log|m|` of a direction that no matrix touches.
    pub exact: bool,
}

/// What the sign of the top exponent is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Λ₁ < 0.
    Attractive,
    /// Λ₁ > 0.
    Repulsive,
    /// The run is too short to tell.
    Undecided,
    /// Λ₁ = 0 exactly, in directions that no matrix touches; all other exponents are below 0.
    Zero,
}

/// The exponents of a chain so far, in descending order.
#[derive(Clone, Debug, PartialEq)]
pub struct Spectrum {
    /// All `d` of a [`super::Chain`], one of each part of a [`super::TopChain`], and those of untouched directions. Sorted as they were measured: of several equal exponents the
    /// first is the largest of as many estimates, above the true one by a standard error or two.
    pub exponents: Vec<Exponent>,
    /// Their sum, with the error of the sum.
    pub sum: Mean,
    /// Complete batches.
    pub batches: usize,
    /// Steps of each.
    pub batch_steps: f64,
    /// In the order in which they were measured.
    measured: Vec<Exponent>,
    /// Which of them are along the direction of a part that any start turns to: no largest of several estimates.
    leading: Vec<bool>,
    /// The exponent of the directions that no matrix touches, if there are such.
    untouched: Option<f64>,
    /// How many first batches each of them is.
    merged: f64,
    /// Steps so far, burn-in included.
    pub steps: u64,
    /// No interval is to be trusted: fewer than 64 batches, batches shorter than ten relaxation times, or correlated ones.
    pub too_short: bool,
}

impl Spectrum {
    pub(super) fn new(record: &Record) -> Self {
        let batches = record.count();
        let (untouched, value) = record.beside;
        let exact = Exponent { value, standard_error: 0.0, lag_one: 0.0, exact: true };
        let one = |i: usize| if record.stands() { exact } else { exponent(record, i) };
        let measured: Vec<Exponent> = (0..record.width).map(one).collect();
        let exponents = descending(measured.iter().copied().chain(repeat_n(exact, untouched)).collect());
        let score = student::critical(LAG_LEVEL / record.width as f64, 1e6);
        let n = batches as f64;
        let correlated = |e: &Exponent| {
            // differences of the size of rounding are not correlation
            e.standard_error > 1e-13 * e.value.abs().max(1e-3)
                && ((e.lag_one + 1.0 / n) * n.sqrt()).abs() > score
        };
        let too_short =
            !record.stands() && (batches < FEWEST || record.hasty() || measured.iter().any(correlated));
        let mut sum = if record.stands() {
            Mean { value: record.width as f64 * value, standard_error: 0.0, count: batches }
        } else if record.landed.contains(&true) {
            Mean { value: f64::NEG_INFINITY, standard_error: 0.0, count: batches }
        } else {
            stats::mean(&record.sums())
        };
        if untouched > 0 {
            sum.value += untouched as f64 * value;
        }
        Self {
            exponents,
            measured,
            leading: record.leading.clone(),
            untouched: (record.untouched() > 0).then_some(value),
            sum,
            batches,
            batch_steps: record.batch_steps(),
            merged: record.merged(),
            steps: record.steps(),
            too_short,
        }
    }

    /// Half the width of the t interval of one exponent at confidence `1 − level`, looked at once. NaN for one
    /// batch; 0 for `−∞`.
    pub fn half_width(&self, exponent: usize, level: f64) -> f64 {
        let error = self.exponents[exponent].standard_error;
        if error == 0.0 { 0.0 } else { self.score(level) * error }
    }

    /// Standard errors in half a t interval of any exponent at confidence `1 − level`.
    pub fn score(&self, level: f64) -> f64 {
        student::critical(level, self.batches as f64 - 1.0)
    }

    /// Half the width of the confidence sequence of one exponent: with probability about `1 − level` the exponent is
    /// inside at every look; 0 of an exact one. `σ̂√((n+64)(ln((n+64)/64) + 2 ln(1/α)))/n` with `n` first batches, whose standard deviation `σ̂`
    /// is had from the merged ones; infinite for `n < 64`.
    ///
    /// The normal mixture boundary (Robbins 1970; Waudby-Smith and others, arXiv:2103.06476).
    pub fn band(&self, exponent: usize, level: f64) -> f64 {
        let Exponent { standard_error: error, exact, .. } = self.exponents[exponent];
        let n = self.batches as f64 * self.merged;
        if exact {
            return 0.0;
        }
        if n < FEWEST as f64 {
            return f64::INFINITY;
        }
        let deviation = error * n.sqrt();
        let start = FEWEST as f64;
        let room = (n + start) * (libm::log((n + start) / start) - 2.0 * libm::log(level));
        deviation * room.sqrt() / n
    }

    /// The `look`-th verdict (from 1) on one chain, at level `1 %/(look (look + 1))`, so that all of them together err with
    /// probability 1 %. Attractive if every exponent is below 0 at that level, zero if only untouched directions are not. Repulsive if the
    /// one that was measured first in a part is above it: of several equal exponents the largest estimate would be too often; parts
    /// share the level. Undecided while the run is too short.
    pub fn verdict(&self, look: u32) -> Verdict {
        if self.exponents[0].value == f64::NEG_INFINITY {
            return Verdict::Attractive;
        }
        if self.too_short {
            return Verdict::Undecided;
        }
        let k = f64::from(look.max(1));
        let level = LEVEL / (k * (k + 1.0));
        let room = |e: &Exponent, level: f64| (self.score(level) * e.standard_error).max(ROUNDING);
        let leading: Vec<&Exponent> = self
            .measured
            .iter()
            .zip(&self.leading)
            .filter(|(_, leading)| **leading)
            .map(|(e, _)| e)
            .collect();
        let shared = level / leading.len() as f64;
        let untouched = self.untouched.unwrap_or(f64::NEG_INFINITY);
        if untouched > 0.0 || leading.iter().any(|e| e.value > room(e, shared)) {
            Verdict::Repulsive
        } else if self.measured.iter().any(|e| !e.exact && e.value >= -room(e, level)) {
            Verdict::Undecided
        } else if untouched == 0.0 {
            Verdict::Zero
        } else {
            Verdict::Attractive
        }
    }
}

/// Sorted by insertion: few, and nearly in order.
fn descending(mut exponents: Vec<Exponent>) -> Vec<Exponent> {
    for i in 1..exponents.len() {
        let mut j = i;
        while j > 0 && exponents[j].value > exponents[j - 1].value {
            exponents.swap(j, j - 1);
            j -= 1;
        }
    }
    exponents
}

fn exponent(record: &Record, i: usize) -> Exponent {
    if record.landed[i] {
        return Exponent { value: f64::NEG_INFINITY, standard_error: 0.0, lag_one: 0.0, exact: false };
    }
    let means = record.means(i);
    let mean = stats::mean(&means);
    let lag_one = stats::lag_one(&means);
    Exponent { value: mean.value, standard_error: mean.standard_error, lag_one, exact: false }
}
