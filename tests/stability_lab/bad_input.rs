//! Laws and links at the edge of sense: numbers, words and pictures all the same.

use crate::session::{finished, job, quantity, run, run_shard, value};
use saddlescope::charts::draw::draw;
use saddlescope::charts::palette::Theme;
use saddlescope::charts::svg::SvgSurface;
use saddlescope::labs::session::Session;

/// Draws every figure of a finished session and looks for numbers that are none.
fn all_well(session: &Session) {
    let link = session.fragment();
    for figure in session.figures() {
        for width in [320.0, 720.0] {
            let mut surface = SvgSurface::new();
            draw(&mut surface, &figure, width, &Theme::DARK)
                .unwrap_or_else(|error| panic!("{link}: {error}"));
            let svg = surface.finish();
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{link}: {}", figure.id);
        }
        assert!(!figure.alt.contains("undefined") && !figure.alt.is_empty(), "{link}: {}", figure.alt);
    }
    let summary = session.summary();
    for quantity in &summary.values {
        assert!(quantity.value.iter().flatten().all(|x| !x.is_nan()), "{link}: {quantity:?}");
    }
    let words = format!("{} {}", summary.verdict.text, summary.notes.join(" "));
    assert!(!words.contains("NaN") && !words.contains("undefined"), "{link}: {words}");
}

#[test]
fn laws_without_variance() {
    // Gradient descent: h = 0.8, so |X| = 0.6 and all criteria but the diffusion stop at 2.5.
    for link in [
        "stability?a=0.8&q=1",
        "stability?law=gaussian&mean=0.8&std=0",
        "stability?law=uniform&low=0.8&high=0.8",
        "stability?law=discrete&values=0.8&probs=1",
    ] {
        let session = finished(link);
        let summary = session.summary();
        assert!((value(&summary, "exponent") - 0.6_f64.ln()).abs() < 1e-14, "{link}");
        assert_eq!(value(&summary, "log_variance"), 0.0);
        for name in ["gd_limit", "l2_limit"] {
            assert!((value(&summary, name) - 2.5).abs() < 1e-12, "{link}");
        }
        assert_eq!(summary.verdict.code, "attractive");
        all_well(&session);
    }
    // X = 0 always.
    let session = finished("stability?law=gaussian&mean=1&std=0&lr=1");
    assert_eq!(session.summary().verdict.code, "attractive");
    all_well(&session);
}

#[test]
fn a_mean_of_exactly_zero() {
    for link in [
        "stability?a=-1",
        "stability?law=gaussian&mean=0",
        "stability?law=teacher&slope=0",
        "stability?law=uniform&low=-1&high=1",
    ] {
        let session = finished(link);
        let summary = session.summary();
        assert_eq!(value(&summary, "curvature_mean"), 0.0, "{link}");
        assert_eq!(quantity(&summary, "gd_limit").words, "at no learning rate", "{link}");
        assert_eq!(quantity(&summary, "sde_limit").words, "at every learning rate", "{link}");
        assert_eq!(quantity(&summary, "small_rate").value, None, "{link}");
        all_well(&session);
    }
}

/// FFT on a grid: the error is shown, and nothing takes long.
#[test]
fn the_largest_batch_of_sixty_four_values() {
    let values: Vec<String> = (0..64)
        .map(|i: i32| format!("{:.6}", -1.3 + 0.0401 * f64::from(i) + 1e-4 * f64::from(i * i % 7)))
        .collect();
    let probs: Vec<String> = vec!["0.015625".to_owned(); 64];
    let link = format!(
        "stability?law=discrete&values={}&probs={}&batch=4096&replicas=16&horizon=20&lr=0.8",
        values.join(","),
        probs.join(",")
    );
    let session = finished(&link);
    let summary = session.summary();
    assert!(
        quantity(&summary, "exponent").method.contains("on a grid, within"),
        "{:?}",
        quantity(&summary, "exponent")
    );
    assert!(quantity(&summary, "critical_rates").words.contains("not listed"));
    // In the batch figures 766,480 atoms (S = 4) are too many for a short shard: they are on a grid, looked at 48 times.
    for (size, rates) in [(2.0, 96), (4.0, 48), (4096.0, 48)] {
        let hint = session.hover("batch-rate", (size, 1.0));
        assert!(hint.ends_with(&format!("(resolution: {rates} rates)")), "{hint}");
    }
    // So large a batch is all but gradient descent.
    let mean = value(&summary, "curvature_mean");
    assert!((value(&summary, "exponent") - (1.0 - 0.8 * mean).abs().ln()).abs() < 1e-3);
    all_well(&session);
}

#[test]
fn a_rate_on_a_pole_of_a_data_set() {
    // One of sixteen samples of the law; its pole to the last digit.
    let session = Session::new("stability?n=16&law=gaussian&seed=3");
    assert_eq!(session.problems(), []);
    let law = saddlescope::core::curvature::Law::gaussian(-0.2, 1.0).unwrap();
    let sample = saddlescope::core::data_set::DataSet::draw(&law, 16, 3).curvatures();
    let largest = sample.iter().copied().fold(0.0, f64::max);
    let session = finished(&format!("stability?n=16&law=gaussian&seed=3&lr={}", 1.0 / largest));
    assert_eq!(value(&session.summary(), "exponent"), f64::NEG_INFINITY);
    assert_eq!(session.summary().verdict.code, "attractive");
    all_well(&session);
}

#[test]
fn bad_links_are_repaired_and_say_so() {
    for (link, said) in [
        ("stability?x0=2&x1=1", "x0, x1: the axis cannot run from 2 to 1; 0 to 2 is used instead."),
        (
            "stability?x0=500",
            "x0: “500” is not a number from 0 to 100 (linear axis of learning rate); 0 is used instead.",
        ),
        ("stability?law=uniform&low=3&high=1", "-1.4 and 1 are used instead."),
        ("stability?law=discrete&values=1,2", "1,0.2,-1.2 with 0.4,0.2,0.4 are used instead."),
        (
            "stability?horizon=1e9",
            "horizon: “1e9” is not a whole number from 10 to 2000; 200 is used instead.",
        ),
    ] {
        let session = Session::new(link);
        let texts: Vec<&str> = session.problems().iter().map(|problem| problem.text.as_str()).collect();
        assert!(texts.len() == 1 && texts[0].contains(said), "{link}: {texts:?}");
        assert_eq!(Session::new(&session.fragment()).problems(), [], "{link}");
    }
}

/// Work is bounded: the most expensive runs are cut, and the first shard of everything is short.
#[test]
fn too_much_work_is_cut() {
    let link = "stability?law=teacher&n=4096&batch=4096&horizon=2000&replicas=100000";
    let session = Session::new(link);
    let texts: Vec<&str> = session.problems().iter().map(|problem| problem.text.as_str()).collect();
    assert!(
        texts.len() == 1 && texts[0].starts_with("horizon: 2000 steps of 100000 runs, 4096 draws each"),
        "{texts:?}"
    );
    assert_eq!(Session::new(&session.fragment()).problems(), []);
    let (histogram, _) = job(&session, "histogram");
    assert!(histogram.cost <= 2.1e10, "{}", histogram.cost);
    let mut session = Session::new(&session.fragment());
    for name in ["histogram", "batch-exponents", "batch-rates", "curve"] {
        run_shard(&mut session, name, 0);
    }
    run(&mut session, "rates");
    all_well(&session);
}
