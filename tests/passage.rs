//! First passages of `log|z_t|`: against walks that can be solved, a plain re-run, and Wald's bounds.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use saddlescope::core::critical::{CriticalRate, approximate_critical_rate, critical_rates};
use saddlescope::core::curvature::Law;
use saddlescope::core::exponent::TailExponent;
use saddlescope::core::passage::{MeanPassage, first_passages, mean_passage};
use saddlescope::core::rng::{Block, LANES, Lanes, Purpose, STEPS};
use saddlescope::core::sample::Sampler;
use saddlescope::core::stats;

#[path = "passage/kicked.rs"]
mod kicked;

fn two_point(a: f64, q: f64) -> Law {
    Law::two_point(a, q).expect("a two-point law")
}

fn gaussian(mean: f64, std: f64) -> Law {
    Law::gaussian(mean, std).expect("a normal law")
}

/// `P(τ = n)` for steps ±1, `+1` with probability `p`, and a threshold `k` above: the hitting-time theorem,
/// `(k/n) C(n, (n+k)/2) p^{(n+k)/2} (1−p)^{(n−k)/2}`.
fn hitting(n: u32, k: u32, p: f64) -> f64 {
    if n < k || (n - k) % 2 == 1 {
        return 0.0;
    }
    let ups = u32::midpoint(n, k);
    let choose: f64 = (1..=ups).map(|i| f64::from(n - ups + i) / f64::from(i)).product();
    f64::from(k) / f64::from(n) * choose * p.powi(ups as i32) * (1.0 - p).powi((n - ups) as i32)
}

#[test]
fn a_walk_on_a_lattice_hits_as_solved() {
    // factors 2 and ½: h = −2 and 1 at λ = ½; passages of 3 ln 2 are ties
    let log2 = std::f64::consts::LN_2;
    let runs = 100_000;
    for (q, sign) in [(0.7, 1.0), (0.3, -1.0), (0.5, 1.0)] {
        let sampler = Sampler::new(&two_point(-2.0, q), 1);
        let times = first_passages(&sampler, (1.0, -0.5), sign * 3.0 * log2, 2000, (3, 9), runs);
        let forward = if sign > 0.0 { q } else { 1.0 - q };
        for n in 1..40 {
            let exact = hitting(n, 3, forward);
            let seen = times.iter().filter(|&&t| t == f64::from(n)).count() as f64 / f64::from(runs);
            let error = (exact * (1.0 - exact) / f64::from(runs)).sqrt();
            assert!((seen - exact).abs() <= 4.5 * error, "q = {q}, τ = {n}: {seen}, {exact} ± {error}");
        }
        if q != 0.5 {
            let mean = stats::mean(&times);
            assert!((mean.value - 7.5).abs() < 4.0 * mean.standard_error, "{mean:?}");
            // the bounds are sharp to one step of the lattice, and Lorden's is not the smaller one here
            let bounds = mean_passage(&two_point(-2.0, q).batch(1), (1.0, -0.5), sign * 3.0 * log2);
            let MeanPassage::Between { lower, upper } = bounds else { panic!("{bounds:?}") };
            assert!((lower - 7.5).abs() < 1e-9 && (upper - 10.0).abs() < 1e-9, "{lower} {upper}");
        }
    }
}

#[test]
fn a_plain_rerun_agrees() {
    // 21 runs and 77 steps: neither a multiple of 16
    for (law, threshold) in [
        (two_point(-1.2, 0.5), 1.5),
        (two_point(-1.2, 0.5), -3.0),
        (gaussian(-0.2, 1.0), 0.7),
        (gaussian(-0.2, 1.0), -4.0),
    ] {
        let sampler = Sampler::new(&law, 1);
        let found = first_passages(&sampler, (1.0, -0.5), threshold, 77, (6, 7), 21);
        let mut plain = Vec::new();
        for first in [0, LANES as u32] {
            let mut lanes = Lanes::new(Purpose::Passage, 6, 7, first);
            let (mut logs, mut times) = ([0.0; LANES], [f64::INFINITY; LANES]);
            let (mut product, mut square) = (Block::constant(0.0), Block::constant(1.0));
            for step in 0..77 {
                if step % STEPS == 0 {
                    sampler.at(-0.5, 1.0).fill(&mut lanes, &mut product, &mut square);
                }
                for (lane, (log, time)) in logs.iter_mut().zip(&mut times).enumerate() {
                    *log += (1.0 + product.at(step % STEPS, lane)).abs().ln();
                    let passed = if threshold > 0.0 { *log >= threshold } else { *log <= threshold };
                    if passed && time.is_infinite() {
                        *time = (step + 1) as f64;
                    }
                }
            }
            plain.extend(times);
        }
        assert_eq!(found, plain[..21]);
        assert!(found.iter().any(|t| t.is_finite()), "{found:?}");
    }
    let all = first_passages(&Sampler::new(&two_point(-1.2, 0.5), 1), (1.0, -0.5), 1.5, 77, (6, 7), 21);
    assert!(all.iter().any(|t| t.is_infinite()), "{all:?}");
    // a run is the same whatever the number of runs
    let some = first_passages(&Sampler::new(&two_point(-1.2, 0.5), 1), (1.0, -0.5), 1.5, 77, (6, 7), 5);
    assert_eq!(some, all[..5]);
}

