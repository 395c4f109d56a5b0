//! The numbers and verdicts at the point.

use crate::session::{finished, finished_preset, list, presets, quantity, run_all, value};
use saddlescope::labs::Summary;
use saddlescope::labs::session::Session;
use statrs::function::gamma::digamma;
use std::collections::HashSet;

fn summary(id: &str) -> Summary {
    finished_preset(id).summary()
}

#[test]
fn the_default_has_the_closed_form_of_the_circle() {
    let summary = summary("sphere-2");
    // Λ₁ = log((1 + |1 − λ|)/2), the sum is log|1 − λ|
    let (first, sum) = (0.65_f64.ln(), 0.3_f64.ln());
    let exact = list(&summary, "exact_spectrum");
    assert!((exact[0] - first).abs() < 1e-10 && (exact[0] + exact[1] - sum).abs() < 1e-10, "{exact:?}");
    for (name, wanted) in [("spectrum_1", first), ("spectrum_2", sum - first)] {
        let error = quantity(&summary, name).standard_error.expect("simulated numbers carry an error");
        let found = value(&summary, name);
        assert!((found - wanted).abs() < 4.0 * error && error < 0.01, "{name}: {found} ± {error}");
        assert!(!quantity(&summary, name).exact);
    }
    assert_eq!(
        (summary.verdict.code, summary.verdict.heading.as_str()),
        ("attractive", "The point attracts")
    );
    // every step has determinant 1 − λ
    assert!((value(&summary, "exponent_sum") - sum).abs() < 1e-12);
    assert!(summary.notes[0].contains("equal to rounding"), "{}", summary.notes[0]);
    // E[x xᵀ P x xᵀ] on the circle: the map's eigenvalue for P = I is 1 − λ + λ²/2
    assert!((value(&summary, "mean_square_radius") - (1.0 - 0.7 + 0.245)).abs() < 1e-12);
    assert!((value(&summary, "mean_square_limit") - 2.0).abs() < 1e-9);
    assert!((value(&summary, "gd_limit") - 4.0).abs() < 1e-9);
    let rates = list(&summary, "critical_rates");
    assert!(rates.len() == 1 && (rates[0] - 2.0).abs() < 1e-9, "{rates:?}");
}

/// Every preset with a closed form: the run within four and a half standard errors of it, exponent by exponent.
#[test]
fn runs_agree_with_closed_forms() {
    for one in presets() {
        let summary = summary(one.id);
        let exact = list(&summary, "exact_spectrum");
        assert_eq!(exact.is_empty(), one.id == "neuron-4-8", "{}", one.id);
        for (i, exact) in exact.iter().enumerate() {
            let name = format!("spectrum_{}", i + 1);
            let (found, error) = (value(&summary, &name), quantity(&summary, &name).standard_error.unwrap());
            assert!((found - exact).abs() < 4.5 * error, "{} {name}: {found} ± {error} for {exact}", one.id);
        }
    }
}

#[test]
fn gaussian_inputs_have_both_limits() {
    for (id, dim, batch, exact_limit) in [
        ("gaussian-1", 1.0, 1.0, Some(2.42)),
        ("gaussian-2", 2.0, 1.0, Some(0.94)),
        ("gaussian-8", 8.0, 1.0, None),
        ("gaussian-1-batch-4", 1.0, 4.0, None),
        ("gaussian-2-batch-4", 2.0, 4.0, None),
        ("gaussian-8-batch-4", 8.0, 4.0, None),
    ] {
        let session = finished_preset(id);
        let summary = session.summary();
        let square = 2.0 * batch / (dim + batch + 1.0);
        assert!((value(&summary, "mean_square_limit") - square).abs() < 1e-9, "{id}");
        assert!((value(&summary, "gd_limit") - 2.0).abs() < 1e-9, "{id}");
        let rates = list(&summary, "critical_rates");
        assert!(rates.len() == 1 && rates[0] > square, "{id}: {rates:?}");
        if let Some(limit) = exact_limit {
            assert!((rates[0] - limit).abs() < 5e-3, "{id}: {rates:?}");
        }
        // both are inside the drawn axis, and the point between them: attracted, though not in mean square
        let axis = &session.figures()[0].x;
        assert!(axis.min < square && rates[0] < axis.max, "{id}: {axis:?}");
        let lr = session.figures()[0].handles[0].at.0;
        assert!(square < lr && lr < rates[0], "{id}: {square} {lr} {}", rates[0]);
        assert_eq!(summary.verdict.code, "attractive", "{id}");
        assert!(value(&summary, "mean_square_radius") > 1.0);
        assert!(summary.verdict.text.contains("opposite"), "{}", summary.verdict.text);
    }
}

