//! A layered network without biases learns the modes of a diagonal teacher by SGD, from small weights.
//!
//! `f(x) = U φ(W x)`, or with more layers `U φ(H φ(W x))` and so on; loss `½‖f(x) − y‖²`. The teacher has `d` modes of
//! strengths `s_j`:
//! - one-hot inputs: `x = e_j`, `j` uniform, `y = (s_j + σ ε) e_j`: noise on the output that is asked for only;
//! - dense inputs: `x ~ N(0, I)`, `y = s ∘ x + σ ε` with `ε ~ N(0, I)`.
//!
//! What has been learned is read off the singular values of the product of all weight matrices (`U W` for two layers).
//! Rows of weights run over hidden neurons, two to a SIMD vector; a width that is not 4, 8 or 16 is filled up with neurons
//! whose weights are 0: as `φ(0) = 0`, they stay 0.

use super::activation::Activation;
use crate::core::rng::{Purpose, Stream};
use crate::core::singular_values;
use bytemuck::cast_slice_mut;
use wide::f64x2;

/// Most modes.
pub const MOST_MODES: usize = 8;
/// Most hidden neurons of a layer.
pub const MOST_WIDTH: usize = 16;
/// Most layers of weights.
pub const MOST_LAYERS: usize = 4;
/// A run whose weights are together longer than this has diverged.
pub const FAR: f64 = 1e6;

/// Steps between two looks whether a run has diverged.
const WATCH: u32 = 16;
const HIDDEN: usize = MOST_LAYERS - 1;

/// The law of the inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inputs {
    /// One mode at a time.
    OneHot,
    /// All of them, `N(0, I)`.
    Dense,
}

/// What is to be learned.
#[derive(Clone, Debug, PartialEq)]
pub struct Teacher {
    /// `s_j`, one to eight.
    pub strengths: Vec<f64>,
    /// `σ`, standard deviation of the label noise.
    pub noise: f64,
    /// The law of `x`.
    pub inputs: Inputs,
}

/// The network, and how it is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Training {
    /// Hidden neurons of each layer, 1 to 16.
    pub width: u32,
    /// Layers of weights, 2 to 4.
    pub layers: u32,
    /// `φ`.
    pub activation: Activation,
    /// Learning rate `λ`.
    pub rate: f64,
    /// Weight decay `γ`.
    pub decay: f64,
    /// Samples of a batch `S`.
    pub batch: u32,
    /// Standard deviation of the initial weights.
    pub init: f64,
}

/// Work of one step, about nanoseconds of WebAssembly.
pub fn step_cost(modes: usize, inputs: Inputs, training: &Training) -> f64 {
    let (d, m) = (modes as f64, f64::from(padded(training.width)));
    let (hidden, dense) = (f64::from(training.layers) - 2.0, inputs == Inputs::Dense);
    let rows = if dense { 5.0 * d } else { 3.0 * d + 2.0 };
    let draws = if dense { 2.0 * d } else { 2.0 };
    let curve = match training.activation {
        Activation::Linear | Activation::Relu => 0.0,
        Activation::Tanh | Activation::Swish => 12.0,
        Activation::Gelu => 30.0,
    };
    let sample = 25.0 + 12.0 * draws + 0.6 * m * (rows + 3.0 * m * hidden) + (1.0 + hidden) * m * curve;
    f64::from(training.batch) * sample
        + if training.decay > 0.0 { 0.5 * m * (2.0 * d + m * hidden) } else { 0.0 }
}

fn padded(width: u32) -> u32 {
    [4, 8].into_iter().find(|padded| width <= *padded).unwrap_or(MOST_WIDTH as u32)
}

/// The singular values of the product of all weight matrices at each of the ascending `times` (steps), `d` of them in
/// descending order; NaN from the first time on at which the run has diverged.
///
/// The result depends on the arguments only; `item` and `replica` name the run. Cost: [`step_cost`] a step.
pub fn singular_values(
    teacher: &Teacher,
    training: &Training,
    times: &[u32],
    seed: u64,
    (item, replica): (u64, u32),
) -> Vec<f64> {
    let stream = Stream::new(Purpose::Dynamics, seed, item, replica);
    match padded(training.width) {
        4 => Run::<2>::start(teacher, training, stream).record(times),
        8 => Run::<4>::start(teacher, training, stream).record(times),
        _ => Run::<8>::start(teacher, training, stream).record(times),
    }
}

