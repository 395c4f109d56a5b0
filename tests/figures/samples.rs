//! Figures of every kind that the painter must draw well.

use saddlescope::charts::figure::{
    Axis, ColourBar, Dash, Figure, Handle, Ink, Layer, Mark, ParamRef, Rgb, Role, Scale,
};
use saddlescope::charts::palette::{
    PHASE_IA, PHASE_IB, PHASE_II, PHASE_III, PHASE_IV, diverging, sampled, viridis,
};
use saddlescope::charts::plot_area::Extent;
use saddlescope::charts::region::label_spots;

pub fn axis(label: &str, min: f64, max: f64, scale: Scale) -> Axis {
    Axis { label: label.to_owned(), min, max, scale }
}

fn figure(id: &'static str, aspect: f64, x: Axis, y: Axis, layers: Vec<Layer>) -> Figure {
    Figure {
        id,
        role: Role::Main,
        aspect,
        title: format!("Sample: {id}"),
        x,
        y,
        key: Vec::new(),
        colour_bar: None,
        layers,
        handles: Vec::new(),
        playable: false,
        alt: "A sample <figure> & its \"words\".".to_owned(),
    }
}

/// All samples.
pub fn all() -> Vec<Figure> {
    vec![
        phases("phases", (0.0, 3.0), (-3.0, 1.0)),
        phases("phases-zoomed", (0.6, 1.2), (-1.4, -0.7)),
        fan(),
        many_lines(),
        log_log(),
        heat_map(),
        signed_map(),
        strip(),
        rows(),
    ]
}

/// Both exponents of the saddle for z in {1, a} with equal probability.
fn exponents(rate: f64, a: f64) -> (f64, f64) {
    let mean = 0.5 * (1.0 + a);
    let sign = if mean < 0.0 { -1.0 } else { 1.0 };
    let half = |s: f64| 0.5 * ((1.0 + s * rate).abs().ln() + (1.0 + s * rate * a).abs().ln());
    (half(sign), half(-sign))
}

fn phase_of(rate: f64, a: f64) -> u8 {
    let (plus, minus) = exponents(rate, a);
    let sign = if 1.0 + a < 0.0 { -1.0 } else { 1.0 };
    let second = 0.5 * ((1.0 - sign * rate).powi(2) + (1.0 - sign * rate * a).powi(2));
    match (plus > 0.0, minus > 0.0) {
        (true, false) if second < 1.0 => 1,
        (true, false) => 0,
        (false, true) => 2,
        (false, false) => 3,
        (true, true) => 4,
    }
}

const NAMES: [(&str, &str, Rgb); 5] = [
    ("Ia correct learning", "Ia", PHASE_IA),
    ("Ib correct, norm-stable", "Ib", PHASE_IB),
    ("II incorrect learning", "II", PHASE_II),
    ("III collapse", "III", PHASE_III),
    ("IV unstable", "IV", PHASE_IV),
];

/// The two-point phase diagram.
pub fn phases(id: &'static str, rates: (f64, f64), noise: (f64, f64)) -> Figure {
    let (x, y) = (
        axis("learning rate λ", rates.0, rates.1, Scale::Linear),
        axis("second data value a (noise)", noise.0, noise.1, Scale::Linear),
    );
    let (across, up) = (Extent::of(&x).unwrap(), Extent::of(&y).unwrap());
    let map = |side: u32| -> Vec<u8> {
        let part = |index: u32| (f64::from(index) + 0.5) / f64::from(side);
        (0..side)
            .flat_map(|row| (0..side).map(move |column| (row, column)))
            .map(|(row, column)| phase_of(across.value(part(column)), up.value(1.0 - part(row))))
            .collect()
    };
    let side = 256;
    let rgba: Vec<u8> = map(side)
        .into_iter()
        .flat_map(|code| {
            let Rgb(red, green, blue) = NAMES[usize::from(code)].2;
            [red, green, blue, 255]
        })
        .collect();
    let mut layers = vec![Layer::Raster { columns: side, rows: side, rgba: rgba.into() }];
    // The four branches of Λ₊ = 0 and Λ₋ = 0: (1 ± λ)(1 ± λa) = ±1.
    for (sign, product) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
        let points = (1..=600)
            .map(|index| {
                let rate = rates.0 + (rates.1 - rates.0) * f64::from(index) / 600.0;
                let a = (product / (1.0 + sign * rate) - 1.0) / (sign * rate);
                (rate, if a.abs() < 50.0 { a } else { f64::NAN })
            })
            .collect();
        layers.push(Layer::Line { points, ink: Ink::Strong, width: 1.5, dash: Dash::Solid, label: None });
    }
    let limit = (1..=300)
        .map(|index| {
            let rate = 3.0 * f64::from(index) / 300.0;
            (rate, -1.0 + 0.35 * rate)
        })
        .collect();
    layers.push(Layer::Line {
        points: limit,
        ink: Ink::Strong,
        width: 1.2,
        dash: Dash::Dashed,
        label: Some("SDE limit".to_owned()),
    });
    let grid = 128;
    for spot in label_spots(grid as usize, grid as usize, &map(grid)) {
        let (long, short, on) = NAMES[usize::from(spot.code)];
        layers.push(spot.layer(&across, &up, long.to_owned(), short.to_owned(), on));
    }
    layers.push(Layer::Marker {
        x: 0.8,
        y: -0.9,
        mark: Mark::Crosshair,
        label: Some("you are here".to_owned()),
    });
    let mut figure = figure(id, 1.4, x, y, layers);
    figure.handles.push(Handle {
        at: (0.8, -0.9),
        x: Some(ParamRef { key: "lr", index: None }),
        y: Some(ParamRef { key: "a", index: None }),
    });
    figure
}

