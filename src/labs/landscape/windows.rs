//! The learning rates at which the origin attracts: both of its exponents are negative.

use super::origin;
use super::parameters::{Params, rates};
use crate::core::critical::Direction;
use crate::core::isoline::linear_crossing;
use crate::core::log_product::common_intervals;
use crate::core::saddle;
use crate::labs::Done;
use crate::labs::direction::cost::SHARD;

/// The job: the ends of the windows in turn, from exact roots.
pub const JOB: &str = "windows";
/// Most values of a batch mean with which the roots are found: two exponents of 1,024 values take 30 ms.
const MOST_ATOMS: f64 = 1024.0;

/// The windows on the axis of rates.
pub struct Windows {
    /// Their ends, ascending. Equal ends: a pole of an exponent, around which doubles see no width.
    pub ends: Vec<(f64, f64)>,
    /// Whether these are all, to rounding; else what the curves' points show, and the reader's rate.
    pub exact: bool,
}

/// How many values the mean of a batch takes at most: `C(N + S − 1, S)`.
fn atoms(p: &Params) -> f64 {
    let most = f64::from(p.samples) - 1.0;
    (1..=p.batch).map(f64::from).fold(1.0, |count, draw| count * (most + draw) / draw)
}

/// Whether the windows are found exactly: there are exponents, and the mean of a batch takes at most 1,024 values.
pub fn is_exact(p: &Params) -> bool {
    p.activation.slope_at_origin().is_some() && atoms(p) <= MOST_ATOMS
}

/// Work of all shards, in elementary steps.
pub fn cost(p: &Params) -> f64 {
    40.0 * atoms(p) * atoms(p)
}

/// Parts of the axis, each below a shard's time.
pub fn shards(p: &Params) -> u32 {
    (cost(p) / SHARD).ceil() as u32
}

/// One shard: the ends, in turn, of the windows on one of the equal parts of the axis.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let Some(law) = origin::law(p) else { return Vec::new() };
    let axis = rates(p);
    let edge = |shard: u32| axis.at(f64::from(shard) / f64::from(shards(p)));
    let sign = saddle::orientation(&law);
    let product = |sign| Direction { law: &law, decay: p.decay, sign }.product();
    let products: Vec<_> = [sign, -sign].into_iter().filter_map(product).collect();
    let found = common_intervals(&products, edge(shard), edge(shard + 1));
    found.into_iter().flat_map(|(from, to)| [from, to]).collect()
}

/// The windows, once all of their shards, or of the curves', are there.
pub fn known(p: &Params, done: &Done) -> Option<Windows> {
    if is_exact(p) {
        let ends = done.made(JOB, &[JOB], "", || done.complete(JOB).then(|| joined(done.shards(JOB))));
        return ends.as_ref().clone().map(|ends| Windows { ends, exact: true });
    }
    let mut curves = origin::known(p, done).as_ref().clone().filter(|_| done.complete(origin::JOB))?;
    // at the reader's rate the windows say what the verdict says
    let place = curves.partition_point(|point| point[0] < p.lr);
    if let Some((plus, minus)) = origin::here(p, done).filter(|_| 0 < place && place < curves.len()) {
        curves.insert(place, [p.lr, plus, minus]);
    }
    Some(Windows { ends: collapse(&curves), exact: false })
}

/// The windows of all parts: one that two parts share is one.
fn joined(shards: &[Option<Vec<f64>>]) -> Vec<(f64, f64)> {
    let mut all: Vec<(f64, f64)> = Vec::new();
    for [from, to] in shards.iter().flatten().flat_map(|shard| shard.as_chunks().0) {
        match all.last_mut() {
            Some(last) if last.1 == *from => last.1 = *to,
            _ => all.push((*from, *to)),
        }
    }
    all
}

/// The intervals of rates at which both exponents of these points, `(λ, Λ₊, Λ₋)`, are negative.
pub fn collapse(curves: &[[f64; 3]]) -> Vec<(f64, f64)> {
    let worst = |point: &[f64; 3]| point[1].max(point[2]);
    let mut intervals: Vec<(f64, f64)> = Vec::new();
    let mut start = curves.first().filter(|first| worst(first) < 0.0).map(|first| first[0]);
    for pair in curves.windows(2) {
        let (a, b) = (worst(&pair[0]), worst(&pair[1]));
        if (a < 0.0) == (b < 0.0) {
            continue;
        }
        let part = linear_crossing(a, b);
        let rate = pair[0][0] * libm::exp(part * libm::log(pair[1][0] / pair[0][0]));
        match start.take() {
            Some(from) => intervals.push((from, rate)),
            None => start = Some(rate),
        }
    }
    if let (Some(from), Some(last)) = (start, curves.last()) {
        intervals.push((from, last[0]));
    }
    intervals
}
