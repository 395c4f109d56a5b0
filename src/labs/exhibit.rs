//! A lab with its parameters behind one object: who holds it need not know which lab it is.

use super::{About, Done, Job, Lab, LabError, Named, Preset, Summary, Table};
use crate::charts::csv::Grid;
use crate::charts::figure::Figure;
use crate::params::fragment::{self, View};
use crate::params::{ParamSet, ParamSpec, Problem, Value};

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

/// The parameters of a lab.
pub(super) struct State<L: Lab> {
    pub(super) params: L::Params,
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
