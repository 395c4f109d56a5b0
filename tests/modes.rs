//! The layered network that learns modes, and what its predictions are made of, against second implementations.

// The second implementations here use the standard functions on purpose.
#![allow(clippy::disallowed_methods)]

use saddlescope::core::isoline::{isolines, linear_crossing};
use saddlescope::core::rng::{Purpose, Stream};
use saddlescope::core::singular_values::singular_values;
use saddlescope::core::visited_mode::VisitedMode;
use saddlescope::models::activation::Activation;
use saddlescope::models::modes::{self, Inputs, Teacher, Training};

// ---- singular values ----

/// A rotation of `n` axes, the product of plane rotations, as rows.
fn rotation(n: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut stream = Stream::new(Purpose::Rotation, seed, 0, 0);
    let mut q: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for i in 0..n {
        for j in 0..i {
            let (sin, cos) = (6.3 * stream.unit()).sin_cos();
            for row in &mut q {
                (row[i], row[j]) = (cos * row[i] - sin * row[j], sin * row[i] + cos * row[j]);
            }
        }
    }
    q
}

#[test]
fn singular_values_are_those_that_were_put_in() {
    for n in 1..=8 {
        let wanted: Vec<f64> = (0..n).map(|i| 3.0 / (1.0 + f64::from(i as u32)).powi(3)).collect();
        let (left, right) = (rotation(n, 1), rotation(n, 2));
        let mut columns = vec![0.0; n * n];
        for (i, value) in wanted.iter().enumerate() {
            for column in 0..n {
                for row in 0..n {
                    columns[column * n + row] += value * left[row][i] * right[column][i];
                }
            }
        }
        for (got, want) in singular_values(&mut columns, n).iter().zip(&wanted) {
            assert!((got - want).abs() < 1e-14, "{n}: {got} for {want}");
        }
    }
}

#[test]
fn small_singular_values_keep_their_digits() {
    // columns of very different lengths, at 60°: σ₁σ₂ is the area, σ₁² + σ₂² the sum of squares
    let small = 1e-12;
    let mut columns = vec![1.0, 0.0, 0.5 * small, 0.75_f64.sqrt() * small];
    let values = singular_values(&mut columns, 2);
    let area = 0.75_f64.sqrt() * small;
    assert!((values[0] - 1.0).abs() < 1e-14);
    assert!((values[0] * values[1] / area - 1.0).abs() < 1e-13, "{values:?}");
    // and of equal length with a rank of 1
    let values = singular_values(&mut [1.0, 2.0, 2.0, 4.0], 2);
    assert!((values[0] - 5.0).abs() < 1e-14 && values[1] < 1e-15, "{values:?}");
    assert!(singular_values(&mut [0.0; 4], 2) == [0.0, 0.0]);
    assert!(singular_values(&mut [f64::NAN, 0.0, 0.0, 1.0], 2).iter().any(|x| x.is_nan()));
}

// ---- isolines ----

fn lattice(columns: usize, rows: usize, f: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    (0..columns * rows).map(|node| f((node % columns) as f64, (node / columns) as f64)).collect()
}

#[test]
fn a_circle_is_one_closed_line_through_its_exact_crossings() {
    let f = |x: f64, y: f64| (x - 10.2).powi(2) + (y - 9.7).powi(2) - 36.0;
    let values = lattice(21, 20, f);
    let lines = isolines(21, 20, &values, &mut |from, to| {
        // the root of a quadratic along the edge
        let at = |t: f64| {
            let (dx, dy) = ((to.0 - from.0) as f64, (to.1 - from.1) as f64);
            f(from.0 as f64 + t * dx, from.1 as f64 + t * dy)
        };
        let (c, b) = (at(0.0), at(1.0) - at(0.0) - 1.0);
        let root = (b * b - 4.0 * c).sqrt();
        let roots = [0.5 * (root - b), -0.5 * (root + b)];
        roots.into_iter().find(|t| (0.0..=1.0).contains(t)).expect("a crossing")
    });
    assert_eq!(lines.len(), 1);
    let line = &lines[0];
    assert_eq!(line.first(), line.last());
    assert!(line.len() > 40);
    for (x, y) in line {
        assert!(f(*x, *y).abs() < 1e-12, "{x} {y}");
    }
    let length: f64 = line.windows(2).map(|p| (p[1].0 - p[0].0).hypot(p[1].1 - p[0].1)).sum();
    assert!((length / (12.0 * std::f64::consts::PI) - 1.0).abs() < 0.01, "{length}");
}

