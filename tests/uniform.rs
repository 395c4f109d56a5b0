//! Uniform batch means against routes that share no function with the source.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use rand::SeedableRng;
use rand_distr::{Distribution, Uniform};
use rand_xoshiro::Xoshiro256PlusPlus;
use saddlescope::core::curvature::{BatchLaw, Law};

fn law(low: f64, high: f64, batch: u32) -> BatchLaw {
    Law::uniform(low, high).unwrap().batch(batch)
}

fn near(found: f64, expected: f64, tolerance: f64, what: &str) {
    let error = (found - expected).abs();
    assert!(
        error <= tolerance * expected.abs().max(1.0),
        "{what}: {found} against {expected}, {error:e} off"
    );
}

/// `E log|t − U|` with `U` the sum of `S` draws on `[−½, ½]`: the alternating sum of theory.md. The terms cancel: the error
/// is about `ε (t+S/2)^S 2^S/S!`.
fn alternating(t: f64, batch: u32) -> f64 {
    let s = f64::from(batch);
    let harmonic: f64 = (1..=batch).map(|k| 1.0 / f64::from(k)).sum();
    let factorial: f64 = (1..=batch).map(f64::from).product();
    let (mut total, mut binomial) = (0.0, 1.0);
    for k in 0..=batch {
        let x = t + 0.5 * s - f64::from(k);
        if x != 0.0 {
            let sign = if k % 2 == 0 { 1.0 } else { -1.0 };
            total += sign * binomial * x.powi(batch.cast_signed()) * (x.abs().ln() - harmonic) / factorial;
        }
        binomial *= (s - f64::from(k)) / (f64::from(k) + 1.0);
    }
    total
}

/// The same by the characteristic function: `∫₀^∞ [e^{−τ} − cos(tτ) sinc(τ/2)^S] dτ/τ`, Simpson's rule on a fine grid.
fn fourier(t: f64, batch: u32) -> f64 {
    let f = |tau: f64| {
        if tau == 0.0 {
            return -1.0; // e^{−τ} − 1 over τ
        }
        let half = 0.5 * tau;
        ((-tau).exp() - (t * tau).cos() * (half.sin() / half).powi(batch.cast_signed())) / tau
    };
    // sinc^S leaves less than (2/τ)^S beyond the end; e^{−τ} needs τ = 40
    let end = (2.0 * 1e15_f64.powf(1.0 / f64::from(batch))).max(40.0);
    let steps = 2 * (end * 400.0 * (1.0 + t / 4.0 + f64::from(batch) / 50.0)) as usize;
    let h = end / steps as f64;
    let mut sum = f(0.0) + f(end);
    for i in 1..steps {
        sum += f(h * i as f64) * if i % 2 == 1 { 4.0 } else { 2.0 };
    }
    sum * h / 3.0
}

#[test]
fn one_draw_is_the_elementary_integral() {
    for (low, high, lr) in
        [(-1.0_f64, 2.0, 0.3), (-1.0, 2.0, 0.5), (-1.0, 2.0, 3.0), (0.2, 0.9, 1.0), (-3.0, -1.0, 0.7)]
    {
        let antiderivative = |x: f64| if x == 0.0 { 0.0 } else { x * x.abs().ln() - x };
        let (a, b) = (1.0 - lr * high, 1.0 - lr * low);
        let expected = (antiderivative(b) - antiderivative(a)) / (b - a);
        near(law(low, high, 1).exponent(1.0, -lr).value, expected, 1e-14, "S = 1");
    }
}

#[test]
fn up_to_six_draws_agree_with_the_alternating_sum() {
    for batch in 1..=6 {
        let s = f64::from(batch);
        let l = law(-0.5 * s, 0.5 * s, batch); // ĥ = U
        for i in 0..=400 {
            let t = f64::from(i) * 0.01;
            let exact = alternating(t, batch);
            near(l.exponent(t, 1.0).value, exact, 4e-13, &format!("S = {batch}, t = {t}"));
            near(l.exponent(-t, -1.0).value, exact, 4e-13, "both signs");
        }
    }
}

#[test]
fn larger_batches_agree_with_the_characteristic_function() {
    for batch in [7, 8, 15, 16, 19, 20, 21, 47, 48, 49, 64, 100, 400] {
        let s = f64::from(batch);
        let l = law(-0.5 * s, 0.5 * s, batch);
        for t in [0.0, 0.013, 0.25, 0.5, 0.97, 1.0, 1.5, 2.2, 3.0, 4.7, 9.3, 21.0, 60.0] {
            near(l.exponent(t, 1.0).value, fourier(t, batch), 1e-12, &format!("S = {batch}, t = {t}"));
        }
    }
}

