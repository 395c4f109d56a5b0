//! Losses of one sample and their first two derivatives with respect to the outputs `f ∈ R^c`.
//!
//! | name | `ℓ(f; y)` | `∂ℓ/∂f` | `∂²ℓ/∂f²` |
//! |---|---|---|---|
//! | [`Loss::Squared`] | `½‖f − y‖²` | `f − y` | `I` |
//! | [`Loss::CrossEntropy`] | `−Σ y_k log p_k`, `p = softmax f` | `p − y` | `diag p − p pᵀ` |
//!
//! The target `y` of the cross-entropy is a distribution, `Σ y_k = 1`: one-hot for a label.

/// A loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// `½‖f − y‖²`.
    Squared,
    /// Softmax cross-entropy, nats.
    CrossEntropy,
}

impl Loss {
    /// `ℓ(f; y)`; `slope` becomes `∂ℓ/∂f`. All three have `c` numbers.
    ///
    /// The softmax is taken of `f − max f`, so large outputs do no harm; outputs that are no numbers give no number.
    pub fn value_and_slope(self, outputs: &[f64], target: &[f64], slope: &mut [f64]) -> f64 {
        match self {
            Self::Squared => {
                let mut sum = 0.0;
                for ((d, f), y) in slope.iter_mut().zip(outputs).zip(target) {
                    *d = f - y;
                    sum += *d * *d;
                }
                0.5 * sum
            }
            Self::CrossEntropy => {
                let most = outputs.iter().fold(f64::NEG_INFINITY, |most, &f| if f > most { f } else { most });
                let (mut total, mut along) = (0.0, 0.0);
                for ((d, f), y) in slope.iter_mut().zip(outputs).zip(target) {
                    *d = libm::exp(f - most);
                    total += *d;
                    along += y * (f - most);
                }
                for (d, y) in slope.iter_mut().zip(target) {
                    *d = *d / total - y;
                }
                libm::log(total) - along
            }
        }
    }

    /// `tangent` becomes `∂²ℓ/∂f² ḟ`, given `∂ℓ/∂f` of [`Loss::value_and_slope`]. `tangent` holds `ḟ` before.
    pub fn apply_hessian(self, slope: &[f64], target: &[f64], tangent: &mut [f64]) {
        if self == Self::Squared {
            return;
        }
        let mut along = 0.0;
        for ((t, d), y) in tangent.iter().zip(slope).zip(target) {
            along += (d + y) * t;
        }
        for ((t, d), y) in tangent.iter_mut().zip(slope).zip(target) {
            *t = (d + y) * (*t - along);
        }
    }

    /// `−∂ℓ/∂f` at output 0, the residual `r` that drives a network off the origin: `y`, or `y − 1/c`.
    pub fn residual_at_origin(self, target: &[f64]) -> Vec<f64> {
        let mut slope = vec![0.0; target.len()];
        self.value_and_slope(&vec![0.0; target.len()], target, &mut slope);
        slope.iter().map(|d| -d).collect()
    }
}
