//! The nonlinear simulator against the linear theory, a plain simulation, and cases that can be solved.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use saddlescope::core::curvature::Law;
use saddlescope::core::data_set::DataSet;
use saddlescope::core::decided::{Forecast, forecast};
use saddlescope::core::product::{log_products, log_products_of};
use saddlescope::core::rng::{Block, LANES, Lanes, Purpose, STEPS, Stream};
use saddlescope::core::sample::Sampler;
use saddlescope::core::sgd::{DIVERGED, Outcomes, Setting, outcomes, trace, trace_from};
use saddlescope::core::stats;

fn two_point(a: f64, q: f64) -> Law {
    Law::two_point(a, q).expect("a two-point law")
}

/// A map of 64² pixels: the law, rate and decay at fractions (x, y) of the axes.
struct Preset {
    name: &'static str,
    batch: u32,
    at: fn(f64, f64) -> (Law, f64, f64),
}

const PRESETS: [Preset; 6] = [
    Preset { name: "two-point", batch: 1, at: |x, y| (two_point(4.0 * y - 3.0, 0.5), 3.0 * x, 0.0) },
    Preset { name: "batch 4", batch: 4, at: |x, y| (two_point(4.0 * y - 3.0, 0.5), 3.0 * x, 0.0) },
    Preset { name: "label flips", batch: 1, at: |x, y| (two_point(-1.0, y), 3.0 * x, 0.0) },
    Preset {
        name: "Gaussian",
        batch: 1,
        at: |x, y| (Law::gaussian(0.3, 4.0 * y).expect("a normal law"), 3.0 * x, 0.0),
    },
    Preset { name: "weight decay", batch: 1, at: |x, y| (two_point(4.0 * y - 3.0, 0.5), 0.8, x) },
    Preset {
        name: "finite data",
        batch: 1,
        at: |x, y| {
            let teacher = Law::teacher(0.3, 4.0 * y).expect("a teacher");
            (DataSet::draw(&teacher, 16, 5).law().expect("a data set"), 3.0 * x, 0.0)
        },
    },
];

fn agrees(forecast: Forecast, seen: &Outcomes) -> bool {
    let half = (seen.exit_plus + seen.exit_minus + seen.exit_none) / 2;
    match forecast {
        Forecast::Plus => seen.exit_plus > half,
        Forecast::Minus => seen.exit_minus > half,
        Forecast::Stays => seen.exit_none > half,
        Forecast::Leaves => seen.exit_plus + seen.exit_minus > half,
        Forecast::Undecided => true,
    }
}

#[test]
fn majority_of_every_decided_pixel_does_what_theory_says() {
    const SIDE: usize = 64;
    for preset in &PRESETS {
        for seed in 0..2 {
            let (mut decided, mut wrong) = (0, Vec::new());
            for item in 0..SIDE * SIDE {
                let (x, y) = ((item % SIDE) as f64 + 0.5, (item / SIDE) as f64 + 0.5);
                let (law, rate, decay) = (preset.at)(x / SIDE as f64, y / SIDE as f64);
                let setting = Setting::new(rate, decay);
                let expected =
                    forecast(&law.batch(preset.batch), rate, decay, setting.steps, setting.exit_ratio);
                if expected == Forecast::Undecided {
                    continue;
                }
                decided += 1;
                let seen = outcomes(&Sampler::new(&law, preset.batch), &setting, seed, item as u64, 16);
                if !agrees(expected, &seen) {
                    wrong.push((rate, decay, expected, seen));
                }
            }
            let share = f64::from(decided) / (SIDE * SIDE) as f64;
            println!("{} seed {seed}: {:.1} % decided, {} wrong", preset.name, 100.0 * share, wrong.len());
            assert!(wrong.is_empty(), "{}: {wrong:?}", preset.name);
            assert!(share >= 0.8, "{}: only {share} decided", preset.name);
        }
    }
}

