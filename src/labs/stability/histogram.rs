//! Simulated runs of the linearised product: the histogram of `log|z_t/z_0|/t` at the last step, against the central limit.

use super::figures::{STABLE, blank, line, linear};
use super::parameters::Params;
use super::point::{Known, Spread, factor};
use crate::charts::figure::{Dash, Figure, Ink, Layer, Role};
use crate::core::product::log_products_of;
use crate::core::rng::LANES;
use crate::core::stats::{self, Mean};
use crate::labs::direction::cost::{self, SHARD};
use crate::labs::summary::number;
use crate::labs::{Done, Table};
use std::rc::Rc;

/// Most work of the sixteen runs that advance together: a shard cannot be shorter.
const MOST_BLOCK: f64 = 4e7;
/// The axis ends at most this many standard deviations from Λ.
const FAR: f64 = 6.0;
/// Points of the drawn density.
const CURVE: usize = 120;

/// Work of one run, in elementary steps.
fn run_cost(p: &Params) -> f64 {
    f64::from(p.horizon) * (1.5 + cost::draw(&p.sgd))
}

/// The most steps that a run may have.
pub fn most_steps(p: &Params) -> u32 {
    let step = run_cost(p) / f64::from(p.horizon.max(1));
    (MOST_BLOCK / (step * LANES as f64)).max(10.0) as u32
}

/// Work of all runs, in elementary steps.
pub fn cost(p: &Params) -> f64 {
    f64::from(p.replicas.div_ceil(LANES as u32) * LANES as u32) * run_cost(p)
}

/// Number of shards of the job `histogram`.
pub fn shards(p: &Params) -> u32 {
    let blocks = p.replicas.div_ceil(LANES as u32);
    ((cost(p) / SHARD).ceil() as u32).clamp(1, blocks)
}

/// One shard: `log|z_t/z_0|/t` of some of the runs; −∞ for those that have landed.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let Some(sampler) = p.sgd.sampler() else { return Vec::new() };
    let blocks = p.replicas.div_ceil(LANES as u32);
    let edge = |shard: u32| {
        let block = u64::from(blocks) * u64::from(shard) / u64::from(shards(p));
        (block as u32 * LANES as u32).min(p.replicas)
    };
    let runs = edge(shard)..edge(shard + 1);
    let count = runs.len();
    let logs =
        log_products_of(&sampler, factor(p, p.sgd.lr), (p.horizon, p.horizon), (p.sgd.seed, 0), runs.clone());
    logs[count..].iter().map(|log| log / f64::from(p.horizon)).collect()
}

/// What the finished runs say.
pub struct Runs {
    /// `log|z_t/z_0|/t` of each, ascending; those that landed first, as −∞.
    pub rates: Vec<f64>,
    /// How many landed exactly.
    pub landed: usize,
    /// How many are farther away than at their start.
    pub grown: usize,
    /// Their mean, if none landed.
    pub mean: Option<Mean>,
}

/// The finished runs; `None` if there are none yet.
pub fn runs(done: &Done) -> Rc<Option<Runs>> {
    done.made("runs", &["histogram"], "", || {
        let mut rates: Vec<f64> = done.shards("histogram").iter().flatten().flatten().copied().collect();
        if rates.is_empty() {
            return None;
        }
        stats::sort(&mut rates);
        let landed = rates.partition_point(|rate| *rate == f64::NEG_INFINITY);
        let grown = rates.len() - rates.partition_point(|rate| *rate <= 0.0);
        let mean = (landed == 0).then(|| stats::mean(&rates));
        Some(Runs { rates, landed, grown, mean })
    })
}

/// The bars: left end of the first, width, share of all runs per unit of the axis.
struct Bars {
    from: f64,
    width: f64,
    density: Vec<f64>,
}

