//! The main figure: mean time to escape of both saddles against the learning rate, beside what is predicted of it.
//!
//! Both are the first time at which the distance along the escape direction is over `R`: what is predicted of it is in [`super::theory`].

use super::parameters::{Params, rates};
use super::theory::{bounds, kicked};
use super::words;
use crate::charts::figure::{Axis, Dash, Figure, Handle, Ink, Layer, ParamRef, Rgb, Role};
use crate::charts::palette;
use crate::core::passage::MeanPassage;
use crate::core::stats::{self, Mean};
use crate::labs::direction::cost::SHARD;
use crate::labs::summary::number;
use crate::labs::{Done, Table};
use crate::models::activation::Activation;
use crate::models::biased_neuron::Escape;
use std::rc::Rc;

/// Name of the figure and of its job.
pub const ID: &str = "escape";
/// Learning rates.
pub const RATES: u32 = 16;
/// Shards take rates in steps of this, so that the first ones cover the axis.
const STRIDE: u32 = 5;
/// Points of the predicted curves.
const POINTS: usize = 64;

/// One of the two saddles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saddle {
    /// Without bias.
    Origin,
    /// With the reader's bias.
    Biased,
}

impl Saddle {
    /// Both.
    pub const ALL: [Saddle; 2] = [Saddle::Origin, Saddle::Biased];

    /// Its bias.
    pub fn bias(self, p: &Params) -> f64 {
        if self == Saddle::Origin { 0.0 } else { p.bias }
    }

    /// Its colour.
    pub fn colour(self) -> Rgb {
        if self == Saddle::Origin { palette::PHASE_IB } else { palette::PHASE_II }
    }
}

/// Work of all runs if none leaves early, in elementary steps.
pub fn cost(p: &Params) -> f64 {
    f64::from(RATES * p.replicas) * 2.0 * run_cost(p)
}

fn run_cost(p: &Params) -> f64 {
    let curve = match p.activation {
        Activation::Linear | Activation::Relu => 0.0,
        Activation::Tanh | Activation::Swish => 20.0,
        Activation::Gelu => 50.0,
    };
    f64::from(p.steps) * f64::from(p.batch) * (36.0 + curve)
}

/// Runs of a shard.
fn share(p: &Params) -> u32 {
    ((SHARD / run_cost(p)) as u32).clamp(1, p.replicas)
}

/// Number of shards: all rates of both saddles with their first runs, then with more.
pub fn shards(p: &Params) -> u32 {
    2 * RATES * p.replicas.div_ceil(share(p))
}

fn rate(axis: &Axis, index: u32) -> f64 {
    axis.at((f64::from(index) + 0.5) / f64::from(RATES))
}

/// One shard: which saddle (0 or 1), the index of its rate, the times of its runs (infinite if not within the steps).
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let (saddle, index) = (shard % 2, shard / 2 % RATES * STRIDE % RATES);
    let neuron = p.neuron(Saddle::ALL[saddle as usize].bias(p));
    let escape =
        Escape { rate: rate(&rates(p), index), batch: p.batch, start: p.init, exit: p.exit, most: p.steps };
    let first = shard / (2 * RATES) * share(p);
    let runs = first..(first + share(p)).min(p.replicas);
    let item = u64::from(2 * index + saddle);
    let times = runs.map(|run| neuron.first_exit(&escape, p.seed, (item, run)));
    [f64::from(saddle), f64::from(index)].into_iter().chain(times).collect()
}

/// What is known at one rate of one saddle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Times {
    /// The rate.
    pub rate: f64,
    /// Times of the runs that left.
    pub left: Vec<f64>,
    /// All runs.
    pub runs: usize,
}

impl Times {
    /// The mean time; only if every run left, as it is too small otherwise.
    pub fn mean(&self) -> Option<Mean> {
        (self.left.len() == self.runs && self.runs > 1).then(|| stats::mean(&self.left))
    }
}

/// The times that are there, by saddle, in the order of rates.
pub fn known(p: &Params, done: &Done) -> Rc<[Vec<Times>; 2]> {
    done.made("escape-times", &[ID], "", || {
        let axis = rates(p);
        let blank = |index: u32| Times { rate: rate(&axis, index), ..Times::default() };
        let mut all = [(); 2].map(|()| (0..RATES).map(blank).collect::<Vec<_>>());
        for shard in done.shards(ID).iter().flatten() {
            if let [saddle, index, times @ ..] = shard.as_slice() {
                let place = &mut all[*saddle as usize][*index as usize];
                place.runs += times.len();
                place.left.extend(times.iter().filter(|time| time.is_finite()));
            }
        }
        all.map(|times| times.into_iter().filter(|one| one.runs > 0).collect())
    })
}

/// Wald's bounds where they are finite.
fn finite(passage: MeanPassage) -> Option<(f64, f64)> {
    match passage {
        MeanPassage::Between { lower, upper } => Some((lower, upper)),
        _ => None,
    }
}

/// Between Wald's bounds: a band for every stretch of rates at which the mean time is finite.
fn bands(places: &[f64], wald: &[Option<(f64, f64)>], ink: Ink) -> Vec<Layer> {
    let stretches = wald.chunk_by(|a, b| a.is_some() == b.is_some());
    let mut first = 0;
    let mut layers = Vec::new();
    for stretch in stretches {
        let x = places[first..first + stretch.len()].to_vec();
        first += stretch.len();
        let (low, high): (Vec<f64>, Vec<f64>) = stretch.iter().flatten().copied().unzip();
        if low.len() > 1 {
            layers.push(Layer::Band { x, low, high, ink, opacity: 0.25, name: "Wald’s bounds".to_owned() });
        }
    }
    layers
}