#[test]
fn noise_contracts_one_weight_and_expands_many() {
    let (few, many) = (summary("neuron-1-1"), summary("neuron-4-8"));
    assert_eq!((few.verdict.code, many.verdict.code), ("attractive", "repulsive"));
    assert!(value(&few, "spectrum_1") < 0.0 && value(&many, "spectrum_1") > 0.0);
    // there is no signal: gradient descent does not move, the mean square grows at every rate
    for summary in [&few, &many] {
        assert_eq!(quantity(summary, "gd_limit").words, "at every learning rate");
        assert_eq!(quantity(summary, "mean_square_limit").words, "at no learning rate");
    }
    assert_eq!(list(&few, "exact_spectrum").len(), 2);
    // its trace is 0 and its eigenvalues come in pairs ±: seven exponents of directions that the noise never meets twice
    assert_eq!(many.values.iter().filter(|quantity| quantity.name.starts_with("spectrum_")).count(), 12);
    // small noise: Λ₁/(λσ)² = 1.82 for (4, 8), −½ for (1, 1)
    for (link, wanted, room) in [
        ("spectrum?law=neuron&outputs=4&inputs=8&input_law=gaussian&lr=0.03&steps=400000", 1.82, 0.1),
        ("spectrum?law=neuron&outputs=1&inputs=1&input_law=gaussian&lr=0.03&steps=400000", -0.5, 0.05),
    ] {
        let mut session = Session::new(link);
        let run = |session: &mut Session, name: &str| crate::session::run(session, name);
        run(&mut session, "run");
        let top = if link.contains("=4") {
            value(&session.summary(), "spectrum_1")
        } else {
            run(&mut session, "exact-point");
            list(&session.summary(), "exact_spectrum")[0]
        };
        let scaled = top / (0.03 * 0.03);
        assert!((scaled - wanted).abs() < room, "{link}: {scaled}");
    }
}

#[test]
fn the_classics_have_their_constants() {
    let fibonacci = summary("fibonacci");
    let constant = 1.131_988_248_79_f64.ln();
    let error = quantity(&fibonacci, "spectrum_1").standard_error.unwrap();
    assert!((value(&fibonacci, "spectrum_1") - constant).abs() < 4.0 * error && error < 3e-3);
    assert!((list(&fibonacci, "exact_spectrum")[0] - constant).abs() < 1e-9);
    // |det| = 1
    assert!(value(&fibonacci, "exponent_sum").abs() < 1e-12);
    assert!(
        quantity(&fibonacci, "log_determinant").exact && value(&fibonacci, "log_determinant").abs() < 1e-12
    );
    assert_eq!(fibonacci.verdict.code, "repulsive");
    assert!(fibonacci.values.iter().all(|quantity| quantity.name != "gd_limit"));

    let newman = summary("newman");
    let exact = list(&newman, "exact_spectrum");
    for (i, exact) in exact.iter().enumerate() {
        let wanted = 0.5 * (2.0_f64.ln() + digamma((8 - i) as f64 / 2.0));
        assert!((exact - wanted).abs() < 1e-10, "{i}: {exact} {wanted}");
    }
    assert_eq!(exact.len(), 8);
}

