//! Why a law was refused, in words for the person who typed it.

use std::fmt;

/// A law of the curvature that cannot be built. `Display` names the field, the value and what is allowed.
#[derive(Clone, Debug, PartialEq)]
pub enum LawError {
    /// A discrete law without values.
    NoValues,
    /// More values than are allowed.
    TooManyValues {
        /// How many there were.
        count: usize,
        /// How many may be.
        most: usize,
    },
    /// As many probabilities as values are needed.
    LengthsDiffer {
        /// Number of values.
        values: usize,
        /// Number of probabilities.
        probs: usize,
    },
    /// A probability below 0, above 1, or not a number.
    Probability {
        /// Its place in the list, from 1.
        place: usize,
        /// What was given.
        value: f64,
    },
    /// The probabilities do not sum to 1 within 1e-9.
    ProbabilitySum {
        /// Their sum.
        sum: f64,
    },
    /// A value of a list that is not finite, or larger than 1e100 in size.
    Value {
        /// Its place in the list, from 1.
        place: usize,
        /// What was given.
        value: f64,
    },
    /// A parameter that is not finite, or larger than 1e100 in size.
    Parameter {
        /// Name of the field.
        field: &'static str,
        /// What was given.
        value: f64,
    },
    /// A standard deviation below 0.
    Negative {
        /// Name of the field.
        field: &'static str,
        /// What was given.
        value: f64,
    },
    /// The lower end of a uniform law lies above the upper end.
    Reversed {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
}

impl fmt::Display for LawError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoValues => write!(out, "The list of values is empty; 1 to 4096 values are allowed."),
            Self::TooManyValues { count, most } => {
                write!(out, "The list has {count} values; 1 to {most} are allowed.")
            }
            Self::LengthsDiffer { values, probs } => {
                write!(out, "There are {values} values but {probs} probabilities; each value needs one.")
            }
            Self::Probability { place, value } => {
                write!(out, "Probability number {place} is {value}; it must lie between 0 and 1.")
            }
            Self::ProbabilitySum { sum } => {
                write!(out, "The probabilities sum to {sum}; they must sum to 1 (within 1e-9).")
            }
            Self::Value { place, value } => {
                write!(
                    out,
                    "Value number {place} is {value}; finite numbers up to 1e100 in size are allowed."
                )
            }
            Self::Parameter { field, value } => {
                write!(out, "The {field} is {value}; finite numbers up to 1e100 in size are allowed.")
            }
            Self::Negative { field, value } => {
                write!(out, "The {field} is {value}; it must be 0 or more.")
            }
            Self::Reversed { low, high } => {
                write!(out, "The lower end {low} lies above the upper end {high}.")
            }
        }
    }
}

impl std::error::Error for LawError {}
