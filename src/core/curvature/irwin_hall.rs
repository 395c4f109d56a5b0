//! The sum `U` of `S` independent uniform draws on `[−½, ½]` (the centred Irwin–Hall law, a B-spline), and
//! expectations `E f(|t − U|)` of functions with a singularity at 0.
//!
//! **Density.** On the lattices `x + ℤ` the B-spline recurrence
//! `B_{n+1}(x+k) = [(x+k) B_n(x+k) + (n+1−x−k) B_n(x+k−1)]/n` adds only positive numbers, so every value has a
//! relative error of order `Sε`, far into the tails; and `Σ_k B_S(x+k) = 1` removes what accumulates (C. de Boor,
//! *A Practical Guide to Splines*, ch. X). It is stored at Gauss–Legendre nodes of panels that start at
//! integers and are about one standard deviation wide (one unit for `S < 48`).
//!
//! **Expectations.** Panels further than half their width from `t` are summed over the nodes (16 nodes err by
//! `3.7^{−32}`). The panel that holds `t` is split there, and each part is integrated by product weights
//! ([`super::product_rule`]), exact for `f` times a polynomial. Panels in between are cut geometrically.
//! Beyond degree 15 the density of a panel has Legendre coefficients below 1e-17.

use super::product_rule::{Kernel, NODES, legendre, rule};

/// Half-width, in standard deviations, of the part of the support that is kept (density there: e^{−300}).
const REACH: f64 = 24.5;

/// The centred Irwin–Hall law, prepared for expectations.
#[derive(Debug)]
pub(crate) struct IrwinHall {
    batch: u32,
    width: f64,
    start: f64,
    /// Weight × density at the nodes, panel by panel.
    mass: Vec<[f64; NODES]>,
    /// Legendre coefficients of the density of each panel.
    series: Vec<[f64; NODES]>,
}

impl IrwinHall {
    /// Prepares the law of `batch ≥ 1` draws. Cost: `O(batch)` below 64, `O(batch^{3/2})` beyond.
    pub(crate) fn new(batch: u32) -> Self {
        let rule = rule();
        let spread = Self::deviation(batch);
        let width = if batch < 48 { 1 } else { spread as i64 };
        let half = (0.5 * f64::from(batch)).min(REACH * spread);
        let (first, panels) = if batch < 48 {
            (0, i64::from(batch))
        } else {
            let each = (half / width as f64).ceil() as i64;
            (i64::from(batch / 2) - each * width, 2 * each + 1)
        };
        let offsets: [f64; NODES] = core::array::from_fn(|j| width as f64 * rule.nodes[j]);
        let lattice = lattices(batch, &core::array::from_fn(|j| offsets[j] - offsets[j].floor()));
        let density = |index: i64, j: usize| {
            usize::try_from(index).ok().and_then(|i| lattice.get(i)).map_or(0.0, |row| row[j])
        };
        let (mut mass, mut series) = (Vec::new(), Vec::new());
        let basis: [[f64; NODES]; NODES] = core::array::from_fn(|j| legendre(2.0 * rule.nodes[j] - 1.0));
        for panel in 0..panels {
            let values: [f64; NODES] =
                core::array::from_fn(|j| density(first + panel * width + offsets[j].floor() as i64, j));
            mass.push(core::array::from_fn(|j| width as f64 * rule.weights[j] * values[j]));
            series.push(core::array::from_fn(|n| {
                (2 * n + 1) as f64
                    * (0..NODES).map(|j| rule.weights[j] * basis[j][n] * values[j]).sum::<f64>()
            }));
        }
        Self { batch, width: width as f64, start: first as f64 - 0.5 * f64::from(batch), mass, series }
    }

    /// Standard deviation `√(S/12)`.
    pub(crate) fn deviation(batch: u32) -> f64 {
        (f64::from(batch) / 12.0).sqrt()
    }

    /// Number of draws `S`.
    pub(crate) fn batch(&self) -> u32 {
        self.batch
    }

    /// Density on a panel at the fraction `y` of its width.
    fn density(&self, panel: usize, y: f64) -> f64 {
        let p = legendre(2.0 * y - 1.0);
        (0..NODES).map(|n| p[n] * self.series[panel][n]).sum()
    }

    /// `E f(|t − U|)`, `t ≥ 0`, to a few ε of the largest term. Cost: 16 values of `f` a panel.
    pub(crate) fn expect(&self, t: f64, kernel: Kernel) -> f64 {
        let power = kernel.weights();
        let mut total = 0.0;
        for panel in 0..self.mass.len() {
            let left = self.start + panel as f64 * self.width;
            let y = (t - left) / self.width;
            if (0.0..=1.0).contains(&y) {
                total += self.touching(panel, y, -y, kernel, &power);
                total += self.touching(panel, y, 1.0 - y, kernel, &power);
            } else {
                total += self.apart(panel, y, 0.0, 1.0, kernel);
            }
        }
        total
    }

