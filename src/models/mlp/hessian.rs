//! The Hessian of the mean loss times a vector, by forward-over-reverse differentiation: the passes of `pass.rs` once more,
//! differentiated along the vector (Pearlmutter 1994). Exact, at about twice the work of a gradient.

use super::pass::source;
use super::{Weights, Workspace};
use crate::models::kernels::{add_outer, add_transposed_times, copy, padded, times};
use crate::models::samples::Samples;

/// Memory for [`Weights::hessian_times`]; a dot marks the derivative along the vector.
#[derive(Clone, Debug)]
pub struct TangentWorkspace {
    plain: Workspace,
    /// `φ″(W_l h_{l−1})`.
    curvature: Vec<Vec<f64>>,
    /// Derivative of `W_l h_{l−1}`.
    tangent: Vec<Vec<f64>>,
    /// Derivative of `h_l`.
    hidden: Vec<Vec<f64>>,
    /// Derivative of `delta`.
    delta: Vec<f64>,
    /// Gradient of `h` of the layer at hand, and its derivative.
    back: [Vec<f64>; 2],
    /// The same of the layer before it.
    next: [Vec<f64>; 2],
    /// One product of a matrix and a vector.
    product: Vec<f64>,
}

impl TangentWorkspace {
    /// For at most `most` samples at once.
    pub fn new(shape: &super::Shape, most: usize) -> Self {
        let plain = Workspace::new(shape, most);
        let layers = plain.hidden.clone();
        let pair = [layers[0].clone(), layers[0].clone()];
        Self {
            curvature: layers.clone(),
            tangent: layers.clone(),
            hidden: layers,
            delta: plain.delta.clone(),
            back: pair.clone(),
            next: pair,
            product: vec![0.0; padded(shape.width).max(padded(shape.outputs))],
            plain,
        }
    }
}

impl Weights {
    /// `into ← ∇²(mean loss) · direction`, all of one shape. Returns the mean loss.
    ///
    /// With `ReLU` it is the Hessian away from its kinks.
    pub fn hessian_times(
        &self,
        direction: &Self,
        batch: &Samples,
        work: &mut TangentWorkspace,
        into: &mut Self,
    ) -> f64 {
        let loss = self.loss(batch, &mut work.plain);
        self.tangents_forward(direction, batch, work);
        let (count, share) = (batch.count(), 1.0 / batch.count() as f64);
        for layer in (0..self.shape.depth).rev() {
            self.pull_tangents_back(direction, layer, count, work);
            let rows = self.size(layer).0;
            let height = padded(rows);
            let read = source(&work.plain.hidden[..layer], batch, &self.shape);
            let matrix = into.matrix_mut(layer);
            add_outer(matrix, (rows, count), (0.0, share), (&work.delta, height), read);
            if let Some(tangents) = work.hidden[..layer].last() {
                add_outer(
                    matrix,
                    (rows, count),
                    (1.0, share),
                    (&work.plain.delta, height),
                    (tangents, read.1),
                );
            }
            descend(layer, count, work);
        }
        loss
    }

    /// Derivatives of every layer, and of `∂ℓ/∂f`. The plain pass has been made.
    fn tangents_forward(&self, direction: &Self, batch: &Samples, work: &mut TangentWorkspace) {
        let (shape, width) = (&self.shape, padded(self.shape.width));
        for layer in 0..shape.depth {
            let last = layer + 1 == shape.depth;
            let height = padded(self.size(layer).0);
            let (x, stride) = source(&work.plain.hidden[..layer], batch, shape);
            let (before, here) = work.hidden.split_at_mut(layer);
            for sample in 0..batch.count() {
                let x = &x[sample * stride..][..stride];
                let x_tangent = before.last().map(|hidden| &hidden[sample * width..][..width]);
                let z = if last { &mut work.delta } else { &mut work.tangent[layer] };
                let z = &mut z[sample * height..][..height];
                times(direction.matrix(layer), x, z);
                if let Some(x_tangent) = x_tangent {
                    let product = &mut work.product[..height];
                    times(self.matrix(layer), x_tangent, product);
                    z.iter_mut().zip(product).for_each(|(z, p)| *z += *p);
                }
                if last {
                    let (z, y) = (&mut z[..shape.outputs], batch.target(sample));
                    shape.loss.apply_hessian(&work.plain.delta[sample * height..], y, z);
                    continue;
                }
                let h = &mut here[0][sample * width..][..width];
                let curvatures = &mut work.curvature[layer][sample * width..][..width];
                // W h, which the plain pass has written over
                times(self.matrix(layer), x, h);
                for ((h, curvature), z) in h.iter_mut().zip(curvatures).zip(z) {
                    let jet = shape.activation.jet(*h);
                    (*h, *curvature) = (jet.slope * *z, jet.curvature);
                }
                if let Some(x_tangent) = x_tangent.filter(|_| shape.is_residual(layer)) {
                    h.iter_mut().zip(x_tangent).for_each(|(h, x)| *h += x);
                }
            }
        }
    }

    /// As the plain pass goes back through a matrix, with the derivative.
    fn pull_tangents_back(&self, direction: &Self, layer: usize, count: usize, work: &mut TangentWorkspace) {
        if layer == 0 {
            return;
        }
        let (height, width) = (padded(self.size(layer).0), padded(self.shape.width));
        for sample in 0..count {
            let (at, from) = (sample * width..(sample + 1) * width, sample * height..(sample + 1) * height);
            let around = self.shape.is_residual(layer);
            if around {
                for (next, back) in work.next.iter_mut().zip(&work.back) {
                    copy(&back[at.clone()], &mut next[at.clone()]);
                }
            }
            let [next, tangent] = &mut work.next;
            let (delta, delta_tangent) = (&work.plain.delta[from.clone()], &work.delta[from]);
            add_transposed_times(self.matrix(layer), delta, &mut next[at.clone()], around);
            add_transposed_times(direction.matrix(layer), delta, &mut tangent[at.clone()], around);
            add_transposed_times(self.matrix(layer), delta_tangent, &mut tangent[at], true);
        }
    }
}

/// The layer before becomes the one at hand: `δ = g φ′`, `δ̇ = ġ φ′ + g φ″ ż`.
fn descend(layer: usize, count: usize, work: &mut TangentWorkspace) {
    if layer == 0 {
        return;
    }
    std::mem::swap(&mut work.back, &mut work.next);
    let before = layer - 1;
    for i in 0..count * padded(work.plain.shape.width) {
        let (back, slope) = (work.back[0][i], work.plain.slope[before][i]);
        work.plain.delta[i] = back * slope;
        work.delta[i] =
            work.back[1][i] * slope + back * (work.curvature[before][i] * work.tangent[before][i]);
    }
}
