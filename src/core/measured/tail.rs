//! The tail exponent p* from measured values, or why they do not tell.

use super::{FEWEST, Measured, MeasuredError};
use crate::core::bracket;
use crate::core::curvature::{BatchLaw, DiscreteBatch, Law};
use crate::core::student;
use std::cell::RefCell;

/// Share of one value in `Σ|X|^p` above which the mean says nothing.
const SHARE: f64 = 0.2;

/// Largest order.
const LARGEST: f64 = 1000.0;

/// An interval of p*.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TailBand {
    /// The estimate of Λ is not below 0: there is no positive root.
    None,
    /// No value has `|X| > 1`: the data say nothing against `p* = ∞`.
    Infinite,
    /// One value carries more than 20 % of `Σ|X|^p` before the mean reaches 1: not identifiable from so few values.
    NotIdentifiable {
        /// The order at which it does: p* is likely larger.
        beyond: f64,
    },
    /// The estimate with its interval.
    Finite {
        /// `p` with `mean |X|^p = 1`.
        value: f64,
        /// Lower end; 0 if Λ < 0 is not certain.
        low: f64,
        /// Upper end; `None` if it is not identifiable.
        high: Option<f64>,
    },
}

impl Measured {
    /// The law of the means of disjoint batches, each equally likely, and how many there are: what [`tail_band`] is asked of.
    ///
    /// # Errors
    /// Fewer than 50 disjoint batches.
    pub fn means(&self, batch: u32) -> Result<(BatchLaw, usize), MeasuredError> {
        let means = self.batches(batch);
        let count = means.len();
        let law = if count < FEWEST { None } else { Law::empirical(means).ok() };
        law.map(|law| (law.batch(1), count)).ok_or(MeasuredError::TooFew { count })
    }
}

/// The `p` for which the t test of `E|X|^p = 1` at `level` does not refuse, `X = offset + scale·h`, for `count` independent values whose
/// empirical law is `law`; `None` if that has no atoms. Cost: some hundred powers of each, or of the few that stand for very many.
pub fn tail_band(law: &BatchLaw, count: usize, factor: (f64, f64), level: f64) -> Option<TailBand> {
    const SMALL: f64 = 1e-6;
    let BatchLaw::Discrete(atoms) = law else { return None };
    let powers = Powers { atoms, count: count as f64, factor, logs: RefCell::default() };
    let critical = student::critical(level, count as f64 - 1.0);
    let excess = |p: f64| powers.at(p).excess;
    if !(excess(SMALL) < 0.0) {
        return Some(TailBand::None);
    }
    let greatest = libm::log(law.largest_factor(factor.0, factor.1));
    if greatest <= 0.0 {
        return Some(TailBand::Infinite);
    }
    // The share of the greatest value in Σ|X|^p grows with p: beyond the order where it is too large nothing is asked. No order is so
    // large that squares of powers leave the doubles, and none is tried that is not needed: high ones take all atoms.
    let largest = LARGEST.min(300.0 / greatest);
    let share = |p: f64| libm::exp(p * greatest) / (powers.count * powers.at(p).mean) - SHARE;
    let (mut known, mut limit) = (SMALL, largest.min(2.0));
    while share(limit) < 0.0 && limit < largest {
        (known, limit) = (limit, largest.min(2.0 * limit));
    }
    if share(limit) > 0.0 {
        limit = bracket::root(share, (known, share(known)), (limit, share(limit)));
    }
    if excess(limit) < 0.0 {
        return Some(TailBand::NotIdentifiable { beyond: limit });
    }
    let value = bracket::root(excess, (SMALL, excess(SMALL)), (limit, excess(limit)));
    let (below, above) = (|p: f64| powers.at(p).score + critical, |p: f64| powers.at(p).score - critical);
    let low = if below(SMALL) < 0.0 {
        bracket::root(below, (SMALL, below(SMALL)), (value, below(value)))
    } else {
        0.0
    };
    let high =
        (above(limit) > 0.0).then(|| bracket::root(above, (value, above(value)), (limit, above(limit))));
    Some(TailBand::Finite { value, low, high })
}

/// What `|X|^p` of the values say, for `p > 0`.
struct Moment {
    /// `mean|X|^p`.
    mean: f64,
    /// `(mean|X|^p − 1)/p`.
    excess: f64,
    /// The t statistic of `E|X|^p = 1`.
    score: f64,
}

struct Powers<'a> {
    atoms: &'a DiscreteBatch,
    count: f64,
    factor: (f64, f64),
    /// The largest order that they serve, and logarithms of `|X|` with weights.
    logs: RefCell<(f64, Vec<(f64, f64)>)>,
}

impl Powers<'_> {
    fn at(&self, p: f64) -> Moment {
        let mut logs = self.logs.borrow_mut();
        // powers of 2, so that few lists are made; at least the fourth: the mean square and its scatter
        let order = libm::scalbn(1.0, libm::log2(2.0 * p).ceil() as i32).max(4.0);
        if logs.0 != order {
            *logs = (order, self.atoms.logs_for(self.factor.0, self.factor.1, order));
        }
        // of |X|^p − 1 and |X|^2p − 1, which keep their digits for small p
        let (mut once, mut twice) = (0.0, 0.0);
        for (log, weight) in &logs.1 {
            let power = libm::expm1(p * log);
            once += weight * power;
            twice += weight * power * (power + 2.0);
        }
        let variance = twice - 2.0 * once - once * once;
        let score = once / (variance / (self.count - 1.0)).sqrt();
        Moment { mean: 1.0 + once, excess: once / p, score }
    }
}
