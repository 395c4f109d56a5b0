//! Names inside the plot, in its right margin, and in the legend.

use super::figure::{Ink, Layer, Mark, Rgb, Scale};
use super::labels::{self, Crowd, LINE_PITCH, Place};
use super::layout::{Draft, Entry, Frame, Line, SMALL, SWATCH_LENGTH, Swatch};
use super::outline::{self, Pixel};
use super::palette::{Theme, text_on};
use super::plot_area::PlotArea;
use super::surface::{Align, BOX_RISE, LINE_HEIGHT, Rect};

/// A name is long from this part of the plot's width on.
const LONG_NAME: f64 = 0.45;
/// A curve's name is large from this part of the plot's area on: in a strip on a telephone an ordinary one is.
const LARGE_NAME: f64 = 0.04;
/// Sizes tried for names of regions.
const REGION: [f64; 2] = [14.0, 12.0];

impl Draft<'_> {
    /// The theme of what is written or drawn inside the plot: a picture is the same on every page, and on
    /// it dark ink with a light halo reads best.
    pub(super) fn plot_theme(&self) -> Theme {
        if self.has_raster { Theme::LIGHT } else { *self.theme }
    }

    /// Finds places for the names of marks, regions, levels and curves, in this order.
    pub(super) fn name_everything(&mut self, area: &PlotArea, frame: &Frame, curves: &[Vec<Vec<Pixel>>]) {
        let figure = self.figure;
        let mut crowd = Crowd::new(area.rect);
        for (layer, pieces) in figure.layers.iter().zip(curves) {
            match layer {
                Layer::Line { .. } | Layer::HLine { .. } | Layer::VLine { .. } => {
                    for piece in pieces {
                        crowd.avoid(piece);
                    }
                }
                Layer::Points { points, .. } => {
                    for &(x, y) in points {
                        crowd.avoid_point(area.pixel(x, y));
                    }
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
        self.name_regions(area, &mut crowd);
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
                let y = rect.bottom() - rect.height * fraction;
                names.insert(names.partition_point(|name| name.0 <= y), (y, index, label, *ink));
            }
        }
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
        ink: Ink,
        swatch: Swatch,
    ) {
        // a long or large name across curves hides more than it tells: it goes to the legend
        let plot = crowd.frame();
        let is_long = |rect: &Rect| rect.width > LONG_NAME * plot.width;
        let is_curve = matches!(swatch, Swatch::Stroke(..));
        let most = if is_curve { LARGE_NAME * plot.width * plot.height } else { f64::INFINITY };
        let is_large = |rect: &Rect| rect.width * rect.height > most;
        let hides = |place: &Place| place.crossed && (is_long(&place.rect) || is_large(&place.rect));
        if let Some(place) = crowd.place(candidates).filter(|place| !hides(place)) {
            self.write_name(place, text, ink);
        } else {
            let colour = self.theme.text_ink(ink);
            self.legend.push(Entry { swatch, text: text.to_owned(), colour });
        }
    }

    fn write_name(&mut self, place: Place, text: &str, ink: Ink) {
        let plot_theme = self.plot_theme();
        self.lines.push(Line {
            rect: place.rect,
            text: text.to_owned(),
            size: SMALL,
            colour: plot_theme.text_ink(ink),
            ground: plot_theme.background,
            cover: self.has_raster || place.crossed,
            align: Align::Centre,
        });
    }

    /// Names a mark beside it. In a row the name stays in that row: above or below it would say something of another one,
    /// and in a legend something of none, so there it may be left out.
    fn name_mark(&mut self, area: &PlotArea, crowd: &mut Crowd, (x, y): (f64, f64), mark: Mark, text: &str) {
        let at = area.pixel(x, y);
        if !area.rect.contains(at) {
            return;
        }
        let size = self.text_size(text, SMALL);
        let candidates = labels::beside(at, size, mark_radius(mark) + 4.0);
        if let Scale::Rows(_) = self.figure.y.scale {
            let in_row = candidates.filter(|(rect, _)| (rect.centre().1 - at.1).abs() < 1.0);
            if let Some(place) = crowd.place(in_row) {
                self.write_name(place, text, Ink::Strong);
            }
        } else {
            self.name(crowd, candidates, text, Ink::Strong, Swatch::Mark(mark));
        }
    }

    /// Writes a curve's name near its end: beside the last point, or above or below an earlier one.
    fn name_curve(&mut self, crowd: &mut Crowd, pieces: &[Vec<Pixel>], text: &str, ink: Ink, swatch: Swatch) {
        const BACK: [f64; 9] = [1.0, 0.93, 0.86, 0.78, 0.7, 0.6, 0.5, 0.35, 0.2];
        let longest = pieces.iter().max_by_key(|piece| piece.len());
        let Some(piece) = longest else { return };
        if self.has_many_names {
            let (text, colour) = (text.to_owned(), self.theme.text_ink(ink));
            return self.legend.push(Entry { swatch, text, colour });
        }
        let size = self.text_size(text, SMALL);
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
        self.name(crowd, candidates, text, ink, swatch);
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
        let (width, height) = self.text_size(text, SMALL);
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
        self.name(crowd, candidates, text, ink, swatch);
    }

    /// Names the regions. The long names that could be written nowhere are explained in the legend.
    fn name_regions(&mut self, area: &PlotArea, crowd: &mut Crowd) {
        let figure = self.figure;
        let mut named: Vec<(&str, Rgb)> = Vec::new();
        let mut unnamed: Vec<(&str, Rgb)> = Vec::new();
        for layer in &figure.layers {
            let Layer::Region { long, short, on, .. } = layer else { continue };
            match self.name_region(area, crowd, layer) {
                Some(true) => named.push((long, *on)),
                Some(false) => unnamed.push((if long.is_empty() { short } else { long }, *on)),
                None => {}
            }
        }
        if !figure.key.is_empty() {
            return; // its colours are not the regions' own
        }
        for (text, on) in unnamed.into_iter().filter(|entry| !named.contains(entry)) {
            let colour = self.theme.strong;
            self.legend.push(Entry { swatch: Swatch::Fill(on), text: text.to_owned(), colour });
        }
    }

    /// Writes a region's name into its free rectangle: long, long in two lines, or short. Returns whether
    /// the whole name is there; `None` if the region is not in view.
    fn name_region(&mut self, area: &PlotArea, crowd: &mut Crowd, layer: &Layer) -> Option<bool> {
        let Layer::Region { long, short, x, y, width, height, on } = layer else { return None };
        let whole = area.rect;
        let wanted = Rect::around(area.pixel(*x, *y), width * whole.width, height * whole.height);
        let (left, top) = (wanted.left.max(whole.left), wanted.top.max(whole.top));
        let (right, bottom) = (wanted.right().min(whole.right()), wanted.bottom().min(whole.bottom()));
        if !(right > left && bottom > top) {
            return None; // also if one is not a number
        }
        let room = Rect { left, top, width: right - left, height: bottom - top }.grown(-2.0);
        let mut options: Vec<(Vec<&str>, f64, bool)> = Vec::with_capacity(6);
        for size in REGION {
            options.push((vec![long], size, true));
            options.extend(labels::halves(long).map(|(first, second)| (vec![first, second], size, true)));
        }
        options.extend(REGION.map(|size| (vec![short.as_str()], size, short == long)));
        for (lines, size, is_whole) in options {
            let width = lines.iter().map(|line| self.text_width(line, size)).fold(0.0, f64::max);
            if width <= 0.0 {
                continue;
            }
            let block = (width, size * labels::block_height(lines.len()));
            let Some(place) = crowd.place(labels::inside(room, block)) else { continue };
            for (index, line) in lines.iter().enumerate() {
                let (width, height) = self.text_size(line, size);
                let left = place.rect.centre().0 - width / 2.0;
                let top = place.rect.top + LINE_PITCH * size * index as f64;
                self.lines.push(Line {
                    rect: Rect { left, top, width, height },
                    text: (*line).to_owned(),
                    size,
                    colour: text_on(*on),
                    ground: *on,
                    cover: place.crossed,
                    align: Align::Centre,
                });
            }
            return Some(is_whole);
        }
        Some(false)
    }

    /// Writes the legend below `bottom`: entries side by side, in as many rows as they need. Returns the
    /// swatches and the new lower edge.
    pub(super) fn write_legend(&mut self, area: &PlotArea, mut bottom: f64) -> (Vec<(Pixel, Swatch)>, f64) {
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
        let widths = entries.iter().map(|entry| needs(self.text_width(&entry.text, SMALL)));
        let widest = widths.fold(0.0, f64::max);
        let fits_below_plot = widest <= self.width - area.rect.left;
        let column = if entries.len() > 3 { widest } else { 0.0 };
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
            x += needs(width).max(column) + 16.0;
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
