//! What the jobs cost, in elementary steps (about a nanosecond of WebAssembly), and so how fine a map may be.
//!
//! Estimates within a factor of a few: they choose shard sizes, the map's resolution, and whether the page asks first.

use super::parameters::{AxisName, LawName, Params};
use super::plane::Plane;

/// Work of one shard that stays below 50 ms on a slow laptop.
pub const SHARD: f64 = 1.2e7;
/// Most work of one job.
pub const MOST: f64 = 2e10;
/// Work of the coarse picture.
const COARSE: f64 = 3e7;
/// Atoms of a batch law up to which it is held exactly; more go on a grid.
const MOST_ATOMS: f64 = 1e6;

/// Whether the law stays as it is along this axis.
pub fn keeps_law(name: AxisName) -> bool {
    matches!(name, AxisName::Lr | AxisName::Decay)
}

/// Whether a map's lines run along x. They run along y only if that spares preparing a law per pixel.
pub fn lines_along_x(plane: &Plane) -> bool {
    keeps_law(plane.x_name) || !keeps_law(plane.y_name)
}

/// Estimated number of atoms of the batch law at the point, 1 for continuous laws: C(S + k − 1, k − 1).
pub fn atoms(p: &Params) -> f64 {
    let kinds = match (p.n, p.law) {
        (0, LawName::TwoPoint) => 2.0,
        (0, LawName::Discrete) => p.values.len() as f64,
        (0, _) => return 1.0,
        (n, _) => f64::from(n),
    };
    let batch = f64::from(p.batch);
    libm::exp((libm::lgamma(batch + kinds) - libm::lgamma(batch + 1.0) - libm::lgamma(kinds)).min(700.0))
}

/// The costs of one law.
struct Costs {
    /// Preparing the batch law.
    preparation: f64,
    /// One exponent as a part of a long row.
    in_row: f64,
    /// One exponent, moment or variance alone.
    alone: f64,
}

/// The far corner of the map, where the batch is largest if that is an axis: the work of a map must not depend
/// on where its point is.
pub fn far_corner(p: &Params) -> Params {
    let plane = Plane::of(p);
    plane.at(p, plane.x.max, plane.y.max)
}

/// The costs where they are highest on the map.
fn costs(p: &Params) -> Costs {
    let there = far_corner(p);
    let (atoms, batch) = (atoms(&there), f64::from(there.batch));
    let (preparation, in_row, alone) = match (there.n, there.law) {
        (0, LawName::Gaussian) => (50.0, 45.0, 1e3),
        (0, LawName::Uniform) if there.batch == 1 => (50.0, 100.0, 1e3),
        (0, LawName::Uniform) => (1e5, 150.0, 5e4),
        (0, LawName::Teacher) if there.noise == 0.0 => (3e5, 1e4, 6e4),
        (0, LawName::Teacher) => (3e5, 750.0 + 50.0 * batch.min(20.0), 2e4),
        _ if atoms > MOST_ATOMS => (1e7, 5e3, 4e5),
        (n, _) if n > 0 && there.batch == 1 => (100.0 * atoms, 0.4 * atoms, 40.0 * atoms),
        _ => (100.0 * atoms, 40.0 + 1.5 * atoms, 40.0 * atoms),
    };
    Costs { preparation, in_row, alone }
}

/// Work per pixel of the exact map: both exponents, and the law's share of preparation.
fn map_pixel(p: &Params, side: usize) -> f64 {
    let plane = Plane::of(p);
    let costs = costs(p);
    let moving = if lines_along_x(&plane) { plane.x_name } else { plane.y_name };
    if keeps_law(moving) {
        2.0 * costs.in_row + costs.preparation / side as f64
    } else {
        // Nothing is shared along such lines.
        2.0 * costs.in_row.max(costs.alone / 2.0) + costs.preparation
    }
}

/// Work of the exact map of this side.
pub fn map(p: &Params, side: usize) -> f64 {
    map_pixel(p, side) * (side * side) as f64
}

/// Pixels along each side of the exact map: 512, fewer only where that would be too much work.
pub fn map_side(p: &Params) -> usize {
    [512, 256, 128].into_iter().find(|side| map(p, *side) <= MOST).unwrap_or(64)
}

/// Pixels along each side of the coarse picture.
pub fn coarse_side(p: &Params) -> usize {
    [64, 32, 16].into_iter().find(|side| map(p, *side) <= COARSE).unwrap_or(8)
}

/// Work of the boundary curves over this many scan lines.
pub fn boundaries(p: &Params, lines: f64) -> f64 {
    let plane = Plane::of(p);
    let costs = costs(p);
    let atoms = atoms(&far_corner(p));
    let scanned = !(keeps_law(plane.x_name) || keeps_law(plane.y_name));
    let line = if scanned {
        600.0 * (costs.preparation + costs.alone)
    } else if atoms > 1.0 && atoms <= 64.0 {
        2e4 + 600.0 * atoms * atoms
    } else if p.n > 64 {
        costs.preparation
    } else {
        400.0 * costs.alone.min(1e4) + costs.preparation
    };
    lines * line
}

/// Work of the forecast at this many pixels.
pub fn forecast(p: &Params, pixels: f64) -> f64 {
    let costs = costs(p);
    pixels * (costs.preparation + 10.0 * costs.alone)
}
