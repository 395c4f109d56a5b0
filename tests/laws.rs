//! Laws and batch laws: what is refused and why, exact sums against grids, and no NaN anywhere.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use proptest::prelude::*;
use saddlescope::core::curvature::{BatchLaw, DiscreteBatch, GridBatch, Law, LawError};
use saddlescope::core::exponent::{Estimate, Method, TailExponent};

#[track_caller]
fn close(got: f64, want: f64, tolerance: f64) {
    let near = got == want || (got - want).abs() <= tolerance * want.abs().max(1.0);
    assert!(near, "got {got:e}, want {want:e}, off by {:e}", got - want);
}

// ---- what is refused ----

#[test]
fn refuses_with_the_field_the_value_and_what_is_allowed() {
    let cases: [(Result<Law, LawError>, &[&str]); 12] = [
        (Law::discrete(vec![], vec![]), &["empty", "1 to 4096"]),
        (Law::empirical(vec![0.0; 1_000_001]), &["1000001", "1000000"]),
        (Law::discrete(vec![1.0, 2.0], vec![1.0]), &["2 values", "1 probabilities"]),
        (Law::discrete(vec![1.0, 2.0], vec![0.5, 0.6]), &["1.1", "sum to 1"]),
        (Law::discrete(vec![1.0, 2.0], vec![1.5, -0.5]), &["number 1", "1.5", "between 0 and 1"]),
        (Law::discrete(vec![1.0, 2.0], vec![0.5, f64::NAN]), &["number 2", "NaN"]),
        (Law::empirical(vec![1.0, f64::INFINITY]), &["number 2", "inf", "finite"]),
        (Law::two_point(f64::NAN, 0.5), &["noise value a", "NaN"]),
        (Law::two_point(0.3, 1.2), &["1.2", "between 0 and 1"]),
        (Law::gaussian(0.0, -1.0), &["standard deviation", "-1", "0 or more"]),
        (Law::uniform(2.0, 1.0), &["2", "1", "above"]),
        (Law::teacher(0.0, 1e200), &["label noise", "finite"]),
    ];
    for (result, words) in cases {
        let text = result.unwrap_err().to_string();
        for word in words {
            assert!(text.contains(word), "\"{text}\" does not say \"{word}\"");
        }
        assert!(text.ends_with('.'));
    }
}

#[test]
fn accepts_probabilities_that_sum_to_one_within_rounding() {
    let law = Law::discrete(vec![1.0, 2.0, 3.0], vec![0.1, 0.2, 0.7 + 5e-10]).unwrap();
    let Law::Discrete { probs, .. } = law else { panic!() };
    close(probs.iter().sum(), 1.0, 1e-15);
    let Law::Discrete { probs, .. } = Law::discrete(vec![1.0, 2.0], vec![0.3, 0.7]).unwrap() else {
        panic!()
    };
    assert_eq!(probs, [0.3, 0.7], "left as typed");
}

// ---- atoms ----

#[test]
fn equal_sums_are_one_atom() {
    let atoms = |values: &[f64], batch| {
        let law = Law::empirical(values.to_vec()).unwrap().batch(batch);
        law.atoms().map(|(v, p)| (v.to_vec(), p.to_vec())).unwrap()
    };
    // a lattice of decimals that are not exact in binary
    let (values, probs) = atoms(&[0.1, 0.2, 0.3, -0.7], 10);
    let mut sums = std::collections::BTreeSet::from([0]);
    for _ in 0..10 {
        sums = sums.iter().flat_map(|s| [s + 1, s + 2, s + 3, s - 7]).collect();
    }
    assert_eq!(values.len(), sums.len());
    assert!(values.windows(2).all(|w| w[1] - w[0] > 0.009));
    close(probs.iter().sum(), 1.0, 1e-14);
    // not a lattice, but a + b = c + d: merged by value
    let r = 2f64.sqrt();
    let (values, _) = atoms(&[0.0, 1.0, r, r - 1.0], 2);
    assert_eq!(values.len(), 9, "10 pairs, 0 + r = 1 + (r − 1)");
    let (values, probs) = atoms(&[0.0, 1.0, r, r - 1.0], 9);
    let mut sums = std::collections::BTreeSet::from([(0, 0)]); // a + b r
    for _ in 0..9 {
        sums = sums.iter().flat_map(|&(a, b)| [(a, b), (a + 1, b), (a, b + 1), (a - 1, b + 1)]).collect();
    }
    assert_eq!(values.len(), sums.len());
    close(probs.iter().sum(), 1.0, 1e-14);
    // duplicates of one value
    assert_eq!(atoms(&[0.3, 0.3, 0.3], 7).0.len(), 1);
    // binomial
    let law = Law::two_point(-0.9, 0.25).unwrap().batch(3);
    let (values, probs) = law.atoms().unwrap();
    close(values[0], -0.9, 1e-15);
    close(probs[0], 1.0 / 64.0, 1e-15);
    close(probs[3], 27.0 / 64.0, 1e-15);
    assert!(Law::gaussian(0.0, 1.0).unwrap().batch(1).atoms().is_none());
}

