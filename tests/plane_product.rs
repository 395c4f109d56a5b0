//! Exponents of lists of 2 × 2 matrices against closed forms and against a long product.

// The second implementation here uses the standard functions on purpose.
#![allow(clippy::disallowed_methods)]

use saddlescope::core::plane_product::{NoRate, Search, Symmetric, critical_rate, top_exponent};
use std::f64::consts::PI;

/// `g gᵀ` of unit vectors at even angles: the law of the sphere, as far as directions can tell.
fn sphere(count: usize) -> Vec<Symmetric> {
    (0..count)
        .map(|i| {
            let (sin, cos) = (PI * (i as f64 + 0.25) / count as f64).sin_cos();
            (cos * cos, cos * sin, sin * sin)
        })
        .collect()
}

/// Unit inputs, S = 1, d = 2: Λ₁ = log((1 + |1 − λ|)/2).
#[test]
fn the_sphere_has_its_closed_form() {
    let list = sphere(400);
    for rate in [0.1, 0.6, 1.3, 1.9, 2.4] {
        let want = f64::midpoint(1.0, (1.0_f64 - rate).abs()).ln();
        let found = top_exponent(&list, 1.0, rate, 64);
        assert!((found - want).abs() < 1e-6, "{rate}: {found} {want}");
    }
    // stable iff λ < 2
    let (rate, error) = critical_rate(&list, 0.0, 1.0).unwrap();
    assert!((rate - 2.0).abs() < 1e-5 && error < 1e-5, "{rate} {error}");
}

/// Matrices that commute grow like the better of their two eigenvalues.
#[test]
fn commuting_matrices_have_the_larger_exponent_of_one_dimension() {
    let (sin, cos) = 0.7_f64.sin_cos();
    let turned =
        |p: f64, q: f64| (p * cos * cos + q * sin * sin, (p - q) * cos * sin, p * sin * sin + q * cos * cos);
    let list = [turned(1.0, 0.2), turned(-1.2, 0.5), turned(0.4, 0.9)];
    for rate in [0.3, 0.8, 1.5] {
        let mean =
            |values: [f64; 3]| values.map(|h: f64| (1.0 - rate * h).abs().ln()).iter().sum::<f64>() / 3.0;
        let want = mean([1.0, -1.2, 0.4]).max(mean([0.2, 0.5, 0.9]));
        let found = top_exponent(&list, 1.0, rate, 128);
        assert!((found - want).abs() < 1e-3, "{rate}: {found} {want}");
    }
}

/// A long product with weight decay, to four standard errors of its replicas.
#[test]
fn a_long_product_grows_at_the_same_rate() {
    let list: Vec<Symmetric> = (0..7)
        .map(|i| {
            let x = f64::from(i);
            ((1.3 * x).sin() + 0.4, (2.1 * x).cos(), (0.7 * x + 1.0).sin() + 0.7)
        })
        .collect();
    for (offset, rate) in [(1.0, 0.3), (0.9, 0.8), (1.0, 1.7)] {
        let rates: Vec<f64> = (0..32_u64)
            .map(|replica| {
                let (mut v, mut sum, mut state) = ([0.6, 0.8], 0.0, 77 + replica);
                for step in 0..40_500 {
                    state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    let (a, b, c) = list[(state >> 33) as usize % 7];
                    v = [
                        offset * v[0] - rate * (a * v[0] + b * v[1]),
                        offset * v[1] - rate * (b * v[0] + c * v[1]),
                    ];
                    let size = v[0].hypot(v[1]);
                    v = [v[0] / size, v[1] / size];
                    sum += if step < 500 { 0.0 } else { size.ln() };
                }
                sum / 40_000.0
            })
            .collect();
        let mean = rates.iter().sum::<f64>() / 32.0;
        let error = (rates.iter().map(|rate| (rate - mean).powi(2)).sum::<f64>() / 31.0 / 32.0).sqrt();
        let found = top_exponent(&list, offset, rate, 128);
        assert!((found - mean).abs() < 4.0 * error + 2e-4, "{rate}: {found}, {mean} ± {error}");
    }
}

#[test]
fn there_is_no_rate_where_the_sign_does_not_change() {
    // one eigenvalue is 0 always: that direction never dies
    assert_eq!(critical_rate(&[(1.0, 0.0, 0.0), (0.5, 0.0, 0.0)], 0.0, 0.5), None);
    // unstable from the start
    assert_eq!(critical_rate(&sphere(100), 0.0, 2.2), None);
}

/// The fine grid's correction goes the right way: its exponent is 0 at the rate, though the coarse one's is not.
#[test]
fn the_rate_is_that_of_the_fine_grid() {
    let list = [(1.8, 0.3, 0.2), (0.1, 0.5, 2.6), (0.6, -0.4, 0.4)];
    let (rate, error) = critical_rate(&list, 0.05, 0.3).unwrap();
    let at = |nodes: usize| top_exponent(&list, 1.0 - 0.05 * rate, rate, nodes).abs();
    assert!(at(192) < 0.05 * at(128) && at(128) > 1e-6, "{rate}: {} {}", at(128), at(192));
    assert!(error > 0.0 && error < 0.01 * rate, "{error}");
}

/// Interrupted after every exponent, a search asks for no more of them and ends at the same bits.
#[test]
fn an_interrupted_search_ends_where_another_does() {
    let list = [(1.8, 0.3, 0.2), (0.1, 0.5, 2.6), (0.6, -0.4, 0.4)];
    let (mut whole, mut values) = (Vec::new(), Vec::new());
    let wanted = Search::new(&list, 0.05, 0.3).advance(&mut whole, f64::INFINITY).unwrap();
    assert_eq!(Some(wanted), critical_rate(&list, 0.05, 0.3));
    let found = loop {
        let before = values.len();
        match Search::new(&list, 0.05, 0.3).advance(&mut values, 1.0) {
            Ok(found) => break found,
            Err(NoRate::Absent) => panic!("there is one"),
            Err(NoRate::Unfinished) => assert_eq!(values.len(), before + 1),
        }
    };
    assert_eq!((found, &values), (wanted, &whole));
    assert_eq!(Search::new(&list, 0.05, 0.3).advance(&mut values, 0.0), Ok(wanted), "nothing is left to do");
    assert_eq!(
        Search::new(&sphere(100), 0.0, 2.2).advance(&mut Vec::new(), f64::INFINITY),
        Err(NoRate::Absent)
    );
}
