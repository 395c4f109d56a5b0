//! The same functions once more over any kind of (dual) number: derivatives by the rules of the number type alone.

use num_dual::DualNum;
use saddlescope::models::activation::Activation;
use saddlescope::models::loss::Loss;
use saddlescope::models::mlp::Shape;
use saddlescope::models::samples::Samples;
use std::f64::consts::PI;

/// A dual number over doubles.
pub trait Number: DualNum<Primitive = f64> + Copy {}

impl<D: DualNum<Primitive = f64> + Copy> Number for D {}

/// `erf(x/√2)` from `erf z = 2/√π e^{−z²} Σ 2ⁿ z^{2n+1}/(2n+1)!!`, whose terms do not cancel; `|x| ≤ 12`.
fn erf_of_normal<D: Number>(x: D) -> D {
    let square = x * x;
    let mut term = x * (2.0 / PI).sqrt() * (square * -0.5).exp();
    let mut sum = term;
    for n in 1..400 {
        term = term * square / f64::from(2 * n + 1);
        sum += term;
    }
    sum
}

/// `φ(x)`.
pub fn activation<D: Number>(kind: Activation, x: D) -> D {
    match kind {
        Activation::Linear => x,
        Activation::Tanh => x.tanh(),
        Activation::Swish => x / ((-x).exp() + 1.0),
        Activation::Gelu => x * (erf_of_normal(x) + 1.0) * 0.5,
        Activation::Relu => {
            if x.re() > 0.0 {
                x
            } else {
                D::zero()
            }
        }
    }
}

/// `ℓ(f; y)`.
fn loss<D: Number>(kind: Loss, outputs: &[D], target: &[f64]) -> D {
    match kind {
        Loss::Squared => {
            let squares = outputs.iter().zip(target).map(|(f, y)| (*f - *y) * (*f - *y));
            squares.fold(D::zero(), |sum, square| sum + square) * 0.5
        }
        Loss::CrossEntropy => {
            let total = outputs.iter().fold(D::zero(), |sum, f| sum + f.exp()).ln();
            outputs.iter().zip(target).fold(D::zero(), |sum, (f, y)| sum + (total - *f) * *y)
        }
    }
}

/// The mean loss of a network whose weights are listed as [`Weights::store`](saddlescope::models::mlp::Weights::store) lists them.
pub fn network<D: Number>(shape: &Shape, weights: &[D], samples: &Samples) -> D {
    let mut sum = D::zero();
    for sample in 0..samples.count() {
        let mut rest = weights;
        let mut h: Vec<D> = samples.input(sample).iter().map(|x| D::from(*x)).collect();
        for layer in 0..shape.depth {
            let last = layer + 1 == shape.depth;
            let rows = if last { shape.outputs } else { shape.width };
            let (matrix, after) = rest.split_at(rows * h.len());
            rest = after;
            let products = matrix
                .chunks(h.len())
                .map(|row| row.iter().zip(&h).fold(D::zero(), |sum, (w, h)| sum + *w * *h));
            h = if last {
                products.collect()
            } else if shape.residual && layer > 0 {
                products.zip(&h).map(|(z, h)| *h + activation(shape.activation, z)).collect()
            } else {
                products.map(|z| activation(shape.activation, z)).collect()
            };
        }
        sum += loss(shape.loss, &h, samples.target(sample));
    }
    sum / samples.count() as f64
}