/// The figure.
pub fn figure(p: &Params, done: &Done) -> Figure {
    let x = rates(p);
    let known = known(p, done);
    let places: Vec<f64> = (0..=POINTS).map(|point| x.at(point as f64 / POINTS as f64)).collect();
    let wald: Vec<Option<(f64, f64)>> = places.iter().map(|rate| bounds(p, *rate).and_then(finite)).collect();
    let lowest_line: Vec<(f64, f64)> = places
        .iter()
        .zip(&wald)
        .map(|(rate, bounds)| (*rate, bounds.map_or(f64::NAN, |(lower, _)| lower)))
        .collect();
    let blue = Ink::Fixed(Saddle::Origin.colour());
    let kicked_line: Vec<(f64, f64)> =
        places.iter().map(|rate| (*rate, kicked(p, *rate).unwrap_or(f64::NAN))).collect();
    let top = 3.0 * f64::from(p.steps);
    let mut layers = vec![Layer::HLine {
        y: f64::from(p.steps),
        ink: Ink::Muted,
        dash: Dash::Dotted,
        label: Some("most steps".to_owned()),
    }];
    layers.extend(bands(&places, &wald, blue));
    layers.push(Layer::line(lowest_line, blue, 1.4, Dash::Dashed, Some("ln(R/r₀)/Λ".to_owned())));
    let orange = Ink::Fixed(Saddle::Biased.colour());
    layers.push(Layer::line(kicked_line, orange, 1.4, Dash::Dashed, Some("~ log(1/λ)/λ".to_owned())));
    let mut key = Vec::new();
    for saddle in Saddle::ALL {
        let ink = Ink::Fixed(saddle.colour());
        let mut means = Vec::new();
        for times in &known[saddle as usize] {
            if let Some(mean) = times.mean() {
                means.push((times.rate, mean.value));
                let error = mean.standard_error;
                let ends = vec![
                    (times.rate, (mean.value - 2.0 * error).max(1.0)),
                    (times.rate, mean.value + 2.0 * error),
                ];
                layers.push(Layer::line(ends, ink, 1.2, Dash::Solid, None));
            }
        }
        layers.push(Layer::Points { points: means, ink, radius: 3.4 });
        // where some runs never left, a small dot at the most steps that were waited
        let stuck = known[saddle as usize].iter().filter(|times| times.left.len() < times.runs);
        layers.push(Layer::Points {
            points: stuck.map(|times| (times.rate, f64::from(p.steps))).collect(),
            ink,
            radius: 2.0,
        });
        key.push((saddle.colour(), words::saddle_name(p, saddle)));
    }
    layers.push(Layer::VLine { x: p.lr, ink: Ink::Accent, dash: Dash::Solid, label: None });
    Figure {
        title: "Mean time to escape against the learning rate".to_owned(),
        alt: format!(
            "Mean steps until runs are at a distance of {} along the escape direction, for {} learning rates from {} to {}, beside the predicted times. {}",
            number(p.exit, 2),
            known[0].len(),
            number(x.min, 3),
            number(x.max, 3),
            words::escapes(p, &known)
        ),
        key,
        layers,
        handles: vec![Handle { at: (p.lr, 30.0), x: Some(ParamRef { key: "lr", index: None }), y: None }],
        ..Figure::blank(ID, Role::Main, 1.7, x, Axis::log("steps to escape along n", 1.0, top))
    }
}

/// The times at the rate nearest to this one.
pub fn nearest(times: &[Times], lr: f64) -> Option<&Times> {
    let far = |times: &&Times| libm::log(times.rate / lr).abs();
    times.iter().min_by(|a, b| far(a).total_cmp(&far(b)))
}

/// One line about a learning rate.
pub fn hover(p: &Params, done: &Done, lr: f64) -> String {
    let known = known(p, done);
    let one = |saddle: Saddle| {
        let times = nearest(&known[saddle as usize], lr)?;
        Some(format!("{} {}", words::saddle_name(p, saddle), words::time(p, times)))
    };
    let shown: Vec<String> = Saddle::ALL.into_iter().filter_map(one).collect();
    let rate = nearest(&known[0], lr).map_or(lr, |times| times.rate);
    format!("λ {}: {}", number(rate, 3), shown.join("; "))
}

/// All times with the predicted ones.
pub fn table(p: &Params, done: &Done) -> Table {
    let columns =
        ["learning rate λ", "saddle", "mean steps to escape along n", "runs that left", "predicted"];
    let known = known(p, done);
    let mut rows = Vec::new();
    for saddle in Saddle::ALL {
        for times in &known[saddle as usize] {
            let predicted = words::predicted(p, saddle, times.rate);
            rows.push(vec![
                number(times.rate, 4),
                words::saddle_name(p, saddle),
                words::time(p, times),
                format!("{} of {}", times.left.len(), times.runs),
                predicted,
            ]);
        }
    }
    Table { columns: columns.map(str::to_owned).to_vec(), rows }
}
