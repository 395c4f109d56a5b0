//! The exact exponents of the origin over the learning rate, with the limits of the minima.

use super::minima::{self, Limits};
use super::parameters::{Params, rates};
use super::{origin, windows, words};
use crate::charts::figure::{Axis, Dash, Figure, Handle, Ink, Layer, ParamRef, Role};
use crate::charts::palette::{PHASE_IB, PHASE_II};
use crate::labs::summary::number;
use crate::labs::{Done, Table};

/// Name of the figure.
pub const ID: &str = "exponent";
/// Rows of the data table are every so many points.
const EVERY: usize = 4;

/// Whether two minima have the same loss and limits, to rounding.
fn is_mirrored(one: &Limits, other: &Limits) -> bool {
    let values = |limits: &Limits| [Some(limits.minimum.loss), limits.mean_square, limits.exact];
    let is_same = |(a, b): (Option<f64>, Option<f64>)| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-6 * a.abs(),
        (a, b) => a == b,
    };
    let searched = if one.is_searched && other.is_searched { 3 } else { 2 };
    values(one).into_iter().zip(values(other)).take(searched).all(is_same)
}

/// The figure.
pub fn figure(p: &Params, done: &Done) -> Figure {
    let x = rates(p);
    let curves = origin::known(p, done);
    let curves = curves.as_ref().as_deref().unwrap_or_default();
    let values = curves.iter().flat_map(|point| [point[1], point[2]]).filter(|value| value.is_finite());
    let (low, high) =
        values.fold((-0.05_f64, 0.05_f64), |(low, high), value| (low.min(value), high.max(value)));
    let room = 0.08 * (high - low);
    let (low, high) = (low.max(-1.5) - room, high.min(1.5) + room);
    let none = p.activation.slope_at_origin().is_none().then(|| words::NO_EXPONENT.to_owned());
    let mut layers = vec![Layer::HLine { y: 0.0, ink: Ink::Muted, dash: Dash::Dashed, label: none }];
    let curve = |which: usize| {
        let finite = |value: f64| if value.is_finite() { value } else { f64::NAN };
        curves.iter().map(|point| (point[0], finite(point[which]))).collect()
    };
    if !curves.is_empty() {
        let names = [(1, PHASE_IB, "Λ₊, correct sign"), (2, PHASE_II, "Λ₋, wrong sign")];
        for (which, colour, name) in names {
            layers.push(Layer::line(
                curve(which),
                Ink::Fixed(colour),
                1.8,
                Dash::Solid,
                Some(name.to_owned()),
            ));
        }
    }
    let minima = minima::known(done);
    let minima = minima.as_ref().as_deref().unwrap_or_default();
    let mut key = Vec::new();
    for (index, limits) in minima.iter().enumerate() {
        // the mirror image of a minimum has its limits
        if minima[..index].iter().any(|other| is_mirrored(other, limits)) {
            continue;
        }
        let colour = if minima::is_correct(minima, limits.minimum.at) { PHASE_IB } else { PHASE_II };
        let upright = |x: f64, dash, label: &str| {
            let (ink, label) = (Ink::Fixed(colour), Some(label.to_owned()));
            Layer::VLine { x, ink, dash, label }
        };
        let square = limits.mean_square.map(|rate| upright(rate, Dash::Dotted, "L₂"));
        let exact = limits.exact.map(|rate| upright(rate, Dash::Dashed, "λ*"));
        layers.extend(square.into_iter().chain(exact));
        key.push((colour, format!("L₂ and λ* of the minimum: {}", minima::name(minima, index))));
    }
    layers.push(Layer::VLine { x: p.lr, ink: Ink::Accent, dash: Dash::Solid, label: None });
    let said = words::window(p, windows::known(p, done).as_ref());
    Figure {
        title: "Exponents of the origin, and limits of the minima".to_owned(),
        alt: format!(
            "Curves of both exponents of the origin over learning rates from {} to {}. {said} {}",
            number(x.min, 3),
            number(x.max, 3),
            words::limits(minima)
        ),
        layers,
        key,
        handles: vec![Handle { at: (p.lr, 0.0), x: Some(ParamRef { key: "lr", index: None }), y: None }],
        ..Figure::blank(ID, Role::Side, 1.5, x, Axis::linear("exponent Λ, nats per step", low, high))
    }
}

/// One line about a learning rate.
pub fn hover(p: &Params, done: &Done, lr: f64) -> String {
    let curves = origin::known(p, done);
    let far = |point: &&[f64; 3]| libm::log(point[0] / lr).abs();
    let near = curves.as_ref().as_deref().unwrap_or_default().iter().min_by(|a, b| far(a).total_cmp(&far(b)));
    near.map_or_else(String::new, |[rate, plus, minus]| {
        format!("λ {}: Λ₊ {}, Λ₋ {}", number(*rate, 3), number(*plus, 3), number(*minus, 3))
    })
}

/// The curves, then the limits.
pub fn table(p: &Params, done: &Done) -> Table {
    let columns = ["learning rate λ", "Λ₊ of the origin", "Λ₋ of the origin"];
    let curves = origin::known(p, done);
    let curves = curves.as_ref().as_deref().unwrap_or_default().iter().step_by(EVERY);
    let mut rows: Vec<Vec<String>> =
        curves.map(|point| point.map(|value| number(value, 4)).to_vec()).collect();
    let minima = minima::known(done);
    let minima = minima.as_ref().as_deref().unwrap_or_default();
    for (index, limits) in minima.iter().enumerate() {
        let name = minima::name(minima, index);
        for (rate, what) in limits.texts(4).into_iter().zip(["L₂ limit", "exact limit"]) {
            rows.push(vec![rate, format!("{what} of the minimum ({name})"), String::new()]);
        }
    }
    Table { columns: columns.map(str::to_owned).to_vec(), rows }
}
