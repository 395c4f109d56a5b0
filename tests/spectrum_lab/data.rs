//! The reader's own Hessians: numbers, vectors and matrices, batches with and without replacement.

use crate::session::{finished, list, quantity, run, value};
use saddlescope::charts::figure::Layer;
use saddlescope::labs::session::Session;
use saddlescope::params::data::{Data, Shape};

/// The link of a list of numbers of this shape.
pub fn link(axes: &[usize], numbers: Vec<f64>, more: &str) -> String {
    let data = Data::new(Shape::new(axes).unwrap(), numbers.into()).unwrap();
    format!("spectrum?law=data&data={}{more}", data.text())
}

#[test]
fn numbers_are_one_dimension() {
    let values = vec![0.4, -0.3, 1.1, 2.0, -0.6];
    let session = finished(&link(&[5], values.clone(), "&lr=0.5"));
    let summary = session.summary();
    let exact = values.iter().map(|h| (1.0 - 0.5 * h).abs().ln()).sum::<f64>() / 5.0;
    // one of the numbers lands: 1 − 0.5·2
    assert_eq!(exact, f64::NEG_INFINITY);
    assert_eq!(list(&summary, "exact_spectrum"), [exact]);
    assert_eq!(value(&summary, "spectrum_1"), exact);

    let summary = finished(&link(&[5], values.clone(), "&lr=0.7")).summary();
    let exact = values.iter().map(|h| (1.0 - 0.7 * h).abs().ln()).sum::<f64>() / 5.0;
    assert!((list(&summary, "exact_spectrum")[0] - exact).abs() < 1e-12);
    let error = quantity(&summary, "spectrum_1").standard_error.unwrap();
    assert!((value(&summary, "spectrum_1") - exact).abs() < 4.0 * error, "{exact}");
    assert!((value(&summary, "log_determinant") - exact).abs() < 1e-12, "exact: every number counted once");
    let square = values.iter().map(|h| (1.0 - 0.7 * h).powi(2)).sum::<f64>() / 5.0;
    assert!((value(&summary, "mean_square_radius") - square).abs() < 1e-12);
}

#[test]
fn vectors_are_their_outer_products() {
    let vectors = [[1.0, 0.2, -0.5], [0.3, -1.1, 0.4], [0.0, 0.6, 0.9], [-0.7, 0.1, 0.8]];
    let outer: Vec<f64> = vectors
        .iter()
        .flat_map(|x| x.iter().flat_map(|a| x.iter().map(move |b| a * b)).collect::<Vec<_>>())
        .collect();
    let one = finished(&link(&[4, 3], vectors.concat(), "&lr=0.6&batch=2")).summary();
    let other = finished(&link(&[4, 3, 3], outer, "&lr=0.6&batch=2")).summary();
    for name in ["mean_square_radius", "mean_square_limit", "gd_limit"] {
        assert!((value(&one, name) / value(&other, name) - 1.0).abs() < 1e-9, "{name}");
    }
    for i in 1..=3 {
        let name = format!("spectrum_{i}");
        // the same batches, multiplied in another order
        assert!((value(&one, &name) - value(&other, &name)).abs() < 1e-9, "{name}");
    }
}

#[test]
fn a_full_batch_without_replacement_has_no_noise() {
    let matrices = vec![1.2, 0.3, 0.3, 0.4, 0.8, -0.6, -0.6, 1.1, 0.5, 0.2, 0.2, 0.9];
    let summary = finished(&link(&[3, 2, 2], matrices, "&lr=0.5&batch=3&draws=without")).summary();
    // the mean [[a, b], [b, c]]
    let (a, b, c) = (2.5 / 3.0, -0.1 / 3.0, 2.4 / 3.0);
    let root = ((a - c) / 2.0_f64).hypot(b);
    let middle = f64::midpoint(a, c);
    let mut wanted = [(1.0 - 0.5 * (middle - root)).ln(), (1.0 - 0.5 * (middle + root)).ln()];
    wanted.sort_by(|x, y| y.total_cmp(x));
    for (i, wanted) in wanted.iter().enumerate() {
        let found = value(&summary, &format!("spectrum_{}", i + 1));
        assert!((found - wanted).abs() < 1e-4, "{found} against {wanted}");
    }
    assert!((value(&summary, "mean_square_limit") - 2.0 / (middle + root)).abs() < 1e-8);
    assert!((value(&summary, "gd_limit") - 2.0 / (middle + root)).abs() < 1e-9);
}

