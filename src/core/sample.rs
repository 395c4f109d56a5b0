//! Batches, one step at a time: the pair `(⟨x²⟩_B, ⟨xy⟩_B)` that one step of SGD on `½(uwx − y)²` needs.
//!
//! | data | law of the pair | random numbers per step |
//! |---|---|---|
//! | discrete, ≤ 16 batch means | the exact law of the batch mean, probabilities to 2⁻³³ | ½ |
//! | discrete, more | the same by an alias table (Walker 1977, Vose 1991) | 1 |
//! | Gaussian | `N(μ, σ²/S)` | 1 |
//! | uniform | mean of `S` draws | `S` |
//! | teacher | `q ~ χ²_S`, `⟨xy⟩ = kq/S + σ√q/S·ξ`, `⟨x²⟩ = q/S` | 2 (`S = 1`) or 3 |
//! | a data set | `S` draws with replacement | `S` |
//!
//! Without a teacher `x = 1` and `y` is the curvature.

use crate::core::curvature::{LIMIT, Law};
use crate::core::data_set::DataSet;
use crate::core::exponent::LANDING;
use crate::core::normal;
use crate::core::rng::{Block, Lanes, STEPS, TWO_52, VECTORS};
use wide::f64x2;

/// Most atoms that are found by comparing with each threshold.
const FEW: usize = 16;

/// What batches are drawn from, whatever the learning rate.
#[derive(Clone, Debug)]
pub struct Sampler {
    kind: Kind,
    batch: u32,
}

#[derive(Clone, Debug)]
enum Kind {
    /// Atoms of one draw; `draws` of them are averaged. `summed`: largest `|atom|` that was added up.
    Atoms {
        values: Vec<f64>,
        probs: Vec<f64>,
        draws: u32,
        summed: f64,
    },
    Gaussian {
        mean: f64,
        std: f64,
    },
    Uniform {
        low: f64,
        high: f64,
    },
    Teacher {
        slope: f64,
        noise: f64,
    },
    Pairs(Vec<(f64, f64)>),
}

impl Sampler {
    /// Batches of `batch` draws from `law`; `batch` is clamped to `1…4096`.
    ///
    /// A discrete law whose batch means are not held as atoms is drawn `batch` times per step.
    pub fn new(law: &Law, batch: u32) -> Self {
        let batch = batch.clamp(1, LIMIT);
        let kind = match law {
            Law::Discrete { values, probs } => {
                let largest = values.iter().fold(0.0_f64, |a, h| a.max(h.abs()));
                let summed = if batch > 1 { largest } else { 0.0 };
                match law.batch(batch).atoms() {
                    Some((values, probs)) => {
                        Kind::Atoms { values: values.to_vec(), probs: probs.to_vec(), draws: 1, summed }
                    }
                    None => {
                        Kind::Atoms { values: values.clone(), probs: probs.clone(), draws: batch, summed }
                    }
                }
            }
            Law::Gaussian { mean, std } => Kind::Gaussian { mean: *mean, std: *std },
            Law::Uniform { low, high } => Kind::Uniform { low: *low, high: *high },
            Law::Teacher { slope, noise } => Kind::Teacher { slope: *slope, noise: *noise },
        };
        Self { kind, batch }
    }

    /// Batches of `batch` members of a data set, drawn with replacement.
    pub fn from_data(data: &DataSet, batch: u32) -> Self {
        let pairs = data.inputs.iter().zip(&data.outputs).map(|(x, y)| (x * x, x * y)).collect();
        Self { kind: Kind::Pairs(pairs), batch: batch.clamp(1, LIMIT) }
    }

    /// Cost of one step relative to one of a two-point law, measured; for work estimates.
    pub fn cost(&self) -> f64 {
        let batch = f64::from(self.batch);
        match &self.kind {
            Kind::Atoms { values, draws, .. } if *draws == 1 && values.len() <= FEW => {
                0.9 + 0.05 * values.len() as f64
            }
            Kind::Atoms { draws, .. } => 1.0 + 2.0 * f64::from(*draws),
            Kind::Gaussian { .. } => 4.0,
            Kind::Uniform { .. } => 1.0 + batch,
            Kind::Teacher { .. } => 9.0,
            Kind::Pairs(_) => 1.0 + 3.0 * batch,
        }
    }

