//! What pointer and keys do: drag, nudge, zoom, hover, and the data tables.

use crate::session::{figure, finished, preset, presets, run_all, value};
use saddlescope::charts::figure::Scale;
use saddlescope::labs::session::Session;
use saddlescope::params::text;

/// The text of a value.
fn shown(session: &Session, key: &str) -> String {
    let specs = session.exhibit().specs();
    let index = specs.iter().position(|spec| spec.key == key).unwrap();
    text::format(&specs[index], &session.exhibit().value(index))
}

fn drag(session: &mut Session, id: &str, at: (f64, f64)) {
    let figure = figure(session, id);
    session.drag(&figure, &figure.handles[0].clone(), at);
    assert_eq!(session.problems(), []);
}

#[test]
fn dragging_on_the_curve_sets_the_learning_rate_and_nothing_else() {
    for id in ["exponent", "criteria"] {
        let mut session = finished("stability");
        drag(&mut session, id, (0.7, 0.9));
        assert_eq!(session.fragment(), "stability?v=1&lr=0.7", "{id}");
        let at = figure(&session, "exponent").handles[0].at;
        assert!(at.0 == 0.7 && (at.1 - 0.5 * (0.3_f64 * 1.84).ln()).abs() < 1e-14, "{at:?}");
        assert!((value(&session.summary(), "exponent") - 0.5 * (0.3_f64 * 1.84).ln()).abs() < 1e-14);
    }
}

#[test]
fn dragging_over_batch_sizes_sets_the_batch() {
    let mut session = finished("stability");
    drag(&mut session, "batch-exponent", (7.6, 0.0));
    assert_eq!(session.fragment(), "stability?v=1&batch=8");
    drag(&mut session, "batch-rate", (1e9, 0.1));
    assert_eq!((shown(&session, "batch").as_str(), shown(&session, "lr").as_str()), ("4096", "0.1"));
}

#[test]
fn arrow_keys_move_the_rate_by_a_two_hundredth_and_back() {
    for one in presets() {
        let mut session = preset(one.id);
        run_all(&mut session);
        let before = shown(&session, "lr");
        for steps in [1.0, -1.0] {
            let last = shown(&session, "lr");
            let figure = figure(&session, "exponent");
            session.nudge(&figure, &figure.handles[0], (steps, 0.0));
            assert_ne!(shown(&session, "lr"), last, "{}", one.id);
        }
        let (before, after): (f64, f64) = (before.parse().unwrap(), shown(&session, "lr").parse().unwrap());
        let axis = &figure(&session, "exponent").x;
        assert!((before - after).abs() < (axis.max - axis.min) / 400.0, "{}: {before} {after}", one.id);
    }
}

#[test]
fn a_rate_on_a_pole_waits_at_the_lower_edge() {
    let mut session = finished("stability");
    drag(&mut session, "exponent", (1.0, -1.0));
    let main = figure(&session, "exponent");
    assert_eq!(main.handles[0].at, (1.0, main.y.min));
    assert_eq!(value(&session.summary(), "exponent"), f64::NEG_INFINITY);
    assert!(format!("{:?}", main.layers).contains("Λ = −∞"));
    assert!(session.hover("exponent", (1.0, 0.0)).contains("Λ = −∞"));
}

#[test]
fn a_rate_beyond_the_view_is_said() {
    let session = finished("stability?lr=5");
    let main = figure(&session, "exponent");
    assert_eq!((main.x.max, main.handles[0].at.0), (2.0, 5.0));
    assert!(main.layers.iter().all(|layer| !format!("{layer:?}").contains("Crosshair")));
    assert!(session.summary().notes.iter().any(|note| note.contains("λ = 5.000 is outside the drawn range")));
    assert!(finished("stability").summary().notes.iter().all(|note| !note.contains("outside")));
}

#[test]
fn zooming_writes_the_ends_of_the_rates_only() {
    let mut session = finished("stability");
    let main = figure(&session, "exponent");
    session.zoom(&main, (0.25, -0.5), (1.25, 0.5));
    assert_eq!(session.fragment(), "stability?v=1&x0=0.25&x1=1.25");
    for id in ["exponent", "criteria"] {
        assert_eq!((figure(&session, id).x.min, figure(&session, id).x.max), (0.25, 1.25), "{id}");
    }
    let zoomed = figure(&session, "exponent");
    session.zoom_by(&zoomed, 0.5);
    let closer = figure(&session, "exponent");
    assert!((zoomed.x.fraction(0.5) - closer.x.fraction(0.5)).abs() < 0.01, "the point stays");
    session.zoom_reset(&closer);
    assert_eq!(session.fragment(), "stability?v=1");
    // Figures without a range do not zoom.
    let moments = figure(&session, "moments");
    session.zoom(&moments, (0.5, 0.0), (1.0, 1.0));
    session.zoom_by(&moments, 0.5);
    assert_eq!(session.fragment(), "stability?v=1");
}