/// SGD as it is written, in `(u, w)`, without rescaling, one lane at a time; the same random numbers.
fn plainly(sampler: &Sampler, setting: &Setting, seed: u64, item: u64) -> Outcomes {
    let mut lanes = Lanes::new(Purpose::Dynamics, seed, item, 0);
    let angles: Vec<f64> = (0..LANES).map(|l| std::f64::consts::TAU * lanes.lane_unit(l)).collect();
    let draws = sampler.at(setting.rate, 1.0 - setting.rate * setting.decay);
    let (mut xy, mut xx) = (Block::constant(0.0), Block::constant(1.0));
    let root = 0.5_f64.sqrt();
    let mut state: Vec<(f64, f64)> = angles
        .iter()
        .map(|t| (setting.start * root * (t.cos() + t.sin()), setting.start * root * (t.cos() - t.sin())))
        .collect();
    let mut exits = [0; LANES];
    let mut look = |lane: usize, (u, w): (f64, f64)| {
        if exits[lane] == 0 && u.hypot(w) > setting.exit_ratio * setting.start {
            exits[lane] = if u * w > 0.0 { 1 } else { -1 };
        }
    };
    let mut gone = [false; LANES];
    for step in 0..setting.steps as usize {
        if step % STEPS == 0 {
            draws.fill(&mut lanes, &mut xy, &mut xx);
        }
        for (lane, s) in state.iter_mut().enumerate() {
            look(lane, *s);
            let (u, w) = *s;
            let slope = setting.rate * xx.at(step % STEPS, lane) * u * w - xy.at(step % STEPS, lane);
            let keep = 1.0 - setting.rate * setting.decay;
            *s = (keep * u - slope * w, keep * w - slope * u);
            gone[lane] |= !(s.0.hypot(s.1) <= DIVERGED);
        }
    }
    let mut total = Outcomes::default();
    for (lane, &(u, w)) in state.iter().enumerate() {
        look(lane, (u, w));
        if gone[lane] {
            total.diverged += 1;
        } else if u.hypot(w) < setting.floor {
            total.collapsed += 1;
        } else if u * w > 0.0 {
            total.plus += 1;
        } else {
            total.minus += 1;
        }
    }
    for exit in exits {
        match exit {
            1 => total.exit_plus += 1,
            -1 => total.exit_minus += 1,
            _ => total.exit_none += 1,
        }
    }
    total
}

#[test]
fn sgd_as_it_is_written_does_the_same() {
    // Rounding differs, and a few chains are chaotic at the end: counts may differ there.
    const SIDE: usize = 16;
    let teacher: Preset = Preset {
        name: "teacher",
        batch: 3,
        at: |x, y| (Law::teacher(0.3, 4.0 * y).expect("a teacher"), 3.0 * x, 0.0),
    };
    for preset in PRESETS.iter().chain([&teacher]) {
        let (mut exits, mut ends) = (0, 0);
        for item in 0..SIDE * SIDE {
            let (x, y) = ((item % SIDE) as f64 + 0.5, (item / SIDE) as f64 + 0.5);
            let (law, rate, decay) = (preset.at)(x / SIDE as f64, y / SIDE as f64);
            let sampler = Sampler::new(&law, preset.batch);
            let setting = Setting { steps: 400, ..Setting::new(rate, decay) };
            let fast = outcomes(&sampler, &setting, 3, item as u64, 16);
            let plain = plainly(&sampler, &setting, 3, item as u64);
            exits += fast.exit_plus.abs_diff(plain.exit_plus) + fast.exit_minus.abs_diff(plain.exit_minus);
            ends += fast.collapsed.abs_diff(plain.collapsed)
                + fast.plus.abs_diff(plain.plus)
                + fast.diverged.abs_diff(plain.diverged);
        }
        println!("{}: {exits} exits and {ends} ends of {} differ", preset.name, SIDE * SIDE * 16);
        assert!(exits == 0, "{}: {exits} exits differ", preset.name);
        assert!(ends <= 20, "{}: {ends} ends differ", preset.name);
    }
}

/// Counts of one pixel, in a fixed order.
fn bytes(o: &Outcomes) -> [u32; 7] {
    [o.exit_plus, o.exit_minus, o.exit_none, o.collapsed, o.plus, o.minus, o.diverged]
}

