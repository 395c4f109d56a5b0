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
use std::ops::Range;
use std::rc::Rc;

/// Code of a pixel whose parameters describe no law.
pub const NO_LAW: u8 = 255;

/// An exponent of the map, named by the sign of `E z`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Exponent {
    /// Λ₊.
    Plus,
    /// Λ₋.
    Minus,
}

/// Number of shards, the coarse one included.
pub fn shards(p: &Params) -> u32 {
    let side = work::map_side(p);
    1 + (work::map(p, side) / work::SHARD).ceil().clamp(1.0, side as f64) as u32
}

/// One shard, of pixels line after line: Λ₊ of all, then Λ₋ of all, then the phases as runs within a line, each a number of pixels and a
/// code. A line has few runs, so a picture is made of them while the reader drags.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let plane = Plane::of(p);
    let (side, lines) = if shard == 0 {
        let side = work::coarse_side(p);
        (side, (0..side).step_by(1))
    } else {
        let side = work::map_side(p);
        (side, (shard as usize - 1..side).step_by(shards(p) as usize - 1))
    };
    let count = side * lines.len();
    let (mut plus, mut minus) = (Vec::with_capacity(3 * count), Vec::with_capacity(count));
    let mut runs = Vec::new();
    let along = if work::lines_along_x(&plane) { &plane.x } else { &plane.y };
    let values: Vec<f64> = (0..side).map(|pixel| along.at(centre(pixel, side))).collect();
    for line in lines {
        let line = pixels(p, &plane, centre(line, side), &values);
        plus.extend(line.iter().map(|(plus, ..)| plus));
        minus.extend(line.iter().map(|(_, minus, _)| minus));
        for run in line.chunk_by(|(.., one), (.., next)| one == next) {
            runs.extend([run.len() as f64, f64::from(run[0].2)]);
        }
    }
    plus.append(&mut minus);
    plus.append(&mut runs);
    plus
}

/// The centre of pixel `index` of `side`, as a fraction of the axis.
pub fn centre(index: usize, side: usize) -> f64 {
    (index as f64 + 0.5) / side as f64
}

fn batch_law(there: &Params) -> Option<Rc<BatchLaw>> {
    there.sgd.batch_law()
}

/// Λ₊, Λ₋ and the phase's code at the pixels of the line at this fraction of the axis across, at `values` of the axis along it.
fn pixels(p: &Params, plane: &Plane, across: f64, values: &[f64]) -> Vec<(f64, f64, u8)> {
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
        return classify(batch_law(&there).as_deref(), &rates);
    }
    let pixel = |value: &f64| {
        there.set_axis(moving, *value);
        classify(batch_law(&there).as_deref(), &[(there.sgd.lr, there.sgd.decay)])
    };
    values.iter().flat_map(pixel).collect()
}

/// Λ₊, Λ₋ and the phase's code at places that share a batch law.
fn classify(law: Option<&BatchLaw>, rates: &[(f64, f64)]) -> Vec<(f64, f64, u8)> {
    let Some(law) = law else { return vec![(f64::NAN, f64::NAN, NO_LAW); rates.len()] };
    saddle::pixels(law, rates).into_iter().map(|pixel| (pixel.plus, pixel.minus, pixel.phase as u8)).collect()
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
            let code = assemble(p, done, NO_LAW, |lines, line, put| {
                let runs = lines.runs.get(line).copied().unwrap_or_default();
                let mut from = 0;
                for [pixels, code] in runs.as_chunks().0 {
                    let to = from + *pixels as usize;
                    put(from..to, *code as u8);
                    from = to;
                }
            })?;
            Some(Picture { side: work::map_side(p), code })
        })
    }

    /// Position of the pixel at these fractions of the axes.
    pub fn index(&self, x: f64, y: f64) -> usize {
        let pixel = |fraction: f64| ((fraction * self.side as f64) as usize).min(self.side - 1);
        pixel(y) * self.side + pixel(x)
    }
}

/// An exponent at every pixel of what is there, row-major from the bottom; NaN where nothing is, `None` if nothing is at all.
pub fn exponents(p: &Params, done: &Done, which: Exponent) -> Option<Vec<f64>> {
    assemble(p, done, f64::NAN, |lines, line, put| {
        let all = if which == Exponent::Plus { lines.plus } else { lines.minus };
        let line = all.chunks_exact(lines.side).nth(line).unwrap_or_default();
        for (pixel, value) in line.iter().enumerate() {
            put(pixel..pixel + 1, *value);
        }
    })
}

/// A shard's lines.
struct Lines<'a> {
    /// Pixels of each.
    side: usize,
    plus: &'a [f64],
    minus: &'a [f64],
    /// Of each line: pairs of a number of pixels and a code.
    runs: Vec<&'a [f64]>,
}

impl<'a> Lines<'a> {
    fn read(shard: &'a [f64], side: usize, lines: usize) -> Self {
        let (plus, rest) = shard.split_at_checked(side * lines).unwrap_or_default();
        let (minus, rest) = rest.split_at_checked(side * lines).unwrap_or_default();
        let (mut runs, mut pixels, mut from) = (Vec::with_capacity(lines), 0, 0);
        for (run, [length, _]) in rest.as_chunks().0.iter().enumerate() {
            pixels += *length as usize;
            // Runs end with their line.
            if pixels >= side {
                runs.push(&rest[from..2 * (run + 1)]);
                (from, pixels) = (2 * (run + 1), 0);
            }
        }
        Self { side, plus, minus, runs }
    }
}

/// One value per pixel of what is there, row-major from the bottom: `draw` puts values on ranges of pixels of a line; `None` if nothing
/// is there.
fn assemble<T: Copy>(
    p: &Params,
    done: &Done,
    missing: T,
    draw: impl Fn(&Lines, usize, &mut dyn FnMut(Range<usize>, T)),
) -> Option<Vec<T>> {
    let (coarse, fine) = done.shards("map").split_first()?;
    if coarse.is_none() && fine.iter().all(Option::is_none) {
        return None;
    }
    let (side, small) = (work::map_side(p), work::coarse_side(p));
    let coarse = coarse.as_ref().map(|shard| Lines::read(shard, small, small));
    let stride = shards(p) as usize - 1;
    let lines = |shard: usize| (side - shard).div_ceil(stride);
    let fine: Vec<_> =
        (0..stride).map(|shard| Some(Lines::read(fine.get(shard)?.as_ref()?, side, lines(shard)))).collect();
    let along_x = work::lines_along_x(&Plane::of(p));
    let mut values = vec![missing; side * side];
    for line in 0..side {
        let (lines, index) = match (&fine[line % stride], &coarse) {
            (Some(fine), _) => (fine, line / stride),
            (None, Some(coarse)) => (coarse, line * small / side),
            (None, None) => continue,
        };
        let each = side / lines.side;
        draw(lines, index, &mut |pixels, value| {
            let pixels = (pixels.start * each).min(side)..(pixels.end * each).min(side);
            if along_x {
                values[line * side..][pixels].fill(value);
            } else {
                values
                    .iter_mut()
                    .skip(pixels.start * side + line)
                    .step_by(side)
                    .take(pixels.len())
                    .for_each(|place| *place = value);
            }
        });
    }
    Some(values)
}
