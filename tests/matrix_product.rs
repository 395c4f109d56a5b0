//! Lyapunov spectra of random matrix products against exact spectra, and the promises of their errors.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use saddlescope::core::exact_spectrum::exact_spectrum;
use saddlescope::core::hessian_law::{Factor, HessianLaw, Isotropic, Neuron};
use saddlescope::core::matrix_product::{Chain, Product, TopChain, UNIT};

#[test]
fn probe() {
    for (name, law, factor) in cases() {
        let exact = exact_spectrum(&law, &factor);
        let product = Product::new(law, factor, 1);
        let steps = 100_000;
        let plan = product.plan(steps);
        let t = std::time::Instant::now();
        let mut chain = Chain::start(&product, &plan, 1, 0);
        chain.advance(steps / UNIT);
        let t1 = t.elapsed();
        let s = chain.spectrum();
        let t = std::time::Instant::now();
        let mut top = TopChain::start(&product, &plan, 1, 0);
        top.advance(steps / UNIT);
        println!(
            "{name}: {plan:?} QR {t1:?} top {:?} short {} {} n {}",
            t.elapsed(),
            s.too_short,
            top.spectrum().too_short,
            s.batches
        );
        let e = top.spectrum().exponents[0];
        println!("   top {:.6} ± {:.6}", e.value, e.standard_error);
        for (i, e) in s.exponents.iter().enumerate() {
            let x = exact.get(i).copied().unwrap_or(f64::NAN);
            println!(
                "   {:.6} ± {:.6}  exact {:.10}  z = {:.2}",
                e.value,
                e.standard_error,
                x,
                (e.value - x) / e.standard_error
            );
        }
        let det = product.log_determinant(5, 20_000);
        println!("   sum {:?} det {:?}", s.sum, det);
    }
}

fn neuron(outputs: usize, inputs: usize, signal: Vec<f64>, noise: f64) -> HessianLaw {
    HessianLaw::neuron(Neuron {
        outputs,
        inputs,
        signal,
        noise,
        input_law: Isotropic::Gaussian,
        noise_law: Isotropic::Gaussian,
    })
    .unwrap()
}

fn cases() -> Vec<(&'static str, HessianLaw, Factor)> {
    let regression = |dim, inputs| HessianLaw::regression(dim, inputs).unwrap();
    let sgd = |rate, batch| Factor::sgd(rate, 0.0, batch);
    vec![
        ("sphere 2", regression(2, Isotropic::Sphere), sgd(0.7, 1)),
        ("sphere 8", regression(8, Isotropic::Sphere), sgd(1.3, 1)),
        ("sphere 8 landing", regression(8, Isotropic::Sphere), sgd(1.0, 1)),
        ("sphere 4 decay", regression(4, Isotropic::Sphere), Factor::sgd(1.5, 0.1, 1)),
        ("gauss 1", regression(1, Isotropic::Gaussian), sgd(1.0, 1)),
        ("gauss 1 S4", regression(1, Isotropic::Gaussian), sgd(1.0, 4)),
        ("gauss 2", regression(2, Isotropic::Gaussian), sgd(0.9, 1)),
        ("gauss 8", regression(8, Isotropic::Gaussian), sgd(0.2, 1)),
        ("gauss 8 S4", regression(8, Isotropic::Gaussian), sgd(0.5, 4)),
        ("gauss 8 S16", regression(8, Isotropic::Gaussian), sgd(1.0, 16)),
        ("neuron 11", neuron(1, 1, vec![0.3], 1.5), sgd(0.5, 1)),
        ("neuron 48", neuron(4, 8, vec![], 1.0), sgd(0.05, 1)),
        ("newman 4", HessianLaw::gaussian(4).unwrap(), Factor::PLAIN),
        ("fibonacci", HessianLaw::fibonacci(), Factor::PLAIN),
    ]
}
