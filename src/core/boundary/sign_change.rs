//! Where the exponents change sign on one scan line.

use super::line::{Root, ScanLine};
use super::{Plane, PlaneAxis, Quantity, Setting};
use crate::core::critical::{ATOMS_LISTED, Direction, continuous_rates, scan};
use crate::core::curvature::{BatchLaw, Law};
use crate::core::log_product::{Factor, LogProduct, Stable};
use crate::core::saddle::{norm_stable_limit, orientation};
use crate::core::stats;

/// Points of a scan along an axis without structure.
const SCAN: usize = 128;

/// Most atoms of a batch law whose exponent is scanned instead.
const ATOMS_SCANNED: usize = 512;

/// What all parts of a line need.
pub(super) struct Line<'a> {
    /// The plane.
    pub(super) plane: &'a Plane<'a>,
    /// The axis along the line.
    pub(super) axis: &'a PlaneAxis,
    /// Value across.
    pub(super) value: f64,
    /// Ends of the axis, without a learning rate of 0.
    pub(super) range: (f64, f64),
}

impl Line<'_> {
    /// Fills in all roots, by what the axis is.
    pub(super) fn fill(&self, line: &mut ScanLine) {
        match self.axis.quantity {
            Quantity::LearningRate | Quantity::Decay => self.fixed_law(line),
            Quantity::NoiseValue => self.noise_value(line),
            Quantity::Other | Quantity::Batch => self.scanned(line),
        }
    }

    fn setting(&self, along: f64) -> Option<Setting> {
        self.plane.setting(along, self.value)
    }

    /// Along the learning rate or the decay: one batch law for the whole line.
    fn fixed_law(&self, line: &mut ScanLine) {
        let middle = 0.5 * (self.range.0 + self.range.1);
        let Some(setting) = self.setting(middle) else { return };
        let law = setting.law.batch(setting.batch);
        let atoms = law.atoms().map_or(0, |(values, _)| values.len());
        line.terms = atoms as u32;
        let samples = if let Law::Discrete { values, .. } = &*setting.law { values.len() } else { 0 };
        line.left_out = samples > ATOMS_LISTED || atoms > ATOMS_SCANNED || matches!(law, BatchLaw::Grid(_));
        let along_rate = self.axis.quantity == Quantity::LearningRate;
        if !line.left_out {
            for (i, sign) in [1.0, -1.0].into_iter().enumerate() {
                let direction = Direction { law: &law, decay: setting.decay, sign };
                let stable = if let Some(product) = self.product(&setting, &law, sign, atoms) {
                    product.stable_intervals(self.range.0, self.range.1)
                } else if along_rate && atoms == 0 {
                    let roots = continuous_rates(&direction, self.range.0, self.range.1);
                    intervals(&roots, self.range, &|x| direction.exponent(x))
                } else if along_rate {
                    self.scan(&|x| direction.exponent(x))
                } else {
                    self.scan(&|decay| Setting { decay, ..setting.clone() }.exponent(&law, sign))
                };
                line.add(i, self.axis, &stable);
            }
        }
        let (mean, variance) = (law.mean().abs(), law.variance());
        let norms = if along_rate {
            vec![norm_stable_limit(setting.decay + mean, variance)]
        } else {
            // λ(g² + v) = 2g for g = γ + |E z|
            let root = (1.0 - setting.lr * setting.lr * variance).max(-1.0);
            if root < 0.0 {
                Vec::new()
            } else {
                [-1.0, 1.0].map(|s| (1.0 + s * root.sqrt()) / setting.lr - mean).to_vec()
            }
        };
        let sign = orientation(&law);
        let there = |x: f64| {
            if along_rate {
                Setting { lr: x, ..setting.clone() }
            } else {
                Setting { decay: x, ..setting.clone() }
            }
        };
        line.norm = self.typed(norms, &|x| there(x).norm_excess(), &|x| there(x).exponent(&law, sign) >= 0.0);
    }

    /// Roots inside the range, with the sign above each from the middle of the next piece.
    fn typed(&self, mut roots: Vec<f64>, f: &dyn Fn(f64) -> f64, shown: &dyn Fn(f64) -> bool) -> Vec<Root> {
        roots.retain(|&x| x > self.range.0 && x < self.range.1);
        stats::sort(&mut roots);
        let next = |i: usize| roots.get(i + 1).copied().unwrap_or(self.range.1);
        let root = |(i, &x): (usize, &f64)| Root {
            at: self.axis.fraction(x),
            opens: f(0.5 * (x + next(i))) < 0.0,
            shown: shown(x),
        };
        roots.iter().enumerate().map(root).collect()
    }

    /// The roots of `E X² − 1` at places of which the law varies along the line.
    fn norm(&self, roots: Vec<f64>) -> Vec<Root> {
        let excess = |x: f64| self.setting(x).map_or(f64::NAN, |s| s.norm_excess());
        let inside = |x: f64| {
            self.setting(x).is_some_and(|s| s.exponent(&s.law.batch(s.batch), s.orientation()) >= 0.0)
        };
        self.typed(roots, &excess, &inside)
    }

    /// The roots of `E z`.
    fn seam(&self, roots: Vec<f64>) -> Vec<Root> {
        self.typed(roots, &|x| self.setting(x).map_or(f64::NAN, |s| s.law.mean()), &|_| true)
    }

    /// The exponent as a sum over at most 64 atoms, along the learning rate or the decay.
    fn product(&self, setting: &Setting, law: &BatchLaw, sign: f64, atoms: usize) -> Option<LogProduct> {
        if atoms > ATOMS_LISTED {
            return None;
        }
        if self.axis.quantity == Quantity::LearningRate {
            return Direction { law, decay: setting.decay, sign }.product();
        }
        let lr = setting.lr;
        let factor = |z: f64, weight: f64| Factor { weight, constant: 1.0 + sign * lr * z, slope: -lr };
        let (values, probs) = law.atoms()?;
        Some(LogProduct::new(values.iter().zip(probs).map(|(&z, &p)| factor(z, p))))
    }

    /// Along the noise value of the two-point law.
    fn noise_value(&self, line: &mut ScanLine) {
        let Some(setting) = self.setting(self.range.0) else { return };
        let Law::Discrete { probs, .. } = &*setting.law else { return };
        let q = probs.last().copied().unwrap_or(0.0);
        let offset = 1.0 - setting.lr * setting.decay;
        // atoms of the mean for a = 0: the share of draws that gave 1; the others gave a
        let shares = Law::Discrete { values: vec![1.0, 0.0], probs: vec![1.0 - q, q] }.batch(setting.batch);
        let atoms = shares.atoms().map_or(usize::MAX, |(values, _)| values.len());
        line.terms = atoms as u32;
        line.left_out = atoms > ATOMS_SCANNED;
        for (i, sign) in [1.0, -1.0].into_iter().enumerate() {
            let scale = sign * setting.lr;
            let stable = if setting.batch == 1 {
                single_draw(offset, scale, q, self.range).into_iter().collect()
            } else if atoms <= ATOMS_LISTED {
                let (values, probs) = shares.atoms().unwrap_or_default();
                let factor = |(&v, &weight): (&f64, &f64)| Factor {
                    weight,
                    constant: offset + scale * v,
                    slope: scale * (1.0 - v),
                };
                LogProduct::new(values.iter().zip(probs).map(factor))
                    .stable_intervals(self.range.0, self.range.1)
            } else if line.left_out {
                Vec::new()
            } else {
                self.scan(&|a| self.exponent(a, sign))
            };
            line.add(i, self.axis, &stable);
        }
        if q > 0.0 {
            line.seam = self.seam(vec![-(1.0 - q) / q]);
        }
        // γ + |E z| = g + h a on each side of the seam: λ[(g + ha)² + v(1 − a)²] = 2(g + ha)
        let (lr, v) = (setting.lr, q * (1.0 - q) / f64::from(setting.batch));
        let mut norms = Vec::new();
        for side in [-1.0, 1.0] {
            let (g, h) = (setting.decay + side * (1.0 - q), side * q);
            let (a2, a1, a0) = (lr * (h * h + v), lr * (g * h - v) - h, lr * (g * g + v) - 2.0 * g);
            let square = a1 * a1 - a2 * a0;
            if a2 > 0.0 && square >= 0.0 {
                // the root that is a sum first, the other from the product of both
                let sum = -(a1 + square.sqrt().copysign(a1));
                for a in [sum / a2, if sum == 0.0 { 0.0 } else { a0 / sum }] {
                    if side * (1.0 - q + q * a) >= 0.0 {
                        norms.push(a);
                    }
                }
            }
        }
        line.norm = self.norm(norms);
    }

    /// Along any other parameter.
    fn scanned(&self, line: &mut ScanLine) {
        let settings = [0.0, 0.5, 1.0].map(|f| self.setting(self.axis.value(f)));
        let many = |s: &Setting| {
            matches!(&*s.law, Law::Discrete { values, .. } if values.len() > ATOMS_LISTED)
                || s.law.batch(s.batch).atoms().is_some_and(|(values, _)| values.len() > ATOMS_SCANNED)
                || matches!(s.law.batch(s.batch), BatchLaw::Grid(_))
        };
        line.left_out = settings.iter().flatten().any(many);
        if !line.left_out {
            for (i, sign) in [1.0, -1.0].into_iter().enumerate() {
                line.add(i, self.axis, &self.scan(&|x| self.exponent(x, sign)));
            }
        }
        let here = |u: f64, f: &dyn Fn(&Setting) -> f64| {
            self.setting(self.axis.value(u)).map_or(f64::NAN, |s| f(&s))
        };
        let roots = |f: &dyn Fn(&Setting) -> f64| {
            let found = scan(&|u| here(u, f), 0.0, 1.0, SCAN);
            found.into_iter().map(|u| self.axis.value(u)).collect()
        };
        line.seam = self.seam(roots(&|s| s.law.mean()));
        line.norm = self.norm(roots(&Setting::norm_excess));
    }

    fn exponent(&self, along: f64, sign: f64) -> f64 {
        self.setting(along).map_or(f64::NAN, |s| s.exponent(&s.law.batch(s.batch), sign))
    }

    /// Stable intervals from a scan in the axis' own measure.
    fn scan(&self, f: &dyn Fn(f64) -> f64) -> Vec<Stable> {
        let low = self.axis.fraction(self.range.0);
        let g = |u: f64| f(self.axis.value(u));
        let roots: Vec<f64> = scan(&g, low, 1.0, SCAN).into_iter().map(|u| self.axis.value(u)).collect();
        intervals(&roots, self.range, f)
    }
}

