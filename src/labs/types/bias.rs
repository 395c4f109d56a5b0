//! Curvature and noise of the escape direction against the bias: noise is 0 only where the bias is.

use super::parameters::Params;
use crate::charts::figure::{Axis, Dash, Figure, Handle, Ink, Layer, ParamRef, Role};
use crate::charts::palette;
use crate::labs::Table;
use crate::labs::summary::number;
use crate::models::activation::Activation;

/// Name of the figure.
pub const ID: &str = "bias";
/// The right end of the axis.
const LARGEST: f64 = 3.0;
const POINTS: usize = 60;
const EVERY: usize = 5;

/// Bias, escape curvature `−h`, noise along the direction. For `ReLU` from above 0 on.
fn curve(p: &Params) -> Vec<[f64; 3]> {
    let first = usize::from(p.activation == Activation::Relu);
    (first..=POINTS)
        .map(|point| {
            let bias = LARGEST * point as f64 / POINTS as f64;
            let neuron = p.neuron(bias);
            let lowest = neuron.lowest();
            [bias, -lowest.curvature, neuron.noise_along(lowest.direction)]
        })
        .collect()
}

/// The figure.
pub fn figure(p: &Params) -> Figure {
    let curve = curve(p);
    let top = curve.iter().flat_map(|point| [point[1], point[2]]).fold(0.1, f64::max);
    let line = |which: usize, colour, name: &str| {
        let points = curve.iter().map(|point| (point[0], point[which])).collect();
        Layer::line(points, Ink::Fixed(colour), 1.8, Dash::Solid, Some(name.to_owned()))
    };
    let neuron = p.neuron(p.bias);
    let lowest = neuron.lowest();
    let noise = neuron.noise_along(lowest.direction);
    Figure {
        title: "Escape direction against the bias (exact)".to_owned(),
        alt: format!(
            "Curves of the escape curvature and of the gradient noise along it over biases from 0 to 3. At b = {} they are {} and {}.",
            number(p.bias, 3),
            number(-lowest.curvature, 3),
            number(noise, 3)
        ),
        layers: vec![
            line(1, palette::PHASE_IB, "curvature −h"),
            line(2, palette::PHASE_II, "noise v"),
            Layer::VLine { x: p.bias, ink: Ink::Accent, dash: Dash::Solid, label: None },
        ],
        handles: vec![Handle {
            at: (p.bias, 0.5 * top),
            x: Some(ParamRef { key: "bias", index: None }),
            y: None,
        }],
        ..Figure::blank(
            ID,
            Role::Side,
            1.4,
            Axis::linear("hidden bias b", 0.0, LARGEST),
            Axis::linear("curvature −h, noise v", 0.0, 1.1 * top),
        )
    }
}

/// One line about a bias.
pub fn hover(p: &Params, bias: f64) -> String {
    let neuron = p.neuron(bias.clamp(0.0, LARGEST));
    let lowest = neuron.lowest();
    let noise = neuron.noise_along(lowest.direction);
    format!(
        "b {}: curvature {}, noise {}",
        number(neuron.bias, 3),
        number(lowest.curvature, 3),
        number(noise, 3)
    )
}

/// The curves.
pub fn table(p: &Params) -> Table {
    let columns = ["hidden bias b", "escape curvature −h", "gradient noise v along it"];
    let rows = curve(p).into_iter().step_by(EVERY).map(|point| point.map(|value| number(value, 4)).to_vec());
    Table { columns: columns.map(str::to_owned).to_vec(), rows: rows.collect() }
}
