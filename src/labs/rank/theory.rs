//! The predicted rank: the number of positive exponents at the origin.
//!
//! One-hot inputs: the modes decouple, and each has an exact exponent ([`VisitedMode`]). Dense inputs: all hidden neurons obey
//! one product of random matrices; its exponents are simulated on a lattice of the map, with the same random numbers at
//! every place, so that they vary smoothly, and interpolated. The rule that treats modes alone (each as the saddle of
//! one weight pair, a linear teacher of strength `s_j`) is kept for contrast.

use super::parameters::{InputsName, Params, Plane};
use crate::core::bracket;
use crate::core::curvature::{BatchLaw, Law};
use crate::core::hessian_law::{Factor, HessianLaw, Isotropic, Neuron};
use crate::core::isoline::{isolines, linear_crossing};
use crate::core::matrix_product::{Chain, Product, UNIT};
use crate::core::visited_mode::VisitedMode;
use crate::labs::Done;
use crate::labs::direction::cost::SHARD;
use std::rc::Rc;

/// The job of the exact curves, a shard for each mode.
pub const CURVES: &str = "curves";
/// The job of the product's exponents over the map.
pub const FIELD: &str = "field";
/// Nodes along each side on which signs are looked for.
const NODES: usize = 65;
/// Places along each side at which the product is simulated: the centres of so many cells.
pub const CELLS: usize = 24;
/// Steps of the product at each place, and at the reader's point.
const FIELD_STEPS: u32 = 8192;
/// Steps of the product at the reader's point.
const POINT_STEPS: u32 = 65_536;

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

/// The product of section "one hidden neuron" at a place.
fn product(p: &Params, rate: f64, noise: f64, slope: f64) -> Option<Product> {
    let modes = p.modes();
    let neuron = Neuron {
        outputs: modes,
        inputs: modes,
        signal: p.strengths.clone(),
        noise,
        input_law: Isotropic::Gaussian,
        noise_law: Isotropic::Gaussian,
    };
    let factor =
        Factor { offset: 1.0 - rate * p.decay, scale: -rate * slope, batch: p.batch, replacement: true };
    Some(Product::new(HessianLaw::neuron(neuron).ok()?, factor, p.seed))
}

/// The `d` largest exponents with their standard errors, one after the other; then 1 if they may be trusted.
fn spectrum(p: &Params, (rate, noise): (f64, f64), steps: u32) -> Vec<f64> {
    let modes = p.modes();
    let nothing = || vec![f64::NAN; 2 * modes + 1];
    let Some(product) = p.slope().ok().and_then(|slope| product(p, rate, noise, slope)) else {
        return nothing();
    };
    let plan = product.plan(steps);
    let mut chain = Chain::start(&product, &plan, p.seed, 0);
    chain.advance(steps / UNIT);
    let spectrum = chain.spectrum();
    let mut numbers: Vec<f64> = spectrum.exponents.iter().take(modes).map(|one| one.value).collect();
    numbers.extend(spectrum.exponents.iter().take(modes).map(|one| one.standard_error));
    numbers.push(if spectrum.too_short { 0.0 } else { 1.0 });
    numbers
}

/// Steps of a product whose work is at most this.
fn affordable(p: &Params, wanted: u32, work: f64) -> u32 {
    let cost = product(p, 0.1, 1.0, 1.0).map_or(1.0, |product| product.cost());
    wanted.min((work / cost) as u32).max(1024) / UNIT * UNIT
}

/// Shards and work of [`FIELD`].
pub fn field_shards(p: &Params) -> (u32, f64) {
    let cost = product(p, 0.1, 1.0, 1.0).map_or(1.0, |product| product.cost());
    let work = f64::from(field_steps(p)) * cost * (CELLS * CELLS) as f64;
    ((work / SHARD).ceil().clamp(8.0, (CELLS * CELLS) as f64) as u32, work)
}

fn field_steps(p: &Params) -> u32 {
    affordable(p, FIELD_STEPS, SHARD)
}

/// One shard of [`FIELD`]: the exponents at some of the places, row by row from the bottom.
pub fn compute_field(p: &Params, shard: u32) -> Vec<f64> {
    let (plane, shards) = (Plane::of(p), field_shards(p).0 as usize);
    let edge = |shard: usize| CELLS * CELLS * shard / shards;
    let centre = |index: usize| (index as f64 + 0.5) / CELLS as f64;
    (edge(shard as usize)..edge(shard as usize + 1))
        .flat_map(|cell| {
            let at = (plane.x.at(centre(cell % CELLS)), plane.y.at(centre(cell / CELLS)));
            let mut numbers = spectrum(p, at, field_steps(p));
            numbers.pop();
            numbers
        })
        .collect()
}

