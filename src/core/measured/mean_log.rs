//! The mean of `log|m + c h|` over values, and how well it is known.

#![expect(clippy::needless_range_loop, reason = "lanes by index are what compilers turn into SIMD")]

use crate::core::exponent::LANDING;
use crate::core::logarithms::{FACTORS, LANES, RUN, logarithms};

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
    totals: [f64; LANES],
    squares: [f64; LANES],
}

impl Sums {
    fn add(&mut self, numbers: [f64; LANES], used: usize) {
        let first = *self.first.get_or_insert(numbers[0]);
        for l in 0..used {
            let y = numbers[l] - first;
            self.totals[l] += y;
            self.squares[l] += y * y;
        }
    }

    /// Mean, and sum of squares about it.
    fn of(&self, count: f64) -> (f64, f64) {
        let (sum, square) = (self.totals.iter().sum::<f64>(), self.squares.iter().sum::<f64>());
        let shift = sum / count;
        (self.first.unwrap_or(f64::NAN) + shift, (square - sum * shift).max(0.0))
    }
}

/// One logarithm for each value.
fn one_by_one(values: &[f64], m: f64, c: f64) -> MeanLog {
    let (mut landed, mut waiting, mut queue) = (0, 0, [1.0; LANES]);
    let mut sums = Sums::default();
    for &h in values {
        let term = c * h;
        let x = (m + term).abs();
        if x <= LANDING * m.abs().max(term.abs()).max(1.0) {
            landed += 1;
            continue;
        }
        queue[waiting] = x;
        waiting += 1;
        if waiting == LANES {
            sums.add(logarithms(queue), LANES);
            waiting = 0;
        }
    }
    if waiting > 0 {
        sums.add(logarithms(queue), waiting);
    }
    let count = (values.len() - landed) as f64;
    let (mean, squares) = sums.of(count);
    MeanLog { mean, variance: squares / (count - 1.0) / count, freedom: count - 1.0, landed }
}

/// One logarithm for the product of each group of [`RUN`] values: the groups' sums are independent too, and scatter as much as their
/// values. `None` where a factor is so small or so large that products leave the doubles, or lands.
fn grouped(values: &[f64], m: f64, c: f64) -> Option<MeanLog> {
    let (blocks, rest) = values.as_chunks::<{ RUN * LANES }>();
    let (mut least, mut most) = ([f64::INFINITY; LANES], [0.0_f64; LANES]);
    let mut sums = Sums::default();
    for block in blocks {
        let mut product = [1.0; LANES];
        for row in block.as_chunks::<LANES>().0 {
            for l in 0..LANES {
                let x = (m + c * row[l]).abs();
                product[l] *= x;
                // not f64::min, which asks for NaN
                least[l] = if x < least[l] { x } else { least[l] };
                most[l] = if x > most[l] { x } else { most[l] };
            }
        }
        sums.add(logarithms(product), LANES);
    }
    let logs: Vec<f64> = rest.iter().map(|h| libm::log((m + c * h).abs())).collect();
    let low = least.iter().fold(f64::INFINITY, |a, x| a.min(*x));
    let high = most.iter().fold(0.0_f64, |a, x| a.max(*x));
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