    /// Prepares the draws of `rate·⟨xy⟩_B` and `⟨x²⟩_B` for one learning rate. Atoms on which `offset ± rate·h`
    /// is 0 to rounding (as [`BatchLaw::exponent`](crate::core::curvature::BatchLaw::exponent) counts it) are moved so that it is exactly 0.
    pub fn at(&self, rate: f64, offset: f64) -> Draws<'_> {
        match &self.kind {
            Kind::Atoms { values, probs, draws, summed } => {
                let landing = LANDING * offset.abs().max(1.0).max(summed * rate.abs());
                let scaled = values.iter().map(|h| {
                    let z = rate * h;
                    if (offset + z).abs() <= landing {
                        -offset
                    } else if (offset - z).abs() <= landing {
                        offset
                    } else {
                        z
                    }
                });
                if *draws == 1 && values.len() <= FEW {
                    Draws::Few { values: scaled.collect(), thresholds: thresholds(probs) }
                } else {
                    let values: Vec<f64> = scaled.collect();
                    Draws::Many { alias: alias(&values, probs), draws: *draws }
                }
            }
            Kind::Gaussian { mean, std } => {
                Draws::Gaussian { mean: rate * mean, std: rate * std / f64::from(self.batch).sqrt() }
            }
            Kind::Uniform { low, high } => {
                Draws::Uniform { low: rate * low, width: rate * (high - low), draws: self.batch }
            }
            Kind::Teacher { slope, noise } => {
                Draws::Teacher { slope: rate * slope, noise: rate * noise, batch: self.batch }
            }
            Kind::Pairs(pairs) => Draws::Pairs { pairs, rate, draws: self.batch },
        }
    }
}

/// Draws for one learning rate.
#[derive(Clone, Debug)]
pub enum Draws<'a> {
    /// One of at most 16 values, by comparison.
    Few {
        /// The values, `rate·h`.
        values: Vec<f64>,
        /// `2⁵² + 2³² P(value ≤ this one)`, all but the last.
        thresholds: Vec<f64>,
    },
    /// Mean of `draws` values by alias table.
    Many {
        /// One cell per value: (probability of keeping it, itself, the other).
        alias: Vec<(f64, f64, f64)>,
        /// How many are averaged.
        draws: u32,
    },
    /// `N(mean, std²)`.
    Gaussian {
        /// Mean times rate.
        mean: f64,
        /// Standard deviation of the batch mean times rate.
        std: f64,
    },
    /// `low + width·(mean of draws uniform numbers)`.
    Uniform {
        /// Lower end times rate.
        low: f64,
        /// Width times rate.
        width: f64,
        /// Batch size.
        draws: u32,
    },
    /// The linear teacher.
    Teacher {
        /// Slope times rate.
        slope: f64,
        /// Label noise times rate.
        noise: f64,
        /// Batch size.
        batch: u32,
    },
    /// Members of a data set.
    Pairs {
        /// `(x², xy)` of each member.
        pairs: &'a [(f64, f64)],
        /// Learning rate.
        rate: f64,
        /// Batch size.
        draws: u32,
    },
}

impl Draws<'_> {
    /// Whether `⟨x²⟩` varies; if not it is 1 and [`Draws::fill`] leaves it alone.
    pub fn inputs_vary(&self) -> bool {
        matches!(self, Draws::Teacher { .. } | Draws::Pairs { .. })
    }

    /// The next 16 steps of every lane: `product` ← `rate·⟨xy⟩`, `square` ← `⟨x²⟩` if it varies.
    pub fn fill(&self, lanes: &mut Lanes, product: &mut Block, square: &mut Block) {
        match self {
            Draws::Few { values, thresholds } => few(values, thresholds, lanes, product),
            Draws::Many { alias, draws } => {
                let count = alias.len() as f64;
                average(lanes, *draws, product, |u| {
                    let place = u * count;
                    let cell = (place as usize).min(alias.len() - 1);
                    let (keep, own, other) = alias[cell];
                    if place - (cell as f64) < keep { own } else { other }
                });
            }
            Draws::Gaussian { mean, std } => {
                lanes.units(product);
                normal::normals(product);
                affine(product, *std, *mean);
            }
            Draws::Uniform { low, width, draws } => {
                average(lanes, *draws, product, |u| u);
                affine(product, *width, *low);
            }
            Draws::Teacher { slope, noise, batch } => teacher(*slope, *noise, *batch, lanes, product, square),
            Draws::Pairs { pairs, rate, draws } => draw_pairs(pairs, *rate, *draws, lanes, product, square),
        }
    }
}

