//! Lyapunov spectra of random matrix products against exact spectra, and that a chain can be continued.
// The standard library is the independent route here.
#![allow(clippy::disallowed_methods)]

#[path = "matrix_product/eigenvalues.rs"]
mod eigenvalues;
#[path = "matrix_product/parts.rs"]
mod parts;

use saddlescope::core::exact_spectrum::ExactSpectrum;
use saddlescope::core::hessian_law::{Factor, HessianLaw, Isotropic, Neuron};
use saddlescope::core::matrix_product::{Chain, Product, TopChain, UNIT};

const STEPS: u32 = 60_000;

fn exact_spectrum(law: &HessianLaw, factor: &Factor) -> Vec<f64> {
    ExactSpectrum::new(law, factor).all(factor)
}

fn exact_first(law: &HessianLaw, factor: &Factor) -> Option<f64> {
    ExactSpectrum::new(law, factor).first(factor)
}

fn neuron(outputs: usize, inputs: usize, signal: Vec<f64>, noise: f64) -> HessianLaw {
    HessianLaw::neuron(Neuron {
        outputs,
        inputs,
        signal,
        noise,
        input_law: Isotropic::Gaussian,
        noise_law: Isotropic::Gaussian,
    })
    .unwrap()
}

fn regression(dim: usize, inputs: Isotropic) -> HessianLaw {
    HessianLaw::regression(dim, inputs).unwrap()
}

/// Laws whose exponents have closed forms (of some only the first few).
fn solved() -> Vec<(&'static str, HessianLaw, Factor)> {
    let sgd = |rate, batch| Factor::sgd(rate, 0.0, batch);
    vec![
        ("sphere 2", regression(2, Isotropic::Sphere), sgd(0.7, 1)),
        ("sphere 8", regression(8, Isotropic::Sphere), sgd(1.3, 1)),
        ("sphere 4 with decay", regression(4, Isotropic::Sphere), Factor::sgd(1.5, 0.1, 1)),
        ("Gaussian 1, batch 4", regression(1, Isotropic::Gaussian), sgd(1.0, 4)),
        ("Gaussian 2", regression(2, Isotropic::Gaussian), sgd(0.9, 1)),
        ("Gaussian 8, batch 4", regression(8, Isotropic::Gaussian), sgd(0.5, 4)),
        ("Gaussian 8, batch 4, with decay", regression(8, Isotropic::Gaussian), Factor::sgd(0.5, 0.2, 4)),
        ("i.i.d. 4", HessianLaw::gaussian(4).unwrap(), Factor::PLAIN),
        ("Fibonacci", HessianLaw::fibonacci(), Factor::PLAIN),
    ]
}

/// Pinned runs lie within four standard errors, by QR and along one vector.
#[test]
fn spectra_are_the_exact_ones() {
    for (name, law, factor) in solved() {
        let exact = exact_spectrum(&law, &factor);
        assert!(!exact.is_empty(), "{name} has no closed form");
        let product = Product::new(law, factor, 1);
        let plan = product.plan(STEPS);
        let mut chain = Chain::start(&product, &plan, 1, 0);
        chain.advance(STEPS / UNIT);
        let spectrum = chain.spectrum();
        for (found, exact) in spectrum.exponents.iter().zip(&exact) {
            let distance = (found.value - exact).abs() / found.standard_error;
            assert!(distance < 4.0, "{name}: {} ± {} against {exact}", found.value, found.standard_error);
            assert!(found.standard_error < 0.05, "{name}: an error of {}", found.standard_error);
        }
        let mut top = TopChain::start(&product, &plan, 1, 0);
        top.advance(STEPS / UNIT);
        let found = &top.spectrum().exponents[0];
        let distance = (found.value - exact[0]).abs() / found.standard_error;
        assert!(distance < 4.0, "{name}, one vector: {} ± {}", found.value, found.standard_error);
    }
}