#[test]
fn a_map_is_the_same_however_it_is_split() {
    let sampler = Sampler::new(&two_point(-0.9, 0.5), 1);
    let pixel = |item: u64, replicas| {
        bytes(&outcomes(&sampler, &Setting::new(0.03 * item as f64 + 0.01, 0.0), 9, item, replicas))
    };
    let whole: Vec<_> = (0..64).map(|item| pixel(item, 20)).collect();
    for shard in [1_usize, 7, 64] {
        let mut parts: Vec<(u64, [u32; 7])> = Vec::new();
        for first in (0..64_usize).step_by(shard).rev() {
            parts.extend((first..(first + shard).min(64)).map(|item| (item as u64, pixel(item as u64, 20))));
        }
        parts.sort_unstable();
        assert!(parts.iter().map(|(_, p)| p).eq(&whole));
    }
    for counts in &whole {
        assert_eq!(counts[..3].iter().sum::<u32>(), 20);
        assert_eq!(counts[3..].iter().sum::<u32>(), 20);
    }
    // more replicas keep the ones before them
    for item in 0..64 {
        let (few, many) = (pixel(item, 17), pixel(item, 20));
        assert!(few.iter().zip(many).all(|(few, many)| *few <= many));
    }
}

/// Binomial test at four standard deviations.
fn assert_frequency(hits: u32, count: u32, p: f64, what: &str) {
    let n = f64::from(count);
    let score = (f64::from(hits) - n * p) / (n * p * (1.0 - p)).sqrt();
    println!("{what}: {} expected {p}, score {score:.2}", f64::from(hits) / n);
    assert!(score.abs() < 4.0, "{what}: {hits} of {count}, expected {p}, score {score}");
}

#[test]
fn first_exits_of_the_gamblers_ruin() {
    // λ = 1, z ∈ {1, −½}: a doubles or halves, b grows by 3/2 until the first z = 1 and is then exactly 0.
    let (up, ratio, count) = (0.4, 8.0, 160_000);
    let setting = Setting { steps: 400, exit_ratio: ratio, ..Setting::new(1.0, 0.0) };
    let seen = outcomes(&Sampler::new(&two_point(-0.5, 1.0 - up), 1), &setting, 11, 0, count);
    let (mut plus, mut minus) = (0.0, 0.0);
    let directions = 4000;
    for i in 0..directions {
        let angle = std::f64::consts::FRAC_PI_2 * (f64::from(i) + 0.5) / f64::from(directions);
        let (mut a, mut b, mut alive) = (angle.cos(), angle.sin(), 1.0);
        for _ in 0..200 {
            if a.hypot(b) > ratio {
                minus += alive;
                alive = 0.0;
                break;
            }
            // z = 1 now: from 2a it takes `need` more ups than downs
            let need = (0..2000).find(|&k| 2.0 * a * 2.0_f64.powi(k) > ratio).expect("a > 0");
            plus += alive * up * (up / (1.0 - up)).powi(need);
            (a, b, alive) = (0.5 * a, 1.5 * b, alive * (1.0 - up));
        }
        assert!(alive < 1e-9);
    }
    assert_frequency(seen.exit_plus, count, plus / f64::from(directions), "plus");
    assert_frequency(seen.exit_minus, count, minus / f64::from(directions), "minus");
}

#[test]
fn runs_return_from_below_the_smallest_double() {
    // 1 − λγ = 2⁻²⁰, λz ∈ {0, 2²⁰}: log₂‖(u, w)‖ is a simple walk with steps of 20, exit two steps up. In
    // 20,000 steps most runs fall below 10⁻³⁰⁸ before they leave.
    let (step, steps, count) = (1_048_576.0, 20_000_u32, 16_000);
    let law = Law::discrete(vec![0.0, step], vec![0.5, 0.5]).expect("a law");
    let setting = Setting { steps, ..Setting::new(1.0, 1.0 - 1.0 / step) };
    let seen = outcomes(&Sampler::new(&law, 1), &setting, 5, 0, count);
    // reflection: P(max < 2) = P(S = 0) + P(S = −2) + … = P(−2 ≤ S < 2); by Stirling's series
    let n = f64::from(steps);
    let centre = (2.0 / (std::f64::consts::PI * n)).sqrt() * (1.0 - 1.0 / (4.0 * n));
    let stays = centre * (1.0 + n / (n + 2.0));
    assert_frequency(seen.exit_none, count, stays, "never left");
}

