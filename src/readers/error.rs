//! Why a file was refused, in words for the person who brought it.

use super::MOST_BYTES;
use std::fmt;

/// A place in a file, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line and a column of a table.
    Cell {
        /// The line in the file.
        row: usize,
        /// The column.
        column: usize,
    },
    /// The indices of an entry of an array.
    Entry(Vec<usize>),
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Cell { row, column } => write!(out, "row {row}, column {column}"),
            Place::Entry(indices) => match indices.as_slice() {
                [value] => write!(out, "value {value}"),
                [row, column] => write!(out, "row {row}, column {column}"),
                [matrix, row, column] => write!(out, "matrix {matrix}, row {row}, column {column}"),
                _ => write!(out, "the file"),
            },
        }
    }
}

/// Why a file or a pasted text was refused. `Display` is a whole sentence that names the place and the text.
#[derive(Clone, Debug, PartialEq)]
pub enum ReadError {
    /// More than [`MOST_BYTES`].
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Nothing in it.
    Empty,
    /// Of a kind that is not read; what it is and what to do.
    Foreign(&'static str),
    /// Bytes that are no text and no known array.
    NotText {
        /// The first bad byte, from 1.
        byte: usize,
    },
    /// A text where a number should be.
    NotNumber {
        /// Where.
        place: Place,
        /// What stands there.
        text: String,
    },
    /// NaN or an infinity.
    NotFinite {
        /// Where.
        place: Place,
        /// What stands there.
        text: String,
    },
    /// Rows of different lengths.
    Ragged {
        /// The row or list.
        what: String,
        /// How many numbers it has.
        found: usize,
        /// How many the first one has.
        expected: usize,
    },
    /// More numbers than are kept, or a shape that is not allowed: a clause.
    Shape(String),
    /// What the JSON reader says.
    Json(String),
    /// A header or an array that `numpy.save` does not write, or that is not read here: a clause.
    Npy(String),
    /// A matrix that is no Hessian.
    Asymmetric {
        /// Which, from 1.
        matrix: usize,
        /// Row and column, from 1.
        at: (usize, usize),
        /// The entry there and its mirror image.
        entries: (f64, f64),
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes } => {
                let (size, most) = (bytes.div_ceil(1_000_000), MOST_BYTES / 1_000_000);
                write!(out, "The file has {size} MB; at most {most} MB are read.")
            }
            Self::Empty => write!(out, "There are no numbers in it."),
            Self::Foreign(kind) => write!(out, "This file is {kind}."),
            Self::NotText { byte } => write!(
                out,
                "Byte {byte} is no UTF-8 text, and this is no .npy file. Numbers are read from CSV, TSV, JSON and .npy."
            ),
            Self::NotNumber { place, text } if text.is_empty() => {
                write!(out, "{}: nothing stands there.", first(place))
            }
            Self::NotNumber { place, text } => {
                let comma = if text.contains(',') { " Write a decimal point, not a comma." } else { "" };
                write!(out, "{}: ‘{}’ is not a number.{comma}", first(place), shown(text))
            }
            Self::NotFinite { place, text } => {
                write!(out, "{}: ‘{}’ is not a finite number.", first(place), shown(text))
            }
            Self::Ragged { what, found, expected } => {
                let entries = if *found == 1 { "entry" } else { "entries" };
                write!(out, "{what} has {found} {entries}; the first one has {expected}.")
            }
            Self::Shape(clause) | Self::Npy(clause) => write!(out, "{}.", first(clause)),
            Self::Json(said) => write!(out, "This is no JSON list of numbers: {said}."),
            Self::Asymmetric { matrix, at: (row, column), entries: (one, other) } => write!(
                out,
                "Matrix {matrix}: row {row}, column {column} is {one}, but row {column}, column {row} is {other}. A Hessian is symmetric."
            ),
        }
    }
}

impl std::error::Error for ReadError {}

/// With a capital letter.
fn first(clause: impl fmt::Display) -> String {
    let clause = clause.to_string();
    let mut letters = clause.chars();
    letters
        .next()
        .map_or_else(String::new, |letter| letter.to_uppercase().collect::<String>() + letters.as_str())
}

/// The beginning of a text that may be anything.
fn shown(text: &str) -> String {
    let mut shown: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
