//! The law of `log|z_t|`: predicted quantiles against simulation and against enumeration written here, moments, and how
//! many runs it takes to see them.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use saddlescope::core::curvature::{BatchLaw, Law};
use saddlescope::core::exponent::TailExponent;
use saddlescope::core::product::log_products;
use saddlescope::core::sample::Sampler;
use saddlescope::core::stats;
use saddlescope::core::walk::moments::{log_mean, log_norm, log_root_mean_square, log_runs_to_see};
use saddlescope::core::walk::{CENTRAL_LIMIT_ERROR, Method, quantiles};

const BANDS: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Standard errors allowed: a normal number exceeds it with probability 7·10⁻⁶; a few hundred comparisons in all.
const SCORE: f64 = 4.5;

const RUNS: u32 = 100_000;

fn two_point(a: f64, q: f64) -> Law {
    Law::two_point(a, q).expect("a two-point law")
}

fn discrete(values: &[f64], probs: &[f64]) -> Law {
    Law::discrete(values.to_vec(), probs.to_vec()).expect("a discrete law")
}

fn attractive_saddle() -> (Law, (f64, f64)) {
    (two_point(-1.2, 0.5), (1.0, -0.5))
}

fn data(count: usize) -> Law {
    Law::empirical((0..count).map(|i| (i as f64 * 1.7).sin() + 0.3 * (i as f64 * 0.37).cos()).collect())
        .expect("data")
}

#[track_caller]
fn close(got: f64, want: f64, tolerance: f64) {
    let near = got == want || (got - want).abs() <= tolerance * want.abs().max(1.0);
    assert!(near, "got {got:e}, want {want:e}, off by {:e}", got - want);
}

fn log_factorial(n: u32) -> f64 {
    (2..=n).map(|i| f64::from(i).ln()).sum()
}

/// All multinomial counts of `t` steps: ascending values of `log|z_t|` and their probabilities. Written for any number of
/// values, `log|x|` may be `−∞`.
fn enumerated(steps: &[(f64, f64)], t: u32) -> Vec<(f64, f64)> {
    fn place(
        steps: &[(f64, f64)],
        left: u32,
        log: f64,
        log_weight: f64,
        table: &[f64],
        out: &mut Vec<(f64, f64)>,
    ) {
        let (x, p) = steps[0];
        let counts = if steps.len() == 1 { left..=left } else { 0..=left };
        for n in counts {
            let log = if n == 0 { log } else { log + f64::from(n) * x };
            let weight = log_weight + f64::from(n) * p.ln() - table[n as usize];
            if steps.len() == 1 {
                out.push((log, (weight + table[table.len() - 1]).exp()));
            } else {
                place(&steps[1..], left - n, log, weight, table, out);
            }
        }
    }
    let table: Vec<f64> = (0..=t).map(log_factorial).collect();
    let mut out = Vec::new();
    place(steps, t, 0.0, 0.0, &table, &mut out);
    out.sort_by(|a, b| a.0.total_cmp(&b.0));
    out
}

/// The least value at which the sum of probabilities reaches `p`.
fn lower_quantile(law: &[(f64, f64)], p: f64) -> f64 {
    let mut sum = 0.0;
    law.iter()
        .find(|(_, q)| {
            sum += q;
            sum >= p
        })
        .map_or(f64::INFINITY, |&(x, _)| x)
}

/// Logarithms of the factors of a law with its probabilities.
fn steps(values: &[f64], probs: &[f64], lr: f64) -> Vec<(f64, f64)> {
    values.iter().zip(probs).map(|(h, &p)| ((1.0 - lr * h).abs().ln(), p)).collect()
}

