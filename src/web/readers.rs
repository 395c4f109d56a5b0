//! The readers at the boundary to JavaScript: a module of its own, loaded when a first file comes.

use crate::readers::meaning::{Arranged, Meaning, arrange, meanings};
use crate::readers::{MOST_BYTES, ReadError, Table, read};
use js_sys::{Array, Float64Array, Object, Reflect, Uint32Array};
use wasm_bindgen::prelude::*;

/// Reads a file. `taken` are the numbers of axes that a parameter takes; `meaning` one of the names that an earlier reading of the
/// same file offered, or empty. The answer has `format`, `meanings` (`name`, `label`), and, where only one was possible or one
/// was named, `axes`, `numbers` and `notes`.
///
/// # Errors
/// The sentence of the reader.
#[allow(clippy::needless_pass_by_value)] // wasm-bindgen passes arrays by value
#[wasm_bindgen]
pub fn read_table(bytes: Box<[u8]>, taken: Vec<u32>, meaning: &str) -> Result<JsValue, JsError> {
    let taken: Vec<usize> = taken.into_iter().map(|axes| axes as usize).collect();
    let (table, offered) = offered(&bytes, &taken).map_err(sentence)?;
    let answer = Object::new();
    set(&answer, "format", &table.format.into())?;
    let list = Array::new();
    for meaning in &offered {
        let entry = Object::new();
        set(&entry, "name", &meaning.name().into())?;
        set(&entry, "label", &meaning.label(&table).into())?;
        list.push(&entry);
    }
    set(&answer, "meanings", &list)?;
    let chosen = match offered.as_slice() {
        [only] => Some(*only),
        several => several.iter().copied().find(|one| one.name() == meaning),
    };
    if let Some(meaning) = chosen {
        let Arranged { shape, numbers, notes } = arrange(table, meaning).map_err(sentence)?;
        let axes: Vec<u32> = shape.axes().iter().map(|axis| *axis as u32).collect();
        set(&answer, "axes", &Uint32Array::from(axes.as_slice()))?;
        set(&answer, "numbers", &Float64Array::from(numbers.as_slice()))?;
        set(&answer, "notes", &notes.into_iter().map(JsValue::from).collect::<Array>())?;
    }
    Ok(answer.into())
}

/// Why a file of so many bytes is not read at all; nothing if it is.
#[wasm_bindgen]
pub fn too_large(bytes: f64) -> Option<String> {
    let bytes = bytes as usize;
    (bytes > MOST_BYTES).then(|| ReadError::TooLarge { bytes }.to_string())
}

fn offered(bytes: &[u8], taken: &[usize]) -> Result<(Table, Vec<Meaning>), ReadError> {
    let table = read(bytes)?;
    let offered = meanings(&table, taken)?;
    Ok((table, offered))
}

#[allow(clippy::needless_pass_by_value)] // as `map_err` gives it
fn sentence(error: ReadError) -> JsError {
    JsError::new(&error.to_string())
}

fn set(object: &Object, key: &str, value: &JsValue) -> Result<(), JsError> {
    Reflect::set(object, &key.into(), value)
        .map(|_| ())
        .map_err(|_| JsError::new("The browser refuses an object."))
}
