//! Random numbers one after the other, made 256 at a time, and batches from a list.

use crate::core::normal;
use crate::core::rng::{Block, LANES, Lanes, Purpose, STEPS};

/// Numbers of one block.
const MANY: usize = LANES * STEPS;

/// One stream of uniform and of normal numbers: sixteen streams of [`Lanes`] read row by row.
pub struct Numbers {
    lanes: Lanes,
    units: Vec<f64>,
    normals: Vec<f64>,
}

impl Numbers {
    /// The numbers of one unit of steps of one chain.
    pub fn new(seed: u64, unit: u64, chain: u32) -> Self {
        let lanes = Lanes::new(Purpose::Product, seed, unit, chain.wrapping_mul(LANES as u32));
        Self { lanes, units: Vec::new(), normals: Vec::new() }
    }

    /// Begins another unit; keeps the memory.
    pub fn restart(&mut self, seed: u64, unit: u64, chain: u32) {
        self.lanes = Lanes::new(Purpose::Product, seed, unit, chain.wrapping_mul(LANES as u32));
        self.units.clear();
        self.normals.clear();
    }

    /// Uniform on `[0, 1)`.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        if self.units.is_empty() {
            let mut block = Block::constant(0.0);
            self.lanes.units(&mut block);
            store(&mut block, &mut self.units);
        }
        self.units.pop().unwrap_or(0.0)
    }

    /// Standard normal.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        if self.normals.is_empty() {
            let mut block = Block::constant(0.0);
            self.lanes.units(&mut block);
            normal::normals(&mut block);
            store(&mut block, &mut self.normals);
        }
        self.normals.pop().unwrap_or(0.0)
    }

    /// Uniform on `0, …, count − 1`.
    #[inline]
    pub fn index(&mut self, count: usize) -> usize {
        ((self.unit() * count as f64) as usize).min(count - 1)
    }
}

/// In the order in which they will be taken from the end.
fn store(block: &mut Block, into: &mut Vec<f64>) {
    into.extend(block.vectors_mut().iter().flat_map(wide::f64x2::as_array));
    debug_assert_eq!(into.len(), MANY);
    into.reverse();
}

/// Draws `S` distinct numbers below N: the first `S` steps of a Fisher–Yates shuffle, undone afterwards so that a draw
/// does not depend on those before it.
#[derive(Default)]
pub struct Distinct {
    order: Vec<u32>,
    swaps: Vec<(usize, usize)>,
}

impl Distinct {
    /// Replaces `into` by the numbers. `draws ≤ count`.
    pub fn draw(&mut self, numbers: &mut Numbers, count: usize, draws: usize, into: &mut Vec<u32>) {
        if self.order.len() != count {
            self.order = (0..count as u32).collect();
        }
        self.swaps.clear();
        into.clear();
        for i in 0..draws.min(count) {
            let j = i + numbers.index(count - i);
            self.order.swap(i, j);
            self.swaps.push((i, j));
            into.push(self.order[i]);
        }
        while let Some((i, j)) = self.swaps.pop() {
            self.order.swap(i, j);
        }
    }
}
