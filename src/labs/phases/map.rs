//! The exact map: the phase at every pixel, and the exponent that is shown as colours, in shards of lines.
//!
//! Lines run along an axis that leaves the law as it is (λ or γ), so that the batch law is prepared once
//! a line. Shard 0 is the whole picture on a coarse grid; shard s ≥ 1 holds every F-th line from s − 1 on.

use super::parameters::{AxisName, MapLayer, Params};
use super::plane::Plane;
use super::work;
use crate::core::curvature::BatchLaw;
use crate::core::exponent::INTERPOLATION;
use crate::core::saddle;
use crate::labs::Done;
use std::ops::Range;
use std::rc::Rc;

/// Accuracy of exponents that are only shown as colours.
const SHOWN: f64 = 1e-7;
/// Of those of which only the sign is shown: near 0 they are computed one by one.
const SIGNS: f64 = 1e-4;

/// Code of a pixel whose parameters describe no law.
pub const NO_LAW: u8 = 255;

/// An exponent of the map, named by the sign of `E z`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exponent {
    /// Λ₊.
    Plus,
    /// Λ₋.
    Minus,
}

impl Exponent {
    /// The one that the layer shows.
    fn shown(p: &Params) -> Option<Self> {
        match p.layer {
            MapLayer::Plus => Some(Self::Plus),
            MapLayer::Minus => Some(Self::Minus),
            _ => None,
        }
    }
}

/// Number of shards, the coarse one included.
pub fn shards(p: &Params) -> u32 {
    let side = work::map_side(p);
    1 + (work::map(p, side) / work::SHARD).ceil().clamp(1.0, side as f64) as u32
}

/// One shard, line after line: first the phases as runs within a line, each a number of pixels and a code, then, if the layer shows
/// one, the exponent of every pixel. A line has few runs, so a picture is made of them while the reader drags.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let plane = Plane::of(p);
    let (side, lines) = if shard == 0 {
        let side = work::coarse_side(p);
        (side, (0..side).step_by(1))
    } else {
        let side = work::map_side(p);
        (side, (shard as usize - 1..side).step_by(shards(p) as usize - 1))
    };
    let (mut runs, mut exponents) = (Vec::new(), Vec::new());
    let tolerance = if Exponent::shown(p).is_some() { SHOWN } else { SIGNS };
    let values: Vec<f64> =
        (0..side).map(|pixel| plane.along(work::lines_along_x(&plane)).at(centre(pixel, side))).collect();
    for line in lines {
        let line = pixels(p, &plane, tolerance, centre(line, side), &values);
        for run in line.chunk_by(|one, next| one.phase == next.phase) {
            runs.extend([run.len() as f64, f64::from(run[0].phase)]);
        }
        if let Some(which) = Exponent::shown(p) {
            exponents.extend(line.iter().map(|pixel| pixel.exponent(which)));
        }
    }
    runs.append(&mut exponents);
    runs
}

/// What there is at a place of the map.
#[derive(Clone, Copy)]
pub struct Pixel {
    /// Λ₊.
    pub plus: f64,
    /// Λ₋.
    pub minus: f64,
    /// Code of the phase, or [`NO_LAW`].
    pub phase: u8,
}

impl Pixel {
    /// What there is where the parameters describe no law.
    pub const NO_LAW: Pixel = Pixel { plus: f64::NAN, minus: f64::NAN, phase: NO_LAW };

    fn exponent(&self, which: Exponent) -> f64 {
        if which == Exponent::Plus { self.plus } else { self.minus }
    }
}

/// Every `step`-th pixel of the map along both axes from `step/2` on, computed anew: row by row from the bottom.
pub fn sampled(p: &Params, step: usize) -> Vec<Pixel> {
    let (plane, side) = (Plane::of(p), work::map_side(p));
    let along_x = work::lines_along_x(&plane);
    let places: Vec<f64> = (step / 2..side).step_by(step).map(|pixel| centre(pixel, side)).collect();
    let values: Vec<f64> = places.iter().map(|place| plane.along(along_x).at(*place)).collect();
    let lines: Vec<Vec<Pixel>> =
        places.iter().map(|across| pixels(p, &plane, INTERPOLATION, *across, &values)).collect();
    let at = |cell: usize| {
        let (column, row) = (cell % places.len(), cell / places.len());
        if along_x { lines[row][column] } else { lines[column][row] }
    };
    (0..places.len() * places.len()).map(at).collect()
}

/// Estimated work of [`sampled`], in elementary steps.
pub fn sampled_cost(p: &Params, step: usize) -> f64 {
    work::map(p, work::map_side(p) / step)
}

/// The centre of pixel `index` of `side`, as a fraction of the axis.
pub fn centre(index: usize, side: usize) -> f64 {
    (index as f64 + 0.5) / side as f64
}

fn batch_law(there: &Params) -> Option<Rc<BatchLaw>> {
    there.sgd.batch_law()
}

