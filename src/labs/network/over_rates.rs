//! What is drawn over the learning rates: the outcome of training as median and quartiles, and the exponent of the origin.

use super::comparison::{self, LEVEL, Prediction};
use super::origin;
use super::parameters::{LossName, Params};
use super::sweep::{self, AtRate};
use super::training::Outcome;
use crate::charts::figure::{Axis, Dash, Figure, Handle, Ink, Layer, Mark, ParamRef, Rgb, Role, Scale};
use crate::charts::palette;
use crate::labs::drawing::{STABLE, area, blank, line, linear, range, zero};
use crate::labs::summary::number;
use crate::labs::{Done, Table};

/// What is measured of a trained network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Mean loss over the training set.
    Loss,
    /// Part of the test images that are recognised.
    Accuracy,
    /// Effective rank of the last hidden layer.
    Rank,
    /// Part of dead neurons.
    Dead,
}

impl Measure {
    const ALL: [Self; 4] = [Self::Loss, Self::Accuracy, Self::Rank, Self::Dead];

    fn id(self) -> &'static str {
        match self {
            Self::Loss => "outcome",
            Self::Accuracy => "accuracy",
            Self::Rank => "rank",
            Self::Dead => "dead",
        }
    }

    /// Its name with its unit.
    fn label(self, p: &Params) -> &'static str {
        match (self, p.loss) {
            (Self::Loss, LossName::CrossEntropy) => "training loss, nats",
            (Self::Loss, LossName::Squared) => "training loss",
            (Self::Accuracy, _) => "accuracy on test images",
            (Self::Rank, _) => "effective rank of the last layer",
            (Self::Dead, _) => "fraction of dead neurons",
        }
    }

    /// The number of one run.
    pub fn of(self) -> fn(&Outcome) -> f64 {
        match self {
            Self::Loss => |outcome| outcome.loss,
            Self::Accuracy => |outcome| outcome.accuracy,
            Self::Rank => |outcome| outcome.rank,
            Self::Dead => |outcome| outcome.dead,
        }
    }

    fn axis(self, p: &Params, known: &[AtRate]) -> Axis {
        let ends = known.iter().filter_map(|at| at.quartiles(self.of())).flat_map(|q| [q.low, q.high]);
        match self {
            Self::Loss => {
                let none = at_nothing_learned(p);
                let (low, high) = ends
                    .filter(|loss| *loss > 0.0)
                    .fold((none, none), |(low, high), loss| (low.min(loss), high.max(loss)));
                Axis {
                    label: self.label(p).to_owned(),
                    min: (0.6 * low).max(1e-8),
                    max: 1.8 * high,
                    scale: Scale::Log,
                }
            }
            Self::Rank => {
                let most = ends.fold(1.0_f64, f64::max);
                linear(self.label(p), -0.04 * most, 1.1 * most)
            }
            Self::Accuracy | Self::Dead => linear(self.label(p), -0.04, 1.04),
        }
    }
}

/// The loss of a network whose outputs are all 0: where it ends if it collapses.
pub fn at_nothing_learned(p: &Params) -> f64 {
    match p.loss {
        LossName::Squared => 0.5,
        LossName::CrossEntropy => libm::log(super::digits::CLASSES as f64),
    }
}

/// A handle whose abscissa is the learning rate.
fn handle(at: (f64, f64)) -> Handle {
    Handle { at, x: Some(ParamRef { key: "lr", index: None }), y: None }
}

/// The edges, half way to their neighbours, of rates for which something holds.
fn stretches(p: &Params, holds: impl Fn(u32) -> bool) -> Vec<(f64, f64)> {
    let axis = p.axis();
    let edge = |place: f64| axis.at((place / f64::from(p.rates - 1)).clamp(0.0, 1.0));
    let one = |rate: u32| (edge(f64::from(rate) - 0.5), edge(f64::from(rate) + 0.5));
    (0..p.rates).filter(|rate| holds(*rate)).map(one).collect()
}

