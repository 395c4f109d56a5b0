//! The log-moment `g(p)`, its root, and the cumulants of `log|X|`: properties that hold for every law.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use saddlescope::core::curvature::{BatchLaw, Law};
use saddlescope::core::exponent::TailExponent;

#[track_caller]
fn close(got: f64, want: f64, tolerance: f64) {
    let near = got == want || (got - want).abs() <= tolerance * want.abs().max(1.0);
    assert!(near, "got {got:e}, want {want:e}, off by {:e}", got - want);
}

/// Laws of every kind at saddles and minima, and the accuracy promised for each.
fn laws() -> Vec<(BatchLaw, f64)> {
    let three = Law::discrete(vec![1.0, -0.7234567, 0.3123456789], vec![0.5, 0.2, 0.3]).unwrap();
    let data = Law::empirical((0..100).map(|i| (f64::from(i) * 1.7).sin() + 0.1).collect()).unwrap();
    vec![
        (Law::two_point(-1.2, 0.5).unwrap().batch(1), 1e-12),
        (three.batch(9), 1e-12),
        (data.batch(1), 1e-12),
        (Law::gaussian(-0.2, 1.0).unwrap().batch(1), 1e-12),
        (Law::gaussian(1.0, 0.05).unwrap().batch(1), 1e-12),
        (Law::gaussian(0.6, 2.0).unwrap().batch(90), 1e-12),
        (Law::uniform(-1.0, 2.0).unwrap().batch(1), 1e-10),
        (Law::uniform(-1.0, 2.0).unwrap().batch(9), 1e-10),
        (Law::teacher(0.3, 1.5).unwrap().batch(1), 1e-9),
        (Law::teacher(0.3, 0.0).unwrap().batch(4), 1e-9),
    ]
}

const RATES: [(f64, f64); 4] = [(1.0, -0.5), (1.0, 0.8), (0.9, -1.6), (1.0, -0.02)];

#[test]
fn the_second_moment_is_closed() {
    for (law, accuracy) in laws() {
        for (m, c) in RATES {
            close(law.log_moment(m, c, 2.0).value, law.second_moment(m, c).ln(), accuracy);
        }
    }
}

#[test]
fn the_log_moment_starts_at_zero_with_slope_and_curvature_of_the_cumulants() {
    for (law, accuracy) in laws() {
        for (m, c) in RATES {
            let g = |p: f64| law.log_moment(m, c, p).value;
            assert_eq!(g(0.0), 0.0);
            let h = 0.01;
            let (g1, g2, g3, g4) = (g(h), g(-h), g(2.0 * h), g(-2.0 * h));
            let (odd, even) = (accuracy / h, accuracy / (h * h));
            close((8.0 * (g1 - g2) - (g3 - g4)) / (12.0 * h), law.exponent(m, c).value, 1e-6 + odd);
            let second = (16.0 * (g1 + g2) - (g3 + g4)) / (12.0 * h * h);
            close(second, law.log_variance(m, c).value, 1e-5 + even);
            let third = (g3 - g4 - 2.0 * (g1 - g2)) / (2.0 * h * h * h);
            close(third, law.log_third_cumulant(m, c).value, 2e-2 + even / h);
        }
    }
}

#[test]
fn small_orders_keep_their_relative_precision() {
    // g(p) = pΛ + p² Var/2 + O(p³) to 1e-12 of p even where g ~ 1e-10
    for (law, _) in laws() {
        for (m, c) in RATES {
            let p = 1e-7;
            let (mean, variance) = (law.exponent(m, c).value, law.log_variance(m, c).value);
            let got = law.log_moment(m, c, p).value / p;
            assert!(
                (got - mean - 0.5 * p * variance).abs() < 1e-10 * mean.abs().max(1.0),
                "{law:?}: {got} {mean}"
            );
        }
    }
}

#[test]
fn the_log_moment_is_convex() {
    for (law, accuracy) in laws() {
        for (m, c) in RATES {
            let orders = [-0.4, -0.1, 0.0, 0.05, 0.3, 0.49, 0.51, 1.0, 1.7, 2.0, 3.0, 5.0, 9.0, 20.0, 60.0];
            let g: Vec<f64> = orders.iter().map(|&p| law.log_moment(m, c, p).value).collect();
            for i in 2..orders.len() {
                let before = (g[i - 1] - g[i - 2]) / (orders[i - 1] - orders[i - 2]);
                let after = (g[i] - g[i - 1]) / (orders[i] - orders[i - 1]);
                assert!(after >= before - 200.0 * accuracy, "{law:?} {m} {c} near p = {}", orders[i]);
            }
        }
    }
}

#[test]
fn the_tail_exponent_is_the_positive_root() {
    let mut roots = 0;
    for (law, _) in laws() {
        for (m, c) in RATES {
            let exponent = law.exponent(m, c).value;
            match law.tail_exponent(m, c) {
                TailExponent::None => assert!(exponent >= -1e-9, "{law:?}"),
                TailExponent::Finite(p) => {
                    roots += 1;
                    assert!(exponent < 0.0);
                    let g = |p: f64| law.log_moment(m, c, p).value;
                    assert!(g(0.999 * p) < 0.0 && g(1.001 * p) > 0.0, "{law:?} {m} {c} {p}");
                    close(g(p), 0.0, 1e-9);
                }
                TailExponent::Above(p) => assert!(law.log_moment(m, c, p).value <= 0.0),
                TailExponent::Infinite => assert!(law.largest_factor(m, c) <= 1.0 + 1e-15),
            }
        }
    }
    assert!(roots >= 10, "only {roots} roots");
}

