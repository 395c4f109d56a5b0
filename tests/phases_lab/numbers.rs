//! The numbers and words at the crosshair.

use crate::captions::captions_come_from_the_summary;
use crate::session::{colours, diagram, finished, preset, presets, quantity, run, run_shard, value};
use saddlescope::core::curvature::Law;
use saddlescope::labs::session::Session;
use saddlescope::labs::summary::number;
use std::collections::HashSet;

/// The names of `result()`, as links to this project know them.
const NAMES: [&str; 11] = [
    "exponent",
    "exponent_plus",
    "exponent_minus",
    "second_moment",
    "log_moment_1",
    "log_moment_2",
    "tail_exponent",
    "critical_rates",
    "runs_to_see_mean",
    "escape_time",
    "escape_time_bounds",
];

/// Jobs of the numbers that are not had at once.
const JOBS: [&str; 4] = ["rates", "fan-plus", "fan-minus", "passage"];

const CODES: [&str; 6] = ["Ia", "Ib", "II", "III", "IV", "escapes"];

#[test]
fn the_default_point_has_the_stated_numbers() {
    let summary = Session::new("").summary();
    assert_eq!(summary.verdict.code, "III");
    assert!((value(&summary, "exponent_plus") - 0.5 * 0.504_f64.ln()).abs() < 1e-12);
    assert!((value(&summary, "exponent_minus") - 0.5 * 0.344_f64.ln()).abs() < 1e-12);
    // X of the wrong direction is 1 − 0.8 or 1 + 0.72.
    assert!((value(&summary, "second_moment") - 0.5 * (0.04 + 1.72 * 1.72)).abs() < 1e-12);
    // Curvature +xy: the factor is 1 − λz, as that of the wrong direction.
    assert!((value(&summary, "exponent") - 0.5 * 0.344_f64.ln()).abs() < 1e-12);
    assert!((value(&summary, "log_moment_1") - (0.5 * (0.2 + 1.72_f64)).ln()).abs() < 1e-12);
    assert!((value(&summary, "log_moment_2") - (0.5 * (0.04 + 1.72 * 1.72_f64)).ln()).abs() < 1e-12);
    // E|X| = 0.96 < 1 < E X²: the root lies between.
    let root = value(&summary, "tail_exponent");
    assert!((1.0..2.0).contains(&root));
    assert!((0.5 * (0.2_f64.powf(root) + 1.72_f64.powf(root)) - 1.0).abs() < 1e-9);
}

#[test]
fn the_other_direction_has_its_own_numbers() {
    let summary = Session::new("phases?sign=minus").summary();
    assert!((value(&summary, "exponent") - 0.5 * 0.504_f64.ln()).abs() < 1e-12);
    assert!((value(&summary, "log_moment_1") - (0.5 * (1.8 + 0.28_f64)).ln()).abs() < 1e-12);
}

#[test]
fn presets_lie_where_they_say() {
    let stated =
        [("two-point", "III"), ("batch-2", "III"), ("batch-4", "Ib"), ("batch-8", "Ib"), ("teacher", "III")];
    for (id, code) in stated {
        assert_eq!(preset(id).summary().verdict.code, code, "{id}");
    }
}

#[test]
fn presets_differ_in_every_word_that_depends_on_the_point() {
    let mut sessions: Vec<Session> = presets().iter().map(|one| preset(one.id)).collect();
    for session in &mut sessions {
        for name in JOBS {
            run(session, name);
        }
        run_shard(session, "map", 0);
    }
    let distinct = |texts: Vec<String>| texts.into_iter().collect::<HashSet<_>>().len();
    let summaries: Vec<_> = sessions.iter().map(Session::summary).collect();
    let all = sessions.len();
    assert_eq!(distinct(summaries.iter().map(|summary| format!("{summary:?}")).collect()), all);
    assert_eq!(distinct(summaries.iter().map(|summary| summary.verdict.text.clone()).collect()), all);
    assert!(distinct(summaries.iter().map(|summary| summary.verdict.heading.clone()).collect()) > 2);
    assert_eq!(distinct(sessions.iter().map(|session| diagram(session).alt.clone()).collect()), all);
    assert!(distinct(sessions.iter().map(|session| diagram(session).title.clone()).collect()) > 3);
    for name in NAMES {
        let texts = summaries.iter().map(|summary| quantity(summary, name).text()).collect();
        assert!(distinct(texts) > 3, "{name} hardly depends on the preset");
    }
}

/// The captions of the figures beside the map say what the page says elsewhere, and not the same at every preset.
#[test]
fn captions_say_what_the_summary_says() {
    let mut sessions: Vec<Session> = presets().iter().map(|one| preset(one.id)).collect();
    for session in &mut sessions {
        for name in JOBS.into_iter().chain(["surface"]) {
            run(session, name);
        }
        run_shard(session, "map", 0);
        captions_come_from_the_summary(session, &["32", "10⁸", "1", "0", "2"]);
    }
    for index in 1..sessions[0].figures().len() {
        let alts: HashSet<String> =
            sessions.iter().map(|session| session.figures()[index].alt.clone()).collect();
        assert!(alts.len() > 5, "{alts:?}");
    }
}

