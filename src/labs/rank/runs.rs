//! Training at the reader's point: singular values of the product of all weight matrices against time.

use super::map;
use super::measured::{LEAST, LOOKS, Outcome, STRETCHES, outcome, rank};
use super::parameters::Params;
use crate::charts::figure::{Axis, Dash, Figure, Ink, Layer, Role};
use crate::labs::summary::number;
use crate::labs::{Done, Table};
use crate::models::modes::singular_values;

/// Name of the figure and of its job, a shard for each run.
pub const ID: &str = "singular-values";
/// Times at which the values are kept.
const TIMES: u32 = 4 * STRETCHES;
/// Runs of the reader's point are not those of a pixel.
const ITEM: u64 = 1 << 32;
/// The lowest end of the vertical axis.
const LOWEST: f64 = 1e-16;
/// Rows of the data table.
const ROWS: u32 = 12;

fn time(p: &Params, index: u32) -> u32 {
    (u64::from(p.steps) * u64::from(index) / u64::from(TIMES)) as u32
}

/// One shard: the singular values at all times.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let times: Vec<u32> = (0..=TIMES).map(|index| time(p, index)).collect();
    singular_values(&p.teacher(p.noise), &p.training(p.lr), &times, p.seed, (ITEM, shard))
}

/// The values of the runs that are there, run by run, time by time.
fn known<'a>(p: &Params, done: &'a Done) -> Vec<Vec<&'a [f64]>> {
    let runs = done.shards(ID).iter().flatten();
    runs.map(|run| run.chunks_exact(p.modes()).collect()).collect()
}

/// The rank at the point as on the map: the median over the looks at all runs.
pub fn measured(p: &Params, done: &Done) -> Outcome {
    if !done.complete(ID) {
        return Outcome::Unknown;
    }
    let ranks = p.most_rank() + 1;
    let counts: Vec<Vec<f64>> = known(p, done)
        .iter()
        .map(|run| {
            let mut counts = vec![0.0; ranks];
            for stretch in STRETCHES - LOOKS + 1..=STRETCHES {
                let values = run[(stretch * (TIMES / STRETCHES)) as usize];
                if values.iter().any(|value| value.is_nan()) {
                    return vec![f64::NAN; ranks];
                }
                counts[rank(values).min(ranks - 1)] += 1.0;
            }
            counts
        })
        .collect();
    outcome(counts.iter().map(Vec::as_slice), ranks)
}

/// How many runs have diverged, of how many.
pub fn diverged(p: &Params, done: &Done) -> (usize, usize) {
    let runs = known(p, done);
    let lost = |run: &&Vec<&[f64]>| run.last().is_some_and(|last| last.iter().any(|value| value.is_nan()));
    (runs.iter().filter(lost).count(), runs.len())
}

/// The figure.
pub fn figure(p: &Params, done: &Done) -> Figure {
    let runs = known(p, done);
    let most = p.modes();
    let shown = (f64::from(TIMES) * done.played(ID)).round() as usize;
    let finite = |value: &f64| value.is_finite() && *value > 0.0;
    let values = || runs.iter().flatten().flat_map(|values| values.iter()).copied().filter(finite);
    let top = values().fold(1.0_f64, f64::max);
    let low = values().fold(LEAST, f64::min).clamp(LOWEST, LEAST);
    let y = Axis::log("singular values", low / 3.0, top * 3.0);
    let mut layers = vec![Layer::HLine {
        y: LEAST,
        ink: Ink::Muted,
        dash: Dash::Dashed,
        label: Some("counts above 10⁻⁶".to_owned()),
    }];
    for (index, run) in runs.iter().enumerate().rev() {
        for mode in (0..most).rev() {
            let points = run.iter().enumerate().take(shown + 1).map(|(at, values)| {
                (f64::from(time(p, at as u32)), if values[mode] > 0.0 { values[mode] } else { f64::NAN })
            });
            let ink = Ink::Fixed(map::colour(most - mode, most));
            let (width, label) =
                if index == 0 { (1.8, Some(format!("σ{}", subscript(mode + 1)))) } else { (0.6, None) };
            layers.push(Layer::line(points.collect(), ink, width, Dash::Solid, label));
        }
    }
    let (lost, all) = diverged(p, done);
    let ends = match measured(p, done) {
        Outcome::Unknown => "They are on the way.".to_owned(),
        Outcome::Diverged => format!("{lost} of {all} runs have diverged."),
        Outcome::Rank(rank) => format!("The median rank over the last quarter of {all} runs is {rank}."),
    };
    let product = if p.layers == 2 { "UW" } else { "the product of all weights" };
    Figure {
        title: format!("Singular values of {product} during training at the point"),
        alt: format!(
            "Lines of the {most} singular values of {product} over {} steps at λ = {}, σ = {}. {ends}",
            p.steps,
            number(p.lr, 4),
            number(p.noise, 4)
        ),
        layers,
        playable: true,
        ..Figure::blank(ID, Role::Side, 1.4, Axis::linear("step t", 0.0, f64::from(p.steps)), y)
    }
}

fn subscript(index: usize) -> String {
    let digits: Vec<char> = "₀₁₂₃₄₅₆₇₈₉".chars().collect();
    index.to_string().bytes().map(|digit| digits[usize::from(digit - b'0')]).collect()
}

/// One line about a time.
pub fn hover(p: &Params, done: &Done, step: f64) -> String {
    let runs = known(p, done);
    let Some(run) = runs.first() else { return String::new() };
    let part = (step / f64::from(p.steps)).clamp(0.0, 1.0);
    let index = (part * f64::from(TIMES)).round() as u32;
    let values = run[index as usize];
    if values.iter().any(|value| value.is_nan()) {
        return format!("step {}: the first run has diverged", time(p, index));
    }
    let shown: Vec<String> = values.iter().map(|value| number(*value, 3)).collect();
    format!("step {}, first run: {} (rank {})", time(p, index), shown.join(", "), rank(values))
}

/// The first run's values at some times, and its rank then.
pub fn table(p: &Params, done: &Done) -> Table {
    let runs = known(p, done);
    let Some(run) = runs.first() else { return Table::default() };
    let mut columns = vec!["step t".to_owned()];
    columns.extend((1..=p.modes()).map(|mode| format!("σ{} of the first run", subscript(mode))));
    columns.push("rank".to_owned());
    let row = |row: u32| {
        let index = row * TIMES / ROWS;
        let values = run[index as usize];
        let mut cells = vec![time(p, index).to_string()];
        let lost = values.iter().any(|value| value.is_nan());
        cells.extend(values.iter().map(|value| if lost { "–".to_owned() } else { number(*value, 4) }));
        cells.push(if lost { "diverged".to_owned() } else { rank(values).to_string() });
        cells
    };
    Table { columns, rows: (0..=ROWS).map(row).collect() }
}
