//! Figures on an HTML canvas: plotters' canvas backend, with type and pictures of our own.
//!
//! The backend draws lines, polygons and circles through a context that is scaled once, from backend
//! units to device pixels. Its text would be set at the scaled-up size and measured in a styled element
//! (which a strict policy blocks), and it has no pictures: those two are done here.

use js_sys::Array;
use plotters_backend::{BackendColor, BackendStyle, DrawingBackend};
use plotters_canvas::CanvasBackend;
use std::cell::{Cell, RefCell};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::figure::Rgb;
use super::surface::{
    Align, At, BASELINE_DROP, Drawn, FONT_STACK, LINE_HEIGHT, Lettering, Rect, Surface, SurfaceError, UNITS,
};

/// Most texts whose widths are kept, and most pictures that are kept ready to be drawn again.
const KEPT_WIDTHS: usize = 2048;
const KEPT_PICTURES: usize = 4;

thread_local! {
    /// By text and size, in the order of these.
    static WIDTHS: RefCell<Vec<(String, u32, f64)>> = const { RefCell::new(Vec::new()) };
    static PICTURES: RefCell<Vec<Picture>> = const { RefCell::new(Vec::new()) };
}

/// A raster on a canvas outside the page, found again by its content.
struct Picture {
    fingerprint: (u32, u32, u64),
    canvas: HtmlCanvasElement,
}

/// A canvas element to draw a figure on.
pub struct CanvasSurface {
    backend: CanvasBackend,
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    ratio: f64,
    /// Size of the context's font; 0: not set yet. A browser parses the font anew whenever it is set.
    font_size: Cell<f64>,
    /// How the context aligns text, if that was set.
    align: Option<Align>,
}

impl CanvasSurface {
    /// A surface on `canvas` with `ratio` device pixels per CSS pixel. `None` if the canvas has no 2-D
    /// context (it was given another one, or the browser refuses).
    pub fn new(canvas: HtmlCanvasElement, ratio: f64) -> Option<CanvasSurface> {
        let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let backend = CanvasBackend::with_canvas_object(canvas.clone())?;
        let ratio = if ratio > 0.1 && ratio < 16.0 { ratio } else { 1.0 };
        Some(CanvasSurface { backend, canvas, context, ratio, font_size: Cell::new(0.0), align: None })
    }

    fn use_font(&self, size: f64) {
        if self.font_size.replace(size).to_bits() != size.to_bits() {
            self.context.set_font(&font(size));
        }
    }

    /// Makes one CSS pixel `unit` context units long.
    fn scale(&self, unit: f64) -> Drawn {
        let scale = self.ratio / unit;
        self.context.set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0).map_err(|error| failed(&error))
    }
}

impl Surface for CanvasSurface {
    fn size(&self) -> (u32, u32) {
        let units = |pixels: u32| (f64::from(pixels) / self.ratio * UNITS).ceil() as u32;
        (units(self.canvas.width()), units(self.canvas.height()))
    }

    fn dashes(&mut self, on: u32, off: u32) -> Drawn {
        let pattern = if (on, off) == (0, 0) { Array::new() } else { Array::of2(&on.into(), &off.into()) };
        self.context.set_line_dash(&pattern).map_err(|error| failed(&error))
    }

    fn path(&mut self, path: &[At], colour: BackendColor, width: u32) -> Drawn {
        let drawn = self.backend.draw_path(path.iter().copied(), &Stroke { colour, width });
        drawn.map_err(|error| SurfaceError(error.to_string()))
    }

    fn polygon(&mut self, vertices: &[At], colour: BackendColor) -> Drawn {
        let drawn = self.backend.fill_polygon(vertices.iter().copied(), &colour);
        drawn.map_err(|error| SurfaceError(error.to_string()))
    }

    fn rectangle(
        &mut self,
        upper_left: At,
        bottom_right: At,
        colour: BackendColor,
        width: Option<u32>,
    ) -> Drawn {
        let style = Stroke { colour, width: width.unwrap_or(0) };
        let drawn = self.backend.draw_rect(upper_left, bottom_right, &style, width.is_none());
        drawn.map_err(|error| SurfaceError(error.to_string()))
    }

    fn circle(&mut self, centre: At, radius: u32, colour: BackendColor, width: Option<u32>) -> Drawn {
        let style = Stroke { colour, width: width.unwrap_or(0) };
        let drawn = self.backend.draw_circle(centre, radius, &style, width.is_none());
        drawn.map_err(|error| SurfaceError(error.to_string()))
    }

    fn text(&mut self, text: &str, style: &Lettering, (x, y): At) -> Drawn {
        self.scale(1.0)?;
        self.use_font(style.size);
        if self.align.replace(style.align) != Some(style.align) {
            self.context.set_text_align(match style.align {
                Align::Left => "left",
                Align::Centre => "center",
                Align::Right => "right",
            });
        }
        self.context.set_fill_style_str(&paint(style.colour));
        let baseline = f64::from(y) / UNITS + BASELINE_DROP * style.size;
        let written = self.context.fill_text(text, f64::from(x) / UNITS, baseline);
        self.scale(UNITS)?;
        written.map_err(|error| failed(&error))
    }

