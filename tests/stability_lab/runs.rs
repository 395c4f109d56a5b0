//! The simulated runs: their histogram against exact laws.

use crate::session::{figure, finished, job, preset, run, run_shard};
use saddlescope::charts::figure::{Figure, Layer};
use saddlescope::labs::session::Session;

/// The bars of the histogram: left end, right end, density.
fn bars(figure: &Figure) -> Vec<(f64, f64, f64)> {
    let band = figure.layers.iter().find_map(|layer| match layer {
        Layer::Band { x, high, .. } => Some((x.clone(), high.clone())),
        _ => None,
    });
    let (x, high) = band.expect("bars");
    x.chunks(2).zip(high.chunks(2)).map(|(x, high)| (x[0], x[1], high[0])).collect()
}

fn curve(figure: &Figure) -> Vec<(f64, f64)> {
    let line = figure.layers.iter().find_map(|layer| match layer {
        Layer::Line { points, .. } => Some(points.clone()),
        _ => None,
    });
    line.expect("the central limit")
}

/// Probability that the number of large factors among `t` fair ones is `k`.
fn binomial(t: u32, k: u32) -> f64 {
    (0..k).map(|i| (f64::from(t - i) / f64::from(k - i)).ln()).sum::<f64>().exp() / 2_f64.powi(t as i32)
}

/// With two step sizes the law of `log|z_t|/t` is binomial: every bar within five binomial errors, and each holds
/// equally many values.
#[test]
fn bars_have_the_binomial_shares() {
    let (steps, runs) = (100, 20_000);
    let session = finished(&format!("stability?horizon={steps}&replicas={runs}"));
    let figure = figure(&session, "histogram");
    let bars = bars(&figure);
    let value =
        |k: u32| (f64::from(k) * 1.6_f64.ln() + f64::from(steps - k) * 0.5_f64.ln()) / f64::from(steps);
    let inside =
        |from: f64, to: f64| (0..=steps).filter(|k| (from..to).contains(&value(*k))).collect::<Vec<u32>>();
    assert!(bars.len() > 10);
    let mut total = 0.0;
    for (from, to, density) in &bars {
        let values = inside(*from, *to);
        assert_eq!(values.len(), inside(bars[0].0, bars[0].1).len(), "equally many values in each bar");
        let probability: f64 = values.iter().map(|k| binomial(steps, *k)).sum();
        let error = (probability * (1.0 - probability) / f64::from(runs)).sqrt();
        let share = density * (to - from);
        assert!((share - probability).abs() < 5.0 * error + 1e-12, "{from} to {to}: {share}, {probability}");
        total += share;
    }
    assert!((0.999..=1.0 + 1e-12).contains(&total), "{total}");
}

/// The central limit is a density with mean Λ, variance s²/t and the third cumulant of a step over t².
#[test]
fn the_central_limit_has_the_right_cumulants() {
    let session = finished("stability?law=discrete&values=1,-1.2&probs=0.3,0.7&horizon=60");
    let points = curve(&figure(&session, "histogram"));
    let step = points[1].0 - points[0].0;
    let moment = |f: &dyn Fn(f64) -> f64| points.iter().map(|(x, y)| step * y * f(*x)).sum::<f64>();
    let logs = [(0.5_f64.ln(), 0.3), (1.6_f64.ln(), 0.7)];
    let mean: f64 = logs.iter().map(|(log, p)| p * log).sum();
    let cumulant = |power: i32| logs.iter().map(|(log, p)| p * (log - mean).powi(power)).sum::<f64>();
    assert!((moment(&|_| 1.0) - 1.0).abs() < 2e-3);
    assert!((moment(&|x| x) - mean).abs() < 1e-3 * mean.abs().max(0.1));
    assert!((60.0 * moment(&|x| (x - mean).powi(2)) / cumulant(2) - 1.0).abs() < 0.01);
    assert!((3600.0 * moment(&|x| (x - mean).powi(3)) / cumulant(3) - 1.0).abs() < 0.1);
}

#[test]
fn runs_do_not_depend_on_the_shards() {
    // The same runs in one shard and in many: the number of runs decides.
    let few = finished("stability?law=uniform&batch=64&horizon=300&replicas=100");
    let many = finished("stability?law=uniform&batch=64&horizon=300&replicas=2000");
    let (one, other) = (job(&few, "histogram"), job(&many, "histogram"));
    assert!(other.0.shards > one.0.shards, "{} and {}", one.0.shards, other.0.shards);
    let numbers = |session: &Session, (job, key): &(saddlescope::labs::Job, String)| -> Vec<f64> {
        (0..job.shards).flat_map(|shard| session.shard(key, shard).unwrap().to_vec()).collect()
    };
    let (few, many) = (numbers(&few, &one), numbers(&many, &other));
    assert_eq!((few.len(), many.len()), (100, 2000));
    assert_eq!(few, many[..100]);
}

#[test]
fn runs_that_land_are_counted_apart() {
    let mut session = preset("lands");
    run(&mut session, "histogram");
    let notes = session.summary().notes.join(" ");
    assert!(notes.contains("1000 landed on the point exactly"), "{notes}");
    let text = format!("{:?}", figure(&session, "histogram").layers);
    assert!(text.contains("all 1000 landed") && !text.contains("NaN") && !text.contains("inf"), "{text}");
    // One step in a hundred lands: after 10 steps nine runs in ten have not.
    let link = "stability?law=discrete&values=1,-1.2,0.2&probs=0.01,0.49,0.5&lr=1&horizon=10&replicas=10000";
    let mut session = Session::new(link);
    run(&mut session, "histogram");
    let notes = session.summary().notes.join(" ");
    let landed: f64 =
        notes.split(" landed on the point").next().unwrap().rsplit(' ').next().unwrap().parse().unwrap();
    let expected = 1e4 * (1.0 - 0.99_f64.powi(10));
    assert!((landed - expected).abs() < 5.0 * (expected * 0.9_f64).sqrt(), "{landed} {expected}");
    let share: f64 =
        bars(&figure(&session, "histogram")).iter().map(|(from, to, density)| density * (to - from)).sum();
    assert!((share - (1.0 - landed / 1e4)).abs() < 1e-9, "bars are shares of all runs: {share}");
}

#[test]
fn a_part_of_the_runs_is_a_picture_already() {
    let mut session = Session::new("stability?law=uniform&batch=64&replicas=4000");
    run_shard(&mut session, "histogram", 0);
    let shown = bars(&figure(&session, "histogram"));
    let share: f64 = shown.iter().map(|(from, to, density)| density * (to - from)).sum();
    assert!((share - 1.0).abs() < 0.01, "{share}");
}
