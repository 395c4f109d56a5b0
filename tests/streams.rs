//! Random numbers: value stability, independence from how they are computed, and their laws.
// The standard library's functions are the independent route here, and references keep all their digits.
#![allow(clippy::disallowed_methods, clippy::excessive_precision)]

use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use saddlescope::core::curvature::Law;
use saddlescope::core::data_set::DataSet;
use saddlescope::core::normal;
use saddlescope::core::rng::{Block, LANES, Lanes, Purpose, STEPS, Stream, stream_seed};
use saddlescope::core::sample::Sampler;
use statrs::distribution::{ChiSquared, ContinuousCDF, Normal};

/// Critical value of Kolmogorov's D√n at α = 1e-4. Seeds are fixed: a pass stays a pass.
const KOLMOGOROV: f64 = 2.2253;

#[test]
fn golden_values_of_each_purpose() {
    // from an independent implementation of the hash, SplitMix64 and xoshiro256+ in Python
    let golden = [
        (
            Purpose::Dynamics,
            0,
            0,
            0,
            0xb18a02f46d8d86c3,
            [0.4615592149016662, 0.5398753721790275, 0.7069219844959966],
        ),
        (
            Purpose::Dynamics,
            1,
            2,
            3,
            0x5cdcd779c4c725d0,
            [0.8304448030754967, 0.7305750347377012, 0.416958703124227],
        ),
        (
            Purpose::DataSet,
            7,
            0,
            0,
            0xef891f6498bfdd03,
            [0.6967961342311548, 0.12731962123011387, 0.8699068580014683],
        ),
        (
            Purpose::Rotation,
            u64::MAX,
            1 << 63,
            u32::MAX,
            0x1dcc5f79530c1a03,
            [0.4357485217624668, 0.9905361089315381, 0.750269059418951],
        ),
        (
            Purpose::Product,
            123456789,
            987654321,
            15,
            0xd78efb2d712bd5f3,
            [0.2801394053315157, 0.5425741538142745, 0.5807497408084206],
        ),
        (
            Purpose::Passage,
            2303,
            13093,
            77,
            0xaf0ab77a8d95e901,
            [0.7557430166262052, 0.768819262645418, 0.11935791236665305],
        ),
    ];
    for (purpose, seed, item, replica, hash, values) in golden {
        assert_eq!(stream_seed(purpose, seed, item, replica), hash);
        let mut stream = Stream::new(purpose, seed, item, replica);
        assert_eq!(values.map(|_| stream.unit()), values);
    }
}

#[test]
fn every_lane_is_its_stream_bit_for_bit() {
    let mut lanes = Lanes::new(Purpose::Dynamics, 3, 1_000_003, u32::MAX - 4);
    let mut plain: Vec<Xoshiro256Plus> = (0..LANES as u32)
        .map(|l| {
            Xoshiro256Plus::seed_from_u64(stream_seed(
                Purpose::Dynamics,
                3,
                1_000_003,
                (u32::MAX - 4).wrapping_add(l),
            ))
        })
        .collect();
    let mut block = Block::constant(0.0);
    for round in 0..50 {
        lanes.units(&mut block);
        for step in 0..STEPS {
            for (lane, plain) in plain.iter_mut().enumerate() {
                let expected = (plain.next_u64() >> 11) as f64 / 9007199254740992.0;
                assert_eq!(block.at(step, lane).to_bits(), expected.to_bits());
            }
        }
        // one lane may run ahead of the others
        let lane = (5 * round) % LANES;
        assert_eq!(lanes.lane_unit(lane), (plain[lane].next_u64() >> 11) as f64 / 9007199254740992.0);
    }
}

#[test]
fn a_coin_takes_half_an_output() {
    let q = 0.3;
    let mut lanes = Lanes::new(Purpose::Dynamics, 8, 0, 0);
    let (mut xy, mut xx) = (Block::constant(0.0), Block::constant(1.0));
    let mut plain: Vec<Xoshiro256Plus> = (0..LANES as u32)
        .map(|l| Xoshiro256Plus::seed_from_u64(stream_seed(Purpose::Dynamics, 8, 0, l)))
        .collect();
    let sampler = Sampler::new(&Law::two_point(-0.5, q).expect("a law"), 1);
    let cut = (q * 4294967296.0_f64).round() as u64; // atoms ascend: −0.5 first
    for _ in 0..20 {
        sampler.at(0.5, 1.0).fill(&mut lanes, &mut xy, &mut xx);
        for pair in 0..STEPS / 2 {
            for (lane, plain) in plain.iter_mut().enumerate() {
                let bits = plain.next_u64();
                for (step, k) in [(2 * pair, bits >> 32), (2 * pair + 1, bits & 0xFFFF_FFFF)] {
                    assert_eq!(xy.at(step, lane), if k < cut { -0.25 } else { 0.5 });
                }
            }
        }
    }
}