/// Asserts that as many simulated runs as should lie below each predicted quantile, and enough at or below it; the quantile
/// may be off by `slack` nats.
fn compare(
    name: &str,
    law: &Law,
    batch: u32,
    factor: (f64, f64),
    stride: u32,
    slack: impl Fn(usize, Method) -> f64,
) {
    let rows = 8;
    let mut logs =
        log_products(&Sampler::new(law, batch), factor, (rows * stride, stride), (2303, 13093), RUNS);
    let times: Vec<u32> = (0..=rows).map(|i| i * stride).collect();
    let predicted = quantiles(&law.batch(batch), factor, &times, &BANDS);
    let mut worst = 0.0_f64;
    for (i, row) in logs.chunks_mut(RUNS as usize).enumerate() {
        stats::sort(row);
        for (&p, &q) in BANDS.iter().zip(&predicted.values[i]) {
            let n = f64::from(RUNS);
            let allowed = SCORE * (p * (1.0 - p) / n).sqrt();
            let slack = slack(i, predicted.methods[i]) + 1e-9;
            let below = row.partition_point(|&x| x < q - slack) as f64 / n;
            let to = row.partition_point(|&x| x <= q + slack) as f64 / n;
            assert!(
                below <= p + allowed && to >= p - allowed,
                "{name}, t = {}: {q} for {p}, but {below} of the runs below and {to} up to it",
                times[i]
            );
            worst = worst.max((stats::quantile(row, p) - q).abs());
        }
    }
    println!("{name}: off by {worst:.4} nats at most, {:?}", predicted.methods[rows as usize]);
}

#[test]
fn discrete_laws_are_exact() {
    let exact = |_, method| {
        assert_eq!(method, Method::Exact);
        0.0
    };
    let (law, factor) = attractive_saddle();
    compare("attractive saddle", &law, 1, factor, 25, exact);
    compare("a minimum L_2 calls unstable", &discrete(&[0.1, 3.0], &[0.9, 0.1]), 1, (1.0, -1.2), 40, exact);
    compare("three values", &discrete(&[1.0, -0.5, 2.3], &[0.5, 0.3, 0.2]), 1, (0.9, -0.7), 10, exact);
    let bound = |_, method| match method {
        Method::Blurred { position_error } => position_error,
        _ => 0.0,
    };
    compare("three values, long", &discrete(&[1.0, -0.5, 2.3], &[0.5, 0.3, 0.2]), 1, (0.9, -0.7), 100, bound);
    compare("batch 4", &two_point(-1.2, 0.5), 4, (1.0, -0.5), 50, bound);
    compare("data", &data(200), 1, (1.0, -0.8), 20, bound);
    compare("a rare deep factor", &discrete(&[-0.3, 0.999_999], &[0.98, 0.02]), 3, (1.0, -1.0), 30, bound);
    // 17 % of the steps land: all but the lower rows are −∞
    compare("lands", &discrete(&[1.0, 2.0, -0.4], &[0.02, 0.5, 0.48]), 1, (1.0, -1.0), 12, bound);
}

#[test]
fn laws_with_a_density_by_the_central_limit() {
    // `position_error` is the stated error: what simulation adds is the binomial error alone
    let stated = |i: usize, method| match method {
        Method::CentralLimit { position_error } if position_error.is_finite() && i > 0 => position_error,
        _ => {
            assert_eq!((i, method), (0, Method::Exact));
            0.0
        }
    };
    let gaussian = |mean, std| Law::gaussian(mean, std).expect("a normal law");
    let uniform = |low, high| Law::uniform(low, high).expect("a uniform law");
    let teacher = |slope, noise| Law::teacher(slope, noise).expect("a teacher");
    let cases = [
        ("Gaussian saddle", gaussian(-0.2, 1.0), 1, 0.5),
        ("Gaussian saddle at 1.2", gaussian(-0.2, 1.0), 1, 1.2),
        ("Gaussian, batch 3", gaussian(-0.2, 1.0), 3, 0.5),
        ("Gaussian minimum", gaussian(0.3, 2.0), 1, 0.5),
        ("Gaussian, zero at 2.7 sd", gaussian(0.1, 1.0), 1, 0.357),
        ("uniform", uniform(-1.0, 2.0), 1, 0.6),
        ("uniform, batch 2", uniform(-1.5, 1.0), 2, 0.9),
        ("teacher", teacher(0.3, 3.9), 1, 0.15),
        ("teacher, batch 2", teacher(-0.2, 1.0), 2, 0.7),
        ("teacher without noise", teacher(0.3, 0.0), 1, 0.5),
        // 324,632 values: too many to list
        ("data, batch 6", data(30), 6, 1.3),
    ];
    for (name, law, batch, lr) in cases {
        compare(name, &law, batch, (1.0, -lr), 25, stated);
    }
    // the number is what the documentation says
    let law = gaussian(-0.2, 1.0).batch(1);
    let found = quantiles(&law, (1.0, -0.5), &[100, 24], &[0.5]);
    let std = law.log_variance(1.0, -0.5).value.sqrt();
    let Method::CentralLimit { position_error } = found.methods[0] else { panic!("{found:?}") };
    close(position_error, CENTRAL_LIMIT_ERROR * 0.25 * std * 10.0, 1e-14);
    assert_eq!(found.methods[1], Method::CentralLimit { position_error: f64::INFINITY });
    let median =
        100.0 * law.exponent(1.0, -0.5).value - law.log_third_cumulant(1.0, -0.5).value / (6.0 * std * std);
    close(found.values[0][0], median, 1e-14);
}

