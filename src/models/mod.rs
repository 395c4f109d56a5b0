//! Losses and networks, with exact derivatives.

pub mod activation;
