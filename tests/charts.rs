//! The painter's parts: PNG writer, regions, ticks, clipping, wrapping, colours.

// Sample data need not be bit-identical everywhere.
#![allow(clippy::disallowed_methods)]

use proptest::prelude::*;
use saddlescope::charts::axes::choose;
use saddlescope::charts::figure::{Axis, Rgb, Scale};
use saddlescope::charts::labels::{spread, wrap};
use saddlescope::charts::outline::{band, curve};
use saddlescope::charts::palette::{
    DIVERGED, PHASE_IA, PHASE_IB, PHASE_II, PHASE_III, PHASE_IV, Pattern, Theme, contrast, diverging,
    text_on, textured, viridis,
};
use saddlescope::charts::plot_area::{Extent, PlotArea};
use saddlescope::charts::png;
use saddlescope::charts::region::label_spots;
use saddlescope::charts::surface::Rect;
use saddlescope::charts::text_width;

fn decoded(file: &[u8]) -> (u32, u32, png_reader::ColorType, Vec<u8>) {
    let mut reader = png_reader::Decoder::new(std::io::Cursor::new(file)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut pixels).expect("pixels and checksums");
    pixels.truncate(info.buffer_size());
    (info.width, info.height, info.color_type, pixels)
}

use ::png as png_reader;

fn extent(min: f64, max: f64, scale: Scale) -> Extent {
    Extent::of(&Axis { label: String::new(), min, max, scale }).expect("a range")
}

fn labels(min: f64, max: f64, scale: Scale, most: usize) -> Vec<String> {
    let ticks = choose(extent(min, max, scale), most, |_| true);
    ticks.into_iter().filter(|tick| !tick.is_minor()).map(|tick| tick.label).collect()
}

fn unit_square() -> PlotArea {
    let side = extent(0.0, 1.0, Scale::Linear);
    PlotArea { rect: Rect { left: 0.0, top: 0.0, width: 100.0, height: 100.0 }, x: side, y: side }
}

#[test]
fn ticks_step_by_one_two_or_five_and_say_what_a_reader_expects() {
    assert_eq!(labels(0.0, 3.0, Scale::Linear, 6), ["0", "1", "2", "3"]);
    assert_eq!(labels(-0.3, 0.1, Scale::Linear, 5), ["−0.3", "−0.2", "−0.1", "0.0", "0.1"]);
    assert_eq!(labels(0.0, 1e5, Scale::Linear, 3), ["0", "50\u{202f}000", "100\u{202f}000"]);
    assert_eq!(labels(0.0, 3e-6, Scale::Linear, 4), ["0", "1×10⁻⁶", "2×10⁻⁶", "3×10⁻⁶"]);
    assert_eq!(labels(0.01, 10.0, Scale::Log, 12)[..4], ["0.01", "0.02", "0.05", "0.1"]);
    assert_eq!(labels(1e-8, 1.0, Scale::Log, 5), ["10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"]);
    assert_eq!(labels(2.0, 3.0, Scale::Log, 3), ["2.0", "2.5", "3.0"]);
}

#[test]
fn rows_are_marked_in_their_middle_by_their_names() {
    let scale = Scale::Rows(&["low", "middle", "high"]);
    let ticks = choose(extent(0.0, 3.0, scale), 2, |_| false);
    let marks: Vec<(f64, &str)> = ticks.iter().map(|tick| (tick.value, tick.label.as_str())).collect();
    assert_eq!(marks, [(0.5, "low"), (1.5, "middle"), (2.5, "high")]);
    assert_eq!(labels(0.8, 2.0, scale, 5), ["middle"], "only rows whose middle is in view");
    let area = PlotArea { y: extent(0.0, 3.0, scale), ..unit_square() };
    assert_eq!(area.pixel(0.0, 3.0), (0.0, 0.0), "rows grow upwards");
    assert_eq!(area.data(0.0, 50.0).1, 1.5);
}