/// The verdict quotes the numbers of the list, and every phase has a sentence of its own.
#[test]
fn verdicts_say_what_the_numbers_say() {
    let points = [
        ("phases?lr=0.2&a=-0.6", "Ib"),
        ("phases?lr=0.61&a=-0.6", "Ia"),
        ("phases?lr=1.9&a=-0.5", "II"),
        ("phases", "III"),
        ("phases?lr=2.8&a=-2.5", "IV"),
        // z ∈ {1, −2} with mean 0
        ("phases?a=-2&q=0.3333333333333333", "escapes"),
    ];
    let mut sentences = HashSet::new();
    for (link, code) in points {
        let summary = Session::new(link).summary();
        assert_eq!(summary.verdict.code, code, "{link}");
        assert!(CODES.contains(&code));
        let (plus, minus) = (value(&summary, "exponent_plus"), value(&summary, "exponent_minus"));
        let square = value(&summary, "second_moment");
        let signs = (plus > 0.0, minus > 0.0, square < 1.0);
        let agrees = match code {
            "Ia" => signs == (true, false, false),
            "Ib" => signs == (true, false, true),
            "II" => !signs.0 && signs.1,
            "III" => !signs.0 && !signs.1,
            "IV" => signs.0 && signs.1,
            _ => signs.0 != signs.1,
        };
        assert!(agrees, "{link}: {code} with {signs:?}");
        let text = &summary.verdict.text;
        for exponent in [plus, minus] {
            assert!(text.contains(&number(exponent, 3)), "{link}: “{text}” does not say {exponent}");
        }
        let words: String = text.chars().filter(|c| c.is_alphabetic()).collect();
        assert!(sentences.insert(words), "{code} has the sentence of another phase");
    }
}

#[test]
fn exchanging_the_signs_of_all_data_changes_names_only() {
    let one = Session::new("phases?law=discrete&values=1,-0.4&probs=0.5,0.5&lr=0.6").summary();
    let other = Session::new("phases?law=discrete&values=-1,0.4&probs=0.5,0.5&lr=0.6&sign=minus").summary();
    assert_eq!(one.verdict.code, other.verdict.code);
    for name in &NAMES[..7] {
        let (one, other) = (&quantity(&one, name).value, &quantity(&other, name).value);
        assert_eq!(one, other, "{name}");
    }
}

#[test]
fn result_has_all_names_and_codes() {
    for one in presets() {
        let mut session = preset(one.id);
        for name in JOBS {
            run(&mut session, name);
        }
        let summary = session.summary();
        let mut names: Vec<&str> = summary.values.iter().map(|quantity| quantity.name).collect();
        names.sort_unstable();
        let mut expected = NAMES.to_vec();
        expected.sort_unstable();
        assert_eq!(names, expected, "{}", one.id);
        assert!(CODES.contains(&summary.verdict.code), "{}", one.id);
        for quantity in &summary.values {
            assert_eq!(quantity.list, ["critical_rates", "escape_time_bounds"].contains(&quantity.name));
            assert!(!quantity.symbol.is_empty() && !quantity.label.is_empty());
            let simulated = quantity.name == "escape_time";
            assert_eq!(quantity.exact, !simulated, "{}: {quantity:?}", one.id);
            assert_eq!(quantity.standard_error.is_some(), simulated, "{}: {quantity:?}", one.id);
            assert_eq!(quantity.method.is_empty(), quantity.value.is_none(), "{}: {quantity:?}", one.id);
        }
    }
}

/// The curvature along the correct direction is γ − |E z|: with enough decay the saddle is none.
#[test]
fn collapse_is_despite_a_descent_direction_only_where_there_is_one() {
    for (link, falls) in [
        ("phases", true),
        ("phases?lr=0.5&a=-0.9&decay=0.04", true),
        ("phases?lr=0.5&a=-0.9&decay=0.06", false),
        ("phases?lr=0.8&a=-1.2&decay=0.2", false),
        // E z = 0
        ("phases?lr=0.8&a=-1", false),
    ] {
        let summary = Session::new(link).summary();
        assert_eq!(summary.verdict.code, "III", "{link}");
        let text = &summary.verdict.text;
        assert_eq!(text.contains("although the loss has a descent direction"), falls, "{link}: {text}");
        assert_eq!(text.contains("γ ≥ |E z| the loss has no descent direction"), !falls, "{link}: {text}");
    }
}

