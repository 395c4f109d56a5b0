//! The exponents at the point one beside the other: the run's with error bars, the exact ones as steps.

use super::parameters::Params;
use super::point::Known;
use super::quantities::{error_shown, shown};
use super::sweep::BARS;
use crate::charts::figure::{Dash, Figure, Ink, Layer, Role};
use crate::charts::palette;
use crate::labs::Table;
use crate::labs::drawing::{blank, line, linear, range, zero};
use crate::labs::summary::number;
use std::fmt::Write as _;

/// The figure; the main one where there is no learning rate.
pub fn figure(p: &Params, known: &Known) -> Figure {
    let run = known.run.as_ref().as_ref();
    let found = run.map_or(&[][..], |run| &run.spectrum.exponents);
    let exact = known.exact.as_deref().unwrap_or(&[]);
    let (low, high) = range(found.iter().map(|found| found.value).chain(exact.iter().copied()));
    let mut layers = vec![zero(None)];
    let rung = |(i, y): (usize, &f64)| {
        let middle = (i + 1) as f64;
        let label = (i == 0).then_some("exact");
        y.is_finite().then(|| {
            line(vec![(middle - 0.32, *y), (middle + 0.32, *y)], Ink::Strong, 2.2, Dash::Solid, label)
        })
    };
    layers.extend(exact.iter().enumerate().filter_map(rung));
    if let Some(run) = run {
        let score = run.spectrum.score(BARS);
        let ink = Ink::Fixed(palette::PHASE_II);
        let mut bars = Vec::new();
        let mut dots = Vec::new();
        for (i, found) in found.iter().enumerate().filter(|(_, found)| found.value.is_finite()) {
            let (at, half) = ((i + 1) as f64, score * found.standard_error);
            dots.push((at, found.value));
            if half.is_finite() {
                bars.extend([(at, found.value - half), (at, found.value + half), (f64::NAN, f64::NAN)]);
            }
        }
        layers.push(line(bars, ink, 1.3, Dash::Solid, None));
        layers.push(Layer::Points { points: dots, ink, radius: 3.0 });
    }
    let count = p.measured() as f64;
    let (role, aspect) = if p.is_sgd() { (Role::Side, 1.4) } else { (Role::Main, 1.9) };
    Figure {
        title: if p.is_sgd() {
            format!("All exponents at λ = {}", number(p.lr, 4))
        } else {
            "All exponents of the product".to_owned()
        },
        alt: alt(p, known),
        key: vec![(palette::PHASE_II, "run, 95 % bars".to_owned())],
        layers,
        ..blank(
            "ladder",
            role,
            aspect,
            linear("number i of the exponent", 0.5, count + 0.5),
            linear("exponent Λᵢ, nats per step", low, high),
        )
    }
}

fn alt(p: &Params, known: &Known) -> String {
    let at = if p.is_sgd() { format!(" at λ = {}", number(p.lr, 4)) } else { String::new() };
    let mut text = format!("The exponents{at}; {}.", p.in_words());
    let list = |values: &[f64]| {
        let shown: Vec<String> = values.iter().take(8).map(|value| number(*value, 4)).collect();
        format!("{}{}", shown.join(", "), if values.len() > 8 { " and smaller ones" } else { "" })
    };
    if let Some(run) = known.run.as_ref() {
        let values: Vec<f64> = run.spectrum.exponents.iter().map(|found| found.value).collect();
        let _ = write!(text, " Of the run: {}.", list(&values));
    }
    match known.exact.as_deref() {
        Some([]) => text += " No closed form.",
        Some(exact) => {
            let _ = write!(text, " Exact: {}.", list(exact));
        }
        None => {}
    }
    text
}

/// One line about an exponent.
pub fn hover(known: &Known, x: f64) -> String {
    let i = x.round().max(1.0) as usize;
    let Some(run) = known.run.as_ref() else { return String::new() };
    let Some(found) = run.spectrum.exponents.get(i - 1) else { return String::new() };
    let exact = known.exact.as_ref().and_then(|exact| exact.get(i - 1));
    let exact = exact.map_or_else(String::new, |value| format!("; exact {}", number(*value, 4)));
    format!("Λ of number {i}: {}{exact}", shown(found))
}

/// The exponents.
pub fn table(known: &Known) -> Table {
    let columns = ["i", "Λᵢ of the run", "standard error", "exact Λᵢ"].map(str::to_owned).to_vec();
    let Some(run) = known.run.as_ref() else { return Table { columns, rows: Vec::new() } };
    let exact = known.exact.as_deref().unwrap_or(&[]);
    let row = |(i, found): (usize, &crate::core::matrix_product::Exponent)| {
        vec![
            (i + 1).to_string(),
            number(found.value, 5),
            error_shown(found),
            exact.get(i).map_or_else(|| "no closed form".to_owned(), |value| number(*value, 5)),
        ]
    };
    Table { columns, rows: run.spectrum.exponents.iter().enumerate().map(row).collect() }
}