/// Bands, quantiles and moments of log‖θ‖ over time.
fn fan() -> Figure {
    let steps: Vec<f64> = (0..=200).map(f64::from).collect();
    let drift = |t: f64, z: f64| -0.343 * t * 0.1 + z * 0.8 * t.sqrt() + (t * 0.35).sin() * 0.6;
    let band = |z: f64, opacity: f64| Layer::Band {
        x: steps.clone(),
        low: steps.iter().map(|&t| drift(t, -z)).collect(),
        high: steps.iter().map(|&t| drift(t, z)).collect(),
        ink: Ink::Fixed(PHASE_IB),
        opacity,
        name: format!("± {z} standard deviations"),
    };
    let line = |slope: &dyn Fn(f64) -> f64, ink, dash, label: &str| Layer::Line {
        points: steps.iter().map(|&t| (t, slope(t))).collect(),
        ink,
        width: 2.0,
        dash,
        label: Some(label.to_owned()),
    };
    figure(
        "fan",
        1.9,
        axis("step t", 0.0, 200.0, Scale::Linear),
        axis("log‖θ‖, natural logarithm of the distance from the saddle", -28.0, 22.0, Scale::Linear),
        vec![
            band(1.64, 0.18),
            band(0.67, 0.25),
            line(&|t| drift(t, 0.0), Ink::Fixed(PHASE_IB), Dash::Solid, "median"),
            line(&|t| 0.09 * t, Ink::Strong, Dash::Solid, "mean (exact)"),
            line(&|t| 0.105 * t, Ink::Fixed(PHASE_II), Dash::Dashed, "root mean square (exact)"),
            line(&|t| 0.02 * t, Ink::Muted, Dash::Dotted, "sample mean"),
            Layer::HLine { y: 0.0, ink: Ink::Muted, dash: Dash::Dashed, label: Some("start".to_owned()) },
            Layer::VLine { x: 50.0, ink: Ink::Accent, dash: Dash::Solid, label: Some("now".to_owned()) },
        ],
    )
}

/// More direct labels than there is room for.
fn many_lines() -> Figure {
    let layers = (0..12)
        .map(|index| Layer::Line {
            points: (0..=50)
                .map(|t| (f64::from(t), f64::from(t) * (0.2 + 0.003 * f64::from(index))))
                .collect(),
            ink: [Ink::Fixed(PHASE_IA), Ink::Fixed(PHASE_II), Ink::Fixed(PHASE_III)][index as usize % 3],
            width: 1.5,
            dash: [Dash::Solid, Dash::Dashed, Dash::Dotted][index as usize / 4],
            label: Some(format!("batch size S = {}", 1 << index)),
        })
        .collect();
    figure(
        "many-lines",
        2.4,
        axis("epoch", 0.0, 50.0, Scale::Linear),
        axis("gain", 0.0, 12.0, Scale::Linear),
        layers,
    )
}

/// Power laws.
fn log_log() -> Figure {
    let points: Vec<(f64, f64)> = (0..60)
        .map(|index| {
            let batch = 10_f64.powf(4.0 * f64::from(index) / 59.0);
            (batch, 3e-4 * batch.powf(0.9) * (1.0 + 0.4 * f64::from(index * 7 % 11) / 11.0))
        })
        .collect();
    let line = points.iter().map(|&(x, _)| (x, 3.5e-4 * x.powf(0.9))).collect();
    figure(
        "log-log",
        1.6,
        axis("batch size S", 1.0, 10_000.0, Scale::Log),
        axis("critical learning rate λ_c", 1e-5, 10.0, Scale::Log),
        vec![
            Layer::Points { points, ink: Ink::Fixed(PHASE_IB), radius: 2.5 },
            Layer::Line {
                points: line,
                ink: Ink::Strong,
                width: 1.5,
                dash: Dash::Solid,
                label: Some("−2E[h]/E[ĥ²]".to_owned()),
            },
            Layer::Marker { x: 64.0, y: 0.016, mark: Mark::Dot, label: Some("S = 64".to_owned()) },
        ],
    )
}

