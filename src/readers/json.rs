//! Numbers in nested JSON lists, at most three deep and all of one depth.

use super::error::Place;
use super::text::number;
use super::{ReadError, Table};
use crate::params::data::MOST_NUMBERS;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Most axes.
const DEEPEST: usize = 3;

/// Reads a list.
///
/// # Errors
/// Another value than a list of numbers; lists of different lengths or depths; what is no JSON at all.
pub fn read(text: &str) -> Result<Table, ReadError> {
    let mut found =
        Found { numbers: Vec::new(), lengths: [None; DEEPEST], depth: None, path: Vec::new(), refused: None };
    let mut reader = serde_json::Deserializer::from_str(text);
    let outcome = Item(&mut found).deserialize(&mut reader).and_then(|()| reader.end());
    if let Some(refused) = found.refused {
        return Err(refused);
    }
    outcome.map_err(|error| {
        let place = Place::Entry(found.path);
        let refused = if error.is_syntax() {
            entry(text, &error).and_then(|text| number(text, place).err())
        } else {
            None
        };
        refused.unwrap_or_else(|| ReadError::Json(error.to_string()))
    })?;
    if found.numbers.is_empty() {
        return Err(ReadError::Empty);
    }
    let axes = found.lengths.iter().map_while(|length| *length).collect();
    Ok(Table { axes, numbers: found.numbers, format: "JSON" })
}

/// The entry where the reader stopped: `NaN` and `Infinity`, which Python writes, are no JSON.
fn entry<'a>(text: &'a str, error: &serde_json::Error) -> Option<&'a str> {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let start = text.get(..(before + error.column()).checked_sub(1)?)?.rfind([',', '['])? + 1;
    text.get(start..)?.split([',', ']']).next()
}

/// What has been read, and where the reader is.
struct Found {
    numbers: Vec<f64>,
    /// The length of the lists at each depth.
    lengths: [Option<usize>; DEEPEST],
    /// The depth at which numbers stand.
    depth: Option<usize>,
    /// The indices, from 1, of the item that is being read.
    path: Vec<usize>,
    /// Why the reading ended: serde's own errors carry text only.
    refused: Option<ReadError>,
}

/// A number or a list.
struct Item<'a>(&'a mut Found);

impl Item<'_> {
    fn refuse<E: Error>(self, error: ReadError) -> E {
        self.0.refused.get_or_insert(error);
        E::custom("")
    }

    fn not_number<E: Error>(self, text: &str) -> E {
        let place = Place::Entry(self.0.path.clone());
        self.refuse(ReadError::NotNumber { place, text: text.to_owned() })
    }

    fn number<E: Error>(self, number: f64) -> Result<(), E> {
        let found = &mut *self.0;
        let depth = *found.depth.get_or_insert(found.path.len());
        if depth == 0 {
            return Err(self.not_number(&number.to_string()));
        }
        if depth != found.path.len() {
            let clause = "some numbers stand in more lists than others".to_owned();
            return Err(self.refuse(ReadError::Shape(clause)));
        }
        if found.numbers.len() == MOST_NUMBERS {
            return Err(self.refuse(ReadError::Shape(format!("there are more than {MOST_NUMBERS} numbers"))));
        }
        found.numbers.push(number);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Item<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Item<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a number or a list of numbers")
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.number(number)
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.number(number as f64)
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.number(number as f64)
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        Err(self.not_number(text))
    }
    fn visit_bool<E: Error>(self, on: bool) -> Result<(), E> {
        Err(self.not_number(if on { "true" } else { "false" }))
    }
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Err(self.not_number("null"))
    }
    fn visit_map<A: MapAccess<'de>>(self, _map: A) -> Result<(), A::Error> {
        Err(self.not_number("{…}"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let depth = self.0.path.len();
        if depth == DEEPEST {
            return Err(self.refuse(ReadError::Shape("lists are nested more than three deep".to_owned())));
        }
        self.0.path.push(1);
        let mut count = 0;
        while list.next_element_seed(Item(self.0))?.is_some() {
            count += 1;
            self.0.path[depth] = count + 1;
        }
        self.0.path.pop();
        let expected = *self.0.lengths[depth].get_or_insert(count);
        if count != expected {
            let what = match depth {
                1 => format!("Row {}", self.0.path[0]),
                _ => format!("Row {} of matrix {}", self.0.path[depth - 1], self.0.path[0]),
            };
            return Err(self.refuse(ReadError::Ragged { what, found: count, expected }));
        }
        Ok(())
    }
}
