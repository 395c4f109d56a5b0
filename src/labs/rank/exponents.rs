//! The exponents that the prediction counts, against the learning rate at the reader's noise.

use super::map;
use super::parameters::{InputsName, Params, Plane};
use super::product::{CELLS, Field};
use super::theory::{self, ModeLaw};
use super::words;
use crate::charts::figure::{Axis, Dash, Figure, Handle, Ink, Layer, ParamRef, Role};
use crate::labs::summary::number;
use crate::labs::{Done, Table};

/// Name of the figure.
pub const ID: &str = "exponents";
/// Points of a curve, and rows of the data table.
const POINTS: usize = 64;
const ROWS: usize = 16;

fn rate(plane: &Plane, part: f64) -> f64 {
    plane.x.at(part).max(1e-9 * plane.x.max)
}

/// `Λ₊` of every mode over the learning rates.
fn curves(p: &Params, plane: &Plane) -> Vec<Vec<(f64, f64)>> {
    let Ok(slope) = p.slope() else { return Vec::new() };
    let rates: Vec<f64> = (0..=POINTS).map(|point| rate(plane, point as f64 / POINTS as f64)).collect();
    let finite = |value: f64| if value.is_finite() { value } else { f64::NAN };
    let curve = |mode: usize| {
        let values = ModeLaw::of(p, mode, p.noise).map(|law| law.exponents(p, rates.iter().copied(), slope));
        rates.iter().copied().zip(values.unwrap_or_default().into_iter().map(finite)).collect()
    };
    (0..p.modes()).map(curve).collect()
}

/// The row of the simulated lattice nearest to the reader's noise.
fn row(p: &Params, plane: &Plane) -> usize {
    ((plane.y.fraction(p.noise) * CELLS as f64).max(0.0) as usize).min(CELLS - 1)
}

/// The figure.
pub fn figure(p: &Params, done: &Done) -> Figure {
    let plane = Plane::of(p);
    let key = format!("{:?}", Params { lr: 1.0, ..p.clone() });
    let curves = done.made("exponent-curves", &[], &key, || curves(p, &plane));
    let field = Field::made(p, done);
    let dense = p.inputs == InputsName::Dense;
    let mut points = Vec::new();
    if let (Some(field), true) = (field.as_ref(), dense) {
        let row = row(p, &plane);
        for mode in 0..p.modes() {
            let at = |column: usize| {
                (plane.x.at((column as f64 + 0.5) / CELLS as f64), field.at(mode, (column, row)).0)
            };
            points.push((0..CELLS).map(at).filter(|point| point.1.is_finite()).collect::<Vec<_>>());
        }
    }
    let values =
        curves.iter().chain(&points).flatten().map(|point| point.1).filter(|value| value.is_finite());
    let (low, high) = values.fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let room = 0.08 * (high - low).max(0.01);
    let unit = if dense { "nats per step" } else { "nats per visit of the mode" };
    let y = Axis::linear(format!("exponent Λ, {unit}"), low - room, high + room);
    let mut layers = vec![Layer::HLine {
        y: 0.0,
        ink: Ink::Muted,
        dash: Dash::Dashed,
        label: p.slope().err().map(|why| words::no_exponent(why).to_owned()),
    }];
    let most = p.modes();
    for (mode, curve) in curves.iter().enumerate() {
        let label = Some(format!("s = {}", number(p.strengths[mode], 3)));
        let (width, dash) = if dense { (1.0, Dash::Dashed) } else { (1.8, Dash::Solid) };
        // the strongest mode has the colour of the full rank
        let ink = Ink::Fixed(map::colour(most - p.place(mode), most));
        layers.push(Layer::line(curve.clone(), ink, width, dash, label));
    }
    for (mode, points) in points.into_iter().enumerate() {
        layers.push(Layer::Points { points, ink: Ink::Fixed(map::colour(most - mode, most)), radius: 2.4 });
    }
    layers.push(Layer::VLine { x: p.lr, ink: Ink::Accent, dash: Dash::Solid, label: None });
    let counted = if dense {
        " Dots: the exponents of the product that all neurons obey; dashed: each mode alone."
    } else {
        ""
    };
    let here = theory::mode_exponents(p, p.lr, p.noise);
    let here = here.map_or_else(
        || p.slope().err().map_or_else(String::new, |why| format!(" {}.", words::no_exponent(why))),
        |values| {
            let shown: Vec<String> = values.iter().map(|value| number(*value, 3)).collect();
            format!(" At λ = {} the modes have {}.", number(p.lr, 4), shown.join(", "))
        },
    );
    Figure {
        title: format!("Exponents at σ = {}: how many are positive", number(p.noise, 4)),
        alt: format!(
            "Curves of the exponent of each mode over learning rates from {} to {}.{counted}{here}",
            number(plane.x.min, 4),
            number(plane.x.max, 4)
        ),
        layers,
        handles: vec![Handle { at: (p.lr, 0.0), x: Some(ParamRef { key: "lr", index: None }), y: None }],
        ..Figure::blank(ID, Role::Side, 1.4, plane.x.clone(), y)
    }
}

/// One line about a learning rate.
pub fn hover(p: &Params, lr: f64) -> String {
    let plane = Plane::of(p);
    if !(plane.x.min..=plane.x.max).contains(&lr) {
        return String::new();
    }
    let Some(values) = theory::mode_exponents(p, lr.max(1e-9), p.noise) else { return String::new() };
    let one =
        |(strength, value): (&f64, &f64)| format!("s = {}: {}", number(*strength, 3), number(*value, 3));
    let shown: Vec<String> = p.strengths.iter().zip(&values).map(one).collect();
    format!("{} {}: Λ of the modes alone: {}", plane.x.label, number(lr, 3), shown.join(", "))
}

/// The exponents at even steps of the axis.
pub fn table(p: &Params, done: &Done) -> Table {
    let plane = Plane::of(p);
    let mut columns = vec![plane.x.label.clone()];
    columns.extend(p.strengths.iter().map(|s| format!("Λ of the mode s = {} alone", number(*s, 3))));
    let field = Field::made(p, done);
    let field = field.as_ref().as_ref().filter(|_| p.inputs == InputsName::Dense);
    if field.is_some() {
        columns.extend((1..=p.modes()).map(|index| format!("exponent {index} of the product")));
    }
    let line = |index: usize| {
        let part = (index as f64 + 0.5) / ROWS as f64;
        let lr = rate(&plane, part);
        let mut cells = vec![number(lr, 4)];
        let modes = theory::mode_exponents(p, lr, p.noise)?;
        cells.extend(modes.iter().map(|value| number(*value, 4)));
        if let Some(field) = field {
            let up = (row(p, &plane) as f64 + 0.5) / CELLS as f64;
            cells.extend(field.exponents(part, up).iter().map(|value| number(*value, 3)));
        }
        Some(cells)
    };
    Table { columns, rows: (0..ROWS).filter_map(line).collect() }
}
