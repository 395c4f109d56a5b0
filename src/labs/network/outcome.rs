//! The outcome of training over the sweep, as median and quartiles of the runs.

use super::comparison;
use super::measure::{Measure, at_nothing_learned};
use super::parameters::Params;
use super::sweep::{self, AtRate};
use crate::charts::figure::{Axis, Dash, Figure, Ink, Layer, Mark, Rgb, Role};
use crate::charts::palette;
use crate::labs::drawing::{STABLE, area, blank, line};
use crate::labs::summary::number;
use crate::labs::{Done, Table};

/// The measure against the parameter that the sweep runs over.
pub fn figure(p: &Params, done: &Done, measure: Measure) -> Figure {
    let (x, known) = (p.axis(), sweep::known(p, done));
    let y = measure.axis(p, &known);
    let ends = (y.min, y.max);
    let attractive = comparison::attractive(p, done);
    let most_diverged = |rate: &u32| AtRate::of(p, done, *rate).is_some_and(|at| at.mostly_diverged());
    let diverged: Vec<(f64, f64)> =
        (0..p.rates).filter(most_diverged).map(|rate| p.surroundings(rate)).collect();
    let mut layers: Vec<Layer> =
        attractive.iter().map(|&stretch| area(stretch, ends, STABLE, 0.16, "Λ₁ < 0")).collect();
    layers.extend(
        diverged.iter().map(|&stretch| area(stretch, ends, Ink::Fixed(palette::DIVERGED), 0.3, "diverged")),
    );
    if measure == Measure::Loss {
        let label = Some("outputs 0".to_owned());
        let y = at_nothing_learned(p);
        layers.push(Layer::HLine { y, ink: Ink::Muted, dash: Dash::Dashed, label });
    }
    layers.extend(curve(&known, measure, &y));
    let median = AtRate::of(p, done, p.nearest()).and_then(|at| at.quartiles(measure.of()));
    let height = median.map_or_else(|| y.at(0.5), |q| q.median.clamp(y.min, y.max));
    if (x.min..=x.max).contains(&p.point()) {
        let label = median.map(|q| number(q.median, 3));
        layers.push(Layer::Marker { x: p.place(p.nearest()), y: height, mark: Mark::Crosshair, label });
    }
    let mut key: Vec<(Rgb, String)> = Vec::new();
    if !attractive.is_empty() {
        key.push((palette::PHASE_IB, "Λ₁ < 0: the origin attracts".to_owned()));
    }
    if known.iter().any(AtRate::mostly_collapsed) {
        key.push((palette::PHASE_II, "most runs collapsed".to_owned()));
    }
    if !diverged.is_empty() {
        key.push((palette::DIVERGED, "most runs diverged".to_owned()));
    }
    let (role, aspect) = if measure == Measure::Loss { (Role::Main, 1.9) } else { (Role::Side, 1.5) };
    let name = measure.label(p).split(',').next().unwrap_or_default();
    Figure {
        title: format!("{}{} after {} epochs", name[..1].to_uppercase(), &name[1..], p.epochs),
        alt: alt(p, &known, measure, &attractive),
        key,
        layers,
        handles: vec![p.handle(height)],
        ..blank(measure.id(), role, aspect, x, y)
    }
}

/// Median and quartiles; the pen is lifted where most runs diverged.
fn curve(known: &[AtRate], measure: Measure, y: &Axis) -> Vec<Layer> {
    let inside = |value: f64| value.clamp(y.min, y.max);
    let mut layers = Vec::new();
    let (mut medians, mut dots, mut collapsed) = (Vec::new(), Vec::new(), Vec::new());
    let (mut places, mut low, mut high) = (Vec::new(), Vec::new(), Vec::new());
    let mut band = |places: &mut Vec<f64>, low: &mut Vec<f64>, high: &mut Vec<f64>| {
        let (x, low, high) = (std::mem::take(places), std::mem::take(low), std::mem::take(high));
        if x.len() > 1 {
            layers.push(Layer::Band {
                x,
                low,
                high,
                ink: Ink::Strong,
                opacity: 0.18,
                name: "quartiles".to_owned(),
            });
        }
    };
    for at in known {
        let Some(quartiles) = at.quartiles(measure.of()) else {
            medians.push((at.place, f64::NAN));
            band(&mut places, &mut low, &mut high);
            continue;
        };
        let point = (at.place, inside(quartiles.median));
        medians.push(point);
        if at.mostly_collapsed() { &mut collapsed } else { &mut dots }.push(point);
        places.push(at.place);
        low.push(inside(quartiles.low));
        high.push(inside(quartiles.high));
    }
    band(&mut places, &mut low, &mut high);
    layers.push(line(medians, Ink::Strong, 1.8, Dash::Solid, None));
    layers.push(Layer::Points { points: dots, ink: Ink::Strong, radius: 2.6 });
    layers.push(Layer::Points { points: collapsed, ink: Ink::Fixed(palette::PHASE_II), radius: 3.6 });
    layers
}

