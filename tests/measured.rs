//! Intervals of the exponent from measured values: how often they hold the true one, and what cannot be said.

// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use saddlescope::core::curvature::Law;
use saddlescope::core::data_set::DataSet;
use saddlescope::core::measured::{Band, MANY, Measured, MeasuredError, Sign};

/// Draws of the law as a data set.
fn sample(law: &Law, count: usize, seed: u64) -> Vec<f64> {
    match DataSet::draw(law, count, seed).law().unwrap() {
        Law::Discrete { values, .. } => values,
        _ => Vec::new(),
    }
}

/// The 95 % interval at λ = ½.
fn band(values: Vec<f64>, batch: u32) -> Band {
    let measured = Measured::new(values).unwrap();
    measured.intervals(batch).unwrap().band(0.5, 0.0, 0.05)
}

/// 95 % intervals hold the exact exponent in at least 87 % of 200 runs (at 95 % one in 10⁵ series of runs falls below).
#[test]
fn intervals_hold_the_exponent() {
    let law = Law::gaussian(-0.2, 1.0).unwrap();
    for (count, batch) in [(100, 1), (400, 1), (100, 2), (MANY, 1), (20_000, 3)] {
        let exact = law.batch(batch).exponent(1.0, -0.5).value;
        let held = (0..200)
            .filter(|seed| {
                let band = band(sample(&law, count, 1 + seed), batch);
                band.low <= exact && exact <= band.high
            })
            .count();
        assert!((174..=200).contains(&held), "N = {count}, S = {batch}: {held} of 200");
        assert!(held < 200, "N = {count}, S = {batch}: an interval that always holds says nothing");
    }
}

#[test]
fn too_few_values_and_bad_ones_are_named() {
    assert_eq!(Measured::new(vec![1.0; 49]).err(), Some(MeasuredError::TooFew { count: 49 }));
    let mut values = vec![1.0; 60];
    values[16] = f64::INFINITY;
    assert_eq!(Measured::new(values).err(), Some(MeasuredError::Value { place: 17, value: f64::INFINITY }));
}

/// From groups of sixteen: the mean is that of all logarithms, and half the width 1.96 s/√N as if they were taken one by one.
#[test]
fn very_many_values_have_the_interval_of_their_logarithms() {
    let law = Law::gaussian(-0.2, 1.0).unwrap();
    for count in [MANY, MANY + 127] {
        let values = sample(&law, count, 7);
        let logs: Vec<f64> = values.iter().map(|h| (1.0 - 0.5 * h).abs().ln()).collect();
        let mean = logs.iter().sum::<f64>() / count as f64;
        let variance = logs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count as f64;
        let found = band(values, 1);
        assert!((found.value - mean).abs() < 1e-12, "{} {mean}", found.value);
        // 4,096 groups: the width scatters by 1.1 %
        let ratio = (found.high - found.value) / (1.96 * (variance / count as f64).sqrt());
        assert!((ratio - 1.0).abs() < 0.05 && ratio != 1.0, "{ratio}");
        assert_eq!(found.landed, 0);
    }
}

#[test]
fn values_that_land_are_found_among_very_many() {
    let mut values = sample(&Law::gaussian(-0.2, 1.0).unwrap(), MANY + 5, 7);
    for place in [3, MANY + 4] {
        values[place] = 2.0;
        let found = band(values.clone(), 1);
        assert_eq!((found.landed, found.value), (if place == 3 { 1 } else { 2 }, f64::NEG_INFINITY));
        assert!(found.low == f64::NEG_INFINITY && found.high.is_finite());
    }
    // Products of sixteen such factors leave the doubles.
    let far = band(values.iter().map(|h| if *h == 2.0 { 0.0 } else { h * 1e30 }).collect(), 1);
    assert!((far.value - 1e30_f64.ln()).abs() < 5.0, "{}", far.value);
}

/// Every value on the pole: every run lands with its first step.
#[test]
fn values_that_all_land_are_stable() {
    for batch in [1, 2] {
        let found = band(vec![2.0; 60], batch);
        assert_eq!((found.value, found.high), (f64::NEG_INFINITY, f64::NEG_INFINITY), "S = {batch}");
        assert_eq!(found.sign(), Sign::Stable);
    }
    // One that does not says nothing of how far the others may go.
    let mut values = vec![2.0; 60];
    values[0] = 1.0;
    assert_eq!((band(values.clone(), 1).high, band(values, 1).sign()), (f64::INFINITY, Sign::Undecided));
}
