//! Networks and their derivatives against dual numbers, differences, and values of high precision.

// The second implementation here uses the standard functions on purpose.
#![allow(clippy::disallowed_methods)]

#[path = "models/activation.rs"]
mod activation;
#[path = "models/dual.rs"]
mod dual;
#[path = "models/mlp.rs"]
mod mlp;

/// `|got − want| ≤ tolerance·max(1, |want|)`.
#[track_caller]
fn close(got: f64, want: f64, tolerance: f64, what: &str) {
    assert!(
        (got - want).abs() <= tolerance * want.abs().max(1.0),
        "{what}: got {got:e}, want {want:e}, difference {:e}",
        got - want
    );
}
