//! Pieces of figures that labs share.

use crate::charts::figure::{Axis, Dash, Figure, Ink, Layer, Mark, Role, Scale};
use crate::charts::palette;

/// The colour of Λ < 0, as in maps of the sign of Λ.
pub const STABLE: Ink = Ink::Fixed(palette::PHASE_IB);

/// A figure without layers.
pub fn blank(id: &'static str, role: Role, aspect: f64, x: Axis, y: Axis) -> Figure {
    Figure {
        id,
        role,
        aspect,
        title: String::new(),
        x,
        y,
        key: Vec::new(),
        colour_bar: None,
        layers: Vec::new(),
        handles: Vec::new(),
        playable: false,
        alt: String::new(),
    }
}

/// A linear axis.
pub fn linear(label: &str, min: f64, max: f64) -> Axis {
    Axis { label: label.to_owned(), min, max, scale: Scale::Linear }
}

/// A line through points.
pub fn line(points: Vec<(f64, f64)>, ink: Ink, width: f64, dash: Dash, label: Option<&str>) -> Layer {
    Layer::Line { points, ink, width, dash, label: label.map(str::to_owned) }
}

/// The area between two levels from one abscissa to another, and what it is.
pub fn area(
    (from, to): (f64, f64),
    (low, high): (f64, f64),
    ink: Ink,
    opacity: f64,
    name: impl Into<String>,
) -> Layer {
    Layer::Band { x: vec![from, to], low: vec![low; 2], high: vec![high; 2], ink, opacity, name: name.into() }
}

/// The level 0.
pub fn zero(label: Option<String>) -> Layer {
    Layer::HLine { y: 0.0, ink: Ink::Muted, dash: Dash::Dashed, label }
}

/// A dot with its name.
pub fn dot((x, y): (f64, f64), label: String) -> Layer {
    Layer::Marker { x, y, mark: Mark::Dot, label: Some(label) }
}

/// The range of the values that are numbers, 0 included, with a margin; around 0 if there is none.
pub fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values
        .filter(|value| value.is_finite())
        .fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let size = high - low;
    if size > 1e-9 { (low - 0.1 * size, high + 0.1 * size) } else { (-0.1, 0.1) }
}
