//! A parameter along an axis: the range that a link asks for, or the parameter's own.

use crate::charts::figure::{Axis, Scale};
use crate::params::{self, Domain, ParamSpec, Problem, text};

/// What a link says of an axis: its low end, its high end, whether it is logarithmic; absent: the axis' own.
pub type Ends = (Option<f64>, Option<f64>, Option<bool>);

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

/// The axis of a parameter. `view` is the range that it has by itself, `keys` are those of its two ends; ends that
/// cannot be used are replaced by its own, with a sentence in `problems`.
pub fn axis(
    spec: &ParamSpec,
    (view_low, view_high, view_scale): (f64, f64, params::Scale),
    keys: [&'static str; 2],
    ends: Ends,
    problems: &mut Vec<Problem>,
) -> Axis {
    let scale = match ends.2 {
        Some(true) => Scale::Log,
        None if view_scale == params::Scale::Log => Scale::Log,
        _ => Scale::Linear,
    };
    let (min, max) = limits(spec, scale);
    // a linear view may begin at 0 or below
    let least = match (scale, view_scale) {
        (Scale::Log, params::Scale::Linear) => (1e-3 * max).min(0.1 * view_high),
        _ => min,
    };
    let own = (view_low.max(least).max(min), view_high.min(max));
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
