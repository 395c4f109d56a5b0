//! The strip below: for which learning rates gradient descent, the mean square, the diffusion and the exact exponent call
//! the point stable.

use super::curve;
use super::exponent::{self, handle};
use super::figures::{STABLE, area, blank, line};
use super::parameters::{Params, rates};
use super::point::{Known, curvature};
use crate::charts::figure::{Axis, Dash, Figure, Ink, Layer, Mark, Role, Scale};
use crate::core::rivals::Limit;
use crate::labs::summary::number;
use crate::labs::{Done, Table};

/// The rows from the bottom.
const ROWS: &[&str] = &["exact", "SDE", "L₂", "GD"];
/// The same in words.
const WORDS: [&str; 4] =
    ["the exact exponent", "the diffusion (SDE)", "the mean square (L₂)", "gradient descent (GD)"];

/// The rates that a row calls stable, within the axis; a limit inside it.
struct Row {
    intervals: Vec<(f64, f64)>,
    limit: Option<f64>,
}

/// The four rows from the bottom; the exact one as far as the curve is known.
fn rows(p: &Params, done: &Done, known: &Known, x: &Axis) -> Vec<Row> {
    let curve = curve::made(p, done);
    let exact = curve.as_ref().as_ref().map_or_else(Vec::new, |curve| curve.stable.clone());
    let mut rows = vec![Row { intervals: exact, limit: None }];
    let Some(curvature) = known.curvature else { return rows };
    for rival in curvature.rivals.iter().rev() {
        let (from, to) = match rival.limit {
            Limit::Never => (x.max, x.min),
            Limit::Always => (x.min, x.max),
            Limit::Below(limit) => (x.min, limit.min(x.max)),
            Limit::Above(limit) => (limit.max(x.min), x.max),
        };
        let limit = rival.limit.rate().filter(|limit| *limit > x.min && *limit < x.max);
        rows.push(Row { intervals: if from < to { vec![(from, to)] } else { Vec::new() }, limit });
    }
    rows
}

/// The figure.
pub fn figure(p: &Params, done: &Done, known: &Known) -> Figure {
    let x = rates(p);
    let rows = rows(p, done, known, &x);
    let mut layers = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let middle = index as f64 + 0.5;
        let (ink, opacity) = if index == 0 { (STABLE, 0.75) } else { (Ink::Muted, 0.45) };
        for ends in &row.intervals {
            layers.push(area(
                *ends,
                (middle - 0.3, middle + 0.3),
                ink,
                opacity,
                format!("{}: stable", ROWS[index]),
            ));
        }
        if row.intervals.is_empty() {
            // Words beside a line too short to be seen: to the right of the reader's dot if that is where they would begin.
            let dot = x.fraction(p.sgd.lr);
            let from = if (0.0..0.4).contains(&dot) { dot + 0.03 } else { 0.0 };
            let place = vec![(x.at(from), middle), (x.at(from + 1e-4), middle)];
            layers.push(line(place, Ink::Muted, 0.0, Dash::Solid, Some("at no rate here")));
        }
        layers.extend(row.limit.map(|limit| Layer::Marker {
            x: limit,
            y: middle,
            mark: Mark::Tick,
            label: Some(number(limit, 3)),
        }));
    }
    if (x.min..=x.max).contains(&p.sgd.lr) {
        let here = (0..rows.len()).map(|row| row as f64 + 0.5);
        layers.extend(here.map(|y| Layer::Marker { x: p.sgd.lr, y, mark: Mark::Dot, label: None }));
    }
    let y = Axis { label: String::new(), min: 0.0, max: 4.0, scale: Scale::Rows(ROWS) };
    Figure {
        title: "Learning rates at which four criteria call the point stable".to_owned(),
        alt: alt(&rows, p),
        layers,
        handles: vec![handle((p.sgd.lr, 0.5))],
        ..blank("criteria", Role::Strip, 8.0, x, y)
    }
}

fn alt(rows: &[Row], p: &Params) -> String {
    let said = rows.iter().zip(WORDS).rev().map(|(row, who)| {
        let intervals = row.intervals.iter().take(6);
        let shown: Vec<String> =
            intervals.map(|(from, to)| format!("from {} to {}", number(*from, 4), number(*to, 4))).collect();
        let more = if row.intervals.len() > 6 { " and further ones" } else { "" };
        let shown = if shown.is_empty() { "nowhere".to_owned() } else { shown.join(", ") };
        format!("{who} {shown}{more}")
    });
    let said: Vec<String> = said.collect();
    format!(
        "Four rows of learning rates; within this range the point is called stable by: {}. The reader’s rate is {}.",
        said.join("; "),
        number(p.sgd.lr, 4)
    )
}

/// What each criterion says at a learning rate.
fn says(p: &Params, done: &Done, lr: f64) -> Vec<(&'static str, bool)> {
    let Some(curvature) = curvature(p) else { return Vec::new() };
    let rivals = curvature.rivals.iter().zip(WORDS.iter().rev());
    let mut said: Vec<(&str, bool)> = rivals.map(|(rival, who)| (*who, rival.limit.holds(lr))).collect();
    said.extend(exponent::at(p, done, lr).map(|value| (WORDS[0], value < 0.0)));
    said
}

/// One line about a learning rate.
pub fn hover(p: &Params, done: &Done, lr: f64) -> String {
    let x = rates(p);
    if !(x.min..=x.max).contains(&lr) {
        return String::new();
    }
    let names = |stable: bool| {
        let who: Vec<&str> =
            says(p, done, lr).into_iter().filter(|said| said.1 == stable).map(|said| said.0).collect();
        if who.is_empty() { "none".to_owned() } else { who.join(", ") }
    };
    format!("{} {}: stable for {}; unstable for {}", x.label, number(lr, 3), names(true), names(false))
}

/// The limit of each criterion.
pub fn table(p: &Params, done: &Done, known: &Known) -> Table {
    let x = rates(p);
    let columns = vec!["criterion".to_owned(), "stable from".to_owned(), "to".to_owned()];
    let mut rows_out = Vec::new();
    for (row, who) in rows(p, done, known, &x).iter().zip(WORDS).rev() {
        for (from, to) in &row.intervals {
            rows_out.push(vec![who.to_owned(), number(*from, 5), number(*to, 5)]);
        }
        if row.intervals.is_empty() {
            rows_out.push(vec![who.to_owned(), "at no rate in view".to_owned(), String::new()]);
        }
    }
    Table { columns, rows: rows_out }
}
