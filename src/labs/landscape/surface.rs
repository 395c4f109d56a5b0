//! The main figure: contours of the loss, its minima, and runs of SGD from many starts.

use super::ends::End;
use super::minima::{self, Limits};
use super::parameters::Params;
use crate::charts::figure::{Axis, Dash, Figure, Ink, Layer, Mark, Role};
use crate::core::isoline::{isolines, linear_crossing};
use crate::labs::summary::number;
use crate::labs::{Done, Table};
use crate::models::hidden_neuron::step_cost;
use std::rc::Rc;

/// Name of the figure.
pub const ID: &str = "surface";
/// The job of the runs.
pub const PATHS: &str = "paths";
/// Runs.
const RUNS: usize = 24;
/// Most places kept of a run.
const KEPT: u32 = 400;
/// Nodes along each side for the contours.
const NODES: usize = 81;
/// Contours.
const LEVELS: usize = 14;
/// Width over height of the plot.
const ASPECT: f64 = 1.4;

/// Half the width and half the height of the plot: it holds the starts and the minima of moderate weights.
fn size(p: &Params, minima: &[Limits]) -> (f64, f64) {
    let near = minima.iter().map(|limits| limits.minimum.at).filter(|(u, w)| u.abs().max(w.abs()) < 12.0);
    near.fold((1.3 * p.spread, 1.3 * p.spread), |size, (u, w)| {
        (size.0.max(1.25 * u.abs()), size.1.max(1.25 * w.abs()))
    })
}

/// Work of the runs.
pub fn cost(p: &Params) -> f64 {
    RUNS as f64 * f64::from(p.steps) * step_cost(p.activation, p.batch)
}

/// Shards of the job of the runs.
pub fn shards(p: &Params) -> u32 {
    ((cost(p) / crate::labs::direction::cost::SHARD).ceil() as u32).clamp(1, RUNS as u32)
}

/// One shard: the places of some of the runs, run by run.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let (data, training, shards) = (p.data(), p.training(p.lr), shards(p) as usize);
    let times: Vec<u32> = times(p);
    let edge = |shard: usize| RUNS * shard / shards;
    (edge(shard as usize)..edge(shard as usize + 1))
        .flat_map(|run| data.run(&training, &times, p.seed, (run as u64, 0)))
        .flat_map(|(u, w)| [u, w])
        .collect()
}

fn times(p: &Params) -> Vec<u32> {
    let count = p.steps.min(KEPT);
    (0..=count).map(|index| (u64::from(p.steps) * u64::from(index) / u64::from(count)) as u32).collect()
}

/// The runs that are there.
fn paths(p: &Params, done: &Done) -> Vec<Vec<(f64, f64)>> {
    let length = times(p).len();
    let places = done.shards(PATHS).iter().flatten().flat_map(|shard| shard.as_chunks::<2>().0);
    let places: Vec<(f64, f64)> = places.map(|[u, w]| (*u, *w)).collect();
    places.chunks_exact(length).map(<[(f64, f64)]>::to_vec).collect()
}

/// The contours, on a scale of levels that grow as squares above the least loss.
fn contours(p: &Params, (across, height): (f64, f64)) -> Vec<Layer> {
    let data = p.data();
    let place = |node: f64, half: f64| half * (2.0 * node / (NODES - 1) as f64 - 1.0);
    let parabolas: Vec<[f64; 3]> =
        (0..NODES).map(|row| data.parabola(p.activation, place(row as f64, height))).collect();
    let loss = |column: usize, row: usize| {
        let ([square, product, labels], u) = (parabolas[row], place(column as f64, across));
        0.5 * (u * u * square - 2.0 * u * product + labels)
    };
    let losses: Vec<f64> = (0..NODES * NODES).map(|node| loss(node % NODES, node / NODES)).collect();
    let least = losses.iter().copied().fold(f64::INFINITY, f64::min);
    // the saddle's own level is among them
    let saddle = loss(NODES / 2, NODES / 2) - least;
    let mut layers = Vec::new();
    for level in 1..=LEVELS {
        let part = level as f64 / 4.0;
        let value = least + saddle.max(1e-12) * part * part;
        let above: Vec<f64> = losses.iter().map(|loss| loss - value).collect();
        let lines = isolines(NODES, NODES, &above, &mut |from, to| {
            linear_crossing(above[from.1 * NODES + from.0], above[to.1 * NODES + to.0])
        });
        for line in lines {
            let points = line.into_iter().map(|(x, y)| (place(x, across), place(y, height))).collect();
            let width = if level == 4 { 1.0 } else { 0.5 };
            layers.push(Layer::line(points, Ink::Muted, width, Dash::Solid, None));
        }
    }
    layers
}

