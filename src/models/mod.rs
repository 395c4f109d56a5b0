//! Losses and networks, with exact derivatives.
//!
//! | what | where |
//! |---|---|
//! | activations `φ` with `φ′`, `φ″` | [`activation`] |
//! | losses with their derivatives | [`loss`] |
//! | samples in memory | [`samples`] |
//! | multilayer perceptrons: loss, gradient, SGD, Hessian times a vector | [`mlp`] |

pub mod activation;
pub mod biased_neuron;
pub mod hidden_neuron;
mod kernels;
pub mod loss;
pub mod mlp;
pub mod modes;
pub mod samples;
