//! The course of training at the point: the loss of the batches against epochs, one line per run.

use super::measure::at_nothing_learned;
use super::parameters::Params;
use super::sweep;
use crate::charts::figure::{Axis, Dash, Figure, Ink, Layer, Role, Scale};
use crate::labs::drawing::{blank, line, linear};
use crate::labs::summary::number;
use crate::labs::{Done, Table};

/// The lines of the runs at the point.
fn lines(p: &Params, done: &Done) -> Vec<Vec<(f64, f64)>> {
    (0..p.runs).map(|run| sweep::course(p, done, p.nearest(), run)).collect()
}

/// The figure.
pub fn figure(p: &Params, done: &Done) -> Figure {
    let lines = lines(p, done);
    let origin = at_nothing_learned(p);
    let values = lines.iter().flatten().map(|point| point.1).filter(|loss| *loss > 0.0);
    let (low, high) = values.fold((origin, origin), |(low, high), loss| (low.min(loss), high.max(loss)));
    let y = Axis {
        label: "mean loss of the batches, nats".to_owned(),
        min: (0.7 * low).max(1e-8),
        max: 1.4 * high,
        scale: Scale::Log,
    };
    let y = if p.loss == super::parameters::LossName::Squared {
        Axis { label: "mean loss of the batches".to_owned(), ..y }
    } else {
        y
    };
    let place = p.named(p.nearest());
    let finished = lines.iter().filter(|line| !line.is_empty()).count();
    let mut layers = vec![Layer::HLine {
        y: origin,
        ink: Ink::Muted,
        dash: Dash::Dashed,
        label: Some("outputs 0".to_owned()),
    }];
    let ends: Vec<String> =
        lines.iter().filter_map(|line| line.last()).map(|point| number(point.1, 3)).collect();
    for points in lines {
        // a single epoch is a dot
        layers.push(Layer::Points { points: points.clone(), ink: Ink::Strong, radius: 1.6 });
        layers.push(line(points, Ink::Strong, 1.2, Dash::Solid, None));
    }
    Figure {
        title: format!("Training at {place}"),
        alt: format!(
            "The loss of the batches over {} epochs at {place}, {finished} runs. They end at {}; with all \
             outputs 0 it is {}.",
            p.epochs,
            if ends.is_empty() { "values still to come".to_owned() } else { ends.join(", ") },
            number(origin, 4)
        ),
        layers,
        ..blank("course", Role::Side, 1.5, linear("epochs", 0.0, f64::from(p.epochs)), y)
    }
}

/// One line about an epoch.
pub fn hover(p: &Params, done: &Done, epoch: f64) -> String {
    let near = |line: &Vec<(f64, f64)>| {
        line.iter().min_by(|a, b| (a.0 - epoch).abs().total_cmp(&(b.0 - epoch).abs())).copied()
    };
    let points: Vec<(f64, f64)> = lines(p, done).iter().filter_map(near).collect();
    let Some(first) = points.first() else { return String::new() };
    let losses: Vec<String> = points.iter().map(|point| number(point.1, 3)).collect();
    format!("epoch {}: loss {}", number(first.0, 3), losses.join(", "))
}

/// The numbers of the lines.
pub fn table(p: &Params, done: &Done) -> Table {
    let columns = ["run", "epochs", "mean loss of the batches of the last"].map(str::to_owned);
    let row = |run: usize, (epoch, loss): (f64, f64)| {
        vec![(run + 1).to_string(), number(epoch, 4), number(loss, 4)]
    };
    let rows = lines(p, done).into_iter().enumerate();
    let rows = rows.flat_map(|(run, line)| line.into_iter().map(move |point| row(run, point)));
    Table { columns: columns.to_vec(), rows: rows.collect() }
}
