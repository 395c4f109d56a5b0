//! What the measured times are times of, and what is predicted of them, by runs written here; and the points without escape direction.

use super::session::{quantity, run, value};
use saddlescope::core::rng::{Purpose, Stream};
use saddlescope::core::stats::{Mean, mean};
use saddlescope::labs::session::Session;
use saddlescope::models::activation::Activation;
use saddlescope::models::biased_neuron::BiasedNeuron;

/// Lowest eigenvalue of `[[φ², −kφ′], [−kφ′, 0]]` and its direction, by the angle of its axes.
pub fn lowest(phi: f64, slope: f64, k: f64) -> (f64, [f64; 2]) {
    let angle = 0.5 * f64::atan2(-2.0 * k * slope, phi * phi);
    let (across, along) = (angle.cos(), -angle.sin());
    // the axis of the larger eigenvalue is (cos, sin), that of the lower one at right angles to it
    let n = [along, across];
    (n[0] * n[0] * phi * phi - 2.0 * k * slope * n[0] * n[1], n)
}

/// Plain SGD with batches of one on `u φ(w x + b)` from `r₀ n`: mean first times at which `|n·(u, w)|` and `‖(u, w)‖` are over `R`.
fn own_times(linear: bool, (b, k, sigma): (f64, f64, f64), rate: f64, n: [f64; 2], runs: u32) -> [Mean; 2] {
    let mut times = [(); 2].map(|()| Vec::new());
    for run in 0..runs {
        let mut stream = Stream::new(Purpose::DataSet, 99, 0, run);
        let (mut u, mut w) = (1e-6 * n[0], 1e-6 * n[1]);
        let mut found = [None; 2];
        for step in 1..40_000 {
            let x = stream.normal();
            let y = k * x + sigma * stream.normal();
            let before = w * x + b;
            let (phi, slope) =
                if linear { (before, 1.0) } else { (before.tanh(), 1.0 / before.cosh().powi(2)) };
            let error = u * phi - y;
            (u, w) = (u - rate * error * phi, w - rate * error * u * x * slope);
            let away = [(n[0] * u + n[1] * w).abs(), u.hypot(w)];
            for (found, away) in found.iter_mut().zip(away) {
                if found.is_none() && away > 0.2 {
                    *found = Some(f64::from(step));
                }
            }
            if found.iter().all(Option::is_some) {
                break;
            }
        }
        times.iter_mut().zip(found).for_each(|(times, found)| times.push(found.expect("it leaves")));
    }
    times.map(|times| mean(&times))
}

/// A row of the saddle with bias, at a rate near 0.1, with that rate.
fn biased_row(link: &str) -> (f64, Vec<String>, Session) {
    let mut session = Session::new(&format!("{link}&replicas=400&x0=0.095&x1=0.105"));
    run(&mut session, "escape");
    let rows = session.table("escape").rows;
    let row = rows.into_iter().filter(|row| row[1].starts_with("bias")).nth(7).expect("a rate in the middle");
    (0.095 * (0.105_f64 / 0.095).powf(7.5 / 16.0), row, session)
}

