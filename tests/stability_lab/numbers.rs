//! The numbers and verdicts at the point.

use crate::captions::captions_come_from_the_summary;
use crate::session::{critical_rates, finished, preset, presets, quantity, run, run_all, value};
use saddlescope::labs::Summary;
use saddlescope::labs::direction::sgd::RATES;
use saddlescope::labs::session::Session;
use saddlescope::labs::summary::number;
use std::collections::HashSet;

/// The names of `result()`, as links to this project know them.
const NAMES: [&str; 17] = [
    "exponent",
    "attractive",
    "log_moment_1",
    "log_moment_2",
    "tail_exponent",
    "critical_rates",
    "log_variance",
    "curvature_mean",
    "curvature_square",
    "small_rate",
    "gd_limit",
    "l2_limit",
    "sde_limit",
    "simulated_exponent",
    "runs_to_see_mean",
    "escape_time",
    "escape_time_bounds",
];

fn summary(id: &str) -> Summary {
    let mut session = preset(id);
    run(&mut session, "rates");
    session.summary()
}

#[test]
fn the_default_saddle_attracts_as_stated() {
    let summary = summary("attractive-saddle");
    // X is 1 − ½ or 1 + 0.6.
    assert!((value(&summary, "exponent") - 0.5 * 0.8_f64.ln()).abs() < 1e-15);
    assert!((value(&summary, "exponent") + 0.1116).abs() < 5e-5);
    assert_eq!(
        (summary.verdict.code, summary.verdict.heading.as_str()),
        ("attractive", "The saddle attracts")
    );
    assert!((value(&summary, "log_moment_1") - 1.05_f64.ln()).abs() < 1e-14);
    assert!((value(&summary, "log_moment_2") - (0.5 * (0.25 + 2.56_f64)).ln()).abs() < 1e-14);
    let steps = [0.5_f64.ln(), 1.6_f64.ln()];
    assert!((value(&summary, "log_variance") - ((steps[1] - steps[0]) / 2.0).powi(2)).abs() < 1e-14);
    assert!((value(&summary, "curvature_mean") + 0.1).abs() < 1e-15);
    assert!((value(&summary, "curvature_square") - 0.5 * (1.0 + 1.44)).abs() < 1e-15);
    assert!((value(&summary, "small_rate") - 0.2 / 1.22).abs() < 1e-15);
    assert!((value(&summary, "sde_limit") - 0.2 / 1.21).abs() < 1e-15);
    // (1 − λ)(1 + 1.2λ) = ±1: λ = 1/6, and the larger root of 1.2λ² − 0.2λ − 2 = 0.
    let rates = critical_rates(&summary);
    let last = (0.2 + (0.04 + 9.6_f64).sqrt()) / 2.4;
    assert_eq!(rates.len(), 2);
    assert!((rates[0] - 1.0 / 6.0).abs() < 1e-12 && (rates[1] - last).abs() < 1e-12, "{rates:?}");
    assert_eq!(value(&summary, "attractive"), 1.0);
}

#[test]
fn presets_have_the_stated_numbers() {
    let gaussian = summary("gaussian-saddle");
    assert!((value(&gaussian, "exponent") + 0.0505).abs() < 5e-5);
    let rates = critical_rates(&gaussian);
    assert_eq!(rates.len(), 2);
    assert!((rates[0] - 0.349_157).abs() < 5e-7 && (rates[1] - 1.205_752).abs() < 5e-7, "{rates:?}");

    let closed = summary("batch-closes");
    assert_eq!(critical_rates(&closed), [] as [f64; 0]);
    assert!(
        quantity(&closed, "critical_rates").words.contains(&format!("none from {} to {}", RATES.0, RATES.1))
    );
    assert_eq!(closed.verdict.code, "repulsive");

    let minimum = summary("minimum");
    assert!((value(&minimum, "exponent") + 0.0195).abs() < 5e-5);
    assert!((value(&minimum, "exponent") - (0.9 * 0.88_f64.ln() + 0.1 * 2.6_f64.ln())).abs() < 1e-14);
    assert!((value(&minimum, "l2_limit") - 0.858).abs() < 5e-4);
    assert!((value(&minimum, "gd_limit") - 5.13).abs() < 5e-3);
    let rates = critical_rates(&minimum);
    assert!(rates.len() == 1 && (rates[0] - 16.497).abs() < 5e-4, "{rates:?}");
    assert_eq!(minimum.verdict.heading, "The minimum attracts");

    let lands = summary("lands");
    assert_eq!(value(&lands, "exponent"), f64::NEG_INFINITY);
    assert_eq!(lands.verdict.code, "attractive");
    assert!(
        lands.verdict.text.contains("exactly") && lands.verdict.text.contains("−∞"),
        "{}",
        lands.verdict.text
    );
    assert!((value(&lands, "log_moment_1") - 0.5_f64.ln()).abs() < 1e-15);
}