#[test]
fn infinite_and_missing_numbers_are_named() {
    // λ = 1 on z = 1: one step lands exactly.
    let summary = Session::new("phases?lr=1").summary();
    assert_eq!(value(&summary, "exponent_minus"), f64::NEG_INFINITY);
    assert!(quantity(&summary, "exponent_minus").words.contains("exactly"));
    // |X| is 0.8 or 0.9: no step ever grows.
    let summary = Session::new("phases?lr=0.2&a=0.5").summary();
    assert_eq!(value(&summary, "tail_exponent"), f64::INFINITY);
    let summary = Session::new("phases?lr=0.2&a=0.5&sign=minus").summary();
    assert_eq!(quantity(&summary, "tail_exponent").value, None);
    assert!(quantity(&summary, "tail_exponent").words.contains("none"));
}

#[test]
fn critical_rates_are_the_roots_in_the_whole_domain() {
    let session = finished("phases?a=-1.2", &["rates"]);
    let summary = session.summary();
    let rates = quantity(&summary, "critical_rates").value.clone().expect("they are listed");
    let exponent = |lr: f64| 0.5 * ((1.0 - lr).abs().ln() + (1.0 + 1.2 * lr).abs().ln());
    assert!(rates.len() >= 2, "{rates:?}");
    for rate in &rates {
        assert!((1e-3..=100.0).contains(rate) && exponent(*rate).abs() < 1e-9, "{rate}");
    }
    let signs: Vec<bool> =
        (0..100_000).map(|i| exponent(1e-3 * 1e5_f64.powf(f64::from(i) / 1e5)) > 0.0).collect();
    let changes = signs.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert_eq!(changes, rates.len(), "{rates:?}");
    assert!(quantity(&Session::new("").summary(), "critical_rates").value.is_none(), "on the way");
}

#[test]
fn finite_samples_give_numbers_and_a_picture_at_every_size() {
    for count in [1, 2, 16, 64, 65, 4096] {
        let mut session = Session::new(&format!("phases?law=teacher&lr=0.4&n={count}"));
        assert_eq!(session.problems(), [], "{count}");
        for (job, _) in session.jobs().into_iter().filter(|(job, _)| job.name != "boundaries") {
            run_shard(&mut session, job.name, 0);
        }
        let summary = session.summary();
        assert!(CODES.contains(&summary.verdict.code), "{count}: {:?}", summary.verdict);
        for quantity in &summary.values {
            assert!(quantity.value.iter().flatten().all(|x| !x.is_nan()), "{count}: {quantity:?}");
            let listed = count <= 64 || quantity.name != "critical_rates";
            assert!(
                quantity.value.is_some() == listed || !quantity.words.is_empty(),
                "{count}: {quantity:?}"
            );
        }
        let map = colours(&session).unwrap_or_else(|| panic!("{count}: no picture"));
        let one_colour = map.pixels.iter().all(|colour| *colour == map.pixels[0]);
        assert!(count == 1 || !one_colour, "{count}: one colour");
    }
}

#[test]
fn a_large_sample_has_nearly_the_exponents_of_the_population() {
    let law = Law::teacher(0.3, 2.0).unwrap().batch(1);
    for seed in 1..=5 {
        let sample = Session::new(&format!("phases?law=teacher&lr=0.4&n=4096&seed={seed}")).summary();
        let population = Session::new("phases?law=teacher&lr=0.4").summary();
        for (name, scale) in [("exponent_plus", 0.4), ("exponent_minus", -0.4)] {
            let error = (law.log_variance(1.0, scale).value / 4096.0).sqrt();
            let (sample, population) = (value(&sample, name), value(&population, name));
            let distance = (sample - population).abs();
            assert!(
                distance > 0.0 && distance < 5.0 * error,
                "{name}, seed {seed}: {sample} for {population} ± {error}"
            );
        }
    }
}

/// A number computed from a law on a grid must not be called exact without a word of the grid.
#[test]
fn the_tail_exponent_says_how_its_moments_were_had() {
    let method = |link: &str| {
        let mut session = Session::new(link);
        if session.jobs().iter().any(|(job, _)| job.name == "direction") {
            run(&mut session, "direction");
        }
        let summary = session.summary();
        let tail = quantity(&summary, "tail_exponent");
        assert!(tail.value.is_some(), "{link}: {tail:?}");
        tail.method.clone()
    };
    assert_eq!(method("phases"), "exact");
    assert!(method("phases?law=teacher&lr=0.15&noise=3.9").contains("within"));
    // On no common lattice, so that the sums of a batch do not merge.
    let values = "1,0.91382716049,0.71828182846,-0.33333333333,0.14159265359,-0.27182845904,0.57721566490,0.61803398875,\
                  -0.02718281828,0.32101234567,0.49012345678,-0.51098765432";
    let probs = "0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.05,0.05,0.05,0.05";
    let grid = method(&format!("phases?law=discrete&values={values}&probs={probs}&batch=40&lr=1.8"));
    assert!(grid.contains("grid"), "{grid}");
}

#[test]
fn every_name_is_explained_in_the_readme() {
    let readme = include_str!("../../README.md");
    for name in NAMES {
        assert!(readme.contains(&format!("`{name}`")), "{name}");
    }
}
