//! The reader's own values in the labs: intervals, window, tail exponent and proof, from a link to `result()`'s numbers.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use proptest::prelude::*;
use saddlescope::core::certificate::{Answer, Certificate, Doubles, Method, Rational, Verdict};
use saddlescope::labs::session::Session;
use saddlescope::labs::{Quantity, Summary};
use saddlescope::params::Data;
use saddlescope::params::content;
use saddlescope::params::data::Shape;
use statrs::distribution::{ContinuousCDF, StudentsT};
use std::rc::Rc;

/// `count` values of a saddle whose noise attracts: 1 or −1.2 with a little spread.
fn values(count: usize) -> Vec<f64> {
    (0..count)
        .map(|i| {
            let spread = 0.1 * (i as f64 * 0.7).sin();
            if i * 7 % 10 < 5 { 1.0 + spread } else { -1.2 + spread }
        })
        .collect()
}

fn link(values: &[f64], rest: &str) -> String {
    let data = Data::new(Shape::new(&[values.len()]).unwrap(), values.into()).unwrap();
    format!("law=data&data={}&{rest}", data.text())
}

/// Runs every job, also those that wait for a click.
fn finish(session: &mut Session) -> Summary {
    for (job, key) in session.jobs() {
        for shard in 0..job.shards {
            let numbers = session.compute(job.name, shard, None).unwrap();
            session.keep(&key, job.shards, shard, numbers);
        }
    }
    assert!(session.complete());
    session.summary()
}

fn opened(lab: &str, query: &str) -> Session {
    let session = Session::new(&format!("{lab}?v=1&{query}"));
    assert_eq!(session.problems(), [], "{query}");
    session
}

fn row<'a>(summary: &'a Summary, name: &str) -> &'a Quantity {
    summary.values.iter().find(|one| one.name == name).unwrap_or_else(|| panic!("no row {name}"))
}

fn numbers(summary: &Summary, name: &str) -> Vec<f64> {
    row(summary, name)
        .value
        .clone()
        .unwrap_or_else(|| panic!("{name} has no value: {}", row(summary, name).words))
}

#[test]
fn the_interval_is_students() {
    let h = values(80);
    // Curvature h = z along u = −w.
    let logs: Vec<f64> = h.iter().map(|h| (1.0 - 0.5 * h).abs().ln()).collect();
    let n = logs.len() as f64;
    let mean = logs.iter().sum::<f64>() / n;
    let variance = logs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let t = StudentsT::new(0.0, 1.0, n - 1.0).unwrap().inverse_cdf(0.975);
    let half = t * (variance / n).sqrt();
    for lab in ["stability", "phases"] {
        let summary = finish(&mut opened(lab, &link(&h, "lr=0.5")));
        let found = numbers(&summary, "exponent_interval");
        assert!(
            (found[0] - mean + half).abs() < 1e-12 && (found[1] - mean - half).abs() < 1e-12,
            "{found:?}"
        );
        assert!((numbers(&summary, "exponent")[0] - mean).abs() < 1e-12);
    }
    // Along u = w the curvature is −z.
    let minus = finish(&mut opened("stability", &link(&h, "lr=0.5&sign=minus")));
    let turned: Vec<f64> = h.iter().map(|z| -z).collect();
    let plus = finish(&mut opened("stability", &link(&turned, "lr=0.5")));
    for (one, other) in numbers(&minus, "exponent_interval").iter().zip(numbers(&plus, "exponent_interval")) {
        assert!((one - other).abs() < 1e-12, "another order of the same values: {one} {other}");
    }
}

#[test]
fn the_window_is_where_the_interval_is_below_zero() {
    let h = values(200);
    let mut session = opened("stability", &link(&h, "lr=0.5&x1=1.5"));
    let window = numbers(&finish(&mut session), "certified_window");
    assert!(window.len() >= 2, "{window:?}");
    let interval = |lr: f64| {
        let mut session = opened("stability", &link(&h, &format!("lr={lr}")));
        numbers(&finish(&mut session), "exponent_interval")
    };
    let cell = 1.5 / 512.0;
    assert!(interval(window[0])[1] < 0.0 && interval(window[1])[1] < 0.0);
    assert!(interval(window[0] - 1.01 * cell)[1] >= 0.0, "the window begins within a cell");
    let figures = session.figures();
    assert!(figures[0].key.iter().any(|(_, words)| words.contains("95 %")));
}