fn few(values: &[f64], thresholds: &[f64], lanes: &mut Lanes, out: &mut Block) {
    let splat = |x: &f64| f64x2::splat(*x);
    if let ([first, second], [cut]) = (values, thresholds) {
        let (first, second, cut) = (splat(first), splat(second), splat(cut));
        lanes.halves(out, |k| k.simd_lt(cut).bitselect(first, second));
        return;
    }
    // ascending thresholds: the last one that is not above k wins
    let first = values.first().map_or(f64x2::splat(0.0), splat);
    let steps: Vec<(f64x2, f64x2)> =
        thresholds.iter().map(splat).zip(values.iter().skip(1).map(splat)).collect();
    lanes.halves(out, |k| steps.iter().fold(first, |x, (cut, value)| k.simd_lt(*cut).bitselect(x, *value)));
}

fn teacher(slope: f64, noise: f64, batch: u32, lanes: &mut Lanes, product: &mut Block, square: &mut Block) {
    if batch == 1 {
        lanes.units(square);
        normal::normals(square);
        for q in square.vectors_mut() {
            *q *= *q;
        }
    } else {
        normal::chi_squares(lanes, batch, square);
    }
    lanes.units(product);
    normal::normals(product);
    let (slope, noise) = (f64x2::splat(slope), f64x2::splat(noise));
    let size = f64x2::splat(f64::from(batch));
    for (xy, q) in product.vectors_mut().iter_mut().zip(square.vectors_mut()) {
        *xy = (slope * *q + noise * (q.sqrt() * *xy)) / size;
        *q /= size;
    }
}

fn draw_pairs(
    pairs: &[(f64, f64)],
    rate: f64,
    draws: u32,
    lanes: &mut Lanes,
    product: &mut Block,
    square: &mut Block,
) {
    let mut units = Block::constant(0.0);
    *product = Block::constant(0.0);
    *square = Block::constant(0.0);
    let count = pairs.len() as f64;
    for _ in 0..draws {
        lanes.units(&mut units);
        for i in 0..STEPS * VECTORS {
            let (mut xx, mut xy) = ([0.0; 2], [0.0; 2]);
            for (j, u) in units.vectors_mut()[i].to_array().into_iter().enumerate() {
                (xx[j], xy[j]) = pairs[((u * count) as usize).min(pairs.len() - 1)];
            }
            product.vectors_mut()[i] += f64x2::new(xy);
            square.vectors_mut()[i] += f64x2::new(xx);
        }
    }
    affine(product, rate / f64::from(draws), 0.0);
    affine(square, 1.0 / f64::from(draws), 0.0);
}

/// The mean of `draws` numbers `f(u)`.
fn average(lanes: &mut Lanes, draws: u32, out: &mut Block, f: impl Fn(f64) -> f64) {
    let each = |x: &mut f64x2| *x = f64x2::new(x.to_array().map(&f));
    lanes.units(out);
    out.vectors_mut().iter_mut().for_each(each);
    if draws > 1 {
        let mut more = Block::constant(0.0);
        for _ in 1..draws {
            lanes.units(&mut more);
            more.vectors_mut().iter_mut().for_each(each);
            add(out, &mut more);
        }
        affine(out, 1.0 / f64::from(draws), 0.0);
    }
}

fn affine(block: &mut Block, factor: f64, shift: f64) {
    let (factor, shift) = (f64x2::splat(factor), f64x2::splat(shift));
    for x in block.vectors_mut() {
        *x = factor * *x + shift;
    }
}

fn add(sum: &mut Block, other: &mut Block) {
    for (x, y) in sum.vectors_mut().iter_mut().zip(other.vectors_mut()) {
        *x += *y;
    }
}

/// `2⁵² + 2³² P(first j + 1 values)`, rounded, for all but the last value.
fn thresholds(probs: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let upto = probs.iter().take(probs.len().saturating_sub(1));
    upto.map(|p| {
        sum += p;
        TWO_52 + (sum * 4294967296.0).round()
    })
    .collect()
}

/// Vose's alias table; cell `i` is chosen with probability `1/n`.
fn alias(values: &[f64], probs: &[f64]) -> Vec<(f64, f64, f64)> {
    let mut share: Vec<f64> = probs.iter().map(|p| p * values.len() as f64).collect();
    let mut cells: Vec<(f64, f64, f64)> = values.iter().map(|&v| (1.0, v, v)).collect();
    let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..values.len()).partition(|&i| share[i] < 1.0);
    while let (Some(&giver), Some(taker)) = (large.last(), small.pop()) {
        cells[taker] = (share[taker], values[taker], values[giver]);
        share[giver] -= 1.0 - share[taker];
        if share[giver] < 1.0 {
            large.pop();
            small.push(giver);
        }
    }
    cells
}
