//! The curve Λ(λ), its window, and the strip below it.

use crate::session::{critical_rates, figure, finished, job, preset, run, run_shard};
use saddlescope::charts::figure::{Figure, Ink, Layer, Mark};
use saddlescope::labs::session::Session;

/// The longest line of a figure.
fn curve(figure: &Figure) -> Vec<(f64, f64)> {
    let lines = figure.layers.iter().filter_map(|layer| match layer {
        Layer::Line { points, .. } => Some(points.clone()),
        _ => None,
    });
    lines.max_by_key(Vec::len).expect("a line")
}

/// The ends of the shaded areas.
fn shaded(figure: &Figure) -> Vec<(f64, f64)> {
    let ends = figure.layers.iter().filter_map(|layer| match layer {
        Layer::Band { x, .. } => Some((x[0], x[x.len() - 1])),
        _ => None,
    });
    ends.collect()
}

fn two_point(lr: f64, a: f64) -> f64 {
    0.5 * ((1.0 - lr).abs().ln() + (1.0 - lr * a).abs().ln())
}

#[test]
fn points_lie_on_the_formula_and_are_dense_near_the_pole() {
    let session = finished("stability");
    let points = curve(&figure(&session, "exponent"));
    assert!(points.len() > 500);
    assert!(points.windows(2).all(|pair| pair[0].0 <= pair[1].0), "ascending");
    assert_eq!((points[0], points[points.len() - 1].0), ((0.0, 0.0), 2.0));
    for (lr, value) in &points {
        let exact = two_point(*lr, -1.2);
        assert!(
            *value == exact || (value - exact).abs() < 1e-9 * (1.0 + exact.abs()),
            "{lr}: {value}, {exact}"
        );
    }
    assert!(points.contains(&(1.0, f64::NEG_INFINITY)), "the pole is drawn to the bottom");
    // Down to the lower edge no step is higher than a tenth of the figure.
    let main = figure(&session, "exponent");
    let in_view = |value: f64| value.clamp(main.y.min, main.y.max);
    let steps = points.windows(2).map(|pair| (in_view(pair[1].1) - in_view(pair[0].1)).abs());
    assert!(steps.fold(0.0, f64::max) < 0.1 * (main.y.max - main.y.min));
}

#[test]
fn coarse_points_are_the_whole_curve_first() {
    let mut session = Session::new("stability?law=teacher&batch=7");
    run_shard(&mut session, "curve", 0);
    let coarse = curve(&figure(&session, "exponent"));
    assert_eq!((coarse.len(), coarse[0].0, coarse[64].0), (65, 0.0, 2.0));
    let before = figure(&session, "exponent").y.clone();
    run(&mut session, "curve");
    let fine = curve(&figure(&session, "exponent"));
    assert!(fine.len() > 500);
    assert_eq!(figure(&session, "exponent").y, before, "the axis stays as finer points come");
    for point in &coarse {
        let near = fine.iter().find(|fine| (fine.0 - point.0).abs() < 1e-12).expect("on both grids");
        assert!((near.1 - point.1).abs() < 1e-8, "{point:?} {near:?}");
    }
}

#[test]
fn shards_may_come_in_any_order() {
    let link = "stability?law=teacher&batch=30&noise=0&n=0";
    let in_order = finished(link);
    let mut backwards = Session::new(link);
    let shards = job(&backwards, "curve").0.shards;
    for shard in (0..shards).rev() {
        run_shard(&mut backwards, "curve", shard);
    }
    run(&mut backwards, "rates");
    assert_eq!(curve(&figure(&in_order, "exponent")), curve(&figure(&backwards, "exponent")));
}

#[test]
fn the_window_ends_at_the_critical_rates() {
    for id in ["attractive-saddle", "gaussian-saddle"] {
        let mut session = preset(id);
        run(&mut session, "curve");
        let rough = shaded(&figure(&session, "exponent"));
        run(&mut session, "rates");
        let rates = critical_rates(&session.summary());
        assert_eq!(shaded(&figure(&session, "exponent")), [(rates[0], rates[1])], "{id}");
        assert!((rough[0].0 - rates[0]).abs() < 1e-3 && rough != [(rates[0], rates[1])], "{id}: {rough:?}");
        let main = figure(&session, "exponent");
        let ticks = main.layers.iter().filter_map(|layer| match layer {
            Layer::Marker { x, y: 0.0, mark: Mark::Tick, label } => Some((*x, label.is_some())),
            _ => None,
        });
        assert_eq!(ticks.collect::<Vec<_>>(), [(rates[0], true), (rates[1], true)], "{id}");
    }
    let mut session = preset("batch-closes");
    for name in ["curve", "rates"] {
        run(&mut session, name);
    }
    let figure = figure(&session, "exponent");
    assert_eq!(shaded(&figure), []);
    assert!(format!("{:?}", figure.layers).contains("no window: Λ > 0 at every λ from 0.001 to 100"));
    // A window outside the range is another sentence.
    let session = finished("stability?x0=1.5&x1=2");
    assert!(
        format!("{:?}", crate::session::figure(&session, "exponent").layers)
            .contains("no window in this range")
    );
}

