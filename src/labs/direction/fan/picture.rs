//! The fan chart as a figure: bands and median, mean and root mean square over a few simulated runs; its table and words.

use super::{Curves, Fan, PROBABILITIES, RUNS, Row, Runs};
use crate::charts::figure::{Axis, Dash, Figure, Ink, Layer, Role, Scale};
use crate::core::walk::Method;
use crate::labs::summary::{about, number};
use crate::labs::{Done, Table};
use core::f64::consts::LN_10;

/// How far the vertical axis follows mean and root mean square above the 99 % quantile, in units of the quantiles' range.
const FOLLOWED: f64 = 0.6;

/// Rows of the data table.
const TABLE_ROWS: usize = 11;

impl Fan<'_> {
    /// The figure; `ink` colours bands and median. Simulated runs are drawn as far as the figure has been played.
    pub fn figure(&self, title: String, ink: Ink, done: &Done) -> Figure {
        let curves = self.curves(done);
        let horizon = f64::from(self.horizon);
        let played = done.played(self.id) * horizon;
        let landed = curves.as_ref().and_then(|curves| half_landed(&curves.rows));
        let label = landed.map(|step| format!("by step {step} half of the runs have landed exactly"));
        let mut layers = vec![Layer::HLine { y: 0.0, ink: Ink::Muted, dash: Dash::Dotted, label }];
        if let Some(curves) = &curves {
            layers.extend(bands(&curves.rows, ink));
        }
        if let Some(runs) = self.runs(done) {
            layers.extend(simulated(&runs, played));
        }
        if let Some(curves) = &curves {
            layers.extend(exact(&curves.rows, ink));
        }
        let (min, max) = curves.as_ref().map_or((-1.0, 1.0), |curves| range(&curves.rows));
        Figure {
            id: self.id,
            role: Role::Side,
            aspect: 1.4,
            alt: alt(&title, curves.as_ref()),
            title,
            x: Axis { label: "step t".to_owned(), min: 0.0, max: horizon, scale: Scale::Linear },
            y: Axis { label: "log of distance, ln|z(t)/z(0)|".to_owned(), min, max, scale: Scale::Linear },
            key: Vec::new(),
            colour_bar: None,
            layers,
            handles: Vec::new(),
            playable: true,
        }
    }

    /// What the chart shows and how it was had: a sentence or two.
    pub fn note(&self, done: &Done) -> Option<String> {
        let curves = self.curves(done)?;
        let (log_runs, step) = (curves.log_runs.value, self.horizon);
        let (line, needed) = (self.direction.line(), about(log_runs / LN_10));
        let first = if log_runs < 0.4 {
            format!(
                "Along {line} a single run shows about the mean distance at step {step}; {RUNS} are drawn."
            )
        } else if libm::exp(log_runs) > RUNS as f64 {
            format!(
                "Along {line} the mean distance at step {step} is carried by runs so rare that about {needed} are needed to see it; \
                 {RUNS} are drawn."
            )
        } else {
            format!(
                "Along {line} about {needed} runs show the mean distance at step {step}; {RUNS} are drawn."
            )
        };
        let last = curves.rows.last()?;
        let from = curves.rows.iter().find(|row| row.known() && row.t > 0.0);
        let how = match (last.method, from) {
            (_, None) => {
                "Median and bands are not drawn: so few or so skewed steps are not covered by the central limit."
                    .to_owned()
            }
            (Method::Exact, _) => "Median and bands are exact.".to_owned(),
            (Method::Blurred { position_error }, _) => {
                format!("Median and bands are exact within {} nats.", number(position_error, 1))
            }
            (Method::CentralLimit { position_error }, Some(from)) => format!(
                "Median and bands, from step {} on, are the central limit with skewness, within {} nats at the end.",
                from.t,
                number(position_error, 1)
            ),
        };
        let mut sentences = vec![first, how, format!("At {}.", said(last))];
        if curves.exponent == f64::NEG_INFINITY {
            let lands = "A step can land exactly, to rounding: such runs end there, with a dot.";
            sentences.push(lands.to_owned());
        }
        let drawn = self.runs(done).map_or(self.horizon, |runs| (runs.rows.len() as u32 - 1) * runs.stride);
        if drawn < self.horizon {
            sentences
                .push(format!("The runs are drawn up to step {drawn}: these batches are costly to draw."));
        }
        Some(sentences.join(" "))
    }

    /// One line about a place in the figure.
    pub fn hover(&self, done: &Done, (x, _): (f64, f64)) -> String {
        let Some(curves) = self.curves(done) else { return String::new() };
        let distance = |row: &&Row| (row.t - x).abs();
        let nearest = curves.rows.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
        nearest.map_or_else(String::new, said)
    }

    /// The exact curves and the runs' own moments at a few times.
    pub fn table(&self, done: &Done) -> Table {
        let Some(curves) = self.curves(done) else { return Table::default() };
        let runs = self.runs(done);
        let columns = [
            "step t",
            "median, nats",
            "5 %",
            "25 %",
            "75 %",
            "95 %",
            "ln E|z(t)/z(0)|",
            "½ ln E[z(t)/z(0)]²",
            "ln of the runs’ mean",
        ];
        let step = (curves.rows.len() - 1).div_ceil(TABLE_ROWS - 1).max(1);
        let rows = (0..curves.rows.len()).step_by(step).map(|index| {
            let row = &curves.rows[index];
            let shown = |x: f64| if row.known() { number(x, 4) } else { "not known".to_owned() };
            let sample = runs.as_ref().and_then(|runs| runs.rows.get(index));
            vec![
                row.t.to_string(),
                shown(row.quantiles[3]),
                shown(row.quantiles[1]),
                shown(row.quantiles[2]),
                shown(row.quantiles[4]),
                shown(row.quantiles[5]),
                number(row.mean, 4),
                number(row.root_mean_square, 4),
                sample.map_or_else(String::new, |logs| number(log_norm(logs, 1.0), 4)),
            ]
        });
        Table { columns: columns.map(str::to_owned).to_vec(), rows: rows.collect() }
    }
}