/// Neighbouring rates with the upper end below 0 are one window: the row against the numbers of the band, and more than one window.
#[test]
fn windows_are_joined_from_the_places_of_the_band() {
    let mut session = opened("stability", &link(&values(60), "lr=0.5&x1=1.5"));
    let window = numbers(&finish(&mut session), "certified_window");
    let (band, _) = session.jobs().into_iter().find(|(job, _)| job.name == "band").unwrap();
    let shards = (0..band.shards).flat_map(|shard| session.compute("band", shard, None).unwrap());
    let places: Vec<f64> = shards.collect();
    let below: Vec<(usize, f64)> = (places.chunks_exact(4).enumerate())
        .filter(|(_, place)| place[3] < 0.0)
        .map(|(index, place)| (index, place[0]))
        .collect();
    let alone = |index: usize| !below.iter().any(|(other, _)| *other == index);
    let starts = below.iter().filter(|(index, _)| *index == 0 || alone(index - 1)).map(|(_, rate)| *rate);
    let ends = below.iter().filter(|(index, _)| alone(index + 1)).map(|(_, rate)| *rate);
    let expected: Vec<f64> = starts.zip(ends).flat_map(|(from, to)| [from, to]).collect();
    assert_eq!(window, expected);
    assert!(window.len() < below.len(), "{window:?}: nothing was joined");
}

#[test]
fn batches_have_the_jackknifes_interval() {
    let h = values(60);
    let summary = finish(&mut opened("stability", &link(&h, "lr=0.3&batch=2")));
    let (found, centre) = (numbers(&summary, "exponent_interval"), numbers(&summary, "exponent")[0]);
    assert!(found[0] < centre && centre < found[1], "{found:?} around {centre}");
    assert!(row(&summary, "exponent_interval").method.contains("jackknife"));
    // The exact Λ of the empirical law of pairs.
    let mut sum = 0.0;
    for a in &h {
        sum += h.iter().map(|b| (1.0 - 0.15 * (a + b)).abs().ln()).sum::<f64>();
    }
    assert!((centre - sum / (60.0 * 60.0)).abs() < 1e-10);
}

#[test]
fn too_few_values_are_named_and_all_else_stands() {
    let summary = finish(&mut opened("stability", &link(&values(20), "lr=0.5")));
    let words = "There are 20 values or batches of values; an interval needs 50.";
    assert_eq!(row(&summary, "exponent_interval").words, words);
    assert_eq!(row(&summary, "tail_exponent_interval").words, words);
    assert_eq!(row(&summary, "certified_window").words, "no interval: too few values");
    assert!(summary.notes.iter().any(|note| note == words));
    assert_eq!(numbers(&summary, "certificate"), [-1.0]);
}

#[test]
fn a_tail_that_one_value_decides_is_not_identifiable() {
    let mut h = vec![0.5; 99];
    h.push(-30.0);
    let summary = finish(&mut opened("stability", &link(&h, "lr=1")));
    let tail = row(&summary, "tail_exponent_interval");
    assert!(
        tail.value.is_none() && tail.words.starts_with("not identifiable from 100 values"),
        "{}",
        tail.words
    );
    let summary = finish(&mut opened("stability", &link(&values(200), "lr=0.5")));
    let tail = numbers(&summary, "tail_exponent_interval");
    let exact = numbers(&summary, "tail_exponent")[0];
    assert!(tail[0] < exact && exact < tail[1], "{tail:?} {exact}");
}

#[test]
fn without_values_the_lab_asks_for_them_and_computes_nothing() {
    for lab in ["stability", "phases"] {
        let session = opened(lab, "law=data");
        assert_eq!(session.summary().verdict.code, "no-data");
        assert!(session.jobs().is_empty() && session.complete());
        assert!(!session.figures().is_empty());
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let mut session = opened(lab, &format!("law=data&data=h.300.{hash}"));
        assert!(session.jobs().is_empty() && !session.complete() && !session.supplied());
        let asked = session.contents();
        assert_eq!(asked.len(), 1);
        assert!(
            asked[0]
                .sentence()
                .starts_with("This link is about 300 numbers whose SHA-256 begins with ba7816bf.")
        );
        // Under another law nothing is asked for, and the link keeps the name.
        session.set("law", "gaussian");
        assert!(session.supplied() && session.fragment().contains(hash));
    }
}