#[test]
fn without_the_skewness_the_central_limit_misses() {
    // shows that the comparison above can see the correction: the plain median is off by ten binomial errors
    let law = Law::gaussian(-0.2, 1.0).expect("a normal law");
    let mut logs = log_products(&Sampler::new(&law, 1), (1.0, -0.5), (50, 50), (1, 1), RUNS);
    let row = &mut logs[RUNS as usize..];
    stats::sort(row);
    let plain = 50.0 * law.batch(1).exponent(1.0, -0.5).value;
    let share = row.partition_point(|&x| x <= plain) as f64 / f64::from(RUNS);
    assert!(0.5 - share > 10.0 * 0.5 / f64::from(RUNS).sqrt(), "{share}");
}

/// Values, probabilities, learning rate, times.
type Case<'a> = (&'a [f64], &'a [f64], f64, &'a [u32]);

#[test]
fn listed_laws_against_enumeration() {
    let probabilities = [1e-6, 0.013, 0.2, 0.437, 0.66, 0.9, 0.999];
    let cases: [Case; 4] = [
        (&[1.0, -1.2], &[0.5, 0.5], 0.5, &[1, 2, 7, 40, 333, 1000]),
        (&[1.0, -0.9], &[0.03, 0.97], 0.8, &[1, 10, 500]),
        (&[1.0, -0.5, 2.3], &[0.5, 0.3, 0.2], 0.7, &[1, 2, 17, 60]),
        (&[1.0, -0.5, 2.3, 0.1, -2.0], &[0.2, 0.2, 0.2, 0.1, 0.3], 0.7, &[1, 5, 13]),
    ];
    for (values, probs, lr, times) in cases {
        let law = discrete(values, probs).batch(1);
        let found = quantiles(&law, (1.0, -lr), times, &probabilities);
        for (i, &t) in times.iter().enumerate() {
            assert_eq!(found.methods[i], Method::Exact, "{values:?} {t}");
            let all = enumerated(&steps(values, probs, lr), t);
            for (&p, &q) in probabilities.iter().zip(&found.values[i]) {
                close(q, lower_quantile(&all, p), 1e-12);
            }
        }
    }
    // a fair coin after an odd number of steps: the sum of probabilities is exactly ½ at the lower middle value
    let (law, factor) = attractive_saddle();
    let found = quantiles(&law.batch(1), factor, &[9], &[0.5]);
    close(found.values[0][0], 5.0 * 0.5_f64.ln() + 4.0 * 1.6_f64.ln(), 1e-14);
}

