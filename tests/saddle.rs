//! The phases of the two-parameter saddle, and the rival criteria.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use saddlescope::core::curvature::Law;
use saddlescope::core::rivals::{Criterion, Limit, rivals};
use saddlescope::core::saddle::{Phase, Saddle, is_swapped, mean_sign, orientation, pixels};

fn two_point(a: f64, q: f64, batch: u32, lr: f64, decay: f64) -> Saddle {
    Saddle::new(&Law::two_point(a, q).unwrap(), batch, lr, decay)
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found} against {expected}");
}

#[test]
fn preset_crosshairs_have_their_phases() {
    let s = two_point(-0.9, 0.5, 1, 0.8, 0.0);
    near(s.exponent_plus().value, 0.5 * 0.504_f64.ln());
    near(s.exponent_minus().value, 0.5 * 0.344_f64.ln());
    assert_eq!(s.phase(), Phase::III);
    for (batch, phase) in [(2, Phase::III), (4, Phase::Ib), (8, Phase::Ib)] {
        assert_eq!(two_point(-0.8, 0.5, batch, 0.8, 0.0).phase(), phase, "S = {batch}");
    }
    let teacher = Saddle::new(&Law::teacher(0.3, 3.9).unwrap(), 1, 0.15, 0.0);
    assert_eq!(teacher.phase(), Phase::III);
}

/// `a = −(1 − q)/q` makes E z = 0 up to rounding, of either sign: whoever asks, nothing is exchanged.
#[test]
fn a_mean_that_is_zero_to_rounding_swaps_nothing() {
    let mut signs = [0, 0];
    for step in 1..100 {
        let q = f64::from(step) / 100.0;
        let law = Law::two_point(-(1.0 - q) / q, q).unwrap();
        signs[0] += u32::from(law.mean() < 0.0);
        signs[1] += u32::from(law.mean() > 0.0);
        assert!(!is_swapped(&law), "q = {q}: E z = {:e}", law.mean());
        for batch in [1, 3, 50, 4096] {
            assert_eq!(mean_sign(&law.batch(batch)), 0.0, "q = {q}, S = {batch}");
        }
    }
    assert!(signs[0] > 2 && signs[1] > 2, "{signs:?}");
    let mut law = Law::two_point(-1.0 - 1e-12, 0.5).unwrap();
    assert!(is_swapped(&law) && orientation(&law.batch(1)) < 0.0, "a small mean is not rounding");
    law = Law::two_point(-1.0 + 1e-12, 0.5).unwrap();
    assert!(!is_swapped(&law));
}

#[test]
fn a_negative_mean_swaps_every_name() {
    for (law, mirror) in [
        (Law::two_point(-0.7, 0.4).unwrap(), Law::discrete(vec![-1.0, 0.7], vec![0.6, 0.4]).unwrap()),
        (Law::gaussian(0.3, 2.0).unwrap(), Law::gaussian(-0.3, 2.0).unwrap()),
        (Law::uniform(-0.5, 1.5).unwrap(), Law::uniform(-1.5, 0.5).unwrap()),
        (Law::teacher(0.3, 1.0).unwrap(), Law::teacher(-0.3, 1.0).unwrap()),
    ] {
        for (lr, decay, batch) in [(0.4, 0.0, 1), (1.1, 0.2, 3), (2.7, 0.0, 2)] {
            let (a, b) = (Saddle::new(&law, batch, lr, decay), Saddle::new(&mirror, batch, lr, decay));
            near(a.exponent_plus().value, b.exponent_plus().value);
            near(a.exponent_minus().value, b.exponent_minus().value);
            near(a.wrong_second_moment(), b.wrong_second_moment());
            near(a.norm_stable_limit(), b.norm_stable_limit());
            assert_eq!(a.phase(), b.phase());
        }
    }
    // written out once: {1, −3}, E z = −1: the correct direction multiplies by 1 − λz
    let s = two_point(-3.0, 0.5, 1, 0.3, 0.0);
    near(s.exponent_plus().value, 0.5 * (0.7_f64 * 1.9).ln());
    near(s.exponent_minus().value, 0.5 * (1.3_f64 * 0.1).ln());
    near(s.wrong_second_moment(), 0.5 * (1.3_f64.powi(2) + 0.1_f64.powi(2)));
}

