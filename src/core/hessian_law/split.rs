//! A list of matrices cut into parts that never mix: spaces at right angles that every matrix maps into themselves.
//!
//! Vectors with one entry each, Hessians of features that never occur together: the product is then several products beside each other.
//! They must be kept apart to rounding. A part that has fallen 10¹⁶ behind another would otherwise be held there by rounding alone, and
//! where their exponents are nearly equal the first would come out too large by some 1/70 of the variance of a step.
//!
//! **Untouched directions.** `N < d` vectors, a pixel that is always dark, a parameter that no sample needs: there `H v = 0` for every
//! matrix, each step is `M v = m v`, and the exponent is `log|m|` exactly.

use super::{HessianLaw, Isotropic};
use crate::core::symmetric;
use std::ops::Range;
use std::rc::Rc;

/// Entries below this share of the largest are rounding.
const ROUNDING: f64 = 1e-12;

/// What two fair signs can be, but for the sign of `x`, which `x xᵀ` does not know.
const SIGNS: [f64; 4] = [1.0, 1.0, 1.0, -1.0];

/// A law in parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// The law in the new basis, part after part; entries between parts are 0 exactly.
    pub law: HessianLaw,
    /// The dimensions of the parts.
    pub parts: Vec<usize>,
    /// The new basis, vector by vector, of the original dimension each; empty if it is the old one.
    pub basis: Vec<f64>,
    /// Directions that no matrix touches. One is kept as a part of its own if there is no other.
    pub untouched: usize,
}

impl HessianLaw {
    /// The parts of a list. Laws that are no list of matrices or vectors come back whole, and so does a list in which nothing is
    /// apart. Cost `N d²` for vectors, `N d³` for matrices, and some `50 d³`; less where the first few are whole already.
    ///
    /// Two laws that are no list fall apart too: a neuron with one input and one output, into `(u ± w)/√2`, its law staying as it is; and
    /// two fair signs, which are a list of two vectors.
    pub fn split(self) -> Split {
        let dim = self.dim();
        let whole = |law| Split { law, parts: vec![dim], basis: Vec::new(), untouched: 0 };
        if let (Self::Neuron(_), 2) = (&self, dim) {
            return Split { parts: vec![1, 1], ..whole(self) };
        }
        if (Self::Regression { dim: 2, inputs: Isotropic::Signs }) == self {
            return Self::Rows { dim, entries: Rc::new(SIGNS) }.split();
        }
        if dim == 1 || !matches!(self, Self::Matrices { .. } | Self::Rows { .. }) {
            return whole(self);
        }
        // what is apart in the list is apart in its beginning
        let start = self.beginning(2 * dim);
        let is_whole =
            |(groups, untouched): &(Vec<Vec<usize>>, Vec<usize>)| groups.len() == 1 && untouched.is_empty();
        if is_whole(&start.in_basis(&start.axes()).groups()) {
            return whole(self);
        }
        let axes = self.axes();
        let found = self.in_basis(&axes).groups();
        if is_whole(&found) {
            return whole(self);
        }
        let (groups, untouched) = found;
        let mut order: Vec<usize> = groups.iter().flatten().copied().collect();
        let mut parts: Vec<usize> = groups.iter().map(Vec::len).collect();
        let mut left = untouched.len();
        if order.is_empty() {
            order.push(untouched[0]);
            parts.push(1);
            left -= 1;
        }
        let basis: Vec<f64> = order.iter().flat_map(|j| axes[j * dim..(j + 1) * dim].to_vec()).collect();
        Split { law: self.in_basis(&basis).cleared(&parts), parts, basis, untouched: left }
    }

    /// The part of a law within a range of its directions.
    #[must_use]
    pub fn within(&self, range: Range<usize>) -> Self {
        let dim = range.len();
        match self {
            Self::Matrices { dim: before, entries } => {
                let rows = entries.chunks_exact(*before).enumerate();
                let kept = rows.filter(|(i, _)| range.contains(&(i % before)));
                Self::Matrices {
                    dim,
                    entries: kept.flat_map(|(_, row)| row[range.clone()].to_vec()).collect(),
                }
            }
            Self::Rows { dim: before, entries } => {
                let kept = entries.chunks_exact(*before).flat_map(|x| x[range.clone()].to_vec());
                Self::Rows { dim, entries: kept.collect() }
            }
            _ => self.clone(),
        }
    }

    /// The first members of a list.
    fn beginning(&self, count: usize) -> Self {
        let first = |entries: &[f64], size: usize| entries[..(count * size).min(entries.len())].into();
        match self {
            Self::Matrices { dim, entries } => {
                Self::Matrices { dim: *dim, entries: first(entries, dim * dim) }
            }
            Self::Rows { dim, entries } => Self::Rows { dim: *dim, entries: first(entries, *dim) },
            _ => self.clone(),
        }
    }