/// The pixels of the line at this fraction of the axis across, at `values` of the axis along it.
fn pixels(p: &Params, plane: &Plane, tolerance: f64, across: f64, values: &[f64]) -> Vec<Pixel> {
    let along_x = work::lines_along_x(plane);
    let (moving, fixed) = if along_x { (plane.x_name, plane.y_name) } else { (plane.y_name, plane.x_name) };
    let mut there = p.clone();
    there.set_axis(fixed, plane.along(!along_x).at(across));
    if work::keeps_law(moving) {
        let rate = |&value: &f64| {
            if moving == AxisName::Lr { (value, there.sgd.decay) } else { (there.sgd.lr, value) }
        };
        let rates: Vec<(f64, f64)> = values.iter().map(rate).collect();
        return classify(batch_law(&there).as_deref(), tolerance, &rates);
    }
    let pixel = |value: &f64| {
        there.set_axis(moving, *value);
        classify(batch_law(&there).as_deref(), tolerance, &[(there.sgd.lr, there.sgd.decay)])
    };
    values.iter().flat_map(pixel).collect()
}

/// The pixels at places that share a batch law.
fn classify(law: Option<&BatchLaw>, tolerance: f64, rates: &[(f64, f64)]) -> Vec<Pixel> {
    let Some(law) = law else { return vec![Pixel::NO_LAW; rates.len()] };
    let pixel = |saddle::Pixel { plus, minus, phase }| Pixel { plus, minus, phase: phase as u8 };
    saddle::pixels(law, tolerance, rates).into_iter().map(pixel).collect()
}

/// The phases of the map, assembled from the shards that are there: fine lines where known, the coarse picture elsewhere.
pub struct Picture {
    /// Pixels along each side: those of the coarse picture as long as there are no fine lines.
    pub side: usize,
    /// Code of the phase, row-major from the bottom.
    pub code: Vec<u8>,
    /// How many pixels have each code.
    pub counts: [usize; 256],
}

impl Picture {
    /// The map of what is there; `None` if nothing is.
    pub fn made(p: &Params, done: &Done) -> Rc<Option<Picture>> {
        done.made("picture", &["map"], "", || {
            let (side, code) = assemble(p, done, NO_LAW, |lines, line, put| {
                let runs = lines.runs.get(line).copied().unwrap_or_default();
                let mut from = 0;
                for [pixels, code] in runs.as_chunks().0 {
                    let to = from + *pixels as usize;
                    put(from..to, *code as u8);
                    from = to;
                }
            })?;
            let mut counts = [0; 256];
            for run in code.chunk_by(u8::eq) {
                counts[usize::from(run[0])] += run.len();
            }
            Some(Picture { side, code, counts })
        })
    }

    /// Position of the pixel at these fractions of the axes.
    pub fn index(&self, x: f64, y: f64) -> usize {
        let pixel = |fraction: f64| ((fraction * self.side as f64) as usize).min(self.side - 1);
        pixel(y) * self.side + pixel(x)
    }
}

/// The exponent that the layer shows at every pixel of the [`Picture`]; NaN where nothing is, `None` if nothing is at all or the
/// layer shows none.
pub fn exponents(p: &Params, done: &Done) -> Option<Vec<f64>> {
    Exponent::shown(p)?;
    let (_, values) = assemble(p, done, f64::NAN, |lines, line, put| {
        let line = lines.exponents.chunks_exact(lines.side).nth(line).unwrap_or_default();
        for (pixel, value) in line.iter().enumerate() {
            put(pixel..pixel + 1, *value);
        }
    })?;
    Some(values)
}

/// A shard's lines.
struct Lines<'a> {
    /// Pixels of each.
    side: usize,
    /// Of each line: pairs of a number of pixels and a code.
    runs: Vec<&'a [f64]>,
    /// Line after line, where the layer shows them.
    exponents: &'a [f64],
}

impl<'a> Lines<'a> {
    fn read(shard: &'a [f64], side: usize, lines: usize) -> Self {
        let (mut runs, mut pixels, mut from, mut to) = (Vec::with_capacity(lines), 0, 0, 0);
        while runs.len() < lines
            && let Some(length) = shard.get(to)
        {
            (pixels, to) = (pixels + *length as usize, to + 2);
            // Runs end with their line.
            if pixels >= side {
                runs.push(shard.get(from..to).unwrap_or_default());
                (from, pixels) = (to, 0);
            }
        }
        Self { side, runs, exponents: shard.get(from..).unwrap_or_default() }
    }
}

/// The side of the picture of what is there and one value per pixel, row-major from the bottom: `draw` puts values on ranges of pixels of
/// a line; `None` if nothing is there.
fn assemble<T: Copy>(
    p: &Params,
    done: &Done,
    missing: T,
    draw: impl Fn(&Lines, usize, &mut dyn FnMut(Range<usize>, T)),
) -> Option<(usize, Vec<T>)> {
    let (coarse, fine) = done.shards("map").split_first()?;
    let only_coarse = fine.iter().all(Option::is_none);
    if coarse.is_none() && only_coarse {
        return None;
    }
    let small = work::coarse_side(p);
    let side = if only_coarse { small } else { work::map_side(p) };
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
    Some((side, values))
}
