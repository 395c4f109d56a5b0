//! The linearised dynamics `z ← X z` of one direction, simulated: products of random numbers.

use crate::core::rng::{Block, LANES, Lanes, Purpose, STEPS};
use crate::core::sample::Sampler;
use std::ops::Range;

/// `log|z_t/z_0|` of `replicas` runs with `X = offset + scale·ĥ` at `t = 0, stride, 2·stride, …` up to `steps`: for each of
/// these all replicas in order. `−∞` once a factor was 0 (to rounding), never NaN for factors whose product over
/// 16 steps stays within 10^±300.
///
/// One logarithm per state, and one per 16 steps.
pub fn log_products(
    sampler: &Sampler,
    factor: (f64, f64),
    times: (u32, u32),
    streams: (u64, u64),
    replicas: u32,
) -> Vec<f64> {
    log_products_of(sampler, factor, times, streams, 0..replicas)
}

/// The same of some of the runs: each has its own stream, so they may be had in parts.
pub fn log_products_of(
    sampler: &Sampler,
    (offset, scale): (f64, f64),
    (steps, stride): (u32, u32),
    (seed, item): (u64, u64),
    replicas: Range<u32>,
) -> Vec<f64> {
    let (start, replicas) = (replicas.start, replicas.len());
    let (steps, stride) = (steps as usize, stride.max(1) as usize);
    let mut logs = vec![0.0; (steps / stride + 1) * replicas];
    let draws = sampler.at(scale, offset);
    let (mut product, mut square) = (Block::constant(0.0), Block::constant(1.0));
    for first in (0..replicas).step_by(LANES) {
        let mut lanes = Lanes::new(Purpose::Product, seed, item, start + first as u32);
        let (mut past, mut since) = ([0.0; LANES], [1.0; LANES]);
        for step in 0..=steps {
            if step % stride == 0 {
                let row = &mut logs[step / stride * replicas..][..replicas];
                for (log, (past, since)) in row[first..].iter_mut().zip(past.iter().zip(&since)) {
                    *log = past + libm::log(*since);
                }
            }
            if step % STEPS == 0 {
                draws.fill(&mut lanes, &mut product, &mut square);
                for (past, since) in past.iter_mut().zip(&mut since) {
                    *past += libm::log(*since);
                    *since = 1.0;
                }
            }
            for (lane, since) in since.iter_mut().enumerate() {
                *since *= (offset + product.at(step % STEPS, lane)).abs();
            }
        }
    }
    logs
}
