//! The batch size as signal over noise: Λ at this learning rate, and the rates that attract, against S.
//!
//! Both are drawn beside what small steps promise: Λ ≈ −λr − λ²E(γ + ĥ)²/2 with r = γ + E h, and so at a saddle (r < 0) the
//! critical rate −2r/E(γ + ĥ)², the signal over the noise.

use super::figures::{STABLE, area, blank, dot, line, linear, range, zero};
use super::parameters::Params;
use super::point::{Known, factor};
use crate::charts::figure::{Axis, Dash, Figure, Handle, Ink, Layer, Mark, ParamRef, Role, Scale};
use crate::core::critical::{self, Coverage, CriticalRate, Direction};
use crate::core::curvature::BatchLaw;
use crate::labs::direction::cost::{Costs, SHARD};
use crate::labs::direction::sgd::Sgd;
use crate::labs::summary::number;
use crate::labs::{Done, Table};
use crate::params::{Domain, ParamSet};
use std::rc::Rc;

/// The batch sizes, about √2 apart; the first of each eight are a coarse picture.
const SIZES: [u32; 24] = [
    1, 8, 64, 512, 4096, 2, 16, 128, 1024, 4, 32, 256, 2048, 3, 6, 11, 23, 45, 91, 181, 362, 724, 1448, 2896,
];
/// Points of a scan where the roots are not listed.
const SCANNED: f64 = 128.0;
/// Most work of such a scan.
const MOST_SCAN: f64 = 3e7;

/// The costs at each size, and the work of one job there.
fn work(p: &Params, each: impl Fn(&Costs) -> f64) -> [f64; 24] {
    SIZES.map(|batch| {
        let costs = Costs::of(&Sgd { batch, ..p.sgd.clone() });
        costs.preparation + each(&costs)
    })
}

fn exponent_work(p: &Params) -> [f64; 24] {
    work(p, |costs| costs.alone)
}

fn rate_work(p: &Params) -> [f64; 24] {
    work(p, |costs| 2e5 + (SCANNED * costs.in_row).min(MOST_SCAN))
}

/// The sizes of one shard: all at once where that is little work, else one by one.
fn part(work: &[f64; 24], shard: u32) -> &'static [u32] {
    if shards_of(work) == 1 { &SIZES } else { &SIZES[shard as usize..][..1] }
}

fn shards_of(work: &[f64; 24]) -> u32 {
    if work.iter().sum::<f64>() <= SHARD { 1 } else { SIZES.len() as u32 }
}

/// Shards and work of the job `batch-exponents`.
pub fn exponent_shards(p: &Params) -> (u32, f64) {
    let work = exponent_work(p);
    (shards_of(&work), work.iter().sum())
}

/// Shards and work of the job `batch-rates`.
pub fn rate_shards(p: &Params) -> (u32, f64) {
    let work = rate_work(p);
    (shards_of(&work), work.iter().sum())
}

/// One shard of `batch-exponents`: sizes and exponents in turn.
pub fn compute_exponents(p: &Params, shard: u32) -> Vec<f64> {
    let Some(law) = p.sgd.law_at() else { return Vec::new() };
    let (offset, scale) = factor(p, p.sgd.lr);
    let exponent = |batch: &u32| [f64::from(*batch), law.batch(*batch).exponent(offset, scale).value];
    part(&exponent_work(p), shard).iter().flat_map(exponent).collect()
}

/// One shard of `batch-rates`: for each size the size, the number of intervals with Λ < 0, and their ends.
pub fn compute_rates(p: &Params, shard: u32) -> Vec<f64> {
    let Some(law) = p.sgd.law_at() else { return Vec::new() };
    let mut numbers = Vec::new();
    for batch in part(&rate_work(p), shard) {
        let costs = Costs::of(&Sgd { batch: *batch, ..p.sgd.clone() });
        let intervals = stable(p, &law.batch(*batch), (MOST_SCAN / costs.in_row).clamp(24.0, SCANNED));
        numbers.extend([f64::from(*batch), intervals.len() as f64]);
        numbers.extend(intervals.iter().flat_map(|(from, to)| [*from, *to]));
    }
    numbers
}

