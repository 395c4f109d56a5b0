//! Lyapunov spectra of random matrix products against exact spectra, and that a chain can be continued.
// The standard library is the independent route here.
#![allow(clippy::disallowed_methods)]

use saddlescope::core::exact_spectrum::{exact_spectrum, exact_top};
use saddlescope::core::hessian_law::{Factor, HessianLaw, Isotropic, Neuron};
use saddlescope::core::matrix_product::{Chain, Product, TopChain, UNIT};

const STEPS: u32 = 60_000;

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
        assert_eq!(exact_top(&law, &factor), Some(found));
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
        let drawn = product.log_determinant(5, 40_000);
        let own: f64 =
            chain.spectrum().exponents.iter().map(|e| e.standard_error.powi(2)).sum::<f64>().sqrt();
        let error = drawn.standard_error.hypot(own * (product.dim() as f64).sqrt());
        assert!((sum - drawn.value).abs() < 4.0 * error, "{name}: {sum} against {} ± {error}", drawn.value);
    }
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
