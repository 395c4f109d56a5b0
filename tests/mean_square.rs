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

/// A direction of negative mean curvature is unstable at every rate.
#[test]
fn a_saddle_has_no_rate() {
    let law = HessianLaw::matrices(2, vec![1.0, 0.0, 0.0, -0.2, 2.0, 0.0, 0.0, -0.1]).unwrap();
    assert_eq!(MeanSquare::new(&law).critical_rate(0.0, &Factor::sgd(0.1, 0.0, 1)), CriticalRate::None);
}