/// The measure against the learning rate.
pub fn outcome(p: &Params, done: &Done, measure: Measure) -> Figure {
    let (x, known) = (p.axis(), sweep::known(p, done));
    let y = measure.axis(p, &known);
    let ends = (y.min, y.max);
    let attractive = comparison::attractive(p, done);
    let diverged = stretches(p, |rate| AtRate::of(p, done, rate).is_some_and(|at| at.mostly_diverged()));
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
    if (x.min..=x.max).contains(&p.lr) {
        let at = median.map_or_else(|| y.at(0.5), |q| q.median.clamp(y.min, y.max));
        let label = median.map(|q| number(q.median, 3));
        layers.push(Layer::Marker { x: p.rate(p.nearest()), y: at, mark: Mark::Crosshair, label });
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
    let handles =
        vec![handle((p.rate(p.nearest()), median.map_or(y.at(0.5), |q| q.median.clamp(y.min, y.max))))];
    let name = measure.label(p).split(',').next().unwrap_or_default();
    Figure {
        title: format!("{}{} after {} epochs", name[..1].to_uppercase(), &name[1..], p.epochs),
        alt: alt(p, &known, measure, &attractive),
        key,
        layers,
        handles,
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
            medians.push((at.rate, f64::NAN));
            band(&mut places, &mut low, &mut high);
            continue;
        };
        let point = (at.rate, inside(quartiles.median));
        medians.push(point);
        if at.mostly_collapsed() { &mut collapsed } else { &mut dots }.push(point);
        places.push(at.rate);
        low.push(inside(quartiles.low));
        high.push(inside(quartiles.high));
    }
    band(&mut places, &mut low, &mut high);
    layers.push(line(medians, Ink::Strong, 1.8, Dash::Solid, None));
    layers.push(Layer::Points { points: dots, ink: Ink::Strong, radius: 2.6 });
    layers.push(Layer::Points { points: collapsed, ink: Ink::Fixed(palette::PHASE_II), radius: 3.6 });
    layers
}

fn in_words((from, to): &(f64, f64)) -> String {
    format!("{} to {}", number(*from, 2), number(*to, 2))
}

fn alt(p: &Params, known: &[AtRate], measure: Measure, attractive: &[(f64, f64)]) -> String {
    let finished: usize = known.iter().map(|at| at.runs).sum();
    let mut text = format!(
        "{} against learning rates from {} to {}, {finished} of {} runs finished.",
        measure.label(p),
        number(p.axis().min, 3),
        number(p.axis().max, 3),
        p.rates * p.runs
    );
    let medians: Vec<(f64, f64)> =
        known.iter().filter_map(|at| Some((at.rate, at.quartiles(measure.of())?.median))).collect();
    let by = |sign: f64| medians.iter().min_by(|a, b| (sign * a.1).total_cmp(&(sign * b.1)));
    if let (Some(least), Some(most)) = (by(1.0), by(-1.0)) {
        text = format!(
            "{text} The median is least, {}, at λ = {} and greatest, {}, at λ = {}.",
            number(least.1, 3),
            number(least.0, 3),
            number(most.1, 3),
            number(most.0, 3)
        );
    }
    if !attractive.is_empty() {
        let stretches: Vec<String> = attractive.iter().map(in_words).collect();
        text = format!("{text} The origin attracts for λ from {}.", stretches.join(" and from "));
    }
    text
}