fn numbers(text: &str) -> Vec<f64> {
    text.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// Noise across the escape direction leaves the circle `R` up to seventy times sooner than runs leave along that direction: the page's
/// time is the latter (four standard errors of the difference), and the predicted one is near it, within 25 %, or 35 %.
#[test]
fn times_are_along_the_escape_direction() {
    for (link, linear, (b, k, sigma), ratio, room) in [
        ("types?v=1&bias=2", false, (2.0_f64, 1.0, 0.5), 60.0, 0.2),
        ("types?v=1&bias=1&slope=0.3", false, (1.0, 0.3, 0.5), 6.0, 0.2),
        ("types?v=1&activation=linear&bias=1&noise=0", true, (1.0, 1.0, 0.0), 1.7, 0.25),
        // the noise of curvatures adds a third to that of the gradient
        ("types?v=1&bias=1&slope=0.15", false, (1.0, 0.15, 0.5), 10.0, 0.35),
    ] {
        let (rate, row, _) = biased_row(link);
        let (phi, slope) = if linear { (b, 1.0) } else { (b.tanh(), 1.0 / b.cosh().powi(2)) };
        let (_, n) = lowest(phi, slope, k);
        let [along, any] = own_times(linear, (b, k, sigma), rate, n, 2000);
        assert!(along.value > ratio * any.value, "{link}: {along:?} {any:?}");
        let [measured, error] = numbers(&row[2])[..] else { panic!("{row:?}") };
        let far = (measured - along.value).abs();
        assert!(far < 4.0 * error.hypot(along.standard_error), "{link}: {row:?}, {along:?}");
        let [predicted] = numbers(&row[4])[..] else { panic!("{row:?}") };
        assert!((predicted / along.value - 1.0).abs() < room, "{link}: {row:?}, {along:?}");
    }
}

/// Without slope no curvature is negative: no type is named and no time predicted; with a bias every direction counts.
#[test]
fn a_point_without_escape_direction_is_of_neither_type() {
    let (rate, row, session) = biased_row("types?v=1&slope=0&noise=1&bias=1");
    assert_eq!((row[1].as_str(), &row[4][..7]), ("bias 1.00 (no escape direction)", "nothing"), "{row:?}");
    let [along, any] = own_times(false, (1.0, 0.0, 1.0), rate, [0.0, 1.0], 1000);
    assert!(along.value > 2.0 * any.value, "{along:?} {any:?}");
    let [measured, error] = numbers(&row[2])[..] else { panic!("{row:?}") };
    assert!((measured - any.value).abs() < 4.0 * error.hypot(any.standard_error), "{row:?}, {any:?}");
    let summary = session.summary();
    assert_eq!(summary.verdict.code, "flat");
    assert!(summary.verdict.text.contains("neither point is Type-I or Type-II"), "{}", summary.verdict.text);
    assert!(!summary.verdict.text.contains("(Type-"), "{}", summary.verdict.text);
    assert!(summary.notes.concat().contains("with it ‖(u, w)‖ counts"));
    assert!(quantity(&summary, "kicked_time").words.contains("no escape direction"));
    assert!((value(&summary, "exponent") < 0.0) && summary.verdict.text.contains("is attracted (Λ = −0.0"));

    // without noise every step is the identity to first order
    let still = Session::new("types?v=1&slope=0&noise=0").summary();
    assert_eq!((value(&still, "exponent"), still.verdict.code), (0.0, "flat"));
    assert!(
        still
            .verdict
            .text
            .starts_with("Without bias SGD is neither attracted nor repelled to first order (Λ = 0).")
    );
    let typed = Session::new("types?v=1").summary();
    assert!(!typed.notes.concat().contains("u = w") && typed.notes.concat().contains("|n·(u, w)|"));
}

/// Where the Hessian is 0 but samples' are not, a step multiplies the distance along `u = w`: Wald's bounds hold for the times there.
#[test]
fn without_slope_wald_still_holds_at_the_origin() {
    let mut session =
        Session::new("types?v=1&slope=0&noise=2&bias=0&replicas=400&lr=2&x0=1.8&x1=2.2&exit=0.05");
    run(&mut session, "escape");
    for row in session.table("escape").rows {
        assert!(row[1].ends_with("(mean Hessian 0)"), "{row:?}");
        let [measured, error] = numbers(&row[2])[..] else { panic!("{row:?}") };
        let predicted = numbers(&row[4]);
        assert!(measured > predicted[0] - 4.0 * error && measured < predicted[1] + 4.0 * error, "{row:?}");
    }
}

/// A slope however small has an escape direction, of curvature `−(kφ′)²/φ²`: no cancellation makes it 0.
#[test]
fn a_small_slope_has_an_escape_direction() {
    let summary = Session::new("types?v=1&slope=1e-9&bias=1").summary();
    let (phi, slope) = (1.0_f64.tanh(), 1.0 / 1.0_f64.cosh().powi(2));
    let wanted = -(1e-9 * slope / phi).powi(2);
    assert!((value(&summary, "curvature") / wanted - 1.0).abs() < 1e-12, "{}", summary.verdict.text);
    assert_eq!(summary.verdict.code, "attracts");
}

/// By samples of our own: what spreads a run across the escape direction, and how gradients along it vary there.
#[test]
fn the_noise_of_curvatures_is_that_of_samples() {
    let (phi, slope) = (0.9_f64.tanh(), 1.0 / 0.9_f64.cosh().powi(2));
    let (curvature, n) = lowest(phi, slope, 0.4);
    let (m, rate) = ([-n[1], n[0]], 0.3);
    let across = phi * phi - curvature;
    let mut stream = Stream::new(Purpose::DataSet, 5, 0, 0);
    let (mut place, mut sums) = (0.0, [0.0; 5]);
    for _ in 0..1_000_000 {
        // three samples a step, as its batch
        let mut batch = 0.0;
        for _ in 0..3 {
            let x = stream.normal();
            let y = 0.4 * x + 0.6 * stream.normal();
            let second = n[0] * m[0] * phi * phi - (n[0] * m[1] + n[1] * m[0]) * x * y * slope;
            batch -= m[0] * y * phi / 3.0;
            let terms = [second, second * second, (n[0] * y * phi).powi(2)];
            sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term / 3e6);
        }
        place -= rate * (across * place + batch);
        sums[3] += place * place / 1e6;
    }
    let wanted = sums[3] * (sums[1] - sums[0] * sums[0]) / sums[2];
    let neuron = BiasedNeuron { activation: Activation::Tanh, bias: 0.9, slope: 0.4, noise: 0.6 };
    let found = neuron.curvature_noise(rate, 3);
    assert!((found / wanted - 1.0).abs() < 0.02, "{found} {wanted}");
    assert_eq!(neuron.curvature_noise(2.0 / across, 3), f64::INFINITY);
    assert_eq!(BiasedNeuron { slope: 0.0, ..neuron }.curvature_noise(rate, 3), f64::INFINITY);
}

/// Where curvatures are noisier than the gradient along n, runs leave a thousand times sooner than without that noise: nothing is said.
#[test]
fn no_time_is_predicted_where_curvatures_are_the_noisier() {
    let (_, row, _) = biased_row("types?v=1&slope=0.001&noise=10&bias=1&batch=4&exit=1");
    assert_eq!(row[4], "nothing for such large steps");
    assert!(numbers(&row[2])[0] < 1000.0, "{row:?}");
}
