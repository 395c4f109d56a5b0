//! The estimate of the first exponent as the run grows, in its shrinking band: the confidence sequence that holds at every look.

use super::parameters::Params;
use super::point::Known;
use super::quantities::{error_shown, shown};
use super::run::{BAND, Run};
use crate::charts::figure::{Axis, Dash, Figure, Ink, Layer, Role, Scale};
use crate::charts::palette;
use crate::core::matrix_product::{Exponent, Spectrum};
use crate::labs::Table;
use crate::labs::drawing::{blank, line, linear, zero};
use crate::labs::summary::number;
use std::fmt::Write as _;

/// A look at the run: steps, estimate, half the width of the band.
struct Look {
    steps: f64,
    top: Exponent,
    half: f64,
}

fn looks(run: Option<&Run>) -> Vec<Look> {
    let one = |spectrum: &Spectrum| {
        let top = spectrum.exponents[0];
        let look = Look { steps: spectrum.steps as f64, top, half: spectrum.band(0, BAND) };
        top.value.is_finite().then_some(look)
    };
    run.map_or_else(Vec::new, |run| run.looks.iter().filter_map(|(_, spectrum)| one(spectrum)).collect())
}

/// The figure.
pub fn figure(p: &Params, known: &Known) -> Figure {
    let run = known.run.as_ref().as_ref();
    let looks = looks(run);
    let exact = known.exact.as_ref().and_then(|exact| exact.first().copied()).filter(|x| x.is_finite());
    let (low, high) = range(&looks, exact);
    let landed = run.is_some_and(Run::landed);
    let mut layers = vec![zero(landed.then(|| "the run has landed: Λ₁ = −∞".to_owned()))];
    let banded: Vec<&Look> = looks.iter().filter(|look| look.half.is_finite()).collect();
    if banded.len() > 1 {
        layers.push(Layer::Band {
            x: banded.iter().map(|look| look.steps).collect(),
            low: banded.iter().map(|look| look.top.value - look.half).collect(),
            high: banded.iter().map(|look| look.top.value + look.half).collect(),
            ink: Ink::Fixed(palette::PHASE_II),
            opacity: 0.2,
            name: "99 % band".to_owned(),
        });
    }
    if let Some(exact) = exact {
        let label = Some(format!("exact {}", number(exact, 4)));
        layers.push(Layer::HLine { y: exact, ink: Ink::Strong, dash: Dash::Solid, label });
    }
    layers.push(line(
        looks.iter().map(|look| (look.steps, look.top.value)).collect(),
        Ink::Fixed(palette::PHASE_II),
        1.8,
        Dash::Solid,
        None,
    ));
    let last = looks.last().map_or(2048.0, |look| look.steps);
    Figure {
        title: "The estimate of Λ₁ as the run grows, in its 99 % band".to_owned(),
        alt: alt(p, &looks, exact, landed),
        layers,
        ..blank(
            "running",
            Role::Side,
            1.4,
            Axis {
                label: "steps of the run".to_owned(),
                min: 1024.0,
                max: last.max(2048.0),
                scale: Scale::Log,
            },
            linear("Λ₁, nats per step", low, high),
        )
    }
}

/// A range that shows the band from early on, and the exact value.
fn range(looks: &[Look], exact: Option<f64>) -> (f64, f64) {
    let Some(last) = looks.last() else { return (-1.0, 1.0) };
    let early = looks.iter().filter(|look| look.half.is_finite()).nth(2).map_or(last.half, |look| look.half);
    let half = if early.is_finite() && early > 0.0 { early } else { 0.1 * last.top.value.abs().max(0.1) };
    let ends = [Some(last.top.value - 1.2 * half), Some(last.top.value + 1.2 * half), exact];
    let ends = ends.into_iter().flatten();
    let (low, high) =
        ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    // zero is shown where it is near: whether the band excludes it is the question
    let size = high - low;
    let (low, high) = (
        if low > 0.0 && low < size { 0.0 } else { low },
        if high < 0.0 && -high < size { 0.0 } else { high },
    );
    (low - 0.05 * (high - low), high + 0.05 * (high - low))
}

fn alt(p: &Params, looks: &[Look], exact: Option<f64>, landed: bool) -> String {
    let at = if p.is_sgd() { format!(" at λ = {}", number(p.lr, 4)) } else { String::new() };
    let mut text = format!("The running estimate of the first exponent{at}; {}.", p.in_words());
    if landed {
        return format!("{text} A step landed exactly, to rounding: Λ₁ = −∞.");
    }
    if let Some(last) = looks.last() {
        let _ = write!(text, " After {} steps it is {}", last.steps, shown(&last.top));
        if last.half.is_finite() && !last.top.exact {
            let _ = write!(text, "; the band that holds at every look is ± {}", number(last.half, 2));
        }
        text += ".";
    }
    if let Some(exact) = exact {
        let _ = write!(text, " The exact value is {}.", number(exact, 4));
    }
    text
}

/// One line about a number of steps.
pub fn hover(known: &Known, steps: f64) -> String {
    let looks = looks(known.run.as_ref().as_ref());
    let after = looks.partition_point(|look| look.steps <= steps);
    let Some(look) = after.checked_sub(1).and_then(|index| looks.get(index)) else { return String::new() };
    let band = if look.top.exact {
        String::new()
    } else if look.half.is_finite() {
        format!(", inside ± {} at every look (99 %)", number(look.half, 2))
    } else {
        ", too early for a band".to_owned()
    };
    format!("after {} steps: Λ₁ = {}{band}", look.steps, shown(&look.top))
}

/// The looks.
pub fn table(known: &Known) -> Table {
    let columns = ["steps", "Λ₁", "standard error", "half of the 99 % band"].map(str::to_owned).to_vec();
    let row = |look: &Look| {
        let half = if look.top.exact { "exact".to_owned() } else { number(look.half, 2) };
        vec![look.steps.to_string(), number(look.top.value, 5), error_shown(&look.top), half]
    };
    Table { columns, rows: looks(known.run.as_ref().as_ref()).iter().map(row).collect() }
}
