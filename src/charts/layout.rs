//! Where everything of a figure goes: margins from measured texts, colour bar, names, legend.

use super::axes::{self, Tick};
use super::figure::{Axis, Dash, Figure, Ink, Layer, Mark, Rgb};
use super::labels::{self, Crowd, LINE_PITCH};
use super::outline::{self, Pixel};
use super::palette::{Theme, text_on};
use super::plot_area::{Extent, PlotArea};
use super::surface::{Align, BOX_RISE, LINE_HEIGHT, Rect, Surface};

/// Size of tick numbers and of names of curves and marks, CSS pixels.
const SMALL: f64 = 12.0;
/// Size of axis labels.
const LABEL: f64 = 13.0;
/// Sizes tried for names of regions.
const REGION: [f64; 2] = [14.0, 12.0];
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
/// Length of a legend's swatch.
pub const SWATCH_LENGTH: f64 = 18.0;

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
struct Entry {
    swatch: Swatch,
    text: String,
    colour: Rgb,
}

/// What the layout knows while it is made.
struct Draft<'a, S: Surface> {
    surface: &'a S,
    figure: &'a Figure,
    theme: &'a Theme,
    width: f64,
    x: Extent,
    y: Extent,
    has_raster: bool,
    lines: Vec<Line>,
    legend: Vec<Entry>,
}

/// Lays the figure out at a width of `width` CSS pixels. `x` and `y` are the extents of its axes.
pub fn layout<S: Surface>(
    surface: &S,
    figure: &Figure,
    width: f64,
    theme: &Theme,
    x: Extent,
    y: Extent,
) -> Layout {
    let has_raster = figure.layers.iter().any(|layer| matches!(layer, Layer::Raster { .. }));
    let draft = Draft {
        surface,
        figure,
        theme,
        width,
        x,
        y,
        has_raster,
        lines: Vec::with_capacity(40),
        legend: Vec::new(),
    };
    draft.make()
}

/// The margins around the plot and the ticks that they were made for.
struct Frame {
    plot: Rect,
    x_ticks: Vec<Tick>,
    y_ticks: Vec<Tick>,
    bar: Option<BarPlan>,
    end_names: f64,
}

/// The colour bar before the plot's place is known.
struct BarPlan {
    upright: bool,
    extent: Extent,
    ticks: Vec<Tick>,
    /// Width of its widest number.
    number_width: f64,
}

