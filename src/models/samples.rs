//! Samples in memory: rows of inputs, padded with zeros to whole SIMD vectors, and rows of targets.

use super::kernels::{copy, padded};

/// Some samples: a data set, or a batch of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    inputs: usize,
    outputs: usize,
    /// One padded row after the other.
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Samples {
    /// None yet, of `inputs` and `outputs` numbers each.
    pub fn new(inputs: usize, outputs: usize) -> Self {
        Self { inputs, outputs, x: Vec::new(), y: Vec::new() }
    }

    /// Adds one: `inputs` numbers `x`, `outputs` numbers `y`. What is too long is cut, what is missing is 0.
    pub fn push(&mut self, x: &[f64], y: &[f64]) {
        let (inputs, outputs) = (self.inputs, self.outputs);
        self.x.extend(x.iter().copied().chain(std::iter::repeat(0.0)).take(inputs));
        self.x.resize(self.x.len() - inputs + padded(inputs), 0.0);
        self.y.extend(y.iter().copied().chain(std::iter::repeat(0.0)).take(outputs));
    }

    /// Replaces these by the chosen ones of `from`. Allocates only if there were never as many.
    pub fn choose(&mut self, from: &Self, chosen: &[u32]) {
        let stride = padded(self.inputs);
        self.x.resize(chosen.len() * stride, 0.0);
        self.y.clear();
        for (x, &index) in self.x.chunks_exact_mut(stride).zip(chosen) {
            copy(from.padded_input(index as usize), x);
            self.y.extend_from_slice(from.target(index as usize));
        }
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.x.len() / padded(self.inputs)
    }

    /// Numbers in an input.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Numbers in a target.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// An input.
    pub fn input(&self, index: usize) -> &[f64] {
        &self.padded_input(index)[..self.inputs]
    }

    /// A target.
    pub fn target(&self, index: usize) -> &[f64] {
        &self.y[index * self.outputs..(index + 1) * self.outputs]
    }

    fn padded_input(&self, index: usize) -> &[f64] {
        let stride = padded(self.inputs);
        &self.x[index * stride..(index + 1) * stride]
    }

    /// All inputs, padded.
    pub(super) fn padded_inputs(&self) -> &[f64] {
        &self.x
    }
}
