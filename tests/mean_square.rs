//! Mean-square stability of matrix products against closed forms, and both ways to its critical rate.
// The standard library is the independent route here.
#![allow(clippy::disallowed_methods)]

use saddlescope::core::hessian_law::{Factor, HessianLaw, Isotropic, Neuron};
use saddlescope::core::mean_square::{CriticalRate, MeanSquare};

/// Gaussian inputs: the limit is `2S/(d + S + 1)`.
#[test]
fn gaussian_regression_has_its_limit() {
    for (dim, batch) in [(1, 1), (2, 1), (8, 1), (1, 4), (2, 4), (8, 4), (8, 64)] {
        let law = HessianLaw::regression(dim, Isotropic::Gaussian).unwrap();
        let square = MeanSquare::new(&law);
        let exact = 2.0 * f64::from(batch) / (dim as f64 + f64::from(batch) + 1.0);
        let factor = Factor::sgd(0.1, 0.0, batch);
        let CriticalRate::Rate(found) = square.critical_rate(0.0, &factor) else { panic!("{dim}, {batch}") };
        assert!((found - exact).abs() < 1e-9 * exact, "{dim}, {batch}: {found} against {exact}");
        let bisected = square.bisected_rate(0.0, &factor, 0.1 * exact, 3.0 * exact).unwrap();
        assert!((bisected - exact).abs() < 1e-9 * exact, "{dim}, {batch}: {bisected}");
    }
}

/// In one dimension the radius is `E X²`.
#[test]
fn one_dimension_is_the_second_moment() {
    let values = [0.3, -1.1, 2.0, 0.7];
    let law = HessianLaw::matrices(1, values.to_vec()).unwrap();
    for (rate, decay, batch) in [(0.4, 0.0, 1), (0.9, 0.2, 3)] {
        let mean = values.iter().sum::<f64>() / 4.0;
        let variance = values.iter().map(|h| (h - mean) * (h - mean)).sum::<f64>() / 4.0;
        let exact = (1.0 - rate * (decay + mean)).powi(2) + rate * rate * variance / f64::from(batch);
        let found = MeanSquare::new(&law).radius(&Factor::sgd(rate, decay, batch)).value;
        assert!((found - exact).abs() < 1e-12 * exact, "{found} against {exact}");
    }
}

/// Fewer samples than dimensions: the directions that no sample sees change nothing. The rate is that of the samples written in
/// their own plane, `x₁ = (|x₁|, 0)`, `x₂ = (x₁·x₂, |x₁ × x₂|)/|x₁|`.
#[test]
fn null_directions_are_left_out() {
    let (mut state, factor) = (1_u64, Factor::sgd(0.1, 0.0, 1));
    let mut number = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    };
    for dim in [3, 5, 9, 20] {
        for _ in 0..10 {
            let x: Vec<f64> = (0..2 * dim).map(|_| number()).collect();
            let dot = |a: usize, b: usize| -> f64 {
                x[a * dim..(a + 1) * dim].iter().zip(&x[b * dim..(b + 1) * dim]).map(|(x, y)| x * y).sum()
            };
            let first = dot(0, 0).sqrt();
            let along = dot(0, 1) / first;
            let plane = vec![first, 0.0, along, (dot(1, 1) - along * along).sqrt()];
            let rate = |dim: usize, x: Vec<f64>| {
                let law = HessianLaw::rows(dim, x).unwrap();
                match MeanSquare::new(&law).critical_rate(0.0, &factor) {
                    CriticalRate::Rate(rate) => rate,
                    other => panic!("d = {dim}: {other:?}"),
                }
            };
            let (found, exact) = (rate(dim, x.clone()), rate(2, plane));
            assert!((found - exact).abs() < 1e-10 * exact, "d = {dim}: {found} against {exact}");
        }
    }
    // but a direction without mean curvature that samples do see has none
    let law = HessianLaw::matrices(2, vec![1.0, 0.0, 0.0, -1e-3, 1.0, 0.0, 0.0, 1e-3]).unwrap();
    assert_eq!(MeanSquare::new(&law).critical_rate(0.0, &factor), CriticalRate::None);
}

