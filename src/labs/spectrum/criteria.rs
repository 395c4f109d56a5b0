//! The strip below: at which learning rates the runs, the exact exponent, the mean square and gradient descent call the point
//! stable.

use super::curve::handle;
use super::exact;
use super::parameters::{Params, rates};
use super::point::Known;
use super::sweep::{self, Place};
use super::words::said;
use crate::charts::figure::{Axis, Dash, Figure, Ink, Layer, Mark, Role, Scale};
use crate::charts::palette;
use crate::core::matrix_product::Verdict;
use crate::labs::drawing::{STABLE, area, blank, line};
use crate::labs::summary::number;
use crate::labs::{Done, Table};
use std::fmt::Write as _;

/// The rows from the bottom.
const ROWS: &[&str] = &["runs", "exact", "L₂", "GD"];
/// The same in words.
const WORDS: [&str; 4] =
    ["runs, at 99 %", "the exact exponent", "the mean square (L₂)", "gradient descent (GD)"];

/// The stable intervals of the rows above the runs, within the axis; `None`: not known, or no closed form.
fn intervals(p: &Params, done: &Done, known: &Known, x: &Axis) -> [Option<Vec<(f64, f64)>>; 3] {
    let curve = exact::made(p, done);
    let critical = known.critical.as_deref().unwrap_or(&[]);
    let exact = curve.as_ref().as_ref().map(|curve| curve.stable(critical));
    let below = |limit: f64| if limit > x.min { vec![(x.min, limit.min(x.max))] } else { Vec::new() };
    let limits = known.limits;
    [
        exact,
        limits.filter(|limits| !limits.mean_square.is_nan()).map(|limits| below(limits.mean_square)),
        limits
            .filter(|limits| !limits.gradient_descent.is_nan())
            .map(|limits| below(limits.gradient_descent)),
    ]
}

/// The figure.
pub fn figure(p: &Params, done: &Done, known: &Known) -> Figure {
    let x = rates(p);
    let places = sweep::made(p, done);
    let mut layers = Vec::new();
    let colour = |verdict: Verdict| match verdict {
        Verdict::Attractive => palette::PHASE_IB,
        Verdict::Repulsive => palette::PHASE_II,
        Verdict::Zero => palette::PHASE_IA,
        Verdict::Undecided => palette::PHASE_III,
    };
    for place in places.iter() {
        layers.push(area(
            sweep::cell(p, place.place),
            (0.2, 0.8),
            Ink::Fixed(colour(place.verdict)),
            if place.verdict == Verdict::Undecided { 0.35 } else { 0.75 },
            format!("run: {}", said(place.verdict)),
        ));
    }
    let intervals = intervals(p, done, known, &x);
    for (index, row) in intervals.iter().enumerate() {
        let middle = index as f64 + 1.5;
        let (ink, opacity) = if index == 0 { (STABLE, 0.75) } else { (Ink::Muted, 0.45) };
        let row = row.as_deref();
        layers.extend(row.unwrap_or(&[]).iter().map(|ends| {
            area(*ends, (middle - 0.3, middle + 0.3), ink, opacity, format!("{}: stable", ROWS[index + 1]))
        }));
        let nothing = match row {
            None if index == 0 && exact::count(p) == 0 => Some("no closed form"),
            None if index > 0 && known.limits.is_some() => Some("for symmetric matrices only"),
            Some([]) => Some("at no rate here"),
            _ => None,
        };
        // a stub with the words beside it: they must not stray into another row
        layers.extend(nothing.map(|words| {
            line(vec![(x.min, middle), (x.at(0.01), middle)], Ink::Muted, 1.0, Dash::Solid, Some(words))
        }));
    }
    if (x.min..=x.max).contains(&p.lr) {
        let here = (0..ROWS.len()).map(|row| row as f64 + 0.5);
        layers.extend(here.map(|y| Layer::Marker { x: p.lr, y, mark: Mark::Dot, label: None }));
    }
    let verdicts = [Verdict::Attractive, Verdict::Zero, Verdict::Repulsive, Verdict::Undecided];
    let shown = verdicts.into_iter().filter(|verdict| places.iter().any(|place| place.verdict == *verdict));
    Figure {
        title: "Learning rates at which runs and criteria call the point stable".to_owned(),
        alt: alt(p, &places, &intervals),
        key: shown.map(|verdict| (colour(verdict), said(verdict).to_owned())).collect(),
        layers,
        handles: vec![handle((p.lr, 0.5))],
        ..blank(
            "criteria",
            Role::Strip,
            8.0,
            x,
            Axis { label: String::new(), min: 0.0, max: 4.0, scale: Scale::Rows(ROWS) },
        )
    }
}

fn alt(p: &Params, places: &[Place], intervals: &[Option<Vec<(f64, f64)>>; 3]) -> String {
    let count = |verdict: Verdict| places.iter().filter(|place| place.verdict == verdict).count();
    let mut text = format!(
        "Four rows of learning rates. Of {} runs {} are attracted{}, {} repelled and {} undecided at 99 %.",
        places.len(),
        count(Verdict::Attractive),
        match count(Verdict::Zero) {
            0 => String::new(),
            still => format!(", {still} but for directions that no sample touches"),
        },
        count(Verdict::Repulsive),
        count(Verdict::Undecided)
    );
    for (row, who) in intervals.iter().zip(&WORDS[1..]) {
        let Some(row) = row else { continue };
        let shown: Vec<String> =
            row.iter().map(|(from, to)| format!("from {} to {}", number(*from, 4), number(*to, 4))).collect();
        let shown = if shown.is_empty() { "nowhere".to_owned() } else { shown.join(", ") };
        let _ = write!(text, " Stable for {who} {shown}.");
    }
    format!("{text} The reader’s rate is {}.", number(p.lr, 4))
}

/// One line about a learning rate.
pub fn hover(p: &Params, done: &Done, known: &Known, rate: f64) -> String {
    let x = rates(p);
    if !(x.min..=x.max).contains(&rate) {
        return String::new();
    }
    let mut text = format!("{} {}", x.label, number(rate, 3));
    let places = sweep::made(p, done);
    let here = places.iter().find(|place| {
        let (from, to) = sweep::cell(p, place.place);
        (from..=to).contains(&rate)
    });
    if let Some(place) = here {
        let _ = write!(text, "; run at {}: {}", number(place.rate, 3), said(place.verdict));
    }
    for (row, who) in intervals(p, done, known, &x).iter().zip(&WORDS[1..]) {
        if let Some(row) = row {
            let stable = row.iter().any(|(from, to)| (*from..=*to).contains(&rate));
            let _ = write!(text, "; {who}: {}", if stable { "stable" } else { "unstable" });
        }
    }
    text
}

/// The intervals of every row, and the verdict of every run.
pub fn table(p: &Params, done: &Done, known: &Known) -> Table {
    let x = rates(p);
    let columns = ["criterion", "from", "to", "says"].map(str::to_owned).to_vec();
    let mut rows = Vec::new();
    for (row, who) in intervals(p, done, known, &x).iter().zip(&WORDS[1..]) {
        for (from, to) in row.as_deref().unwrap_or(&[]) {
            rows.push(vec![
                (*who).to_owned(),
                number(*from, 5),
                number(*to, 5),
                said(Verdict::Attractive).to_owned(),
            ]);
        }
    }
    for place in sweep::made(p, done).iter() {
        let (from, to) = sweep::cell(p, place.place);
        rows.push(vec![
            format!("run at {}", number(place.rate, 4)),
            number(from, 4),
            number(to, 4),
            said(place.verdict).to_owned(),
        ]);
    }
    Table { columns, rows }
}