#[test]
fn blurred_laws_against_enumeration() {
    let probabilities = [0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999];
    let check = |law: &BatchLaw, factor, t: u32, all: &[(f64, f64)], dense: bool| {
        let found = quantiles(law, factor, &[t], &probabilities);
        let Method::Blurred { position_error } = found.methods[0] else { panic!("{:?}", found.methods) };
        let spread = (f64::from(t) * law.log_variance(factor.0, factor.1).value).sqrt();
        assert!(position_error < 0.05 * spread, "{position_error} {spread}");
        let mut worst = 0.0_f64;
        for (&p, &q) in probabilities.iter().zip(&found.values[0]) {
            let (low, high) = (lower_quantile(all, p - 1e-6), lower_quantile(all, p + 1e-6));
            assert!(low - position_error <= q && q <= high + position_error, "{t} {p}: {low} {q} {high}");
            let off = (q - lower_quantile(all, p)).abs();
            // a dense law: e²/50 times the slope of the logarithm of the density, at most 4/sd here, and one gap
            let gap = lower_quantile(all, p + 1e-4) - lower_quantile(all, p - 1e-4);
            let promised = position_error * position_error / 50.0 * 4.0 / spread + gap;
            assert!(!dense || off <= promised, "{t} {p}: {off} {promised}");
            worst = worst.max(off);
        }
        println!("t = {t}: off by {worst:.2e}, bound {position_error:.2e}, sd {spread:.2}");
    };
    let (values, probs) = ([1.0, -0.5, 2.3], [0.5, 0.3, 0.2]);
    let law = discrete(&values, &probs).batch(1);
    for t in [100, 200, 400] {
        check(&law, (1.0, -0.7), t, &enumerated(&steps(&values, &probs, 0.7), t), false);
    }
    let (values, probs) = ([1.0, -0.52, 2.37, 0.13, -1.1, 0.71], [0.2, 0.2, 0.2, 0.1, 0.15, 0.15]);
    let law = discrete(&values, &probs).batch(1);
    check(&law, (1.0, -0.7), 40, &enumerated(&steps(&values, &probs, 0.7), 40), true);
    // a lattice, so the law has gaps: factors ½, 1, 2 (h = 1, 0, −2 at λ = ½), convolved here step by step
    let law = discrete(&[1.0, 0.0, -2.0], &[0.3, 0.45, 0.25]).batch(1);
    let t = 1000;
    let mut row = vec![1.0];
    for _ in 0..t {
        let mut next = vec![0.0; row.len() + 2];
        for (i, p) in row.iter().enumerate() {
            for (j, q) in [0.3, 0.45, 0.25].into_iter().enumerate() {
                next[i + j] += p * q;
            }
        }
        row = next;
    }
    let all: Vec<(f64, f64)> = row
        .iter()
        .enumerate()
        .map(|(i, &p)| ((i as f64 - f64::from(t)) * std::f64::consts::LN_2, p))
        .collect();
    check(&law, (1.0, -0.5), t, &all, false);
    // rare deep factors: the law reaches much further down than up
    let (values, probs) =
        ([1.0 - 0.1_f64.exp(), 1.0 - 0.2_f64.exp(), 1.0 - (-8.0_f64).exp()], [0.4, 0.58, 0.02]);
    let law = discrete(&values, &probs).batch(1);
    check(&law, (1.0, -1.0), 100, &enumerated(&steps(&values, &probs, 1.0), 100), false);
    // two values after more steps than are listed
    let (law, factor) = attractive_saddle();
    let all = enumerated(&[(0.5_f64.ln(), 0.5), (1.6_f64.ln(), 0.5)], 20_000);
    check(&law.batch(1), factor, 20_000, &all, false);
}

#[test]
fn a_million_steps_are_normal() {
    // an error of the characteristic function is raised to the power t
    let law = data(50).batch(1);
    let factor = (1.0, -0.8);
    let t = 1_000_000;
    let found = quantiles(&law, factor, &[t], &BANDS);
    let Method::Blurred { position_error } = found.methods[0] else { panic!("{:?}", found.methods) };
    let std = law.log_variance(factor.0, factor.1).value.sqrt();
    let skew = law.log_third_cumulant(factor.0, factor.1).value / (6.0 * std * std);
    for (z, q) in [
        -1.644_853_626_951_472_6,
        -0.674_489_750_196_081_7,
        0.0,
        0.674_489_750_196_081_7,
        1.644_853_626_951_472_6,
    ]
    .into_iter()
    .zip(&found.values[0])
    {
        let mean = f64::from(t) * law.exponent(factor.0, factor.1).value;
        let normal = mean + 1000.0 * z * std + skew * (z * z - 1.0);
        assert!((q - normal).abs() < 0.01 * position_error, "{z}: {q} {normal} {position_error}");
    }
}

