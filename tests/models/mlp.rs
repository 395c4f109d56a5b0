//! Multilayer perceptrons: exact derivatives, steps, and what the origin is.

use crate::{close, dual};
use num_dual::{Dual64, HyperDual64};
use saddlescope::core::rng::{Purpose, Stream};
use saddlescope::models::activation::Activation;
use saddlescope::models::loss::Loss;
use saddlescope::models::mlp::{Shape, ShapeError, TangentWorkspace, Weights, Workspace};
use saddlescope::models::samples::Samples;

/// Every activation with every loss, depths 2 to 5, with residual connections and without; sizes that fill no SIMD vector.
fn shapes() -> impl Iterator<Item = Shape> {
    Activation::ALL.into_iter().enumerate().flat_map(|(which, activation)| {
        [(2, false), (3, false), (3, true), (5, true)].into_iter().map(move |(depth, residual)| Shape {
            inputs: 5,
            width: 6 + which,
            outputs: 3,
            depth,
            activation,
            residual,
            loss: if (which + depth) % 2 == 0 { Loss::Squared } else { Loss::CrossEntropy },
        })
    })
}

fn stream(item: u64) -> Stream {
    Stream::new(Purpose::DataSet, 5, item, 0)
}

/// Samples whose targets suit both losses.
fn samples(shape: &Shape, count: usize) -> Samples {
    let mut stream = stream(1);
    let mut samples = Samples::new(shape.inputs, shape.outputs);
    for _ in 0..count {
        let x: Vec<f64> = (0..shape.inputs).map(|_| stream.normal()).collect();
        let y: Vec<f64> = (0..shape.outputs).map(|_| 0.1 + stream.unit()).collect();
        let total: f64 = y.iter().sum();
        samples.push(&x, &y.iter().map(|y| y / total).collect::<Vec<f64>>());
    }
    samples
}

fn random_weights(shape: Shape, item: u64) -> Weights {
    let mut weights = Weights::zeros(shape).unwrap();
    weights.randomise(1.2, &mut stream(item));
    weights
}

fn list(weights: &Weights) -> Vec<f64> {
    let mut numbers = Vec::new();
    weights.store(&mut numbers);
    assert_eq!(numbers.len(), weights.shape().count());
    numbers
}

/// `w + h d`.
fn moved(weights: &Weights, direction: &Weights, h: f64) -> Weights {
    let numbers: Vec<f64> = list(weights).iter().zip(list(direction)).map(|(w, d)| w + h * d).collect();
    let mut moved = weights.clone();
    assert!(moved.load(&numbers));
    moved
}

fn gradient(weights: &Weights, batch: &Samples) -> (f64, Weights) {
    let mut into = random_weights(*weights.shape(), 77);
    let loss = weights.gradient(batch, &mut Workspace::new(weights.shape(), 8), &mut into);
    (loss, into)
}

#[test]
fn gradients_are_those_of_dual_numbers() {
    for shape in shapes() {
        for count in [1, 3, 6] {
            let (batch, weights) = (samples(&shape, count), random_weights(shape, 2));
            let (loss, gradient) = gradient(&weights, &batch);
            let mut duals: Vec<Dual64> = list(&weights).into_iter().map(Dual64::from_re).collect();
            for (i, got) in list(&gradient).into_iter().enumerate() {
                duals[i].eps = 1.0;
                let want = dual::network(&shape, &duals, &batch);
                duals[i].eps = 0.0;
                close(got, want.eps, 1e-10, &format!("{shape:?}, weight {i}"));
                close(loss, want.re, 1e-10, &format!("{shape:?}, loss"));
            }
        }
    }
}

#[test]
fn hessian_products_are_those_of_hyper_dual_numbers() {
    for shape in shapes() {
        let (batch, weights) = (samples(&shape, 3), random_weights(shape, 2));
        let direction = random_weights(shape, 3);
        let mut product = random_weights(shape, 78);
        let mut work = TangentWorkspace::new(&shape, 4);
        let loss = weights.hessian_times(&direction, &batch, &mut work, &mut product);
        let along = list(&direction);
        let mut duals: Vec<HyperDual64> =
            list(&weights).iter().zip(&along).map(|(w, v)| HyperDual64::new(*w, *v, 0.0, 0.0)).collect();
        for (i, got) in list(&product).into_iter().enumerate() {
            duals[i].eps2 = 1.0;
            let want = dual::network(&shape, &duals, &batch);
            duals[i].eps2 = 0.0;
            close(got, want.eps1eps2, 1e-10, &format!("{shape:?}, weight {i}"));
            close(loss, want.re, 1e-10, &format!("{shape:?}, loss"));
        }
    }
}

#[test]
fn derivatives_are_limits_of_central_differences() {
    let h = 1e-5;
    for shape in shapes() {
        let (batch, weights, direction) =
            (samples(&shape, 4), random_weights(shape, 2), random_weights(shape, 3));
        let ((low, below), (high, above)) = (
            gradient(&moved(&weights, &direction, -h), &batch),
            gradient(&moved(&weights, &direction, h), &batch),
        );
        let along: f64 =
            list(&gradient(&weights, &batch).1).iter().zip(list(&direction)).map(|(g, d)| g * d).sum();
        close((high - low) / (2.0 * h), along, 1e-7, &format!("{shape:?}, slope"));
        let mut product = weights.clone();
        weights.hessian_times(&direction, &batch, &mut TangentWorkspace::new(&shape, 4), &mut product);
        for ((low, high), got) in list(&below).iter().zip(list(&above)).zip(list(&product)) {
            close((high - low) / (2.0 * h), got, 1e-7, &format!("{shape:?}, curvature"));
        }
    }
}

