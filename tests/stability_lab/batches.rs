//! Λ and the rates that attract, against the batch size.

use crate::session::{figure, finished, preset, run, run_shard};
use saddlescope::charts::figure::{Dash, Layer};
use saddlescope::core::curvature::Law;
use saddlescope::labs::session::Session;

/// Bars of `batch-rate`: the batch size, and the interval.
fn bars(session: &Session) -> Vec<(u32, f64, f64)> {
    let figure = figure(session, "batch-rate");
    let bar = |layer: &Layer| match layer {
        Layer::Band { x, low, high, .. } => Some(((x[0] * x[1]).sqrt().round() as u32, low[0], high[0])),
        _ => None,
    };
    figure.layers.iter().filter_map(bar).collect()
}

#[test]
fn exponents_are_those_of_each_batch_law() {
    let session = finished("stability?law=gaussian");
    let figure = figure(&session, "batch-exponent");
    let points = figure.layers.iter().find_map(|layer| match layer {
        Layer::Points { points, .. } => Some(points.clone()),
        _ => None,
    });
    let points = points.expect("dots");
    assert_eq!((points.len(), points[0].0, points[23].0), (24, 1.0, 4096.0));
    let law = Law::gaussian(-0.2, 1.0).unwrap();
    for (size, value) in points {
        let exact = law.batch(size as u32).exponent(1.0, -0.5).value;
        assert!((value - exact).abs() < 1e-12, "{size}: {value} {exact}");
    }
    // The dashed line is the expansion for small steps.
    let small = figure.layers.iter().find_map(|layer| match layer {
        Layer::Line { points, dash: Dash::Dashed, .. } => Some(points.clone()),
        _ => None,
    });
    for (size, value) in small.expect("the expansion") {
        assert!((value - (0.1 - 0.125 * (0.04 + 1.0 / size))).abs() < 1e-12, "{size}");
    }
}

#[test]
fn larger_batches_close_the_gaussian_window() {
    let session = finished("stability?law=gaussian");
    let bars = bars(&session);
    assert_eq!(bars.iter().map(|bar| bar.0).collect::<Vec<_>>(), [1, 2], "{bars:?}");
    assert!((bars[0].1 - 0.349_157).abs() < 1e-6 && (bars[0].2 - 1.205_752).abs() < 1e-6);
    let notes = session.summary().notes.join(" ");
    assert!(notes.contains("At 2 of 24 batch sizes") && notes.contains("the largest is S = 2"), "{notes}");
    assert!(!notes.contains("may be missing"), "a Gaussian window is never missed");
    let scanned = finished("stability");
    let notes = scanned.summary().notes.join(" ");
    // S + 1 atoms: from S = 64 on they are more than 64.
    assert!(notes.contains("For 13 of them, whose batch law has more than 64 atoms, windows are found to the resolution of 96 rates: narrower ones may be missing."), "{notes}");
    assert!(scanned.hover("batch-rate", (64.0, 1.0)).ends_with("(resolution: 96 rates)"));
    assert!(!scanned.hover("batch-rate", (45.0, 1.0)).contains("resolution"));
    let line = figure(&session, "batch-rate").layers.iter().find_map(|layer| match layer {
        Layer::Line { points, .. } => Some(points.clone()),
        _ => None,
    });
    for (size, rate) in line.expect("signal over noise") {
        assert!((rate - 0.4 / (0.04 + 1.0 / size)).abs() < 1e-9, "{size}");
    }
}

/// Each end of a bar that is not the end of the domain is a root of Λ, also where roots are not listed but scanned.
#[test]
fn bars_end_where_the_exponent_changes_its_sign() {
    for (link, law) in [
        ("stability", Law::two_point(-1.2, 0.5).unwrap()),
        (
            "stability?law=discrete&values=0.1,3&probs=0.9,0.1&x1=20",
            Law::discrete(vec![0.1, 3.0], vec![0.9, 0.1]).unwrap(),
        ),
    ] {
        let session = finished(link);
        let figure = figure(&session, "batch-rate");
        let bars = bars(&session);
        assert!(bars.iter().any(|bar| bar.0 == 1) && bars.len() > 5, "{link}: {bars:?}");
        let mut scanned = 0;
        for (size, from, to) in bars {
            let batch = law.batch(size);
            let exponent = |lr: f64| batch.exponent(1.0, -lr).value;
            assert!(exponent((from * to).sqrt()) < 0.0 || to < 1.01 * from, "{link}, {size}: {from} to {to}");
            for end in [from, to] {
                if end > figure.y.min && end < figure.y.max {
                    let off = 0.02 * end;
                    scanned += u32::from(size > 63);
                    assert!(
                        (exponent(end - off) < 0.0) != (exponent(end + off) < 0.0) || to < 1.05 * from,
                        "{link}, {size}: {end}"
                    );
                }
            }
        }
        assert!(scanned > 0 || link == "stability", "{link}: no scanned end was looked at");
    }
}

#[test]
fn a_coarse_picture_comes_first_where_sizes_are_costly() {
    let link = "stability?law=discrete&values=1,0.4,-0.3,-1.2&probs=0.3,0.2,0.2,0.3";
    let mut session = Session::new(link);
    for shard in 0..5 {
        run_shard(&mut session, "batch-exponents", shard);
    }
    let sizes = |session: &Session| -> Vec<f64> {
        let rows = session.table("batch-exponent").rows;
        rows.iter().map(|row| row[0].parse().unwrap()).collect()
    };
    assert_eq!(sizes(&session), [1.0, 8.0, 64.0, 512.0, 4096.0]);
    run(&mut session, "batch-exponents");
    assert_eq!(sizes(&session).len(), 24);
    assert!(sizes(&session).windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn a_law_that_lands_says_so() {
    let mut session = preset("lands");
    run(&mut session, "batch-exponents");
    let figure = figure(&session, "batch-exponent");
    assert!(format!("{:?}", figure.layers).contains("Λ = −∞"));
    assert!(figure.y.min.is_finite() && figure.y.min < figure.y.max);
}