/// The exponents of the theory text that need no formula of ours.
#[test]
fn known_constants_come_out() {
    let fibonacci = exact_spectrum(&HessianLaw::fibonacci(), &Factor::PLAIN);
    assert!((fibonacci[0] - 0.123_975_598_8).abs() < 1e-9, "log 1.13198824879…: {}", fibonacci[0]);
    // Sphere, d = 2: Λ₁ = log((1 + |1 − λ|)/2), and the sum is log|1 − λ|.
    let sphere = exact_spectrum(&regression(2, Isotropic::Sphere), &Factor::sgd(0.7, 0.0, 1));
    assert!((sphere[0] - 0.65_f64.ln()).abs() < 1e-10, "{sphere:?}");
    assert!((sphere[0] + sphere[1] - 0.3_f64.ln()).abs() < 1e-10, "{sphere:?}");
    // Newman, d = 4: ½[log 2 + ψ(k/2)] with ψ(2) = 1 − γ, ψ(3/2) = 2 − γ − 2 log 2, ψ(1) = −γ, ψ(½) = −γ − 2 log 2
    let (euler, two) = (0.577_215_664_901_532_9, 2.0_f64.ln());
    let digammas = [1.0 - euler, 2.0 - euler - 2.0 * two, -euler, -euler - 2.0 * two];
    let newman = exact_spectrum(&HessianLaw::gaussian(4).unwrap(), &Factor::PLAIN);
    for (found, digamma) in newman.iter().zip(digammas) {
        assert!((found - 0.5 * (two + digamma)).abs() < 1e-13, "{newman:?}");
    }
}

/// High-precision values of sphere and Gaussian inputs, computed apart (mpmath).
#[test]
fn closed_forms_are_the_references() {
    let reference: serde_json::Value =
        serde_json::from_str(include_str!("reference/exponents.json")).expect("the references are JSON");
    let number = |case: &serde_json::Value, key: &str| case[key].as_f64().expect("a number");
    let cases = reference["isotropic_unit_inputs"].as_array().expect("a list");
    for case in cases {
        let law = regression(number(case, "dim") as usize, Isotropic::Sphere);
        let found = exact_spectrum(&law, &Factor::sgd(number(case, "lr"), 0.0, 1));
        let wanted = case["spectrum"].as_array().expect("a list");
        assert_eq!(found.len(), wanted.len());
        for (found, wanted) in found.iter().zip(wanted) {
            assert!((found - wanted.as_f64().unwrap()).abs() < 1e-10, "{case}: {found}");
        }
    }
    let cases = reference["gaussian_regression"].as_array().expect("a list");
    assert!(cases.len() > 4);
    for case in cases {
        let law = regression(number(case, "dim") as usize, Isotropic::Gaussian);
        let factor = Factor::sgd(number(case, "lr"), 0.0, number(case, "batch") as u32);
        let (found, wanted) = (exact_spectrum(&law, &factor)[0], number(case, "top"));
        // the references have twelve decimals
        assert!((found - wanted).abs() < 2e-10, "{case}: {found}");
        assert_eq!(exact_first(&law, &factor), Some(found));
    }
}

/// The exponents add up to the mean log-determinant, drawn apart.
#[test]
fn the_sum_is_the_determinants() {
    for (name, law, factor) in [
        ("neuron 1, 1", neuron(1, 1, vec![0.3], 1.5), Factor::sgd(0.5, 0.0, 1)),
        ("neuron 2, 3", neuron(2, 3, vec![], 1.0), Factor::sgd(0.2, 0.0, 2)),
        ("Gaussian 8, batch 16", regression(8, Isotropic::Gaussian), Factor::sgd(1.0, 0.0, 16)),
    ] {
        let product = Product::new(law, factor, 1);
        let plan = product.plan(STEPS);
        let mut chain = Chain::start(&product, &plan, 1, 0);
        chain.advance(STEPS / UNIT);
        let sum: f64 = chain.spectrum().exponents.iter().map(|exponent| exponent.value).sum();
        assert!((chain.spectrum().sum.value - sum).abs() < 1e-12, "{name}: {:?}", chain.spectrum().sum);
        let drawn = product.log_determinant(5, 40_000);
        let own: f64 =
            chain.spectrum().exponents.iter().map(|e| e.standard_error.powi(2)).sum::<f64>().sqrt();
        let error = drawn.standard_error.hypot(own * (product.dim() as f64).sqrt());
        assert!((sum - drawn.value).abs() < 4.0 * error, "{name}: {sum} against {} ± {error}", drawn.value);
    }
}

