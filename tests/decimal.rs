//! Reading decimal numbers, beside the standard library's parser, which shares nothing with ours.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use proptest::prelude::*;
use saddlescope::decimal::{parse, value};

#[track_caller]
fn agrees(text: &str) {
    let (ours, theirs) = (parse(text), text.parse::<f64>().ok());
    assert_eq!(ours.map(f64::to_bits), theirs.map(f64::to_bits), "{text}: {ours:?}, not {theirs:?}");
}

#[test]
fn numbers_where_rounding_is_hard() {
    for text in [
        "0",
        "-0",
        "0.0e5",
        "1",
        "+1.5",
        ".5",
        "5.",
        "00012.500",
        "1e22",
        "1e23",
        "9007199254740993",
        "9007199254740992.5",
        // Ties, and a digit far behind that breaks them.
        "9007199254740993.00000000000000000000000000000000000000000000000001",
        "1.00000000000000011102230246251565404",
        "1.0000000000000001110223024625156540423631668090820312500000000000001",
        "8.5e22",
        "0.1",
        "0.3",
        "1e-5",
        "123456789012345678",
        // The largest double, halfway above it, and beyond.
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.797693134862315807e308",
        "1.797693134862315808e308",
        "1e309",
        "-1e400",
        "1e99999999",
        // The smallest normal one, the gap below it, the smallest of all, and its half.
        "2.2250738585072014e-308",
        "2.2250738585072011e-308",
        "2.225073858507201e-308",
        "5e-324",
        "4.9406564584124654e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "3e-324",
        "1e-325",
        "1e-400",
        "7.4109846876186981626485318930233205854758970392148714663837852375101e-324",
    ] {
        if text != "1e99999999" {
            agrees(text);
        }
    }
    assert_eq!(parse("1e99999999"), Some(f64::INFINITY));
}

#[test]
fn what_is_no_number_is_none() {
    for text in [
        "", "-", "+", ".", "e5", "1e", "1e5.0", "1.2.3", "--1", "1-", "NaN", "inf", "0x10", "1 ", "1,5",
        "1e+-3", "−1", "1_000",
    ] {
        assert_eq!(parse(text), None, "{text}");
        assert!(text.parse::<f64>().is_err() || ["NaN", "inf"].contains(&text), "{text}");
    }
    assert_eq!(parse(&"1".repeat(801)), None);
}

#[test]
fn values_are_those_of_their_text() {
    for power in -330..=310 {
        for digits in [1, -3, 5, 7, 25, 123_456_789, i64::MAX, i64::MIN] {
            let text = format!("{digits}e{power}");
            assert_eq!(value(digits, power).to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn every_double_comes_back(bits in any::<u64>()) {
        let number = f64::from_bits(bits);
        prop_assume!(number.is_finite());
        for text in [format!("{number:e}"), format!("{number}"), format!("{number:.20e}"), format!("{number:.5e}")] {
            if text.len() < 700 {
                agrees(&text);
            }
        }
    }

    #[test]
    fn any_digits_and_power(digits in "[0-9]{1,40}", point in 0_usize..40, power in -350_i32..350) {
        let mut number = digits.clone();
        number.insert(point.min(digits.len()), '.');
        agrees(&format!("{number}e{power}"));
    }

    #[test]
    fn halfway_between_two_doubles(significand in 0_u64..1 << 52, exponent in -40_i32..40, more in 0_usize..3) {
        // Exact in 120 digits behind the point.
        let unit = f64::powi(2.0, exponent - 52);
        let low = (significand + (1 << 52)) as f64 * unit;
        let text = format!("{low:.120}");
        let half = format!("{:.120}", unit / 2.0);
        let sum = added(&text, &half);
        agrees(&sum);
        agrees(&format!("{sum}{}1", "0".repeat(more)));
    }
}

/// The sum of two positive decimals with equally many digits behind the point.
fn added(a: &str, b: &str) -> String {
    let width = a.len().max(b.len());
    let digits = |text: &str| -> Vec<u8> { format!("{text:0>width$}").into_bytes() };
    let (mut carry, mut sum) = (0, Vec::new());
    for (x, y) in digits(a).into_iter().zip(digits(b)).rev() {
        if x == b'.' {
            sum.push(b'.');
            continue;
        }
        let total = x - b'0' + y - b'0' + carry;
        sum.push(b'0' + total % 10);
        carry = total / 10;
    }
    sum.push(b'0' + carry);
    sum.reverse();
    String::from_utf8(sum).unwrap()
}
