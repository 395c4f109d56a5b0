//! The sweep over the label noise: every value has its own labels, and the learning rate is that of the state.

use crate::open;
use crate::session::{figure, job, quantity, run, run_all, value};
use saddlescope::charts::figure::{Layer, Scale};
use saddlescope::labs::network::digits;
use saddlescope::labs::session::Session;

/// ρ = 0.25, 0.5 and 0.75 at λ = 0.2.
const SWEEP: &str = "x=noise&x0=0.25&x1=0.75&rates=3&lr=0.2&noise=0.5&width=8&runs=2&epochs=2";

/// The last shard of a job.
fn last(session: &mut Session, name: &str) -> Vec<f64> {
    run(session, name);
    let (job, key) = job(session, name);
    session.shard(&key, job.shards - 1).expect("it is finished").to_vec()
}

/// To the last bit what the sweep over learning rates gives at the same rate and noise.
#[test]
fn its_runs_are_those_of_their_noise_and_rate() {
    let mut over_noise = open(SWEEP);
    for (index, noise) in [0.25, 0.5, 0.75].iter().enumerate() {
        let rates = format!("noise={noise}&lr=0.2&x0=0.2&x1=0.4&rates=2&width=8&runs=2&epochs=2");
        let mut over_rates = open(&rates);
        let there = last(&mut over_rates, "run-1-rate-0");
        assert_eq!(last(&mut over_noise, &format!("run-1-rate-{index}")), there, "{noise}");
    }
    // streams of the products are named by their place in the sweep
    let mut over_rates = open("noise=0.25&lr=0.2&x0=0.2&x1=0.4&rates=2&width=8&runs=2&epochs=2");
    assert_eq!(last(&mut over_noise, "origin-0"), last(&mut over_rates, "origin-0"));
    assert_ne!(last(&mut over_noise, "origin-0"), last(&mut over_noise, "origin-1"));
}

/// What the mean of the data says is that of the labels at the value: strengths by nalgebra, from labels read again.
#[test]
fn its_data_are_those_of_the_value() {
    let mut session = open(&format!("{SWEEP}&decay=0.05"));
    let strengths = |noise: f64| {
        let digits = digits::load(noise, 1).unwrap();
        let x = nalgebra::DMatrix::from_fn(64, 1500, |pixel, i| digits.train.input(i)[pixel]);
        let r = nalgebra::DMatrix::from_fn(1500, 10, |i, class| digits.train.target(i)[class] - 0.1);
        (x * r / 1500.0).singular_values()
    };
    for (noise, nearest) in [(0.0, 0.25), (0.45, 0.5), (1.0, 0.75)] {
        session.set("noise", &noise.to_string());
        let summary = session.summary();
        assert_eq!(value(&summary, "noise"), nearest, "{noise}");
        let strengths = strengths(nearest);
        assert!((value(&summary, "signal") - strengths.max()).abs() < 1e-12, "{noise}");
        let descent = (1.0 - 0.2 * 0.05 + 0.2 * strengths.max()).ln();
        assert!((value(&summary, "gradient_descent") - descent).abs() < 1e-12, "{noise}");
        let modes = strengths.iter().filter(|strength| **strength > 0.05).count() as f64;
        assert_eq!(value(&summary, "modes"), modes, "{noise}");
        let wrong = digits::load(nearest, 1).unwrap().wrong;
        let notes = summary.notes.concat();
        assert!(notes.contains(&format!("{wrong} of them with a wrong label at ρ = ")), "{notes}");
    }
}

#[test]
fn the_point_is_the_noise_and_moves_without_work() {
    let mut session = open(SWEEP);
    run_all(&mut session);
    let main = figure(&session, "outcome");
    session.drag(&main, &main.handles[0], (0.73, 1.0));
    assert!(session.complete(), "nothing is computed again");
    assert_eq!(value(&session.summary(), "noise"), 0.75);
    assert!(session.summary().values.iter().all(|quantity| quantity.name != "rate"));
    let keys = |session: &Session| session.jobs().into_iter().map(|(_, key)| key).collect::<Vec<_>>();
    let before = keys(&session);
    session.set("lr", "0.3");
    assert!(keys(&session).iter().all(|key| !before.contains(key)), "every run and product is at λ = lr");
    let mut session = open("rates=3");
    let before = keys(&session);
    session.set("lr", "0.3");
    assert_eq!(keys(&session), before);
    session.set("noise", "0.3");
    assert!(keys(&session).iter().all(|key| !before.contains(key)));
}