/// In sixteen dimensions, by power iteration: the largest eigenvalue of `C^{−½}DC^{−½}` written out as a matrix over all `P`, by nalgebra.
#[test]
fn many_dimensions_have_the_rate_of_the_dense_problem() {
    let (dim, count) = (16, 40);
    let x: Vec<f64> = (0..count * dim)
        .map(|i| (i as f64 * 0.7 + (i * i) as f64 * 0.01).sin() * (1.0 + (i % dim) as f64 * 0.2))
        .collect();
    let law = HessianLaw::rows(dim, x.clone()).unwrap();
    let rows: Vec<nalgebra::DVector<f64>> = x.chunks(dim).map(nalgebra::DVector::from_column_slice).collect();
    let mean = rows.iter().map(|x| x * x.transpose()).sum::<nalgebra::DMatrix<f64>>() / count as f64;
    let one = nalgebra::DMatrix::<f64>::identity(dim, dim);
    for batch in [1, 3] {
        let share = 1.0 / f64::from(batch);
        let c = (one.kronecker(&mean) + mean.kronecker(&one)) * 0.5;
        let fourth = rows
            .iter()
            .map(|x| {
                let h = x * x.transpose();
                h.kronecker(&h)
            })
            .sum::<nalgebra::DMatrix<f64>>()
            / count as f64;
        let d = fourth * share + mean.kronecker(&mean) * (1.0 - share);
        let lower = nalgebra::Cholesky::new(c).unwrap().l();
        let half = lower.solve_lower_triangular(&d).unwrap();
        let whole = lower.solve_lower_triangular(&half.transpose()).unwrap();
        let largest = nalgebra::SymmetricEigen::new((&whole + whole.transpose()) * 0.5).eigenvalues.max();
        let CriticalRate::Rate(found) =
            MeanSquare::new(&law).critical_rate(0.0, &Factor::sgd(0.1, 0.0, batch))
        else {
            panic!("S = {batch}")
        };
        assert!(
            (found - 2.0 / largest).abs() < 1e-11 * found,
            "S = {batch}: {found} against {}",
            2.0 / largest
        );
    }
}

/// A direction of negative mean curvature is unstable at every rate.
#[test]
fn a_saddle_has_no_rate() {
    let law = HessianLaw::matrices(2, vec![1.0, 0.0, 0.0, -0.2, 2.0, 0.0, 0.0, -0.1]).unwrap();
    assert_eq!(MeanSquare::new(&law).critical_rate(0.0, &Factor::sgd(0.1, 0.0, 1)), CriticalRate::None);
}

/// A list of symmetric matrices with numbers that have nothing to do with each other.
fn list(dim: usize, count: usize) -> Vec<Vec<f64>> {
    (0..count)
        .map(|k| {
            let entry = |i: usize, j: usize| ((7 * i + 3 * j + 11 * k) as f64 * 1.7 + 0.4).sin();
            (0..dim * dim).map(|at| entry(at / dim, at % dim) + entry(at % dim, at / dim)).collect()
        })
        .collect()
}

/// Every batch of `S` of `count`, with or without replacement, each equally likely.
fn batches(count: usize, batch: usize, replacement: bool) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for _ in 0..batch {
        all = all
            .into_iter()
            .flat_map(|chosen: Vec<usize>| {
                let free = (0..count).filter(|i| replacement || !chosen.contains(i)).collect::<Vec<_>>();
                free.into_iter().map(move |i| [&chosen[..], &[i]].concat())
            })
            .collect();
    }
    all
}

/// The largest eigenvalue in size of the dense `E[M ⊗ M]` over all batches written out, by nalgebra.
fn dense_radius(matrices: &[Vec<f64>], dim: usize, factor: &Factor) -> f64 {
    let all = batches(matrices.len(), factor.batch as usize, factor.replacement);
    let mut sum = nalgebra::DMatrix::<f64>::zeros(dim * dim, dim * dim);
    for chosen in &all {
        let step = nalgebra::DMatrix::from_fn(dim, dim, |i, j| {
            let mean: f64 =
                chosen.iter().map(|&k| matrices[k][i * dim + j]).sum::<f64>() / chosen.len() as f64;
            factor.scale * mean + if i == j { factor.offset } else { 0.0 }
        });
        sum += step.kronecker(&step);
    }
    let mean = sum / all.len() as f64;
    mean.complex_eigenvalues().iter().map(|value| value.norm()).fold(0.0, f64::max)
}