fn alt(title: &str, curves: Option<&Curves>) -> String {
    let Some(row) = curves.and_then(|curves| curves.rows.last()) else { return format!("{title}.") };
    format!("{title}: at {}. {RUNS} simulated runs are drawn.", said(row))
}

/// A row in words.
fn said(row: &Row) -> String {
    let shown = |x: f64| number(x, 3);
    let quantiles = if row.known() {
        format!(
            "median {}, 5 to 95 % from {} to {}, ",
            shown(row.quantiles[3]),
            shown(row.quantiles[1]),
            shown(row.quantiles[5])
        )
    } else {
        String::new()
    };
    format!(
        "step {}: {quantiles}mean {}, root mean square {} (natural logarithms)",
        row.t,
        shown(row.mean),
        shown(row.root_mean_square)
    )
}

/// The first listed step at which half of the runs are exactly on the saddle.
fn half_landed(rows: &[Row]) -> Option<f64> {
    rows.iter().find(|row| row.known() && row.quantiles[3] == f64::NEG_INFINITY).map(|row| row.t)
}

/// The vertical range: the quantiles, and of mean and root mean square as much as leaves the quantiles their room.
fn range(rows: &[Row]) -> (f64, f64) {
    let finite = |x: f64| if x.is_finite() { x } else { 0.0 };
    let low = rows.iter().fold(0.0_f64, |low, row| low.min(finite(row.quantiles[0])));
    let high = rows.iter().fold(0.0_f64, |high, row| high.max(finite(row.quantiles[6])));
    // where all runs land at once there are only the moments to show
    let room = if high - low < 1.0 { f64::INFINITY } else { FOLLOWED * (high - low) };
    let moments = |row: &Row| [row.mean, row.root_mean_square].map(finite);
    let up = rows.iter().flat_map(moments).fold(high, f64::max).min(high + room);
    let down = rows.iter().flat_map(moments).fold(low, f64::min).max(low - room);
    let margin = (0.03 * (up - down)).max(0.1);
    (down - margin, up + margin)
}

