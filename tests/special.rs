//! Special functions, quadrature, Fourier transform and interpolation against closed forms and the definition.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use saddlescope::core::rng::{Purpose, Stream};
use saddlescope::core::{
    exponentials, fourier, interpolation, logarithms, noncentral, noncentral_moment, quadrature, special,
};
use std::f64::consts::{LN_2, PI};

const EULER: f64 = 0.577_215_664_901_532_9;
const ZETA_3: f64 = 1.202_056_903_159_594_2;

#[track_caller]
fn close(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance * want.abs().max(1.0), "got {got:e}, want {want:e}");
}

#[test]
fn polygammas_have_their_known_values() {
    close(special::digamma(1.0), -EULER, 4e-15);
    close(special::digamma(0.5), -EULER - 2.0 * LN_2, 4e-15);
    close(special::digamma(0.25), -EULER - PI / 2.0 - 3.0 * LN_2, 8e-15);
    close(special::digamma(100.0), 4.600_161_852_738_087, 4e-15);
    close(special::trigamma(1.0), PI * PI / 6.0, 4e-15);
    close(special::trigamma(0.5), PI * PI / 2.0, 4e-15);
    close(special::tetragamma(1.0), -2.0 * ZETA_3, 4e-15);
    close(special::tetragamma(0.5), -14.0 * ZETA_3, 4e-15);
    assert!(
        special::digamma(0.0).is_nan()
            && special::trigamma(-1.0).is_nan()
            && special::tetragamma(-1.0).is_nan()
    );
}

#[test]
fn polygammas_agree_with_differences_of_the_log_gamma_function() {
    for x in [0.3, 1.7, 6.0, 14.9, 15.1, 80.0] {
        let h = 1e-3;
        let ratio = |d: f64| special::log_gamma_ratio(x, d);
        close((ratio(h) - ratio(-h)) / (2.0 * h), special::digamma(x), 3e-5);
        close((ratio(h) + ratio(-h)) / (h * h), special::trigamma(x), 3e-4);
        close(
            (special::trigamma(x + h) - special::trigamma(x - h)) / (2.0 * h),
            special::tetragamma(x),
            1e-3,
        );
    }
}

#[test]
fn ratios_of_gamma_functions_match_their_logarithms_and_vanish_with_the_step() {
    for x in [0.5, 1.0, 3.5, 14.0, 40.0, 500.5] {
        for d in [-0.4, 0.3, 2.0, 17.5, 300.0] {
            let want = libm::lgamma(x + d) - libm::lgamma(x);
            close(special::log_gamma_ratio(x, d), want, 1e-13 + 1e-15 * libm::lgamma(x + d).abs());
        }
        let tiny = special::log_gamma_ratio(x, 1e-9) / 1e-9;
        close(tiny, special::digamma(x), 2e-8);
        close(special::log_gamma_ratio(x, 1.0), x.ln(), 1e-14);
    }
}

#[test]
fn poisson_probabilities_sum_to_one_and_match_the_definition() {
    for mean in [0.1, 3.0, 47.0, 900.0] {
        let sum: f64 = (0..2000).map(|j| special::log_poisson(f64::from(j), mean).exp()).sum();
        close(sum, 1.0, 1e-13);
        for j in [0.0, 1.0, 5.0, 50.0] {
            let want: f64 = j * f64::ln(mean) - mean - libm::lgamma(j + 1.0);
            close(special::log_poisson(j, mean), want, 1e-13);
        }
    }
    close(special::harmonic(4), 25.0 / 12.0, 3e-16);
    close(special::harmonic(0), 0.0, 0.0);
}

