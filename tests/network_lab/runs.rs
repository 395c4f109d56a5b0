//! Runs do not depend on how they are cut, and their measures are what they are said to be.

use crate::session::{job, quantity, run, run_all, run_shard};
use crate::{SMALL, open};
use saddlescope::labs::network::digits;
use saddlescope::labs::network::training::{DEAD, Outcome, Progress, Run};
use saddlescope::models::activation::Activation;
use saddlescope::models::loss::Loss;
use saddlescope::models::mlp::Shape;

fn one() -> Run {
    let shape = Shape {
        inputs: 64,
        width: 12,
        outputs: 10,
        depth: 3,
        activation: Activation::Gelu,
        residual: true,
        loss: Loss::CrossEntropy,
    };
    Run { shape, rate: 0.1, batch: 5, decay: 0.01, init: 1.0, seed: 3, replica: 1, epoch: 100 }
}

fn weights(progress: &Progress) -> Vec<f64> {
    let mut numbers = Vec::new();
    progress.weights().store(&mut numbers);
    numbers
}

#[test]
fn a_run_is_the_same_however_it_is_cut() {
    open("");
    let digits = digits::load(0.2, 3).unwrap();
    let run = one();
    let mut whole = run.start().unwrap();
    run.advance(&mut whole, 300, &digits.train);
    for cuts in [&[1, 2, 299][..], &[64, 65, 200], &[150]] {
        let mut progress = run.start().unwrap();
        let mut course = Vec::new();
        for cut in cuts {
            run.advance(&mut progress, *cut, &digits.train);
            course.append(&mut progress.course);
            progress = run.resume(&progress.store()).unwrap();
        }
        run.advance(&mut progress, 300, &digits.train);
        course.append(&mut progress.course);
        assert_eq!(weights(&progress), weights(&whole), "{cuts:?}");
        assert_eq!((course.len(), &course), (3, &whole.course), "{cuts:?}");
    }
    let other = Run { replica: 2, ..run };
    let mut different = other.start().unwrap();
    other.advance(&mut different, 300, &digits.train);
    assert_ne!(weights(&different), weights(&whole));
    assert_eq!(run.resume(&[1.0, 0.0, 0.0, 0.0, 5.0]), None);
    assert_eq!(run.resume(&[1.0, 0.0, 0.0, 9.0]), None);
}

/// The last bits of a trained network, so that another machine or another order of sums would be noticed.
#[test]
fn a_trained_network_is_the_same_to_the_last_bit() {
    open("");
    let digits = digits::load(0.2, 3).unwrap();
    let run = one();
    let mut progress = run.start().unwrap();
    run.advance(&mut progress, 300, &digits.train);
    let hash = weights(&progress).iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, weight| {
        (hash ^ weight.to_bits()).wrapping_mul(0x0000_0100_0000_01b3)
    });
    assert_eq!(hash, 0xf4b8_ac89_5861_dd92, "{hash:#018x}");
}

#[test]
fn shards_of_a_job_continue_each_other_and_leave_no_states_behind() {
    let mut session = open("width=64&rates=2&runs=1&epochs=8");
    let (job, key) = job(&session, "run-0-rate-1");
    assert!(job.chain && job.shards > 3, "{} shards", job.shards);
    run(&mut session, job.name);
    let last = session.shard(&key, job.shards - 1).unwrap().to_vec();
    // from nothing, without any shard before
    assert_eq!(session.compute(job.name, job.shards - 1, None).unwrap(), last);
    for shard in 0..job.shards - 2 {
        assert!(session.shard(&key, shard).unwrap().len() < 20, "shard {shard} keeps its head alone");
    }
}

#[test]
fn a_prefix_of_the_shards_can_go_on_after_a_pause() {
    let mut session = open("width=64&rates=2&runs=1&epochs=8");
    let (job, key) = job(&session, "run-0-rate-0");
    for shard in 0..job.shards / 2 {
        run_shard(&mut session, job.name, shard);
    }
    assert!(session.shard(&key, job.shards / 2 - 1).unwrap().len() > 4000, "the last one keeps its state");
    run(&mut session, job.name);
    let last = session.shard(&key, job.shards - 1).unwrap();
    assert_eq!(session.compute(job.name, job.shards - 1, None).unwrap(), last);
}

