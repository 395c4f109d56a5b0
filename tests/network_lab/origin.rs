//! The exponent of the origin against networks that are trained near it, and against matrices written out.

use crate::open;
use crate::session::run;
use saddlescope::core::hessian_law::{Factor, HessianLaw, HessianLawError};
use saddlescope::core::matrix_product::{Chain, Product};
use saddlescope::core::mean_square::MeanSquare;
use saddlescope::core::rng::{Purpose, Stream};
use saddlescope::core::stats;
use saddlescope::core::student;
use saddlescope::labs::network::digits;
use saddlescope::labs::network::training::Run;
use saddlescope::models::activation::Activation;
use saddlescope::models::loss::Loss;
use saddlescope::models::mlp::Shape;

/// Λ₁ and its standard error, as the page prints them.
fn exponent(query: &str) -> (f64, f64) {
    let mut session = open(query);
    let jobs: Vec<&str> = session.jobs().iter().map(|(job, _)| job.name).collect();
    for name in jobs.into_iter().filter(|name| name.starts_with("origin")) {
        run(&mut session, name);
    }
    let summary = session.summary();
    let row = crate::session::quantity(&summary, "exponent");
    (row.value.as_ref().unwrap()[0], row.standard_error.unwrap())
}

/// SGD itself, from weights of 10⁻⁶, over steps in which they stay small: the growth of the logarithm of their norm. It shares
/// the images and labels with the exponent, and nothing else.
fn growth(run: Run, noise: f64, steps: u32) -> (f64, f64) {
    let digits = digits::load(noise, 1).unwrap();
    let rates: Vec<f64> = (0..12)
        .map(|replica| {
            let run = Run { replica, ..run };
            let mut progress = run.start().unwrap();
            // the fastest direction has to come forward first
            run.advance(&mut progress, steps / 4, &digits.train);
            let first = progress.weights().square_norm().sqrt();
            run.advance(&mut progress, steps, &digits.train);
            let last = progress.weights().square_norm().sqrt();
            assert!(last < 1e-3 && last > 1e-300, "near the origin: {last}");
            (last / first).ln() / f64::from(steps - steps / 4)
        })
        .collect();
    let mean = stats::mean(&rates);
    (mean.value, mean.standard_error)
}

#[test]
fn the_exponent_is_the_growth_of_a_network_near_the_origin() {
    open("");
    let two = |activation, loss, residual, depth| Shape {
        inputs: 64,
        width: 4,
        outputs: 10,
        depth,
        activation,
        residual,
        loss,
    };
    for (query, shape, rate, decay, noise, steps) in [
        (
            "x0=0.2&x1=0.4&rates=2&lr=0.2&decay=0.2&noise=0.5",
            two(Activation::Tanh, Loss::CrossEntropy, false, 2),
            0.2,
            0.2,
            0.5,
            2000,
        ),
        (
            "x0=0.1&x1=0.4&rates=2&lr=0.1&decay=0.6&noise=0&activation=gelu&loss=squared",
            two(Activation::Gelu, Loss::Squared, false, 2),
            0.1,
            0.6,
            0.0,
            1000,
        ),
        (
            "x0=0.2&x1=0.4&rates=2&lr=0.2&decay=0.2&noise=0.5&depth=4&residual=1",
            two(Activation::Tanh, Loss::CrossEntropy, true, 4),
            0.2,
            0.2,
            0.5,
            2000,
        ),
        // the labels are those of the value of the sweep next to the point
        (
            "x=noise&x0=0.25&x1=0.75&rates=2&lr=0.2&decay=0.2&noise=0.7",
            two(Activation::Tanh, Loss::CrossEntropy, false, 2),
            0.2,
            0.2,
            0.75,
            2000,
        ),
    ] {
        let (value, error) = exponent(&format!("{query}&epochs=1&runs=1"));
        let run = Run { shape, rate, batch: 8, decay, init: 1e-6, seed: 1, replica: 0, epoch: 188 };
        let (grown, spread) = growth(run, noise, steps);
        // 99.9 % of Student's t with 11 degrees of freedom, and what the start is away from the fastest direction
        let allowed = student::critical(0.001, 11.0) * spread.hypot(error) + 1.0 / f64::from(steps);
        assert!((value - grown).abs() < allowed, "{query}: {value} ± {error}, {grown} ± {spread}");
        assert!(value.abs() > 5.0 * error, "{query}: the comparison says something: {value} ± {error}");
    }
}

fn pairs(outputs: usize, inputs: usize, count: usize) -> (Vec<f64>, Vec<f64>) {
    let (dim, mut stream) = (outputs + inputs, Stream::new(Purpose::DataSet, 9, 9, 0));
    let samples: Vec<f64> = (0..dim * count).map(|_| stream.normal()).collect();
    let mut matrices = Vec::new();
    for sample in samples.chunks(dim) {
        let (r, x) = sample.split_at(outputs);
        for i in 0..dim {
            for j in 0..dim {
                matrices.push(match (i < outputs, j < outputs) {
                    (true, false) => -r[i] * x[j - outputs],
                    (false, true) => -r[j] * x[i - outputs],
                    _ => 0.0,
                });
            }
        }
    }
    (samples, matrices)
}

