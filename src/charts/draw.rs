//! The one painter: lays a figure out and draws it with plotters on any [`Surface`].

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{
    Circle, DashedPathElement, Drawable, PathElement, PointCollection, Polygon, Rectangle,
};
use plotters::style::{RGBAColor, ShapeStyle};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use std::cell::RefCell;
use std::rc::Rc;

use super::figure::{Axis, Dash, Figure, Layer, Mark, Rgb};
use super::layout::{self, Layout, Line, MINOR_TICK, SWATCH_LENGTH, Swatch, TICK};
use super::outline::Pixel;
use super::palette::Theme;
use super::plot_area::{Extent, PlotArea};
use super::surface::{Align, BOX_RISE, Lettering, Rect, Surface, UNITS};

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
/// Cost: a few ten microseconds for a native SVG without its raster; see [`DrawError`] for the errors.
///
/// # Errors
/// An axis without a range, a width outside [`NARROWEST`]–[`WIDEST`], a raster with too few or too many
/// bytes, or a surface that fails.
pub fn draw<S: Surface>(
    surface: &mut S,
    figure: &Figure,
    width: f64,
    theme: &Theme,
) -> Result<Drawn, DrawError> {
    let (x, y) = check(figure, width)?;
    let layout = layout::layout(surface, figure, width, theme, x, y);
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
    painter.paint().map_err(|error| DrawError::Surface(error.to_string()))?;
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

/// A surface lent to plotters, which wants to own its backend.
struct Lent<'a, S: Surface>(&'a mut S);

type Outcome<S> = Result<(), DrawingErrorKind<<S as DrawingBackend>::ErrorType>>;

impl<S: Surface> DrawingBackend for Lent<'_, S> {
    type ErrorType = S::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.0.get_size()
    }

    fn ensure_prepared(&mut self) -> Outcome<S> {
        self.0.ensure_prepared()
    }

    fn present(&mut self) -> Outcome<S> {
        self.0.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, colour: BackendColor) -> Outcome<S> {
        self.0.draw_pixel(point, colour)
    }

    fn draw_line<T: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &T) -> Outcome<S> {
        self.0.draw_line(from, to, style)
    }

    fn draw_rect<T: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &T,
        fill: bool,
    ) -> Outcome<S> {
        self.0.draw_rect(upper_left, bottom_right, style, fill)
    }

    fn draw_path<T: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &T,
    ) -> Outcome<S> {
        self.0.draw_path(path, style)
    }

    fn draw_circle<T: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &T,
        fill: bool,
    ) -> Outcome<S> {
        self.0.draw_circle(centre, radius, style, fill)
    }

    fn fill_polygon<T: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vertices: I,
        style: &T,
    ) -> Outcome<S> {
        self.0.fill_polygon(vertices, style)
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Outcome<S> {
        self.0.draw_text(text, style, at)
    }
}

/// A pixel in backend units.
fn units((x, y): Pixel) -> BackendCoord {
    ((x * UNITS).round() as i32, (y * UNITS).round() as i32)
}

/// A length in backend units, at least one.
fn length(pixels: f64) -> u32 {
    (pixels * UNITS).round().max(1.0) as u32
}

fn with_alpha(colour: Rgb, alpha: f64) -> RGBAColor {
    RGBAColor(colour.0, colour.1, colour.2, alpha)
}

fn filled(colour: Rgb, alpha: f64) -> ShapeStyle {
    ShapeStyle { color: with_alpha(colour, alpha), filled: true, stroke_width: 0 }
}

fn stroke(colour: Rgb, alpha: f64, width: f64) -> ShapeStyle {
    ShapeStyle { color: with_alpha(colour, alpha), filled: false, stroke_width: length(width) }
}

/// Draws a layout.
struct Painter<'a, S: Surface> {
    surface: Rc<RefCell<Lent<'a, S>>>,
    root: DrawingArea<Lent<'a, S>, Shift>,
    figure: &'a Figure,
    theme: &'a Theme,
    layout: &'a Layout,
    /// Curves get a halo where there is a picture behind them.
    has_raster: bool,
    ratio: f64,
}

impl<'a, S: Surface> Painter<'a, S> {
    fn new(surface: &'a mut S, figure: &'a Figure, theme: &'a Theme, layout: &'a Layout) -> Self {
        let ratio = surface.ratio();
        let surface = Rc::new(RefCell::new(Lent(surface)));
        let root = DrawingArea::from(&surface);
        let has_raster = figure.layers.iter().any(|layer| matches!(layer, Layer::Raster { .. }));
        Painter { surface, root, figure, theme, layout, has_raster, ratio }
    }

    fn paint(&self) -> Result<(), Trouble> {
        for (layer, curves) in self.figure.layers.iter().zip(&self.layout.curves) {
            self.layer(layer, curves)?;
        }
        self.axes()?;
        self.colour_bar()?;
        for &(at, swatch) in &self.layout.swatches {
            self.swatch(at, swatch)?;
        }
        for line in &self.layout.lines {
            self.text(line)?;
        }
        self.root.present().map_err(trouble)
    }

