//! The boundary to JavaScript: thin, and the only file that knows it.
//!
//! Numbers cross as `Float64Array`, everything else as plain objects. Errors become sentences.

use crate::charts::canvas::CanvasSurface;
use crate::charts::draw::{Drawn, draw};
use crate::charts::figure::{Axis, Figure, Layer, ParamRef, Role, Scale};
use crate::charts::palette::Theme;
use crate::charts::plot_area::PlotArea;
use crate::charts::surface::Rect;
use crate::charts::svg::SvgSurface;
use crate::labs::assets::Origin;
use crate::labs::session::Session as Inner;
use crate::labs::{self, CATALOGUE, Exhibit, LabError, Quantity};
use crate::params::content::{self, Hash};
use crate::params::data::{Data, Shape};
use crate::params::fragment::{HIDEABLE, Theme as ThemeChoice, View};
use crate::params::{Domain, ParamSpec, Value, When, text};
use serde::Serialize;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

/// Runs once per instance: a panic becomes a readable message in the console.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// Version of the software.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Every lab of this module with its parameters and presets.
///
/// # Errors
/// If the browser refuses an object.
#[wasm_bindgen]
pub fn labs() -> Result<JsValue, JsError> {
    let list: Vec<LabInfo> = labs::compiled().map(|id| LabInfo::of(&*labs::open(id).exhibit)).collect();
    object(&list)
}

/// One shard of a job, in a worker.
///
/// # Errors
/// The sentence of the lab.
#[allow(clippy::needless_pass_by_value)] // wasm-bindgen passes an optional array by value only
#[wasm_bindgen]
pub fn compute(
    fragment: &str,
    job: &str,
    shard: u32,
    previous: Option<Box<[f64]>>,
) -> Result<Box<[f64]>, JsError> {
    let opened = labs::open(fragment);
    let values = opened.exhibit.compute(job, shard, previous.as_deref()).map_err(|error| sentence(&error))?;
    Ok(values.into_boxed_slice())
}

/// Keeps the reader's numbers (the last axis fastest) and gives their text for a link.
///
/// # Errors
/// What is not allowed about them.
#[allow(clippy::needless_pass_by_value)] // wasm-bindgen passes arrays by value
#[wasm_bindgen]
pub fn keep_data(axes: Vec<u32>, numbers: Box<[f64]>) -> Result<String, JsError> {
    let axes: Vec<usize> = axes.into_iter().map(|axis| axis as usize).collect();
    let data = Shape::new(&axes).and_then(|shape| Data::new(shape, numbers.into()));
    data.map(|data| data.text()).map_err(|reason| JsError::new(&reason))
}

/// Keeps numbers by the hash of their bytes, which it gives.
#[wasm_bindgen]
pub fn keep_numbers(numbers: Box<[f64]>) -> String {
    content::keep_numbers(numbers.into()).to_string()
}

/// Keeps a file by the hash of its bytes, which it gives.
#[wasm_bindgen]
pub fn keep_bytes(bytes: Box<[u8]>) -> String {
    content::keep_bytes(bytes.into()).to_string()
}

/// Whether the content of this hash is kept.
#[wasm_bindgen]
pub fn holds(hash: &str) -> bool {
    Hash::parse(hash).is_some_and(|hash| content::holds(&hash))
}

/// An open lab; see [`crate::labs::session::Session`].
#[wasm_bindgen]
pub struct Session {
    inner: Inner,
    /// The figures as they were last drawn on the page.
    drawn: Vec<(Rc<Figure>, Drawn)>,
}

#[wasm_bindgen]
impl Session {
    /// Opens a link; never fails.
    #[wasm_bindgen(constructor)]
    pub fn new(fragment: &str) -> Session {
        Session { inner: Inner::new(fragment), drawn: Vec::new() }
    }

    /// Opens another link.
    pub fn open(&mut self, fragment: &str) {
        self.inner.open(fragment);
    }

    /// The link of the present state, without `#`.
    pub fn fragment(&self) -> String {
        self.inner.fragment()
    }

    /// Name of the lab; `labs` for the list of all.
    pub fn lab(&self) -> String {
        if self.inner.catalogue() { CATALOGUE } else { self.inner.exhibit().about().id }.to_owned()
    }

