//! The lab `stability` through a session, as the page drives it.

// The second implementation here uses the standard functions on purpose.
#![allow(clippy::disallowed_methods)]

#[path = "stability_lab/bad_input.rs"]
mod bad_input;
#[path = "stability_lab/batches.rs"]
mod batches;
#[path = "words/captions.rs"]
mod captions;
#[path = "stability_lab/curve.rs"]
mod curve;
#[path = "stability_lab/figures.rs"]
mod figures;
#[path = "stability_lab/keys.rs"]
mod keys;
#[path = "stability_lab/numbers.rs"]
mod numbers;
#[path = "stability_lab/pointer.rs"]
mod pointer;
#[path = "vectors/random.rs"]
mod random;
#[path = "stability_lab/runs.rs"]
mod runs;
#[path = "stability_lab/session.rs"]
mod session;
#[path = "figures/snapshot.rs"]
mod snapshot;
#[path = "words/text.rs"]
mod text;
#[path = "stability_lab/words.rs"]
mod words;