#[test]
fn more_rates_or_runs_keep_what_is_finished() {
    let keys = |query: &str| -> Vec<String> { open(query).jobs().into_iter().map(|(_, key)| key).collect() };
    let few = keys("runs=2");
    let many = keys("runs=3");
    assert!(few.iter().all(|key| many.contains(key)) && many.len() > few.len());
    let same = keys("runs=2&lr=0.5");
    assert_eq!(few, same, "the point moves without work");
    let deep: Vec<String> = keys("runs=2&width=20").into_iter().filter(|key| few.contains(key)).collect();
    assert!(deep.iter().all(|key| key.contains("origin")) && deep.len() == 12, "the exponent knows no width");
}

/// Effective rank, dead neurons and loss against their definitions, computed another way.
#[test]
fn measures_are_what_they_are_said_to_be() {
    open("");
    let digits = digits::load(0.0, 3).unwrap();
    let shape = Shape { depth: 2, residual: false, activation: Activation::Linear, width: 3, ..one().shape };
    // strong decay of a tiny network: with linear activations the features are W x
    let run = Run { shape, decay: 0.0, ..one() };
    let mut progress = run.start().unwrap();
    run.advance(&mut progress, 400, &digits.train);
    let outcome = run.outcome(&progress, &digits);
    let weights = weights(&progress);
    let (first, last) = weights.split_at(3 * 64);
    let hidden = |x: &[f64]| -> [f64; 3] {
        std::array::from_fn(|m| first[m * 64..][..64].iter().zip(x).map(|(w, x)| w * x).sum())
    };
    let features: Vec<[f64; 3]> = (0..1500).map(|i| hidden(digits.train.input(i))).collect();
    let outputs = |h: &[f64; 3]| -> Vec<f64> {
        last.chunks(3).map(|row| row.iter().zip(h).map(|(w, h)| w * h).sum()).collect()
    };
    let mut loss = 0.0;
    for (i, h) in features.iter().enumerate() {
        let f = outputs(h);
        let total: f64 = f.iter().map(|f| f.exp()).sum();
        let right = digits.train.target(i).iter().position(|y| *y == 1.0).unwrap();
        loss -= (f[right].exp() / total).ln() / 1500.0;
    }
    assert!((outcome.loss - loss).abs() < 1e-12, "{} {loss}", outcome.loss);
    let right = (0..297).filter(|i| {
        let f = outputs(&hidden(digits.test.input(*i)));
        let class = digits.test.target(*i).iter().position(|y| *y == 1.0).unwrap();
        f.iter().enumerate().all(|(other, value)| other == class || *value < f[class])
    });
    assert_eq!(outcome.accuracy, right.count() as f64 / 297.0);
    // eigenvalues of the 3 × 3 matrix from its characteristic polynomial
    let gram = |i: usize, j: usize| features.iter().map(|h| h[i] * h[j]).sum::<f64>();
    let trace = gram(0, 0) + gram(1, 1) + gram(2, 2);
    let minors = gram(0, 0) * gram(1, 1) + gram(0, 0) * gram(2, 2) + gram(1, 1) * gram(2, 2)
        - gram(0, 1).powi(2)
        - gram(0, 2).powi(2)
        - gram(1, 2).powi(2);
    let determinant = gram(0, 0) * (gram(1, 1) * gram(2, 2) - gram(1, 2).powi(2))
        - gram(0, 1) * (gram(0, 1) * gram(2, 2) - gram(1, 2) * gram(0, 2))
        + gram(0, 2) * (gram(0, 1) * gram(1, 2) - gram(1, 1) * gram(0, 2));
    // Viète's three cosines
    let (p, q) =
        (trace * trace / 9.0 - minors / 3.0, trace.powi(3) / 27.0 - trace * minors / 6.0 + determinant / 2.0);
    let angle = (q / p.powf(1.5)).clamp(-1.0, 1.0).acos();
    let eigenvalues: Vec<f64> = (0..3)
        .map(|k| {
            trace / 3.0 + 2.0 * p.sqrt() * ((angle - 2.0 * std::f64::consts::PI * f64::from(k)) / 3.0).cos()
        })
        .collect();
    let roots: Vec<f64> = eigenvalues.iter().map(|value| value.sqrt()).collect();
    let total: f64 = roots.iter().sum();
    let entropy: f64 = roots.iter().map(|root| -root / total * (root / total).ln()).sum();
    assert!((outcome.rank - entropy.exp()).abs() < 1e-6, "{} {}", outcome.rank, entropy.exp());
    assert_eq!(outcome.dead, 0.0);
    assert!(outcome.size > DEAD && !outcome.collapsed());
}