/// Outside the support: `∫₀^∞ (e^{−τ} − E e^{−τ|X|}) dτ/τ`, nothing oscillates. `τ = e^y`, trapezoids.
#[test]
fn outside_the_support_the_laplace_integral_agrees() {
    for batch in [2, 7, 16, 64] {
        for (low, high, lr) in [(0.1, 0.9, 0.8), (-2.0, 0.5, 1.5), (0.99, 1.01, 0.5)] {
            let laplace = |tau: f64| {
                let (a, b) = (1.0 - lr * high, 1.0 - lr * low);
                // E e^{−τX} = [e^{−τc/S} sinh(τw/2S)/(τw/2S)]^S
                let half = 0.5 * tau * (b - a) / f64::from(batch);
                let log =
                    if half < 1e-8 { 0.0 } else { (-(-2.0 * half).exp_m1()).ln() + half - (2.0 * half).ln() };
                (f64::from(batch) * log - tau * 0.5 * (a + b)).exp()
            };
            let h = 1.0 / 64.0;
            let sum: f64 = (-50 * 64..8 * 64)
                .map(|i| {
                    let tau = (f64::from(i) * h).exp();
                    (-tau).exp() - laplace(tau)
                })
                .sum();
            let found = law(low, high, batch).exponent(1.0, -lr).value;
            near(found, sum * h, 1e-11, &format!("S = {batch} on [{low}, {high}], λ = {lr}"));
        }
    }
}

#[test]
fn four_thousand_draws_are_almost_normal() {
    for batch in [1024, 4096] {
        let width = (12.0 * f64::from(batch)).sqrt(); // Var ĥ = 1
        let l = law(-0.5 * width, 0.5 * width, batch);
        let normal = Law::gaussian(0.0, 1.0).unwrap().batch(1);
        for m in [0.0, 0.3, 1.0, 2.0, 5.0, 11.0] {
            // excess kurtosis −6/(5S): E log changes by (−6/5S)/24 · d⁴F/dm⁴, by central differences
            let f = |x: f64| normal.exponent(x, 1.0).value;
            let d = 0.05;
            let fourth =
                (f(m + 2.0 * d) - 4.0 * f(m + d) + 6.0 * f(m) - 4.0 * f(m - d) + f(m - 2.0 * d)) / d.powi(4);
            let expected = f(m) - 1.2 / f64::from(batch) / 24.0 * fourth;
            near(
                l.exponent(m, 1.0).value,
                expected,
                4.0 / f64::from(batch).powi(2),
                &format!("S = {batch}, m = {m}"),
            );
        }
    }
}

#[test]
fn sampled_means_agree_within_four_standard_errors() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(20260301);
    for (low, high, batch, lr) in
        [(-1.0, 2.0, 1, 1.2), (-1.0, 2.0, 3, 0.9), (-0.5, 1.0, 9, 4.0), (-3.0, 1.0, 40, 1.1)]
    {
        let draw = Uniform::new(low, high).unwrap();
        let n = 200_000;
        let logs: Vec<f64> = (0..n)
            .map(|_| {
                let sum: f64 = (0..batch).map(|_| draw.sample(&mut random)).sum();
                (1.0 - lr * sum / f64::from(batch)).abs().ln()
            })
            .collect();
        let l = law(low, high, batch);
        let mean = logs.iter().sum::<f64>() / f64::from(n);
        let moments = |p: i32| logs.iter().map(|x| (x - mean).powi(p)).sum::<f64>() / f64::from(n);
        let (variance, third, fourth, sixth) = (moments(2), moments(3), moments(4), moments(6));
        let within = |found: f64, expected: f64, error: f64, what: &str| {
            assert!(
                (found - expected).abs() < 4.0 * error,
                "{what}, S = {batch}: {found} against {expected} ± {error}"
            );
        };
        within(l.exponent(1.0, -lr).value, mean, (variance / f64::from(n)).sqrt(), "Λ");
        let error = ((fourth - variance * variance) / f64::from(n)).sqrt();
        within(l.log_variance(1.0, -lr).value, variance, error, "Var log|X|");
        // the sample's third central moment, with the spread of its mean
        let spread = sixth - third * third - 6.0 * variance * fourth + 9.0 * variance.powi(3);
        within(l.log_third_cumulant(1.0, -lr).value, third, (spread / f64::from(n)).sqrt(), "third cumulant");
        for p in [-0.3, 0.5, 3.0] {
            let powers: Vec<f64> = logs.iter().map(|x| (p * x).exp()).collect();
            let average = powers.iter().sum::<f64>() / f64::from(n);
            let spread = powers.iter().map(|x| (x - average).powi(2)).sum::<f64>() / f64::from(n);
            let found = l.log_moment(1.0, -lr, p).value.exp();
            within(found, average, (spread / f64::from(n)).sqrt(), "E|X|^p");
        }
    }
}