/// Section 2's exponent of one direction, written out: all means of `S` of the values.
fn one_direction(values: &[f64], batch: u32, factor: &Factor) -> f64 {
    let ways = values.len().pow(batch);
    let mut sum = 0.0;
    for way in 0..ways {
        let (mut rest, mut total) = (way, 0.0);
        for _ in 0..batch {
            total += values[rest % values.len()];
            rest /= values.len();
        }
        sum += (factor.offset + factor.scale * total / f64::from(batch)).abs().ln();
    }
    sum / ways as f64
}

/// Orthonormal columns from a Gaussian matrix, by Gram and Schmidt.
fn orthonormal(dim: usize) -> Vec<Vec<f64>> {
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for k in 0..dim {
        let mut column: Vec<f64> = (0..dim).map(|i| ((i * i + 3 * k * i + k) as f64 + 0.3).sin()).collect();
        for _ in 0..2 {
            for other in &columns {
                let along: f64 = column.iter().zip(other).map(|(a, b)| a * b).sum();
                column.iter_mut().zip(other).for_each(|(a, b)| *a -= along * b);
            }
        }
        let norm = column.iter().map(|a| a * a).sum::<f64>().sqrt();
        columns.push(column.iter().map(|a| a / norm).collect());
    }
    columns
}

/// Matrices with these diagonals, in the axes or in common eigenvectors.
fn with_eigenvalues(diagonals: &[Vec<f64>], turned: bool) -> HessianLaw {
    let dim = diagonals[0].len();
    let basis = orthonormal(dim);
    let mut entries = Vec::new();
    for diagonal in diagonals {
        for i in 0..dim {
            for j in 0..dim {
                entries.push(if turned {
                    (0..dim).map(|k| diagonal[k] * basis[k][i] * basis[k][j]).sum()
                } else if i == j {
                    diagonal[i]
                } else {
                    0.0
                });
            }
        }
    }
    HessianLaw::matrices(dim, entries).unwrap()
}

/// Diagonal and commuting matrices have the exponents of one dimension, to 1e-12.
#[test]
fn commuting_matrices_are_one_dimensional() {
    let diagonals = vec![vec![0.3, 1.2, -0.4, 0.9], vec![0.8, -1.1, 0.25, 1.7], vec![-0.2, 0.6, 1.9, 0.45]];
    for turned in [false, true] {
        let law = with_eigenvalues(&diagonals, turned);
        for factor in [Factor::sgd(0.5, 0.0, 1), Factor::sgd(0.7, 0.2, 2), Factor::sgd(1.4, 0.0, 3)] {
            let mut wanted: Vec<f64> = (0..4)
                .map(|k| {
                    let values: Vec<f64> = diagonals.iter().map(|diagonal| diagonal[k]).collect();
                    one_direction(&values, factor.batch, &factor)
                })
                .collect();
            wanted.sort_by(|a, b| b.total_cmp(a));
            let found = exact_spectrum(&law, &factor);
            assert_eq!(found.len(), 4, "turned: {turned}");
            for (found, wanted) in found.iter().zip(&wanted) {
                assert!((found - wanted).abs() < 1e-12, "turned: {turned}, {factor:?}: {found} {wanted}");
            }
        }
    }
    // two that do not commute have no closed form
    let mut entries = vec![1.0, 0.0, 0.0, 2.0];
    entries.extend([1.0, 0.5, 0.5, 1.0]);
    let law = HessianLaw::matrices(2, entries).unwrap();
    assert_eq!(exact_spectrum(&law, &Factor::sgd(0.5, 0.0, 1)), [] as [f64; 0]);
    assert_eq!(ExactSpectrum::new(&law, &Factor::sgd(0.5, 0.0, 1)).count(), 0);
}

