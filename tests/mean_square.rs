//! Mean-square stability of matrix products against closed forms, and both ways to its critical rate.
// The standard library is the independent route here.
#![allow(clippy::disallowed_methods)]

use saddlescope::core::hessian_law::{Factor, HessianLaw, Isotropic};
use saddlescope::core::mean_square::{CriticalRate, MeanSquare};

/// Gaussian inputs: the limit is `2S/(d + S + 1)`.
#[test]
fn gaussian_regression_has_its_limit() {
    for (dim, batch) in [(1, 1), (2, 1), (8, 1), (1, 4), (2, 4), (8, 4), (8, 64)] {
        let law = HessianLaw::regression(dim, Isotropic::Gaussian).unwrap();
        let square = MeanSquare::new(&law);
        let exact = 2.0 * f64::from(batch) / (dim as f64 + f64::from(batch) + 1.0);
        let factor = Factor::sgd(0.1, 0.0, batch);
        let CriticalRate::Rate(found) = square.critical_rate(0.0, &factor) else { panic!("{dim}, {batch}") };
        assert!((found - exact).abs() < 1e-9 * exact, "{dim}, {batch}: {found} against {exact}");
        let bisected = square.bisected_rate(0.0, &factor, 0.1 * exact, 3.0 * exact).unwrap();
        assert!((bisected - exact).abs() < 1e-9 * exact, "{dim}, {batch}: {bisected}");
    }
}

/// In one dimension the radius is `E X²`.
#[test]
fn one_dimension_is_the_second_moment() {
    let values = [0.3, -1.1, 2.0, 0.7];
    let law = HessianLaw::matrices(1, values.to_vec()).unwrap();
    for (rate, decay, batch) in [(0.4, 0.0, 1), (0.9, 0.2, 3)] {
        let mean = values.iter().sum::<f64>() / 4.0;
        let variance = values.iter().map(|h| (h - mean) * (h - mean)).sum::<f64>() / 4.0;
        let exact = (1.0 - rate * (decay + mean)).powi(2) + rate * rate * variance / f64::from(batch);
        let found = MeanSquare::new(&law).radius(&Factor::sgd(rate, decay, batch)).value;
        assert!((found - exact).abs() < 1e-12 * exact, "{found} against {exact}");
    }
}

/// Fewer samples than dimensions: the directions that no sample sees change nothing. The rate is that of the samples written in
/// their own plane, `x₁ = (|x₁|, 0)`, `x₂ = (x₁·x₂, |x₁ × x₂|)/|x₁|`.
#[test]
fn null_directions_are_left_out() {
    let (mut state, factor) = (1_u64, Factor::sgd(0.1, 0.0, 1));
    let mut number = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    };
    for dim in [3, 5, 9, 20] {
        for _ in 0..10 {
            let x: Vec<f64> = (0..2 * dim).map(|_| number()).collect();
            let dot = |a: usize, b: usize| -> f64 {
                x[a * dim..(a + 1) * dim].iter().zip(&x[b * dim..(b + 1) * dim]).map(|(x, y)| x * y).sum()
            };
            let first = dot(0, 0).sqrt();
            let along = dot(0, 1) / first;
            let plane = vec![first, 0.0, along, (dot(1, 1) - along * along).sqrt()];
            let rate = |dim: usize, x: Vec<f64>| {
                let law = HessianLaw::rows(dim, x).unwrap();
                match MeanSquare::new(&law).critical_rate(0.0, &factor) {
                    CriticalRate::Rate(rate) => rate,
                    other => panic!("d = {dim}: {other:?}"),
                }
            };
            let (found, exact) = (rate(dim, x.clone()), rate(2, plane));
            // beyond 12 dimensions by at most 20,000 power iterations: two samples of nearly the same size take longer
            let tolerance = if dim <= 12 { 1e-9 } else { 1e-7 };
            assert!((found - exact).abs() < tolerance * exact, "d = {dim}: {found} against {exact}");
        }
    }
    // but a direction without mean curvature that samples do see has none
    let law = HessianLaw::matrices(2, vec![1.0, 0.0, 0.0, -1e-3, 1.0, 0.0, 0.0, 1e-3]).unwrap();
    assert_eq!(MeanSquare::new(&law).critical_rate(0.0, &factor), CriticalRate::None);
}

/// A direction of negative mean curvature is unstable at every rate.
#[test]
fn a_saddle_has_no_rate() {
    let law = HessianLaw::matrices(2, vec![1.0, 0.0, 0.0, -0.2, 2.0, 0.0, 0.0, -0.1]).unwrap();
    assert_eq!(MeanSquare::new(&law).critical_rate(0.0, &Factor::sgd(0.1, 0.0, 1)), CriticalRate::None);
}
