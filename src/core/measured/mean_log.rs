//! The mean of `log|m + c h|` over values, and how well it is known.

use crate::core::exponent::LANDING;
use crate::core::logarithms::{FACTORS, LANES, RUN, VECTORS, flat, logarithms, out_of_line};
use wide::f64x2;

/// Values from which groups of [`RUN`] are taken together: 4,096 groups, whose scatter is known to a percent.
pub const MANY: usize = 4096 * RUN;

/// The mean of the logarithms of the factors that are not 0.
pub(super) struct MeanLog {
    /// NaN if there is none.
    pub mean: f64,
    /// The estimated variance of the mean.
    pub variance: f64,
    /// Its degrees of freedom.
    pub freedom: f64,
    /// How many factors are 0, to rounding.
    pub landed: usize,
}

impl MeanLog {
    /// Of the factors `m + c h`: from groups where there are very many values, else from every logarithm.
    pub fn of(values: &[f64], m: f64, c: f64) -> Self {
        let grouped = if values.len() < MANY { None } else { grouped(values, m, c) };
        grouped.unwrap_or_else(|| one_by_one(values, m, c))
    }
}

/// Sums of numbers and of their squares about the first of them, lane by lane and so in a fixed order.
#[derive(Default)]
struct Sums {
    first: Option<f64>,
    totals: [f64x2; VECTORS],
    squares: [f64x2; VECTORS],
}

impl Sums {
    fn add(&mut self, numbers: [f64x2; VECTORS]) {
        let first = *self.first.get_or_insert(numbers[0].to_array()[0]);
        for (v, number) in numbers.iter().enumerate() {
            let y = *number - f64x2::splat(first);
            self.totals[v] += y;
            self.squares[v] += y * y;
        }
    }

    /// Mean, and sum of squares about it.
    fn of(&self, count: f64) -> (f64, f64) {
        let (sum, square) = (flat(self.totals).iter().sum::<f64>(), flat(self.squares).iter().sum::<f64>());
        let shift = sum / count;
        (self.first.unwrap_or(f64::NAN) + shift, (square - sum * shift).max(0.0))
    }
}

/// `LANES` numbers as vectors.
fn vectors(numbers: &[f64; LANES]) -> [f64x2; VECTORS] {
    core::array::from_fn(|v| f64x2::new([numbers[2 * v], numbers[2 * v + 1]]))
}

/// One logarithm for each value.
fn one_by_one(values: &[f64], m: f64, c: f64) -> MeanLog {
    let mut sums = Sums::default();
    let mut rest = values;
    // by vectors, until a factor lands
    while let Some((block, after)) = rest.split_first_chunk()
        && let Some(factors) = none_lands(&vectors(block), m, c)
    {
        sums.add(out_of_line(factors));
        rest = after;
    }
    let (mut landed, mut waiting, mut queue) = (0, 0, [1.0; LANES]);
    for &h in rest {
        let term = c * h;
        let x = (m + term).abs();
        if x <= LANDING * m.abs().max(term.abs()).max(1.0) {
            landed += 1;
            continue;
        }
        queue[waiting] = x;
        waiting += 1;
        if waiting == LANES {
            sums.add(vectors(&logarithms(queue)));
            waiting = 0;
        }
    }
    if waiting > 0 {
        let mut logs = logarithms(queue);
        // lanes without a number add nothing
        let first = *sums.first.get_or_insert(logs[0]);
        logs[waiting..].fill(first);
        sums.add(vectors(&logs));
    }
    let count = (values.len() - landed) as f64;
    let (mean, squares) = sums.of(count);
    MeanLog { mean, variance: squares / (count - 1.0) / count, freedom: count - 1.0, landed }
}

/// `|m + c h|`; `None` if one of them is 0, to rounding.
fn none_lands(h: &[f64x2; VECTORS], m: f64, c: f64) -> Option<[f64x2; VECTORS]> {
    let unit = f64x2::splat(m.abs().max(1.0));
    let terms = h.map(|h| f64x2::splat(c) * h);
    let factors = terms.map(|term| (f64x2::splat(m) + term).abs());
    let lands = |(x, term): (&f64x2, &f64x2)| {
        x.simd_le(f64x2::splat(LANDING) * unit.fast_max(term.abs())).to_bitmask() != 0
    };
    (!factors.iter().zip(&terms).any(lands)).then_some(factors)
}

/// One logarithm for the product of each group of [`RUN`] values: the groups' sums are independent too, and scatter as much as their
/// values. `None` where a factor is so small or so large that products leave the doubles, or lands.
fn grouped(values: &[f64], m: f64, c: f64) -> Option<MeanLog> {
    let (blocks, rest) = values.as_chunks::<{ RUN * LANES }>();
    let (mut least, mut most) = ([f64x2::splat(f64::INFINITY); VECTORS], [f64x2::splat(0.0); VECTORS]);
    let mut sums = Sums::default();
    for block in blocks {
        let mut product = [f64x2::splat(1.0); VECTORS];
        for row in block.as_chunks().0 {
            for (v, h) in vectors(row).iter().enumerate() {
                let x = (f64x2::splat(m) + f64x2::splat(c) * *h).abs();
                product[v] *= x;
                least[v] = least[v].fast_min(x);
                most[v] = most[v].fast_max(x);
            }
        }
        sums.add(out_of_line(product));
    }
    let logs: Vec<f64> = rest.iter().map(|h| libm::log((m + c * h).abs())).collect();
    let low = flat(least).iter().fold(f64::INFINITY, |a, x| a.min(*x));
    let high = flat(most).iter().fold(0.0_f64, |a, x| a.max(*x));
    let landing = LANDING * m.abs().max(1.0);
    let fits = FACTORS.contains(&low) && FACTORS.contains(&high) && low > landing;
    let landing = libm::log(landing);
    if !fits || logs.iter().any(|log| *log <= landing) {
        return None;
    }
    let groups = (blocks.len() * LANES) as f64;
    let (mean, squares) = sums.of(groups);
    let count = values.len() as f64;
    let mean = (mean * groups + logs.iter().sum::<f64>()) / count;
    let variance = squares / (groups - 1.0) / (RUN as f64 * count);
    Some(MeanLog { mean, variance, freedom: groups - 1.0, landed: 0 })
}
