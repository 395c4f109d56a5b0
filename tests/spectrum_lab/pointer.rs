//! What pointer and keys do: drag, nudge, zoom, hover, and the data tables.

use crate::session::{figure, finished, finished_preset, presets, run_all, value};
use saddlescope::labs::session::Session;
use saddlescope::labs::summary::number;

#[test]
fn dragging_sets_the_learning_rate_and_nothing_else() {
    for id in ["spectrum", "criteria"] {
        let mut session = finished("spectrum");
        let drawn = figure(&session, id);
        session.drag(&drawn, &drawn.handles[0], (1.2, 0.7));
        assert_eq!(session.problems(), []);
        assert_eq!(session.fragment(), "spectrum?v=1&lr=1.2", "{id}");
        run_all(&mut session);
        // Λ₁ = log((1 + |1 − λ|)/2) on the circle
        let at = figure(&session, "spectrum").handles[0].at;
        assert!(at.0 == 1.2 && (at.1 - 0.6_f64.ln()).abs() < 1e-9, "{at:?}");
    }
}

#[test]
fn arrow_keys_move_the_rate_by_a_two_hundredth() {
    let mut session = finished("spectrum");
    let drawn = figure(&session, "spectrum");
    session.nudge(&drawn, &drawn.handles[0], (1.0, 0.0));
    let moved: f64 = session.fragment().split("lr=").nth(1).unwrap().parse().unwrap();
    assert!((moved - 0.7 - 2.5 / 200.0).abs() < 2.5 / 600.0, "{moved}");
}

#[test]
fn zooming_writes_the_ends_of_the_axis_and_back() {
    let mut session = finished("spectrum");
    let drawn = figure(&session, "spectrum");
    session.zoom(&drawn, (0.5, 0.0), (1.5, 0.0));
    let axis = figure(&session, "spectrum").x.clone();
    assert_eq!((axis.min, axis.max), (0.5, 1.5));
    session.zoom_reset(&drawn);
    assert_eq!(session.fragment(), "spectrum?v=1");
    // another source has another axis
    session.set("x1", "1");
    session.set("law", "neuron");
    assert!(!session.fragment().contains("x1"), "{}", session.fragment());
}

#[test]
fn hovering_says_the_value_there() {
    let session = finished("spectrum");
    let said = session.hover("spectrum", (1.5, 0.0));
    // Λ₁ = log(3/4)
    assert!(said.contains(&number(0.75_f64.ln(), 3)) && said.contains("run at"), "{said}");
    assert_eq!(session.hover("spectrum", (9.0, 0.0)), "");
    let said = session.hover("criteria", (2.2, 0.5));
    assert!(said.contains("the exact exponent: unstable") && said.contains("GD): stable"), "{said}");
    assert!(said.contains("repulsive"), "{said}");
    let said = session.hover("ladder", (2.1, 0.0));
    assert!(said.contains("number 2") && said.contains("exact"), "{said}");
    let said = session.hover("running", (30_000.0, 0.0));
    assert!(said.starts_with("after 28672 steps") && said.contains("at every look"), "{said}");
    let said = session.hover("histogram", (value(&session.summary(), "spectrum_1"), 0.0));
    let share: f64 = said.split(": ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!((30.0..70.0).contains(&share), "{said}");
    assert_eq!(session.hover("ladder", (7.0, 0.0)), "");
}

#[test]
fn every_figure_has_a_table() {
    for one in presets() {
        let session = finished_preset(one.id);
        for figure in session.figures() {
            let table = session.table(figure.id);
            assert!(
                table.rows.len() >= table.columns.len().min(1) && !table.rows.is_empty(),
                "{}: {}",
                one.id,
                figure.id
            );
            assert!(
                table.rows.iter().all(|row| row.len() == table.columns.len()),
                "{}: {}",
                one.id,
                figure.id
            );
            assert!(
                !table.rows.iter().flatten().any(|cell| cell.contains("undefined")),
                "{}: {table:?}",
                one.id
            );
        }
    }
    let session = finished("spectrum?dim=1&input_law=gaussian&lr=1.5");
    let table = session.table("spectrum");
    assert_eq!(table.rows.len(), 24);
    // runs far from the limit say what the exact curve says
    for row in &table.rows {
        let rate: f64 = row[0].parse().unwrap();
        let wanted = if rate < 1.9 {
            "attractive"
        } else if rate > 2.9 {
            "repulsive"
        } else {
            continue;
        };
        assert_eq!(row[5], wanted, "{row:?}");
    }
}

#[test]
fn a_rate_beyond_the_view_is_said() {
    let session: Session = finished("spectrum?lr=5");
    assert!(
        session
            .summary()
            .notes
            .iter()
            .any(|note| note.contains("λ = 5.000 is outside the drawn range 0 to 2.500"))
    );
}