/// The domain of the learning rate.
fn domain(p: &Params) -> (f64, f64) {
    let index = Sgd::index("lr").unwrap_or_default();
    match Sgd::specs()[index].domain {
        Domain::Log { min, max } => (min, max),
        _ => (p.sgd.lr, p.sgd.lr),
    }
}

/// Where Λ < 0 in the domain of the learning rate: between listed roots, else between changes of sign of a scan.
fn stable(p: &Params, law: &BatchLaw, points: f64) -> Vec<(f64, f64)> {
    let (low, high) = domain(p);
    let direction = Direction { law, decay: p.sgd.decay, sign: p.sgd.sign() };
    let found = critical::critical_rates(law, p.sgd.decay, p.sgd.sign(), low, high);
    let mut starts_stable = direction.exponent(low) < 0.0;
    let mut roots: Vec<f64> = Vec::new();
    if found.coverage == Coverage::NotListed {
        let at = |step: f64| low * libm::exp(libm::log(high / low) * step / points.floor());
        let places: Vec<f64> = (0..=points as usize).map(|step| at(step as f64)).collect();
        let factors: Vec<(f64, f64)> = places.iter().map(|lr| factor(p, *lr)).collect();
        let mut values = vec![0.0; places.len()];
        law.exponents(&factors, &mut values);
        for (lr, value) in places.windows(2).zip(values.windows(2)) {
            if (value[0] < 0.0) != (value[1] < 0.0) {
                let part = value[0] / (value[0] - value[1]);
                let part = if part.is_finite() { part } else { 0.5 };
                roots.push(lr[0] * libm::exp(part * libm::log(lr[1] / lr[0])));
            }
        }
        starts_stable = values[0] < 0.0;
    } else {
        let root = |rate: &CriticalRate| match rate {
            CriticalRate::Root(at) => Some(*at),
            CriticalRate::Pole { .. } => None,
        };
        roots.extend(found.rates.iter().filter_map(root));
    }
    if starts_stable {
        roots.insert(0, low);
    }
    roots.chunks(2).map(|pair| (pair[0], pair.get(1).copied().unwrap_or(high))).collect()
}

/// Λ at each size that is there, ascending.
fn known_exponents(done: &Done) -> Vec<(f64, f64)> {
    let mut pairs: Vec<(f64, f64)> = Vec::new();
    let shards = done.shards("batch-exponents").iter().flatten();
    for [batch, value] in shards.flat_map(|shard| shard.as_chunks().0) {
        let place = pairs.partition_point(|pair| pair.0 < *batch);
        pairs.insert(place, (*batch, *value));
    }
    pairs
}

/// A batch size, and the intervals of rates that attract.
type Window = (f64, Vec<(f64, f64)>);

/// The intervals at each size that is there, ascending.
pub fn known_windows(done: &Done) -> Rc<Vec<Window>> {
    done.made("windows", &["batch-rates"], "", || {
        let mut windows: Vec<Window> = Vec::new();
        for shard in done.shards("batch-rates").iter().flatten() {
            let mut rest = shard.as_slice();
            while let [batch, count, tail @ ..] = rest {
                let (ends, next) = tail.split_at((2.0 * count) as usize);
                let place = windows.partition_point(|window| window.0 < *batch);
                windows.insert(place, (*batch, ends.as_chunks().0.iter().map(|[a, b]| (*a, *b)).collect()));
                rest = next;
            }
        }
        windows
    })
}

fn sizes() -> Axis {
    Axis { label: "batch size S".to_owned(), min: 0.8, max: 5000.0, scale: Scale::Log }
}

const BATCH: ParamRef = ParamRef { key: "batch", index: None };

/// γ + E h, and its variance of one sample.
fn signal(p: &Params, known: &Known) -> Option<(f64, f64)> {
    let curvature = known.curvature?;
    Some((p.sgd.decay + curvature.mean, curvature.variance * f64::from(p.sgd.batch)))
}