#[test]
fn mean_passages_lie_within_walds_bounds() {
    let decades = |n: f64| n * 10.0_f64.ln();
    let cases = [
        ("two-point escapes", two_point(-2.0, 0.5), 0.4, decades(3.0)),
        ("two-point collapses", two_point(-1.2, 0.5), 0.5, -decades(4.0)),
        ("Gaussian escapes", gaussian(-0.2, 1.0), 0.2, decades(1.0)),
        ("Gaussian collapses", gaussian(-0.2, 1.0), 0.5, -decades(3.0)),
        ("uniform collapses", Law::uniform(-1.0, 1.5).expect("uniform"), 0.5, -decades(2.0)),
        ("teacher collapses", Law::teacher(-0.2, 1.0).expect("a teacher"), 0.7, -decades(2.0)),
    ];
    for (name, law, lr, threshold) in cases {
        let bounds = mean_passage(&law.batch(1), (1.0, -lr), threshold);
        let MeanPassage::Between { lower, upper } = bounds else { panic!("{name}: {bounds:?}") };
        let sampler = Sampler::new(&law, 1);
        let times = first_passages(&sampler, (1.0, -lr), threshold, 100_000, (1, 2), 20_000);
        assert!(times.iter().all(|t| t.is_finite()), "{name}");
        let mean = stats::mean(&times);
        let slack = 4.0 * mean.standard_error;
        println!("{name}: {:.2} ± {:.2} in [{lower:.2}, {upper:.2}]", mean.value, mean.standard_error);
        assert!(lower - slack <= mean.value && mean.value <= upper + slack, "{name}: {mean:?} {bounds:?}");
        // away from the drift there is no mean
        assert_eq!(mean_passage(&law.batch(1), (1.0, -lr), -threshold), MeanPassage::Infinite);
    }
    // no drift: λ = 0, and factors 2 and ½
    assert_eq!(mean_passage(&gaussian(-0.2, 1.0).batch(1), (1.0, 0.0), 1.0), MeanPassage::Infinite);
    assert_eq!(mean_passage(&two_point(-2.0, 0.5).batch(1), (1.0, -0.5), 1.0), MeanPassage::Infinite);
}

#[test]
fn overshoots_are_bounded_by_the_smaller_bound() {
    // rare large steps: X = 0.9 or, once in a hundred, 0.001. Lorden: E Y²/E Y = 2.8, far below the largest step 6.9
    let law = Law::discrete(vec![0.1, 0.999], vec![0.99, 0.01]).expect("a law").batch(1);
    let MeanPassage::Between { lower, upper } = mean_passage(&law, (1.0, -1.0), -10.0) else { panic!() };
    let steps = [(0.99, -0.9_f64.ln()), (0.01, -0.001_f64.ln())];
    let drift: f64 = steps.iter().map(|(p, y)| p * y).sum();
    let square: f64 = steps.iter().map(|(p, y)| p * y * y).sum();
    assert!((lower - 10.0 / drift).abs() < 1e-9, "{lower}");
    assert!((upper - (10.0 + square / drift) / drift).abs() < 1e-9, "{upper}");
    // uniform, X in [0.25, 1.5]: no step down is larger than ln 4, no step up than ln 1.5
    let law = Law::uniform(-1.0, 1.5).expect("uniform").batch(1);
    let drift = law.exponent(1.0, -0.5).value.abs();
    let square = law.log_variance(1.0, -0.5).value + drift * drift;
    let MeanPassage::Between { upper, .. } = mean_passage(&law, (1.0, -0.5), -10.0) else { panic!() };
    assert!((upper - (10.0 + 4.0_f64.ln().min(square / drift)) / drift).abs() < 1e-9, "{upper}");
}

