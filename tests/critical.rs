//! Critical rates against the reference values, theory.md's numbers, and sums written out here.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use proptest::prelude::*;
use saddlescope::core::critical::{
    Coverage, CriticalRate, CriticalRates, Direction, critical_rates, scanned_rates,
};
use saddlescope::core::curvature::Law;
use saddlescope::core::log_product::{Factor, LogProduct};

fn roots(found: &CriticalRates) -> Vec<f64> {
    assert_eq!(found.coverage, Coverage::Complete);
    let root = |rate: &CriticalRate| match rate {
        CriticalRate::Root(x) => *x,
        CriticalRate::Pole { .. } => panic!("a pole: {rate:?}"),
    };
    found.rates.iter().map(root).collect()
}

fn near(found: &[f64], expected: &[f64], relative: f64) {
    assert_eq!(found.len(), expected.len(), "{found:?} against {expected:?}");
    for (f, e) in found.iter().zip(expected) {
        assert!((f - e).abs() <= relative * e, "{found:?} against {expected:?}");
    }
}

fn two_values(values: [f64; 2], probs: [f64; 2]) -> Law {
    Law::discrete(values.to_vec(), probs.to_vec()).unwrap()
}

#[test]
fn reference_values() {
    let text = std::fs::read_to_string("tests/reference/exponents.json").unwrap();
    let file: serde_json::Value = serde_json::from_str(&text).unwrap();
    let list = |v: &serde_json::Value| -> Vec<f64> {
        v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
    };
    let mut count = 0;
    for case in file["critical_lr"].as_array().unwrap() {
        let law = match case.get("values") {
            Some(values) => Law::discrete(list(values), list(&case["probs"])).unwrap(),
            None => Law::gaussian(case["mean"].as_f64().unwrap(), case["std"].as_f64().unwrap()).unwrap(),
        };
        let batch = law.batch(case["batch"].as_u64().unwrap() as u32);
        near(&roots(&critical_rates(&batch, 0.0, -1.0, 1e-6, 100.0)), &list(&case["roots"]), 1e-12);
        // mirrored law, other sign: the same roots
        let mirrored = match &law {
            Law::Discrete { values, probs } => {
                Law::discrete(values.iter().map(|v| -v).collect(), probs.clone()).unwrap()
            }
            Law::Gaussian { mean, std } => Law::gaussian(-mean, *std).unwrap(),
            _ => unreachable!(),
        };
        let batch = mirrored.batch(case["batch"].as_u64().unwrap() as u32);
        near(&roots(&critical_rates(&batch, 0.0, 1.0, 1e-6, 100.0)), &list(&case["roots"]), 1e-12);
        count += 1;
    }
    assert_eq!(count, 4);
}

#[test]
fn a_larger_batch_closes_the_gaussian_window() {
    let law = Law::gaussian(-0.2, 1.0).unwrap();
    for batch in 1..=8 {
        let found = roots(&critical_rates(&law.batch(batch), 0.0, -1.0, 1e-4, 6.0));
        assert_eq!(found.len(), if batch <= 2 { 2 } else { 0 }, "S = {batch}: {found:?}");
    }
    near(&roots(&critical_rates(&law.batch(1), 0.0, -1.0, 1e-4, 6.0)), &[0.349157, 1.205752], 2e-6);
    // a range that holds only one of the two
    near(&roots(&critical_rates(&law.batch(1), 0.0, -1.0, 0.6, 6.0)), &[1.205752], 2e-6);
    near(&roots(&critical_rates(&law.batch(1), 0.0, -1.0, 1e-4, 0.6)), &[0.349157], 2e-6);
}

#[test]
fn the_minimum_that_mean_square_calls_unstable() {
    let law = two_values([0.1, 3.0], [0.9, 0.1]);
    let found = roots(&critical_rates(&law.batch(1), 0.0, -1.0, 1e-3, 50.0));
    // by hand: 0.9 ln|1 − 0.1λ| + 0.1 ln|1 − 3λ| = 0, bisected
    let f = |x: f64| 0.9 * (1.0 - 0.1 * x).abs().ln() + 0.1 * (1.0 - 3.0 * x).abs().ln();
    let (mut a, mut b) = (10.5, 20.0);
    for _ in 0..100 {
        let x = 0.5 * (a + b);
        if f(x) < 0.0 { a = x } else { b = x }
    }
    near(&found, &[a], 1e-13);
    assert!((a - 16.497).abs() < 5e-4);
}

