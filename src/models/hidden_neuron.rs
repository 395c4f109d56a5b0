//! A network of two parameters, `f(x) = u φ(w x)`, on a list of samples: loss, its minima, SGD.
//!
//! Per sample `ℓ = ½(f − y)²`, `∇f = (φ, u x φ′)`, `∇²f = [[0, x φ′], [x φ′, u x² φ″]]`, and the Hessian of `ℓ` is
//! `∇f ∇fᵀ + (f − y) ∇²f`. For a fixed `w` the loss is a parabola in `u`, so its minima are those of the reduced loss
//! `½(⟨y²⟩ − ⟨φy⟩²/⟨φ²⟩)` in `w` alone.

use super::activation::Activation;
use crate::core::bracket;
use crate::core::rng::{Purpose, Stream};

/// A run farther from the origin than this has diverged.
pub const FAR: f64 = 1e4;
/// Minima are looked for among weights of these sizes.
const WEIGHTS: (f64, f64) = (0.02, 40.0);
/// Weights of each sign at which the reduced loss is compared with its neighbours.
const SCANNED: usize = 160;

/// Samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    /// Inputs.
    pub x: Vec<f64>,
    /// Labels, as many.
    pub y: Vec<f64>,
}

/// Which weights.
pub type Place = (f64, f64);

/// How SGD runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Training {
    /// `φ`.
    pub activation: Activation,
    /// Learning rate `λ`.
    pub rate: f64,
    /// Weight decay `γ`.
    pub decay: f64,
    /// Samples of a batch `S`, drawn with replacement.
    pub batch: u32,
    /// Runs start uniformly in the square `[−spread, spread]²`.
    pub spread: f64,
}

/// A local minimum of the loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Minimum {
    /// `(u, w)`.
    pub at: Place,
    /// The loss there.
    pub loss: f64,
    /// Eigenvalues of the Hessian, ascending.
    pub curvatures: [f64; 2],
}

impl Samples {
    fn each(&self) -> impl Iterator<Item = (f64, f64)> {
        self.x.iter().copied().zip(self.y.iter().copied())
    }

    fn mean(&self, f: impl Fn(f64, f64) -> f64) -> f64 {
        self.each().map(|(x, y)| f(x, y)).sum::<f64>() / self.x.len() as f64
    }

    /// `(⟨φ²⟩, ⟨φ y⟩, ⟨y²⟩)` at a weight: the loss is `½(u²⟨φ²⟩ − 2u⟨φy⟩ + ⟨y²⟩)`.
    pub fn parabola(&self, activation: Activation, w: f64) -> [f64; 3] {
        let mut sums = [0.0; 3];
        for (x, y) in self.each() {
            let value = activation.value(w * x);
            for (sum, term) in sums.iter_mut().zip([value * value, value * y, y * y]) {
                *sum += term;
            }
        }
        sums.map(|sum| sum / self.x.len() as f64)
    }

    /// The mean loss, without weight decay.
    pub fn loss(&self, activation: Activation, (u, w): Place) -> f64 {
        let [square, product, labels] = self.parabola(activation, w);
        0.5 * (u * u * square - 2.0 * u * product + labels)
    }

    /// The Hessian of one sample, row by row.
    pub fn hessian(&self, activation: Activation, (u, w): Place, sample: usize) -> [f64; 4] {
        let (x, y) = (self.x[sample], self.y[sample]);
        let jet = activation.jet(w * x);
        let (value, slope, curvature) = (jet.value, x * jet.slope, x * x * jet.curvature);
        let residual = u * value - y;
        let mixed = value * u * slope + residual * slope;
        [value * value, mixed, mixed, u * slope * u * slope + residual * u * curvature]
    }

    /// The mean Hessian's eigenvalues, ascending.
    pub fn curvatures(&self, activation: Activation, at: Place) -> [f64; 2] {
        let mut sum = [0.0; 4];
        for sample in 0..self.x.len() {
            sum.iter_mut().zip(self.hessian(activation, at, sample)).for_each(|(sum, h)| *sum += h);
        }
        let [a, b, _, c] = sum.map(|sum| sum / self.x.len() as f64);
        let (centre, half) = (0.5 * (a + c), 0.5 * (a - c));
        let radius = (half * half + b * b).sqrt();
        [centre - radius, centre + radius]
    }