/// Two of twelve neurons in each of two layers are made small, one of them to less than 10⁻³ of the largest; then all of them.
#[test]
fn dead_neurons_and_the_size_are_counted_by_norms() {
    open("");
    let digits = digits::load(0.0, 3).unwrap();
    let run = Run { shape: Shape { residual: false, ..one().shape }, ..one() };
    let progress = run.start().unwrap();
    let store = progress.store();
    let (head, start) = store.split_at(store.len() - weights(&progress).len());
    // matrices of 12 × 64, 12 × 12 and 10 × 12 numbers, rows one after the other
    let (second, third) = (12 * 64, 12 * 64 + 12 * 12);
    let places = |layer: usize, neuron: usize| -> Vec<usize> {
        let (into, out) = if layer == 0 { ((0, 64), (second, 12)) } else { ((second, 12), (third, 10)) };
        let into_it = (0..into.1).map(|i| into.0 + neuron * into.1 + i);
        into_it.chain((0..out.1).map(|row| out.0 + row * 12 + neuron)).collect()
    };
    let norm = |weights: &[f64], layer: usize, neuron: usize| {
        places(layer, neuron).iter().map(|place| weights[*place].powi(2)).sum::<f64>().sqrt()
    };
    let largest =
        |weights: &[f64], layer: usize| (0..12).map(|m| norm(weights, layer, m)).fold(0.0, f64::max);
    let mut small = start.to_vec();
    for (layer, neuron, part) in [(0, 3, 1.2e-3), (0, 5, 0.8e-3), (1, 0, 0.8e-3), (1, 7, 1.2e-3)] {
        let factor = part * largest(start, layer) / norm(&small, layer, neuron);
        for place in places(layer, neuron) {
            small[place] *= factor;
        }
    }
    let ended = |weights: &[f64]| run.outcome(&run.resume(&[head, weights].concat()).unwrap(), &digits);
    assert_eq!(ended(&small).dead, 2.0 / 24.0);
    for part in [0.03, 0.5, 0.9e-3] {
        let all: Vec<f64> = start.iter().map(|w| part * w).collect();
        let outcome = ended(&all);
        assert!((outcome.size / part - 1.0).abs() < 1e-14, "{} {part}", outcome.size);
        assert_eq!(outcome.collapsed(), part < 1e-3);
        assert_eq!(outcome.dead, if part < 1e-3 { 1.0 } else { 0.0 });
    }
}

#[test]
fn a_strong_decay_collapses_and_a_large_rate_diverges() {
    let mut session = open("width=8&rates=4&runs=2&epochs=4&decay=2&x0=0.1&x1=0.5&lr=0.3");
    run_all(&mut session);
    let summary = session.summary();
    assert_eq!(summary.verdict.code, "collapses", "{summary:?}");
    for (name, want) in [("dead", 1.0), ("effective_rank", 0.0)] {
        assert_eq!(quantity(&summary, name).value, Some(vec![want]), "{name}");
    }
    let mut session = open(&format!("{SMALL}&decay=0&loss=squared&activation=linear&x0=5&x1=50&lr=20"));
    run_all(&mut session);
    let summary = session.summary();
    assert_eq!(summary.verdict.code, "diverges");
    assert_eq!(quantity(&summary, "training_loss").text(), "diverged");
    assert!(summary.verdict.text.contains("diverged"), "{}", summary.verdict.text);
}

#[test]
fn outcomes_cross_as_numbers() {
    let outcome = Outcome { loss: 0.5, accuracy: 0.9, rank: 3.0, dead: 0.25, size: 2.0, diverged: false };
    assert_eq!(Outcome::load(&outcome.store()), outcome);
}
