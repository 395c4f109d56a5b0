//! Laws and links at the edge of sense: numbers, words and pictures all the same.

use crate::session::{finished, quantity, value};
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
fn landing_exactly_is_minus_infinity() {
    // one unit input: every step lands at λ = 1
    let session = finished("spectrum?dim=1&lr=1");
    let summary = session.summary();
    assert_eq!(value(&summary, "spectrum_1"), f64::NEG_INFINITY);
    assert_eq!(list(&summary), [f64::NEG_INFINITY]);
    assert_eq!(summary.verdict.code, "attractive");
    assert!(summary.verdict.text.contains("−∞"), "{}", summary.verdict.text);
    all_well(&session);
    // in two dimensions only the second direction lands
    let session = finished("spectrum?dim=2&lr=1");
    let summary = session.summary();
    assert!((value(&summary, "spectrum_1") - 0.5_f64.ln()).abs() < 0.02);
    assert_eq!(value(&summary, "spectrum_2"), f64::NEG_INFINITY);
    assert_eq!(value(&summary, "exponent_sum"), f64::NEG_INFINITY);
    assert!(summary.notes[0].contains("both are −∞"), "{}", summary.notes[0]);
    assert_eq!(session.table("ladder").rows[1][1..3], ["−∞", "to rounding"]);
    all_well(&session);
}

fn list(summary: &saddlescope::labs::Summary) -> Vec<f64> {
    quantity(summary, "exact_spectrum").value.clone().unwrap()
}

#[test]
fn lengths_that_never_change() {
    // reflections at λ = 2
    let session = finished("spectrum?dim=4&lr=2");
    let summary = session.summary();
    assert_eq!(summary.verdict.code, "zero");
    assert!(value(&summary, "spectrum_1").abs() < 1e-12);
    all_well(&session);
    // no noise and no signal: the identity
    let session = finished("spectrum?law=neuron&noise=0&outputs=2&inputs=2");
    let summary = session.summary();
    assert_eq!(summary.verdict.code, "zero");
    assert_eq!(list(&summary), [0.0; 4]);
    for name in ["spectrum_1", "spectrum_4", "exponent_sum", "log_determinant"] {
        let row = quantity(&summary, name);
        assert!(row.exact && row.value == Some(vec![0.0]) && row.standard_error.is_none(), "{name}");
    }
    assert_eq!(summary.notes[0], "Sum check: ΣΛ = 0 (exact), E log|det M| = 0 (exact): equal to rounding.");
    let untouched = "No sample touches 4 of the 4 directions: there Λ = 0 exactly, the distance stays.";
    assert!(summary.notes.iter().any(|note| note == untouched), "{:?}", summary.notes);
    assert!(session.table("spectrum").rows.iter().all(|row| row[2] == "exact" && row[5] == "zero"));
    all_well(&session);
    for (more, code) in [("&decay=0.1", "attractive"), ("&decay=10&exponents=top", "repulsive")] {
        let session = finished(&format!("spectrum?law=neuron&noise=0&outputs=2&inputs=2&lr=0.3{more}"));
        let verdict = session.summary().verdict;
        assert!(verdict.code == code && verdict.text.contains("exact"), "{more}: {}", verdict.text);
        all_well(&session);
    }
}

#[test]
fn signal_without_noise_and_many_modes() {
    let session = finished(
        "spectrum?law=neuron&noise=0&signal=0.5,-0.25&outputs=2&inputs=3&input_law=signs&lr=0.2&steps=200000",
    );
    let summary = session.summary();
    // the trace of H is 0, its mean has negative eigenvalues: unstable at every rate, for every criterion
    assert_eq!(summary.verdict.code, "repulsive");
    assert_eq!(quantity(&summary, "gd_limit").words, "at no learning rate");
    all_well(&session);
}

#[test]
fn weight_decay_alone_contracts() {
    let session = finished("spectrum?law=neuron&noise=0&decay=0.5&lr=0.4&outputs=1&inputs=2");
    let summary = session.summary();
    assert!((value(&summary, "spectrum_1") - 0.8_f64.ln()).abs() < 1e-12);
    // |1 − λγ| < 1
    assert!((value(&summary, "mean_square_limit") - 4.0).abs() < 1e-9);
    assert!((value(&summary, "gd_limit") - 4.0).abs() < 1e-9);
    all_well(&session);
}

#[test]
fn bad_links_are_repaired_and_say_so() {
    for (link, said) in [
        ("spectrum?x0=2&x1=1", "x0, x1: the axis cannot run from 2 to 1; 0 to 2.5 is used instead."),
        ("spectrum?dim=65", "dim: “65” is not a whole number from 1 to 64; 2 is used instead."),
        ("spectrum?dim=64&batch=4096", "batch: steps with 4096 samples in 64 dimensions are too much work;"),
        (
            "spectrum?dim=48&steps=100000000",
            "steps: 100000000 steps with matrices of 48 rows are too much work;",
        ),
        ("spectrum?signal=x", "signal: "),
    ] {
        let session = Session::new(link);
        let texts: Vec<&str> = session.problems().iter().map(|problem| problem.text.as_str()).collect();
        assert!(texts.iter().any(|text| text.contains(said)), "{link}: {texts:?}");
        let again = Session::new(&session.fragment());
        assert_eq!(again.problems(), [], "{link}");
        let work: f64 = again.jobs().iter().map(|(job, _)| job.cost).sum();
        assert!(work < 2.5e10, "{link}: {work}");
    }
}

/// A logarithmic axis of a source whose own axis ends early.
#[test]
fn a_logarithmic_axis_fits_every_source() {
    for link in [
        "spectrum?dim=40&input_law=gaussian&xlog=1&steps=5000",
        "spectrum?xlog=1",
        "spectrum?law=neuron&noise=9&xlog=1",
    ] {
        let session = Session::new(link);
        assert_eq!(session.problems(), [], "{link}");
        let axis = session.figures()[0].x.clone();
        assert!(0.0 < axis.min && axis.min < 0.5 * axis.max, "{link}: {axis:?}");
    }
}

/// The largest matrices: a first picture at once, and no shard that takes long by its own estimate.
#[test]
fn sixty_four_dimensions() {
    let session = Session::new("spectrum?dim=64");
    for (job, _) in session.jobs() {
        let each = job.cost / f64::from(job.shards);
        assert!(each < 4.5e7 || job.shards == 1, "{}: {each}", job.name);
    }
    let mut session = Session::new(&format!("{}&steps=1500", session.fragment()));
    for name in ["exact-point", "run", "radius", "limits", "determinant", "exact-rates"] {
        crate::session::run(&mut session, name);
    }
    let summary = session.summary();
    let exact = list(&summary);
    assert_eq!(exact.len(), 64);
    assert_eq!(summary.values.iter().filter(|one| one.name.starts_with("spectrum_")).count(), 64);
    assert!(
        (value(&summary, "spectrum_64") - exact[63]).abs() < 0.01,
        "{} {}",
        value(&summary, "spectrum_64"),
        exact[63]
    );
    all_well(&session);
}
