//! One value ↔ its text, and ↔ the position of its slider.

use super::{Data, Domain, ParamSpec, Value};
use crate::decimal;

/// The longest text of one number; longer ones cannot be numbers that anybody meant.
const LONGEST_NUMBER: usize = 64;

/// The text of a value as it stands in a link: the shortest that reads back as the same value.
pub fn format(spec: &ParamSpec, value: &Value) -> String {
    match value {
        Value::Absent => String::new(),
        Value::Number(number) => number_text(*number),
        Value::Integer(number) => number.to_string(),
        Value::Toggle(on) => if *on { "1" } else { "0" }.to_owned(),
        Value::Choice(index) => match spec.domain {
            Domain::Choice { names } => names.get(*index).copied().unwrap_or_default().to_owned(),
            _ => String::new(),
        },
        Value::Subset(bits) => match spec.domain {
            Domain::Subset { names } => chosen(names, *bits).join(","),
            _ => String::new(),
        },
        Value::List(numbers) => numbers.iter().map(|x| number_text(*x)).collect::<Vec<_>>().join(","),
        Value::Data(data) => data.text(),
    }
}

fn chosen(names: &[&'static str], bits: u64) -> Vec<&'static str> {
    names.iter().enumerate().filter(|(index, _)| bits & (1 << index) != 0).map(|(_, name)| *name).collect()
}

/// The plain notation, or the exponential one where that is shorter by more than two characters.
pub fn number_text(number: f64) -> String {
    let plain = format!("{number}");
    let exponential = format!("{number:e}");
    if exponential.len() + 2 < plain.len() { exponential } else { plain }
}

/// Reads a value.
///
/// # Errors
/// A sentence (without the key) that names what was read and what is allowed.
pub fn parse(spec: &ParamSpec, text: &str) -> Result<Value, String> {
    let text = text.trim();
    if text.is_empty() && spec.optional {
        return Ok(Value::Absent);
    }
    match spec.domain {
        Domain::Linear { min, max } | Domain::Log { min, max } => {
            let number = parse_number(text).ok_or_else(|| refuse(spec, text))?;
            if number >= min && number <= max { Ok(Value::Number(number)) } else { Err(refuse(spec, text)) }
        }
        Domain::Int { min, max, .. } => {
            let number = parse_number(text).ok_or_else(|| refuse(spec, text))?;
            if number.fract() == 0.0 && number >= min as f64 && number <= max as f64 {
                Ok(Value::Integer(number as u64))
            } else {
                Err(refuse(spec, text))
            }
        }
        Domain::Toggle => match text {
            "1" | "true" | "yes" | "on" => Ok(Value::Toggle(true)),
            "0" | "false" | "no" | "off" => Ok(Value::Toggle(false)),
            _ => Err(refuse(spec, text)),
        },
        Domain::Choice { names } => {
            names.iter().position(|name| *name == text).map(Value::Choice).ok_or_else(|| refuse(spec, text))
        }
        Domain::Subset { names } => {
            let mut bits = 0;
            for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
                let index = names.iter().position(|name| *name == item).ok_or_else(|| refuse(spec, item))?;
                bits |= 1 << index;
            }
            Ok(Value::Subset(bits))
        }
        Domain::List { min, max, max_len } => parse_list(spec, text, min, max, max_len),
        Domain::Data { axes } => {
            let data = Data::parse(text)?;
            if axes.contains(&data.shape().axes().len()) {
                Ok(Value::Data(data))
            } else {
                Err(format!("the shape {} is not {}", data.shape(), allowed(&spec.domain)))
            }
        }
    }
}

fn parse_list(spec: &ParamSpec, text: &str, min: f64, max: f64, max_len: usize) -> Result<Value, String> {
    let count = text.split(',').count();
    if count > max_len {
        return Err(format!("has {count} entries, at most {max_len} are allowed"));
    }
    let mut numbers = Vec::with_capacity(count);
    for (index, item) in text.split(',').enumerate() {
        match parse_number(item.trim()) {
            Some(number) if number >= min && number <= max => numbers.push(number),
            _ => return Err(format!("entry {}, {}", index + 1, refuse(spec, item.trim()))),
        }
    }
    Ok(Value::List(numbers))
}

/// A finite number; the typographic minus and a leading plus are accepted.
fn parse_number(text: &str) -> Option<f64> {
    if text.is_empty() || text.len() > LONGEST_NUMBER {
        return None;
    }
    let ascii = text.replace('\u{2212}', "-");
    if !ascii.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) {
        return None;
    }
    // −0 is 0: a link must not hold two texts of one number.
    decimal::parse(&ascii).filter(|number| number.is_finite()).map(|number| number + 0.0)
}

