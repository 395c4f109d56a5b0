//! A list of matrices cut into parts that never mix: spaces at right angles that every matrix maps into themselves.
//!
//! Vectors with one entry each, Hessians of features that never occur together: the product is then several products beside each other.
//! They must be kept apart to rounding. A part that has fallen 10¹⁶ behind another would otherwise be held there by rounding alone, and
//! where their exponents are nearly equal the first would come out too large by some 1/70 of the variance of a step.
//!
//! **Untouched directions.** `N < d` vectors, a pixel that is always dark, a parameter that no sample needs: there `H v = 0` for every
//! matrix, each step is `M v = m v`, and the exponent is `log|m|` exactly.

use super::rotation::rotated;
use crate::core::hessian_law::{HessianLaw, Isotropic};
use crate::core::symmetric;
use std::rc::Rc;

/// Entries below this share of the largest are rounding.
const ROUNDING: f64 = 1e-12;

/// What two fair signs can be, but for the sign of `x`, which `x xᵀ` does not know.
const SIGNS: [f64; 4] = [1.0, 1.0, 1.0, -1.0];

/// A law in parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// The law in an orthonormal basis of its own, part after part; entries between parts are 0 exactly.
    pub law: HessianLaw,
    /// The dimensions of the parts.
    pub parts: Vec<usize>,
    /// Directions that no matrix touches. One is kept as a part of its own if there is no other: it stands for `H = 0`.
    pub untouched: usize,
}

impl HessianLaw {
    /// The parts of a list. Laws that are no list of matrices or vectors come back whole, and so does a list in which nothing is
    /// apart. Cost `N d²` for vectors, `N d³` for matrices, and some `50 d³`; less where the first few are whole already.
    ///
    /// Three laws that are no list fall apart too: a neuron with one input and one output, into `(u ± w)/√2`, its law staying as it is;
    /// one without noise and signal, `H = 0`, which is a list of a vector of zeros; and two fair signs, which are a list of two vectors.
    pub fn split(self) -> Split {
        let dim = self.dim();
        let whole = |law| Split { law, parts: vec![dim], untouched: 0 };
        match &self {
            Self::Neuron(neuron) if neuron.noise == 0.0 && neuron.signal.iter().all(|x| *x == 0.0) => {
                return Self::Rows { dim, entries: vec![0.0; dim].into() }.split();
            }
            Self::Neuron(_) if dim == 2 => return Split { parts: vec![1, 1], ..whole(self) },
            _ => {}
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
        if is_whole(&rotated(start.clone(), dim, &start.axes()).groups()) {
            return whole(self);
        }
        let turned = rotated(self.clone(), dim, &self.axes());
        let found = turned.groups();
        if is_whole(&found) {
            return whole(self);
        }
        let (groups, mut untouched) = found;
        let mut parts: Vec<usize> = groups.iter().map(Vec::len).collect();
        let mut order = groups.concat();
        if order.is_empty() {
            order.push(untouched.remove(0));
            parts.push(1);
        }
        Split { law: turned.along(&order).cleared(&parts), parts, untouched: untouched.len() }
    }

    /// Numbers of a member of a list.
    fn size(&self) -> usize {
        if let Self::Matrices { dim, .. } = self { dim * dim } else { self.dim() }
    }

    /// A list with other numbers, of another dimension.
    fn with(&self, dim: usize, entries: Rc<[f64]>) -> Self {
        match self {
            Self::Matrices { .. } => Self::Matrices { dim, entries },
            Self::Rows { .. } => Self::Rows { dim, entries },
            _ => self.clone(),
        }
    }

    fn entries(&self) -> &[f64] {
        match self {
            Self::Matrices { entries, .. } | Self::Rows { entries, .. } => entries,
            _ => &[],
        }
    }

    /// The law along some of its axes.
    pub(super) fn along(&self, axes: &[usize]) -> Self {
        let dim = self.dim();
        let places: Vec<usize> = match self {
            Self::Matrices { .. } => {
                axes.iter().flat_map(|i| axes.iter().map(move |j| i * dim + j)).collect()
            }
            _ => axes.to_vec(),
        };
        let members = self.entries().chunks_exact(self.size());
        let mut kept = Vec::with_capacity(members.len() * places.len());
        for member in members {
            kept.extend(places.iter().map(|k| member[*k]));
        }
        self.with(axes.len(), kept.into())
    }

    /// The first members of a list.
    fn beginning(&self, count: usize) -> Self {
        let entries = self.entries();
        self.with(self.dim(), entries[..(count * self.size()).min(entries.len())].into())
    }

    /// The eigenvectors, vector by vector, of the symmetric part of a combination `Σ wᵢ Hᵢ` whose weights have nothing to do with the
    /// list: they lie in the parts, unless eigenvalues of different parts coincide by chance.
    fn axes(&self) -> Vec<f64> {
        let (dim, size) = (self.dim(), self.size());
        // the fractional parts of multiples of the golden ratio; of vectors the roots
        let weight = |i: usize| 0.5 + (i + 1) as f64 * 0.618_033_988_749_894_9 % 1.0;
        let factor = |i: usize| if size == dim { weight(i).sqrt() } else { weight(i) };
        let weighed: Vec<f64> =
            self.entries().iter().enumerate().map(|(k, x)| factor(k / size) * x).collect();
        let sum = self.with(dim, weighed.into()).mean();
        let across = |k: usize| k % dim * dim + k / dim;
        let even: Vec<f64> = (0..dim * dim).map(|k| 0.5 * (sum[k] + sum[across(k)])).collect();
        let (_, vectors) = symmetric::eigen(&even, dim);
        (0..dim * dim).map(|k| vectors[across(k)]).collect()
    }

    /// The axes that matrices of the list connect, group by group, and those that none touches.
    fn groups(&self) -> (Vec<Vec<usize>>, Vec<usize>) {
        let dim = self.dim();
        let entries = self.entries();
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
    fn cleared(self, parts: &[usize]) -> Self {
        let (dim, size) = (self.dim(), self.size());
        let part: Vec<usize> = parts.iter().enumerate().flat_map(|(k, size)| vec![k; *size]).collect();
        let mut entries = self.entries().to_vec();
        for member in entries.chunks_exact_mut(size) {
            // a vector lies in the part of its largest entry
            let largest =
                (0..dim).fold(0, |best, i| if member[i].abs() > member[best].abs() { i } else { best });
            for (k, x) in member.iter_mut().enumerate() {
                let other = if size == dim { part[largest] } else { part[k / dim] };
                if part[k % dim] != other {
                    *x = 0.0;
                }
            }
        }
        self.with(dim, entries.into())
    }
}