/// Where no formula is known the run decides, at 99 %; near Λ = 0 it does not.
#[test]
fn the_run_decides_where_nothing_is_exact() {
    let signs = |lr: &str, steps: u32| {
        let mut session = Session::new(&format!("spectrum?input_law=signs&dim=3&lr={lr}&steps={steps}"));
        run_all(&mut session);
        session.summary()
    };
    let (attractive, repulsive) = (signs("0.2", 20_000), signs("1.5", 20_000));
    assert_eq!((attractive.verdict.code, repulsive.verdict.code), ("attractive", "repulsive"));
    for summary in [&attractive, &repulsive] {
        assert!(summary.verdict.text.contains("99 %"), "{}", summary.verdict.text);
        assert_eq!(quantity(summary, "exact_spectrum").words, "no closed form");
        assert_eq!(quantity(summary, "critical_rates").words, "no closed form");
    }
    // |1 − λ d| = 1 for d = 3 signs at λ = 2/3: every step keeps every length
    let zero = signs("0.6666666666666666", 20_000);
    assert_eq!(zero.verdict.code, "undecided");
    assert_eq!(zero.verdict.heading, "Undecided");
    let short = signs("0.66", 10);
    assert!(quantity(&short, "spectrum_1").method.contains("run too short"), "{short:?}");
    assert!(short.notes.iter().any(|note| note.contains("Run too short")));
}

#[test]
fn one_vector_agrees_with_the_whole_spectrum() {
    for link in [
        "spectrum?dim=8&lr=1.2",
        "spectrum?law=neuron&lr=0.3&signal=0.5,0.2&batch=3",
        "spectrum?law=gaussian&dim=5",
    ] {
        let (all, top) = (finished(link).summary(), finished(&format!("{link}&exponents=top")).summary());
        let error = |summary: &Summary| quantity(summary, "spectrum_1").standard_error.unwrap();
        let apart = (value(&all, "spectrum_1") - value(&top, "spectrum_1")).abs();
        assert!(apart < 4.5 * error(&all).hypot(error(&top)), "{link}: {apart}");
        assert!(error(&top) < error(&all), "{link}: sixteen vectors say more than one frame");
        assert!(
            top.values
                .iter()
                .all(|quantity| quantity.name != "spectrum_2" && quantity.name != "exponent_sum")
        );
        assert_eq!(top.verdict.code, all.verdict.code);
    }
}

#[test]
fn the_sum_check_is_said_and_holds() {
    for one in presets() {
        let summary = summary(one.id);
        let note = &summary.notes[0];
        assert!(note.starts_with("Sum check: ΣΛ = "), "{}: {note}", one.id);
        let (sum, wanted) = (quantity(&summary, "exponent_sum"), quantity(&summary, "log_determinant"));
        let error = sum.standard_error.unwrap().hypot(wanted.standard_error.unwrap_or(0.0));
        let apart = (value(&summary, "exponent_sum") - value(&summary, "log_determinant")).abs();
        assert!(apart <= 4.0 * error + 1e-9, "{}: {apart} against {error}", one.id);
    }
}

#[test]
fn presets_differ_in_every_word_that_depends_on_the_point() {
    let sessions: Vec<Session> = presets().iter().map(|one| finished_preset(one.id)).collect();
    let distinct = |texts: Vec<String>| texts.into_iter().collect::<HashSet<_>>().len();
    let summaries: Vec<Summary> = sessions.iter().map(Session::summary).collect();
    let all = sessions.len();
    assert_eq!(distinct(summaries.iter().map(|summary| summary.verdict.text.clone()).collect()), all);
    assert_eq!(distinct(summaries.iter().map(|summary| format!("{:?}", summary.notes)).collect()), all);
    for id in ["running", "ladder", "histogram"] {
        let alts = sessions.iter().map(|session| crate::session::figure(session, id).alt.clone()).collect();
        assert_eq!(distinct(alts), all, "{id}");
    }
    for summary in &summaries {
        assert!(["attractive", "repulsive", "undecided"].contains(&summary.verdict.code));
        for quantity in &summary.values {
            assert!(!quantity.symbol.is_empty() && !quantity.label.is_empty());
            assert!(!quantity.text().is_empty() && quantity.text() != "…", "{quantity:?}");
            assert!(quantity.value.iter().flatten().all(|x| !x.is_nan()), "{quantity:?}");
            assert_eq!(quantity.standard_error.is_some(), !quantity.exact, "{quantity:?}");
        }
    }
}
