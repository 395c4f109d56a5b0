//! Λ over the learning rates in view, in shards: the job `curve`, which does not depend on the rate at the point.
//!
//! Shard 0 is the whole curve on a coarse grid; the others are its parts on a fine one, with more and more points towards
//! each pole λ = 1/(γ + h), where Λ falls to −∞ as P(h) log|λ − pole|.

use super::parameters::{Params, rates};
use super::point::factor;
use crate::charts::figure::Axis;
use crate::core::curvature::BatchLaw;
use crate::core::exponent::CriticalRate;
use crate::labs::Done;
use crate::labs::direction::cost::{Costs, SHARD};
use crate::labs::direction::point::known_rates;
use std::rc::Rc;

/// Cells of the fine grid.
const FINE: usize = 512;
/// Cells of the coarse one.
const COARSE: usize = 64;
/// Poles of smaller probability are not looked for: at a thousandth of a cell they are less than 0.03 deep.
const RARE: f64 = 0.004;
/// Poles at least as likely are drawn all the way down, rarer ones as far as points near them go.
const LIKELY: f64 = 0.05;
/// Points on each side of a pole, each three times nearer than the one before: down to 1/2187 of a cell.
const NEAR: i32 = 7;

/// A place on the curve: learning rate, Λ.
pub type Point = (f64, f64);

/// Work of the whole curve, in elementary steps.
pub fn cost(p: &Params) -> f64 {
    let costs = Costs::of(&p.sgd);
    f64::from(parts(&costs)) * costs.preparation + 2.0 * FINE as f64 * costs.in_row
}

fn parts(costs: &Costs) -> u32 {
    let work = 2.0 * FINE as f64 * costs.in_row;
    (work / SHARD.max(costs.preparation)).ceil().clamp(1.0, 64.0) as u32
}

/// Number of shards, the coarse one included.
pub fn shards(p: &Params) -> u32 {
    1 + parts(&Costs::of(&p.sgd))
}

/// One shard: learning rates and exponents in turn, ascending.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let Some(law) = p.sgd.batch_law() else { return Vec::new() };
    let axis = rates(p);
    let places = if shard == 0 {
        (0..=COARSE).map(|cell| axis.at(cell as f64 / COARSE as f64)).collect()
    } else {
        let edge = |part: u32| FINE * part as usize / parts(&Costs::of(&p.sgd)) as usize;
        places(p, &law, &axis, edge(shard - 1), edge(shard))
    };
    let factors: Vec<(f64, f64)> = places.iter().map(|lr| factor(p, *lr)).collect();
    let mut exponents = vec![0.0; places.len()];
    law.exponents(&factors, &mut exponents);
    places.into_iter().zip(exponents).flat_map(|(lr, exponent)| [lr, exponent]).collect()
}

/// The learning rates of the cells `from..to`, those near poles included.
fn places(p: &Params, law: &BatchLaw, axis: &Axis, from: usize, to: usize) -> Vec<f64> {
    let end = |cell: usize| axis.at(cell as f64 / FINE as f64);
    let (low, high) = (end(from), end(to));
    let mut places: Vec<f64> = (from..=to).map(end).collect();
    for (pole, probability) in poles(p, law, axis) {
        if probability >= LIKELY && pole > low && pole < high {
            places.push(pole);
        }
        let cell = (axis.fraction(pole) * FINE as f64).floor();
        let width = axis.at((cell + 1.0) / FINE as f64) - axis.at(cell / FINE as f64);
        let steps = (0..=NEAR).map(|power| width * libm::pow(3.0, f64::from(-power)));
        places.extend(steps.flat_map(|step| [pole - step, pole + step]).filter(|lr| *lr > low && *lr < high));
    }
    crate::core::stats::sort(&mut places);
    places
}