#[test]
fn zooming_again_and_again_does_no_harm() {
    for factor in [0.5, 2.0] {
        let mut session = Session::new("stability?lr=0.9");
        for _ in 0..60 {
            let main = figure(&session, "exponent");
            session.zoom_by(&main, factor);
            let main = figure(&session, "exponent");
            assert!(main.x.min < main.x.max && main.y.min < main.y.max);
            assert_eq!(Session::new(&session.fragment()).problems(), [], "{}", session.fragment());
        }
    }
}

#[test]
fn another_law_or_scale_has_its_own_ends() {
    let mut session = Session::new("stability?x0=0.5&x1=4");
    session.set("law", "gaussian");
    assert_eq!(session.fragment(), "stability?v=1&law=gaussian");
    session.merge("x0=0.5&x1=4");
    session.set("xlog", "1");
    assert_eq!(session.fragment(), "stability?v=1&law=gaussian&xlog=1");
    let main = figure(&session, "exponent");
    assert_eq!((main.x.scale, main.x.min > 0.0), (Scale::Log, true));
}

#[test]
fn hovering_tells_what_is_there_without_moving_the_point() {
    let session = finished("stability");
    let text = session.hover("exponent", (0.7, 0.0));
    assert!(text.contains("learning rate λ 0.700") && text.contains("Λ = −0.297"), "{text}");
    assert!(text.contains("attracts") && !text.contains("not"), "{text}");
    assert!(session.hover("exponent", (1.8, 0.0)).contains("does not attract"));
    assert_eq!(session.hover("exponent", (2.5, 0.0)), "");
    let text = session.hover("criteria", (1.8, 0.5));
    let (stable, unstable) = text.split_once("unstable for").unwrap();
    assert!(
        stable.contains("SDE")
            && unstable.contains("exact")
            && unstable.contains("GD")
            && unstable.contains("L₂"),
        "{text}"
    );
    let text = session.hover("moments", (2.0, 0.0));
    assert!(text.contains("p 1.99") || text.contains("p 2.0"), "{text}");
    assert!(text.contains("does not die"), "{text}");
    assert!(session.hover("moments", (0.3, 0.0)).contains("moment dies"));
    let text = session.hover("histogram", (-0.111_571_78, 0.0));
    let share: f64 = text.split(" %").next().unwrap().rsplit(' ').next().unwrap().parse().unwrap();
    assert!((40.0..60.0).contains(&share), "{text}");
    assert!(session.hover("batch-exponent", (2.9, 0.0)).starts_with("batch size 3, λ = 0.500: Λ = −0.00"));
    assert!(session.hover("batch-rate", (1.1, 0.0)).contains("λ from 0.1667 to 1.377 attracts"));
    assert!(session.hover("batch-rate", (4000.0, 0.0)).contains("no λ attracts"));
    assert_eq!(session.fragment(), "stability?v=1");
}

#[test]
fn tables_list_the_numbers_of_each_figure() {
    let session = finished("stability");
    let read = |text: &str| -> f64 {
        match text.replace('\u{2212}', "-").as_str() {
            "-∞" => f64::NEG_INFINITY,
            text => text.parse().unwrap(),
        }
    };
    for figure in session.figures() {
        let table = session.table(figure.id);
        assert!(table.rows.len() >= 4, "{}: {table:?}", figure.id);
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", figure.id);
    }
    for row in session.table("exponent").rows {
        let (lr, value) = (read(&row[0]), read(&row[1]));
        let exact = 0.5 * ((1.0 - lr).abs().ln() + (1.0 + 1.2 * lr).ln());
        assert!(value == exact || (value - exact).abs() < 1e-3 * exact.abs().max(1e-3), "{row:?} {exact}");
        assert_eq!(row[2] == "yes", exact < 0.0, "{row:?}");
    }
    let rows = session.table("criteria").rows;
    assert_eq!(rows[3][1..], ["0.16667", "1.3770"], "{rows:?}");
    assert!(rows[0][0].contains("gradient descent") && rows[0][1].contains("no rate"), "{rows:?}");
    // The bars are those of the picture.
    let share: f64 = session
        .table("histogram")
        .rows
        .iter()
        .map(|row| (read(&row[1]) - read(&row[0])) * read(&row[2]))
        .sum();
    assert!((share - 1.0).abs() < 0.02, "{share}");
}