/// Without noise (a full batch, drawn without replacement) QR gives the logarithms of the eigenvalues, to 1e-12.
#[test]
fn a_full_batch_has_its_eigenvalues() {
    let diagonals = vec![vec![0.3, 1.2, -0.4, 0.9], vec![0.8, -1.0, 0.3, 1.7]];
    let law = with_eigenvalues(&diagonals, true);
    let factor = Factor { replacement: false, ..Factor::sgd(0.6, 0.05, 2) };
    let mut wanted: Vec<f64> = (0..4)
        .map(|k| (1.0_f64 - 0.03 - 0.6 * 0.5 * (diagonals[0][k] + diagonals[1][k])).abs().ln())
        .collect();
    wanted.sort_by(|a, b| b.total_cmp(a));
    let product = Product::new(law, factor, 1);
    // a burn-in of 256 steps: the slowest two directions part as 0.91^512
    let mut chain = Chain::start(&product, &product.plan(66 * 256), 1, 0);
    chain.advance(66 * 16 + 8);
    let spectrum = chain.spectrum();
    for (found, wanted) in spectrum.exponents.iter().zip(&wanted) {
        assert!((found.value - wanted).abs() < 1e-12, "{} against {wanted}", found.value);
    }
    let mut top = TopChain::start(&product, &product.plan(66 * 256), 1, 0);
    top.advance(66 * 16 + 8);
    let found = top.spectrum().exponents[0].value;
    assert!((found - wanted[0]).abs() < 1e-12, "one vector: {found} against {}", wanted[0]);
    // without replacement a batch of one is a batch of one
    let drawn = Product::new(with_eigenvalues(&diagonals, true), Factor { batch: 1, ..factor }, 1);
    let again = Product::new(with_eigenvalues(&diagonals, true), Factor::sgd(0.6, 0.05, 1), 1);
    let run = |product: &Product| {
        let mut chain = Chain::start(product, &product.plan(66 * 64), 1, 0);
        chain.advance(2000);
        chain.spectrum().exponents[0]
    };
    let (one, other) = (run(&drawn), run(&again));
    let error = one.standard_error.hypot(other.standard_error);
    assert!((one.value - other.value).abs() < 4.0 * error, "{} against {}", one.value, other.value);
}

/// How many formulas are said to be known, and how many are given.
#[test]
fn known_exponents_are_those_given() {
    for (name, law, factor) in solved() {
        assert_eq!(ExactSpectrum::new(&law, &factor).count(), exact_spectrum(&law, &factor).len(), "{name}");
        let top = exact_first(&law, &factor).unwrap();
        assert!((top - exact_spectrum(&law, &factor)[0]).abs() < 1e-10, "{name}");
    }
    for (law, factor) in [
        (regression(3, Isotropic::Signs), Factor::sgd(0.5, 0.0, 1)),
        (regression(3, Isotropic::Sphere), Factor::sgd(0.5, 0.0, 2)),
        (neuron(2, 3, vec![], 1.0), Factor::sgd(0.5, 0.0, 1)),
        (neuron(1, 1, vec![0.4], 1.0), Factor::sgd(0.5, 0.0, 3)),
        (regression(1, Isotropic::Signs), Factor::sgd(0.5, 0.0, 2)),
    ] {
        assert_eq!(ExactSpectrum::new(&law, &factor).count(), exact_spectrum(&law, &factor).len(), "{law:?}");
    }
}

