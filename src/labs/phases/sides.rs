//! The figures beside the map, at the crosshair: fans of both directions, the loss surface, the time to escape or collapse.

use super::parameters::Params;
use super::surface;
use crate::charts::figure::{Figure, Ink};
use crate::charts::palette;
use crate::core::saddle;
use crate::labs::direction::fan::Fan;
use crate::labs::direction::passage::Passage;
use crate::labs::direction::sgd::Direction;
use crate::labs::{Done, Job, Quantity, Table};

const PLUS: &str = "fan-plus";
const MINUS: &str = "fan-minus";
const PASSAGE: &str = "passage";

/// The sign of E z, 0 within rounding.
fn mean_sign(p: &Params) -> f64 {
    p.sgd.mean_and_variance().map_or(0.0, |(mean, variance)| saddle::sign_of_mean(mean, variance))
}

/// The fans of Λ₊ and of Λ₋. Where E z < 0 the correct direction is u = −w.
fn fans(p: &Params, sign: f64) -> [Fan<'_>; 2] {
    let [plus, minus] =
        if sign < 0.0 { [Direction::Plus, Direction::Minus] } else { [Direction::Minus, Direction::Plus] };
    let fan = |id, direction| Fan { id, sgd: &p.sgd, direction, horizon: p.horizon };
    [fan(PLUS, plus), fan(MINUS, minus)]
}

fn passage(p: &Params) -> Passage<'_> {
    Passage { id: PASSAGE, sgd: &p.sgd, directions: &[Direction::Minus, Direction::Plus] }
}

/// The jobs; none depends on what the map shows.
pub fn jobs(p: &Params) -> Vec<Job> {
    let [plus, minus] = fans(p, 1.0);
    vec![plus.job(), minus.job(), surface::job(p), passage(p).job()]
}

/// A shard of one of the jobs; `None` if it is of another.
pub fn compute(p: &Params, job: &str, shard: u32) -> Option<Vec<f64>> {
    match job {
        PLUS | MINUS => fans(p, mean_sign(p)).iter().find(|fan| fan.id == job).map(|fan| fan.compute(shard)),
        surface::ID => Some(surface::compute(p)),
        PASSAGE => Some(passage(p).compute(shard)),
        _ => None,
    }
}

/// The figures.
pub fn figures(p: &Params, done: &Done) -> Vec<Figure> {
    let sign = mean_sign(p);
    let [plus, minus] = fans(p, sign);
    let title = |name: &str, fan: &Fan| {
        let name = if sign == 0.0 { String::new() } else { format!("the {name} direction ") };
        format!("Distance from the saddle along {name}{}", fan.direction.line())
    };
    let (correct, wrong) = (Ink::Fixed(palette::PHASE_IB), Ink::Fixed(palette::PHASE_II));
    vec![
        plus.figure(title("correct", &plus), correct, done),
        minus.figure(title("wrong", &minus), wrong, done),
        surface::figure(p, done),
        passage(p).figure(Ink::Fixed(palette::PHASE_IB), done),
    ]
}

/// Whether a figure has something to show; `None` if it is none of these.
pub fn ready(p: &Params, done: &Done, figure: &str) -> Option<bool> {
    match figure {
        PLUS | MINUS => fans(p, 1.0).iter().find(|fan| fan.id == figure).map(|fan| fan.ready(done)),
        surface::ID => Some(done.complete(surface::ID)),
        PASSAGE => Some(passage(p).ready(done)),
        _ => None,
    }
}

/// The numbers: of the mean of the chosen direction, of the time to escape or collapse.
pub fn quantities(p: &Params, done: &Done) -> Vec<Quantity> {
    let fans = fans(p, mean_sign(p));
    let chosen = if fans[0].direction == p.sgd.sign { &fans[0] } else { &fans[1] };
    let mut rows = vec![chosen.runs_to_see_mean(done)];
    rows.extend(passage(p).quantities(done));
    rows
}

/// A sentence or two for each figure.
pub fn notes(p: &Params, done: &Done) -> Vec<String> {
    let [plus, minus] = fans(p, mean_sign(p));
    let notes = [plus.note(done), minus.note(done), surface::note(p, done), passage(p).note(done)];
    notes.into_iter().flatten().collect()
}

/// One line about a place in a figure; `None` if it is none of these.
pub fn hover(p: &Params, done: &Done, figure: &str, at: (f64, f64)) -> Option<String> {
    match figure {
        PLUS | MINUS => {
            fans(p, mean_sign(p)).iter().find(|fan| fan.id == figure).map(|fan| fan.hover(done, at))
        }
        surface::ID => Some(surface::hover(p, at)),
        PASSAGE => Some(passage(p).hover(done, at)),
        _ => None,
    }
}

/// The numbers of a figure; `None` if it is none of these.
pub fn table(p: &Params, done: &Done, figure: &str) -> Option<Table> {
    match figure {
        PLUS | MINUS => fans(p, mean_sign(p)).iter().find(|fan| fan.id == figure).map(|fan| fan.table(done)),
        surface::ID => Some(surface::table(p, done)),
        PASSAGE => Some(passage(p).table(done)),
        _ => None,
    }
}