    fn put<'e, E>(&self, element: &'e E) -> Result<(), Trouble>
    where
        E: Drawable<Lent<'a, S>>,
        &'e E: PointCollection<'e, BackendCoord>,
    {
        self.root.draw(element).map_err(trouble)
    }

    fn layer(&self, layer: &Layer, curves: &[Vec<Pixel>]) -> Result<(), Trouble> {
        match layer {
            Layer::Raster { columns, rows, rgba } => self
                .surface
                .borrow_mut()
                .0
                .raster(self.layout.area.rect, rgba, *columns, *rows)
                .map_err(trouble),
            Layer::Line { ink, width, dash, .. } => self.curves(curves, self.theme.ink(*ink), *width, *dash),
            Layer::HLine { ink, dash, .. } | Layer::VLine { ink, dash, .. } => {
                let snapped: Vec<Vec<Pixel>> =
                    curves.iter().map(|curve| curve.iter().map(|&at| self.snap(at)).collect()).collect();
                self.curves(&snapped, self.theme.ink(*ink), 1.0, *dash)
            }
            Layer::Band { ink, opacity, .. } => {
                let style = filled(self.theme.ink(*ink), opacity.clamp(0.0, 1.0));
                curves.iter().try_for_each(|curve| {
                    self.put(&Polygon::new(curve.iter().map(|&at| units(at)).collect::<Vec<_>>(), style))
                })
            }
            Layer::Points { points, ink, radius } => self.points(points, self.theme.ink(*ink), *radius),
            Layer::Marker { x, y, mark, .. } => {
                let at = self.layout.area.pixel(*x, *y);
                if self.layout.area.rect.contains(at) { self.mark(at, *mark) } else { Ok(()) }
            }
            Layer::Region { .. } => Ok(()), // its name is among the texts
        }
    }

    /// Dots at data coordinates, through plotters' own coordinates.
    fn points(&self, points: &[(f64, f64)], colour: Rgb, radius: f64) -> Result<(), Trouble> {
        let area = &self.layout.area;
        let plot = self.root.apply_coord_spec(area.coordinates());
        let style = filled(colour, 1.0);
        points
            .iter()
            .filter(|&&(x, y)| area.rect.contains(area.pixel(x, y)))
            .try_for_each(|&point| plot.draw(&Circle::new(point, length(radius), style)).map_err(trouble))
    }

    /// Polylines; over a picture with a thin halo in the page's colour.
    fn curves(&self, curves: &[Vec<Pixel>], colour: Rgb, width: f64, dash: Dash) -> Result<(), Trouble> {
        let paths: Vec<Vec<BackendCoord>> =
            curves.iter().map(|curve| curve.iter().map(|&at| units(at)).collect()).collect();
        if self.has_raster {
            let halo = stroke(self.theme.background, 0.7, width + 2.2);
            for path in &paths {
                self.path(path, halo, dash)?;
            }
        }
        let style = stroke(colour, 1.0, width);
        paths.iter().try_for_each(|path| self.path(path, style, dash))
    }

    fn path(&self, path: &[BackendCoord], style: ShapeStyle, dash: Dash) -> Result<(), Trouble> {
        let (on, off) = match dash {
            Dash::Solid => return self.put(&PathElement::new(path.to_vec(), style)),
            Dash::Dashed => (6.0, 5.0),
            Dash::Dotted => (1.0, 4.0),
        };
        let (on, off) = (length(on) as i32, length(off) as i32);
        self.put(&DashedPathElement::new(path.iter().copied(), on, off, style))
    }

    /// The point moved so that a one-pixel line through it covers whole device pixels.
    fn snap(&self, (x, y): Pixel) -> Pixel {
        let thickness = self.ratio.round().max(1.0);
        let middle = if thickness % 2.0 == 1.0 { 0.5 } else { 0.0 };
        let snap = |value: f64| ((value * self.ratio - middle).round() + middle) / self.ratio;
        (snap(x), snap(y))
    }

    /// A thin straight line of axis or tick.
    fn thin(&self, from: Pixel, to: Pixel, colour: Rgb) -> Result<(), Trouble> {
        let ends = [units(self.snap(from)), units(self.snap(to))];
        self.put(&PathElement::new(ends, stroke(colour, 1.0, 1.0)))
    }

    /// Left and bottom axis with their ticks outside.
    fn axes(&self) -> Result<(), Trouble> {
        let (rect, colour) = (self.layout.area.rect, self.theme.axis);
        self.thin((rect.left, rect.top), (rect.left, rect.bottom()), colour)?;
        self.thin((rect.left, rect.bottom()), (rect.right(), rect.bottom()), colour)?;
        let size = |is_minor: bool| if is_minor { MINOR_TICK } else { TICK };
        for tick in &self.layout.x_ticks {
            let x = rect.left + rect.width * self.layout.area.x.fraction(tick.value);
            self.thin((x, rect.bottom()), (x, rect.bottom() + size(tick.is_minor())), colour)?;
        }
        for tick in &self.layout.y_ticks {
            let y = rect.bottom() - rect.height * self.layout.area.y.fraction(tick.value);
            self.thin((rect.left - size(tick.is_minor()), y), (rect.left, y), colour)?;
        }
        Ok(())
    }

    fn colour_bar(&self) -> Result<(), Trouble> {
        let (Some(place), Some(bar)) = (&self.layout.bar, &self.figure.colour_bar) else { return Ok(()) };
        let count = bar.colours.len() as u32;
        let pixel = |colour: &Rgb| [colour.0, colour.1, colour.2, 255];
        let (rgba, columns, rows): (Vec<u8>, u32, u32) = if place.upright {
            (bar.colours.iter().rev().flat_map(pixel).collect(), 1, count)
        } else {
            (bar.colours.iter().flat_map(pixel).collect(), count, 1)
        };
        let rect = place.rect;
        self.surface.borrow_mut().0.raster(rect, &rgba, columns, rows).map_err(trouble)?;
        for &fraction in &place.ticks {
            let (from, to) = if place.upright {
                let y = rect.bottom() - rect.height * fraction;
                ((rect.right(), y), (rect.right() + TICK, y))
            } else {
                let x = rect.left + rect.width * fraction;
                ((x, rect.bottom()), (x, rect.bottom() + TICK))
            };
            self.thin(from, to, self.theme.axis)?;
        }
        Ok(())
    }

    fn mark(&self, (x, y): Pixel, mark: Mark) -> Result<(), Trouble> {
        let (halo, ink) = (self.theme.background, self.theme.strong);
        match mark {
            Mark::Crosshair => {
                const RING: f64 = 6.5;
                const ARM: f64 = 12.0;
                for (colour, alpha, width) in [(halo, 0.85, 4.5), (ink, 1.0, 1.8)] {
                    let style = stroke(colour, alpha, width);
                    self.put(&Circle::new(units((x, y)), length(RING), style))?;
                    for (across, down) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] {
                        let at = |far: f64| units((x + across * far, y + down * far));
                        self.put(&PathElement::new([at(RING), at(ARM)], style))?;
                    }
                }
                self.put(&Circle::new(units((x, y)), length(2.6), filled(halo, 0.85)))?;
                self.put(&Circle::new(units((x, y)), length(1.8), filled(self.theme.accent, 1.0)))
            }
            Mark::Dot => {
                self.put(&Circle::new(units((x, y)), length(5.0), filled(halo, 0.85)))?;
                self.put(&Circle::new(units((x, y)), length(3.5), filled(self.theme.accent, 1.0)))
            }
            Mark::Tick => {
                [(halo, 0.85, 4.0), (ink, 1.0, 1.6)].into_iter().try_for_each(|(colour, alpha, width)| {
                    let ends = [units((x, y - 6.0)), units((x, y + 6.0))];
                    self.put(&PathElement::new(ends, stroke(colour, alpha, width)))
                })
            }
        }
    }

    fn swatch(&self, (x, y): Pixel, swatch: Swatch) -> Result<(), Trouble> {
        match swatch {
            Swatch::Stroke(colour, dash, width) => {
                let ends = [units((x, y)), units((x + SWATCH_LENGTH, y))];
                self.path(&ends, stroke(colour, 1.0, width.max(1.0)), dash)
            }
            Swatch::Fill(colour) => {
                let corners = [units((x + 3.0, y - 6.0)), units((x + 15.0, y + 6.0))];
                self.put(&Rectangle::new(corners, filled(colour, 1.0)))
            }
            Swatch::Mark(mark) => self.mark((x + SWATCH_LENGTH / 2.0, y), mark),
        }
    }

    fn text(&self, line: &Line) -> Result<(), Trouble> {
        let rect = line.rect;
        if line.cover {
            let cover = rect.grown(1.5);
            let corners =
                [units((cover.left - 1.5, cover.top)), units((cover.right() + 1.5, cover.bottom()))];
            self.put(&Rectangle::new(corners, filled(line.ground, 0.86)))?;
        }
        let x = match line.align {
            Align::Left => rect.left,
            Align::Centre => rect.centre().0,
            Align::Right => rect.right(),
        };
        let style = Lettering { size: line.size, colour: line.colour, align: line.align };
        let at = units((x, rect.top + BOX_RISE * line.size));
        self.surface.borrow_mut().draw_text(&line.text, &style, at).map_err(trouble)
    }
}

/// What a surface or plotters said when it failed.
type Trouble = String;

fn trouble(error: impl std::fmt::Display) -> Trouble {
    error.to_string()
}