#[test]
fn a_row_does_not_depend_on_the_others() {
    let law = data(50).batch(1);
    let alone = quantiles(&law, (1.0, -0.8), &[700], &BANDS);
    let among = quantiles(&law, (1.0, -0.8), &[30, 2000, 700, 0], &BANDS);
    assert_eq!(alone.values[0], among.values[2]);
    assert_eq!(alone.methods[0], among.methods[2]);
}

#[test]
fn landing_puts_mass_at_minus_infinity() {
    // X ∈ {0, 0.5, 1.5} with probabilities 0.1, 0.4, 0.5
    let law = discrete(&[1.0, 0.5, -0.5], &[0.1, 0.4, 0.5]).batch(1);
    let times = [0, 1, 3, 6, 7, 40];
    let found = quantiles(&law, (1.0, -1.0), &times, &[0.05, 0.3, 0.5, 0.95]);
    assert_eq!(found.values[0], [0.0; 4]);
    for (&t, row) in times.iter().zip(&found.values).skip(1) {
        let factors = [(f64::NEG_INFINITY, 0.1), (0.5_f64.ln(), 0.4), (1.5_f64.ln(), 0.5)];
        let mut all = enumerated(&factors, t);
        // the landed runs are one value
        let landed: f64 = all.iter().filter(|x| x.0.is_infinite()).map(|x| x.1).sum();
        close(landed, 1.0 - 0.9_f64.powi(t as i32), 1e-12);
        all.retain(|x| x.0.is_finite());
        all.insert(0, (f64::NEG_INFINITY, landed));
        for (&p, &q) in [0.05, 0.3, 0.5, 0.95].iter().zip(row) {
            close(q, lower_quantile(&all, p), 1e-12);
        }
    }
    // X is 0 or −1: alive runs stay where they are. At t = 1 the median is still in the landed half.
    let half = discrete(&[1.0, 2.0], &[0.5, 0.5]).batch(1);
    let found = quantiles(&half, (1.0, -1.0), &[1, 4, 5], &[0.5, 0.95]);
    let never = f64::NEG_INFINITY;
    assert_eq!(found.values, [[never, 0.0], [never, 0.0], [never, never]]);
}

#[test]
fn laws_without_variance() {
    let constants = [
        discrete(&[0.4], &[1.0]),
        discrete(&[0.4, 3.6], &[0.3, 0.7]), // |X| = 0.8 for both
        Law::gaussian(0.4, 0.0).expect("a constant"),
        Law::uniform(0.4, 0.4).expect("a constant"),
    ];
    for law in constants {
        for batch in [1, 2] {
            if batch == 2 && law.variance() > 0.0 {
                continue;
            }
            let law = law.batch(batch);
            let found = quantiles(&law, (1.0, -0.5), &[0, 3, 5000], &BANDS);
            for (t, row) in [0.0, 3.0, 5000.0].iter().zip(&found.values) {
                for &q in row {
                    close(q, t * 0.8_f64.ln(), 1e-12);
                }
            }
            assert!(found.methods.iter().all(|m| *m == Method::Exact));
            close(log_runs_to_see(&law, (1.0, -0.5), 1.0, 1000).value, 0.0, 1e-12);
        }
    }
    // not moved at all, and moved onto the saddle at once
    let still = Law::gaussian(0.4, 1.0).expect("a normal law").batch(1);
    assert_eq!(quantiles(&still, (1.0, 0.0), &[7], &[0.5]).values, [[0.0]]);
    let onto = Law::teacher(0.0, 0.0).expect("a constant").batch(3);
    assert_eq!(quantiles(&onto, (0.0, -1.0), &[0, 7], &[0.5]).values, [[0.0], [f64::NEG_INFINITY]]);
    assert_eq!(log_runs_to_see(&onto, (0.0, -1.0), 1.0, 9).value, 0.0);
}

