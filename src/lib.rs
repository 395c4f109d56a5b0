//! Saddlescope: when stochastic gradient descent is attracted by a saddle, and when it escapes.
//!
//! | module | what may enter it | may use |
//! |---|---|---|
//! | [`core`] | the mathematics: laws, exponents, phases, simulators | nothing of ours |
//! | [`models`] | losses and networks | `core` |
//! | [`decimal`] | decimal numbers, read | nothing of ours |
//! | [`mod@params`] | parameters: one declaration each, and the URL | `decimal` |
//! | [`charts`] | figures as data, and the one painter | `decimal` |
//! | [`readers`] | files of numbers: CSV, JSON, `.npy` | `params` |
//! | [`labs`] | one exhibit per folder, and their registry | all of the above |
//! | `web`, `web_readers` | the only files that know JavaScript | `labs`, `readers`, `charts`, `params` |

#[cfg(feature = "labs")]
pub mod charts;
pub mod decimal;
#[cfg(feature = "labs")]
pub mod labs;
pub mod params;
pub mod readers;
pub use saddlescope_core::core;
pub use saddlescope_models::models;
#[cfg(all(target_arch = "wasm32", feature = "labs"))]
mod web;
#[path = "web/readers.rs"]
#[cfg(all(target_arch = "wasm32", feature = "readers"))]
mod web_readers;
