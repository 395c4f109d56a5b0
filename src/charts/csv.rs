//! The numbers of a figure as a CSV table (RFC 4180): every vertex that is drawn, in full precision.
//!
//! One row for each vertex: the layer that it belongs to, its coordinates, then what only some rows have: the upper edge
//! of a band, the values of a pixel. Numbers are as short as they read back exactly; an undefined one is empty.

use super::figure::{Figure, Layer};
use std::fmt::Write as _;

/// The values behind a figure's raster, which itself holds colours only.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// What each value of a pixel is, with its unit.
    pub columns: Vec<&'static str>,
    /// What the name of a pixel is; empty: pixels have none.
    pub name_column: &'static str,
    /// The pixels.
    pub pixels: Vec<Pixel>,
}

/// One pixel of a [`Grid`].
#[derive(Clone, Debug, PartialEq)]
pub struct Pixel {
    /// Its centre, data coordinates.
    pub at: (f64, f64),
    /// As many values as the grid has columns.
    pub values: Vec<f64>,
    /// Its name, such as a phase; empty if pixels have none.
    pub name: &'static str,
}

/// The table of a figure, with its heading.
pub fn csv(figure: &Figure, grid: Option<&Grid>) -> String {
    let mut table = Rows { text: String::new(), columns: 0 };
    let upper = figure.layers.iter().any(|layer| matches!(layer, Layer::Band { .. }));
    let mut heading = vec!["layer", &figure.x.label, &figure.y.label];
    heading.extend(upper.then_some("upper edge of the band"));
    heading.extend(grid.iter().flat_map(|grid| &grid.columns));
    heading.extend(grid.map(|grid| grid.name_column).filter(|name| !name.is_empty()));
    table.heading(&heading);
    for (index, layer) in figure.layers.iter().enumerate() {
        table.layer(&format!("{} {}", kind(layer), index + 1), layer);
    }
    for Pixel { at, values, name } in grid.iter().flat_map(|grid| &grid.pixels) {
        let between = if upper { &[f64::NAN][..] } else { &[] };
        table.row("pixel", [at.0, at.1].iter().chain(between).chain(values), name);
    }
    table.text
}

fn kind(layer: &Layer) -> &'static str {
    match layer {
        Layer::Raster { .. } => "raster",
        Layer::Line { .. } => "line",
        Layer::Points { .. } => "points",
        Layer::Band { .. } => "band",
        Layer::Region { .. } => "region",
        Layer::Marker { .. } => "mark",
        Layer::HLine { .. } => "level",
        Layer::VLine { .. } => "place",
    }
}

struct Rows {
    text: String,
    /// Cells of every row.
    columns: usize,
}

impl Rows {
    fn heading(&mut self, names: &[&str]) {
        self.columns = names.len();
        for (index, name) in names.iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            quoted(&mut self.text, name);
        }
        self.text.push_str("\r\n");
    }

    fn layer(&mut self, name: &str, layer: &Layer) {
        let label = |label: &Option<String>| label.clone().unwrap_or_else(|| name.to_owned());
        match layer {
            // Its values are the grid's; a region's name is at its pixels too.
            Layer::Raster { .. } | Layer::Region { .. } => {}
            Layer::Line { points, label: named, .. } => {
                let name = label(named);
                for (x, y) in points {
                    self.row(&name, &[*x, *y], "");
                }
            }
            Layer::Points { points, .. } => {
                for (x, y) in points {
                    self.row(name, &[*x, *y], "");
                }
            }
            Layer::Band { x, low, high, name, .. } => {
                for ((x, low), high) in x.iter().zip(low).zip(high) {
                    self.row(name, &[*x, *low, *high], "");
                }
            }
            Layer::Marker { x, y, label: named, .. } => self.row(&label(named), &[*x, *y], ""),
            Layer::HLine { y, label: named, .. } => self.row(&label(named), &[f64::NAN, *y], ""),
            Layer::VLine { x, label: named, .. } => self.row(&label(named), &[*x, f64::NAN], ""),
        }
    }

    /// Numbers between a layer's name and, perhaps, a pixel's; what is missing is empty.
    fn row<'a>(&mut self, name: &str, numbers: impl IntoIterator<Item = &'a f64>, last: &str) {
        quoted(&mut self.text, name);
        let mut cells = 1;
        for number in numbers {
            self.number(*number);
            cells += 1;
        }
        if !last.is_empty() {
            self.text.push(',');
            quoted(&mut self.text, last);
            cells += 1;
        }
        for _ in cells..self.columns {
            self.text.push(',');
        }
        self.text.push_str("\r\n");
    }

    fn number(&mut self, number: f64) {
        self.text.push(',');
        if number.is_nan() {
            return;
        }
        let _ = if number == 0.0 || (1e-5..1e15).contains(&number.abs()) || number.is_infinite() {
            write!(self.text, "{number}")
        } else {
            write!(self.text, "{number:e}")
        };
    }
}

