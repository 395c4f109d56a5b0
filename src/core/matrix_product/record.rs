//! Batch means of several numbers per step, in bounded memory.
//!
//! The first batch is the burn-in and never counted: it grows with the chain, as the batches do.

use super::{Plan, Spectrum, UNIT};
use crate::core::rng::LANES;

/// Batches that are kept; when there are so many, pairs are merged and batches become twice as long. One more than an
/// interval needs is left: the burn-in.
const KEPT: usize = 130;

/// Numbers before the lists in [`Record::store`].
const HEAD: usize = 7;

/// Sums of growth, batch by batch, of `width` exponents.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub(super) width: usize,
    /// Units so far, those of the burn-in included.
    pub(super) units: u64,
    /// Units of a first batch, and of a batch now.
    first: u64,
    length: u64,
    /// Units of the batch that is being filled.
    started: u64,
    wanted: u64,
    partial: Vec<f64>,
    /// Sums over batches, one after the other.
    batches: Vec<f64>,
    /// Which exponents are −∞ to rounding.
    pub(super) landed: Vec<bool>,
    /// Which exponents belong to the direction of a part that any start turns to. None: a direction stands for those that no
    /// matrix touches, as there is no other.
    pub(super) leading: Vec<bool>,
    /// How many exponents there are of directions that no matrix touches, and what they are.
    pub(super) beside: (usize, f64),
}

impl Record {
    pub(super) fn new(leading: Vec<bool>, beside: (usize, f64), plan: Plan) -> Self {
        let width = leading.len();
        let units = |steps: u32| u64::from(steps.div_ceil(UNIT));
        let first = units(plan.batch).max(1);
        Self {
            width,
            units: 0,
            first,
            length: first,
            started: 0,
            wanted: units(plan.wanted),
            partial: vec![0.0; width],
            batches: Vec::new(),
            landed: vec![false; width],
            leading,
            beside,
        }
    }

    /// Adds the growth of one unit.
    pub(super) fn push(&mut self, growth: &[f64]) {
        self.units += 1;
        self.partial.iter_mut().zip(growth).for_each(|(sum, x)| *sum += x);
        self.started += 1;
        if self.started == self.length {
            self.batches.extend_from_slice(&self.partial);
            self.partial.fill(0.0);
            self.started = 0;
            if self.batches.len() == KEPT * self.width {
                self.merge();
            }
        }
    }

    /// Joins neighbours. The batch in progress stays as it is: it is shorter than one.
    fn merge(&mut self) {
        let width = self.width;
        for pair in 0..KEPT / 2 {
            for i in 0..width {
                self.batches[pair * width + i] =
                    self.batches[2 * pair * width + i] + self.batches[(2 * pair + 1) * width + i];
            }
        }
        self.batches.truncate(KEPT / 2 * width);
        self.length *= 2;
    }

    /// How many exponents it holds.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Directions that no matrix touches.
    pub fn untouched(&self) -> usize {
        self.beside.0 + if self.stands() { self.width } else { 0 }
    }

    /// Whether no matrix touches any direction.
    pub(super) fn stands(&self) -> bool {
        !self.leading.contains(&true)
    }

    /// Complete batches after the burn-in: 64 to 128 once there have been 64.
    pub fn count(&self) -> usize {
        (self.batches.len() / self.width).saturating_sub(1)
    }

    /// Steps of a batch now.
    pub fn batch_steps(&self) -> f64 {
        (self.length * u64::from(UNIT)) as f64
    }

    /// How many first batches a batch now is.
    pub(super) fn merged(&self) -> f64 {
        (self.length / self.first) as f64
    }

    /// Whether batches are shorter than ten relaxation times.
    pub(super) fn hasty(&self) -> bool {
        self.length < self.wanted
    }

    /// Steps so far, those of the burn-in included.
    pub fn steps(&self) -> u64 {
        self.units * u64::from(UNIT)
    }

    /// Means per step of the batches of one exponent: a histogram of them shows the exponents of finite time.
    pub fn means(&self, exponent: usize) -> Vec<f64> {
        let steps = self.batch_steps();
        self.batches.iter().skip(exponent).step_by(self.width).skip(1).map(|sum| sum / steps).collect()
    }

    /// The sum of all exponents, batch by batch.
    pub fn sums(&self) -> Vec<f64> {
        let steps = self.batch_steps();
        self.batches.chunks_exact(self.width).skip(1).map(|batch| batch.iter().sum::<f64>() / steps).collect()
    }

    /// The mean over the sixteen replicas of each part, −∞ to rounding if any of them is.
    pub(super) fn averaged(&self) -> Self {
        let mean = |sums: &[f64]| sums.iter().sum::<f64>() / LANES as f64;
        let means = |sums: &[f64]| sums.chunks_exact(LANES).map(mean).collect();
        let landed: Vec<bool> = self.landed.chunks_exact(LANES).map(|all| all.contains(&true)).collect();
        Self {
            width: landed.len(),
            partial: means(&self.partial),
            batches: means(&self.batches),
            leading: self.leading.iter().step_by(LANES).copied().collect(),
            landed,
            ..*self
        }
    }

    /// The exponents so far.
    pub fn spectrum(&self) -> Spectrum {
        Spectrum::new(self)
    }

    /// Appends everything as plain numbers.
    pub(super) fn store(&self, into: &mut Vec<f64>) {
        let head = [self.units, self.first, self.length, self.started, self.wanted];
        into.extend(head.map(|x| x as f64));
        into.extend([self.beside.0 as f64, self.beside.1]);
        into.extend_from_slice(&self.partial);
        let marks = self.landed.iter().zip(&self.leading);
        into.extend(marks.map(|(&landed, &leading)| f64::from(u8::from(landed) + 2 * u8::from(leading))));
        into.extend_from_slice(&self.batches);
    }

    /// Reads what [`Record::store`] wrote; `None` if it was something else.
    pub(super) fn load(width: usize, from: &[f64]) -> Option<Self> {
        let (head, rest) = from.split_at_checked(HEAD)?;
        let (partial, rest) = rest.split_at_checked(width)?;
        let (marks, batches) = rest.split_at_checked(width)?;
        let whole = |i: usize| head[i] as u64;
        let fits = batches.len().is_multiple_of(width) && batches.len() < KEPT * width;
        (fits && whole(1) > 0 && whole(2) >= whole(1)).then(|| Self {
            width,
            units: whole(0),
            first: whole(1),
            length: whole(2),
            started: whole(3),
            wanted: whole(4),
            partial: partial.to_vec(),
            batches: batches.to_vec(),
            landed: marks.iter().map(|&x| x as u8 % 2 == 1).collect(),
            leading: marks.iter().map(|&x| x >= 2.0).collect(),
            beside: (whole(5) as usize, head[6]),
        })
    }
}
