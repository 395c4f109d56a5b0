//! Steps per second of the simulator, one law each. `cargo bench --bench simulation`.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use saddlescope::core::curvature::Law;
use saddlescope::core::data_set::DataSet;
use saddlescope::core::sample::Sampler;
use saddlescope::core::sgd::{Setting, outcomes};
use std::hint::black_box;

fn simulation(criterion: &mut Criterion) {
    let teacher = Law::Teacher { slope: 0.3, noise: 1.0 };
    let data = DataSet::draw(&teacher, 16, 1);
    let drawn = |law: Law, batch| Sampler::new(&law, batch);
    let two_point = Law::Discrete { values: vec![1.0, -0.2], probs: vec![0.5, 0.5] };
    let cases = [
        ("two-point, learning", drawn(two_point.clone(), 1), 0.4),
        (
            "two-point, collapsing",
            drawn(Law::Discrete { values: vec![1.0, -0.9], probs: vec![0.5, 0.5] }, 1),
            0.8,
        ),
        ("two-point, batch 4", drawn(two_point.clone(), 4), 0.4),
        ("two-point, batch 64", drawn(two_point, 64), 0.4),
        ("Gaussian", drawn(Law::Gaussian { mean: 0.3, std: 0.5 }, 1), 0.4),
        ("teacher", drawn(teacher.clone(), 1), 0.1),
        ("teacher, batch 4", drawn(teacher, 4), 0.1),
        ("data set of 16", Sampler::from_data(&data, 1), 0.1),
    ];
    let mut group = criterion.benchmark_group("sgd");
    for (name, sampler, rate) in cases {
        let setting = Setting { steps: 20_000, ..Setting::new(rate, 0.0) };
        group.throughput(Throughput::Elements(u64::from(setting.steps) * 16));
        group.bench_function(name, |bencher| {
            bencher.iter(|| outcomes(black_box(&sampler), black_box(&setting), 1, 2, 16));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(std::time::Duration::from_secs(2));
    targets = simulation
}
criterion_main!(benches);
