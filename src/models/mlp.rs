//! Multilayer perceptrons without bias.
//!
//! Depth `L ≥ 2` counts the weight matrices: `h_1 = φ(W_1 x)`, `h_l = φ(W_l h_{l−1})` for `1 < l < L`, `f = W_L h_{L−1}`.
//! With residual connections `h_l = h_{l−1} + φ(W_l h_{l−1})` for `1 < l < L` (He and others, arXiv:1512.03385, without
//! normalisation).
//!
//! | what | where |
//! |---|---|
//! | sizes, the weights as matrices, initial values | here |
//! | loss, exact gradient, one step of SGD | [`Weights::loss`], [`Weights::gradient`], [`Weights::step`] |
//! | Hessian times a vector | [`Weights::hessian_times`] |
//!
//! **At the origin.** Without biases every sample's gradient is 0 at `W = 0`. For `L = 2`, and for every residual network, the
//! Hessian there couples `W_1` and `W_L` alone, by `−φ′(0) r xᵀ` with the residual `r` at output 0; for `L ≥ 3` without
//! residual connections it vanishes.

mod hessian;
mod pass;

pub use hessian::TangentWorkspace;
pub use pass::Workspace;

use super::activation::Activation;
use super::kernels::padded;
use super::loss::Loss;
use crate::core::rng::Stream;
use std::fmt;

/// Most numbers in a layer.
pub const LARGEST_WIDTH: usize = 1024;

/// Largest depth.
pub const LARGEST_DEPTH: usize = 32;

/// What a network is, apart from its weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Numbers in an input, `d`.
    pub inputs: usize,
    /// Neurons in each hidden layer, `m`.
    pub width: usize,
    /// Numbers in an output, `c`.
    pub outputs: usize,
    /// Weight matrices, `L`.
    pub depth: usize,
    /// `φ`.
    pub activation: Activation,
    /// Residual connections around the hidden matrices `W_2 … W_{L−1}`.
    pub residual: bool,
    /// `ℓ`.
    pub loss: Loss,
}

/// Why a shape was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeError {
    /// A layer of 0 or of more than [`LARGEST_WIDTH`] numbers.
    Width(usize),
    /// Fewer than 2 or more than [`LARGEST_DEPTH`] matrices.
    Depth(usize),
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Width(width) => {
                write!(f, "A layer has {width} numbers; 1 to {LARGEST_WIDTH} are allowed.")
            }
            Self::Depth(depth) => write!(f, "The depth is {depth}; 2 to {LARGEST_DEPTH} are allowed."),
        }
    }
}

impl std::error::Error for ShapeError {}

/// Where a matrix lies among the numbers of all, and its size without padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Layer {
    start: usize,
    rows: usize,
    columns: usize,
}

/// The matrices of a network: its weights, or a gradient or a direction of the same shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    shape: Shape,
    layers: Vec<Layer>,
    /// The padded matrices, one after the other.
    numbers: Vec<f64>,
}

impl Shape {
    /// Whether hidden matrix `layer` (from 0) has a residual connection around it.
    fn is_residual(&self, layer: usize) -> bool {
        self.residual && layer > 0 && layer + 1 < self.depth
    }

    /// Weights, `m d + (L − 2) m² + c m`.
    pub fn count(&self) -> usize {
        self.width * (self.inputs + (self.depth - 2) * self.width + self.outputs)
    }

    /// Whether the Hessian at the origin is other than 0, and so has exponents: `φ` is smooth there, and a product of two
    /// matrices alone joins inputs to outputs.
    pub fn has_hessian_at_origin(&self) -> bool {
        self.activation.slope_at_origin().is_some() && (self.depth == 2 || self.residual)
    }
}

