//! The plane of the map: which two parameters, over which range.

use super::parameters::{AxisName, Params};
use crate::charts::figure::{Axis, Scale};
use crate::params::{self, Domain, ParamSet, ParamSpec, Problem, text};

/// The two axes of the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// Horizontal parameter.
    pub x_name: AxisName,
    /// Vertical parameter.
    pub y_name: AxisName,
    /// Horizontal range.
    pub x: Axis,
    /// Vertical range.
    pub y: Axis,
}

impl Plane {
    /// The plane of a state, with the sentences about ends that could not be used.
    pub fn with_problems(p: &Params) -> (Self, Vec<Problem>) {
        let (x_name, y_name) = p.plane_names();
        let mut problems = Vec::new();
        let x = axis(x_name, ["x0", "x1", "xlog"], (p.x0, p.x1, p.xlog), &mut problems);
        let y = axis(y_name, ["y0", "y1", "ylog"], (p.y0, p.y1, p.ylog), &mut problems);
        (Plane { x_name, y_name, x, y }, problems)
    }

    /// The plane of a state.
    pub fn of(p: &Params) -> Self {
        Self::with_problems(p).0
    }

    /// The state at a place of the plane (data coordinates).
    pub fn at(&self, p: &Params, x: f64, y: f64) -> Params {
        let mut there = p.clone();
        there.set_axis(self.x_name, x);
        there.set_axis(self.y_name, y);
        there
    }

    /// The keys of the two axes.
    pub fn keys(&self) -> [&'static str; 2] {
        [self.x_name.name(), self.y_name.name()]
    }
}

/// The declaration of an axis' parameter.
pub fn spec(name: AxisName) -> &'static ParamSpec {
    let index = Params::index(name.name()).unwrap_or_default();
    &Params::specs()[index]
}

/// Ends that are allowed for a parameter: its domain; a linear axis of a positive parameter may start at 0.
fn limits(spec: &ParamSpec, scale: Scale) -> (f64, f64) {
    let (min, max) = match spec.domain {
        Domain::Log { min, max } => (if scale == Scale::Log { min } else { 0.0 }, max),
        Domain::Int { min, max, .. } => (min as f64, max as f64),
        Domain::Linear { min, max } => (min, max),
        _ => (0.0, 1.0),
    };
    if scale == Scale::Log { (min.max(1e-6), max) } else { (min, max) }
}

type Ends = (Option<f64>, Option<f64>, Option<bool>);

fn axis(name: AxisName, keys: [&'static str; 3], ends: Ends, problems: &mut Vec<Problem>) -> Axis {
    let spec = spec(name);
    let (view_low, view_high, view_scale) = spec.view.unwrap_or((0.0, 1.0, params::Scale::Linear));
    let scale = match ends.2 {
        Some(true) => Scale::Log,
        None if view_scale == params::Scale::Log => Scale::Log,
        _ => Scale::Linear,
    };
    let (min, max) = limits(spec, scale);
    let own = (view_low.max(if scale == Scale::Log { max * 1e-3 } else { min }).max(min), view_high.min(max));
    let mut end = |key: &'static str, value: Option<f64>, own: f64| match value {
        Some(value) if value < min || value > max => {
            let shown = [value, min, max, own].map(text::number_text);
            let sentence = format!(
                "{key}: “{}” is not a number from {} to {} ({} axis of {}); {} is used instead.",
                shown[0],
                shown[1],
                shown[2],
                if scale == Scale::Log { "logarithmic" } else { "linear" },
                spec.name,
                shown[3]
            );
            problems.push(Problem::new(key, sentence));
            own
        }
        Some(value) => value,
        None => own,
    };
    let (mut low, mut high) = (end(keys[0], ends.0, own.0), end(keys[1], ends.1, own.1));
    // Narrower than this, neighbouring pixels are the same number.
    let narrowest = 1e-9 * high.abs().max(low.abs()).max(1e-3);
    if high - low <= narrowest {
        let shown = [low, high, own.0, own.1].map(text::number_text);
        problems.push(Problem::new(
            keys[0],
            format!(
                "{}, {}: the axis cannot run from {} to {}; {} to {} is used instead.",
                keys[0], keys[1], shown[0], shown[1], shown[2], shown[3]
            ),
        ));
        (low, high) = own;
    }
    let label =
        if spec.symbol.is_empty() { spec.name.to_owned() } else { format!("{} {}", spec.name, spec.symbol) };
    Axis { label, min: low, max: high, scale }
}
