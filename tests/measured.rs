//! Intervals of the exponent from measured values: how often they hold the true one, and what cannot be said.

// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use saddlescope::core::curvature::Law;
use saddlescope::core::data_set::DataSet;
use saddlescope::core::measured::{
    Band, MANY, Measured, MeasuredError, Sign, TailBand, Window, tail_band, windows,
};
use statrs::distribution::{ContinuousCDF, StudentsT};

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

/// One by one, whatever is left over of eights and wherever values land: mean and Student's half-width of the logarithms.
#[test]
fn few_values_have_the_interval_of_their_logarithms() {
    let law = Law::gaussian(-0.2, 1.0).unwrap();
    for (count, landing) in
        [(56, &[][..]), (57, &[]), (1003, &[]), (64, &[0]), (63, &[62]), (1000, &[3, 4, 500])]
    {
        let mut values = sample(&law, count, 5);
        for place in landing {
            values[*place] = 2.0;
        }
        let kept = values.iter().filter(|h| **h != 2.0);
        let logs: Vec<f64> = kept.map(|h| (1.0 - 0.5 * h).abs().ln()).collect();
        let (n, mean) = (logs.len() as f64, logs.iter().sum::<f64>() / logs.len() as f64);
        let variance = logs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let half = StudentsT::new(0.0, 1.0, n - 1.0).unwrap().inverse_cdf(0.975) * (variance / n).sqrt();
        let found = band(values, 1);
        assert_eq!(found.landed, landing.len());
        assert!(
            (found.high - mean - half).abs() < 1e-7 * half,
            "{count} {landing:?}: {found:?} {mean} {half}"
        );
        if landing.is_empty() {
            assert!((found.value - mean).abs() < 1e-13 && (mean - half - found.low).abs() < 1e-7 * half);
        }
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

/// Rates with one answer are one stretch; the answer between two others, and one that comes again, are stretches of their own.
#[test]
fn neighbouring_rates_with_one_answer_are_one_window() {
    let place = |low: f64, high: f64| Band { value: 0.5 * (low + high), low, high, landed: 0 };
    let (stable, open, unstable) = (place(-2.0, -1.0), place(-1.0, 1.0), place(1.0, 2.0));
    let bands = [open, stable, stable, stable, open, unstable, unstable, stable];
    let rates: Vec<f64> = (1..=8).map(f64::from).collect();
    let window = |from, to, sign| Window { from, to, sign };
    let expected = [
        window(1.0, 1.0, Sign::Undecided),
        window(2.0, 4.0, Sign::Stable),
        window(5.0, 5.0, Sign::Undecided),
        window(6.0, 7.0, Sign::Unstable),
        window(8.0, 8.0, Sign::Stable),
    ];
    assert_eq!(windows(&rates, &bands), expected);
    // 0 itself is on neither side.
    assert_eq!(place(-1.0, 0.0).sign(), Sign::Undecided);
    assert_eq!(place(0.0, 1.0).sign(), Sign::Undecided);
}

/// The interval of p* at `1 − level`, `X = 1 − h/2`.
fn tail(values: &[f64], level: f64) -> TailBand {
    let law = Law::empirical(values.to_vec()).unwrap().batch(1);
    tail_band(&law, values.len(), (1.0, -0.5), level).unwrap()
}

/// Mean of |X|^p, and the t statistic of its being 1.
fn moment(values: &[f64], p: f64) -> (f64, f64) {
    let powers: Vec<f64> = values.iter().map(|h| (1.0 - 0.5 * h).abs().powf(p)).collect();
    let n = powers.len() as f64;
    let mean = powers.iter().sum::<f64>() / n;
    let variance = powers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (mean - 1.0) / (variance / n).sqrt())
}

/// At the ends of the interval the t test is at its critical values, at the estimate the mean is 1.
#[test]
fn the_interval_of_the_tail_exponent_inverts_the_t_test() {
    for (count, level) in [(100, 0.05), (400, 0.05), (400, 0.3), (40_000, 0.01)] {
        let values = sample(&Law::discrete(vec![1.0, -0.9, 0.5], vec![0.5, 0.3, 0.2]).unwrap(), count, 3);
        let TailBand::Finite { value, low, high: Some(high) } = tail(&values, level) else {
            panic!("{:?} from {count}", tail(&values, level))
        };
        let critical = StudentsT::new(0.0, 1.0, count as f64 - 1.0).unwrap().inverse_cdf(1.0 - 0.5 * level);
        assert!((moment(&values, value).0 - 1.0).abs() < 1e-10, "{count}: {value}");
        assert!((moment(&values, high).1 - critical).abs() < 1e-6, "{count}: {high}");
        assert!(low < value && value < high);
        // 0 unless the mean of the logarithms is below 0 at this level
        let logs: Vec<f64> = values.iter().map(|h| (1.0 - 0.5 * h).abs().ln()).collect();
        let (n, mean) = (count as f64, logs.iter().sum::<f64>() / count as f64);
        let error = (logs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0) / n).sqrt();
        assert_eq!(low > 0.0, mean < -critical * error, "{count}: {low}");
        if low > 0.0 {
            assert!((moment(&values, low).1 + critical).abs() < 1e-6, "{count}: {low}");
        }
    }
}

/// 95 % intervals hold the law's own p* in at least 87 % of 200 runs, and not always.
#[test]
fn intervals_hold_the_tail_exponent() {
    let law = Law::two_point(-1.2, 0.5).unwrap();
    let exact = match law.batch(1).tail_exponent(1.0, -0.5) {
        saddlescope::core::exponent::TailExponent::Finite(root) => root,
        other => panic!("{other:?}"),
    };
    let held = (0..200)
        .filter(|seed| match tail(&sample(&law, 400, 1 + seed), 0.05) {
            TailBand::Finite { low, high, .. } => low <= exact && high.is_none_or(|high| exact <= high),
            // p* is 0 then: the estimate of Λ is not below 0
            TailBand::None => false,
            other => panic!("{other:?}"),
        })
        .count();
    assert!((174..200).contains(&held), "{held} of 200 hold {exact}");
}

/// Where nothing can be said, and why: Λ above 0, no growth at all, one value that outweighs the rest.
#[test]
fn tail_exponents_that_the_values_do_not_show() {
    assert_eq!(tail(&[-1.0; 60], 0.05), TailBand::None);
    assert_eq!(tail(&[0.5; 60], 0.05), TailBand::Infinite);
    let mut values = vec![1.0; 99];
    values.push(-200.0);
    let TailBand::NotIdentifiable { beyond } = tail(&values, 0.05) else {
        panic!("{:?}", tail(&values, 0.05))
    };
    // |X| is ½ and 101: the largest has a fifth of the sum there, and the mean is still below 1
    let (large, others) = (101_f64.powf(beyond), 99.0 * 0.5_f64.powf(beyond));
    assert!((large / (large + others) - 0.2).abs() < 1e-9 && large + others < 100.0, "{beyond}");
    // Batches are disjoint: a hundred values make fifty pairs, and no more.
    let measured = Measured::new((0..100).map(f64::from).collect()).unwrap();
    let (law, count) = measured.means(2).unwrap();
    assert!(count == 50 && (law.mean() - 49.5).abs() < 1e-12, "{count} {}", law.mean());
    assert_eq!(measured.means(3).err(), Some(MeasuredError::TooFew { count: 33 }));
}
