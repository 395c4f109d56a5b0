//! Products that are several products beside each other, and directions that no matrix touches.

use super::{exact_spectrum, neuron, orthonormal};
use saddlescope::core::hessian_law::{Factor, HessianLaw, Isotropic};
use saddlescope::core::matrix_product::{Chain, Product, Record, Spectrum, TopChain, Verdict};

/// Viswanath's constant.
const FIBONACCI: f64 = 0.123_975_598_8;

/// `Σ basisᵢ x_ij basisⱼᵀ`, row by row.
fn turned(matrix: &[f64], basis: &[Vec<f64>]) -> Vec<f64> {
    let dim = basis.len();
    let entry = |a: usize, b: usize| -> f64 {
        (0..dim * dim).map(|k| matrix[k] * basis[k / dim][a] * basis[k % dim][b]).sum()
    };
    (0..dim * dim).map(|k| entry(k / dim, k % dim)).collect()
}

/// Two products of random Fibonacci matrices, the second half as large again, in five dimensions that hide them; one direction is untouched.
fn hidden(offset: f64) -> (HessianLaw, Factor) {
    let mut entries = Vec::new();
    for (first, second) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
        let mut matrix = [0.0; 25];
        (matrix[1], matrix[5], matrix[6]) = (1.0, 1.0, first);
        (matrix[13], matrix[17], matrix[18]) = (1.5, 1.5, 1.5 * second);
        entries.extend(turned(&matrix, &orthonormal(5)));
    }
    (HessianLaw::matrices(5, entries).unwrap(), Factor { offset, ..Factor::PLAIN })
}

fn by_qr(product: &Product, seed: u64, units: u32) -> Spectrum {
    let mut chain = Chain::start(product, &product.plan(16 * 66), seed, 0);
    chain.advance(units);
    chain.spectrum()
}

#[test]
fn hidden_parts_are_found_and_keep_their_exponents() {
    let (law, factor) = hidden(0.0);
    let split = law.clone().split();
    assert_eq!((split.parts.clone(), split.untouched), (vec![2, 2], 1));
    // lengths and traces do not know of bases
    let trace = |law: &HessianLaw| law.mean().iter().step_by(law.dim() + 1).sum::<f64>();
    assert!((split.law.square_norm() - law.square_norm()).abs() < 1e-12);
    assert!((trace(&split.law) - trace(&law)).abs() < 1e-12);
    let product = Product::new(law, factor, 3);
    let spectrum = by_qr(&product, 3, 4000);
    let shift = 1.5_f64.ln();
    let wanted = [shift + FIBONACCI, shift - FIBONACCI, FIBONACCI, -FIBONACCI];
    for (found, wanted) in spectrum.exponents.iter().zip(wanted) {
        let distance = (found.value - wanted).abs() / found.standard_error;
        assert!(distance < 4.0, "{} ± {} against {wanted}", found.value, found.standard_error);
        assert!(!found.exact && found.standard_error < 0.01);
    }
    let last = spectrum.exponents[4];
    assert!(last.exact && last.value == f64::NEG_INFINITY, "m = 0 in the untouched direction: {last:?}");
    // along one vector: the first of each part
    let mut chain = TopChain::start(&product, &product.plan(16 * 66), 3, 0);
    chain.advance(1000);
    let tops = chain.spectrum().exponents;
    for (found, wanted) in tops.iter().zip([wanted[0], wanted[2]]) {
        assert!((found.value - wanted).abs() < 4.0 * found.standard_error, "{found:?} against {wanted}");
    }
    assert_eq!(tops.len(), 3);
}

/// Laws of two or three parts with equal exponents, and steps.
fn with_equal_parts() -> Vec<(&'static str, HessianLaw, Factor)> {
    // two lengths along each of three directions that are no axes
    let vectors: Vec<f64> = orthonormal(3)
        .iter()
        .flat_map(|b| [0.6, 1.4].map(|length| b.iter().map(|x| length * x).collect::<Vec<f64>>()).concat())
        .collect();
    let outer: Vec<f64> = vectors
        .chunks_exact(3)
        .flat_map(|x| (0..9).map(|k| x[k / 3] * x[k % 3]).collect::<Vec<f64>>())
        .collect();
    vec![
        ("u ± w", neuron(1, 1, vec![], 1.0), Factor::sgd(0.4, 0.0, 1)),
        ("two signs", HessianLaw::regression(2, Isotropic::Signs).unwrap(), Factor::sgd(0.7, 0.0, 3)),
        ("vectors", HessianLaw::rows(3, vectors).unwrap(), Factor::sgd(0.5, 0.0, 1)),
        ("matrices", HessianLaw::matrices(3, outer).unwrap(), Factor::sgd(0.5, 0.0, 1)),
    ]
}