/// Stable intervals between ascending roots, from the sign in the middle of each piece.
fn intervals(roots: &[f64], (low, high): (f64, f64), f: &dyn Fn(f64) -> f64) -> Vec<Stable> {
    let ends: Vec<f64> = core::iter::once(low).chain(roots.iter().copied()).chain([high]).collect();
    let mut found = Vec::new();
    for (i, pair) in ends.windows(2).enumerate() {
        if f(0.5 * (pair[0] + pair[1])) < 0.0 {
            found.push(Stable {
                from: pair[0],
                to: pair[1],
                from_root: i > 0,
                to_root: i + 1 < ends.len() - 1,
                log_width: libm::log(pair[1] - pair[0]),
                poles: 0,
                pole: None,
            });
        }
    }
    found
}

/// `S = 1`: `|m + c|^{1−q} |m + ca|^q < 1` between `a = [−m ± |m + c|^{−(1−q)/q}]/c`.
fn single_draw(offset: f64, scale: f64, q: f64, (low, high): (f64, f64)) -> Option<Stable> {
    let pole = -offset / scale;
    let other = (offset + scale).abs();
    // q = 0: nothing depends on a
    let log_half = if q > 0.0 {
        -(1.0 - q) / q * libm::log(other) - libm::log(scale.abs())
    } else if other < 1.0 {
        f64::INFINITY
    } else {
        f64::NEG_INFINITY
    };
    let half = libm::exp(log_half);
    let (from, to) = (pole - half, pole + half);
    (to > low && from < high && log_half > f64::NEG_INFINITY).then(|| Stable {
        from: from.max(low),
        to: to.min(high),
        from_root: from > low,
        to_root: to < high,
        log_width: log_half + core::f64::consts::LN_2,
        poles: u32::from(pole > low && pole < high),
        pole: (pole > low && pole < high).then_some(pole),
    })
}