#[test]
fn the_branches_of_the_gaussian_formula_meet() {
    // on both sides of κ = 100, and the series against the sum just below it
    let (below, above) = (10.0 * (1.0 - 1e-15), 10.0 * (1.0 + 1e-15));
    close(noncentral::mean_log(below, 1.0), noncentral::mean_log(above, 1.0), 1e-13);
    close(noncentral::log_variance(below, 1.0), noncentral::log_variance(above, 1.0), 1e-14);
    close(noncentral::log_third_cumulant(below, 1.0), noncentral::log_third_cumulant(above, 1.0), 1e-14);
    for p in [-0.7, 1e-9, 0.3, 0.499, 0.501, 1.0, 2.5, 9.0, 40.0, 700.0] {
        let (low, high) =
            (noncentral_moment::log_moment(below, 1.0, p), noncentral_moment::log_moment(above, 1.0, p));
        assert!((low - high).abs() <= 1e-12 * p.abs().min(1.0).max(low.abs()), "p = {p}: {low} {high}");
    }
    for kappa in [85.0_f64, 93.0, 99.9] {
        let series = 0.5 * kappa.ln() + noncentral::mean_log_tail(kappa);
        close(noncentral::mean_log_sum(kappa), series, 3e-14);
    }
}

#[test]
fn the_table_of_the_gaussian_formula_matches_its_sum() {
    let mut kappa = 1e-9;
    while kappa < 99.99 {
        let want = noncentral::mean_log_sum(kappa);
        assert!(
            (noncentral::mean_log(kappa.sqrt(), 1.0) - want).abs() < 1e-14 * want.abs().max(1.0),
            "κ = {kappa}"
        );
        kappa += 0.0371;
    }
}

#[test]
fn gaussian_moments_join_at_the_switch_of_order() {
    // the two ways of summing, for p just below and above ½
    for kappa in [0.0_f64, 0.2, 3.0, 40.0, 99.0] {
        let g = |p: f64| noncentral_moment::log_moment(kappa.sqrt(), 1.3, p);
        let slope = (g(0.51) - g(0.5)) / 0.01;
        close(g(0.5 - 1e-12), g(0.5 + 1e-12) - 2e-12 * slope, 2e-14);
    }
}

#[test]
fn quadrature_integrates_polynomials_and_logarithms() {
    let rule = quadrature::gauss_legendre();
    for power in 0..2 * quadrature::NODES as i32 {
        let got: f64 = rule.iter().map(|&(x, w)| w * x.powi(power)).sum();
        close(got, if power % 2 == 0 { 2.0 / f64::from(power + 1) } else { 0.0 }, 4e-15);
    }
    let focus = quadrature::Focus { at: 0.3, width: 1e-13 };
    let cuts = quadrature::cuts(0.0, 2.0, 0.5, &[focus]);
    assert!(cuts.windows(2).all(|w| w[0] < w[1]) && cuts[0] == 0.0 && *cuts.last().unwrap() == 2.0);
    let mut sum = 0.0;
    quadrature::for_each_node(&cuts, |u, w| sum += w * (u - 0.3_f64).abs().ln());
    close(sum, 0.3 * (0.3_f64.ln() - 1.0) + 1.7 * (1.7_f64.ln() - 1.0), 2e-12);
}

#[test]
fn the_transform_is_the_sum_of_its_definition() {
    for n in [1, 2, 8, 64] {
        let data: Vec<fourier::Complex> =
            (0..n).map(|i| ((f64::from(i) * 1.3).sin(), (f64::from(i) * 0.7).cos())).collect();
        let transform = fourier::Fourier::new(n as usize);
        let mut got = data.clone();
        transform.transform(&mut got);
        for (k, z) in (0..n).zip(&got) {
            let (mut re, mut im) = (0.0, 0.0);
            for (j, x) in (0..n).zip(&data) {
                let (sin, cos) = (-2.0 * PI * f64::from(j * k) / f64::from(n)).sin_cos();
                re += x.0 * cos - x.1 * sin;
                im += x.0 * sin + x.1 * cos;
            }
            close(z.0, re, 1e-13);
            close(z.1, im, 1e-13);
        }
        transform.inverse(&mut got);
        for (a, b) in got.iter().zip(&data) {
            close(a.0, b.0, 1e-15);
            close(a.1, b.1, 1e-15);
        }
    }
}

