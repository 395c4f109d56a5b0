//! The diagram of every preset as SVG, against its golden.

use crate::session::{diagram, figure, preset, presets, run};
use crate::snapshot::{change, pictures};
use saddlescope::charts::draw::draw;
use saddlescope::charts::palette::Theme;
use saddlescope::charts::surface::Rect;
use saddlescope::charts::svg::SvgSurface;
use saddlescope::labs::session::Session;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The diagram at 640 px with its jobs finished.
fn svg(session: &mut Session) -> String {
    for name in ["map", "boundaries"] {
        run(session, name);
    }
    let mut surface = SvgSurface::new();
    draw(&mut surface, &diagram(session), 640.0, &Theme::LIGHT).expect("the diagram is drawable");
    surface.finish()
}

/// The document with its picture replaced by a checksum and the share of every colour: readable, and a thousandth
/// of the size.
fn digest(svg: &str) -> String {
    let mut found = pictures(svg).into_iter();
    let mut pieces = svg.split("data:image/png;base64,");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (columns, rows, pixels) = found.next().expect("every picture is decoded");
        let channels = pixels.len() / (columns * rows) as usize;
        let mut counts: BTreeMap<&[u8], u32> = BTreeMap::new();
        let mut sum = 0xcbf2_9ce4_8422_2325_u64;
        for pixel in pixels.chunks_exact(channels) {
            *counts.entry(&pixel[..3]).or_default() += 1;
            for byte in pixel {
                sum = (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        let _ = write!(text, "{columns} × {rows}, checksum {sum:016x}");
        for (colour, count) in counts {
            let share = 100.0 * f64::from(count) / f64::from(columns * rows);
            let _ = write!(text, ", #{:02x}{:02x}{:02x} {share:.2} %", colour[0], colour[1], colour[2]);
        }
        text.push_str(&piece[piece.find('"').unwrap_or(piece.len())..]);
    }
    text
}

#[test]
fn the_diagrams_of_all_presets_are_as_they_were() {
    let mut changes = Vec::new();
    for one in presets() {
        let svg = svg(&mut preset(one.id));
        check(one.id, &svg);
        changes.extend(change(&format!("lab-phases-{}", one.id), &digest(&svg)));
    }
    assert!(changes.is_empty(), "changed; look at them, then accept with\n{}", changes.join("\n"));
}

/// What every diagram has: names in its regions, a title, a description, finite numbers.
fn check(id: &str, svg: &str) {
    let document = roxmltree::Document::parse(svg).expect("well-formed");
    let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
    let is_named =
        |name: &&str| texts.iter().any(|text| text == name || text.starts_with(&format!("{name} ")));
    assert!(
        ["Ia", "Ib", "II", "III", "IV"].iter().filter(|name| is_named(name)).count() >= 3,
        "{id}: {texts:?}"
    );
    assert!(svg.contains("<title>Phases of SGD") && svg.contains("<desc>Map with"), "{id}");
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{id}");
}

/// The figures beside the map that have a golden: a preset, or a state with its name, and the figures.
const SIDES: [(&str, &str, &[&str]); 4] = [
    ("two-point", "", &["fan-plus", "fan-minus", "surface", "passage"]),
    ("batch-8", "", &["surface", "passage"]),
    ("gaussian", "", &["fan-plus"]),
    ("lands", "phases?lr=1&a=0.5&horizon=40", &["fan-minus"]),
];

#[test]
fn figures_beside_the_map_are_as_they_were() {
    let mut changes = Vec::new();
    for (name, link, ids) in SIDES {
        let mut session = if link.is_empty() { preset(name) } else { Session::new(link) };
        for id in ids {
            run(&mut session, id);
            let mut surface = SvgSurface::new();
            draw(&mut surface, &figure(&session, id), 400.0, &Theme::LIGHT).expect("it is drawable");
            let svg = surface.finish();
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}: {id}");
            changes.extend(change(&format!("lab-phases-{name}-{id}"), &svg));
        }
    }
    assert!(changes.is_empty(), "changed; look at them, then accept with\n{}", changes.join("\n"));
}

/// On phones and on wide pages.
#[test]
fn no_text_beside_the_map_overlaps_another_or_leaves_its_figure() {
    for one in presets() {
        let mut session = preset(one.id);
        for id in ["fan-plus", "fan-minus", "surface", "passage"] {
            run(&mut session, id);
            for width in [300.0, 400.0, 520.0, 800.0] {
                let mut surface = SvgSurface::new();
                let drawn =
                    draw(&mut surface, &figure(&session, id), width, &Theme::DARK).expect("it is drawable");
                let boxes: Vec<Rect> = drawn
                    .texts
                    .iter()
                    .map(|text| Rect { left: text.x, top: text.y, width: text.width, height: text.height })
                    .collect();
                let whole = Rect { left: 0.0, top: 0.0, width: drawn.width, height: drawn.height };
                for (index, one_box) in boxes.iter().enumerate() {
                    let text = &drawn.texts[index].text;
                    assert!(one_box.is_within(&whole), "{}: {id} at {width}: “{text}” is cut off", one.id);
                    let covered = boxes[..index].iter().position(|other| one_box.overlaps(other));
                    let covered = covered.map(|other| drawn.texts[other].text.clone());
                    assert_eq!(covered, None, "{}: {id} at {width}: “{text}”", one.id);
                }
                assert!(drawn.texts.iter().any(|text| text.text == "step t" || text.text == "weight u"));
            }
        }
    }
}