/// A curve over the batch size.
fn over_sizes(value: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    (0..=96).map(|step| libm::exp2(f64::from(step) / 8.0)).map(|batch| (batch, value(batch))).collect()
}

/// Λ at this learning rate against the batch size.
pub fn exponents(p: &Params, done: &Done, known: &Known) -> Figure {
    let points = known_exponents(done);
    let here = known.direction.as_ref().map(|direction| direction.exponent.value);
    let (low, high) = range(points.iter().map(|point| point.1).chain(here));
    let landing = !points.is_empty() && points.iter().all(|point| point.1 == f64::NEG_INFINITY);
    let mut layers = vec![zero(landing.then(|| "Λ = −∞ at every size: a step can land exactly".to_owned()))];
    layers.insert(0, area((0.8, 5000.0), (low, 0.0), STABLE, 0.16));
    if let Some((rate, variance)) = signal(p, known) {
        let lr = p.sgd.lr;
        let small = over_sizes(|batch| -lr * rate - 0.5 * lr * lr * (rate * rate + variance / batch));
        layers.push(line(small, Ink::Muted, 1.5, Dash::Dashed, Some("small steps")));
    }
    layers.push(line(points.clone(), Ink::Strong, 1.8, Dash::Solid, Some("exact")));
    layers.push(Layer::Points { points, ink: Ink::Strong, radius: 2.2 });
    let at = (f64::from(p.sgd.batch), here.unwrap_or(0.0).clamp(low, high));
    if let Some(value) = here {
        layers.push(dot(at, format!("S = {}: Λ = {}", p.sgd.batch, number(value, 3))));
    }
    let exponent =
        here.map_or_else(String::new, |value| format!(" At S = {} it is {}.", p.sgd.batch, number(value, 4)));
    Figure {
        title: format!("Λ at λ = {} against the batch size", number(p.sgd.lr, 4)),
        alt: format!(
            "Curve of the exponent Λ at the learning rate {} over batch sizes from 1 to 4096, beside its small-step \
             approximation.{exponent}",
            number(p.sgd.lr, 4)
        ),
        layers,
        handles: vec![Handle { at, x: Some(BATCH), y: None }],
        ..blank("batch-exponent", Role::Side, 1.5, sizes(), linear("exponent Λ, nats per step", low, high))
    }
}

/// The rates that attract, against the batch size.
pub fn rates(p: &Params, done: &Done, known: &Known) -> Figure {
    let windows = known_windows(done);
    let (low, high) = domain(p);
    let estimate = signal(p, known).filter(|(rate, _)| *rate != 0.0).map(|(rate, variance)| {
        (rate, over_sizes(move |batch| 2.0 * rate.abs() / (rate * rate + variance / batch)))
    });
    let ends = windows.iter().flat_map(|window| window.1.iter().flat_map(|(from, to)| [*from, *to]));
    let ends = ends.filter(|end| *end > low && *end < high).chain([p.sgd.lr]);
    let drawn = estimate.iter().flat_map(|(_, points)| points.iter().map(|point| point.1));
    let (least, most) = ends
        .chain(drawn.filter(|rate| rate.is_finite()))
        .fold((high, low), |(least, most), rate| (rate.min(least), rate.max(most)));
    let (bottom, top) = ((least / 2.5).clamp(low, high / 2.0), (most * 2.5).clamp(low * 2.0, high));
    let mut layers = Vec::new();
    for (batch, intervals) in windows.iter() {
        for (from, to) in intervals {
            let bar = (batch / 1.13, batch * 1.13);
            layers.push(area(bar, (from.max(bottom), to.min(top)), STABLE, 0.55));
        }
    }
    if let Some((rate, points)) = estimate {
        let name = if rate < 0.0 { "small steps" } else { "L₂ limit" };
        layers.push(line(points, Ink::Muted, 1.5, Dash::Dashed, Some(name)));
    }
    let label = Some(format!("λ = {}", number(p.sgd.lr, 3)));
    layers.push(Layer::HLine { y: p.sgd.lr, ink: Ink::Accent, dash: Dash::Solid, label });
    let at = (f64::from(p.sgd.batch), p.sgd.lr);
    layers.push(Layer::Marker { x: at.0, y: at.1, mark: Mark::Crosshair, label: None });
    let lr = Some(ParamRef { key: "lr", index: None });
    Figure {
        title: "Learning rates that attract, against the batch size".to_owned(),
        alt: said(done).map_or_else(
            || "Bars of the learning rates that attract, for batch sizes from 1 to 4096; they are on the way.".to_owned(),
            |said| format!("Bars of the learning rates that attract, for batch sizes from 1 to 4096. {said}"),
        ),
        layers,
        handles: vec![Handle { at, x: Some(BATCH), y: lr }],
        ..blank(
            "batch-rate",
            Role::Side,
            1.5,
            sizes(),
            Axis { label: "learning rate λ".to_owned(), min: bottom, max: top, scale: Scale::Log },
        )
    }
}

