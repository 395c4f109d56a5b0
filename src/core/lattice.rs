//! Sums of values that lie on a lattice `h₀ + g·n`: their law is a power of a polynomial.

use crate::core::convolution::{ATOM_LIMIT, Atoms};
use crate::core::fourier::{on_circle, power_on_circle, power_rounding, sum_reach};

/// Longest polynomial that is multiplied out directly (its square is a matter of milliseconds).
pub(super) const DIRECT_LIMIT: u64 = 16_384;

impl Atoms {
    /// Values on a short lattice, by direct multiplication; `steps` from [`Atoms::lattice`].
    pub(super) fn multiplied(&self, steps: &[u64], batch: u32) -> Self {
        let last = steps.len() - 1;
        let mut base = vec![0.0; steps[last] as usize + 1];
        for (&n, &p) in steps.iter().zip(&self.probs) {
            base[n as usize] += p;
        }
        let law = spread(&power(&base, batch), self.values[0], self.values[last]);
        // what is common to all probabilities goes with their sum; the rest adds up at random
        Self { rounding: 8.0 * f64::from(batch).sqrt() * f64::EPSILON, ..law }
    }

    /// Values on a lattice, by FFT on a circle about the mean; `steps` from [`Atoms::lattice`].
    pub(super) fn transformed(&self, steps: &[u64], batch: u32) -> Self {
        let (first, last) = (self.values[0], self.values[steps.len() - 1]);
        let count = steps[steps.len() - 1] as f64;
        let step = (last - first) / count;
        let centre = libm::round((self.mean() - first) / step);
        let half =
            sum_reach(f64::from(batch), self.variance() / (step * step), centre.max(count - centre) + 1.0);
        // the centre is off the mean by up to half a step a draw
        let points = ((2.0 * half + f64::from(batch)) as usize + 4).next_power_of_two();
        let mut circle = vec![0.0; points];
        for (&n, &p) in steps.iter().zip(&self.probs) {
            circle[on_circle(n as f64 - centre, points)] += p;
        }
        let circle = power_on_circle(&circle, batch);
        let mut atoms = Self { rounding: power_rounding(batch), ..Self::default() };
        let draws = f64::from(batch);
        for i in 0..points {
            let p = circle[(i + points / 2) % points];
            let j = i as f64 - (points / 2) as f64 + draws * centre;
            if p > 0.0 && j >= 0.0 && j <= draws * count {
                let n = draws * count;
                atoms.values.push((first * (n - j) + last * j) / n);
                atoms.probs.push(p);
            }
        }
        atoms
    }

    /// If every value is `values[0] + g·n` to rounding with integers `n`: those integers, ascending.
    ///
    /// `g` is found by Euclid's algorithm on the differences; as it divides the whole range, it is set to an exact
    /// fraction of it after each value, which keeps rounding from piling up. Finds lattices of up to some 10⁵ steps.
    pub fn lattice(&self) -> Option<Vec<u64>> {
        let (first, last) = (*self.values.first()?, *self.values.last()?);
        let noise = 4.0 * f64::EPSILON * first.abs().max(last.abs());
        let range = last - first;
        let finest = (range / ATOM_LIMIT as f64).max(256.0 * noise);
        let mut count = 1.0;
        for v in &self.values {
            let (mut a, mut b) = (range / count, v - first);
            while b > 0.5 * finest {
                (a, b) = (b, (a - b * libm::round(a / b)).abs());
            }
            count = libm::round(range / a);
            if count.is_nan() || count * finest >= range {
                return None;
            }
        }
        let step = (last - first) / count;
        let mut steps = Vec::with_capacity(self.values.len());
        for v in &self.values {
            let n = libm::round((v - first) / step);
            if ((v - first) - n * step).abs() > 2.0 * noise {
                return None;
            }
            steps.push(n as u64);
        }
        Some(steps)
    }
}

/// Coefficients of `base(x)^n` by repeated squaring, all terms positive, divided by their sum.
fn power(base: &[f64], n: u32) -> Vec<f64> {
    let mut result = base.to_vec();
    for bit in (0..n.ilog2()).rev() {
        result = product(&result, &result);
        if n >> bit & 1 == 1 {
            result = product(&result, base);
        }
    }
    let sum: f64 = result.iter().sum();
    for p in &mut result {
        *p /= sum;
    }
    result
}

fn product(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut c = vec![0.0; a.len() + b.len() - 1];
    for (i, &x) in b.iter().enumerate().filter(|&(_, &x)| x > 0.0) {
        for (out, y) in c[i..].iter_mut().zip(a) {
            *out += x * y;
        }
    }
    c
}

/// Probabilities on an even lattice from `low` to `high` as atoms; zeros are dropped.
pub(super) fn spread(row: &[f64], low: f64, high: f64) -> Atoms {
    let n = (row.len() - 1) as f64;
    let mut atoms = Atoms::default();
    for (j, &p) in row.iter().enumerate().filter(|&(_, &p)| p > 0.0) {
        let j = j as f64;
        atoms.values.push((low * (n - j) + high * j) / n);
        atoms.probs.push(p);
    }
    atoms
}
