//! All labs, and the way from a link to one of them.
//!
//! Labs belong to groups. A group is a Cargo feature; [`open`] opens the labs of the groups that are compiled in. All
//! labs are listed in every build: a page that has loaded one group knows the links of the others.

use super::exhibit::State;
use super::{About, Exhibit, Lab, landscape, network, phases, rank, spectrum, stability, types};
use crate::params::Problem;
use crate::params::fragment::{self, View};

/// A lab opened from the query of a link.
pub struct Opened {
    /// The lab with its parameters.
    pub exhibit: Box<dyn Exhibit>,
    /// The page's switches.
    pub view: View,
    /// What could not be used.
    pub problems: Vec<Problem>,
    /// The link asks for the list of labs, or for one that does not exist; `exhibit` is the first lab's default.
    pub catalogue: bool,
}

fn open_as<L: Lab>(query: &str) -> Opened {
    const { assert!(L::MIGRATIONS.len() + 1 == L::ABOUT.version as usize, "a step from every older version") };
    let mut link = fragment::read::<L::Params>(query, L::ABOUT.version, L::MIGRATIONS);
    link.problems.extend(L::check(&mut link.params));
    Opened {
        exhibit: Box::new(State::<L> { params: link.params }),
        view: link.view,
        problems: link.problems,
        catalogue: false,
    }
}

/// A lab in the registry.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// See [`Lab::ABOUT`].
    pub about: &'static About,
    /// The Cargo feature that compiles it in.
    pub group: &'static str,
}

macro_rules! labs {
    ($($group:literal => [$($lab:ty),* $(,)?]),+ $(,)?) => {
        /// All labs, also those of groups that are not compiled in; the one of the bare address first.
        pub const LABS: &[Entry] = &[$($(Entry { about: &<$lab>::ABOUT, group: $group },)*)+];
        /// The names of all labs, in the same order.
        pub const IDS: &[&str] = &[$($(<$lab>::ABOUT.id,)*)+];

        /// The labs that are compiled in: name, and how a query is opened.
        const COMPILED: &[(&str, fn(&str) -> Opened)] = &[$($(
            #[cfg(feature = $group)]
            (<$lab>::ABOUT.id, open_as::<$lab>),
        )*)+];
    };
}

// A lab's code reaches the WebAssembly through `COMPILED` alone, so the folders need no `cfg` of their own.
labs! {
    "saddle" => [phases::Phases],
    "stability" => [stability::Stability],
    "spectrum" => [spectrum::Spectrum],
    "rank" => [rank::Rank],
    "landscapes" => [landscape::Landscape, types::Types],
    "networks" => [network::Network],
}

/// The names of the labs that are compiled in.
pub fn compiled() -> impl Iterator<Item = &'static str> {
    COMPILED.iter().map(|(id, _)| *id)
}

/// What a link names instead of a lab to show the list of all.
pub const CATALOGUE: &str = "labs";

/// Opens the lab that a fragment names. An empty name is the first lab; [`CATALOGUE`] is the list of labs, and an
/// unknown name too, with a problem. The list keeps the link's switches of the page.
pub fn open(fragment: &str) -> Opened {
    let (id, query) = fragment::split(fragment);
    let name = if id.is_empty() { IDS[0] } else { id };
    if let Some((_, open)) = COMPILED.iter().find(|(compiled, _)| *compiled == name) {
        return open(query);
    }
    let mut opened = COMPILED[0].1(query);
    opened.exhibit.reset();
    opened.problems.clear();
    opened.catalogue = true;
    if id != CATALOGUE {
        let shown: String = name.chars().filter(|c| !c.is_control()).take(24).collect();
        let sentence = if IDS.contains(&name) {
            format!("The lab “{shown}” has not been loaded.")
        } else {
            format!("There is no lab “{shown}”. The labs are: {}.", IDS.join(", "))
        };
        opened.problems.push(Problem::new("", sentence));
    }
    opened
}

/// The link of a lab as it opens, whether it is compiled in or not; `None` if there is no such lab.
pub fn opening_link(id: &str, view: &View) -> Option<String> {
    let about = LABS.iter().map(|entry| entry.about).find(|about| about.id == id)?;
    Some(fragment::write_opening(about.id, about.version, view))
}