#[test]
fn normal_quantiles() {
    // mpmath, 30 digits
    let reference = [
        (0.5, 0.0),
        (0.6, 0.2533471031357997413247),
        (0.9, 1.281551565544600593487),
        (0.925, 1.439531470938456229063),
        (0.075, -1.43953147093845593495),
        (1e-3, -3.090232306167813535358),
        (1e-10, -6.3613409024040561991),
        (1e-12, -7.034483825301131932614),
        (1e-20, -9.262340089798407579572),
        (1e-300, -37.04709629936119923655),
    ];
    for (p, x) in reference {
        let got = normal::quantile(p);
        assert!((got - x).abs() <= 5e-16 * x.abs(), "{p}: {got} {x}");
    }
    assert_eq!(normal::quantile(0.0), f64::NEG_INFINITY);
    assert_eq!(normal::quantile(1.0), f64::INFINITY);
    assert!(normal::quantile(-0.1).is_nan() && normal::quantile(f64::NAN).is_nan());
    let standard = Normal::standard();
    for i in 1..2000 {
        let p = f64::from(i) / 2000.0;
        assert!((normal::quantile(p) - standard.inverse_cdf(p)).abs() < 1e-11);
    }
    // symmetric, finite at both ends
    let last = 1.0 - f64::EPSILON / 2.0;
    assert_eq!(normal::from_unit(0.0), -normal::from_unit(last));
    assert!(normal::from_unit(last) > 8.2 && normal::from_unit(last) < 8.4);
}

#[test]
fn normals_of_a_block_are_those_of_the_streams() {
    let mut lanes = Lanes::new(Purpose::Dynamics, 4, 4, 0);
    let mut streams: Vec<Stream> =
        (0..LANES as u32).map(|l| Stream::new(Purpose::Dynamics, 4, 4, l)).collect();
    let mut block = Block::constant(0.0);
    for _ in 0..500 {
        lanes.units(&mut block);
        normal::normals(&mut block);
        for step in 0..STEPS {
            for (lane, stream) in streams.iter_mut().enumerate() {
                assert_eq!(block.at(step, lane).to_bits(), stream.normal().to_bits());
            }
        }
    }
}

/// Kolmogorov's D√n of numbers against a distribution function.
fn distance(mut values: Vec<f64>, cdf: impl Fn(f64) -> f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    let gap = |(i, x): (usize, &f64)| {
        let p = cdf(*x);
        (p - i as f64 / n).abs().max(((i + 1) as f64 / n - p).abs())
    };
    values.iter().enumerate().map(gap).fold(0.0, f64::max) * n.sqrt()
}

/// The two-sample statistic, on the same scale.
fn two_sample(mut left: Vec<f64>, mut right: Vec<f64>) -> f64 {
    left.sort_by(f64::total_cmp);
    right.sort_by(f64::total_cmp);
    let (n, m) = (left.len() as f64, right.len() as f64);
    let (mut i, mut j, mut most) = (0, 0, 0.0_f64);
    while i < left.len() && j < right.len() {
        let x = left[i].min(right[j]);
        while i < left.len() && left[i] <= x {
            i += 1;
        }
        while j < right.len() && right[j] <= x {
            j += 1;
        }
        most = most.max((i as f64 / n - j as f64 / m).abs());
    }
    most * (n * m / (n + m)).sqrt()
}

fn all(block: &Block) -> impl Iterator<Item = f64> {
    (0..STEPS * LANES).map(|i| block.at(i / LANES, i % LANES))
}