/// The rate that small steps promise says how large steps are there, and how far it is from the exact one.
#[test]
fn the_small_step_rate_says_where_it_fails() {
    // √(E ĥ²)·λ_c = 0.2/√1.22 and (0.2/1.22)/(1/6) − 1.
    let good = summary("attractive-saddle");
    let small = quantity(&good, "small_rate");
    assert_eq!(small.text(), "0.1639");
    assert_eq!(small.method, "a step changes z by 0.18 of itself there; 1.6 % off the exact one");
    assert!((1.0 - 6.0 * value(&good, "small_rate") - 0.016).abs() < 1e-3);
    // N(−0.2, 1), S = 3: 2·0.2/√(0.04 + 1/3), and no root at all.
    let bad = summary("batch-closes");
    let small = quantity(&bad, "small_rate");
    assert_eq!(small.text(), "1.071, not to be trusted: steps are not small");
    assert_eq!(small.method, "a step changes z by 0.65 of itself there; there is no exact one");
    // Hardly any noise: λ_c·sd(ĥ) = 0.02 is small, and yet steps are not.
    let quiet = Session::new("stability?law=gaussian&mean=-1&std=0.01").summary();
    assert!(quantity(&quiet, "small_rate").text().contains("not to be trusted"));
}

/// E log|X| of a Gaussian law by the trapezoidal rule after the substitution that puts the singularity at infinity.
fn gaussian_exponent(mean: f64, std: f64, lr: f64) -> f64 {
    let (m, s) = (1.0 - lr * mean, lr * std);
    let density = |x: f64| (-0.5 * ((x - m) / s).powi(2)).exp() / (s * (2.0 * std::f64::consts::PI).sqrt());
    let step = 1e-3;
    (-40_000..6_000)
        .map(|i| f64::from(i) * step)
        .map(|y: f64| step * y * y.exp() * (density(y.exp()) + density(-y.exp())))
        .sum()
}

#[test]
fn the_other_sign_and_the_decay_count() {
    for (link, slope) in [("sign=minus", -1.0), ("sign=plus", 1.0)] {
        let link = format!("stability?law=gaussian&{link}&decay=0.3&lr=0.7&mean=0.4&std=1.5");
        let summary = Session::new(&link).summary();
        let exact = gaussian_exponent(0.3 + slope * 0.4, 1.5, 0.7);
        assert!((value(&summary, "exponent") - exact).abs() < 1e-7, "{link}: {exact}");
        assert!((value(&summary, "curvature_mean") - slope * 0.4).abs() < 1e-15);
        let rate = 0.3 + slope * 0.4;
        let square = rate * rate + 2.25;
        if rate < 0.0 {
            assert!((value(&summary, "small_rate") + 2.0 * rate / square).abs() < 1e-14);
            assert_eq!(quantity(&summary, "gd_limit").value, None);
        } else {
            assert!((value(&summary, "l2_limit") - 2.0 * rate / square).abs() < 1e-14);
            assert_eq!(quantity(&summary, "small_rate").value, None);
        }
    }
}

#[test]
fn verdicts_say_what_the_numbers_say() {
    let points = [
        ("stability", "attractive", true),
        ("stability?lr=0.1", "repulsive", true),
        ("stability?lr=1.6", "repulsive", true),
        ("stability?a=0.5", "attractive", false),
        ("stability?law=discrete&values=0.1,3&probs=0.9,0.1&lr=1.2", "attractive", false),
        ("stability?law=discrete&values=0.1,3&probs=0.9,0.1&lr=18", "repulsive", false),
        ("stability?lr=1", "attractive", true),
        ("stability?lr=0.16666666666666666", "zero", true),
        ("stability?a=0&q=1", "zero", true),
    ];
    let mut sentences = HashSet::new();
    for (link, code, is_saddle) in points {
        let summary = Session::new(link).summary();
        let text = &summary.verdict.text;
        assert_eq!(summary.verdict.code, code, "{link}: {text}");
        let exponent = value(&summary, "exponent");
        assert_eq!(code == "attractive", value(&summary, "attractive") == 1.0, "{link}");
        assert_eq!(is_saddle, value(&summary, "curvature_mean") <= 0.0, "{link}");
        if code != "zero" {
            assert!(text.contains(&number(exponent.abs(), 3)), "{link}: “{text}” does not say {exponent}");
            assert!(text.contains(&number(value(&summary, "curvature_mean"), 3)), "{link}: {text}");
            assert_eq!(summary.verdict.heading.contains("saddle"), is_saddle, "{link}");
        }
        sentences.insert(text.clone());
    }
    assert_eq!(sentences.len(), points.len());
    // What averages say, where they say the opposite.
    let summary = Session::new("stability").summary();
    for name in ["log_moment_1", "tail_exponent"] {
        assert!(
            summary.verdict.text.contains(&number(value(&summary, name), 3)),
            "{name}: {}",
            summary.verdict.text
        );
    }
    // h = 0 always: |X| = 1.
    assert!(Session::new("stability?a=0&q=1").summary().verdict.text.contains("constant"));
    // The walk at a critical rate is not constant.
    assert!(Session::new("stability?lr=0.16666666666666666").summary().verdict.text.contains("random walk"));
}

