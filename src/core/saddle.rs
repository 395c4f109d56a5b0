//! The two-parameter saddle `ℓ(u, w; x, y) = ½(u w x − y)²` at the origin, and its phases.
//!
//! Linearised, `(u + w)/√2` multiplies by `1 − λγ + λz` and `(u − w)/√2` by `1 − λγ − λz`, with `z` the batch mean of
//! `xy`. The direction that grows with the sign of `E z` learns the correlation that is there (`+`), the other its
//! opposite (`−`): `Λ± = E log|1 − λγ ± s λ z|`, `s = sgn E z` (and `+1` where `E z = 0`). Source: arXiv:2303.13093,
//! the two-layer example and its phase diagram.

use crate::core::curvature::{BatchLaw, Law};
use crate::core::exponent::{Estimate, INTERPOLATION};
use crate::core::moment::mean_square;

/// What SGD does at the saddle. A direction is stable iff its `Λ < 0`; `Λ = 0` is a driftless walk and counts as
/// not stable, and `E X² = 1` as not norm-stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Phase {
    /// `Λ₊ ≥ 0 > Λ₋`, `E(1−λγ−λz)² ≥ 1`: learns; the wrong direction dies in probability only.
    Ia = 0,
    /// `Λ₊ ≥ 0 > Λ₋`, `E(1−λγ−λz)² < 1`: learns; the wrong direction dies in mean square too.
    Ib = 1,
    /// `Λ₊ < 0 ≤ Λ₋`: learns the opposite correlation.
    II = 2,
    /// `Λ₊ < 0`, `Λ₋ < 0`: collapses onto the saddle.
    III = 3,
    /// `Λ₊ ≥ 0`, `Λ₋ ≥ 0`: no direction is stable.
    IV = 4,
    /// `E z = 0` and one exponent not negative: escapes, but no sign is the correct one.
    Escapes = 5,
}

impl Phase {
    /// All phases, in the order of their codes (`phase as u8`).
    pub const ALL: [Self; 6] = [Self::Ia, Self::Ib, Self::II, Self::III, Self::IV, Self::Escapes];

    /// Short name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ia => "Ia",
            Self::Ib => "Ib",
            Self::II => "II",
            Self::III => "III",
            Self::IV => "IV",
            Self::Escapes => "escapes",
        }
    }

    /// From the sign of `E z` (−1, 0, 1), the exponents by name, and `E X²` of the wrong direction.
    pub fn of(sign: f64, plus: f64, minus: f64, wrong_square: f64) -> Self {
        match (plus < 0.0, minus < 0.0) {
            (true, true) => Self::III,
            (false, false) => Self::IV,
            _ if sign == 0.0 => Self::Escapes,
            (true, false) => Self::II,
            (false, true) if wrong_square < 1.0 => Self::Ib,
            (false, true) => Self::Ia,
        }
    }
}

/// Sign of `E z`: −1, 0 or 1; a mean within 8ε of the root mean square of a single `z` is 0. (Of a single one whatever the
/// batch: the rounding of `E z` is that of its terms.)
pub fn mean_sign(law: &BatchLaw) -> f64 {
    sign_of_mean(law.mean(), law.variance() * law.draws())
}

/// The same from `E z` and `Var z` of one sample, where the batch law is not at hand.
pub fn sign_of_mean(mean: f64, variance: f64) -> f64 {
    let size = (mean * mean + variance).sqrt();
    if mean.abs() <= 8.0 * f64::EPSILON * size { 0.0 } else { 1.0_f64.copysign(mean) }
}

/// Whether `E z < 0` by more than rounding, so that the names of the directions are exchanged.
pub fn is_swapped(law: &Law) -> bool {
    sign_of_mean(law.mean(), law.variance()) < 0.0
}

/// `+1` where the named signs are the written ones, `−1` where `E z < 0` swaps them.
pub fn orientation(law: &BatchLaw) -> f64 {
    if mean_sign(law) < 0.0 { -1.0 } else { 1.0 }
}

/// The saddle at one setting.
#[derive(Clone, Debug)]
pub struct Saddle {
    law: BatchLaw,
    lr: f64,
    decay: f64,
}

