//! The painter: what it draws, and that nothing it writes overlaps, is cut off, or is wrong.

use saddlescope::charts::draw::{Drawn, draw};
use saddlescope::charts::figure::Figure;
use saddlescope::charts::palette::Theme;
use saddlescope::charts::svg::SvgSurface;

#[path = "figures/samples.rs"]
mod samples;

const WIDTHS: [f64; 4] = [320.0, 390.0, 800.0, 1280.0];

fn render(figure: &Figure, width: f64, theme: &Theme) -> (Drawn, String) {
    let mut surface = SvgSurface::new();
    let drawn = draw(&mut surface, figure, width, theme).expect("a sample is drawable");
    (drawn, surface.finish())
}

/// Not a test: writes every sample at every width and in both themes to `target/gallery`, to be looked at.
#[test]
#[ignore = "writes pictures to be looked at"]
fn gallery() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/gallery");
    std::fs::create_dir_all(&folder).expect("a folder for the gallery");
    for figure in samples::all() {
        for width in WIDTHS {
            for (name, theme) in [("light", Theme::LIGHT), ("dark", Theme::DARK)] {
                let (drawn, svg) = render(&figure, width, &theme);
                let file = folder.join(format!("{}-{width}-{name}.svg", figure.id));
                std::fs::write(file, svg).expect("a file of the gallery");
                println!("{} {width} {name} {}", figure.id, drawn.height);
            }
        }
    }
}