/// One number for each hidden neuron, `2 V` of them.
type Row<const V: usize> = [f64x2; V];

/// What a sample leaves behind for the update.
#[derive(Clone)]
struct Sample<const V: usize> {
    /// The mode of a one-hot input.
    mode: usize,
    input: [f64; MOST_MODES],
    /// `y − f(x)`.
    residual: [f64; MOST_MODES],
    /// `φ` and `φ′` of each hidden layer.
    values: [Row<V>; HIDDEN],
    slopes: [Row<V>; HIDDEN],
    /// `−∂ℓ/∂` of the inputs of each `φ`.
    deltas: [Row<V>; HIDDEN],
}

struct Run<'a, const V: usize> {
    teacher: &'a Teacher,
    training: &'a Training,
    stream: Stream,
    /// `W`, column by column.
    first: Vec<Row<V>>,
    /// The matrices between hidden layers: for each neuron below, its weights to those above.
    between: Vec<Vec<Row<V>>>,
    /// `U`, row by row.
    last: Vec<Row<V>>,
    samples: Vec<Sample<V>>,
}

impl<'a, const V: usize> Run<'a, V> {
    fn start(teacher: &'a Teacher, training: &'a Training, mut stream: Stream) -> Self {
        let (modes, width) = (teacher.strengths.len(), training.width as usize);
        let mut row = || {
            let mut row = [f64x2::ZERO; V];
            for k in 0..width {
                row[k / 2].as_mut_array()[k % 2] = training.init * stream.normal();
            }
            row
        };
        let mut matrix = |rows: usize| -> Vec<Row<V>> { (0..rows).map(|_| row()).collect() };
        let (first, last) = (matrix(modes), matrix(modes));
        let between = (2..training.layers).map(|_| matrix(width)).collect();
        let none = [[f64x2::ZERO; V]; HIDDEN];
        let sample = Sample {
            mode: 0,
            input: [0.0; MOST_MODES],
            residual: [0.0; MOST_MODES],
            values: none,
            slopes: none,
            deltas: none,
        };
        let samples = vec![sample; training.batch as usize];
        Self { teacher, training, stream, first, between, last, samples }
    }