#[test]
fn normals_and_chi_squares_have_their_laws() {
    let mut lanes = Lanes::new(Purpose::Dynamics, 21, 0, 0);
    let mut block = Block::constant(0.0);
    let mut values = Vec::new();
    for _ in 0..2000 {
        lanes.units(&mut block);
        normal::normals(&mut block);
        values.extend(all(&block));
    }
    let standard = Normal::standard();
    let d = distance(values, |x| standard.cdf(x));
    assert!(d < KOLMOGOROV, "normal: {d}");
    for freedom in [2, 3, 4, 5, 8, 64, 4096] {
        let law = ChiSquared::new(f64::from(freedom)).expect("a law");
        let mut values = Vec::new();
        for _ in 0..1000 {
            normal::chi_squares(&mut lanes, freedom, &mut block);
            values.extend(all(&block));
        }
        let d = distance(values, |x| law.cdf(x));
        println!("chi-squared {freedom}: {d:.2}");
        assert!(d < KOLMOGOROV, "{freedom} degrees: {d}");
    }
}

/// `(rate·⟨xy⟩, ⟨x²⟩)` of many batches.
fn batches(sampler: &Sampler, rate: f64, blocks: u32) -> Vec<(f64, f64)> {
    let mut lanes = Lanes::new(Purpose::Dynamics, 77, u64::from(blocks), 0);
    let (mut xy, mut xx) = (Block::constant(0.0), Block::constant(1.0));
    let draws = sampler.at(rate, 1.0);
    (0..blocks)
        .flat_map(|_| {
            draws.fill(&mut lanes, &mut xy, &mut xx);
            all(&xy).zip(all(&xx)).collect::<Vec<_>>()
        })
        .collect()
}

/// The same from single samples.
fn one_by_one(
    batch: u32,
    count: usize,
    mut sample: impl FnMut(&mut Xoshiro256Plus) -> (f64, f64),
) -> Vec<(f64, f64)> {
    let mut random = Xoshiro256Plus::seed_from_u64(5);
    (0..count)
        .map(|_| {
            let (mut xy, mut xx) = (0.0, 0.0);
            for _ in 0..batch {
                let (x, y) = sample(&mut random);
                xy += x * y;
                xx += x * x;
            }
            (xy / f64::from(batch), xx / f64::from(batch))
        })
        .collect()
}

fn unit(random: &mut Xoshiro256Plus) -> f64 {
    (random.next_u64() >> 11) as f64 / 9007199254740992.0
}

#[test]
fn batches_have_the_law_of_means_of_single_samples() {
    let ((k, sigma), rate) = ((0.7, 1.3), 0.5);
    let many: Vec<f64> = (0..40).map(|i| f64::from(i * i) / 100.0 - 3.0).collect();
    let weights: Vec<f64> = (0..40).map(|i| f64::from(i + 1) / 820.0).collect();
    let data = DataSet::draw(&Law::Teacher { slope: k, noise: sigma }, 12, 3);
    for batch in [1_u32, 2, 3, 8] {
        type Single<'a> = Box<dyn FnMut(&mut Xoshiro256Plus) -> (f64, f64) + 'a>;
        let discrete = Law::Discrete { values: many.clone(), probs: weights.clone() };
        let cases: Vec<(&str, Sampler, Single)> = vec![
            (
                "two-point",
                Sampler::new(&Law::two_point(-0.6, 0.3).expect("a law"), batch),
                Box::new(|r| (1.0, if unit(r) < 0.3 { -0.6 } else { 1.0 })),
            ),
            (
                "discrete",
                Sampler::new(&discrete, batch),
                Box::new(|r| {
                    let mut u = unit(r);
                    let place = weights.iter().position(|w| {
                        u -= w;
                        u < 0.0
                    });
                    (1.0, many[place.unwrap_or(39)])
                }),
            ),
            (
                "Gaussian",
                Sampler::new(&Law::Gaussian { mean: 0.3, std: 2.0 }, batch),
                Box::new(|r| (1.0, 0.3 + 2.0 * Distribution::<f64>::sample(&StandardNormal, r))),
            ),
            (
                "uniform",
                Sampler::new(&Law::Uniform { low: -1.0, high: 2.0 }, batch),
                Box::new(|r| (1.0, 3.0 * unit(r) - 1.0)),
            ),
            (
                "teacher",
                Sampler::new(&Law::Teacher { slope: k, noise: sigma }, batch),
                Box::new(move |r| {
                    let x: f64 = StandardNormal.sample(r);
                    (x, k * x + sigma * Distribution::<f64>::sample(&StandardNormal, r))
                }),
            ),
            (
                "data",
                Sampler::from_data(&data, batch),
                Box::new(|r| {
                    let i = (unit(r) * 12.0) as usize;
                    (data.inputs[i], data.outputs[i])
                }),
            ),
        ];
        for (name, sampler, single) in cases {
            let fast = batches(&sampler, rate, 400);
            let slow = one_by_one(batch, fast.len(), single);
            // three projections: ⟨xy⟩, ⟨x²⟩ and a mixture that sees their dependence; rounded to merge ties
            let round = |x: f64| (x * 1e9).round();
            for (what, mix) in [("xy", (1.0, 0.0)), ("xx", (0.0, 1.0)), ("both", (1.0, -0.8))] {
                let left = fast.iter().map(|(xy, xx)| round(mix.0 * xy / rate + mix.1 * xx)).collect();
                let right = slow.iter().map(|(xy, xx)| round(mix.0 * xy + mix.1 * xx)).collect();
                let d = two_sample(left, right);
                assert!(d < KOLMOGOROV, "{name}, batch {batch}, {what}: {d}");
            }
        }
    }
}

