//! The predicted rank: the number of positive exponents at the origin.
//!
//! One-hot inputs: the modes decouple, and each has an exact exponent ([`VisitedMode`]). Dense inputs: all hidden neurons obey
//! one product of random matrices ([`Field`]); the rule that treats modes alone (each as the saddle of one weight pair, a linear
//! teacher of strength `s_j`) is kept for contrast.

use super::parameters::{InputsName, Params, Plane};
use super::product::Field;
use crate::core::bracket;
use crate::core::curvature::{BatchLaw, Law};
use crate::core::isoline::isolines;
use crate::core::visited_mode::VisitedMode;
use crate::labs::Done;

/// The job of the exact curves, a shard for each mode.
pub const CURVES: &str = "curves";
/// Nodes along each side on which signs are looked for.
const NODES: usize = 65;
/// The exact exponent of one mode: of a visited mode for one-hot inputs, of the mode alone for dense ones.
pub enum ModeLaw {
    /// One-hot.
    Visited(VisitedMode),
    /// Dense: the batch mean of `x (s x + σ ε)`.
    Alone(BatchLaw),
}

impl ModeLaw {
    /// The law of mode `mode` at this noise.
    pub fn of(p: &Params, mode: usize, noise: f64) -> Option<Self> {
        let strength = p.strengths[mode].abs();
        Some(match p.inputs {
            InputsName::OneHot => {
                ModeLaw::Visited(VisitedMode { strength, noise, modes: p.modes() as u32, batch: p.batch })
            }
            InputsName::Dense => ModeLaw::Alone(Law::teacher(strength, noise).ok()?.batch(p.batch)),
        })
    }

    /// `Λ₊` at these rates: nats per visit of the mode, or per step. Cheapest for many rates in one call.
    pub fn exponents(&self, p: &Params, rates: impl Iterator<Item = f64>, slope: f64) -> Vec<f64> {
        let factors: Vec<(f64, f64)> = rates.map(|rate| (1.0 - rate * p.decay, rate * slope)).collect();
        match self {
            ModeLaw::Visited(mode) => {
                factors.iter().map(|&(offset, scale)| mode.exponent_per_visit(offset, scale)).collect()
            }
            ModeLaw::Alone(law) => {
                let mut values = vec![0.0; factors.len()];
                law.exponents(&factors, &mut values);
                values
            }
        }
    }

    /// The same at one rate.
    pub fn exponent(&self, p: &Params, rate: f64, slope: f64) -> f64 {
        let (offset, scale) = (1.0 - rate * p.decay, rate * slope);
        match self {
            ModeLaw::Visited(mode) => mode.exponent_per_visit(offset, scale),
            ModeLaw::Alone(law) => law.exponent(offset, scale).value,
        }
    }
}

/// `Λ₊` of every mode at a place, in the order of the strengths; `None` without a linearisation.
pub fn mode_exponents(p: &Params, rate: f64, noise: f64) -> Option<Vec<f64>> {
    let slope = p.slope().ok()?;
    (0..p.modes()).map(|mode| Some(ModeLaw::of(p, mode, noise)?.exponent(p, rate, slope))).collect()
}

/// `Λ₊` of every mode at the centres of `side²` pixels: for each mode row by row from the bottom.
pub fn mode_maps(p: &Params, side: usize) -> Option<Vec<Vec<f64>>> {
    let (slope, plane) = (p.slope().ok()?, Plane::of(p));
    let centre = |index: usize| (index as f64 + 0.5) / side as f64;
    let map = |mode: usize| {
        let row = |row: usize| {
            let rates = (0..side).map(|column| plane.x.at(centre(column)));
            Some(ModeLaw::of(p, mode, plane.y.at(centre(row)))?.exponents(p, rates, slope))
        };
        let rows: Option<Vec<Vec<f64>>> = (0..side).map(row).collect();
        rows.map(|rows| rows.concat())
    };
    (0..p.modes()).map(map).collect()
}

