//! The main figure: measured or predicted rank over learning rate and label noise, with the boundaries of the prediction.

use super::measured::{self, Measured, Outcome};
use super::parameters::{InputsName, MapLayer, Params, Plane};
use super::product::{FIELD, Field};
use super::theory::{self, Curve};
use super::{quantities, words};
use crate::charts::figure::{Dash, Figure, Handle, Ink, Layer, Mark, ParamRef, Rgb, Role};
use crate::charts::palette;
use crate::charts::region::label_spots;
use crate::labs::{Done, Table};
use std::rc::Rc;

/// Name of the figure.
pub const ID: &str = "map";
const NO_DATA: Rgb = Rgb(0xc9, 0xcd, 0xd1);
const AGREES: Rgb = Rgb(0xdd, 0xe3, 0xe8);
/// Part of viridis used for ranks from 1 on.
const COLOURS: (f64, f64) = (0.3, 1.0);
/// Codes of the places without a rank, for the search of names.
const DIVERGED: u8 = 254;
const UNKNOWN: u8 = 255;
/// Rows and columns of the data table.
const TABLE_SIDE: usize = 12;

/// The colour of a rank of at most `most`.
pub fn colour(rank: usize, most: usize) -> Rgb {
    if rank == 0 {
        return palette::PHASE_III;
    }
    let part = (rank - 1) as f64 / (most.max(2) - 1) as f64;
    palette::viridis(COLOURS.0 + (COLOURS.1 - COLOURS.0) * part)
}

fn difference_colour(difference: i64, most: usize) -> Rgb {
    if difference == 0 {
        return AGREES;
    }
    palette::diverging(difference as f64 / most.max(1) as f64 * 0.7 + 0.3 * difference.signum() as f64)
}

/// The pixels of the prediction.
pub struct Predicted {
    /// As [`Measured`]'s; `None` where there is none.
    pub ranks: Vec<Option<usize>>,
}

/// The predicted rank at the pixels of the measured map.
pub fn predicted(p: &Params, done: &Done) -> Rc<Predicted> {
    let detail = format!("{:?}", predicting(p));
    done.made("predicted-map", &[FIELD], &detail, || {
        let (plane, side, field) = (Plane::of(p), p.pixels.side(), Field::made(p, done));
        let centre = |index: usize| (index as f64 + 0.5) / side as f64;
        let rank = |pixel: usize| {
            theory::predicted(p, &plane, field.as_ref().as_ref(), centre(pixel % side), centre(pixel / side))
        };
        Predicted { ranks: (0..side * side).map(rank).collect() }
    })
}

/// Everything that the predicted map depends on.
fn predicting(p: &Params) -> Params {
    Params { lr: 1.0, noise: 1.0, layer: MapLayer::Measured, ..p.clone() }
}

/// The figure.
pub fn figure(p: &Params, done: &Done) -> Figure {
    let plane = Plane::of(p);
    let mut layers: Vec<Layer> = raster(p, done).into_iter().collect();
    layers.extend(boundaries(p, done));
    layers.extend(names(p, &plane, done));
    layers.push(Layer::Marker { x: p.lr, y: p.noise, mark: Mark::Crosshair, label: None });
    let handle = |key| Some(ParamRef { key, index: None });
    let (x, y) = (plane.x.clone(), plane.y.clone());
    Figure {
        title: words::title(p),
        alt: words::alt(p, &plane, quantities::agreement(p, done).as_ref().as_ref()),
        key: key(p, done),
        layers,
        handles: vec![Handle { at: (p.lr, p.noise), x: handle("lr"), y: handle("noise") }],
        ..Figure::blank(ID, Role::Main, 1.25, x, y)
    }
}

fn raster(p: &Params, done: &Done) -> Option<Layer> {
    let most = p.most_rank();
    if p.layer == MapLayer::Predicted {
        let predicted = predicted(p, done);
        let of = |pixel: usize| predicted.ranks[pixel].map_or(NO_DATA, |rank| colour(rank, most));
        return Some(Layer::pixels(p.pixels.side(), of));
    }
    let measured = Measured::made(p, done);
    let measured = measured.as_ref().as_ref()?;
    let predicted = (p.layer == MapLayer::Difference).then(|| predicted(p, done));
    let of = |pixel: usize| match (measured.shown(pixel), &predicted) {
        (Outcome::Unknown, _) => NO_DATA,
        (Outcome::Diverged, _) => palette::DIVERGED,
        (Outcome::Rank(rank), None) => colour(rank, most),
        (Outcome::Rank(rank), Some(predicted)) => predicted.ranks[pixel]
            .map_or(NO_DATA, |other| difference_colour(rank as i64 - other as i64, most)),
    };
    Some(Layer::pixels(measured.side, of))
}

/// The predicted boundaries: solid the prediction; dashed the rule for modes alone where that is another one, and the modes
/// that are too many for the width.
fn boundaries(p: &Params, done: &Done) -> Vec<Layer> {
    let line = |points: Curve, width, dash| Layer::line(points, Ink::Strong, width, dash, None);
    let curves = theory::curves(p, done);
    if p.inputs == InputsName::OneHot {
        let of = |(mode, points): (usize, &Curve)| {
            let (width, dash) =
                if p.place(mode) < p.most_rank() { (1.6, Dash::Solid) } else { (1.0, Dash::Dashed) };
            line(points.clone(), width, dash)
        };
        let modes = curves.iter().enumerate();
        return modes.flat_map(|(mode, lines)| lines.iter().map(move |line| (mode, line))).map(of).collect();
    }
    let mut layers: Vec<Layer> =
        curves.iter().flatten().map(|points| line(points.clone(), 1.0, Dash::Dashed)).collect();
    if let Some(field) = Field::made(p, done).as_ref() {
        layers.extend(field.curves(p).into_iter().flatten().map(|points| line(points, 1.6, Dash::Solid)));
    }
    layers
}