#[test]
fn open_lines_run_from_border_to_border_and_missing_values_cut_them() {
    let diagonal = lattice(9, 9, |x, y| x - y + 0.25);
    let count = |values: &[f64]| {
        isolines(9, 9, values, &mut |a, b| linear_crossing(values[a.1 * 9 + a.0], values[b.1 * 9 + b.0]))
    };
    let lines = count(&diagonal);
    assert_eq!(lines.len(), 1);
    assert!(lines[0].iter().all(|(x, y)| (x - y + 0.25).abs() < 1e-12));
    let ends = [lines[0][0], lines[0][lines[0].len() - 1]];
    assert!(ends.iter().all(|(x, y)| *x < 1e-9 || *y < 1e-9 || *x > 7.99 || *y > 7.99), "{ends:?}");
    let mut cut = diagonal.clone();
    cut[4 * 9 + 4] = f64::NAN;
    assert_eq!(count(&cut).len(), 2);
    assert!(count(&vec![1.0; 81]).is_empty());
    // −∞ is a number here: a line of poles is enclosed by two
    let poles = lattice(9, 9, |x, _| if x == 4.0 { f64::NEG_INFINITY } else { 1.0 });
    assert_eq!(count(&poles).len(), 2);
    // two opposite corners: the mean of the four decides
    let saddle = |size: f64| {
        let values = [size, -1.0, -1.0, size];
        isolines(2, 2, &values, &mut |a, b| linear_crossing(values[a.1 * 2 + a.0], values[b.1 * 2 + b.0]))
    };
    for size in [0.5, 2.0] {
        let lines = saddle(size);
        assert_eq!(lines.len(), 2);
        // the corners that are cut off are those of the smaller size
        let cut_off = |(x, y): (f64, f64)| {
            lines.iter().any(|l| l.iter().all(|p| (p.0 - x).abs() + (p.1 - y).abs() < 1.0))
        };
        assert_eq!([cut_off((0.0, 0.0)), cut_off((1.0, 1.0))], [size < 1.0; 2], "{size}: {lines:?}");
        assert_eq!([cut_off((1.0, 0.0)), cut_off((0.0, 1.0))], [size > 1.0; 2], "{size}: {lines:?}");
    }
}

// ---- the exponent of a visited mode ----

/// E log|X|, X ~ N(m, s²), by the trapezoidal rule after the substitution that puts the singularity at infinity.
fn gaussian(m: f64, s: f64) -> f64 {
    if s == 0.0 {
        return m.abs().ln();
    }
    let density = |x: f64| (-0.5 * ((x - m) / s).powi(2)).exp() / (s * (2.0 * std::f64::consts::PI).sqrt());
    let step = 1e-3;
    (-40_000..6_000)
        .map(|i| f64::from(i) * step)
        .map(|y: f64| step * y * y.exp() * (density(y.exp()) + density(-y.exp())))
        .sum()
}

#[test]
fn a_mode_of_its_own_batches_has_the_gaussian_exponent() {
    for (strength, noise, rate) in [(1.0, 2.0, 0.2), (0.3, 4.0, 0.35), (0.7, 0.5, 1.0)] {
        let mode = VisitedMode { strength, noise, modes: 4, batch: 1 };
        // per visit, S = 1: E log|1 + λ(s + σε)|
        let want = gaussian(1.0 + rate * strength, rate * noise);
        assert!((mode.exponent_per_visit(1.0, rate) - want).abs() < 1e-8, "{want}");
        let alone = VisitedMode { modes: 1, ..mode };
        assert!((alone.exponent(1.0, rate) - want).abs() < 1e-8);
    }
}