impl<S: Surface> Draft<'_, S> {
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

    fn text_width(&self, text: &str, size: f64) -> f64 {
        self.surface.text_size(text, size).0
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
        let axis =
            Axis { label: String::new(), min: bar.min, max: bar.max, scale: super::figure::Scale::Linear };
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
        let ratio = self.surface.ratio();
        let left = (left * ratio).ceil() / ratio;
        let top = (top * ratio).ceil() / ratio;
        let width = ((self.width - right - left) * ratio).floor() / ratio;
        let width = width.max(40.0);
        let aspect = if self.figure.aspect.is_finite() { self.figure.aspect.clamp(0.1, 50.0) } else { 1.0 };
        let height = ((width / aspect).max(32.0) * ratio).round() / ratio;
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
    fn ends_right(&self, points: &[(f64, f64)]) -> Option<f64> {
        points
            .iter()
            .rev()
            .map(|&(x, y)| (self.x.fraction(x), self.y.fraction(y)))
            .find(|(x, y)| *x <= 1.0 + 1e-9 && !y.is_nan())
            .filter(|(x, y)| *x >= 0.97 && (0.0..=1.0).contains(y))
            .map(|(_, y)| y)
    }

    /// Adds a line of text whose box has this centre height and this anchor.
    fn write(&mut self, text: &str, size: f64, colour: Rgb, (x, y): Pixel, align: Align) -> Rect {
        let (width, height) = self.surface.text_size(text, size);
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
            self.write(line, LABEL, colour, (0.0, y), Align::Left);
        }
        if let (Some(bar), Some(plan)) = (&self.figure.colour_bar, &frame.bar)
            && plan.upright
            && !bar.label.is_empty()
        {
            let y = frame.plot.top - 9.0 - LABEL * (LINE_HEIGHT - BOX_RISE);
            self.write(&bar.label, LABEL, colour, (self.width, y), Align::Right);
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

    /// Finds places for the names of marks, regions, levels and curves, in this order.
    fn name_everything(&mut self, area: &PlotArea, frame: &Frame, curves: &[Vec<Vec<Pixel>>]) {
        let figure = self.figure;
        let mut crowd = Crowd::new(area.rect);
        for (layer, pieces) in figure.layers.iter().zip(curves) {
            match layer {
                Layer::Line { .. } | Layer::HLine { .. } | Layer::VLine { .. } => {
                    pieces.iter().for_each(|piece| crowd.avoid(piece));
                }
                Layer::Points { points, .. } => {
                    points.iter().for_each(|&(x, y)| crowd.avoid_point(area.pixel(x, y)));
                }
                Layer::Marker { x, y, mark, .. } => {
                    let at = area.pixel(*x, *y);
                    if area.rect.contains(at) {
                        let side = 2.0 * mark_radius(*mark);
                        crowd.take(Rect::around(at, side, side));
                    }
                }
                _ => {}
            }
        }
        for layer in &figure.layers {
            if let Layer::Marker { x, y, mark, label: Some(label) } = layer {
                self.name_mark(area, &mut crowd, (*x, *y), *mark, label);
            }
        }
        for layer in &figure.layers {
            if let Layer::Region { .. } = layer {
                self.name_region(area, &mut crowd, layer);
            }
        }
        let at_end = self.names_at_end(area, frame);
        for (index, (layer, pieces)) in figure.layers.iter().zip(curves).enumerate() {
            match layer {
                Layer::Line { label: Some(label), ink, width, dash, .. } if !at_end.contains(&index) => {
                    let swatch = Swatch::Stroke(self.theme.ink(*ink), *dash, *width);
                    self.name_curve(&mut crowd, pieces, label, *ink, swatch);
                }
                Layer::HLine { label: Some(label), ink, dash, .. }
                | Layer::VLine { label: Some(label), ink, dash, .. } => {
                    let swatch = Swatch::Stroke(self.theme.ink(*ink), *dash, 1.0);
                    let is_level = matches!(layer, Layer::HLine { .. });
                    self.name_straight(&mut crowd, pieces, is_level, label, *ink, swatch);
                }
                _ => {}
            }
        }
    }

    /// Writes names at the right edge, beside the ends of their curves; returns the layers that have one.
    fn names_at_end(&mut self, area: &PlotArea, frame: &Frame) -> Vec<usize> {
        if frame.end_names <= 0.0 {
            return Vec::new();
        }
        let rect = area.rect;
        let mut names: Vec<(f64, usize, &str, Ink)> = Vec::new();
        for (index, layer) in self.figure.layers.iter().enumerate() {
            if let Layer::Line { points, label: Some(label), ink, .. } = layer
                && self.text_width(label, SMALL) <= frame.end_names
                && let Some(fraction) = self.ends_right(points)
            {
                names.push((rect.bottom() - rect.height * fraction, index, label, *ink));
            }
        }
        names.sort_by(|first, second| first.0.total_cmp(&second.0));
        let pitch = LINE_PITCH * SMALL;
        names.truncate((rect.height / pitch).floor() as usize);
        let wishes: Vec<f64> = names.iter().map(|name| name.0).collect();
        let centres = labels::spread(&wishes, pitch, rect.top, rect.bottom()).unwrap_or_default();
        for (&(_, _, label, ink), &y) in names.iter().zip(&centres) {
            let colour = self.theme.text_ink(ink);
            let at = (rect.right() + 7.0, y - (LINE_HEIGHT / 2.0 - BOX_RISE) * SMALL);
            self.write(label, SMALL, colour, at, Align::Left);
        }
        names.iter().zip(&centres).map(|(name, _)| name.1).collect()
    }

    /// Writes a name into the plot at the best of the candidates, or into the legend.
    fn name(
        &mut self,
        crowd: &mut Crowd,
        candidates: impl IntoIterator<Item = (Rect, f64)>,
        text: &str,
        colour: Rgb,
        swatch: Swatch,
    ) {
        match crowd.place(candidates) {
            Some(place) => self.lines.push(Line {
                rect: place.rect,
                text: text.to_owned(),
                size: SMALL,
                colour,
                ground: self.theme.background,
                cover: self.has_raster || place.crossed,
                align: Align::Centre,
            }),
            None => self.legend.push(Entry { swatch, text: text.to_owned(), colour }),
        }
    }

    fn name_mark(&mut self, area: &PlotArea, crowd: &mut Crowd, (x, y): (f64, f64), mark: Mark, text: &str) {
        let at = area.pixel(x, y);
        if area.rect.contains(at) {
            let size = self.surface.text_size(text, SMALL);
            let candidates = labels::beside(at, size, mark_radius(mark) + 4.0);
            self.name(crowd, candidates, text, self.theme.strong, Swatch::Mark(mark));
        }
    }

    /// Writes a curve's name near its end: beside the last point, or above or below an earlier one.
    fn name_curve(&mut self, crowd: &mut Crowd, pieces: &[Vec<Pixel>], text: &str, ink: Ink, swatch: Swatch) {
        const BACK: [f64; 9] = [1.0, 0.93, 0.86, 0.78, 0.7, 0.6, 0.5, 0.35, 0.2];
        let longest = pieces.iter().max_by_key(|piece| piece.len());
        let Some(piece) = longest else { return };
        let size = self.surface.text_size(text, SMALL);
        let lengths: Vec<f64> = std::iter::once(0.0)
            .chain(piece.windows(2).scan(0.0, |sum, pair| {
                *sum += outline::distance(pair[0], pair[1]);
                Some(*sum)
            }))
            .collect();
        let total = lengths[lengths.len() - 1];
        let candidates = BACK.into_iter().enumerate().flat_map(|(rank, part)| {
            let index = lengths.partition_point(|&length| length < part * total).min(piece.len() - 1);
            labels::beside(piece[index], size, 5.0)
                .map(move |(rect, worse)| (rect, worse + 0.3 * rank as f64))
        });
        let colour = self.theme.text_ink(ink);
        self.name(crowd, candidates, text, colour, swatch);
    }

    /// Writes the name of a level at its right end, or of an upright line at its top.
    fn name_straight(
        &mut self,
        crowd: &mut Crowd,
        pieces: &[Vec<Pixel>],
        is_level: bool,
        text: &str,
        ink: Ink,
        swatch: Swatch,
    ) {
        const ALONG: [f64; 8] = [0.0, 1.0, 0.5, 0.25, 0.75, 0.12, 0.88, 0.62];
        let Some(&[from, to]) = pieces.first().map(Vec::as_slice) else { return };
        let (width, height) = self.surface.text_size(text, SMALL);
        let candidates = ALONG.into_iter().enumerate().flat_map(move |(rank, part)| {
            [-1.0, 1.0].into_iter().map(move |side| {
                let centre = if is_level {
                    let x = to.0 - width / 2.0 - 3.0 - (to.0 - from.0 - width - 6.0) * part;
                    (x, from.1 + side * (height / 2.0 + 2.0))
                } else {
                    let y = to.1 + height / 2.0 + 3.0 + (from.1 - to.1 - height - 6.0) * part;
                    (from.0 - side * (width / 2.0 + 5.0), y)
                };
                (Rect::around(centre, width, height), 0.4 * rank as f64 + if side > 0.0 { 0.2 } else { 0.0 })
            })
        });
        self.name(crowd, candidates, text, self.theme.text_ink(ink), swatch);
    }

    /// Writes a region's name into its free rectangle: long, long in two lines, or short; in the legend
    /// if none fits.
    fn name_region(&mut self, area: &PlotArea, crowd: &mut Crowd, layer: &Layer) {
        let Layer::Region { long, short, x, y, width, height, on } = layer else { return };
        let whole = area.rect;
        let centre = area.pixel(*x, *y);
        let wanted = Rect::around(centre, width * whole.width, height * whole.height);
        let (left, top) = (wanted.left.max(whole.left), wanted.top.max(whole.top));
        let (right, bottom) = (wanted.right().min(whole.right()), wanted.bottom().min(whole.bottom()));
        if !(right > left && bottom > top) {
            return; // not in view, or not a number
        }
        let room = Rect { left, top, width: right - left, height: bottom - top }.grown(-2.0);
        let mut options: Vec<(Vec<&str>, f64)> = Vec::with_capacity(6);
        for size in REGION {
            options.push((vec![long], size));
            options.extend(labels::halves(long).map(|(first, second)| (vec![first, second], size)));
        }
        options.extend(REGION.map(|size| (vec![short.as_str()], size)));
        for (lines, size) in options.iter().filter(|(lines, _)| !lines.iter().all(|line| line.is_empty())) {
            let width = lines.iter().map(|line| self.text_width(line, *size)).fold(0.0, f64::max);
            let block = (width, size * labels::block_height(lines.len()));
            let Some(place) = crowd.place(labels::inside(room, block)) else { continue };
            for (index, line) in lines.iter().enumerate() {
                let (width, height) = self.surface.text_size(line, *size);
                let rect = Rect {
                    left: place.rect.centre().0 - width / 2.0,
                    top: place.rect.top + LINE_PITCH * size * index as f64,
                    width,
                    height,
                };
                self.lines.push(Line {
                    rect,
                    text: (*line).to_owned(),
                    size: *size,
                    colour: text_on(*on),
                    ground: *on,
                    cover: place.crossed,
                    align: Align::Centre,
                });
            }
            return;
        }
        let text = if long.is_empty() { short } else { long };
        self.legend.push(Entry { swatch: Swatch::Fill(*on), text: text.clone(), colour: self.theme.strong });
    }

    /// Writes the legend below `bottom`: entries side by side, in as many rows as they need. Returns the
    /// swatches and the new lower edge.
    fn write_legend(&mut self, area: &PlotArea, mut bottom: f64) -> (Vec<(Pixel, Swatch)>, f64) {
        const BEFORE_TEXT: f64 = SWATCH_LENGTH + 6.0;
        let mut entries = std::mem::take(&mut self.legend);
        let mut seen: Vec<(Swatch, String)> = Vec::new();
        entries.retain(|entry| {
            let key = (entry.swatch, entry.text.clone());
            let is_new = !entry.text.is_empty() && !seen.contains(&key);
            seen.push(key);
            is_new
        });
        let mut swatches = Vec::with_capacity(entries.len());
        if entries.is_empty() {
            return (swatches, bottom);
        }
        bottom += 8.0;
        let needs = |width: f64| BEFORE_TEXT + width;
        let widest = entries.iter().map(|entry| needs(self.text_width(&entry.text, SMALL)));
        let fits_below_plot = widest.fold(0.0, f64::max) <= self.width - area.rect.left;
        let start = if fits_below_plot { area.rect.left } else { 0.0 };
        let mut x = start;
        let row = SMALL * 1.5;
        for entry in entries {
            let room = self.width - start - BEFORE_TEXT;
            let line = labels::wrap(&entry.text, room, 1, |text| self.text_width(text, SMALL));
            let text = line.into_iter().next().unwrap_or_default();
            let width = self.text_width(&text, SMALL);
            if x > start && x + needs(width) > self.width {
                x = start;
                bottom += row;
            }
            let y = bottom + row / 2.0;
            swatches.push(((x, y), entry.swatch));
            self.write(&text, SMALL, entry.colour, (x + BEFORE_TEXT, y), Align::Left);
            x += needs(width) + 18.0;
        }
        (swatches, bottom + row)
    }
}

/// Half the side of the square that a mark needs, CSS pixels.
pub const fn mark_radius(mark: Mark) -> f64 {
    match mark {
        Mark::Crosshair => 13.0,
        Mark::Dot => 5.0,
        Mark::Tick => 7.0,
    }
}