#[test]
fn moments_agree_with_closed_forms() {
    // S = 1: ∫|x|^p dx
    let (low, high, lr) = (-1.0_f64, 2.0, 0.8);
    for p in [-0.9, -0.5, 1e-6, 0.01, 0.3, 1.0, 2.5, 40.0, 700.0] {
        let part = |x: f64| x.abs().powf(p + 1.0) * x.signum() / (p + 1.0);
        let (a, b) = (1.0 - lr * high, 1.0 - lr * low);
        let expected = ((part(b) - part(a)) / (b - a)).ln();
        let found = law(low, high, 1).log_moment(1.0, -lr, p).value;
        near(found, expected, 1e-12, &format!("p = {p}"));
    }
    // even orders for every S by cumulants
    for batch in [1, 2, 5, 17, 47, 48, 64, 333, 4096] {
        let l = law(-1.0, 2.0, batch);
        for lr in [0.1, 0.8, 2.0, 9.0] {
            let n = f64::from(batch);
            let (m, v) = (1.0 - lr * 0.5, lr * lr * 0.75 / n);
            let fourth = -lr.powi(4) * 81.0 / (120.0 * n.powi(3)); // fourth cumulant −w⁴/120 a draw
            near(l.log_moment(1.0, -lr, 2.0).value, l.second_moment(1.0, -lr).ln(), 1e-12, "p = 2");
            let exact = m.powi(4) + 6.0 * m * m * v + 3.0 * v * v + fourth;
            near(
                l.log_moment(1.0, -lr, 4.0).value,
                exact.ln(),
                1e-12,
                &format!("p = 4, S = {batch}, λ = {lr}"),
            );
        }
    }
}

#[test]
fn small_orders_have_the_slope_and_curvature_of_the_logarithm() {
    for batch in [1, 2, 30, 64] {
        let l = law(-1.0, 2.0, batch);
        for lr in [0.4, 0.8, 2.5] {
            let (mean, variance) = (l.exponent(1.0, -lr).value, l.log_variance(1.0, -lr).value);
            let g = |p: f64| l.log_moment(1.0, -lr, p).value;
            near(g(1e-9) / 1e-9, mean, 2e-8, "g′(0)");
            let p = 1e-4;
            near((g(p) + g(-p)) / (p * p), variance, 1e-5 * variance.max(1.0), "g″(0)");
        }
    }
}

/// One draw, `log|X|` of `X` even on `[−b, b]`: `log b − E` with `E` exponential, so `κ₃ = −2`; on `[0, b]` the same. And
/// `S = 2` symmetric about 0: `∫₀¹ 2(1−v) (log v)ᵏ dv`, moments `−3/2`, `7/2`, `−45/4`.
#[test]
fn third_cumulants_have_closed_forms() {
    near(law(-1.0, 1.0, 1).log_third_cumulant(0.0, 1.0).value, -2.0, 1e-12, "even");
    near(law(0.0, 5.0, 1).log_third_cumulant(0.0, -0.3).value, -2.0, 1e-12, "one-sided");
    let (a, b, c) = (-1.5, 3.5, -11.25);
    near(
        law(-1.0, 1.0, 2).log_third_cumulant(0.0, 1.0).value,
        c - 3.0 * a * b + 2.0 * a * a * a,
        1e-12,
        "triangle",
    );
    for batch in [3, 20, 64] {
        let l = law(-1.0, 2.0, batch);
        for lr in [0.4, 0.8, 2.5] {
            // third difference of the log-moment, extrapolated twice
            let g = |p: f64| l.log_moment(1.0, -lr, p).value;
            let d = |h: f64| (g(2.0 * h) - 2.0 * g(h) + 2.0 * g(-h) - g(-2.0 * h)) / (2.0 * h.powi(3));
            let (x, y, z) = (d(0.04), d(0.02), d(0.01));
            let (x, y) = ((4.0 * y - x) / 3.0, (4.0 * z - y) / 3.0);
            let expected = (16.0 * y - x) / 15.0;
            near(l.log_third_cumulant(1.0, -lr).value, expected, 1e-5, "differences");
        }
    }
}

#[test]
fn limits_have_their_values() {
    let constant = law(1.25, 1.25, 7);
    assert_eq!(constant.exponent(1.0, -0.8).value, f64::NEG_INFINITY);
    near(constant.exponent(1.0, -0.4).value, 0.5_f64.ln(), 1e-15, "width 0");
    assert_eq!(constant.log_variance(1.0, -0.4).value, 0.0);
    assert!(constant.log_third_cumulant(1.0, -0.8).value.is_nan());
    near(constant.log_moment(1.0, -0.4, 3.0).value, 3.0 * 0.5_f64.ln(), 1e-15, "width 0");
    let wide = law(-1.0, 1.0, 5);
    assert_eq!(wide.exponent(1.0, 0.0).value, 0.0);
    assert_eq!(wide.exponent(0.0, 0.0).value, f64::NEG_INFINITY);
    assert!(wide.exponent(1.0, 1e-300).value.abs() < 1e-15);
    assert!(wide.exponent(0.0, 1e-300).value.is_finite());
    assert_eq!(wide.log_moment(0.0, 1.0, -1.0).value, f64::INFINITY);
    near(wide.log_moment(10.0, 1.0, -1.5).value, -1.5 * 10.0_f64.ln(), 3e-3, "p < −1 outside the support");
    let tiny = law(1.0 - 1e-9, 1.0 + 1e-9, 3); // X within 1e-9 of 0
    assert!((tiny.exponent(1.0, -1.0).value - (1e-9_f64.ln() - 1.0)).abs() < 1.0);
}