#[test]
fn a_batch_averages_over_its_visits_zeros_included() {
    let (strength, noise, rate, keep) = (0.7, 1.5, 0.4, 0.95);
    for (batch, modes) in [(2_u32, 3_u32), (5, 4), (40, 8)] {
        let choose = |k: u32| (1..=k).map(|i| f64::from(batch - k + i) / f64::from(i)).product::<f64>();
        let p = 1.0 / f64::from(modes);
        let want: f64 = (0..=batch)
            .map(|k| {
                let part = f64::from(k) / f64::from(batch);
                let std = rate * noise * f64::from(k).sqrt() / f64::from(batch);
                let weight = choose(k) * p.powi(k as i32) * (1.0 - p).powi((batch - k) as i32);
                if weight < 1e-13 { 0.0 } else { weight * gaussian(keep + rate * strength * part, std) }
            })
            .sum();
        let got = VisitedMode { strength, noise, modes, batch }.exponent(keep, rate);
        assert!((got - want).abs() < 1e-8, "S = {batch}: {got} for {want}");
    }
}

// ---- the network ----

/// Plain loops over plain matrices, with the same random numbers.
fn plain(teacher: &Teacher, t: &Training, steps: u32, seed: u64, at: (u64, u32)) -> Vec<f64> {
    let (d, m, layers) = (teacher.strengths.len(), t.width as usize, t.layers as usize);
    let mut stream = Stream::new(Purpose::Dynamics, seed, at.0, at.1);
    let mut matrix = |rows: usize, columns: usize| -> Vec<Vec<f64>> {
        (0..rows).map(|_| (0..columns).map(|_| t.init * stream.normal()).collect()).collect()
    };
    // first[j][k], last[i][k], between[l][k][k']
    let (mut first, mut last) = (matrix(d, m), matrix(d, m));
    let mut between: Vec<_> = (2..layers).map(|_| matrix(m, m)).collect();
    for _ in 0..steps {
        let share = t.rate / f64::from(t.batch);
        let zero = |a: &Vec<Vec<f64>>| vec![vec![0.0; a[0].len()]; a.len()];
        let (mut d_first, mut d_last) = (zero(&first), zero(&last));
        let mut d_between: Vec<_> = between.iter().map(zero).collect();
        for _ in 0..t.batch {
            let (mut x, mut y) = (vec![0.0; d], vec![0.0; d]);
            if teacher.inputs == Inputs::OneHot {
                let j = ((stream.unit() * d as f64) as usize).min(d - 1);
                x[j] = 1.0;
                y[j] = teacher.strengths[j] + teacher.noise * stream.normal();
            } else {
                for j in 0..d {
                    x[j] = stream.normal();
                    y[j] = teacher.strengths[j] * x[j] + teacher.noise * stream.normal();
                }
            }
            let phi = |z: &[f64]| -> (Vec<f64>, Vec<f64>) {
                z.iter().map(|z| t.activation.value_and_slope(*z)).unzip()
            };
            let z: Vec<f64> = (0..m).map(|k| (0..d).map(|j| first[j][k] * x[j]).sum()).collect();
            let (mut hidden, mut slopes) = (vec![], vec![]);
            let (h, s) = phi(&z);
            hidden.push(h);
            slopes.push(s);
            for matrix in &between {
                let below = &hidden[hidden.len() - 1];
                let z: Vec<f64> = (0..m).map(|k| (0..m).map(|i| matrix[i][k] * below[i]).sum()).collect();
                let (h, s) = phi(&z);
                hidden.push(h);
                slopes.push(s);
            }
            let top = &hidden[hidden.len() - 1];
            let r: Vec<f64> =
                (0..d).map(|i| y[i] - (0..m).map(|k| last[i][k] * top[k]).sum::<f64>()).collect();
            let mut back: Vec<f64> = (0..m).map(|k| (0..d).map(|i| last[i][k] * r[i]).sum()).collect();
            for i in 0..d {
                for k in 0..m {
                    d_last[i][k] += r[i] * top[k];
                }
            }
            for l in (0..layers - 1).rev() {
                let delta: Vec<f64> = back.iter().zip(&slopes[l]).map(|(b, s)| b * s).collect();
                if l > 0 {
                    for i in 0..m {
                        for k in 0..m {
                            d_between[l - 1][i][k] += hidden[l - 1][i] * delta[k];
                        }
                    }
                    back = (0..m).map(|i| (0..m).map(|k| between[l - 1][i][k] * delta[k]).sum()).collect();
                } else {
                    for j in 0..d {
                        for k in 0..m {
                            d_first[j][k] += x[j] * delta[k];
                        }
                    }
                }
            }
        }
        let step = |a: &mut Vec<Vec<f64>>, g: &Vec<Vec<f64>>| {
            for (a, g) in a.iter_mut().flatten().zip(g.iter().flatten()) {
                *a += share * g - t.rate * t.decay * *a;
            }
        };
        step(&mut first, &d_first);
        step(&mut last, &d_last);
        between.iter_mut().zip(&d_between).for_each(|(a, g)| step(a, g));
    }
    let mut columns = Vec::new();
    for column in &first {
        let mut hidden = column.clone();
        for matrix in &between {
            hidden = (0..m).map(|k| (0..m).map(|i| matrix[i][k] * hidden[i]).sum()).collect();
        }
        columns.extend(last.iter().map(|row| row.iter().zip(&hidden).map(|(a, b)| a * b).sum::<f64>()));
    }
    singular_values(&mut columns, d)
}

