//! Statistics of simulated numbers: means with standard errors, quantiles, frequencies.

/// A mean and its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    /// The mean.
    pub value: f64,
    /// Its standard error; NaN for fewer than two numbers.
    pub standard_error: f64,
    /// How many numbers.
    pub count: usize,
}

/// Mean of independent numbers, standard error `√(Σ(x − x̄)²/(n(n − 1)))`. Two passes; the value of no number is NaN.
pub fn mean(values: &[f64]) -> Mean {
    let count = values.len();
    let n = count as f64;
    let value = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|x| (x - value) * (x - value)).sum();
    Mean { value, standard_error: (squares / (n * (n - 1.0))).sqrt(), count }
}

/// Mean of correlated numbers from the means of `batches` equal stretches; what does not fill the
/// last stretch is left out at the beginning. The error has `batches − 1` degrees of freedom, and is right when a
/// stretch is much longer than the correlation: see [`lag_one`].
pub fn batch_means(values: &[f64], batches: usize) -> Mean {
    let length = (values.len() / batches.max(1)).max(1);
    let skip = values.len() % length;
    let means: Vec<f64> =
        values[skip..].chunks_exact(length).map(|chunk| chunk.iter().sum::<f64>() / length as f64).collect();
    mean(&means[means.len().saturating_sub(batches)..])
}

/// Correlation of neighbours, `Σ(x_i − x̄)(x_{i+1} − x̄)/Σ(x_i − x̄)²`; about `N(0, 1/n)` if independent, 0 if constant.
pub fn lag_one(values: &[f64]) -> f64 {
    let centre = mean(values).value;
    let total: f64 = values.iter().map(|x| (x - centre) * (x - centre)).sum();
    let pairs: f64 = values.windows(2).map(|pair| (pair[0] - centre) * (pair[1] - centre)).sum();
    if total > 0.0 { pairs / total } else { 0.0 }
}

/// The quantile at `p ∈ [0, 1]` of ascending numbers, linear between order statistics (Hyndman and Fan's type 7).
/// `−∞` is a number here: between it and a finite one lies `−∞`. NaN if there is none.
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = p.clamp(0.0, 1.0) * last as f64;
    let low = (place as usize).min(last);
    let (a, b, part) = (sorted[low], sorted[(low + 1).min(last)], place - low as f64);
    if part == 0.0 || a == b || a == f64::NEG_INFINITY { a } else { a + part * (b - a) }
}

/// Bits of a digit of [`sort`], and how many digits hold a double: an even number.
const DIGIT: usize = 11;
const DIGITS: usize = 6;
/// So few numbers are in order sooner than all digits have been counted.
const FEW: usize = 32;

/// Sorts numbers for [`quantile`]; NaN goes to the end. Cost: some 30 ns a number, however many there are; 1 ns if they are in order.
pub fn sort(values: &mut [f64]) {
    if values.is_sorted_by(|a, b| a.total_cmp(b).is_le()) {
        return;
    }
    if values.len() <= FEW {
        for end in 1..values.len() {
            let mut at = end;
            while at > 0 && values[at - 1].total_cmp(&values[at]).is_gt() {
                values.swap(at - 1, at);
                at -= 1;
            }
        }
        return;
    }
    // Digit by digit of the bits, the lowest first. Comparing a million numbers takes half as long again.
    let mut other = vec![0.0; values.len()];
    let (mut from, mut to) = (values, other.as_mut_slice());
    for digit in 0..DIGITS {
        // bits that are in the order of the numbers
        let place = |x: f64| {
            let bits = x.to_bits();
            let key = if bits >> 63 == 0 { bits | 1 << 63 } else { !bits };
            (key >> (DIGIT * digit)) as usize % (1 << DIGIT)
        };
        let mut starts = vec![0_u32; 1 << DIGIT];
        for x in from.iter() {
            starts[place(*x)] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            (*start, sum) = (sum, sum + *start);
        }
        for x in from.iter() {
            let start = &mut starts[place(*x)];
            to[*start as usize] = *x;
            *start += 1;
        }
        (from, to) = (to, from);
    }
}

/// Sorts pairs by their first number, equal ones by the second. Most of the core sorts with this and [`sort`]: every other
/// element type would be another copy of the standard library's sort in the shipped module.
pub fn sort_pairs(pairs: &mut [(f64, f64)]) {
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
}

/// Wilson's interval for a probability of which `hits` of `count` draws were seen, at `score` standard deviations
/// (1.96: 95 %). `(0, 1)` for no draws.
pub fn frequency_interval(hits: u32, count: u32, score: f64) -> (f64, f64) {
    if count == 0 {
        return (0.0, 1.0);
    }
    let (n, z2) = (f64::from(count), score * score);
    let p = f64::from(hits) / n;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = score / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    ((centre - half).max(0.0), (centre + half).min(1.0))
}
