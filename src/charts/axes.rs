//! Ticks: which values an axis marks, and how their numbers are written.
//!
//! Linear axes step by 1, 2 or 5 times a power of ten. Logarithmic axes mark decades, with 2 and 5
//! between them where there are few, and unlabelled ticks at the other multiples. Numbers carry a real
//! minus sign (U+2212) and superscript powers of ten. Rows are marked in their middle, by their names.

use super::figure::Scale;
use super::plot_area::Extent;
use crate::decimal;

/// One tick.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where it stands.
    pub value: f64,
    /// Its number; empty for a minor tick.
    pub label: String,
}

impl Tick {
    /// Whether it is a short tick without a number.
    pub fn is_minor(&self) -> bool {
        self.label.is_empty()
    }
}

/// The densest set of ticks with at most `most` numbers that `fits` accepts; if it accepts none, the
/// sparsest tried.
pub fn choose(extent: Extent, most: usize, fits: impl Fn(&[Tick]) -> bool) -> Vec<Tick> {
    match extent.scale {
        Scale::Linear => linear(extent, most, &fits),
        Scale::Log => logarithmic(extent, most, &fits),
        Scale::Rows(names) => rows(extent, names),
    }
}

/// Number of ticks that have a number.
fn labelled(ticks: &[Tick]) -> usize {
    ticks.iter().filter(|tick| !tick.is_minor()).count()
}

/// Ticks at multiples of 1, 2, 5 × 10ᵏ.
fn linear(extent: Extent, most: usize, fits: &dyn Fn(&[Tick]) -> bool) -> Vec<Tick> {
    let finest = (extent.max - extent.min) / most.max(1) as f64;
    let mut power = libm::log10(finest).floor() as i32 - 1;
    let mut best: Option<Vec<Tick>> = None;
    for _ in 0..5 {
        for mantissa in [1, 2, 5] {
            if decimal::value(mantissa, power) < finest * (1.0 - 1e-9) {
                continue;
            }
            let Some(ticks) = multiples(extent, mantissa, power) else {
                return ends(extent); // the range is finer than the numbers
            };
            if ticks.len() < 2 && best.is_some() {
                return best.unwrap_or_default();
            }
            if !ticks.is_empty() && ticks.len() <= most.max(2) && fits(&ticks) {
                return ticks;
            }
            if !ticks.is_empty() {
                best = Some(ticks);
            }
        }
        power += 1;
    }
    best.unwrap_or_else(|| ends(extent))
}

/// The multiples of `mantissa · 10^power` in the extent; `None` where doubles cannot tell them apart.
fn multiples(extent: Extent, mantissa: i64, power: i32) -> Option<Vec<Tick>> {
    let step = decimal::value(mantissa, power);
    let (first, last) = ((extent.min / step - 1e-9).ceil(), (extent.max / step + 1e-9).floor());
    if step == 0.0 || first.abs().max(last.abs()) > 1e13 {
        return None;
    }
    let (first, last) = (first as i64, last as i64);
    let largest = decimal::value(first.abs().max(last.abs()) * mantissa, power);
    let exponent = if largest > 0.0 { (libm::log10(largest) + 1e-12).floor() as i32 } else { 0 };
    // Powers of ten where the digits would be mostly zeros.
    let scientific = exponent >= 15 || (exponent >= 6 && power >= 3) || exponent < -4;
    Some(
        (first..=last)
            .map(|index| {
                let value = decimal::value(index * mantissa, power);
                let label = if scientific && index == 0 {
                    "0".to_owned()
                } else if scientific {
                    let number = plain(decimal::value(index * mantissa, power - exponent), exponent - power);
                    format!("{number}×10{}", superscript(exponent))
                } else {
                    plain(value, -power)
                };
                Tick { value: value.clamp(extent.min, extent.max), label }
            })
            .collect(),
    )
}

/// The two ends, written in full.
fn ends(extent: Extent) -> Vec<Tick> {
    [extent.min, extent.max]
        .map(|value| {
            let plain = value == 0.0 || (value.abs() >= 1e-4 && value.abs() < 1e16);
            let text = if plain { format!("{value}") } else { format!("{value:e}") };
            let label = match text.split_once('e') {
                Some((digits, power)) => {
                    format!("{digits}×10{}", superscript(power.parse().unwrap_or_default()))
                }
                None => text,
            };
            Tick { value, label: label.replace('-', "−") }
        })
        .to_vec()
}

