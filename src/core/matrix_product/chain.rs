//! The whole spectrum of one long product, by QR.

use super::draws::Numbers;
use super::{Plan, Product, Record, Scratch, Spectrum, UNIT, dense};

/// Least ratio of the diagonal of `R` for which steps between two factorisations may be joined: the smallest exponent
/// then keeps some ten digits.
const JOINED: f64 = 1e-5;

/// Numbers before the frame in [`Chain::state`].
const HEAD: usize = 3;

/// Units after which a longer stretch is tried again.
const PATIENCE: u32 = 64;

/// A product under way (Benettin's method: `Q′R = M Q`, `Λ_i` the mean of `log|R_ii|`).
pub struct Chain<'a> {
    product: &'a Product,
    seed: u64,
    repetition: u32,
    record: Record,
    /// The orthonormal frame, row by row; its columns are the directions.
    frame: Vec<f64>,
    /// Steps between two factorisations, a power of two up to a unit.
    stretch: u32,
    /// Units since it was last changed.
    calm: u32,
    memory: Memory,
}

/// What a factorisation needs; carries nothing over.
struct Memory {
    scratch: Scratch,
    numbers: Numbers,
    diagonal: Vec<f64>,
    factors: Vec<f64>,
    growth: Vec<f64>,
    saved: Vec<f64>,
}

impl<'a> Chain<'a> {
    /// Begins at the identity frame. `chain` names independent repetitions.
    pub fn start(product: &'a Product, plan: &Plan, seed: u64, chain: u32) -> Self {
        let frame = super::identity(product.dim);
        let record = Record::new(product.leading().collect(), product.beside(), *plan);
        Self::with(product, seed, chain, record, frame, 1, 0)
    }

    /// Continues from [`Chain::state`] with the same product, seed and chain; `None` if the numbers are no such state.
    pub fn resume(product: &'a Product, seed: u64, chain: u32, state: &[f64]) -> Option<Self> {
        let dim = product.dim;
        let record = Self::read(state).filter(|record| record.width == dim)?;
        let (stretch, calm) = ((state[1] as u32).clamp(1, UNIT), state[2] as u32);
        Some(Self::with(product, seed, chain, record, state[HEAD..][..dim * dim].to_vec(), stretch, calm))
    }

    fn with(
        product: &'a Product,
        seed: u64,
        chain: u32,
        record: Record,
        frame: Vec<f64>,
        stretch: u32,
        calm: u32,
    ) -> Self {
        let dim = product.dim;
        let (line, square) = (vec![0.0; dim], vec![0.0; dim * dim]);
        let memory = Memory {
            scratch: Scratch::new(dim),
            numbers: Numbers::new(seed, 0, chain),
            diagonal: line.clone(),
            factors: vec![0.0; dim * (dim + 1)],
            growth: line,
            saved: square,
        };
        Self { product, seed, repetition: chain, record, frame, stretch, calm, memory }
    }

    /// The batch means in a state as [`Chain::state`] gives it; `None` if the numbers are no such state.
    pub fn read(state: &[f64]) -> Option<Record> {
        let dim = *state.first()? as usize;
        Record::load(dim, state.get(HEAD + dim.checked_mul(dim)?..)?)
    }

    /// The state as plain numbers: `d² + 2d` and a few, and `d` for each of at most 129 batches.
    pub fn state(&self) -> Vec<f64> {
        let dim = self.product.dim as f64;
        let mut state = vec![dim, f64::from(self.stretch), f64::from(self.calm)];
        state.extend_from_slice(&self.frame);
        self.record.store(&mut state);
        state
    }

    /// Multiplies `units` times sixteen matrices more.
    pub fn advance(&mut self, units: u32) {
        for _ in 0..units {
            self.memory.saved.copy_from_slice(&self.frame);
            if !self.unit(self.stretch) {
                // the growth was too uneven: the same matrices again, one by one
                self.frame.copy_from_slice(&self.memory.saved);
                self.unit(1);
                self.stretch = (self.stretch / 2).max(1);
                self.calm = 0;
            } else if self.calm >= PATIENCE {
                self.stretch = (2 * self.stretch).min(UNIT);
                self.calm = 0;
            } else {
                self.calm += 1;
            }
            self.record.push(&self.memory.growth);
        }
    }

    /// One unit, factorised every `stretch` steps. False if that was too seldom.
    fn unit(&mut self, stretch: u32) -> bool {
        let Memory { scratch, numbers, diagonal, factors, growth, .. } = &mut self.memory;
        let dim = self.product.dim;
        numbers.restart(self.seed, self.record.units, self.repetition);
        growth.fill(0.0);
        for step in 1..=UNIT {
            self.product.apply(numbers, scratch, &mut self.frame);
            if step % stretch != 0 {
                continue;
            }
            // a sum m + c h that cancels is 0 to the rounding of its terms
            let mut norm = self.product.factor.offset.abs();
            if stretch == 1 {
                norm = self.frame.iter().map(|x| x * x).sum::<f64>().sqrt().max(norm);
            }
            dense::orthonormalise(&mut self.frame, dim, diagonal, factors);
            if stretch > 1 {
                norm = diagonal.iter().fold(norm, |most, &x| most.max(x));
                let least = diagonal.iter().fold(f64::INFINITY, |least, &x| least.min(x));
                if !(least > JOINED * norm && norm.is_finite()) {
                    return false;
                }
            }
            let zero = 8.0 * dim as f64 * f64::EPSILON * norm;
            for ((sum, &r), landed) in growth.iter_mut().zip(&*diagonal).zip(&mut self.record.landed) {
                if r <= zero {
                    *landed = true;
                } else {
                    *sum += libm::log(r);
                }
            }
        }
        true
    }

    /// The batch means so far.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The exponents so far.
    pub fn spectrum(&self) -> Spectrum {
        self.record.spectrum()
    }
}
