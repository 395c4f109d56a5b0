//! Labs: one exhibit per folder, and the registry.
//!
//! A lab is a parameter struct, a list of jobs whose shards are pure functions of the parameters, and
//! functions that turn finished shards into figures and words. It knows no page and no worker.
//!
//! Labs belong to groups. A group is a Cargo feature; [`open`] opens the labs of the groups that are compiled in. All
//! labs are listed in every build: a page that has loaded one group knows the links of the others.

pub mod activation;
pub mod assets;
pub mod direction;
pub mod drawing;
pub mod landscape;
pub mod network;
pub mod phases;
pub mod rank;
pub mod session;
pub mod spectrum;
pub mod stability;
pub mod summary;
pub mod types;

use crate::charts::csv::Grid;
use crate::charts::figure::Figure;
use crate::params::fragment::{self, Migration, View};
use crate::params::{ParamSet, ParamSpec, Problem, Value};
pub use assets::{Asset, Named};
use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
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

/// Things made from finished shards, each with the stamp of what it was made from.
pub type Made = RefCell<Vec<(&'static str, String, Rc<dyn Any>)>>;

/// The shards of a job in order, `None` where not finished.
type Shards<'a> = &'a [Option<Vec<f64>>];

/// Finished shards of the jobs of one state. (Jobs and what is made of them are few: lists, not hash tables, which would make
/// the module larger and nothing faster.)
pub struct Done<'a> {
    jobs: Vec<Finished<'a>>,
    made: &'a Made,
    played: &'a Played,
    patterns: bool,
}

/// What is there of a job.
struct Finished<'a> {
    job: &'static str,
    /// Of its result.
    key: String,
    shards: Shards<'a>,
    wanted: usize,
}

/// How far figures that can be played have been played, 0–1, by their names; those not named are shown whole.
pub type Played = Vec<(String, f64)>;

impl<'a> Done<'a> {
    /// The shards of a job, in order; empty if none is kept.
    pub fn shards(&self, job: &str) -> &'a [Option<Vec<f64>>] {
        self.finished(job).map_or(&[], |finished| finished.shards)
    }

    /// Whether all shards of a job are there.
    pub fn complete(&self, job: &str) -> bool {
        self.finished(job).is_some_and(|Finished { shards, wanted, .. }| {
            shards.len() == *wanted && shards.iter().all(Option::is_some)
        })
    }

    /// No shards yet; what is made from them is kept in `made`.
    pub fn new(made: &'a Made, played: &'a Played) -> Self {
        Done { jobs: Vec::new(), made, played, patterns: false }
    }

    fn finished(&self, job: &str) -> Option<&Finished<'a>> {
        self.jobs.iter().find(|finished| finished.job == job)
    }

    /// Whether maps tell their regions apart by patterns too, not by colours alone.
    pub fn patterns(&self) -> bool {
        self.patterns
    }

    /// Asks for patterns on maps, or for colours alone.
    pub fn set_patterns(&mut self, patterns: bool) {
        self.patterns = patterns;
    }

    /// The part of a playable figure's simulated runs that is to be shown, 0–1.
    pub fn played(&self, figure: &str) -> f64 {
        self.played.iter().find(|(name, _)| name == figure).map_or(1.0, |(_, part)| *part)
    }

    /// Adds the shards of a job whose result has this key, of `wanted`; the last ones may be missing.
    pub fn insert(&mut self, job: &'static str, key: String, shards: &'a [Option<Vec<f64>>], wanted: usize) {
        self.jobs.push(Finished { job, key, shards, wanted });
    }

    /// What `make` gives, made again only when `detail` or the shards of one of `jobs` are others than last time.
    pub fn made<T: 'static>(
        &self,
        name: &'static str,
        jobs: &[&str],
        detail: &str,
        make: impl FnOnce() -> T,
    ) -> Rc<T> {
        let stamp = jobs.iter().filter_map(|job| self.finished(job)).fold(
            detail.to_owned(),
            |stamp, Finished { key, shards, .. }| {
                format!("{stamp}|{key}|{}", shards.iter().flatten().count())
            },
        );
        if let Some((_, of, made)) = self.made.borrow().iter().find(|(of, ..)| *of == name)
            && *of == stamp
            && let Ok(made) = Rc::clone(made).downcast()
        {
            return made;
        }
        let made = Rc::new(make());
        let mut all = self.made.borrow_mut();
        all.retain(|(of, ..)| *of != name);
        all.push((name, stamp, Rc::clone(&made) as Rc<dyn Any>));
        made
    }
}

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

