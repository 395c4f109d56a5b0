//! What pointer and keys do: drag, nudge, zoom, hover, and the data table.

use crate::session::{diagram, finished, preset, presets, run, value};
use saddlescope::charts::figure::{Handle, Scale};
use saddlescope::labs::session::Session;
use saddlescope::params::{Value, text};

/// The text of a value.
fn shown(session: &Session, key: &str) -> String {
    let specs = session.exhibit().specs();
    let index = specs.iter().position(|spec| spec.key == key).unwrap();
    text::format(&specs[index], &session.exhibit().value(index))
}

fn number(session: &Session, key: &str) -> f64 {
    shown(session, key).parse().unwrap()
}

fn drag(session: &mut Session, at: (f64, f64)) {
    let figure = diagram(session);
    let handle: Handle = figure.handles[0].clone();
    session.drag(&figure, &handle, at);
    assert_eq!(session.problems(), []);
}

#[test]
fn dragging_sets_both_parameters_of_the_axes() {
    let mut session = Session::new("");
    drag(&mut session, (1.234_567_89, -2.345_678_9));
    let (lr, a) = (shown(&session, "lr"), shown(&session, "a"));
    assert!((number(&session, "lr") - 1.234_567_89).abs() < 3.0 / 600.0, "{lr}");
    assert!((number(&session, "a") + 2.345_678_9).abs() < 4.0 / 600.0, "{a}");
    assert!(lr.len() <= 5 && a.len() <= 6, "{lr} and {a} are short");
    assert_eq!(diagram(&session).handles[0].at, (number(&session, "lr"), number(&session, "a")));
    assert_eq!(session.fragment(), format!("phases?v=1&lr={lr}&a={a}"));
}

#[test]
fn every_presets_point_follows_the_pointer_and_stays_on_the_map() {
    for one in presets() {
        let mut session = preset(one.id);
        let before = diagram(&session);
        let target = (before.x.at(0.3), before.y.at(0.6));
        drag(&mut session, target);
        let after = diagram(&session);
        assert!((after.x.fraction(after.handles[0].at.0) - 0.3).abs() < 2.0 / 600.0, "{}", one.id);
        assert!((after.y.fraction(after.handles[0].at.1) - 0.6).abs() < 2.0 / 600.0, "{}", one.id);
        assert_eq!((&after.x, &after.y), (&before.x, &before.y), "{}: the axes stay", one.id);
        // Far outside: the nearest end.
        drag(&mut session, (1e9, -1e9));
        let after = diagram(&session);
        assert!((after.x.fraction(after.handles[0].at.0) - 1.0).abs() < 2.0 / 600.0, "{}", one.id);
        assert!(after.y.fraction(after.handles[0].at.1).abs() < 2.0 / 600.0, "{}", one.id);
        assert_eq!(Session::new(&session.fragment()).problems(), [], "{}", one.id);
    }
}

#[test]
fn whole_numbers_stay_whole_under_the_pointer() {
    let mut session = Session::new("phases?x=batch");
    let x = diagram(&session).x.clone();
    assert_eq!((x.min, x.max, x.scale), (1.0, 64.0, Scale::Log), "the batch size's own range");
    drag(&mut session, (7.6, 1.0));
    assert_eq!(shown(&session, "batch"), "8");
}

#[test]
fn arrow_keys_move_by_a_two_hundredth_of_an_axis() {
    let mut session = Session::new("");
    let figure = diagram(&session);
    session.nudge(&figure, &figure.handles[0], (1.0, 0.0));
    assert_eq!((shown(&session, "lr"), shown(&session, "a")), ("0.815".to_owned(), "-0.9".to_owned()));
    let figure = diagram(&session);
    session.nudge(&figure, &figure.handles[0], (0.0, -10.0));
    assert_eq!((shown(&session, "lr"), shown(&session, "a")), ("0.815".to_owned(), "-1.1".to_owned()));
    // On a logarithmic axis equal ratios.
    let mut session = preset("teacher-log");
    let (figure, before) = (diagram(&session), number(&session, "lr"));
    assert_eq!(figure.x.scale, Scale::Log);
    session.nudge(&figure, &figure.handles[0], (10.0, 0.0));
    assert!((number(&session, "lr") / before / 1000_f64.powf(0.05) - 1.0).abs() < 0.01);
    assert_eq!(shown(&session, "noise"), "15");
}

