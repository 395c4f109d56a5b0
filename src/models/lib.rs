//! The package of [`models`](mod@models): compiled for speed, as the mathematics that it uses.

#[path = "mod.rs"]
pub mod models;
pub use saddlescope_core::core;