/// Along u = ±w rounding keeps what has been lost: without the rotation the vector stays in the wrong one of two invariant
/// directions once the other is below 1e-16 of it, and the estimate is wrong by far. With it, it comes back.
#[test]
fn without_the_rotation_it_locks_in() {
    // u ± w grow by 1 ± z, z = 0.03 ± 0.9: the logarithm of their ratio drifts by 0.33 and walks by 2.8 a step, so it falls
    // below that of 1e-16 in one run of twenty
    let law = HessianLaw::neuron(Neuron {
        outputs: 1,
        inputs: 1,
        signal: vec![0.03],
        noise: 0.9,
        input_law: Isotropic::Signs,
        noise_law: Isotropic::Signs,
    })
    .unwrap();
    let factor = Factor::sgd(1.0, 0.0, 1);
    let exact = exact_spectrum(&law, &factor);
    let scores = |product: &Product| -> Vec<f64> {
        (0..6)
            .map(|seed| {
                let mut chain = TopChain::start(product, &product.plan(16 * 66), seed, 0);
                chain.advance(20_000);
                let top = chain.spectrum().exponents[0];
                (top.value - exact[0]) / top.standard_error
            })
            .collect()
    };
    let with = scores(&Product::new(law.clone(), factor, 1));
    assert!(with.iter().all(|score| score.abs() < 4.5), "with the rotation: {with:?}");
    let without = scores(&Product::unrotated(law, factor));
    assert!(without.iter().any(|score| *score < -6.0), "without it nothing went wrong: {without:?}");
}

/// A chain continued from its numbers is the long chain, bit for bit.
#[test]
fn a_continued_chain_is_one_chain() {
    let product = Product::new(neuron(2, 3, vec![0.4], 1.0), Factor::sgd(0.3, 0.01, 2), 1);
    let plan = product.plan(20_000);
    let mut long = Chain::start(&product, &plan, 3, 1);
    long.advance(24);
    let mut first = Chain::start(&product, &plan, 3, 1);
    first.advance(7);
    let mut second = Chain::resume(&product, 3, 1, &first.state()).unwrap();
    second.advance(17);
    let bits = |state: Vec<f64>| state.into_iter().map(f64::to_bits).collect::<Vec<_>>();
    assert_eq!(bits(long.state()), bits(second.state()));
}

/// The same along one vector.
#[test]
fn a_continued_vector_is_one_vector() {
    let product = Product::new(neuron(2, 3, vec![0.4], 1.0), Factor::sgd(0.3, 0.01, 2), 1);
    let plan = product.plan(20_000);
    let mut long = TopChain::start(&product, &plan, 3, 1);
    long.advance(300);
    let mut state = TopChain::start(&product, &plan, 3, 1).state();
    for part in [1, 99, 150, 50] {
        let mut chain = TopChain::resume(&product, 3, 1, &state).unwrap();
        chain.advance(part);
        state = chain.state();
    }
    let bits = |state: Vec<f64>| state.into_iter().map(f64::to_bits).collect::<Vec<_>>();
    assert_eq!(bits(long.state()), bits(state.clone()));
    assert_eq!(TopChain::read(&state).unwrap().spectrum(), long.spectrum());
}

/// Numbers that are no state are refused, not read.
#[test]
fn what_is_no_state_is_refused() {
    let product = Product::new(regression(3, Isotropic::Sphere), Factor::sgd(0.5, 0.0, 1), 1);
    for numbers in [vec![], vec![1.0; 11], vec![0.0; 40], vec![f64::NAN; 60]] {
        assert!(Chain::resume(&product, 1, 0, &numbers).is_none(), "{}", numbers.len());
        assert!(Chain::read(&numbers).is_none());
        assert!(TopChain::resume(&product, 1, 0, &numbers).is_none(), "{}", numbers.len());
    }
    // a state with a batch that is not whole
    let mut chain = Chain::start(&product, &product.plan(66 * UNIT), 1, 0);
    chain.advance(8);
    let mut state = chain.state();
    assert!(Chain::resume(&product, 1, 0, &state).is_some());
    state.pop();
    assert!(Chain::resume(&product, 1, 0, &state).is_none());
}
