//! Mean-square (`L₂`) stability of a random matrix product: the map `P ↦ E[M P Mᵀ]` on symmetric matrices.
//!
//! With `M = m I + c Ĥ`, `H̄ = E H` and `p = 1/S`, or `(N − S)/(S(N − 1))` for batches from N samples without replacement,
//! `E[M P Mᵀ] = M̄ P M̄ᵀ + c² p (E[H P Hᵀ] − H̄ P H̄ᵀ)`, `M̄ = m I + c H̄`. The product is stable in mean square iff the spectral
//! radius is below 1. Sources: theory.md section 4; Mulayoff and Michaeli, arXiv:2306.07850.

mod moments;
mod radius;

use crate::core::bracket;
use crate::core::hessian_law::{Factor, HessianLaw};
use crate::core::symmetric;
use moments::Moments;
pub use radius::Radius;

/// Everything about a law that the map needs, for any step.
#[derive(Clone, Debug)]
pub struct MeanSquare {
    moments: Moments,
}

/// The largest learning rate that is stable in mean square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CriticalRate {
    /// Every rate below it is stable, every one above it is not.
    Rate(f64),
    /// Small rates are already unstable: a direction with `E h + γ ≤ 0` that is not left alone by every sample. (By Jensen's
    /// inequality no rate is stable then.)
    None,
    /// No rate is unstable: all matrices are 0.
    Unlimited,
}

impl MeanSquare {
    /// Prepares a law. Lists of matrices cost `N d⁴` here and nothing later, where that is at most 2·10⁸ (and `d ≤ 20`).
    pub fn new(law: &HessianLaw) -> Self {
        Self { moments: Moments::new(law) }
    }

    /// `E[M P Mᵀ]` for a symmetric `P`, row by row. Cost `d³`; for longer lists of matrices with `d > 12`, `2 N d³`.
    pub fn map(&self, factor: &Factor, p: &[f64]) -> Vec<f64> {
        let dim = self.moments.dim;
        let (m, c) = (factor.offset, factor.scale);
        let share = factor.variance_factor(self.moments.count);
        let mean = &self.moments.mean;
        let left = symmetric::product(mean, p, dim);
        let both = symmetric::product_transposed(&left, mean, dim);
        let second = self.moments.second(p);
        let mut out = vec![0.0; dim * dim];
        for i in 0..dim {
            for j in 0..=i {
                let (ij, ji) = (i * dim + j, j * dim + i);
                let x = m * m * p[ij]
                    + m * c * (left[ij] + left[ji])
                    + c * c * (share * second[ij] + (1.0 - share) * both[ij]);
                out[ij] = x;
                out[ji] = x;
            }
        }
        out
    }

    /// Operations of [`MeanSquare::map`], about.
    fn cost(&self) -> usize {
        let dim = self.moments.dim;
        self.moments.cost() + 4 * dim * dim * dim
    }

    /// The spectral radius of the map. By repeated squaring of its matrix for `d ≤ 12` (some 20 ms at 12, 0.3 ms at 6), by
    /// power iteration from `P = I` beyond; see [`Radius::error`].
    pub fn radius(&self, factor: &Factor) -> Radius {
        radius::radius(self.moments.dim, self.cost(), &|p| self.map(factor, p))
    }

    /// The critical learning rate for `M = (1 − λγ) I − λĤ`, batch size and replacement those of `factor`, and symmetric
    /// `H`. Common null directions of all samples are left out: they stay as they are and neither die nor grow.
    ///
    /// With `H_γ = H + γ` the map is `P − 2λ C(P) + λ² D(P)`, `C(P) = (H̄_γ P + P H̄_γ)/2`, `D` = `E[Ĥ_γ P Ĥ_γ]`, and the limit is
    /// `2/ρ(C⁻¹D)` (Mulayoff and Michaeli, theorem 3): one power iteration instead of a bisection over rates. It is done for
    /// `C^{−½}DC^{−½}`, which is symmetric, so that the Rayleigh quotient's error is the square of the vector's; `C` is diagonal in the
    /// eigenvectors of `H̄`. A direction without curvature counts as null when its noise is below `3·10⁻⁷` of the
    /// root mean square of `‖Ĥ_γ‖`.
    pub fn critical_rate(&self, decay: f64, factor: &Factor) -> CriticalRate {
        self.critical_rate_within(decay, factor).0
    }

