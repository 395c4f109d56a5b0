//! The exponent of the origin over the sweep, beside that of gradient descent.

use super::comparison::{self, LEVEL, Prediction};
use super::origin;
use super::parameters::{AxisName, Params};
use crate::charts::figure::{Axis, Dash, Figure, Ink, Layer, Mark, Role};
use crate::labs::drawing::{STABLE, area, blank, line, linear, range, zero};
use crate::labs::summary::number;
use crate::labs::{Done, Table};

/// Name of the figure.
pub const ID: &str = "exponent";
/// Pieces of the curve of gradient descent.
const CURVE: u32 = 96;

/// The exponent of the origin, divided by the learning rate, over the sweep.
pub fn figure(p: &Params, done: &Done) -> Figure {
    let x = p.axis();
    let label = "exponent by rate Λ₁/λ";
    // the handle is there before the exponent is: the page makes as many as a figure has when it is opened
    let figure = |y: Axis, layers: Vec<Layer>, alt: String, height: f64| Figure {
        title: "Growth of a neuron near the origin on the same data, Λ₁/λ".to_owned(),
        alt,
        layers,
        handles: vec![p.handle(height)],
        ..blank(ID, Role::Strip, 4.0, x.clone(), y)
    };
    if !p.shape().has_hessian_at_origin() {
        let why = no_exponent(p);
        return figure(linear(label, -1.0, 1.0), vec![zero(Some(why.to_owned()))], why.to_owned(), 0.0);
    }
    let descent: Vec<(f64, f64)> = match p.x {
        AxisName::Lr => (0..=CURVE)
            .filter_map(|step| {
                let there = p.moved_to(x.at(f64::from(step) / f64::from(CURVE)));
                Some((there.lr, descent(&there, done, 0)? / there.lr))
            })
            .collect(),
        // the labels of each value are its own: as far as the sweep has come
        AxisName::Noise => (0..p.rates)
            .filter(|rate| origin::exponent(p, done, *rate).is_some())
            .filter_map(|rate| Some((p.place(rate), descent(p, done, rate)? / p.lr)))
            .collect(),
    };
    let measured: Vec<(f64, f64, f64, bool)> = (0..p.rates)
        .filter_map(|rate| {
            let (lr, found) = (p.at(rate).lr, origin::exponent(p, done, rate)?);
            Some((p.place(rate), found.mean.value / lr, found.half_width(LEVEL) / lr, found.drifts()))
        })
        .filter(|(_, value, half, _)| value.is_finite() && half.is_finite())
        .collect();
    let values = measured.iter().flat_map(|(_, value, half, _)| [value - half, value + half]);
    let (low, high) = range(values.chain(descent.iter().map(|point| point.1)));
    let mut layers = vec![area((x.min, x.max), (low, 0.0), STABLE, 0.16, "Λ₁ < 0"), zero(None)];
    layers.push(line(descent, Ink::Muted, 1.5, Dash::Dashed, Some("gradient descent")));
    layers.push(line(
        measured.iter().map(|point| (point.0, point.1)).collect(),
        Ink::Strong,
        1.8,
        Dash::Solid,
        Some("SGD"),
    ));
    for (place, value, half, drifts) in &measured {
        let dash = if *drifts { Dash::Dotted } else { Dash::Solid };
        layers.push(line(vec![(*place, value - half), (*place, value + half)], Ink::Strong, 1.4, dash, None));
    }
    layers.push(Layer::Points {
        points: measured.iter().map(|point| (point.0, point.1)).collect(),
        ink: Ink::Strong,
        radius: 2.4,
    });
    let here = measured.iter().find(|point| point.0 == p.place(p.nearest()));
    if let Some((place, value, ..)) = here {
        layers.push(Layer::Marker { x: *place, y: *value, mark: Mark::Crosshair, label: None });
    }
    let height = here.map_or(0.0, |point| point.1);
    let said = in_words(p, done, p.nearest());
    let alt = format!(
        "The top Lyapunov exponent of the origin divided by the learning rate, against the {}, measured at {} of {}, \
         beside that of gradient descent. At {}: {said}.",
        p.swept().name,
        measured.len(),
        p.counted(p.rates as usize),
        p.named(p.nearest())
    );
    figure(linear(label, low, high), layers, alt, height)
}

/// The exponent of gradient descent in a state, with the labels of value `rate` of the sweep.
fn descent(p: &Params, done: &Done, rate: u32) -> Option<f64> {
    let signal = origin::known_signal(p, done, rate);
    origin::of_gradient_descent(p, signal.as_ref().as_ref()?)
}

/// Why there is no exponent.
pub fn no_exponent(p: &Params) -> &'static str {
    if p.activation.slope_at_origin().is_none() {
        "ReLU has a kink at 0, so there is no Hessian: no exponent"
    } else {
        "the Hessian at 0 vanishes: no exponent"
    }
}

/// Λ₁ at a value of the sweep in words.
pub fn in_words(p: &Params, done: &Done, rate: u32) -> String {
    if !p.shape().has_hessian_at_origin() {
        return no_exponent(p).to_owned();
    }
    let Some(found) = origin::exponent(p, done, rate) else { return "Λ₁ is on the way".to_owned() };
    let says = match comparison::prediction(p, done, rate) {
        Some(Prediction::Collapses) => "the origin attracts",
        Some(Prediction::TooSlow) => "the origin attracts, too slowly to be seen in these epochs",
        Some(Prediction::Escapes) => "the origin repels",
        _ => "undecided",
    };
    let short = if found.drifts() { ", short run" } else { "" };
    format!(
        "Λ₁ = {} ± {} per step (95 %{short}), {says}",
        number(found.mean.value, 3),
        number(found.half_width(LEVEL), 1)
    )
}

/// The exponents.
pub fn table(p: &Params, done: &Done) -> Table {
    let label = p.axis().label;
    let columns =
        [label.as_str(), "Λ₁, nats per step", "half width of the 95 % interval", "gradient descent, exact"];
    let row = |rate: u32| {
        let found = origin::exponent(p, done, rate)?;
        let descent = descent(&p.at(rate), done, rate).map(|exponent| number(exponent, 4));
        Some(vec![
            number(p.place(rate), 4),
            number(found.mean.value, 4),
            number(found.half_width(LEVEL), 2),
            descent.unwrap_or_default(),
        ])
    };
    Table { columns: columns.map(str::to_owned).to_vec(), rows: (0..p.rates).filter_map(row).collect() }
}
