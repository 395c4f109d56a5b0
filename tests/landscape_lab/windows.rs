//! The learning rates at which the origin attracts: what the page says of them, against sums over the samples.

use crate::session::{figure, run};
use saddlescope::charts::figure::Layer;
use saddlescope::labs::landscape::parameters::Params;
use saddlescope::labs::landscape::windows::{collapse, compute, is_exact, shards};
use saddlescope::labs::session::Session;

/// `φ′(0) x y` of every batch of one or two samples.
fn means(p: &Params) -> Vec<f64> {
    let data = p.data();
    let one: Vec<f64> = data.x.iter().zip(&data.y).map(|(x, y)| 0.5 * x * y).collect();
    match p.batch {
        1 => one,
        _ => one.iter().flat_map(|a| one.iter().map(move |b| 0.5 * (a + b))).collect(),
    }
}

/// An exponent at a rate, as a sum.
fn exponent(p: &Params, means: &[f64], rate: f64, sign: f64) -> f64 {
    let each = means.iter().map(|z| (1.0 - rate * p.decay + sign * rate * z).abs().ln());
    each.sum::<f64>() / means.len() as f64
}

/// The windows of all shards, each part of the axis by itself.
fn windows(p: &Params) -> Vec<(f64, f64)> {
    let numbers: Vec<f64> = (0..shards(p)).flat_map(|shard| compute(p, shard)).collect();
    numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect()
}

fn states() -> [Params; 6] {
    let usual = Params::default();
    [
        usual.clone(),
        Params { noise: 0.0, ..usual.clone() },
        Params { noise: 3.0, decay: 0.3, ..usual.clone() },
        Params { samples: 1024, ..usual.clone() },
        Params { samples: 64, seed: 5, x0: Some(0.2), x1: Some(8.0), ..usual.clone() },
        Params { samples: 16, batch: 2, noise: 1.0, ..usual },
    ]
}

/// A rate is in a window exactly if both sums are negative: on a grid, and on the two sides of every end.
#[test]
fn windows_are_where_both_exponents_are_negative() {
    for p in states() {
        assert!(is_exact(&p));
        let found = windows(&p);
        assert!(
            found.iter().all(|(from, to)| from <= to) && found.is_sorted_by(|a, b| a.1 <= b.0),
            "{found:?}"
        );
        let (low, high): (f64, f64) = (p.x0.unwrap_or(0.01), p.x1.unwrap_or(3.0));
        let means = means(&p);
        let greater = |rate: f64| exponent(&p, &means, rate, 1.0).max(exponent(&p, &means, rate, -1.0));
        let mut inside = 0;
        for step in 0..1000 {
            let rate = low * (high / low).powf((f64::from(step) + 0.5) / 1000.0);
            let attracts = greater(rate) < 0.0;
            assert_eq!(
                found.iter().any(|(from, to)| (*from..=*to).contains(&rate)),
                attracts,
                "{p:?}: {rate}"
            );
            inside += i32::from(attracts);
        }
        let share = found.iter().map(|(from, to)| (to / from).ln()).sum::<f64>() / (high / low).ln();
        assert!(inside > 5 && (share - f64::from(inside) / 1000.0).abs() < 0.01, "{p:?}: {inside} {share}");
        // one exponent is −∞ at each of its poles: there is a window if the other is negative, and no window without a pole
        let mut poles = vec![0; found.len()];
        for (z, sign) in means.iter().flat_map(|z| [(z, 1.0), (z, -1.0)]) {
            let pole = 1.0 / (p.decay - sign * z);
            if low < pole && pole < high && exponent(&p, &means, pole, -sign) < 0.0 {
                let is_around =
                    |(from, to): &(f64, f64)| (from * (1.0 - 1e-14)..=to * (1.0 + 1e-14)).contains(&pole);
                poles[found.iter().position(is_around).unwrap_or_else(|| panic!("{p:?}: none at {pole}"))] +=
                    1;
            }
        }
        assert!(!poles.contains(&0), "{p:?}: {found:?} {poles:?}");
        for (from, to) in found.iter().filter(|(from, to)| to / from > 1.0 + 1e-6) {
            let near = 1e-3 * (to - from);
            for (end, side) in [(from, 1.0), (to, -1.0)] {
                // the borders of the axis and of its parts are no roots
                if greater(*end).abs() < 1e-9 {
                    assert!(greater(end + side * near) < 0.0, "{p:?}: {from} {to}");
                    assert!(greater(end - side * near.min(1e-6)) > 0.0, "{p:?}: {from} {to}");
                }
            }
        }
    }
}

