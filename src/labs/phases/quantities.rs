//! The numbers of the page, from what is known at the point.

use super::parameters::Params;
use super::point::Known;
use super::sides;
use crate::labs::direction::own_data;
use crate::labs::direction::quantities::{direction, estimated, plain};
use crate::labs::{Done, Quantity};

/// All numbers, in the order of the page; those on the way have no value yet.
pub fn quantities(p: &Params, known: &Known, done: &Done) -> Vec<Quantity> {
    let saddle = known.saddle.as_ref();
    let mut rows = vec![
        estimated("exponent_plus", "growth along the correct direction", "Λ₊", saddle.map(|s| s.plus)),
        estimated("exponent_minus", "growth along the wrong direction", "Λ₋", saddle.map(|s| s.minus)),
        plain(
            "second_moment",
            "mean square factor of the wrong direction",
            "E X²",
            saddle.map(|s| s.second_moment),
        ),
    ];
    rows.extend(direction(&p.sgd, known.direction.as_ref(), known.rates.as_ref()));
    rows.extend(sides::quantities(p, done));
    rows.extend(own_data::quantities(&p.sgd, done));
    rows
}