    /// The link of a lab as it opens (`labs`: of the list of all), with the present switches of the page.
    pub fn lab_link(&self, id: &str) -> String {
        self.inner.lab_fragment(id)
    }

    /// What was wrong with the last link or value.
    ///
    /// # Errors
    /// If the browser refuses an object.
    pub fn problems(&self) -> Result<JsValue, JsError> {
        let list: Vec<Problem> =
            self.inner.problems().iter().map(|p| Problem { key: &p.key, text: &p.text }).collect();
        object(&list)
    }

    /// The value of every parameter as text.
    ///
    /// # Errors
    /// If the browser refuses an object.
    pub fn values(&self) -> Result<JsValue, JsError> {
        let exhibit = self.inner.exhibit();
        let list: Vec<ParamState> = exhibit
            .specs()
            .iter()
            .enumerate()
            .map(|(index, spec)| {
                let value = exhibit.value(index);
                let text = text::format(spec, &value);
                ParamState {
                    key: spec.key,
                    shown: exhibit.matters(index),
                    slider: text::slider_position(&spec.domain, &value),
                    offered: match spec.domain {
                        Domain::Choice { names } => {
                            names.iter().copied().filter(|name| exhibit.offers(spec.key, name)).collect()
                        }
                        _ => Vec::new(),
                    },
                    spoken: format!("{} {text}", spec.name),
                    text,
                }
            })
            .collect();
        object(&list)
    }

    /// The switches of the page.
    ///
    /// # Errors
    /// If the browser refuses an object.
    pub fn view(&self) -> Result<JsValue, JsError> {
        let View { hide, theme, run, patterns } = *self.inner.view();
        let hide = HIDEABLE.iter().enumerate().filter(|(i, _)| hide.0 & (1 << i) != 0).map(|(_, name)| *name);
        object(&ViewState { hide: hide.collect(), theme: theme.name(), run: run.name(), patterns })
    }

    /// Makes the page light, dark, or as the system says.
    pub fn set_theme(&mut self, theme: &str) {
        let choice = ThemeChoice::ALL.iter().find(|choice| choice.name() == theme);
        self.inner.view_mut().theme = choice.copied().unwrap_or(ThemeChoice::Auto);
    }

    /// Puts patterns on the regions of maps, or takes them away.
    pub fn set_patterns(&mut self, patterns: bool) {
        self.inner.view_mut().patterns = patterns;
    }

    /// Sets one value from text.
    pub fn set(&mut self, key: &str, text: &str) {
        self.inner.set(key, text);
    }

    /// Sets several values, written as in a link.
    pub fn merge(&mut self, query: &str) {
        self.inner.merge(query);
    }

    /// Back to the defaults.
    pub fn reset(&mut self) {
        self.inner.reset();
    }

    /// The link of a preset; the present one if there is no such preset.
    pub fn preset(&self, id: &str) -> String {
        self.inner.preset_fragment(id).unwrap_or_else(|| self.inner.fragment())
    }

    /// Moves a slider, position 0–1.
    pub fn set_slider(&mut self, key: &str, position: f64) {
        self.inner.set_slider(key, position);
    }

    /// Steps a number.
    pub fn step(&mut self, key: &str, notches: i32) {
        self.inner.step(key, notches);
    }

    /// Draws a seed from the system's random numbers.
    ///
    /// # Errors
    /// If the browser has none.
    pub fn new_seed(&mut self) -> Result<(), JsError> {
        // 32 bits: short enough to be read out, and exact in a double.
        let seed = getrandom::u32()
            .map_err(|_| JsError::new("The browser gives no random numbers; the seed stays as it is."))?;
        self.inner.set("seed", &seed.to_string());
        Ok(())
    }

    /// What the present state names without holding it.
    ///
    /// # Errors
    /// If the browser refuses an object.
    pub fn contents(&self) -> Result<JsValue, JsError> {
        let list: Vec<Content> = self
            .inner
            .contents()
            .into_iter()
            .map(|named| Content {
                hash: named.hash.to_string(),
                held: named.held,
                sentence: named.sentence(),
                file: match &named.origin {
                    Origin::Asset(asset) => Some(asset.file),
                    Origin::Reader { .. } => None,
                },
                key: match &named.origin {
                    Origin::Asset(_) => None,
                    Origin::Reader { key, .. } => Some(*key),
                },
            })
            .collect();
        object(&list)
    }

