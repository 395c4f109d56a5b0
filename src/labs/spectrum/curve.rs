//! The main figure: every exponent over the learning rate, runs with error bars on exact curves, and the limits of the mean
//! square and of gradient descent.

use super::exact::{self, Curve};
use super::parameters::{Params, rates};
use super::point::Known;
use super::quantities::{error_shown, limit_in_view, shown};
use super::sweep::{self, Place};
use crate::charts::figure::{Axis, Dash, Figure, Handle, Ink, Layer, Mark, ParamRef, Role};
use crate::charts::palette;
use crate::core::matrix_product::Verdict;
use crate::core::stats;
use crate::labs::drawing::{STABLE, area, blank, line, linear, zero};
use crate::labs::summary::number;
use crate::labs::{Done, Table};
use std::fmt::Write as _;

/// The colour of runs.
const RUNS: Ink = Ink::Fixed(palette::PHASE_II);

/// The figure.
pub fn figure(p: &Params, done: &Done, known: &Known) -> Figure {
    let x = rates(p);
    let curve = exact::made(p, done);
    let curve = curve.as_ref().as_ref();
    let places = sweep::made(p, done);
    let (low, high) = range(curve, &places, known);
    let mut layers = Vec::new();
    let stable = curve.map(|curve| curve.stable(known.critical.as_deref().unwrap_or(&[])));
    if let Some(stable) = &stable {
        layers.extend(stable.iter().map(|ends| area(*ends, (low, high), STABLE, 0.12, "exact Λ₁ < 0")));
    }
    layers.push(zero(None));
    let limits = limit_in_view(known.limits, x.min, x.max);
    layers.extend(limits.iter().map(|(name, rate)| Layer::VLine {
        x: *rate,
        ink: Ink::Muted,
        dash: if *name == "GD" { Dash::Dotted } else { Dash::Dashed },
        label: Some(format!("{name} {}", number(*rate, 3))),
    }));
    if let Some(curve) = curve {
        layers.extend(exact_lines(curve));
    }
    layers.extend(runs(&places, p.measured()));
    let critical = known.critical.as_deref().unwrap_or(&[]);
    layers.extend(critical.iter().filter(|rate| (x.min..=x.max).contains(*rate)).map(|rate| Layer::Marker {
        x: *rate,
        y: 0.0,
        mark: Mark::Tick,
        label: Some(format!("λ = {}", number(*rate, 4))),
    }));
    let top = known.top();
    let at = (p.lr, top.unwrap_or(0.0).clamp(low, high));
    if x.min <= at.0 && at.0 <= x.max {
        let label = top.map(|value| format!("Λ₁ = {}", number(value, 3)));
        layers.push(Layer::Marker { x: at.0, y: at.1, mark: Mark::Crosshair, label });
    }
    let mut key = vec![(palette::PHASE_II, "runs, 95 % bars".to_owned())];
    if stable.as_ref().is_some_and(|stable| !stable.is_empty()) {
        key.push((palette::PHASE_IB, "Λ₁ < 0: attracts".to_owned()));
    }
    Figure {
        title: "Lyapunov exponents against the learning rate".to_owned(),
        alt: alt(p, &x, stable.as_deref(), &places, &limits, top),
        key,
        layers,
        handles: vec![handle(at)],
        ..blank("spectrum", Role::Main, 1.9, x, linear("exponents Λᵢ, nats per step", low, high))
    }
}

/// A handle whose abscissa is the learning rate.
pub fn handle(at: (f64, f64)) -> Handle {
    Handle { at, x: Some(ParamRef { key: "lr", index: None }), y: None }
}

/// The range of the exponents that shows the first whole, and the others without the depth of their poles.
fn range(curve: Option<&Curve>, places: &[Place], known: &Known) -> (f64, f64) {
    let mut all: Vec<f64> = Vec::new();
    all.extend(curve.iter().flat_map(|curve| curve.rows.iter().flat_map(|row| &row.1)));
    all.extend(places.iter().flat_map(|place| place.run.spectrum.exponents.iter().map(|found| found.value)));
    all.extend(known.top());
    all.retain(|value| value.is_finite());
    stats::sort(&mut all);
    if all.is_empty() {
        return (-1.0, 1.0);
    }
    let tops = curve.iter().flat_map(|curve| curve.rows.iter().filter_map(|row| row.1.first().copied()));
    let tops = tops.chain(places.iter().map(|place| place.run.spectrum.exponents[0].value));
    let tops = tops.filter(|value| value.is_finite());
    let (least, top) = tops.fold((0.0_f64, 0.0_f64), |(least, most), x| (least.min(x), most.max(x)));
    let bottom = stats::quantile(&all, 0.03).max(-4.0 * top.max(-least).max(1e-3)).min(least);
    let size = top - bottom;
    if size > 1e-9 { (bottom - 0.06 * size, top + 0.1 * size) } else { (-0.1, 0.1) }
}

