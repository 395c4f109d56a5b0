//! The figures of every preset as SVG, against their goldens.

use crate::session::{finished_preset, presets};
use crate::snapshot::{change, pictures};
use saddlescope::charts::draw::draw;
use saddlescope::charts::figure::{Figure, Role};
use saddlescope::charts::palette::Theme;
use saddlescope::charts::svg::SvgSurface;

/// Presets whose side figures have goldens too.
const WHOLE: [&str; 3] = ["sphere-8", "neuron-4-8", "fibonacci"];

fn svg(figure: &Figure, theme: &Theme) -> String {
    let width = if figure.role == Role::Side { 400.0 } else { 720.0 };
    let mut surface = SvgSurface::new();
    draw(&mut surface, figure, width, theme).expect("the figure is drawable");
    surface.finish()
}

#[test]
fn the_figures_of_all_presets_are_as_they_were() {
    let mut changes = Vec::new();
    for one in presets() {
        let session = finished_preset(one.id);
        for figure in session.figures() {
            let svg = svg(&figure, &Theme::LIGHT);
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{}: {}", one.id, figure.id);
            assert!(pictures(&svg).is_empty(), "curves only");
            roxmltree::Document::parse(&svg).expect("well-formed");
            if figure.role != Role::Side || WHOLE.contains(&one.id) {
                changes.extend(change(&format!("lab-spectrum-{}-{}", one.id, figure.id), &svg));
            }
        }
    }
    assert!(changes.is_empty(), "changed; look at them, then accept with\n{}", changes.join("\n"));
}
