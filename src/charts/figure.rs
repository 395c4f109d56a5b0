//! What a figure is: data only. Labs make figures, `draw` paints them.

use std::rc::Rc;

/// An opaque 8-bit sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// A colour by purpose; the theme (light or dark) says which it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ink {
    /// Text, exact curves: strongest contrast with the page.
    Strong,
    /// Axes, secondary curves.
    Muted,
    /// The reader's point and what belongs to it.
    Accent,
    /// A colour that means something itself (a phase) and so is the same in both themes.
    Fixed(Rgb),
}

/// What an axis' positions mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Equal differences.
    Linear,
    /// Equal ratios; both ends positive.
    Log,
    /// Rows of these names, from the bottom (columns, from the left): the `k`-th around `k + ½`, as on a linear axis.
    Rows(&'static [&'static str]),
}

/// One axis: what it shows and its range, `min < max`.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Name with symbol and unit, e.g. "learning rate λ".
    pub label: String,
    /// Left or bottom end.
    pub min: f64,
    /// Right or top end.
    pub max: f64,
    /// Linear, logarithmic, or rows.
    pub scale: Scale,
}

/// How large a figure is drawn on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The one figure that the lab is about.
    Main,
    /// Beside or below it.
    Side,
    /// A thin band of full width.
    Strip,
}

/// Solid or broken line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dash {
    /// Unbroken.
    Solid,
    /// Dashes of about 6 px.
    Dashed,
    /// Dots of about 2 px.
    Dotted,
}

/// The look of a [`Layer::Marker`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The reader's point: a cross in a ring, with a halo so that it shows on any colour.
    Crosshair,
    /// A filled dot.
    Dot,
    /// A short tick across the line it stands on.
    Tick,
}

/// One thing in a figure, drawn in the order of the list. Coordinates are data coordinates.
#[derive(Clone, Debug, PartialEq)]
pub enum Layer {
    /// A picture that fills the plot area; `rgba` is row-major from the top left, 4 bytes a pixel.
    Raster {
        /// Pixels per row.
        columns: u32,
        /// Rows.
        rows: u32,
        /// `4 · columns · rows` bytes.
        rgba: Rc<[u8]>,
    },
    /// A polyline; a NaN coordinate lifts the pen.
    Line {
        /// The vertices.
        points: Vec<(f64, f64)>,
        /// Colour.
        ink: Ink,
        /// Stroke width in CSS pixels.
        width: f64,
        /// Solid or broken.
        dash: Dash,
        /// Written beside the line's end, where it fits.
        label: Option<String>,
    },
    /// Separate dots.
    Points {
        /// Their positions.
        points: Vec<(f64, f64)>,
        /// Colour.
        ink: Ink,
        /// Radius in CSS pixels.
        radius: f64,
    },
    /// The area between two curves over the same `x`.
    Band {
        /// Abscissae, ascending.
        x: Vec<f64>,
        /// Lower edge at each `x`.
        low: Vec<f64>,
        /// Upper edge at each `x`.
        high: Vec<f64>,
        /// Fill colour.
        ink: Ink,
        /// Fill opacity, 0–1.
        opacity: f64,
        /// What it is, for tables of what is drawn; it is not written into the figure.
        name: String,
    },
    /// The name of a region, written inside it.
    Region {
        /// Text where there is room, e.g. "III collapse".
        long: String,
        /// Text where there is little, e.g. "III".
        short: String,
        /// Centre of the largest free rectangle of the region.
        x: f64,
        /// Centre of the largest free rectangle of the region.
        y: f64,
        /// Width of that rectangle as a fraction of the plot's width.
        width: f64,
        /// Height of that rectangle as a fraction of the plot's height.
        height: f64,
        /// The region's colour; the text gets whichever of black and white reads better on it.
        on: Rgb,
    },
    /// A single mark.
    Marker {
        /// Position.
        x: f64,
        /// Position.
        y: f64,
        /// Look.
        mark: Mark,
        /// Written beside it, where it fits.
        label: Option<String>,
    },
    /// A horizontal line across the plot.
    HLine {
        /// Ordinate.
        y: f64,
        /// Colour.
        ink: Ink,
        /// Solid or broken.
        dash: Dash,
        /// Written at its right end.
        label: Option<String>,
    },
    /// A vertical line across the plot.
    VLine {
        /// Abscissa.
        x: f64,
        /// Colour.
        ink: Ink,
        /// Solid or broken.
        dash: Dash,
        /// Written at its top.
        label: Option<String>,
    },
}

