//! The numbers, verdicts, tables and sentences at the point, and bad input.

use crate::session::{figure, finished, job, preset, quantity, run, run_all, run_shard, value};
use saddlescope::labs::Lab;
use saddlescope::labs::rank::Rank;
use saddlescope::labs::rank::measured::{Outcome, outcome, rank};
use saddlescope::labs::session::Session;
use saddlescope::labs::summary::number;
use std::collections::HashSet;

#[test]
fn rank_counts_what_is_large_beside_the_largest_and_at_all() {
    for (values, expected) in [
        (&[1.0, 0.5, 2e-3, 0.5e-3][..], 3),
        (&[1e-2, 0.9e-6, 0.0, 0.0], 1),
        (&[5e-6, 2e-6, 0.9e-6], 2),
        (&[1e-7, 1e-7], 0),
        (&[0.0, 0.0], 0),
    ] {
        assert_eq!(rank(values), expected, "{values:?}");
    }
}

#[test]
fn the_median_of_looks_is_the_lower_middle_one() {
    let of = |runs: &[&[f64]]| outcome(runs.iter().copied(), 3);
    assert_eq!(of(&[&[0.0, 15.0, 0.0]]), Outcome::Rank(1));
    assert_eq!(of(&[&[7.0, 0.0, 8.0]]), Outcome::Rank(2));
    assert_eq!(of(&[&[0.0, 5.0, 10.0], &[10.0, 5.0, 0.0]]), Outcome::Rank(1));
    assert_eq!(of(&[&[15.0, 0.0, 0.0], &[0.0, 0.0, 15.0]]), Outcome::Rank(0));
    assert_eq!(of(&[&[15.0, 0.0, 0.0], &[f64::NAN; 3]]), Outcome::Diverged);
}

/// A small map is enough here.
fn small(id: &str) -> Session {
    let mut session = preset("rank", id);
    session.merge("pixels=16&replicas=3&steps=2000");
    run_all(&mut session);
    session
}

#[test]
fn presets_differ_in_every_word_that_depends_on_the_point() {
    let sessions: Vec<Session> = Rank::PRESETS.iter().map(|one| small(one.id)).collect();
    let distinct = |texts: Vec<String>| texts.into_iter().collect::<HashSet<_>>().len();
    let all = sessions.len();
    let summaries: Vec<_> = sessions.iter().map(Session::summary).collect();
    assert_eq!(distinct(summaries.iter().map(|s| s.verdict.text.clone()).collect()), all);
    assert_eq!(distinct(summaries.iter().map(|s| format!("{:?}", s.notes)).collect()), all);
    for index in 0..3 {
        assert_eq!(distinct(sessions.iter().map(|s| s.figures()[index].alt.clone()).collect()), all);
    }
    for (session, summary) in sessions.iter().zip(&summaries) {
        for one in &summary.values {
            assert!(!one.text().is_empty() && one.text() != "…", "{}: {one:?}", session.fragment());
            assert!(one.value.iter().flatten().all(|x| !x.is_nan()), "{one:?}");
        }
        for figure in session.figures() {
            let table = session.table(figure.id);
            assert!(table.rows.len() >= 4, "{}: {table:?}", figure.id);
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", figure.id);
        }
    }
}

