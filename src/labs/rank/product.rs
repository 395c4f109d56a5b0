//! The product of random matrices that all hidden neurons obey for dense inputs: its exponents at the reader's point, and over the map.
//!
//! Over the map they are simulated on a lattice, with the same random numbers at every place, so that they vary smoothly, and
//! interpolated.

use super::parameters::{Params, Plane};
use super::theory::Curve;
use crate::core::hessian_law::{Factor, HessianLaw, Isotropic, Neuron};
use crate::core::isoline::{isolines, linear_crossing};
use crate::core::matrix_product::{self, Chain, Product, UNIT};
use crate::labs::Done;
use crate::labs::direction::cost::SHARD;
use std::rc::Rc;

/// The job of the product's exponents at the reader's point, a chain.
pub const POINT: &str = "spectrum";
/// The job of the product's exponents over the map.
pub const FIELD: &str = "field";
/// Places along each side at which the product is simulated: the centres of so many cells.
pub const CELLS: usize = 24;
/// Steps of the product at each place.
const FIELD_STEPS: u32 = 8192;
/// Steps of the product at the reader's point.
const POINT_STEPS: u32 = 65_536;
/// Shards of the chain at the point.
pub const POINT_SHARDS: u32 = 6;

/// The product that a hidden neuron obeys near the origin, at a place.
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

/// Steps of a product whose work is at most this.
fn affordable(p: &Params, wanted: u32, work: f64) -> u32 {
    let cost = product(p, 0.1, 1.0, 1.0).map_or(1.0, |product| product.cost());
    wanted.min((work / cost) as u32).max(1024) / UNIT * UNIT
}

/// Shards and work of [`FIELD`]: two or three places each.
pub fn field_shards(p: &Params) -> (u32, f64) {
    let cost = product(p, 0.1, 1.0, 1.0).map_or(1.0, |product| product.cost());
    let work = f64::from(field_steps(p)) * cost * (CELLS * CELLS) as f64;
    ((2.0 * work / SHARD).ceil().clamp(8.0, (CELLS * CELLS) as f64) as u32, work)
}

fn field_steps(p: &Params) -> u32 {
    affordable(p, FIELD_STEPS, SHARD)
}

/// One shard of [`FIELD`]: the exponents at some of the places, row by row from the bottom, at each the `d` largest and then
/// their standard errors.
pub fn compute_field(p: &Params, shard: u32) -> Vec<f64> {
    let (plane, shards) = (Plane::of(p), field_shards(p).0 as usize);
    let edge = |shard: usize| CELLS * CELLS * shard / shards;
    let centre = |index: usize| (index as f64 + 0.5) / CELLS as f64;
    let steps = field_steps(p);
    let spectrum = |(rate, noise): (f64, f64)| -> Option<[Vec<f64>; 2]> {
        let product = product(p, rate, noise, p.slope().ok()?)?;
        let mut chain = Chain::start(&product, &product.plan(steps), p.seed, 0);
        chain.advance(steps / UNIT);
        let found = Spectrum::of(p, &chain.spectrum());
        Some([found.exponents, found.errors])
    };
    (edge(shard as usize)..edge(shard as usize + 1))
        .flat_map(|cell| {
            let at = (plane.x.at(centre(cell % CELLS)), plane.y.at(centre(cell / CELLS)));
            spectrum(at).map_or_else(|| vec![f64::NAN; 2 * p.modes()], |numbers| numbers.concat())
        })
        .collect()
}

/// One shard of the chain at the reader's point. Without the shard before it the chain begins anew: the result is the same.
pub fn compute_point(p: &Params, shard: u32, previous: Option<&[f64]>) -> Vec<f64> {
    let product = p.slope().ok().and_then(|slope| product(p, p.lr, p.noise, slope));
    let Some(product) = product else { return Vec::new() };
    let steps = affordable(p, POINT_STEPS, 2.0 * SHARD);
    let edge = |shard: u32| steps / UNIT * shard / POINT_SHARDS;
    let resumed = previous.filter(|_| shard > 0).and_then(|state| Chain::resume(&product, p.seed, 0, state));
    let mut chain = resumed.unwrap_or_else(|| {
        let mut chain = Chain::start(&product, &product.plan(steps), p.seed, 0);
        chain.advance(edge(shard));
        chain
    });
    chain.advance(edge(shard + 1) - edge(shard));
    chain.state()
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
    fn of(p: &Params, spectrum: &matrix_product::Spectrum) -> Self {
        let largest = spectrum.exponents.iter().take(p.modes());
        let (exponents, errors) = largest.map(|one| (one.value, one.standard_error)).unzip();
        Self { exponents, errors, long_enough: !spectrum.too_short }
    }

    /// At the end of the chain.
    pub fn read(p: &Params, done: &Done) -> Option<Self> {
        let state = done.shards(POINT).last().filter(|_| done.complete(POINT))?.as_deref()?;
        let spectrum = Chain::read(state)?.spectrum();
        Some(Self::of(p, &spectrum))
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
