//! The lab `types` through a session, as the page drives it.

// The second implementation here uses the standard functions on purpose.
#![allow(clippy::disallowed_methods)]

use saddlescope::charts::draw::draw;
use saddlescope::charts::figure::{Layer, Role};
use saddlescope::charts::palette::Theme;
use saddlescope::charts::svg::SvgSurface;
use saddlescope::core::rng::{Purpose, Stream};
use saddlescope::labs::Lab;
use saddlescope::labs::session::Session;
use saddlescope::labs::types::Types;
use saddlescope::models::activation::Activation;
use saddlescope::models::biased_neuron::{BiasedNeuron, Escape};
use session::{figure, finished, preset, quantity, run, run_all, run_shard, value};
use snapshot::{change, pictures};
use std::collections::HashSet;

#[path = "types_lab/escape.rs"]
mod escape;
#[path = "types_lab/points.rs"]
mod points;
#[path = "labs/session.rs"]
mod session;
#[path = "figures/snapshot.rs"]
mod snapshot;

const NEURON: BiasedNeuron = BiasedNeuron { activation: Activation::Tanh, bias: 0.8, slope: 0.7, noise: 0.4 };

/// The mean loss by samples of our own, and what differences of it say.
#[test]
fn the_lowest_direction_is_that_of_the_mean_loss() {
    let mut stream = Stream::new(Purpose::DataSet, 3, 0, 0);
    let samples: Vec<(f64, f64)> = (0..40_000)
        .map(|_| {
            let x = stream.normal();
            (x, 0.7 * x + 0.4 * stream.normal())
        })
        .collect();
    let h = 0.02;
    let loss = |u: f64, w: f64| {
        let each = samples.iter().map(|(x, y)| (u * (w * x + 0.8).tanh() - y).powi(2) / 2.0);
        each.sum::<f64>() / samples.len() as f64
    };
    let lowest = NEURON.lowest();
    let (u, w) = lowest.direction;
    assert!((u * u + w * w - 1.0).abs() < 1e-14);
    let along = |t: f64| loss(t * u, t * w);
    let curvature = (along(h) - 2.0 * along(0.0) + along(-h)) / (h * h);
    assert!((curvature - lowest.curvature).abs() < 0.02, "{curvature} {}", lowest.curvature);
    // no direction is lower
    for angle in 0..36 {
        let (sin, cos) = (f64::from(angle) / 36.0 * std::f64::consts::PI).sin_cos();
        let (value, slope) = (0.8_f64.tanh(), 1.0 - 0.8_f64.tanh().powi(2));
        let quadratic = value * value * cos * cos - 2.0 * 0.7 * slope * sin * cos;
        assert!(quadratic >= lowest.curvature - 1e-12);
    }
    let noise: f64 =
        samples.iter().map(|(_, y)| (u * y * 0.8_f64.tanh()).powi(2)).sum::<f64>() / samples.len() as f64;
    assert!((noise / NEURON.noise_along((u, w)) - 1.0).abs() < 0.05);
    assert_eq!(BiasedNeuron { bias: 0.0, ..NEURON }.noise_along((1.0, 0.0)), 0.0);
}

#[test]
fn a_first_exit_is_that_of_plain_sgd() {
    let escape = Escape { rate: 0.2, batch: 2, start: 1e-2, exit: 0.1, most: 5000 };
    for run in 0..20 {
        let mut stream = Stream::new(Purpose::Passage, 7, 5, run);
        let (_, [nu, nw]) = escape::lowest(0.8_f64.tanh(), 1.0 - 0.8_f64.tanh().powi(2), 0.7);
        let mut at = [-1e-2 * nu, -1e-2 * nw];
        let mut step = 0.0;
        while (at[0] * nu + at[1] * nw).abs() <= 0.1 {
            let mut gradient = [0.0; 2];
            for _ in 0..2 {
                let x = stream.normal();
                let y = 0.7 * x + 0.4 * stream.normal();
                let (value, slope) = Activation::Tanh.value_and_slope(at[1] * x + 0.8);
                gradient[0] += (at[0] * value - y) * value / 2.0;
                gradient[1] += (at[0] * value - y) * at[0] * x * slope / 2.0;
            }
            at = [at[0] - 0.2 * gradient[0], at[1] - 0.2 * gradient[1]];
            step += 1.0;
        }
        assert_eq!(NEURON.first_exit(&escape, 7, (5, run)), step);
    }
    assert_eq!(NEURON.first_exit(&Escape { most: 1, exit: 0.9, ..escape }, 7, (5, 0)), f64::INFINITY);
}

