//! The top exponent alone: one vector for each of sixteen replicas, in SIMD lanes.

use super::lanes::{Row, Rows, ZERO, add_scaled, dot, normalise, times, turn_rows};
use super::rotation::turn;
use super::{Plan, Product, Record, Spectrum, UNIT};
use crate::core::hessian_law::HessianLaw;
use crate::core::rng::{LANES, Purpose, Stream, VECTORS};
use wide::f64x2;

/// Sixteen independent products that advance together; a batch mean is the mean of theirs.
pub struct TopChain<'a> {
    product: &'a Product,
    seed: u64,
    chain: u32,
    record: Record,
    /// The unit vectors, entry by entry.
    vectors: Vec<Row>,
    memory: Memory,
}

/// Carries nothing from one step to the next.
struct Memory {
    numbers: Rows,
    left: Vec<Row>,
    right: Vec<Row>,
    plain: Vec<Row>,
    next: Vec<Row>,
}

impl<'a> TopChain<'a> {
    /// Begins at random vectors. `chain` names independent repetitions.
    pub fn start(product: &'a Product, plan: &Plan, seed: u64, chain: u32) -> Self {
        let mut stream = Stream::new(Purpose::Rotation, seed, u64::from(chain), 1);
        let mut vectors: Vec<Row> = (0..product.dim)
            .map(|_| [(); VECTORS].map(|()| f64x2::new([(); 2].map(|()| stream.normal()))))
            .collect();
        normalise(&mut vectors);
        Self::with(product, seed, chain, Record::new(1, *plan), vectors)
    }

    /// Begins all replicas at one vector of `d` numbers, not all 0. The nearer it is to the top direction, the less burn-in is
    /// lost on the way there.
    pub fn start_along(product: &'a Product, plan: &Plan, seed: u64, chain: u32, vector: &[f64]) -> Self {
        let mut turned = vector.to_vec();
        if !product.rotation.is_empty() {
            turn(&product.rotation, 0, vector, &mut turned);
        }
        let mut vectors: Vec<Row> = turned.iter().map(|x| [f64x2::splat(*x); VECTORS]).collect();
        normalise(&mut vectors);
        Self::with(product, seed, chain, Record::new(1, *plan), vectors)
    }

    /// Continues from [`TopChain::state`] with the same product, seed and chain; `None` if the numbers are no such state.
    pub fn resume(product: &'a Product, seed: u64, chain: u32, state: &[f64]) -> Option<Self> {
        let (vectors, _) = state.split_at_checked(product.dim * LANES)?;
        let record = Self::read(product.dim, state)?;
        let row = |row: &[f64]| std::array::from_fn(|v| f64x2::new([row[2 * v], row[2 * v + 1]]));
        let vectors = vectors.chunks_exact(LANES).map(row).collect();
        Some(Self::with(product, seed, chain, record, vectors))
    }

    fn with(product: &'a Product, seed: u64, chain: u32, record: Record, vectors: Vec<Row>) -> Self {
        let rows = || vec![ZERO; product.dim];
        let memory = Memory {
            numbers: Rows::new(seed, 0, chain),
            left: rows(),
            right: rows(),
            plain: rows(),
            next: rows(),
        };
        Self { product, seed, chain, record, vectors, memory }
    }

    /// The batch means in a state as [`TopChain::state`] gives it, of a product of dimension `dim`; `None` if the numbers are
    /// no such state.
    pub fn read(dim: usize, state: &[f64]) -> Option<Record> {
        Record::load(1, state.get(dim * LANES..)?)
    }

    /// The state as plain numbers: `16 d` and the batches.
    pub fn state(&self) -> Vec<f64> {
        let mut state: Vec<f64> = self.vectors.iter().flatten().flat_map(|pair| pair.to_array()).collect();
        self.record.store(&mut state);
        state
    }