/// Each probability is right relative to itself, also where one value is rare: 1 − q has no digits left there.
#[test]
fn rare_values_keep_their_digits() {
    let rare = 2e-9;
    for (values, probs) in
        [(vec![0.1, 2.0], vec![rare, 1.0 - rare]), (vec![0.1, 2.0], vec![1.0 - rare, rare])]
    {
        let law = Law::discrete(values, probs.clone()).unwrap().batch(3);
        let (_, found) = law.atoms().unwrap();
        let [p, q] = [probs[0], probs[1]];
        for (found, want) in found.iter().zip([p * p * p, 3.0 * p * p * q, 3.0 * p * q * q, q * q * q]) {
            assert!((found / want - 1.0).abs() < 1e-14, "{probs:?}: {found:e}, want {want:e}");
        }
    }
    // three values on no lattice: the law of all counts
    let probs = [rare, 3e-9, 1.0 - rare - 3e-9];
    let law = Law::discrete(vec![0.1234567, 1.0, 1.7654321], probs.to_vec()).unwrap().batch(2);
    let (values, found) = law.atoms().unwrap();
    let at = |x: f64| found[values.iter().position(|v| (v - x).abs() < 1e-12).unwrap()];
    for (x, want) in [(1.0, 9e-18), (0.56172835, 12e-18), (0.1234567, 4e-18)] {
        assert!((at(x) / want - 1.0).abs() < 1e-14, "{:e}, want {want:e}", at(x));
    }
}

#[test]
fn batch_means_keep_mean_and_variance() {
    for law in [
        Law::two_point(-0.9, 0.3).unwrap(),
        Law::empirical(vec![1.0, -0.723, 0.3123456789, 2.0f64.sqrt()]).unwrap(),
        Law::empirical((0..30).map(|i| 0.01 * f64::from(i * i)).collect()).unwrap(),
        Law::gaussian(0.3, 0.8).unwrap(),
        Law::uniform(-1.0, 2.5).unwrap(),
        Law::teacher(-0.7, 0.4).unwrap(),
    ] {
        for batch in [1, 2, 3, 17, 100] {
            let mean = law.batch(batch);
            close(mean.mean(), law.mean(), 1e-15);
            close(mean.variance(), law.variance() / f64::from(batch), 1e-15);
            if let Some((values, probs)) = mean.atoms() {
                let first: f64 = values.iter().zip(probs).map(|(v, p)| p * v).sum();
                let second: f64 = values.iter().zip(probs).map(|(v, p)| p * (v - first) * (v - first)).sum();
                close(first, law.mean(), 1e-13);
                close(second, law.variance() / f64::from(batch), 1e-13);
            }
        }
    }
}

// ---- grids ----

const RATES: [(f64, f64); 6] = [(1.0, -0.5), (1.0, 0.8), (0.9, -1.6), (1.0, -2.3), (1.0, 9.0), (0.0, 1.0)];

fn grid_error(exact: Estimate, grid: Estimate) -> (f64, f64) {
    let Method::Grid { cell_probability } = grid.method else { panic!("{grid:?}") };
    (
        (exact.value - grid.value).abs(),
        grid.error + exact.error + if cell_probability < 1e-15 { 0.0 } else { f64::NAN },
    )
}

