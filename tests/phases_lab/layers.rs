//! The simulated layers: counts in colours, agreement in numbers; and the exponents as colours.

use crate::session::{Colours, colours, diagram, finished, job, numbers, run_shard};
use saddlescope::charts::figure::{Layer, Rgb};
use saddlescope::charts::palette::{self, Pattern};
use saddlescope::core::curvature::Law;
use saddlescope::core::decided::{Forecast, forecast};
use saddlescope::labs::session::Session;

const EXITS: [Rgb; 3] = [palette::PHASE_IB, palette::PHASE_II, palette::PHASE_III];
const ENDS: [Rgb; 4] = [palette::PHASE_III, palette::PHASE_IB, palette::PHASE_II, palette::DIVERGED];
const SIDE: usize = 256;

/// First exits with uw > 0, uw < 0, none; ends: collapsed, uw > 0, uw < 0, diverged; fine pixels in order.
fn counts(session: &Session) -> Vec<[f64; 7]> {
    let fine = numbers(session, "outcomes").split_off(1).concat();
    fine.as_chunks().0.to_vec()
}

/// (λ, a) of a pixel of the default plane.
fn place(pixel: usize) -> (f64, f64) {
    let at = |index: usize| (2 * index + 1) as f64 / (2 * SIDE) as f64;
    (3.0 * at(pixel % SIDE), -3.0 + 4.0 * at(pixel / SIDE))
}

/// The mean of colours, weighted by counts.
fn weighted(counts: &[f64], colours: &[Rgb]) -> [f64; 3] {
    let all: f64 = counts.iter().sum();
    let channel = |of: fn(&Rgb) -> u8| {
        counts.iter().zip(colours).map(|(count, colour)| count * f64::from(of(colour))).sum::<f64>() / all
    };
    [channel(|c| c.0), channel(|c| c.1), channel(|c| c.2)]
}

/// The share of pixels of one colour that a pattern inks, and whether the inked ones are where it says.
fn inked(plain: &Colours, patterned: &Colours, colour: Rgb, pattern: Pattern) -> f64 {
    let times = patterned.side / plain.side;
    let (mut all, mut ink) = (0, 0);
    for (place, found) in patterned.pixels.iter().enumerate() {
        let (column, row) = (place % patterned.side, place / patterned.side);
        if plain.pixels[row / times * plain.side + column / times] != colour {
            continue;
        }
        all += 1;
        let expected = palette::textured(colour, pattern, column as u32, row as u32, 16);
        assert_eq!(*found, expected, "{pattern:?} at {column}, {row}");
        ink += usize::from(*found != colour);
    }
    f64::from(ink as u32) / f64::from(all.max(1) as u32)
}

#[test]
fn patterns_tell_regions_apart_without_colour() {
    let phases = [
        (palette::PHASE_IA, Pattern::Rising),
        (palette::PHASE_IB, Pattern::Plain),
        (palette::PHASE_II, Pattern::Dots),
        (palette::PHASE_III, Pattern::Falling),
        (palette::PHASE_IV, Pattern::Level),
    ];
    let plain = finished("phases", &["map"]);
    let patterned = finished("phases?patterns=1", &["map"]);
    let (before, after) = (colours(&plain).unwrap(), colours(&patterned).unwrap());
    for (colour, pattern) in phases {
        let part = inked(&before, &after, colour, pattern);
        assert_eq!(part == 0.0, pattern == Pattern::Plain, "{pattern:?}: {part}");
    }
    assert!(diagram(&patterned).key.is_empty(), "regions are named in place");
    // The button: the same picture as the link's, and back.
    let mut session = plain;
    session.view_mut().patterns = true;
    assert!(colours(&session).unwrap() == after && session.fragment() == patterned.fragment());
    session.view_mut().patterns = false;
    assert!(colours(&session).unwrap() == before);
}