/// FNV-1a of the bits of two blocks.
fn fingerprint(sampler: &Sampler) -> u64 {
    batches(sampler, 0.8, 2)
        .iter()
        .flat_map(|(xy, xx)| [xy.to_bits(), xx.to_bits()])
        .fold(0xcbf29ce484222325, |h, bits| {
            bits.to_le_bytes().iter().fold(h, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x100000001b3))
        })
}

#[test]
fn batches_keep_their_values() {
    // Published links depend on these; a change of any needs a new version of the laboratory.
    let two_point = Law::two_point(-0.9, 0.5).expect("a law");
    let teacher = Law::Teacher { slope: 0.3, noise: 2.0 };
    let cases = [
        ("two-point", Sampler::new(&two_point, 1), 0x5b3e7be137b18678),
        ("two-point, batch 4", Sampler::new(&two_point, 4), 0x97f77bfcc60e8c17),
        ("two-point, batch 64", Sampler::new(&two_point, 64), 0xea00ee8f359c9a87),
        ("Gaussian", Sampler::new(&Law::Gaussian { mean: 0.3, std: 2.0 }, 3), 0x3a5884a996976b08),
        ("uniform", Sampler::new(&Law::Uniform { low: -1.0, high: 2.0 }, 3), 0xc71aaa9953d47be0),
        ("teacher", Sampler::new(&teacher, 1), 0x62053e4926a98e1e),
        ("teacher, batch 5", Sampler::new(&teacher, 5), 0x669cf4f4855a41ae),
        ("data", Sampler::from_data(&DataSet::draw(&teacher, 16, 1), 2), 0x6d68a81d25fb9d44),
    ];
    let changed: Vec<String> = cases
        .iter()
        .filter(|(_, sampler, golden)| fingerprint(sampler) != *golden)
        .map(|(name, sampler, _)| format!("{name}: {:#018x}", fingerprint(sampler)))
        .collect();
    assert!(changed.is_empty(), "{changed:#?}");
}

#[test]
fn data_sets_are_nested_and_move_continuously() {
    let draw = |noise, slope, count| DataSet::draw(&Law::Teacher { slope, noise }, count, 6);
    let (few, many) = (draw(1.0, 0.3, 10), draw(1.0, 0.3, 300));
    assert_eq!(few.inputs, many.inputs[..10]);
    assert_eq!(few.outputs, many.outputs[..10]);
    let moved = draw(1.0 + 1e-6, 0.3 - 1e-6, 300);
    assert_eq!(moved.inputs, many.inputs);
    assert!(moved.outputs.iter().zip(&many.outputs).all(|(a, b)| (a - b).abs() < 1e-5 && a != b));
    for (mean, std) in [(0.0, 1.0), (2.0, 3.0)] {
        let set = DataSet::draw(&Law::Gaussian { mean, std }, 50, 6);
        assert!(set.inputs.iter().all(|x| *x == 1.0));
        assert_eq!(
            set.outputs[7],
            mean + std * DataSet::draw(&Law::Gaussian { mean: 0.0, std: 1.0 }, 50, 6).outputs[7]
        );
    }
    let mean = many.curvatures().iter().sum::<f64>() / 300.0;
    assert!((many.law().expect("a law").mean() - mean).abs() < 1e-14);
    // a discrete law: about q of the samples, and one more at a time as q grows
    let noisy = |q: f64| DataSet::draw(&Law::two_point(-1.0, q).expect("a law"), 1000, 6).outputs;
    let count = |q| noisy(q).iter().filter(|y| **y == -1.0).count();
    assert!(count(0.3).abs_diff(300) < 60);
    assert_eq!((count(0.0), count(1.0)), (0, 1000));
}
