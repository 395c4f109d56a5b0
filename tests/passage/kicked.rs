//! First passages of a run that noise kicks along a growing direction.

use saddlescope::core::passage::kicked_passage;
use saddlescope::core::rng::{Purpose, Stream};
use saddlescope::core::stats;

/// Times of `δ ← (1 + g)δ + cZ` by runs of our own: four standard errors, and 5 % for the approximate overshoot.
#[test]
fn noise_along_a_growing_direction_passes_as_predicted() {
    for (growth, noise, start, exit) in
        [(0.05, 0.04, 1e-6, 0.2), (0.002, 0.005, 1e-3, 0.05), (0.1, 1e-4, 1e-9, 0.5), (0.01, 1e-3, 0.1, 0.4)]
    {
        let times: Vec<f64> = (0..4000)
            .map(|run| {
                let mut stream = Stream::new(Purpose::DataSet, 17, 0, run);
                let (mut at, mut step) = (start, 0.0);
                while f64::abs(at) <= exit {
                    at += growth * at + noise * stream.normal();
                    step += 1.0;
                }
                step
            })
            .collect();
        let found = stats::mean(&times);
        let wanted = kicked_passage(growth, noise, (start, exit));
        let far = (found.value - wanted).abs();
        assert!(far < 4.0 * found.standard_error + 0.05 * wanted, "{growth} {noise}: {found:?}, {wanted}");
    }
}

/// For small steps it is the mean exit time of a diffusion, `(2/g) ∫ F(y) dy` from `r√(g)/c` to `R√(g)/c`, with Dawson's function `F` by
/// its equation `F′ = 1 − 2yF`; without noise the time of a multiplication; for small noise `[ln(R/s) + 0.635]/g`.
#[test]
fn the_time_of_a_kicked_run_has_its_limits() {
    let growth = 1e-8_f64;
    for reach in [0.3, 1.0, 3.0, 9.0] {
        let (steps, mut dawson, mut integral) = (90_000, 0.0, 0.0);
        let h = reach / f64::from(steps);
        for step in 0..steps {
            let y = f64::from(step) * h;
            let slope = |y: f64, f: f64| 1.0 - 2.0 * y * f;
            let middle = dawson + 0.5 * h * slope(y, dawson);
            let next = dawson + h * slope(y + 0.5 * h, middle);
            integral += 0.5 * h * (dawson + next);
            dawson = next;
        }
        let noise = growth.sqrt() / reach;
        let found = kicked_passage(growth, noise, (1e-9, 1.0));
        assert!((found * growth / (2.0 * integral) - 1.0).abs() < 1e-3, "{reach}: {found} {integral}");
    }
    let without = kicked_passage(0.1, 1e-300, (1e-6, 0.2));
    assert!((without / (2e5_f64.ln() / 1.1_f64.ln()) - 1.0).abs() < 1e-12, "{without}");
    let spread = 1e-4 / (2.0 * 1e-6_f64).sqrt();
    let small = kicked_passage(1e-6, 1e-4, (1e-12, 1e3));
    assert!((small * 1e-6 / ((1e3 / spread).ln() + 0.635_181_422_730_739) - 1.0).abs() < 1e-5, "{small}");
}
