//! The package of [`core`](mod@core): compiled for speed, the page around it for size.

#[path = "mod.rs"]
pub mod core;
