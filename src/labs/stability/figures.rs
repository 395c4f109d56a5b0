//! The figures of the lab in the order of the page.

use super::parameters::Params;
use super::point::Known;
use super::{batches, criteria, exponent, histogram, moments, sides};
use crate::charts::figure::Figure;
use crate::labs::Done;
pub use crate::labs::drawing::{STABLE, area, blank, dot, line, linear, range, zero};

/// All figures, the main one first.
pub fn all(p: &Params, done: &Done, known: &Known) -> Vec<Figure> {
    let [fan, passage] = sides::figures(p, done);
    vec![
        exponent::figure(p, done, known),
        criteria::figure(p, done, known),
        fan,
        moments::figure(p, done, known),
        histogram::figure(p, done, known),
        passage,
        batches::exponents(p, done, known),
        batches::rates(p, done, known),
    ]
}
