//! The same functions once more over any kind of (dual) number: derivatives by the rules of the number type alone.

use num_dual::DualNum;
use saddlescope::models::activation::Activation;
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
