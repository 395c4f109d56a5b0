//! The values behind the map's colours, pixel by pixel, for the CSV file.

use super::map::{self, Picture, Pixel};
use super::parameters::{MapLayer, Params};
use super::plane::Plane;
use super::simulated::Simulated;
use super::{words, work};
use crate::charts::csv::{Grid, Pixel as ListedPixel};
use crate::core::saddle::Phase;
use crate::labs::Done;

/// Most pixels listed along a side; a finer map is listed every second, third, … pixel.
const LISTED: usize = 256;
/// Exponents are computed for the list if that takes less than a second or two.
const LISTED_COST: f64 = 1e9;

/// Exponents and phases, or the counts of simulated runs; `None` while nothing is there.
pub fn grid(p: &Params, done: &Done) -> Option<Grid> {
    if p.layer.simulated() { simulated(p, done) } else { exact(p, done) }
}

/// Of a costly law only what has been computed for the picture is listed.
fn exact(p: &Params, done: &Done) -> Option<Grid> {
    let picture = Picture::made(p, done);
    let picture = picture.as_ref().as_ref()?;
    let name =
        |code: u8| Phase::ALL.into_iter().find(|phase| *phase as u8 == code).map_or("no law", words::code);
    let side = work::map_side(p);
    let step = side.div_ceil(LISTED);
    let pixels = if map::sampled_cost(p, step) <= LISTED_COST {
        let mut sampled = map::sampled(p, step).into_iter();
        listed(p, side, |_, _| {
            let Pixel { plus, minus, phase } = sampled.next().unwrap_or(Pixel::NO_LAW);
            (vec![plus, minus], name(phase))
        })
    } else {
        let shown = map::exponents(p, done);
        listed(p, side, |x, y| {
            let pixel = picture.index(x, y);
            let value = |layer| if p.layer == layer { shown.as_ref().map(|all| all[pixel]) } else { None };
            let values = [MapLayer::Plus, MapLayer::Minus].map(|layer| value(layer).unwrap_or(f64::NAN));
            (values.to_vec(), name(picture.code[pixel]))
        })
    };
    Some(Grid { columns: vec!["Λ₊, nats per step", "Λ₋, nats per step"], name_column: "phase", pixels })
}

fn simulated(p: &Params, done: &Done) -> Option<Grid> {
    let simulated = Simulated::made(p, done);
    let simulated = simulated.as_ref().as_ref()?;
    let columns = vec![
        "runs that first leave with the correct sign",
        "with the wrong sign",
        "that do not leave",
        "runs that end collapsed",
        "with the correct sign",
        "with the wrong sign",
        "diverged",
    ];
    let missing = || vec![f64::NAN; columns.len()];
    let pixels = listed(p, simulated.side, |x, y| {
        (simulated.at(x, y).map_or_else(missing, |counts| counts.to_vec()), "")
    });
    Some(Grid { columns, name_column: "", pixels })
}

/// The listed pixels of a map of `side²`, row by row from the bottom.
fn listed(
    p: &Params,
    side: usize,
    mut of: impl FnMut(f64, f64) -> (Vec<f64>, &'static str),
) -> Vec<ListedPixel> {
    let plane = Plane::of(p);
    let step = side.div_ceil(LISTED);
    let places = || (step / 2..side).step_by(step);
    let mut pixel = |row: usize, column: usize| {
        let (x, y) = (map::centre(column, side), map::centre(row, side));
        let (values, name) = of(x, y);
        ListedPixel { at: (plane.x.at(x), plane.y.at(y)), values, name }
    };
    places()
        .flat_map(|row| places().map(move |column| (row, column)))
        .map(|(row, column)| pixel(row, column))
        .collect()
}