#[test]
fn training_equals_plain_loops() {
    let mut compared = 0;
    for activation in Activation::ALL {
        for (modes, width, layers, batch, decay) in
            [(4, 4, 2, 1, 0.0), (3, 5, 2, 3, 0.2), (2, 16, 3, 2, 0.0), (8, 9, 4, 1, 0.1), (1, 1, 2, 1, 0.0)]
        {
            for inputs in [Inputs::OneHot, Inputs::Dense] {
                let strengths = [1.0, 0.7, -0.5, 0.3, 0.9, 0.2, 1.1, 0.4][..modes].to_vec();
                let teacher = Teacher { strengths, noise: 0.7, inputs };
                let training = Training { width, layers, activation, rate: 0.03, decay, batch, init: 0.3 };
                let times = [0, 7, 60];
                let got = modes::singular_values(&teacher, &training, &times, 5, (11, 2));
                for (time, got) in times.iter().zip(got.chunks(modes)) {
                    let want = plain(&teacher, &training, *time, 5, (11, 2));
                    for (got, want) in got.iter().zip(&want) {
                        assert!(
                            (got - want).abs() <= 1e-11 * want.max(1.0),
                            "{activation:?} {teacher:?} {training:?} {time}: {got} {want}"
                        );
                        compared += 1;
                    }
                }
            }
        }
    }
    assert_eq!(compared, 5 * 2 * 3 * (4 + 3 + 2 + 8 + 1));
}

#[test]
fn a_run_that_diverges_says_so_from_then_on() {
    let teacher = Teacher { strengths: vec![1.0, 0.5], noise: 10.0, inputs: Inputs::Dense };
    for activation in Activation::ALL {
        let training =
            Training { width: 4, layers: 2, activation, rate: 5.0, decay: 0.0, batch: 1, init: 1.0 };
        let values = modes::singular_values(&teacher, &training, &[0, 4000, 8000], 1, (0, 0));
        assert!(values[..2].iter().all(|value| value.is_finite()), "{activation:?}");
        assert!(values[2..].iter().all(|value| value.is_nan()), "{activation:?}: {values:?}");
    }
}

/// `det UW` grows by twice the sum of the exponents of both modes, so near 0 that nothing saturates.
#[test]
fn modes_grow_or_die_as_their_exponents_say() {
    for (rate, noise) in [(0.2, 0.5), (0.2, 2.0), (0.15, 3.0)] {
        let teacher = Teacher { strengths: vec![0.8, 0.5], noise, inputs: Inputs::OneHot };
        let training = Training {
            width: 2,
            layers: 2,
            activation: Activation::Linear,
            rate,
            decay: 0.0,
            batch: 1,
            init: 1e-60,
        };
        let runs = 400;
        let growth: Vec<f64> = (0..runs)
            .map(|run| {
                let values = modes::singular_values(&teacher, &training, &[60, 180], 3, (run, 0));
                (values[2] * values[3] / values[0] / values[1]).ln() / 120.0 / 2.0
            })
            .collect();
        let mean = growth.iter().sum::<f64>() / runs as f64;
        let error =
            (growth.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / ((runs - 1) * runs) as f64).sqrt();
        let exact: f64 = [0.8, 0.5]
            .map(|strength| VisitedMode { strength, noise, modes: 2, batch: 1 }.exponent(1.0, rate))
            .iter()
            .sum();
        // 99.9 %: 3.3 standard errors
        assert!((mean - exact).abs() < 3.3 * error, "{rate} {noise}: {mean} for {exact} ± {error}");
    }
}
