//! The diagram of every preset as SVG, against its golden.

use crate::session::{diagram, preset, presets, run};
use crate::snapshot::{change, pictures};
use saddlescope::charts::draw::draw;
use saddlescope::charts::palette::Theme;
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
