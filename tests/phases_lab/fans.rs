//! The fans of both directions, against the binomial law of a coin.

use crate::session::{curve, figure, finished, quantity, value};
use crate::sides::Coin;
use saddlescope::charts::figure::{Figure, Layer};

/// The two bands' edges: 5 %, 95 %, 25 %, 75 %.
fn edges(figure: &Figure) -> Vec<(Vec<f64>, Vec<f64>)> {
    let bands = figure.layers.iter().filter_map(|layer| match layer {
        Layer::Band { low, high, .. } => Some((low.clone(), high.clone())),
        _ => None,
    });
    bands.collect()
}

/// The simulated runs: thin lines without a name.
fn runs(figure: &Figure) -> Vec<Vec<(f64, f64)>> {
    let thin = figure.layers.iter().filter_map(|layer| match layer {
        Layer::Line { points, label: None, width, .. } if *width < 0.6 => Some(points.clone()),
        _ => None,
    });
    thin.collect()
}

#[test]
fn exact_curves_are_those_of_the_binomial_law() {
    let session = finished("phases", &["fan-plus", "fan-minus"]);
    for (id, sign) in [("fan-plus", 1.0), ("fan-minus", -1.0)] {
        let coin = Coin::new(0.8, -0.9, sign);
        let figure = figure(&session, id);
        let (median, bands) = (curve(&figure, "median"), edges(&figure));
        assert_eq!((median.len(), median.last().unwrap().0), (101, 200.0));
        for index in [0, 1, 7, 50, 100] {
            let t = median[index].0 as usize;
            let found =
                [median[index].1, bands[0].0[index], bands[0].1[index], bands[1].0[index], bands[1].1[index]];
            for (number, p) in found.into_iter().zip([0.5, 0.05, 0.95, 0.25, 0.75]) {
                let expected = coin.quantile(t, p);
                assert!((number - expected).abs() < 1e-9, "{id}, step {t}, {p}: {number} for {expected}");
            }
        }
        for (name, rate) in [("mean", coin.log_moment(1.0)), ("root mean square", 0.5 * coin.log_moment(2.0))]
        {
            let points = curve(&figure, name);
            assert!(points.iter().all(|(t, y)| (y - t * rate).abs() < 1e-10), "{id}: {name}");
        }
    }
}

/// With the paths weighted by |X|, the relative entropy of a step is Σ w ln(w/½).
#[test]
fn the_number_of_runs_that_show_the_mean_is_that_of_the_tilted_law() {
    for (link, sign) in [("phases", -1.0), ("phases?sign=minus", 1.0), ("phases?horizon=60", -1.0)] {
        let session = finished(link, &["fan-plus", "fan-minus"]);
        let coin = Coin::new(0.8, -0.9, sign);
        let steps = if link.contains("60") { 60.0 } else { 200.0 };
        let entropy: f64 = coin
            .steps
            .iter()
            .map(|step| 0.5 * (step - coin.log_moment(1.0)).exp())
            .map(|w| w * (2.0 * w).ln())
            .sum();
        let log = value(&session.summary(), "runs_to_see_mean").ln();
        assert!((log - steps * entropy).abs() < 1e-9, "{link}: {log} for {}", steps * entropy);
    }
    // 2·10³¹ at the default point
    let session = finished("phases", &["fan-plus", "fan-minus"]);
    let summary = session.summary();
    assert_eq!(quantity(&summary, "runs_to_see_mean").text(), "about 2·10³¹");
    assert!(
        summary
            .notes
            .iter()
            .any(|note| note.contains("about 2·10³¹ are needed") && note.contains("32 are drawn"))
    );
    // A number above the largest double is said, not given as infinite.
    let summary = finished("phases?horizon=2000", &["fan-plus", "fan-minus"]).summary();
    let runs = quantity(&summary, "runs_to_see_mean");
    assert_eq!((runs.text().as_str(), &runs.value), ("about 7·10³¹¹", &None));
}

/// Each run takes the steps of the law, as often as it should.
#[test]
fn simulated_runs_take_the_steps_of_the_law() {
    let session = finished("phases?horizon=100", &["fan-plus", "fan-minus"]);
    for (id, sign) in [("fan-plus", 1.0), ("fan-minus", -1.0)] {
        let coin = Coin::new(0.8, -0.9, sign);
        let runs = runs(&figure(&session, id));
        assert_eq!(runs.len(), 32);
        let mut second = 0;
        for run in &runs {
            assert_eq!((run.len(), run[0]), (101, (0.0, 0.0)));
            for pair in run.windows(2) {
                let step = pair[1].1 - pair[0].1;
                let which = coin.steps.iter().position(|known| (step - known).abs() < 1e-9);
                second += which.unwrap_or_else(|| panic!("{id}: a step of {step}"));
            }
        }
        // 3,200 fair coins: standard deviation 28.3
        assert!((f64::from(second as u32) - 1600.0).abs() < 5.0 * 28.3, "{id}: {second}");
    }
}

#[test]
fn the_thin_lines_are_the_runs_own_mean_and_root_mean_square() {
    let figure = figure(&finished("phases", &["fan-plus"]), "fan-plus");
    let runs = runs(&figure);
    let mean = curve(&figure, "sample mean: too few runs to see the tail");
    for index in [0, 10, 100] {
        let own = runs.iter().map(|run| run[index].1.exp()).sum::<f64>() / 32.0;
        assert!((mean[index].1 - own.ln()).abs() < 1e-9, "{index}: {} for {own}", mean[index].1);
    }
    // They end far below the exact one: that is what the picture is for.
    assert!(mean.last().unwrap().1 < curve(&figure, "mean").last().unwrap().1 - 20.0);
}