    fn record(mut self, times: &[u32]) -> Vec<f64> {
        let modes = self.teacher.strengths.len();
        let mut values = Vec::with_capacity(times.len() * modes);
        let mut step = 0;
        'times: for time in times {
            while step < *time {
                self.step();
                step += 1;
                if step % WATCH == 0 && self.is_far() {
                    break 'times;
                }
            }
            if self.is_far() {
                break;
            }
            values.extend(singular_values::singular_values(&mut self.product(), modes));
        }
        values.resize(times.len() * modes, f64::NAN);
        values
    }

    fn is_far(&self) -> bool {
        let rows = self.first.iter().chain(self.between.iter().flatten()).chain(&self.last);
        // not ≤, which NaN also is
        !(rows.map(|row| dot(row, row)).sum::<f64>() <= FAR * FAR)
    }

    /// The product of all weight matrices, column by column.
    fn product(&self) -> Vec<f64> {
        let mut columns = Vec::with_capacity(self.first.len() * self.last.len());
        for column in &self.first {
            let hidden = self.between.iter().fold(*column, |hidden, matrix| times(matrix, &hidden));
            columns.extend(self.last.iter().map(|row| dot(row, &hidden)));
        }
        columns
    }

    fn step(&mut self) {
        let mut samples = std::mem::take(&mut self.samples);
        for sample in &mut samples {
            self.draw(sample);
            self.forward(sample);
            self.backward(sample);
        }
        self.update(&samples);
        self.samples = samples;
    }

    /// Chooses a sample; its label is kept in the place of the residual.
    fn draw(&mut self, sample: &mut Sample<V>) {
        let Teacher { strengths, noise, inputs } = self.teacher;
        let modes = strengths.len();
        match inputs {
            Inputs::OneHot => {
                sample.mode = ((self.stream.unit() * modes as f64) as usize).min(modes - 1);
                sample.residual[..modes].fill(0.0);
                sample.residual[sample.mode] = strengths[sample.mode] + noise * self.stream.normal();
            }
            Inputs::Dense => {
                for (j, strength) in strengths.iter().enumerate() {
                    sample.input[j] = self.stream.normal();
                    sample.residual[j] = strength * sample.input[j] + noise * self.stream.normal();
                }
            }
        }
    }

    fn forward(&self, sample: &mut Sample<V>) {
        let mut sum = match self.teacher.inputs {
            Inputs::OneHot => self.first[sample.mode],
            Inputs::Dense => {
                let mut sum = [f64x2::ZERO; V];
                for (row, x) in self.first.iter().zip(sample.input) {
                    add(&mut sum, x, row);
                }
                sum
            }
        };
        for layer in 0..=self.between.len() {
            (sample.values[layer], sample.slopes[layer]) = activate(self.training.activation, &sum);
            if let Some(matrix) = self.between.get(layer) {
                sum = times(matrix, &sample.values[layer]);
            }
        }
        let top = &sample.values[self.between.len()];
        for (residual, row) in sample.residual.iter_mut().zip(&self.last) {
            *residual -= dot(row, top);
        }
    }

    fn backward(&self, sample: &mut Sample<V>) {
        let mut back = [f64x2::ZERO; V];
        for (row, residual) in self.last.iter().zip(sample.residual) {
            add(&mut back, residual, row);
        }
        for layer in (0..=self.between.len()).rev() {
            let delta: Row<V> = std::array::from_fn(|v| back[v] * sample.slopes[layer][v]);
            sample.deltas[layer] = delta;
            if layer > 0 {
                back = [f64x2::ZERO; V];
                for (k, row) in self.between[layer - 1].iter().enumerate() {
                    back[k / 2].as_mut_array()[k % 2] = dot(row, &delta);
                }
            }
        }
    }

    fn update(&mut self, samples: &[Sample<V>]) {
        let Training { rate, decay, batch, .. } = *self.training;
        if decay > 0.0 {
            let keep = f64x2::splat(1.0 - rate * decay);
            let rows = self.first.iter_mut().chain(self.between.iter_mut().flatten()).chain(&mut self.last);
            rows.flatten().for_each(|weight| *weight *= keep);
        }
        let share = rate / f64::from(batch);
        for sample in samples {
            match self.teacher.inputs {
                Inputs::OneHot => add(&mut self.first[sample.mode], share, &sample.deltas[0]),
                Inputs::Dense => {
                    for (row, x) in self.first.iter_mut().zip(sample.input) {
                        add(row, share * x, &sample.deltas[0]);
                    }
                }
            }
            for (layer, matrix) in self.between.iter_mut().enumerate() {
                for (k, row) in matrix.iter_mut().enumerate() {
                    let value = sample.values[layer][k / 2].as_array()[k % 2];
                    add(row, share * value, &sample.deltas[layer + 1]);
                }
            }
            for (row, residual) in self.last.iter_mut().zip(sample.residual) {
                add(row, share * residual, &sample.values[self.between.len()]);
            }
        }
    }
}

/// `φ` and `φ′` of every neuron.
fn activate<const V: usize>(activation: Activation, sums: &Row<V>) -> (Row<V>, Row<V>) {
    let one = f64x2::splat(1.0);
    match activation {
        Activation::Linear => (*sums, [one; V]),
        Activation::Relu => {
            let positive: Row<V> = std::array::from_fn(|v| sums[v].simd_gt(f64x2::ZERO));
            (std::array::from_fn(|v| positive[v] & sums[v]), std::array::from_fn(|v| positive[v] & one))
        }
        _ => {
            let (mut values, mut slopes) = (*sums, [f64x2::ZERO; V]);
            activation.values_and_slopes(cast_slice_mut(&mut values), cast_slice_mut(&mut slopes));
            (values, slopes)
        }
    }
}

#[inline]
fn dot<const V: usize>(a: &Row<V>, b: &Row<V>) -> f64 {
    let mut sum = f64x2::ZERO;
    for (a, b) in a.iter().zip(b) {
        sum += *a * *b;
    }
    let [even, odd] = sum.to_array();
    even + odd
}

/// `sum ← sum + factor·row`.
#[inline]
fn add<const V: usize>(sum: &mut Row<V>, factor: f64, row: &Row<V>) {
    let factor = f64x2::splat(factor);
    for (sum, x) in sum.iter_mut().zip(row) {
        *sum += factor * *x;
    }
}

/// The sums of the layer above.
#[inline]
fn times<const V: usize>(matrix: &[Row<V>], values: &Row<V>) -> Row<V> {
    let mut sum = [f64x2::ZERO; V];
    for (k, row) in matrix.iter().enumerate() {
        add(&mut sum, values[k / 2].as_array()[k % 2], row);
    }
    sum
}