#[test]
fn the_two_point_saddle_by_hand() {
    // {1, −1.2}: (1 − λ)(1 + 1.2λ) = ±1: λ = 1/6, and 1.2λ² − 0.2λ − 2 = 0
    let law = two_values([1.0, -1.2], [0.5, 0.5]);
    let last = (0.2 + (0.04_f64 + 9.6).sqrt()) / 2.4;
    near(&roots(&critical_rates(&law.batch(1), 0.0, -1.0, 1e-6, 10.0)), &[1.0 / 6.0, last], 1e-13);
    // no root at all where every draw expands
    let law = two_values([-1.0, -0.5], [0.5, 0.5]);
    assert!(roots(&critical_rates(&law.batch(3), 0.0, -1.0, 1e-6, 10.0)).is_empty());
    // h ∈ {1, −1}, S = 1: |1 − λ²| = 1, E h = 0: stable from the start
    let law = two_values([1.0, -1.0], [0.5, 0.5]);
    near(&roots(&critical_rates(&law.batch(1), 0.0, -1.0, 1e-6, 10.0)), &[2.0_f64.sqrt()], 1e-13);
    // a constant, with decay: |1 − λ(γ + h)| = 1
    for law in [
        Law::gaussian(0.5, 0.0).unwrap(),
        Law::uniform(0.5, 0.5).unwrap(),
        two_values([0.5, 0.5], [0.3, 0.7]),
    ] {
        near(&roots(&critical_rates(&law.batch(2), 0.3, -1.0, 1e-6, 10.0)), &[2.0 / 0.8], 1e-13);
    }
}

#[test]
fn a_small_first_root_keeps_its_relative_precision() {
    // two values, E h = −1e-6: ½ log(1 − λh₁) + ½ log(1 − λh₂) = 0 at λ = (h₁ + h₂)/(h₁h₂)
    let (a, b) = (1.0, -1.000002);
    let law = two_values([a, b], [0.5, 0.5]);
    let expected = (a + b) / (a * b);
    let found = roots(&critical_rates(&law.batch(1), 0.0, -1.0, 1e-9, 0.5));
    near(&found, &[expected], 1e-9);
}

#[test]
fn tongues_narrower_than_doubles_keep_their_width() {
    for (a, q) in [(0.25, 0.001), (0.25, 0.02), (0.4, 0.0005), (-0.5, 0.003)] {
        let law = Law::two_point(a, q).unwrap();
        let sign = if a > 0.0 { -1.0 } else { 1.0 };
        let pole = (1.0_f64 / a).abs();
        let found = critical_rates(&law.batch(1), 0.0, sign, 1e-3, 100.0);
        let pole_found = found.rates.iter().find_map(|r| match r {
            CriticalRate::Pole { at, log_half_width } => Some((*at, *log_half_width)),
            CriticalRate::Root(_) => None,
        });
        // q log(δ|a|) + (1−q) log|1 + sign/|a|| = 0
        let expected = pole.ln() - (1.0 - q) / q * (1.0 + sign * pole).abs().ln();
        let (at, log) = pole_found.unwrap_or_else(|| panic!("{found:?}"));
        assert!((at - pole).abs() < 1e-14 * pole);
        assert!((log - expected).abs() < 1e-9 * expected.abs(), "{log} against {expected}");
    }
    // wide enough for doubles: two roots
    let law = Law::two_point(0.25, 0.1).unwrap();
    let found = roots(&critical_rates(&law.batch(1), 0.0, -1.0, 3.0, 100.0));
    let width = 4.0 * 3.0_f64.powf(-9.0);
    assert!(((found[1] - found[0]) / (2.0 * width) - 1.0).abs() < 1e-3, "{found:?}");
}