#[test]
fn a_range_finer_than_its_numbers_is_labelled_at_its_ends() {
    let next = f64::from_bits(1e9_f64.to_bits() + 3);
    let ticks = choose(extent(1e9, next, Scale::Linear), 5, |_| true);
    assert_eq!((ticks[0].value, ticks[1].value), (1e9, next));
    assert_ne!(ticks[0].label, ticks[1].label);
}

#[test]
fn a_curve_is_cut_at_the_frame_and_where_it_is_not_a_number() {
    let area = unit_square();
    let pieces = curve(&area, &[(-1.0, 0.5), (0.5, 0.5), (0.5, 2.0), (0.9, 2.0), (0.9, 0.0)]);
    assert_eq!(pieces, [vec![(0.0, 50.0), (50.0, 50.0), (50.0, 0.0)], vec![(90.0, 0.0), (90.0, 100.0)]]);
    let pieces = curve(&area, &[(0.0, 0.0), (0.2, 0.2), (0.3, f64::NAN), (0.4, 0.4), (0.6, 0.6)]);
    assert_eq!(pieces.iter().map(|piece| piece[0]).collect::<Vec<_>>(), [(0.0, 100.0), (40.0, 60.0)]);
    assert_eq!(curve(&area, &[(0.5, f64::NEG_INFINITY), (0.5, 0.5)])[0][0].1, 100.0);
    assert!(curve(&area, &[(2.0, 0.5), (3.0, 0.5)]).is_empty());
    let zigzag: Vec<(f64, f64)> =
        (0..100_000).map(|index| (f64::from(index) * 1e-5, f64::from(index % 2))).collect();
    assert!(curve(&area, &zigzag)[0].len() > 50_000);
}

#[test]
fn a_curve_loses_only_vertices_that_no_one_sees() {
    let points: Vec<(f64, f64)> = (0..=4000)
        .map(|index| f64::from(index) / 4000.0)
        .map(|x| (x, 0.5 + 0.4 * (20.0 * x).sin()))
        .collect();
    let kept = curve(&unit_square(), &points).remove(0);
    assert!(kept.len() < 150, "{} vertices", kept.len());
    for &(x, y) in &points {
        let (x, y) = (100.0 * x, 100.0 * (1.0 - y));
        let off = kept.windows(2).map(|pair| {
            let (along, up) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            let part = ((x - pair[0].0) * along + (y - pair[0].1) * up) / (along * along + up * up);
            let part = part.clamp(0.0, 1.0);
            (x - pair[0].0 - part * along).hypot(y - pair[0].1 - part * up)
        });
        assert!(off.fold(f64::INFINITY, f64::min) < 0.08, "at {x}");
    }
}

#[test]
fn a_band_is_cut_to_the_frame() {
    let polygons = band(&unit_square(), &[0.0, 1.0], &[0.25, -1.0], &[0.75, f64::INFINITY]);
    assert_eq!(polygons.len(), 1);
    let inside = |length: f64| (-1e-9..=100.0 + 1e-9).contains(&length);
    assert!(polygons[0].iter().all(|&(x, y)| inside(x) && inside(y)));
    let gap = band(&unit_square(), &[0.0, 0.2, 0.4, 0.6, 0.8], &[0.1; 5], &[0.2, 0.2, f64::NAN, 0.2, 0.2]);
    assert_eq!(gap.len(), 2);
}

#[test]
fn text_wraps_at_words_evenly_and_ends_in_an_ellipsis_only_when_it_must() {
    let width = |text: &str| text.chars().count() as f64;
    assert_eq!(wrap("a learning rate", 20.0, 2, width), ["a learning rate"]);
    assert_eq!(wrap("one two three four five", 21.0, 2, width), ["one two three", "four five"]);
    assert_eq!(wrap("one two three four five", 8.0, 2, width), ["one two", "three f…"]);
    assert_eq!(wrap("incomprehensibilities", 8.0, 1, width), ["incompr…"]);
    assert!(wrap("", 8.0, 2, width).is_empty());
}

