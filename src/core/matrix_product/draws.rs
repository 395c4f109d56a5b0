//! Random numbers one after the other, made 256 at a time, and batches from a list.

use crate::core::normal;
use crate::core::rng::{Block, LANES, Lanes, Purpose, STEPS};

/// Numbers of one block.
const MANY: usize = LANES * STEPS;

/// One stream of uniform and of normal numbers: sixteen streams of [`Lanes`] read row by row.
pub struct Numbers {
    lanes: Lanes,
    units: Taken,
    normals: Taken,
}

/// Numbers that were made, and how many of them are used up.
struct Taken {
    made: [f64; MANY],
    used: usize,
}

impl Taken {
    fn new() -> Self {
        Self { made: [0.0; MANY], used: MANY }
    }

    fn refill(&mut self, block: &mut Block) {
        for (pair, made) in block.vectors_mut().iter().zip(self.made.as_chunks_mut::<2>().0) {
            *made = pair.to_array();
        }
        self.used = 0;
    }
}

impl Numbers {
    /// The numbers of one unit of steps of one chain.
    pub fn new(seed: u64, unit: u64, chain: u32) -> Self {
        Self { lanes: lanes(seed, unit, chain), units: Taken::new(), normals: Taken::new() }
    }

    /// Begins another unit; keeps the memory.
    pub fn restart(&mut self, seed: u64, unit: u64, chain: u32) {
        self.lanes = lanes(seed, unit, chain);
        (self.units.used, self.normals.used) = (MANY, MANY);
    }

    /// Uniform on `[0, 1)`.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        if self.units.used == MANY {
            let mut block = Block::constant(0.0);
            self.lanes.units(&mut block);
            self.units.refill(&mut block);
        }
        self.units.used += 1;
        self.units.made[self.units.used - 1]
    }

    /// Fills with independent standard normal numbers; returns the sum of their squares.
    pub fn normals(&mut self, mut out: &mut [f64]) -> f64 {
        let mut square = 0.0;
        while !out.is_empty() {
            if self.normals.used == MANY {
                let mut block = Block::constant(0.0);
                self.lanes.units(&mut block);
                normal::normals(&mut block);
                self.normals.refill(&mut block);
            }
            let rest = &self.normals.made[self.normals.used..];
            let (now, later) = out.split_at_mut(out.len().min(rest.len()));
            for (x, &normal) in now.iter_mut().zip(rest) {
                *x = normal;
                square += normal * normal;
            }
            self.normals.used += now.len();
            out = later;
        }
        square
    }

    /// Uniform on `0, …, count − 1`.
    #[inline]
    pub fn index(&mut self, count: usize) -> usize {
        ((self.unit() * count as f64) as usize).min(count - 1)
    }
}

/// Lanes of a chain share no stream with those of another.
fn lanes(seed: u64, unit: u64, chain: u32) -> Lanes {
    Lanes::new(Purpose::Product, seed, unit, chain.wrapping_mul(LANES as u32))
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
