//! Activation functions as values of a parameter.

use crate::models::activation::Activation;
use crate::params::{Field, Value};

/// The names in a link, in the order of [`Activation::ALL`].
pub const NAMES: &[&str] = &["linear", "tanh", "swish", "gelu", "relu"];
/// The names on the page.
pub const LABELS: &[&str] = &["linear", "tanh", "Swish", "GELU", "ReLU"];

/// The name on the page.
pub fn label(activation: Activation) -> &'static str {
    LABELS[position(activation)]
}

fn position(activation: Activation) -> usize {
    Activation::ALL.iter().position(|one| *one == activation).unwrap_or_default()
}

impl Field for Activation {
    fn to_value(&self) -> Value {
        Value::Choice(position(*self))
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Choice(index) => Self::ALL.get(*index).copied(),
            _ => None,
        }
    }
}
