//! Finitely many values: found by comparison when they are few, by an alias table when many.

use crate::core::rng::{Block, Lanes, TWO_52};
use wide::f64x2;

/// Most values that are found by comparing with each threshold.
pub(super) const FEW: usize = 16;

/// At most [`FEW`] values with their probabilities rounded to multiples of 2⁻³².
#[derive(Clone, Debug)]
pub(super) struct Few {
    first: f64x2,
    /// `(2⁵² + 2³² P(an earlier value), value)` of the others, filled up to a multiple of four with what is
    /// never reached.
    others: Vec<[(f64x2, f64x2); 4]>,
    /// The same without filling, if there are just two values.
    coin: Option<(f64x2, f64x2)>,
}

impl Few {
    pub(super) fn new(values: &[f64], probs: &[f64]) -> Self {
        let first = f64x2::splat(values.first().copied().unwrap_or(0.0));
        let mut sum = 0.0;
        let mut others: Vec<(f64x2, f64x2)> = values
            .iter()
            .skip(1)
            .zip(probs)
            .map(|(&value, p)| {
                sum += p;
                (f64x2::splat(TWO_52 + (sum * 4294967296.0).round()), f64x2::splat(value))
            })
            .collect();
        let coin = if let [coin] = others[..] { Some(coin) } else { None };
        others.resize(others.len().next_multiple_of(4), (f64x2::splat(f64::INFINITY), first));
        Self { first, others: others.as_chunks::<4>().0.to_vec(), coin }
    }

    /// The next 16 steps of every lane. Thresholds ascend, so the last one not above a number wins.
    pub(super) fn fill(&self, lanes: &mut Lanes, out: &mut Block) {
        let first = self.first;
        if let Some((cut, second)) = self.coin {
            lanes.halves(out, |k| k.simd_lt(cut).bitselect(first, second));
            return;
        }
        lanes.halves(out, |k| {
            self.others.iter().fold(first, |x, four| {
                four.iter().fold(x, |x: f64x2, (cut, value)| k.simd_lt(*cut).bitselect(x, *value))
            })
        });
    }
}

/// Any number of values: one table look-up for each draw.
#[derive(Clone, Debug)]
pub(super) struct Alias {
    /// One cell per value: (probability of keeping it, itself, the other).
    cells: Vec<(f64, f64, f64)>,
}

impl Alias {
    /// Vose's construction (*IEEE Trans. Softw. Eng.* 17, 972, 1991), linear in the number of values.
    pub(super) fn new(values: &[f64], probs: &[f64]) -> Self {
        let mut share: Vec<f64> = probs.iter().map(|p| p * values.len() as f64).collect();
        let mut cells: Vec<(f64, f64, f64)> = values.iter().map(|&v| (1.0, v, v)).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..values.len()).partition(|&i| share[i] < 1.0);
        while let (Some(&giver), Some(taker)) = (large.last(), small.pop()) {
            cells[taker] = (share[taker], values[taker], values[giver]);
            share[giver] -= 1.0 - share[taker];
            if share[giver] < 1.0 {
                large.pop();
                small.push(giver);
            }
        }
        Self { cells }
    }

    /// The value that the uniform number `u` stands for: its leading part chooses the cell, the rest keeps or swaps.
    pub(super) fn at(&self, u: f64) -> f64 {
        let place = u * self.cells.len() as f64;
        let cell = (place as usize).min(self.cells.len() - 1);
        let (keep, own, other) = self.cells[cell];
        if place - (cell as f64) < keep { own } else { other }
    }
}