    /// To be called after content was kept that the present state lacked.
    pub fn content_came(&mut self) {
        self.inner.content_came();
    }

    /// The jobs that the present state needs, most urgent first.
    ///
    /// # Errors
    /// If the browser refuses an object.
    pub fn jobs(&self) -> Result<JsValue, JsError> {
        let list: Vec<Job> = self
            .inner
            .jobs()
            .into_iter()
            .map(|(job, key)| Job {
                name: job.name,
                shards: job.shards,
                chain: job.chain,
                cost: job.cost,
                on_demand: job.on_demand,
                button: self.inner.exhibit().button(job.name),
                // a chain may have been longer than it is now asked to be
                kept: self.inner.kept(&key).into_iter().filter(|shard| *shard < job.shards).collect(),
                key,
            })
            .collect();
        object(&list)
    }

    /// Keeps a finished shard.
    pub fn keep(&mut self, key: &str, shards: u32, shard: u32, values: Box<[f64]>) {
        self.inner.keep(key, shards, shard, values.into_vec());
    }

    /// A kept shard.
    pub fn shard(&self, key: &str, shard: u32) -> Option<Box<[f64]>> {
        self.inner.shard(key, shard).map(Box::from)
    }

    /// Numbers and words of the present state.
    ///
    /// # Errors
    /// If the browser refuses an object.
    pub fn summary(&self) -> Result<JsValue, JsError> {
        let summary = self.inner.summary();
        object(&Summary {
            verdict: Verdict {
                code: summary.verdict.code,
                heading: &summary.verdict.heading,
                text: &summary.verdict.text,
            },
            values: summary.values.iter().map(Number::of).collect(),
            notes: &summary.notes,
            complete: self.inner.complete(),
        })
    }

    /// Whether a figure has anything of this state to show yet; cheaper than making it.
    pub fn ready(&self, figure: &str) -> bool {
        self.inner.exhibit().ready(&self.inner.done(), figure)
    }

    /// Whether a figure shows all that is to come.
    pub fn whole(&self, figure: &str) -> bool {
        self.inner.exhibit().whole(&self.inner.done(), figure)
    }

    /// The figures of the present state.
    ///
    /// # Errors
    /// If the browser refuses an object.
    pub fn figures(&self) -> Result<JsValue, JsError> {
        let exhibit = self.inner.exhibit();
        let done = self.inner.done();
        let figures = self.inner.figures();
        let list: Vec<FigureInfo> = figures
            .iter()
            .map(|figure| FigureInfo {
                id: figure.id,
                role: match figure.role {
                    Role::Main => "main",
                    Role::Side => "side",
                    Role::Strip => "strip",
                },
                handles: figure.handles.len(),
                zoomable: !exhibit.range_keys(figure.id).is_empty(),
                ready: exhibit.ready(&done, figure.id),
                playable: figure.playable,
                map: figure.layers.iter().any(|layer| matches!(layer, Layer::Raster { .. })),
                changed: self
                    .last_drawn(figure.id)
                    .is_none_or(|(last, _)| !Rc::ptr_eq(last, figure) && **last != **figure),
                title: &figure.title,
                alt: &figure.alt,
            })
            .collect();
        object(&list)
    }

    /// Draws a figure at `width` CSS pixels and `ratio` device pixels each; sizes the canvas.
    ///
    /// # Errors
    /// If there is no such figure or the canvas refuses.
    pub fn draw(
        &mut self,
        canvas: HtmlCanvasElement,
        id: &str,
        width: f64,
        ratio: f64,
        dark: bool,
    ) -> Result<JsValue, JsError> {
        let figure = self.figure(id)?;
        let mut surface = CanvasSurface::new(canvas, ratio)
            .ok_or_else(|| JsError::new("The browser gives this canvas no drawing surface."))?;
        let drawn = draw(&mut surface, &figure, width, &Theme::of(dark))?;
        let answer = object(&DrawnInfo::of(&drawn));
        self.drawn.retain(|(last, _)| last.id != id);
        self.drawn.push((figure, drawn));
        answer
    }