#[test]
fn axes_tables_and_words_say_so() {
    let mut session = open(SWEEP);
    let waiting = session.summary().verdict.text;
    assert!(waiting.starts_with("No run at ρ = 0.500 is finished yet."), "{waiting}");
    run_all(&mut session);
    for shown in session.figures() {
        if shown.id == "course" {
            assert_eq!(shown.title, "Training at ρ = 0.500");
            continue;
        }
        assert_eq!((shown.x.label.as_str(), shown.x.scale), ("label noise ρ", Scale::Linear), "{}", shown.id);
        assert_eq!((shown.x.min, shown.x.max), (0.25, 0.75));
        assert_eq!(shown.handles[0].x.as_ref().unwrap().key, "noise");
        assert_eq!(shown.handles[0].at.0, 0.5);
        assert!(
            shown.alt.contains("ρ = 0.500") || shown.alt.contains("values of ρ from 0.250 to 0.750"),
            "{}",
            shown.alt
        );
        assert!(!shown.alt.contains('λ'), "{}", shown.alt);
        let table = session.table(shown.id);
        assert_eq!(table.columns[0], "label noise ρ");
        let places: Vec<&str> = table.rows.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(places, ["0.2500", "0.5000", "0.7500"], "{}", shown.id);
        assert!(session.hover(shown.id, (0.6, 1.0)).starts_with("ρ = 0.500: "));
        assert!(session.hover(shown.id, (0.65, 1.0)).starts_with("ρ = 0.750: "));
        assert_eq!(session.hover(shown.id, (0.8, 1.0)), "");
    }
    let summary = session.summary();
    assert!(summary.verdict.text.starts_with("At ρ = 0.500: training loss"), "{}", summary.verdict.text);
    let notes = summary.notes.concat();
    assert!(
        notes.contains("values of ρ where Λ₁ decides") || notes.contains("of ρ Λ₁ is negative"),
        "{notes}"
    );
    assert_eq!(quantity(&summary, "noise").symbol, "ρ");
}

/// The curve of gradient descent has a value for every exponent that is there, each with its own labels.
#[test]
fn gradient_descent_is_drawn_as_far_as_the_sweep_has_come() {
    let mut session = open(SWEEP);
    let descent = |session: &Session| {
        let layers = &figure(session, "exponent").layers;
        let points = layers.iter().find_map(|layer| match layer {
            Layer::Line { points, label: Some(label), .. } if label == "gradient descent" => {
                Some(points.clone())
            }
            _ => None,
        });
        points.expect("the curve of gradient descent")
    };
    assert_eq!(descent(&session), []);
    run(&mut session, "origin-2");
    run(&mut session, "origin-0");
    let curve = descent(&session);
    assert_eq!(curve.iter().map(|point| point.0).collect::<Vec<_>>(), [0.25, 0.75]);
    for (noise, by_rate) in curve {
        session.set("noise", &noise.to_string());
        assert!((value(&session.summary(), "gradient_descent") / 0.2 - by_rate).abs() < 1e-14, "{noise}");
    }
}

#[test]
fn links_keep_what_they_sweep_over() {
    let mut session = open("x=noise&x0=0.25&noise=0.3");
    assert_eq!(session.fragment(), "network?v=1&noise=0.3&x=noise&x0=0.25");
    assert_eq!(Session::new(&session.fragment()).fragment(), session.fragment());
    assert_eq!(figure(&session, "outcome").x.max, 1.0);
    // ends belong to their parameter
    session.set("x", "lr");
    assert_eq!((session.fragment().as_str(), session.problems()), ("network?v=1&noise=0.3", &[][..]));
    let x = figure(&session, "outcome").x.clone();
    assert_eq!((x.label.as_str(), x.min, x.max, x.scale), ("learning rate λ", 0.003, 3.0, Scale::Log));
}
