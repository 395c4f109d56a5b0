//! The lab `stability` through a session, as the page drives it.

// The second implementation here uses the standard functions on purpose.
#![allow(clippy::disallowed_methods)]

#[path = "stability_lab/figures.rs"]
mod figures;
#[path = "stability_lab/session.rs"]
mod session;
#[path = "figures/snapshot.rs"]
mod snapshot;
