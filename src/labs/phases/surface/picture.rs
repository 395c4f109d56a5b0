//! The loss surface as a figure: exact contours, the runs as far as they have been played; its table and words.

use super::{End, ID, Loss, Paths, RUNS, steps};
use crate::charts::figure::{Axis, Dash, Figure, Ink, Layer, Mark, Rgb, Role, Scale};
use crate::charts::palette;
use crate::labs::phases::parameters::Params;
use crate::labs::summary::number;
use crate::labs::{Done, Table};

/// Width over height of the plot; both directions have one scale.
pub(super) const ASPECT: f64 = 1.4;
/// Vertices of half a hyperbola.
const VERTICES: usize = 48;

impl End {
    fn colour(self) -> Rgb {
        match self {
            End::Saddle => palette::PHASE_III,
            End::Correct => palette::PHASE_IB,
            End::Wrong => palette::PHASE_II,
            End::Diverged => palette::PHASE_IV,
        }
    }

    fn words(self) -> &'static str {
        match self {
            End::Saddle => "at the saddle",
            End::Correct => "correct sign",
            End::Wrong => "wrong sign",
            End::Diverged => "diverged",
        }
    }
}

/// The figure; the runs as far as it has been played.
pub fn figure(p: &Params, done: &Done) -> Figure {
    let loss = Loss::of(p);
    let height = loss.map_or(1.0, |loss| loss.height);
    let axis = |label: &str, half: f64| Axis {
        label: label.to_owned(),
        min: -half,
        max: half,
        scale: Scale::Linear,
    };
    let mut layers = Vec::new();
    let paths = Paths::of(done);
    let mut key = Vec::new();
    if let Some(loss) = &loss {
        layers.extend(contours(loss));
        if let Some(paths) = &paths {
            layers.extend(runs(paths, loss, done.played(ID)));
            let counts = paths.counts(loss).into_iter().filter(|(_, count)| *count > 0);
            key = counts.map(|(end, count)| (end.colour(), format!("{count} {}", end.words()))).collect();
        }
        layers.push(Layer::Marker {
            x: loss.start,
            y: 0.0,
            mark: Mark::Dot,
            label: Some("start".to_owned()),
        });
    }
    let title = "Loss around the saddle, with runs of SGD from one start".to_owned();
    Figure {
        id: ID,
        role: Role::Side,
        aspect: ASPECT,
        alt: alt(&title, loss.as_ref(), paths.as_ref()),
        title,
        x: axis("weight u", ASPECT * height),
        y: axis("weight w", height),
        key,
        colour_bar: None,
        layers,
        handles: Vec::new(),
        playable: true,
    }
}

fn alt(title: &str, loss: Option<&Loss>, paths: Option<&Paths>) -> String {
    let Some(loss) = loss else { return format!("{title}.") };
    let ends = paths.map_or_else(String::new, |paths| format!(" Ends: {}.", ends(paths, loss)));
    format!("{title}. {}{ends}", levels(loss))
}

/// The loss at its minimum and at the saddle.
fn levels(loss: &Loss) -> String {
    format!(
        "The loss is least, {}, where uw = {}; at the saddle it is {}.",
        number(loss.at(loss.minimum()), 3),
        number(loss.minimum(), 3),
        number(loss.at(0.0), 3)
    )
}

fn ends(paths: &Paths, loss: &Loss) -> String {
    let counts = paths.counts(loss).into_iter().filter(|(_, count)| *count > 0);
    counts.map(|(end, count)| format!("{count} {}", end.words())).collect::<Vec<_>>().join(", ")
}

/// Both branches of `uw = c` within the plot.
fn hyperbola(c: f64, (across, up): (f64, f64)) -> Vec<(f64, f64)> {
    let far = (f64::NAN, f64::NAN);
    if c == 0.0 {
        return vec![(-across, 0.0), (across, 0.0), far, (0.0, -up), (0.0, up)];
    }
    let (from, ratio) = (c.abs() / up, across * up / c.abs());
    let branch = |side: f64| {
        (0..VERTICES).map(move |index| {
            let u = side * from * libm::pow(ratio, index as f64 / (VERTICES - 1) as f64);
            (u, c / u)
        })
    };
    branch(1.0).chain([far]).chain(branch(-1.0)).collect()
}

