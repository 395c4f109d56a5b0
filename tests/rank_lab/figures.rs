//! The figures of every preset as SVG, against their goldens.

use crate::session::{preset, run_all};
use crate::snapshot::{change, pictures};
use saddlescope::charts::draw::draw;
use saddlescope::charts::figure::{Figure, Role};
use saddlescope::charts::palette::Theme;
use saddlescope::charts::svg::SvgSurface;
use saddlescope::labs::Lab;
use saddlescope::labs::rank::Rank;
use std::fmt::Write as _;

fn svg(figure: &Figure, theme: &Theme) -> String {
    let width = if figure.role == Role::Side { 400.0 } else { 720.0 };
    let mut surface = SvgSurface::new();
    draw(&mut surface, figure, width, theme).expect("the figure is drawable");
    surface.finish()
}

#[test]
fn the_figures_of_all_presets_are_as_they_were() {
    let mut changes = Vec::new();
    for one in Rank::PRESETS {
        let mut session = preset("rank", one.id);
        // a golden needs no fine map
        session.merge("pixels=16&replicas=3&steps=3000");
        run_all(&mut session);
        for figure in session.figures() {
            let svg = svg(&figure, &Theme::LIGHT);
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{}: {}", one.id, figure.id);
            assert_eq!(pictures(&svg).len(), usize::from(figure.id == "map"), "{}: {}", one.id, figure.id);
            roxmltree::Document::parse(&svg).expect("well-formed");
            changes.extend(change(&format!("lab-rank-{}-{}", one.id, figure.id), &svg));
        }
    }
    assert!(changes.is_empty(), "changed; look at them, then accept with\n{}", changes.join("\n"));
}

/// `cargo test --test rank_lab gallery -- --ignored` writes all figures of all presets as one page.
#[test]
#[ignore = "writes pictures to be looked at"]
fn gallery() {
    let mut page = String::from("<body style='background:#fff;color:#222;margin:8px;font:11px sans-serif'>");
    for one in Rank::PRESETS {
        let mut session = preset("rank", one.id);
        let start = std::time::Instant::now();
        run_all(&mut session);
        println!("{}: {:.2} s", one.id, start.elapsed().as_secs_f64());
        let _ = write!(page, "<h3>{}</h3><div>", one.id);
        for figure in session.figures() {
            page.push_str(&svg(&figure, &Theme::LIGHT));
        }
        let summary = session.summary();
        let _ = write!(page, "<p>{}: {}</p>", summary.verdict.heading, summary.verdict.text);
        for value in &summary.values {
            let _ =
                write!(page, "<br>{} {} = {} ({})", value.label, value.symbol, value.text(), value.method);
        }
        let _ = write!(page, "<p>{}</p></div>", summary.notes.join("<br>"));
    }
    let path = std::env::temp_dir().join("rank-gallery.html");
    std::fs::write(&path, page).expect("the page can be written");
    println!("{}", path.display());
}