    /// Draws a figure, light, on a canvas that is not on the page: what pointers and zooming mean stays.
    ///
    /// # Errors
    /// If there is no such figure or the canvas refuses.
    pub fn picture(
        &self,
        canvas: HtmlCanvasElement,
        id: &str,
        width: f64,
        ratio: f64,
    ) -> Result<(), JsError> {
        let mut surface = CanvasSurface::new(canvas, ratio)
            .ok_or_else(|| JsError::new("The browser gives this canvas no drawing surface."))?;
        draw(&mut surface, &*self.figure(id)?, width, &Theme::LIGHT)?;
        Ok(())
    }

    /// A figure as SVG, light.
    ///
    /// # Errors
    /// If there is no such figure.
    pub fn svg(&self, id: &str, width: f64) -> Result<String, JsError> {
        let mut surface = SvgSurface::new();
        draw(&mut surface, &*self.figure(id)?, width, &Theme::LIGHT)?;
        Ok(surface.finish())
    }

    /// The ends of a figure's axes, and the parameters that its first handle moves along them.
    ///
    /// # Errors
    /// If there is no such figure or the browser refuses an object.
    pub fn axes(&self, id: &str) -> Result<JsValue, JsError> {
        let figure = self.figure(id)?;
        let handle = figure.handles.first();
        object(&AxesInfo {
            x: AxisInfo::of(&figure.x, handle.and_then(|handle| handle.x.as_ref())),
            y: AxisInfo::of(&figure.y, handle.and_then(|handle| handle.y.as_ref())),
        })
    }

    /// The numbers of a figure.
    ///
    /// # Errors
    /// If the browser refuses an object.
    pub fn table(&self, id: &str) -> Result<JsValue, JsError> {
        let table = self.inner.table(id);
        object(&Table { columns: &table.columns, rows: &table.rows })
    }

    /// What a figure draws, as a CSV table.
    ///
    /// # Errors
    /// If there is no such figure.
    pub fn csv(&self, id: &str) -> Result<String, JsError> {
        Ok(self.inner.csv(&*self.figure(id)?))
    }

    /// One line about the place at a pixel.
    pub fn hover(&self, id: &str, x: f64, y: f64) -> String {
        match (self.figure(id), self.area(id)) {
            (Ok(_), Some(area)) => self.inner.hover(id, area.data(x, y)),
            _ => String::new(),
        }
    }

    /// Moves a handle to a pixel.
    pub fn drag(&mut self, id: &str, handle: usize, x: f64, y: f64) {
        if let (Ok(figure), Some(area)) = (self.figure(id), self.area(id))
            && let Some(grip) = figure.handles.get(handle)
        {
            self.inner.drag(&figure, grip, area.nearest_data(x, y));
        }
    }

    /// Moves a handle by steps.
    pub fn nudge(&mut self, id: &str, handle: usize, dx: f64, dy: f64) {
        if let Ok(figure) = self.figure(id)
            && let Some(grip) = figure.handles.get(handle)
        {
            self.inner.nudge(&figure, grip, (dx, dy));
        }
    }

    /// Shows a playable figure's simulated runs up to this part of their time.
    pub fn play(&mut self, id: &str, part: f64) {
        self.inner.play(id, part);
    }

    /// Zooms to a box of pixels; one that reaches beyond the plot shows more.
    pub fn zoom(&mut self, id: &str, x0: f64, y0: f64, x1: f64, y1: f64) {
        if let (Ok(figure), Some(area)) = (self.figure(id), self.area(id)) {
            let (a, b) = (area.data(x0, y0), area.data(x1, y1));
            self.inner.zoom(&figure, (a.0.min(b.0), a.1.min(b.1)), (a.0.max(b.0), a.1.max(b.1)));
        }
    }

    /// Zooms about the first handle (the middle, if there is none).
    pub fn zoom_by(&mut self, id: &str, factor: f64) {
        if let Ok(figure) = self.figure(id) {
            self.inner.zoom_by(&figure, factor);
        }
    }

    /// Whole range again.
    pub fn zoom_reset(&mut self, id: &str) {
        if let Ok(figure) = self.figure(id) {
            self.inner.zoom_reset(&figure);
        }
    }
}