    /// [`MeanSquare::critical_rate`], and by how much it may be off: see [`Radius::error`], which is a bound here.
    pub fn critical_rate_within(&self, decay: f64, factor: &Factor) -> (CriticalRate, f64) {
        let dim = self.moments.dim;
        let (values, vectors) = symmetric::eigen(&self.moments.mean, dim);
        let most = values.iter().fold(0.0_f64, |most, h| most.max((h + decay).abs()));
        // D on its own: m = γ, c = 1
        let own = Factor { offset: decay, scale: 1.0, ..*factor };
        let growth = |p: &[f64]| self.map(&own, p);
        let zero = 1e-10 * most;
        let kept: Vec<bool> = values.iter().map(|h| h + decay > zero).collect();
        // E|Ĥ_γ v|² comes from quadratic forms, so a null direction has the rounding of E‖Ĥ_γ‖² left
        let whole = trace(&growth(&identity(dim)), dim);
        for (k, h) in values.iter().enumerate() {
            let direction: Vec<f64> = (0..dim).map(|i| vectors[i * dim + k]).collect();
            let p = symmetric::outer(&direction);
            if h + decay < -zero || (!kept[k] && trace(&growth(&p), dim) > 1e-13 * whole) {
                return (CriticalRate::None, 0.0);
            }
        }
        if !kept.contains(&true) {
            return (CriticalRate::Unlimited, 0.0);
        }
        // C^{−½} on the directions kept, 0 on the others
        let mut root = vec![0.0; dim * dim];
        for i in (0..dim).filter(|i| kept[*i]) {
            for j in (0..dim).filter(|j| kept[*j]) {
                root[i * dim + j] = 1.0 / (0.5 * (values[i] + values[j]) + decay).sqrt();
            }
        }
        let scaled = |x: &[f64]| -> Vec<f64> { x.iter().zip(&root).map(|(x, c)| x * c).collect() };
        let solved = |p: &[f64]| {
            let outside = symmetric::from_basis(&scaled(p), &vectors, dim);
            scaled(&symmetric::to_basis(&growth(&outside), &vectors, dim))
        };
        let Radius { value, error } = radius::radius(dim, self.cost() + 8 * dim * dim * dim, &solved);
        if value > 0.0 {
            (CriticalRate::Rate(2.0 / value), 2.0 * error / (value * value))
        } else {
            (CriticalRate::Unlimited, 0.0)
        }
    }

    /// The largest learning rate at which gradient descent with the mean Hessian, `M = (1 − λγ) I − λH̄`, is stable: `2/h` with `h`
    /// the largest eigenvalue of `H̄ + γ`; directions with eigenvalue 0 stay as they are. For symmetric `H`.
    pub fn gradient_descent_rate(&self, decay: f64) -> CriticalRate {
        let (values, _) = symmetric::eigen(&self.moments.mean, self.moments.dim);
        let (least, most) = values
            .iter()
            .map(|h| h + decay)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), h| (least.min(h), most.max(h)));
        let zero = 1e-10 * most.abs().max(least.abs());
        if least < -zero {
            CriticalRate::None
        } else if most > zero {
            CriticalRate::Rate(2.0 / most)
        } else {
            CriticalRate::Unlimited
        }
    }

    /// [`MeanSquare::critical_rate`] by looking for the rate at which the radius is 1, between `low` (stable) and `high` (unstable), to a few
    /// units in the last place; `None` if they are not. For matrices that are not symmetric, and as a check.
    pub fn bisected_rate(&self, decay: f64, factor: &Factor, low: f64, high: f64) -> Option<f64> {
        let excess = |rate: f64| {
            let step = Factor { offset: 1.0 - rate * decay, scale: -rate, ..*factor };
            libm::log(self.radius(&step).value)
        };
        let ends = ((low, excess(low)), (high, excess(high)));
        (ends.0.1 < 0.0 && ends.1.1 > 0.0).then(|| bracket::root(excess, ends.0, ends.1))
    }
}

fn identity(dim: usize) -> Vec<f64> {
    let mut matrix = vec![0.0; dim * dim];
    matrix.iter_mut().step_by(dim + 1).for_each(|x| *x = 1.0);
    matrix
}

fn trace(p: &[f64], dim: usize) -> f64 {
    p.iter().step_by(dim + 1).sum()
}