#[test]
fn a_step_goes_down_the_gradient_and_decays() {
    let (rate, decay) = (0.07, 0.3);
    for shape in shapes() {
        let (batch, mut weights) = (samples(&shape, 5), random_weights(shape, 2));
        let (before, loss_and_gradient) = (list(&weights), gradient(&weights, &batch));
        let loss = weights.step(&batch, rate, decay, &mut Workspace::new(&shape, 5));
        assert_eq!(loss, loss_and_gradient.0);
        for ((after, w), g) in list(&weights).iter().zip(before).zip(list(&loss_and_gradient.1)) {
            close(*after, w - rate * (g + decay * w), 1e-14, &format!("{shape:?}"));
        }
    }
}

/// Memory of an earlier, larger batch must not leak into a smaller one.
#[test]
fn a_workspace_carries_nothing_over() {
    for shape in shapes() {
        let (large, small) = (samples(&shape, 8), samples(&shape, 3));
        let mut used = Workspace::new(&shape, 8);
        let (mut one, mut other) = (random_weights(shape, 2), random_weights(shape, 2));
        random_weights(shape, 9).step(&large, 0.1, 0.0, &mut used);
        one.step(&small, 0.1, 0.0, &mut used);
        other.step(&small, 0.1, 0.0, &mut Workspace::new(&shape, 3));
        assert_eq!(list(&one), list(&other), "{shape:?}");
    }
}

/// The Hessian at 0 joins the first and the last matrix by −φ′(0) r xᵀ, averaged over the batch, or vanishes.
#[test]
fn the_origin_is_the_saddle_that_is_said() {
    for shape in shapes().filter(|shape| shape.activation != Activation::Relu) {
        let (batch, origin) = (samples(&shape, 3), Weights::zeros(shape).unwrap());
        assert!(list(&gradient(&origin, &batch).1).iter().all(|g| *g == 0.0), "{shape:?}");
        let direction = random_weights(shape, 3);
        let mut product = direction.clone();
        origin.hessian_times(&direction, &batch, &mut TangentWorkspace::new(&shape, 3), &mut product);
        let mut want = Weights::zeros(shape).unwrap();
        if shape.has_hessian_at_origin() {
            let slope = shape.activation.slope_at_origin().unwrap();
            for sample in 0..3 {
                let (x, r) = (batch.input(sample), shape.loss.residual_at_origin(batch.target(sample)));
                for (out, r) in r.iter().enumerate() {
                    for neuron in 0..shape.width {
                        let last = shape.depth - 1;
                        let w = direction.row(0, neuron);
                        let along: f64 = w.iter().zip(x).map(|(w, x)| w * x).sum();
                        want.row_mut(last, out)[neuron] -= slope * r * along / 3.0;
                        let v = direction.row(last, out)[neuron];
                        want.row_mut(0, neuron)
                            .iter_mut()
                            .zip(x)
                            .for_each(|(g, x)| *g -= slope * r * v * x / 3.0);
                    }
                }
            }
        }
        assert_eq!(shape.has_hessian_at_origin(), shape.depth == 2 || shape.residual);
        for (got, want) in list(&product).into_iter().zip(list(&want)) {
            close(got, want, 1e-13, &format!("{shape:?}"));
        }
    }
}

#[test]
fn shapes_without_sense_are_refused() {
    let shape = shapes().next().unwrap();
    assert_eq!(Weights::zeros(Shape { depth: 1, ..shape }), Err(ShapeError::Depth(1)));
    assert_eq!(Weights::zeros(Shape { width: 0, ..shape }), Err(ShapeError::Width(0)));
    assert_eq!(Weights::zeros(Shape { outputs: 5000, ..shape }), Err(ShapeError::Width(5000)));
    assert!(!random_weights(shape, 2).load(&[0.0; 3]));
}

#[test]
fn initial_weights_keep_the_size_of_signals() {
    let shape = Shape { inputs: 64, width: 200, depth: 3, ..shapes().next().unwrap() };
    let weights = random_weights(shape, 4);
    for layer in 0..3 {
        let (rows, columns) = weights.size(layer);
        let square: f64 = (0..rows).flat_map(|row| weights.row(layer, row)).map(|w| w * w).sum();
        // Var of a sum of n squares of normal numbers is 2n: four standard deviations
        let count = (rows * columns) as f64;
        close(square / (1.44 * rows as f64), 1.0, 4.0 * (2.0 / count).sqrt(), &format!("layer {layer}"));
    }
    let norms = weights.neuron_norms(1);
    let into: f64 = weights.row(1, 7).iter().map(|w| w * w).sum();
    let out: f64 = (0..3).map(|row| weights.row(2, row)[7]).map(|w| w * w).sum();
    assert_eq!((norms.len(), norms[7]), (200, (into + out).sqrt()));
}
