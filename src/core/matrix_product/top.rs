//! The top exponent alone: one vector for each of sixteen replicas, in SIMD lanes, in every part.

mod lanes;
mod listed;

use super::rotation::turn;
use super::{Plan, Product, Record, Replicas, Spectrum, UNIT};
use crate::core::hessian_law::HessianLaw;
use crate::core::rng::{LANES, Purpose, Stream, VECTORS};
use lanes::{Row, Rows, ZERO, add_product, add_scaled, dot, normalise, times, turn_rows};
pub(super) use listed::pair_sizes;
use wide::f64x2;

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

    /// The exponent of each part so far: a batch mean is the mean of the replicas'.
    pub fn spectrum(&self) -> Spectrum {
        self.record.averaged().spectrum()
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