    /// The part of a panel between the singular point `y` and `y + d` (all as fractions of the width).
    fn touching(&self, panel: usize, y: f64, d: f64, kernel: Kernel, power: &[f64; NODES]) -> f64 {
        let (rule, length) = (rule(), d.abs() * self.width);
        if length == 0.0 {
            return 0.0;
        }
        let (mut plain, mut log, mut squared, mut cubed, mut powers) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (j, weight) in power.iter().enumerate() {
            let b = self.density(panel, y + d * rule.nodes[j]);
            plain += rule.weights[j] * b;
            log += rule.log[j] * b;
            squared += rule.log_squared[j] * b;
            cubed += rule.log_cubed[j] * b;
            powers += weight * b;
        }
        length
            * match kernel {
                Kernel::Log { unit } => libm::log(length / unit) * plain + log,
                Kernel::SquaredLog { centre } => {
                    let shift = libm::log(length) - centre;
                    shift * shift * plain + 2.0 * shift * log + squared
                }
                Kernel::CubedLog { centre } => {
                    let shift = libm::log(length) - centre;
                    shift * (shift * (shift * plain + 3.0 * log) + 3.0 * squared) + cubed
                }
                Kernel::Power { order, unit } => libm::pow(length / unit, order) * powers,
                Kernel::Excess { order, unit } => {
                    // r^p v^p − 1 = (r^p − 1)(v^p − 1) + (r^p − 1) + (v^p − 1)
                    let outer = libm::expm1(order * libm::log(length / unit));
                    outer * powers + outer * plain + powers
                }
            }
    }

    /// The part `[a, b]` of a panel that does not hold the singular point `y`: cut until the distance to `y` is
    /// half the length, and until a power grows by no more than e^{16}.
    fn apart(&self, panel: usize, y: f64, a: f64, b: f64, kernel: Kernel) -> f64 {
        let (rule, length) = (rule(), b - a);
        let near = if y < a { a - y } else { y - b };
        let steep = if let Kernel::Power { order, .. } = kernel {
            order.abs() * length > 16.0 * (near + length)
        } else {
            false
        };
        let value = |j: usize| kernel.at((y - a - length * rule.nodes[j]).abs() * self.width);
        if near >= 0.5 * length && !steep {
            return if length == 1.0 {
                (0..NODES).map(|j| self.mass[panel][j] * value(j)).sum()
            } else {
                let part = |j: usize| rule.weights[j] * self.density(panel, a + length * rule.nodes[j]);
                self.width * length * (0..NODES).map(|j| part(j) * value(j)).sum::<f64>()
            };
        }
        if length < 1e-17 {
            // shorter than rounding: even v^{−0.99} leaves less than the error of t here
            return 0.0;
        }
        // the part next to y twice as long as its distance from y, or half of the whole
        let cut = if near >= 0.5 * length { 0.5 * length } else { (2.0 * near).max(1e-17).min(0.5 * length) };
        let middle = if y < a { a + cut } else { b - cut };
        self.apart(panel, y, a, middle, kernel) + self.apart(panel, y, middle, b, kernel)
    }
}

/// `B_S(x_j + k)` for sixteen fractions `x_j ∈ [0, 1)`, row `k`; zero outside the part that is kept.
fn lattices(batch: u32, fractions: &[f64; NODES]) -> Vec<[f64; NODES]> {
    let size = batch as usize;
    let mut rows = vec![[0.0; NODES]; size];
    rows[0] = [1.0; NODES];
    for n in 1..size {
        let reach = (REACH + 3.0) * IrwinHall::deviation(n as u32 + 1) + 3.0;
        let middle = 0.5 * (n + 1) as f64;
        let low = (middle - reach).max(0.0) as usize;
        let high = ((middle + reach) as usize).min(n);
        if low > 0 {
            rows[low - 1] = [0.0; NODES];
        }
        for k in (low..=high).rev() {
            let before = if k > 0 { rows[k - 1] } else { [0.0; NODES] };
            for j in 0..NODES {
                let y = fractions[j] + k as f64;
                rows[k][j] = (y * rows[k][j] + ((n + 1) as f64 - y) * before[j]) / n as f64;
            }
        }
    }
    for j in 0..NODES {
        let sum: f64 = rows.iter().map(|row| row[j]).sum();
        for row in &mut rows {
            row[j] /= sum;
        }
    }
    rows
}