#[test]
fn deep_collapse_is_counted_and_not_called_zero_or_a_sign() {
    let seen = outcomes(&Sampler::new(&two_point(-0.99, 0.5), 1), &Setting::new(0.99, 0.0), 1, 0, 16);
    assert_eq!(bytes(&seen), [0, 0, 16, 16, 0, 0, 0]);
    // Λ₊ = Λ₋ = −∞: λ = 1, z = ±1
    let seen = outcomes(&Sampler::new(&two_point(-1.0, 0.5), 1), &Setting::new(1.0, 0.0), 1, 0, 16);
    assert_eq!(bytes(&seen), [0, 0, 16, 16, 0, 0, 0]);
}

#[test]
fn landing_on_the_saddle_is_exact_to_rounding() {
    // 49·(1/49) is not 1 in doubles. z = 49 doubles a and kills b; z = −49, one time in a hundred, kills a.
    // If the factor were taken for 1e-16 instead of 0 every run would leave.
    let law = Law::discrete(vec![49.0, -49.0], vec![0.99, 0.01]).expect("a law");
    let seen = outcomes(&Sampler::new(&law, 1), &Setting::new(1.0 / 49.0, 0.0), 1, 0, 1600);
    assert!((300..500).contains(&seen.exit_none), "{seen:?}");
    assert!(1.0 - 49.0 * std::hint::black_box(1.0 / 49.0) > 0.0);
}

#[test]
fn divergence_is_an_outcome() {
    let seen = outcomes(&Sampler::new(&two_point(-3.0, 0.5), 1), &Setting::new(3.0, 0.0), 1, 0, 33);
    assert_eq!(seen.diverged, 33);
    assert_eq!(seen.exit_none, 0);
    let huge = Law::gaussian(1e60, 1e90).expect("a law");
    let seen = outcomes(&Sampler::new(&huge, 1), &Setting::new(1.0, 0.0), 1, 0, 16);
    assert_eq!(seen.diverged, 16);
}

#[test]
fn any_number_of_steps_ends_on_that_step() {
    // a deterministic law: a doubles each step, so it leaves after 27 or 28 of them (or a little later)
    let sampler = Sampler::new(&two_point(1.0, 0.5), 1);
    let at = |steps| outcomes(&sampler, &Setting { steps, ..Setting::new(1.0, 0.0) }, 1, 0, 16).exit_plus;
    let counts: Vec<u32> = (0..48).map(at).collect();
    assert_eq!(counts[26], 0);
    assert!(counts[27] > 0 && counts[27] < 16, "{counts:?}");
    assert!(counts.is_sorted());
    assert_eq!(counts[47], 16);
}

#[test]
fn traces_show_the_runs_that_are_counted() {
    for (a, rate, batch) in [(-0.9, 0.8, 1), (-0.2, 0.4, 1), (-2.0, 0.3, 4), (-3.0, 3.0, 1), (0.5, 2.2, 2)] {
        let sampler = Sampler::new(&two_point(a, 0.5), batch);
        let setting = Setting { steps: 777, ..Setting::new(rate, 0.0) };
        let states = trace(&sampler, &setting, 4, 2, 20, 7);
        assert_eq!(states.len(), (777 / 7 + 1) * 20);
        let start = &states[..20];
        assert!(start.iter().all(|s| (s.log_norm - 1e-12_f64.ln()).abs() < 1e-12));
        assert!(states.iter().all(|s| !s.log_norm.is_nan()));
        let mut last = [0; 4];
        for end in &states[states.len() - 20..] {
            last[if end.log_norm == f64::INFINITY {
                3
            } else if end.log_norm < 1e-12_f64.ln() {
                0
            } else if end.u * end.w > 0.0 {
                1
            } else {
                2
            }] += 1;
        }
        assert_eq!(last, bytes(&outcomes(&sampler, &setting, 4, 2, 20))[3..]);
        for s in states.iter().filter(|s| s.log_norm.abs() < 300.0) {
            assert!((s.u.hypot(s.w).ln() - s.log_norm).abs() < 1e-12);
        }
    }
}

