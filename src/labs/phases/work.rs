//! What the jobs cost, in elementary steps (about a nanosecond of WebAssembly), and so how fine a map may be.
//!
//! Estimates within a factor of a few: they choose shard sizes, the map's resolution, and whether the page asks first.

use super::parameters::{AxisName, Params};
use super::plane::Plane;
use crate::labs::direction::cost::{Costs, atoms};
pub use crate::labs::direction::cost::{MOST, SHARD};

/// Work of the coarse picture.
const COARSE: f64 = 3e7;

/// Whether the law stays as it is along this axis.
pub fn keeps_law(name: AxisName) -> bool {
    matches!(name, AxisName::Lr | AxisName::Decay)
}

/// Whether a map's lines run along x. They run along y only if that spares preparing a law per pixel.
pub fn lines_along_x(plane: &Plane) -> bool {
    keeps_law(plane.x_name) || !keeps_law(plane.y_name)
}

/// The far corner of the map, where the batch is largest if that is an axis: the work of a map must not depend
/// on where its point is.
pub fn far_corner(p: &Params) -> Params {
    let plane = Plane::of(p);
    plane.at(p, plane.x.max, plane.y.max)
}

/// The costs where they are highest on the map.
fn costs(p: &Params) -> Costs {
    Costs::of(&far_corner(p).sgd)
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
    let atoms = atoms(&far_corner(p).sgd);
    let scanned = !(keeps_law(plane.x_name) || keeps_law(plane.y_name));
    let line = if scanned {
        600.0 * (costs.preparation + costs.alone)
    } else if atoms > 1.0 && atoms <= 64.0 {
        2e4 + 600.0 * atoms * atoms
    } else if p.sgd.samples() > 64 {
        costs.preparation.max(30.0 * f64::from(p.sgd.samples()))
    } else {
        150.0 * costs.alone.min(1e4) + costs.preparation
    };
    lines * line
}

/// Work of the forecast at this many pixels.
pub fn forecast(p: &Params, pixels: f64) -> f64 {
    let costs = costs(p);
    pixels * (costs.preparation + 10.0 * costs.alone)
}