#[test]
fn patterns_of_outcomes_are_named_in_the_legend_and_finer_than_a_coarse_picture() {
    let mut session = Session::new("phases?layer=exit&steps=150&replicas=5");
    run_shard(&mut session, "outcomes", 0);
    let before = colours(&session).unwrap();
    session.view_mut().patterns = true;
    let after = colours(&session).unwrap();
    assert!(
        before.side < 256 && after.side >= 512 && after.side.is_multiple_of(before.side),
        "{} {}",
        before.side,
        after.side
    );
    // Pixels with one outcome have its very colour.
    for (colour, pattern) in EXITS.into_iter().zip([Pattern::Plain, Pattern::Dots, Pattern::Falling]) {
        assert_eq!(inked(&before, &after, colour, pattern) == 0.0, pattern == Pattern::Plain, "{pattern:?}");
    }
    let legend: Vec<String> = diagram(&session).key.iter().map(|entry| entry.1.clone()).collect();
    assert_eq!(
        legend,
        ["leaves, correct sign (plain)", "leaves, wrong sign (dots)", "does not leave (falling stripes)"]
    );
    // Signs of an exponent: stripes where it is negative, and only there.
    let session = finished("phases?layer=plus&patterns=1", &["map"]);
    let bar = diagram(&session).colour_bar.clone().unwrap();
    assert_eq!(bar.label, "Λ₊, nats per step (striped: < 0)");
    let striped = colours(&session).unwrap();
    let plain = colours(&finished("phases?layer=plus", &["map"])).unwrap();
    let differs = |x: f64, y: f64| {
        let near = (0..16).map(|step| f64::from(step) / f64::from(512));
        near.into_iter().any(|off| striped.at(x + off, y) != plain.at(x + off, y))
    };
    // At (0.8, −0.9) Λ₊ < 0, at (0.3, 0.5) it is positive.
    assert!(differs(0.8 / 3.0, 2.1 / 4.0) && !differs(0.1, 3.5 / 4.0));
}

#[test]
fn colours_mix_in_proportion_to_counts() {
    for (layer, first, last, meanings) in [("exit", 0, 3, &EXITS[..]), ("final", 3, 7, &ENDS[..])] {
        let session = finished(&format!("phases?layer={layer}&steps=150&replicas=5"), &["outcomes"]);
        let (map, counts) = (colours(&session).unwrap(), counts(&session));
        assert_eq!((map.side, counts.len()), (SIDE, SIDE * SIDE));
        let mut mixed = 0;
        for (pixel, (colour, counts)) in map.pixels.iter().zip(&counts).enumerate() {
            assert_eq!(counts[..3].iter().sum::<f64>(), 5.0, "every run has one first exit");
            assert_eq!(counts[3..].iter().sum::<f64>(), 5.0, "and one end");
            let mut counts = *counts;
            if place(pixel).1 < -1.0 {
                // E z < 0: uw < 0 is correct
                counts.swap(0, 1);
                counts.swap(4, 5);
            }
            let expected = weighted(&counts[first..last], meanings);
            let found = [colour.0, colour.1, colour.2].map(f64::from);
            let off = expected.iter().zip(found).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(off <= 2.5, "{layer}, pixel {pixel}: {found:?} for {counts:?}");
            mixed += usize::from(counts[first..last].iter().filter(|count| **count > 0.0).count() > 1);
        }
        assert!(mixed > 1000, "{layer}: {mixed} pixels with several outcomes");
    }
}

#[test]
fn a_single_run_has_one_of_the_legends_colours() {
    for layer in ["exit", "final"] {
        let mut session = Session::new(&format!("phases?layer={layer}&steps=150&replicas=1"));
        run_shard(&mut session, "outcomes", 0);
        let map = colours(&session).expect("a coarse picture");
        assert!(map.side < SIDE, "the coarse picture is there first");
        let legend: Vec<Rgb> = diagram(&session).key.iter().map(|(colour, _)| *colour).collect();
        assert!(map.pixels.iter().all(|colour| legend.contains(colour)), "{layer}");
        assert!(legend.iter().filter(|colour| map.pixels.contains(colour)).count() >= 2, "{layer}");
    }
}

#[test]
fn shards_of_the_simulation_may_come_in_any_order() {
    let link = "phases?layer=exit&steps=100&replicas=2&law=teacher";
    let in_order = finished(link, &["outcomes"]);
    let mut backwards = Session::new(link);
    let shards = job(&backwards, "outcomes").0.shards;
    for shard in (0..shards).rev() {
        run_shard(&mut backwards, "outcomes", shard);
        if shard == shards - 1 {
            let (partial, whole) = (colours(&backwards).unwrap(), colours(&in_order).unwrap());
            let last = SIDE * SIDE - 1;
            assert_eq!(partial.pixels[last], whole.pixels[last], "what is known is shown");
            assert_ne!(partial.pixels[0], whole.pixels[0], "and nothing else");
        }
    }
    assert!(numbers(&in_order, "outcomes") == numbers(&backwards, "outcomes"));
    assert!(diagram(&in_order) == diagram(&backwards));
}

/// The whole numbers in a sentence.
fn whole_numbers(text: &str) -> Vec<u32> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

