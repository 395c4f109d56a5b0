//! Where several sums of logarithms are negative at once.

use super::LogProduct;

/// The maximal intervals of `[low, high]` on which every one of `products` is negative, `max_i Λ_i < 0`, ascending. An end that is
/// not `low` or `high` is a root of one of them, exact as those of [`LogProduct::stable_intervals`]; both are equal where doubles
/// do not tell them apart. Without products: the whole range.
///
/// Cost: that of the first on the whole range, and of each other where all before it are negative.
pub fn common_intervals(products: &[LogProduct], low: f64, high: f64) -> Vec<(f64, f64)> {
    products.iter().fold(vec![(low, high)], |intervals, product| {
        let inside = |(from, to)| product.stable_intervals(from, to);
        intervals.into_iter().flat_map(inside).map(|stable| (stable.from, stable.to)).collect()
    })
}
