//! The list of all labs as cards: each with its question, one sentence and its own picture, drawn here by the same
//! painter and from the same shards as on the page.

use std::fmt::Write as _;
use std::path::Path;

use saddlescope::charts::draw::draw;
use saddlescope::charts::figure::{Figure, Layer, Role};
use saddlescope::charts::palette::Theme;
use saddlescope::charts::svg::SvgSurface;
use saddlescope::labs::IDS;
use saddlescope::labs::assets::Origin;
use saddlescope::labs::session::Session;
use saddlescope::params::content;

/// Width of a picture, CSS pixels of its own; a card shows it a little smaller or larger.
const WIDTH: f64 = 400.0;
/// Most pixels along a side of a map in a picture.
const MAP_SIDE: u32 = 200;

/// Writes `cards/cards.html` and two pictures per lab. The sentence is the lab's `card.md`.
pub fn write(
    labs: &Path,
    app: &Path,
    mut inline: impl FnMut(&str) -> Result<String, String>,
) -> Result<(), String> {
    let folder = app.join("cards");
    std::fs::create_dir_all(&folder).map_err(|e| super::said(&folder, &e))?;
    let mut list = String::from("<ul class=\"cards\">\n");
    for id in IDS {
        let session = finished(id, &app.join("assets"))?;
        let figure = main_figure(&session)?;
        let sentence = inline(super::read(&labs.join(id).join("card.md"))?.trim())?;
        let (mut width, mut height) = (0.0, 0.0);
        for (name, theme) in [("light", Theme::LIGHT), ("dark", Theme::of(true))] {
            let mut surface = SvgSurface::new();
            let drawn = draw(&mut surface, &figure, WIDTH, &theme).map_err(|e| format!("{id}: {e}"))?;
            (width, height) = (drawn.width, drawn.height);
            super::write(&folder.join(format!("{id}-{name}.svg")), &surface.finish())?;
        }
        let picture = |theme: &str| {
            format!(
                "<img class=\"on-{theme}\" data-name=\"{id}-{theme}\" alt=\"\" loading=\"lazy\" width=\"{width:.0}\" height=\"{height:.0}\">"
            )
        };
        let _ = writeln!(
            list,
            "<li><a class=\"lab-card\" href=\"#{id}\" data-lab=\"{id}\">{}{}<strong>{}</strong>{sentence}</a></li>",
            picture("light"),
            picture("dark"),
            session.exhibit().about().question,
        );
    }
    list.push_str("</ul>\n");
    super::write(&folder.join("cards.html"), &list)
}

/// Labs whose card shows a state of less work than they open with: the picture is the same, the build is not held up.
const LIGHTER: [(&str, &str); 1] = [("network", "runs=1")];

/// A lab as it opens, with every shard of what starts by itself.
fn finished(id: &str, assets: &Path) -> Result<Session, String> {
    let mut session = Session::new(id);
    if let Some((_, lighter)) = LIGHTER.iter().find(|(lab, _)| *lab == id) {
        session.merge(lighter);
    }
    for named in session.contents() {
        if let Origin::Asset(asset) = named.origin {
            let path = assets.join(asset.file);
            content::keep_bytes(std::fs::read(&path).map_err(|e| super::said(&path, &e))?.into());
        }
    }
    session.content_came();
    for (job, key) in session.jobs() {
        if job.on_demand {
            continue;
        }
        let mut previous: Option<Vec<f64>> = None;
        for shard in 0..job.shards {
            let before = previous.as_deref().filter(|_| job.chain);
            let values =
                session.compute(job.name, shard, before).map_err(|e| format!("{id}, {}: {e}", job.name))?;
            session.keep(&key, job.shards, shard, values.clone());
            previous = Some(values);
        }
    }
    if session.complete() { Ok(session) } else { Err(format!("{id}: not everything was computed")) }
}

/// The figure that the lab is about, without the words for readers who do not see it (the card says them), its maps
/// smaller.
fn main_figure(session: &Session) -> Result<Figure, String> {
    let main = session.figures().into_iter().find(|figure| figure.role == Role::Main);
    let mut figure = (*main.ok_or("a lab has no main figure")?).clone();
    figure.alt.clear();
    for layer in &mut figure.layers {
        if let Layer::Raster { columns, rows, rgba } = layer {
            let step = (*columns).max(*rows).div_ceil(MAP_SIDE);
            (*columns, *rows, *rgba) = every(step, *columns, *rows, rgba);
        }
    }
    Ok(figure)
}

/// Every `step`th pixel of every `step`th row, from the middle of each square.
fn every(step: u32, columns: u32, rows: u32, rgba: &[u8]) -> (u32, u32, std::rc::Rc<[u8]>) {
    let (width, height) = (columns / step, rows / step);
    let mut small = Vec::with_capacity(4 * (width * height) as usize);
    for row in 0..height {
        for column in 0..width {
            let at = 4 * ((row * step + step / 2) * columns + column * step + step / 2) as usize;
            small.extend_from_slice(&rgba[at..at + 4]);
        }
    }
    (width, height, small.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smaller_map_has_the_middles_of_its_squares() {
        let pixels: Vec<u8> = (0..6 * 4).flat_map(|i| [i as u8, 0, 0, 255]).collect();
        let (width, height, small) = every(2, 6, 4, &pixels);
        let reds: Vec<u8> = small.chunks(4).map(|pixel| pixel[0]).collect();
        assert_eq!((width, height, reds), (3, 2, vec![7, 9, 11, 19, 21, 23]));
    }
}