/// The exponent of the origin against the learning rate, divided by it.
pub fn exponent(p: &Params, done: &Done) -> Figure {
    let x = p.axis();
    let label = "exponent by rate Λ₁/λ";
    // the handle is there before the exponent is: the page makes as many as a figure has when it is opened
    let figure = |y: Axis, layers: Vec<Layer>, alt: String, height: f64| Figure {
        title: "Growth of a neuron near the origin on the same data, Λ₁/λ".to_owned(),
        alt,
        layers,
        handles: vec![handle((p.rate(p.nearest()), height))],
        ..blank("exponent", Role::Strip, 4.0, x.clone(), y)
    };
    if !p.shape().has_hessian_at_origin() {
        let why = no_exponent(p);
        return figure(linear(label, -1.0, 1.0), vec![zero(Some(why.to_owned()))], why.to_owned(), 0.0);
    }
    let signal = origin::known_signal(p, done);
    let descent: Vec<(f64, f64)> = signal.as_ref().as_ref().map_or_else(Vec::new, |signal| {
        let rate = |step: i32| x.at(f64::from(step) / 96.0);
        (0..=96)
            .map(rate)
            .filter_map(|rate| Some((rate, origin::of_gradient_descent(p, signal, rate)? / rate)))
            .collect()
    });
    let measured: Vec<(f64, f64, f64, bool)> = (0..p.rates)
        .filter_map(|rate| {
            let (lr, found) = (p.rate(rate), origin::exponent(p, done, rate)?);
            Some((lr, found.mean.value / lr, found.half_width(LEVEL) / lr, found.drifts()))
        })
        .filter(|(_, value, half, _)| value.is_finite() && half.is_finite())
        .collect();
    let values = measured.iter().flat_map(|(_, value, half, _)| [value - half, value + half]);
    let (low, high) = range(values.chain(descent.iter().map(|point| point.1)));
    let mut layers = vec![area((x.min, x.max), (low, 0.0), STABLE, 0.16, "Λ₁ < 0"), zero(None)];
    layers.push(line(descent, Ink::Muted, 1.5, Dash::Dashed, Some("gradient descent")));
    layers.push(line(
        measured.iter().map(|point| (point.0, point.1)).collect(),
        Ink::Strong,
        1.8,
        Dash::Solid,
        Some("SGD"),
    ));
    for (lr, value, half, drifts) in &measured {
        let dash = if *drifts { Dash::Dotted } else { Dash::Solid };
        layers.push(line(vec![(*lr, value - half), (*lr, value + half)], Ink::Strong, 1.4, dash, None));
    }
    layers.push(Layer::Points {
        points: measured.iter().map(|point| (point.0, point.1)).collect(),
        ink: Ink::Strong,
        radius: 2.4,
    });
    let here = measured.iter().find(|point| point.0 == p.rate(p.nearest()));
    if let Some((lr, value, ..)) = here {
        layers.push(Layer::Marker { x: *lr, y: *value, mark: Mark::Crosshair, label: None });
    }
    let height = here.map_or(0.0, |point| point.1);
    let said = exponent_in_words(p, done, p.nearest());
    let alt = format!(
        "The top Lyapunov exponent of the origin divided by the learning rate, against the learning rate, measured at {} of {} \
         rates, beside that of gradient descent. At λ = {}: {said}.",
        measured.len(),
        p.rates,
        number(p.rate(p.nearest()), 3)
    );
    figure(linear(label, low, high), layers, alt, height)
}

/// Why there is no exponent.
pub fn no_exponent(p: &Params) -> &'static str {
    if p.activation.slope_at_origin().is_none() {
        "ReLU has a kink at 0, so there is no Hessian: no exponent"
    } else {
        "the Hessian at 0 vanishes: no exponent"
    }
}

/// Λ₁ at a rate in words.
pub fn exponent_in_words(p: &Params, done: &Done, rate: u32) -> String {
    if !p.shape().has_hessian_at_origin() {
        return no_exponent(p).to_owned();
    }
    let Some(found) = origin::exponent(p, done, rate) else { return "Λ₁ is on the way".to_owned() };
    let says = match comparison::prediction(p, done, rate) {
        Some(Prediction::Collapses) => "the origin attracts",
        Some(Prediction::TooSlow) => "the origin attracts, too slowly to be seen in these epochs",
        Some(Prediction::Escapes) => "the origin repels",
        _ => "undecided",
    };
    let short = if found.drifts() { ", short run" } else { "" };
    format!(
        "Λ₁ = {} ± {} per step (95 %{short}), {says}",
        number(found.mean.value, 3),
        number(found.half_width(LEVEL), 1)
    )
}

/// What the runs at a rate did, in words.
pub fn outcome_in_words(at: &AtRate) -> String {
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

/// The exponents.
pub fn exponent_table(p: &Params, done: &Done) -> Table {
    let columns = [
        "learning rate λ",
        "Λ₁, nats per step",
        "half width of the 95 % interval",
        "gradient descent, exact",
    ];
    let signal = origin::known_signal(p, done);
    let row = |rate: u32| {
        let found = origin::exponent(p, done, rate)?;
        let descent = signal
            .as_ref()
            .as_ref()
            .and_then(|signal| Some(number(origin::of_gradient_descent(p, signal, p.rate(rate))?, 4)));
        Some(vec![
            number(p.rate(rate), 4),
            number(found.mean.value, 4),
            number(found.half_width(LEVEL), 2),
            descent.unwrap_or_default(),
        ])
    };
    Table { columns: columns.map(str::to_owned).to_vec(), rows: (0..p.rates).filter_map(row).collect() }
}

/// All measures at every rate.
pub fn outcome_table(p: &Params, done: &Done) -> Table {
    let mut columns = vec!["learning rate λ".to_owned()];
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
        let mut row = vec![number(at.rate, 4)];
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
