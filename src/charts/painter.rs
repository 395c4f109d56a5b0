//! Paints a [`Layout`] with plotters: its elements, its coordinates, its backends.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, Drawable, PathElement, PointCollection, Polygon, Rectangle};
use plotters::style::{RGBAColor, ShapeStyle};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind};
use std::cell::RefCell;
use std::rc::Rc;

use super::figure::{Dash, Figure, Layer, Mark, Rgb};
use super::layout::{Layout, Line, MINOR_TICK, SWATCH_LENGTH, Swatch, TICK};
use super::outline::Pixel;
use super::palette::{Theme, contrast};
use super::surface::{Align, BOX_RISE, Drawn, Lettering, Surface, SurfaceError, UNITS};

/// A surface lent to plotters, which wants to own its backend.
pub(super) struct Lent<'a>(&'a mut dyn Surface);

type Outcome = Result<(), DrawingErrorKind<SurfaceError>>;

fn outcome(drawn: Drawn) -> Outcome {
    drawn.map_err(DrawingErrorKind::DrawingError)
}

impl DrawingBackend for Lent<'_> {
    type ErrorType = SurfaceError;

    fn get_size(&self) -> (u32, u32) {
        self.0.size()
    }

    fn ensure_prepared(&mut self) -> Outcome {
        Ok(())
    }

    fn present(&mut self) -> Outcome {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, colour: BackendColor) -> Outcome {
        outcome(self.0.rectangle((x, y), (x + 1, y + 1), colour, None))
    }

    fn draw_line<T: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &T) -> Outcome {
        outcome(self.0.path(&[from, to], style.color(), style.stroke_width()))
    }

    fn draw_rect<T: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &T,
        fill: bool,
    ) -> Outcome {
        let width = (!fill).then(|| style.stroke_width());
        outcome(self.0.rectangle(upper_left, bottom_right, style.color(), width))
    }

    fn draw_path<T: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &T,
    ) -> Outcome {
        let path: Vec<BackendCoord> = path.into_iter().collect();
        outcome(self.0.path(&path, style.color(), style.stroke_width()))
    }

    fn draw_circle<T: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &T,
        fill: bool,
    ) -> Outcome {
        let width = (!fill).then(|| style.stroke_width());
        outcome(self.0.circle(centre, radius, style.color(), width))
    }

    fn fill_polygon<T: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vertices: I,
        style: &T,
    ) -> Outcome {
        let vertices: Vec<BackendCoord> = vertices.into_iter().collect();
        outcome(self.0.polygon(&vertices, style.color()))
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

/// A swatch of less contrast to the page than this has a frame.
const SEEN: f64 = 1.6;

fn filled(colour: Rgb, alpha: f64) -> ShapeStyle {
    ShapeStyle { color: with_alpha(colour, alpha), filled: true, stroke_width: 0 }
}

fn stroke(colour: Rgb, alpha: f64, width: f64) -> ShapeStyle {
    ShapeStyle { color: with_alpha(colour, alpha), filled: false, stroke_width: length(width) }
}

/// Draws a layout.
pub(super) struct Painter<'a> {
    surface: Rc<RefCell<Lent<'a>>>,
    root: DrawingArea<Lent<'a>, Shift>,
    figure: &'a Figure,
    theme: &'a Theme,
    /// Colours inside the plot: those of the light page on a picture, which is the same on every page.
    inside: Theme,
    layout: &'a Layout,
    /// Curves get a halo where there is a picture behind them.
    has_raster: bool,
    ratio: f64,
}

impl<'a> Painter<'a> {
    pub(super) fn new(
        surface: &'a mut dyn Surface,
        figure: &'a Figure,
        theme: &'a Theme,
        layout: &'a Layout,
    ) -> Self {
        let ratio = surface.ratio();
        let surface = Rc::new(RefCell::new(Lent(surface)));
        let root = DrawingArea::from(&surface);
        let has_raster = figure.layers.iter().any(|layer| matches!(layer, Layer::Raster { .. }));
        let inside = if has_raster { Theme::LIGHT } else { *theme };
        Painter { surface, root, figure, theme, inside, layout, has_raster, ratio }
    }

    pub(super) fn paint(&self) -> Result<(), Trouble> {
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
        E: Drawable<Lent<'a>>,
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
            Layer::Line { ink, width, dash, .. } => self.curves(curves, self.inside.ink(*ink), *width, *dash),
            Layer::HLine { ink, dash, .. } | Layer::VLine { ink, dash, .. } => {
                let snapped: Vec<Vec<Pixel>> =
                    curves.iter().map(|curve| curve.iter().map(|&at| self.snap(at)).collect()).collect();
                self.curves(&snapped, self.inside.ink(*ink), 1.0, *dash)
            }
            Layer::Band { ink, opacity, .. } => {
                let style = filled(self.inside.ink(*ink), opacity.clamp(0.0, 1.0));
                curves.iter().try_for_each(|curve| {
                    self.put(&Polygon::new(curve.iter().map(|&at| units(at)).collect::<Vec<_>>(), style))
                })
            }
            Layer::Points { points, ink, radius } => self.points(points, self.inside.ink(*ink), *radius),
            Layer::Marker { x, y, mark, .. } => {
                let at = self.layout.area.pixel(*x, *y);
                if self.layout.area.rect.contains(at) { self.mark(at, *mark, &self.inside) } else { Ok(()) }
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
            let halo = stroke(self.inside.background, 0.6, width + 2.0);
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
        self.dashes(length(on), length(off))?;
        self.put(&PathElement::new(path.to_vec(), style))?;
        self.dashes(0, 0)
    }

    fn dashes(&self, on: u32, off: u32) -> Result<(), Trouble> {
        self.surface.borrow_mut().0.dashes(on, off).map_err(trouble)
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

    fn mark(&self, (x, y): Pixel, mark: Mark, theme: &Theme) -> Result<(), Trouble> {
        let (halo, ink) = (theme.background, theme.strong);
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
                self.put(&Circle::new(units((x, y)), length(1.8), filled(theme.accent, 1.0)))
            }
            Mark::Dot => {
                self.put(&Circle::new(units((x, y)), length(5.0), filled(halo, 0.85)))?;
                self.put(&Circle::new(units((x, y)), length(3.5), filled(theme.accent, 1.0)))
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
                self.put(&Rectangle::new(corners, filled(colour, 1.0)))?;
                if contrast(colour, self.theme.background) < SEEN {
                    self.put(&Rectangle::new(corners, stroke(self.theme.axis, 1.0, 1.0)))?;
                }
                Ok(())
            }
            Swatch::Mark(mark) => self.mark((x + SWATCH_LENGTH / 2.0, y), mark, self.theme),
        }
    }

    fn text(&self, line: &Line) -> Result<(), Trouble> {
        let rect = line.rect;
        if line.cover {
            let cover = rect.grown(1.5);
            let corners =
                [units((cover.left - 1.5, cover.top)), units((cover.right() + 1.5, cover.bottom()))];
            self.put(&Rectangle::new(corners, filled(line.ground, 0.9)))?;
        }
        let x = match line.align {
            Align::Left => rect.left,
            Align::Centre => rect.centre().0,
            Align::Right => rect.right(),
        };
        let style = Lettering { size: line.size, colour: line.colour, align: line.align };
        let at = units((x, rect.top + BOX_RISE * line.size));
        self.surface.borrow_mut().0.text(&line.text, &style, at).map_err(trouble)
    }
}

/// What a surface or plotters said when it failed.
pub(super) type Trouble = String;

fn trouble(error: impl std::fmt::Display) -> Trouble {
    error.to_string()
}