#[test]
fn decay_adds_to_the_curvature_and_more_atoms_are_not_listed() {
    let law = Law::gaussian(-0.2, 1.0).unwrap().batch(1);
    let shifted = Law::gaussian(0.1, 1.0).unwrap().batch(1);
    let one = roots(&critical_rates(&law, 0.3, -1.0, 1e-4, 20.0));
    near(&one, &roots(&critical_rates(&shifted, 0.0, -1.0, 1e-4, 20.0)), 1e-11);
    assert_eq!(one.len(), 1);
    let sample = |n: usize| (0..n).map(|i| (i as f64 * 0.7).sin() + 0.1).collect::<Vec<f64>>();
    let batch = Law::empirical(sample(64)).unwrap().batch(1);
    let found = critical_rates(&batch, 0.0, -1.0, 1e-3, 100.0);
    assert_eq!(found.coverage, Coverage::Complete);
    assert!(!found.rates.is_empty());
    let batch = Law::empirical(sample(65)).unwrap().batch(1);
    let found = critical_rates(&batch, 0.0, -1.0, 1e-3, 100.0);
    assert_eq!((found.rates.len(), found.coverage), (0, Coverage::NotListed));
}

/// `Λ` of atoms, straight.
fn plain(values: &[f64], probs: &[f64], decay: f64, sign: f64, lr: f64) -> f64 {
    values.iter().zip(probs).map(|(h, p)| p * (1.0 - lr * decay + sign * lr * h).abs().ln()).sum()
}

/// Law of the mean of `batch` draws, by plain enumeration.
fn means(values: &[f64], probs: &[f64], batch: u32) -> (Vec<f64>, Vec<f64>) {
    let (mut v, mut p) = (vec![0.0], vec![1.0]);
    for _ in 0..batch {
        let sums = v.iter().flat_map(|a| values.iter().map(move |b| a + b)).collect();
        p = p.iter().flat_map(|a| probs.iter().map(move |b| a * b)).collect();
        v = sums;
    }
    (v.iter().map(|x| x / f64::from(batch)).collect(), p)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// `Λ(λ) < 0` exactly where an odd number of critical rates says so, on a dense grid.
    #[test]
    fn signs_between_the_rates_are_right(
        pairs in prop::collection::vec((-3.0f64..3.0, 0.01f64..1.0), 1..7),
        batch in 1u32..4, decay in prop::sample::select(vec![0.0, 0.05, 0.7]), sign in prop::sample::select(vec![-1.0, 1.0]),
    ) {
        let total: f64 = pairs.iter().map(|p| p.1).sum();
        let values: Vec<f64> = pairs.iter().map(|p| p.0).collect();
        let probs: Vec<f64> = pairs.iter().map(|p| p.1 / total).collect();
        let law = Law::discrete(values.clone(), probs.clone()).unwrap().batch(batch);
        prop_assume!(law.atoms().unwrap().0.len() <= 64);
        let found = critical_rates(&law, decay, sign, 1e-3, 60.0);
        prop_assert_eq!(found.coverage, Coverage::Complete);
        let (v, p) = means(&values, &probs, batch);
        let start = plain(&v, &p, decay, sign, 1e-3) < 0.0;
        let places: Vec<f64> = found.rates.iter().flat_map(|r| match r {
            CriticalRate::Root(x) => vec![*x],
            CriticalRate::Pole { at, .. } => vec![*at, *at],
        }).collect();
        prop_assert!(places.windows(2).all(|w| w[0] <= w[1]));
        for i in 0..4000 {
            let lr = 1e-3 * (6e4_f64).powf(f64::from(i) / 4000.0);
            let value = plain(&v, &p, decay, sign, lr);
            if value.abs() < 1e-9 { continue; }
            let crossed = places.iter().filter(|&&x| x < lr).count();
            prop_assert_eq!(value < 0.0, start ^ (crossed % 2 == 1), "λ = {}, Λ = {}, rates {:?}", lr, value, places);
        }
        for r in &found.rates {
            if let CriticalRate::Root(x) = r {
                // slope bound from the nearest factor
                let near = v.iter().map(|h| (1.0 - x * decay + sign * x * h).abs()).fold(1.0, f64::min);
                let value = plain(&v, &p, decay, sign, *x);
                // a root some ulps from its pole cannot be checked in this coordinate
                prop_assert!(near < 1e-13 || value.abs() < 1e-13 / near + 1e-12, "Λ({}) = {}, nearest factor {}", x, value, near);
            }
        }
    }

    /// The continuous rule against the scan.
    #[test]
    fn continuous_laws_agree_with_a_scan(
        mean in -1.5f64..1.5, spread in 0.05f64..3.0, batch in 1u32..12,
        decay in prop::sample::select(vec![0.0, 0.05, 0.7]), sign in prop::sample::select(vec![-1.0, 1.0]), uniform in any::<bool>(),
    ) {
        let law = if uniform { Law::uniform(mean - spread, mean + spread) } else { Law::gaussian(mean, spread) };
        let law = law.unwrap().batch(batch);
        let exact = roots(&critical_rates(&law, decay, sign, 1e-3, 60.0));
        let scan = scanned_rates(&Direction { law: &law, decay, sign }, 1e-3, 60.0, 4096);
        prop_assert_eq!(scan.coverage, Coverage::Resolution { points: 4096 });
        prop_assert_eq!(scan.rates.len(), exact.len(), "{:?} {:?}", scan, exact);
        for (a, b) in scan.rates.iter().zip(&exact) {
            let CriticalRate::Root(a) = a else { panic!() };
            prop_assert!((a - b).abs() < 1e-9 * b, "{} {}", a, b);
        }
    }

    /// Any line, also through negative values: signs between the ends of the stable intervals.
    #[test]
    fn sums_of_logarithms_have_the_right_signs(
        terms in prop::collection::vec((0.01f64..1.0, -3.0f64..3.0, -3.0f64..3.0), 1..9), low in -5.0f64..0.0, high in 0.1f64..5.0,
    ) {
        let sum = LogProduct::new(terms.iter().map(|&(weight, constant, slope)| Factor { weight, constant, slope }));
        let stable = sum.stable_intervals(low, high);
        for s in &stable {
            prop_assert!(s.from <= s.to && s.from >= low && s.to <= high && (s.poles > 0 || !s.from_root || !s.to_root));
            prop_assert_eq!(s.pole.is_some(), s.poles == 1);
        }
        for i in 0..3000 {
            let x = low + (high - low) * (f64::from(i) + 0.5) / 3000.0;
            let value: f64 = terms.iter().map(|t| t.0 * (t.1 + t.2 * x).abs().ln()).sum();
            if value.abs() > 1e-9 {
                prop_assert_eq!(value < 0.0, stable.iter().any(|s| s.from < x && x < s.to), "x = {}, {}", x, value);
            }
        }
    }
}