    /// Multiplies `units` times sixteen matrices more, for each of the sixteen replicas.
    pub fn advance(&mut self, units: u32) {
        for _ in 0..units {
            self.memory.numbers = Rows::new(self.seed, self.record.units, self.chain);
            let mut growth = 0.0;
            for _ in 0..UNIT {
                let landed = match self.product.law {
                    HessianLaw::Matrices { .. } | HessianLaw::Rows { .. } | HessianLaw::Pairs { .. } => {
                        self.listed_step()
                    }
                    _ => {
                        self.drawn_step();
                        false
                    }
                };
                self.record.landed[0] |= landed;
            }
            // growth in sixteen steps must stay inside the doubles: factors between 1e-9 and 1e9
            let squares = normalise(&mut self.vectors);
            for square in squares {
                if square > 0.0 {
                    growth += 0.5 * libm::log(square);
                } else {
                    self.record.landed[0] = true;
                }
            }
            self.record.push(&[growth / LANES as f64]);
        }
    }

    /// A step with matrices drawn in all lanes at once.
    fn drawn_step(&mut self) {
        let Memory { numbers, left, right, plain, next } = &mut self.memory;
        let factor = &self.product.factor;
        let share = f64x2::splat(factor.scale / f64::from(factor.batch));
        let offset = f64x2::splat(factor.offset);
        for (out, x) in next.iter_mut().zip(&self.vectors) {
            *out = x.map(|x| offset * x);
        }
        for _ in 0..factor.batch {
            match &self.product.law {
                HessianLaw::Regression { inputs, .. } => {
                    let x: &[Row] = if self.product.rotation.is_empty() {
                        let weight = numbers.draw(*inputs, right);
                        add_scaled(next, right, &times(&dot(right, &self.vectors), &weight), share);
                        continue;
                    } else {
                        numbers.draw(*inputs, plain);
                        turn_rows(&self.product.rotation, 0, plain, right);
                        right
                    };
                    add_scaled(next, x, &dot(x, &self.vectors), share);
                }
                HessianLaw::Neuron(neuron) => {
                    let (residual, input) = plain.split_at_mut(neuron.outputs);
                    let weight = numbers.draw(neuron.input_law, input);
                    let noise_weight = numbers.draw(neuron.noise_law, residual);
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
                    turn_rows(&self.product.rotation, 0, residual, left);
                    turn_rows(&self.product.rotation, neuron.outputs, input, right);
                    add_scaled(next, left, &dot(right, &self.vectors), -share);
                    add_scaled(next, right, &dot(left, &self.vectors), -share);
                }
                _ => {
                    // independent entries
                    for out in next.iter_mut() {
                        for x in &self.vectors {
                            let entry = numbers.next(true);
                            *out = std::array::from_fn(|v| out[v] + share * (entry[v] * x[v]));
                        }
                    }
                }
            }
        }
        std::mem::swap(&mut self.vectors, &mut self.memory.next);
    }