#[test]
fn products_grow_at_the_exponent_and_spread_as_the_central_limit_says() {
    let (steps, runs) = (2000_u32, 400);
    let laws = [
        (two_point(-1.2, 0.5), 0.5),
        (two_point(-1.0, 0.3), 0.7),
        (Law::gaussian(-0.2, 1.0).expect("a law"), 0.5),
        (Law::teacher(0.5, 1.0).expect("a law"), 0.4),
        (Law::uniform(-1.0, 2.0).expect("a law"), 1.1),
    ];
    for (law, rate) in laws {
        for batch in [1, 3] {
            let exact = law.batch(batch);
            let sampler = Sampler::new(&law, batch);
            let logs = log_products(&sampler, (0.98, -rate), (steps, 500), (8, 1), runs);
            let mut ends = logs[logs.len() - runs as usize..].to_vec();
            let mean = stats::mean(&ends);
            let (growth, variance) =
                (exact.exponent(0.98, -rate).value, exact.log_variance(0.98, -rate).value);
            let t = f64::from(steps);
            assert!(
                (mean.value - growth * t).abs() < 4.0 * mean.standard_error,
                "{law:?}: {mean:?} {growth}"
            );
            let spread = (variance * t / f64::from(runs)).sqrt();
            assert!((mean.standard_error / spread - 1.0).abs() < 0.15, "{law:?}: {mean:?} {spread}");
            stats::sort(&mut ends);
            assert!((stats::quantile(&ends, 0.5) - mean.value).abs() < 5.0 * mean.standard_error);
        }
    }
    // a factor of 0 is final
    let lands = Sampler::new(&two_point(2.0, 0.5), 1);
    let sampler = Sampler::new(&two_point(-1.2, 0.5), 1);
    let part = |runs| log_products_of(&sampler, (1.0, -0.5), (50, 50), (3, 0), runs);
    let ends = |runs: std::ops::Range<u32>| part(runs.clone())[runs.len()..].to_vec();
    let whole = log_products(&sampler, (1.0, -0.5), (50, 50), (3, 0), 40)[40..].to_vec();
    assert_eq!([ends(0..16), ends(16..29), ends(29..40)].concat(), whole, "runs may be had in parts");
    let logs = log_products(&lands, (1.0, -1.0), (200, 1), (8, 1), 16);
    assert_eq!(logs[..16], [0.0; 16]);
    assert!(logs[200 * 16..].iter().all(|log| *log == f64::NEG_INFINITY));
}

/// As the standard library sorts, NaN, infinities and both zeros included; numbers in order stay as they are.
#[test]
fn sorting_is_that_of_the_standard_library() {
    let mut stream = Stream::new(Purpose::DataSet, 1, 2, 3);
    for count in [0, 1, 2, 7, 32, 33, 5000] {
        let mut values: Vec<f64> = (0..count)
            .map(|i| match i % 7 {
                0 => [f64::NAN, -f64::NAN, f64::INFINITY, -f64::INFINITY, 0.0, -0.0][i / 7 % 6],
                1 => (stream.unit() - 0.5) * 1e-310,
                2 => (stream.unit() - 0.5) * 1e300,
                _ => stream.unit() - 0.5,
            })
            .collect();
        let mut expected = values.clone();
        expected.sort_by(f64::total_cmp);
        let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<u64>>();
        for _ in 0..2 {
            stats::sort(&mut values);
            assert_eq!(bits(&values), bits(&expected));
        }
    }
}

