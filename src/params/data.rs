//! A reader's own numbers as the value of a parameter: their shape and hash, and the numbers themselves if they are at hand.
//!
//! In a link they stand as `i.<shape>.<numbers>` while they are at most 2 kB (base64url of the little-endian doubles, the last
//! axis fastest), else as `h.<shape>.<SHA-256 of those bytes>`; a shape is written `6x4x4`.

use super::content::{self, Hash};
use base64ct::{Base64UrlUnpadded, Encoding};
use std::fmt;
use std::rc::Rc;

/// Most numbers of a data set.
pub const MOST_NUMBERS: usize = 4_000_000;
/// Most values of one axis: the number of samples.
pub const MOST_SAMPLES: usize = 1_000_000;
/// Largest dimension of a matrix or a vector.
pub const MOST_DIMENSION: usize = 64;
/// Numbers that a link carries itself: 2 kB.
const INLINE_NUMBERS: usize = 256;

/// How numbers are arranged: `N` values, `N` vectors of length `d`, or `N` matrices `d × d`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape(Vec<usize>);

impl Shape {
    /// One, two or three axes.
    ///
    /// # Errors
    /// A sentence (to be continued) that says what is not allowed about it.
    pub fn new(axes: &[usize]) -> Result<Self, String> {
        let written = Shape(axes.to_vec());
        let (samples, dimension) = match axes {
            [samples] => (*samples, 1),
            [_, rows, columns] if rows != columns => {
                return Err(format!("the shape {written} is no list of square matrices"));
            }
            [samples, d] | [samples, d, _] => (*samples, *d),
            _ => return Err("a shape has one, two or three axes, such as 100, 100x4 or 100x4x4".to_owned()),
        };
        if samples == 0 || dimension == 0 {
            return Err(format!("the shape {written} holds no number"));
        }
        if samples > MOST_SAMPLES {
            return Err(format!("there are {samples} samples, at most {MOST_SAMPLES} are allowed"));
        }
        if dimension > MOST_DIMENSION {
            return Err(format!("the dimension is {dimension}, at most {MOST_DIMENSION} is allowed"));
        }
        if written.count() > MOST_NUMBERS {
            return Err(format!("there are {} numbers, at most {MOST_NUMBERS} are allowed", written.count()));
        }
        Ok(written)
    }

    /// Reads `6x4x4`.
    ///
    /// # Errors
    /// A sentence (to be continued).
    pub fn parse(text: &str) -> Result<Self, String> {
        let whole = |axis: &str| {
            let plain = (1..=7).contains(&axis.len()) && axis.bytes().all(|byte| byte.is_ascii_digit());
            // A link must not hold two texts of one shape.
            if plain && !axis.starts_with('0') { axis.parse().ok() } else { None }
        };
        let axes: Option<Vec<usize>> = text.split('x').map(whole).collect();
        Shape::new(
            &axes.ok_or_else(|| format!("“{}” is no shape such as 100, 100x4 or 100x4x4", shown(text)))?,
        )
    }

    /// The lengths of the axes.
    pub fn axes(&self) -> &[usize] {
        &self.0
    }

    /// N, the number of samples: the first axis.
    pub fn samples(&self) -> usize {
        self.0[0]
    }

    /// d: 1 for plain values.
    pub fn dimension(&self) -> usize {
        self.0.get(1).copied().unwrap_or(1)
    }

    /// Number of numbers.
    pub fn count(&self) -> usize {
        self.0.iter().fold(1, |product: usize, axis| product.saturating_mul(*axis))
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let axes: Vec<String> = self.0.iter().map(usize::to_string).collect();
        out.write_str(&axes.join("x"))
    }
}

/// Numbers that the reader brought. Two are equal if their shapes and hashes are.
#[derive(Clone)]
pub struct Data {
    shape: Shape,
    hash: Hash,
    /// Those that were at hand when this was made: the store may let them go, this does not.
    held: Option<Rc<[f64]>>,
}

impl PartialEq for Data {
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape && self.hash == other.hash
    }
}

impl fmt::Debug for Data {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Data({}, {})", self.shape, self.hash)
    }
}

impl Data {
    /// Keeps the numbers in the [store](content).
    ///
    /// # Errors
    /// A sentence (to be continued): the shape has another number of entries, or a number is not finite.
    pub fn new(shape: Shape, numbers: Rc<[f64]>) -> Result<Self, String> {
        if shape.count() != numbers.len() {
            return Err(format!(
                "the shape {shape} needs {} numbers, there are {}",
                shape.count(),
                numbers.len()
            ));
        }
        if let Some(place) = numbers.iter().position(|number| !number.is_finite()) {
            return Err(format!(
                "number {} is {}, only finite numbers are allowed",
                place + 1,
                numbers[place]
            ));
        }
        Ok(Data { shape, hash: content::keep_numbers(Rc::clone(&numbers)), held: Some(numbers) })
    }

    /// Reads `i.<shape>.<numbers>` or `h.<shape>.<hash>`.
    ///
    /// # Errors
    /// A sentence (to be continued).
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, '.');
        let (kind, shape, rest) = (parts.next(), parts.next(), parts.next());
        match (kind, shape, rest) {
            (Some("i"), Some(shape), Some(rest)) => {
                let shape = Shape::parse(shape)?;
                if shape.count() > INLINE_NUMBERS {
                    return Err(format!(
                        "a link holds at most {INLINE_NUMBERS} numbers itself, not {}",
                        shape.count()
                    ));
                }
                let bytes = Base64UrlUnpadded::decode_vec(rest)
                    .map_err(|_| format!("“{}” is no base64url text", shown(rest)))?;
                let (numbers, rest) = bytes.as_chunks();
                if !rest.is_empty() {
                    return Err(format!("{} bytes are no whole number of doubles", bytes.len()));
                }
                Data::new(shape, numbers.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect())
            }
            (Some("h"), Some(shape), Some(hash)) => {
                let shape = Shape::parse(shape)?;
                let hash = Hash::parse(hash).ok_or_else(|| format!("“{}” is no SHA-256", shown(hash)))?;
                Ok(Data { shape, hash, held: content::numbers(&hash) })
            }
            _ => Err(format!(
                "“{}” is not of the form i.<shape>.<numbers> or h.<shape>.<SHA-256>",
                shown(text)
            )),
        }
    }

    /// As it stands in a link.
    pub fn text(&self) -> String {
        match self.numbers() {
            Some(numbers) if self.is_inline() => {
                let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
                format!("i.{}.{}", self.shape, Base64UrlUnpadded::encode_string(&bytes))
            }
            _ => format!("h.{}.{}", self.shape, self.hash),
        }
    }

    /// Whether the link carries the numbers itself.
    pub fn is_inline(&self) -> bool {
        self.shape.count() <= INLINE_NUMBERS && self.numbers().is_some()
    }

    /// How the numbers are arranged.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The name of the numbers.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// The numbers, the last axis fastest, if they are at hand: a link may name numbers that only a file holds.
    pub fn numbers(&self) -> Option<Rc<[f64]>> {
        let found = self.held.clone().or_else(|| content::numbers(&self.hash))?;
        // The hash says nothing about the shape.
        (found.len() == self.shape.count()).then_some(found)
    }
}

/// The beginning of a text that could not be used.
fn shown(text: &str) -> String {
    let mut shown: String = text.chars().filter(|c| !c.is_control()).take(24).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
