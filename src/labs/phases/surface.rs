//! The loss surface around the saddle, and a few runs of SGD on it from one start.
//!
//! `L(u, w) = ½E(uwx − y)²` depends on `c = uw` only, so its contours are hyperbolae, drawn exactly: `c = c* + kδ` about the
//! minimum `c* = E xy/E x²`, where `L − L(c*) = ½E x² (c − c*)²` grows with `k²`. The runs are nonlinear SGD; they start on
//! the line `w = 0`, which belongs to neither sign of `uw`.

use super::parameters::Params;
use crate::charts::figure::{Axis, Dash, Figure, Ink, Layer, Mark, Rgb, Role, Scale};
use crate::charts::palette;
use crate::core::data_set::DataSet;
use crate::core::sgd::{Setting, State, trace_from};
use crate::labs::direction::cost::SHARD;
use crate::labs::direction::sgd::LawName;
use crate::labs::summary::number;
use crate::labs::{Done, Job, Table};

/// Name of the figure and of its job.
pub const ID: &str = "surface";
/// Runs.
const RUNS: usize = 8;
/// Most steps drawn of each run.
const DRAWN: u32 = 500;
/// Width over height of the plot; both directions have one scale.
const ASPECT: f64 = 1.4;
/// Half the height of the plot, and distance of the start, in units of `√max(|c*|, sd z/√S)`.
const HEIGHT: f64 = 1.35;
const START: f64 = 0.35;
/// Contours between the saddle and the edge of the plot, about.
const CONTOURS: f64 = 4.0;
/// A run that ends nearer to the saddle than this times its start has gone there.
const NEAR: f64 = 0.05;
/// Vertices of half a hyperbola.
const VERTICES: usize = 48;

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
        let law = p.sgd.law().ok()?;
        let (input_square, product, output_square, variance) = if p.sgd.n > 0 {
            let data = DataSet::draw(&law, p.sgd.n as usize, p.sgd.seed);
            let mean = |f: &dyn Fn(f64, f64) -> f64| {
                let sum: f64 = data.inputs.iter().zip(&data.outputs).map(|(x, y)| f(*x, *y)).sum();
                sum / f64::from(p.sgd.n)
            };
            let product = mean(&|x, y| x * y);
            let variance = mean(&|x, y| (x * y - product) * (x * y - product));
            (mean(&|x, _| x * x), product, mean(&|_, y| y * y), variance)
        } else {
            let (product, variance) = (law.mean(), law.variance());
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

    fn colour(self) -> Rgb {
        match self {
            End::Saddle => palette::PHASE_III,
            End::Correct => palette::PHASE_IB,
            End::Wrong => palette::PHASE_II,
            End::Diverged => palette::PHASE_IV,
        }
    }

    fn words(self) -> &'static str {
        match self {
            End::Saddle => "at the saddle",
            End::Correct => "correct sign",
            End::Wrong => "wrong sign",
            End::Diverged => "diverged",
        }
    }
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

/// The figure; the runs as far as it has been played.
pub fn figure(p: &Params, done: &Done) -> Figure {
    let loss = Loss::of(p);
    let height = loss.map_or(1.0, |loss| loss.height);
    let axis = |label: &str, half: f64| Axis {
        label: label.to_owned(),
        min: -half,
        max: half,
        scale: Scale::Linear,
    };
    let mut layers = Vec::new();
    let paths = Paths::of(done);
    let mut key = Vec::new();
    if let Some(loss) = &loss {
        layers.extend(contours(loss));
        if let Some(paths) = &paths {
            layers.extend(runs(paths, loss, done.played(ID)));
            let counts = paths.counts(loss).into_iter().filter(|(_, count)| *count > 0);
            key = counts.map(|(end, count)| (end.colour(), format!("{count} {}", end.words()))).collect();
        }
        layers.push(Layer::Marker {
            x: loss.start,
            y: 0.0,
            mark: Mark::Dot,
            label: Some("start".to_owned()),
        });
    }
    let title = "Loss around the saddle, with runs of SGD from one start".to_owned();
    Figure {
        id: ID,
        role: Role::Side,
        aspect: ASPECT,
        alt: alt(&title, loss.as_ref(), paths.as_ref()),
        title,
        x: axis("weight u", ASPECT * height),
        y: axis("weight w", height),
        key,
        colour_bar: None,
        layers,
        handles: Vec::new(),
        playable: true,
    }
}

fn alt(title: &str, loss: Option<&Loss>, paths: Option<&Paths>) -> String {
    let Some(loss) = loss else { return format!("{title}.") };
    let ends = paths.map_or_else(String::new, |paths| format!(" Ends: {}.", ends(paths, loss)));
    format!(
        "{title}. The loss is least, {}, where uw = {}; at the saddle it is {}.{ends}",
        number(loss.at(loss.minimum()), 3),
        number(loss.minimum(), 3),
        number(loss.at(0.0), 3)
    )
}

