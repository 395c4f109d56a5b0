//! Vectors of sixteen replicas at once: an entry is a row of sixteen numbers in SIMD lanes.

use crate::core::hessian_law::{Isotropic, Neuron};
use crate::core::normal;
use crate::core::rng::{Block, LANES, Lanes, Purpose, STEPS, VECTORS};
use wide::f64x2;

/// One number for every replica.
pub(super) type Row = [f64x2; VECTORS];

pub(super) const ZERO: Row = [f64x2::ZERO; VECTORS];

/// Rows of random numbers, sixteen at a time.
pub(super) struct Rows {
    lanes: Lanes,
    block: Block,
    normals: bool,
    taken: usize,
}

impl Rows {
    pub(super) fn new(seed: u64, unit: u64, chain: u32) -> Self {
        // streams apart from those of the whole spectrum
        let first = (chain ^ 0x0800_0000).wrapping_mul(LANES as u32);
        let lanes = Lanes::new(Purpose::Product, seed, unit, first);
        Self { lanes, block: Block::constant(0.0), normals: false, taken: STEPS }
    }

    /// The next row, uniform or normal. Changing the kind begins a new block.
    #[inline]
    pub(super) fn next(&mut self, normals: bool) -> Row {
        if self.taken == STEPS || self.normals != normals {
            self.lanes.units(&mut self.block);
            if normals {
                normal::normals(&mut self.block);
            }
            (self.normals, self.taken) = (normals, 0);
        }
        self.taken += 1;
        self.block.0[self.taken - 1]
    }

    /// Entries of a vector of the law up to its length; returns the factor that its square must be multiplied by.
    pub(super) fn draw(&mut self, law: Isotropic, x: &mut [Row]) -> Row {
        let one = [f64x2::splat(1.0); VECTORS];
        if law == Isotropic::Signs {
            let half = f64x2::splat(0.5);
            for entry in x {
                *entry = self.next(false).map(|u| u.simd_lt(half).bitselect(-one[0], one[0]));
            }
            return one;
        }
        let mut square = ZERO;
        for entry in x {
            *entry = self.next(true);
            add_product(&mut square, entry, entry);
        }
        if law == Isotropic::Gaussian { one } else { std::array::from_fn(|v| one[v] / square[v]) }
    }

    /// Residual and input of a sample of a neuron, `r = K x + σ ε` before `x`.
    pub(super) fn draw_sample(&mut self, neuron: &Neuron, sample: &mut [Row]) {
        let (residual, input) = sample.split_at_mut(neuron.outputs);
        let weight = self.draw(neuron.input_law, input);
        let noise_weight = self.draw(neuron.noise_law, residual);
        let noise = f64x2::splat(neuron.noise);
        for x in input.iter_mut() {
            *x = std::array::from_fn(|v| x[v] * weight[v].sqrt());
        }
        for r in residual.iter_mut() {
            *r = std::array::from_fn(|v| noise * (r[v] * noise_weight[v].sqrt()));
        }
        for ((r, x), &s) in residual.iter_mut().zip(&*input).zip(&neuron.signal) {
            *r = std::array::from_fn(|v| r[v] + f64x2::splat(s) * x[v]);
        }
    }
}

#[inline]
pub(super) fn add_product(sum: &mut Row, a: &Row, b: &Row) {
    for v in 0..VECTORS {
        sum[v] += a[v] * b[v];
    }
}

pub(super) fn times(a: &Row, b: &Row) -> Row {
    std::array::from_fn(|v| a[v] * b[v])
}

pub(super) fn dot(a: &[Row], b: &[Row]) -> Row {
    let mut sum = ZERO;
    for (a, b) in a.iter().zip(b) {
        add_product(&mut sum, a, b);
    }
    sum
}

/// `out ← out + factor·weight·x`.
pub(super) fn add_scaled(out: &mut [Row], x: &[Row], weight: &Row, factor: f64x2) {
    let weight = weight.map(|w| factor * w);
    for (out, x) in out.iter_mut().zip(x) {
        add_product(out, x, &weight);
    }
}

/// [`turn`] in every lane.
pub(super) fn turn_rows(rotation: &[f64], from: usize, x: &[Row], out: &mut [Row]) {
    let dim = out.len();
    for (row, out) in rotation.chunks_exact(dim).zip(out) {
        *out = ZERO;
        for (r, x) in row[from..].iter().zip(x) {
            add_product(out, &[f64x2::splat(*r); VECTORS], x);
        }
    }
}

/// Scales every lane's vector to length 1 and returns the squares of the lengths; a vector of zeros begins anew.
pub(super) fn normalise(vectors: &mut [Row]) -> [f64; LANES] {
    let square = dot(vectors, vectors);
    for row in vectors.iter_mut() {
        for v in 0..VECTORS {
            row[v] /= square[v].sqrt();
        }
    }
    let squares = std::array::from_fn(|lane| square[lane / 2].as_array()[lane % 2]);
    for (lane, &square) in squares.iter().enumerate() {
        if !(square > 0.0) {
            for (i, row) in vectors.iter_mut().enumerate() {
                row[lane / 2].as_mut_array()[lane % 2] = if i == 0 { 1.0 } else { 0.0 };
            }
        }
    }
    squares
}
