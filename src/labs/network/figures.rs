//! The figures of the lab in the order of the page, and what a place in them says.

use super::over_rates::{self, Measure};
use super::parameters::Params;
use super::{course, sweep};
use crate::charts::figure::Figure;
use crate::labs::summary::number;
use crate::labs::{Done, Table};

/// All figures, the main one first.
pub fn all(p: &Params, done: &Done) -> Vec<Figure> {
    let mut figures = vec![
        over_rates::outcome(p, done, Measure::Loss),
        over_rates::exponent(p, done),
        course::figure(p, done),
    ];
    figures.extend(
        [Measure::Accuracy, Measure::Rank, Measure::Dead]
            .map(|measure| over_rates::outcome(p, done, measure)),
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
    let nearest = Params { lr: at.0, ..p.clone() }.nearest();
    let rate = format!("λ = {}: ", number(p.rate(nearest), 3));
    if figure == "exponent" {
        return rate + &over_rates::exponent_in_words(p, done, nearest);
    }
    let Some(at) = sweep::AtRate::of(p, done, nearest) else { return rate + "no run is finished yet" };
    rate + &over_rates::outcome_in_words(&at)
}

/// The numbers of a figure.
pub fn table(p: &Params, done: &Done, figure: &str) -> Table {
    match figure {
        "course" => course::table(p, done),
        "exponent" => over_rates::exponent_table(p, done),
        _ => over_rates::outcome_table(p, done),
    }
}
