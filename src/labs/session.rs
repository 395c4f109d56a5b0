//! One open lab: its state, the finished shards, and what a pointer or a key does to it.
//!
//! The page drives this through `web`; tests drive it directly.

use super::{
    CATALOGUE, Done, Exhibit, Job, LabError, Made, Named, Opened, Played, Summary, Table, open, opening_link,
};
use crate::charts;
use crate::charts::figure::{Axis, Figure, Handle, ParamRef, Scale};
use crate::params::fragment::{self, View};
use crate::params::{Domain, ParamSpec, Problem, Value, text};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Most numbers kept in finished shards: 12 MB. What the present state needs is kept in any case.
const KEPT_NUMBERS: usize = 1_500_000;

/// Jobs with the keys of their results.
type Listed = Rc<[(Job, String)]>;

/// The finished shards of a result.
struct Kept {
    key: String,
    shards: Vec<Option<Vec<f64>>>,
    /// When it was last kept or shown.
    used: Cell<u64>,
}

/// An open lab.
pub struct Session {
    exhibit: Box<dyn Exhibit>,
    view: View,
    problems: Vec<Problem>,
    catalogue: bool,
    kept: Vec<Kept>,
    clock: Cell<u64>,
    /// The jobs of the present state with the keys of their results, listed at most once.
    jobs: RefCell<Option<Listed>>,
    /// The figures of the present state, made at most once.
    figures: RefCell<Option<Vec<Rc<Figure>>>>,
    made: Made,
    played: Played,
}

impl Session {
    /// Opens a link; never fails, see [`problems`](Self::problems).
    pub fn new(fragment: &str) -> Self {
        let Opened { exhibit, view, problems, catalogue } = open(fragment);
        Session {
            exhibit,
            view,
            problems,
            catalogue,
            kept: Vec::new(),
            clock: Cell::new(0),
            jobs: RefCell::new(None),
            figures: RefCell::new(None),
            made: Made::default(),
            played: Played::default(),
        }
    }

    /// Opens another link; finished shards are kept, also those of another lab.
    pub fn open(&mut self, fragment: &str) {
        let Opened { exhibit, view, problems, catalogue } = open(fragment);
        if exhibit.about().id != self.exhibit.about().id {
            // What is made from shards goes by names that labs may share.
            self.made.borrow_mut().clear();
            self.played.clear();
        }
        (self.exhibit, self.view, self.problems, self.catalogue) = (exhibit, view, problems, catalogue);
        self.state_changed();
    }

    fn state_changed(&mut self) {
        self.figures.replace(None);
        self.jobs.replace(None);
    }

    /// The link of the present state.
    pub fn fragment(&self) -> String {
        if self.catalogue {
            return fragment::write_switches(CATALOGUE, &self.view);
        }
        self.exhibit.link(&self.view)
    }

    /// Whether the link asks for the list of labs; [`exhibit`](Self::exhibit) then is the first lab as it opens.
    pub fn catalogue(&self) -> bool {
        self.catalogue
    }

    /// The link of a lab as it opens, or of the list of labs, with the present switches of the page.
    pub fn lab_fragment(&self, id: &str) -> String {
        opening_link(id, &self.view).unwrap_or_else(|| fragment::write_switches(CATALOGUE, &self.view))
    }

    /// The lab and its parameters.
    pub fn exhibit(&self) -> &dyn Exhibit {
        &*self.exhibit
    }

    /// The switches of the page.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The switches of the page.
    pub fn view_mut(&mut self) -> &mut View {
        self.figures.replace(None);
        &mut self.view
    }

