//! Where everything of a figure goes: margins from measured texts, axes, colour bar. Names and legend:
//! `names`.

use super::axes::{self, Tick};
use super::figure::{Axis, Dash, Figure, Ink, Layer, Mark, Rgb, Scale};
use super::labels::{self, LINE_PITCH};
use super::outline::{self, Pixel};
use super::palette::{Theme, mix};
use super::plot_area::{Extent, PlotArea};
use super::surface::{Align, BOX_RISE, LINE_HEIGHT, Rect};

/// Size of tick numbers and of names of curves and marks, CSS pixels.
pub(super) const SMALL: f64 = 12.0;
/// Size of axis labels.
const LABEL: f64 = 13.0;
/// Length of a tick.
pub const TICK: f64 = 5.0;
/// Length of a minor tick.
pub const MINOR_TICK: f64 = 3.0;
/// From a tick's end to its number.
const TICK_GAP: f64 = 4.0;
/// Least distance from the drawing to the figure's edge.
const EDGE: f64 = 6.0;
/// Thickness of the colour bar.
const BAR: f64 = 12.0;
/// Figures narrower than this have their colour bar below, and no names of curves in the right margin.
const WIDE: f64 = 460.0;
/// With more named curves than this, names that do not fit in the right margin go to the legend.
const MOST_INSIDE: usize = 4;
/// Least height of a row of a [`Scale::Rows`] axis: its name and the gap that names keep.
const ROW: f64 = SMALL * LINE_HEIGHT + 7.0;
/// Length of a legend's swatch.
pub const SWATCH_LENGTH: f64 = 18.0;

/// What a layout must know of its surface.
#[derive(Clone, Copy)]
pub struct TypeSetter<'a> {
    /// [`super::surface::Surface::text_size`].
    pub text_size: &'a dyn Fn(&str, f64) -> (f64, f64),
    /// [`super::surface::Surface::ratio`].
    pub ratio: f64,
}

/// One line of text with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The box that it may touch.
    pub rect: Rect,
    /// What it says.
    pub text: String,
    /// Font size in CSS pixels.
    pub size: f64,
    /// Its colour.
    pub colour: Rgb,
    /// The colour behind it.
    pub ground: Rgb,
    /// Whether to lay its ground under it, because something runs through.
    pub cover: bool,
    /// Which point of the box stays put when the reader's font is narrower than measured.
    pub align: Align,
}

/// What a legend shows before its text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Swatch {
    /// A stroke.
    Stroke(Rgb, Dash, f64),
    /// A filled square.
    Fill(Rgb),
    /// A mark.
    Mark(Mark),
}

/// The colour bar's place.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The strip of colours.
    pub rect: Rect,
    /// Whether values rise upwards (otherwise to the right).
    pub upright: bool,
    /// Positions of its ticks along the strip, 0–1.
    pub ticks: Vec<f64>,
}

/// A figure ready to be painted.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Width of the whole figure.
    pub width: f64,
    /// Height of the whole figure.
    pub height: f64,
    /// Plot and coordinates.
    pub area: PlotArea,
    /// Ticks of the horizontal axis.
    pub x_ticks: Vec<Tick>,
    /// Ticks of the vertical axis.
    pub y_ticks: Vec<Tick>,
    /// For each layer its visible curves (empty for layers that are none).
    pub curves: Vec<Vec<Vec<Pixel>>>,
    /// Colour bar.
    pub bar: Option<Bar>,
    /// Legend swatches: centre left end, and what.
    pub swatches: Vec<(Pixel, Swatch)>,
    /// Every text of the figure.
    pub lines: Vec<Line>,
}

/// A name that has found no place in the plot.
pub(super) struct Entry {
    pub(super) swatch: Swatch,
    pub(super) text: String,
    pub(super) colour: Rgb,
}

/// What the layout knows while it is made.
pub(super) struct Draft<'a> {
    pub(super) type_setter: TypeSetter<'a>,
    pub(super) figure: &'a Figure,
    pub(super) theme: &'a Theme,
    pub(super) width: f64,
    pub(super) x: Extent,
    pub(super) y: Extent,
    pub(super) has_raster: bool,
    /// More names of curves than can be told apart inside the plot.
    pub(super) has_many_names: bool,
    pub(super) lines: Vec<Line>,
    pub(super) legend: Vec<Entry>,
}

