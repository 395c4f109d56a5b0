//! Tables of numbers as text: one row a line, cells between commas, semicolons, tabs or blanks.
//!
//! Lines that begin with `#` and empty lines are left out, and so is a first line in which no cell is a number: headings.

use super::error::Place;
use super::{ReadError, Table};
use crate::params::data::MOST_NUMBERS;
use csv::{ByteRecord, ReaderBuilder, Trim};

/// Longest text of one number.
const LONGEST_NUMBER: usize = 400;

/// Rows of cells as they come, checked one by one.
#[derive(Default)]
struct Rows {
    numbers: Vec<f64>,
    count: usize,
    columns: usize,
    headings: bool,
}

/// Reads a table.
///
/// # Errors
/// No number; a cell that is no finite number; rows of different lengths; too many numbers.
pub fn read(text: &str) -> Result<Table, ReadError> {
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let first = first.ok_or(ReadError::Empty)?;
    let separator = [';', '\t', ','].into_iter().find(|separator| first.contains(*separator));
    let mut rows = Rows::default();
    let format = if let Some(separator) = separator {
        delimited(text, separator, &mut rows)?;
        match separator {
            ';' => "text with semicolons",
            '\t' => "text with tabs (TSV)",
            _ => "text with commas (CSV)",
        }
    } else {
        for (line, row) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            rows.add(line + 1, row.split_whitespace())?;
        }
        "text with blanks"
    };
    let Rows { numbers, count, columns, .. } = rows;
    let axes = match (count, columns) {
        (0, _) => return Err(ReadError::Empty),
        (1, count) | (count, 1) => vec![count],
        (rows, columns) => vec![rows, columns],
    };
    Ok(Table { axes, numbers, format })
}

fn delimited(text: &str, separator: char, rows: &mut Rows) -> Result<(), ReadError> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator as u8)
        .comment(Some(b'#'))
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let mut record = ByteRecord::new();
    let mut line = 1;
    // From memory, and with rows of any length allowed, this reader has nothing to refuse.
    while reader.read_byte_record(&mut record).is_ok_and(|more| more) {
        line = record.position().map_or(line, |position| position.line() as usize);
        // The whole was UTF-8, and separators are ASCII: so is each cell.
        let cells = record.iter().map(|cell| std::str::from_utf8(cell).unwrap_or_default());
        // Some programs end every line by a separator.
        let ends_empty = record.len() > 1 && record.iter().next_back().is_some_and(<[u8]>::is_empty);
        rows.add(line, cells.take(record.len() - usize::from(ends_empty)))?;
    }
    Ok(())
}

impl Rows {
    fn add<'a>(&mut self, row: usize, cells: impl Iterator<Item = &'a str> + Clone) -> Result<(), ReadError> {
        let columns = cells.clone().count();
        if columns == 0 || (columns == 1 && cells.clone().all(str::is_empty)) {
            return Ok(());
        }
        if self.count == 0 && !self.headings && cells.clone().all(is_heading) {
            self.headings = true;
            return Ok(());
        }
        for (column, cell) in cells.enumerate() {
            self.numbers.push(number(cell, Place::Cell { row, column: column + 1 })?);
        }
        if self.count > 0 && columns != self.columns {
            return Err(ReadError::Ragged {
                what: format!("Row {row}"),
                found: columns,
                expected: self.columns,
            });
        }
        if self.numbers.len() > MOST_NUMBERS {
            return Err(ReadError::Shape(format!("there are more than {MOST_NUMBERS} numbers")));
        }
        self.columns = columns;
        self.count += 1;
        Ok(())
    }
}

/// A word, as above a column. NaN is one too, but it is meant as a number.
fn is_heading(cell: &str) -> bool {
    cell.parse::<f64>().is_err() && cell.chars().any(char::is_alphabetic)
}

/// A finite number; the typographic minus is accepted.
pub(super) fn number(cell: &str, place: Place) -> Result<f64, ReadError> {
    let text = cell.trim();
    let found =
        if text.len() <= LONGEST_NUMBER { text.replace('\u{2212}', "-").parse::<f64>().ok() } else { None };
    match found {
        Some(number) if number.is_finite() => Ok(number),
        Some(_) => Err(ReadError::NotFinite { place, text: text.to_owned() }),
        None => Err(ReadError::NotNumber { place, text: text.to_owned() }),
    }
}
