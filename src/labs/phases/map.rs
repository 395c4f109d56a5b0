//! The exact map: Λ₊, Λ₋ and the phase at every pixel, in shards of lines.
//!
//! Lines run along an axis that leaves the law as it is (λ or γ), so that the batch law is prepared once
//! a line. Shard 0 is the whole picture on a coarse grid; shard s ≥ 1 holds every F-th line from s − 1 on.

use super::parameters::{AxisName, LawName, Params};
use super::plane::Plane;
use crate::core::curvature::{BatchLaw, Law};
use crate::core::data_set::DataSet;
use crate::core::saddle;
use crate::labs::Done;
use std::rc::Rc;

/// Pixels along each side of the finished map.
pub const SIDE: usize = 512;
/// Pixels along each side of the coarse one.
pub const COARSE: usize = 64;
/// Numbers per pixel: Λ₊, Λ₋ (named by the sign of E z), and the phase's code.
pub const PER_PIXEL: usize = 3;
/// Code of a pixel whose parameters describe no law.
pub const NO_LAW: f64 = 255.0;

/// Work of one shard that stays below 50 ms on a slow laptop, in elementary steps.
const SHARD_STEPS: f64 = 1.2e7;

/// The law of z at these parameters: the population's, or that of the finite sample.
pub fn law_at(p: &Params) -> Option<Law> {
    let law = p.law().ok()?;
    if p.n == 0 { Some(law) } else { DataSet::draw(&law, p.n as usize, p.seed).law().ok() }
}

/// Whether lines run along x. They run along y only if that spares preparing a law per pixel.
pub fn lines_along_x(plane: &Plane) -> bool {
    keeps_law(plane.x_name) || !keeps_law(plane.y_name)
}

/// Atoms of the batch law up to which it is held exactly; more go on a grid.
const MOST_ATOMS: f64 = 1e6;

/// Estimated number of atoms of the batch law, 1 for continuous laws: C(S + k − 1, k − 1).
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

/// Estimated work per pixel in elementary steps: both exponents, and the law's share of preparation. The constants are
/// nanoseconds as measured in WebAssembly.
pub fn steps_per_pixel(p: &Params) -> f64 {
    let (atoms, batch) = (atoms(p), f64::from(p.batch));
    let (exponents, preparation) = match (p.n, p.law) {
        (0, LawName::Gaussian) => (90.0, 50.0),
        (0, LawName::Uniform) if p.batch == 1 => (200.0, 50.0),
        (0, LawName::Uniform) => (300.0, 1e5),
        (0, LawName::Teacher) if p.noise == 0.0 => (2e4, 1e3),
        (0, LawName::Teacher) => (1500.0 + 100.0 * batch.min(20.0), 1e3),
        _ if atoms > MOST_ATOMS => (1e4, 1e7),
        (n, _) if n > 0 && p.batch == 1 => (0.8 * atoms, 100.0 * atoms),
        _ => (80.0 + 3.0 * atoms, 100.0 * atoms),
    };
    let plane = Plane::of(p);
    let moving = if lines_along_x(&plane) { plane.x_name } else { plane.y_name };
    exponents + if keeps_law(moving) { preparation / SIDE as f64 } else { preparation }
}

/// Whether the law stays as it is along this axis.
fn keeps_law(name: AxisName) -> bool {
    matches!(name, AxisName::Lr | AxisName::Decay)
}

/// Number of shards, the coarse one included.
pub fn shards(p: &Params) -> u32 {
    let steps = steps_per_pixel(p) * (SIDE * SIDE) as f64;
    1 + (steps / SHARD_STEPS).ceil().clamp(4.0, SIDE as f64) as u32
}

/// One shard: `PER_PIXEL` numbers a pixel, line after line.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let plane = Plane::of(p);
    if shard == 0 {
        return (0..COARSE).flat_map(|line| compute_line(p, &plane, COARSE, line)).collect();
    }
    let stride = shards(p) as usize - 1;
    (shard as usize - 1..SIDE).step_by(stride).flat_map(|line| compute_line(p, &plane, SIDE, line)).collect()
}

