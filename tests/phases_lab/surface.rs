//! The loss surface: contours against the loss summed over the data, runs against SGD's own step.

use crate::session::{curve, figure, finished, run};
use saddlescope::charts::figure::{Figure, Ink, Layer};
use saddlescope::charts::palette;
use saddlescope::core::curvature::Law;
use saddlescope::core::data_set::DataSet;

/// Contours: thin muted lines.
fn contours(figure: &Figure) -> Vec<Vec<(f64, f64)>> {
    let thin = figure.layers.iter().filter_map(|layer| match layer {
        Layer::Line { points, ink: Ink::Muted, .. } => Some(points.clone()),
        _ => None,
    });
    thin.collect()
}

/// Runs: lines in a colour of their end.
fn paths(figure: &Figure) -> Vec<Vec<(f64, f64)>> {
    let coloured = figure.layers.iter().filter_map(|layer| match layer {
        Layer::Line { points, ink: Ink::Fixed(_), .. } => Some(points.clone()),
        _ => None,
    });
    coloured.collect()
}

#[test]
fn the_loss_is_constant_on_every_contour_and_least_on_the_bold_one() {
    let teacher = DataSet::draw(&Law::teacher(0.3, 2.0).unwrap(), 16, 245);
    let samples: Vec<(f64, f64)> =
        teacher.inputs.iter().copied().zip(teacher.outputs.iter().copied()).collect();
    for (link, samples) in [
        ("phases", vec![(1.0, 1.0), (1.0, -0.9)]),
        ("phases?a=-1.5", vec![(1.0, 1.0), (1.0, -1.5)]),
        ("phases?v=1&lr=0.4&law=teacher&n=16&seed=245", samples),
    ] {
        let loss = |u: f64, w: f64| {
            let sum: f64 = samples.iter().map(|(x, y)| (u * w * x - y) * (u * w * x - y)).sum();
            0.5 * sum / samples.len() as f64
        };
        let session = finished(link, &["surface"]);
        let figure = figure(&session, "surface");
        let contours = contours(&figure);
        assert!((6..40).contains(&contours.len()), "{link}: {} contours", contours.len());
        let least = curve(&figure, "least loss");
        let bottom = loss(least[3].0, least[3].1);
        for (index, line) in contours.iter().chain([&least]).enumerate() {
            let on: Vec<f64> = line.iter().filter(|(u, _)| !u.is_nan()).map(|(u, w)| loss(*u, *w)).collect();
            assert!(on.iter().all(|l| (l / on[0] - 1.0).abs() < 1e-12), "{link}: contour {index}: {on:?}");
            assert!(index == contours.len() || on[0] > bottom, "{link}: contour {index} is below the least");
        }
        // The line under the pointer says the same loss.
        let hint = session.hover("surface", (0.31, -0.17));
        let said = hint.split("loss ").nth(1).and_then(|rest| rest.split(',').next()).expect("a loss");
        let said: f64 = said.replace('\u{2212}', "-").parse().expect("a number");
        assert!((said / loss(0.31, -0.17) - 1.0).abs() < 0.006, "{link}: {hint}");
        let (u, w) = least[3];
        let step = 1e-4 * u.abs();
        assert!(
            loss(u + step, w) > bottom && loss(u - step, w) > bottom,
            "{link}: the bold line is a minimum"
        );
    }
}