    /// The eigenvectors, vector by vector, of the symmetric part of a combination `Σ wᵢ Hᵢ` whose weights have nothing to do with the
    /// list: they lie in the parts, unless eigenvalues of different parts coincide by chance.
    fn axes(&self) -> Vec<f64> {
        let dim = self.dim();
        let mut sum = vec![0.0; dim * dim];
        // the fractional parts of multiples of the golden ratio
        let weight = |i: usize| 0.5 + (i + 1) as f64 * 0.618_033_988_749_894_9 % 1.0;
        match self {
            Self::Rows { entries, .. } => {
                for (i, x) in entries.chunks_exact(dim).enumerate() {
                    for (row, a) in sum.chunks_exact_mut(dim).zip(x) {
                        let a = weight(i) * a;
                        row.iter_mut().zip(x).for_each(|(sum, b)| *sum += a * b);
                    }
                }
            }
            Self::Matrices { entries, .. } => {
                for (i, matrix) in entries.chunks_exact(dim * dim).enumerate() {
                    sum.iter_mut().zip(matrix).for_each(|(sum, h)| *sum += weight(i) * h);
                }
            }
            _ => {}
        }
        let even: Vec<f64> = (0..dim * dim).map(|k| 0.5 * (sum[k] + sum[k % dim * dim + k / dim])).collect();
        let (_, vectors) = symmetric::eigen(&even, dim);
        (0..dim * dim).map(|k| vectors[k % dim * dim + k / dim]).collect()
    }

    /// `B H Bᵀ`, `B x` with the vectors of the basis as rows of `B`.
    fn in_basis(&self, basis: &[f64]) -> Self {
        let before = self.dim();
        let dim = basis.len() / before;
        let coordinates = |x: &[f64]| -> Vec<f64> {
            basis.chunks_exact(before).map(|b| b.iter().zip(x).map(|(b, x)| b * x).sum()).collect()
        };
        match self {
            Self::Matrices { entries, .. } => {
                let one = |matrix: &[f64]| {
                    let rows = basis.chunks_exact(before).map(|b| {
                        let mut row = vec![0.0; before];
                        for (line, b) in matrix.chunks_exact(before).zip(b) {
                            row.iter_mut().zip(line).for_each(|(sum, h)| *sum += b * h);
                        }
                        coordinates(&row)
                    });
                    rows.flatten().collect::<Vec<f64>>()
                };
                Self::Matrices { dim, entries: entries.chunks_exact(before * before).flat_map(one).collect() }
            }
            Self::Rows { entries, .. } => {
                Self::Rows { dim, entries: entries.chunks_exact(before).flat_map(coordinates).collect() }
            }
            _ => self.clone(),
        }
    }

    /// The axes that matrices of the list connect, group by group, and those that none touches.
    fn groups(&self) -> (Vec<Vec<usize>>, Vec<usize>) {
        let dim = self.dim();
        let (Self::Matrices { entries, .. } | Self::Rows { entries, .. }) = self else {
            return (vec![(0..dim).collect()], Vec::new());
        };
        let zero = ROUNDING * entries.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        let (mut touched, mut group): (Vec<bool>, Vec<usize>) = (vec![false; dim], (0..dim).collect());
        let mut connect = |i: usize, j: usize| {
            (touched[i], touched[j]) = (true, true);
            let (from, to) = (group[i].max(group[j]), group[i].min(group[j]));
            if from != to {
                group.iter_mut().filter(|of| **of == from).for_each(|of| *of = to);
            }
        };
        for (k, _) in entries.iter().enumerate().filter(|(_, x)| x.abs() > zero) {
            if let Self::Matrices { .. } = self {
                connect(k / dim % dim, k % dim);
            } else {
                // a vector connects all axes on which it stands: each with its first
                let x = &entries[k / dim * dim..];
                let first = x.iter().position(|x| x.abs() > zero).unwrap_or(k % dim);
                connect(first, k % dim);
            }
        }
        let members = |of: usize| (0..dim).filter(|i| touched[*i] && group[*i] == of).collect::<Vec<_>>();
        let groups = (0..dim).map(members).filter(|members| !members.is_empty()).collect();
        (groups, (0..dim).filter(|i| !touched[*i]).collect())
    }

    /// The same with zeros between the parts, where there was rounding.
    fn cleared(mut self, parts: &[usize]) -> Self {
        let dim = self.dim();
        let part: Vec<usize> = parts.iter().enumerate().flat_map(|(k, size)| vec![k; *size]).collect();
        match &mut self {
            Self::Matrices { entries, .. } => {
                let cleared = entries.iter().enumerate();
                let one = |(k, h): (usize, &f64)| if part[k / dim % dim] == part[k % dim] { *h } else { 0.0 };
                *entries = cleared.map(one).collect();
            }
            Self::Rows { entries, .. } => {
                let one = |x: &[f64]| {
                    let largest = (0..dim).max_by(|i, j| x[*i].abs().total_cmp(&x[*j].abs())).unwrap_or(0);
                    let kept = |i: usize| if part[i] == part[largest] { x[i] } else { 0.0 };
                    (0..dim).map(kept).collect::<Vec<f64>>()
                };
                *entries = entries.chunks_exact(dim).flat_map(one).collect();
            }
            _ => {}
        }
        self
    }
}
