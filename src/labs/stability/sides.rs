//! The fan chart and the time to escape or collapse, of this lab's one direction.

use super::parameters::Params;
use crate::charts::figure::Figure;
use crate::labs::direction::fan::Fan;
use crate::labs::direction::passage::Passage;
use crate::labs::direction::sgd::Direction;
use crate::labs::stability::figures::STABLE;
use crate::labs::{Done, Job, Quantity};

/// Name of the fan chart and its job.
pub const FAN: &str = "fan";
/// Name of the figure of times and its job.
pub const PASSAGE: &str = "passage";

/// The fan chart.
pub fn fan(p: &Params) -> Fan<'_> {
    Fan { id: FAN, sgd: &p.sgd, direction: p.sgd.sign, horizon: p.horizon }
}

/// The times.
pub fn passage(p: &Params) -> Passage<'_> {
    let directions: &[Direction] =
        if p.sgd.sign == Direction::Plus { &[Direction::Plus] } else { &[Direction::Minus] };
    Passage { id: PASSAGE, sgd: &p.sgd, directions }
}

/// The jobs.
pub fn jobs(p: &Params) -> [Job; 2] {
    [fan(p).job(), passage(p).job()].map(|mut job| {
        job.depends.push("sign");
        job
    })
}

/// The figures.
pub fn figures(p: &Params, done: &Done) -> [Figure; 2] {
    let title = "Distance from the point over time".to_owned();
    [fan(p).figure(title, STABLE, done), passage(p).figure(STABLE, done)]
}

/// The numbers: runs needed to see the mean, and the time to escape or collapse.
pub fn quantities(p: &Params, done: &Done) -> Vec<Quantity> {
    let mut rows = vec![fan(p).runs_to_see_mean(done)];
    rows.extend(passage(p).quantities(done));
    rows
}
