//! The stationary points as dots: lowest curvature across, gradient noise along its direction upward.

use super::parameters::Params;
use super::stationary::{Kind, Measured, known};
use super::words;
use crate::charts::figure::{Axis, Dash, Figure, Ink, Layer, Mark, Rgb, Role};
use crate::charts::palette;
use crate::labs::summary::number;
use crate::labs::{Done, Table};

/// Name of the figure.
pub const ID: &str = "points";
/// Dots nearer than this part of an axis have one label.
const NEAR: f64 = 0.02;

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
    let shown: Vec<(usize, &Measured)> =
        known.iter().enumerate().filter(|(_, one)| !one.curvature.is_nan()).collect();
    let most =
        |values: &dyn Fn(&Measured) -> f64| shown.iter().map(|(_, one)| values(one)).fold(0.3, f64::max);
    let (across, up) = (most(&|one| one.curvature.abs()), most(&|one| one.noise));
    let mut layers = vec![
        Layer::VLine { x: 0.0, ink: Ink::Muted, dash: Dash::Dashed, label: None },
        Layer::HLine { y: 0.0, ink: Ink::Muted, dash: Dash::Dashed, label: None },
    ];
    let near = |a: &Measured, b: &Measured| {
        (a.curvature - b.curvature).abs() < NEAR * across && (a.noise - b.noise).abs() < NEAR * up
    };
    for (index, one) in &shown {
        // the first of several dots at one place carries all their numbers
        let there = || shown.iter().filter(|(_, other)| near(one, other)).map(|(other, _)| other + 1);
        let label = (there().next() == Some(index + 1))
            .then(|| there().map(|number| number.to_string()).collect::<Vec<_>>().join(", "));
        let (x, y) = (one.curvature, one.noise);
        layers.push(Layer::Marker { x, y, mark: Mark::Dot, label });
        layers.push(Layer::Points { points: vec![(x, y)], ink: Ink::Fixed(colour(one.kind())), radius: 4.5 });
    }
    let key = known.iter().enumerate().map(|(index, one)| {
        let kind = words::short_kind(one.kind());
        (colour(one.kind()), format!("{} {}: {kind}", index + 1, one.point.name()))
    });
    Figure {
        title: "Stationary points: curvature and noise".to_owned(),
        alt: format!("Dots of lowest curvature and gradient noise. {}", words::points(&known)),
        key: key.collect(),
        layers,
        ..Figure::blank(
            ID,
            Role::Side,
            1.4,
            Axis::linear("lowest curvature", -1.3 * across, 1.5 * across),
            Axis::linear(
                format!("gradient noise along it (σ = {})", number(p.noise, 3)),
                -0.12 * up,
                1.25 * up,
            ),
        )
    }
}

/// The points in words near a place.
pub fn hover(done: &Done, (x, y): (f64, f64)) -> String {
    let known = known(done);
    let far = |one: &&Measured| {
        let (dx, dy) = (one.curvature - x, one.noise - y);
        dx * dx + dy * dy
    };
    let near = known.iter().filter(|one| !one.curvature.is_nan()).min_by(|a, b| far(a).total_cmp(&far(b)));
    near.map_or_else(String::new, |one| {
        let (name, kind) = (one.point.name(), words::kind(one.kind()));
        format!("{name}: curvature {}, noise {}: {kind}", number(one.curvature, 3), number(one.noise, 3))
    })
}

/// All points.
pub fn table(done: &Done) -> Table {
    let columns = ["point", "lowest curvature", "gradient noise along it", "what it is"];
    let shown = |value: f64| if value.is_nan() { "none".to_owned() } else { number(value, 4) };
    let row = |one: &Measured| {
        vec![
            one.point.name().to_owned(),
            shown(one.curvature),
            shown(one.noise),
            words::kind(one.kind()).to_owned(),
        ]
    };
    Table { columns: columns.map(str::to_owned).to_vec(), rows: known(done).iter().map(row).collect() }
}
