//! The lab `phases` through a session, as the page drives it.

// The second implementation here uses the standard functions on purpose.
#![allow(clippy::disallowed_methods)]

#[path = "words/captions.rs"]
mod captions;
#[path = "phases_lab/csv.rs"]
mod csv;
#[path = "phases_lab/curves.rs"]
mod curves;
#[path = "phases_lab/fans.rs"]
mod fans;
#[path = "phases_lab/figures.rs"]
mod figures;
#[path = "phases_lab/keys.rs"]
mod keys;
#[path = "phases_lab/layers.rs"]
mod layers;
#[path = "phases_lab/map.rs"]
mod map;
#[path = "phases_lab/numbers.rs"]
mod numbers;
#[path = "phases_lab/passage.rs"]
mod passage;
#[path = "phases_lab/pointer.rs"]
mod pointer;
#[path = "vectors/random.rs"]
mod random;
#[path = "phases_lab/session.rs"]
mod session;
#[path = "phases_lab/sides.rs"]
mod sides;
#[path = "figures/snapshot.rs"]
mod snapshot;
#[path = "phases_lab/surface.rs"]
mod surface;
#[path = "words/text.rs"]
mod text;
#[path = "phases_lab/words.rs"]
mod words;