/// A column of zeros: Λ₁ = 0 exactly, and what the others do is said.
#[test]
fn directions_that_no_sample_touches_are_named() {
    let wave = |i: usize| (1.7 * (i as f64 + 1.0)).sin() + 0.3 * (5.1 * i as f64).cos();
    let vectors: Vec<f64> = (0..60).flat_map(|i| [wave(2 * i), 0.0, wave(2 * i + 1)]).collect();
    let without: Vec<f64> = (0..60).flat_map(|i| [wave(2 * i), wave(2 * i + 1)]).collect();
    for exponents in ["", "&exponents=top"] {
        let summary = finished(&link(&[60, 3], vectors.clone(), &format!("&lr=0.5{exponents}"))).summary();
        assert_eq!(summary.verdict.code, "zero");
        let text = &summary.verdict.text;
        assert!(text.starts_with("No sample touches 1 of the 3 directions: there Λ = 0 exactly"), "{text}");
        assert!(text.contains("The mean square keeps its size."), "{text}");
        let first = quantity(&summary, "spectrum_1");
        assert!(first.exact && first.value == Some(vec![0.0]) && first.standard_error.is_none());
    }
    let all = finished(&link(&[60, 3], vectors.clone(), "&lr=0.5")).summary();
    let fewer = finished(&link(&[60, 2], without, "&lr=0.5")).summary();
    let (one, other) = (quantity(&all, "spectrum_2"), quantity(&fewer, "spectrum_1"));
    let error = one.standard_error.unwrap().hypot(other.standard_error.unwrap());
    assert!((value(&all, "spectrum_2") - value(&fewer, "spectrum_1")).abs() < 4.0 * error);
    assert!((value(&all, "log_determinant") - value(&fewer, "log_determinant")).abs() < 1e-12);
    // what is exact is called so under the pointer and in the tables, where a run's number has its error
    let session = finished(&link(&[60, 3], vectors.clone(), "&lr=0.5"));
    assert_eq!(session.hover("ladder", (1.0, 0.0)), "Λ of number 1: 0 (exact)");
    assert!(session.hover("ladder", (2.0, 0.0)).contains(" ± "));
    assert_eq!(session.hover("running", (1024.0, 0.0)), "after 1024 steps: Λ₁ = 0 (exact)");
    let at = session.hover("spectrum", (0.5, 0.0));
    assert!(at.ends_with(": 0 (exact)"), "{at}");
    let errors: Vec<String> = session.table("ladder").rows.iter().map(|row| row[2].clone()).collect();
    assert_eq!(errors[0], "exact");
    assert!(errors[1..].iter().all(|error| error.parse::<f64>().is_ok_and(|x| x > 0.0)), "{errors:?}");
    assert!(session.table("running").rows.iter().all(|row| row[1..] == ["0", "exact", "exact"]));
    let runs = session.table("spectrum").rows;
    assert!(runs.iter().any(|row| row[2] == "exact") && runs.iter().any(|row| row[2].parse::<f64>().is_ok()));
    // the stretches of the run are those of the next exponent
    let histogram = session.figures().into_iter().find(|figure| figure.id == "histogram").unwrap();
    let labels: Vec<String> = histogram
        .layers
        .iter()
        .filter_map(|layer| match layer {
            Layer::VLine { label, .. } => label.clone(),
            _ => None,
        })
        .collect();
    assert_eq!(labels, ["mean ≈ −0.345"]);
    // beyond the limit the others repel, and the direction is a note
    let summary = finished(&link(&[60, 3], vectors, "&lr=3")).summary();
    assert_eq!(summary.verdict.code, "repulsive");
    assert!(
        summary.notes.iter().any(|note| note.starts_with("No sample touches 1 of")),
        "{:?}",
        summary.notes
    );
}