#[test]
fn values_that_come_later_are_computed_from() {
    let h = values(300);
    let hash = content::Hash::of_numbers(&h);
    let mut session = opened("stability", &format!("law=data&data=h.300.{hash}"));
    assert!(!session.supplied());
    content::keep_numbers(h.into());
    session.content_came();
    assert!(session.supplied());
    let summary = finish(&mut session);
    assert_eq!(numbers(&summary, "exponent_interval").len(), 2);
    assert!(session.fragment().contains(&format!("data=h.300.{hash}")));
}

#[test]
fn many_values_give_the_same_numbers_whatever_the_shards() {
    let h = values(6000);
    let mut session = opened("stability", &link(&h, "lr=0.5"));
    let summary = finish(&mut session);
    let mean = h.iter().map(|h| (1.0 - 0.5 * h).abs().ln()).sum::<f64>() / 6000.0;
    assert!((numbers(&summary, "exponent")[0] - mean).abs() < 1e-12);
    assert!(row(&summary, "certificate").method.contains("whole numbers"));
}

/// A million values: the band is asked for before the figures beside it, and its estimated work is that of seconds.
#[test]
fn a_million_values_wait_for_no_click() {
    let h = values(1_000_000);
    let session = opened("stability", &link(&h, "lr=0.5&x1=1.5"));
    let jobs = session.jobs();
    let cost = |name: &str| jobs.iter().find(|(job, _)| job.name == name).map(|(job, _)| job.cost);
    let place = |name: &str| jobs.iter().position(|(job, _)| job.name == name).unwrap();
    assert!(place("band") < place("direction") && place("band") < place("batch-exponents"));
    // elementary steps of a nanosecond; 512 rates
    let band = cost("band").unwrap();
    assert!((5e8..3e9).contains(&band), "{band}");
    let all: f64 = jobs.iter().filter(|(job, _)| !job.on_demand).map(|(job, _)| job.cost).sum();
    assert!(all < 2e10, "{all}");
    // The parts of the band are those of the whole: the same numbers as of one rate alone.
    let shard = session.compute("band", 40, None).unwrap();
    let [rate, value, low, high] = *shard.first_chunk().unwrap();
    let alone = opened("stability", &link(&h, &format!("lr={rate}"))).compute("interval", 0, None).unwrap();
    assert_eq!(alone[..3], [value, low, high]);
    let exact = h.iter().map(|h| (1.0 - rate * h).abs().ln()).sum::<f64>() / 1e6;
    assert!((value - exact).abs() < 1e-12, "{value} {exact}");
}

/// The figure's range shows the band, not only the curve.
#[test]
fn the_whole_band_is_in_view() {
    let mut session = opened("stability", &link(&values(60), "lr=0.5&x1=1.2"));
    let range = |session: &Session| {
        let figure = &session.figures()[0];
        (figure.y.min, figure.y.max)
    };
    for (job, key) in session.jobs().into_iter().filter(|(job, _)| job.name == "curve") {
        for shard in 0..job.shards {
            let numbers = session.compute(job.name, shard, None).unwrap();
            session.keep(&key, job.shards, shard, numbers);
        }
    }
    let before = range(&session);
    finish(&mut session);
    let after = range(&session);
    let band: Vec<f64> = session
        .jobs()
        .iter()
        .filter(|(job, _)| job.name == "band")
        .flat_map(|(job, _)| (0..job.shards).flat_map(|shard| session.compute("band", shard, None).unwrap()))
        .collect();
    let top = band.as_chunks::<4>().0.iter().map(|place| place[3]).fold(f64::NEG_INFINITY, f64::max);
    assert!(top > before.1, "without the band the figure ends at {before:?}, below {top}");
    assert!(after.1 >= top && after.0 <= before.0, "{after:?} {top}");
}

fn certificate(query: &str) -> Quantity {
    let summary = finish(&mut opened("stability", query));
    row(&summary, "certificate").clone()
}

