//! The share of runs that have not passed yet, over time, beside the bounds on the mean time; its table and words.

use super::{Passage, Theory, Times};
use crate::charts::figure::{Axis, Dash, Figure, Ink, Layer, Role, Scale};
use crate::core::passage::MeanPassage;
use crate::core::stats;
use crate::labs::summary::number;
use crate::labs::{Done, Table};

/// Normal score of 95 %.
const SCORE: f64 = 1.96;

/// Quantiles in the table, in per cent.
const LISTED: [u32; 9] = [1, 5, 10, 25, 50, 75, 90, 95, 99];

impl Passage<'_> {
    /// The figure; `ink` colours the curve.
    pub fn figure(&self, ink: Ink, done: &Done) -> Figure {
        let times = self.times(done);
        let theory = times.as_ref().map(|times| times.theory);
        let mut layers = vec![Layer::HLine { y: 0.0, ink: Ink::Muted, dash: Dash::Solid, label: None }];
        if let Some(times) = &times {
            layers.extend(survival(times, ink));
            layers.extend(means(times));
        }
        let title = theory.as_ref().map_or_else(|| "Time to escape or collapse".to_owned(), title);
        let verb =
            theory.map_or("escaped or collapsed", |t| if t.escapes() { "escaped" } else { "collapsed" });
        Figure {
            id: self.id,
            role: Role::Side,
            aspect: 1.4,
            alt: alt(&title, times.as_ref()),
            title,
            x: Axis {
                label: "step t".to_owned(),
                min: 0.0,
                max: theory.map_or(1.0, |theory| f64::from(theory.shown.max(1))),
                scale: Scale::Linear,
            },
            y: Axis {
                label: format!("share of runs not yet {verb}"),
                min: 0.0,
                max: 1.0,
                scale: Scale::Linear,
            },
            key: Vec::new(),
            colour_bar: None,
            layers,
            handles: Vec::new(),
            playable: false,
        }
    }

    /// How many runs did not pass, and what is compared: a sentence.
    pub fn note(&self, done: &Done) -> Option<String> {
        let times = self.times(done)?;
        let theory = &times.theory;
        if theory.threshold == 0.0 {
            return Some("Λ = 0: the distance neither grows nor shrinks on average, so no time of escape or collapse is shown.".to_owned());
        }
        let (what, how) = if theory.escapes() {
            ("escape", "10⁸ times as far")
        } else {
            ("collapse", "10⁸ times nearer")
        };
        let line = theory.direction.line();
        Some(format!("Time to {what} along {line}: until a run is {how}; {}", reached(&times)))
    }

    /// One line about a place in the figure.
    pub fn hover(&self, done: &Done, (x, _): (f64, f64)) -> String {
        let Some(times) = self.times(done) else { return String::new() };
        let step = x.max(0.0).floor();
        let left = times.runs - times.passed.partition_point(|time| *time <= step);
        let (low, high) = stats::frequency_interval(left as u32, times.runs as u32, SCORE);
        format!(
            "after step {step}: {left} of {} runs are left ({} to {} of all, 95 %)",
            times.runs,
            number(low, 2),
            number(high, 2)
        )
    }

    /// Quantiles of the time.
    pub fn table(&self, done: &Done) -> Table {
        let Some(times) = self.times(done) else { return Table::default() };
        let mut all = times.passed.clone();
        all.resize(times.runs, f64::INFINITY);
        let columns = ["share of runs that have passed, %", "step t"];
        let row = |percent: u32| {
            // the first time at which so many have passed
            let place = (times.runs * percent as usize).div_ceil(100).max(1) - 1;
            let time = all.get(place).copied().filter(|time| time.is_finite());
            let late = || format!("above {}", times.theory.most);
            vec![percent.to_string(), time.map_or_else(late, |time| time.to_string())]
        };
        Table {
            columns: columns.map(str::to_owned).to_vec(),
            rows: if times.runs == 0 { Vec::new() } else { LISTED.map(row).to_vec() },
        }
    }
}

fn title(theory: &Theory) -> String {
    let line = theory.direction.line();
    match theory.threshold {
        0.0 => format!("Neither escape nor collapse along {line}"),
        up if up > 0.0 => format!("Time to escape along {line}: the distance grows 10⁸-fold"),
        _ => format!("Time to collapse along {line}: the distance shrinks 10⁸-fold"),
    }
}

fn alt(title: &str, times: Option<&Times>) -> String {
    times.map_or_else(|| format!("{title}."), |times| format!("{title}: {}", reached(times)))
}

/// How many runs got there, and when half of them had.
fn reached(times: &Times) -> String {
    let median = times.passed.get((times.runs / 2).max(1) - 1);
    let median = median.map_or_else(String::new, |median| format!(", half of them by step {median}"));
    format!(
        "{} of {} runs got there within {} steps{median}.",
        times.passed.len(),
        times.runs,
        times.theory.most
    )
}

/// The share of runs left, as a staircase, with its 95 % band.
fn survival(times: &Times, ink: Ink) -> Vec<Layer> {
    if times.runs == 0 {
        return Vec::new();
    }
    let count = times.runs as u32;
    let (mut x, mut left) = (vec![0.0], vec![count]);
    for (index, time) in times.passed.iter().enumerate() {
        let after = count - 1 - index as u32;
        if x.last() == Some(time) && x.len() > 1 {
            left[x.len() - 1] = after;
        } else {
            // the stair before the step, and after it
            x.extend([*time; 2]);
            left.extend([left[left.len() - 1], after]);
        }
    }
    x.push(f64::from(times.theory.most));
    left.push(left[left.len() - 1]);
    let interval = |left: &u32| stats::frequency_interval(*left, count, SCORE);
    let points = x.iter().zip(&left).map(|(x, left)| (*x, f64::from(*left) / f64::from(count)));
    vec![
        Layer::Band {
            low: left.iter().map(|left| interval(left).0).collect(),
            high: left.iter().map(|left| interval(left).1).collect(),
            x: x.clone(),
            ink,
            opacity: 0.22,
            name: format!("{count} runs, 95 % interval"),
        },
        Layer::Line {
            points: points.collect(),
            ink,
            width: 1.8,
            dash: Dash::Solid,
            label: Some(format!("{count} runs")),
        },
    ]
}

/// The bounds on the mean time as a band, and the runs' mean.
fn means(times: &Times) -> Vec<Layer> {
    let mut layers = Vec::new();
    let upright = |x: f64, ink, dash, label: String| Layer::VLine { x, ink, dash, label: Some(label) };
    match times.theory.mean {
        MeanPassage::Between { lower, upper } => {
            let band = |low: f64, high: f64| Layer::Band {
                x: vec![lower, upper],
                low: vec![low; 2],
                high: vec![high; 2],
                ink: Ink::Strong,
                opacity: 0.14,
                name: "Wald’s bounds on the mean".to_owned(),
            };
            layers.push(band(0.0, 1.0));
            let words = format!("ln 10⁸/|Λ| = {}", number(lower, 4));
            layers.push(upright(lower, Ink::Strong, Dash::Dashed, words));
        }
        MeanPassage::Lands { probability } => {
            let words = format!("at most {}", number(1.0 / probability, 4));
            layers.push(upright(1.0 / probability, Ink::Strong, Dash::Dashed, words));
        }
        MeanPassage::Infinite => {}
    }
    if let Some(mean) = times.mean() {
        let words = format!("mean {} ± {}", number(mean.value, 4), number(mean.standard_error, 2));
        layers.push(upright(mean.value, Ink::Accent, Dash::Solid, words));
    }
    layers
}