#[test]
fn constants_and_landings() {
    // X = ½: three steps to an eighth, a tie
    let half = Law::gaussian(1.0, 0.0).expect("a constant");
    let times = first_passages(&Sampler::new(&half, 1), (1.0, -0.5), -8.0_f64.ln(), 100, (1, 1), 3);
    assert_eq!(times, [3.0; 3]);
    let bounds = mean_passage(&half.batch(1), (1.0, -0.5), -8.0_f64.ln());
    assert!(
        matches!(bounds, MeanPassage::Between { lower, upper }
        if (lower - 3.0).abs() < 1e-12 && (upper - 4.0).abs() < 1e-12),
        "{bounds:?}"
    );
    // at once, and never
    assert_eq!(first_passages(&Sampler::new(&half, 1), (1.0, -0.5), 0.0, 9, (1, 1), 2), [0.0; 2]);
    let never = first_passages(&Sampler::new(&half, 1), (1.0, -0.5), 1.0, 9, (1, 1), 2);
    assert_eq!(never, [f64::INFINITY; 2]);
    // X is 0 or −1, fairly: τ is geometric with mean 2, whatever the threshold
    let lands = Law::discrete(vec![1.0, 2.0], vec![0.5, 0.5]).expect("a law");
    for threshold in [-1.0, -500.0] {
        let times = first_passages(&Sampler::new(&lands, 1), (1.0, -1.0), threshold, 1000, (4, 4), 20_000);
        let mean = stats::mean(&times);
        assert!((mean.value - 2.0).abs() < 4.0 * mean.standard_error, "{mean:?}");
        let known = mean_passage(&lands.batch(1), (1.0, -1.0), threshold);
        assert_eq!(known, MeanPassage::Lands { probability: 0.5 });
    }
    assert_eq!(mean_passage(&lands.batch(1), (1.0, -1.0), 1.0), MeanPassage::Infinite);
    // all 64 draws are 1, or all 50 of 50: what is left of 1 after such a probability is nothing but rounding
    for (batch, probability) in [(64, 0.5_f64.powi(64)), (50, 0.5_f64.powi(50))] {
        let MeanPassage::Lands { probability: found } =
            mean_passage(&two_point(-1.0, 0.5).batch(batch), (1.0, -1.0), -18.0)
        else {
            panic!("S = {batch} lands")
        };
        assert!((found / probability - 1.0).abs() < 1e-14, "S = {batch}: {found} for {probability}");
    }
    let onto = Law::gaussian(1.0, 0.0).expect("a constant").batch(1);
    assert_eq!(mean_passage(&onto, (1.0, -1.0), -1.0), MeanPassage::Lands { probability: 1.0 });
}

#[test]
fn a_decaying_run_ever_grows_rarely() {
    // P(sup|z| ≥ R) ≤ R^{−p*}, and a ratio of two such probabilities shows p*: Λ < 0, threshold above
    let law = two_point(-1.2, 0.5);
    let TailExponent::Finite(p) = law.batch(1).tail_exponent(1.0, -0.5) else { panic!() };
    let runs = 100_000;
    let sampler = Sampler::new(&law, 1);
    let share = |threshold: f64| {
        let times = first_passages(&sampler, (1.0, -0.5), threshold, 1500, (8, 8), runs);
        times.iter().filter(|t| t.is_finite()).count() as f64 / f64::from(runs)
    };
    for threshold in [1.0, 2.0, 4.0] {
        let (seen, bound) = (share(threshold), (-p * threshold).exp());
        let error = (bound / f64::from(runs)).sqrt();
        // the overshoot is at most the largest step, ln 1.6
        let least = (-p * (threshold + 1.6_f64.ln())).exp();
        println!("{threshold}: {seen} in [{least}, {bound}]");
        assert!(least - 4.0 * error <= seen && seen <= bound + 4.0 * error, "{threshold}: {seen} {bound}");
    }
}

#[test]
fn signal_over_noise_gives_the_critical_rate_of_weak_saddles() {
    let exact = |law: &Law, decay: f64| {
        let rates = critical_rates(&law.batch(1), decay, -1.0, 1e-4, 20.0).rates;
        let Some(CriticalRate::Root(rate)) = rates.first() else { panic!("{rates:?}") };
        *rate
    };
    let approximate = |law: &Law, decay: f64| {
        approximate_critical_rate(law.mean(), law.variance(), decay).expect("a saddle")
    };
    // the preset: −2·(−0.2)/1.04 beside 0.349157
    let saddle = approximate(&gaussian(-0.2, 1.0), 0.0);
    assert!((saddle.rate - 0.4 / 1.04).abs() < 1e-15 && (saddle.noise - saddle.rate).abs() < 1e-15);
    assert!((exact(&gaussian(-0.2, 1.0), 0.0) - 0.349157).abs() < 1e-6);
    // relative error: of second order in the step for symmetric noise
    let mut last = f64::INFINITY;
    for r in [0.2, 0.1, 0.05, 0.025] {
        for (law, decay) in [(gaussian(-r, 1.0), 0.0), (gaussian(-r - 0.3, 1.0), 0.3)] {
            let (found, exact) = (approximate(&law, decay), exact(&law, decay));
            let error = (found.rate / exact - 1.0).abs();
            println!("{r} {decay}: {} {exact}, step {}", found.rate, found.step);
            assert!(error < found.step * found.step && error <= last, "{error} {found:?}");
            if decay > 0.0 {
                last = 0.3 * error;
            }
        }
    }
    // hardly any noise: the rate means nothing, and `step` says so while `noise` does not
    let quiet = approximate_critical_rate(-1.0, 1e-4, 0.0).expect("a saddle");
    assert!(quiet.noise < 0.05 && quiet.step > 1.9, "{quiet:?}");
    // not a saddle
    assert_eq!(approximate_critical_rate(0.0, 1.0, 0.0), None);
    assert_eq!(approximate_critical_rate(-0.2, 1.0, 0.2), None);
    assert_eq!(approximate_critical_rate(0.3, 1.0, 0.0), None);
}
