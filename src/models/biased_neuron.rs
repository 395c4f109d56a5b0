//! One hidden neuron with a fixed bias, `f(x) = u φ(w x + b)`, near `u = w = 0`.
//!
//! With the teacher `y = k x + σ ε`, `x, ε ~ N(0, 1)`, and `ℓ = ½(f − y)²` the point is stationary for every `b`, as `E y = 0`. In
//! `(u, w)` its mean Hessian is `[[φ(b)², −k φ′(b)], [−k φ′(b), 0]]`: a saddle if `k φ′(b) ≠ 0`. The gradient of one sample there is
//! `(−y φ(b), 0)`: at `b = 0`, where `φ(0) = 0`, it vanishes for every sample; elsewhere noise pushes along `u`.
//!
//! Noise also spreads a run along the direction that curves up, by as much as it may take to leave any circle. A saddle is left along
//! its escape direction `n`: it is the distance `|n·(u, w)|` along it that is watched, and that the theories of both types speak of.

use super::activation::Activation;
use crate::core::rng::{Purpose, Stream};

/// The network and its teacher.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BiasedNeuron {
    /// `φ`.
    pub activation: Activation,
    /// `b`.
    pub bias: f64,
    /// `k`.
    pub slope: f64,
    /// `σ`.
    pub noise: f64,
}

/// A direction of `(u, w)` in which the loss curves least.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lowest {
    /// The eigenvalue of the mean Hessian.
    pub curvature: f64,
    /// Its unit vector, an escape direction if the curvature is negative.
    pub direction: (f64, f64),
}

/// How a run goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Escape {
    /// Learning rate `λ`.
    pub rate: f64,
    /// Samples of a batch `S`.
    pub batch: u32,
    /// Distance of the start, along the lowest direction.
    pub start: f64,
    /// Distance at which a run has left, along that direction too.
    pub exit: f64,
    /// Most steps.
    pub most: u32,
}

impl BiasedNeuron {
    /// The lowest eigenvalue of the mean Hessian at `u = w = 0`: `−m²/(d/2 + √(d²/4 + m²))` with `d = φ(b)²`, `m = −k φ′(b)`, without
    /// cancellation for small `m`.
    ///
    /// It is 0 only where `k φ′(b) = 0`. Then no direction is one of escape: `w` is the lowest one, or, where the whole Hessian is 0, any:
    /// `u = w`, which is that of every `k > 0`, and in which a step at `b = 0` multiplies the distance.
    pub fn lowest(&self) -> Lowest {
        let (value, slope) = self.activation.value_and_slope(self.bias);
        let (half, mixed) = (0.5 * value * value, -self.slope * slope);
        let largest = half.max(mixed.abs());
        // scaled, as squares of small numbers are 0
        let (a, b) = (half / largest, mixed / largest);
        // (H − h) n = 0: the row of w gives m n_u = h n_w
        let ratio = if largest > 0.0 { -b / (a + (a * a + b * b).sqrt()) } else { 1.0 };
        let w = mixed.signum() / (1.0 + ratio * ratio).sqrt();
        Lowest { curvature: mixed * ratio + 0.0, direction: (ratio * w, w) }
    }

    /// `E[(n·∇ℓ)²]` of one sample at `u = w = 0`.
    pub fn noise_along(&self, (u, _): (f64, f64)) -> f64 {
        let value = self.activation.value(self.bias);
        u * u * value * value * (self.slope * self.slope + self.noise * self.noise)
    }

    /// What the noise of the curvatures adds to that of the gradient along `n`, as a part of [`BiasedNeuron::noise_along`].
    ///
    /// SGD with rate `λ` and batches of `S` spreads a run across `n`, along the other eigenvector `m` with its curvature `H = d − h`, by
    /// `s² = λ E(m·∇ℓ)²/(S H (2 − λH))`; there the gradient along `n` has a further variance `s² Var(n·∇²ℓ m)`, with
    /// `Var(n·∇²ℓ m) = (n_w² − n_u²)² φ′(b)² (2k² + σ²)`. It vanishes with `λ`; infinite where `λH ≥ 2`, where steps across `n` are too large,
    /// and without noise along `n`.
    pub fn curvature_noise(&self, rate: f64, batch: u32) -> f64 {
        let (value, slope) = self.activation.value_and_slope(self.bias);
        let Lowest { curvature, direction: (u, w) } = self.lowest();
        let across = value * value - curvature;
        let narrow = f64::from(batch) * across * (2.0 - rate * across);
        if !(narrow > 0.0 && u != 0.0) {
            return f64::INFINITY;
        }
        let turned = (w * w - u * u) * slope;
        // E(m·∇ℓ)²/E(n·∇ℓ)² = n_w²/n_u²
        rate * turned * turned * (2.0 * self.slope * self.slope + self.noise * self.noise) * (w / u) * (w / u)
            / narrow
    }

    /// The first step after which a run has `|n·(u, w)| > exit`, `n` the lowest direction; infinite if none is within `most`.
    ///
    /// Where `φ(b) ≠ 0` and no direction is one of escape (`k = 0`), the first after which `‖(u, w)‖ > exit`.
    ///
    /// `item` and `replica` name the run. Cost: 30 to 90 ns a sample.
    pub fn first_exit(&self, escape: &Escape, seed: u64, (item, replica): (u64, u32)) -> f64 {
        let mut stream = Stream::new(Purpose::Passage, seed, item, replica);
        let Lowest { curvature, direction: n } = self.lowest();
        let every = curvature == 0.0 && self.activation.value(self.bias) != 0.0;
        let (mut u, mut w) = (escape.start * n.0, escape.start * n.1);
        let share = escape.rate / f64::from(escape.batch);
        for step in 1..=escape.most {
            let (mut along_u, mut along_w) = (0.0, 0.0);
            for _ in 0..escape.batch {
                let x = stream.normal();
                let y = self.slope * x + self.noise * stream.normal();
                let (value, slope) = self.activation.value_and_slope(w * x + self.bias);
                let residual = y - u * value;
                along_u += residual * value;
                along_w += residual * u * x * slope;
            }
            u += share * along_u;
            w += share * along_w;
            let distance = if every { (u * u + w * w).sqrt() } else { (n.0 * u + n.1 * w).abs() };
            // also where it is not a number
            if !(distance <= escape.exit) {
                return f64::from(step);
            }
        }
        f64::INFINITY
    }
}
