//! The top exponent alone: one vector for each of sixteen replicas, in SIMD lanes, in every part.

use super::rotation::turn;
use super::{Plan, Product, Record, Replicas, Spectrum, UNIT};
use crate::core::hessian_law::{HessianLaw, Isotropic, Neuron};
use crate::core::normal;
use crate::core::rng::{Block, LANES, Lanes, Purpose, STEPS, Stream, VECTORS};
use std::rc::Rc;
use wide::f64x2;

/// One number for every replica.
type Row = [f64x2; VECTORS];

const ZERO: Row = [f64x2::ZERO; VECTORS];

/// Numbers before the vectors in [`TopChain::state`].
const HEAD: usize = 2;

/// Sixteen independent products that advance together.
pub struct TopChain<'a> {
    product: &'a Product,
    seed: u64,
    chain: u32,
    /// Batches of every replica, part by part.
    record: Record,
    /// Vectors of length 1 in each part, entry by entry.
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

/// Rows of random numbers, sixteen at a time.
struct Rows {
    lanes: Lanes,
    block: Block,
    normals: bool,
    taken: usize,
}

impl Rows {
    fn new(seed: u64, unit: u64, chain: u32) -> Self {
        // streams apart from those of the whole spectrum
        let first = (chain ^ 0x0800_0000).wrapping_mul(LANES as u32);
        let lanes = Lanes::new(Purpose::Product, seed, unit, first);
        Self { lanes, block: Block::constant(0.0), normals: false, taken: STEPS }
    }

