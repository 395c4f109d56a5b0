//! A network has at most as many modes as neurons: the number of positive exponents is capped by the width.

use crate::session::{figure, quantity, run, value};
use saddlescope::charts::figure::{Dash, Layer};
use saddlescope::labs::rank::parameters::Params;
use saddlescope::labs::rank::theory::mode_exponents;
use saddlescope::labs::session::Session;

/// Solid and dashed lines of the map.
fn lines(session: &Session) -> [Vec<Vec<(f64, f64)>>; 2] {
    let (mut solid, mut dashed) = (Vec::new(), Vec::new());
    for layer in figure(session, "map").layers.clone() {
        match layer {
            Layer::Line { points, dash: Dash::Solid, .. } => solid.push(points),
            Layer::Line { points, .. } => dashed.push(points),
            _ => {}
        }
    }
    [solid, dashed]
}

/// Four exponents are positive, two neurons keep two.
#[test]
fn positive_exponents_count_only_up_to_the_width() {
    for (inputs, exponents) in [("one-hot", "mode_exponents"), ("dense", "product_exponents")] {
        for (width, wanted) in [(1, 1.0), (2, 2.0), (4, 4.0), (6, 4.0)] {
            let mut session =
                Session::new(&format!("rank?inputs={inputs}&width={width}&lr=0.05&noise=0.2&pixels=16"));
            assert_eq!(session.problems(), []);
            if inputs == "dense" {
                run(&mut session, "spectrum");
            }
            let summary = session.summary();
            let all = quantity(&summary, exponents).value.clone().unwrap();
            assert!(all.len() == 4 && all.iter().all(|value| *value > 0.0), "{inputs}: {all:?}");
            assert_eq!(value(&summary, "predicted_rank"), wanted, "{inputs}, width {width}");
        }
    }
    let session = Session::new("rank?width=2&pixels=16");
    assert!(
        session.hover("map", (0.05, 0.2)).contains("predicted 2"),
        "{}",
        session.hover("map", (0.05, 0.2))
    );
}

/// One-hot: the boundaries of the two strongest modes are solid, those of the modes that find no neuron dashed.
#[test]
fn boundaries_beyond_the_width_are_dashed() {
    let mut session = Session::new("rank?width=2&strengths=0.3,1,0.5,0.7&pixels=16");
    run(&mut session, "curves");
    let p = Params { strengths: vec![0.3, 1.0, 0.5, 0.7], ..Params::default() };
    for (lines, modes) in lines(&session).into_iter().zip([[1, 3], [0, 2]]) {
        let mut met = [0; 2];
        for &(rate, noise) in lines.iter().flatten().filter(|point| point.0 > 0.0) {
            let exponents = mode_exponents(&p, rate, noise).unwrap();
            let zero = modes.iter().position(|mode| exponents[*mode].abs() < 1e-9);
            met[zero.unwrap_or_else(|| panic!("{modes:?} at λ = {rate}, σ = {noise}: {exponents:?}"))] += 1;
        }
        assert!(met.iter().all(|count| *count > 5), "{modes:?}: {met:?}");
    }
}

/// Dense: the zero lines of as many exponents of the product as there are neurons, the largest first.
#[test]
fn the_product_has_no_more_boundaries_than_neurons() {
    let of = |width: u32| {
        let link = format!("rank?inputs=dense&strengths=1,0.5,0.4&decay=0.3&width={width}&pixels=16&x1=0.12");
        let mut session = Session::new(&link);
        run(&mut session, "field");
        let [solid, dashed] = lines(&session);
        assert!(dashed.is_empty(), "the modes alone have not been computed");
        solid
    };
    let (narrow, wide) = (of(2), of(3));
    assert!(
        !narrow.is_empty() && wide.len() > narrow.len() && wide.starts_with(&narrow),
        "{narrow:?} {wide:?}"
    );
}
