//! The same runs, step by step, for pictures.

use super::chains::Chains;
use super::component::Component;
use super::{LANES, Lanes, Purpose, Setting};
use crate::core::rng::{Block, STEPS};
use crate::core::sample::Sampler;

/// Where one run is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    /// `log‖(u, w)‖`, right far below the smallest double; `−∞` exactly on the saddle, `+∞` once diverged.
    pub log_norm: f64,
    /// `u`; 0 where it underflows, NaN once diverged.
    pub u: f64,
    /// `w`, likewise.
    pub w: f64,
}

/// The runs that [`outcomes`](super::outcomes) counts, at the steps `0, stride, 2·stride, …` up to
/// `setting.steps`: for each of these all replicas in order.
///
/// Cost: as `outcomes`, and two logarithms for each state.
pub fn trace(
    sampler: &Sampler,
    setting: &Setting,
    seed: u64,
    item: u64,
    replicas: u32,
    stride: u32,
) -> Vec<State> {
    states(sampler, setting, (seed, item), replicas, stride, None)
}

/// The same with all runs from one place `(u, w)` instead of a random direction: `setting.start` is not used. The batches are
/// those of [`trace`].
///
/// Cost: as [`trace`].
pub fn trace_from(
    sampler: &Sampler,
    setting: &Setting,
    start: (f64, f64),
    (seed, item): (u64, u64),
    replicas: u32,
    stride: u32,
) -> Vec<State> {
    states(sampler, setting, (seed, item), replicas, stride, Some(start))
}

fn states(
    sampler: &Sampler,
    setting: &Setting,
    (seed, item): (u64, u64),
    replicas: u32,
    stride: u32,
    start: Option<(f64, f64)>,
) -> Vec<State> {
    let stride = stride.max(1) as usize;
    let (steps, replicas) = (setting.steps as usize, replicas as usize);
    let nowhere = State { log_norm: f64::NAN, u: f64::NAN, w: f64::NAN };
    let mut states = vec![nowhere; (steps / stride + 1) * replicas];
    let draws = sampler.at(setting.rate, 1.0 - setting.rate * setting.decay);
    let (mut product, mut square) = (Block::constant(0.0), Block::constant(1.0));
    for first in (0..replicas).step_by(LANES) {
        let used = (replicas - first).min(LANES);
        let mut lanes = Lanes::new(Purpose::Dynamics, seed, item, first as u32);
        let mut chains = Chains::start(setting, &mut lanes, used);
        if let Some((u, w)) = start {
            let unit = (0.25 * setting.rate).sqrt();
            chains.a = Component::new([unit * (u + w); LANES]);
            chains.b = Component::new([unit * (u - w); LANES]);
        }
        for step in 0..=steps {
            if step % stride == 0 {
                for (lane, state) in states[step / stride * replicas + first..][..used].iter_mut().enumerate()
                {
                    *state = chains.state(setting.rate, lane);
                }
            }
            let row = step % STEPS;
            if row == 0 {
                draws.fill(&mut lanes, &mut product, &mut square);
            }
            chains.advance(&product, &square, row..row + 1, draws.inputs_vary(), false);
            if row + 1 == STEPS {
                chains.settle();
            }
        }
    }
    states
}

impl Chains {
    fn state(&self, rate: f64, lane: usize) -> State {
        let (a, b) = (self.a.log_size(lane), self.b.log_size(lane));
        let (large, small) = if a > b { (a, b) } else { (b, a) };
        if self.diverged[lane] || large.is_nan() || small.is_nan() || large == f64::INFINITY {
            return State { log_norm: f64::INFINITY, u: f64::NAN, w: f64::NAN };
        }
        let unit = (2.0 / rate).sqrt();
        let ratio = if large == f64::NEG_INFINITY { 0.0 } else { libm::exp(2.0 * (small - large)) };
        let (a, b) = (self.a.get(lane), self.b.get(lane));
        let root = unit * std::f64::consts::FRAC_1_SQRT_2;
        State {
            log_norm: large + 0.5 * libm::log1p(ratio) + libm::log(unit),
            u: root * (a + b),
            w: root * (a - b),
        }
    }
}