/// Lists that are one-dimensional in disguise have exact exponents on the page: one entry in each vector, one matrix, a full batch.
#[test]
fn lists_in_one_dimension_each_are_exact() {
    let hot: Vec<f64> = vec![0.9, 0.0, 0.0, 1.3, 1.1, 0.0, 0.0, 0.7];
    let summary = finished(&link(&[4, 2], hot, "&lr=0.5")).summary();
    let mean = |values: [f64; 2]| values.iter().map(|x| (1.0 - 0.5 * x * x).abs().ln()).sum::<f64>() / 4.0;
    let mut wanted = [mean([0.9, 1.1]), mean([1.3, 0.7])];
    wanted.sort_by(|a, b| b.total_cmp(a));
    assert_eq!(list(&summary, "exact_spectrum").len(), 2);
    for (found, wanted) in list(&summary, "exact_spectrum").iter().zip(wanted) {
        assert!((found - wanted).abs() < 1e-12, "{found} against {wanted}");
    }
    let matrix = [1.0, 0.5, 0.5, 3.0];
    for (axes, more) in [(vec![1, 2, 2], "&lr=0.3"), (vec![2, 2, 2], "&lr=0.3&batch=2&draws=without")] {
        let entries = matrix.repeat(axes[0]);
        let summary = finished(&link(&axes, entries, more)).summary();
        let root = 1.25_f64.sqrt();
        let mut wanted = [2.0 - root, 2.0 + root].map(|h| (1.0 - 0.3 * h).abs().ln());
        wanted.sort_by(|a, b| b.total_cmp(a));
        assert_eq!(list(&summary, "exact_spectrum").len(), 2);
        for (found, wanted) in list(&summary, "exact_spectrum").iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-12, "{found} against {wanted}");
        }
        assert_eq!(summary.verdict.code, "attractive");
        assert!(!summary.notes.iter().any(|note| note.contains("too short")), "{:?}", summary.notes);
    }
}

/// One matrix that is not symmetric turns what it multiplies: `log|1 − λ(γ + 1 ± 2i)|`, twice, and no noise to be waited for.
#[test]
fn one_matrix_that_turns_is_exact() {
    let summary = finished(&link(&[1, 2, 2], vec![1.0, -4.0, 1.0, 1.0], "&lr=0.3&decay=0.2")).summary();
    let wanted = (1.0_f64 - 0.3 * 1.2).hypot(0.3 * 2.0).ln();
    assert_eq!(list(&summary, "exact_spectrum").len(), 2);
    for found in list(&summary, "exact_spectrum") {
        assert!((found - wanted).abs() < 1e-12, "{found} against {wanted}");
    }
    assert_eq!(summary.verdict.code, "attractive");
    // |(1 − λ(γ + 1))² + 4λ²| = 1
    let rates = list(&summary, "critical_rates");
    assert!(rates.len() == 1 && (rates[0] - 2.4 / (1.44 + 4.0)).abs() < 1e-9, "{rates:?}");
    // 1 twice, with one eigenvector: rounding splits them by its root, and nothing is called exact
    let hidden = vec![0.6, 0.1, -1.6, 1.4];
    let summary = finished(&link(&[1, 2, 2], hidden, "&lr=0.3&steps=2000")).summary();
    assert_eq!(quantity(&summary, "exact_spectrum").words, "no closed form");
}

