//! The batch size as signal over noise: Λ at this learning rate, and the rates that attract, against S.
//!
//! Both are drawn beside what small steps promise: Λ ≈ −λr − λ²E(γ + ĥ)²/2 with r = γ + E h, and so at a saddle (r < 0) the
//! critical rate −2r/E(γ + ĥ)², the signal over the noise.

mod picture;

use super::parameters::Params;
use super::point::factor;
use crate::core::bracket;
use crate::core::critical::{self, Coverage, CriticalRate, Direction};
use crate::core::curvature::{BatchLaw, Law};
use crate::labs::Done;
use crate::labs::direction::cost::{Costs, SHARD};
use crate::labs::direction::sgd::{RATES, Sgd};
pub use picture::{exponents, hover, rates, table};
use std::rc::Rc;

/// The batch sizes, about √2 apart; the first of each eight are a coarse picture.
const SIZES: [u32; 24] = [
    1, 8, 64, 512, 4096, 2, 16, 128, 1024, 4, 32, 256, 2048, 3, 6, 11, 23, 45, 91, 181, 362, 724, 1448, 2896,
];
/// Points of a scan where the roots are not listed.
const SCANNED: f64 = 96.0;
/// The same for a law on a grid, where each costs a third of a millisecond.
const GRID_SCANNED: f64 = 48.0;
/// Exponents that two roots take.
const REFINED: f64 = 24.0;
/// Laws of batch means with more atoms are held on a grid here: a shard must not take longer.
const MOST_ATOMS: usize = 1 << 15;

/// The costs at each size, and the work of one job there.
fn work(p: &Params, each: impl Fn(&Costs) -> f64) -> [f64; 24] {
    SIZES.map(|batch| {
        let costs = Costs::within(&Sgd { batch, ..p.sgd.clone() }, MOST_ATOMS as f64);
        costs.preparation + each(&costs)
    })
}

fn exponent_work(p: &Params) -> [f64; 24] {
    work(p, |costs| costs.alone)
}

fn rate_work(p: &Params) -> [f64; 24] {
    work(p, |costs| 2e5 + SCANNED * costs.in_row + REFINED * costs.alone)
}

/// The sizes of one shard: all at once where that is little work, else one by one.
fn part(work: &[f64; 24], shard: u32) -> &'static [u32] {
    if shards_of(work) == 1 { &SIZES } else { &SIZES[shard as usize..][..1] }
}

fn shards_of(work: &[f64; 24]) -> u32 {
    if work.iter().sum::<f64>() <= SHARD { 1 } else { SIZES.len() as u32 }
}

/// Shards and work of the job `batch-exponents`.
pub fn exponent_shards(p: &Params) -> (u32, f64) {
    let work = exponent_work(p);
    (shards_of(&work), work.iter().sum())
}

/// Shards and work of the job `batch-rates`.
pub fn rate_shards(p: &Params) -> (u32, f64) {
    let work = rate_work(p);
    (shards_of(&work), work.iter().sum())
}

/// The law of a batch's mean, `law` that of one draw; of the reader's values that of one draw is kept.
fn batch_law(p: &Params, law: &Law, batch: u32) -> Option<Rc<BatchLaw>> {
    match p.sgd.own_values() {
        Some(values) => values.batch_within(batch, MOST_ATOMS),
        None => Some(Rc::new(law.batch_within(batch, MOST_ATOMS))),
    }
}

/// One shard of `batch-exponents`: sizes and exponents in turn.
pub fn compute_exponents(p: &Params, shard: u32) -> Vec<f64> {
    let Some(law) = p.sgd.law_at() else { return Vec::new() };
    let (offset, scale) = factor(p, p.sgd.lr);
    let exponent = |batch: &u32| {
        let value = batch_law(p, &law, *batch)?.exponent(offset, scale).value;
        Some([f64::from(*batch), value])
    };
    part(&exponent_work(p), shard).iter().filter_map(exponent).flatten().collect()
}

/// One shard of `batch-rates`: for each size the size, the points of the scan (0: every root is listed), the number of
/// intervals with Λ < 0, and their ends.
pub fn compute_rates(p: &Params, shard: u32) -> Vec<f64> {
    let Some(law) = p.sgd.law_at() else { return Vec::new() };
    let mut numbers = Vec::new();
    for batch in part(&rate_work(p), shard) {
        let Some(law) = batch_law(p, &law, *batch) else { continue };
        let (scanned, intervals) = stable(p, &law);
        numbers.extend([f64::from(*batch), scanned, intervals.len() as f64]);
        numbers.extend(intervals.iter().flat_map(|(from, to)| [*from, *to]));
    }
    numbers
}

/// The rates of a scan, evenly spaced in log λ. Well below the small-step estimate Λ has the sign of −r, and where all
/// factors are large, λ|ĥ| ≫ 1, it is positive: neither is scanned.
fn scanned(direction: &Direction, points: f64, (low, high): (f64, f64)) -> Vec<f64> {
    let (law, rate) = (direction.law, direction.decay - direction.sign * direction.law.mean());
    let first = 0.2 * rate.abs() / (rate * rate + law.variance());
    let last = 8.0 * libm::exp(-law.exponent(direction.decay, -direction.sign).value);
    let (first, last) = (first.clamp(low, high / 2.0), last.clamp(low * 2.0, high));
    let (first, last) = if first < last { (first, last) } else { (low, high) };
    let at = |step: usize| first * libm::exp(libm::log(last / first) * step as f64 / points);
    (0..=points as usize).map(at).collect()
}