#[test]
fn the_tail_exponent_of_two_values_is_known() {
    // X ∈ {2, 1/4} evenly: 2^p + 4^{−p} = 2 has the root 2^p = golden ratio
    let law = Law::discrete(vec![1.0, -0.75], vec![0.5, 0.5]).unwrap().batch(1);
    let golden = f64::midpoint(1.0, 5f64.sqrt());
    match law.tail_exponent(1.0, 1.0) {
        TailExponent::Finite(p) => close(p, golden.log2(), 1e-13),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_tail_exponent_has_its_four_cases() {
    let two = |a: f64| Law::two_point(a, 0.5).unwrap().batch(1);
    assert_eq!(two(-0.5).tail_exponent(1.0, 0.1), TailExponent::None); // Λ > 0
    assert_eq!(two(0.5).tail_exponent(1.0, -1.0), TailExponent::Infinite);
    let shrinking = Law::discrete(vec![0.0, 1.0], vec![0.5, 0.5]).unwrap().batch(1);
    assert_eq!(shrinking.tail_exponent(1.0, -0.5), TailExponent::Infinite); // |X| reaches 1, not beyond
    assert_eq!(shrinking.tail_exponent(1.0, -1.0), TailExponent::Infinite); // and with Λ = −∞
    let neutral = Law::discrete(vec![0.0, 2.0], vec![0.5, 0.5]).unwrap().batch(1);
    assert_eq!(neutral.tail_exponent(1.0, -1.0), TailExponent::None); // |X| = 1 always
    let slow = Law::discrete(vec![1.0, -1e-6], vec![0.5, 0.5]).unwrap().batch(1);
    assert!(matches!(slow.tail_exponent(1.0, -0.5), TailExponent::Above(_)));
    let landing = Law::discrete(vec![1.0, -2.0], vec![0.5, 0.5]).unwrap().batch(1);
    match landing.tail_exponent(1.0, -1.0) {
        TailExponent::Finite(p) => close(p, 2f64.ln() / 3f64.ln(), 1e-12), // ½ 3^p = 1
        other => panic!("{other:?}"),
    }
}

#[test]
fn tiny_exponents_have_tiny_tail_exponents() {
    // just inside a critical rate p* ≈ −2Λ/Var log|X|
    let law = Law::gaussian(-0.2, 1.0).unwrap().batch(1);
    let (m, c) = (1.0, -0.349_160);
    let (mean, variance) = (law.exponent(m, c).value, law.log_variance(m, c).value);
    assert!(mean < 0.0 && mean > -1e-6);
    match law.tail_exponent(m, c) {
        TailExponent::Finite(p) => assert!((p / (-2.0 * mean / variance) - 1.0).abs() < 1e-4, "{p}"),
        other => panic!("{other:?}"),
    }
}

/// `∫ f(|x|) density(x) dx` by the trapezoidal rule in `y = ln|x|`.
fn over(density: impl Fn(f64) -> f64, f: impl Fn(f64) -> f64) -> f64 {
    let step = 1e-3;
    (-36_000..6_000)
        .map(|i| (f64::from(i) * step).exp())
        .map(|x| step * x * (density(x) + density(-x)) * f(x))
        .sum()
}

fn normal(x: f64, mean: f64, std: f64) -> f64 {
    (-0.5 * ((x - mean) / std).powi(2)).exp() / (std * (2.0 * std::f64::consts::PI).sqrt())
}

/// E|X|^p* = 1 by quadrature written here, which shares nothing with the log-moment: p* of each law with a density.
#[test]
fn the_tail_exponent_by_another_route() {
    let root = |law: &Law, lr: f64| match law.batch(1).tail_exponent(1.0, -lr) {
        TailExponent::Finite(p) => p,
        other => panic!("{other:?}"),
    };
    for (mean, std, lr) in [(-0.2, 1.0, 0.5), (-0.2, 1.0, 1.0), (0.3, 1.0, 1.0), (0.5, 0.5, 2.5)] {
        let p = root(&Law::gaussian(mean, std).unwrap(), lr);
        close(over(|x| normal(x, 1.0 - lr * mean, lr * std), |x| x.powf(p)), 1.0, 1e-9);
    }
    for (low, high, lr) in [(-1.4, 1.0, 1.0), (-1.0, 2.0, 0.9), (0.1, 3.0, 0.9)] {
        let p = root(&Law::uniform(low, high).unwrap(), lr);
        let integral = |x: f64| x * x.abs().powf(p) / (p + 1.0);
        close((integral(1.0 - lr * low) - integral(1.0 - lr * high)) / (lr * (high - low)), 1.0, 1e-9);
    }
    // given x, h = x(kx + σε) is normal; the outer mean over x by the same rule (both signs of x give the same)
    for (slope, noise, lr) in [(0.2, 1.0, 0.8), (0.3, 3.9, 0.15)] {
        let p = root(&Law::teacher(slope, noise).unwrap(), lr);
        let inner = |x: f64| {
            let (mean, std) = (1.0 - lr * slope * x * x, lr * noise * x);
            // |m + s z|^p over z, in steps of z
            let step = 0.01;
            (-1000..=1000)
                .map(|i| f64::from(i) * step)
                .map(|z| step * normal(z, 0.0, 1.0) * (mean + std * z).abs().powf(p))
                .sum::<f64>()
        };
        let step = 0.01;
        let mean: f64 =
            (1..900).map(|i| f64::from(i) * step).map(|x| 2.0 * step * normal(x, 0.0, 1.0) * inner(x)).sum();
        // the kink of |x|^p costs the inner rule some 1e-5; x = 0 is half a step of mass 1
        close(mean + step * normal(0.0, 0.0, 1.0), 1.0, 1e-4);
    }
}