    fn start(&mut self, width: f64, height: f64, ground: Rgb, _title: &str, _description: &str) -> Drawn {
        let (columns, rows) = ((width * self.ratio).round() as u32, (height * self.ratio).round() as u32);
        // Setting a size, even the same, throws the old buffer away: only when it differs.
        if self.canvas.width() != columns || self.canvas.height() != rows {
            self.canvas.set_width(columns);
            self.canvas.set_height(rows);
            self.font_size.set(0.0);
            self.align = None;
        }
        self.scale(1.0)?;
        self.context.set_fill_style_str(&paint(ground));
        self.context.fill_rect(0.0, 0.0, width + 1.0, height + 1.0);
        self.context.set_line_join("round");
        self.context.set_line_cap("round");
        self.scale(UNITS)
    }

    fn raster(&mut self, rect: Rect, rgba: &[u8], columns: u32, rows: u32) -> Drawn {
        if columns == 0 || rows == 0 {
            return Ok(());
        }
        let picture = PICTURES
            .with_borrow_mut(|kept| picture(kept, rgba, columns, rows))
            .map_err(|error| failed(&error))?;
        let large = rect.width * self.ratio >= 2.0 * f64::from(columns)
            || rect.height * self.ratio >= 2.0 * f64::from(rows);
        self.scale(1.0)?;
        self.context.set_image_smoothing_enabled(!large);
        let drawn = self.context.draw_image_with_html_canvas_element_and_dw_and_dh(
            &picture,
            rect.left,
            rect.top,
            rect.width,
            rect.height,
        );
        self.scale(UNITS)?;
        drawn.map_err(|error| failed(&error))
    }

    fn text_size(&self, text: &str, size: f64) -> (f64, f64) {
        let width = WIDTHS.with_borrow_mut(|kept| {
            let units = (size * 64.0).round() as u32;
            let search = |kept: &[(String, u32, f64)]| {
                kept.binary_search_by(|(of, at, _)| of.as_str().cmp(text).then(at.cmp(&units)))
            };
            if let Ok(place) = search(kept) {
                return kept[place].2;
            }
            if kept.len() >= KEPT_WIDTHS {
                kept.clear();
            }
            self.use_font(size);
            // A browser that cannot measure gets the wide table of the SVG files.
            let width = self
                .context
                .measure_text(text)
                .map_or_else(|_| super::text_width::of(text) * size, |metrics| metrics.width());
            let (Ok(place) | Err(place)) = search(kept);
            kept.insert(place, (text.to_owned(), units, width));
            width
        });
        (width, LINE_HEIGHT * size)
    }

    fn ratio(&self) -> f64 {
        self.ratio
    }
}

/// The canvas holding this raster: one that is kept, or a new one (the oldest is reused).
fn picture(
    kept: &mut Vec<Picture>,
    rgba: &[u8],
    columns: u32,
    rows: u32,
) -> Result<HtmlCanvasElement, JsValue> {
    let fingerprint = (columns, rows, fingerprint(rgba));
    if let Some(place) = kept.iter().position(|picture| picture.fingerprint == fingerprint) {
        let found = kept.remove(place);
        let canvas = found.canvas.clone();
        kept.push(found);
        return Ok(canvas);
    }
    let canvas = if kept.len() >= KEPT_PICTURES {
        kept.remove(0).canvas
    } else {
        let document = web_sys::window().and_then(|window| window.document());
        let document = document.ok_or_else(|| JsValue::from_str("there is no page to draw on"))?;
        document.create_element("canvas")?.dyn_into::<HtmlCanvasElement>()?
    };
    if canvas.width() != columns || canvas.height() != rows {
        canvas.set_width(columns);
        canvas.set_height(rows);
    }
    let context = canvas.get_context("2d")?.ok_or_else(|| JsValue::from_str("the browser has no canvas"))?;
    let context: CanvasRenderingContext2d = context.dyn_into()?;
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), columns, rows)?;
    context.put_image_data(&data, 0.0, 0.0)?;
    kept.push(Picture { fingerprint, canvas: canvas.clone() });
    Ok(canvas)
}

/// A 64-bit fingerprint of the bytes: four multiply-and-rotate lanes, about 0.1 ms for 512 × 512 pixels.
fn fingerprint(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let (blocks, rest) = bytes.as_chunks::<32>();
    let mut lanes = [1_u64, 2, 3, 4];
    for block in blocks {
        for (lane, word) in lanes.iter_mut().zip(block.as_chunks::<8>().0) {
            *lane = (lane.rotate_left(23) ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
        }
    }
    let mut sum = bytes.len() as u64;
    for word in lanes.into_iter().chain(rest.iter().map(|&byte| u64::from(byte))) {
        sum = (sum.rotate_left(23) ^ word).wrapping_mul(FACTOR);
    }
    sum
}

/// A stroke as plotters' backends take it.
struct Stroke {
    colour: BackendColor,
    width: u32,
}

impl BackendStyle for Stroke {
    fn color(&self) -> BackendColor {
        self.colour
    }

    fn stroke_width(&self) -> u32 {
        self.width
    }
}

/// The `fillStyle` value of a colour.
fn paint(Rgb(red, green, blue): Rgb) -> String {
    format!("rgb({red},{green},{blue})")
}

/// The `font` value of this size.
fn font(size: f64) -> String {
    format!("{size}px {FONT_STACK}")
}

fn failed(error: &JsValue) -> SurfaceError {
    let text = error
        .dyn_ref::<js_sys::Error>()
        .map_or_else(|| error.as_string().unwrap_or_default(), |error| String::from(error.message()));
    SurfaceError(text)
}