/// Bars over the finite runs. With two equally likely or unlikely step sizes the sums lie on a lattice, and a bar holds
/// equally many of its points.
fn bars(p: &Params, runs: &Runs, (low, high): (f64, f64)) -> Bars {
    let count = (2.0 * libm::cbrt(runs.rates.len() as f64)).clamp(8.0, 60.0);
    let mut width = (high - low) / count.round();
    let mut from = low;
    if let Some((anchor, spacing)) = lattice(p) {
        width = (width / spacing).ceil().max(1.0) * spacing;
        from = anchor + ((low - anchor) / spacing).floor() * spacing - 0.5 * spacing;
    }
    let cells = (((high - from) / width).ceil() as usize).clamp(1, 400);
    let mut density = vec![0.0; cells];
    for rate in &runs.rates[runs.landed..] {
        let cell = (rate - from) / width;
        if cell >= 0.0 && (cell as usize) < cells {
            density[cell as usize] += 1.0 / (runs.rates.len() as f64 * width);
        }
    }
    Bars { from, width, density }
}

/// A value and the spacing of `log|z_t/z_0|/t`, if steps have two sizes.
fn lattice(p: &Params) -> Option<(f64, f64)> {
    if p.sgd.batch > 1 || p.sgd.samples() > 2 {
        return None;
    }
    let law = p.sgd.law_at()?.batch(1);
    let (offset, scale) = factor(p, p.sgd.lr);
    let [one, other] = law.atoms()?.0 else { return None };
    let size = |h: f64| libm::log((offset + scale * h).abs());
    let spacing = (size(*one) - size(*other)).abs() / f64::from(p.horizon);
    (spacing.is_finite() && spacing > 1e-9).then(|| (size(*one), spacing))
}

/// Λ and the spread of a step, where the central limit applies.
fn central_limit(known: &Known) -> Option<(f64, Spread)> {
    let exponent = known.direction.as_ref().map(|direction| direction.exponent.value);
    exponent.zip(known.spread).filter(|(_, spread)| {
        let variance = spread.variance.value;
        variance.is_finite() && variance > 1e-18 && spread.third.is_finite()
    })
}

/// The range of the horizontal axis: all finite runs and Λ, at least 3½ and at most [`FAR`] standard deviations around it.
fn extent(p: &Params, runs: Option<&Runs>, known: &Known) -> (f64, f64) {
    let exponent = known.direction.as_ref().map(|direction| direction.exponent.value);
    let finite = runs.map_or(&[][..], |runs| &runs.rates[runs.landed..]);
    let ends = [exponent.filter(|value| value.is_finite()), finite.first().copied(), finite.last().copied()];
    let low = ends.iter().flatten().copied().fold(f64::INFINITY, f64::min);
    let high = ends.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max);
    if low > high {
        return (-1.0, 1.0);
    }
    let margin = (0.08 * (high - low)).max(1e-3 * (1.0 + low.abs()));
    let (low, high) = (low - margin, high + margin);
    let Some((exponent, spread)) = central_limit(known) else { return (low, high) };
    let unit = (spread.variance.value / f64::from(p.horizon)).sqrt();
    let (low, high) = (low.min(exponent - 3.5 * unit), high.max(exponent + 3.5 * unit));
    (low.max(exponent - FAR * unit), high.min(exponent + FAR * unit))
}

/// The density of `log|z_t/z_0|/t` by the central limit, with the first correction for skewness (Edgeworth's), never
/// negative.
fn density(rate: f64, exponent: f64, spread: &Spread, steps: f64) -> f64 {
    let s = spread.variance.value.sqrt();
    let u = (rate - exponent) * steps.sqrt() / s;
    let skew = spread.third / (6.0 * s * s * s * steps.sqrt()) * (u * u * u - 3.0 * u);
    let bell = libm::exp(-0.5 * u * u) / (2.0 * std::f64::consts::PI).sqrt();
    steps.sqrt() / s * bell * (1.0 + skew).max(0.0)
}