#[test]
fn moments_are_closed() {
    let (law, factor) = attractive_saddle();
    let law = law.batch(1);
    // E X = 1.05, E X² = (0.25 + 2.56)/2
    close(log_mean(&law, factor, 200), 200.0 * 1.05_f64.ln(), 1e-13);
    close(log_root_mean_square(&law, factor, 200), 100.0 * 1.405_f64.ln(), 1e-13);
    close(log_norm(&law, factor, 2.0, 200), 100.0 * 1.405_f64.ln(), 1e-13);
    close(log_norm(&law, factor, 0.0, 200), 100.0 * 0.8_f64.ln(), 1e-13);
    let three = 200.0 / 3.0 * (0.5 * 0.125_f64 + 0.5 * 4.096).ln();
    close(log_norm(&law, factor, 3.0, 200), three, 1e-13);
    // E X = 0: the mean is 0 after one step, and still 1 before it; X ∈ {0.5, −0.5}
    let fair = discrete(&[0.5, 1.5], &[0.5, 0.5]).batch(1);
    assert_eq!(log_mean(&fair, (1.0, -1.0), 0), 0.0);
    assert_eq!(log_mean(&fair, (1.0, -1.0), 3), f64::NEG_INFINITY);
    // a sign: the mean of X is −0.8
    close(log_mean(&fair, (1.0, -1.8), 3), 3.0 * 0.8_f64.ln(), 1e-13);
}

#[test]
fn runs_to_see_a_moment() {
    let (law, factor) = attractive_saddle();
    let law = law.batch(1);
    for p in [1.0_f64, 2.0] {
        let (a, b) = (0.5_f64.powf(p), 1.6_f64.powf(p));
        let w = b / (a + b);
        let entropy = w * (2.0 * w).ln() + (1.0 - w) * (2.0 * (1.0 - w)).ln();
        close(log_runs_to_see(&law, factor, p, 300).value, 300.0 * entropy, 1e-12);
    }
    assert_eq!(log_runs_to_see(&law, factor, 1.0, 0).value, 0.0);
    // X is 0 or 1: a run that survives t steps is seen once in 2^t
    let half = discrete(&[0.0, 1.0], &[0.5, 0.5]).batch(1);
    for p in [1.0, 2.0] {
        close(log_runs_to_see(&half, (1.0, -1.0), p, 50).value, 50.0 * 2.0_f64.ln(), 1e-13);
    }
    // rates of 1e-5: the entropy is ½p²Var log|X|, 1e-10, with its figures
    close(log_runs_to_see(&law, (1.0, -1e-5), 1.0, 1).value / (0.5 * 1.21e-10), 1.0, 1e-4);
}