#[test]
fn without_correlation_there_is_nothing_correct() {
    // E z = 0, symmetric: both exponents are equal
    assert_eq!(two_point(-1.0, 0.5, 1, 0.5, 0.0).phase(), Phase::III);
    assert_eq!(two_point(-1.0, 0.5, 1, 1.5, 0.0).phase(), Phase::IV);
    // E z = 0, skewed: {1, −3}, q = ¼; at λ = 0.9 Λ₊ = ¾ ln 1.9 + ¼ ln 1.7 > 0 > Λ₋ = ¾ ln 0.1 + ¼ ln 3.7
    assert_eq!(two_point(-3.0, 0.25, 1, 0.9, 0.0).phase(), Phase::Escapes);
    // rounding: {1, 1, 1, −3·(1 ± ε)} in tenths
    let law = Law::discrete(vec![0.1, 0.2, -0.3], vec![1.0 / 3.0; 3]).unwrap();
    assert!(law.mean() != 0.0);
    let s = Saddle::new(&law, 1, 9.0, 0.0);
    assert_eq!(s.exponent_plus().value < 0.0, s.exponent_minus().value >= 0.0);
    assert_eq!(s.phase(), Phase::Escapes);
}

#[test]
fn decay_moves_the_offset_of_both_directions() {
    let s = two_point(-1.2, 0.5, 1, 0.8, 0.2);
    // E z = −0.1 < 0
    let m = 1.0 - 0.16;
    near(s.exponent_plus().value, 0.5 * ((m - 0.8_f64).abs() * (m + 0.96)).ln());
    near(s.exponent_minus().value, 0.5 * ((m + 0.8) * (m - 0.96_f64).abs()).ln());
    // strong decay kills both directions of a weak signal in mean square
    let s = two_point(0.9, 0.5, 1, 0.1, 5.0);
    assert_eq!(s.phase(), Phase::III);
    assert!(s.wrong_second_moment() < 1.0);
    // the limit is where the moment is 1
    let law = Law::two_point(-0.4, 0.3).unwrap();
    let limit = Saddle::new(&law, 3, 1.0, 0.1).norm_stable_limit();
    near(Saddle::new(&law, 3, limit, 0.1).wrong_second_moment(), 1.0);
}

#[test]
fn phase_two_needs_a_skewed_law() {
    let mut seen = false;
    for i in 1..60 {
        let lr = 0.05 * f64::from(i);
        for j in 0..40 {
            let spread = 0.1 * f64::from(j);
            for law in [Law::gaussian(0.3, spread), Law::uniform(0.3 - spread, 0.3 + spread)] {
                for batch in [1, 3] {
                    assert_ne!(Saddle::new(&law.clone().unwrap(), batch, lr, 0.0).phase(), Phase::II);
                }
            }
            seen |= two_point(-0.1 * f64::from(j), 0.5, 1, lr, 0.0).phase() == Phase::II;
        }
    }
    assert!(seen);
}

/// a → 1/a, λ → |a|λ, q → 1 − q leaves `{1 ± λ, 1 ± λa}` as it is, with the signs exchanged for `a < 0` (which also
/// exchanges the sign of `E z`, so the named phases stay).
#[test]
fn inverting_the_noise_changes_nothing() {
    for a in [-2.6, -1.4, -0.3, 0.2, 0.7, 3.0] {
        for q in [0.2, 0.5, 0.77] {
            for lr in [0.11, 0.53, 0.97, 1.9] {
                for batch in [1, 2, 5] {
                    let s = two_point(a, q, batch, lr, 0.0);
                    let t = two_point(1.0 / a, 1.0 - q, batch, a.abs() * lr, 0.0);
                    near(s.exponent_plus().value, t.exponent_plus().value);
                    near(s.exponent_minus().value, t.exponent_minus().value);
                    near(s.wrong_second_moment(), t.wrong_second_moment());
                    assert_eq!(s.phase(), t.phase());
                }
            }
        }
    }
}

/// Phase of the two-point law with direct logarithms.
fn direct(lr: f64, a: f64, q: f64, decay: f64) -> Phase {
    let mean = 1.0 - q + q * a;
    let s = if mean < 0.0 { -lr } else { lr };
    let m = 1.0 - lr * decay;
    let log = |c: f64| (1.0 - q) * (m + c).abs().ln() + q * (m + c * a).abs().ln();
    let (plus, minus) = (log(s), log(-s));
    let square = (1.0 - q) * (m - s).powi(2) + q * (m - s * a).powi(2);
    match (plus >= 0.0, minus >= 0.0) {
        (false, false) => Phase::III,
        (true, true) => Phase::IV,
        _ if mean == 0.0 => Phase::Escapes,
        (false, true) => Phase::II,
        (true, false) => {
            if square < 1.0 {
                Phase::Ib
            } else {
                Phase::Ia
            }
        }
    }
}