#[test]
fn the_verdict_says_the_exponents_that_it_counts() {
    let mut session = Session::new("rank?pixels=16");
    run(&mut session, "singular-values");
    let summary = session.summary();
    let exponents = quantity(&summary, "mode_exponents").value.clone().unwrap();
    assert_eq!(exponents.len(), 4);
    let positive = exponents.iter().filter(|value| **value > 0.0).count();
    assert_eq!(value(&summary, "predicted_rank"), positive as f64);
    assert_eq!((positive, value(&summary, "measured_rank")), (2, 2.0));
    assert_eq!(summary.verdict.code, "low-rank");
    for exponent in exponents {
        assert!(summary.verdict.text.contains(&number(exponent, 3)), "{}", summary.verdict.text);
    }
    // the closed form at small steps: λs − λ²(s² + σ²)/2 + …, here without noise
    let exact = Session::new("rank?noise=0&lr=0.1").summary();
    let values = quantity(&exact, "mode_exponents").value.clone().unwrap();
    for (value, strength) in values.iter().zip([1.0, 0.7, 0.5, 0.3_f64]) {
        assert!((value - (0.1 * strength).ln_1p()).abs() < 1e-14);
    }
    // decay, batch and the slope of the activation at 0: without noise Σ P(K) log(1 − λγ + λ s K/2S)
    let link = "rank?noise=0&lr=0.2&decay=0.3&batch=2&activation=gelu&strengths=0.9,0.4";
    let values = quantity(&Session::new(link).summary(), "mode_exponents").value.clone().unwrap();
    for (value, strength) in values.iter().zip([0.9, 0.4_f64]) {
        let log = |k: f64| (0.94 + 0.2 * 0.5 * strength * k / 2.0).ln();
        let per_step = 0.25 * log(0.0) + 0.5 * log(1.0) + 0.25 * log(2.0);
        assert!((value - per_step).abs() < 1e-13, "per visit: n/S = 1 here; {value} {per_step}");
    }
    // three samples of two modes: 3/2 visits a step
    let link = "rank?noise=0&lr=0.2&batch=3&strengths=0.9,0.4";
    let values = quantity(&Session::new(link).summary(), "mode_exponents").value.clone().unwrap();
    for (value, strength) in values.iter().zip([0.9, 0.4_f64]) {
        let log = |k: f64| (0.2 * strength * k / 3.0).ln_1p();
        let per_step = (3.0 * log(1.0) + 3.0 * log(2.0) + log(3.0)) / 8.0;
        assert!((value - per_step * 2.0 / 3.0).abs() < 1e-13, "{value} {per_step}");
    }
}

#[test]
fn without_an_exponent_the_page_says_why_and_trains_all_the_same() {
    for (link, why) in
        [("activation=relu", "ReLU has no Hessian at 0"), ("layers=3&init=0.3", "the Hessian at 0 vanishes")]
    {
        let session = finished(&format!("rank?pixels=16&steps=2000&replicas=3&noise=0.3&{link}"));
        let summary = session.summary();
        let says = |text: &str| text.to_lowercase().contains(&why.to_lowercase());
        assert!(says(&summary.verdict.text), "{}", summary.verdict.text);
        assert!(quantity(&summary, "predicted_rank").words.contains("none"));
        assert_eq!(quantity(&summary, "predicted_rank").value, None);
        assert!(quantity(&summary, "measured_rank").value.is_some());
        assert!(summary.values.iter().all(|one| one.name != "agreement"));
        assert!(says(&figure(&session, "exponents").alt));
        assert!(says(&session.hover("map", (0.1, 0.3))));
    }
}

#[test]
fn the_dense_spectrum_is_that_of_another_method() {
    // without noise and with a large batch the product is almost that of constant matrices: log(1 + λs)
    let mut session = Session::new("rank?inputs=dense&noise=0&batch=64&lr=0.05&strengths=1,0.5");
    run(&mut session, "spectrum");
    let summary = session.summary();
    let product = quantity(&summary, "product_exponents");
    let values = product.value.clone().unwrap();
    for (value, strength) in values.iter().zip([1.0, 0.5_f64]) {
        assert!((value - (0.05 * strength).ln_1p()).abs() < 2e-4, "{value}");
    }
    assert!(product.standard_error.is_some_and(|error| error < 1e-4) && !product.exact);
    // one mode: the product is 2 × 2 and its top exponent that of the saddle of one weight pair, exactly known
    let mut session = Session::new("rank?inputs=dense&noise=3&lr=0.2&strengths=0.7&width=1");
    run(&mut session, "spectrum");
    let summary = session.summary();
    let product = quantity(&summary, "product_exponents");
    let (got, want) =
        (product.value.clone().unwrap()[0], quantity(&summary, "mode_exponents").value.clone().unwrap()[0]);
    let error = product.standard_error.unwrap();
    assert!((got - want).abs() < 4.0 * error && error < 0.01, "{got} for {want} ± {error}");
}

/// The product's chain: a shard gives the same alone as after the others, and the exponents are said at its end.
#[test]
fn a_shard_of_the_product_can_begin_anew() {
    let mut session = Session::new("rank?inputs=dense&strengths=1,0.5");
    let (chain, key) = job(&session, "spectrum");
    assert!(chain.chain && chain.shards > 1);
    for shard in 0..chain.shards {
        assert_eq!(quantity(&session.summary(), "product_exponents").value, None, "{shard}");
        run_shard(&mut session, "spectrum", shard);
        let found = session.shard(&key, shard).unwrap();
        assert_eq!(session.compute("spectrum", shard, None).unwrap(), found, "{shard}");
    }
    assert!(quantity(&session.summary(), "product_exponents").value.is_some());
}