/// The ranks written in their regions.
fn names(p: &Params, plane: &Plane, done: &Done) -> Vec<Layer> {
    let (side, most) = (p.pixels.side(), p.most_rank());
    let code: Vec<u8> = match p.layer {
        MapLayer::Difference => return Vec::new(),
        MapLayer::Predicted if p.slope().is_err() => {
            let (x, y) = (plane.x.at(0.5), plane.y.at(0.5));
            let (long, short) = ("no exponent, no prediction".to_owned(), "none".to_owned());
            return vec![Layer::Region { long, short, x, y, width: 1.0, height: 1.0, on: NO_DATA }];
        }
        MapLayer::Predicted => {
            predicted(p, done).ranks.iter().map(|rank| rank.map_or(UNKNOWN, |rank| rank as u8)).collect()
        }
        MapLayer::Measured => {
            let measured = Measured::made(p, done);
            let Some(measured) = measured.as_ref().as_ref() else { return Vec::new() };
            let code = |pixel| match measured.shown(pixel) {
                Outcome::Unknown => UNKNOWN,
                Outcome::Diverged => DIVERGED,
                Outcome::Rank(rank) => rank as u8,
            };
            (0..side * side).map(code).collect()
        }
    };
    // from the top
    let code: Vec<u8> = code.chunks_exact(side).rev().flatten().copied().collect();
    let mut named = Vec::new();
    label_spots(side, side, &code)
        .into_iter()
        .filter_map(|spot| {
            // the map is ragged: one name for each rank, in its largest part
            if spot.code == UNKNOWN || named.contains(&spot.code) {
                return None;
            }
            named.push(spot.code);
            let (long, short, on) = if spot.code == DIVERGED {
                ("diverged".to_owned(), "div.".to_owned(), palette::DIVERGED)
            } else {
                let rank = usize::from(spot.code);
                (format!("rank {rank}"), rank.to_string(), colour(rank, most))
            };
            Some(Layer::Region {
                long,
                short,
                x: plane.x.at(spot.x),
                y: plane.y.at(1.0 - spot.y),
                width: spot.width,
                height: spot.height,
                on,
            })
        })
        .collect()
}

/// What the colours mean.
fn key(p: &Params, done: &Done) -> Vec<(Rgb, String)> {
    let most = p.most_rank();
    if p.layer == MapLayer::Difference {
        let one = |difference: i64, words: &str| (difference_colour(difference, most), words.to_owned());
        return vec![
            one(0, "as predicted"),
            one(1, "measured rank higher"),
            one(-1, "measured rank lower"),
            (palette::DIVERGED, "some run diverged".to_owned()),
        ];
    }
    let mut key: Vec<(Rgb, String)> =
        (0..=most).rev().map(|rank| (colour(rank, most), format!("rank {rank}"))).collect();
    let measured = Measured::made(p, done);
    let diverged =
        measured.as_ref().as_ref().is_some_and(|measured| measured.outcomes.contains(&Outcome::Diverged));
    if p.layer == MapLayer::Measured && diverged {
        key.push((palette::DIVERGED, "some run diverged".to_owned()));
    }
    key
}

/// One line about a place.
pub fn hover(p: &Params, done: &Done, at: (f64, f64)) -> String {
    let plane = Plane::of(p);
    let (x, y) = (plane.x.fraction(at.0), plane.y.fraction(at.1));
    if !((0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y)) {
        return String::new();
    }
    let place = words::place(&plane, at);
    let measured = Measured::made(p, done);
    let measured = measured.as_ref().as_ref().map(|map| map.outcomes[map.index(x, y)]);
    let predicted = theory::predicted(p, &plane, Field::made(p, done).as_ref().as_ref(), x, y);
    format!("{place}: {}, {}", words::measured(measured), words::predicted(p, predicted))
}

/// Measured and predicted ranks on a coarse grid of pixels.
pub fn table(p: &Params, done: &Done) -> Table {
    let plane = Plane::of(p);
    let (measured, predicted) = (Measured::made(p, done), predicted(p, done));
    let Some(measured) = measured.as_ref() else { return Table::default() };
    let side = measured.side;
    let pixel = |index: usize| (2 * index + 1) * side / (2 * TABLE_SIDE);
    let centre = |index: usize| (index as f64 + 0.5) / side as f64;
    let row = |cell: usize| {
        let (column, row) = (pixel(cell % TABLE_SIDE), pixel(cell / TABLE_SIDE));
        let at = row * side + column;
        let measured = match measured.outcomes[at] {
            Outcome::Unknown => "…".to_owned(),
            Outcome::Diverged => "diverged".to_owned(),
            Outcome::Rank(rank) => rank.to_string(),
        };
        let predicted = predicted.ranks[at].map_or_else(|| "–".to_owned(), |rank| rank.to_string());
        let number = |value: f64| crate::labs::summary::number(value, 4);
        vec![number(plane.x.at(centre(column))), number(plane.y.at(centre(row))), measured, predicted]
    };
    let columns = [plane.x.label.as_str(), plane.y.label.as_str(), "measured rank", "predicted rank"];
    Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows: (0..TABLE_SIDE * TABLE_SIDE).map(row).collect(),
    }
}

/// Whether there is something to show.
pub fn ready(p: &Params, done: &Done) -> bool {
    let any = |job: &str| done.shards(job).iter().any(Option::is_some);
    match p.layer {
        MapLayer::Predicted => any(theory::CURVES) || p.slope().is_err(),
        _ => any(measured::JOB),
    }
}