impl Saddle {
    /// `law` is the law of `xy` per sample; `lr > 0`, `decay ≥ 0`.
    pub fn new(law: &Law, batch: u32, lr: f64, decay: f64) -> Self {
        Self { law: law.batch(batch), lr, decay }
    }

    /// The law of `z`.
    pub fn law(&self) -> &BatchLaw {
        &self.law
    }

    /// `(m, c)` of the correct direction: `X = m + c z`.
    pub fn plus(&self) -> (f64, f64) {
        (1.0 - self.lr * self.decay, orientation(&self.law) * self.lr)
    }

    /// `(m, c)` of the wrong direction.
    pub fn minus(&self) -> (f64, f64) {
        let (offset, scale) = self.plus();
        (offset, -scale)
    }

    /// `Λ₊`, nats per step.
    pub fn exponent_plus(&self) -> Estimate {
        let (offset, scale) = self.plus();
        self.law.exponent(offset, scale)
    }

    /// `Λ₋`, nats per step.
    pub fn exponent_minus(&self) -> Estimate {
        let (offset, scale) = self.minus();
        self.law.exponent(offset, scale)
    }

    /// `E X²` of the wrong direction.
    pub fn wrong_second_moment(&self) -> f64 {
        let (offset, scale) = self.minus();
        self.law.second_moment(offset, scale)
    }

    /// The learning rate below which the wrong direction dies in mean square (the Ia/Ib boundary); see
    /// [`norm_stable_limit`].
    pub fn norm_stable_limit(&self) -> f64 {
        norm_stable_limit(self.decay + self.law.mean().abs(), self.law.variance())
    }

    /// The phase.
    pub fn phase(&self) -> Phase {
        let (plus, minus) = (self.exponent_plus().value, self.exponent_minus().value);
        Phase::of(mean_sign(&self.law), plus, minus, self.wrong_second_moment())
    }

    /// Whether both exponents differ from 0 by more than their errors: otherwise the point lies on a boundary,
    /// to the accuracy of the method.
    pub fn decided(&self) -> bool {
        [self.exponent_plus(), self.exponent_minus()].iter().all(|e| e.value.abs() > e.error)
    }
}

/// `λ = 2r/(r² + v)`: where `(1 − λr)² + λ²v = 1`, for `r = γ + |E z|` and `v = Var z/S`. 0 for `r = 0`.
pub fn norm_stable_limit(rate: f64, variance: f64) -> f64 {
    if rate > 0.0 { 2.0 * rate / (rate * rate + variance) } else { 0.0 }
}

/// The saddle at one pixel of a map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pixel {
    /// `Λ₊`, nats per step.
    pub plus: f64,
    /// `Λ₋`, nats per step.
    pub minus: f64,
    /// The phase.
    pub phase: Phase,
}

/// Exponents and phases at many `(λ, γ)` of one law: a row of a map, best passed whole. Exponents to `tolerance`, see
/// [`BatchLaw::exponents_to`]; phases whatever that is, since exponents near 0 are computed one by one.
///
/// Cost: two exponents a point, by one call of [`BatchLaw::exponents_to`].
pub fn pixels(law: &BatchLaw, tolerance: f64, points: &[(f64, f64)]) -> Vec<Pixel> {
    let (sign, swap) = (mean_sign(law), orientation(law));
    let factors: Vec<(f64, f64)> = [swap, -swap]
        .iter()
        .flat_map(|s| points.iter().map(move |&(lr, decay)| (1.0 - lr * decay, s * lr)))
        .collect();
    let mut exponents = vec![0.0; factors.len()];
    law.exponents_to(tolerance, &factors, &mut exponents);
    if tolerance > INTERPOLATION {
        for (value, &(offset, scale)) in exponents.iter_mut().zip(&factors) {
            if value.abs() < 10.0 * tolerance {
                *value = law.exponent(offset, scale).value;
            }
        }
    }
    let (plus, minus) = exponents.split_at(points.len());
    let (mean, variance) = (law.mean(), law.variance());
    let pixel = |((&plus, &minus), &wrong): ((&f64, &f64), &(f64, f64))| {
        let phase = Phase::of(sign, plus, minus, mean_square(wrong, mean, variance));
        Pixel { plus, minus, phase }
    };
    plus.iter().zip(minus).zip(&factors[points.len()..]).map(pixel).collect()
}
