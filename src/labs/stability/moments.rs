//! Moments: g(p) = log E|X|^p over the order p. Its slope at 0 is Λ, its other root is p*: moments below it die, those
//! above explode.

use super::figures::{STABLE, area, blank, dot, line, linear, range, zero};
use super::parameters::Params;
use super::point::{Known, factor};
use crate::charts::figure::{Dash, Figure, Ink, Role};
use crate::core::exponent::TailExponent;
use crate::labs::direction::cost::{Costs, SHARD};
use crate::labs::summary::number;
use crate::labs::{Done, Table};

/// Steps of the order.
const STEPS: usize = 64;
/// The largest order drawn, at least: it shows mean and mean square.
const LEAST: f64 = 2.5;

/// A place on the curve: order, g.
type Point = (f64, f64);

/// Number of shards of the job `moments`.
pub fn shards(p: &Params) -> u32 {
    ((STEPS as f64 + 30.0) * Costs::of(&p.sgd).alone / SHARD).ceil().clamp(1.0, 16.0) as u32
}

/// Its work, in elementary steps.
pub fn cost(p: &Params) -> f64 {
    let costs = Costs::of(&p.sgd);
    f64::from(shards(p)) * (costs.preparation + 30.0 * costs.alone) + STEPS as f64 * costs.alone
}

/// One shard: orders and log-moments in turn, every shard-th order.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let Some(law) = p.sgd.batch_law() else { return Vec::new() };
    let (offset, scale) = factor(p, p.sgd.lr);
    let most = match law.tail_exponent(offset, scale) {
        TailExponent::Finite(root) => LEAST.max(1.3 * root),
        _ => LEAST,
    };
    // The first is next to 0: where P(X = 0) > 0, g falls at once from g(0) = 0.
    let order = |step: usize| if step == 0 { 1e-6 } else { most * step as f64 / STEPS as f64 };
    let steps = (shard as usize..=STEPS).step_by(shards(p) as usize);
    steps.map(order).flat_map(|order| [order, law.log_moment(offset, scale, order).value]).collect()
}

/// The curve, once all shards are there.
fn points(done: &Done) -> Vec<Point> {
    if !done.complete("moments") {
        return Vec::new();
    }
    let shards: Vec<&[[f64; 2]]> =
        done.shards("moments").iter().flatten().map(|shard| shard.as_chunks().0).collect();
    let at = |step: usize| shards[step % shards.len()].get(step / shards.len());
    (0..=STEPS).map_while(at).map(|[order, value]| (*order, *value)).collect()
}

/// The figure.
pub fn figure(_p: &Params, done: &Done, known: &Known) -> Figure {
    let points = points(done);
    let most = points.last().map_or(LEAST, |point| point.0);
    let (low, high) = range(points.iter().map(|point| point.1));
    let mut layers = Vec::new();
    let direction = known.direction.as_ref();
    let tail = direction.map(|direction| direction.tail);
    let dying = match tail {
        Some(TailExponent::Finite(root)) => root.min(most),
        Some(TailExponent::Above(_) | TailExponent::Infinite) => most,
        _ => 0.0,
    };
    if dying > 0.0 && !points.is_empty() {
        layers.push(area((0.0, dying), (low, high), STABLE, 0.16, "moments that die"));
    }
    layers.push(zero(None));
    if let Some(direction) = direction.filter(|direction| direction.exponent.value.is_finite()) {
        let slope = direction.exponent.value;
        layers.push(line(
            vec![(0.0, 0.0), (most, slope * most)],
            Ink::Muted,
            1.0,
            Dash::Dotted,
            // So long that it is not written across the curve's dip, but below it.
            Some("slope of g at 0: the exponent Λ"),
        ));
    }
    layers.push(line(points, Ink::Strong, 2.0, Dash::Solid, None));
    if let Some(direction) = direction {
        if let TailExponent::Finite(root) = direction.tail {
            layers.push(dot((root, 0.0), format!("p* = {}", number(root, 3))));
        }
        for (order, name, moment) in
            [(1.0, "mean", direction.log_moment_1), (2.0, "mean square", direction.log_moment_2)]
        {
            if moment.value.is_finite() {
                layers.push(dot((order, moment.value), format!("{name}: {}", number(moment.value, 3))));
            }
        }
    }
    Figure {
        title: "Which moments die: g(p) = log E|X|ᵖ".to_owned(),
        alt: alt(known),
        layers,
        ..blank(
            "moments",
            Role::Side,
            1.5,
            linear("order p of the moment", 0.0, most),
            linear("growth g(p), nats per step", low, high),
        )
    }
}

fn alt(known: &Known) -> String {
    let Some(direction) = &known.direction else {
        return "Curve of the growth g(p) of the moments over their order p; its numbers are on the way."
            .to_owned();
    };
    let dies = match direction.tail {
        TailExponent::None => "No moment dies.".to_owned(),
        TailExponent::Finite(root) => {
            format!("Moments below order {} die, those above explode.", number(root, 4))
        }
        TailExponent::Above(order) => format!("All moments up to order {} die.", number(order, 4)),
        TailExponent::Infinite => "All moments die.".to_owned(),
    };
    format!(
        "Curve of the growth g(p) of the moments over their order p: slope {} at 0, {} for the mean size, {} for the mean \
         square. {dies}",
        number(direction.exponent.value, 4),
        number(direction.log_moment_1.value, 4),
        number(direction.log_moment_2.value, 4)
    )
}

/// One line about an order.
pub fn hover(done: &Done, order: f64) -> String {
    let points = points(done);
    let near = points.iter().min_by(|a, b| (a.0 - order).abs().total_cmp(&(b.0 - order).abs()));
    let Some(&(order, value)) = near else { return String::new() };
    let says = if value < 0.0 { "dies" } else { "does not die" };
    format!("order p {}: g = {}, this moment {says}", number(order, 3), number(value, 3))
}

/// The curve at every fourth order.
pub fn table(done: &Done) -> Table {
    let columns = vec!["order p".to_owned(), "growth g(p), nats per step".to_owned()];
    let rows =
        points(done).into_iter().step_by(4).map(|(order, value)| vec![number(order, 4), number(value, 4)]);
    Table { columns, rows: rows.collect() }
}
