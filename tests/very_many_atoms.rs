//! Averages over very many atoms, which few points stand for, against sums over all of them.
// The standard library is the independent route here.
#![allow(clippy::disallowed_methods)]

use saddlescope::core::curvature::{BatchLaw, Law};
use saddlescope::core::exponent::TailExponent;
use saddlescope::core::walk::moments;

const COUNT: usize = 200_000;

/// Values spread as a law whose quantile function is `quantile`, by Weyl's sequence.
fn spread(quantile: impl Fn(f64) -> f64) -> Vec<f64> {
    (0..COUNT).map(|i| quantile((i as f64 * std::f64::consts::SQRT_2).fract().max(1e-9))).collect()
}

/// Even, with tails as heavy as Cauchy's, and in two narrow clusters far apart with a few values between.
fn samples() -> [Vec<f64>; 3] {
    let cluster = |u: f64| {
        if u < 0.4 {
            1.0 + 1e-3 * u
        } else if u < 0.6 {
            10.0 * u - 5.0
        } else {
            -1.2 - 0.1 * u
        }
    };
    [
        spread(|u| 4.0 * u - 2.2),
        spread(|u| -0.2 + 0.3 * (std::f64::consts::PI * (u - 0.5)).tan()),
        spread(cluster),
    ]
}

fn law(values: &[f64]) -> BatchLaw {
    Law::empirical(values.to_vec()).unwrap().batch(1)
}

fn mean(values: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    values.iter().map(|h| f(*h)).sum::<f64>() / values.len() as f64
}

/// Poles among the values, at their edge, and outside.
const FACTORS: [(f64, f64); 5] = [(1.0, -0.5), (1.0, -1.0), (0.9, 0.45), (1.0, -0.05), (1.0, 3.0)];

#[test]
fn averages_are_those_of_all_atoms() {
    for values in samples() {
        let law = law(&values);
        for (m, c) in FACTORS {
            let log = |h: f64| (m + c * h).abs().ln();
            let exponent = mean(&values, log);
            // the factors are rounded alike, so that no pole is an excuse
            let found = law.exponent(m, c).value;
            assert!(
                (found - exponent).abs() < 1e-12 * exponent.abs().max(1.0),
                "{m} {c}: {found} {exponent}"
            );
            let variance = mean(&values, |h| (log(h) - exponent).powi(2));
            let third = mean(&values, |h| (log(h) - exponent).powi(3));
            assert!((law.log_variance(m, c).value - variance).abs() < 1e-11 * variance, "{m} {c}");
            assert!(
                (law.log_third_cumulant(m, c).value - third).abs()
                    < 1e-11 * variance.powf(1.5).max(third.abs())
            );
            for p in [-0.3, 1e-4, 0.5, 1.0, 2.0, 7.3, 40.0] {
                let top = values.iter().map(|h| p * log(*h)).fold(f64::NEG_INFINITY, f64::max);
                let expected = top + mean(&values, |h| (p * log(h) - top).exp()).ln();
                let found = law.log_moment(m, c, p).value;
                // the reference itself loses digits in the sum of large terms
                let room = 1e-11 * expected.abs().max(1.0);
                assert!((found - expected).abs() < room, "order {p} of {m} {c}: {found} {expected}");
            }
        }
    }
}

/// `|X|` spread evenly in its logarithm, each 256 neighbours over 3 %: smooth enough for its logarithm, but `|X|^p` grows by `e^{0.03 p}` there.
#[test]
fn of_high_orders_every_atom_is_asked() {
    let logs: Vec<f64> = spread(|u| -25.0 * u);
    let values: Vec<f64> = logs.iter().map(|log| 2.0 - 2.0 * log.exp()).collect();
    let law = law(&values);
    for p in [3.0, 10.0, 50.0, 200.0, 600.0] {
        let expected = mean(&values, |h| (1.0 - 0.5 * h).powf(p)).ln();
        let found = law.log_moment(1.0, -0.5, p).value;
        assert!((found - expected).abs() < 2e-12 * expected.abs(), "order {p}: {found} {expected}");
    }
}

/// One atom on the pole is found among them, and no value near it is taken for one.
#[test]
fn an_atom_that_lands_is_found() {
    let mut values = samples()[0].clone();
    let before = law(&values);
    assert!(
        before.exponent(1.0, -0.5).value.is_finite() && before.log_moment(1.0, -0.5, -0.5).value.is_finite()
    );
    values[123_456] = 2.0;
    // and one far below, so that the law is no narrower
    values[7] = -50.0;
    let law = law(&values);
    assert_eq!(law.exponent(1.0, -0.5).value, f64::NEG_INFINITY);
    assert_eq!(law.log_variance(1.0, -0.5).value, f64::INFINITY);
    assert_eq!(law.log_moment(1.0, -0.5, -0.5).value, f64::INFINITY);
    assert!(law.log_moment(1.0, -0.5, 0.5).value.is_finite());
}

/// What is made of them: the tail exponent is a root of the moments' sum, and the runs needed follow from its slope.
#[test]
fn what_follows_from_the_moments() {
    let values = spread(|u| if u < 0.5 { 1.0 + 0.1 * u } else { -1.3 + 0.2 * u });
    let (law, factor) = (law(&values), (1.0, -0.5));
    let power = |h: f64, p: f64| (factor.0 + factor.1 * h).abs().powf(p);
    let TailExponent::Finite(root) = law.tail_exponent(factor.0, factor.1) else {
        panic!("a saddle that attracts")
    };
    assert!((mean(&values, |h| power(h, root)) - 1.0).abs() < 1e-11, "{root}");
    // p g′(p) − g(p) at p = 1, for 10 steps
    let first = mean(&values, |h| power(h, 1.0));
    let slope = mean(&values, |h| power(h, 1.0) * power(h, 1.0).ln()) / first;
    let needed = moments::log_runs_to_see(&law, factor, 1.0, 10);
    let expected = 10.0 * (slope - first.ln());
    assert!((needed.value - expected).abs() < 1e-9, "{needed:?} {expected}");
}