/// A field without a sign, on 24 × 16 visible cells.
fn heat_map() -> Figure {
    let (columns, rows) = (24_u32, 16_u32);
    let rgba: Vec<u8> = (0..rows)
        .flat_map(|row| (0..columns).map(move |column| (row, column)))
        .flat_map(|(row, column)| {
            let (x, y) = (f64::from(column) / 23.0, f64::from(row) / 15.0);
            let Rgb(red, green, blue) = viridis((x * 5.0).sin().abs() * (1.0 - y) + 0.2 * y);
            [red, green, blue, 255]
        })
        .collect();
    let mut figure = figure(
        "heat-map",
        1.5,
        axis("weight decay γ", 1e-4, 0.02, Scale::Log),
        axis("learning rate λ", 0.0, 1.25, Scale::Linear),
        vec![
            Layer::Raster { columns, rows, rgba: rgba.into() },
            Layer::Marker { x: 3e-3, y: 0.4, mark: Mark::Crosshair, label: None },
        ],
    );
    figure.colour_bar = Some(ColourBar {
        label: "share of runs that escape".to_owned(),
        min: 0.0,
        max: 1.0,
        colours: sampled(viridis, 0.0, 1.0, 128),
    });
    figure
}

/// A field whose sign matters, with its zero line.
fn signed_map() -> Figure {
    let side = 192_u32;
    let value = |x: f64, y: f64| exponents(x, y).0.clamp(-2.0, 2.0);
    let rgba: Vec<u8> = (0..side)
        .flat_map(|row| (0..side).map(move |column| (row, column)))
        .flat_map(|(row, column)| {
            let part = |index: u32| (f64::from(index) + 0.5) / f64::from(side);
            let Rgb(red, green, blue) = diverging(value(3.0 * part(column), 1.0 - 4.0 * part(row)) / 2.0);
            [red, green, blue, 255]
        })
        .collect();
    let zero = (1..=400)
        .map(|index| {
            let rate = 3.0 * f64::from(index) / 400.0;
            (rate, (1.0 / (1.0 + rate) - 1.0) / rate)
        })
        .collect();
    let mut figure = figure(
        "signed-map",
        1.3,
        axis("learning rate λ, dimensionless, as the optimiser uses it per step", 0.0, 3.0, Scale::Linear),
        axis("a", -3.0, 1.0, Scale::Linear),
        vec![
            Layer::Raster { columns: side, rows: side, rgba: rgba.into() },
            Layer::Line {
                points: zero,
                ink: Ink::Strong,
                width: 1.5,
                dash: Dash::Solid,
                label: Some("Λ₊ = 0".to_owned()),
            },
            Layer::Marker { x: 2.9, y: 0.95, mark: Mark::Crosshair, label: Some("you are here".to_owned()) },
        ],
    );
    figure.colour_bar = Some(ColourBar {
        label: "Lyapunov exponent Λ₊ (nats per step)".to_owned(),
        min: -2.0,
        max: 2.0,
        colours: sampled(diverging, -1.0, 1.0, 129),
    });
    figure
}

/// A thin band of full width.
fn strip() -> Figure {
    let points = (0..=400).map(|t| (f64::from(t) * 250.0, (f64::from(t) * 0.13).sin())).collect();
    let mut figure = figure(
        "strip",
        9.0,
        axis("step", 0.0, 100_000.0, Scale::Linear),
        axis("", -1.2, 1.2, Scale::Linear),
        vec![
            Layer::Line { points, ink: Ink::Strong, width: 1.2, dash: Dash::Solid, label: None },
            Layer::Marker { x: 40_000.0, y: 0.0, mark: Mark::Tick, label: Some("restart".to_owned()) },
        ],
    );
    figure.role = Role::Strip;
    figure
}

/// Four named rows, three of them filled in part.
fn rows() -> Figure {
    let bar = |row: f64, from: f64, to: f64, ink| Layer::Band {
        x: vec![from, to],
        low: vec![row + 0.15; 2],
        high: vec![row + 0.85; 2],
        ink,
        opacity: 0.6,
        name: "stable".to_owned(),
    };
    let never = Some("at no learning rate".to_owned());
    let mut figure = figure(
        "rows",
        8.0,
        axis("learning rate λ", 0.0, 2.0, Scale::Linear),
        axis("", 0.0, 4.0, Scale::Rows(&["exact", "diffusion", "L₂", "gradient descent"])),
        vec![
            bar(0.0, 0.17, 1.4, Ink::Fixed(PHASE_IB)),
            bar(1.0, 0.16, 2.0, Ink::Muted),
            bar(2.0, 0.0, 0.8, Ink::Muted),
            Layer::HLine { y: 3.5, ink: Ink::Muted, dash: Dash::Dotted, label: never },
            Layer::VLine { x: 0.5, ink: Ink::Accent, dash: Dash::Solid, label: None },
            Layer::Marker { x: 1.4, y: 0.5, mark: Mark::Tick, label: Some("1.4".to_owned()) },
        ],
    );
    figure.role = Role::Strip;
    figure
}