#[test]
fn every_nudge_moves_and_the_way_back_leads_back() {
    for one in presets() {
        let mut session = preset(one.id);
        let mut seen = vec![diagram(&session).handles[0].at];
        for steps in [(1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (-1.0, 0.0)] {
            let figure = diagram(&session);
            session.nudge(&figure, &figure.handles[0], steps);
            seen.push(diagram(&session).handles[0].at);
            assert_ne!(seen[seen.len() - 1], seen[seen.len() - 2], "{}: {steps:?} moves nothing", one.id);
        }
        let figure = diagram(&session);
        let off = |fraction: f64, start: f64| (fraction - start).abs() < 1.0 / 400.0;
        assert!(off(figure.x.fraction(seen[4].0), figure.x.fraction(seen[0].0)), "{}: {seen:?}", one.id);
        assert!(off(figure.y.fraction(seen[4].1), figure.y.fraction(seen[0].1)), "{}: {seen:?}", one.id);
    }
}

#[test]
fn zooming_writes_the_ends_of_the_axes() {
    let mut session = Session::new("");
    let figure = diagram(&session);
    session.zoom(&figure, (0.5, -1.5), (1.25, -0.5));
    assert_eq!(session.fragment(), "phases?v=1&x0=0.5&x1=1.25&y0=-1.5&y1=-0.5");
    let zoomed = diagram(&session);
    assert_eq!((zoomed.x.min, zoomed.x.max, zoomed.y.min, zoomed.y.max), (0.5, 1.25, -1.5, -0.5));
    session.zoom_reset(&zoomed);
    assert_eq!(session.fragment(), "phases?v=1");
    assert_eq!(diagram(&session), figure);
}

#[test]
fn zooming_by_a_factor_keeps_the_point_where_it_is() {
    for one in presets() {
        let mut session = preset(one.id);
        let before = diagram(&session);
        session.zoom_by(&before, 0.5);
        assert_eq!(session.problems(), [], "{}", one.id);
        let after = diagram(&session);
        for (old, new, at) in
            [(&before.x, &after.x, before.handles[0].at.0), (&before.y, &after.y, before.handles[0].at.1)]
        {
            assert!((old.fraction(at) - new.fraction(at)).abs() < 0.01, "{}: {new:?}", one.id);
            let width = old.fraction(new.max) - old.fraction(new.min);
            assert!((width - 0.5).abs() < 0.01, "{}: {width} of the range is shown", one.id);
        }
        assert_eq!(after.handles, before.handles);
    }
}

/// Zooming out stops where the parameters do, and zooming in before neighbouring pixels are equal: the axes are
/// never turned, and the link is always a good one.
#[test]
fn zooming_again_and_again_does_no_harm() {
    for factor in [0.5, 2.0] {
        let mut session = Session::new("phases?lr=1.3&a=-0.7");
        for _ in 0..60 {
            let before = diagram(&session);
            session.zoom_by(&before, factor);
            assert_eq!(session.problems(), [], "the reader typed nothing");
            let figure = diagram(&session);
            let grown = figure.x.max - figure.x.min >= before.x.max - before.x.min;
            assert!(grown || factor < 1.0, "zooming out shows no less: {:?}", figure.x);
            assert!(figure.x.min < figure.x.max && figure.y.min < figure.y.max, "{figure:?}");
            assert_eq!(Session::new(&session.fragment()).problems(), [], "{}", session.fragment());
        }
    }
}

#[test]
fn another_law_has_its_own_axes_and_ends() {
    let mut session = Session::new("phases?x=a&y=q&x0=-2&x1=0&y0=0.1&y1=0.4");
    session.set("law", "gaussian");
    assert_eq!(session.problems(), []);
    assert_eq!(session.fragment(), "phases?v=1&law=gaussian");
    let figure = diagram(&session);
    assert_eq!((figure.x.label.as_str(), figure.x.min, figure.x.max), ("learning rate λ", 0.0, 3.0));
    assert_eq!(figure.y.label, "standard deviation σ");
    // Another axis: only its own ends go.
    let mut session = Session::new("phases?x0=0.5&x1=1&y0=-2&y1=0");
    session.set("y", "q");
    assert_eq!(session.fragment(), "phases?v=1&y=q&x0=0.5&x1=1");
    session.set("xlog", "1");
    assert_eq!(session.fragment(), "phases?v=1&y=q&xlog=1");
}

#[test]
fn hovering_tells_the_place_its_phase_and_exponents() {
    let session = finished("phases", &["map"]);
    let text = session.hover("diagram", (0.8, -0.9));
    for part in ["learning rate λ 0.800", "second value a −0.900", "III collapse", "Λ₊ −0.34", "Λ₋ −0.53"]
    {
        assert!(text.contains(part), "“{text}” does not say {part}");
    }
    assert!(session.hover("diagram", (1.9, -0.5)).contains("II incorrect learning"));
    assert_eq!(session.hover("diagram", (3.5, -0.5)), "", "nothing outside the map");
    assert_eq!(session.fragment(), "phases?v=1", "the point stays");
    let waiting = Session::new("").hover("diagram", (0.8, -0.9));
    assert!(waiting.contains("0.800") && !waiting.contains('Λ'), "{waiting}");
}

#[test]
fn the_table_lists_places_of_the_map_with_their_numbers() {
    let mut session = Session::new("phases?a=-0.6&q=0.4");
    assert_eq!(session.table("diagram").rows.len(), 0, "nothing before the first shard");
    run(&mut session, "map");
    let table = session.table("diagram");
    assert_eq!(table.columns.len(), 5);
    assert!(table.columns[0].contains('λ') && table.columns[1].contains('a'), "{:?}", table.columns);
    assert!(table.rows.len() >= 100, "{} rows", table.rows.len());
    let read = |text: &str| -> f64 { text.replace('\u{2212}', "-").parse().unwrap() };
    for row in &table.rows {
        assert_eq!(row.len(), table.columns.len());
        // What is listed is what the point itself would say, but for the rounding of the printed place.
        let mut there = Session::new("phases?q=0.4");
        there.set("lr", &row[0].replace('\u{2212}', "-"));
        there.set("a", &row[1].replace('\u{2212}', "-"));
        assert_eq!(there.problems(), []);
        let summary = there.summary();
        for (text, name) in [(&row[2], "exponent_plus"), (&row[3], "exponent_minus")] {
            let (listed, exact) = (read(text), value(&summary, name));
            assert!((listed - exact).abs() < 0.02 + 0.01 * exact.abs(), "{row:?}: {name} {exact}");
        }
        let near = ["exponent_plus", "exponent_minus"].iter().any(|name| value(&summary, name).abs() < 0.02)
            || (value(&summary, "second_moment") - 1.0).abs() < 0.02;
        assert!(near || row[4] == summary.verdict.code, "{row:?}: {}", summary.verdict.code);
    }
}

#[test]
fn an_absent_end_reads_back_as_absent() {
    let mut session = Session::new("phases?x0=1");
    session.set("x0", "");
    let index = session.exhibit().specs().iter().position(|spec| spec.key == "x0").unwrap();
    assert_eq!(session.exhibit().value(index), Value::Absent);
    assert_eq!(session.problems(), []);
}
