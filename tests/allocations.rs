//! Training asks for no memory a step: a longer run asks for it as often as a shorter one.

use allocation_counter::measure;
use saddlescope::core::rng::{Purpose, Stream};
use saddlescope::labs::network::digits::TRAINED;
use saddlescope::labs::network::training::Run;
use saddlescope::models::activation::Activation;
use saddlescope::models::biased_neuron::{BiasedNeuron, Escape};
use saddlescope::models::hidden_neuron;
use saddlescope::models::loss::Loss;
use saddlescope::models::mlp::{Shape, TangentWorkspace, Weights, Workspace};
use saddlescope::models::modes::{self, Inputs, Teacher};
use saddlescope::models::samples::Samples;

/// Whether `run` asks for memory as often over 400 steps as over 40.
fn steps_ask_for_nothing(what: &str, run: impl Fn(u32)) {
    // what a process makes once is made before
    run(1);
    let [few, many] = [40, 400].map(|steps| measure(|| run(steps)).count_total);
    assert_eq!(many, few, "{what}: {} allocations in 360 further steps", many - few);
}

#[test]
fn the_counter_counts() {
    let found = measure(|| drop(std::hint::black_box(vec![1.0; 3])));
    assert_eq!(found.count_total, 1);
}

fn shapes() -> impl Iterator<Item = Shape> {
    let depths = [(2, false), (4, false), (4, true)];
    Activation::ALL.into_iter().flat_map(move |activation| {
        [Loss::Squared, Loss::CrossEntropy].into_iter().flat_map(move |loss| {
            depths.map(|(depth, residual)| Shape {
                inputs: 6,
                width: 5,
                outputs: 3,
                depth,
                activation,
                residual,
                loss,
            })
        })
    })
}

/// Normal inputs, one-hot targets.
fn samples(count: usize) -> Samples {
    let mut stream = Stream::new(Purpose::DataSet, 1, 0, 0);
    let mut samples = Samples::new(6, 3);
    for class in 0..count {
        let x: Vec<f64> = (0..6).map(|_| stream.normal()).collect();
        let mut y = [0.0; 3];
        y[class % 3] = 1.0;
        samples.push(&x, &y);
    }
    samples
}

/// As the lab `network` trains: batches drawn and gathered, gradients, steps.
#[test]
fn multilayer_perceptrons_train_without() {
    let train = samples(TRAINED);
    for shape in shapes() {
        for batch in [1, 8, 11] {
            let run = Run {
                shape,
                rate: 0.01,
                batch,
                decay: 0.01,
                init: 1.0,
                seed: 1,
                replica: 0,
                epoch: 1_000_000,
            };
            steps_ask_for_nothing(&format!("S = {batch}, {shape:?}"), |steps| {
                let mut progress = run.start().unwrap();
                run.advance(&mut progress, steps, &train);
                assert!(!progress.diverged && progress.steps == steps);
            });
        }
    }
}

#[test]
fn gradients_and_hessian_products_are_found_without() {
    let samples = samples(11);
    for shape in shapes().filter(|shape| shape.activation != Activation::Relu) {
        steps_ask_for_nothing(&format!("{shape:?}"), |steps| {
            let mut weights = Weights::zeros(shape).unwrap();
            weights.randomise(1.0, &mut Stream::new(Purpose::Dynamics, 1, 0, 0));
            let (direction, mut image) = (weights.clone(), weights.clone());
            let mut plain = Workspace::new(&shape, samples.count());
            let mut work = TangentWorkspace::new(&shape, samples.count());
            for _ in 0..steps {
                weights.gradient(&samples, &mut plain, &mut image);
                weights.hessian_times(&direction, &samples, &mut work, &mut image);
            }
        });
    }
}

#[test]
fn layered_networks_learn_modes_without() {
    for activation in Activation::ALL {
        for (inputs, batch) in
            [(Inputs::OneHot, 1), (Inputs::OneHot, 5), (Inputs::Dense, 1), (Inputs::Dense, 5)]
        {
            for (width, layers) in [(3, 2), (7, 3), (16, 4)] {
                let teacher = Teacher { strengths: vec![1.0, 0.7, 0.3], noise: 0.5, inputs };
                let training =
                    modes::Training { width, layers, activation, rate: 0.01, decay: 0.01, batch, init: 0.1 };
                steps_ask_for_nothing(&format!("{teacher:?}, {training:?}"), |steps| {
                    let found = modes::singular_values(&teacher, &training, &[steps], 1, (0, 0));
                    assert!(found.iter().all(|value| value.is_finite()));
                });
            }
        }
    }
}

#[test]
fn hidden_neurons_train_without() {
    let samples = samples(64);
    let (x, y) = (0..64).map(|i| (samples.input(i)[0], samples.input(i)[1])).unzip();
    let data = hidden_neuron::Samples { x, y };
    for activation in Activation::ALL {
        for batch in [1, 5] {
            let training =
                hidden_neuron::Training { activation, rate: 0.01, decay: 0.01, batch, spread: 1.0 };
            steps_ask_for_nothing(&format!("{training:?}"), |steps| {
                let places = data.run(&training, &[steps], 1, (0, 0));
                assert!(places[0].0.is_finite());
            });
        }
    }
}

#[test]
fn biased_neurons_escape_without() {
    for activation in Activation::ALL {
        for batch in [1, 5] {
            let neuron = BiasedNeuron { activation, bias: 0.5, slope: 1.0, noise: 0.5 };
            steps_ask_for_nothing(&format!("S = {batch}, {neuron:?}"), |steps| {
                let escape = Escape { rate: 1e-6, batch, start: 1e-6, exit: 0.9, most: steps };
                assert_eq!(neuron.first_exit(&escape, 1, (0, 0)), f64::INFINITY, "it stays for all steps");
            });
        }
    }
}