#[test]
fn the_strip_shows_each_criterions_rates() {
    let mut session = preset("minimum");
    for name in ["curve", "rates"] {
        run(&mut session, name);
    }
    let strip = figure(&session, "criteria");
    let mut bars: Vec<(usize, f64, f64)> = Vec::new();
    for layer in &strip.layers {
        if let Layer::Band { x, low, high, .. } = layer {
            assert_eq!(f64::midpoint(low[0], high[0]) % 1.0, 0.5, "in the middle of its row");
            bars.push((low[0] as usize, x[0], x[1]));
        }
    }
    let rate = 0.39_f64;
    let variance = 0.9 * 0.29_f64.powi(2) + 0.1 * 2.61_f64.powi(2);
    let exact = critical_rates(&session.summary())[0];
    // From the bottom: exact, diffusion, mean square, gradient descent.
    let expected = [
        (0, 0.0, exact),
        (1, 0.0, 20.0),
        (2, 0.0, 2.0 * rate / (rate * rate + variance)),
        (3, 0.0, 2.0 / rate),
    ];
    assert_eq!(bars.len(), 4);
    for (bar, expected) in bars.iter().zip(expected) {
        assert_eq!((bar.0, bar.1), (expected.0, expected.1));
        assert!((bar.2 - expected.2).abs() < 1e-9, "{bar:?} {expected:?}");
    }
    let dots =
        strip.layers.iter().filter(|layer| matches!(layer, Layer::Marker { mark: Mark::Dot, x: 1.2, .. }));
    assert_eq!(dots.count(), 4, "the reader's rate in every row");
    // At a saddle gradient descent and the mean square are stable nowhere, and say so.
    let session = finished("stability");
    let strip = figure(&session, "criteria");
    let words = strip.layers.iter().filter(|layer| matches!(layer, Layer::Line { label: Some(_), .. }));
    assert_eq!(words.count(), 2);
    assert_eq!(shaded(&strip).len(), 2);
}

/// One figure per log-moment: the curve is log E|X|^p, its zero is p*, its slope at 0 is Λ.
#[test]
fn moments_lie_on_their_formula() {
    let session = finished("stability");
    let moments = figure(&session, "moments");
    let exact = |p: f64| (0.5 * (0.5_f64.powf(p) + 1.6_f64.powf(p))).ln();
    let points = curve(&moments);
    assert_eq!(points.len(), 65);
    for (order, value) in points {
        assert!((value - exact(order)).abs() < 1e-12, "{order}");
    }
    let tail = crate::session::value(&session.summary(), "tail_exponent");
    assert!(exact(tail).abs() < 1e-9);
    let dots: Vec<(f64, f64)> = moments
        .layers
        .iter()
        .filter_map(|layer| match layer {
            Layer::Marker { x, y, mark: Mark::Dot, .. } => Some((*x, *y)),
            _ => None,
        })
        .collect();
    assert_eq!(dots.len(), 3);
    assert_eq!(dots[0], (tail, 0.0));
    assert!((dots[1].1 - exact(1.0)).abs() < 1e-12 && (dots[2].1 - exact(2.0)).abs() < 1e-12);
    assert_eq!(shaded(&moments), [(0.0, tail)], "moments that die are shaded");
    let slope = moments.layers.iter().find_map(|layer| match layer {
        Layer::Line { points, ink: Ink::Muted, .. } => Some(points[1].1 / points[1].0),
        _ => None,
    });
    assert!((slope.unwrap() - 0.5 * 0.8_f64.ln()).abs() < 1e-12);
    // A large p* is in view: X is ½ or 1.01, so 0.99 · ½^p + 0.01 · 1.01^p = 1 near p = 463.
    let session = finished("stability?law=discrete&values=0.5,-0.01&probs=0.99,0.01&lr=1");
    let moments = figure(&session, "moments");
    let tail = crate::session::value(&session.summary(), "tail_exponent");
    assert!((tail - 100_f64.ln() / 1.01_f64.ln()).abs() < 1e-6 * tail, "{tail}");
    assert!(moments.x.max > tail);
}