#[test]
fn grids_keep_their_bound() {
    let mut checked = 0;
    let mut smallest: f64 = 1.0;
    for (values, probs) in [
        (vec![1.0, -0.7234567, 0.3123456789], vec![0.5, 0.2, 0.3]),
        (vec![1.0, -3.0f64.sqrt()], vec![0.9, 0.1]),
        (vec![0.2, 1.5f64.sqrt(), -0.3, 7f64.sqrt()], vec![0.4, 0.3, 0.2, 0.1]),
    ] {
        for batch in [2, 3, 10, 40, 150] {
            let one = DiscreteBatch::single(&values, &probs);
            let exact = one.mean_of(batch, 1_000_000).unwrap();
            let grid = GridBatch::new(&one, batch);
            for (m, c) in RATES {
                let pairs = [
                    (exact.exponent(m, c), grid.exponent(m, c)),
                    (exact.log_variance(m, c), grid.log_variance(m, c)),
                    (exact.log_third_cumulant(m, c), grid.log_third_cumulant(m, c)),
                    (exact.log_moment(m, c, 0.1), grid.log_moment(m, c, 0.1)),
                    (exact.log_moment(m, c, 1.5), grid.log_moment(m, c, 1.5)),
                    (exact.log_moment(m, c, 5.0), grid.log_moment(m, c, 5.0)),
                ];
                for (i, (exact, grid)) in pairs.into_iter().enumerate() {
                    let (off, bound) = grid_error(exact, grid);
                    if bound.is_nan() || !exact.value.is_finite() {
                        continue; // the bound says nothing: an atom in the cell of the zero
                    }
                    assert!(
                        off <= 1.01 * bound,
                        "{values:?} {batch} ({m}, {c}) {i}: off {off:e}, bound {bound:e}"
                    );
                    assert!(bound < 1e-3 * exact.value.abs().max(1.0), "useless bound {bound:e}");
                    smallest = smallest.min(if off > 1e-12 { off / bound } else { 1.0 });
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 300, "{checked}");
    assert!(smallest > 1e-4, "the bound is never idle by much: {smallest:e}");
}

#[test]
fn a_law_of_fewer_atoms_is_on_a_grid_within_its_error() {
    let values: Vec<f64> = (0..20).map(|i| (f64::from(i) * 1.7).sin()).collect();
    let law = Law::empirical(values).unwrap();
    // C(23, 4) = 8,855 multinomial counts
    let (exact, grid) = (law.batch(4), law.batch_within(4, 5_000));
    assert!(
        exact.atoms().is_some_and(|(values, _)| values.len() == 8_855) && matches!(grid, BatchLaw::Grid(_))
    );
    assert!(law.batch_within(4, 9_000).atoms().is_some());
    for (m, c) in RATES {
        let (off, bound) = grid_error(exact.exponent(m, c), grid.exponent(m, c));
        assert!(bound.is_nan() || (off <= 1.01 * bound && bound < 1e-3), "({m}, {c}): {off:e}, {bound:e}");
    }
}

#[test]
fn sixty_four_values_in_batches_of_four_thousand() {
    // generic values go to a grid, decimals stay exact; g(2) is closed for both
    let generic = Law::empirical((0..64).map(|i| (f64::from(i) * 1.7).sin()).collect()).unwrap();
    let decimal = Law::empirical((0..64).map(|i| f64::from(i * i % 97) * 0.01).collect()).unwrap();
    for (law, is_grid) in [(generic, true), (decimal, false)] {
        let batch = law.batch(4096);
        assert_eq!(matches!(batch, BatchLaw::Grid(_)), is_grid);
        for (m, c) in [(1.0, -0.5), (1.0, 0.8), (0.9, -1.6)] {
            let g = batch.log_moment(m, c, 2.0);
            close(g.value, batch.second_moment(m, c).ln(), g.error + 1e-12);
            let first = batch.log_moment(m, c, 1.0);
            close(first.value, (m + c * law.mean()).abs().ln(), first.error + 1e-12);
        }
    }
    let generic = Law::empirical((0..64).map(|i| (f64::from(i) * 1.7).sin()).collect()).unwrap();
    check(&generic, 4096, 1.0, 0.0);
    check(&generic, 4096, 0.0, 0.0);
    // the transform against direct multiplication: both routes for one lattice
    let values: Vec<f64> = (0..64).map(f64::from).collect();
    let probs = vec![1.0 / 64.0; 64];
    let direct = Law::discrete(values[..8].to_vec(), vec![0.125; 8]).unwrap().batch(2048);
    let one = DiscreteBatch::single(&values[..8], &probs[..8].iter().map(|p| p * 8.0).collect::<Vec<_>>());
    let grid = GridBatch::new(&one, 2048);
    let (off, bound) = grid_error(direct.exponent(1.0, -0.1), grid.exponent(1.0, -0.1));
    assert!(off <= bound, "{off:e} {bound:e}");
}

#[test]
fn a_long_lattice_agrees_with_all_counts() {
    // 3 values 9,000 steps apart: the multinomial route, then the same law with a fourth, nearly impossible value,
    // which is too much for counting and goes through the transform
    let values = vec![0.0, 0.4321, 0.9];
    let exact = Law::discrete(values, vec![0.3, 0.3, 0.4]).unwrap().batch(100);
    let mut five = vec![0.0, 0.4321, 0.9, 0.5555, 0.7777, 0.1111];
    let mut probs = vec![0.3, 0.3, 0.4, 0.0, 0.0, 0.0];
    for p in &mut probs[3..] {
        *p = 1e-14;
    }
    let long = Law::discrete(std::mem::take(&mut five), probs).unwrap().batch(100);
    assert!(long.atoms().is_some());
    for (m, c) in [(1.0, 0.7), (1.0, -0.6), (0.3, 2.0)] {
        close(long.exponent(m, c).value, exact.exponent(m, c).value, 3e-12);
        close(long.log_moment(m, c, 1.5).value, exact.log_moment(m, c, 1.5).value, 3e-12);
    }
}

// ---- no NaN, ever ----

fn any_law() -> impl Strategy<Value = Law> {
    let number =
        || prop_oneof![4 => -3.0..3.0, 1 => Just(0.0), 1 => Just(1.0), 1 => -1e6..1e6, 1 => -1e-9..1e-9];
    let size = || prop_oneof![4 => 0.0..3.0, 1 => Just(0.0), 1 => 0.0..1e6, 1 => 0.0..1e-9];
    prop_oneof![
        (number(), 0.0..=1.0).prop_map(|(a, q)| Law::two_point(a, q).unwrap()),
        proptest::collection::vec(number(), 1..9).prop_map(|v| Law::empirical(v).unwrap()),
        (number(), size()).prop_map(|(m, s)| Law::gaussian(m, s).unwrap()),
        (number(), size()).prop_map(|(a, w)| Law::uniform(a, a + w).unwrap()),
        (number(), size()).prop_map(|(k, s)| Law::teacher(k, s).unwrap()),
    ]
}

fn check(law: &Law, batch: u32, m: f64, c: f64) {
    let what = format!("{law:?} S = {batch} m = {m:e} c = {c:e}");
    let law = law.batch(batch);
    let exponent = law.exponent(m, c);
    assert!(exponent.value < f64::INFINITY && exponent.error >= 0.0, "{what}: {exponent:?}");
    let variance = law.log_variance(m, c);
    assert!(variance.value >= 0.0, "{what}: {variance:?}");
    assert_eq!(variance.value == f64::INFINITY, exponent.value == f64::NEG_INFINITY, "{what}");
    assert_eq!(law.log_third_cumulant(m, c).value.is_nan(), exponent.value == f64::NEG_INFINITY, "{what}");
    for p in [0.0, 1e-6, 0.2, 0.5, 1.0, 2.0, 13.0] {
        let g = law.log_moment(m, c, p);
        assert!(!g.value.is_nan() && g.error >= 0.0, "{what} p = {p}: {g:?}");
        // Jensen: g(p) ≥ pΛ
        if p == 0.0 {
            continue;
        }
        let slack = g.error + p * exponent.error + 1e-10 * g.value.abs().max(1.0);
        assert!(g.value >= p * exponent.value - slack, "{what} p = {p}: {g:?} {exponent:?}");
    }
    if let TailExponent::Finite(p) = law.tail_exponent(m, c) {
        assert!(p > 0.0 && p.is_finite(), "{what}");
    }
    let mut many = [f64::NAN; 2];
    law.exponents(&[(m, c), (m, -c)], &mut many);
    assert!(many.iter().all(|v| !v.is_nan()), "{what}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_law_gives_nan(
        law in any_law(),
        batch in prop_oneof![Just(1_u32), Just(2), 1..40_u32],
        m in prop_oneof![3 => Just(1.0), 2 => -1.0..1.0, 1 => Just(0.0), 1 => -1e3..1e3],
        c in prop_oneof![4 => -3.0..3.0, 1 => Just(1.0), 1 => Just(-0.5), 1 => Just(0.0), 1 => -1e4..1e4, 1 => -1e-9..1e-9],
    ) {
        check(&law, batch, m, c);
    }
}

#[test]
fn extreme_laws_give_no_nan() {
    for law in [
        Law::gaussian(1e100, 1e100).unwrap(),
        Law::gaussian(1e-100, 1e-100).unwrap(),
        Law::teacher(1e100, 1e-100).unwrap(),
        Law::teacher(1e-100, 1e100).unwrap(),
        Law::empirical(vec![1e100, -1e100, 1e-100, 0.0]).unwrap(),
        Law::two_point(1e100, 1e-300).unwrap(),
        Law::uniform(-1e100, 1e100).unwrap(),
    ] {
        for batch in [1, 2, 4096] {
            for (m, c) in [(1.0, 1.0), (1.0, -1e-100), (1.0, 1e100), (0.0, 1e-100)] {
                check(&law, batch, m, c);
            }
        }
    }
}
