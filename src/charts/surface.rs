//! What the painter draws on: lines, shapes, text that can be measured, and pictures.
//!
//! plotters addresses whole pixels. Here a backend unit is 1/[`UNITS`] of a CSS pixel, so curves,
//! stroke widths and dots keep sub-pixel precision; a surface scales by that once, when it starts.

use plotters_backend::BackendColor;
use std::fmt;

use super::figure::Rgb;

/// Backend units per CSS pixel.
pub const UNITS: f64 = 20.0;

/// The reader's own interface font; nothing is downloaded.
pub const FONT_STACK: &str =
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/// Height of a line of text in units of its size: what it may touch, accents and subscripts included.
pub const LINE_HEIGHT: f64 = 1.2;

/// Baseline below the visual centre of digits and capitals, in units of the text size.
pub const BASELINE_DROP: f64 = 0.36;

/// Top of the text's box above its visual centre, in units of the text size.
pub const BOX_RISE: f64 = 0.54;

/// An axis-parallel rectangle in CSS pixels, `y` downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Extent to the right, ≥ 0.
    pub width: f64,
    /// Extent downwards, ≥ 0.
    pub height: f64,
}

impl Rect {
    /// The rectangle of this size around a centre.
    pub const fn around(centre: (f64, f64), width: f64, height: f64) -> Rect {
        Rect { left: centre.0 - width / 2.0, top: centre.1 - height / 2.0, width, height }
    }

    /// Right edge.
    pub const fn right(&self) -> f64 {
        self.left + self.width
    }

    /// Bottom edge.
    pub const fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Centre.
    pub const fn centre(&self) -> (f64, f64) {
        (self.left + self.width / 2.0, self.top + self.height / 2.0)
    }

    /// The same rectangle with every edge moved outwards by `margin`.
    #[must_use]
    pub fn grown(&self, margin: f64) -> Rect {
        Rect {
            left: self.left - margin,
            top: self.top - margin,
            width: (self.width + 2.0 * margin).max(0.0),
            height: (self.height + 2.0 * margin).max(0.0),
        }
    }

    /// Whether the point lies inside or on the edge.
    pub fn contains(&self, (x, y): (f64, f64)) -> bool {
        x >= self.left && x <= self.right() && y >= self.top && y <= self.bottom()
    }

    /// Whether the two share more than an edge (0.01 px counts as an edge).
    pub fn overlaps(&self, other: &Rect) -> bool {
        const EDGE: f64 = 0.01;
        self.left + EDGE < other.right()
            && other.left + EDGE < self.right()
            && self.top + EDGE < other.bottom()
            && other.top + EDGE < self.bottom()
    }

    /// Whether this rectangle lies within `outer` (to 0.01 px).
    pub fn is_within(&self, outer: &Rect) -> bool {
        const EDGE: f64 = 0.01;
        self.left >= outer.left - EDGE
            && self.right() <= outer.right() + EDGE
            && self.top >= outer.top - EDGE
            && self.bottom() <= outer.bottom() + EDGE
    }
}

/// How a text is set: one size, one colour, anchored at its left, centre or right and at the visual
/// centre of its line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lettering {
    /// Font size in CSS pixels.
    pub size: f64,
    /// Colour.
    pub colour: Rgb,
    /// Which point of the line the position is.
    pub align: Align,
}

/// Horizontal anchor of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// The position is the left end.
    Left,
    /// The position is the middle.
    Centre,
    /// The position is the right end.
    Right,
}

/// An opaque colour as plotters' backends take it.
pub const fn opaque(colour: Rgb) -> BackendColor {
    BackendColor { alpha: 1.0, rgb: (colour.0, colour.1, colour.2) }
}

/// A point of a surface in backend units.
pub type At = (i32, i32);

/// Why a surface could not be drawn on: its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurfaceError(pub String);

impl fmt::Display for SurfaceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for SurfaceError {}

/// What a drawing call gives back.
pub type Drawn = Result<(), SurfaceError>;

/// What the painter needs of a place to draw on. Points, lengths and stroke widths are in backend units, everything else
/// in CSS pixels. plotters reaches it through one adapter (see `painter`), so that the painter is compiled once.
pub trait Surface {
    /// Width and height in backend units.
    fn size(&self) -> (u32, u32);

    /// Sets the size, forgets what was drawn, and fills it with `ground`. Title and description are for
    /// readers who do not see the picture; a surface without a place for them ignores them.
    ///
    /// # Errors
    /// When the surface refuses to be drawn on.
    fn start(&mut self, width: f64, height: f64, ground: Rgb, title: &str, description: &str) -> Drawn;

    /// Breaks the polylines that follow into dashes: lengths along the line, drawn and not drawn. Of length 0: into none.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    fn dashes(&mut self, on: u32, off: u32) -> Drawn;

    /// A polyline.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    fn path(&mut self, path: &[At], colour: BackendColor, width: u32) -> Drawn;

    /// A filled polygon.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    fn polygon(&mut self, vertices: &[At], colour: BackendColor) -> Drawn;

    /// A rectangle: its outline, or filled where `width` is `None`.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    fn rectangle(
        &mut self,
        upper_left: At,
        bottom_right: At,
        colour: BackendColor,
        width: Option<u32>,
    ) -> Drawn;

    /// A circle: its outline, or filled where `width` is `None`.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    fn circle(&mut self, centre: At, radius: u32, colour: BackendColor, width: Option<u32>) -> Drawn;

    /// One line of text.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    fn text(&mut self, text: &str, style: &Lettering, at: At) -> Drawn;

    /// Stretches a picture over `rect`: row-major from the top left, four bytes a pixel. Pixels that come
    /// out large stay sharp squares. `rgba` must hold `4 · columns · rows` bytes.
    ///
    /// # Errors
    /// When the surface cannot hold a picture of that size.
    fn raster(&mut self, rect: Rect, rgba: &[u8], columns: u32, rows: u32) -> Drawn;

    /// Width and height of one line of text of this size, all in CSS pixels.
    fn text_size(&self, text: &str, size: f64) -> (f64, f64);

    /// Device pixels per CSS pixel: thin lines are put on that grid so that they stay sharp.
    fn ratio(&self) -> f64 {
        1.0
    }
}