#[test]
fn statistics_of_known_numbers() {
    let mean = stats::mean(&[1.0, 2.0, 3.0, 4.0]);
    assert_eq!((mean.value, mean.count), (2.5, 4));
    assert!((mean.standard_error - (5.0_f64 / 12.0).sqrt()).abs() < 1e-15);
    assert!(stats::mean(&[1.0]).standard_error.is_nan());
    let batched = stats::batch_means(&[9.0, 1.0, 3.0, 2.0, 4.0], 2);
    assert_eq!((batched.value, batched.count, batched.standard_error), (2.5, 2, 0.5));
    assert_eq!(stats::lag_one(&[1.0, -1.0, 1.0, -1.0]), -0.75);
    assert_eq!(stats::lag_one(&[2.0; 5]), 0.0);
    let mut values = [3.0, f64::NEG_INFINITY, 1.0];
    stats::sort(&mut values);
    assert_eq!(
        [0.0, 0.25, 0.5, 0.75, 1.0].map(|p| stats::quantile(&values, p)),
        [f64::NEG_INFINITY, f64::NEG_INFINITY, 1.0, 2.0, 3.0]
    );
    let (low, high) = stats::frequency_interval(0, 16, 1.96);
    assert!(low == 0.0 && (high - 0.1936).abs() < 1e-4); // 3.8416/19.8416
    assert_eq!(stats::frequency_interval(0, 0, 1.96), (0.0, 1.0));
}

#[test]
fn maps_keep_their_values() {
    // FNV-1a of all counts of a 16² map. Published links depend on these.
    const SIDE: usize = 16;
    let golden = [
        ("two-point", 0xd288bf4fa6981f09),
        ("batch 4", 0x36ea20bcad9ec041),
        ("label flips", 0x0bc6f635331d1aa9),
        ("Gaussian", 0x9865314edbf4509f),
        ("weight decay", 0x280b23c7b3e68f5d),
        ("finite data", 0x8ed3acb4ea5f670d),
    ];
    let mut changed = Vec::new();
    for (preset, (name, golden)) in PRESETS.iter().zip(golden) {
        assert_eq!(preset.name, name);
        let mut hash = 0xcbf29ce484222325_u64;
        for item in 0..SIDE * SIDE {
            let (x, y) = ((item % SIDE) as f64 + 0.5, (item / SIDE) as f64 + 0.5);
            let (law, rate, decay) = (preset.at)(x / SIDE as f64, y / SIDE as f64);
            let sampler = Sampler::new(&law, preset.batch);
            let setting = Setting { steps: 500, ..Setting::new(rate, decay) };
            for count in bytes(&outcomes(&sampler, &setting, 1, item as u64, 16)) {
                hash = (hash ^ u64::from(count)).wrapping_mul(0x100000001b3);
            }
        }
        if hash != golden {
            changed.push(format!("{name}: {hash:#018x}"));
        }
    }
    assert!(changed.is_empty(), "{changed:#?}");
}

/// Runs from one place in the plane take SGD's own step from there, whatever their number.
#[test]
fn runs_from_one_place_start_there_and_follow_the_step() {
    let (rate, decay, a) = (0.35, 0.2, -0.7);
    let sampler = Sampler::new(&two_point(a, 0.5), 1);
    let setting = Setting { steps: 40, ..Setting::new(rate, decay) };
    for start in [(0.3, -0.05), (-0.2, 0.4)] {
        let states = trace_from(&sampler, &setting, start, (9, 3), 20, 1);
        let place = |step: usize, run: usize| (states[20 * step + run].u, states[20 * step + run].w);
        for run in 0..20 {
            let first = place(0, run);
            assert!((first.0 - start.0).abs() < 1e-15 && (first.1 - start.1).abs() < 1e-15, "{first:?}");
            for step in 0..40 {
                let ((u, w), to) = (place(step, run), place(step + 1, run));
                let follows = [1.0, a].iter().any(|y| {
                    let (keep, pull) = (1.0 - rate * decay, rate * (y - u * w));
                    (keep * u + pull * w - to.0).abs() + (keep * w + pull * u - to.1).abs() < 1e-13
                });
                assert!(follows, "run {run}, step {step}: {:?} to {to:?}", (u, w));
            }
        }
        // The batches are those of `trace`: fewer runs are the first of many.
        let few = trace_from(&sampler, &setting, start, (9, 3), 3, 1);
        assert!((0..=40).all(|step| (0..3).all(|run| few[3 * step + run] == states[20 * step + run])));
    }
}