/// The centre of pixel `index` of `side`, as a fraction of the axis.
pub fn centre(index: usize, side: usize) -> f64 {
    (index as f64 + 0.5) / side as f64
}

fn compute_line(p: &Params, plane: &Plane, side: usize, line: usize) -> Vec<f64> {
    let along_x = lines_along_x(plane);
    let place = |pixel: usize| {
        let (x, y) = if along_x { (pixel, line) } else { (line, pixel) };
        plane.at(p, plane.x.at(centre(x, side)), plane.y.at(centre(y, side)))
    };
    let pixels: Vec<Params> = (0..side).map(place).collect();
    let moving = if along_x { plane.x_name } else { plane.y_name };
    if keeps_law(moving) {
        let batch = law_at(&pixels[0]).map(|law| law.batch(pixels[0].batch));
        return classify(batch.as_ref(), &pixels);
    }
    let laws = pixels.iter().map(|there| law_at(there).map(|law| law.batch(there.batch)));
    laws.zip(&pixels).flat_map(|(law, there)| classify(law.as_ref(), std::slice::from_ref(there))).collect()
}

/// Λ₊, Λ₋ and phase at places that share a batch law.
fn classify(law: Option<&BatchLaw>, places: &[Params]) -> Vec<f64> {
    let Some(law) = law else { return [f64::NAN, f64::NAN, NO_LAW].repeat(places.len()) };
    let rates: Vec<(f64, f64)> = places.iter().map(|there| (there.lr, there.decay)).collect();
    let points = saddle::pixels(law, &rates);
    points.iter().flat_map(|point| [point.plus, point.minus, f64::from(point.phase as u8)]).collect()
}

/// The map assembled from the shards that are there: fine lines where known, the coarse picture elsewhere.
pub struct Picture {
    /// Λ₊, row-major from the bottom.
    pub plus: Vec<f64>,
    /// Λ₋.
    pub minus: Vec<f64>,
    /// Code of the phase.
    pub code: Vec<u8>,
    /// Whether every line is fine.
    pub complete: bool,
}

impl Picture {
    /// The map of what is there; `None` if nothing is.
    pub fn made(p: &Params, done: &Done) -> Rc<Option<Picture>> {
        done.made("picture", &["map"], "", || Self::assemble(p, done.shards("map")))
    }

    fn assemble(p: &Params, shards_done: &[Option<Vec<f64>>]) -> Option<Picture> {
        let stride = shards(p) as usize - 1;
        let coarse = shards_done.first()?.as_ref();
        let along_x = lines_along_x(&Plane::of(p));
        let mut picture = Picture {
            plus: vec![f64::NAN; SIDE * SIDE],
            minus: vec![f64::NAN; SIDE * SIDE],
            code: vec![NO_LAW as u8; SIDE * SIDE],
            complete: true,
        };
        let mut any = false;
        for line in 0..SIDE {
            let fine = shards_done.get(1 + line % stride).and_then(Option::as_ref);
            picture.complete &= fine.is_some();
            let Some(source) = fine.or(coarse) else { continue };
            any = true;
            let (from, step) = if fine.is_some() {
                ((line / stride) * SIDE * PER_PIXEL, SIDE)
            } else {
                (line * COARSE / SIDE * COARSE * PER_PIXEL, COARSE)
            };
            for pixel in 0..SIDE {
                let at = from + pixel * step / SIDE * PER_PIXEL;
                let Some(numbers) = source.get(at..at + PER_PIXEL) else { continue };
                let target = if along_x { line * SIDE + pixel } else { pixel * SIDE + line };
                picture.plus[target] = numbers[0];
                picture.minus[target] = numbers[1];
                picture.code[target] = numbers[2] as u8;
            }
        }
        any.then_some(picture)
    }

    /// Position in the vectors of the pixel at these fractions of the axes.
    pub fn index(x: f64, y: f64) -> usize {
        let pixel = |fraction: f64| ((fraction * SIDE as f64) as usize).min(SIDE - 1);
        pixel(y) * SIDE + pixel(x)
    }
}