/// The poles in view with their probabilities, but for rare ones.
fn poles(p: &Params, law: &BatchLaw, axis: &Axis) -> Vec<(f64, f64)> {
    let (atoms, probabilities) = law.atoms().unwrap_or((&[], &[]));
    let frequent = atoms.iter().zip(probabilities).filter(|(_, probability)| **probability >= RARE);
    let pole = |atom: &f64| 1.0 / (p.sgd.decay - p.sgd.sign() * atom);
    frequent
        .map(|(atom, probability)| (pole(atom), *probability))
        .filter(|(pole, _)| *pole > 0.0 && axis.min <= *pole && *pole <= axis.max)
        .collect()
}

/// The curve as far as it is known.
pub struct Curve {
    /// Ascending; fine where known, coarse elsewhere.
    pub points: Vec<Point>,
    /// Range of Λ that shows it.
    pub range: (f64, f64),
    /// Where it is negative, within the view.
    pub stable: Vec<(f64, f64)>,
}

/// The curve of what is there; `None` before the first shard.
pub fn made(p: &Params, done: &Done) -> Rc<Option<Curve>> {
    done.made("curve", &["curve", "rates"], "", || {
        let shards = done.shards("curve");
        let coarse = read(shards.first()?.as_deref()?);
        let points = joined(p, &coarse, &shards[1..]);
        let roots: Vec<f64> = known_rates(done).map_or_else(Vec::new, |known| {
            let at = |rate: &CriticalRate| match rate {
                CriticalRate::Root(at) => Some(*at),
                CriticalRate::Pole { .. } => None,
            };
            known.rates.iter().filter_map(at).collect()
        });
        Some(Curve { range: range(&coarse), stable: stable(&points, &roots), points })
    })
}

fn read(numbers: &[f64]) -> Vec<Point> {
    numbers.as_chunks().0.iter().map(|[lr, exponent]| (*lr, *exponent)).collect()
}

/// Fine parts that are there, and coarse points where they are not.
fn joined(p: &Params, coarse: &[Point], parts: &[Option<Vec<f64>>]) -> Vec<Point> {
    let axis = rates(p);
    let edge = |part: usize| axis.at((FINE * part / parts.len().max(1)) as f64 / FINE as f64);
    let mut points = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        if let Some(numbers) = part {
            points.extend(read(numbers));
        } else {
            let inside = |point: &&Point| point.0 >= edge(index) && point.0 <= edge(index + 1);
            points.extend(coarse.iter().filter(inside));
        }
    }
    points
}

/// The range of Λ: all that is positive, and the negative part without the depth of the poles.
fn range(coarse: &[Point]) -> (f64, f64) {
    let mut values: Vec<f64> = coarse.iter().map(|point| point.1).filter(|value| value.is_finite()).collect();
    crate::core::stats::sort(&mut values);
    let quantile = |part: f64| crate::core::stats::quantile(&values, part);
    let (top, middle) = (quantile(1.0).max(0.0), quantile(0.5).abs());
    let bottom = quantile(0.04).max(-1.6 * top.max(2.0 * middle)).min(0.0);
    let size = top - bottom;
    if size > 1e-9 { (bottom - 0.08 * size, top + 0.08 * size) } else { (-0.1, 0.1) }
}

/// The intervals where Λ < 0. A change of sign between two points is at the exact root there, if it is known.
fn stable(points: &[Point], roots: &[f64]) -> Vec<(f64, f64)> {
    let mut intervals = Vec::new();
    let mut from = points.first().filter(|point| point.1 < 0.0).map(|point| point.0);
    for pair in points.windows(2) {
        let ((x, y), (next, value)) = (pair[0], pair[1]);
        if (y < 0.0) == (value < 0.0) {
            continue;
        }
        let known = roots.iter().copied().find(|root| *root >= x && *root <= next);
        let part = if y.is_finite() && value.is_finite() { y / (y - value) } else { 0.5 };
        let root = known.unwrap_or(x + part * (next - x));
        match from.take() {
            None => from = Some(root),
            Some(start) => intervals.push((start, root)),
        }
    }
    if let (Some(start), Some(last)) = (from, points.last()) {
        intervals.push((start, last.0));
    }
    intervals
}