/// Kept apart, equal exponents are all right. Held together by rounding the first of them came out nearly four standard errors too large.
#[test]
fn equal_exponents_of_parts_are_all_right() {
    let runs = 24;
    for (name, law, factor) in with_equal_parts() {
        let exact = exact_spectrum(&law, &factor);
        assert_eq!(exact.len(), law.dim());
        assert!((exact[0] - exact[exact.len() - 1]).abs() < 1e-12, "{name}: {exact:?}");
        let (mut above, mut along) = (0.0, 0.0);
        for seed in 0..runs {
            let product = Product::new(law.clone(), factor, seed);
            let spectrum = by_qr(&product, seed, 2000);
            let first = spectrum.exponents[0];
            above += (first.value - exact[0]) / first.standard_error / runs as f64;
            let mut chain = TopChain::start(&product, &product.plan(16 * 66), seed, 0);
            chain.advance(400);
            let first = chain.spectrum().exponents[0];
            along += (first.value - exact[0]) / first.standard_error / runs as f64;
        }
        // the largest of three normal numbers: 0.85 if they are independent, at most 1.04; the mean of 24 is known to 0.15
        assert!(above.abs() < 1.7 && along.abs() < 1.7, "{name}: QR {above}, one vector {along}");
    }
}

/// Three vectors in five dimensions leave two directions alone.
#[test]
fn untouched_directions_keep_their_length() {
    let vectors = [[1.0, 0.2, 0.4, -0.6, 0.3], [0.1, -0.9, 0.5, 0.2, 0.7], [-0.4, 0.3, 0.8, 0.5, -0.2]];
    let law = HessianLaw::rows(5, vectors.concat()).unwrap();
    // the same vectors in an orthonormal basis of their span, by Gram and Schmidt
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for vector in vectors {
        let mut left = vector.to_vec();
        for other in &basis {
            let along: f64 = left.iter().zip(other).map(|(a, b)| a * b).sum();
            left.iter_mut().zip(other).for_each(|(a, b)| *a -= along * b);
        }
        let norm = left.iter().map(|a| a * a).sum::<f64>().sqrt();
        basis.push(left.iter().map(|a| a / norm).collect());
    }
    let within: Vec<f64> = vectors
        .iter()
        .flat_map(|x| {
            basis.iter().map(|b| b.iter().zip(x).map(|(a, x)| a * x).sum::<f64>()).collect::<Vec<_>>()
        })
        .collect();
    let small = HessianLaw::rows(3, within).unwrap();
    for (rate, decay, verdict) in
        [(0.8, 0.0, Verdict::Zero), (0.8, 0.05, Verdict::Attractive), (3.5, 0.0, Verdict::Repulsive)]
    {
        let factor = Factor::sgd(rate, decay, 1);
        let product = Product::new(law.clone(), factor, 1);
        let spectrum = by_qr(&product, 1, 3000);
        let stay = (1.0 - rate * decay).ln();
        let exact: Vec<f64> = spectrum.exponents.iter().filter(|e| e.exact).map(|e| e.value).collect();
        assert_eq!(exact.len(), 2);
        assert!(exact.iter().all(|value| (value - stay).abs() < 1e-15), "{exact:?} against {stay}");
        let mine = spectrum.exponents.iter().filter(|e| !e.exact);
        let other = by_qr(&Product::new(small.clone(), factor, 2), 2, 3000);
        for (one, two) in mine.zip(&other.exponents) {
            let error = one.standard_error.hypot(two.standard_error);
            assert!((one.value - two.value).abs() < 4.0 * error, "{one:?} against {two:?}");
        }
        let determinant = product.log_determinant(1, 1).value;
        let small = Product::new(small.clone(), factor, 1).log_determinant(1, 1).value;
        assert!((determinant - small - 2.0 * stay).abs() < 1e-12, "{determinant} against {small}");
        assert!((spectrum.sum.value - determinant).abs() < 4.0 * spectrum.sum.standard_error);
        assert_eq!(spectrum.verdict(1), verdict, "λ = {rate}, γ = {decay}");
    }
}

