//! Exponents of finite time: the growth per step of the first direction over stretches of the run, against the normal law.

use super::parameters::Params;
use super::point::Known;
use super::run::Run;
use crate::charts::figure::{Dash, Figure, Ink, Layer, Role};
use crate::charts::palette;
use crate::core::stats;
use crate::labs::Table;
use crate::labs::drawing::{blank, line, linear};
use crate::labs::summary::number;

/// Points of the drawn density.
const CURVE: usize = 90;

/// The stretches of a run.
struct Stretches {
    /// Growth per step of each, ascending.
    rates: Vec<f64>,
    steps: f64,
    mean: f64,
    deviation: f64,
}

fn stretches(run: Option<&Run>) -> Option<Stretches> {
    let run = run.filter(|run| !run.landed())?;
    let record = &run.record;
    let of = |i: usize| stats::mean(&record.means(i)).value;
    let first = (0..record.width()).max_by(|a, b| of(*a).total_cmp(&of(*b)))?;
    let mut rates = record.means(first);
    stats::sort(&mut rates);
    let mean = stats::mean(&rates);
    let deviation = mean.standard_error * (rates.len() as f64).sqrt();
    let sound = deviation.is_finite() && deviation > 1e-12;
    sound.then_some(Stretches { rates, steps: record.batch_steps(), mean: mean.value, deviation })
}

/// Ends and densities of the bars: about as many as the square root of the stretches.
fn bars(stretches: &Stretches) -> Vec<(f64, f64, f64)> {
    let (low, high) =
        (stretches.mean - 3.5 * stretches.deviation, stretches.mean + 3.5 * stretches.deviation);
    let count = (1.6 * (stretches.rates.len() as f64).sqrt()).clamp(5.0, 18.0).round();
    let width = (high - low) / count;
    let below = |x: f64| stretches.rates.partition_point(|rate| *rate < x) as f64;
    let bar = |cell: usize| {
        let (from, to) = (low + width * cell as f64, low + width * (cell + 1) as f64);
        (from, to, (below(to) - below(from)) / (stretches.rates.len() as f64 * width))
    };
    (0..count as usize).map(bar).collect()
}

/// The figure.
pub fn figure(p: &Params, known: &Known) -> Figure {
    let stretches = stretches(known.run.as_ref().as_ref());
    let mut layers = Vec::new();
    let (mut low, mut high, mut top) = (-1.0, 1.0, 1.0);
    if let Some(stretches) = &stretches {
        let (mean, deviation) = (stretches.mean, stretches.deviation);
        (low, high) = (mean - 4.0 * deviation, mean + 4.0 * deviation);
        let bars = bars(stretches);
        let normal = |x: f64| {
            let u = (x - mean) / deviation;
            libm::exp(-0.5 * u * u) / (deviation * (2.0 * std::f64::consts::PI).sqrt())
        };
        top = bars.iter().map(|bar| bar.2).fold(normal(mean), f64::max);
        layers.push(Layer::Band {
            x: bars.iter().flat_map(|bar| [bar.0, bar.1]).collect(),
            low: vec![0.0; 2 * bars.len()],
            high: bars.iter().flat_map(|bar| [bar.2; 2]).collect(),
            ink: Ink::Fixed(palette::PHASE_II),
            opacity: 0.35,
            name: "runs".to_owned(),
        });
        let at = |step: usize| low + (high - low) * step as f64 / CURVE as f64;
        let curve = (0..=CURVE).map(|step| (at(step), normal(at(step)))).collect();
        layers.push(line(curve, Ink::Strong, 1.8, Dash::Solid, Some("normal")));
        // the first exponent need not be of the run
        let beside = known.run.as_ref().as_ref().is_some_and(|run| run.spectrum.exponents[0].exact);
        let label = Some(format!("{} ≈ {}", if beside { "mean" } else { "Λ₁" }, number(mean, 3)));
        layers.push(Layer::VLine { x: mean, ink: Ink::Accent, dash: Dash::Solid, label });
    }
    layers.push(Layer::VLine { x: 0.0, ink: Ink::Muted, dash: Dash::Dashed, label: None });
    let steps =
        stretches.as_ref().map_or_else(String::new, |it| format!(" over stretches of {} steps", it.steps));
    Figure {
        title: format!("Exponents of finite time: growth per step{steps}"),
        alt: alt(p, stretches.as_ref()),
        layers,
        ..blank(
            "histogram",
            Role::Side,
            1.4,
            linear("growth per step of a stretch", low, high),
            linear("density of stretches", 0.0, 1.12 * top),
        )
    }
}

fn alt(p: &Params, stretches: Option<&Stretches>) -> String {
    let what = format!("Histogram of exponents of finite time along the run; {}.", p.in_words());
    let Some(stretches) = stretches else { return format!("{what} Their spread is not there yet, or 0.") };
    let grown = stretches.rates.len() - stretches.rates.partition_point(|rate| *rate <= 0.0);
    format!(
        "{what} {} stretches of {} steps: mean {}, standard deviation {}; {grown} of them grow.",
        stretches.rates.len(),
        stretches.steps,
        number(stretches.mean, 4),
        number(stretches.deviation, 2)
    )
}

/// One line about a growth rate.
pub fn hover(known: &Known, rate: f64) -> String {
    let Some(stretches) = stretches(known.run.as_ref().as_ref()) else { return String::new() };
    let below = stretches.rates.partition_point(|other| *other <= rate);
    let share = 100.0 * below as f64 / stretches.rates.len() as f64;
    format!("growth per step {}: {} % of the stretches grow less", number(rate, 3), number(share, 3))
}

/// The bars.
pub fn table(known: &Known) -> Table {
    let columns = ["from", "to", "density of stretches"].map(str::to_owned).to_vec();
    let bars = stretches(known.run.as_ref().as_ref()).map_or_else(Vec::new, |stretches| bars(&stretches));
    let row = |bar: &(f64, f64, f64)| [bar.0, bar.1, bar.2].map(|x| number(x, 4)).to_vec();
    Table { columns, rows: bars.iter().map(row).collect() }
}