#[test]
fn agreement_is_counted_pixel_by_pixel() {
    let steps = 400;
    let jobs = ["outcomes", "theory"];
    let session = finished(&format!("phases?layer=disagreement&steps={steps}&replicas=7"), &jobs);
    // decided, agreeing, undecided, agreeing among those
    let mut expected = [0_u32; 4];
    let mut by_colour = [0_u32; 4];
    let legend: Vec<Rgb> = diagram(&session).key.iter().map(|(colour, _)| *colour).collect();
    assert_eq!(legend.len(), 4);
    let Colours { side, pixels } = colours(&session).unwrap();
    assert_eq!(side, SIDE);
    for (pixel, (counts, colour)) in counts(&session).iter().zip(&pixels).enumerate() {
        let (lr, a) = place(pixel);
        let law = Law::two_point(a, 0.5).unwrap().batch(1);
        let found = forecast(&law, lr, 0.0, steps, 1e8);
        let decided = found != Forecast::Undecided;
        let exponent = |sign: f64| (1.0 + sign * lr).abs().ln() + (1.0 + sign * lr * a).abs().ln();
        let (plus, minus) = if decided {
            (
                matches!(found, Forecast::Plus | Forecast::Leaves),
                matches!(found, Forecast::Minus | Forecast::Leaves),
            )
        } else {
            (exponent(1.0) > 0.0, exponent(-1.0) > 0.0)
        };
        let agrees = match (plus, minus) {
            (true, true) => counts[0] + counts[1] >= 4.0,
            (true, false) => counts[0] >= 4.0,
            (false, true) => counts[1] >= 4.0,
            (false, false) => counts[2] >= 4.0,
        };
        expected[if decided { 0 } else { 2 }] += 1;
        expected[if decided { 1 } else { 3 }] += u32::from(agrees);
        by_colour[legend.iter().position(|known| known == colour).expect("a colour of the legend")] += 1;
    }
    let notes = session.summary().notes;
    let note = notes.iter().find(|note| note.starts_with("Theory decides")).expect("the counts are there");
    let [decided, agreeing, undecided, undecided_agreeing] = expected;
    let all = (SIDE * SIDE) as u32;
    assert_eq!(whole_numbers(note), [decided, all, agreeing, undecided, undecided_agreeing], "{note}");
    assert!(decided > all / 10 && undecided > all / 100, "{expected:?}: both kinds occur");
    let of_colours = [agreeing, decided - agreeing, undecided_agreeing, undecided - undecided_agreeing];
    assert_eq!(
        by_colour, of_colours,
        "the legend’s order is: decided agrees, differs, undecided agrees, differs"
    );
}

#[test]
fn agreement_waits_for_the_whole_map() {
    let link = "phases?layer=disagreement&steps=20&replicas=1";
    let counted = |session: &Session| session.summary().notes.iter().any(|note| note.starts_with("Theory"));
    for (whole, part) in [("outcomes", "theory"), ("theory", "outcomes")] {
        let mut session = finished(link, &[whole]);
        assert!(!counted(&session), "{part} is missing");
        for shard in (0..job(&session, part).0.shards).rev() {
            run_shard(&mut session, part, shard);
            // The coarse picture, shard 0 of the outcomes, is none of the counted pixels.
            let left = shard > u32::from(part == "outcomes");
            assert_eq!(
                counted(&session),
                !left,
                "{part}, shard {shard}: counts of a part are not those of the map"
            );
        }
    }
}

/// What the colour bar means by a colour; the nearest of its steps.
#[test]
fn heat_maps_show_the_exponent() {
    for (layer, sign) in [("plus", 1.0), ("minus", -1.0)] {
        let session = finished(&format!("phases?layer={layer}"), &["map"]);
        let figure = diagram(&session);
        let bar = figure.colour_bar.as_ref().expect("a scale");
        assert!(bar.label.contains(if sign > 0.0 { "Λ₊" } else { "Λ₋" }));
        let map = colours(&session).unwrap();
        for pixel in (0..map.pixels.len()).step_by(7) {
            let at = |index: usize| (2 * index + 1) as f64 / (2 * map.side) as f64;
            let (lr, a) = (3.0 * at(pixel % map.side), -3.0 + 4.0 * at(pixel / map.side));
            let named = if a < -1.0 { -sign } else { sign };
            let value = 0.5 * ((1.0 + named * lr).abs().ln() + (1.0 + named * lr * a).abs().ln());
            let part = ((value.clamp(bar.min, bar.max)) - bar.min) / (bar.max - bar.min);
            let Rgb(red, green, blue) = bar.colours[(part * (bar.colours.len() - 1) as f64).round() as usize];
            let Rgb(r, g, b) = map.pixels[pixel];
            let off = [(red, r), (green, g), (blue, b)].map(|(one, other)| one.abs_diff(other));
            assert!(
                off.iter().all(|off| *off <= 8),
                "{layer}, ({lr}, {a}): Λ = {value}, colours differ by {off:?}"
            );
        }
        assert!(figure.layers.iter().any(|layer| matches!(layer, Layer::Region { .. })), "regions are named");
    }
}
