//! The main figure: Λ over the learning rate, its window, its critical rates, and the reader's rate on it.

use super::curve::{self, Curve};
use super::figures::{STABLE, area, blank, line, linear, zero};
use super::parameters::{Params, rates};
use super::point::{Known, factor};
use super::window;
use crate::charts::figure::{Axis, Dash, Figure, Handle, Ink, Layer, Mark, ParamRef, Role};
use crate::charts::palette;
use crate::core::critical::Coverage;
use crate::core::exponent::CriticalRate;
use crate::labs::direction::point::is_quick;
use crate::labs::direction::sgd::RATES;
use crate::labs::summary::number;
use crate::labs::{Done, Table};

/// Critical rates named on the curve; beyond, ticks only.
const NAMED: usize = 6;
/// Rows of the data table.
const ROWS: usize = 41;

/// The figure.
pub fn figure(p: &Params, done: &Done, known: &Known) -> Figure {
    let x = rates(p);
    let curve = curve::made(p, done);
    let curve = curve.as_ref().as_ref();
    let (low, high) = window::shown(done, curve.map_or((-1.0, 1.0), |curve| curve.range));
    let y = linear("exponent Λ, nats per step", low, high);
    let mut layers = Vec::new();
    if let Some(curve) = curve {
        layers.extend(curve.stable.iter().map(|&ends| area(ends, (low, high), STABLE, 0.16, "Λ < 0")));
    }
    layers.push(zero(curve.and_then(|curve| no_window(curve, known))));
    if let Some(curve) = curve {
        layers.extend(window::layers(done, &x, (low, high)));
        layers.push(line(curve.points.clone(), Ink::Strong, 2.0, Dash::Solid, None));
    }
    layers.extend(ticks(&x, known));
    let exponent = known.direction.as_ref().map(|direction| direction.exponent.value);
    // At a pole, and where the curve leaves the figure, the point waits at its edge.
    let at = (p.sgd.lr, exponent.unwrap_or(0.0).clamp(low, high));
    if x.min <= at.0 && at.0 <= x.max {
        let label = exponent.map(|value| format!("Λ = {}", number(value, 3)));
        layers.push(Layer::Marker { x: at.0, y: at.1, mark: Mark::Crosshair, label });
    }
    let key = curve.filter(|curve| !curve.stable.is_empty());
    let mut entries: Vec<_> =
        key.map(|_| (palette::PHASE_IB, "Λ < 0: attracts".to_owned())).into_iter().collect();
    entries.extend(window::key(done));
    Figure {
        title: "Growth per step Λ against the learning rate".to_owned(),
        alt: alt(p, &x, curve, exponent),
        key: entries,
        layers,
        handles: vec![handle(at)],
        ..blank("exponent", Role::Main, 1.9, x, y)
    }
}

/// A handle whose abscissa is the learning rate.
pub fn handle(at: (f64, f64)) -> Handle {
    Handle { at, x: Some(ParamRef { key: "lr", index: None }), y: None }
}

/// Said on the zero line if no rate in view is stable.
fn no_window(curve: &Curve, known: &Known) -> Option<String> {
    let rates = known.rates.as_ref()?;
    let nowhere = curve.stable.is_empty() && curve.points.iter().any(|point| point.1 > 0.0);
    let everywhere = rates.rates.is_empty() && rates.coverage == Coverage::Complete;
    match (nowhere, everywhere) {
        (true, true) => Some(format!("no window: Λ > 0 at every λ from {} to {}", RATES.0, RATES.1)),
        (true, false) => Some("no window in this range".to_owned()),
        (false, _) => None,
    }
}

/// The critical rates in view.
fn ticks(x: &Axis, known: &Known) -> Vec<Layer> {
    let rates = known.rates.as_ref().map_or(&[][..], |known| &known.rates);
    let at = |rate: &CriticalRate| match rate {
        CriticalRate::Root(at) | CriticalRate::Pole { at, .. } => *at,
    };
    let in_view: Vec<f64> = rates.iter().map(at).filter(|at| *at >= x.min && *at <= x.max).collect();
    let named = in_view.len() <= NAMED;
    let tick = |at: f64| Layer::Marker {
        x: at,
        y: 0.0,
        mark: Mark::Tick,
        label: named.then(|| format!("λ = {}", number(at, 4))),
    };
    in_view.into_iter().map(tick).collect()
}

fn alt(p: &Params, x: &Axis, curve: Option<&Curve>, exponent: Option<f64>) -> String {
    let mut text = format!(
        "Curve of the exponent Λ over learning rates from {} to {}; {}; batch size {}.",
        number(x.min, 4),
        number(x.max, 4),
        p.sgd.law_in_words(),
        p.sgd.batch
    );
    if let Some(value) = exponent {
        text = format!("{text} At λ = {} it is {}.", number(p.sgd.lr, 4), number(value, 4));
    }
    let Some(curve) = curve else { return text };
    let window = |(from, to): &(f64, f64)| format!("{} to {}", number(*from, 4), number(*to, 4));
    let shown: Vec<String> = curve.stable.iter().take(NAMED).map(window).collect();
    match curve.stable.len() {
        0 => format!("{text} It is negative nowhere in this range."),
        count if count > NAMED => format!("{text} It is negative in {count} intervals."),
        _ => format!("{text} It is negative from {}.", shown.join(", from ")),
    }
}

/// One line about a learning rate.
pub fn hover(p: &Params, done: &Done, lr: f64) -> String {
    let x = rates(p);
    if !(x.min..=x.max).contains(&lr) {
        return String::new();
    }
    match at(p, done, lr) {
        Some(value) => {
            let says = if value < 0.0 { "attracts" } else { "does not attract" };
            format!("{} {}: Λ = {}, {says}", x.label, number(lr, 3), number(value, 3))
        }
        None => format!("{} {}", x.label, number(lr, 3)),
    }
}

/// Λ at a learning rate: computed if that is quick, else between points of the curve.
pub fn at(p: &Params, done: &Done, lr: f64) -> Option<f64> {
    if is_quick(&p.sgd) {
        let (offset, scale) = factor(p, lr);
        return Some(p.sgd.batch_law()?.exponent(offset, scale).value);
    }
    let curve = curve::made(p, done);
    let points = &curve.as_ref().as_ref()?.points;
    let after = points.partition_point(|point| point.0 < lr).clamp(1, points.len().max(2) - 1);
    let ((x, y), (next, value)) = (*points.get(after - 1)?, *points.get(after)?);
    let part = (lr - x) / (next - x).max(f64::MIN_POSITIVE);
    Some(if part > 0.0 { y + (value - y) * part } else { y })
}

/// Λ at even steps of the axis.
pub fn table(p: &Params, done: &Done) -> Table {
    let x = rates(p);
    let columns = vec![x.label.clone(), "exponent Λ, nats per step".to_owned(), "attracts".to_owned()];
    let places = (0..ROWS).map(|row| x.at(row as f64 / (ROWS - 1) as f64));
    let row = |lr: f64| {
        let value = at(p, done, lr)?;
        Some(vec![number(lr, 4), number(value, 4), if value < 0.0 { "yes" } else { "no" }.to_owned()])
    };
    Table { columns, rows: places.filter_map(row).collect() }
}