#[test]
fn the_teacher_has_one_root_or_a_window() {
    // E z = 0.3: Λ₋ (sign −1) turns positive once; Λ₊ has a window at large noise only
    for (noise, count) in [(0.5, 0), (4.0, 2)] {
        let law = Law::teacher(0.3, noise).unwrap().batch(1);
        assert_eq!(roots(&critical_rates(&law, 0.0, -1.0, 1e-3, 30.0)).len(), 1);
        let found = roots(&critical_rates(&law, 0.0, 1.0, 1e-3, 30.0));
        assert_eq!(found.len(), count, "σ = {noise}: {found:?}");
        for x in found {
            assert!(law.exponent(1.0, x).value.abs() < 1e-9);
        }
    }
}

#[test]
fn a_small_gaussian_root_agrees_with_the_series() {
    // Λ = −Σ λ^k E h^k/k, to eighth order, moments of N(−10⁻³, 1)
    let mean = -1e-3;
    let mut moments = vec![1.0, mean];
    for k in 2..9 {
        moments.push(mean * moments[k - 1] + (k - 1) as f64 * moments[k - 2]);
    }
    let series = |x: f64| -(1..9).map(|k| x.powi(k) * moments[k as usize] / f64::from(k)).sum::<f64>();
    let (mut a, mut b) = (1e-3, 3e-3);
    for _ in 0..100 {
        let x = 0.5 * (a + b);
        if series(x) > 0.0 { a = x } else { b = x }
    }
    let law = Law::gaussian(mean, 1.0).unwrap().batch(1);
    near(&roots(&critical_rates(&law, 0.0, -1.0, 1e-6, 0.1)), &[a], 1e-9);
}