    /// The next row, uniform or normal. Changing the kind begins a new block.
    #[inline]
    fn next(&mut self, normals: bool) -> Row {
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
    fn draw(&mut self, law: Isotropic, x: &mut [Row]) -> Row {
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
    fn draw_sample(&mut self, neuron: &Neuron, sample: &mut [Row]) {
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

impl<'a> TopChain<'a> {
    /// Begins at random vectors. `chain` names independent repetitions.
    pub fn start(product: &'a Product, plan: &Plan, seed: u64, chain: u32) -> Self {
        let mut stream = Stream::new(Purpose::Rotation, seed, u64::from(chain), 1);
        let mut vectors: Vec<Row> = (0..product.dim)
            .map(|_| [(); VECTORS].map(|()| f64x2::new([(); 2].map(|()| stream.normal()))))
            .collect();
        each_part(product, &mut vectors, |_, part| normalise(part));
        Self::with(product, seed, chain, Self::record(product, *plan), vectors)
    }

    fn record(product: &Product, plan: Plan) -> Record {
        let touched = product.parts.iter().flat_map(|part| [part.square_norm > 0.0; LANES]);
        Record::new(touched.collect(), product.beside(), plan)
    }

    /// Begins all replicas at one vector of `d` numbers, not all 0, of a law in one piece. The nearer it is to the top direction, the less
    /// burn-in is lost on the way there.
    pub fn start_along(product: &'a Product, plan: &Plan, seed: u64, chain: u32, vector: &[f64]) -> Self {
        let mut turned = vector.to_vec();
        if !product.rotation.is_empty() {
            turn(&product.rotation, 0, vector, &mut turned);
        }
        let mut vectors: Vec<Row> = turned.iter().map(|x| [f64x2::splat(*x); VECTORS]).collect();
        each_part(product, &mut vectors, |_, part| normalise(part));
        Self::with(product, seed, chain, Self::record(product, *plan), vectors)
    }

    /// Continues from [`TopChain::state`] with the same product, seed and chain; `None` if the numbers are no such state.
    pub fn resume(product: &'a Product, seed: u64, chain: u32, state: &[f64]) -> Option<Self> {
        let parts = product.parts.len();
        let record = Self::load(state).filter(|record| record.width == parts * LANES)?;
        let vectors = state.get(HEAD..HEAD + product.dim * LANES)?;
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

    /// The batch means in a state as [`TopChain::state`] gives it; `None` if the numbers are no such state.
    pub fn read(state: &[f64]) -> Option<Record> {
        Self::load(state).map(|record| record.averaged())
    }

    /// The exponent in a state with the error of independent replicas; `None` before two batches.
    pub fn read_replicas(state: &[f64]) -> Option<Replicas> {
        Replicas::new(&Self::load(state)?)
    }

    fn load(state: &[f64]) -> Option<Record> {
        let [dim, parts] = state.first_chunk::<HEAD>()?.map(|x| x as usize);
        let vectors = dim.checked_mul(LANES)?.checked_add(HEAD)?;
        Record::load(parts.checked_mul(LANES)?, state.get(vectors..)?)
    }

    /// The state as plain numbers: `16 d` and two, and the batches.
    pub fn state(&self) -> Vec<f64> {
        let mut state = vec![self.product.dim as f64, self.product.parts.len() as f64];
        state.extend(self.vectors.iter().flatten().flat_map(|pair| pair.to_array()));
        self.record.store(&mut state);
        state
    }

    /// Multiplies `units` times sixteen matrices more, for each of the sixteen replicas.
    pub fn advance(&mut self, units: u32) {
        for _ in 0..units {
            self.memory.numbers = Rows::new(self.seed, self.record.units, self.chain);
            for _ in 0..UNIT {
                match self.product.law {
                    HessianLaw::Matrices { .. } | HessianLaw::Rows { .. } | HessianLaw::Pairs { .. } => {
                        self.listed_step();
                    }
                    HessianLaw::Neuron(_) if self.product.is_pair() => self.pair_step(),
                    _ => self.drawn_step(),
                }
            }
            // growth in sixteen steps must stay inside the doubles: factors between 1e-9 and 1e9
            let mut growth = vec![0.0; self.record.width];
            let landed = &mut self.record.landed;
            each_part(self.product, &mut self.vectors, |k, part| {
                let squares = normalise(part);
                for (lane, square) in squares.into_iter().enumerate() {
                    if square > 0.0 {
                        growth[k * LANES + lane] = 0.5 * libm::log(square);
                    } else {
                        landed[k * LANES] = true;
                    }
                }
            });
            self.record.push(&growth);
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
                    numbers.draw_sample(neuron, plain);
                    let (residual, input) = plain.split_at(neuron.outputs);
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

    /// A step of a neuron with one input and one output: its parts are scaled by `m ± c r x`.
    fn pair_step(&mut self) {
        let (HessianLaw::Neuron(neuron), factor) = (&self.product.law, &self.product.factor) else { return };
        let Memory { numbers, plain, .. } = &mut self.memory;
        let share = f64x2::splat(factor.scale / f64::from(factor.batch));
        let mut z = ZERO;
        for _ in 0..factor.batch {
            numbers.draw_sample(neuron, plain);
            add_product(&mut z, &plain[0], &plain[1]);
        }
        let offset = f64x2::splat(factor.offset);
        for (x, share) in self.vectors.iter_mut().zip([-share, share]) {
            *x = std::array::from_fn(|v| x[v] * (offset + share * z[v]));
        }
    }

    /// A step with matrices of a list, lane by lane. Parts that land on 0, to rounding, are marked.
    fn listed_step(&mut self) {
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
            for (y, x) in out.iter_mut().zip(&x) {
                *y = factor.offset * x + share * *y;
            }
            let norm = factor.offset.abs().max(share.abs() * size);
            let zero = 8.0 * dim as f64 * f64::EPSILON * norm;
            let mut from = 0;
            for (k, part) in self.product.parts.iter().enumerate() {
                let own = from..from + part.dim;
                from = own.end;
                let length = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>().sqrt();
                self.record.landed[k * LANES] |= length(&out[own.clone()]) <= zero * length(&x[own]);
            }
            for (row, y) in self.vectors.iter_mut().zip(&out) {
                row[lane / 2].as_mut_array()[lane % 2] = *y;
            }
        }
    }

    /// The exponent of each part so far: a batch mean is the mean of the replicas'.
    pub fn spectrum(&self) -> Spectrum {
        self.record.averaged().spectrum()
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
                self.sizes[index]
            }
            _ => 0.0,
        }
    }
}

/// Norms of the matrices of a list of pairs, `‖l rᵀ + r lᵀ‖² = 2 (‖l‖²‖r‖² + (l·r)²)`, which no rotation changes.
pub(super) fn pair_sizes(law: &HessianLaw) -> Rc<[f64]> {
    let HessianLaw::Pairs { dim, entries } = law else { return Rc::new([]) };
    let norm = |pair: &[f64]| {
        let (left, right) = pair.split_at(*dim);
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let across = dot(left, right);
        (2.0 * (dot(left, left) * dot(right, right) + across * across)).sqrt()
    };
    entries.chunks_exact(2 * dim).map(norm).collect()
}

/// `l·x` and `r·x`, each as two sums over every other entry that are added at the end.
fn pair_sums(left: &[f64], right: &[f64], x: &[f64]) -> [f64; 2] {
    let mut sums = [f64x2::ZERO; 2];
    let mut add = |l: f64x2, r: f64x2, x: f64x2| {
        sums[0] += l * x;
        sums[1] += r * x;
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

#[inline]
fn add_product(sum: &mut Row, a: &Row, b: &Row) {
    for v in 0..VECTORS {
        sum[v] += a[v] * b[v];
    }
}

fn times(a: &Row, b: &Row) -> Row {
    std::array::from_fn(|v| a[v] * b[v])
}

fn dot(a: &[Row], b: &[Row]) -> Row {
    let mut sum = ZERO;
    for (a, b) in a.iter().zip(b) {
        add_product(&mut sum, a, b);
    }
    sum
}

/// `out ← out + factor·weight·x`.
fn add_scaled(out: &mut [Row], x: &[Row], weight: &Row, factor: f64x2) {
    let weight = weight.map(|w| factor * w);
    for (out, x) in out.iter_mut().zip(x) {
        add_product(out, x, &weight);
    }
}

/// [`turn`] in every lane.
fn turn_rows(rotation: &[f64], from: usize, x: &[Row], out: &mut [Row]) {
    let dim = out.len();
    for (row, out) in rotation.chunks_exact(dim).zip(out) {
        *out = ZERO;
        for (r, x) in row[from..].iter().zip(x) {
            add_product(out, &[f64x2::splat(*r); VECTORS], x);
        }
    }
}

/// Does something with the stretch of every part.
fn each_part<T>(product: &Product, vectors: &mut [Row], mut f: impl FnMut(usize, &mut [Row]) -> T) {
    let mut rest = vectors;
    for (k, part) in product.parts.iter().enumerate() {
        let (own, others) = rest.split_at_mut(part.dim);
        f(k, own);
        rest = others;
    }
}

/// Scales every lane's vector to length 1 and returns the squares of the lengths; a vector of zeros begins anew.
fn normalise(vectors: &mut [Row]) -> [f64; LANES] {
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
