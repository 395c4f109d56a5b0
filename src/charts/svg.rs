//! Figures as SVG text: a [`Surface`] that needs no browser.
//!
//! Text stays text, pictures are embedded PNGs, and every look is a presentation attribute: a page with
//! a strict content security policy can hold the result as it is.

use plotters_backend::BackendColor;
use std::fmt::Write as _;

use super::figure::Rgb;
use super::png;
use super::surface::{
    Align, At, BASELINE_DROP, Drawn, FONT_STACK, LINE_HEIGHT, Lettering, Rect, Surface, UNITS, opaque,
};
use super::text_width;

/// An SVG document in the making.
#[derive(Debug, Default)]
pub struct SvgSurface {
    text: String,
    size: (u32, u32),
    /// See [`Surface::dashes`].
    dashes: (u32, u32),
}

impl SvgSurface {
    /// An empty document; [`super::draw::draw`] gives it its size.
    pub fn new() -> SvgSurface {
        SvgSurface::default()
    }

    /// The finished document; empty if nothing was drawn.
    pub fn finish(mut self) -> String {
        if !self.text.is_empty() {
            self.text.push_str("</svg>\n");
        }
        self.text
    }

    /// ` name="value"` for a number in CSS pixels, at most three decimals.
    fn number(&mut self, name: &str, value: f64) {
        let _ = write!(self.text, " {name}=\"{}\"", Short(value));
    }

    /// ` name="value"` for a length in backend units.
    fn units(&mut self, name: &str, value: i32) {
        self.number(name, f64::from(value) / UNITS);
    }

    /// Filled, or stroked with a line of this width.
    fn ink(&mut self, colour: BackendColor, width: Option<u32>) {
        let Some(width) = width else { return self.paint("fill", colour) };
        self.text.push_str(" fill=\"none\"");
        self.paint("stroke", colour);
        self.number("stroke-width", f64::from(width) / UNITS);
    }

    fn paint(&mut self, name: &str, colour: BackendColor) {
        let (red, green, blue) = colour.rgb;
        let _ = write!(self.text, " {name}=\"#{red:02x}{green:02x}{blue:02x}\"");
        if colour.alpha < 1.0 {
            let _ = write!(self.text, " {name}-opacity=\"{}\"", Short(colour.alpha));
        }
    }

    /// Escaped text. Characters that XML forbids become U+FFFD.
    fn escaped(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '&' => self.text.push_str("&amp;"),
                '"' => self.text.push_str("&quot;"),
                '\t' | '\n' | '\r' => self.text.push(' '),
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => self.text.push('\u{fffd}'),
                other => self.text.push(other),
            }
        }
    }

    /// Path data of a polyline.
    fn vertices(&mut self, vertices: &[At]) {
        self.text.push_str(" d=\"");
        let mut command = 'M';
        for &(x, y) in vertices {
            let _ =
                write!(self.text, "{command}{} {}", Short(f64::from(x) / UNITS), Short(f64::from(y) / UNITS));
            command = 'L';
        }
    }
}

/// A number with at most three decimals and no trailing zeros.
struct Short(f64);

impl std::fmt::Display for Short {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rounded = (self.0 * 1000.0).round() / 1000.0;
        write!(formatter, "{}", if rounded == 0.0 { 0.0 } else { rounded })
    }
}

impl Surface for SvgSurface {
    fn size(&self) -> (u32, u32) {
        self.size
    }

    fn start(&mut self, width: f64, height: f64, ground: Rgb, title: &str, description: &str) -> Drawn {
        self.size = ((width * UNITS).ceil() as u32, (height * UNITS).ceil() as u32);
        self.text.clear();
        self.dashes = (0, 0);
        let (width, height) = (Short(width), Short(height));
        let _ = write!(
            self.text,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" font-family=\"{FONT_STACK}\" stroke-linejoin=\"round\" \
             stroke-linecap=\"round\" role=\"img\">\n<title>"
        );
        self.escaped(title);
        self.text.push_str("</title>\n<desc>");
        self.escaped(description);
        self.text.push_str("</desc>\n<rect width=\"100%\" height=\"100%\"");
        self.ink(opaque(ground), None);
        self.text.push_str("/>\n");
        Ok(())
    }

    fn dashes(&mut self, on: u32, off: u32) -> Drawn {
        self.dashes = (on, off);
        Ok(())
    }

    fn path(&mut self, path: &[At], colour: BackendColor, width: u32) -> Drawn {
        self.text.push_str("<path");
        self.ink(colour, Some(width));
        if self.dashes != (0, 0) {
            let [on, off] = [self.dashes.0, self.dashes.1].map(|length| Short(f64::from(length) / UNITS));
            let _ = write!(self.text, " stroke-dasharray=\"{on} {off}\"");
        }
        self.vertices(path);
        self.text.push_str("\"/>\n");
        Ok(())
    }

    fn polygon(&mut self, vertices: &[At], colour: BackendColor) -> Drawn {
        self.text.push_str("<path");
        self.ink(colour, None);
        self.vertices(vertices);
        self.text.push_str("Z\"/>\n");
        Ok(())
    }

    fn rectangle(
        &mut self,
        upper_left: At,
        bottom_right: At,
        colour: BackendColor,
        width: Option<u32>,
    ) -> Drawn {
        self.text.push_str("<rect");
        self.units("x", upper_left.0);
        self.units("y", upper_left.1);
        self.units("width", bottom_right.0 - upper_left.0);
        self.units("height", bottom_right.1 - upper_left.1);
        self.ink(colour, width);
        self.text.push_str("/>\n");
        Ok(())
    }

    fn circle(&mut self, centre: At, radius: u32, colour: BackendColor, width: Option<u32>) -> Drawn {
        self.text.push_str("<circle");
        self.units("cx", centre.0);
        self.units("cy", centre.1);
        self.number("r", f64::from(radius) / UNITS);
        self.ink(colour, width);
        self.text.push_str("/>\n");
        Ok(())
    }

    fn text(&mut self, text: &str, style: &Lettering, (x, y): At) -> Drawn {
        self.text.push_str("<text");
        self.units("x", x);
        self.number("y", f64::from(y) / UNITS + BASELINE_DROP * style.size);
        self.number("font-size", style.size);
        self.text.push_str(match style.align {
            Align::Left => "",
            Align::Centre => " text-anchor=\"middle\"",
            Align::Right => " text-anchor=\"end\"",
        });
        self.ink(opaque(style.colour), None);
        self.text.push('>');
        self.escaped(text);
        self.text.push_str("</text>\n");
        Ok(())
    }

    fn raster(&mut self, rect: Rect, rgba: &[u8], columns: u32, rows: u32) -> Drawn {
        self.text.push_str("<image");
        self.number("x", rect.left);
        self.number("y", rect.top);
        self.number("width", rect.width);
        self.number("height", rect.height);
        self.text.push_str(" preserveAspectRatio=\"none\"");
        if rect.width >= 1.5 * f64::from(columns) || rect.height >= 1.5 * f64::from(rows) {
            self.text.push_str(" image-rendering=\"pixelated\"");
        }
        self.text.push_str(" href=\"data:image/png;base64,");
        png::base64(&png::encode(rgba, columns, rows), &mut self.text);
        self.text.push_str("\"/>\n");
        Ok(())
    }

    fn text_size(&self, text: &str, size: f64) -> (f64, f64) {
        (text_width::of(text) * size, LINE_HEIGHT * size)
    }
}