fn refuse(spec: &ParamSpec, text: &str) -> String {
    let mut shown: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("“{shown}” is not {}", allowed(&spec.domain))
}

/// What a domain allows, in words that continue "is not …".
pub fn allowed(domain: &Domain) -> String {
    match domain {
        Domain::Linear { min, max } | Domain::Log { min, max } | Domain::List { min, max, .. } => {
            format!("a number from {} to {}", number_text(*min), number_text(*max))
        }
        Domain::Int { min, max, .. } => format!("a whole number from {min} to {max}"),
        Domain::Toggle => "1 (yes) or 0 (no)".to_owned(),
        Domain::Choice { names } | Domain::Subset { names } => format!("one of {}", names.join(", ")),
        Domain::Data { axes } => {
            let shape = |axes: &usize| match axes {
                1 => "N numbers (N)",
                2 => "N vectors (Nxd)",
                _ => "N square matrices (Nxdxd)",
            };
            axes.iter().map(shape).collect::<Vec<_>>().join(" or ")
        }
    }
}

/// Position of a number's slider, 0–1; `None` for values without one.
pub fn slider_position(domain: &Domain, value: &Value) -> Option<f64> {
    let (number, min, max, log) = match (domain, value) {
        (Domain::Linear { min, max }, Value::Number(number)) => (*number, *min, *max, false),
        (Domain::Log { min, max }, Value::Number(number)) => (*number, *min, *max, true),
        (Domain::Int { min, max, log }, Value::Integer(number)) => {
            (*number as f64, *min as f64, *max as f64, *log)
        }
        _ => return None,
    };
    Some(match (log, min > 0.0) {
        (false, _) => (number - min) / (max - min),
        (true, true) => libm::log(number / min) / libm::log(max / min),
        // A logarithmic slider that starts at 0 runs along log(1 + n).
        (true, false) => libm::log1p(number) / libm::log1p(max),
    })
}

/// The value at a slider position in 0–1, rounded to three significant digits of what the position can
/// tell apart, so that a dragged value reads well in a link.
pub fn at_slider_position(domain: &Domain, position: f64) -> Option<Value> {
    let position = if position.is_nan() { 0.0 } else { position.clamp(0.0, 1.0) };
    match *domain {
        Domain::Linear { min, max } => {
            Some(Value::Number(round_to(min + position * (max - min), (max - min) / 400.0).clamp(min, max)))
        }
        Domain::Log { min, max } => {
            let number = min * libm::exp(position * libm::log(max / min));
            Some(Value::Number(round_to(number, number * libm::log(max / min) / 400.0).clamp(min, max)))
        }
        Domain::Int { min, max, log } => {
            let (low, high) = (min as f64, max as f64);
            let number = match (log, min) {
                (false, _) => low + position * (high - low),
                (true, 0) => libm::expm1(position * libm::log1p(high)),
                (true, _) => low * libm::exp(position * libm::log(high / low)),
            };
            Some(Value::Integer(number.round().clamp(low, high) as u64))
        }
        _ => None,
    }
}

/// `number` rounded to the largest of 1, 2, 5 × 10ᵏ that is at most `resolution`.
pub fn round_to(number: f64, resolution: f64) -> f64 {
    if !(resolution > 0.0 && resolution.is_finite() && number.is_finite()) {
        return number;
    }
    let decade = libm::log10(resolution).floor();
    let unit = libm::pow(10.0, decade);
    let factor = [5.0, 2.0, 1.0].into_iter().find(|f| f * unit <= resolution * (1.0 + 1e-9)).unwrap_or(1.0);
    let digits = (-decade).max(0.0) as usize;
    let rounded = (number / (factor * unit)).round() * factor * unit;
    // Through text: 0.30000000000000004 is 0.3 in a link.
    decimal::parse(&format!("{rounded:.digits$}")).unwrap_or(rounded)
}