fn bands(rows: &[Row], ink: Ink) -> [Layer; 2] {
    let band = |low: usize, high: usize, opacity: f64| {
        let edge = |which: usize| {
            rows.iter().map(|row| if row.known() { row.quantiles[which] } else { f64::NAN }).collect()
        };
        let x = rows.iter().map(|row| row.t).collect();
        let part = |which: usize| number(100.0 * PROBABILITIES[which], 2);
        let name = format!("{} % to {} % of the runs", part(low), part(high));
        Layer::Band { x, low: edge(low), high: edge(high), ink, opacity, name }
    };
    [band(1, 5, 0.16), band(2, 4, 0.24)]
}

fn exact(rows: &[Row], ink: Ink) -> [Layer; 3] {
    let line = |value: &dyn Fn(&Row) -> f64, ink, dash, label: &str| Layer::Line {
        points: rows.iter().map(|row| (row.t, value(row))).collect(),
        ink,
        width: 2.2,
        dash,
        label: Some(label.to_owned()),
    };
    // a curve ends where it falls to −∞
    let finite = |x: f64| if x.is_finite() { x } else { f64::NAN };
    let median = |row: &Row| if row.known() { finite(row.quantiles[3]) } else { f64::NAN };
    [
        line(&median, ink, Dash::Solid, "median"),
        line(&|row| finite(row.root_mean_square), Ink::Strong, Dash::Dashed, "root mean square"),
        line(&|row| finite(row.mean), Ink::Strong, Dash::Solid, "mean"),
    ]
}

/// The runs up to a step, where they land, and their own mean and root mean square.
fn simulated(runs: &Runs, until: f64) -> Vec<Layer> {
    let whole = runs.rows.len() - 1;
    let place = until / f64::from(runs.stride);
    let last = (place as usize).min(whole);
    // between two rows the lines are cut where the playing has come to
    let part = if last < whole { place - last as f64 } else { 0.0 };
    let shown = |value: &dyn Fn(&[f64]) -> f64| -> Vec<(f64, f64)> {
        let at = |index: usize| (index as f64 * f64::from(runs.stride), value(&runs.rows[index]));
        let mut points: Vec<(f64, f64)> = (0..=last).map(at).filter(|(_, y)| y.is_finite()).collect();
        if part > 0.0 && points.len() == last + 1 {
            let (from, to) = (at(last), at(last + 1));
            if to.1.is_finite() {
                points.push((from.0 + part * (to.0 - from.0), from.1 + part * (to.1 - from.1)));
            }
        }
        points
    };
    let line = |points, ink, width, dash, label: Option<&str>| Layer::Line {
        points,
        ink,
        width,
        dash,
        label: label.map(str::to_owned),
    };
    let paths: Vec<Vec<(f64, f64)>> = (0..RUNS).map(|run| shown(&|row| row[run])).collect();
    let landed = paths.iter().filter(|path| path.len() <= last).filter_map(|path| path.last().copied());
    let landed = Layer::Points { points: landed.collect(), ink: Ink::Muted, radius: 2.0 };
    let mut layers: Vec<Layer> =
        paths.iter().map(|path| line(path.clone(), Ink::Muted, 0.5, Dash::Solid, None)).collect();
    layers.push(landed);
    layers.push(line(shown(&|row| log_norm(row, 2.0)), Ink::Strong, 0.9, Dash::Dashed, None));
    let words = "sample mean: too few runs to see the tail";
    layers.push(line(shown(&|row| log_norm(row, 1.0)), Ink::Strong, 0.9, Dash::Solid, Some(words)));
    layers
}

/// `(1/p) log` of the mean of `e^{p log}`.
fn log_norm(logs: &[f64], p: f64) -> f64 {
    let top = logs.iter().fold(f64::NEG_INFINITY, |top, log| top.max(*log));
    if top == f64::NEG_INFINITY {
        return top;
    }
    let sum: f64 = logs.iter().map(|log| libm::exp(p * (log - top))).sum();
    top + libm::log(sum / logs.len() as f64) / p
}