/// Simulated mean times lie within Wald's bounds, and near the small-step formula of a kicked saddle; both with their errors.
#[test]
fn both_saddles_escape_as_predicted() {
    for link in [
        "types?bias=0.1&noise=0.1&replicas=400&x0=0.02&x1=0.2&lr=0.05",
        "types?activation=swish&slope=2&batch=4&bias=0.1&noise=1&replicas=400&x0=0.02&x1=0.2&lr=0.05",
    ] {
        let mut session = Session::new(link);
        run(&mut session, "escape");
        let rows = session.table("escape").rows;
        let read = |text: &str| -> Vec<f64> {
            text.replace(['(', ')'], " ").split_whitespace().filter_map(|word| word.parse().ok()).collect()
        };
        let (mut without, mut with) = (0, 0);
        for row in rows {
            let measured = read(&row[2]);
            let [mean, error] = measured[..] else { panic!("{row:?}") };
            let predicted = read(&row[4]);
            if row[1].starts_with("without") {
                // the loss bends within the last of some twelve e-folds: 2 % of room
                let [lower, upper] = predicted[..] else { panic!("{row:?}") };
                assert!(mean > 0.98 * lower - 3.3 * error && mean < 1.02 * upper + 3.3 * error, "{row:?}");
                without += 1;
            } else if row[0].parse::<f64>().unwrap() < 0.05 {
                // corrections are of order λ and of the exit distance
                assert!((mean / predicted[0] - 1.0).abs() < 0.15, "{row:?}");
                with += 1;
            }
        }
        assert!(without == 16 && with > 4, "{without} {with}");
    }
}

/// Λ of the origin against a mean over drawn batches, four standard errors.
#[test]
fn the_exponent_is_that_of_the_activation_at_zero() {
    for (link, slope, noise, batch, rate) in [
        ("types?lr=0.3", 1.0, 0.5, 1, 0.3),
        ("types?activation=swish&slope=2&noise=1.5&batch=3&lr=0.4", 1.0, 0.75, 3, 0.4),
        ("types?activation=gelu&slope=0.6&noise=3&lr=0.7", 0.3, 1.5, 1, 0.7),
    ] {
        let mut stream = Stream::new(Purpose::DataSet, 11, 0, 0);
        let growths: Vec<f64> = (0..400_000)
            .map(|_| {
                let products = (0..batch).map(|_| {
                    let x = stream.normal();
                    x * (slope * x + noise * stream.normal())
                });
                (1.0 + rate * products.sum::<f64>() / f64::from(batch)).abs().ln()
            })
            .collect();
        let mean = saddlescope::core::stats::mean(&growths);
        let found = value(&Session::new(link).summary(), "exponent");
        assert!((found - mean.value).abs() < 4.0 * mean.standard_error, "{link}: {found} {mean:?}");
    }
}

fn small(id: &str) -> Session {
    let mut session = preset("types", id);
    session.merge("replicas=8&steps=2000");
    run_all(&mut session);
    session
}

#[test]
fn presets_have_figures_tables_and_words_of_their_own() {
    let mut changes = Vec::new();
    let (mut verdicts, mut alts) = (HashSet::new(), HashSet::new());
    for one in Types::PRESETS {
        let session = small(one.id);
        for figure in session.figures() {
            let width = if figure.role == Role::Side { 400.0 } else { 720.0 };
            let mut surface = SvgSurface::new();
            draw(&mut surface, &figure, width, &Theme::LIGHT).expect("the figure is drawable");
            let svg = surface.finish();
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{}: {}", one.id, figure.id);
            assert!(pictures(&svg).is_empty(), "curves only");
            changes.extend(change(&format!("lab-types-{}-{}", one.id, figure.id), &svg));
            let table = session.table(figure.id);
            assert!(table.rows.len() >= 4 && table.rows.iter().all(|row| row.len() == table.columns.len()));
            if figure.id == "escape" {
                assert!(alts.insert(figure.alt.clone()), "{}: says what another says", one.id);
            }
        }
        let summary = session.summary();
        assert!(verdicts.insert(summary.verdict.text.clone()), "{}", one.id);
        for quantity in &summary.values {
            assert!(!quantity.text().is_empty() && quantity.text() != "…", "{}: {quantity:?}", one.id);
            assert!(quantity.value.iter().flatten().all(|x| !x.is_nan()), "{quantity:?}");
        }
    }
    assert!(changes.is_empty(), "changed; look at them, then accept with\n{}", changes.join("\n"));
}

