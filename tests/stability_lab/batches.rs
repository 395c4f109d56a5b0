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

/// The law of the sum of `size` draws of `(multiple of the unit, probability)`: the weight of each sum from `least` on.
fn sums(law: &[(i32, f64)], size: u32) -> (i32, Vec<f64>) {
    let times = |(a0, a): &(i32, Vec<f64>), (b0, b): &(i32, Vec<f64>)| {
        let mut product = vec![0.0; a.len() + b.len() - 1];
        for (i, x) in a.iter().enumerate().filter(|(_, x)| **x > 1e-290) {
            product[i..].iter_mut().zip(b).for_each(|(sum, y)| *sum += x * y);
        }
        (a0 + b0, product)
    };
    let least = law.iter().map(|(value, _)| *value).min().unwrap();
    let most = law.iter().map(|(value, _)| *value).max().unwrap();
    let mut one = vec![0.0; (most - least) as usize + 1];
    for (value, weight) in law {
        one[(value - least) as usize] += weight;
    }
    let (mut square, mut result, mut rest) = ((least, one), (0, vec![1.0]), size);
    while rest > 0 {
        if rest % 2 == 1 {
            result = times(&result, &square);
        }
        rest /= 2;
        if rest > 0 {
            square = times(&square, &square);
        }
    }
    result
}

/// A scan may meet a rate at which a rare batch lands exactly, where Λ = −∞: that is no window. Every bar that can be seen has Λ < 0
/// inside, and where there is none Λ < 0 at no two neighbours of 300 rates; Λ from sums of the draws, multiplied out.
#[test]
fn a_rate_at_which_a_rare_batch_lands_is_no_window() {
    for (link, unit, law) in [
        (
            "values=1,0.4,-0.3,-1.2&probs=0.3,0.2,0.2,0.3",
            0.1,
            vec![(10, 0.3), (4, 0.2), (-3, 0.2), (-12, 0.3)],
        ),
        ("values=1,0,-1&probs=0.3,0.3,0.4", 1.0, vec![(1, 0.3), (0, 0.3), (-1, 0.4)]),
        ("values=0.5,-0.6,-0.1&probs=0.4,0.4,0.2", 0.1, vec![(5, 0.4), (-6, 0.4), (-1, 0.2)]),
    ] {
        let bars = bars(&finished(&format!("stability?law=discrete&{link}")));
        for size in [16, 91, 128, 181, 256, 362] {
            let (least, weights) = sums(&law, size);
            let exponent = |lr: f64| -> f64 {
                let value = |index: usize| f64::from(least + index as i32) * unit / f64::from(size);
                let terms = weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0);
                terms.map(|(index, weight)| weight * (1.0 - lr * value(index)).abs().ln()).sum()
            };
            let own: Vec<(f64, f64)> = bars
                .iter()
                .filter(|bar| bar.0 == size && bar.2 > 1.01 * bar.1)
                .map(|bar| (bar.1, bar.2))
                .collect();
            for (from, to) in &own {
                let inside = (1..10).map(|k| from * (to / from).powf((f64::from(k) + 0.007) / 10.0));
                for lr in inside {
                    assert!(exponent(lr) < 0.0, "{link}, {size}: {from} to {to}, {} at {lr}", exponent(lr));
                }
            }
            let rates: Vec<f64> = (0..300).map(|k| 0.00101 * 9.7e4_f64.powf(f64::from(k) / 299.0)).collect();
            let attracts: Vec<bool> = rates.iter().map(|lr| exponent(*lr) < 0.0).collect();
            for (lr, both) in rates.windows(2).zip(attracts.windows(2)) {
                let drawn = own.iter().any(|(from, to)| *from <= lr[1] && *to >= lr[0]);
                assert!(!(both[0] && both[1]) || drawn, "{link}, {size}: Λ < 0 from {} to {}", lr[0], lr[1]);
            }
        }
    }
}