#[test]
fn names_in_one_column_keep_their_distance() {
    assert_eq!(spread(&[10.0, 11.0, 50.0], 10.0, 0.0, 60.0), Some(vec![10.0, 20.0, 50.0]));
    assert_eq!(spread(&[58.0, 59.0], 10.0, 0.0, 60.0), Some(vec![45.0, 55.0]));
    assert_eq!(spread(&[1.0, 2.0], 10.0, 0.0, 19.0), None);
}

#[test]
fn regions_get_one_spot_each_inside_themselves() {
    let (columns, rows) = (100, 50);
    let codes: Vec<u8> = (0..rows)
        .flat_map(|row| (0..columns).map(move |column| (row, column)))
        .map(|(row, column)| match (row, column) {
            (0..20, 0..40) | (40.., 90..) | (10, 80..83) => 1,
            (30, 50..52) => 2,
            _ => 0,
        })
        .collect();
    let spots = label_spots(columns, rows, &codes);
    let cells = (columns * rows) as f64;
    let found: Vec<(u8, f64)> = spots.iter().map(|spot| (spot.code, (spot.area * cells).round())).collect();
    // Code 1's third part is too small for a name; code 2 has no larger one and keeps its name.
    assert_eq!(found, [(0, 4095.0), (1, 800.0), (1, 100.0), (2, 2.0)]);
    assert_eq!((spots[1].x, spots[1].y, spots[1].width, spots[1].height), (0.2, 0.2, 0.4, 0.4));
    assert!(label_spots(3, 3, &[0; 8]).is_empty() && label_spots(0, 0, &[]).is_empty());
}

#[test]
fn phase_colours_carry_readable_names_plain_and_textured() {
    for colour in [PHASE_IA, PHASE_IB, PHASE_II, PHASE_III, PHASE_IV, DIVERGED] {
        for pattern in Pattern::ALL {
            for (column, row) in (0..8).flat_map(|row| (0..8).map(move |column| (column, row))) {
                let ground = textured(colour, pattern, column, row, 8);
                assert!(contrast(text_on(colour), ground) >= 4.5, "{colour:?} {pattern:?}");
            }
        }
        let inked = |pattern: Pattern| {
            (0..64).filter(|index| textured(colour, pattern, index % 8, index / 8, 8) != colour).count()
        };
        assert_eq!(inked(Pattern::Plain), 0);
        assert!(Pattern::ALL[1..].iter().all(|&pattern| (4..40).contains(&inked(pattern))));
    }
}

#[test]
fn themes_have_readable_texts() {
    for theme in [Theme::LIGHT, Theme::DARK] {
        for ink in [theme.strong, theme.muted, theme.accent] {
            assert!(contrast(ink, theme.background) >= 4.5, "{ink:?}");
        }
        assert!(contrast(theme.axis, theme.background) >= 2.5);
    }
    assert!((contrast(Rgb(0, 0, 0), Rgb(255, 255, 255)) - 21.0).abs() < 1e-9);
    assert!((contrast(Rgb(0x76, 0x76, 0x76), Rgb(255, 255, 255)) - 4.54).abs() < 0.005); // WCAG's own example
}

#[test]
fn colour_maps_have_their_ends_and_their_middle() {
    assert_eq!((viridis(0.0), viridis(1.0)), (Rgb(0x44, 0x01, 0x54), Rgb(0xfd, 0xe7, 0x25)));
    assert_eq!((viridis(f64::NAN), viridis(-1.0), viridis(9.0)), (viridis(0.0), viridis(0.0), viridis(1.0)));
    let (blue, white, red) = (diverging(-1.0), diverging(0.0), diverging(1.0));
    assert!(blue.2 > blue.0 && red.0 > red.2 && white.0.min(white.1).min(white.2) > 235);
    assert_eq!((diverging(f64::NAN), diverging(-7.0)), (white, blue));
}

