//! Prediction and outcome side by side. Exponents and outcomes are made up here, so that every case occurs.

use crate::open;
use crate::session::{figure, job, quantity};
use saddlescope::charts::figure::Layer;
use saddlescope::core::hessian_law::{Factor, HessianLaw};
use saddlescope::core::matrix_product::{Plan, Product, TopChain};
use saddlescope::labs::network::training::Outcome;
use saddlescope::labs::session::Session;

/// A run of this final loss.
fn trained(loss: f64) -> Outcome {
    Outcome { loss, accuracy: 0.9, rank: 4.0, dead: 0.0, size: 1.0, diverged: false }
}

fn collapsed() -> Outcome {
    Outcome { loss: 2.3, accuracy: 0.1, rank: 0.0, dead: 1.0, size: 1e-4, diverged: false }
}

fn diverged() -> Outcome {
    Outcome { loss: f64::INFINITY, diverged: true, ..trained(0.0) }
}

/// Gives the runs at a rate these outcomes.
fn ended(session: &mut Session, rate: usize, outcomes: &[Outcome]) {
    for (run, outcome) in outcomes.iter().enumerate() {
        let (job, key) = job(session, &format!("run-{run}-rate-{rate}"));
        session.keep(&key, job.shards, job.shards - 1, outcome.store().to_vec());
    }
}

/// Gives the origin at a rate the growth of the product of these numbers, drawn with equal chances: its exponent is the mean of
/// their logarithms.
fn grows(session: &mut Session, rate: usize, factors: &[f64]) {
    let curvatures: Vec<f64> = factors.iter().map(|factor| 1.0 - factor).collect();
    let law = HessianLaw::matrices(1, curvatures).unwrap();
    let product = Product::new(law, Factor::sgd(1.0, 0.0, 1), 1);
    let mut chain = TopChain::start(&product, &Plan { batch: 16, wanted: 16 }, 1, 0);
    chain.advance(16);
    let (job, key) = job(session, &format!("origin-{rate}"));
    // a state says how many numbers its vectors have
    session.keep(&key, job.shards, job.shards - 1, chain.state());
}

/// The six rates of the sweep.
const RATES: [f64; 6] = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32];

fn at(session: &mut Session, rate: usize) -> String {
    session.set("lr", &RATES[rate].to_string());
    session.summary().verdict.text
}

/// One epoch of 1500 images in batches of 8 is 188 steps: at −0.0368 and below a network shrinks a thousandfold, above it does not.
#[test]
fn a_prediction_needs_an_interval_on_one_side_and_time_enough() {
    let mut session = open("epochs=1&batch=8&runs=2&rates=6&x0=0.01&x1=0.32");
    let needed = 1e-3_f64.ln() / 188.0;
    let exponents = [0.01, 0.999 * needed, 1.001 * needed, -0.06, 0.0, 0.01];
    for (rate, exponent) in exponents.iter().enumerate() {
        grows(&mut session, rate, &[exponent.exp()]);
    }
    // on average 0: found to be negative, by less than its error
    grows(&mut session, 4, &[0.5, 2.0]);
    let two = |one: Outcome| [one, one];
    for (rate, outcomes) in [trained(1.0), collapsed(), collapsed(), trained(1.0), collapsed(), collapsed()]
        .map(two)
        .iter()
        .enumerate()
    {
        ended(&mut session, rate, outcomes);
    }
    for (rate, said) in [
        "the origin repels: as measured.",
        "the origin attracts, too slowly to be seen in these epochs.",
        "the origin attracts: as measured.",
        "the origin attracts, but these networks, which start away from it, do not get there.",
        "undecided.",
        "the origin repels, yet most runs collapsed.",
    ]
    .iter()
    .enumerate()
    {
        let text = at(&mut session, rate);
        assert!(text.ends_with(&format!(", {said}")), "{rate}: {text}");
    }
    session.set("lr", "0.16");
    let summary = session.summary();
    let open = quantity(&summary, "exponent");
    // 95 % of Student's t with 15 degrees of freedom
    let (value, half) = (open.value.as_ref().unwrap()[0], 2.131 * open.standard_error.unwrap());
    assert!(value < 0.0 && value + half > 0.0, "{value} ± {half}");
    // decided: 0, 2, 3 and 5; as predicted: 0 and 2
    let notes = summary.notes.concat();
    assert!(notes.contains("agree at 2 of 4 learning rates"), "{notes}");
    assert!(notes.contains("a collapse is predicted at 2 of them"), "{notes}");
    assert!(notes.contains("At one rate Λ₁ is negative but so small that one epoch is too short"), "{notes}");
    // the second to the fourth rate, and half way to their neighbours
    let ends = figure(&session, "outcome").layers.iter().find_map(|layer| match layer {
        Layer::Band { x, name, .. } if name == "Λ₁ < 0" => Some((x[0], x[1])),
        _ => None,
    });
    let (from, to) = ends.expect("a stretch");
    assert!((from / (0.01 * 0.02_f64).sqrt() - 1.0).abs() < 1e-12, "{from}");
    assert!((to / (0.08 * 0.16_f64).sqrt() - 1.0).abs() < 1e-12, "{to}");
}

/// Quartiles are those of the runs that did not diverge, as long as these are not the fewer.
#[test]
fn quartiles_are_of_the_runs_that_did_not_diverge() {
    let mut session = open("epochs=1&runs=5&rates=2&x0=0.1&x1=0.2&depth=3");
    ended(&mut session, 0, &[16.0, 1.0, 4.0, 2.0, 8.0].map(trained));
    ended(&mut session, 1, &[trained(3.0), diverged(), trained(1.0), diverged(), trained(2.0)]);
    let rows = session.table("outcome").rows;
    assert_eq!(rows[0][1..4], ["4.000", "2.000", "8.000"]);
    assert_eq!(rows[1][1..4], ["2.000", "1.500", "2.500"]);
    let bands = |session: &Session| {
        let is = |layer: &&Layer| matches!(layer, Layer::Band { name, .. } if name == "diverged");
        figure(session, "outcome").layers.iter().filter(is).count()
    };
    assert_eq!(bands(&session), 0);
    ended(&mut session, 1, &[trained(3.0), diverged(), diverged(), diverged(), trained(2.0)]);
    assert_eq!(session.table("outcome").rows[1][1..4], ["diverged", "", ""]);
    assert_eq!(bands(&session), 1);
}