#[test]
fn the_default_map_agrees_pixel_by_pixel() {
    let size = 512;
    for (q, decay) in [(0.5, 0.0), (0.3, 0.25)] {
        let mut areas = [0; 6];
        let points: Vec<(f64, f64)> =
            (0..size).map(|i| (3.0 * (f64::from(i) + 0.5) / f64::from(size), decay)).collect();
        for j in 0..size {
            let a = -3.0 + 4.0 * (f64::from(j) + 0.5) / f64::from(size);
            let row = pixels(&Law::two_point(a, q).unwrap().batch(1), 1e-10, &points);
            for (found, &(lr, _)) in row.iter().map(|pixel| &pixel.phase).zip(&points) {
                assert_eq!(*found, direct(lr, a, q, decay), "λ = {lr}, a = {a}");
                areas[*found as usize] += 1;
            }
        }
        assert!(areas[..5].iter().all(|&n| n > 500), "{areas:?}");
        assert_eq!(areas.iter().sum::<i32>(), size * size);
    }
}

#[test]
fn a_row_is_what_its_points_are() {
    let law = Law::teacher(0.3, 2.0).unwrap();
    let points: Vec<(f64, f64)> =
        (1..3000).map(|i| (0.001 * f64::from(i), 0.01 * f64::from(i % 7))).collect();
    for tolerance in [1e-10, 1e-7, 0.3] {
        let row = pixels(&law.batch(2), tolerance, &points);
        let mut off = 0.0_f64;
        for (found, &(lr, decay)) in row.iter().zip(&points) {
            let there = Saddle::new(&law, 2, lr, decay);
            assert_eq!(found.phase, there.phase(), "λ = {lr}, to {tolerance}");
            off = off.max((found.plus - there.exponent_plus().value).abs());
        }
        assert!(off < tolerance, "{off} to {tolerance}");
    }
    for phase in Phase::ALL {
        assert_eq!(Phase::ALL[phase as usize], phase);
    }
}

#[test]
fn rivals_have_their_limits() {
    let law = Law::discrete(vec![0.1, 3.0], vec![0.9, 0.1]).unwrap();
    let [descent, square, diffusion] = rivals(&law, 1, 1.2, 0.0);
    assert_eq!(
        [descent.criterion, square.criterion, diffusion.criterion],
        [Criterion::GradientDescent, Criterion::MeanSquare, Criterion::Diffusion]
    );
    assert!((descent.limit.rate().unwrap() - 2.0 / 0.39).abs() < 1e-12 && descent.attractive);
    assert!((square.limit.rate().unwrap() - 0.78 / 0.909).abs() < 1e-12 && !square.attractive); // E h² = 0.909
    assert!((square.limit.rate().unwrap() - 0.858).abs() < 1e-3);
    assert_eq!(diffusion.limit, Limit::Always);
    // a saddle: nothing but the diffusion sees that it attracts
    let law = Law::gaussian(-0.2, 1.0).unwrap();
    let [descent, square, diffusion] = rivals(&law, 4, 1.0, 0.0);
    assert_eq!((descent.limit, square.limit), (Limit::Never, Limit::Never));
    assert!((diffusion.limit.rate().unwrap() - 1.6).abs() < 1e-12 && !diffusion.attractive);
    assert!(rivals(&law, 4, 1.7, 0.0)[2].attractive);
    // decay turns the saddle into a minimum: r = 0.1, v = ¼
    let [descent, square, diffusion] = rivals(&law, 4, 1.0, 0.3);
    assert!((descent.limit.rate().unwrap() - 20.0).abs() < 1e-9);
    assert!((square.limit.rate().unwrap() - 0.2 / 0.26).abs() < 1e-12);
    assert_eq!(diffusion.limit, Limit::Always);
    // the mean square limit is where E X² = 1
    let x = square.limit.rate().unwrap();
    near(law.batch(4).second_moment(1.0 - x * 0.3, -x), 1.0);
    // no noise, no drift
    assert_eq!(rivals(&Law::gaussian(0.0, 0.0).unwrap(), 1, 1.0, 0.0)[2].limit, Limit::Never);
}