    /// What was wrong with the last link or value.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    fn index(&self, key: &str) -> Option<usize> {
        self.exhibit.specs().iter().position(|spec| spec.key == key)
    }

    fn spec(&self, key: &str) -> Option<(usize, &'static ParamSpec)> {
        self.index(key).map(|index| (index, &self.exhibit.specs()[index]))
    }

    /// Sets one value from text. A bad one changes nothing and is reported.
    pub fn set(&mut self, key: &str, value: &str) {
        self.problems.clear();
        let Some((index, spec)) = self.spec(key) else {
            self.problems.push(Problem::new(key, format!("{key}: there is no such parameter.")));
            return;
        };
        match text::parse(spec, value) {
            Ok(value) => self.put(index, &value),
            Err(reason) => {
                let kept = text::format(spec, &self.exhibit.value(index));
                self.problems.push(Problem::new(key, format!("{}: {reason}; it stays {kept}.", spec.name)));
            }
        }
    }

    fn put(&mut self, index: usize, value: &Value) {
        if let Some(problems) = self.exhibit.put(index, value) {
            self.problems.extend(problems);
        }
        self.state_changed();
    }

    /// Puts every parameter back to its default.
    pub fn reset(&mut self) {
        self.problems.clear();
        self.exhibit.reset();
        self.state_changed();
    }

    /// The link of a preset, with the present switches of the page.
    pub fn preset_fragment(&self, id: &str) -> Option<String> {
        let preset = self.exhibit.presets().iter().find(|preset| preset.id == id)?;
        let about = self.exhibit.about();
        let set: String = preset.set.iter().flat_map(|(key, value)| ["&", key, "=", value]).collect();
        let link = format!("{}?v={}{set}", about.id, about.version);
        let mut opened = open(&link);
        opened.view = self.view.clone();
        Some(opened.exhibit.link(&opened.view))
    }

    /// Sets several values, written as in a link: `lr=1.2&a=-1`.
    pub fn merge(&mut self, query: &str) {
        let mut problems = Vec::new();
        for pair in query.split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            self.set(key, value);
            problems.append(&mut self.problems);
        }
        self.problems = problems;
    }

    /// Position of a parameter's slider, 0–1; `None` if it has none.
    pub fn slider(&self, key: &str) -> Option<f64> {
        let (index, spec) = self.spec(key)?;
        text::slider_position(&spec.domain, &self.exhibit.value(index))
    }

    /// Moves a parameter's slider.
    pub fn set_slider(&mut self, key: &str, position: f64) {
        self.problems.clear();
        if let Some((index, spec)) = self.spec(key)
            && let Some(value) = text::at_slider_position(&spec.domain, position)
        {
            self.put(index, &value);
        }
    }

    /// Moves a number by `notches` steps of its slider's hundredth (whole numbers: by one at least).
    pub fn step(&mut self, key: &str, notches: i32) {
        self.problems.clear();
        let Some((index, spec)) = self.spec(key) else { return };
        let value = self.exhibit.value(index);
        let stepped = match (&spec.domain, &value) {
            (Domain::Int { min, max, .. }, Value::Integer(number)) => {
                Some(Value::Integer(number.saturating_add_signed(i64::from(notches)).clamp(*min, *max)))
            }
            (domain, value) => text::slider_position(domain, value)
                .and_then(|u| text::at_slider_position(domain, u + f64::from(notches) / 100.0)),
        };
        if let Some(stepped) = stepped {
            self.put(index, &stepped);
        }
    }

    /// The key of a job's result: its name and the values that it depends on.
    pub fn key(&self, job: &Job) -> String {
        let value = |name: &&'static str| {
            let (index, spec) = self.spec(name)?;
            Some(format!("&{name}={}", text::format(spec, &self.exhibit.value(index))))
        };
        let values: String = job.depends.iter().filter_map(value).collect();
        format!("{}/{}{values}", self.exhibit.about().id, job.name)
    }

    /// What the present state names without holding it, and the page has to bring.
    pub fn contents(&self) -> Vec<Named> {
        self.exhibit.contents()
    }

    /// Whether everything that the present state names is at hand.
    pub fn supplied(&self) -> bool {
        self.contents().iter().all(|named| named.held)
    }

    /// To be called when content came: what was drawn without it is drawn again.
    pub fn content_came(&mut self) {
        self.state_changed();
        self.made.borrow_mut().clear();
    }

    /// The jobs that the present state needs, with the keys of their results; none while content is lacking.
    pub fn jobs(&self) -> Vec<(Job, String)> {
        self.listed().to_vec()
    }

    fn listed(&self) -> Listed {
        let list = || {
            let jobs = if self.supplied() { self.exhibit.jobs() } else { Vec::new() };
            jobs.into_iter().map(|job| (job.clone(), self.key(&job))).collect()
        };
        Rc::clone(self.jobs.borrow_mut().get_or_insert_with(list))
    }

    /// One shard of one of the present jobs.
    ///
    /// # Errors
    /// As [`Exhibit::compute`].
    pub fn compute(&self, job: &str, shard: u32, previous: Option<&[f64]>) -> Result<Vec<f64>, LabError> {
        self.exhibit.compute(job, shard, previous)
    }

    /// Keeps a finished shard; the results used longest ago go when 12 MB are full.
    pub fn keep(&mut self, key: &str, shards: u32, shard: u32, values: Vec<f64>) {
        self.figures.replace(None);
        let now = self.tick();
        let jobs = self.listed();
        let chain = jobs.iter().find(|(job, of)| job.chain && of == key).map(|(job, _)| job.name);
        let place = self.kept.iter().position(|kept| kept.key == key).unwrap_or_else(|| {
            self.kept.push(Kept { key: key.to_owned(), shards: Vec::new(), used: Cell::new(0) });
            self.kept.len() - 1
        });
        let kept = &mut self.kept[place];
        kept.used.set(now);
        // more of a chain: what is there stays
        if kept.shards.len() < shards as usize {
            kept.shards.resize(shards as usize, None);
        }
        if let Some(place) = kept.shards.get_mut(shard as usize) {
            *place = Some(values);
        }
        if let (Some(job), Some(before)) = (chain, shard.checked_sub(1))
            && let Some(Some(values)) = kept.shards.get_mut(before as usize)
        {
            self.exhibit.spent(job, values);
        }
        self.drop_oldest(key);
    }

    fn tick(&self) -> u64 {
        self.clock.set(self.clock.get() + 1);
        self.clock.get()
    }

    fn drop_oldest(&mut self, newest: &str) {
        let jobs = self.listed();
        let needed = |kept: &Kept| kept.key == newest || jobs.iter().any(|(_, key)| *key == kept.key);
        let size = |kept: &Kept| kept.shards.iter().flatten().map(Vec::len).sum::<usize>();
        while self.kept.iter().map(size).sum::<usize>() > KEPT_NUMBERS {
            let others = self.kept.iter().enumerate().filter(|(_, kept)| !needed(kept));
            let Some((oldest, _)) = others.min_by_key(|(_, kept)| kept.used.get()) else { break };
            self.kept.swap_remove(oldest);
        }
    }

    /// Which shards of a result are kept.
    pub fn kept(&self, key: &str) -> Vec<u32> {
        let shards = self.result(key).map_or(&[][..], |kept| &kept.shards);
        (0..shards.len() as u32).filter(|index| shards[*index as usize].is_some()).collect()
    }

    /// A kept shard.
    pub fn shard(&self, key: &str, shard: u32) -> Option<&[f64]> {
        self.result(key)?.shards.get(shard as usize)?.as_deref()
    }

    fn result(&self, key: &str) -> Option<&Kept> {
        self.kept.iter().find(|kept| kept.key == key)
    }

    /// The finished shards of the present jobs.
    pub fn done(&self) -> Done<'_> {
        let mut done = Done::new(&self.made, &self.played);
        done.set_patterns(self.view.patterns);
        let now = self.tick();
        for (job, key) in self.listed().iter() {
            if let Some(kept) = self.result(key) {
                kept.used.set(now);
                let wanted = job.shards as usize;
                let there = &kept.shards[..wanted.min(kept.shards.len())];
                done.insert(job.name, key.clone(), there, wanted);
            }
        }
        done
    }

    /// Whether every job that starts by itself is finished.
    pub fn complete(&self) -> bool {
        let done = self.done();
        self.supplied() && self.jobs().iter().all(|(job, _)| job.on_demand || done.complete(job.name))
    }

    /// The figures of the present state.
    pub fn figures(&self) -> Vec<Rc<Figure>> {
        let make = || self.exhibit.figures(&self.done()).into_iter().map(Rc::new).collect();
        self.figures.borrow_mut().get_or_insert_with(make).clone()
    }

    /// The numbers and words of the present state.
    pub fn summary(&self) -> Summary {
        self.exhibit.summary(&self.done())
    }

    /// Shows a playable figure's simulated runs up to this part of their time; 1 shows them whole.
    pub fn play(&mut self, figure: &str, part: f64) {
        self.figures.replace(None);
        self.played.retain(|(name, _)| name != figure);
        if part < 1.0 {
            self.played.push((figure.to_owned(), part.max(0.0)));
        }
    }

    /// One line about a place in a figure.
    pub fn hover(&self, figure: &str, at: (f64, f64)) -> String {
        self.exhibit.hover(&self.done(), figure, at)
    }

    /// The numbers of a figure.
    pub fn table(&self, figure: &str) -> Table {
        self.exhibit.table(&self.done(), figure)
    }

    /// What a figure draws, as a CSV table.
    pub fn csv(&self, figure: &Figure) -> String {
        charts::csv::csv(figure, self.exhibit.grid(&self.done(), figure.id).as_ref())
    }

    /// Moves a handle to a place (data coordinates): sets its parameters, rounded to what a pixel tells apart.
    pub fn drag(&mut self, figure: &Figure, handle: &Handle, at: (f64, f64)) {
        self.problems.clear();
        for (target, axis, value) in [(&handle.x, &figure.x, at.0), (&handle.y, &figure.y, at.1)] {
            if let Some(target) = target {
                let value = value.clamp(axis.min, axis.max);
                self.put_number(target, text::round_to(value, resolution(axis, value)));
            }
        }
    }

    /// Moves a handle by steps of 1/200 of the axes, from the value itself: a handle may stand at what is shown for it.
    pub fn nudge(&mut self, figure: &Figure, handle: &Handle, steps: (f64, f64)) {
        let moved = |axis: &Axis, value: f64, steps: f64| axis.at(axis.fraction(value) + steps / 200.0);
        let [x, y] = [(&handle.x, handle.at.0), (&handle.y, handle.at.1)]
            .map(|(target, shown)| target.as_ref().and_then(|target| self.number(target)).unwrap_or(shown));
        let at = (moved(&figure.x, x, steps.0), moved(&figure.y, y, steps.1));
        let still = Handle {
            at: handle.at,
            x: handle.x.clone().filter(|_| steps.0 != 0.0),
            y: handle.y.clone().filter(|_| steps.1 != 0.0),
        };
        self.drag(figure, &still, at);
    }

    /// The number that a handle sets, if it is one.
    fn number(&self, target: &ParamRef) -> Option<f64> {
        match self.exhibit.value(self.index(target.key)?) {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Sets a parameter to a number, or to the nearest that it may be.
    fn put_number(&mut self, target: &ParamRef, number: f64) {
        let Some((index, spec)) = self.spec(target.key) else { return };
        let Some((min, max)) = limits(&spec.domain) else { return };
        let number = number.clamp(min, max);
        let value = match (&spec.domain, self.exhibit.value(index)) {
            (Domain::Int { .. }, _) => Value::Integer(number.round() as u64),
            (Domain::List { .. }, Value::List(mut numbers)) => {
                if let Some(entry) = target.index.and_then(|entry| numbers.get_mut(entry)) {
                    *entry = number;
                }
                Value::List(numbers)
            }
            _ => Value::Number(number),
        };
        self.put(index, &value);
    }

    /// Makes the axes of a figure that can be zoomed end where given (data coordinates; fractions beyond 0–1 zoom out), or where
    /// their parameters do. Ends too near each other change nothing.
    pub fn zoom(&mut self, figure: &Figure, low: (f64, f64), high: (f64, f64)) {
        self.problems.clear();
        let keys = self.exhibit.range_keys(figure.id);
        let before = self.fragment();
        let handle = figure.handles.first();
        let sides = [
            (&figure.x, handle.and_then(|handle| handle.x.as_ref()), (low.0, high.0)),
            (&figure.y, handle.and_then(|handle| handle.y.as_ref()), (low.1, high.1)),
        ];
        for (keys, (axis, target, (low, high))) in keys.chunks(2).zip(sides) {
            let limits = target.and_then(|target| limits(&self.spec(target.key)?.1.domain));
            for (key, value) in keys.iter().zip([low, high]) {
                let value = text::round_to(value, resolution(axis, value));
                let value = limits.map_or(value, |(min, max)| value.clamp(min, max));
                self.put_number(&ParamRef { key, index: None }, value);
            }
        }
        if !self.problems.is_empty() {
            self.open(&before);
        }
    }

    /// Zooms about the first handle, or the middle if there is none or it is outside; a factor above 1 shows more.
    pub fn zoom_by(&mut self, figure: &Figure, factor: f64) {
        let centre = figure.handles.first().map_or((0.5, 0.5), |handle| {
            let inside = |fraction: f64| if (0.0..=1.0).contains(&fraction) { fraction } else { 0.5 };
            (inside(figure.x.fraction(handle.at.0)), inside(figure.y.fraction(handle.at.1)))
        });
        let ends = |axis: &Axis, centre: f64| {
            (axis.at(centre - centre * factor), axis.at(centre + (1.0 - centre) * factor))
        };
        let (x, y) = (ends(&figure.x, centre.0), ends(&figure.y, centre.1));
        self.zoom(figure, (x.0, y.0), (x.1, y.1));
    }

    /// Puts the axes of a figure back to their own range.
    pub fn zoom_reset(&mut self, figure: &Figure) {
        self.problems.clear();
        for key in self.exhibit.range_keys(figure.id) {
            if let Some(index) = self.index(key) {
                self.put(index, &Value::Absent);
            }
        }
    }
}

/// The least and the greatest number of a domain of numbers.
fn limits(domain: &Domain) -> Option<(f64, f64)> {
    match *domain {
        Domain::Linear { min, max } | Domain::Log { min, max } | Domain::List { min, max, .. } => {
            Some((min, max))
        }
        Domain::Int { min, max, .. } => Some((min as f64, max as f64)),
        _ => None,
    }
}

/// What about a pixel of an 800 px axis tells apart at `value`.
fn resolution(axis: &Axis, value: f64) -> f64 {
    match axis.scale {
        Scale::Linear | Scale::Rows(_) => (axis.max - axis.min) / 600.0,
        Scale::Log => value.abs() * libm::log(axis.max / axis.min) / 600.0,
    }
}
