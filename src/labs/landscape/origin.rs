//! The exact exponents of the origin: with `z = φ′(0) x y` it is the saddle of one weight pair.

use super::parameters::{Params, rates};
use crate::core::curvature::{BatchLaw, Law};
use crate::core::saddle;
use crate::labs::Done;
use std::rc::Rc;

/// The job: `Λ₊` and `Λ₋` over the learning rates. Each shard has points from one end to the other, between those of the others.
pub const JOB: &str = "origin";
/// Points of the curves.
pub const POINTS: usize = 96;

/// The law of the batch mean of `z`; `None` for `ReLU`.
pub fn law(p: &Params) -> Option<BatchLaw> {
    let slope = p.activation.slope_at_origin()?;
    let data = p.data();
    let products = data.x.iter().zip(&data.y).map(|(x, y)| slope * x * y).collect();
    Some(Law::empirical(products).ok()?.batch(p.batch))
}

/// Work of all shards, in elementary steps.
pub fn cost(p: &Params) -> f64 {
    let atoms = f64::from(p.samples);
    if is_quick(p) { 300.0 * atoms + 2.0 * POINTS as f64 * 40.0 * atoms } else { 2.5e8 }
}

/// The law of batches takes half a shard's time, and each point a fiftieth.
pub fn shards(p: &Params) -> u32 {
    if is_quick(p) { 1 } else { 8 }
}

/// One shard: `λ, Λ₊, Λ₋` for each of its points. Empty for `ReLU`.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let Some(law) = law(p) else { return Vec::new() };
    let axis = rates(p);
    let sign = saddle::orientation(&law);
    let points = (shard as usize..=POINTS).step_by(shards(p) as usize);
    let places: Vec<f64> = points.map(|point| axis.at(point as f64 / POINTS as f64)).collect();
    let factor = |direction: f64| move |lr: &f64| (1.0 - lr * p.decay, direction * lr);
    let factors: Vec<(f64, f64)> =
        places.iter().map(factor(sign)).chain(places.iter().map(factor(-sign))).collect();
    let mut values = vec![0.0; factors.len()];
    law.exponents(&factors, &mut values);
    let (plus, minus) = values.split_at(places.len());
    places.iter().zip(plus.iter().zip(minus)).flat_map(|(lr, (plus, minus))| [*lr, *plus, *minus]).collect()
}

/// `Λ₊, Λ₋` at one rate, exact.
pub fn at(p: &Params, rate: f64) -> Option<(f64, f64)> {
    let law = law(p)?;
    let sign = saddle::orientation(&law);
    let value = |direction: f64| law.exponent(1.0 - rate * p.decay, direction * rate).value;
    Some((value(sign), value(-sign)))
}

/// `Λ₊, Λ₋` at the reader's rate, if they are had at once or have been computed.
pub fn here(p: &Params, done: &Done) -> Option<(f64, f64)> {
    if is_quick(p) {
        return at(p, p.lr);
    }
    match done.shards(super::POINT).first()?.as_deref()? {
        [plus, minus] => Some((*plus, *minus)),
        _ => None,
    }
}

/// Whether [`at`] takes less than a frame.
pub fn is_quick(p: &Params) -> bool {
    p.batch == 1
}

/// The points of the curves that are there, `(λ, Λ₊, Λ₋)` by ascending rate; `None` before the first, empty for `ReLU`.
pub fn known(p: &Params, done: &Done) -> Rc<Option<Vec<[f64; 3]>>> {
    done.made("origin", &[JOB], "", || {
        let (shards, stride) = (done.shards(JOB), shards(p) as usize);
        let point = |point: usize| {
            let shard = shards.get(point % stride)?.as_deref()?;
            shard.as_chunks().0.get(point / stride).copied()
        };
        shards.iter().any(Option::is_some).then(|| (0..=POINTS).filter_map(point).collect())
    })
}