    /// The local minima with `|w|` in 0.02 to 40, the one of least loss first. Where the loss is the same along a valley (as
    /// `uw = c` for linear neurons and `ReLU`) it has none.
    ///
    /// Cost: 400 times the samples.
    pub fn minima(&self, activation: Activation) -> Vec<Minimum> {
        let reduced = |w: f64| {
            let [square, product, labels] = self.parabola(activation, w);
            if square > 0.0 { 0.5 * (labels - product * product / square) } else { 0.5 * labels }
        };
        let flat = 1e-9 * reduced(0.0).abs();
        let mut minima: Vec<Minimum> = Vec::new();
        for sign in [1.0, -1.0] {
            let at = |step: f64| {
                let part = step / (SCANNED - 1) as f64;
                sign * WEIGHTS.0 * libm::exp(part * libm::log(WEIGHTS.1 / WEIGHTS.0))
            };
            let values: Vec<f64> = (0..SCANNED).map(|step| reduced(at(step as f64))).collect();
            for step in 1..SCANNED - 1 {
                if is_basin(&values, step, flat) {
                    let (low, high) = (step as f64 - 1.0, step as f64 + 1.0);
                    let (best, loss) =
                        bracket::minimum(|step| reduced(at(step)), low, high, f64::NEG_INFINITY);
                    let w = at(best);
                    let [square, product, _] = self.parabola(activation, w);
                    let place = (product / square, w);
                    let place = self.polished(activation, place);
                    minima.push(Minimum { at: place, loss, curvatures: self.curvatures(activation, place) });
                }
            }
        }
        // few: insertion
        for i in 1..minima.len() {
            let mut j = i;
            while j > 0 && minima[j].loss < minima[j - 1].loss - flat {
                minima.swap(j, j - 1);
                j -= 1;
            }
        }
        minima
    }

    /// Newton's steps from near a minimum.
    fn polished(&self, activation: Activation, start: Place) -> Place {
        let mut place = start;
        for _ in 0..4 {
            let (u, w) = place;
            let slope = |f: &dyn Fn(f64, f64) -> f64| self.mean(f);
            let gradient = [
                slope(&|x, y| (u * activation.value(w * x) - y) * activation.value(w * x)),
                slope(&|x, y| {
                    let (value, slope) = activation.value_and_slope(w * x);
                    (u * value - y) * u * x * slope
                }),
            ];
            let mut sum = [0.0; 4];
            for sample in 0..self.x.len() {
                sum.iter_mut().zip(self.hessian(activation, place, sample)).for_each(|(s, h)| *s += h);
            }
            let [a, b, _, c] = sum.map(|sum| sum / self.x.len() as f64);
            let determinant = a * c - b * b;
            if !(determinant > 0.0) {
                return place;
            }
            place = (
                u - (c * gradient[0] - b * gradient[1]) / determinant,
                w - (a * gradient[1] - b * gradient[0]) / determinant,
            );
        }
        let moved = (place.0 - start.0).abs() + (place.1 - start.1).abs();
        if moved < 0.1 * (start.0.abs() + start.1.abs()) { place } else { start }
    }

    /// The places of a run at the ascending `times` (steps), its start among them if the first is 0; NaN from the first on at
    /// which it has diverged. `item` and `replica` name the run. Cost: [`step_cost`] a step.
    pub fn run(
        &self,
        training: &Training,
        times: &[u32],
        seed: u64,
        (item, replica): (u64, u32),
    ) -> Vec<Place> {
        let mut stream = Stream::new(Purpose::Dynamics, seed, item, replica);
        let mut start = || training.spread * (2.0 * stream.unit() - 1.0);
        let (mut u, mut w) = (start(), start());
        let keep = 1.0 - training.rate * training.decay;
        let share = training.rate / f64::from(training.batch);
        let count = self.x.len();
        let mut places = Vec::with_capacity(times.len());
        let mut step = 0;
        'times: for time in times {
            while step < *time {
                let (mut along_u, mut along_w) = (0.0, 0.0);
                for _ in 0..training.batch {
                    let sample = ((stream.unit() * count as f64) as usize).min(count - 1);
                    let x = self.x[sample];
                    let (value, slope) = training.activation.value_and_slope(w * x);
                    let residual = self.y[sample] - u * value;
                    along_u += residual * value;
                    along_w += residual * u * x * slope;
                }
                (u, w) = (keep * u + share * along_u, keep * w + share * along_w);
                step += 1;
                if !(u.abs() <= FAR && w.abs() <= FAR) {
                    break 'times;
                }
            }
            places.push((u, w));
        }
        places.resize(times.len(), (f64::NAN, f64::NAN));
        places
    }
}

/// Whether a value is a minimum deeper than rounding: to both sides the values rise by more than `flat` before they fall.
fn is_basin(values: &[f64], at: usize, flat: f64) -> bool {
    let rises = |side: &mut dyn Iterator<Item = usize>| {
        let mut before = values[at];
        for step in side {
            if values[step] < before {
                return false;
            }
            before = values[step];
            if before > values[at] + flat {
                return true;
            }
        }
        false
    };
    rises(&mut (at + 1..values.len())) && rises(&mut (0..at).rev())
}

/// Work of one step, about nanoseconds of WebAssembly.
pub fn step_cost(activation: Activation, batch: u32) -> f64 {
    let curve = match activation {
        Activation::Linear | Activation::Relu => 0.0,
        Activation::Tanh | Activation::Swish => 20.0,
        Activation::Gelu => 50.0,
    };
    8.0 + f64::from(batch) * (14.0 + curve)
}