/// How opaque a colour of the legend is in the figure: as the areas are where nothing else has it.
fn opacity(figure: &Figure, colour: Rgb) -> f64 {
    let of = |layer: &Layer| match layer {
        Layer::Band { ink, opacity, .. } => (*ink == Ink::Fixed(colour)).then_some(*opacity),
        Layer::Line { ink, .. }
        | Layer::Points { ink, .. }
        | Layer::HLine { ink, .. }
        | Layer::VLine { ink, .. } => (*ink == Ink::Fixed(colour)).then_some(1.0),
        Layer::Raster { .. } => Some(1.0),
        Layer::Region { .. } | Layer::Marker { .. } => None,
    };
    figure.layers.iter().filter_map(of).reduce(f64::max).unwrap_or(1.0)
}

/// Lays the figure out at a width of `width` CSS pixels. `x` and `y` are the extents of its axes.
pub fn layout(
    type_setter: TypeSetter<'_>,
    figure: &Figure,
    width: f64,
    theme: &Theme,
    x: Extent,
    y: Extent,
) -> Layout {
    let has_raster = figure.layers.iter().any(|layer| matches!(layer, Layer::Raster { .. }));
    let is_named = |layer: &&Layer| matches!(layer, Layer::Line { label: Some(_), .. });
    let has_many_names = figure.layers.iter().filter(is_named).count() > MOST_INSIDE;
    let draft = Draft {
        type_setter,
        figure,
        theme,
        width,
        x,
        y,
        has_raster,
        has_many_names,
        lines: Vec::with_capacity(40),
        legend: figure
            .key
            .iter()
            .map(|(colour, text)| Entry {
                swatch: Swatch::Fill(mix(theme.background, *colour, opacity(figure, *colour))),
                text: text.clone(),
                colour: theme.strong,
            })
            .collect(),
    };
    draft.make()
}

/// The margins around the plot and the ticks that they were made for.
pub(super) struct Frame {
    pub(super) plot: Rect,
    pub(super) x_ticks: Vec<Tick>,
    pub(super) y_ticks: Vec<Tick>,
    pub(super) bar: Option<BarPlan>,
    pub(super) end_names: f64,
}

/// The colour bar before the plot's place is known.
pub(super) struct BarPlan {
    pub(super) upright: bool,
    pub(super) extent: Extent,
    pub(super) ticks: Vec<Tick>,
    /// Width of its widest number.
    pub(super) number_width: f64,
}

