//! Saddlescope: when stochastic gradient descent is attracted by a saddle, and when it escapes.
//!
//! | module | what may enter it | may use |
//! |---|---|---|
//! | [`core`] | the mathematics: laws, exponents, phases, simulators | nothing of ours |
//! | [`models`] | losses and networks | `core` |
//! | [`decimal`] | decimal numbers, read | nothing of ours |
//! | [`mod@params`] | parameters: one declaration each, and the URL | `decimal` |
//! | [`charts`] | figures as data, and the one painter | `decimal` |
//! | [`labs`] | one exhibit per folder, and their registry | all of the above |
//! | `web` | the only file that knows JavaScript | `labs`, `charts`, `params` |

pub mod charts;
pub mod decimal;
pub mod labs;
pub mod params;
pub use saddlescope_core::core;
pub use saddlescope_models::models;
#[cfg(target_arch = "wasm32")]
mod web;
