//! The lab `network` through a session, as the page drives it.

// The second implementation here uses the standard functions on purpose.
#![allow(clippy::disallowed_methods)]

#[path = "network_lab/bad_input.rs"]
mod bad_input;
#[path = "network_lab/comparison.rs"]
mod comparison;
#[path = "network_lab/digits.rs"]
mod digits;
#[path = "network_lab/figures.rs"]
mod figures;
#[path = "labs/files.rs"]
mod files;
#[path = "network_lab/label_noise.rs"]
mod label_noise;
#[path = "network_lab/origin.rs"]
mod origin;
#[path = "network_lab/runs.rs"]
mod runs;
#[path = "labs/session.rs"]
mod session;
#[path = "figures/snapshot.rs"]
mod snapshot;
#[path = "network_lab/words.rs"]
mod words;

use saddlescope::labs::session::Session;

/// A state of the lab with its file, nothing computed.
fn open(query: &str) -> Session {
    let mut session = Session::new(&format!("network?{query}"));
    assert_eq!(session.problems(), [], "{query}");
    files::bring_files(&mut session);
    session
}

/// A sweep that takes a fraction of a second.
const SMALL: &str = "width=8&rates=4&runs=2&epochs=2";
