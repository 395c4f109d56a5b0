//! The exact curves over the map, in shards of scan lines.

use super::parameters::{AxisName, Params};
use super::plane::Plane;
use super::work;
use crate::charts::figure::{Axis, Dash, Ink, Layer, Scale};
use crate::core::boundary::{self, Boundary, Kind, PlaneAxis, Quantity, ScanLine, Setting};
use crate::labs::Done;
use std::rc::Rc;

/// Scan lines are as fine as half the map's pixels: curves between them are straight to less than a pixel, and more
/// lines are added where they are not.
const PIXELS: u32 = 256;

fn axis(name: AxisName, axis: &Axis) -> PlaneAxis {
    let quantity = match name {
        AxisName::Lr => Quantity::LearningRate,
        AxisName::Decay => Quantity::Decay,
        AxisName::A => Quantity::NoiseValue,
        AxisName::Batch => Quantity::Batch,
        _ => Quantity::Other,
    };
    PlaneAxis { quantity, min: axis.min, max: axis.max, log: axis.scale == Scale::Log, pixels: PIXELS }
}

fn with_plane<T>(p: &Params, then: impl FnOnce(&boundary::Plane) -> T) -> T {
    let plane = Plane::of(p);
    let at = |x: f64, y: f64| {
        let there = plane.at(p, x, y);
        let law = there.sgd.law_at()?;
        Some(Setting { law, batch: there.sgd.batch, lr: there.sgd.lr, decay: there.sgd.decay })
    };
    then(&boundary::Plane::new(axis(plane.x_name, &plane.x), axis(plane.y_name, &plane.y), &at))
}

/// Estimated work of all lines, in elementary steps.
pub fn cost(p: &Params) -> f64 {
    work::boundaries(p, f64::from(PIXELS))
}

/// Whether the curves are drawn at all: not where they would take longer than everything else.
pub fn affordable(p: &Params) -> bool {
    cost(p) <= work::MOST / 4.0
}

/// Number of shards.
pub fn shards(p: &Params) -> u32 {
    (cost(p) / work::SHARD).ceil().clamp(2.0, f64::from(PIXELS)) as u32
}

/// The scan lines of one shard, as numbers; neighbouring shards share a line.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let shards = shards(p) as usize;
    with_plane(p, |plane| {
        let edge = |shard: usize| (plane.lines() - 1) * shard / shards;
        let mut numbers = Vec::new();
        for line in plane.scan(edge(shard as usize), edge(shard as usize + 1)) {
            line.write(&mut numbers);
        }
        numbers
    })
}

/// The curves, once all lines are there.
pub fn made(p: &Params, done: &Done) -> Rc<Option<Boundary>> {
    done.made("boundary", &["boundaries"], "", || linked(p, done))
}

fn linked(p: &Params, done: &Done) -> Option<Boundary> {
    if !done.complete("boundaries") {
        return None;
    }
    let lines: Vec<ScanLine> = done
        .shards("boundaries")
        .iter()
        .flatten()
        .filter_map(|numbers| ScanLine::read(numbers))
        .flatten()
        .collect();
    Some(with_plane(p, |plane| plane.link(&lines)))
}

/// The curves as layers of the diagram: exponents solid, Ia/Ib dashed, the seam of E z dotted, narrow tongues faint.
pub fn layers(boundary: &Boundary) -> Vec<Layer> {
    let line = |points: &[(f64, f64)], width, dash| Layer::Line {
        points: points.to_vec(),
        ink: Ink::Strong,
        width,
        dash,
        label: None,
    };
    let mut layers = Vec::new();
    for curve in &boundary.curves {
        match curve.kind {
            Kind::Plus | Kind::Minus => layers.push(line(&curve.points, 1.5, Dash::Solid)),
            Kind::Norm => layers.push(line(&curve.points, 1.0, Dash::Dashed)),
            Kind::Seam => layers.push(line(&curve.points, 1.0, Dash::Dotted)),
            Kind::PlusTongue | Kind::MinusTongue => {
                // A line as thin as the tongue: its opacity follows its width.
                let widest = curve.widths.iter().copied().fold(0.0, f64::max);
                layers.push(line(&curve.points, widest.clamp(0.05, 1.0), Dash::Solid));
            }
        }
    }
    layers
}
