//! Activation functions `φ(x)` with their first and second derivatives.
//!
//! | name | `φ(x)` | `φ′(0)` |
//! |---|---|---|
//! | [`Activation::Linear`] | `x` | 1 |
//! | [`Activation::Tanh`] | `tanh x` | 1 |
//! | [`Activation::Swish`] | `x/(1 + e^{−x})` (Ramachandran, Zoph, Le, arXiv:1710.05941, β = 1; also called `SiLU`) | ½ |
//! | [`Activation::Gelu`] | `x Φ(x)`, Φ the normal distribution function (Hendrycks and Gimpel, arXiv:1606.08415; exact, not the tanh form) | ½ |
//! | [`Activation::Relu`] | `max(x, 0)` | none |
//!
//! All of them are 0 at 0. With the smooth ones the origin of a two-layer network is the saddle of the linear network up to
//! the factor `φ′(0)`; `ReLU` has no Hessian there.

use crate::core::exponentials::hyperbolic_tangents;
use libm::{erfc, exp};
use std::f64::consts::FRAC_1_SQRT_2;

/// `1/√(2π)`.
const NORMAL_PEAK: f64 = 0.398_942_280_401_432_7;

/// An activation function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `x`.
    Linear,
    /// `tanh x`.
    Tanh,
    /// `x/(1 + e^{−x})`.
    Swish,
    /// `x Φ(x)`.
    Gelu,
    /// `max(x, 0)`.
    Relu,
}

/// An activation at one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jet {
    /// `φ(x)`.
    pub value: f64,
    /// `φ′(x)`.
    pub slope: f64,
    /// `φ″(x)`.
    pub curvature: f64,
}

impl Activation {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Linear, Self::Tanh, Self::Swish, Self::Gelu, Self::Relu];

    /// `φ(x)`, to about 2e-16 of `max(1, |x|)`, for finite `x`.
    #[inline]
    pub fn value(self, x: f64) -> f64 {
        match self {
            Self::Linear => x,
            Self::Tanh => libm::tanh(x),
            Self::Swish => x * logistic(x).0,
            Self::Gelu => x * normal_distribution(x),
            Self::Relu => x.max(0.0),
        }
    }

    /// `φ(x)` and `φ′(x)`.
    ///
    /// Absolute errors of about 3e-16, relative to `max(1, |x|)` for the value. `ReLU` has slope 0 at 0 and below.
    #[inline]
    pub fn value_and_slope(self, x: f64) -> (f64, f64) {
        match self {
            Self::Linear => (x, 1.0),
            Self::Tanh => {
                let tanh = libm::tanh(x);
                (tanh, (1.0 - tanh) * (1.0 + tanh))
            }
            Self::Swish => {
                let (logistic, complement) = logistic(x);
                let value = x * logistic;
                (value, logistic + value * complement)
            }
            Self::Gelu => {
                let below = normal_distribution(x);
                (x * below, below + x * normal_density(x))
            }
            Self::Relu => (x.max(0.0), if x > 0.0 { 1.0 } else { 0.0 }),
        }
    }

    /// Replaces each `x` by `φ(x)` and gives the slopes, the same as [`Activation::value_and_slope`] does.
    pub fn values_and_slopes(self, x: &mut [f64], slopes: &mut [f64]) {
        let ((fours, x), (four_slopes, slopes)) = (x.as_chunks_mut(), slopes.as_chunks_mut::<4>());
        for (x, slopes) in fours.iter_mut().zip(four_slopes) {
            if self == Self::Tanh {
                *x = hyperbolic_tangents(*x);
                *slopes = x.map(|tanh| (1.0 - tanh) * (1.0 + tanh));
            } else {
                self.one_by_one(x, slopes);
            }
        }
        self.one_by_one(x, slopes);
    }

    fn one_by_one(self, x: &mut [f64], slopes: &mut [f64]) {
        for (x, slope) in x.iter_mut().zip(slopes) {
            (*x, *slope) = self.value_and_slope(*x);
        }
    }

    /// `φ(x)`, `φ′(x)` and `φ″(x)`. `ReLU` has curvature 0 everywhere: at 0 it has none, see [`Activation::slope_at_origin`].
    ///
    /// `tanh″ = −2 tanh tanh′`; Swish″ `= σ(1−σ)(2 + x(1−2σ))`; GELU″ `= φ_N(x)(2 − x²)` with the normal density `φ_N`.
    #[inline]
    pub fn jet(self, x: f64) -> Jet {
        let (value, slope) = self.value_and_slope(x);
        let curvature = match self {
            Self::Linear | Self::Relu => 0.0,
            Self::Tanh => -2.0 * value * slope,
            Self::Swish => {
                let (logistic, complement) = logistic(x);
                // beyond, the product of the two is 0 in doubles and x must not make it NaN
                if x.abs() > 800.0 {
                    0.0
                } else {
                    logistic * complement * (2.0 + x * (complement - logistic))
                }
            }
            Self::Gelu => {
                if x.abs() > 40.0 {
                    0.0
                } else {
                    normal_density(x) * (2.0 - x * x)
                }
            }
        };
        Jet { value, slope, curvature }
    }

    /// `φ′(0)`; `None` for `ReLU`, whose slope jumps there from 0 to 1, so that a network with it has no Hessian at the origin.
    pub fn slope_at_origin(self) -> Option<f64> {
        match self {
            Self::Linear | Self::Tanh => Some(1.0),
            Self::Swish | Self::Gelu => Some(0.5),
            Self::Relu => None,
        }
    }
}

/// `σ(x) = 1/(1 + e^{−x})` and `1 − σ(x)`, both to a few units in the last place.
#[inline]
fn logistic(x: f64) -> (f64, f64) {
    let small = exp(-x.abs());
    let (large, small) = (1.0 / (1.0 + small), small / (1.0 + small));
    if x < 0.0 { (small, large) } else { (large, small) }
}

/// `Φ(x) = ½ erfc(−x/√2)`.
#[inline]
fn normal_distribution(x: f64) -> f64 {
    0.5 * erfc(-x * FRAC_1_SQRT_2)
}

/// `e^{−x²/2}/√(2π)`.
#[inline]
fn normal_density(x: f64) -> f64 {
    NORMAL_PEAK * exp(-0.5 * x * x)
}
