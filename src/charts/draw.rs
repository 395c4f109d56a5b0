//! The one painter: lays a figure out and draws it with plotters on any [`Surface`].

use super::figure::{Axis, Figure, Layer, Rgb};
use super::layout::{self, TypeSetter};
use super::painter::Painter;
use super::palette::Theme;
use super::plot_area::{Extent, PlotArea};
use super::surface::{Rect, Surface};

/// Narrowest figure that can be drawn, CSS pixels.
pub const NARROWEST: f64 = 120.0;

/// Widest figure that can be drawn, CSS pixels: keeps plotters' 32-bit coordinates far from overflow.
pub const WIDEST: f64 = 16_384.0;

/// A text as it was drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct TextBox {
    /// Left edge of its box.
    pub x: f64,
    /// Top edge of its box.
    pub y: f64,
    /// Width of its box.
    pub width: f64,
    /// Height of its box.
    pub height: f64,
    /// What it says.
    pub text: String,
    /// Its colour.
    pub ink: Rgb,
    /// The colour behind it.
    pub ground: Rgb,
}

/// What was drawn, in CSS pixels of the figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// Width of the figure.
    pub width: f64,
    /// Height of the figure.
    pub height: f64,
    /// The plot's rectangle.
    pub plot: Rect,
    /// Pixels ↔ data.
    pub area: PlotArea,
    /// Where the figure's handles are, in its order; a handle outside the axes is moved to the edge.
    pub handles: Vec<(f64, f64)>,
    /// Every text.
    pub texts: Vec<TextBox>,
}

/// Why a figure was not drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum DrawError {
    /// An axis is empty, reversed, not finite, or logarithmic and not positive.
    Axis {
        /// The axis's label.
        label: String,
        /// Its left or bottom end.
        min: f64,
        /// Its right or top end.
        max: f64,
    },
    /// The width is not a number between [`NARROWEST`] and [`WIDEST`].
    Width(f64),
    /// A raster's bytes are not `4 · columns · rows`.
    Raster {
        /// Bytes that its size asks for.
        expected: usize,
        /// Bytes that it has.
        found: usize,
    },
    /// The surface failed; its own words.
    Surface(String),
}

impl std::fmt::Display for DrawError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DrawError::Axis { label, min, max } => {
                write!(formatter, "The axis “{label}” cannot show the range {min} to {max}.")
            }
            DrawError::Width(width) => write!(
                formatter,
                "A figure cannot be {width} pixels wide; it can be {NARROWEST} to {WIDEST} wide."
            ),
            DrawError::Raster { expected, found } => {
                write!(formatter, "A picture of {expected} bytes was announced, but {found} came.")
            }
            DrawError::Surface(words) => write!(formatter, "The figure could not be drawn: {words}"),
        }
    }
}

impl std::error::Error for DrawError {}

/// Draws a figure `width` CSS pixels wide; the height follows from the plot's aspect and from what
/// stands around it. Nothing is drawn if the figure has an error.
///
/// Cost without the picture: 0.1–0.5 ms natively as SVG, 0.2–0.8 ms on a canvas; compressing a picture for an
/// SVG takes 2–20 ms more.
///
/// # Errors
/// An axis without a range, a width outside [`NARROWEST`]–[`WIDEST`], a raster with too few or too many
/// bytes, or a surface that fails.
pub fn draw(
    surface: &mut dyn Surface,
    figure: &Figure,
    width: f64,
    theme: &Theme,
) -> Result<Drawn, DrawError> {
    let (x, y) = check(figure, width)?;
    let type_setter =
        TypeSetter { text_size: &|text, size| surface.text_size(text, size), ratio: surface.ratio() };
    let layout = layout::layout(type_setter, figure, width, theme, x, y);
    surface
        .start(layout.width, layout.height, theme.background, &figure.title, &figure.alt)
        .map_err(|error| DrawError::Surface(error.to_string()))?;
    let handles = figure
        .handles
        .iter()
        .map(|handle| {
            let (x, y) = layout.area.pixel(handle.at.0, handle.at.1);
            let rect = layout.area.rect;
            (x.clamp(rect.left, rect.right()), y.clamp(rect.top, rect.bottom()))
        })
        .collect();
    let painter = Painter::new(surface, figure, theme, &layout);
    painter.paint().map_err(DrawError::Surface)?;
    let texts = layout.lines.into_iter().map(|line| TextBox {
        x: line.rect.left,
        y: line.rect.top,
        width: line.rect.width,
        height: line.rect.height,
        text: line.text,
        ink: line.colour,
        ground: line.ground,
    });
    Ok(Drawn {
        width: layout.width,
        height: layout.height,
        plot: layout.area.rect,
        area: layout.area,
        handles,
        texts: texts.collect(),
    })
}

/// The extents of both axes, if the figure can be drawn at this width.
fn check(figure: &Figure, width: f64) -> Result<(Extent, Extent), DrawError> {
    if !(NARROWEST..=WIDEST).contains(&width) {
        return Err(DrawError::Width(width));
    }
    for layer in &figure.layers {
        if let Layer::Raster { columns, rows, rgba } = layer {
            let expected = 4 * *columns as usize * *rows as usize;
            if rgba.len() != expected {
                return Err(DrawError::Raster { expected, found: rgba.len() });
            }
        }
    }
    let extent = |axis: &Axis| {
        Extent::of(axis).ok_or_else(|| DrawError::Axis {
            label: axis.label.clone(),
            min: axis.min,
            max: axis.max,
        })
    };
    Ok((extent(&figure.x)?, extent(&figure.y)?))
}
