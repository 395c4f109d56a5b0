//! The map's CSV file, read again.

use crate::session::{diagram, finished};

/// The cells of a row whose texts hold neither commas nor quotes.
fn cells(line: &str) -> Vec<&str> {
    line.split(',').map(|cell| cell.trim_matches('"')).collect()
}

#[test]
fn each_listed_pixel_has_the_closed_forms_exponents_and_phase() {
    let session = finished("#phases?v=1", &["map", "boundaries"]);
    let text = session.csv(&diagram(&session));
    let mut lines = text.split_terminator("\r\n");
    assert_eq!(
        lines.next().expect("a heading"),
        "\"layer\",\"learning rate λ\",\"second value a\",\"Λ₊, nats per step\",\"Λ₋, nats per step\",\"phase\""
    );
    let (pixels, drawn): (Vec<_>, Vec<_>) = lines.map(cells).partition(|row| row[0] == "pixel");
    assert_eq!(pixels.len(), 256 * 256);
    assert!(drawn.len() > 500, "{} vertices of the exact curves", drawn.len());
    for row in &pixels {
        let [lr, a, plus, minus] = [1, 2, 3, 4].map(|cell| row[cell].parse::<f64>().expect("a number"));
        let half_log = |sign: f64| 0.5 * ((1.0 + sign * lr) * (1.0 + sign * lr * a)).abs().ln();
        let correct = if a < -1.0 { -1.0 } else { 1.0 };
        assert!(
            (plus - half_log(correct)).abs() < 1e-12 && (minus - half_log(-correct)).abs() < 1e-12,
            "{row:?}"
        );
        let collapses = plus < 0.0 && minus < 0.0;
        assert_eq!(row[5] == "III", collapses, "{row:?}");
    }
}

#[test]
fn simulated_layers_list_their_counts() {
    let mut session = finished("#phases?v=1&layer=exit&steps=10&replicas=4", &[]);
    crate::session::run_shard(&mut session, "outcomes", 0);
    let text = session.csv(&diagram(&session));
    let rows: Vec<Vec<&str>> = text.split_terminator("\r\n").map(cells).collect();
    assert!(rows[0].contains(&"that do not leave") && rows[0].contains(&"diverged"), "{:?}", rows[0]);
    let pixels: Vec<_> = rows.iter().filter(|row| row[0] == "pixel").collect();
    assert!(pixels.len() >= 32 * 32);
    for row in pixels {
        let exits: f64 = row[3..6].iter().map(|cell| cell.parse::<f64>().expect("a count")).sum();
        assert_eq!(exits, 4.0, "every run leaves somewhere or stays: {row:?}");
    }
}

#[test]
fn of_a_costly_law_the_exponent_that_is_shown_is_listed() {
    let link = "#phases?v=1&law=teacher&n=4096&batch=64";
    for (layer, shown) in [("exact", None), ("plus", Some(3)), ("minus", Some(4))] {
        let mut session = finished(&format!("{link}&layer={layer}"), &[]);
        let map = session.jobs().into_iter().find(|(job, _)| job.name == "map").expect("a map").0;
        assert!(map.cost > 4e9, "quick enough to be listed whole: {}", map.cost);
        crate::session::run_shard(&mut session, "map", 0);
        let text = session.csv(&diagram(&session));
        let pixels: Vec<Vec<&str>> =
            text.split_terminator("\r\n").map(cells).filter(|row| row[0] == "pixel").collect();
        assert!(pixels.len() > 1000);
        for cell in [3, 4] {
            let listed = pixels.iter().all(|row| row[cell].parse::<f64>().is_ok());
            let empty = pixels.iter().all(|row| row[cell].is_empty());
            assert!(if shown == Some(cell) { listed } else { empty }, "{layer}: {:?}", pixels[0]);
        }
        let table = session.table("diagram");
        assert_eq!(table.columns.len(), 3, "the table lists what is had at once: {:?}", table.columns);
    }
}
