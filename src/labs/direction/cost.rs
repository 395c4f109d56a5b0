//! What questions about one batch law cost, in elementary steps (about a nanosecond of WebAssembly).
//!
//! Estimates within a factor of a few: they choose shard sizes, and whether something is computed at once.

use super::sgd::{LawName, Sgd};

/// Work of one shard that stays below 50 ms on a slow laptop.
pub const SHARD: f64 = 1.2e7;
/// Most work of one job.
pub const MOST: f64 = 2e10;
/// Atoms of a batch law up to which it is held exactly; more go on a grid.
const MOST_ATOMS: f64 = 1e6;

/// Estimated number of atoms of the batch law at the point, 1 for continuous laws: C(S + k − 1, k − 1).
pub fn atoms(p: &Sgd) -> f64 {
    let kinds = match (p.samples(), p.law) {
        (0, LawName::TwoPoint) => 2.0,
        (0, LawName::Discrete) => p.values.len() as f64,
        (0, _) => return 1.0,
        (n, _) => f64::from(n),
    };
    if p.batch == 1 {
        return kinds;
    }
    let batch = f64::from(p.batch);
    libm::exp((libm::lgamma(batch + kinds) - libm::lgamma(batch + 1.0) - libm::lgamma(kinds)).min(700.0))
}

/// Estimated cost of one step of one simulated run: what [`Sampler::cost`](crate::core::sample::Sampler::cost) measures, without
/// the preparation of a sampler.
pub fn draw(p: &Sgd) -> f64 {
    let (atoms, batch) = (atoms(p), f64::from(p.batch));
    match (p.samples(), p.law) {
        (0, LawName::Gaussian) => 4.0,
        (0, LawName::Uniform) => 1.0 + batch,
        (0, LawName::Teacher) => 9.0,
        (0, _) if atoms <= 16.0 => 0.9 + 0.05 * atoms,
        (0, _) if atoms <= MOST_ATOMS => 3.0,
        (0, _) => 1.0 + 2.0 * batch,
        _ => 1.0 + 3.0 * batch,
    }
}

/// The costs of one law.
pub struct Costs {
    /// Preparing the batch law.
    pub preparation: f64,
    /// One exponent as a part of a long row.
    pub in_row: f64,
    /// One exponent, moment or variance alone.
    pub alone: f64,
}

impl Costs {
    /// The costs of the law of the batch mean.
    pub fn of(there: &Sgd) -> Self {
        Self::within(there, MOST_ATOMS)
    }

    /// The same, if laws of more than `most_atoms` are held on a grid.
    pub fn within(there: &Sgd, most_atoms: f64) -> Self {
        let (atoms, batch) = (atoms(there), f64::from(there.batch));
        // of very many atoms few points are looked at
        let each = |atoms: f64| (40.0 * atoms).min(1.3e6 + atoms);
        let (preparation, in_row, alone) = match (there.samples(), there.law) {
            (0, LawName::Gaussian) => (50.0, 45.0, 1e3),
            (0, LawName::Uniform) if there.batch == 1 => (50.0, 100.0, 1e3),
            // The characteristic function's power, and a table of its integrals.
            (0, LawName::Uniform) => (1e5 + (4e4 * batch).min(1.2e7) + 3.4 * batch * batch, 150.0, 5e4),
            (0, LawName::Teacher) if there.noise == 0.0 => (3e5, 1e4, 6e4),
            (0, LawName::Teacher) => (4e5, 200.0 + 10.0 * batch.min(20.0), 2e4),
            // The law of the reader's values is kept, sorted: its preparation is little beside any other work.
            (n, LawName::Data) if there.batch == 1 => (30.0 * f64::from(n), 0.4 * atoms, each(atoms)),
            (n, LawName::Data) if atoms > most_atoms => (1e7 + 40.0 * f64::from(n), 5e3, 4e5),
            _ if atoms > most_atoms => (1e7, 5e3, 4e5),
            (n, _) if n > 0 && there.batch == 1 => (100.0 * atoms, 0.4 * atoms, 40.0 * atoms),
            _ => (100.0 * atoms, 40.0 + 1.5 * atoms, each(atoms)),
        };
        Costs { preparation, in_row, alone }
    }
}