#[test]
fn the_radius_is_the_dense_eigenvalue() {
    for (dim, count) in [(1, 4), (2, 3), (3, 4), (4, 3)] {
        let matrices = list(dim, count);
        let law = HessianLaw::matrices(dim, matrices.concat()).unwrap();
        let square = MeanSquare::new(&law);
        for (batch, replacement) in [(1, true), (2, true), (2, false), (3, false), (3, true)] {
            for (rate, decay) in [(0.3, 0.0), (1.1, 0.2)] {
                let factor = Factor { replacement, ..Factor::sgd(rate, decay, batch) };
                let wanted = dense_radius(&matrices, dim, &factor);
                let found = square.radius(&factor).value;
                let what =
                    format!("d = {dim}, N = {count}, S = {batch}, replacement {replacement}, λ = {rate}");
                assert!((found - wanted).abs() < 1e-9 * wanted, "{what}: {found} against {wanted}");
            }
        }
    }
}

/// Above 12 rows the power iteration takes over: a list of vectors against the dense eigenvalue of the same matrices.
#[test]
fn power_iteration_is_the_dense_eigenvalue_too() {
    let dim = 13;
    let vectors: Vec<Vec<f64>> =
        (0..16).map(|k| (0..dim).map(|i| ((5 * i + 9 * k) as f64 * 0.9 + 0.1).sin()).collect()).collect();
    let law = HessianLaw::rows(dim, vectors.concat()).unwrap();
    let found = MeanSquare::new(&law).radius(&Factor::sgd(0.4, 0.0, 1));
    // E[M P M] on symmetric matrices in an orthonormal basis of them: 91 × 91, symmetric as M is
    let pairs: Vec<(usize, usize)> = (0..dim).flat_map(|i| (0..=i).map(move |j| (i, j))).collect();
    let mut dense = nalgebra::DMatrix::<f64>::zeros(pairs.len(), pairs.len());
    for x in &vectors {
        let step =
            nalgebra::DMatrix::from_fn(dim, dim, |i, j| f64::from(u8::from(i == j)) - 0.4 * x[i] * x[j]);
        for (column, &(i, j)) in pairs.iter().enumerate() {
            let mut basis = nalgebra::DMatrix::<f64>::zeros(dim, dim);
            let length = |i, j| if i == j { 1.0 } else { std::f64::consts::SQRT_2 };
            basis[(i, j)] = 1.0 / length(i, j);
            basis[(j, i)] = 1.0 / length(i, j);
            let image = &step * basis * step.transpose();
            for (row, &(i, j)) in pairs.iter().enumerate() {
                dense[(row, column)] += length(i, j) * image[(i, j)] / vectors.len() as f64;
            }
        }
    }
    let wanted = dense.symmetric_eigenvalues().iter().map(|value| value.abs()).fold(0.0, f64::max);
    assert!((found.value - wanted).abs() < 1e-8 * wanted, "{found:?} against {wanted}");
    assert!(found.error < 1e-8, "{found:?}");
}

