//! Exponents from N measured curvatures, with intervals for the law they were drawn from.
//!
//! The values are taken as independent draws of `h` from an unknown law; `Λ = E log|1 − λγ − λĥ|` with `ĥ` the mean of `S` draws.
//! Source: theory.md section 7b.

mod band;
mod mean_log;
mod tail;

pub use band::{Band, Intervals, Jackknife, Sign, Window, windows};
pub use mean_log::MANY;
pub use tail::{TailBand, tail_band};

use crate::core::rng::{Purpose, Stream};

/// Fewest values (or batches of values) of an interval.
pub const FEWEST: usize = 50;

/// Measured curvatures, in an order of their own: groups and batches are formed from the shuffled list, so that data
/// sorted or periodic in the file do no harm.
#[derive(Clone, Debug)]
pub struct Measured {
    values: Vec<f64>,
}

/// Why there is no interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MeasuredError {
    /// Fewer than [`FEWEST`] values, or batches of values.
    TooFew {
        /// How many there are.
        count: usize,
    },
    /// A value that is not finite, or larger than 1e100 in size.
    Value {
        /// Its place in the list, from 1.
        place: usize,
        /// What was given.
        value: f64,
    },
}

impl std::fmt::Display for MeasuredError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooFew { count } => {
                write!(out, "There are {count} values or batches of values; an interval needs {FEWEST}.")
            }
            Self::Value { place, value } => {
                write!(out, "Value {place} is {value}; finite numbers up to 1e100 in size are allowed.")
            }
        }
    }
}

impl std::error::Error for MeasuredError {}

impl Measured {
    /// Shuffles the values once, by a fixed stream.
    ///
    /// # Errors
    /// Fewer than 50 values, or one that is not finite.
    pub fn new(mut values: Vec<f64>) -> Result<Self, MeasuredError> {
        if let Some(at) = values.iter().position(|x| !(x.abs() <= 1e100)) {
            return Err(MeasuredError::Value { place: at + 1, value: values[at] });
        }
        if values.len() < FEWEST {
            return Err(MeasuredError::TooFew { count: values.len() });
        }
        let mut stream = Stream::new(Purpose::DataSet, 0, values.len() as u64, 0);
        for i in (1..values.len()).rev() {
            let j = ((stream.unit() * (i + 1) as f64) as usize).min(i);
            values.swap(i, j);
        }
        Ok(Self { values })
    }

    /// N.
    pub fn count(&self) -> usize {
        self.values.len()
    }

    /// Means of disjoint batches of `S` values: independent draws of `ĥ`.
    fn batches(&self, batch: u32) -> Vec<f64> {
        let size = batch.max(1) as usize;
        self.values.chunks_exact(size).map(|chunk| chunk.iter().sum::<f64>() / size as f64).collect()
    }
}
