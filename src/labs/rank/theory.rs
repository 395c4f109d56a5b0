//! The predicted rank: the number of positive exponents at the origin.
//!
//! One-hot inputs: the modes decouple, and each has an exact exponent ([`VisitedMode`]). Dense inputs: all hidden neurons obey
//! one product of random matrices ([`Field`]); the rule that treats modes alone (each as the saddle of one weight pair, a linear
//! teacher of strength `s_j`) is kept for contrast.

use super::parameters::{InputsName, Params, Plane};
use super::product::Field;
use crate::core::bracket;
use crate::core::curvature::{BatchLaw, Law};
use crate::core::isoline::{Node, isolines};
use crate::core::visited_mode::VisitedMode;
use crate::labs::Done;
use std::rc::Rc;

/// The job of the exact curves: strips of the map for each mode.
pub const CURVES: &str = "curves";
/// Nodes along each side on which signs are looked for.
const NODES: usize = 65;
/// Rows of nodes in a strip; the last one has the uppermost too.
const STRIP: usize = 8;
/// Strips of a mode.
const STRIPS: usize = (NODES - 1) / STRIP;

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

    /// The greater of `Λ₊` and `Λ₋` at these rates: nats per visit of the mode, or per step. Cheapest for many rates in one call.
    pub fn exponents(&self, p: &Params, rates: impl Iterator<Item = f64>, slope: f64) -> Vec<f64> {
        let factors: Vec<(f64, f64)> = rates.map(|rate| factor(p, rate, slope)).collect();
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
        let (offset, scale) = factor(p, rate, slope);
        match self {
            ModeLaw::Visited(mode) => mode.exponent_per_visit(offset, scale),
            ModeLaw::Alone(law) => law.exponent(offset, scale).value,
        }
    }
}

/// `(m, c)` of the direction that grows faster, `X = m + c z`: the correct sign, but the wrong one where `λγ > 1`, so that a step
/// turns every weight's sign (`|m − |c| z| = ||m| + |c| z|` there, and `E z > 0`).
fn factor(p: &Params, rate: f64, slope: f64) -> (f64, f64) {
    let offset = 1.0 - rate * p.decay;
    (offset, rate * slope * 1_f64.copysign(offset))
}

/// The exponent of every mode at a place, in the order of the strengths; `None` without a linearisation.
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

/// Shards and work of [`CURVES`].
pub fn curve_shards(p: &Params) -> (u32, f64) {
    let (many, alone) = match p.inputs {
        InputsName::OneHot => (60.0 * f64::from(p.batch + 1), 60.0 * f64::from(p.batch + 1)),
        InputsName::Dense => (1e3, 2e4),
    };
    let mode = many * (NODES * NODES) as f64 + alone * 2000.0;
    ((STRIPS * p.modes()) as u32, mode * p.modes() as f64)
}

/// The fraction of an axis at which a node is, or a place between two.
fn fraction(node: f64) -> f64 {
    node / (NODES - 1) as f64
}

/// One shard: strip by strip, in each every mode in turn. `Λ₊` at the nodes of the strip's rows, and then, for each edge to the right
/// and upward from one of them between values of opposite signs, the part of the way at which it is 0.
pub fn compute_curve(p: &Params, shard: u32) -> Vec<f64> {
    let (Ok(slope), plane) = (p.slope(), Plane::of(p)) else { return Vec::new() };
    let (strip, mode) = (shard as usize / p.modes(), shard as usize % p.modes());
    let law = |row: f64| ModeLaw::of(p, mode, plane.y.at(fraction(row)));
    // at λ = 0 nothing moves: the sign there is that of small rates
    let rate = |column: f64| plane.x.at(fraction(column)).max(1e-9 * plane.x.max);
    let row = |row: usize| {
        let rates = (0..NODES).map(|column| rate(column as f64));
        law(row as f64).map_or_else(|| vec![f64::NAN; NODES], |law| law.exponents(p, rates, slope))
    };
    let first = strip * STRIP;
    // with the row above, the first of the next strip
    let values: Vec<f64> = (first..=first + STRIP).flat_map(row).collect();
    let value = |(column, row): Node| values[(row - first) * NODES + column];
    let at =
        |law: Option<&ModeLaw>, column: f64| law.map_or(f64::NAN, |law| law.exponent(p, rate(column), slope));
    let own = if strip + 1 == STRIPS { values.len() } else { values.len() - NODES };
    let crossing = |(from, to): (Node, Node)| {
        let ends = ((0.0, value(from)), (1.0, value(to)));
        if from.1 == to.1 {
            let law = law(from.1 as f64);
            bracket::root(|part| at(law.as_ref(), from.0 as f64 + part), ends.0, ends.1)
        } else {
            bracket::root(|part| at(law(from.1 as f64 + part).as_ref(), from.0 as f64), ends.0, ends.1)
        }
    };
    let edges = (0..own).flat_map(|place| edges((place % NODES, first + place / NODES)));
    let cut = edges.filter(|(from, to)| is_cut(value(*from), value(*to)));
    let parts: Vec<f64> = cut.map(crossing).collect();
    [&values[..own], &parts].concat()
}

