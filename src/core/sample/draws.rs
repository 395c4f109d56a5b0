//! The draws themselves, sixteen steps of sixteen lanes at a time.

use super::table::{Alias, Few};
use crate::core::normal;
use crate::core::rng::{Block, Lanes, STEPS, VECTORS};
use wide::f64x2;

/// Draws of `(rate·⟨xy⟩, ⟨x²⟩)` for one learning rate: made by [`Sampler::at`](super::Sampler::at).
#[derive(Clone, Debug)]
pub struct Draws<'a>(pub(super) Source<'a>);

/// Where they come from; everything in units of `rate·h`.
#[derive(Clone, Debug)]
pub(super) enum Source<'a> {
    Few(Few),
    Many { alias: Alias, draws: u32 },
    Gaussian { mean: f64, std: f64 },
    Uniform { low: f64, width: f64, draws: u32 },
    Teacher { slope: f64, noise: f64, batch: u32 },
    Pairs { pairs: &'a [(f64, f64)], rate: f64, draws: u32 },
}

impl Draws<'_> {
    /// Whether `⟨x²⟩` varies; if not it is 1 and [`Draws::fill`] leaves it alone.
    pub fn inputs_vary(&self) -> bool {
        matches!(self.0, Source::Teacher { .. } | Source::Pairs { .. })
    }

    /// The next 16 steps of every lane: `product` ← `rate·⟨xy⟩`, `square` ← `⟨x²⟩` if it varies.
    pub fn fill(&self, lanes: &mut Lanes, product: &mut Block, square: &mut Block) {
        match &self.0 {
            Source::Few(few) => few.fill(lanes, product),
            Source::Many { alias, draws } => average(lanes, *draws, product, |u| alias.at(u)),
            Source::Gaussian { mean, std } => {
                lanes.units(product);
                normal::normals(product);
                affine(product, *std, *mean);
            }
            Source::Uniform { low, width, draws } => {
                average(lanes, *draws, product, |u| u);
                affine(product, *width, *low);
            }
            Source::Teacher { slope, noise, batch } => {
                teacher(*slope, *noise, *batch, lanes, product, square);
            }
            Source::Pairs { pairs, rate, draws } => draw_pairs(pairs, *rate, *draws, lanes, product, square),
        }
    }
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