/// How many of the exponents are positive, at most as many as the network has neurons.
pub fn positive(p: &Params, exponents: &[f64]) -> usize {
    exponents.iter().filter(|value| **value > 0.0).count().min(p.most_rank())
}

/// Work of a shard of [`CURVES`].
pub fn curve_cost(p: &Params) -> f64 {
    let (many, alone) = match p.inputs {
        InputsName::OneHot => (60.0 * f64::from(p.batch + 1), 60.0 * f64::from(p.batch + 1)),
        InputsName::Dense => (1e3, 2e4),
    };
    many * (NODES * NODES) as f64 + alone * 2000.0
}

/// Where `Λ₊` of a mode is 0: lines, each as its number of vertices and they in fractions of the axes.
pub fn compute_curve(p: &Params, mode: u32) -> Vec<f64> {
    let (Ok(slope), plane) = (p.slope(), Plane::of(p)) else { return Vec::new() };
    let fraction = |node: f64| node / (NODES - 1) as f64;
    let law = |row: f64| ModeLaw::of(p, mode as usize, plane.y.at(fraction(row)));
    // at λ = 0 nothing moves: the sign there is that of small rates
    let rate = |column: f64| plane.x.at(fraction(column)).max(1e-9 * plane.x.max);
    let row = |row: usize| {
        let rates = (0..NODES).map(|column| rate(column as f64));
        law(row as f64).map_or_else(|| vec![f64::NAN; NODES], |law| law.exponents(p, rates, slope))
    };
    let values: Vec<f64> = (0..NODES).flat_map(row).collect();
    let lines = isolines(NODES, NODES, &values, &mut |from, to| {
        let value = |(column, row): (usize, usize)| values[row * NODES + column];
        let ends = ((0.0, value(from)), (1.0, value(to)));
        let along = |part: f64| {
            (from.0 as f64 + part * (to.0 - from.0) as f64, from.1 as f64 + part * (to.1 - from.1) as f64)
        };
        let at = |law: Option<&ModeLaw>, column: f64| {
            law.map_or(f64::NAN, |law| law.exponent(p, rate(column), slope))
        };
        if from.1 == to.1 {
            let law = law(from.1 as f64);
            bracket::root(|part| at(law.as_ref(), along(part).0), ends.0, ends.1)
        } else {
            bracket::root(|part| at(law(along(part).1).as_ref(), from.0 as f64), ends.0, ends.1)
        }
    });
    write(&lines, fraction)
}

fn write(lines: &[Vec<(f64, f64)>], fraction: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut numbers = Vec::new();
    for line in lines {
        numbers.push(line.len() as f64);
        numbers.extend(line.iter().flat_map(|(x, y)| [fraction(*x), fraction(*y)]));
    }
    numbers
}

/// A line in data coordinates.
pub type Curve = Vec<(f64, f64)>;

/// The curves of every mode that is there.
pub fn curves(p: &Params, done: &Done) -> Vec<Vec<Curve>> {
    let plane = Plane::of(p);
    let read = |shard: &Option<Vec<f64>>| {
        let mut lines = Vec::new();
        let mut rest = shard.as_deref().unwrap_or_default();
        while let Some((count, tail)) = rest.split_first() {
            let Some((points, next)) = tail.split_at_checked(2 * *count as usize) else { break };
            let point = |[x, y]: &[f64; 2]| (plane.x.at(*x), plane.y.at(*y));
            lines.push(points.as_chunks().0.iter().map(point).collect());
            rest = next;
        }
        lines
    };
    done.shards(CURVES).iter().map(read).collect()
}

/// The predicted rank at fractions of the axes; `None` if there is none, or not yet.
pub fn predicted(p: &Params, plane: &Plane, field: Option<&Field>, x: f64, y: f64) -> Option<usize> {
    match p.inputs {
        InputsName::OneHot => Some(positive(p, &mode_exponents(p, plane.x.at(x), plane.y.at(y))?)),
        InputsName::Dense => Some(positive(p, &field?.exponents(x, y))),
    }
}
