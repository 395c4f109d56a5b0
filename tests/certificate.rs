//! Proved signs of exponents: cases known by hand, ties, and sums of logarithms as the other route.
// The standard library is the independent route here.
#![allow(clippy::disallowed_methods)]

use proptest::prelude::*;
use saddlescope::core::certificate::{Answer, Certificate, Method, Rational, Verdict};

fn rational(text: &str) -> Rational {
    Rational::parse(text).unwrap()
}

fn answer(rate: &str, decay: &str, law: &[(&str, u64)]) -> Answer {
    let law: Vec<(Rational, u64)> = law.iter().map(|(text, count)| (rational(text), *count)).collect();
    let question = Certificate::new(&rational(rate), &rational(decay), &law).unwrap();
    let parts: Vec<Vec<f64>> = (0..question.shards()).map(|shard| question.shard(shard)).collect();
    question.answer(&parts).unwrap()
}

#[test]
fn known_signs() {
    assert_eq!(answer("0.5", "0", &[("1", 1), ("-1.2", 1)]).verdict, Verdict::Negative);
    assert_eq!(answer("0.1", "0", &[("1", 1), ("-1.2", 1)]).verdict, Verdict::Positive);
    assert_eq!(answer("1", "0", &[("1", 1), ("2", 1)]).verdict, Verdict::MinusInfinity);
    // Factors 2 and 1/2 as often, 4 and 1/2 half as often: exactly 1.
    assert_eq!(answer("1", "0", &[("-1", 3), ("0.5", 3)]).verdict, Verdict::Zero);
    assert_eq!(answer("1", "0", &[("-3", 2), ("0.5", 4)]).verdict, Verdict::Zero);
    // A tie that doubles do not see: 1.1 · 1.1 against 1/1.21 cannot be written, so 10 and 0.1 as often.
    assert_eq!(answer("1", "0", &[("-9", 7), ("0.9", 7)]).verdict, Verdict::Zero);
    assert_eq!(answer("1", "0", &[("-9", 7), ("0.8999999999999999999999999", 7)]).verdict, Verdict::Positive);
}

/// Every sign by Python's fractions (`tests/reference/certificates.py`), ties included.
#[test]
fn signs_are_those_of_exact_fractions() {
    let cases: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("reference/certificates.json")).expect("the references are JSON");
    let mut ties = 0;
    for case in &cases {
        let law: Vec<(&str, u64)> = case["law"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| (pair[0].as_str().unwrap(), pair[1].as_u64().unwrap()))
            .collect();
        let found = answer(case["rate"].as_str().unwrap(), case["decay"].as_str().unwrap(), &law);
        let name = match found.verdict {
            Verdict::Negative => "negative",
            Verdict::Positive => "positive",
            Verdict::Zero => "zero",
            Verdict::MinusInfinity => "minus infinity",
            Verdict::Undecided => "undecided",
        };
        assert_eq!(case["sign"], name, "{case}");
        ties += usize::from(name == "zero");
    }
    assert!(cases.len() > 70 && ties >= 7, "{} cases, {ties} ties", cases.len());
}

/// Beyond the bits that are multiplied out: certain where it is clear, undecided at a tie.
#[test]
fn intervals_take_over() {
    let clear = answer("0.5", "0", &[("1", 9_000_000), ("-1.2", 9_000_000)]);
    assert_eq!((clear.verdict, clear.method), (Verdict::Negative, Method::Intervals));
    let tie = answer("1", "0", &[("-9", 9_000_000), ("0.9", 9_000_000)]);
    assert_eq!(tie.verdict, Verdict::Undecided);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_sign_is_that_of_the_sum_of_logarithms(
        rate in 1..300_i64,
        decay in 0..50_i64,
        values in prop::collection::vec((-400..400_i64, 1..30_u64), 1..8),
    ) {
        let text = |hundredths: i64| format!("{}{}.{:02}", if hundredths < 0 { "-" } else { "" }, hundredths.abs() / 100, hundredths.abs() % 100);
        let law: Vec<(String, u64)> = values.iter().map(|(value, count)| (text(*value), *count)).collect();
        let law: Vec<(&str, u64)> = law.iter().map(|(text, count)| (text.as_str(), *count)).collect();
        let verdict = answer(&text(rate), &text(decay), &law).verdict;
        // |1 − λγ − λh| in units of 10⁻⁴, exactly.
        let factor = |h: i64| (10_000 - rate * (decay + h)).unsigned_abs();
        if values.iter().any(|(h, _)| factor(*h) == 0) {
            prop_assert_eq!(verdict, Verdict::MinusInfinity);
        } else {
            let sum: f64 = values.iter().map(|(h, count)| *count as f64 * (factor(*h) as f64 / 1e4).ln()).sum();
            if sum.abs() > 1e-9 {
                prop_assert_eq!(verdict, if sum > 0.0 { Verdict::Positive } else { Verdict::Negative });
            }
        }
    }
}
