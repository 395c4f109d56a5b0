//! Arrays as `numpy.save` writes them (format versions 1 to 3): a header in Python's notation, then the numbers.
//!
//! Read are `f4` and `f8` of either byte order, in C or Fortran order, with one to three axes.
//! Source: the documentation of `numpy.lib.format`.

use super::error::Place;
use super::{ReadError, Table};
use crate::params::data::MOST_NUMBERS;

/// How every such file begins.
pub const MAGIC: &[u8] = b"\x93NUMPY";

/// What a header says.
struct Header<'a> {
    kind: &'a str,
    fortran: bool,
    axes: Vec<usize>,
}

/// Reads an array.
///
/// # Errors
/// A header that is cut off or not understood, another type of numbers, more than three axes, too few or too many
/// bytes, a number that is not finite.
pub fn read(bytes: &[u8]) -> Result<Table, ReadError> {
    let refuse = |clause: &str| ReadError::Npy(clause.to_owned());
    let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| refuse("this is no .npy file"))?;
    let cut_off = || refuse("the .npy file ends inside its header");
    let (version, rest) = rest.split_at_checked(2).ok_or_else(cut_off)?;
    let (length, rest) = match version[0] {
        1 => rest.split_first_chunk().map(|(size, rest)| (usize::from(u16::from_le_bytes(*size)), rest)),
        2 | 3 => rest.split_first_chunk().map(|(size, rest)| (u32::from_le_bytes(*size) as usize, rest)),
        other => return Err(ReadError::Npy(format!("version {other} of .npy is not known; 1 to 3 are"))),
    }
    .ok_or_else(cut_off)?;
    let (header, numbers) = rest.split_at_checked(length).ok_or_else(cut_off)?;
    let header = std::str::from_utf8(header).map_err(|_| refuse("the header of the .npy file is no text"))?;
    let header =
        Header::parse(header).ok_or_else(|| refuse("the header of the .npy file is not understood"))?;
    array(&header, numbers)
}

impl<'a> Header<'a> {
    /// `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }` in any order of its keys.
    fn parse(text: &'a str) -> Option<Self> {
        let after = |key: &str| {
            let rest = &text[text.find(key)? + key.len()..];
            Some(rest.trim_start().strip_prefix(':')?.trim_start())
        };
        let descr = after("'descr'")?;
        // A list describes records: it is shown as the type that is refused.
        let kind = match descr.strip_prefix('\'') {
            Some(rest) => rest.split_once('\'')?.0,
            None => descr.split_once(']')?.0,
        };
        let order = after("'fortran_order'")?;
        let fortran = order.starts_with("True");
        if !fortran && !order.starts_with("False") {
            return None;
        }
        let shape = after("'shape'")?.strip_prefix('(')?.split_once(')')?.0;
        let axes = shape.split(',').map(str::trim).filter(|axis| !axis.is_empty());
        Some(Header { kind, fortran, axes: axes.map(|axis| axis.parse().ok()).collect::<Option<_>>()? })
    }
}

fn array(header: &Header, bytes: &[u8]) -> Result<Table, ReadError> {
    let Header { kind, fortran, axes } = header;
    if !(1..=3).contains(&axes.len()) {
        return Err(ReadError::Shape(format!(
            "the array has {} axes; one, two or three are read",
            axes.len()
        )));
    }
    let count = axes.iter().fold(1, |product: usize, axis| product.saturating_mul(*axis));
    if count == 0 {
        return Err(ReadError::Empty);
    }
    if count > MOST_NUMBERS {
        return Err(ReadError::Shape(format!(
            "there are {count} numbers, at most {MOST_NUMBERS} are allowed"
        )));
    }
    let size = match *kind {
        "<f4" | ">f4" => 4,
        "<f8" | ">f8" => 8,
        other => {
            let shown: String = other.chars().filter(|c| !c.is_control()).take(40).collect();
            let clause = format!(
                "the numbers are of type ‘{shown}’; save them as doubles: numpy.save(name, array.astype('f8'))"
            );
            return Err(ReadError::Npy(clause));
        }
    };
    if bytes.len() != count * size {
        let clause =
            format!("{count} numbers of {size} bytes are promised, but {} bytes follow", bytes.len());
        return Err(ReadError::Npy(clause));
    }
    let single = |bytes: &[u8; 4]| {
        if *kind == "<f4" { f32::from_le_bytes(*bytes) } else { f32::from_be_bytes(*bytes) }
    };
    let double = |bytes: &[u8; 8]| {
        if *kind == "<f8" { f64::from_le_bytes(*bytes) } else { f64::from_be_bytes(*bytes) }
    };
    let stored: Vec<f64> = if size == 4 {
        bytes.as_chunks().0.iter().map(|bytes| f64::from(single(bytes))).collect()
    } else {
        bytes.as_chunks().0.iter().map(double).collect()
    };
    let numbers = if *fortran { last_axis_fastest(axes, &stored) } else { stored };
    if let Some(at) = numbers.iter().position(|number| !number.is_finite()) {
        let place = Place::Entry(indices(axes, at).into_iter().map(|index| index + 1).collect());
        return Err(ReadError::NotFinite { place, text: numbers[at].to_string() });
    }
    Ok(Table { axes: axes.clone(), numbers, format: if *fortran { ".npy, Fortran order" } else { ".npy" } })
}

/// The indices of the entry at a place, from 0.
fn indices(axes: &[usize], mut at: usize) -> Vec<usize> {
    let mut indices = vec![0; axes.len()];
    for (index, length) in indices.iter_mut().zip(axes).rev() {
        (*index, at) = (at % length, at / length);
    }
    indices
}

/// From Fortran order, in which the first axis is fastest.
fn last_axis_fastest(axes: &[usize], stored: &[f64]) -> Vec<f64> {
    let place = |at: usize| {
        let indices = indices(axes, at);
        indices.iter().zip(axes).rev().fold(0, |place, (index, length)| place * length + index)
    };
    (0..stored.len()).map(|at| stored[place(at)]).collect()
}