#[test]
fn playing_shows_runs_up_to_their_time_and_exact_curves_whole() {
    let mut session = finished("phases", &["fan-plus", "surface"]);
    let whole = figure(&session, "fan-plus");
    session.play("fan-plus", 0.405);
    let part = figure(&session, "fan-plus");
    assert!(part.playable);
    for (run, all) in runs(&part).iter().zip(runs(&whole)) {
        let last = run[run.len() - 1];
        assert!((last.0 - 81.0).abs() < 1e-9, "{last:?}");
        assert_eq!(run[..run.len() - 1], all[..run.len() - 1]);
        // half of the way from step 80 to 82
        assert!((last.1 - 0.5 * (all[40].1 + all[41].1)).abs() < 1e-9);
    }
    for name in ["median", "mean", "root mean square"] {
        assert_eq!(curve(&part, name), curve(&whole, name), "{name}");
    }
    session.play("fan-plus", 1.0);
    assert_eq!(figure(&session, "fan-plus"), whole);
}

/// X = 1 − z is 0 for z = 1: half of the runs end in the first step.
#[test]
fn runs_that_land_on_the_saddle_end_there_and_it_is_said() {
    let session = finished("phases?lr=1&a=0.5&horizon=40", &["fan-minus"]);
    let figure = figure(&session, "fan-minus");
    let runs = runs(&figure);
    let ends = figure.layers.iter().find_map(|layer| match layer {
        Layer::Points { points, .. } => Some(points.len()),
        _ => None,
    });
    assert!(runs.iter().all(|run| run.len() < 30), "after t steps 2⁻ᵗ of them are left");
    assert_eq!(ends, Some(32), "each end has a dot");
    let levels = figure.layers.iter().filter_map(|layer| match layer {
        Layer::HLine { label: Some(label), .. } => Some(label.clone()),
        _ => None,
    });
    assert_eq!(levels.collect::<Vec<_>>(), ["by step 1 half of the runs have landed exactly"]);
    assert!(curve(&figure, "median")[1..].iter().all(|(_, y)| y.is_nan()));
    // Mean and root mean square fall as (¼)ᵗ and (⅛)^(t/2), and are in view.
    assert!(figure.y.min < -40.0 * 4.0_f64.ln());
    assert!(session.summary().notes.iter().any(|note| note.contains("A step can land exactly")));
}

#[test]
fn the_falling_median_stays_in_view_while_the_mean_explodes() {
    for one in crate::session::presets() {
        let mut session = crate::session::preset(one.id);
        for id in ["fan-plus", "fan-minus"] {
            crate::session::run(&mut session, id);
            let figure = figure(&session, id);
            let median: Vec<f64> =
                curve(&figure, "median").iter().map(|(_, y)| *y).filter(|y| y.is_finite()).collect();
            let inside = |y: &f64| (figure.y.min..=figure.y.max).contains(y);
            assert!(!median.is_empty() && median.iter().all(inside), "{}: {id}", one.id);
            let bands = edges(&figure);
            let (low, high) = (bands[0].0.iter(), bands[0].1.iter());
            let lowest = low.copied().filter(|y| y.is_finite()).fold(0.0, f64::min);
            let highest = high.copied().filter(|y| y.is_finite()).fold(0.0, f64::max);
            let share = (highest - lowest) / (figure.y.max - figure.y.min);
            assert!(share > 0.35, "{}: {id}: the bands take {share} of the height", one.id);
        }
    }
}

/// Laws with a density have the central limit, which is drawn only from where its error is known.
#[test]
fn the_central_limit_begins_at_25_steps_and_says_its_error() {
    let session = finished("phases?law=gaussian&lr=0.5&horizon=100", &["fan-plus"]);
    let figure = figure(&session, "fan-plus");
    let median = curve(&figure, "median");
    // At step 0 every run is at its start.
    assert!(median.iter().all(|(t, y)| y.is_finite() == (*t == 0.0 || *t >= 25.0)), "{median:?}");
    let notes = session.summary().notes.join(" ");
    assert!(notes.contains("from step 25 on, are the central limit with skewness, within"), "{notes}");
    let session = finished("phases?law=gaussian&lr=0.5&horizon=20", &["fan-plus"]);
    assert!(session.summary().notes.join(" ").contains("Median and bands are not drawn"));
}

/// Where E z < 0 the correct direction is u = −w.
#[test]
fn fans_keep_the_names_of_the_exponents() {
    for (link, lines) in [
        ("phases?q=0.4", ["u = w", "u = −w"]),
        ("phases?a=-2&q=0.8", ["u = −w", "u = w"]),
        ("phases?law=gaussian&mean=-0.4&lr=0.5", ["u = −w", "u = w"]),
    ] {
        let session = finished(link, &["fan-plus", "fan-minus"]);
        let summary = session.summary();
        for ((id, exponent), line) in
            [("fan-plus", "exponent_plus"), ("fan-minus", "exponent_minus")].into_iter().zip(lines)
        {
            let figure = figure(&session, id);
            assert!(figure.title.ends_with(line), "{link}: {}", figure.title);
            let name = if id == "fan-plus" { "correct" } else { "wrong" };
            assert!(figure.title.contains(name), "{link}: {}", figure.title);
            // The median falls or rises with Λ, but for the skewness of a step.
            let median = curve(&figure, "median").last().unwrap().1;
            let expected = 200.0 * value(&summary, exponent);
            assert!((median - expected).abs() < 2.0, "{link}: {id} ends at {median} for {expected}");
        }
    }
    let session = finished("phases?a=-2&q=0.3333333333333333", &["fan-plus"]);
    assert_eq!(figure(&session, "fan-plus").title, "Distance from the saddle along u = w");
}
