//! What has been computed for a state: finished shards, and what was made of them.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

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