fn ends(paths: &Paths, loss: &Loss) -> String {
    let counts = paths.counts(loss).into_iter().filter(|(_, count)| *count > 0);
    counts.map(|(end, count)| format!("{count} {}", end.words())).collect::<Vec<_>>().join(", ")
}

/// Both branches of `uw = c` within the plot.
fn hyperbola(c: f64, (across, up): (f64, f64)) -> Vec<(f64, f64)> {
    let far = (f64::NAN, f64::NAN);
    if c == 0.0 {
        return vec![(-across, 0.0), (across, 0.0), far, (0.0, -up), (0.0, up)];
    }
    let (from, ratio) = (c.abs() / up, across * up / c.abs());
    let branch = |side: f64| {
        (0..VERTICES).map(move |index| {
            let u = side * from * libm::pow(ratio, index as f64 / (VERTICES - 1) as f64);
            (u, c / u)
        })
    };
    branch(1.0).chain([far]).chain(branch(-1.0)).collect()
}

fn contours(loss: &Loss) -> Vec<Layer> {
    let size = (ASPECT * loss.height, loss.height);
    let line = |c: f64, ink, width, label: Option<&str>| Layer::Line {
        points: hyperbola(c, size),
        ink,
        width,
        dash: Dash::Solid,
        label: label.map(str::to_owned),
    };
    let mut layers: Vec<Layer> =
        loss.contours().into_iter().map(|c| line(c, Ink::Muted, 0.5, None)).collect();
    layers.push(line(loss.minimum(), Ink::Strong, 2.0, Some("least loss")));
    layers
}

/// The runs up to a part of their time, each with a dot where it is then.
fn runs(paths: &Paths, loss: &Loss, played: f64) -> Vec<Layer> {
    let mut layers = Vec::new();
    for end in End::ALL {
        let ink = Ink::Fixed(end.colour());
        let mut dots = Vec::new();
        for path in paths.0.iter().filter(|path| Paths::end(path, loss) == end) {
            let last = ((path.len() - 1) as f64 * played).round() as usize;
            // what diverges is drawn until it leaves the plot
            let inside = |(u, w): (f64, f64)| u.abs() < ASPECT * loss.height && w.abs() < loss.height;
            let out = path.iter().position(|place| end == End::Diverged && !inside(*place));
            let whole = out.unwrap_or(path.len() - 1);
            let points: Vec<(f64, f64)> = path[..=last.min(whole)]
                .iter()
                .copied()
                .filter(|(u, w)| !u.is_nan() && !w.is_nan())
                .collect();
            if last <= whole {
                dots.extend(points.last());
            }
            layers.push(Layer::Line { points, ink, width: 1.1, dash: Dash::Solid, label: None });
        }
        layers.push(Layer::Points { points: dots, ink, radius: 3.5 });
    }
    layers
}

/// What the runs did, and what the contours leave out.
pub fn note(p: &Params, done: &Done) -> Option<String> {
    let (loss, paths) = (Loss::of(p)?, Paths::of(done)?);
    let steps = steps(p, p.sgd.sampler()?.cost());
    let decay =
        if p.sgd.decay > 0.0 { " The contours are those of the loss without weight decay." } else { "" };
    Some(format!(
        "Loss surface: {RUNS} runs of {steps} steps from one start at a distance of {}: {}.{decay}",
        number(loss.start, 2),
        ends(&paths, &loss)
    ))
}

/// One line about a place in the figure.
pub fn hover(p: &Params, (u, w): (f64, f64)) -> String {
    let Some(loss) = Loss::of(p) else { return String::new() };
    let [u_text, w_text, value] = [u, w, loss.at(u * w)].map(|x| number(x, 3));
    format!("u {u_text}, w {w_text}: loss {value}, least {}", number(loss.at(loss.minimum()), 3))
}

/// Where the runs end.
pub fn table(p: &Params, done: &Done) -> Table {
    let (Some(loss), Some(paths)) = (Loss::of(p), Paths::of(done)) else { return Table::default() };
    let columns = ["run", "u at the end", "w at the end", "uw", "loss", "end"];
    let row = |(index, path): (usize, &Vec<(f64, f64)>)| {
        let (u, w) = path.last().copied().unwrap_or((f64::NAN, f64::NAN));
        let shown = |x: f64| if x.is_nan() { "–".to_owned() } else { number(x, 4) };
        let end = Paths::end(path, &loss).words().to_owned();
        vec![(index + 1).to_string(), shown(u), shown(w), shown(u * w), shown(loss.at(u * w)), end]
    };
    Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows: paths.0.iter().enumerate().map(row).collect(),
    }
}