/// For which of the sizes some rate attracts, in a sentence, once all are there.
pub fn said(done: &Done) -> Option<String> {
    if !done.complete("batch-rates") {
        return None;
    }
    let windows = known_windows(done);
    // A window narrower than a hundredth of its rate cannot be hit by choosing a rate.
    let is_wide = |window: &&Window| window.1.iter().any(|(from, to)| *to > 1.01 * from);
    let wide: Vec<&Window> = windows.iter().filter(is_wide).collect();
    let all = windows.len();
    Some(match wide.last() {
        None => format!("At none of {all} batch sizes is there a window wider than a hundredth of its rate."),
        Some(_) if wide.len() == all => format!("There is a window at every one of {all} batch sizes."),
        Some((largest, _)) => format!(
            "At {} of {all} batch sizes there is a window wider than a hundredth of its rate, the largest is S = {largest}.",
            wide.len()
        ),
    })
}

/// One line about a batch size.
pub fn hover(p: &Params, done: &Done, figure: &str, batch: f64) -> String {
    let far = |size: f64| libm::log(size / batch.max(0.1)).abs();
    if figure == "batch-exponent" {
        let points = known_exponents(done);
        let near = points.iter().min_by(|a, b| far(a.0).total_cmp(&far(b.0)));
        return near.map_or_else(String::new, |(size, value)| {
            format!("batch size {size}, λ = {}: Λ = {}", number(p.sgd.lr, 3), number(*value, 3))
        });
    }
    let windows = known_windows(done);
    let near = windows.iter().min_by(|a, b| far(a.0).total_cmp(&far(b.0)));
    near.map_or_else(String::new, |(size, intervals)| format!("batch size {size}: {}", listed(intervals)))
}

fn listed(intervals: &[(f64, f64)]) -> String {
    let (low, high) = (1e-3, 100.0);
    let one = |(from, to): &(f64, f64)| match (*from <= low, *to >= high) {
        (true, true) => "every λ".to_owned(),
        (true, false) => format!("λ below {}", number(*to, 4)),
        (false, true) => format!("λ above {}", number(*from, 4)),
        (false, false) => format!("λ from {} to {}", number(*from, 4), number(*to, 4)),
    };
    let shown: Vec<String> = intervals.iter().take(4).map(one).collect();
    match intervals.len() {
        0 => "no λ attracts".to_owned(),
        count if count > 4 => format!("{} and {} more intervals attract", shown.join(", "), count - 4),
        _ => format!("{} attracts", shown.join(", ")),
    }
}

/// The numbers of both figures.
pub fn table(done: &Done, figure: &str) -> Table {
    if figure == "batch-exponent" {
        let columns = vec!["batch size S".to_owned(), "exponent Λ, nats per step".to_owned()];
        let row = |(size, value): (f64, f64)| vec![size.to_string(), number(value, 4)];
        return Table { columns, rows: known_exponents(done).into_iter().map(row).collect() };
    }
    let columns = vec!["batch size S".to_owned(), "learning rates that attract".to_owned()];
    let row = |(size, intervals): &Window| vec![size.to_string(), listed(intervals)];
    Table { columns, rows: known_windows(done).iter().map(row).collect() }
}
