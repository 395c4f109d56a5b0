//! What the axes of a table are, where the table itself does not say, and the checks of each.

use super::{ReadError, Table};
use crate::params::data::{MOST_DIMENSION, Shape};

/// Columns that are offered one by one.
const OFFERED_COLUMNS: usize = 12;
/// Largest asymmetry of a Hessian, as a part of its largest entry, that is rounding (of single precision).
const ROUNDING: f64 = 1e-5;

/// What a table means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Every number is a value.
    Values,
    /// The numbers of one column, from 0, are values.
    Column(usize),
    /// Every row is a vector x, of the Hessian x xᵀ.
    Vectors,
    /// Every sample is a square matrix; from two axes, row by row in one line.
    Matrices,
    /// The table is one matrix.
    OneMatrix,
}

impl Meaning {
    /// Its name at the boundary to the page.
    pub fn name(self) -> String {
        match self {
            Meaning::Values => "values".to_owned(),
            Meaning::Column(column) => format!("column-{}", column + 1),
            Meaning::Vectors => "vectors".to_owned(),
            Meaning::Matrices => "matrices".to_owned(),
            Meaning::OneMatrix => "one-matrix".to_owned(),
        }
    }

    /// What the reader chooses.
    pub fn label(self, table: &Table) -> String {
        let (rows, columns) = (table.axes[0], table.axes.get(1).copied().unwrap_or(1));
        match self {
            Meaning::Values if table.numbers.len() == 1 => "the number is a curvature h".to_owned(),
            Meaning::Values => format!("all {} numbers are curvatures h", table.numbers.len()),
            Meaning::Column(column) => format!("column {} holds {rows} curvatures h", column + 1),
            Meaning::Vectors => format!("each of {rows} rows is an input x; its Hessian is x xᵀ"),
            Meaning::Matrices if table.axes.len() == 3 => format!("{rows} Hessians of {columns} × {columns}"),
            Meaning::Matrices => {
                let side = columns.isqrt();
                format!("each of {rows} rows is a Hessian of {side} × {side}, row by row")
            }
            Meaning::OneMatrix => format!("the table is one Hessian of {rows} × {rows}"),
        }
    }
}

/// What a table may mean where shapes of these numbers of axes are taken; the likeliest first.
///
/// # Errors
/// Nothing that is taken: says what the table is.
pub fn meanings(table: &Table, taken: &[usize]) -> Result<Vec<Meaning>, ReadError> {
    let takes = |axes: usize| taken.contains(&axes);
    let mut all = Vec::new();
    match table.axes.as_slice() {
        [_] | [_, 1, 1] if takes(1) => all.push(Meaning::Values),
        [rows, columns] => {
            if takes(2) && *columns <= MOST_DIMENSION {
                all.push(Meaning::Vectors);
            }
            let side = columns.isqrt();
            if takes(3) && side * side == *columns && side <= MOST_DIMENSION {
                all.push(Meaning::Matrices);
            }
            if takes(3) && rows == columns && *rows <= MOST_DIMENSION {
                all.push(Meaning::OneMatrix);
            }
            if takes(1) {
                all.extend((0..*columns.min(&OFFERED_COLUMNS)).map(Meaning::Column));
                all.push(Meaning::Values);
            }
        }
        [_, _, _] if takes(3) => all.push(Meaning::Matrices),
        _ => {}
    }
    if all.is_empty() {
        let lengths: Vec<String> = table.axes.iter().map(usize::to_string).collect();
        let what = if taken == [1] { "plain numbers" } else { "vectors and square matrices" };
        let clause =
            format!("an array of {} numbers does not fit here: this lab takes {what}", lengths.join(" × "));
        return Err(ReadError::Shape(clause));
    }
    Ok(all)
}

/// Numbers ready for a link, and what the reader should know of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Arranged {
    /// Their shape.
    pub shape: Shape,
    /// As many numbers.
    pub numbers: Vec<f64>,
    /// Sentences.
    pub notes: Vec<String>,
}