/// The figure.
pub fn figure(p: &Params, done: &Done, known: &Known) -> Figure {
    let runs = runs(done);
    let runs = runs.as_ref().as_ref();
    let exponent = known.direction.as_ref().map(|direction| direction.exponent.value);
    let steps = f64::from(p.horizon);
    let (low, high) = extent(p, runs, known);
    let mut layers = Vec::new();
    let mut top = 0.0_f64;
    if let Some(runs) = runs {
        let bars = bars(p, runs, (low, high));
        top = bars.density.iter().copied().fold(0.0, f64::max);
        layers.push(outline(&bars));
    }
    if let Some((exponent, spread)) = central_limit(known) {
        let at = |step: usize| low + (high - low) * step as f64 / CURVE as f64;
        let curve: Vec<(f64, f64)> =
            (0..=CURVE).map(|step| (at(step), density(at(step), exponent, &spread, steps))).collect();
        top = curve.iter().map(|point| point.1).fold(top, f64::max);
        layers.push(line(curve, Ink::Strong, 1.8, Dash::Solid, Some("central limit")));
    }
    let all_landed = runs.filter(|runs| runs.landed == runs.rates.len());
    let label = all_landed.map(|runs| format!("all {} landed", runs.landed));
    layers.push(Layer::VLine { x: 0.0, ink: Ink::Muted, dash: Dash::Dashed, label });
    if let Some(value) = exponent.filter(|value| value.is_finite()) {
        let label = Some(format!("Λ = {}", number(value, 3)));
        layers.push(Layer::VLine { x: value, ink: Ink::Accent, dash: Dash::Solid, label });
    }
    Figure {
        title: format!("Growth per step of simulated runs after {} steps", p.horizon),
        alt: alt(p, runs, known),
        layers,
        ..blank(
            "histogram",
            Role::Side,
            1.5,
            linear("growth per step, ln|z(t)/z(0)|/t", low, high),
            linear("density of runs", 0.0, if top > 0.0 { 1.12 * top } else { 1.0 }),
        )
    }
}

/// The bars as one area.
fn outline(bars: &Bars) -> Layer {
    let mut x = Vec::new();
    let mut high = Vec::new();
    for (index, density) in bars.density.iter().enumerate() {
        let left = bars.from + bars.width * index as f64;
        x.extend([left, left + bars.width]);
        high.extend([*density; 2]);
    }
    Layer::Band { low: vec![0.0; x.len()], x, high, ink: STABLE, opacity: 0.4, name: "runs".to_owned() }
}

fn alt(p: &Params, runs: Option<&Runs>, known: &Known) -> String {
    let what = "Histogram of ln|z(t)/z(0)|/t, the growth per step of simulated runs, with the central limit’s density";
    let exponent = known
        .direction
        .as_ref()
        .map_or_else(String::new, |direction| format!("; Λ = {}", number(direction.exponent.value, 4)));
    format!("{what}{exponent}. {}", said(p, runs))
}

/// What the runs did, in a sentence.
pub fn said(p: &Params, runs: Option<&Runs>) -> String {
    let Some(runs) = runs else { return "The runs are on the way.".to_owned() };
    let landed = match runs.landed {
        0 => String::new(),
        count => format!(" {count} landed on the point exactly, to rounding, and are left out of the bars."),
    };
    format!(
        "After {} steps {} of {} simulated runs are farther away than at their start.{landed}",
        p.horizon,
        runs.grown,
        runs.rates.len()
    )
}

/// One line about a growth rate.
pub fn hover(done: &Done, rate: f64) -> String {
    let runs = runs(done);
    let Some(runs) = runs.as_ref() else { return String::new() };
    let below = runs.rates.partition_point(|other| *other <= rate);
    let share = 100.0 * below as f64 / runs.rates.len() as f64;
    format!("growth per step {}: {} % of the runs grow less", number(rate, 3), number(share, 3))
}

/// The bars.
pub fn table(p: &Params, done: &Done, known: &Known) -> Table {
    let columns = vec!["from".to_owned(), "to".to_owned(), "density of runs".to_owned()];
    let runs = runs(done);
    let Some(runs) = runs.as_ref() else { return Table { columns, rows: Vec::new() } };
    let bars = bars(p, runs, extent(p, Some(runs), known));
    let row = |(index, density): (usize, &f64)| {
        let left = bars.from + bars.width * index as f64;
        vec![number(left, 4), number(left + bars.width, 4), number(*density, 4)]
    };
    Table { columns, rows: bars.density.iter().enumerate().map(row).collect() }
}
