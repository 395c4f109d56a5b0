//! The figures of the lab in the order of the page, and what a place in them says.

use super::measure::Measure;
use super::parameters::Params;
use super::{course, growth, outcome, sweep};
use crate::charts::figure::Figure;
use crate::labs::{Done, Table};

/// All figures, the main one first.
pub fn all(p: &Params, done: &Done) -> Vec<Figure> {
    let mut figures =
        vec![outcome::figure(p, done, Measure::Loss), growth::figure(p, done), course::figure(p, done)];
    figures.extend(
        [Measure::Accuracy, Measure::Rank, Measure::Dead].map(|measure| outcome::figure(p, done, measure)),
    );
    figures
}

/// One line about a place.
pub fn hover(p: &Params, done: &Done, figure: &str, at: (f64, f64)) -> String {
    if figure == "course" {
        return course::hover(p, done, at.0);
    }
    let axis = p.axis();
    if !(axis.min..=axis.max).contains(&at.0) {
        return String::new();
    }
    let nearest = p.moved_to(at.0).nearest();
    let place = format!("{}: ", p.named(nearest));
    if figure == growth::ID {
        return place + &growth::in_words(p, done, nearest);
    }
    let Some(at) = sweep::AtRate::of(p, done, nearest) else { return place + "no run is finished yet" };
    place + &outcome::in_words(&at)
}

/// The numbers of a figure.
pub fn table(p: &Params, done: &Done, figure: &str) -> Table {
    match figure {
        "course" => course::table(p, done),
        growth::ID => growth::table(p, done),
        _ => outcome::table(p, done),
    }
}
