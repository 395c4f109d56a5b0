//! The phase diagram as a figure: raster, exact curves, names in their regions, the reader's point.

use super::map::{self, Picture};
use super::parameters::{MapLayer, Params};
use super::plane::Plane;
use super::simulated::{self, Simulated};
use super::{boundaries, words};
use crate::charts::figure::{ColourBar, Figure, Handle, Layer, Mark, ParamRef, Rgb, Role};
use crate::charts::palette::{self, Pattern, textured};
use crate::charts::region::{Spot, label_spots};
use crate::core::saddle::Phase;
use crate::labs::Done;

/// Name of the main figure.
pub const ID: &str = "diagram";
/// Side of the grid on which the names' places are searched.
const LABEL_GRID: usize = 128;
/// Repeat of a pattern, in pixels of the picture; the picture has at least so many that stripes are fine.
const PATTERN_PERIOD: u32 = 16;
const PATTERNED_SIDE: usize = 512;
/// Exponents beyond this have the full colour of a heat map.
const HEAT_RANGE: f64 = 1.0;
const NO_DATA: Rgb = Rgb(0xc9, 0xcd, 0xd1);

/// The colour of a phase; the same everywhere.
pub fn colour(phase: Phase) -> Rgb {
    match phase {
        Phase::Ia => palette::PHASE_IA,
        Phase::Ib => palette::PHASE_IB,
        Phase::II => palette::PHASE_II,
        Phase::III => palette::PHASE_III,
        Phase::IV | Phase::Escapes => palette::PHASE_IV,
    }
}

/// The pattern of a phase, on request.
pub fn pattern(phase: Phase) -> Pattern {
    match phase {
        Phase::Ia => Pattern::Rising,
        Phase::Ib => Pattern::Plain,
        Phase::II => Pattern::Dots,
        Phase::III => Pattern::Falling,
        Phase::IV => Pattern::Level,
        Phase::Escapes => Pattern::Lattice,
    }
}

/// The main figure.
pub fn main(p: &Params, done: &Done) -> Figure {
    let plane = Plane::of(p);
    let at = (p.axis_value(plane.x_name), p.axis_value(plane.y_name));
    let exact = Picture::made(p, done);
    let mut layers = Vec::new();
    let jobs: &[&str] = if p.layer.simulated() { &["outcomes", "theory"] } else { &["map"] };
    let detail = format!("{} {}", p.layer.name(), done.patterns());
    let raster = done.made("raster", jobs, &detail, || raster(p, exact.as_ref().as_ref(), done));
    layers.extend((*raster).clone());
    if let Some(boundary) = boundaries::made(p, done).as_ref() {
        layers.extend(boundaries::layers(boundary));
    }
    if let Some(picture) = exact.as_ref() {
        let names = done.made("names", &["map"], p.layer.name(), || names(p, &plane, picture, done));
        layers.extend(names.iter().cloned());
    }
    layers.push(Layer::Marker { x: at.0, y: at.1, mark: Mark::Crosshair, label: None });
    let [x_key, y_key] = plane.keys();
    let handle = |key| Some(ParamRef { key, index: None });
    Figure {
        id: ID,
        role: Role::Main,
        aspect: 1.25,
        title: words::title(p, &plane),
        alt: words::alt(p, &plane, done),
        colour_bar: p.layer.exponent().then(|| ColourBar {
            label: format!(
                "{}, nats per step{}",
                if p.layer == MapLayer::Plus { "Λ₊" } else { "Λ₋" },
                if done.patterns() { " (striped: < 0)" } else { "" }
            ),
            min: -HEAT_RANGE,
            max: HEAT_RANGE,
            colours: palette::sampled(palette::diverging, -1.0, 1.0, 64),
        }),
        key: simulated::key(p.layer).iter().map(|entry| entry.legend(done.patterns())).collect(),
        x: plane.x,
        y: plane.y,
        layers,
        handles: vec![Handle { at, x: handle(x_key), y: handle(y_key) }],
        playable: false,
    }
}

fn raster(p: &Params, exact: Option<&Picture>, done: &Done) -> Option<Layer> {
    match p.layer {
        MapLayer::Exact => {
            let (picture, table) = (exact?, code_looks());
            let look = |code: u8| table[usize::from(code)];
            if done.patterns() {
                return Some(regions(picture.side, true, |pixel| look(picture.code[pixel])));
            }
            Some(flat(picture, |code| look(code).0))
        }
        MapLayer::Plus | MapLayer::Minus => {
            let (values, table) = heat_map(p, done)?;
            // The sign is what the colours are about.
            let sign = |value: f64| if value < 0.0 { Pattern::Falling } else { Pattern::Plain };
            let look = |pixel: usize| (heat_colour(&table, values[pixel]), sign(values[pixel]));
            Some(regions(exact?.side, done.patterns(), look))
        }
        MapLayer::Exit | MapLayer::Final | MapLayer::Disagreement => {
            let simulated = Simulated::made(p, done);
            let simulated = simulated.as_ref().as_ref()?;
            let look = |pixel: usize| simulated.look(p.layer, pixel).unwrap_or((NO_DATA, Pattern::Plain));
            Some(regions(simulated.side, done.patterns(), look))
        }
    }
}

