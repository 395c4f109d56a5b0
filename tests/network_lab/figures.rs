//! The figures of every preset, small, as SVG against their goldens.

use crate::files::bring_files;
use crate::session::{figure, finished, run_all};
use crate::snapshot::{change, pictures};
use crate::{SMALL, open};
use saddlescope::charts::draw::draw;
use saddlescope::charts::figure::{Figure, Role};
use saddlescope::charts::palette::Theme;
use saddlescope::charts::svg::SvgSurface;
use saddlescope::labs::Lab;
use saddlescope::labs::network::Network;
use saddlescope::labs::session::Session;
use std::fmt::Write as _;

fn svg(figure: &Figure, theme: &Theme) -> String {
    let width = if figure.role == Role::Side { 400.0 } else { 720.0 };
    let mut surface = SvgSurface::new();
    draw(&mut surface, figure, width, theme).expect("the figure is drawable");
    surface.finish()
}

/// A preset, as it is.
fn preset(id: &str) -> Session {
    let mut session = crate::session::preset("network", id);
    bring_files(&mut session);
    session
}

#[test]
fn the_figures_of_all_presets_are_as_they_were() {
    let mut changes = Vec::new();
    for one in Network::PRESETS {
        let mut session = preset(one.id);
        session.merge(SMALL);
        run_all(&mut session);
        for figure in session.figures() {
            let svg = svg(&figure, &Theme::LIGHT);
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{}: {}", one.id, figure.id);
            assert!(pictures(&svg).is_empty(), "curves only");
            roxmltree::Document::parse(&svg).expect("well-formed");
            changes.extend(change(&format!("lab-network-{}-{}", one.id, figure.id), &svg));
            let table = session.table(figure.id);
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", figure.id);
        }
    }
    assert!(changes.is_empty(), "changed; look at them, then accept with\n{}", changes.join("\n"));
}

/// The numbers in alt texts and hovers follow the state.
#[test]
fn words_of_figures_differ_between_states() {
    let states: Vec<Session> = ["noise=0", "noise=0.9&decay=1&lr=1"]
        .iter()
        .map(|query| {
            let mut session = open(&format!("{SMALL}&{query}"));
            run_all(&mut session);
            session
        })
        .collect();
    for (one, other) in states[0].figures().iter().zip(states[1].figures()) {
        assert_ne!(one.alt, other.alt, "{}", one.id);
        let at = if one.id == "course" { (1.0, 1.0) } else { (0.1, 1.0) };
        let (here, there) = (states[0].hover(one.id, at), states[1].hover(one.id, at));
        assert!(!here.is_empty() && here != there, "{}: {here}", one.id);
    }
}

#[test]
fn dragging_the_point_takes_the_nearest_rate() {
    open("");
    let mut session = finished(&format!("network?{SMALL}"));
    let main = figure(&session, "outcome");
    session.drag(&main, &main.handles[0], (0.4, 1.0));
    assert!(session.complete(), "nothing is computed again");
    // rates of the small sweep: 0.003, 0.03, 0.3, 3
    assert!((crate::session::value(&session.summary(), "rate") - 0.3).abs() < 1e-12);
}

/// `cargo test --test network_lab gallery -- --ignored --nocapture` runs every preset in full, prints what came out, and writes the
/// figures as one page.
#[test]
#[ignore = "takes minutes; writes pictures to be looked at"]
fn gallery() {
    let mut page = String::from("<body style='margin:8px;font:11px sans-serif'>");
    for one in Network::PRESETS {
        let mut session = preset(one.id);
        let start = std::time::Instant::now();
        run_all(&mut session);
        println!("== {} ({:.1} s)", one.id, start.elapsed().as_secs_f64());
        for row in session.table("outcome").rows {
            println!("{}", row.join(" | "));
        }
        for row in session.table("exponent").rows {
            println!("Λ {}", row.join(" | "));
        }
        let summary = session.summary();
        println!("{}: {}\n{}", summary.verdict.heading, summary.verdict.text, summary.notes.join("\n"));
        let _ = write!(page, "<h3>{}</h3><div>", one.id);
        for figure in session.figures() {
            page.push_str(&svg(&figure, &Theme::LIGHT));
        }
        let _ = write!(page, "<p>{}: {}</p>", summary.verdict.heading, summary.verdict.text);
        for value in &summary.values {
            let _ =
                write!(page, "<br>{} {} = {} ({})", value.label, value.symbol, value.text(), value.method);
        }
        let _ = write!(page, "<p>{}</p></div>", summary.notes.join("<br>"));
    }
    let path = std::env::temp_dir().join("network-gallery.html");
    std::fs::write(&path, page).expect("the page can be written");
    println!("{}", path.display());
}

#[test]
fn small_steps_of_the_handle_add_up_though_it_stands_at_a_rate_of_the_sweep() {
    let mut session = open("rates=3&x0=0.05&x1=0.5&lr=0.2");
    for _ in 0..80 {
        let figures = session.figures();
        let figure = figures.iter().find(|figure| figure.id == "outcome").expect("the main figure");
        session.nudge(figure, &figure.handles[0], (-1.0, 0.0));
    }
    let rate = session
        .summary()
        .values
        .iter()
        .find(|value| value.name == "rate")
        .and_then(|rate| rate.value.clone());
    assert_eq!(rate, Some(vec![0.05]));
}
