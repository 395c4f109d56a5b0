//! The figures of the lab in the order of the page.

use super::parameters::Params;
use super::point::Known;
use super::{criteria, curve, histogram, ladder, running};
use crate::charts::figure::Figure;
use crate::labs::Done;

/// All figures, the main one first.
pub fn all(p: &Params, done: &Done, known: &Known) -> Vec<Figure> {
    let beside = [running::figure(p, known), histogram::figure(p, known)];
    if p.is_sgd() {
        let main =
            [curve::figure(p, done, known), criteria::figure(p, done, known), ladder::figure(p, known)];
        main.into_iter().chain(beside).collect()
    } else {
        std::iter::once(ladder::figure(p, known)).chain(beside).collect()
    }
}