/// A list of pairs is the list of its matrices: means, mean-square limit, whole spectrum.
#[test]
fn pairs_are_their_matrices() {
    let (samples, matrices) = pairs(2, 3, 7);
    let law = HessianLaw::neuron_on(2, 3, &samples).unwrap();
    let same = HessianLaw::matrices(5, matrices).unwrap();
    assert_eq!((law.dim(), law.count()), (5, Some(7)));
    for (a, b) in law.mean().iter().zip(same.mean()) {
        assert!((a - b).abs() < 1e-14);
    }
    assert!((law.square_norm() / same.square_norm() - 1.0).abs() < 1e-13);
    for batch in [1, 3, 9] {
        let factor = Factor::sgd(0.3, 0.1, batch);
        let radius = |law: &HessianLaw| MeanSquare::new(law).radius(&factor);
        let (a, b) = (radius(&law), radius(&same));
        assert!((a.value - b.value).abs() < 1e-8 * b.value.abs(), "S = {batch}: {a:?}, {b:?}");
        // the draws are the same, so the exponents agree to rounding, not only in law
        let spectrum = |law: &HessianLaw| {
            let product = Product::new(law.clone(), factor, 4);
            let plan = product.plan(3200);
            let mut chain = Chain::start(&product, &plan, 4, 0);
            chain.advance(200);
            chain.spectrum()
        };
        for (a, b) in spectrum(&law).exponents.iter().zip(&spectrum(&same).exponents) {
            assert!((a.value - b.value).abs() < 1e-9, "S = {batch}: {a:?}, {b:?}");
        }
    }
}

#[test]
fn pairs_without_sense_are_refused() {
    assert_eq!(HessianLaw::neuron_on(0, 3, &[1.0; 3]), Err(HessianLawError::PairDimension(3)));
    assert_eq!(HessianLaw::neuron_on(200, 100, &[]), Err(HessianLawError::PairDimension(300)));
    assert_eq!(HessianLaw::neuron_on(2, 1, &[1.0; 4]), Err(HessianLawError::Shape { numbers: 4, each: 3 }));
    let bad = HessianLaw::neuron_on(1, 1, &[1.0, f64::NAN]);
    assert!(matches!(bad, Err(HessianLawError::Value { place: 2, .. })), "{bad:?}");
}

/// Where the mean decides, it is the largest singular value of E r xᵀ, found here by power iteration.
#[test]
fn gradient_descent_has_its_closed_form() {
    let session = open("decay=0.1&noise=0.3&lr=0.05&x0=0.05&x1=0.5&rates=2");
    let digits = digits::load(0.3, 1).unwrap();
    let mut w = [1.0; 64];
    let mut strength = 0.0_f64;
    for _ in 0..300 {
        let mut v = [0.0; 10];
        let mut next = [0.0; 64];
        for pass in 0..2 {
            for i in 0..1500 {
                let (x, y) = (digits.train.input(i), digits.train.target(i));
                if pass == 0 {
                    let along: f64 = x.iter().zip(&w).map(|(x, w)| x * w).sum();
                    v.iter_mut().zip(y).for_each(|(v, y)| *v += (y - 0.1) * along / 1500.0);
                } else {
                    let along: f64 = y.iter().zip(&v).map(|(y, v)| (y - 0.1) * v).sum();
                    next.iter_mut().zip(x).for_each(|(n, x)| *n += x * along / 1500.0);
                }
            }
        }
        strength = next.iter().map(|n| n * n).sum::<f64>().sqrt().sqrt();
        let norm = strength * strength;
        w = next.map(|n| n / norm);
    }
    let summary = session.summary();
    assert!((crate::session::value(&summary, "signal") - strength).abs() < 1e-9);
    let want = (1.0 - 0.05 * 0.1 + 0.05 * strength).ln();
    assert!((crate::session::value(&summary, "gradient_descent") - want).abs() < 1e-10);
}

/// A mode is learned if `φ′(0)σᵢ > γ`: half of the strength counts for GELU, all of it for tanh. The strengths are those of
/// nalgebra.
#[test]
fn modes_are_those_stronger_than_the_decay() {
    open("");
    let digits = digits::load(0.3, 1).unwrap();
    let (x, r) = (
        nalgebra::DMatrix::from_fn(64, 1500, |pixel, i| digits.train.input(i)[pixel]),
        nalgebra::DMatrix::from_fn(1500, 10, |i, class| digits.train.target(i)[class] - 0.1),
    );
    let strengths = (x * r / 1500.0).singular_values();
    for decay in [0.05, 0.1, 0.15] {
        let counts = [("tanh", 1.0), ("gelu", 0.5)].map(|(activation, slope)| {
            let session = open(&format!("noise=0.3&decay={decay}&activation={activation}"));
            let count = strengths.iter().filter(|strength| slope * **strength > decay).count() as f64;
            assert_eq!(crate::session::value(&session.summary(), "modes"), count, "{activation} {strengths}");
            count
        });
        assert!(counts[0] > counts[1], "{decay}: {counts:?}");
    }
}

#[test]
fn there_is_no_exponent_where_there_is_no_hessian() {
    for (query, why) in [("depth=3", "vanishes"), ("depth=8", "vanishes"), ("activation=relu", "kink")] {
        let session = open(query);
        assert!(session.jobs().iter().all(|(job, _)| !job.name.starts_with("origin")), "{query}");
        let summary = session.summary();
        let row = crate::session::quantity(&summary, "exponent");
        assert!(row.value.is_none() && row.words.contains(why), "{query}: {row:?}");
    }
    assert!(open("depth=3&residual=1").jobs().iter().any(|(job, _)| job.name.starts_with("origin")));
}