#[test]
fn the_width_table_is_wider_than_helvetica() {
    // Advances of Helvetica in 1/1000 em (Adobe's metrics).
    for (text, helvetica) in
        [("0123456789", 5560.0), ("learning rate", 5391.0), ("MWmw", 3110.0), (" .,il", 1278.0)]
    {
        let ours = 1000.0 * text_width::of(text);
        assert!(ours >= helvetica && ours < 1.35 * helvetica, "{text}: {ours}");
    }
}

/// Runs of every length around those that the compression treats differently.
#[test]
fn runs_of_any_length_come_back() {
    for columns in (1..=90).chain([127, 128, 257, 258, 259, 260, 261, 262, 515, 516, 517, 519, 1000, 5600]) {
        let rgba: Vec<u8> =
            (0..2 * columns).flat_map(|i| if i == 0 { [9, 8, 7, 255] } else { [200, 3, 150, 255] }).collect();
        let (.., pixels) = decoded(&png::encode(&rgba, columns, 2));
        let expected: Vec<u8> = rgba.chunks(4).flat_map(|pixel| pixel[..3].to_vec()).collect();
        assert_eq!(pixels, expected, "{columns}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn png_round_trip(columns in 1..40_u32, rows in 1..40_u32, seed in any::<u64>(), is_opaque in any::<bool>()) {
        let mut state = seed | 1;
        let rgba: Vec<u8> = (0..4 * columns * rows).map(|index| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let noise = (state >> 56) as u8;
            let smooth = (index / 4 % columns * 3) as u8;
            if index % 4 == 3 && is_opaque { 255 } else if seed % 2 == 0 { noise } else { smooth }
        }).collect();
        let (width, height, kind, pixels) = decoded(&png::encode(&rgba, columns, rows));
        prop_assert_eq!((width, height), (columns, rows));
        let expected: Vec<u8> = match kind {
            png_reader::ColorType::Rgba => rgba,
            _ => rgba.chunks(4).flat_map(|pixel| pixel[..3].to_vec()).collect(),
        };
        prop_assert_eq!(kind == png_reader::ColorType::Rgb, is_opaque);
        prop_assert_eq!(pixels, expected);
    }

    #[test]
    fn a_spots_rectangle_holds_its_code_only(
        columns in 1..30_usize,
        rows in 1..30_usize,
        cells in prop::collection::vec(0..3_u8, 900),
        block in 1..6_usize,
    ) {
        let codes: Vec<u8> = (0..columns * rows)
            .map(|index| cells[index / columns / block * 30 + index % columns / block])
            .collect();
        let spots = label_spots(columns, rows, &codes);
        let mut seen: Vec<u8> = codes.clone();
        seen.sort_unstable();
        seen.dedup();
        for code in seen {
            prop_assert!(spots.iter().any(|spot| spot.code == code));
        }
        for spot in spots {
            let first = |centre: f64, size: f64, count: usize| ((centre - size / 2.0) * count as f64).round() as usize;
            let (left, top) = (first(spot.x, spot.width, columns), first(spot.y, spot.height, rows));
            let (wide, tall) = ((spot.width * columns as f64).round() as usize, (spot.height * rows as f64).round() as usize);
            prop_assert!(wide >= 1 && tall >= 1);
            for row in top..top + tall {
                for column in left..left + wide {
                    prop_assert_eq!(codes[row * columns + column], spot.code);
                }
            }
        }
    }

    #[test]
    fn a_curve_never_leaves_the_frame(points in prop::collection::vec((-3.0..4.0_f64, -3.0..4.0_f64), 2..30)) {
        for (x, y) in curve(&unit_square(), &points).into_iter().flatten() {
            prop_assert!((0.0..=100.0).contains(&x) && (0.0..=100.0).contains(&y));
        }
    }
}