#[test]
fn lanes_of_logarithms_are_those_of_libm_to_an_ulp() {
    let mut x = 1e-300;
    while x < 1e300 {
        let lanes: [f64; logarithms::LANES] = core::array::from_fn(|i| x * (1.0 + 0.13 * i as f64));
        for (got, x) in logarithms::logarithms(lanes).into_iter().zip(lanes) {
            close(got, libm::log(x), 2.3e-16);
        }
        x *= 1.37;
    }
    for x in [1.0, 1.0 + f64::EPSILON, 1.0 - f64::EPSILON / 2.0, 0.9999, 1.0001] {
        let want = libm::log(x);
        assert!((logarithms::logarithms([x; logarithms::LANES])[0] - want).abs() <= 2.3e-16 * want.abs());
    }
}

/// Bit for bit, at 4 million places: evenly up to 7, around every seam of the algorithm, and at any power of two.
#[test]
fn lanes_of_hyperbolic_tangents_are_those_of_libm() {
    let seams =
        [0x3FD0_58AF_u64, 0x3FE1_93EB, 0x3FC6_2E43, 0x3FE0_A2B2, 0x3C80_0000, 0x3C90_0000, 0x0010_0000, 0];
    let around = seams.iter().flat_map(|seam| {
        (0..4000).map(move |i| f64::from_bits((seam << 32).wrapping_add(i) - 2000 * (*seam).min(1)))
    });
    // multiples of ½ log 2, where the integer part changes
    let steps = (1_u32..40).flat_map(|n| {
        let at = 0.25 * f64::from(n) * LN_2;
        (0..2000_u64).map(move |i| f64::from_bits(at.to_bits() + i - 1000))
    });
    let mut stream = Stream::new(Purpose::Dynamics, 3, 0, 0);
    let anywhere: Vec<f64> =
        (0..1_000_000).map(|_| f64::from_bits((stream.unit() * 6.5_f64.to_bits() as f64) as u64)).collect();
    let evenly = (0..3_000_000).map(|i| f64::from(i) * (7.0 / 3e6));
    let some = [0.0, f64::INFINITY, f64::NAN, 6.5, 6.6, 20.0, 22.0];
    let places: Vec<f64> =
        some.into_iter().chain(around).chain(steps).chain(anywhere).chain(evenly).collect();
    for signed in [1.0, -1.0] {
        for lanes in places.as_chunks::<4>().0 {
            let lanes = lanes.map(|x| signed * x);
            for (got, x) in exponentials::hyperbolic_tangents(lanes).into_iter().zip(lanes) {
                let wanted = libm::tanh(x);
                assert!(
                    got.to_bits() == wanted.to_bits() || got.is_nan() && wanted.is_nan(),
                    "{x:e}: {got:e} {wanted:e}"
                );
            }
        }
    }
}

#[test]
fn lanes_of_exponentials_are_those_of_libm_to_an_ulp() {
    let mut worst = 0.0_f64;
    for i in -70_000..70_000 {
        let lanes: [f64; logarithms::LANES] =
            core::array::from_fn(|l| f64::from(i) * 0.01 + 0.0013 * l as f64);
        for (got, x) in exponentials::exponentials(lanes).into_iter().zip(lanes) {
            worst = worst.max((got / libm::exp(x) - 1.0).abs());
        }
    }
    assert!(worst <= f64::EPSILON, "{worst}");
    assert_eq!(exponentials::exponentials([0.0; logarithms::LANES]), [1.0; logarithms::LANES]);
}

#[test]
fn interpolation_keeps_its_tolerance_and_saves_evaluations() {
    for (tolerance, most) in [(1e-10, 400), (1e-6, 260)] {
        let calls = std::cell::Cell::new(0);
        let f = |u: f64| {
            calls.set(calls.get() + 1);
            (20.0 * u).sin() / (1.0 + 100.0 * u * u)
        };
        let x: Vec<f64> = (0..2000).map(|i| f64::from(i) / 1000.0 - 1.0).collect();
        let mut out = vec![f64::NAN; 2000];
        interpolation::spread(&x, tolerance, &f, &mut |i, v| out[i] = v);
        assert!(calls.get() < most, "{} calls", calls.get());
        for (&u, &v) in x.iter().zip(&out) {
            close(v, (20.0 * u).sin() / (1.0 + 100.0 * u * u), tolerance);
        }
    }
}
