//! Reads a file or a pasted text of numbers: CSV, TSV, numbers between blanks, JSON, and arrays of `numpy.save`.
//!
//! | module | subject |
//! |---|---|
//! | [`text`] | tables of numbers, one row a line |
//! | [`json`] | numbers in nested lists |
//! | [`npy`] | arrays saved by `numpy.save` |
//! | [`meaning`] | what the axes are: values, vectors or matrices |
//! | [`error`] | why something was refused, with the place in the file |
//!
//! What is read depends on the content alone, never on the file's name. Nothing here knows a lab or a page.

pub mod error;
pub mod json;
pub mod meaning;
pub mod npy;
pub mod text;

pub use error::ReadError;

/// Most bytes of a file.
pub const MOST_BYTES: usize = 64_000_000;

/// Numbers as they stand in a file, the last axis fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The lengths of one to three axes.
    pub axes: Vec<usize>,
    /// As many numbers, all finite.
    pub numbers: Vec<f64>,
    /// How it was read, in words for the page.
    pub format: &'static str,
}

/// Reads a file of at most [`MOST_BYTES`].
///
/// # Errors
/// See [`ReadError`]; never panics, whatever the bytes.
pub fn read(bytes: &[u8]) -> Result<Table, ReadError> {
    if bytes.len() > MOST_BYTES {
        return Err(ReadError::TooLarge { bytes: bytes.len() });
    }
    if let Some(kind) = foreign(bytes) {
        return Err(ReadError::Foreign(kind));
    }
    if bytes.starts_with(npy::MAGIC) {
        return npy::read(bytes);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text =
        std::str::from_utf8(bytes).map_err(|error| ReadError::NotText { byte: error.valid_up_to() + 1 })?;
    match text.trim_start().chars().next() {
        None => Err(ReadError::Empty),
        Some('[' | '{') => json::read(text),
        Some(_) => text::read(text),
    }
}

/// Files that are known not to be read, by their first bytes, and what to do instead.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 7] = [
        (
            b"PK\x03\x04",
            "an archive (.npz, .xlsx or a PyTorch file): save one array with numpy.save, or export CSV",
        ),
        (b"\x80\x02", "a pickle, which is a program and is not run here: save the array with numpy.save"),
        (b"\x80\x04", "a pickle, which is a program and is not run here: save the array with numpy.save"),
        (b"\x80\x05", "a pickle, which is a program and is not run here: save the array with numpy.save"),
        (b"\x1F\x8B", "compressed with gzip: unpack it first"),
        (b"\x89HDF", "HDF5: save one array with numpy.save"),
        (b"\xFF\xFE", "UTF-16 text: save it as UTF-8"),
    ];
    KINDS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| *kind)
}
