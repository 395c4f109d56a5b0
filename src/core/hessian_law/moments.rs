//! First and second moments of a random matrix.

use super::{HessianLaw, Isotropic};

impl HessianLaw {
    /// `E H`, row by row.
    pub fn mean(&self) -> Vec<f64> {
        let dim = self.dim();
        let mut mean = vec![0.0; dim * dim];
        match self {
            Self::Gaussian { .. } | Self::Pairs { .. } => {}
            Self::Regression { inputs, .. } => {
                mean.iter_mut().step_by(dim + 1).for_each(|x| *x = inputs.second(dim));
            }
            Self::Neuron(neuron) => {
                let second = neuron.input_law.second(neuron.inputs);
                for (i, s) in neuron.signal.iter().enumerate() {
                    let j = neuron.outputs + i;
                    mean[i * dim + j] = -second * s;
                    mean[j * dim + i] = -second * s;
                }
            }
            Self::Matrices { entries, .. } => {
                for matrix in entries.chunks_exact(dim * dim) {
                    mean.iter_mut().zip(matrix).for_each(|(sum, x)| *sum += x);
                }
            }
            Self::Rows { entries, .. } => {
                for x in entries.chunks_exact(dim) {
                    for (row, a) in mean.chunks_exact_mut(dim).zip(x) {
                        row.iter_mut().zip(x).for_each(|(sum, b)| *sum += a * b);
                    }
                }
            }
        }
        if let Self::Pairs { entries, .. } = self {
            for pair in entries.chunks_exact(2 * dim) {
                let (left, right) = pair.split_at(dim);
                for ((row, l), r) in mean.chunks_exact_mut(dim).zip(left).zip(right) {
                    for ((sum, y), x) in row.iter_mut().zip(left).zip(right) {
                        *sum -= l * x + r * y;
                    }
                }
            }
        }
        if let Some(count) = self.count() {
            for x in &mut mean {
                *x /= count as f64;
            }
        }
        mean
    }

    /// `E ‖H‖²` (Frobenius).
    pub fn square_norm(&self) -> f64 {
        let dim = self.dim();
        let d = dim as f64;
        match self {
            Self::Gaussian { .. } => d * d,
            Self::Regression { inputs, .. } => fourth_norm(*inputs, dim),
            Self::Neuron(neuron) => {
                let inputs = neuron.inputs;
                let signal: f64 = neuron.signal.iter().map(|s| s * s).sum();
                let noise = neuron.noise * neuron.noise;
                let noise = noise * neuron.noise_law.second(neuron.outputs) * neuron.outputs as f64;
                let second = neuron.input_law.second(inputs) * inputs as f64;
                2.0 * (signal * fourth_norm(neuron.input_law, inputs) / inputs as f64 + noise * second)
            }
            Self::Matrices { entries, .. } => {
                entries.iter().map(|x| x * x).sum::<f64>() / (entries.len() / (dim * dim)) as f64
            }
            Self::Rows { entries, .. } => {
                let fourth = entries.chunks_exact(dim).map(|x| {
                    let square: f64 = x.iter().map(|x| x * x).sum();
                    square * square
                });
                fourth.sum::<f64>() / (entries.len() / dim) as f64
            }
            Self::Pairs { entries, .. } => {
                let square = entries.chunks_exact(2 * dim).map(|pair| {
                    let (left, right) = pair.split_at(dim);
                    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
                    let along = dot(left, right);
                    2.0 * (dot(left, left) * dot(right, right) + along * along)
                });
                square.sum::<f64>() / (entries.len() / (2 * dim)) as f64
            }
        }
    }
}

/// `E |x|⁴`.
fn fourth_norm(law: Isotropic, dim: usize) -> f64 {
    let d = dim as f64;
    match law {
        Isotropic::Sphere => 1.0,
        Isotropic::Gaussian => d * (d + 2.0),
        Isotropic::Signs => d * d,
    }
}