    /// A step with matrices of a list, lane by lane. True if a lane landed on 0, to rounding.
    fn listed_step(&mut self) -> bool {
        let (dim, factor) = (self.product.dim, &self.product.factor);
        let draws = factor.batch as usize;
        let count = self.product.law.count().unwrap_or(1);
        // the batch of every lane: number of the draw in rows
        let mut batch = vec![[0_usize; LANES]; draws];
        for i in 0..draws {
            let left = if factor.replacement { count } else { count.saturating_sub(i).max(1) };
            let units = self.memory.numbers.next(false);
            for lane in 0..LANES {
                let u = units[lane / 2].as_array()[lane % 2];
                let mut place = ((u * left as f64) as usize).min(left - 1);
                if !factor.replacement {
                    // the place among those not yet drawn: count past the earlier ones in ascending order
                    let mut earlier: Vec<f64> = batch[..i].iter().map(|row| row[lane] as f64).collect();
                    crate::core::stats::sort(&mut earlier);
                    for taken in earlier {
                        place += usize::from(place as f64 >= taken);
                    }
                }
                batch[i][lane] = place;
            }
        }
        let mut landed = false;
        let (mut x, mut out, mut image) = (vec![0.0; dim], vec![0.0; dim], vec![0.0; dim]);
        for lane in 0..LANES {
            for (x, row) in x.iter_mut().zip(&self.vectors) {
                *x = row[lane / 2].as_array()[lane % 2];
            }
            out.fill(0.0);
            let mut size = 0.0;
            for row in &batch {
                size += self.product.listed_image(row[lane], &x, &mut image);
                out.iter_mut().zip(&image).for_each(|(sum, y)| *sum += y);
            }
            let share = factor.scale / f64::from(factor.batch);
            let (mut square, mut before) = (0.0, 0.0);
            for (y, x) in out.iter_mut().zip(&x) {
                *y = factor.offset * x + share * *y;
                square += *y * *y;
                before += x * x;
            }
            let norm = factor.offset.abs().max(share.abs() * size);
            let zero = 8.0 * dim as f64 * f64::EPSILON * norm;
            landed |= square.sqrt() <= zero * before.sqrt();
            for (row, y) in self.vectors.iter_mut().zip(&out) {
                row[lane / 2].as_mut_array()[lane % 2] = *y;
            }
        }
        landed
    }

    /// The batch means so far.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The exponent so far.
    pub fn spectrum(&self) -> Spectrum {
        self.record.spectrum()
    }
}

impl Product {
    /// `out ← H_i x`; returns the Frobenius norm of `H_i` or a bound on it.
    fn listed_image(&self, index: usize, x: &[f64], out: &mut [f64]) -> f64 {
        let dim = self.dim;
        match &self.law {
            HessianLaw::Matrices { entries, .. } => {
                let matrix = &entries[index * dim * dim..(index + 1) * dim * dim];
                turn(matrix, 0, x, out);
                matrix.iter().map(|h| h * h).sum::<f64>().sqrt()
            }
            HessianLaw::Rows { entries, .. } => {
                let row = &entries[index * dim..(index + 1) * dim];
                let along: f64 = row.iter().zip(x).map(|(a, b)| a * b).sum();
                out.iter_mut().zip(row).for_each(|(y, a)| *y = along * a);
                row.iter().map(|a| a * a).sum()
            }
            HessianLaw::Pairs { entries, .. } => {
                let (left, right) = entries[2 * dim * index..][..2 * dim].split_at(dim);
                let sums = pair_sums(left, right, x);
                for ((y, l), r) in out.iter_mut().zip(left).zip(right) {
                    *y = -(l * sums[1] + r * sums[0]);
                }
                (2.0 * (sums[2] * sums[3] + sums[4] * sums[4])).sqrt()
            }
            _ => 0.0,
        }
    }
}

/// `l·x`, `r·x`, `l·l`, `r·r`, `l·r`, each as two sums over every other entry that are added at the end.
fn pair_sums(left: &[f64], right: &[f64], x: &[f64]) -> [f64; 5] {
    let mut sums = [f64x2::ZERO; 5];
    let mut add = |l: f64x2, r: f64x2, x: f64x2| {
        for (sum, term) in sums.iter_mut().zip([l * x, r * x, l * l, r * r, l * r]) {
            *sum += term;
        }
    };
    let (lefts, rights, places) = (left.as_chunks::<2>(), right.as_chunks::<2>(), x.as_chunks::<2>());
    for ((l, r), x) in lefts.0.iter().zip(rights.0).zip(places.0) {
        add(f64x2::new(*l), f64x2::new(*r), f64x2::new(*x));
    }
    for ((l, r), x) in lefts.1.iter().zip(rights.1).zip(places.1) {
        add(f64x2::new([*l, 0.0]), f64x2::new([*r, 0.0]), f64x2::new([*x, 0.0]));
    }
    sums.map(|sum| {
        let [even, odd] = sum.to_array();
        even + odd
    })
}
