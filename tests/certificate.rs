//! Proved signs of exponents: cases known by hand, ties, and sums of logarithms as the other route.
// The standard library is the independent route here.
#![allow(clippy::disallowed_methods)]

use num_bigint::BigUint;
use proptest::prelude::*;
use saddlescope::core::certificate::{
    Answer, Certificate, CertificateError, Doubles, Method, Rational, Verdict,
};
use std::rc::Rc;

fn rational(text: &str) -> Rational {
    Rational::parse(text).unwrap()
}

/// All shards, each from the numbers of the one before.
fn proved(question: &Certificate) -> Answer {
    let numbers = (0..question.shards()).fold(Vec::new(), |numbers, index| question.shard(index, &numbers));
    question.answer(&numbers).unwrap()
}

fn answer(rate: &str, decay: &str, law: &[(&str, u64)]) -> Answer {
    let law: Vec<(Rational, u64)> = law.iter().map(|(text, count)| (rational(text), *count)).collect();
    proved(&Certificate::new(&rational(rate), &rational(decay), &law, 1).unwrap())
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

/// The sign for values `k/8`, rate `r/4` and decay `d/8`: over all `Nˢ` ordered batches `|X| = |32S − r(dS + k + … + k′)|/32S`.
fn brute(r: i64, d: i64, values: &[i64], batch: u32) -> Verdict {
    let whole = 32 * i64::from(batch);
    let (mut above, mut below) = (BigUint::from(1_u32), BigUint::from(1_u32));
    for case in 0..values.len().pow(batch) {
        let sum: i64 = (0..batch).map(|i| values[case / values.len().pow(i) % values.len()]).sum();
        above *= (whole - r * (d * i64::from(batch) + sum)).unsigned_abs();
        below *= whole.unsigned_abs();
    }
    match above.cmp(&below) {
        _ if above == BigUint::ZERO => Verdict::MinusInfinity,
        std::cmp::Ordering::Less => Verdict::Negative,
        std::cmp::Ordering::Equal => Verdict::Zero,
        std::cmp::Ordering::Greater => Verdict::Positive,
    }
}

fn exactly(h: &[f64]) -> Vec<(Rational, u64)> {
    h.iter().map(|h| (Rational::from_f64(*h).unwrap(), 1)).collect()
}

/// Negative, positive, zero and −∞ alike; values that come twice are one value of twice the weight.
#[test]
fn batches_are_proved_as_all_of_them_written_out() {
    let mut random = 1_u64;
    let mut number = |most: i64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as i64 % (2 * most + 1) - most
    };
    let mut seen = [0; 4];
    let mut check = |r: i64, d: i64, values: &[i64], batch: u32| {
        let eighths: Vec<f64> = values.iter().map(|k| *k as f64 / 8.0).collect();
        let (rate, decay) = (format!("{}", r as f64 / 4.0), format!("{}", d as f64 / 8.0));
        let ask = |law: &[(Rational, u64)]| {
            proved(&Certificate::new(&rational(&rate), &rational(&decay), law, batch).unwrap())
        };
        let (found, expected) = (ask(&exactly(&eighths)), brute(r, d, values, batch));
        assert_eq!(found.verdict, expected, "{r} {d} {values:?} {batch}");
        let mut repeated = exactly(&[&eighths[..], &eighths[..1]].concat());
        let merged = [&[(repeated[0].0.clone(), 2)], &repeated[1..values.len()]].concat();
        repeated.reverse();
        assert_eq!(ask(&repeated).verdict, ask(&merged).verdict);
        assert_eq!(ask(&repeated).verdict, brute(r, d, &[values, &values[..1]].concat(), batch));
        let kind = [Verdict::Negative, Verdict::Positive, Verdict::Zero, Verdict::MinusInfinity];
        seen[kind.iter().position(|one| *one == expected).unwrap()] += 1;
    };
    for round in 0..80 {
        let (batch, count) = [(2, 5), (3, 4), (4, 3), (5, 2)][round % 4];
        let values: Vec<i64> = (0..count).map(|_| number(16)).collect();
        check(round as i64 % 7 + 1, round as i64 % 3, &values, batch);
    }
    // Pairs of −3 and 1: |X| is 4, 2, 2 and 0.
    check(4, 0, &[-24, 8], 2);
    // Ties: of single draws all factors 1; of pairs whatever a search finds.
    check(4, 0, &[16, 0], 1);
    for a in -40..40 {
        for b in a..40 {
            if brute(4, 0, &[a, b], 2) == Verdict::Zero {
                check(4, 0, &[a, b], 2);
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
}

/// Too many batches to list are refused, and those beyond 10⁷ bits are enclosed.
#[test]
fn batches_beyond_the_bits_are_enclosed_and_beyond_two_million_refused() {
    let h: Vec<f64> =
        (0..400).map(|i| (f64::from(i) * 0.7).sin() + if i % 2 == 0 { 1.0 } else { -1.2 }).collect();
    let (rate, decay) = (rational("0.5"), rational("0"));
    let question = Certificate::new(&rate, &decay, &exactly(&h), 2).unwrap();
    let found = proved(&question);
    let mut sum = 0.0;
    for a in &h {
        sum += h.iter().map(|b| (1.0 - 0.25 * (a + b)).abs().ln()).sum::<f64>();
    }
    assert!(sum.abs() > 1.0 && question.shards() > 1);
    let expected = if sum < 0.0 { Verdict::Negative } else { Verdict::Positive };
    assert_eq!((found.verdict, found.method), (expected, Method::Intervals));
    let refused = |h: &[f64], batch| Certificate::new(&rate, &decay, &exactly(h), batch).err();
    assert_eq!(refused(&h, 3), Some(CertificateError::Batches));
    assert_eq!(refused(&h[..3], 64), Some(CertificateError::Cases));
    assert_eq!(refused(&[], 1), Some(CertificateError::Empty));
}

/// A chain is cut into shards of two hundred thousand bits, and none of them accepts what is no state.
#[test]
fn shards_are_short_and_refuse_what_is_no_state() {
    let h: Vec<f64> = (0..20_000).map(|i| (f64::from(i) * 0.7).sin()).collect();
    let question =
        Certificate::of_sample(&rational("0.5"), &rational("0"), Rc::new(Doubles::new(h.into())), false)
            .unwrap();
    assert_eq!(question.method(), Method::Integers);
    let mut numbers = Vec::new();
    for index in 0..question.shards() {
        let before = numbers.len();
        numbers = question.shard(index, &numbers);
        // a digit of 32 bits is a number
        assert!(32 * numbers.len() < 32 * before + 200_000 + 640, "shard {index}");
    }
    assert!(question.answer(&numbers).is_some() && question.answer(&[7.0, 0.0]).is_none());
    assert!(question.shard(1, &[]).is_empty() && question.shard(1, &[1.0, 1.0, 9.0]).is_empty());
}

/// Factors of 10 and 0.1 in turn, over many shards: their product is 1 only if all that one shard hands to the next is read again.
#[test]
fn a_tie_over_many_shards_is_a_tie() {
    let tie = |last: &str| {
        let law = [(rational("-9"), 100_000), (rational("0.9"), 99_999), (rational(last), 1)];
        Certificate::new(&rational("1"), &rational("0"), &law, 1).unwrap()
    };
    // one factor of 0.1 less or more of a thousandth
    for (last, expected) in
        [("0.9", Verdict::Zero), ("0.901", Verdict::Negative), ("0.899", Verdict::Positive)]
    {
        let question = tie(last);
        assert!(question.method() == Method::Integers && question.shards() > 5, "{}", question.shards());
        assert_eq!(proved(&question).verdict, expected, "{last}");
    }
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