/// A text in quotes. One that a spreadsheet would take for a formula begins with an apostrophe.
fn quoted(out: &mut String, text: &str) {
    out.push('"');
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        out.push('\'');
    }
    for character in text.chars() {
        match character {
            '"' => out.push_str("\"\""),
            '\r' | '\n' => out.push(' '),
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::figure::{Axis, Dash, Ink, Mark, Role, Scale};

    fn axis(label: &str) -> Axis {
        Axis { label: label.to_owned(), min: 0.0, max: 1.0, scale: Scale::Linear }
    }

    #[test]
    fn every_drawn_vertex_is_a_row_in_full_precision() {
        let line = |label: Option<&str>, points: Vec<(f64, f64)>| Layer::Line {
            points,
            ink: Ink::Strong,
            width: 1.0,
            dash: Dash::Solid,
            label: label.map(str::to_owned),
        };
        let figure = Figure {
            id: "sample",
            role: Role::Main,
            aspect: 1.0,
            title: String::new(),
            x: axis("rate \"λ\", 1/step"),
            y: axis("=growth"),
            key: Vec::new(),
            colour_bar: None,
            layers: vec![
                line(Some("-1+2"), vec![(0.1, 1.0 / 3.0), (f64::NAN, f64::NAN), (1e-7, -2e300)]),
                line(None, vec![(0.0, f64::NEG_INFINITY)]),
                Layer::Band {
                    x: vec![1.0],
                    low: vec![2.0],
                    high: vec![3.5],
                    ink: Ink::Muted,
                    opacity: 0.2,
                    name: "25 % to 75 %".to_owned(),
                },
                Layer::HLine { y: 4.0, ink: Ink::Muted, dash: Dash::Solid, label: Some("Λ = 0".to_owned()) },
                Layer::Marker { x: 5.0, y: 6.0, mark: Mark::Dot, label: None },
            ],
            handles: Vec::new(),
            playable: false,
            alt: String::new(),
        };
        let grid = Grid {
            columns: vec!["Λ₊, nats per step"],
            name_column: "phase",
            pixels: vec![Pixel { at: (0.5, 0.25), values: vec![-0.125], name: "III" }],
        };
        assert_eq!(
            csv(&figure, Some(&grid)),
            "\"layer\",\"rate \"\"λ\"\", 1/step\",\"'=growth\",\"upper edge of the band\",\"Λ₊, nats per step\",\"phase\"\r\n\
             \"'-1+2\",0.1,0.3333333333333333,,,\r\n\"'-1+2\",,,,,\r\n\"'-1+2\",1e-7,-2e300,,,\r\n\
             \"line 2\",0,-inf,,,\r\n\"25 % to 75 %\",1,2,3.5,,\r\n\"Λ = 0\",,4,,,\r\n\"mark 5\",5,6,,,\r\n\"pixel\",0.5,0.25,,-0.125,\"III\"\r\n"
        );
    }
}
