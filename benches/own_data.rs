//! A million values of one's own: the interval of Λ at one learning rate, its exact exponent, a curve, and reading a file.

use criterion::{Criterion, criterion_group, criterion_main};
use saddlescope::core::curvature::Law;
use saddlescope::core::data_set::DataSet;
use saddlescope::core::measured::Measured;
use saddlescope::readers::read;
use std::hint::black_box;

const COUNT: usize = 1_000_000;

fn own_data(bench: &mut Criterion) {
    let law = Law::gaussian(-0.2, 1.0).expect("a law");
    let values = DataSet::draw(&law, COUNT, 1).outputs;
    let measured = Measured::new(values.clone()).expect("values");
    let mut group = bench.benchmark_group("own data, a million values");
    group.sample_size(10);
    let intervals = measured.intervals(1).expect("values enough");
    group.bench_function("interval at one rate", |b| b.iter(|| intervals.band(black_box(0.5), 0.0, 0.05)));
    let batch = Law::empirical(values.clone()).expect("a law").batch(1);
    group.bench_function("exponent at one rate", |b| b.iter(|| batch.exponent(1.0, black_box(-0.5))));
    let factors: Vec<(f64, f64)> = (1..=512).map(|i| (1.0, -f64::from(i) / 256.0)).collect();
    let mut curve = vec![0.0; factors.len()];
    group.bench_function("exponents at 512 rates, one thread", |b| {
        b.iter(|| batch.exponents(&factors, black_box(&mut curve)));
    });
    let lines: Vec<String> = values.iter().map(ToString::to_string).collect();
    let text = lines.join("\n");
    group.bench_function("reading 20 MB of CSV", |b| b.iter(|| read(black_box(text.as_bytes()))));
    group.finish();
}

criterion_group!(benches, own_data);
criterion_main!(benches);