/// Sentences begin as sentences do and have no formulas of a programmer; what has no Hessian is called no type.
#[test]
fn the_verdict_is_prose() {
    for one in Types::PRESETS {
        let text = small(one.id).summary().verdict.text;
        for sentence in text.split(". ") {
            assert!(!sentence.chars().next().unwrap().is_lowercase(), "{}: {sentence}", one.id);
        }
        assert!(!text.contains('^'), "{text}");
        assert_eq!(text.contains("Type-II"), one.id != "relu", "{}: {text}", one.id);
    }
}

/// Wald's band has a gap where the mean time is infinite: no band holds a rate with Λ ≤ 0.
#[test]
fn bands_end_where_the_mean_time_does() {
    let session = Session::new("types?noise=10&lr=0.08");
    let bands: Vec<Vec<f64>> = figure(&session, "escape")
        .layers
        .iter()
        .filter_map(|layer| if let Layer::Band { x, .. } = layer { Some(x.clone()) } else { None })
        .collect();
    assert_eq!(bands.len(), 2);
    for band in &bands {
        for rate in band {
            let there = Session::new(&format!("types?noise=10&lr={rate}"));
            assert!(value(&there.summary(), "exponent") > 0.0, "{rate}");
        }
    }
    let gap = (bands[0].last().unwrap() * bands[1][0]).sqrt();
    let inside = Session::new(&format!("types?noise=10&lr={gap}")).summary();
    assert!(value(&inside, "exponent") < 0.0);
    assert_eq!(quantity(&inside, "escape_bounds").value, Some(vec![f64::INFINITY]));
}

#[test]
fn pointer_links_and_text() {
    let mut session = Session::new("types?replicas=4&steps=500");
    run_shard(&mut session, "escape", 0);
    let escape = figure(&session, "escape");
    session.drag(&escape, &escape.handles[0].clone(), (0.3, 10.0));
    let bias = figure(&session, "bias");
    session.drag(&bias, &bias.handles[0].clone(), (0.5, 0.1));
    assert!(
        session.fragment().contains("lr=0.3") && session.fragment().contains("bias=0.5"),
        "{}",
        session.fragment()
    );
    assert!(session.hover("bias", (0.5, 0.1)).starts_with("b 0.500"));
    for (link, said) in [
        ("types?bias=7", "bias: “7” is not a number from 0 to 3"),
        ("types?steps=200000&replicas=1000&batch=64", "are too much work"),
    ] {
        let session = Session::new(link);
        let texts: Vec<&str> = session.problems().iter().map(|problem| problem.text.as_str()).collect();
        assert!(texts.len() == 1 && texts[0].contains(said), "{link}: {texts:?}");
        assert_eq!(Session::new(&session.fragment()).problems(), [], "{link}");
    }
    let text = include_str!("../src/labs/types/text.md");
    let opening = text.split("\n\n").next().unwrap();
    let words = opening.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    assert!((20..=90).contains(&words), "{words} words");
    let steps: Vec<&str> = text.split("](set:").skip(1).map(|rest| rest.split_once(')').unwrap().0).collect();
    let summary = |index: usize| {
        let mut session = Session::new("types");
        session.merge(steps[index]);
        assert_eq!(session.problems(), []);
        session.summary()
    };
    assert!(value(&summary(0), "noise") > 0.0 && value(&summary(0), "exponent") > 0.0);
    assert_eq!(value(&summary(1), "noise"), 0.0);
    assert!(value(&summary(2), "exponent") < 0.0 && value(&summary(2), "noise") > 0.0);
    assert!(finished("types?activation=relu&replicas=2&steps=100").summary().verdict.text.contains("kink"));
    assert!(quantity(&summary(2), "escape_bounds").words.contains("by luck or never"));
}

/// A sentence has one colon at most.
#[test]
fn sentences_have_one_colon() {
    for one in Types::PRESETS {
        let session = small(one.id);
        for sentence in session.summary().verdict.text.split(". ") {
            assert!(sentence.matches(':').count() <= 1, "{}: {sentence}", one.id);
        }
        assert!(session.hover("escape", (0.1, 10.0)).matches(':').count() == 1, "{}", one.id);
    }
}
