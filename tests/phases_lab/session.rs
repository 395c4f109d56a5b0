//! A session whose jobs run here, and its picture as colours.

use saddlescope::charts::figure::{Figure, Layer, Rgb};
use saddlescope::labs::phases::Phases;
use saddlescope::labs::session::Session;
use saddlescope::labs::{Job, Lab, Preset, Quantity, Summary};
use std::rc::Rc;

/// The presets, the default one first.
pub fn presets() -> &'static [Preset] {
    Phases::PRESETS
}

/// The session of a preset.
pub fn preset(id: &str) -> Session {
    let link = Session::new("").preset_fragment(id).unwrap_or_else(|| panic!("no preset {id}"));
    Session::new(&link)
}

/// One of the present jobs with its key.
pub fn job(session: &Session, name: &str) -> (Job, String) {
    let found = session.jobs().into_iter().find(|(job, _)| job.name == name);
    found.unwrap_or_else(|| panic!("{}: no job {name}", session.fragment()))
}

/// Computes and keeps one shard.
pub fn run_shard(session: &mut Session, name: &str, shard: u32) {
    let (job, key) = job(session, name);
    let values = session.compute(name, shard, None).expect("the shard is one of the job's");
    session.keep(&key, job.shards, shard, values);
}

/// Computes what is missing of a job, in order.
pub fn run(session: &mut Session, name: &str) {
    let (job, key) = job(session, name);
    let kept = session.kept(&key);
    for shard in (0..job.shards).filter(|shard| !kept.contains(shard)) {
        run_shard(session, name, shard);
    }
}

/// The session of a link with these jobs finished.
pub fn finished(link: &str, jobs: &[&str]) -> Session {
    let mut session = Session::new(link);
    assert_eq!(session.problems(), [], "{link}");
    for name in jobs {
        run(&mut session, name);
    }
    session
}

/// All numbers of a finished job, shard after shard.
pub fn numbers(session: &Session, name: &str) -> Vec<Vec<f64>> {
    let (job, key) = job(session, name);
    let shard = |index| session.shard(&key, index).expect("the job is finished").to_vec();
    (0..job.shards).map(shard).collect()
}

/// The diagram.
pub fn diagram(session: &Session) -> Rc<Figure> {
    Rc::clone(&session.figures()[0])
}

/// One of the figures.
pub fn figure(session: &Session, id: &str) -> Rc<Figure> {
    let found = session.figures().into_iter().find(|figure| figure.id == id);
    found.unwrap_or_else(|| panic!("{}: no figure {id}", session.fragment()))
}

/// The points of the curve of this name.
pub fn curve(figure: &Figure, name: &str) -> Vec<(f64, f64)> {
    let found = figure.layers.iter().find_map(|layer| match layer {
        Layer::Line { points, label: Some(label), .. } if label == name => Some(points.clone()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{}: no curve “{name}”", figure.id))
}

/// A picture: pixels along each side, and colours from the bottom left, row after row.
#[derive(Clone, PartialEq)]
pub struct Colours {
    pub side: usize,
    pub pixels: Vec<Rgb>,
}

impl Colours {
    /// The colour at these fractions of the axes.
    pub fn at(&self, x: f64, y: f64) -> Rgb {
        let cell = |fraction: f64| (fraction * self.side as f64) as usize;
        self.pixels[cell(y) * self.side + cell(x)]
    }
}

/// The picture of the diagram; `None` before its first shard.
pub fn colours(session: &Session) -> Option<Colours> {
    diagram(session).layers.iter().find_map(|layer| {
        let Layer::Raster { columns, rows, rgba } = layer else { return None };
        assert_eq!(columns, rows, "the picture is a square");
        let side = *columns as usize;
        assert_eq!(rgba.len(), 4 * side * side);
        let pixel = |index: usize| {
            let from = 4 * ((side - 1 - index / side) * side + index % side);
            assert_eq!(rgba[from + 3], 255, "pixels are opaque");
            Rgb(rgba[from], rgba[from + 1], rgba[from + 2])
        };
        Some(Colours { side, pixels: (0..side * side).map(pixel).collect() })
    })
}

/// A quantity of the summary.
pub fn quantity<'a>(summary: &'a Summary, name: &str) -> &'a Quantity {
    let found = summary.values.iter().find(|quantity| quantity.name == name);
    found.unwrap_or_else(|| panic!("no {name} in the summary"))
}

/// The number of a quantity that is one number.
pub fn value(summary: &Summary, name: &str) -> f64 {
    let quantity = quantity(summary, name);
    match quantity.value.as_deref() {
        Some([value]) if !quantity.list => *value,
        other => panic!("{name} is {other:?}"),
    }
}