#[test]
fn without_data_there_is_a_sample() {
    let session = finished("spectrum?law=data");
    assert!(session.figures()[0].alt.contains("4 sample matrices 2 × 2"));
    assert!(value(&session.summary(), "spectrum_1").is_finite());
}

#[test]
fn what_cannot_be_used_is_said() {
    let session = Session::new(&link(&[3], vec![1.0, 2.0, 3.0], "&batch=7&draws=without"));
    let text = &session.problems()[0].text;
    assert_eq!(text, "batch: 7 samples cannot be drawn from 3 without replacement; 3 are used instead.");
    let session = Session::new(&link(&[3], vec![1.0, -2e40, 3.0], ""));
    let text = &session.problems()[0].text;
    assert_eq!(text, "data: number 2 is -2e40, at most 1e30 in size is allowed; the sample is used instead.");
    // not symmetric: the exponents all the same, but no limits
    let mut session =
        Session::new(&link(&[2, 2, 2], vec![1.0, 0.5, 0.0, 1.0, 0.3, 0.0, -0.4, 0.7], "&lr=0.5"));
    for name in ["run", "limits", "radius"] {
        run(&mut session, name);
    }
    let summary = session.summary();
    assert_eq!(quantity(&summary, "gd_limit").words, "for symmetric matrices only");
    assert!(value(&summary, "spectrum_1") < 0.0 && value(&summary, "mean_square_radius") < 1.0);
}

/// A link that names numbers that only a file holds: nothing is computed, nothing breaks.
#[test]
fn numbers_that_are_not_at_hand_are_waited_for() {
    let hash = "0".repeat(64);
    let session = Session::new(&format!("spectrum?law=data&data=h.500x20x20.{hash}"));
    assert_eq!(session.problems(), []);
    assert!(!session.supplied() && session.jobs().is_empty() && !session.complete());
    assert_eq!(session.summary().verdict.code, "");
    assert!(!session.figures().is_empty());
}

/// Beyond 12 rows the mean square is iterated: where that has not settled, it says how far it may be off, and is not called exact.
#[test]
fn what_an_iteration_has_not_reached_has_its_error() {
    // one Hessian, without noise: the growth is 1 along the flat direction, the limit 2 by the sharpest, and neither stands alone
    let (dim, gap) = (13, 1e-6);
    let curvature = |i: usize| match i {
        0 | 1 => gap * i as f64,
        11 | 12 => 1.0 - gap * (12 - i) as f64,
        _ => 0.05 * i as f64,
    };
    let matrix = |gapped: bool| -> Vec<f64> {
        let entry = |i: usize, j: usize| match (i == j, i) {
            (false, _) => 0.0,
            // all alike: settled at once
            _ if !gapped => 0.5,
            _ => curvature(i),
        };
        (0..dim * dim).map(|k| entry(k / dim, k % dim)).collect()
    };
    let summary = finished(&link(&[1, dim, dim], matrix(true), "&lr=0.5&steps=1000")).summary();
    for (name, exact) in [("mean_square_radius", 1.0), ("mean_square_limit", 2.0)] {
        let row = quantity(&summary, name);
        let error = row.standard_error.unwrap_or_else(|| panic!("{name} is called {}", row.method));
        assert!(!row.exact && row.method.contains("residual"), "{name}: {}", row.method);
        let off = (value(&summary, name) - exact).abs();
        assert!(off > 1e-9 && off <= error && error < 1e-5, "{name}: {off} off, {error} stated");
    }
    let summary = finished(&link(&[1, dim, dim], matrix(false), "&lr=0.5&steps=1000")).summary();
    for (name, exact) in [("mean_square_radius", 0.5625), ("mean_square_limit", 4.0)] {
        let row = quantity(&summary, name);
        assert!(row.exact && row.standard_error.is_none(), "{name}: {}", row.method);
        assert!((value(&summary, name) - exact).abs() < 1e-12, "{name}");
    }
}