impl Weights {
    /// All 0.
    ///
    /// # Errors
    /// A width or depth that is not allowed.
    pub fn zeros(shape: Shape) -> Result<Self, ShapeError> {
        for width in [shape.inputs, shape.width, shape.outputs] {
            if !(1..=LARGEST_WIDTH).contains(&width) {
                return Err(ShapeError::Width(width));
            }
        }
        if !(2..=LARGEST_DEPTH).contains(&shape.depth) {
            return Err(ShapeError::Depth(shape.depth));
        }
        let mut start = 0;
        let layer = |index: usize| {
            let rows = if index + 1 == shape.depth { shape.outputs } else { shape.width };
            let columns = if index == 0 { shape.inputs } else { shape.width };
            let layer = Layer { start, rows, columns };
            start += padded(rows) * padded(columns);
            layer
        };
        let layers = (0..shape.depth).map(layer).collect();
        Ok(Self { shape, layers, numbers: vec![0.0; start] })
    }

    /// What the network is.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Independent normal weights of mean 0 and variance `scale²/columns` (`LeCun`'s initial values for `scale` = 1): the
    /// size of a signal stays the same from layer to layer where `φ` is linear.
    pub fn randomise(&mut self, scale: f64, stream: &mut Stream) {
        for index in 0..self.layers.len() {
            let deviation = scale / (self.layers[index].columns as f64).sqrt();
            for row in 0..self.layers[index].rows {
                self.row_mut(index, row).iter_mut().for_each(|w| *w = deviation * stream.normal());
            }
        }
    }

    /// Row `row` of matrix `layer`, both from 0: the weights into one neuron.
    pub fn row(&self, layer: usize, row: usize) -> &[f64] {
        let Layer { start, columns, .. } = self.layers[layer];
        let at = start + row * padded(columns);
        &self.numbers[at..at + columns]
    }

    /// The same, to be changed.
    pub fn row_mut(&mut self, layer: usize, row: usize) -> &mut [f64] {
        let Layer { start, columns, .. } = self.layers[layer];
        let at = start + row * padded(columns);
        &mut self.numbers[at..at + columns]
    }

    /// Rows and columns of matrix `layer`.
    pub fn size(&self, layer: usize) -> (usize, usize) {
        (self.layers[layer].rows, self.layers[layer].columns)
    }

    /// All weights without padding, matrix by matrix, row by row.
    pub fn store(&self, into: &mut Vec<f64>) {
        for (index, layer) in self.layers.iter().enumerate() {
            for row in 0..layer.rows {
                into.extend_from_slice(self.row(index, row));
            }
        }
    }

    /// Reads what [`Weights::store`] wrote. False, and nothing changed, if there are not [`Shape::count`] numbers.
    pub fn load(&mut self, from: &[f64]) -> bool {
        if from.len() != self.shape.count() {
            return false;
        }
        let mut rest = from;
        for index in 0..self.layers.len() {
            for row in 0..self.layers[index].rows {
                let (numbers, after) = rest.split_at(self.layers[index].columns);
                self.row_mut(index, row).copy_from_slice(numbers);
                rest = after;
            }
        }
        true
    }

    /// `Σ w²` over all weights.
    pub fn square_norm(&self) -> f64 {
        self.numbers.iter().map(|w| w * w).sum()
    }

    /// Norms of the neurons of hidden layer `layer` (from 0): `√(‖weights in‖² + ‖weights out‖²)`.
    pub fn neuron_norms(&self, layer: usize) -> Vec<f64> {
        let after = layer + 1;
        let norm = |neuron: usize| {
            let into: f64 = self.row(layer, neuron).iter().map(|w| w * w).sum();
            let out: f64 = (0..self.layers[after].rows)
                .map(|row| {
                    let w = self.row(after, row)[neuron];
                    w * w
                })
                .sum();
            (into + out).sqrt()
        };
        (0..self.shape.width).map(norm).collect()
    }

    /// A padded matrix.
    fn matrix(&self, layer: usize) -> &[f64] {
        let Layer { start, rows, columns } = self.layers[layer];
        &self.numbers[start..start + padded(rows) * padded(columns)]
    }

    fn matrix_mut(&mut self, layer: usize) -> &mut [f64] {
        let Layer { start, rows, columns } = self.layers[layer];
        &mut self.numbers[start..start + padded(rows) * padded(columns)]
    }
}