/// A number with this many decimals (none if negative), a real minus sign and thin spaces between
/// thousands from 10 000 on; never "−0".
fn plain(value: f64, decimals: i32) -> String {
    let digits = format!("{:.*}", decimals.max(0) as usize, value.abs());
    let is_zero = digits.bytes().all(|byte| byte == b'0' || byte == b'.');
    let whole = digits.find('.').unwrap_or(digits.len());
    let mut text = String::with_capacity(digits.len() + 8);
    if value < 0.0 && !is_zero {
        text.push('−');
    }
    for (index, character) in digits.chars().enumerate() {
        if whole > 4 && index > 0 && index < whole && (whole - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(character);
    }
    text
}

/// A power in superscript digits.
fn superscript(power: i32) -> String {
    power
        .to_string()
        .chars()
        .map(|character| match character {
            '0' => '⁰',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '4' => '⁴',
            '5' => '⁵',
            '6' => '⁶',
            '7' => '⁷',
            '8' => '⁸',
            '9' => '⁹',
            _ => '⁻',
        })
        .collect()
}

/// The rows in view, each by its name.
fn rows(extent: Extent, names: &[&str]) -> Vec<Tick> {
    let middles = names.iter().enumerate().map(|(row, name)| (row as f64 + 0.5, name));
    let in_view = middles.filter(|(middle, _)| (extent.min..=extent.max).contains(middle));
    in_view.map(|(value, name)| Tick { value, label: (*name).to_owned() }).collect()
}

/// Ticks on a logarithmic axis.
fn logarithmic(extent: Extent, most: usize, fits: &dyn Fn(&[Tick]) -> bool) -> Vec<Tick> {
    let decades = libm::log10(extent.max) - libm::log10(extent.min);
    let (first, last) =
        ((libm::log10(extent.min) + 1e-12).floor() as i32, (libm::log10(extent.max) + 1e-12).floor() as i32);
    let as_plain = first >= -3 && last <= 4;
    let candidates: &[(i32, &[i64])] = &[
        (1, &[1, 2, 5]),
        (1, &[1, 3]),
        (1, &[1]),
        (2, &[1]),
        (3, &[1]),
        (5, &[1]),
        (10, &[1]),
        (20, &[1]),
        (50, &[1]),
        (100, &[1]),
        (200, &[1]),
    ];
    let mut best: Option<Vec<Tick>> = None;
    for &(every, mantissas) in candidates {
        let ticks = decade_ticks(extent, (first, last), (every, mantissas), decades, as_plain);
        let count = labelled(&ticks);
        if count < 2 {
            break;
        }
        if count <= most.max(2) && fits(&ticks) {
            return ticks;
        }
        best = Some(ticks);
    }
    // Less than about a decade: equal steps say more than two lone powers.
    best.unwrap_or_else(|| linear(extent, most, fits))
}

/// The decade ticks with numbers at `mantissas` of every `every`-th decade; the multiples between them
/// as minor ticks, if there are not too many.
fn decade_ticks(
    extent: Extent,
    (first, last): (i32, i32),
    (every, mantissas): (i32, &[i64]),
    decades: f64,
    as_plain: bool,
) -> Vec<Tick> {
    let digits = if decades <= 6.0 { 1..=9 } else { 1..=1 };
    let shown = |power: i32| decades <= 60.0 || power.rem_euclid(every) == 0;
    (first..=last)
        .filter(|&power| shown(power))
        .flat_map(|power| digits.clone().map(move |digit| (power, digit)))
        .filter_map(|(power, digit)| {
            let value = decimal::value(digit, power);
            let inside = value >= extent.min * (1.0 - 1e-12) && value <= extent.max * (1.0 + 1e-12);
            let numbered = power.rem_euclid(every) == 0 && mantissas.contains(&digit);
            let label = match (numbered, as_plain, digit) {
                (false, _, _) => String::new(),
                (true, true, _) => plain(value, -power),
                (true, false, 1) => format!("10{}", superscript(power)),
                (true, false, _) => format!("{digit}×10{}", superscript(power)),
            };
            inside.then(|| Tick { value: value.clamp(extent.min, extent.max), label })
        })
        .collect()
}