#[test]
fn typed_laws_are_proved_as_the_decimals_that_were_typed() {
    let sign = |query: &str| certificate(query).value.map(|value| value[0]);
    assert_eq!(sign("a=-1.2&q=0.5&lr=0.5"), Some(-1.0));
    assert_eq!(sign("a=-1.2&q=0.5&lr=0.1"), Some(1.0));
    assert_eq!(sign("a=2&q=0.5&lr=1"), Some(f64::NEG_INFINITY));
    // |1 − h| is 10 or 0.1, as often: Λ = 0, which no sum of doubles shows.
    assert_eq!(sign("law=discrete&values=-9,0.9&probs=0.5,0.5&lr=1"), Some(0.0));
    assert_eq!(sign("law=discrete&values=-9,0.9,0&probs=0.3,0.3,0.4&lr=1"), Some(0.0));
    assert_eq!(sign("law=discrete&values=-9,0.9&probs=0.500000000001,0.499999999999&lr=1"), Some(1.0));
    // Pairs: |X| is 10, 1.45 (twice) and 0.1 of four.
    assert_eq!(sign("law=discrete&values=-9,-1.9&probs=0.5,0.5&lr=1&batch=2"), Some(1.0));
    assert!(
        certificate("law=discrete&values=1,2,3&probs=0.4,0.4,0.2&batch=64&lr=1")
            .words
            .starts_with("not offered")
    );
    // Own values: all pairs of them, repeated values merged.
    let mut own = values(60);
    own.extend_from_within(..20);
    let mut sum = 0.0;
    for a in &own {
        sum += own.iter().map(|b| (1.0 - 0.4 * (a + b)).abs().ln()).sum::<f64>();
    }
    assert!(sum.abs() > 1.0);
    assert_eq!(sign(&link(&own, "lr=0.8&batch=2")), Some(sum.signum()));
    let refused = |own: &[f64], batch: u32| {
        let session = opened("stability", &link(own, &format!("batch={batch}")));
        assert!(session.jobs().iter().all(|(job, _)| job.name != "certificate"));
        row(&session.summary(), "certificate").words.clone()
    };
    assert_eq!(refused(&values(60), 7), "not offered: There are more than 2^40 equally likely cases");
    assert_eq!(refused(&values(60), 5), "not offered: There are more than 2000000 different batches");
    assert_eq!(refused(&values(5000), 2), "not offered: there are too many different batches");
    let rows = finish(&mut opened("stability", "law=gaussian")).values;
    assert!(rows.iter().all(|row| row.name != "certificate"), "a Gaussian law is no list");
    let session = opened("stability", "a=-1.2");
    assert_eq!(row(&session.summary(), "certificate").words, "not asked for yet");
    assert!(session.jobs().iter().any(|(job, _)| job.name == "certificate" && job.on_demand));
}

fn rational(text: &str) -> Rational {
    Rational::parse(text).unwrap()
}

/// All shards, each from the numbers of the one before.
fn proved(question: &Certificate) -> Answer {
    let numbers = (0..question.shards()).fold(Vec::new(), |numbers, index| question.shard(index, &numbers));
    question.answer(&numbers).unwrap()
}

proptest! {
    #[test]
    fn a_sample_is_proved_as_a_list_of_its_doubles(
        h in prop::collection::vec(-3.0..3.0f64, 1..40), rate in 1..40u32, negated in any::<bool>()
    ) {
        let text = format!("{}", f64::from(rate) / 16.0);
        let sign = if negated { -1.0 } else { 1.0 };
        let (rate_text, decay) = (rational(&text), rational("0.125"));
        let found = proved(&Certificate::of_sample(&rate_text, &decay, Rc::new(Doubles::new(h.clone().into())), negated).unwrap());
        let law: Vec<(Rational, u64)> = h.iter().map(|h| (Rational::from_f64(sign * h).unwrap(), 1)).collect();
        let expected = proved(&Certificate::new(&rate_text, &decay, &law, 1).unwrap());
        prop_assert_eq!(found.verdict, expected.verdict);
        let sum: f64 = h.iter().map(|h| (1.0 - f64::from(rate) / 16.0 * (0.125 + sign * h)).abs().ln()).sum();
        if sum.abs() > 1e-9 {
            prop_assert_eq!(found.verdict, if sum < 0.0 { Verdict::Negative } else { Verdict::Positive });
        }
    }
}

#[test]
fn very_many_values_are_proved_by_intervals_and_zeros_are_found() {
    let ask = |h: Vec<f64>| {
        proved(
            &Certificate::of_sample(&rational("0.5"), &rational("0"), Rc::new(Doubles::new(h.into())), false)
                .unwrap(),
        )
    };
    let answer = ask(values(100_000));
    assert_eq!((answer.verdict, answer.method), (Verdict::Negative, Method::Intervals));
    let mut landing = values(100_000);
    landing[77_777] = 2.0;
    assert_eq!(ask(landing).verdict, Verdict::MinusInfinity);
    assert_eq!(ask(vec![1.0, 2.0]).verdict, Verdict::MinusInfinity);
    // 0.5 and 2 as often.
    let tie: Vec<f64> = (0..3000).map(|i| if i % 2 == 0 { 1.0 } else { -2.0 }).collect();
    assert_eq!(ask(tie).verdict, Verdict::Zero);
}