/// The job of one shard at the reader's point: see [`Spectrum`].
pub fn compute_point(p: &Params) -> Vec<f64> {
    spectrum(p, (p.lr, p.noise), affordable(p, POINT_STEPS, 2.0 * SHARD))
}

/// The product's exponents at the reader's point.
#[derive(Clone, Debug, PartialEq)]
pub struct Spectrum {
    /// The `d` largest, descending.
    pub exponents: Vec<f64>,
    /// Their standard errors.
    pub errors: Vec<f64>,
    /// Whether the run was long enough for the errors to hold.
    pub long_enough: bool,
}

impl Spectrum {
    /// Reads what [`compute_point`] gave.
    pub fn read(p: &Params, numbers: &[f64]) -> Option<Self> {
        let (exponents, rest) = numbers.split_at_checked(p.modes())?;
        let (errors, last) = rest.split_at_checked(p.modes())?;
        let known = !exponents.iter().any(|value| value.is_nan());
        known.then(|| Self {
            exponents: exponents.to_vec(),
            errors: errors.to_vec(),
            long_enough: last.first() == Some(&1.0),
        })
    }
}

/// The product's exponents over the map.
pub struct Field {
    modes: usize,
    /// For each place the exponents, then their standard errors.
    numbers: Vec<f64>,
}

impl Field {
    /// The field, once all of it is there.
    pub fn made(p: &Params, done: &Done) -> Rc<Option<Field>> {
        done.made("field", &[FIELD], "", || {
            let whole = done.complete(FIELD) && p.slope().is_ok();
            whole.then(|| {
                let numbers = done.shards(FIELD).iter().flatten().flatten().copied().collect();
                Field { modes: p.modes(), numbers }
            })
        })
    }

    /// An exponent and its standard error at a place of the lattice.
    pub fn at(&self, mode: usize, (column, row): (usize, usize)) -> (f64, f64) {
        let place = (row * CELLS + column) * 2 * self.modes;
        (self.numbers[place + mode], self.numbers[place + self.modes + mode])
    }

    /// The exponents at these fractions of the axes, descending; between the places bilinear.
    pub fn exponents(&self, x: f64, y: f64) -> Vec<f64> {
        let cell = |fraction: f64| {
            let place = (fraction * CELLS as f64 - 0.5).clamp(0.0, (CELLS - 1) as f64);
            let low = (place as usize).min(CELLS - 2);
            (low, place - low as f64)
        };
        let ((column, right), (row, up)) = (cell(x), cell(y));
        let value = |mode: usize| {
            let at = |dx: usize, dy: usize| self.at(mode, (column + dx, row + dy)).0;
            let line = |dy: usize| at(0, dy) + right * (at(1, dy) - at(0, dy));
            line(0) + up * (line(1) - line(0))
        };
        (0..self.modes).map(value).collect()
    }

    /// Where the exponents change sign, one after the other, in data coordinates.
    pub fn curves(&self, p: &Params) -> Vec<Vec<Curve>> {
        let plane = Plane::of(p);
        let centre = |place: f64| (place + 0.5) / CELLS as f64;
        let curves = |mode: usize| {
            let values: Vec<f64> =
                (0..CELLS * CELLS).map(|place| self.at(mode, (place % CELLS, place / CELLS)).0).collect();
            let lines = isolines(CELLS, CELLS, &values, &mut |from, to| {
                linear_crossing(values[from.1 * CELLS + from.0], values[to.1 * CELLS + to.0])
            });
            let point = |(x, y): (f64, f64)| (plane.x.at(centre(x)), plane.y.at(centre(y)));
            lines.into_iter().map(|line| line.into_iter().map(point).collect()).collect()
        };
        (0..p.most_rank()).map(curves).collect()
    }
}

/// The predicted rank at fractions of the axes; `None` if there is none, or not yet.
pub fn predicted(p: &Params, plane: &Plane, field: Option<&Field>, x: f64, y: f64) -> Option<usize> {
    match p.inputs {
        InputsName::OneHot => Some(positive(p, &mode_exponents(p, plane.x.at(x), plane.y.at(y))?)),
        InputsName::Dense => Some(positive(p, &field?.exponents(x, y))),
    }
}