/// Between two places lies one step of SGD on one of the two samples.
#[test]
fn runs_take_steps_of_sgd_from_one_start() {
    let (lr, a, decay) = (0.3, -0.6, 0.05);
    let session = finished(&format!("phases?lr={lr}&a={a}&decay={decay}&horizon=120"), &["surface"]);
    let paths = paths(&figure(&session, "surface"));
    assert_eq!(paths.len(), 8);
    let start = paths[0][0];
    assert!(start.0 > 0.0 && start.1 == 0.0, "{start:?}");
    let mut second = 0;
    for path in &paths {
        assert_eq!((path.len(), path[0]), (121, start));
        for pair in path.windows(2) {
            let [(u, w), to] = [pair[0], pair[1]];
            let after = |y: f64| {
                let residual = u * w - y;
                ((1.0 - lr * decay) * u - lr * residual * w, (1.0 - lr * decay) * w - lr * residual * u)
            };
            let close = |y: f64| (after(y).0 - to.0).abs() < 1e-9 && (after(y).1 - to.1).abs() < 1e-9;
            assert!(close(1.0) || close(a), "{pair:?} is no step");
            second += u32::from(close(a));
        }
    }
    // 960 fair coins: standard deviation 15.5
    assert!((f64::from(second) - 480.0).abs() < 5.0 * 15.5, "{second}");
    assert!(paths.windows(2).all(|pair| pair[0] != pair[1]), "the runs differ");
}

#[test]
fn the_picture_explains_collapse_and_correct_learning() {
    let ends = |link: &str| -> (Vec<(f64, f64)>, Vec<String>) {
        let figure = figure(&finished(link, &["surface"]), "surface");
        let last = paths(&figure).iter().map(|path| path[path.len() - 1]).collect();
        (last, figure.key.iter().map(|(_, words)| words.clone()).collect())
    };
    let (places, key) = ends("phases");
    assert_eq!(key, ["8 at the saddle"]);
    assert!(places.iter().all(|(u, w)| u.abs() + w.abs() < 1e-6), "{places:?}");
    // little noise: every run ends at uw = E z
    let (places, key) = ends("phases?lr=0.1&a=0.8");
    assert_eq!(key, ["8 correct sign"]);
    assert!(places.iter().all(|(u, w)| (u * w - 0.9).abs() < 0.1), "{places:?}");
    let (_, key) = ends("phases?lr=1.9&a=-0.5");
    assert!(key.iter().any(|words| words.contains("wrong sign") || words.contains("diverged")), "{key:?}");
    let counts: u32 = key.iter().map(|words| words.split(' ').next().unwrap().parse::<u32>().unwrap()).sum();
    assert_eq!(counts, 8);
}

#[test]
fn diverged_runs_are_counted_and_leave_no_dot() {
    let session = finished("phases?lr=2.8&a=-2.5", &["surface"]);
    let figure = figure(&session, "surface");
    assert_eq!(figure.key.iter().map(|(_, words)| words.as_str()).collect::<Vec<_>>(), ["8 diverged"]);
    let dots = figure.layers.iter().filter_map(|layer| match layer {
        Layer::Points { points, .. } => Some(points.len()),
        _ => None,
    });
    assert_eq!(dots.sum::<usize>(), 0);
    assert!(
        session
            .summary()
            .notes
            .iter()
            .any(|note| note.contains("from one start") && note.contains("8 diverged"))
    );
    let finite = |path: &Vec<(f64, f64)>| path.iter().all(|(u, w)| u.is_finite() && w.is_finite());
    assert!(paths(&figure).iter().all(finite));
}

#[test]
fn playing_moves_the_dots_along_the_runs() {
    let mut session = finished("phases?horizon=100", &["surface"]);
    let whole = paths(&figure(&session, "surface"));
    session.play("surface", 0.25);
    let part = figure(&session, "surface");
    assert!(part.playable);
    for (shown, all) in paths(&part).iter().zip(&whole) {
        assert_eq!(shown.as_slice(), &all[..26]);
    }
    let dots = part.layers.iter().find_map(|layer| match layer {
        Layer::Points { points, ink: Ink::Fixed(colour), .. } if *colour == palette::PHASE_III => {
            Some(points.clone())
        }
        _ => None,
    });
    assert_eq!(dots.unwrap(), whole.iter().map(|path| path[25]).collect::<Vec<_>>());
}

#[test]
fn another_seed_is_another_set_of_runs() {
    let one = paths(&figure(&finished("phases", &["surface"]), "surface"));
    let mut session = finished("phases", &["surface"]);
    session.set("seed", "2");
    run(&mut session, "surface");
    assert_ne!(one, paths(&figure(&session, "surface")));
}