/// The edges to the right of a node and upward from it.
fn edges((column, row): Node) -> impl Iterator<Item = (Node, Node)> {
    let ends = [(column + 1, row), (column, row + 1)];
    ends.into_iter().filter(|end| end.0 < NODES && end.1 < NODES).map(move |end| ((column, row), end))
}

/// Whether the line goes through an edge between two values.
fn is_cut(a: f64, b: f64) -> bool {
    !a.is_nan() && !b.is_nan() && (a > 0.0) != (b > 0.0)
}

/// A line in data coordinates.
pub type Curve = Vec<(f64, f64)>;

/// The curves of every mode that is there.
pub fn curves(p: &Params, done: &Done) -> Rc<Vec<Vec<Curve>>> {
    done.made("curves", &[CURVES], "", || {
        (0..p.modes()).map(|mode| linked(p, done, mode).unwrap_or_default()).collect()
    })
}

/// The lines of one mode, strips put together; `None` before all are there.
fn linked(p: &Params, done: &Done, mode: usize) -> Option<Vec<Curve>> {
    let mut values = Vec::with_capacity(NODES * NODES);
    let mut parts: Vec<f64> = Vec::new();
    for strip in 0..STRIPS {
        let rows = if strip + 1 == STRIPS { STRIP + 1 } else { STRIP };
        let numbers = done.shards(CURVES).get(strip * p.modes() + mode)?.as_deref()?;
        let (nodes, cut) = numbers.split_at_checked(rows * NODES)?;
        values.extend_from_slice(nodes);
        parts.extend_from_slice(cut);
    }
    let value = |(column, row): Node| values[row * NODES + column];
    let nodes = (0..NODES * NODES).map(|place| (place % NODES, place / NODES));
    let cut = nodes.flat_map(edges).filter(|(from, to)| is_cut(value(*from), value(*to)));
    let parts: Vec<((Node, Node), f64)> = cut.zip(parts).collect();
    let plane = Plane::of(p);
    let lines = isolines(NODES, NODES, &values, &mut |from, to| {
        // in the order of the edges' first nodes, of the two from one node the one to the right first
        let order = |(from, to): (Node, Node)| (from.1, from.0, to.1);
        let found = parts.binary_search_by_key(&order((from, to)), |(edge, _)| order(*edge));
        found.map_or(f64::NAN, |place| parts[place].1)
    });
    let point = |(x, y): (f64, f64)| (plane.x.at(fraction(x)), plane.y.at(fraction(y)));
    Some(lines.into_iter().map(|line| line.into_iter().map(point).collect()).collect())
}

/// The predicted rank at fractions of the axes; `None` if there is none, or not yet.
pub fn predicted(p: &Params, plane: &Plane, field: Option<&Field>, x: f64, y: f64) -> Option<usize> {
    match p.inputs {
        InputsName::OneHot => Some(positive(p, &mode_exponents(p, plane.x.at(x), plane.y.at(y))?)),
        InputsName::Dense => Some(positive(p, &field?.exponents(x, y))),
    }
}