fn contours(loss: &Loss) -> Vec<Layer> {
    let size = (ASPECT * loss.height, loss.height);
    let line = |c: f64, ink, width, label: Option<&str>| Layer::Line {
        points: hyperbola(c, size),
        ink,
        width,
        dash: Dash::Solid,
        label: label.map(str::to_owned),
    };
    let mut layers: Vec<Layer> =
        loss.contours().into_iter().map(|c| line(c, Ink::Muted, 0.5, None)).collect();
    layers.push(line(loss.minimum(), Ink::Strong, 2.0, Some("least loss")));
    layers
}

/// The runs up to a part of their time, each with a dot where it is then.
fn runs(paths: &Paths, loss: &Loss, played: f64) -> Vec<Layer> {
    let mut layers = Vec::new();
    for end in End::ALL {
        let ink = Ink::Fixed(end.colour());
        let mut dots = Vec::new();
        for path in paths.0.iter().filter(|path| Paths::end(path, loss) == end) {
            let last = ((path.len() - 1) as f64 * played).round() as usize;
            // what diverges is drawn until it leaves the plot
            let inside = |(u, w): (f64, f64)| u.abs() < ASPECT * loss.height && w.abs() < loss.height;
            let out = path.iter().position(|place| end == End::Diverged && !inside(*place));
            let whole = out.unwrap_or(path.len() - 1);
            let points: Vec<(f64, f64)> = path[..=last.min(whole)]
                .iter()
                .copied()
                .filter(|(u, w)| !u.is_nan() && !w.is_nan())
                .collect();
            if last <= whole {
                dots.extend(points.last());
            }
            layers.push(Layer::Line { points, ink, width: 1.1, dash: Dash::Solid, label: None });
        }
        layers.push(Layer::Points { points: dots, ink, radius: 3.5 });
    }
    layers
}

/// What the runs did, and what the contours leave out.
pub fn note(p: &Params, done: &Done) -> Option<String> {
    let (loss, paths) = (Loss::of(p)?, Paths::of(done)?);
    let steps = steps(p, p.sgd.sampler()?.cost());
    let decay =
        if p.sgd.decay > 0.0 { " The contours are those of the loss without weight decay." } else { "" };
    Some(format!(
        "Loss surface: {RUNS} runs of {steps} steps from one start at a distance of {}: {}. {}{decay}",
        number(loss.start, 2),
        ends(&paths, &loss),
        levels(&loss)
    ))
}

/// One line about a place in the figure.
pub fn hover(p: &Params, (u, w): (f64, f64)) -> String {
    let Some(loss) = Loss::of(p) else { return String::new() };
    let [u_text, w_text, value] = [u, w, loss.at(u * w)].map(|x| number(x, 3));
    format!("u {u_text}, w {w_text}: loss {value}, least {}", number(loss.at(loss.minimum()), 3))
}

/// Where the runs end.
pub fn table(p: &Params, done: &Done) -> Table {
    let (Some(loss), Some(paths)) = (Loss::of(p), Paths::of(done)) else { return Table::default() };
    let columns = ["run", "u at the end", "w at the end", "uw", "loss", "end"];
    let row = |(index, path): (usize, &Vec<(f64, f64)>)| {
        let (u, w) = path.last().copied().unwrap_or((f64::NAN, f64::NAN));
        let shown = |x: f64| if x.is_nan() { "–".to_owned() } else { number(x, 4) };
        let end = Paths::end(path, &loss).words().to_owned();
        vec![(index + 1).to_string(), shown(u), shown(w), shown(u * w), shown(loss.at(u * w)), end]
    };
    Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows: paths.0.iter().enumerate().map(row).collect(),
    }
}