#[test]
fn dragging_zooming_and_hovering() {
    let mut session = Session::new("rank?pixels=16&steps=500");
    let map = figure(&session, "map");
    session.drag(&map, &map.handles[0].clone(), (0.07, 1.25));
    assert_eq!(session.fragment(), "rank?v=1&lr=0.07&noise=1.25&steps=500&pixels=16");
    session.zoom(&map, (0.05, 1.0), (0.1, 2.0));
    let map = figure(&session, "map");
    assert_eq!((map.x.min, map.x.max, map.y.min, map.y.max), (0.05, 0.1, 1.0, 2.0));
    session.zoom_reset(&map);
    assert_eq!(session.fragment(), "rank?v=1&lr=0.07&noise=1.25&steps=500&pixels=16");
    assert!(session.hover("map", (0.07, 1.25)).contains("predicted 4"));
    assert_eq!(session.hover("map", (9.0, 1.0)), "");
    run(&mut session, "singular-values");
    assert!(session.hover("singular-values", (500.0, 1.0)).starts_with("step 500, first run: "));
    assert!(session.hover("exponents", (0.07, 0.0)).contains("s = 0.300"));
}

#[test]
fn bad_links_are_repaired_and_say_so() {
    for (link, said) in [
        ("rank?strengths=1,2,3,4,5,6,7,8,9", "strengths: has 9 entries, at most 8 are allowed"),
        ("rank?width=17", "width: “17” is not a whole number from 1 to 16"),
        ("rank?strengths=1,x", "strengths: entry 2, “x” is not a number from -10 to 10"),
        ("rank?x0=0.3&x1=0.1", "x0, x1: the axis cannot run from 0.3 to 0.1; 0 to 0.35 is used instead."),
        ("rank?steps=100000&replicas=15&pixels=96&inputs=dense&batch=64", "are too much work"),
    ] {
        let session = Session::new(link);
        let texts: Vec<&str> = session.problems().iter().map(|problem| problem.text.as_str()).collect();
        assert!(texts.len() == 1 && texts[0].contains(said), "{link}: {texts:?}");
        assert_eq!(Session::new(&session.fragment()).problems(), [], "{link}");
        assert!(session.jobs().iter().map(|(job, _)| job.cost).sum::<f64>() < 2.5e10, "{link}");
    }
}

#[test]
fn a_sign_that_the_errors_leave_open_is_called_open() {
    // The least of four exponents: −0.0006 ± 0.0004, and −0.0022 ± 0.0008.
    for (lr, open) in [("0.04", true), ("0.14", false)] {
        let mut session = Session::new(&format!("rank?inputs=dense&noise=2&lr={lr}"));
        run(&mut session, "spectrum");
        let text = session.summary().verdict.text;
        assert!(text.starts_with("3 of 4 exponents of the product are positive"), "{text}");
        assert_eq!(
            text.contains("One is within two standard errors of 0: its sign is not certain."),
            open,
            "{text}"
        );
    }
}

/// Beyond λγ = 1 the wrong sign grows faster: the greater exponent is that of `u − w`, multiplied out here for one mode, batch 1, from
/// draws of `x` and `ε` on a lattice of quantiles.
#[test]
fn beyond_a_decay_of_one_over_the_rate_the_wrong_sign_counts() {
    let session = Session::new("rank?v=1&strengths=1&noise=0.1&decay=10&lr=0.195&width=2");
    let summary = session.summary();
    let text = &summary.verdict.text;
    assert!(text.contains("1 of 1 modes’ exponents are positive (0.135)"), "{text}");
    assert!(summary.notes.iter().any(|note| note.contains("Here λγ > 1")), "{:?}", summary.notes);
    // one-hot: X = 1 − λγ ∓ λ(s + σε) at each visit
    let quantile = |k: u32| {
        let (mut low, mut high) = (-9.0_f64, 9.0_f64);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            let below = 0.5 * libm::erfc(-middle / 2_f64.sqrt());
            if below < (f64::from(k) + 0.5) / 4000.0 { low = middle } else { high = middle }
        }
        low
    };
    let mean = |sign: f64| -> f64 {
        let factor = |k| (1.0 - 1.95 + sign * 0.195 * (1.0 + 0.1 * quantile(k))).abs().ln();
        (0..4000).map(factor).sum::<f64>() / 4000.0
    };
    assert!(
        (mean(-1.0) - 0.135).abs() < 6e-4 && (mean(1.0) + 0.281).abs() < 6e-4,
        "{} {}",
        mean(-1.0),
        mean(1.0)
    );
}
