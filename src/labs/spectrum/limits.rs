//! What the mean square and gradient descent call stable, and the sum that the exponents must have.

use super::parameters::{LawName, Params};
use crate::core::hessian_law::HessianLaw;
use crate::core::matrix_product::Product;
use crate::core::mean_square::{CriticalRate, MeanSquare, Radius};
use crate::core::stats::Mean;
use crate::labs::Done;

/// Draws of the determinant: as many as take a twentieth of a second.
const DETERMINANTS: f64 = 2e7;

/// Work of the limits or of a radius: repeated squaring up to 12 rows, some hundred products beyond.
pub fn cost(p: &Params) -> f64 {
    let d = p.dimension() as f64;
    let table = if p.law == LawName::Data { (p.samples() as f64 * libm::pow(d, 4.0)).min(2e8) } else { 0.0 };
    1e4 + table + if d <= 12.0 { 10.0 * libm::pow(d, 6.0) / 8.0 } else { 800.0 * d * d * d }
}

/// The shard of the job `limits`: two critical rates, and by how much the first may be off.
pub fn compute_limits(p: &Params) -> Vec<f64> {
    let Ok(law) = p.hessians() else { return Vec::new() };
    let square = MeanSquare::new(&law);
    if !is_symmetric(&law) {
        return vec![f64::NAN, f64::NAN, 0.0];
    }
    let rate = |limit: CriticalRate| match limit {
        CriticalRate::Rate(rate) => rate,
        CriticalRate::None => 0.0,
        CriticalRate::Unlimited => f64::INFINITY,
    };
    let (limit, error) = square.critical_rate_within(p.decay, &p.factor(p.lr));
    vec![rate(limit), rate(square.gradient_descent_rate(p.decay)), error]
}

/// Whether all matrices of a list are symmetric, to rounding; those of drawn laws are.
fn is_symmetric(law: &HessianLaw) -> bool {
    let HessianLaw::Matrices { dim, entries } = law else { return true };
    let size = dim * dim;
    entries.chunks_exact(size).all(|matrix| {
        let most = matrix.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        (0..size).all(|i| (matrix[i] - matrix[i % dim * dim + i / dim]).abs() <= 1e-9 * most)
    })
}

/// The shard of the job `radius`.
pub fn compute_radius(p: &Params) -> Vec<f64> {
    let Ok(law) = p.hessians() else { return Vec::new() };
    let Radius { value, error } = MeanSquare::new(&law).radius(&p.factor(p.lr));
    vec![value, error]
}

/// Work of the determinant.
pub fn determinant_cost(p: &Params) -> f64 {
    draws(p) * one_determinant(p)
}

fn one_determinant(p: &Params) -> f64 {
    let d = p.dimension() as f64;
    50.0 + d * d * (f64::from(p.batch) + d)
}

fn draws(p: &Params) -> f64 {
    (DETERMINANTS / one_determinant(p)).clamp(64.0, 40_000.0).floor()
}

/// The shard of the job `determinant`: E log|det M|, its standard error, draws.
pub fn compute_determinant(p: &Params) -> Vec<f64> {
    let Ok(law) = p.hessians() else { return Vec::new() };
    let mean = Product::new(law, p.factor(p.lr), p.seed).log_determinant(p.seed, draws(p) as u32);
    vec![mean.value, mean.standard_error, mean.count as f64]
}

/// Largest learning rates that are stable: 0 if there is none, ∞ if all are, NaN if the matrices are not symmetric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// In mean square.
    pub mean_square: f64,
    /// By how much that may be off.
    pub mean_square_error: f64,
    /// For gradient descent with the mean Hessian.
    pub gradient_descent: f64,
}

fn first<const N: usize>(done: &Done, job: &str) -> Option<[f64; N]> {
    done.shards(job).first()?.as_deref()?.first_chunk().copied()
}

/// The limits, if they are there.
pub fn limits(done: &Done) -> Option<Limits> {
    first(done, "limits").map(|[mean_square, gradient_descent, mean_square_error]| Limits {
        mean_square,
        mean_square_error,
        gradient_descent,
    })
}

/// The mean-square radius, if it is there.
pub fn radius(done: &Done) -> Option<Radius> {
    first(done, "radius").map(|[value, error]| Radius { value, error })
}

/// E log|det M|, if it is there; standard error 0: exact.
pub fn determinant(done: &Done) -> Option<Mean> {
    first(done, "determinant").map(|[value, standard_error, count]| Mean {
        value,
        standard_error,
        count: count as usize,
    })
}