/// The exact curves: the first bold.
fn exact_lines(curve: &Curve) -> Vec<Layer> {
    let count = curve.rows.iter().map(|row| row.1.len()).max().unwrap_or(0);
    let one = |i: usize| {
        let points = curve.rows.iter().filter_map(|row| Some((row.0, *row.1.get(i)?))).collect();
        let (ink, width) = if i == 0 { (Ink::Strong, 2.2) } else { (Ink::Muted, 1.1) };
        line(points, ink, width, Dash::Solid, (i == 0).then_some("Λ₁ exact"))
    };
    // the first is drawn last, over the others
    (0..count).rev().map(one).collect()
}

/// The runs: dots with bars.
fn runs(places: &[Place], measured: usize) -> Vec<Layer> {
    let mut layers = Vec::new();
    for i in (0..measured).rev() {
        let mut bars = Vec::new();
        let mut dots = Vec::new();
        for place in places {
            let found = place.run.spectrum.exponents[i];
            if !found.value.is_finite() {
                continue;
            }
            dots.push((place.rate, found.value));
            let half = place.score * found.standard_error;
            if half.is_finite() && half > 0.0 {
                bars.extend([
                    (place.rate, found.value - half),
                    (place.rate, found.value + half),
                    (f64::NAN, f64::NAN),
                ]);
            }
        }
        let (ink, radius) = if i == 0 { (RUNS, 3.0) } else { (Ink::Muted, 2.0) };
        if !bars.is_empty() {
            layers.push(line(bars, ink, 1.3, Dash::Solid, None));
        }
        if !dots.is_empty() {
            layers.push(Layer::Points { points: dots, ink, radius });
        }
    }
    layers
}

fn alt(
    p: &Params,
    x: &Axis,
    stable: Option<&[(f64, f64)]>,
    places: &[Place],
    limits: &[(&'static str, f64)],
    top: Option<f64>,
) -> String {
    let mut text = format!(
        "Lyapunov exponents over learning rates from {} to {}; {}.",
        number(x.min, 4),
        number(x.max, 4),
        p.in_words()
    );
    if let Some(top) = top {
        let _ = write!(text, " At λ = {} the first is {}.", number(p.lr, 4), number(top, 4));
    }
    match stable {
        None => {
            let attractive = places.iter().filter(|place| place.verdict == Verdict::Attractive).count();
            let _ = write!(
                text,
                " No closed form; {attractive} of {} runs along the axis are attracted at 99 %.",
                places.len()
            );
        }
        Some([]) => text += " The exact first exponent is negative nowhere in this range.",
        Some(stable) => {
            let window = |(from, to): &(f64, f64)| format!("{} to {}", number(*from, 4), number(*to, 4));
            let shown: Vec<String> = stable.iter().map(window).collect();
            let _ = write!(text, " The exact first exponent is negative from {}.", shown.join(", from "));
        }
    }
    for (name, rate) in limits {
        let _ = write!(text, " {name} limit at {}.", number(*rate, 4));
    }
    text
}

/// The run nearest to a learning rate.
fn nearest<'a>(p: &Params, places: &'a [Place], rate: f64) -> Option<&'a Place> {
    let axis = rates(p);
    let distance = |place: &&Place| (axis.fraction(place.rate) - axis.fraction(rate)).abs();
    places.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

/// One line about a learning rate.
pub fn hover(p: &Params, done: &Done, rate: f64) -> String {
    let x = rates(p);
    if !(x.min..=x.max).contains(&rate) {
        return String::new();
    }
    let mut text = format!("{} {}", x.label, number(rate, 3));
    let curve = exact::made(p, done);
    if let Some(top) = curve.as_ref().as_ref().and_then(|curve| curve.top(rate)) {
        let _ = write!(text, ": Λ₁ = {} (exact curve)", number(top, 3));
    }
    if let Some(place) = nearest(p, &sweep::made(p, done), rate) {
        let found = place.run.spectrum.exponents[0];
        let _ = write!(text, "; run at {}: {}", number(place.rate, 3), shown(&found));
    }
    text
}

/// The runs with the exact values beside them.
pub fn table(p: &Params, done: &Done) -> Table {
    let x = rates(p);
    let columns = [
        &x.label,
        "Λ₁ of the run",
        "standard error",
        "last exponent of the run",
        "exact Λ₁ (curve)",
        "verdict at 99 %",
    ];
    let curve = exact::made(p, done);
    let curve = curve.as_ref().as_ref();
    let row = |place: &Place| {
        let exponents = &place.run.spectrum.exponents;
        let exact = curve.and_then(|curve| curve.top(place.rate));
        vec![
            number(place.rate, 4),
            number(exponents[0].value, 4),
            error_shown(&exponents[0]),
            exponents.last().map_or_else(String::new, |last| number(last.value, 4)),
            exact.map_or_else(|| "no closed form".to_owned(), |value| number(value, 4)),
            super::words::said(place.verdict).to_owned(),
        ]
    };
    Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows: sweep::made(p, done).iter().map(row).collect(),
    }
}