/// The figure.
pub fn figure(p: &Params, done: &Done) -> Figure {
    let minima = minima::known(done);
    let minima = minima.as_ref().as_deref().unwrap_or_default();
    let size = size(p, minima);
    let detail = format!(
        "{} {} {} {} {} {size:?}",
        p.seed,
        p.samples,
        p.mirror,
        p.noise,
        crate::labs::activation::label(p.activation)
    );
    let contours: Rc<Vec<Layer>> = done.made("contours", &[], &detail, || contours(p, size));
    let mut layers = (*contours).clone();
    let sign = if minima::is_correct(minima, (1.0, 1.0)) { 1.0 } else { -1.0 };
    let paths = paths(p, done);
    let shown = done.played(ID);
    let mut counts = [0; 4];
    for path in &paths {
        let end = End::of(*path.last().unwrap_or(&(f64::NAN, f64::NAN)), sign);
        counts[end as usize] += 1;
        let last = ((path.len() - 1) as f64 * shown).round() as usize;
        let points = drawn(&path[..=last], size);
        let ink = Ink::Fixed(end.colour());
        let dot = points.last().copied();
        layers.push(Layer::line(points, ink, 0.8, Dash::Solid, None));
        layers.push(Layer::Points { points: dot.into_iter().collect(), ink, radius: 3.2 });
    }
    layers.push(Layer::Marker { x: 0.0, y: 0.0, mark: Mark::Dot, label: Some("origin".to_owned()) });
    for (index, limits) in minima.iter().enumerate() {
        let (x, y) = limits.minimum.at;
        let label = Some(format!("minimum: {}", minima::name(minima, index)));
        layers.push(Layer::Marker { x, y, mark: Mark::Dot, label });
    }
    let key = End::ALL.into_iter().filter(|end| counts[*end as usize] > 0);
    let title = format!("Loss of u φ(w x) and {RUNS} runs of SGD at λ = {}", number(p.lr, 4));
    let said: Vec<String> =
        key.clone().map(|end| format!("{} {}", counts[end as usize], end.words())).collect();
    Figure {
        alt: format!("{title}. {} Ends: {}.", places(minima), said.join(", ")),
        title,
        key: key.map(|end| (end.colour(), format!("{} {}", counts[end as usize], end.words()))).collect(),
        layers,
        playable: true,
        ..Figure::blank(
            ID,
            Role::Main,
            ASPECT,
            Axis::linear("weight u", -size.0, size.0),
            Axis::linear("weight w", -size.1, size.1),
        )
    }
}

/// The places of a run that are drawn: those at least a five-hundredth of the figure from the one before, and the last.
fn drawn(path: &[(f64, f64)], size: (f64, f64)) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut last = None;
    for &place in path.iter().filter(|(u, _)| !u.is_nan()) {
        let near = |&(u, w): &(f64, f64)| {
            (place.0 - u).abs() < size.0 / 250.0 && (place.1 - w).abs() < size.1 / 250.0
        };
        last = points.last().is_some_and(near).then_some(place);
        if last.is_none() {
            points.push(place);
        }
    }
    points.extend(last);
    points
}

/// Where the minima are, in words.
pub fn places(minima: &[Limits]) -> String {
    if minima.is_empty() {
        return "No isolated minimum is known here.".to_owned();
    }
    let one = |(index, limits): (usize, &Limits)| {
        let ((u, w), loss) = (limits.minimum.at, limits.minimum.loss);
        let name = minima::name(minima, index);
        format!("{name} at u = {}, w = {} (loss {})", number(u, 3), number(w, 3), number(loss, 3))
    };
    let shown: Vec<String> = minima.iter().enumerate().map(one).collect();
    format!("Minima: {}.", shown.join("; "))
}

/// One line about a place.
pub fn hover(p: &Params, (u, w): (f64, f64)) -> String {
    let loss = p.data().loss(p.activation, (u, w));
    format!("u {}, w {}: loss {}", number(u, 3), number(w, 3), number(loss, 4))
}

/// Where the runs end.
pub fn table(p: &Params, done: &Done) -> Table {
    let minima = minima::known(done);
    let minima = minima.as_ref().as_deref().unwrap_or_default();
    let sign = if minima::is_correct(minima, (1.0, 1.0)) { 1.0 } else { -1.0 };
    let data = p.data();
    let columns = ["run", "u at the start", "w at the start", "u at the end", "w at the end", "loss", "end"];
    let row = |(index, path): (usize, &Vec<(f64, f64)>)| {
        let (first, last) = (path[0], path[path.len() - 1]);
        let shown = |x: f64| if x.is_nan() { "–".to_owned() } else { number(x, 4) };
        let loss = if last.0.is_nan() { f64::NAN } else { data.loss(p.activation, last) };
        let mut cells = vec![(index + 1).to_string()];
        cells.extend([first.0, first.1, last.0, last.1, loss].map(shown));
        cells.push(End::of(last, sign).called(minima));
        cells
    };
    Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows: paths(p, done).iter().enumerate().map(row).collect(),
    }
}