/// A neuron without noise and signal, and a list of zeros: every step is `m I`, so there is nothing to wait for.
#[test]
fn nothing_is_touched() {
    for (law, dim) in [(neuron(2, 3, vec![0.0, 0.0], 0.0), 5), (neuron(1, 1, vec![], 0.0), 2)] {
        for (rate, decay, verdict) in [
            (0.8, 0.0, Verdict::Zero),
            (0.8, 0.1, Verdict::Attractive),
            (0.3, 10.0, Verdict::Repulsive),
            (0.5, 2.0, Verdict::Attractive),
        ] {
            let factor = Factor::sgd(rate, decay, 3);
            let wanted = (1.0 - rate * decay).abs().ln();
            assert_eq!(exact_spectrum(&law, &factor), vec![wanted; dim]);
            let product = Product::new(law.clone(), factor, 1);
            let mut chain = TopChain::start(&product, &product.plan(66 * 16), 1, 0);
            chain.advance(3);
            let by_vector = TopChain::read(&chain.state()).unwrap();
            for record in [by_qr_record(&product), by_vector] {
                let spectrum = record.spectrum();
                assert_eq!((spectrum.exponents.len(), record.untouched()), (dim, dim));
                assert!(spectrum.exponents.iter().all(|e| e.exact && e.value == wanted), "{spectrum:?}");
                assert!(spectrum.sum.value == dim as f64 * wanted && spectrum.sum.standard_error == 0.0);
                assert_eq!(
                    (spectrum.verdict(1), spectrum.too_short),
                    (verdict, false),
                    "λ = {rate}, γ = {decay}"
                );
                assert_eq!(spectrum.band(0, 0.01), 0.0);
            }
        }
    }
}

fn by_qr_record(product: &Product) -> Record {
    let mut chain = Chain::start(product, &product.plan(66 * 16), 1, 0);
    chain.advance(3);
    Chain::read(&chain.state()).unwrap()
}

/// A list that is one piece, and laws that are no list, stay as they are.
#[test]
fn what_is_whole_stays_whole() {
    let vectors = [[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.3, 0.2, 0.0], [0.1, 0.0, 0.0]];
    for law in [
        HessianLaw::rows(3, vectors.concat()).unwrap(),
        HessianLaw::fibonacci(),
        neuron(2, 1, vec![0.3], 1.0),
        HessianLaw::regression(3, Isotropic::Signs).unwrap(),
    ] {
        let split = law.clone().split();
        assert_eq!((split.parts, split.untouched), (vec![law.dim()], 0), "{law:?}");
        assert_eq!(split.law, law);
    }
    // vectors connect directions through each other
    let chain =
        HessianLaw::rows(4, vec![1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 2.0]).unwrap();
    let mut parts = chain.split().parts;
    parts.sort_unstable();
    assert_eq!(
        parts,
        [1, 2],
        "two vectors span two directions, the third stands alone, one direction is untouched"
    );
    // nothing at all: one direction stays to be multiplied
    let nothing = HessianLaw::rows(3, vec![0.0; 9]).unwrap().split();
    assert_eq!((nothing.parts, nothing.untouched), (vec![1], 2));
}

/// Without noise a full batch converges as its eigenvalues part, however near 0 the noise of rounding is.
#[test]
fn without_noise_the_run_is_long_enough() {
    let mut entries = turned(&[1.0, 0.0, 0.0, 3.0], &orthonormal(2));
    entries.extend([0.5, 0.2, 0.2, 0.8]);
    let law = HessianLaw::matrices(2, entries).unwrap();
    let factor = Factor { replacement: false, ..Factor::sgd(0.5, 0.0, 2) };
    let product = Product::new(law.clone(), factor, 1);
    let mean = law.mean();
    let (middle, half) = (f64::midpoint(mean[0], mean[3]), 0.5 * (mean[0] - mean[3]).hypot(2.0 * mean[1]));
    let sizes = [(1.0 - 0.5 * (middle - half)).abs().ln(), (1.0 - 0.5 * (middle + half)).abs().ln()];
    assert!((product.relaxation() - (1.0 / (sizes[0] - sizes[1]).abs()).max(1.0)).abs() < 1e-9);
    let spectrum = by_qr(&product, 1, 1000);
    assert!(!spectrum.too_short);
    assert_eq!(spectrum.verdict(1), Verdict::Attractive);
    let exact = exact_spectrum(&law, &factor);
    assert_eq!(exact.len(), 2);
    for ((found, exact), wanted) in spectrum.exponents.iter().zip(&exact).zip(sizes) {
        assert!((found.value - wanted).abs() < 1e-12 && (exact - wanted).abs() < 1e-12, "{found:?} {wanted}");
    }
}