#[test]
fn presets_differ_in_every_word_that_depends_on_the_point() {
    let mut sessions: Vec<Session> = presets().iter().map(|one| preset(one.id)).collect();
    sessions.iter_mut().for_each(run_all);
    let distinct = |texts: Vec<String>| texts.into_iter().collect::<HashSet<_>>().len();
    let summaries: Vec<Summary> = sessions.iter().map(Session::summary).collect();
    let all = sessions.len();
    assert_eq!(distinct(summaries.iter().map(|summary| summary.verdict.text.clone()).collect()), all);
    assert_eq!(distinct(summaries.iter().map(|summary| format!("{:?}", summary.notes)).collect()), all);
    for index in 0..sessions[0].figures().len() {
        let alts: Vec<String> = sessions.iter().map(|session| session.figures()[index].alt.clone()).collect();
        assert_eq!(distinct(alts.clone()), all, "{alts:?}");
    }
    for name in NAMES {
        let texts: Vec<String> = summaries.iter().map(|summary| quantity(summary, name).text()).collect();
        assert!(distinct(texts.clone()) > 1, "{name} does not depend on the preset: {texts:?}");
    }
}

/// At presets, with every law, with weight decay, where steps are not small, and with data.
#[test]
fn captions_say_what_the_summary_says() {
    let links = [
        "stability?law=uniform&batch=3",
        "stability?law=teacher&noise=2&decay=0.1",
        "stability?law=discrete&values=2,-1,0.3&probs=0.3,0.4,0.3&lr=0.7&sign=minus",
        "stability?law=gaussian&n=20&lr=1.7",
    ];
    let sessions = presets().iter().map(|one| preset(one.id)).chain(links.map(Session::new));
    for mut session in sessions {
        assert_eq!(session.problems(), []);
        run_all(&mut session);
        // The fan draws 32 runs and the passage 10⁸-fold changes; the batch axis ends at 4096.
        captions_come_from_the_summary(&session, &["32", "10⁸", "4096", "1", "0", "2"]);
    }
}

#[test]
fn result_has_all_names_and_codes() {
    for one in presets() {
        let mut session = preset(one.id);
        run_all(&mut session);
        let summary = session.summary();
        let mut names: Vec<&str> = summary.values.iter().map(|quantity| quantity.name).collect();
        names.sort_unstable();
        let mut expected = NAMES.to_vec();
        // A law that is a list of numbers has a sign that can be proved.
        if !session.fragment().contains("law=gaussian") {
            expected.push("certificate");
        }
        expected.sort_unstable();
        assert_eq!(names, expected, "{}", one.id);
        assert!(["attractive", "repulsive", "zero"].contains(&summary.verdict.code));
        for quantity in &summary.values {
            assert!(!quantity.symbol.is_empty() && !quantity.label.is_empty());
            assert!(!quantity.text().is_empty() && quantity.text() != "…", "{}: {quantity:?}", one.id);
            assert!(quantity.value.iter().flatten().all(|x| !x.is_nan()), "{}: {quantity:?}", one.id);
        }
    }
}

#[test]
fn simulated_numbers_carry_their_error_and_agree() {
    let session = finished("stability?horizon=400&replicas=4000");
    let summary = session.summary();
    let simulated = quantity(&summary, "simulated_exponent");
    assert!(!simulated.exact);
    let error = simulated.standard_error.expect("an error");
    let expected = (value(&summary, "log_variance") / (400.0 * 4000.0)).sqrt();
    assert!((error / expected - 1.0).abs() < 0.1, "{error} for {expected}");
    // What is printed says so too.
    let number = saddlescope::labs::summary::number;
    let printed = format!("{} ± {}", number(value(&summary, "simulated_exponent"), 4), number(error, 2));
    assert_eq!(simulated.text(), printed);
    let (simulated, exact) = (value(&summary, "simulated_exponent"), value(&summary, "exponent"));
    assert!((simulated - exact).abs() < 4.0 * error && simulated != exact, "{simulated} ± {error}");
}

#[test]
fn every_name_is_explained_in_the_readme() {
    let readme = include_str!("../../README.md");
    for name in NAMES {
        assert!(readme.contains(&format!("`{name}`")), "{name}");
    }
}