/// A lab with its parameters: what the page handles without knowing which lab it is.
pub trait Exhibit {
    /// See [`Lab::ABOUT`].
    fn about(&self) -> &'static About;
    /// See [`Lab::PRESETS`].
    fn presets(&self) -> &'static [Preset];
    /// See [`ParamSet::specs`].
    fn specs(&self) -> &'static [ParamSpec];
    /// See [`ParamSet::value`].
    fn value(&self, index: usize) -> Value;
    /// Sets a value, checks the whole, and says what the check repaired; `None` if of another kind.
    fn put(&mut self, index: usize, value: &Value) -> Option<Vec<Problem>>;
    /// See [`ParamSet::matters`].
    fn matters(&self, index: usize) -> bool;
    /// What this state names without holding it: the lab's files, and the reader's numbers that matter.
    fn contents(&self) -> Vec<Named>;
    /// See [`Lab::offers`].
    fn offers(&self, key: &str, name: &str) -> bool;
    /// Puts every parameter back to its default.
    fn reset(&mut self);
    /// The link of this state.
    fn link(&self, view: &View) -> String;
    /// See [`Lab::jobs`].
    fn jobs(&self) -> Vec<Job>;
    /// See [`Lab::button`].
    fn button(&self, job: &str) -> &'static str;
    /// See [`Lab::compute`].
    ///
    /// # Errors
    /// As [`Lab::compute`].
    fn compute(&self, job: &str, shard: u32, previous: Option<&[f64]>) -> Result<Vec<f64>, LabError>;
    /// See [`Lab::spent`].
    fn spent(&self, job: &str, values: &mut Vec<f64>);
    /// See [`Lab::figures`].
    fn figures(&self, done: &Done) -> Vec<Figure>;
    /// See [`Lab::ready`].
    fn ready(&self, done: &Done, figure: &str) -> bool;
    /// See [`Lab::whole`].
    fn whole(&self, done: &Done, figure: &str) -> bool;
    /// See [`Lab::summary`].
    fn summary(&self, done: &Done) -> Summary;
    /// See [`Lab::hover`].
    fn hover(&self, done: &Done, figure: &str, at: (f64, f64)) -> String;
    /// See [`Lab::table`].
    fn table(&self, done: &Done, figure: &str) -> Table;
    /// See [`Lab::grid`].
    fn grid(&self, done: &Done, figure: &str) -> Option<Grid>;
    /// See [`Lab::range_keys`].
    fn range_keys(&self, figure: &str) -> &'static [&'static str];
}

struct State<L: Lab> {
    params: L::Params,
}

impl<L: Lab> Exhibit for State<L> {
    fn about(&self) -> &'static About {
        &L::ABOUT
    }
    fn presets(&self) -> &'static [Preset] {
        L::PRESETS
    }
    fn specs(&self) -> &'static [ParamSpec] {
        L::Params::specs()
    }
    fn value(&self, index: usize) -> Value {
        self.params.value(index)
    }
    fn put(&mut self, index: usize, value: &Value) -> Option<Vec<Problem>> {
        if self.params.value(index) == *value {
            return Some(Vec::new());
        }
        let changed = self.params.put(index, value);
        changed.then(|| {
            L::changed(&mut self.params, L::Params::specs()[index].key);
            L::check(&mut self.params)
        })
    }
    fn matters(&self, index: usize) -> bool {
        self.params.matters(index)
    }
    fn contents(&self) -> Vec<Named> {
        let mut named: Vec<Named> = L::ASSETS.iter().filter_map(Named::asset).collect();
        for (index, spec) in L::Params::specs().iter().enumerate() {
            if let Value::Data(data) = self.params.value(index)
                && self.params.matters(index)
            {
                named.extend(Named::data(spec.key, &data));
            }
        }
        named
    }
    fn offers(&self, key: &str, name: &str) -> bool {
        L::offers(&self.params, key, name)
    }
    fn reset(&mut self) {
        self.params = L::Params::default();
    }
    fn link(&self, view: &View) -> String {
        fragment::write(L::ABOUT.id, L::ABOUT.version, &self.params, view)
    }
    fn jobs(&self) -> Vec<Job> {
        L::jobs(&self.params)
    }
    fn button(&self, job: &str) -> &'static str {
        L::button(job)
    }
    fn compute(&self, job: &str, shard: u32, previous: Option<&[f64]>) -> Result<Vec<f64>, LabError> {
        L::compute(&self.params, job, shard, previous)
    }
    fn spent(&self, job: &str, values: &mut Vec<f64>) {
        L::spent(job, values);
    }
    fn figures(&self, done: &Done) -> Vec<Figure> {
        L::figures(&self.params, done)
    }
    fn ready(&self, done: &Done, figure: &str) -> bool {
        L::ready(&self.params, done, figure)
    }
    fn whole(&self, done: &Done, figure: &str) -> bool {
        L::whole(&self.params, done, figure)
    }
    fn summary(&self, done: &Done) -> Summary {
        L::summary(&self.params, done)
    }
    fn hover(&self, done: &Done, figure: &str, at: (f64, f64)) -> String {
        L::hover(&self.params, done, figure, at)
    }
    fn table(&self, done: &Done, figure: &str) -> Table {
        L::table(&self.params, done, figure)
    }
    fn grid(&self, done: &Done, figure: &str) -> Option<Grid> {
        L::grid(&self.params, done, figure)
    }
    fn range_keys(&self, figure: &str) -> &'static [&'static str] {
        L::range_keys(figure)
    }
}

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
    "exponents" => [stability::Stability, spectrum::Spectrum],
    "networks" => [rank::Rank, landscape::Landscape, types::Types, network::Network],
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
