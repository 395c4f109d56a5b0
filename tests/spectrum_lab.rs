//! The lab `spectrum` through a session, as the page drives it.

// The second implementation here uses the standard functions on purpose.
#![allow(clippy::disallowed_methods)]

#[path = "spectrum_lab/bad_input.rs"]
mod bad_input;
#[path = "spectrum_lab/chain.rs"]
mod chain;
#[path = "spectrum_lab/data.rs"]
mod data;
#[path = "spectrum_lab/figures.rs"]
mod figures;
#[path = "spectrum_lab/keys.rs"]
mod keys;
#[path = "spectrum_lab/numbers.rs"]
mod numbers;
#[path = "spectrum_lab/pointer.rs"]
mod pointer;
#[path = "vectors/random.rs"]
mod random;
#[path = "spectrum_lab/rates.rs"]
mod rates;
#[path = "spectrum_lab/session.rs"]
mod session;
#[path = "figures/snapshot.rs"]
mod snapshot;
#[path = "spectrum_lab/words.rs"]
mod words;
