//! A radix-2 fast Fourier transform for real convolutions, with tables from `libm` so that every target gives
//! the same bits (no crate promises that).

/// A complex number as (real, imaginary).
pub type Complex = (f64, f64);

/// Twiddle factors for transforms of one length.
#[derive(Clone, Debug)]
pub struct Fourier {
    /// `e^{−2πi k/n}` for `k < n/2`.
    roots: Vec<Complex>,
}

impl Fourier {
    /// Tables for length `n`, which must be a power of two (rounded up if it is not). Cost `n/2` sines and cosines.
    pub fn new(n: usize) -> Self {
        let n = n.next_power_of_two();
        let roots = (0..n / 2).map(|k| {
            let angle = -2.0 * core::f64::consts::PI * k as f64 / n as f64;
            (libm::cos(angle), libm::sin(angle))
        });
        Self { roots: roots.collect() }
    }

    /// Length of the transforms.
    pub fn len(&self) -> usize {
        (2 * self.roots.len()).max(1)
    }

    /// Whether the length is 0 (never).
    pub fn is_empty(&self) -> bool {
        false
    }

    /// `data_k ← Σ_j data_j e^{−2πi jk/n}` in place (decimation in time). Rounding: about `ε log₂ n` of the norm.
    /// Data of another length are left as they are.
    pub fn transform(&self, data: &mut [Complex]) {
        let n = self.len();
        if data.len() != n || n == 1 {
            return;
        }
        let shift = usize::BITS - n.trailing_zeros();
        for i in 0..n {
            let j = i.reverse_bits() >> shift;
            if i < j {
                data.swap(i, j);
            }
        }
        let mut half = 1;
        while half < n {
            let stride = n / (2 * half);
            for block in data.chunks_exact_mut(2 * half) {
                let (low, high) = block.split_at_mut(half);
                for ((a, b), w) in low.iter_mut().zip(high).zip(self.roots.iter().step_by(stride)) {
                    let t = multiply(*b, *w);
                    *b = (a.0 - t.0, a.1 - t.1);
                    *a = (a.0 + t.0, a.1 + t.1);
                }
            }
            half *= 2;
        }
    }

    /// The inverse transform, divided by `n`.
    pub fn inverse(&self, data: &mut [Complex]) {
        self.transform(data);
        let n = data.len();
        if n > 1 {
            data[1..].reverse();
        }
        let factor = 1.0 / n as f64;
        for z in data {
            *z = (z.0 * factor, z.1 * factor);
        }
    }
}

/// Product of two complex numbers.
pub fn multiply(a: Complex, b: Complex) -> Complex {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// `z^n` by repeated squaring.
pub fn power(z: Complex, n: u32) -> Complex {
    if n == 0 {
        return (1.0, 0.0);
    }
    let mut result = z;
    for bit in (0..n.ilog2()).rev() {
        result = multiply(result, result);
        if n >> bit & 1 == 1 {
            result = multiply(result, z);
        }
    }
    result
}

/// Probabilities below this are rounding noise of the transforms.
const NOISE: f64 = 1e-18;

/// The law of the sum of `n` independent draws of an integer, on a circle of `law.len()` (a power of two) points:
/// negative integers sit in the upper half, before and after. Sums outside the circle wrap around.
///
/// Rounding: about `(16 + 4n) ε` relative for the bulk (a factor near 1 is multiplied `n` times); probabilities
/// below 1e-18 are noise and come out as 0. The sum is 1. Cost: two transforms.
pub fn power_on_circle(law: &[f64], n: u32) -> Vec<f64> {
    let mut data: Vec<Complex> = law.iter().map(|&p| (p, 0.0)).collect();
    let fourier = Fourier::new(data.len());
    fourier.transform(&mut data);
    for z in &mut data {
        *z = power(*z, n);
    }
    fourier.inverse(&mut data);
    let mut result: Vec<f64> = data.iter().map(|z| if z.0 > NOISE { z.0 } else { 0.0 }).collect();
    let sum: f64 = result.iter().sum();
    for p in &mut result {
        *p /= sum;
    }
    result
}

/// Place of the integer `n` on a circle of `points`.
pub fn on_circle(n: f64, points: usize) -> usize {
    let points = points as f64;
    (n - points * (n / points).floor()) as usize
}

/// Relative error bound of [`power_on_circle`].
pub fn power_rounding(n: u32) -> f64 {
    (16.0 + 4.0 * f64::from(n)) * f64::EPSILON
}

/// Half-width of the range around its mean that holds the sum of `n` draws but for a probability of 1e-16: Bernstein's
/// `P(|Σ − nμ| > x) ≤ 2 exp(−x²/(2nv + 2bx/3))` with variance `v` and largest deviation `b`; at most `n b`.
pub fn sum_reach(n: f64, variance: f64, largest: f64) -> f64 {
    let log = 37.6;
    let third = largest * log / 3.0;
    (third + (third * third + 2.0 * n * variance * log).sqrt()).min(n * largest)
}
