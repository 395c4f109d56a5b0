//! The loss surface around the saddle, and a few runs of SGD on it from one start.
//!
//! `L(u, w) = ½E(uwx − y)²` depends on `c = uw` only, so its contours are hyperbolae, drawn exactly: `c = c* + kδ` about the
//! minimum `c* = E xy/E x²`, where `L − L(c*) = ½E x² (c − c*)²` grows with `k²`. The runs are nonlinear SGD; they start on
//! the line `w = 0`, which belongs to neither sign of `uw`.

mod picture;

use super::parameters::Params;
use crate::core::data_set::DataSet;
use crate::core::sgd::{Setting, State, trace_from};
use crate::labs::direction::cost::SHARD;
use crate::labs::direction::sgd::LawName;
use crate::labs::{Done, Job};
use picture::ASPECT;
pub use picture::{figure, hover, note, table};

/// Name of the figure and of its job.
pub const ID: &str = "surface";
/// Runs.
const RUNS: usize = 8;
/// Most steps drawn of each run.
const DRAWN: u32 = 500;
/// Half the height of the plot, and distance of the start, in units of `√max(|c*|, sd z/√S)`.
const HEIGHT: f64 = 1.35;
const START: f64 = 0.35;
/// Contours between the saddle and the edge of the plot, about.
const CONTOURS: f64 = 4.0;
/// A run that ends nearer to the saddle than this times its start has gone there.
const NEAR: f64 = 0.05;

/// The loss: what it needs of the law, and the size of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loss {
    /// `E x²`.
    pub input_square: f64,
    /// `E xy`.
    pub product: f64,
    /// `E y²`.
    pub output_square: f64,
    /// Half the height of the plot.
    pub height: f64,
    /// Distance of the start from the saddle.
    pub start: f64,
}

impl Loss {
    /// `None` where the parameters describe no law.
    pub fn of(p: &Params) -> Option<Self> {
        let (input_square, product, output_square, variance) = if p.sgd.drawn() > 0 {
            let law = p.sgd.law().ok()?;
            let data = DataSet::draw(&law, p.sgd.n as usize, p.sgd.seed);
            let mean = |f: &dyn Fn(f64, f64) -> f64| {
                let sum: f64 = data.inputs.iter().zip(&data.outputs).map(|(x, y)| f(*x, *y)).sum();
                sum / f64::from(p.sgd.n)
            };
            let product = mean(&|x, y| x * y);
            let variance = mean(&|x, y| (x * y - product) * (x * y - product));
            (mean(&|x, _| x * x), product, mean(&|_, y| y * y), variance)
        } else {
            let (product, variance) = p.sgd.mean_and_variance()?;
            let output_square = match p.sgd.law {
                LawName::Teacher => p.sgd.slope * p.sgd.slope + p.sgd.noise * p.sgd.noise,
                _ => variance + product * product,
            };
            (1.0, product, output_square, variance)
        };
        let minimum = product / input_square;
        let spread = variance.sqrt() / input_square / f64::from(p.sgd.batch).sqrt();
        let size = minimum.abs().max(spread);
        let unit = if size > 0.0 && size.is_finite() { size.sqrt() } else { 1.0 };
        Some(Self { input_square, product, output_square, height: HEIGHT * unit, start: START * unit })
    }

    /// `L` where `uw = c`.
    pub fn at(&self, c: f64) -> f64 {
        0.5 * (c * c * self.input_square - 2.0 * c * self.product + self.output_square)
    }

    /// `c*`, where `L` is least.
    pub fn minimum(&self) -> f64 {
        self.product / self.input_square
    }

    /// The values of `uw` of the contours, the minimum left out.
    fn contours(&self) -> Vec<f64> {
        let (minimum, edge) = (self.minimum(), ASPECT * self.height * self.height);
        // steps of c* over a whole number, so that the saddle's own level is among them
        let parts = (minimum.abs() * CONTOURS / (self.height * self.height)).round();
        let step = if parts > 0.0 { minimum.abs() / parts } else { self.height * self.height / CONTOURS };
        let most = ((edge + minimum.abs()) / step).floor() as i32;
        let levels = (-most..=most).filter(|k| *k != 0).map(|k| minimum + f64::from(k) * step);
        levels.map(|c| if c.abs() < 1e-9 * edge { 0.0 } else { c }).filter(|c| c.abs() < edge).collect()
    }
}

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Saddle,
    Correct,
    Wrong,
    Diverged,
}

impl End {
    const ALL: [End; 4] = [End::Diverged, End::Saddle, End::Wrong, End::Correct];
}

/// The runs that are there: for each the places from its start on, not a number once diverged.
struct Paths(Vec<Vec<(f64, f64)>>);

impl Paths {
    fn of(done: &Done) -> Option<Self> {
        let numbers = done.shards(ID).first()?.as_deref()?;
        let path = |run: usize| {
            let rows = numbers.chunks_exact(2 * RUNS);
            rows.map(|row| (row[2 * run], row[2 * run + 1])).collect()
        };
        (!numbers.is_empty()).then(|| Self((0..RUNS).map(path).collect()))
    }

    fn end(path: &[(f64, f64)], loss: &Loss) -> End {
        let Some(&(u, w)) = path.last() else { return End::Diverged };
        if u.is_nan() || w.is_nan() {
            End::Diverged
        } else if u * u + w * w < NEAR * NEAR * loss.start * loss.start {
            End::Saddle
        } else if u * w * loss.product < 0.0 {
            End::Wrong
        } else {
            End::Correct
        }
    }

    fn counts(&self, loss: &Loss) -> [(End, usize); 4] {
        End::ALL.map(|end| (end, self.0.iter().filter(|path| Self::end(path, loss) == end).count()))
    }
}

/// The job of one shard.
pub fn job(p: &Params) -> Job {
    let mut depends = p.sgd.keys();
    depends.push("horizon");
    if !depends.contains(&"seed") {
        depends.push("seed");
    }
    Job { name: ID, depends, shards: 1, chain: false, cost: 1e6, on_demand: false }
}

/// Steps of the runs: fewer than asked for where batches are so large that the shard would take too long.
fn steps(p: &Params, cost: f64) -> u32 {
    p.horizon.min(((SHARD / (16.0 * cost)) as u32).max(10))
}

/// The places of the runs, `u` and `w` of each, at some 500 times.
pub fn compute(p: &Params) -> Vec<f64> {
    let (Some(loss), Some(sampler)) = (Loss::of(p), p.sgd.sampler()) else { return Vec::new() };
    let steps = steps(p, sampler.cost());
    let stride = steps.div_ceil(DRAWN);
    let setting = Setting { steps: steps.div_ceil(stride) * stride, ..Setting::new(p.sgd.lr, p.sgd.decay) };
    let states = trace_from(&sampler, &setting, (loss.start, 0.0), (p.sgd.seed, 0), RUNS as u32, stride);
    states.iter().flat_map(|State { u, w, .. }| [*u, *w]).collect()
}
