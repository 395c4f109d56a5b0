//! The figures of every preset as SVG, against their goldens.

use crate::session::{preset, presets, run_all};
use crate::snapshot::{change, pictures};
use saddlescope::charts::draw::draw;
use saddlescope::charts::figure::{Figure, Role};
use saddlescope::charts::palette::Theme;
use saddlescope::charts::svg::SvgSurface;
use std::fmt::Write as _;

/// The fan chart and the times are other figures' goldens.
const OWN: [&str; 6] = ["exponent", "criteria", "moments", "histogram", "batch-exponent", "batch-rate"];

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
        let mut session = preset(one.id);
        run_all(&mut session);
        for figure in session.figures().iter().filter(|figure| OWN.contains(&figure.id)) {
            let svg = svg(figure, &Theme::LIGHT);
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{}: {}", one.id, figure.id);
            assert!(pictures(&svg).is_empty(), "curves only");
            roxmltree::Document::parse(&svg).expect("well-formed");
            changes.extend(change(&format!("lab-stability-{}-{}", one.id, figure.id), &svg));
        }
    }
    assert!(changes.is_empty(), "changed; look at them, then accept with\n{}", changes.join("\n"));
}

/// `cargo test --test stability_lab gallery -- --ignored` writes all figures of all presets, dark and narrow, as one page.
#[test]
#[ignore = "writes pictures to be looked at"]
fn gallery() {
    let mut page =
        String::from("<body style='background:#15181c;color:#ccc;margin:8px;font:11px sans-serif'>");
    for one in presets() {
        let mut session = preset(one.id);
        run_all(&mut session);
        let _ = write!(page, "<h3>{}</h3><div>", one.id);
        for figure in session.figures() {
            let mut surface = SvgSurface::new();
            draw(&mut surface, &figure, 345.0, &Theme::DARK).expect("the figure is drawable");
            page.push_str(&surface.finish());
        }
        let summary = session.summary();
        let _ = write!(page, "<p>{}: {}</p>", summary.verdict.heading, summary.verdict.text);
        for value in &summary.values {
            let _ =
                write!(page, "<br>{} {} = {} ({})", value.label, value.symbol, value.text(), value.method);
        }
        let _ = write!(page, "<p>{}</p></div>", summary.notes.join("<br>"));
    }
    let path = std::env::temp_dir().join("stability-gallery.html");
    std::fs::write(&path, page).expect("the page can be written");
    println!("{}", path.display());
}

/// Time that this thread has had on a processor, in milliseconds: what other programs take does not count.
fn processor_time() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells");
    text.split(' ').next().and_then(|first| first.parse::<f64>().ok()).expect("nanoseconds") / 1e6
}

/// `cargo test --test stability_lab timing -- --ignored --nocapture` prints what shards and frames cost.
#[test]
#[ignore = "prints timings"]
fn timing() {
    use saddlescope::labs::session::Session;
    // 64 values: on a lattice of 400 steps, on one of 4,000, and on none.
    let probs = vec!["0.015625"; 64].join(",");
    let [coarse, fine, none] = [0.01, 0.001, 0.001_234_567_89].map(|unit| {
        let values: Vec<String> =
            (0..64).map(|i| format!("{}", unit * f64::from((i * 61) % 400) - 1.3)).collect();
        format!("stability?law=discrete&values={}&probs={probs}", values.join(","))
    });
    let links = [
        coarse.as_str(),
        fine.as_str(),
        none.as_str(),
        "stability?law=uniform&batch=4000",
        "stability?law=gaussian&n=4096",
        "stability",
        "stability?law=gaussian",
        "stability?law=uniform&batch=8",
        "stability?law=teacher&batch=4",
        "stability?law=teacher&n=64",
        "stability?law=discrete&values=1,0.4,-0.3,-1.2&probs=0.3,0.2,0.2,0.3&batch=7",
        "stability?law=teacher&n=1000",
    ];
    for link in links {
        let mut session = Session::new(link);
        let jobs: Vec<(&str, u32)> = session.jobs().iter().map(|(job, _)| (job.name, job.shards)).collect();
        let mut line = format!("{}\n ", &link[..link.len().min(120)]);
        for (name, shards) in jobs {
            let times: Vec<f64> = (0..shards)
                .map(|shard| {
                    let start = processor_time();
                    crate::session::run_shard(&mut session, name, shard);
                    processor_time() - start
                })
                .collect();
            let (sum, most) =
                times.iter().fold((0.0, 0.0_f64), |(sum, most), time| (sum + time, most.max(*time)));
            let _ = write!(line, " {name} {shards}: {sum:.2} ms, longest {most:.2};");
        }
        let main = session.figures()[0].clone();
        let (mut numbers, mut pictures) = (Vec::new(), Vec::new());
        for step in 0..20 {
            session.drag(&main, &main.handles[0], (0.4 + 0.01 * f64::from(step), 0.0));
            let start = processor_time();
            let _ = session.summary();
            numbers.push(processor_time() - start);
            let start = processor_time();
            let _ = session.figures();
            pictures.push(processor_time() - start);
        }
        numbers.sort_by(f64::total_cmp);
        pictures.sort_by(f64::total_cmp);
        let (numbers, pictures) = (numbers[10], pictures[10]);
        println!("{line}\n  dragging: numbers {numbers:.3} ms, figures {pictures:.3} ms");
    }
}
