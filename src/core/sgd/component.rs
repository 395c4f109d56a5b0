//! One of the two components `a`, `b` of all chains, kept away from underflow.

use crate::core::rng::{LANES, VECTORS};
use wide::f64x2;

/// 2⁻⁵⁰⁰ and 2⁵⁰⁰.
const DOWN: f64 = f64::from_bits((1023 - 500) << 52);
const UP: f64 = f64::from_bits((1023 + 500) << 52);

/// One component of all chains.
#[derive(Clone, Debug)]
pub(super) struct Component {
    /// The stored value; the true one is `DOWN^level` times it.
    pub(super) value: [f64x2; VECTORS],
    /// What its square is multiplied by: 1 at level 0, otherwise 0.
    pub(super) weight: [f64x2; VECTORS],
    level: [u32; LANES],
}

impl Component {
    pub(super) fn new(values: [f64; LANES]) -> Self {
        let value = std::array::from_fn(|v| f64x2::new([values[2 * v], values[2 * v + 1]]));
        Self { value, weight: [f64x2::splat(1.0); VECTORS], level: [0; LANES] }
    }

    /// Multiplies what has become small, and back what has grown.
    pub(super) fn rescale(&mut self) {
        let (one, zero) = (f64x2::splat(1.0), f64x2::splat(0.0));
        for v in 0..VECTORS {
            let size = self.value[v].abs();
            let small = size.simd_lt(f64x2::splat(DOWN)) & size.simd_gt(zero);
            let large = self.weight[v].simd_lt(one) & size.simd_gt(one);
            if !(small | large).any() {
                continue;
            }
            for (j, level) in self.level[2 * v..2 * v + 2].iter_mut().enumerate() {
                let value = &mut self.value[v].as_mut_array()[j];
                if *value != 0.0 && value.abs() < DOWN {
                    *value *= UP;
                    *level += 1;
                } else if *level > 0 && value.abs() > 1.0 {
                    *value *= DOWN;
                    *level -= 1;
                }
                self.weight[v].as_mut_array()[j] = if *level == 0 { 1.0 } else { 0.0 };
            }
        }
    }

    pub(super) fn scaled(&self) -> bool {
        self.level.iter().any(|&level| level > 0)
    }

    /// The square of the true value.
    pub(super) fn square(&self, lane: usize) -> f64 {
        let value = self.value[lane / 2].as_array()[lane % 2];
        self.weight[lane / 2].as_array()[lane % 2] * (value * value)
    }
    /// The natural logarithm of the true size; `−∞` for zero.
    pub(super) fn log_size(&self, lane: usize) -> f64 {
        let value = self.value[lane / 2].as_array()[lane % 2];
        libm::log(value.abs()) - 500.0 * std::f64::consts::LN_2 * f64::from(self.level[lane])
    }

    /// The true value, 0 where it underflows.
    pub(super) fn get(&self, lane: usize) -> f64 {
        let value = self.value[lane / 2].as_array()[lane % 2];
        value * [1.0, DOWN, DOWN * DOWN, 0.0][(self.level[lane] as usize).min(3)]
    }
}