/// The note names the widest windows and that of the reader's rate, with ends that differ; numbers from 400,000 rates elsewhere.
#[test]
fn the_note_says_what_the_verdict_says() {
    let said = |link: &str| {
        let mut session = Session::new(&format!("landscape?{link}"));
        run(&mut session, "windows");
        let summary = session.summary();
        let note = summary.notes.iter().find(|note| note.starts_with("The origin")).unwrap().clone();
        (summary.verdict.code, note)
    };
    let widest = "The origin attracts (both Λ < 0) in 43 windows of λ from 0.0100 to 3.00, together 3.6 % of that range in log λ; \
                  23 are narrower than λ/10⁶. The widest are 0.4027 to 0.4152, 0.6750 to 0.7002, 0.8169 to 0.8717.";
    // Λ₊ = 0.0030
    assert_eq!(said("lr=0.66"), ("correct", widest.to_owned()));
    assert_eq!(said("lr=0.41"), ("attracts", widest.to_owned()));
    let lies = format!("{widest} λ = 0.6250 lies in 0.6238 to 0.6308.");
    assert_eq!(said("lr=0.625"), ("attracts", lies));
    // found in four parts of the axis, one of which ends at 0.72
    assert!(said("samples=1024").1.contains("0.3672 to 1.617"));
    assert_eq!(said("samples=4").1, "The origin attracts at no rate from 0.0100 to 3.00.");
    for link in ["noise=0&lr=0.5", "noise=3&lr=0.4", "activation=swish", "samples=64", "samples=16&batch=2"] {
        let note = said(link).1;
        let words: Vec<&str> = note.split([' ', ',', '.']).collect();
        assert!(words.windows(3).all(|three| three[1] != "to" || three[0] != three[2]), "{note}");
    }
}

/// Where only points are known, that is said, and the reader's rate is one of them: shaded exactly if the verdict says so, also
/// beside ends that a straight line between two points puts a little too far.
#[test]
fn windows_from_points_agree_with_the_verdict_at_the_readers_rate() {
    let mut session = Session::new("landscape?samples=16&batch=6&noise=1");
    run(&mut session, "origin");
    let shaded = |session: &Session| -> Vec<f64> {
        let ends = |layer: &Layer| match layer {
            Layer::Band { x, name, .. } if name == "the origin attracts" => x.clone(),
            _ => Vec::new(),
        };
        figure(session, "ends").layers.iter().flat_map(ends).collect()
    };
    let ends = shaded(&session);
    assert!(!ends.is_empty());
    let (mut inside, mut outside) = (0, 0);
    for rate in ends.iter().flat_map(|end| (-40..40).map(move |step| end * (1.0 + 2.5e-4 * f64::from(step))))
    {
        session.merge(&format!("lr={rate}"));
        run(&mut session, "point");
        let summary = session.summary();
        let note = summary.notes.iter().find(|note| note.starts_with("The origin")).unwrap();
        assert!(note.ends_with("Found at 97 rates; narrower windows may be missed."), "{note}");
        let is_shaded = shaded(&session).chunks(2).any(|ends| ends[0] <= rate && rate <= ends[1]);
        let attracts = summary.verdict.code == "attracts";
        assert_eq!(is_shaded, attracts, "λ = {rate}: {note}");
        if attracts { inside += 1 } else { outside += 1 }
    }
    assert!(inside > 20 && outside > 20, "{inside} {outside}");
}

/// Where the greater of the two exponents is below 0; between two rates, where the straight line over their ratio crosses 0.
#[test]
fn windows_of_collapse_end_where_the_greater_exponent_crosses_zero() {
    let near = |found: Vec<(f64, f64)>, wanted: &[(f64, f64)]| {
        assert_eq!(found.len(), wanted.len(), "{found:?}");
        for (found, wanted) in found.iter().zip(wanted) {
            assert!((found.0 - wanted.0).abs() < 1e-12 && (found.1 - wanted.1).abs() < 1e-12, "{found:?}");
        }
    };
    let both = [[1.0, 0.1, -0.5], [2.0, -0.1, -0.5], [4.0, -0.5, -0.1], [8.0, -0.5, 0.3], [16.0, 0.2, 0.2]];
    near(collapse(&both), &[(2.0_f64.sqrt(), 4.0 * 2.0_f64.powf(0.25))]);
    let open = [[1.0, -0.2, -0.1], [2.0, 0.1, -0.1], [4.0, -0.1, -0.1]];
    near(collapse(&open), &[(1.0, 2.0_f64.sqrt()), (8.0_f64.sqrt(), 4.0)]);
    near(collapse(&[[1.0, 0.1, -0.1], [2.0, -0.1, 0.1]]), &[]);
}