impl Draft<'_> {
    fn make(mut self) -> Layout {
        let y_label = self.y_label();
        let frame = self.frame(&y_label);
        let area = PlotArea { rect: frame.plot, x: self.x, y: self.y };
        self.write_y_label(&y_label, &frame);
        let mut bottom = self.write_ticks(&area, &frame);
        bottom = self.write_x_label(&area, bottom);
        let (bar, bottom) = self.write_bar(&frame, bottom);
        let curves = self.curves(&area);
        self.name_everything(&area, &frame, &curves);
        let (swatches, bottom) = self.write_legend(&area, bottom);
        Layout {
            width: self.width,
            height: (bottom + EDGE).ceil(),
            area,
            x_ticks: frame.x_ticks,
            y_ticks: frame.y_ticks,
            curves,
            bar,
            swatches,
            lines: self.lines,
        }
    }

    /// Width and height of one line of text.
    pub(super) fn text_size(&self, text: &str, size: f64) -> (f64, f64) {
        (self.type_setter.text_size)(text, size)
    }

    pub(super) fn text_width(&self, text: &str, size: f64) -> f64 {
        self.text_size(text, size).0
    }

    fn widest(&self, ticks: &[Tick]) -> f64 {
        ticks.iter().map(|tick| self.text_width(&tick.label, SMALL)).fold(0.0, f64::max)
    }

    /// Whether numbers at these ticks keep apart on an axis of this length.
    fn keeps_apart(&self, extent: Extent, ticks: &[Tick], length: f64, is_upright: bool) -> bool {
        let mut end = f64::NEG_INFINITY;
        ticks.iter().filter(|tick| !tick.is_minor()).all(|tick| {
            let place = extent.fraction(tick.value) * length;
            let (half, gap) = if is_upright {
                (SMALL * LINE_HEIGHT / 2.0, 6.0)
            } else {
                (self.text_width(&tick.label, SMALL) / 2.0, 14.0)
            };
            let fits = place - half >= end + gap;
            end = place + half;
            fits
        })
    }

    fn ticks(&self, extent: Extent, length: f64, is_upright: bool) -> Vec<Tick> {
        let spacing = if is_upright { 46.0 } else { 62.0 };
        let most = (length / spacing).floor().clamp(2.0, 10.0) as usize;
        let mut ticks =
            axes::choose(extent, most, |ticks| self.keeps_apart(extent, ticks, length, is_upright));
        if !self.keeps_apart(extent, &ticks, length, is_upright) {
            // Not even the sparsest set fits: its first number stands alone.
            let mut numbered = ticks.iter_mut().filter(|tick| !tick.is_minor());
            numbered.next();
            numbered.for_each(|tick| tick.label.clear());
        }
        ticks
    }

    /// The vertical axis's label: one line beside the colour bar's, or up to two of its own.
    fn y_label(&self) -> Vec<String> {
        let room = self.width - 2.0;
        labels::wrap(&self.figure.y.label, room, 2, |text| self.text_width(text, LABEL))
    }

    /// Whether the colour bar stands to the right: its label then shares the line of the y label.
    fn bar_plan(&self, y_label: &[String]) -> Option<BarPlan> {
        let bar = self.figure.colour_bar.as_ref()?;
        let axis = Axis { label: String::new(), min: bar.min, max: bar.max, scale: Scale::Linear };
        let extent = Extent::of(&axis)?;
        let beside = y_label.iter().map(|line| self.text_width(line, LABEL)).fold(0.0, f64::max);
        let room = self.width - beside - 24.0;
        let upright = self.width >= WIDE && self.text_width(&bar.label, LABEL) <= room;
        Some(BarPlan { upright, extent, ticks: Vec::new(), number_width: 0.0 })
    }

    /// The plot's rectangle: margins depend on the ticks, ticks on the margins; three rounds settle it.
    fn frame(&self, y_label: &[String]) -> Frame {
        let mut bar = self.bar_plan(y_label);
        let end_names = self.end_name_width(bar.as_ref());
        let top = if y_label.is_empty() && !bar.as_ref().is_some_and(|bar| bar.upright) {
            SMALL * 0.7
        } else {
            LABEL * labels::block_height(y_label.len().max(1)) + 9.0
        };
        let (mut left, mut right) = (44.0, EDGE + 6.0);
        let (mut x_ticks, mut y_ticks) = (Vec::new(), Vec::new());
        let mut plot;
        for _ in 0..3 {
            plot = self.plot_rect(left, top, right);
            y_ticks = self.ticks(self.y, plot.height, true);
            x_ticks = self.ticks(self.x, plot.width, false);
            left = (self.widest(&y_ticks) + TICK + TICK_GAP + 2.0).max(14.0);
            right = EDGE + 2.0;
            if let Some(bar) = bar.as_mut() {
                let length = if bar.upright { plot.height } else { plot.width };
                bar.ticks = self.ticks(bar.extent, length, bar.upright);
                bar.number_width = self.widest(&bar.ticks);
                if bar.upright {
                    right = 16.0 + BAR + TICK + TICK_GAP + bar.number_width + 2.0;
                }
            }
            right = right.max(if end_names > 0.0 { end_names + 10.0 } else { 0.0 });
            let numbers = x_ticks.iter().map(|tick| (self.x.fraction(tick.value), &tick.label));
            let bars = bar.as_ref().filter(|bar| !bar.upright);
            let bar_numbers = bars
                .iter()
                .flat_map(|bar| bar.ticks.iter().map(|tick| (bar.extent.fraction(tick.value), &tick.label)));
            for (fraction, label) in numbers.chain(bar_numbers).filter(|(_, label)| !label.is_empty()) {
                let half = self.text_width(label, SMALL) / 2.0 + 2.0;
                left = left.max(half - fraction * plot.width);
                right = right.max(half - (1.0 - fraction) * plot.width);
            }
        }
        plot = self.plot_rect(left, top, right);
        // The ticks were made for a plot that may differ by a pixel: numbers that no longer fit go.
        for (extent, ticks, length, is_upright) in
            [(self.x, &mut x_ticks, plot.width, false), (self.y, &mut y_ticks, plot.height, true)]
        {
            if !self.keeps_apart(extent, ticks, length, is_upright) {
                *ticks = self.ticks(extent, length, is_upright);
            }
        }
        Frame { plot, x_ticks, y_ticks, bar, end_names }
    }

    /// The plot inside these margins, on whole device pixels so that pictures and axes are sharp.
    fn plot_rect(&self, left: f64, top: f64, right: f64) -> Rect {
        let ratio = self.type_setter.ratio;
        let left = (left * ratio).ceil() / ratio;
        let top = (top * ratio).ceil() / ratio;
        let width = ((self.width - right - left) * ratio).floor() / ratio;
        let width = width.max(40.0);
        let aspect = if self.figure.aspect.is_finite() { self.figure.aspect.clamp(0.1, 50.0) } else { 1.0 };
        let least = if let Scale::Rows(names) = self.y.scale { ROW * names.len() as f64 } else { 32.0 };
        let height = ((width / aspect).max(least) * ratio).round() / ratio;
        Rect { left, top, width, height }
    }

    /// Width of the right margin for names of curves that end there; 0 if they go elsewhere.
    fn end_name_width(&self, bar: Option<&BarPlan>) -> f64 {
        if self.width < WIDE || bar.is_some_and(|bar| bar.upright) {
            return 0.0;
        }
        let widest = self
            .figure
            .layers
            .iter()
            .filter_map(|layer| match layer {
                Layer::Line { points, label: Some(label), .. } if self.ends_right(points).is_some() => {
                    Some(self.text_width(label, SMALL))
                }
                _ => None,
            })
            .fold(0.0, f64::max);
        if widest <= 0.26 * self.width { widest } else { 0.0 }
    }

    /// The last visible point of a line, if it is at the plot's right edge: its height as a fraction.
    pub(super) fn ends_right(&self, points: &[(f64, f64)]) -> Option<f64> {
        points
            .iter()
            .rev()
            .map(|&(x, y)| (self.x.fraction(x), self.y.fraction(y)))
            .find(|(x, y)| *x <= 1.0 + 1e-9 && !y.is_nan())
            .filter(|(x, y)| *x >= 0.97 && (0.0..=1.0).contains(y))
            .map(|(_, y)| y)
    }

    /// Adds a line of text whose box has this centre height and this anchor.
    pub(super) fn write(&mut self, text: &str, size: f64, colour: Rgb, (x, y): Pixel, align: Align) -> Rect {
        let (width, height) = self.text_size(text, size);
        let left = match align {
            Align::Left => x,
            Align::Centre => x - width / 2.0,
            Align::Right => x - width,
        };
        let rect = Rect { left, top: y - BOX_RISE * size, width, height };
        let ground = self.theme.background;
        self.lines.push(Line { rect, text: text.to_owned(), size, colour, ground, cover: false, align });
        rect
    }

    fn write_y_label(&mut self, y_label: &[String], frame: &Frame) {
        let colour = self.theme.strong;
        for (index, line) in y_label.iter().enumerate() {
            let y = LABEL * (BOX_RISE + LINE_PITCH * index as f64);
            self.write(line, LABEL, colour, (1.0, y), Align::Left);
        }
        if let (Some(bar), Some(plan)) = (&self.figure.colour_bar, &frame.bar)
            && plan.upright
            && !bar.label.is_empty()
        {
            let y = frame.plot.top - 9.0 - LABEL * (LINE_HEIGHT - BOX_RISE);
            self.write(&bar.label, LABEL, colour, (self.width - 1.0, y), Align::Right);
        }
    }

    /// Writes the axes' numbers; returns the lower edge of the horizontal ones.
    fn write_ticks(&mut self, area: &PlotArea, frame: &Frame) -> f64 {
        let (rect, colour) = (area.rect, self.theme.muted);
        for tick in frame.y_ticks.iter().filter(|tick| !tick.is_minor()) {
            let y = rect.bottom() - rect.height * self.y.fraction(tick.value);
            let x = rect.left - TICK - TICK_GAP;
            self.write(&tick.label, SMALL, colour, (x, y), Align::Right);
        }
        let y = rect.bottom() + TICK + TICK_GAP + BOX_RISE * SMALL;
        for tick in frame.x_ticks.iter().filter(|tick| !tick.is_minor()) {
            let x = rect.left + rect.width * self.x.fraction(tick.value);
            self.write(&tick.label, SMALL, colour, (x, y), Align::Centre);
        }
        let has_numbers = frame.x_ticks.iter().any(|tick| !tick.is_minor());
        if has_numbers { y + (LINE_HEIGHT - BOX_RISE) * SMALL } else { rect.bottom() + TICK }
    }

    /// Writes centred lines below `bottom`; returns the new lower edge.
    fn write_centred(&mut self, text: &str, centre: f64, mut bottom: f64) -> f64 {
        let lines = labels::wrap(text, self.width - 2.0, 2, |line| self.text_width(line, LABEL));
        for (index, line) in lines.iter().enumerate() {
            let half = self.text_width(line, LABEL) / 2.0;
            let x = centre.clamp(half.min(self.width / 2.0), (self.width - half).max(self.width / 2.0));
            bottom += if index == 0 { 4.0 } else { (LINE_PITCH - LINE_HEIGHT) * LABEL };
            self.write(line, LABEL, self.theme.strong, (x, bottom + BOX_RISE * LABEL), Align::Centre);
            bottom += LINE_HEIGHT * LABEL;
        }
        bottom
    }

    fn write_x_label(&mut self, area: &PlotArea, bottom: f64) -> f64 {
        let label = self.figure.x.label.as_str();
        self.write_centred(label, area.rect.centre().0, bottom)
    }

    /// Places the colour bar and its numbers; returns it and the lower edge of the figure so far.
    fn write_bar(&mut self, frame: &Frame, bottom: f64) -> (Option<Bar>, f64) {
        let (Some(plan), Some(bar)) = (&frame.bar, &self.figure.colour_bar) else {
            return (None, bottom);
        };
        let plot = frame.plot;
        let numbered = || plan.ticks.iter().filter(|tick| !tick.is_minor());
        let ticks = numbered().map(|tick| plan.extent.fraction(tick.value)).collect();
        let colour = self.theme.muted;
        if plan.upright {
            let right = plan.number_width + TICK_GAP + TICK + 2.0;
            let left = self.width - right - BAR;
            let rect = Rect { left, top: plot.top, width: BAR, height: plot.height };
            for tick in numbered() {
                let y = rect.bottom() - rect.height * plan.extent.fraction(tick.value);
                let x = rect.right() + TICK + TICK_GAP;
                self.write(&tick.label, SMALL, colour, (x, y), Align::Left);
            }
            return (Some(Bar { rect, upright: true, ticks }), bottom);
        }
        let label_bottom = self.write_centred(&bar.label, plot.centre().0, bottom + 6.0);
        let rect = Rect { left: plot.left, top: label_bottom + 5.0, width: plot.width, height: BAR - 2.0 };
        let y = rect.bottom() + TICK + TICK_GAP + BOX_RISE * SMALL;
        for tick in numbered() {
            let x = rect.left + rect.width * plan.extent.fraction(tick.value);
            self.write(&tick.label, SMALL, colour, (x, y), Align::Centre);
        }
        (Some(Bar { rect, upright: false, ticks }), y + (LINE_HEIGHT - BOX_RISE) * SMALL)
    }

    /// The visible curves of every layer.
    fn curves(&self, area: &PlotArea) -> Vec<Vec<Vec<Pixel>>> {
        let (x, y) = (self.x, self.y);
        self.figure
            .layers
            .iter()
            .map(|layer| match layer {
                Layer::Line { points, .. } => outline::curve(area, points),
                Layer::Band { x, low, high, .. } => outline::band(area, x, low, high),
                Layer::HLine { y: at, .. } => outline::curve(area, &[(x.min, *at), (x.max, *at)]),
                Layer::VLine { x: at, .. } => outline::curve(area, &[(*at, y.min), (*at, y.max)]),
                _ => Vec::new(),
            })
            .collect()
    }
}
