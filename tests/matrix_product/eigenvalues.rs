//! Eigenvalues of matrices that need not be symmetric, and products of one such matrix.

use super::{exact_spectrum, orthonormal};
use nalgebra::DMatrix;
use saddlescope::core::eigenvalues::eigenvalues;
use saddlescope::core::hessian_law::{Factor, HessianLaw};
use saddlescope::core::matrix_product::{Chain, Product, Verdict};

/// Numbers between −1 and 1 without a pattern.
fn uneven(count: usize, phase: f64) -> Vec<f64> {
    (0..count).map(|i| (12.9898 * (i as f64 + phase)).sin() * (0.7 * (i * i) as f64 + phase).cos()).collect()
}

/// `B D B⁻¹` with blocks `[[a, b], [−b, a]]` in `D`, whose eigenvalues are `a ± ib`.
fn with_pairs(pairs: &[[f64; 2]], skew: f64) -> Vec<f64> {
    let dim = 2 * pairs.len();
    let mut middle = DMatrix::zeros(dim, dim);
    for (k, [a, b]) in pairs.iter().enumerate() {
        let block = [*a, *b, -*b, *a];
        (0..4).for_each(|i| middle[(2 * k + i / 2, 2 * k + i % 2)] = block[i]);
    }
    let basis =
        DMatrix::identity(dim, dim) + skew * DMatrix::from_row_slice(dim, dim, &uneven(dim * dim, 0.4));
    let whole = &basis * middle * basis.clone().try_inverse().unwrap();
    whole.transpose().as_slice().to_vec()
}

/// The largest distance from an eigenvalue wanted to the nearest found that no other has taken.
fn farthest(wanted: &[[f64; 2]], found: &[[f64; 2]]) -> f64 {
    let mut left = found.to_vec();
    assert_eq!(left.len(), wanted.len());
    let distance = |x: &[f64; 2], y: &[f64; 2]| (x[0] - y[0]).hypot(x[1] - y[1]);
    wanted.iter().fold(0.0, |most: f64, x| {
        let nearest =
            (0..left.len()).min_by(|i, j| distance(x, &left[*i]).total_cmp(&distance(x, &left[*j])));
        most.max(distance(x, &left.swap_remove(nearest.unwrap())))
    })
}

/// Matrices built from their eigenvalues, and those of another library.
#[test]
fn eigenvalues_are_those_given_and_those_of_another_library() {
    let pairs = [[0.9, 0.4], [-0.3, 1.1], [0.05, 0.02], [2.0, 0.0]];
    let wanted: Vec<[f64; 2]> = pairs.iter().flat_map(|[a, b]| [[*a, *b], [*a, -*b]]).collect();
    // 2 comes twice, with two eigenvectors
    let found = eigenvalues(&with_pairs(&pairs, 0.3), 8).unwrap();
    assert!(farthest(&wanted, &found) < 1e-13, "{found:?}");
    for dim in [1, 2, 3, 5, 16, 33, 64] {
        for (scale, phase) in [(1.0, 0.1), (1e30, 1.3), (1e-30, 2.2)] {
            let matrix: Vec<f64> = uneven(dim * dim, phase).into_iter().map(|x| scale * x).collect();
            let other = DMatrix::from_row_slice(dim, dim, &uneven(dim * dim, phase)).complex_eigenvalues();
            let wanted: Vec<[f64; 2]> = other.iter().map(|h| [scale * h.re, scale * h.im]).collect();
            let found = eigenvalues(&matrix, dim).unwrap_or_else(|| panic!("{dim} rows at {scale}"));
            let off = farthest(&wanted, &found) / scale;
            assert!(off < 1e-12 * dim as f64, "{dim} rows at {scale}: {off}");
        }
    }
    // going round in circles: the shifts of a permutation leave it as it is
    let cycle: Vec<f64> = (0..25).map(|k| f64::from(u8::from((k / 5 + 1) % 5 == k % 5))).collect();
    let roots: Vec<[f64; 2]> =
        (0..5).map(|k| f64::from(k) * std::f64::consts::TAU / 5.0).map(|t| [t.cos(), t.sin()]).collect();
    assert!(farthest(&roots, &eigenvalues(&cycle, 5).unwrap()) < 1e-14);
    assert_eq!(eigenvalues(&[0.0; 9], 3), Some(vec![[0.0; 2]; 3]));
}

