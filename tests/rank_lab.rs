//! The lab `rank` through a session, as the page drives it.

// The second implementation here uses the standard functions on purpose.
#![allow(clippy::disallowed_methods)]

#[path = "rank_lab/agreement.rs"]
mod agreement;
#[path = "rank_lab/figures.rs"]
mod figures;
#[path = "rank_lab/keys.rs"]
mod keys;
#[path = "rank_lab/numbers.rs"]
mod numbers;
#[path = "vectors/random.rs"]
mod random;
#[path = "labs/session.rs"]
mod session;
#[path = "figures/snapshot.rs"]
mod snapshot;
#[path = "rank_lab/width.rs"]
mod width;
#[path = "rank_lab/words.rs"]
mod words;
