//! Why a law of random matrices was refused.

use super::{LARGEST_DIM, LARGEST_PAIR_DIM};

/// Why a law of matrices was refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HessianLawError {
    /// The dimension is 0 or above [`LARGEST_DIM`].
    Dimension(usize),
    /// The dimension of a list of pairs is 0 or above [`LARGEST_PAIR_DIM`].
    PairDimension(usize),
    /// The numbers do not fill whole matrices or vectors, or there are none.
    Shape {
        /// How many numbers there are.
        numbers: usize,
        /// How many fill one matrix or vector.
        each: usize,
    },
    /// A number that is not finite, or larger than 1e100 in size.
    Value {
        /// Its place in the list, from 1.
        place: usize,
        /// What was given.
        value: f64,
    },
}

impl std::fmt::Display for HessianLawError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Dimension(dim) => write!(out, "The dimension is {dim}; 1 to {LARGEST_DIM} are allowed."),
            Self::PairDimension(dim) => {
                write!(out, "The dimension of the pairs is {dim}; 1 to {LARGEST_PAIR_DIM} are allowed.")
            }
            Self::Shape { numbers, each } => {
                write!(out, "There are {numbers} numbers; a multiple of {each} is needed, and not none.")
            }
            Self::Value { place, value } => {
                write!(out, "Number {place} is {value}; finite numbers up to 1e100 in size are allowed.")
            }
        }
    }
}

impl std::error::Error for HessianLawError {}
