//! Exponents and log-moments against tabulated values, closed forms, and routes that share no code with
//! the crate: sums over all batches, composite quadrature, Monte Carlo with another library's samplers.

use saddlescope::core::curvature::Law;
use serde_json::Value;

fn reference(section: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("reference/exponents.json")).unwrap();
    all[section].as_array().unwrap().clone()
}

fn number(v: &Value) -> f64 {
    v.as_f64().unwrap_or_else(|| match v.as_str() {
        Some("-inf") => f64::NEG_INFINITY,
        other => panic!("not a number: {other:?}"),
    })
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(number).collect()
}

/// Relative or absolute, whichever is larger.
#[track_caller]
fn close(got: f64, want: f64, tolerance: f64) {
    let near = got == want || (got - want).abs() <= tolerance * want.abs().max(1.0);
    assert!(near, "got {got:e}, want {want:e}, off by {:e}", got - want);
}

fn check_moments(law: &saddlescope::core::curvature::BatchLaw, case: &Value, lr: f64, tolerance: f64) {
    if let Some(moments) = case.get("log_moment") {
        for (p, want) in moments.as_object().unwrap() {
            close(law.log_moment(1.0, -lr, p.parse().unwrap()).value, number(want), tolerance);
        }
    }
}

#[test]
fn discrete_laws_match_the_reference() {
    for case in reference("discrete") {
        let law = Law::discrete(numbers(&case["values"]), numbers(&case["probs"])).unwrap();
        let (batch, lr) = (case["batch"].as_u64().unwrap() as u32, number(&case["lr"]));
        let law = law.batch(batch);
        close(law.exponent(1.0, -lr).value, number(&case["lyapunov"]), 1e-12);
        check_moments(&law, &case, lr, 1e-12);
    }
}

#[test]
fn gaussian_laws_match_the_reference() {
    for case in reference("gaussian") {
        let law = Law::gaussian(number(&case["mean"]), number(&case["std"])).unwrap();
        let (batch, lr) = (case["batch"].as_u64().unwrap() as u32, number(&case["lr"]));
        let law = law.batch(batch);
        close(law.exponent(1.0, -lr).value, number(&case["lyapunov"]), 1e-12);
        check_moments(&law, &case, lr, 1e-12);
    }
}

#[test]
fn linear_teachers_match_the_reference() {
    for case in reference("linear_teacher") {
        let law = Law::teacher(number(&case["slope"]), number(&case["noise"])).unwrap();
        let (batch, lr) = (case["batch"].as_u64().unwrap() as u32, number(&case["lr"]));
        let law = law.batch(batch);
        close(law.exponent(1.0, lr).value, number(&case["lyapunov_plus"]), 1e-9);
        close(law.exponent(1.0, -lr).value, number(&case["lyapunov_minus"]), 1e-9);
    }
}
