//! The values behind the map's colours, pixel by pixel, for the CSV file.

use super::map::{self, Exponent, Picture};
use super::parameters::Params;
use super::plane::Plane;
use super::simulated::Simulated;
use super::words;
use crate::charts::csv::{Grid, Pixel};
use crate::core::saddle::Phase;
use crate::labs::Done;

/// Most pixels listed along a side; a finer map is listed every second, third, … pixel.
const LISTED: usize = 256;

/// Exponents and phases, or the counts of simulated runs; `None` while nothing is there.
pub fn grid(p: &Params, done: &Done) -> Option<Grid> {
    if p.layer.simulated() { simulated(p, done) } else { exact(p, done) }
}

fn exact(p: &Params, done: &Done) -> Option<Grid> {
    let picture = Picture::made(p, done);
    let picture = picture.as_ref().as_ref()?;
    let [plus, minus] = [Exponent::Plus, Exponent::Minus].map(|which| map::exponents(p, done, which));
    let (plus, minus) = (plus?, minus?);
    let phase = |code: u8| Phase::ALL.into_iter().find(|phase| *phase as u8 == code);
    let pixels = listed(p, picture.side, |pixel| {
        let name = phase(picture.code[pixel]).map_or("no law", words::code);
        (vec![plus[pixel], minus[pixel]], name)
    });
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
    let pixels = listed(p, simulated.side, |pixel| {
        (simulated.named(pixel).map_or_else(missing, |counts| counts.to_vec()), "")
    });
    Some(Grid { columns, name_column: "", pixels })
}

/// The listed pixels of a map of `side²`, row by row from the bottom.
fn listed(p: &Params, side: usize, of: impl Fn(usize) -> (Vec<f64>, &'static str)) -> Vec<Pixel> {
    let plane = Plane::of(p);
    let step = side.div_ceil(LISTED);
    let places = || (step / 2..side).step_by(step);
    let pixel = |row: usize, column: usize| {
        let at = (plane.x.at(map::centre(column, side)), plane.y.at(map::centre(row, side)));
        let (values, name) = of(row * side + column);
        Pixel { at, values, name }
    };
    places()
        .flat_map(|row| places().map(move |column| (row, column)))
        .map(|(row, column)| pixel(row, column))
        .collect()
}
