//! Labs: one exhibit per folder, and the registry.
//!
//! A lab is a parameter struct, a list of jobs whose shards are pure functions of the parameters, and
//! functions that turn finished shards into figures and words. It knows no page and no worker.

pub mod activation;
pub mod assets;
pub mod direction;
pub mod done;
pub mod drawing;
pub mod exhibit;
pub mod landscape;
pub mod network;
pub mod phases;
pub mod rank;
pub mod registry;
pub mod session;
pub mod spectrum;
pub mod stability;
pub mod summary;
pub mod types;

use crate::charts::csv::Grid;
use crate::charts::figure::Figure;
use crate::params::fragment::Migration;
use crate::params::{ParamSet, Problem};
pub use assets::{Asset, Named};
pub use done::{Done, Made, Played};
pub use exhibit::Exhibit;
pub use registry::{CATALOGUE, Entry, IDS, LABS, Opened, compiled, open, opening_link};
use std::fmt;
pub use summary::{Quantity, Summary, Verdict};

/// What a lab is about.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Name in links; final.
    pub id: &'static str,
    /// Its title on the page: the one question that it answers.
    pub question: &'static str,
    /// Version of its parameters, written into links.
    pub version: u32,
    /// The paper: title, authors, arXiv number.
    pub paper: Paper,
}

/// A paper.
#[derive(Clone, Copy, Debug)]
pub struct Paper {
    /// Title.
    pub title: &'static str,
    /// Authors as cited.
    pub authors: &'static str,
    /// arXiv number.
    pub arxiv: &'static str,
}

/// A named set of parameters; those not named have their defaults.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// Name, unique in its lab.
    pub id: &'static str,
    /// Title on the page.
    pub title: &'static str,
    /// Keys and texts as in a link.
    pub set: &'static [(&'static str, &'static str)],
}

/// A piece of work whose result depends on some parameters only, cut into shards.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Name, unique in its lab.
    pub name: &'static str,
    /// Keys of the parameters that its result depends on, no others.
    pub depends: Vec<&'static str>,
    /// Number of shards; the first give the whole picture, coarse.
    pub shards: u32,
    /// Each shard continues from the one before.
    pub chain: bool,
    /// Estimated work, in elementary steps (about 10⁻⁹ s).
    pub cost: f64,
    /// Starts only at a click.
    pub on_demand: bool,
}

/// Why a lab could not compute something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabError {
    /// There is no such lab, job or shard; names what was asked for.
    NoSuch(String),
    /// The parameters at this point describe no law; the law's own sentence.
    Law(String),
}

impl fmt::Display for LabError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LabError::NoSuch(what) => write!(f, "There is no {what}."),
            LabError::Law(sentence) => f.write_str(sentence),
        }
    }
}

impl std::error::Error for LabError {}

/// The numbers of a figure as rows of text, for readers who do not see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Headings, with units.
    pub columns: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<String>>,
}

/// One exhibit.
pub trait Lab: 'static {
    /// Its parameters.
    type Params: ParamSet;
    /// What it is about.
    const ABOUT: About;
    /// Named parameter sets, the default one first.
    const PRESETS: &'static [Preset];
    /// Files that it computes from.
    const ASSETS: &'static [Asset] = &[];
    /// Steps from each older version of its links to the next, from version 1 on: links are published and open for ever.
    const MIGRATIONS: &'static [Migration] = &[];

    /// Rules across fields and the bound on work: repairs, and says what it repaired.
    fn check(params: &mut Self::Params) -> Vec<Problem>;
    /// Called after the reader (not a link) changed one value: puts what belonged to the old value away.
    fn changed(params: &mut Self::Params, key: &str);
    /// Whether a choice makes sense in this state; the others are not offered.
    fn offers(params: &Self::Params, key: &str, name: &str) -> bool;
    /// The jobs that this state needs, most urgent first. Cheap.
    fn jobs(params: &Self::Params) -> Vec<Job>;
    /// What stands on the button that starts an on-demand job.
    fn button(_job: &str) -> &'static str {
        "Compute"
    }
    /// One shard of a job, ≤ 50 ms on a slow laptop; the same numbers wherever it runs.
    ///
    /// # Errors
    /// If the job or shard does not exist, or the parameters describe no law.
    fn compute(
        params: &Self::Params,
        job: &str,
        shard: u32,
        previous: Option<&[f64]>,
    ) -> Result<Vec<f64>, LabError>;
    /// Called for a shard of a chain when the next one is there: drops what only the next one needed, so that long chains of
    /// large states fit into memory.
    fn spent(_job: &str, _values: &mut Vec<f64>) {}
    /// The figures, the main one first.
    fn figures(params: &Self::Params, done: &Done) -> Vec<Figure>;
    /// Whether a figure has anything of this state to show yet.
    fn ready(params: &Self::Params, done: &Done, figure: &str) -> bool;
    /// Whether it shows all that is to come: until then the page may wait for a moment before it draws.
    fn whole(params: &Self::Params, done: &Done, figure: &str) -> bool {
        Self::ready(params, done, figure)
    }
    /// Every number and word below the figure; exact numbers at the point within 2 ms.
    fn summary(params: &Self::Params, done: &Done) -> Summary;
    /// One line about a place in a figure (data coordinates), without moving the point.
    fn hover(params: &Self::Params, done: &Done, figure: &str, at: (f64, f64)) -> String;
    /// The numbers of a figure: a few rows, for a reader who does not see it.
    fn table(params: &Self::Params, done: &Done, figure: &str) -> Table;
    /// The values behind the raster of a figure that has one, for its CSV file.
    fn grid(_params: &Self::Params, _done: &Done, _figure: &str) -> Option<Grid> {
        None
    }
    /// Where zooming a figure writes: the keys of the low and the high end of x, then of y if y can be zoomed too; none
    /// if the figure cannot be zoomed.
    fn range_keys(figure: &str) -> &'static [&'static str];
}
