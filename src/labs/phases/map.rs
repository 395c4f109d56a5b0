//! The exact map: Λ₊, Λ₋ and the phase at every pixel, in shards of lines.
//!
//! Lines run along an axis that leaves the law as it is (λ or γ), so that the batch law is prepared once
//! a line. Shard 0 is the whole picture on a coarse grid; shard s ≥ 1 holds every F-th line from s − 1 on.

use super::parameters::{AxisName, Params};
use super::plane::Plane;
use super::work;
use crate::core::curvature::BatchLaw;
use crate::core::saddle;
use crate::labs::Done;
use std::rc::Rc;

/// Numbers per pixel: Λ₊, Λ₋ (named by the sign of E z), and the phase's code.
pub const PER_PIXEL: usize = 3;
/// Code of a pixel whose parameters describe no law.
pub const NO_LAW: f64 = 255.0;

/// Number of shards, the coarse one included.
pub fn shards(p: &Params) -> u32 {
    let side = work::map_side(p);
    1 + (work::map(p, side) / work::SHARD).ceil().clamp(4.0, side as f64) as u32
}

/// One shard: `PER_PIXEL` numbers a pixel, line after line.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let plane = Plane::of(p);
    let (side, lines) = if shard == 0 {
        let side = work::coarse_side(p);
        (side, (0..side).step_by(1))
    } else {
        let side = work::map_side(p);
        (side, (shard as usize - 1..side).step_by(shards(p) as usize - 1))
    };
    let mut numbers = Vec::with_capacity(PER_PIXEL * side * lines.len());
    let along = if work::lines_along_x(&plane) { &plane.x } else { &plane.y };
    let values: Vec<f64> = (0..side).map(|pixel| along.at(centre(pixel, side))).collect();
    for line in lines {
        append_line(p, &plane, centre(line, side), &values, &mut numbers);
    }
    numbers
}

/// The centre of pixel `index` of `side`, as a fraction of the axis.
pub fn centre(index: usize, side: usize) -> f64 {
    (index as f64 + 0.5) / side as f64
}

fn batch_law(there: &Params) -> Option<BatchLaw> {
    Some(there.sgd.law_at()?.batch(there.sgd.batch))
}

/// The pixels of the line at this fraction of the axis across, at `values` of the axis along it.
fn append_line(p: &Params, plane: &Plane, across: f64, values: &[f64], numbers: &mut Vec<f64>) {
    let (moving, fixed, axis) = if work::lines_along_x(plane) {
        (plane.x_name, plane.y_name, &plane.y)
    } else {
        (plane.y_name, plane.x_name, &plane.x)
    };
    let mut there = p.clone();
    there.set_axis(fixed, axis.at(across));
    if work::keeps_law(moving) {
        let rate = |&value: &f64| {
            if moving == AxisName::Lr { (value, there.sgd.decay) } else { (there.sgd.lr, value) }
        };
        let rates: Vec<(f64, f64)> = values.iter().map(rate).collect();
        return classify(batch_law(&there).as_ref(), &rates, numbers);
    }
    for value in values {
        there.set_axis(moving, *value);
        classify(batch_law(&there).as_ref(), &[(there.sgd.lr, there.sgd.decay)], numbers);
    }
}

/// Appends Λ₊, Λ₋ and phase at places that share a batch law.
fn classify(law: Option<&BatchLaw>, rates: &[(f64, f64)], numbers: &mut Vec<f64>) {
    match law {
        Some(law) => saddle::append(&saddle::pixels(law, rates), numbers),
        None => numbers.extend([f64::NAN, f64::NAN, NO_LAW].repeat(rates.len())),
    }
}

/// The phases of the map, assembled from the shards that are there: fine lines where known, the coarse picture elsewhere.
pub struct Picture {
    /// Pixels along each side.
    pub side: usize,
    /// Code of the phase, row-major from the bottom.
    pub code: Vec<u8>,
}

impl Picture {
    /// The map of what is there; `None` if nothing is.
    pub fn made(p: &Params, done: &Done) -> Rc<Option<Picture>> {
        done.made("picture", &["map"], "", || {
            let side = work::map_side(p);
            let code = assemble(p, done, NO_LAW as u8, |[_, _, code]| *code as u8)?;
            Some(Picture { side, code })
        })
    }

    /// Position of the pixel at these fractions of the axes.
    pub fn index(&self, x: f64, y: f64) -> usize {
        let pixel = |fraction: f64| ((fraction * self.side as f64) as usize).min(self.side - 1);
        pixel(y) * self.side + pixel(x)
    }
}

/// One value per pixel of what is there, row-major from the bottom; `None` if nothing is.
pub fn assemble<T: Copy>(
    p: &Params,
    done: &Done,
    missing: T,
    pick: impl Fn(&[f64; PER_PIXEL]) -> T,
) -> Option<Vec<T>> {
    let shards_done = done.shards("map");
    if shards_done.iter().all(Option::is_none) {
        return None;
    }
    let (side, stride) = (work::map_side(p), shards(p) as usize - 1);
    let coarse = shards_done[0].as_ref().map(|shard| (shard, work::coarse_side(p)));
    let along_x = work::lines_along_x(&Plane::of(p));
    let mut values = vec![missing; side * side];
    for line in 0..side {
        let fine = shards_done.get(1 + line % stride).and_then(Option::as_ref);
        // A line of `pixels` pixels that begins at `start`.
        let (source, start, pixels) = match (fine, coarse) {
            (Some(fine), _) => (fine, line / stride * side, side),
            (None, Some((coarse, pixels))) => (coarse, line * pixels / side * pixels, pixels),
            (None, None) => continue,
        };
        let Some(source) = source.as_chunks().0.get(start..start + pixels) else { continue };
        let each = side / pixels;
        for (index, numbers) in source.iter().enumerate() {
            let value = pick(numbers);
            for pixel in index * each..(index + 1) * each {
                values[if along_x { line * side + pixel } else { pixel * side + line }] = value;
            }
        }
    }
    Some(values)
}
