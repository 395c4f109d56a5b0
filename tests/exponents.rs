//! Exponents and log-moments against tabulated values, closed forms, and routes that share no code with
//! the crate: sums over all batches, composite quadrature, Monte Carlo with another library's samplers.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use rand::{RngExt, SeedableRng};
use saddlescope::core::curvature::{BatchLaw, Law};
use serde_json::Value;
use std::f64::consts::PI;

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

fn check_moments(law: &BatchLaw, case: &Value, lr: f64, tolerance: f64) {
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

/// A few laws of every kind, with batch sizes that take every branch.
fn zoo() -> Vec<(&'static str, BatchLaw)> {
    let three = || Law::discrete(vec![1.0, -0.7234567, 0.3123456789], vec![0.5, 0.2, 0.3]).unwrap();
    let data = || Law::empirical((0..200).map(|i| (f64::from(i) * 1.7).sin() * 2.0 + 0.1).collect()).unwrap();
    vec![
        ("two-point", Law::two_point(-0.9, 0.3).unwrap().batch(1)),
        ("two-point, 64", Law::two_point(-0.9, 0.3).unwrap().batch(64)),
        ("three values, 20", three().batch(20)),
        (
            "lattice, 50",
            Law::empirical((0..12).map(|i| f64::from(i) * 0.1 - 0.3).collect()).unwrap().batch(50),
        ),
        ("data", data().batch(1)),
        ("data, 30, grid", data().batch(30)),
        ("Gaussian", Law::gaussian(0.3, 1.1).unwrap().batch(1)),
        ("Gaussian, 300", Law::gaussian(-0.3, 1.1).unwrap().batch(300)),
        ("constant", Law::gaussian(0.3, 0.0).unwrap().batch(2)),
        ("uniform", Law::uniform(-1.0, 2.0).unwrap().batch(1)),
        ("uniform, 5", Law::uniform(-1.0, 2.0).unwrap().batch(5)),
        ("teacher", Law::teacher(0.3, 1.5).unwrap().batch(1)),
        ("teacher, 7", Law::teacher(-0.8, 0.2).unwrap().batch(7)),
        ("teacher without noise", Law::teacher(0.8, 0.0).unwrap().batch(3)),
    ]
}

const FACTORS: [(f64, f64); 6] =
    [(1.0, -0.4), (1.0, 0.7), (0.6, -2.9), (1.0, -1.0371), (-0.2, 0.9), (0.0, 0.37)];

// ---- closed forms ----

#[test]
fn the_two_point_law_is_an_average_of_two_logarithms() {
    for (a, q, lr, decay) in [(-0.9, 0.5, 0.8, 0.0), (2.5, 0.1, 0.3, 0.2), (0.0, 0.7, 1.9, 0.0)] {
        let law = Law::two_point(a, q).unwrap().batch(1);
        let m: f64 = 1.0 - lr * decay;
        let want = (1.0 - q) * (m + lr).abs().ln() + q * (m + lr * a).abs().ln();
        close(law.exponent(m, lr).value, want, 1e-14);
    }
}

#[test]
fn a_centred_gaussian_factor_has_the_moments_of_log_chi_square() {
    let law = Law::gaussian(1.0, 2.0).unwrap().batch(4); // X = 1 − ĥ ~ N(0, 1)
    let euler = 0.577_215_664_901_532_9;
    close(law.exponent(1.0, -1.0).value, -0.5 * (euler + 2f64.ln()), 1e-14);
    close(law.log_variance(1.0, -1.0).value, PI * PI / 8.0, 1e-14);
    close(law.log_third_cumulant(1.0, -1.0).value, -14.0 * 1.202_056_903_159_594_3 / 8.0, 1e-14);
    close(law.log_moment(1.0, -1.0, 1.0).value, 0.5 * (2.0 / PI).ln(), 1e-14);
    close(law.log_moment(1.0, -1.0, 4.0).value, 3f64.ln(), 1e-14);
}

#[test]
fn a_teacher_without_slope_is_a_product_of_two_normals() {
    // S = 1, m = 0: E log|cσ x ε| = log|cσ| − γ_E − log 2, and Var = 2·π²/8
    let law = Law::teacher(0.0, 3.0).unwrap().batch(1);
    close(law.exponent(0.0, -0.2).value, 0.6f64.ln() - 0.577_215_664_901_532_9 - 2f64.ln(), 1e-11);
    close(law.log_variance(0.0, -0.2).value, PI * PI / 4.0, 1e-10);
    close(law.log_third_cumulant(0.0, -0.2).value, -14.0 * 1.202_056_903_159_594_3 / 4.0, 1e-9);
}

#[test]
fn negative_moments_of_a_teacher_without_offset_are_closed() {
    // E|x|^p = 2^{p/2} Γ((1+p)/2)/√π
    let normal = |p: f64| 0.5 * p * 2f64.ln() + libm::lgamma(0.5 + 0.5 * p) - 0.5 * PI.ln();
    let (products, squares) =
        (Law::teacher(0.0, 3.0).unwrap().batch(1), Law::teacher(3.0, 0.0).unwrap().batch(1));
    for p in [-0.1, -0.3, -0.45] {
        close(products.log_moment(0.0, -0.2, p).value, p * 0.6f64.ln() + 2.0 * normal(p), 1e-10);
        close(squares.log_moment(0.0, -0.2, p).value, p * 0.6f64.ln() + normal(2.0 * p), 1e-10);
    }
    for p in [-0.5, -0.7, -0.95] {
        close(products.log_moment(0.0, -0.2, p).value, p * 0.6f64.ln() + 2.0 * normal(p), 1e-9);
        assert_eq!(squares.log_moment(0.0, -0.2, p).value, f64::INFINITY);
    }
    // X = 1 − 0.6 x² vanishes inside, without noise: E|X|^p for p = −½ by u = √(1/0.6) sin θ and cosh θ
    let got = squares.log_moment(1.0, -0.2, -0.5);
    let (steps, top) = (200_000, 3.0);
    let star = (1.0 / 0.6_f64).sqrt();
    let density = |u: f64| 2.0 / (2.0 * PI).sqrt() * (-0.5 * u * u).exp();
    let sum = |end: f64, f: &dyn Fn(f64) -> f64| {
        let h = end / f64::from(steps);
        (0..steps).map(|i| h * f(h * (f64::from(i) + 0.5))).sum::<f64>()
    };
    let want = star * (sum(PI / 2.0, &|t| density(star * t.sin())) + sum(top, &|t| density(star * t.cosh())));
    let off = (got.value - want.ln()).abs();
    assert!(off <= got.error && got.error < 1e-4, "{got:?}, want {}", want.ln());
}

#[test]
fn the_fourth_moment_of_a_gaussian_factor_is_closed() {
    for (mean, std) in [(0.3, 1.0), (0.02, 0.001), (-4.0, 0.7)] {
        let law = Law::gaussian(mean, std).unwrap().batch(1);
        for (m, c) in FACTORS {
            let (a, b) = (m + c * mean, (c * std) * (c * std));
            let want = (a.powi(4) + 6.0 * a * a * b + 3.0 * b * b).ln();
            close(law.log_moment(m, c, 4.0).value, want, 1e-13);
        }
    }
}

#[test]
fn large_batches_approach_their_mean() {
    // Λ → log|X̄| − Var X/2X̄², X̄ = m + c E h; what is left out is of order 1/S²
    for law in [
        Law::two_point(-0.9, 0.3).unwrap(),
        Law::gaussian(0.4, 0.8).unwrap(),
        Law::uniform(-1.0, 2.0).unwrap(),
        Law::teacher(0.5, 0.6).unwrap(),
        Law::empirical((0..64).map(|i| (f64::from(i) * 1.7).sin()).collect()).unwrap(),
        Law::empirical((0..64).map(|i| f64::from(i) * 0.03).collect()).unwrap(),
    ] {
        let batch = law.batch(4096);
        let centre = 1.0 + 0.5 * law.mean();
        let want = centre.ln() - 0.25 * law.variance() / 4096.0 / (2.0 * centre * centre);
        close(batch.exponent(1.0, 0.5).value, want, 2e-7);
        assert!((batch.exponent(1.0, 0.5).value - centre.ln()).abs() > 1e-6, "the correction is seen");
    }
}

// ---- where X = 0, and |X| = 1 ----

#[test]
fn landing_exactly_gives_minus_infinity_to_rounding() {
    let minus = f64::NEG_INFINITY;
    let law = Law::discrete(vec![1.0, 2.0], vec![0.5, 0.5]).unwrap();
    assert_eq!(law.batch(1).exponent(1.0, -1.0).value, minus);
    assert_eq!(law.batch(1).exponent(1.0, -0.5).value, minus);
    assert_eq!(law.batch(2).exponent(1.0, -1.0 / 1.5).value, minus);
    assert!(law.batch(1).exponent(1.0, -0.5 + 1e-13).value.is_finite());
    assert_eq!(law.batch(1).log_moment(1.0, -1.0, 2.0).value, -(2f64.ln()));
    assert_eq!(law.batch(1).log_variance(1.0, -1.0).value, f64::INFINITY);
    // 1 − 0.1·9.9 − 0.1·0.1 is 0 only in exact arithmetic; so is (0.1 + 0.2 − 0.3)/3
    assert_eq!(
        Law::discrete(vec![0.1], vec![1.0]).unwrap().batch(1).exponent(1.0 - 0.1 * 9.9, -0.1).value,
        minus
    );
    let cancelling = Law::empirical(vec![0.1, 0.2, -0.3]).unwrap().batch(3);
    assert_eq!(cancelling.exponent(0.0, 1.0).value, minus);
    assert_eq!(Law::gaussian(0.5, 0.0).unwrap().batch(3).exponent(1.0, -2.0).value, minus);
    assert_eq!(Law::teacher(0.0, 0.0).unwrap().batch(1).exponent(0.0, 1.0).value, minus);
    let mut one = [0.0];
    let nearly = Law::empirical(vec![0.3, 0.7]).unwrap().batch(1);
    let rate = 1.0 / 0.3 * (1.0 + f64::EPSILON);
    assert_ne!(1.0 - rate * 0.3, 0.0, "off by an ulp");
    nearly.exponents(&[(1.0, -rate)], &mut one);
    assert_eq!((one[0], nearly.exponent(1.0, -rate).value), (minus, minus));
    let mut many = [0.0; 3];
    law.batch(1).exponents(&[(1.0, -1.0), (1.0, -0.7), (1.0, -0.5)], &mut many);
    assert!(many[0] == minus && many[1].is_finite() && many[2] == minus);
}

#[test]
fn a_factor_of_size_one_is_neutral() {
    let law = Law::discrete(vec![0.0, 2.0], vec![0.25, 0.75]).unwrap().batch(1);
    assert_eq!(law.exponent(1.0, -1.0).value, 0.0);
    assert_eq!(law.log_variance(1.0, -1.0).value, 0.0);
    assert_eq!(law.log_moment(1.0, -1.0, 3.0).value, 0.0);
}

// ---- independent routes ----

#[test]
fn batch_laws_agree_with_the_sum_over_all_batches() {
    // every sequence of 6 draws from 3 values, one by one
    for (values, probs) in [
        (vec![1.0, -0.7234567, 0.3123456789], vec![0.5, 0.2, 0.3]), // multinomial
        (vec![0.3, -0.5, 0.1], vec![0.25, 0.25, 0.5]),              // lattice
        (vec![1.0, -1.2, 1.0], vec![0.25, 0.5, 0.25]),              // a duplicate
    ] {
        let law = Law::discrete(values.clone(), probs.clone()).unwrap().batch(6);
        for (m, c) in FACTORS.into_iter().filter(|f| f.0 != 0.0) {
            let (mut mean, mut power) = (0.0, 0.0);
            for sequence in 0..3_usize.pow(6) {
                let draws: Vec<usize> = (0..6).map(|i| sequence / 3_usize.pow(i) % 3).collect();
                let p: f64 = draws.iter().map(|&i| probs[i]).product();
                let x = (m + c * draws.iter().map(|&i| values[i]).sum::<f64>() / 6.0).abs();
                assert!(x > 1e-6, "no factor of this list lands");
                mean += p * x.ln();
                power += p * x.powf(1.7);
            }
            close(law.exponent(m, c).value, mean, 1e-12);
            close(law.log_moment(m, c, 1.7).value, power.ln(), 1e-12);
        }
    }
}

/// `∫ φ(z) f(m + s z) dz`: Simpson's rule in `v`, `z = z₀ ± v⁵` about the zero of the argument.
fn normal_average(m: f64, s: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (zero, n) = (-m / s, 40_000);
    let density = |z: f64| (-0.5 * z * z).exp() / (2.0 * PI).sqrt();
    let mut total = 0.0;
    for sign in [-1.0, 1.0] {
        let end = (10.0 + zero.abs()).powf(0.2);
        let h = end / f64::from(n);
        for i in 1..=n {
            let v = h * f64::from(i);
            let weight = if i == n {
                1.0
            } else if i % 2 == 1 {
                4.0
            } else {
                2.0
            } * h
                / 3.0;
            let t = sign * v.powi(5);
            total += weight * 5.0 * v.powi(4) * density(zero + t) * f(s * t);
        }
    }
    total
}

#[test]
fn gaussian_exponents_agree_with_simpsons_rule() {
    for kappa in [0.0_f64, 1e-3, 0.7, 5.0, 31.0, 59.0, 61.0, 99.0, 101.0, 150.0] {
        let (m, s) = (0.8 * kappa.sqrt(), 0.8);
        let law = Law::gaussian(m, s).unwrap().batch(1); // X = 0 + 1·h
        let mean = normal_average(m, s, |x| x.abs().ln());
        close(law.exponent(0.0, 1.0).value, mean, 1e-12);
        let variance = normal_average(m, s, |x| (x.abs().ln() - mean).powi(2));
        close(law.log_variance(0.0, 1.0).value, variance, 1e-11);
        let third = normal_average(m, s, |x| (x.abs().ln() - mean).powi(3));
        close(law.log_third_cumulant(0.0, 1.0).value, third, 1e-10);
        for p in [0.01, 0.3, 0.6, 1.0, 3.7] {
            let moment = normal_average(m, s, |x| (p * x.abs().ln()).exp_m1());
            close(law.log_moment(0.0, 1.0, p).value, moment.ln_1p(), 1e-11);
        }
    }
}

/// `e^x E₁(x)` for `x > 0`, and `−e^x Ei(−x)` with the principal value for `x < 0` read from the same series.
fn scaled_exponential_integral(x: f64) -> f64 {
    if x.abs() > 40.0 {
        let (mut term, mut sum, mut n) = (1.0 / x, 1.0 / x, 1.0);
        while n < x.abs() && f64::abs(term) > 1e-18 {
            term *= -n / x;
            sum += term;
            n += 1.0;
        }
        return sum;
    }
    if x > 1.0 {
        // continued fraction
        let mut tail = 0.0;
        for n in (1..400).rev() {
            let n = f64::from(n);
            tail = n / (1.0 + n / (x + tail));
        }
        return 1.0 / (x + tail);
    }
    let (mut term, mut sum) = (1.0, 0.0);
    for n in 1..400 {
        let n = f64::from(n);
        term *= -x / n;
        sum -= term / n;
    }
    x.exp() * (sum - 0.577_215_664_901_532_9 - x.abs().ln())
}

#[test]
fn teacher_exponents_agree_with_the_polar_route() {
    // x = r cos θ, ε = r sin θ, r² = 2w, w ~ Exp(1): h = 2w A(θ), A = cos θ (k cos θ + σ sin θ), and
    // E log|1 + a w| = e^{1/a} E₁(1/a); the average over θ by the trapezoid rule
    for (k, noise) in [(0.3, 1.5), (1.0, 0.4), (-0.6, 3.0)] {
        for (m, c) in [(1.0, -0.4), (1.0, 0.7), (0.6, -2.9), (-0.2, 0.9)] {
            let n = 40_000;
            let mean: f64 = (0..n)
                .map(|i| {
                    let (sin, cos) = (PI * (f64::from(i) + 0.5) / f64::from(n)).sin_cos();
                    scaled_exponential_integral(m / (2.0 * c * cos * (k * cos + noise * sin)))
                })
                .sum::<f64>()
                / f64::from(n);
            let law = Law::teacher(k, noise).unwrap().batch(1);
            close(law.exponent(m, c).value, f64::abs(m).ln() + mean, 1e-9);
        }
    }
}

#[test]
fn every_law_agrees_with_monte_carlo() {
    let n = 400_000;
    let cases: [(Law, u32); 6] = [
        (Law::discrete(vec![1.0, -0.7, 0.3], vec![0.5, 0.2, 0.3]).unwrap(), 5),
        (Law::gaussian(-0.2, 1.0).unwrap(), 2),
        (Law::teacher(0.3, 1.5).unwrap(), 1),
        (Law::teacher(-0.8, 0.2).unwrap(), 7),
        (Law::teacher(0.8, 0.0).unwrap(), 2),
        (Law::teacher(0.5, 30.0).unwrap(), 3),
    ];
    for (seed, (law, batch)) in cases.into_iter().enumerate() {
        let mut rng = rand::rngs::StdRng::seed_from_u64(seed as u64 + 1);
        let normal = rand_distr::StandardNormal;
        let mut draw = || -> f64 {
            match &law {
                Law::Discrete { values, probs } => {
                    let u: f64 = rng.random();
                    let mut sum = 0.0;
                    let i = probs.iter().position(|p| {
                        sum += p;
                        u < sum
                    });
                    values[i.unwrap_or(0)]
                }
                Law::Gaussian { mean, std } => mean + std * normal_draw(&mut rng, normal),
                Law::Teacher { slope, noise } => {
                    let x = normal_draw(&mut rng, normal);
                    x * (slope * x + noise * normal_draw(&mut rng, normal))
                }
                Law::Uniform { .. } => unreachable!(),
            }
        };
        let means: Vec<f64> =
            (0..n).map(|_| (0..batch).map(|_| draw()).sum::<f64>() / f64::from(batch)).collect();
        let exact = law.batch(batch);
        for (m, c) in [(1.0, -0.8), (0.7, 0.5)] {
            let check = |want: f64, f: &dyn Fn(f64) -> f64| {
                let sample: Vec<f64> = means.iter().map(|h| f((m + c * h).abs())).collect();
                let mean = sample.iter().sum::<f64>() / f64::from(n);
                let square = sample.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / f64::from(n - 1);
                let error = (square / f64::from(n)).sqrt();
                assert!(
                    (mean - want).abs() < 4.0 * error + 1e-12,
                    "{law:?} {batch}: {mean} ± {error}, want {want}"
                );
            };
            let exponent = exact.exponent(m, c).value;
            check(exponent, &f64::ln);
            check(exact.log_moment(m, c, 0.5).value.exp(), &f64::sqrt);
            check(exact.log_variance(m, c).value, &|x| (x.ln() - exponent).powi(2));
            check(exact.second_moment(m, c), &|x| x * x);
        }
    }
}

fn normal_draw(rng: &mut rand::rngs::StdRng, law: rand_distr::StandardNormal) -> f64 {
    rand_distr::Distribution::sample(&law, rng)
}

// ---- consistency ----

#[test]
fn many_at_once_agree_with_one_at_a_time() {
    for (name, law) in zoo() {
        let factors: Vec<(f64, f64)> = (0..150)
            .flat_map(|i| {
                let rate = 0.02 * (f64::from(i) + 0.5);
                [(1.0, rate), (1.0, -rate), (1.0 - 0.5 * rate, rate)]
            })
            .chain(FACTORS)
            .chain([(1.0, 0.0), (1e-9, 0.3), (1.0, 1e20), (1e30, 2e30), (3.0, 1e-20)])
            .collect();
        let mut many = vec![f64::NAN; factors.len()];
        law.exponents(&factors, &mut many);
        let tolerance = if matches!(law, BatchLaw::Grid(_)) { 1e-6 } else { 1e-10 };
        for (&(m, c), &got) in factors.iter().zip(&many) {
            let want = law.exponent(m, c).value;
            let near = got == want || (got - want).abs() <= tolerance * want.abs().max(1.0);
            assert!(near, "{name} at ({m}, {c}): {got} and {want}");
        }
    }
}

#[test]
fn data_sets_multiply_factors_to_full_accuracy() {
    let sample: Vec<f64> = (0..4096).map(|i| (f64::from(i) * 1.234).sin() * 3.0 + 0.3).collect();
    let law = Law::empirical(sample.clone()).unwrap().batch(1);
    let factors: Vec<(f64, f64)> =
        (0..21).map(|i| (1.0 - 0.01 * f64::from(i), 0.1 * f64::from(i) - 1.03)).collect();
    let mut out = vec![0.0; 21];
    law.exponents(&factors, &mut out);
    for (&(m, c), got) in factors.iter().zip(out) {
        let want = sample.iter().map(|h| (m + c * h).abs().ln()).sum::<f64>() / 4096.0;
        close(got, want, 1e-13);
    }
}