/// Where rounding decides on the eigenvalues none are given: `[[1, 1, 0], [0, 1, 1], [0, 0, 1]]` in a basis that hides it.
#[test]
fn eigenvalues_that_rounding_decides_are_not_given() {
    let jordan = DMatrix::from_row_slice(3, 3, &[1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0]);
    let basis = DMatrix::from_columns(
        &orthonormal(3).into_iter().map(nalgebra::DVector::from_vec).collect::<Vec<_>>(),
    );
    let hidden = &basis * jordan * basis.transpose();
    assert_eq!(eigenvalues(hidden.transpose().as_slice(), 3), None);
    let law = HessianLaw::matrices(3, hidden.as_slice().to_vec()).unwrap();
    assert_eq!(exact_spectrum(&law, &Factor::sgd(0.5, 0.0, 1)), [] as [f64; 0]);
    // two rows: (x − 1)² but for rounding
    assert_eq!(eigenvalues(&[0.6, 0.1, -1.6, 1.4], 2), None);
}

/// One matrix that is not symmetric: the exponents are the logarithms of its eigenvalues' sizes, `log|1 − λ(γ + a ± ib)|`. The run
/// agrees, and waits for the gap of those sizes alone.
#[test]
fn one_matrix_that_is_not_symmetric_has_its_eigenvalues() {
    let (rate, decay) = (0.6, 0.1);
    let factor = Factor::sgd(rate, decay, 1);
    for imaginary in [[0.0; 3], [0.4, 1.1, 0.0]] {
        let pairs = [[0.9, imaginary[0]], [-0.3, imaginary[1]], [1.6, imaginary[2]]];
        let law = HessianLaw::matrices(6, with_pairs(&pairs, 0.25)).unwrap();
        let size = |[a, b]: &[f64; 2]| (1.0 - rate * (decay + a)).hypot(rate * b).ln();
        let mut wanted: Vec<f64> = pairs.iter().flat_map(|pair| [size(pair); 2]).collect();
        wanted.sort_by(|a, b| b.total_cmp(a));
        let exact = exact_spectrum(&law, &factor);
        assert_eq!(exact.len(), 6);
        assert!(
            exact.iter().zip(&wanted).all(|(x, y)| (x - y).abs() < 1e-12),
            "{exact:?} against {wanted:?}"
        );
        let product = Product::new(law, factor, 1);
        let determinant = product.log_determinant(1, 1).value;
        assert!((exact.iter().sum::<f64>() - determinant).abs() < 1e-12, "{determinant}");
        let gap = (wanted[1] - wanted[2]).min(wanted[3] - wanted[4]);
        assert!((product.relaxation() - (1.0 / gap).max(1.0)).abs() < 1e-9, "{}", product.relaxation());
        let mut chain = Chain::start(&product, &product.plan(16 * 66), 1, 0);
        chain.advance(4000);
        let spectrum = chain.spectrum();
        // growths within a pair go up and down by some constant, and it is no noise: the mean over T steps is off by that over T
        let turning = imaginary != [0.0; 3];
        let room = if turning { 10.0 / 64_000.0 } else { 1e-12 };
        for (found, wanted) in spectrum.exponents.iter().zip(&wanted) {
            assert!((found.value - wanted).abs() < room, "{} against {wanted}", found.value);
        }
        if !turning {
            assert_eq!((spectrum.too_short, spectrum.verdict(1)), (false, Verdict::Repulsive));
        }
    }
}
