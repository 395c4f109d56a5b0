//! The time to escape or collapse, against the exact law of the first passage.

use crate::session::{curve, figure, finished, quantity, value};
use crate::sides::Coin;
use saddlescope::labs::summary::number;

/// `P(τ > t)` of the first passage of `± ln 10⁸`, by the number of ones among `t` steps; then `E τ`.
fn survival(coin: &Coin) -> Vec<f64> {
    let threshold = coin.mean().signum() * 1e8_f64.ln();
    let mut alive = vec![1.0_f64];
    let mut left = vec![1.0];
    while left[left.len() - 1] > 1e-13 {
        let t = alive.len();
        let mut next = vec![0.0; t + 1];
        for (k, probability) in alive.iter().enumerate() {
            next[k] += 0.5 * probability;
            next[k + 1] += 0.5 * probability;
        }
        for (k, probability) in next.iter_mut().enumerate() {
            let sum = (t - k) as f64 * coin.steps[0] + k as f64 * coin.steps[1];
            if sum / threshold >= 1.0 {
                *probability = 0.0;
            }
        }
        left.push(next.iter().sum());
        alive = next;
    }
    left
}

#[test]
fn times_of_escape_and_collapse_have_the_exact_law() {
    // The direction with the larger exponent is followed: collapse along the slower one, escape along the growing one.
    for (link, lr, a, sign, words) in [
        ("phases", 0.8, -0.9, 1.0, "collapse along u = w"),
        ("phases?lr=1.9&a=-0.5", 1.9, -0.5, -1.0, "escape along u = −w"),
        ("phases?lr=0.5&a=0.2", 0.5, 0.2, 1.0, "escape along u = w"),
    ] {
        let session = finished(link, &["passage"]);
        let coin = Coin::new(lr, a, sign);
        assert!(coin.mean() > Coin::new(lr, a, -sign).mean(), "{link}");
        let left = survival(&coin);
        let mean: f64 = left.iter().sum();
        let summary = session.summary();
        let time = quantity(&summary, "escape_time");
        assert!(time.words.ends_with(words), "{link}: {}", time.words);
        let (simulated, error) = (value(&summary, "escape_time"), time.standard_error.unwrap());
        assert!((simulated - mean).abs() < 4.0 * error, "{link}: {simulated} ± {error} for {mean}");
        // The error is that of 1,024 runs.
        let second: f64 = left.iter().enumerate().map(|(t, p)| (2 * t + 1) as f64 * p).sum();
        let exact_error = ((second - mean * mean) / 1024.0).sqrt();
        assert!((error / exact_error - 1.0).abs() < 0.15, "{link}: ± {error} for {exact_error}");
        let printed = format!("{} ± {}, {words}", number(simulated, 4), number(error, 2));
        assert_eq!(time.text(), printed, "{link}");
        let bounds = quantity(&summary, "escape_time_bounds").value.clone().unwrap();
        assert!(bounds[0] <= mean && mean <= bounds[1], "{link}: {mean} in {bounds:?}");
        assert!((bounds[0] - 1e8_f64.ln() / coin.mean().abs()).abs() < 1e-9, "{link}");
        let figure = figure(&session, "passage");
        let points = curve(&figure, "1024 runs");
        for t in [0.25, 0.75, 1.0, 1.5].map(|part| (part * mean) as usize) {
            // the last vertex at or before t
            let found = points.iter().rev().find(|(x, _)| *x <= t as f64 + 0.5).unwrap().1;
            let error = (left[t] * (1.0 - left[t]) / 1024.0).sqrt();
            assert!(
                (found - left[t]).abs() < 4.5 * error + 1e-9,
                "{link}: after {t} {found} for {}",
                left[t]
            );
        }
    }
}

#[test]
fn runs_that_do_not_pass_are_counted_and_no_mean_is_claimed() {
    let session = finished("phases?n=2000&law=teacher&batch=4096", &["passage"]);
    let summary = session.summary();
    let time = quantity(&summary, "escape_time");
    assert_eq!(time.value, None);
    assert!(time.words.starts_with("not known: 256 of 256 runs did not escape within"), "{}", time.words);
    assert!(quantity(&summary, "escape_time_bounds").value.is_some());
    assert!(summary.notes.iter().any(|note| note.contains("0 of 256 runs got there within")));
}

#[test]
fn without_drift_no_time_is_given() {
    // z = 0 always: nothing moves.
    let session = finished("phases?a=0&q=1", &["passage"]);
    let summary = session.summary();
    for name in ["escape_time", "escape_time_bounds"] {
        let time = quantity(&summary, name);
        assert_eq!((&time.value, time.words.as_str()), (&None, "none: Λ = 0, neither escape nor collapse"));
    }
    assert!(figure(&session, "passage").title.starts_with("Neither escape nor collapse"));
}

/// Both factors are 0 with probability ½: from every distance the run is on the saddle after two steps on average.
#[test]
fn landing_has_its_own_bounds() {
    let session = finished("phases?law=discrete&values=1,-1&probs=0.5,0.5&lr=1", &["passage"]);
    let summary = session.summary();
    assert_eq!(quantity(&summary, "escape_time_bounds").value, Some(vec![1.0, 2.0]));
    let error = quantity(&summary, "escape_time").standard_error.unwrap();
    assert!((value(&summary, "escape_time") - 2.0).abs() < 4.0 * error, "2 steps, geometric");
}