impl Session {
    fn figure(&self, id: &str) -> Result<Rc<Figure>, JsError> {
        let found = self.inner.figures().into_iter().find(|figure| figure.id == id);
        found.ok_or_else(|| sentence(&LabError::NoSuch(format!("figure “{id}”"))))
    }

    fn last_drawn(&self, id: &str) -> Option<&(Rc<Figure>, Drawn)> {
        self.drawn.iter().find(|(last, _)| last.id == id)
    }

    fn area(&self, id: &str) -> Option<PlotArea> {
        self.last_drawn(id).map(|(_, drawn)| drawn.area)
    }
}

fn sentence(error: &LabError) -> JsError {
    JsError::new(&error.to_string())
}

fn object<T: Serialize>(value: &T) -> Result<JsValue, JsError> {
    serde_wasm_bindgen::to_value(value).map_err(|error| JsError::new(&error.to_string()))
}

#[derive(Serialize)]
struct LabInfo {
    id: &'static str,
    question: &'static str,
    version: u32,
    paper: PaperInfo,
    params: Vec<SpecInfo>,
    presets: Vec<PresetInfo>,
}

#[derive(Serialize)]
struct PaperInfo {
    title: &'static str,
    authors: &'static str,
    arxiv: &'static str,
}

#[derive(Serialize)]
struct PresetInfo {
    id: &'static str,
    title: &'static str,
}

#[derive(Serialize)]
struct SpecInfo {
    key: &'static str,
    symbol: &'static str,
    name: &'static str,
    help: &'static str,
    default: String,
    group: &'static str,
    allowed: String,
    optional: bool,
    when: &'static [When],
    domain: DomainInfo,
}

#[derive(Serialize)]
struct DomainInfo {
    kind: &'static str,
    names: &'static [&'static str],
    labels: &'static [&'static str],
    /// Of data: how many axes a shape may have.
    axes: &'static [usize],
}

impl LabInfo {
    fn of(exhibit: &dyn Exhibit) -> Self {
        let about = exhibit.about();
        let presets =
            exhibit.presets().iter().map(|preset| PresetInfo { id: preset.id, title: preset.title });
        let params =
            exhibit.specs().iter().enumerate().map(|(index, spec)| SpecInfo::of(spec, &exhibit.value(index)));
        LabInfo {
            id: about.id,
            question: about.question,
            version: about.version,
            paper: PaperInfo {
                title: about.paper.title,
                authors: about.paper.authors,
                arxiv: about.paper.arxiv,
            },
            params: params.collect(),
            presets: presets.collect(),
        }
    }
}

impl SpecInfo {
    fn of(spec: &'static ParamSpec, default: &Value) -> Self {
        let (kind, names): (_, &'static [&'static str]) = match spec.domain {
            Domain::Linear { .. } => ("linear", &[]),
            Domain::Log { .. } => ("log", &[]),
            Domain::Int { .. } => ("int", &[]),
            Domain::Toggle => ("toggle", &[]),
            Domain::Choice { names } => ("choice", names),
            Domain::Subset { names } => ("subset", names),
            Domain::List { .. } => ("list", &[]),
            Domain::Data { .. } => ("data", &[]),
        };
        SpecInfo {
            key: spec.key,
            symbol: spec.symbol,
            name: spec.name,
            help: spec.help.trim(),
            default: text::format(spec, default),
            group: spec.group,
            allowed: text::allowed(&spec.domain),
            optional: spec.optional,
            when: spec.when,
            domain: DomainInfo {
                kind,
                names,
                labels: spec.labels,
                axes: if let Domain::Data { axes } = spec.domain { axes } else { &[] },
            },
        }
    }
}

#[derive(Serialize)]
struct Problem<'a> {
    key: &'a str,
    text: &'a str,
}

/// Content that a state names: a file of the lab, or the reader's numbers of a parameter.
#[derive(Serialize)]
struct Content {
    hash: String,
    held: bool,
    sentence: String,
    file: Option<&'static str>,
    key: Option<&'static str>,
}

#[derive(Serialize)]
struct ParamState {
    key: &'static str,
    text: String,
    shown: bool,
    slider: Option<f64>,
    offered: Vec<&'static str>,
    spoken: String,
}

