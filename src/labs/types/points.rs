//! The stationary points as dots: lowest curvatures across, gradient noise along their directions upward.

use super::hessian::Eigenvalue;
use super::parameters::Params;
use super::stationary::{Kind, Measured, known};
use super::words;
use crate::charts::figure::{Axis, Dash, Figure, Ink, Layer, Mark, Rgb, Role};
use crate::charts::palette;
use crate::labs::summary::number;
use crate::labs::{Done, Table};

/// Name of the figure.
pub const ID: &str = "points";
/// Neighbours nearer than these parts of the axes have one label, their numbers from left to right.
const NEAR: (f64, f64) = (0.2, 0.05);

fn colour(kind: Kind) -> Rgb {
    match kind {
        Kind::TypeI => palette::PHASE_II,
        Kind::TypeII => palette::PHASE_IB,
        Kind::Minimum | Kind::Flat | Kind::Kink => palette::PHASE_III,
    }
}

/// The figure.
pub fn figure(p: &Params, done: &Done) -> Figure {
    let known = known(done);
    let mut shown: Vec<(usize, &Measured, &Eigenvalue)> =
        known.iter().enumerate().filter_map(|(index, one)| Some((index, one, one.lowest.first()?))).collect();
    let all = known.iter().flat_map(|one| &one.lowest);
    let (across, up) =
        all.fold((0.3_f64, 0.3_f64), |(across, up), one| (across.max(one.value.abs()), up.max(one.noise)));
    let mut layers = vec![
        Layer::VLine { x: 0.0, ink: Ink::Muted, dash: Dash::Dashed, label: None },
        Layer::HLine { y: 0.0, ink: Ink::Muted, dash: Dash::Dashed, label: None },
    ];
    // the next eigenvalues of each point as small dots, below the lowest ones
    for one in known.iter() {
        let points = one.lowest.iter().skip(1).map(|next| (next.value, next.noise)).collect();
        layers.push(Layer::Points { points, ink: Ink::Fixed(colour(one.kind())), radius: 2.2 });
    }
    let near = |a: &Eigenvalue, b: &Eigenvalue| {
        (a.value - b.value).abs() < NEAR.0 * across && (a.noise - b.noise).abs() < NEAR.1 * up
    };
    shown.sort_by(|a, b| a.2.value.total_cmp(&b.2.value));
    for group in shown.chunk_by(|a, b| near(a.2, b.2)) {
        let numbers: Vec<String> = group.iter().map(|(index, ..)| (index + 1).to_string()).collect();
        for (place, (_, one, lowest)) in group.iter().enumerate() {
            let label = (place + 1 == group.len()).then(|| numbers.join(", "));
            let (x, y) = (lowest.value, lowest.noise);
            layers.push(Layer::Marker { x, y, mark: Mark::Dot, label });
            layers.push(Layer::Points {
                points: vec![(x, y)],
                ink: Ink::Fixed(colour(one.kind())),
                radius: 4.5,
            });
        }
    }
    let key = known.iter().enumerate().map(|(index, one)| {
        let kind = words::short_kind(one.kind());
        (colour(one.kind()), format!("{} {}: {kind}", index + 1, one.point.name()))
    });
    Figure {
        title: "Stationary points: lowest curvatures and noise".to_owned(),
        alt: format!(
            "Dots of lowest curvature and gradient noise, small ones of the next two curvatures. {}",
            words::points(&known)
        ),
        key: key.collect(),
        layers,
        ..Figure::blank(
            ID,
            Role::Side,
            1.4,
            Axis::linear("lowest curvatures", -1.3 * across, 1.5 * across),
            Axis::linear(
                format!("gradient noise along them (σ = {})", number(p.noise, 3)),
                -0.12 * up,
                1.25 * up,
            ),
        )
    }
}

/// The curvature nearest to a place, in words.
pub fn hover(done: &Done, (x, y): (f64, f64)) -> String {
    let known = known(done);
    let far = |one: &Eigenvalue| {
        let (dx, dy) = (one.value - x, one.noise - y);
        dx * dx + dy * dy
    };
    let all = known.iter().flat_map(|one| one.lowest.iter().map(move |lowest| (one, lowest)));
    let near = all.min_by(|a, b| far(a.1).total_cmp(&far(b.1)));
    near.map_or_else(String::new, |(one, lowest)| {
        let many = if lowest.directions == 1 {
            String::new()
        } else {
            format!(" in {} directions", lowest.directions)
        };
        format!(
            "{}: curvature {}{many}, noise {}: {}",
            one.point.name(),
            number(lowest.value, 3),
            number(lowest.noise, 3),
            words::kind(one.kind())
        )
    })
}

/// All points, a row for every curvature.
pub fn table(done: &Done) -> Table {
    let columns = ["point", "curvature", "directions", "gradient noise along them", "what it is"];
    let known = known(done);
    let mut rows = Vec::new();
    for one in known.iter() {
        let mut row = |numbers: [String; 3]| {
            let mut row = vec![one.point.name().to_owned()];
            row.extend(numbers);
            row.push(words::kind(one.kind()).to_owned());
            rows.push(row);
        };
        for lowest in &one.lowest {
            row([number(lowest.value, 4), lowest.directions.to_string(), number(lowest.noise, 4)]);
        }
        if one.lowest.is_empty() {
            row(["none".to_owned(), "0".to_owned(), "none".to_owned()]);
        }
    }
    Table { columns: columns.map(str::to_owned).to_vec(), rows }
}