/// A colour scale, drawn to the right of the plot (below it on narrow figures).
#[derive(Clone, Debug, PartialEq)]
pub struct ColourBar {
    /// What the colours show, with unit.
    pub label: String,
    /// Value of the first colour.
    pub min: f64,
    /// Value of the last colour.
    pub max: f64,
    /// Colours at equal steps from `min` to `max`, at least two.
    pub colours: Vec<Rgb>,
}

/// A parameter that a handle sets: its URL key, and which entry if it is a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamRef {
    /// URL key.
    pub key: &'static str,
    /// Entry of a list parameter.
    pub index: Option<usize>,
}

/// A point of the figure that the reader can drag; dragging sets parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Handle {
    /// Where it is now, data coordinates.
    pub at: (f64, f64),
    /// Set from the abscissa.
    pub x: Option<ParamRef>,
    /// Set from the ordinate.
    pub y: Option<ParamRef>,
}

/// A whole figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Stable name, unique in its lab.
    pub id: &'static str,
    /// How large it is drawn.
    pub role: Role,
    /// Width over height of the plot area.
    pub aspect: f64,
    /// Title, also the SVG's `<title>`; not drawn inside the plot.
    pub title: String,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// What the raster's colours mean, if they are neither a scale nor named in their regions: a legend.
    pub key: Vec<(Rgb, String)>,
    /// Scale of the raster's colours, if they are a scale.
    pub colour_bar: Option<ColourBar>,
    /// What is drawn, back to front.
    pub layers: Vec<Layer>,
    /// What can be dragged.
    pub handles: Vec<Handle>,
    /// Shows simulated runs that can be played from their start.
    pub playable: bool,
    /// What a reader who does not see the figure should know; also the SVG's `<desc>`.
    pub alt: String,
}

impl Figure {
    /// A figure without title, layers, handles and words.
    pub fn blank(id: &'static str, role: Role, aspect: f64, x: Axis, y: Axis) -> Self {
        Figure {
            id,
            role,
            aspect,
            title: String::new(),
            x,
            y,
            key: Vec::new(),
            colour_bar: None,
            layers: Vec::new(),
            handles: Vec::new(),
            playable: false,
            alt: String::new(),
        }
    }
}

impl Layer {
    /// A line through points.
    pub fn line(points: Vec<(f64, f64)>, ink: Ink, width: f64, dash: Dash, label: Option<String>) -> Self {
        Layer::Line { points, ink, width, dash, label }
    }

    /// A square raster of `side²` pixels from the colour of each, counted row by row from the bottom.
    pub fn pixels(side: usize, colour: impl Fn(usize) -> Rgb) -> Self {
        let mut rgba = vec![255; 4 * side * side];
        for (row, line) in (0..side).rev().zip(rgba.chunks_exact_mut(4 * side)) {
            for (column, place) in line.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                let Rgb(red, green, blue) = colour(row * side + column);
                *place = [red, green, blue, 255];
            }
        }
        Layer::Raster { columns: side as u32, rows: side as u32, rgba: rgba.into() }
    }
}

impl Axis {
    /// A linear axis.
    pub fn linear(label: impl Into<String>, min: f64, max: f64) -> Self {
        Axis { label: label.into(), min, max, scale: Scale::Linear }
    }

    /// A logarithmic axis.
    pub fn log(label: impl Into<String>, min: f64, max: f64) -> Self {
        Axis { label: label.into(), min, max, scale: Scale::Log }
    }

    /// Where a value lies, 0 at `min` and 1 at `max`.
    pub fn fraction(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear | Scale::Rows(_) => (value - self.min) / (self.max - self.min),
            Scale::Log => libm::log(value / self.min) / libm::log(self.max / self.min),
        }
    }

    /// The value at a fraction of the axis.
    pub fn at(&self, fraction: f64) -> f64 {
        match self.scale {
            Scale::Linear | Scale::Rows(_) => self.min + fraction * (self.max - self.min),
            Scale::Log => self.min * libm::exp(fraction * libm::log(self.max / self.min)),
        }
    }
}