fn stretch((from, to): &(f64, f64)) -> String {
    format!("{} to {}", number(*from, 2), number(*to, 2))
}

fn alt(p: &Params, known: &[AtRate], measure: Measure, attractive: &[(f64, f64)]) -> String {
    let finished: usize = known.iter().map(|at| at.runs).sum();
    let mut text = format!(
        "{} against {} from {} to {}, {finished} of {} runs finished.",
        measure.label(p),
        p.several(),
        number(p.axis().min, 3),
        number(p.axis().max, 3),
        p.rates * p.runs
    );
    let symbol = p.swept().symbol;
    let medians: Vec<(f64, f64)> =
        known.iter().filter_map(|at| Some((at.place, at.quartiles(measure.of())?.median))).collect();
    let by = |sign: f64| medians.iter().min_by(|a, b| (sign * a.1).total_cmp(&(sign * b.1)));
    if let (Some(least), Some(most)) = (by(1.0), by(-1.0)) {
        text = format!(
            "{text} The median is least, {}, at {symbol} = {} and greatest, {}, at {symbol} = {}.",
            number(least.1, 3),
            number(least.0, 3),
            number(most.1, 3),
            number(most.0, 3)
        );
    }
    if !attractive.is_empty() {
        let stretches: Vec<String> = attractive.iter().map(stretch).collect();
        text = format!("{text} The origin attracts for {symbol} from {}.", stretches.join(" and from "));
    }
    text
}

/// What the runs at a value of the sweep did, in words.
pub fn in_words(at: &AtRate) -> String {
    let median = |measure: Measure| at.quartiles(measure.of()).map(|q| q.median);
    let mut text = match (
        median(Measure::Loss),
        median(Measure::Accuracy),
        median(Measure::Rank),
        median(Measure::Dead),
    ) {
        (Some(loss), Some(accuracy), Some(rank), Some(dead)) => format!(
            "training loss {}, accuracy {}, effective rank {}, dead neurons {}",
            number(loss, 3),
            number(accuracy, 3),
            number(rank, 3),
            number(dead, 2)
        ),
        _ => "most runs diverged".to_owned(),
    };
    for (count, what) in [(at.collapsed, "collapsed"), (at.diverged, "diverged")] {
        if count > 0 {
            text = format!("{text}; {count} of {} runs {what}", at.runs);
        }
    }
    text
}

/// All measures at every value of the sweep.
pub fn table(p: &Params, done: &Done) -> Table {
    let mut columns = vec![p.axis().label];
    for measure in Measure::ALL {
        let label = measure.label(p);
        columns.extend([
            format!("{label}: median"),
            "lower quartile".to_owned(),
            "upper quartile".to_owned(),
        ]);
    }
    columns.extend(["runs", "collapsed", "diverged"].map(str::to_owned));
    let row = |at: &AtRate| {
        let mut row = vec![number(at.place, 4)];
        for measure in Measure::ALL {
            match at.quartiles(measure.of()) {
                Some(q) => row.extend([q.median, q.low, q.high].map(|value| number(value, 4))),
                None => row.extend(["diverged", "", ""].map(str::to_owned)),
            }
        }
        row.extend([at.runs, at.collapsed, at.diverged].map(|count| count.to_string()));
        row
    };
    Table { columns, rows: sweep::known(p, done).iter().map(row).collect() }
}
