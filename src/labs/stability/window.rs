//! The interval of Λ along the learning rates for N values of one's own, and the window that it certifies.

use super::figures::STABLE;
use super::parameters::{Params, rates};
use crate::charts::figure::{Axis, Ink, Layer, Rgb};
use crate::charts::palette;
use crate::core::measured::{Band, Sign, Window, windows};
use crate::labs::direction::cost::SHARD;
use crate::labs::direction::own_data::{LEVEL, measured};
use crate::labs::direction::quantities::plain;
use crate::labs::direction::sgd::LawName;
use crate::labs::summary::number;
use crate::labs::{Done, Job, Quantity};
use std::rc::Rc;

/// The job.
pub const BAND: &str = "band";
/// Cells of the axis.
const CELLS: usize = 512;
/// The same where each interval takes a jackknife's 21 exponents on a grid.
const FEW_CELLS: usize = 128;
/// Values up to which intervals of batches are a jackknife's.
const JACKKNIFED: u32 = 4096;
/// The colour of the interval.
const INTERVAL: Ink = Ink::Fixed(palette::PHASE_III);
/// Numbers of a place: learning rate, Λ, lower and upper end.
const PLACE: usize = 4;
/// Windows printed before the rest is only counted.
const PRINTED: usize = 4;

/// What is done once a shard, and once a learning rate.
fn costs(p: &Params) -> (f64, f64) {
    let count = f64::from(p.sgd.samples());
    if p.sgd.batch > 1 && p.sgd.samples() <= JACKKNIFED {
        (2.5e8, 21.0 * 4e5)
    } else {
        (60.0 * count, 8.0 * count / f64::from(p.sgd.batch.max(1)) + count)
    }
}

fn cells(p: &Params) -> usize {
    if p.sgd.batch > 1 && p.sgd.samples() <= JACKKNIFED { FEW_CELLS } else { CELLS }
}

fn shards(p: &Params) -> u32 {
    let (preparation, each) = costs(p);
    (cells(p) as f64 * each / SHARD.max(preparation)).ceil().clamp(1.0, 64.0) as u32
}

/// The job; none unless the law is that of values at hand. `view` are the keys of the curve.
pub fn job(p: &Params, view: &[&'static str]) -> Option<Job> {
    if p.sgd.law != LawName::Data || p.sgd.samples() == 0 {
        return None;
    }
    let (preparation, each) = costs(p);
    let cost = f64::from(shards(p)) * preparation + cells(p) as f64 * each;
    Some(Job { name: BAND, depends: view.to_vec(), shards: shards(p), chain: false, cost, on_demand: false })
}

/// One shard: four numbers (rate, Λ, both ends) for each learning rate of its part of the axis; none where there is no interval.
pub fn compute(p: &Params, shard: u32) -> Vec<f64> {
    let Some(Ok(values)) = measured(&p.sgd) else { return Vec::new() };
    let axis = rates(p);
    let cells = cells(p);
    let edge = |part: u32| cells * part as usize / shards(p) as usize;
    // The last part has the end of the axis.
    let end = edge(shard + 1) + usize::from(shard + 1 == shards(p));
    let jackknife = if p.sgd.batch > 1 { values.jackknife(p.sgd.batch) } else { None };
    let mut numbers = Vec::new();
    for cell in edge(shard)..end {
        let rate = axis.at(cell as f64 / cells as f64);
        let band = match &jackknife {
            Some(jackknife) => Ok(jackknife.band(rate, p.sgd.decay, LEVEL)),
            None => values.band(p.sgd.batch, rate, p.sgd.decay, LEVEL),
        };
        if let Ok(band) = band {
            numbers.extend([rate, band.value, band.low, band.high]);
        }
    }
    numbers
}

/// The intervals, once all are there.
fn places(done: &Done) -> Rc<Vec<[f64; PLACE]>> {
    done.made("places", &[BAND], "", || {
        if !done.complete(BAND) {
            return Vec::new();
        }
        done.shards(BAND).iter().flatten().flat_map(|shard| shard.as_chunks().0).copied().collect()
    })
}

/// Where the sign is certain; empty while the intervals are on the way.
fn certain(done: &Done) -> Vec<Window> {
    let places = places(done);
    let rates: Vec<f64> = places.iter().map(|place| place[0]).collect();
    let band = |place: &[f64; PLACE]| Band { value: place[1], low: place[2], high: place[3], landed: 0 };
    let bands: Vec<Band> = places.iter().map(band).collect();
    windows(&rates, &bands)
}

/// The band around the curve, and the certified window on the zero line, in a figure of this range of Λ.
pub fn layers(done: &Done, x: &Axis, (low, high): (f64, f64)) -> Vec<Layer> {
    let places = places(done);
    if places.is_empty() {
        return Vec::new();
    }
    let ends = |end: usize| places.iter().map(|place| place[end].clamp(low, high)).collect();
    let rates = places.iter().map(|place| place[0]).collect();
    let mut layers = vec![Layer::Band {
        x: rates,
        low: ends(2),
        high: ends(3),
        ink: INTERVAL,
        opacity: 0.4,
        name: "95 % interval".to_owned(),
    }];
    let (middle, half) = (0.0_f64.clamp(low, high), 0.02 * (high - low));
    for window in certain(done).iter().filter(|window| window.sign == Sign::Stable) {
        // One rate alone has no width.
        let to = window.to.max(window.from + (x.max - x.min) * 0.002);
        let x = vec![window.from, to];
        layers.push(Layer::Band {
            low: vec![middle - half; 2],
            high: vec![middle + half; 2],
            x,
            ink: STABLE,
            opacity: 0.9,
            name: "95 % interval below 0".to_owned(),
        });
    }
    layers
}

/// What the band and the bar are.
pub fn key(done: &Done) -> Vec<(Rgb, String)> {
    if places(done).is_empty() {
        return Vec::new();
    }
    vec![
        (palette::PHASE_III, "95 % interval for the law behind the values".to_owned()),
        (palette::PHASE_IB, "bar on 0: the interval is below 0".to_owned()),
    ]
}

/// The row of the page.
pub fn quantity(p: &Params, done: &Done) -> Option<Quantity> {
    if p.sgd.law != LawName::Data || p.sgd.samples() == 0 {
        return None;
    }
    let label = "learning rates in view whose interval of Λ is below 0";
    let mut row = Quantity { list: true, exact: false, ..plain("certified_window", label, "Λ < 0", None) };
    if !done.complete(BAND) {
        return Some(row);
    }
    let places = places(done);
    if places.is_empty() {
        "no interval: too few values".clone_into(&mut row.words);
        return Some(row);
    }
    let stable: Vec<Window> =
        certain(done).into_iter().filter(|window| window.sign == Sign::Stable).collect();
    row.value = Some(stable.iter().flat_map(|window| [window.from, window.to]).collect());
    let shown = |window: &Window| format!("{} to {}", number(window.from, 4), number(window.to, 4));
    let printed: Vec<String> = stable.iter().take(PRINTED).map(shown).collect();
    row.words = match stable.len() {
        0 => "none".to_owned(),
        count if count > PRINTED => format!("{} … {count} in all", printed.join(", ")),
        _ => printed.join(", "),
    };
    row.method = format!("95 % interval at each of {} rates", places.len());
    Some(row)
}
