//! Steps along one vector whose matrices come from a list: replica by replica, no matrix written out.

use super::TopChain;
use crate::core::hessian_law::HessianLaw;
use crate::core::matrix_product::Product;
use crate::core::matrix_product::rotation::turn;
use crate::core::rng::LANES;
use std::rc::Rc;
use wide::f64x2;

impl TopChain<'_> {
    /// A step with matrices of a list, lane by lane. Parts that land on 0, to rounding, are marked.
    pub(super) fn listed_step(&mut self) {
        let (dim, factor) = (self.product.dim, &self.product.factor);
        let draws = factor.batch as usize;
        let count = self.product.law.count().unwrap_or(1);
        // the batch of every lane: number of the draw in rows
        let mut batch = vec![[0_usize; LANES]; draws];
        for i in 0..draws {
            let left = if factor.replacement { count } else { count.saturating_sub(i).max(1) };
            let units = self.memory.numbers.next(false);
            for lane in 0..LANES {
                let u = units[lane / 2].as_array()[lane % 2];
                let mut place = ((u * left as f64) as usize).min(left - 1);
                if !factor.replacement {
                    // the place among those not yet drawn: count past the earlier ones in ascending order
                    let mut earlier: Vec<f64> = batch[..i].iter().map(|row| row[lane] as f64).collect();
                    crate::core::stats::sort(&mut earlier);
                    for taken in earlier {
                        place += usize::from(place as f64 >= taken);
                    }
                }
                batch[i][lane] = place;
            }
        }
        let (mut x, mut out, mut image) = (vec![0.0; dim], vec![0.0; dim], vec![0.0; dim]);
        for lane in 0..LANES {
            for (x, row) in x.iter_mut().zip(&self.vectors) {
                *x = row[lane / 2].as_array()[lane % 2];
            }
            out.fill(0.0);
            let mut size = 0.0;
            for row in &batch {
                size += self.product.listed_image(row[lane], &x, &mut image);
                out.iter_mut().zip(&image).for_each(|(sum, y)| *sum += y);
            }
            let share = factor.scale / f64::from(factor.batch);
            for (y, x) in out.iter_mut().zip(&x) {
                *y = factor.offset * x + share * *y;
            }
            let norm = factor.offset.abs().max(share.abs() * size);
            let zero = 8.0 * dim as f64 * f64::EPSILON * norm;
            let mut from = 0;
            for (k, part) in self.product.parts.iter().enumerate() {
                let own = from..from + part.dim;
                from = own.end;
                let length = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>().sqrt();
                self.record.landed[k * LANES] |= length(&out[own.clone()]) <= zero * length(&x[own]);
            }
            for (row, y) in self.vectors.iter_mut().zip(&out) {
                row[lane / 2].as_mut_array()[lane % 2] = *y;
            }
        }
    }
}

impl Product {
    /// `out ← H_i x`; returns the Frobenius norm of `H_i` or a bound on it.
    fn listed_image(&self, index: usize, x: &[f64], out: &mut [f64]) -> f64 {
        let dim = self.dim;
        match &self.law {
            HessianLaw::Matrices { entries, .. } => {
                let matrix = &entries[index * dim * dim..(index + 1) * dim * dim];
                turn(matrix, 0, x, out);
                matrix.iter().map(|h| h * h).sum::<f64>().sqrt()
            }
            HessianLaw::Rows { entries, .. } => {
                let row = &entries[index * dim..(index + 1) * dim];
                let along: f64 = row.iter().zip(x).map(|(a, b)| a * b).sum();
                out.iter_mut().zip(row).for_each(|(y, a)| *y = along * a);
                row.iter().map(|a| a * a).sum()
            }
            HessianLaw::Pairs { entries, .. } => {
                let (left, right) = entries[2 * dim * index..][..2 * dim].split_at(dim);
                let sums = pair_sums(left, right, x);
                for ((y, l), r) in out.iter_mut().zip(left).zip(right) {
                    *y = -(l * sums[1] + r * sums[0]);
                }
                self.sizes[index]
            }
            _ => 0.0,
        }
    }
}

/// Norms of the matrices of a list of pairs, `‖l rᵀ + r lᵀ‖² = 2 (‖l‖²‖r‖² + (l·r)²)`, which no rotation changes.
pub(in crate::core::matrix_product) fn pair_sizes(law: &HessianLaw) -> Rc<[f64]> {
    let HessianLaw::Pairs { dim, entries } = law else { return Rc::new([]) };
    let norm = |pair: &[f64]| {
        let (left, right) = pair.split_at(*dim);
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let across = dot(left, right);
        (2.0 * (dot(left, left) * dot(right, right) + across * across)).sqrt()
    };
    entries.chunks_exact(2 * dim).map(norm).collect()
}

/// `l·x` and `r·x`, each as two sums over every other entry that are added at the end.
fn pair_sums(left: &[f64], right: &[f64], x: &[f64]) -> [f64; 2] {
    let mut sums = [f64x2::ZERO; 2];
    let mut add = |l: f64x2, r: f64x2, x: f64x2| {
        sums[0] += l * x;
        sums[1] += r * x;
    };
    let (lefts, rights, places) = (left.as_chunks::<2>(), right.as_chunks::<2>(), x.as_chunks::<2>());
    for ((l, r), x) in lefts.0.iter().zip(rights.0).zip(places.0) {
        add(f64x2::new(*l), f64x2::new(*r), f64x2::new(*x));
    }
    for ((l, r), x) in lefts.1.iter().zip(rights.1).zip(places.1) {
        add(f64x2::new([*l, 0.0]), f64x2::new([*r, 0.0]), f64x2::new([*x, 0.0]));
    }
    sums.map(|sum| {
        let [even, odd] = sum.to_array();
        even + odd
    })
}