/// The exponent that a heat map shows, pixel by pixel, and its colours; `None` for the other layers.
fn heat_map(p: &Params, done: &Done) -> Option<(Vec<f64>, Vec<Rgb>)> {
    let values = map::exponents(p, done)?;
    Some((values, palette::sampled(palette::diverging, -1.0, 1.0, 255)))
}

/// A square raster from colour and pattern of each pixel. With patterns a small picture is enlarged, so that they are finer
/// than its pixels.
fn regions(side: usize, patterns: bool, look: impl Fn(usize) -> (Rgb, Pattern)) -> Layer {
    if !patterns {
        return Layer::pixels(side, |pixel| look(pixel).0);
    }
    let times = PATTERNED_SIDE.div_ceil(side);
    let large = side * times;
    Layer::pixels(large, |place| {
        let (column, row) = (place % large, place / large);
        let (colour, pattern) = look(row / times * side + column / times);
        textured(colour, pattern, column as u32, row as u32, PATTERN_PERIOD)
    })
}

/// The map in plain colours, run by run: this is what is drawn again and again while the reader drags.
fn flat(picture: &Picture, colour: impl Fn(u8) -> Rgb) -> Layer {
    let side = picture.side;
    let mut rgba = vec![0; 4 * side * side];
    let lines = rgba.as_chunks_mut::<4>().0.chunks_exact_mut(side);
    for (line, codes) in lines.zip(picture.code.chunks_exact(side).rev()) {
        let mut from = 0;
        for run in codes.chunk_by(u8::eq) {
            let Rgb(red, green, blue) = colour(run[0]);
            let pixel = [red, green, blue, 255];
            // Four at a time: a vector of 16 bytes.
            let (blocks, rest) = line[from..from + run.len()].as_chunks_mut();
            blocks.fill([pixel; 4]);
            rest.fill(pixel);
            from += run.len();
        }
    }
    Layer::Raster { columns: side as u32, rows: side as u32, rgba: rgba.into() }
}

/// Colour and pattern of every phase code.
fn code_looks() -> [(Rgb, Pattern); 256] {
    let mut table = [(NO_DATA, Pattern::Plain); 256];
    for phase in Phase::ALL {
        table[phase as usize] = (colour(phase), pattern(phase));
    }
    table
}

fn heat_colour(table: &[Rgb], value: f64) -> Rgb {
    if value.is_nan() {
        return NO_DATA;
    }
    let part = 0.5 + 0.5 * (value / HEAT_RANGE).clamp(-1.0, 1.0);
    table[(part * (table.len() - 1) as f64).round() as usize]
}

/// The names of the regions, where there is room for them.
fn names(p: &Params, plane: &Plane, picture: &Picture, done: &Done) -> Vec<Layer> {
    let codes: Vec<u8> = (0..LABEL_GRID * LABEL_GRID)
        .map(|cell| {
            let (column, row) = (cell % LABEL_GRID, LABEL_GRID - 1 - cell / LABEL_GRID);
            picture.code[picture.index(map::centre(column, LABEL_GRID), map::centre(row, LABEL_GRID))]
        })
        .collect();
    let heat = heat_map(p, done);
    // The colour behind a name decides whether it is written in black or in white.
    let behind = |spot: &Spot, phase: Phase| match &heat {
        Some((values, table)) => heat_colour(table, values[picture.index(spot.x, 1.0 - spot.y)]),
        None if p.layer == MapLayer::Disagreement => Rgb(0xff, 0xff, 0xff),
        None => colour(phase),
    };
    let spots = label_spots(LABEL_GRID, LABEL_GRID, &codes).into_iter();
    let region = |spot: Spot| {
        let phase = Phase::ALL.into_iter().find(|phase| *phase as u8 == spot.code)?;
        let (short, long) = words::phase_names(phase);
        Some(Layer::Region {
            long,
            short,
            x: plane.x.at(spot.x),
            y: plane.y.at(1.0 - spot.y),
            width: spot.width,
            height: spot.height,
            on: behind(&spot, phase),
        })
    };
    spots.filter_map(region).collect()
}