#[derive(Serialize)]
struct ViewState {
    hide: Vec<&'static str>,
    theme: &'static str,
    run: &'static str,
    patterns: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Job {
    name: &'static str,
    key: String,
    shards: u32,
    chain: bool,
    cost: f64,
    on_demand: bool,
    button: &'static str,
    kept: Vec<u32>,
}

#[derive(Serialize)]
struct Verdict<'a> {
    code: &'a str,
    heading: &'a str,
    text: &'a str,
}

/// A number, or its name where JSON has none.
#[derive(Serialize)]
#[serde(untagged)]
enum Plain {
    Number(f64),
    Name(&'static str),
    List(Vec<Plain>),
    Nothing,
}

impl Plain {
    fn of(number: f64) -> Self {
        match number {
            f64::INFINITY => Plain::Name("inf"),
            f64::NEG_INFINITY => Plain::Name("-inf"),
            number if number.is_nan() => Plain::Nothing,
            number => Plain::Number(number),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Number<'a> {
    name: &'a str,
    label: &'a str,
    symbol: &'a str,
    value: Plain,
    text: String,
    standard_error: Option<f64>,
    exact: bool,
    method: &'a str,
}

impl<'a> Number<'a> {
    fn of(quantity: &'a Quantity) -> Self {
        let value = match &quantity.value {
            None => Plain::Nothing,
            Some(numbers) if quantity.list => Plain::List(numbers.iter().map(|x| Plain::of(*x)).collect()),
            Some(numbers) => numbers.first().map_or(Plain::Nothing, |x| Plain::of(*x)),
        };
        Number {
            name: quantity.name,
            label: quantity.label,
            symbol: quantity.symbol,
            value,
            text: quantity.text(),
            standard_error: quantity.standard_error,
            exact: quantity.exact,
            method: &quantity.method,
        }
    }
}

#[derive(Serialize)]
struct Summary<'a> {
    verdict: Verdict<'a>,
    values: Vec<Number<'a>>,
    notes: &'a [String],
    complete: bool,
}

#[allow(clippy::struct_excessive_bools)] // each is a property of its own
#[derive(Serialize)]
struct FigureInfo<'a> {
    id: &'static str,
    role: &'static str,
    title: &'a str,
    alt: &'a str,
    handles: usize,
    zoomable: bool,
    ready: bool,
    playable: bool,
    map: bool,
    /// Not as it was last drawn on the page.
    changed: bool,
}

#[derive(Serialize)]
struct Table<'a> {
    columns: &'a [String],
    rows: &'a [Vec<String>],
}

#[derive(Serialize)]
struct AxesInfo {
    x: AxisInfo,
    y: AxisInfo,
}

#[derive(Serialize)]
struct AxisInfo {
    parameter: Option<&'static str>,
    min: f64,
    max: f64,
    log: bool,
}

impl AxisInfo {
    fn of(axis: &Axis, target: Option<&ParamRef>) -> Self {
        let parameter = target.map(|target| target.key);
        AxisInfo { parameter, min: axis.min, max: axis.max, log: axis.scale == Scale::Log }
    }
}

#[derive(Serialize)]
struct PointInfo {
    x: f64,
    y: f64,
}

#[derive(Serialize)]
struct BoxInfo {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl BoxInfo {
    fn of(rect: &Rect) -> Self {
        BoxInfo { left: rect.left, top: rect.top, width: rect.width, height: rect.height }
    }
}

#[derive(Serialize)]
struct TextInfo<'a> {
    #[serde(rename = "box")]
    place: BoxInfo,
    text: &'a str,
}

#[derive(Serialize)]
struct DrawnInfo<'a> {
    width: f64,
    height: f64,
    plot: BoxInfo,
    handles: Vec<PointInfo>,
    texts: Vec<TextInfo<'a>>,
}

impl<'a> DrawnInfo<'a> {
    fn of(drawn: &'a Drawn) -> Self {
        DrawnInfo {
            width: drawn.width,
            height: drawn.height,
            plot: BoxInfo::of(&drawn.plot),
            handles: drawn.handles.iter().map(|(x, y)| PointInfo { x: *x, y: *y }).collect(),
            texts: drawn
                .texts
                .iter()
                .map(|text| TextInfo {
                    place: BoxInfo { left: text.x, top: text.y, width: text.width, height: text.height },
                    text: &text.text,
                })
                .collect(),
        }
    }
}
