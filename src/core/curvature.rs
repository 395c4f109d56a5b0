//! Laws of the curvature `h` along one direction, and the laws of its batch means `ĥ`.

/// A law of the per-sample curvature.
#[derive(Clone, Debug, PartialEq)]
pub enum Law {
    /// Finitely many values with probabilities that sum to 1.
    Discrete {
        /// The values of `h`.
        values: Vec<f64>,
        /// Their probabilities.
        probs: Vec<f64>,
    },
    /// `N(mean, std²)`.
    Gaussian {
        /// Mean.
        mean: f64,
        /// Standard deviation, ≥ 0.
        std: f64,
    },
    /// Uniform on `[low, high]`.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end, ≥ `low`.
        high: f64,
    },
    /// `h = x y` with `y = k x + σ ε`, `x, ε ~ N(0, 1)`: one-dimensional regression on a linear teacher.
    Teacher {
        /// Slope `k` of the teacher.
        slope: f64,
        /// Standard deviation `σ` of the label noise, ≥ 0.
        noise: f64,
    },
}
