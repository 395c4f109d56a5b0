//! Forward and backward through the layers: loss, gradient, one step of SGD.

use super::{Shape, Weights};
use crate::models::kernels::{add_outer, add_transposed_times, copy, padded, times};
use crate::models::samples::Samples;

/// Memory for passes over at most so many samples at once; a step allocates nothing.
#[derive(Clone, Debug)]
pub struct Workspace {
    pub(super) shape: Shape,
    most: usize,
    /// `h_l` of each hidden layer, sample by sample.
    pub(super) hidden: Vec<Vec<f64>>,
    /// `φ′(W_l h_{l−1})`.
    pub(super) slope: Vec<Vec<f64>>,
    /// `f`.
    pub(super) output: Vec<f64>,
    /// Gradient before the activation of the layer at hand (at the outputs: of `f`).
    pub(super) delta: Vec<f64>,
    /// Gradient of `h` of the layer at hand.
    back: Vec<f64>,
    /// Gradient of `h` of the layer before it.
    next: Vec<f64>,
}

impl Workspace {
    /// For at most `most` samples at once.
    pub fn new(shape: &Shape, most: usize) -> Self {
        let (width, outputs) = (most * padded(shape.width), most * padded(shape.outputs));
        let hidden = vec![vec![0.0; width]; shape.depth - 1];
        Self {
            shape: *shape,
            most,
            slope: hidden.clone(),
            hidden,
            output: vec![0.0; outputs],
            delta: vec![0.0; width.max(outputs)],
            back: vec![0.0; width],
            next: vec![0.0; width],
        }
    }

    /// Most samples at once.
    pub fn most(&self) -> usize {
        self.most
    }

    /// `f` of a sample of the last pass.
    pub fn output(&self, sample: usize) -> &[f64] {
        &self.output[sample * padded(self.shape.outputs)..][..self.shape.outputs]
    }

    /// `h_{L−1}` of a sample of the last pass, the numbers that the last matrix reads.
    pub fn features(&self, sample: usize) -> &[f64] {
        &self.hidden[self.shape.depth - 2][sample * padded(self.shape.width)..][..self.shape.width]
    }
}

impl Weights {
    /// The mean loss of a batch; outputs and features stay in the workspace. `m d + (L − 2) m² + c m` products a sample.
    ///
    /// # Panics
    /// If the workspace was made for another shape or fewer samples, here and in the functions below.
    pub fn loss(&self, batch: &Samples, work: &mut Workspace) -> f64 {
        self.forward(batch, work);
        self.slope_of_outputs(batch, work)
    }

    /// The mean loss of a batch, and its gradient in `into`. Three times the work of [`Weights::loss`].
    pub fn gradient(&self, batch: &Samples, work: &mut Workspace, into: &mut Self) -> f64 {
        let loss = self.loss(batch, work);
        let share = 1.0 / batch.count() as f64;
        for layer in (0..self.shape.depth).rev() {
            self.pull_back(layer, batch.count(), work);
            into.add_to_matrix(layer, 0.0, share, batch, work);
            descend(layer, batch.count(), work);
        }
        loss
    }

    /// One step of SGD, `W ← (1 − λγ) W − λ ∇ mean loss`. Returns the mean loss before the step.
    pub fn step(&mut self, batch: &Samples, rate: f64, decay: f64, work: &mut Workspace) -> f64 {
        let loss = self.loss(batch, work);
        let (keep, scale) = (1.0 - rate * decay, -rate / batch.count() as f64);
        for layer in (0..self.shape.depth).rev() {
            // what goes further back is taken from the weights before the step
            self.pull_back(layer, batch.count(), work);
            self.add_to_matrix(layer, keep, scale, batch, work);
            descend(layer, batch.count(), work);
        }
        loss
    }

    fn forward(&self, batch: &Samples, work: &mut Workspace) {
        let (shape, count) = (&self.shape, batch.count());
        let width = padded(shape.width);
        for layer in 0..shape.depth - 1 {
            let (before, here) = work.hidden.split_at_mut(layer);
            let (source, stride) = source(before, batch, shape);
            for sample in 0..count {
                let x = &source[sample * stride..][..stride];
                let h = &mut here[0][sample * width..][..width];
                times(self.matrix(layer), x, h);
                let slopes = &mut work.slope[layer][sample * width..][..width];
                shape.activation.values_and_slopes(h, slopes);
                if shape.is_residual(layer) {
                    h.iter_mut().zip(x).for_each(|(h, x)| *h += x);
                }
            }
        }
        let outputs = padded(shape.outputs);
        for sample in 0..count {
            let features = &work.hidden[shape.depth - 2][sample * width..][..width];
            times(self.matrix(shape.depth - 1), features, &mut work.output[sample * outputs..][..outputs]);
        }
    }

    /// The mean loss; `∂ℓ/∂f` of each sample to `delta`.
    fn slope_of_outputs(&self, batch: &Samples, work: &mut Workspace) -> f64 {
        let (outputs, stride) = (self.shape.outputs, padded(self.shape.outputs));
        let mut sum = 0.0;
        for sample in 0..batch.count() {
            let slope = &mut work.delta[sample * stride..][..stride];
            slope[outputs..].fill(0.0);
            let f = &work.output[sample * stride..][..outputs];
            sum += self.shape.loss.value_and_slope(f, batch.target(sample), &mut slope[..outputs]);
        }
        sum / batch.count() as f64
    }

    /// From `delta` at a matrix to `next`, the gradient of what the matrix reads.
    fn pull_back(&self, layer: usize, count: usize, work: &mut Workspace) {
        if layer == 0 {
            return;
        }
        let (height, width) = (padded(self.size(layer).0), padded(self.shape.width));
        for sample in 0..count {
            let next = &mut work.next[sample * width..][..width];
            let around = self.shape.is_residual(layer);
            if around {
                copy(&work.back[sample * width..][..width], next);
            }
            add_transposed_times(self.matrix(layer), &work.delta[sample * height..][..height], next, around);
        }
    }

    /// Adds `scale Σ_s δ_s h_sᵀ` to `keep` times this matrix, `δ` and `h` those of the workspace.
    fn add_to_matrix(&mut self, layer: usize, keep: f64, scale: f64, batch: &Samples, work: &Workspace) {
        let (count, rows) = (batch.count(), self.size(layer).0);
        let read = source(&work.hidden[..layer], batch, &self.shape);
        let deltas = (&*work.delta, padded(rows));
        add_outer(self.matrix_mut(layer), (rows, count), (keep, scale), deltas, read);
    }
}

/// What a matrix reads, one padded vector per sample, and the length of one: the last of the hidden layers before it, or the
/// inputs.
pub(super) fn source<'a>(before: &'a [Vec<f64>], batch: &'a Samples, shape: &Shape) -> (&'a [f64], usize) {
    match before.last() {
        Some(hidden) => (hidden, padded(shape.width)),
        None => (batch.padded_inputs(), padded(batch.inputs())),
    }
}

/// The layer before becomes the one at hand.
fn descend(layer: usize, count: usize, work: &mut Workspace) {
    if layer == 0 {
        return;
    }
    std::mem::swap(&mut work.back, &mut work.next);
    let used = count * padded(work.shape.width);
    let gradients = work.back[..used].iter().zip(&work.slope[layer - 1]);
    for (delta, (back, slope)) in work.delta.iter_mut().zip(gradients) {
        *delta = back * slope;
    }
}
