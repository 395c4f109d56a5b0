//! The two figures over the batch size.

use super::{Windows, known_exponents, known_windows, said};
use crate::charts::figure::{Axis, Dash, Figure, Handle, Ink, Layer, Mark, ParamRef, Role, Scale};
use crate::core::critical::{SMALL_STEP, approximate_critical_rate};
use crate::labs::direction::sgd::RATES;
use crate::labs::stability::figures::{STABLE, area, blank, dot, line, linear, range, zero};
use crate::labs::stability::parameters::Params;
use crate::labs::stability::point::Known;
use crate::labs::summary::number;
use crate::labs::{Done, Table};

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
    (0..=96).map(|step| libm::pow(2.0, f64::from(step) / 8.0)).map(|batch| (batch, value(batch))).collect()
}

/// A named part of a curve.
type Part = (Option<&'static str>, Dash, Vec<(f64, f64)>);

/// The rate that γ + E h = `rate` and the variance of one sample promise at each batch size: at a saddle the critical rate for
/// small steps, as far as steps are small there and beyond; at a minimum the mean-square limit.
fn promised((rate, variance): (f64, f64)) -> Vec<Part> {
    if rate > 0.0 {
        let limit = over_sizes(|batch| 2.0 * rate / (rate * rate + variance / batch));
        return vec![(Some("L₂ limit"), Dash::Dashed, limit)];
    }
    let at = |batch: f64| approximate_critical_rate(rate, variance / batch, 0.0);
    let points = over_sizes(|batch| at(batch).map_or(f64::NAN, |found| found.rate));
    // Steps grow with the batch: its noise is what keeps the rate small.
    let small = points.partition_point(|(batch, _)| at(*batch).is_some_and(|found| found.step <= SMALL_STEP));
    let (good, bad) = (points[..small].to_vec(), points[small.saturating_sub(1)..].to_vec());
    // One name for both, at the right end.
    let (short, long) = (Some("small steps"), Some("small steps; dotted: not small"));
    match (good.len() > 1, bad.len() > 1) {
        (true, false) => vec![(short, Dash::Dashed, good)],
        (false, _) => vec![(long, Dash::Dotted, bad)],
        (true, true) => vec![(None, Dash::Dashed, good), (long, Dash::Dotted, bad)],
    }
}

/// Λ at this learning rate against the batch size.
pub fn exponents(p: &Params, done: &Done, known: &Known) -> Figure {
    let points = known_exponents(done);
    let here = known.direction.as_ref().map(|direction| direction.exponent.value);
    let (low, high) = range(points.iter().map(|point| point.1).chain(here));
    let landing = points.iter().filter(|point| point.1 == f64::NEG_INFINITY).count();
    let said = match landing {
        0 => None,
        _ if landing == points.len() => Some("Λ = −∞: a step can land exactly".to_owned()),
        _ => Some(format!("Λ = −∞ at {landing} of {} sizes", points.len())),
    };
    // The pen is lifted where Λ = −∞.
    let lifted =
        |(size, value): (f64, f64)| (size, if value == f64::NEG_INFINITY { f64::NAN } else { value });
    let points: Vec<(f64, f64)> = points.into_iter().map(lifted).collect();
    let mut layers = vec![zero(said)];
    layers.insert(0, area((0.8, 5000.0), (low, 0.0), STABLE, 0.16, "Λ < 0"));
    if let Some((rate, variance)) = signal(p, known) {
        let lr = p.sgd.lr;
        let small = over_sizes(|batch| -lr * rate - 0.5 * lr * lr * (rate * rate + variance / batch));
        layers.push(line(small, Ink::Muted, 1.5, Dash::Dashed, Some("small steps")));
    }
    layers.push(line(points.clone(), Ink::Strong, 1.8, Dash::Solid, Some("exact")));
    layers.push(Layer::Points { points, ink: Ink::Strong, radius: 2.2 });
    let at = (f64::from(p.sgd.batch), here.unwrap_or(0.0).clamp(low, high));
    if let Some(value) = here {
        layers.push(dot(at, format!("Λ = {}", number(value, 3))));
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
    let (low, high) = RATES;
    let promised = signal(p, known).filter(|(rate, _)| *rate != 0.0).map(promised);
    let ends = windows.iter().flat_map(|one| one.intervals.iter().flat_map(|(from, to)| [*from, *to]));
    let ends = ends.filter(|end| *end > low && *end < high).chain([p.sgd.lr]);
    let drawn = promised.iter().flatten().flat_map(|(_, _, points)| points.iter().map(|point| point.1));
    let (least, most) = ends
        .chain(drawn.filter(|rate| rate.is_finite()))
        .fold((high, low), |(least, most), rate| (rate.min(least), rate.max(most)));
    let (bottom, top) = ((least / 2.5).clamp(low, high / 2.0), (most * 2.5).clamp(low * 2.0, high));
    let mut layers = Vec::new();
    for one in windows.iter() {
        for (from, to) in &one.intervals {
            let bar = (one.batch / 1.13, one.batch * 1.13);
            layers.push(area(bar, (from.max(bottom), to.min(top)), STABLE, 0.55, "Λ < 0"));
        }
    }
    for (name, dash, points) in promised.into_iter().flatten() {
        layers.push(line(points, Ink::Muted, 1.5, dash, name));
    }
    layers.push(Layer::HLine { y: p.sgd.lr, ink: Ink::Accent, dash: Dash::Solid, label: None });
    let at = (f64::from(p.sgd.batch), p.sgd.lr);
    layers.push(Layer::Marker { x: at.0, y: at.1, mark: Mark::Crosshair, label: None });
    let lr = Some(ParamRef { key: "lr", index: None });
    Figure {
        title: "Learning rates that attract, against the batch size".to_owned(),
        alt: format!(
            "Bars of the learning rates that attract, for batch sizes from 1 to 4096; {}. {} The reader’s point is S = {}, \
             λ = {}.",
            p.sgd.law_in_words(),
            said(done).unwrap_or_else(|| "They are on the way.".to_owned()),
            p.sgd.batch,
            number(p.sgd.lr, 4)
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
    let near = windows.iter().min_by(|a, b| far(a.batch).total_cmp(&far(b.batch)));
    near.map_or_else(String::new, |one| format!("batch size {}: {}", one.batch, listed(one)))
}

/// The rates that attract, and to which resolution they were looked for if not every one is listed.
fn listed(one: &Windows) -> String {
    let ((low, high), intervals) = (RATES, &one.intervals);
    let interval = |(from, to): &(f64, f64)| match (*from <= low, *to >= high) {
        (true, true) => format!("every λ from {low} to {high}"),
        (true, false) => format!("λ below {}", number(*to, 4)),
        (false, true) => format!("λ above {}", number(*from, 4)),
        _ if number(*from, 4) == number(*to, 4) => format!("λ about {}", number(*from, 4)),
        (false, false) => format!("λ from {} to {}", number(*from, 4), number(*to, 4)),
    };
    let shown: Vec<String> = intervals.iter().take(4).map(interval).collect();
    let words = match intervals.len() {
        0 => "no λ attracts".to_owned(),
        count if count > 4 => format!("{} and {} more intervals attract", shown.join(", "), count - 4),
        _ => format!("{} attracts", shown.join(", ")),
    };
    if one.scanned > 0.0 { format!("{words} (resolution: {} rates)", one.scanned) } else { words }
}

/// The numbers of both figures.
pub fn table(done: &Done, figure: &str) -> Table {
    if figure == "batch-exponent" {
        let columns = vec!["batch size S".to_owned(), "exponent Λ, nats per step".to_owned()];
        let row = |(size, value): (f64, f64)| vec![size.to_string(), number(value, 4)];
        return Table { columns, rows: known_exponents(done).into_iter().map(row).collect() };
    }
    let columns = vec!["batch size S".to_owned(), "learning rates that attract".to_owned()];
    let row = |one: &Windows| vec![one.batch.to_string(), listed(one)];
    Table { columns, rows: known_windows(done).iter().map(row).collect() }
}