/// The moments of drawn laws: `E[M P Mᵀ]` against the mean over many drawn matrices, entry by entry within 4.5 standard errors.
#[test]
fn the_map_is_the_mean_over_draws() {
    use rand::{RngExt, SeedableRng};
    let mut random = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(5);
    let draws = 40_000;
    let mut vector = |law: Isotropic, dim: usize| -> Vec<f64> {
        let normal = |random: &mut rand_xoshiro::Xoshiro256PlusPlus| {
            let (u, v): (f64, f64) = (random.random(), random.random());
            (-2.0 * (1.0 - u).ln()).sqrt() * (2.0 * std::f64::consts::PI * v).cos()
        };
        let x: Vec<f64> = (0..dim)
            .map(|_| match law {
                Isotropic::Signs => f64::from(random.random_bool(0.5)) * 2.0 - 1.0,
                _ => normal(&mut random),
            })
            .collect();
        let length = x.iter().map(|x| x * x).sum::<f64>().sqrt();
        if law == Isotropic::Sphere { x.iter().map(|x| x / length).collect() } else { x }
    };
    let laws = [Isotropic::Sphere, Isotropic::Gaussian, Isotropic::Signs];
    for (input_law, noise_law) in
        laws.into_iter().zip([Isotropic::Gaussian, Isotropic::Signs, Isotropic::Sphere])
    {
        let (outputs, inputs, signal, noise) = (2, 3, [0.7, -0.4], 0.8);
        let law = HessianLaw::neuron(Neuron {
            outputs,
            inputs,
            signal: signal.to_vec(),
            noise,
            input_law,
            noise_law,
        })
        .unwrap();
        let dim = outputs + inputs;
        let factor = Factor::sgd(0.6, 0.1, 2);
        let p = list(dim, 1).remove(0);
        let exact = MeanSquare::new(&law).map(&factor, &p);
        let p = nalgebra::DMatrix::from_row_slice(dim, dim, &p);
        let (mut sum, mut squares) = (vec![0.0; dim * dim], vec![0.0; dim * dim]);
        for _ in 0..draws {
            let mut step = nalgebra::DMatrix::<f64>::identity(dim, dim) * factor.offset;
            for _ in 0..2 {
                let x = vector(input_law, inputs);
                let e = vector(noise_law, outputs);
                for i in 0..outputs {
                    let r = signal[i] * x[i] + noise * e[i];
                    for j in 0..inputs {
                        step[(i, outputs + j)] += 0.5 * 0.6 * r * x[j];
                        step[(outputs + j, i)] += 0.5 * 0.6 * r * x[j];
                    }
                }
            }
            let image = &step * &p * step.transpose();
            for (at, (sum, square)) in sum.iter_mut().zip(&mut squares).enumerate() {
                let value = image[(at / dim, at % dim)];
                *sum += value;
                *square += value * value;
            }
        }
        let n = f64::from(draws);
        for at in 0..dim * dim {
            let mean = sum[at] / n;
            let error = ((squares[at] / n - mean * mean).max(0.0) / n).sqrt() + 1e-12;
            assert!(
                (mean - exact[at]).abs() < 4.5 * error,
                "{input_law:?}: {mean} ± {error} against {}",
                exact[at]
            );
        }
    }
}

/// Gradient descent: 2 over the largest eigenvalue of the mean; none where one is negative.
#[test]
fn gradient_descent_has_its_limit() {
    for (dim, inputs, exact) in [
        (1, Isotropic::Gaussian, 2.0),
        (5, Isotropic::Gaussian, 2.0),
        (5, Isotropic::Sphere, 10.0),
        (3, Isotropic::Signs, 2.0),
    ] {
        let square = MeanSquare::new(&HessianLaw::regression(dim, inputs).unwrap());
        assert_eq!(square.gradient_descent_rate(0.0), CriticalRate::Rate(exact));
    }
    let law = HessianLaw::matrices(2, vec![1.0, 0.0, 0.0, 0.5, 2.0, 0.0, 0.0, 0.3]).unwrap();
    let CriticalRate::Rate(found) = MeanSquare::new(&law).gradient_descent_rate(0.5) else {
        panic!("no rate")
    };
    assert!((found - 1.0).abs() < 1e-14, "{found}");
    let law = HessianLaw::matrices(2, vec![1.0, 0.0, 0.0, -0.2]).unwrap();
    assert_eq!(MeanSquare::new(&law).gradient_descent_rate(0.1), CriticalRate::None);
    let law = HessianLaw::matrices(2, vec![0.0; 4]).unwrap();
    assert_eq!(MeanSquare::new(&law).gradient_descent_rate(0.0), CriticalRate::Unlimited);
}
