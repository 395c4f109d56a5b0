//! Everything known at the point.

use super::parameters::Params;
use super::run::{self, Run};
use super::{exact, limits};
use crate::core::mean_square::Radius;
use crate::core::stats::{self, Mean};
use crate::labs::Done;
use std::rc::Rc;

/// What the finished shards say of the point; `None` is on the way, or does not exist.
pub struct Known {
    /// The run.
    pub run: Rc<Option<Run>>,
    /// Exact exponents, descending: empty without a closed form.
    pub exact: Option<Vec<f64>>,
    /// Learning rates at which the first of them changes sign; `None` without a closed form.
    pub critical: Option<Vec<f64>>,
    /// Whether these are all.
    pub is_listed: bool,
    /// Limits on the learning rate.
    pub limits: Option<limits::Limits>,
    /// Of the mean square at the point.
    pub radius: Option<Radius>,
    /// E log|det M|.
    pub determinant: Option<Mean>,
}

/// Reads what is there.
pub fn known(p: &Params, done: &Done) -> Known {
    let schedule = run::schedule(p);
    let run = done.made("run", &["run"], &format!("{schedule:?}"), || {
        run::read(p, &schedule, done.shards("run"), true)
    });
    let shard = |job: &str| done.shards(job).first().and_then(Option::clone);
    let (count, is_listed) = (exact::count(p), exact::is_listed(p));
    let mut exact = shard("exact-point");
    let mut critical = shard("exact-rates");
    if let Some(numbers) = &mut exact {
        let beside = numbers.split_off(count.min(numbers.len()));
        if let Some(rates) = critical.as_mut().filter(|_| !is_listed) {
            let (low, high) = exact::cell(p.lr);
            rates.retain(|rate| *rate < low || high < *rate);
            rates.extend(beside);
            stats::sort(rates);
        }
    }
    Known {
        run,
        exact: if count > 0 { exact } else { Some(Vec::new()) },
        critical,
        is_listed,
        limits: limits::limits(done),
        radius: limits::radius(done),
        determinant: limits::determinant(done),
    }
}

impl Known {
    /// The first exponent: exact if it is known, else the run's.
    pub fn top(&self) -> Option<f64> {
        let exact = self.exact.as_ref().and_then(|exact| exact.first().copied());
        exact.or_else(|| self.run.as_ref().as_ref().map(|run| run.spectrum.exponents[0].value))
    }
}
