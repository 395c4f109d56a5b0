//! Many values of one smooth, expensive function from few: adaptive Chebyshev interpolation.
//!
//! On an interval the function is sampled at 9, 17, 33, 65 Chebyshev points (each set contains the one before) until
//! the last coefficients have died out; else the interval is halved. Source: J. P. Boyd, *Chebyshev and
//! Fourier Spectral Methods*, ch. 2; the truncation error is of the size of the last coefficients.

/// Most intervals per side are points over 2¹²: beyond this depth everything is computed directly.
const DEPTH: u32 = 12;

/// Largest degree before an interval is halved.
const DEGREE: usize = 64;

/// Calls `put(i, value)` with `f(x[i])` for every `i`, to `tolerance` (absolute), evaluating `f` directly where that is
/// no dearer. `x` must be ascending.
pub fn spread(x: &[f64], tolerance: f64, f: &dyn Fn(f64) -> f64, put: &mut dyn FnMut(usize, f64)) {
    interval(x, 0, tolerance, DEPTH, f, put);
}

fn interval(
    x: &[f64],
    first: usize,
    tolerance: f64,
    depth: u32,
    f: &dyn Fn(f64) -> f64,
    put: &mut dyn FnMut(usize, f64),
) {
    let (Some(&low), Some(&high)) = (x.first(), x.last()) else { return };
    let middle = 0.5 * (low + high);
    if depth == 0 || x.len() < 24 || !(middle > low && middle < high) {
        for (i, &u) in x.iter().enumerate() {
            put(first + i, f(u));
        }
        return;
    }
    if let Some(coefficients) = coefficients(low, high, x.len() / 2, tolerance, f) {
        for (i, &u) in x.iter().enumerate() {
            put(first + i, clenshaw(&coefficients, (u - middle) / (0.5 * (high - low))));
        }
        return;
    }
    let split = x.partition_point(|&u| u < middle);
    interval(&x[..split], first, tolerance, depth - 1, f, put);
    interval(&x[split..], first + split, tolerance, depth - 1, f, put);
}

/// Chebyshev coefficients of `f` on `[low, high]`, or `None` if `most` points do not suffice.
fn coefficients(
    low: f64,
    high: f64,
    most: usize,
    tolerance: f64,
    f: &dyn Fn(f64) -> f64,
) -> Option<Vec<f64>> {
    let (centre, half) = (0.5 * (low + high), 0.5 * (high - low));
    let at = |k: usize, n: usize| f(centre + half * libm::cos(core::f64::consts::PI * k as f64 / n as f64));
    let mut n = 8;
    let mut values: Vec<f64> = (0..=n).map(|k| at(k, n)).collect();
    loop {
        let mut c = transform(&values);
        // the decay must show over the last quarter, so that a chance zero does not end it
        let tail = c[n - n / 4..].iter().fold(0.0_f64, |a, v| a.max(v.abs()));
        if tail <= 0.25 * tolerance {
            let keep = c.iter().rposition(|v| v.abs() > 0.01 * tolerance).map_or(1, |i| i + 1);
            c.truncate(keep);
            return Some(c);
        }
        // hopeless, or no cheaper than the values themselves
        let slow = n >= 16 && tail > 1e4 * tolerance && n == DEGREE / 2;
        if 2 * n > DEGREE || 2 * n + 1 > most || slow || !tail.is_finite() {
            return None;
        }
        n *= 2;
        values = (0..=n).map(|k| if k % 2 == 0 { values[k / 2] } else { at(k, n) }).collect();
    }
}

/// Coefficients of the interpolant through values at `cos(πk/n)`, `k = 0…n` (a type-I cosine transform).
fn transform(values: &[f64]) -> Vec<f64> {
    let n = values.len() - 1;
    let cosines: Vec<f64> =
        (0..2 * n).map(|k| libm::cos(core::f64::consts::PI * k as f64 / n as f64)).collect();
    (0..=n)
        .map(|j| {
            let ends = 0.5 * (values[0] + if j % 2 == 0 { values[n] } else { -values[n] });
            let sum: f64 = (1..n).map(|k| values[k] * cosines[j * k % (2 * n)]).sum();
            (ends + sum) * if j == 0 || j == n { 1.0 } else { 2.0 } / n as f64
        })
        .collect()
}

/// `Σ c_n T_n(v)` by Clenshaw's recurrence.
fn clenshaw(c: &[f64], v: f64) -> f64 {
    let (mut b1, mut b2) = (0.0, 0.0);
    for &a in c[1..].iter().rev() {
        (b1, b2) = (2.0 * v * b1 - b2 + a, b1);
    }
    v * b1 - b2 + c[0]
}
