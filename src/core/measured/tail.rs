//! The tail exponent p* from measured values, or why they do not tell.

use super::{FEWEST, Measured, MeasuredError};
use crate::core::bracket;
use crate::core::student;

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
    /// The `p` for which the t test of `E|X|^p = 1` at `level` does not refuse, `X = 1 − λγ − λĥ`; batches are disjoint for `S > 1`.
    /// Cost: some hundred powers a value.
    ///
    /// # Errors
    /// Fewer than 50 disjoint batches.
    pub fn tail_band(
        &self,
        batch: u32,
        rate: f64,
        decay: f64,
        level: f64,
    ) -> Result<TailBand, MeasuredError> {
        let means = self.batches(batch);
        if means.len() < FEWEST {
            return Err(MeasuredError::TooFew { count: means.len() });
        }
        let logs: Vec<f64> = means.iter().map(|h| libm::log((1.0 - rate * (decay + h)).abs())).collect();
        let critical = student::critical(level, logs.len() as f64 - 1.0);
        Ok(tail_band(&logs, critical))
    }
}

/// `(mean|X|^p − 1)/p` and its t statistic; for `p > 0`.
struct Moment {
    excess: f64,
    score: f64,
}

fn moment(logs: &[f64], p: f64) -> Moment {
    let n = logs.len() as f64;
    // |X|^p − 1, which keeps its digits for small p
    let powers: Vec<f64> = logs.iter().map(|log| libm::expm1(p * log)).collect();
    let mean = powers.iter().sum::<f64>() / n;
    let squares: f64 = powers.iter().map(|x| (x - mean) * (x - mean)).sum();
    Moment { excess: mean / p, score: mean / (squares / (n * (n - 1.0))).sqrt() }
}

fn tail_band(logs: &[f64], critical: f64) -> TailBand {
    const SMALL: f64 = 1e-6;
    if !(moment(logs, SMALL).excess < 0.0) {
        return TailBand::None;
    }
    let greatest = logs.iter().fold(f64::NEG_INFINITY, |most, &log| most.max(log));
    if greatest <= 0.0 {
        return TailBand::Infinite;
    }
    // The share of the greatest value grows with p: beyond the order where it is too large nothing is asked. Powers are
    // relative to the greatest, and no order is so large that their squares leave the doubles.
    let largest = LARGEST.min(300.0 / greatest);
    let share = |p: f64| 1.0 / logs.iter().map(|log| libm::exp(p * (log - greatest))).sum::<f64>() - SHARE;
    let limit = if share(SMALL) > 0.0 {
        SMALL
    } else if share(largest) < 0.0 {
        largest
    } else {
        bracket::root(share, (SMALL, share(SMALL)), (largest, share(largest)))
    };
    let excess = |p: f64| moment(logs, p).excess;
    if excess(limit) < 0.0 {
        return TailBand::NotIdentifiable { beyond: limit };
    }
    let value = bracket::root(excess, (SMALL, excess(SMALL)), (limit, excess(limit)));
    let against = |level: f64| move |p: f64| moment(logs, p).score - level;
    let below = against(-critical);
    let low = if below(SMALL) < 0.0 {
        bracket::root(below, (SMALL, below(SMALL)), (value, below(value)))
    } else {
        0.0
    };
    let above = against(critical);
    let high =
        (above(limit) > 0.0).then(|| bracket::root(above, (value, above(value)), (limit, above(limit))));
    TailBand::Finite { value, low, high }
}
