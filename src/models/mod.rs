//! Losses and networks, with exact derivatives.

pub mod activation;
pub mod modes;