/// `∫ f(h) density(h) dh` by Simpson's rule.
fn simpson(low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let n = 2_000_000;
    let h = (high - low) / f64::from(n);
    let weight = |i: i32| if i == 0 || i == n { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
    (0..=n).map(|i| weight(i) * f(low + f64::from(i) * h)).sum::<f64>() * h / 3.0
}

#[test]
fn runs_to_see_a_moment_of_a_density() {
    let entropy = |p: f64, low: f64, high: f64, density: &dyn Fn(f64) -> f64| {
        let part = |with_log: bool| {
            simpson(low, high, |x| {
                let size = x.abs();
                if size == 0.0 {
                    0.0
                } else {
                    size.powf(p) * density(x) * if with_log { size.ln() } else { 1.0 }
                }
            })
        };
        let moment = part(false);
        p * part(true) / moment - moment.ln()
    };
    let normal =
        |x: f64| (-0.5 * ((x - 1.1) / 0.5).powi(2)).exp() / (0.5 * (2.0 * std::f64::consts::PI).sqrt());
    let gaussian = Law::gaussian(-0.2, 1.0).expect("a normal law").batch(1);
    let uniform = Law::uniform(-1.0, 2.0).expect("a uniform law").batch(1);
    for p in [1.0, 2.0] {
        let found = log_runs_to_see(&gaussian, (1.0, -0.5), p, 1);
        let want = entropy(p, -4.0, 6.2, &normal);
        println!("{p}: {} ± {:e}, {want}", found.value, found.error);
        assert!((found.value - want).abs() <= found.error + 1e-9 && found.error < 1e-8, "{found:?} {want}");
        let found = log_runs_to_see(&uniform, (1.0, -0.6), p, 1);
        let want = entropy(p, -0.2, 1.6, &|_| 1.0 / 1.8);
        assert!((found.value - want).abs() <= found.error + 1e-9 && found.error < 1e-7, "{found:?} {want}");
    }
}

#[test]
fn a_mean_needs_as_many_runs_as_said() {
    let (law, factor) = attractive_saddle();
    let batch = law.batch(1);
    // sample mean of |z_t| over the exact one: ln N = 11.5
    let seen = |t: u32| {
        let logs = log_products(&Sampler::new(&law, 1), factor, (t, t), (5, 5), RUNS);
        let row = &logs[RUNS as usize..];
        let exact = log_norm(&batch, factor, 1.0, t);
        row.iter().map(|log| (log - exact).exp()).sum::<f64>() / f64::from(RUNS)
    };
    let need = |t: u32| log_runs_to_see(&batch, factor, 1.0, t).value;
    assert!(need(20) < 4.0 && need(300) > 40.0, "{} {}", need(20), need(300));
    let (few, many) = (seen(20), seen(300));
    println!("needed e^{:.1}: {few:.3}; needed e^{:.1}: {many:.2e}", need(20), need(300));
    assert!((few - 1.0).abs() < 0.1 && many < 0.05, "{few} {many}");
}

/// `sup_t log|z_t|` of many runs.
fn suprema(law: &Law, factor: (f64, f64), steps: u32, groups: u64) -> Vec<f64> {
    const TOGETHER: usize = 1600;
    let sampler = Sampler::new(law, 1);
    let mut all = Vec::new();
    for item in 0..groups {
        let logs = log_products(&sampler, factor, (steps, 1), (11, item), TOGETHER as u32);
        let mut top = vec![0.0_f64; TOGETHER];
        for row in logs.chunks(TOGETHER) {
            for (top, log) in top.iter_mut().zip(row) {
                *top = top.max(*log);
            }
        }
        all.extend(top);
    }
    all
}

/// Hill's estimator: one over the mean excess above `level`, and its standard error.
fn hill(suprema: &[f64], level: f64) -> (f64, f64) {
    let excess: Vec<f64> = suprema.iter().filter(|&&x| x > level).map(|x| x - level).collect();
    let estimate = 1.0 / stats::mean(&excess).value;
    (estimate, estimate / (excess.len() as f64).sqrt())
}

#[test]
fn the_supremum_has_the_tail_exponent() {
    // the steps ln ½ and ln 1.6 are nearly multiples of 0.234 (3 and 2 of them): a mean excess is sharp to half of that
    let (law, factor) = attractive_saddle();
    let gaussian = Law::gaussian(-0.2, 1.0).expect("a normal law");
    let cases = [
        ("attractive saddle", law, factor, 1000, 60, 3.0, 0.117),
        ("Gaussian saddle", gaussian, (1.0, -0.5), 3000, 30, 3.0, 0.0),
    ];
    for (name, law, factor, steps, groups, level, grain) in cases {
        let TailExponent::Finite(exact) = law.batch(1).tail_exponent(factor.0, factor.1) else {
            panic!("no tail exponent")
        };
        let (found, error) = hill(&suprema(&law, factor, steps, groups), level);
        println!("{name}: Hill {found:.4} ± {error:.4}, exact {exact:.4}");
        let allowed = 4.0 * error + grain * exact * exact;
        assert!((found - exact).abs() < allowed, "{name}: {found} ± {error}, {exact}");
    }
}