/// The numbers of a table under a meaning that [`meanings`] gave.
///
/// # Errors
/// A shape beyond the limits; a matrix that is not symmetric.
pub fn arrange(table: Table, meaning: Meaning) -> Result<Arranged, ReadError> {
    let Table { axes, numbers, .. } = table;
    let rows = axes[0];
    let columns = numbers.len() / rows;
    let shape = |axes: &[usize]| Shape::new(axes).map_err(ReadError::Shape);
    let (shape, mut numbers) = match meaning {
        Meaning::Values => (shape(&[numbers.len()])?, numbers),
        Meaning::Column(column) => {
            let chosen = numbers.chunks_exact(columns).filter_map(|row| row.get(column).copied());
            (shape(&[rows])?, chosen.collect())
        }
        Meaning::Vectors => (shape(&[rows, columns])?, numbers),
        Meaning::Matrices if axes.len() == 3 => (shape(&axes)?, numbers),
        Meaning::Matrices => (shape(&[rows, columns.isqrt(), columns.isqrt()])?, numbers),
        Meaning::OneMatrix => (shape(&[1, rows, rows])?, numbers),
    };
    let mut notes = Vec::new();
    if shape.axes().len() == 3 {
        notes.extend(symmetrised(&mut numbers, shape.dimension())?);
    }
    notes.extend(constant(&shape, &numbers));
    Ok(Arranged { shape, numbers, notes })
}

/// Removes the rounding from matrices that are symmetric but for it, and says so.
fn symmetrised(numbers: &mut [f64], d: usize) -> Result<Option<String>, ReadError> {
    let mut worst = 0.0_f64;
    for (place, matrix) in numbers.chunks_exact_mut(d * d).enumerate() {
        let largest = matrix.iter().fold(0.0_f64, |largest, entry| largest.max(entry.abs()));
        for row in 0..d {
            for column in row + 1..d {
                let (one, other) = (matrix[row * d + column], matrix[column * d + row]);
                let difference = (one / 2.0 - other / 2.0).abs();
                if difference > ROUNDING * largest / 2.0 {
                    let at = (row + 1, column + 1);
                    return Err(ReadError::Asymmetric { matrix: place + 1, at, entries: (one, other) });
                }
                if difference > 0.0 {
                    worst = worst.max(2.0 * difference / largest);
                    let mean = one / 2.0 + other / 2.0;
                    (matrix[row * d + column], matrix[column * d + row]) = (mean, mean);
                }
            }
        }
    }
    let sentence = format!(
        "The matrices are symmetric but for rounding ({worst:.0e} of the largest entry); the mean of each pair of entries is used."
    );
    Ok((worst > 0.0).then_some(sentence))
}

/// What is strange about numbers that do not vary.
fn constant(shape: &Shape, numbers: &[f64]) -> Option<String> {
    let (samples, each) = (shape.samples(), shape.count() / shape.samples());
    let matrices = shape.axes().len() == 3;
    if samples == 1 {
        let what = if shape.axes().len() == 1 {
            "value"
        } else if matrices {
            "matrix"
        } else {
            "vector"
        };
        return Some(format!("There is only one {what}: every step is the same, and there is no noise."));
    }
    let varies =
        |place: usize| numbers.iter().skip(place).step_by(each).any(|number| *number != numbers[place]);
    let still: Vec<usize> = (0..each).filter(|place| !varies(*place)).collect();
    if still.len() == each {
        return Some(format!("All {samples} samples are the same: there is no noise."));
    }
    // A matrix may well have entries that are always 0.
    if matrices || still.is_empty() {
        return None;
    }
    let columns: Vec<String> =
        still.iter().take(8).map(|place| format!("{} ({})", place + 1, numbers[*place])).collect();
    let more = if still.len() > 8 { " and others" } else { "" };
    Some(format!("The same number stands in every row of column {}{more}.", columns.join(", ")))
}