/// Where Λ < 0 in the domain of the learning rate: between listed roots, else between roots that a scan finds, whose
/// number of points comes first (else 0).
fn stable(p: &Params, law: &BatchLaw) -> (f64, Vec<(f64, f64)>) {
    let (low, high) = RATES;
    let direction = Direction { law, decay: p.sgd.decay, sign: p.sgd.sign() };
    let found = critical::critical_rates(law, p.sgd.decay, p.sgd.sign(), low, high);
    let mut starts_stable = direction.exponent(low) < 0.0;
    let mut roots: Vec<f64> = Vec::new();
    let mut points = 0.0;
    if found.coverage == Coverage::NotListed {
        let on_grid = matches!(law, BatchLaw::Grid(_));
        points = if on_grid { GRID_SCANNED } else { SCANNED };
        let places = scanned(&direction, points, (low, high));
        let values = if on_grid {
            places.iter().map(|lr| direction.exponent(*lr)).collect()
        } else {
            let factors: Vec<(f64, f64)> = places.iter().map(|lr| factor(p, *lr)).collect();
            let mut values = vec![0.0; places.len()];
            law.exponents(&factors, &mut values);
            values
        };
        // A rate at which some batch lands exactly has Λ = −∞, however rare that batch: its neighbours tell the sign.
        let mut samples: Vec<(f64, f64)> =
            places.into_iter().zip(values).filter(|(_, value)| *value > f64::NEG_INFINITY).collect();
        if let Some(first) = samples.first_mut().filter(|(lr, _)| *lr > low) {
            first.1 = p.sgd.sign() * law.mean() - p.sgd.decay;
        }
        for pair in samples.windows(2) {
            if (pair[0].1 < 0.0) != (pair[1].1 < 0.0) {
                roots.push(bracket::root(|lr| direction.exponent(lr), pair[0], pair[1]));
            }
        }
        starts_stable = samples.first().is_some_and(|(_, value)| *value < 0.0);
    } else {
        let root = |rate: &CriticalRate| match rate {
            CriticalRate::Root(at) => Some(*at),
            CriticalRate::Pole { .. } => None,
        };
        roots.extend(found.rates.iter().filter_map(root));
    }
    if starts_stable {
        roots.insert(0, low);
    }
    (points, roots.chunks(2).map(|pair| (pair[0], pair.get(1).copied().unwrap_or(high))).collect())
}

/// Λ at each size that is there, ascending.
fn known_exponents(done: &Done) -> Vec<(f64, f64)> {
    let mut pairs: Vec<(f64, f64)> = Vec::new();
    let shards = done.shards("batch-exponents").iter().flatten();
    for [batch, value] in shards.flat_map(|shard| shard.as_chunks().0) {
        let place = pairs.partition_point(|pair| pair.0 < *batch);
        pairs.insert(place, (*batch, *value));
    }
    pairs
}

/// What is known of one batch size.
pub struct Windows {
    /// The batch size.
    batch: f64,
    /// Rates at which Λ was looked at, its law having too many atoms to list every root; else 0.
    scanned: f64,
    /// The rates that attract.
    intervals: Vec<(f64, f64)>,
}

/// The intervals at each size that is there, ascending.
pub fn known_windows(done: &Done) -> Rc<Vec<Windows>> {
    done.made("windows", &["batch-rates"], "", || {
        let mut windows: Vec<Windows> = Vec::new();
        for shard in done.shards("batch-rates").iter().flatten() {
            let mut rest = shard.as_slice();
            while let [batch, scanned, count, tail @ ..] = rest {
                let (ends, next) = tail.split_at((2.0 * count) as usize);
                let place = windows.partition_point(|one| one.batch < *batch);
                let intervals = ends.as_chunks().0.iter().map(|[a, b]| (*a, *b)).collect();
                windows.insert(place, Windows { batch: *batch, scanned: *scanned, intervals });
                rest = next;
            }
        }
        windows
    })
}

/// For which of the sizes some rate attracts, in a sentence, once all are there.
pub fn said(done: &Done) -> Option<String> {
    if !done.complete("batch-rates") {
        return None;
    }
    let windows = known_windows(done);
    // A window narrower than a hundredth of its rate cannot be hit by choosing a rate.
    let is_wide = |one: &&Windows| one.intervals.iter().any(|(from, to)| *to > 1.01 * from);
    let wide: Vec<&Windows> = windows.iter().filter(is_wide).collect();
    let all = windows.len();
    let scans = windows.iter().map(|one| one.scanned).filter(|points| *points > 0.0);
    let scanned = scans.clone().reduce(f64::min).map_or_else(String::new, |least| {
        format!(
            " For {} of them, whose batch law has more than 64 atoms, windows are found to the resolution of {least} rates: \
             narrower ones may be missing.",
            scans.count()
        )
    });
    let found = match wide.last() {
        None => format!("At none of {all} batch sizes is there a window wider than a hundredth of its rate."),
        Some(_) if wide.len() == all => format!("There is a window at every one of {all} batch sizes."),
        Some(largest) => format!(
            "At {} of {all} batch sizes there is a window wider than a hundredth of its rate, the largest is S = {}.",
            wide.len(),
            largest.batch
        ),
    };
    Some(format!("{found}{scanned}"))
}
