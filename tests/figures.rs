//! The painter: what it draws, and that nothing it writes overlaps, is cut off, or is wrong.

// Sample data need not be bit-identical everywhere.
#![allow(clippy::disallowed_methods)]

use proptest::prelude::*;
use saddlescope::charts::draw::{DrawError, Drawn, draw};
use saddlescope::charts::figure::{ColourBar, Dash, Figure, Ink, Layer, Mark, Rgb, Role, Scale};
use saddlescope::charts::layout::{TypeSetter, layout};
use saddlescope::charts::palette::{Theme, contrast};
use saddlescope::charts::plot_area::Extent;
use saddlescope::charts::surface::{Rect, Surface};
use saddlescope::charts::svg::SvgSurface;

#[path = "figures/samples.rs"]
mod samples;
#[path = "figures/snapshot.rs"]
mod snapshot;

const WIDTHS: [f64; 4] = [320.0, 390.0, 800.0, 1280.0];

fn render(figure: &Figure, width: f64, theme: &Theme) -> (Drawn, String) {
    let mut surface = SvgSurface::new();
    let drawn = draw(&mut surface, figure, width, theme).expect("a sample is drawable");
    (drawn, surface.finish())
}

/// What is wrong with the texts of a figure; nothing if all is well.
fn faults(drawn: &Drawn) -> Vec<String> {
    let frame = Rect { left: 0.0, top: 0.0, width: drawn.width, height: drawn.height };
    let boxes: Vec<(Rect, &str)> = drawn
        .texts
        .iter()
        .map(|text| {
            let rect = Rect { left: text.x, top: text.y, width: text.width, height: text.height };
            (rect, text.text.as_str())
        })
        .collect();
    let mut found = Vec::new();
    for (index, (rect, text)) in boxes.iter().enumerate() {
        if !rect.is_within(&frame) {
            found.push(format!("“{text}” leaves the frame: {rect:?} in {frame:?}"));
        }
        for (other, words) in &boxes[index + 1..] {
            if rect.overlaps(other) {
                found.push(format!("“{text}” and “{words}” overlap: {rect:?}, {other:?}"));
            }
        }
    }
    for text in &drawn.texts {
        let ratio = contrast(text.ink, text.ground);
        if ratio < 4.5 {
            found.push(format!("“{}” has a contrast of {ratio:.2}", text.text));
        }
    }
    found
}

/// The number that a tick's label says.
fn number(label: &str) -> f64 {
    let plain: String = label
        .chars()
        .filter(|&character| character != '\u{202f}')
        .map(|character| match character {
            '−' | '⁻' => '-',
            '⁰' => '0',
            '¹' => '1',
            '²' => '2',
            '³' => '3',
            '⁴'..='⁹' => char::from(b'4' + (character as u32 - '⁴' as u32) as u8),
            other => other,
        })
        .collect();
    let has_power = label.ends_with(['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹']);
    if !has_power {
        return plain.parse().expect("a tick's label is a number");
    }
    let (mantissa, power) = match plain.split_once("×10") {
        Some((mantissa, power)) => (mantissa, power),
        None => ("1", plain.strip_prefix("10").expect("a power of ten")),
    };
    format!("{mantissa}e{power}").parse().expect("a tick's label is a number with a power of ten")
}

/// What is wrong with the ticks of one axis.
fn tick_faults(ticks: &[(f64, &str, f64)], extent: Extent) -> Vec<String> {
    let span = extent.max - extent.min;
    let mut found = Vec::new();
    let mut before = f64::NEG_INFINITY;
    for &(value, label, _) in ticks {
        if !(extent.min..=extent.max).contains(&value) {
            found.push(format!("tick {value:e} lies outside {extent:?}"));
        }
        if let Scale::Rows(names) = extent.scale {
            if names.get(value.floor() as usize) != Some(&label) || value.fract() != 0.5 {
                found.push(format!("the row at {value} is called {label}"));
            }
            continue;
        }
        let said = number(label);
        if (said - value).abs() > 1e-12 * value.abs().max(said.abs()).max(span * 1e-3) {
            found.push(format!("the tick at {value:e} says {label}"));
        }
        if said <= before {
            found.push(format!("{label} repeats or reverses the number before it"));
        }
        before = said;
    }
    found
}

/// Ticks against their labels, and every label above or left of its own value.
fn axis_faults(figure: &Figure, width: f64, drawn: &Drawn) -> Vec<String> {
    let (x, y) = (drawn.area.x, drawn.area.y);
    let surface = SvgSurface::new();
    let type_setter = TypeSetter { text_size: &|text, size| surface.text_size(text, size), ratio: 1.0 };
    let plan = layout(type_setter, figure, width, &Theme::LIGHT, x, y);
    let mut found = Vec::new();
    for (extent, ticks, is_upright) in [(x, &plan.x_ticks, false), (y, &plan.y_ticks, true)] {
        let numbered: Vec<(f64, &str, f64)> = ticks
            .iter()
            .filter(|tick| !tick.is_minor())
            .map(|tick| {
                let (across, down) = drawn.area.pixel(
                    if is_upright { x.min } else { tick.value },
                    if is_upright { tick.value } else { y.min },
                );
                (tick.value, tick.label.as_str(), if is_upright { down } else { across })
            })
            .collect();
        if numbered.is_empty() {
            found.push(format!("{extent:?} has no number at all"));
        }
        found.extend(tick_faults(&numbered, extent));
        for (_, label, place) in numbered {
            let stands = drawn.texts.iter().any(|text| {
                let centre = if is_upright { text.y + 0.45 * text.height } else { text.x + text.width / 2.0 };
                text.text == label && (centre - place).abs() < 0.1
            });
            if !stands {
                found.push(format!("the label {label} does not stand at its tick"));
            }
        }
    }
    found
}

#[test]
fn samples_look_as_they_did() {
    let mut pictures = vec![("phases-800-dark".to_owned(), &Theme::DARK, samples::all().remove(0), 800.0)];
    for figure in samples::all() {
        for width in [320.0, 800.0] {
            pictures.push((format!("{}-{width}-light", figure.id), &Theme::LIGHT, figure.clone(), width));
        }
    }
    let changed: Vec<String> = pictures
        .into_iter()
        .filter_map(|(name, theme, figure, width)| snapshot::change(&name, &render(&figure, width, theme).1))
        .collect();
    assert!(
        changed.is_empty(),
        "these look different: compare the pictures. To accept them:\n{}",
        changed.join("\n")
    );
}

#[test]
fn samples_have_readable_texts_that_neither_overlap_nor_leave_the_frame() {
    for figure in samples::all() {
        for width in WIDTHS {
            for theme in [Theme::LIGHT, Theme::DARK] {
                let (drawn, _) = render(&figure, width, &theme);
                assert_eq!(faults(&drawn), Vec::<String>::new(), "{} at {width}", figure.id);
                assert_eq!(axis_faults(&figure, width, &drawn), Vec::<String>::new(), "{}", figure.id);
            }
        }
    }
}

#[test]
fn every_name_is_written_somewhere() {
    for figure in samples::all() {
        for width in WIDTHS {
            let (drawn, _) = render(&figure, width, &Theme::LIGHT);
            let words: Vec<&str> = drawn.texts.iter().map(|text| text.text.as_str()).collect();
            let all = words.join(" ");
            for layer in &figure.layers {
                let name = match layer {
                    Layer::Line { label: Some(label), .. }
                    | Layer::HLine { label: Some(label), .. }
                    | Layer::Marker { label: Some(label), x: 0.8..=2.9, .. } => label,
                    Layer::Region { long, .. } => long,
                    _ => continue,
                };
                assert!(all.contains(name.as_str()), "{name} of {} at {width}: {all}", figure.id);
            }
            if let Scale::Rows(names) = figure.y.scale {
                let missing = names.iter().find(|name| !words.contains(name));
                assert_eq!(missing, None, "rows of {} at {width}", figure.id);
            }
        }
    }
}

#[test]
fn a_regions_name_stays_inside_its_region() {
    for width in WIDTHS {
        let figure = samples::phases("phases", (0.0, 3.0), (-3.0, 1.0));
        let (drawn, _) = render(&figure, width, &Theme::LIGHT);
        let rooms: Vec<(Rgb, Rect)> = figure
            .layers
            .iter()
            .filter_map(|layer| match layer {
                Layer::Region { x, y, width, height, on, .. } => {
                    let (width, height) = (width * drawn.plot.width, height * drawn.plot.height);
                    Some((*on, Rect::around(drawn.area.pixel(*x, *y), width, height)))
                }
                _ => None,
            })
            .collect();
        let mut written = 0;
        for text in drawn.texts.iter().filter(|text| text.ground != Theme::LIGHT.background) {
            let rect = Rect { left: text.x, top: text.y, width: text.width, height: text.height };
            let is_home = rooms.iter().any(|(on, room)| *on == text.ground && rect.is_within(room));
            assert!(is_home, "“{}” left its region at {width}", text.text);
            written += 1;
        }
        assert!(written >= 4, "only {written} names at {width}");
    }
}

#[test]
fn no_name_covers_the_crosshair() {
    for width in WIDTHS {
        let figure = samples::phases("phases", (0.0, 3.0), (-3.0, 1.0));
        let (drawn, _) = render(&figure, width, &Theme::LIGHT);
        let ring = Rect::around(drawn.handles[0], 24.0, 24.0);
        for text in &drawn.texts {
            let rect = Rect { left: text.x, top: text.y, width: text.width, height: text.height };
            assert!(!rect.overlaps(&ring), "“{}” covers the crosshair at {width}", text.text);
        }
    }
}

#[test]
fn svg_is_well_formed_and_fit_for_a_strict_policy() {
    for mut figure in samples::all() {
        figure.title = "a < b & \"c\" \u{1}".to_owned();
        let (_, svg) = render(&figure, 800.0, &Theme::DARK);
        let document = roxmltree::Document::parse(&svg).expect("well-formed XML");
        let root = document.root_element();
        let child = |name: &str| {
            let found = root.children().find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", name)));
            found.and_then(|node| node.text().map(str::to_owned))
        };
        assert_eq!(child("title").as_deref(), Some("a < b & \"c\" \u{fffd}"));
        assert_eq!(child("desc").as_deref(), Some(figure.alt.as_str()));
        for node in document.descendants().filter(roxmltree::Node::is_element) {
            assert!(
                ["svg", "title", "desc", "rect", "path", "circle", "text", "image"]
                    .contains(&node.tag_name().name())
            );
            for attribute in node.attributes() {
                assert!(attribute.name() != "style" && !attribute.name().starts_with("on"));
                if attribute.name() == "href" {
                    assert!(attribute.value().starts_with("data:image/png;base64,"));
                }
            }
        }
    }
}

#[test]
fn pictures_survive_the_svg() {
    let figure = &samples::all()[5];
    let (_, svg) = render(figure, 800.0, &Theme::LIGHT);
    let Layer::Raster { columns, rows, rgba } = &figure.layers[0] else { panic!("a raster") };
    let expected: Vec<u8> = rgba.chunks(4).flat_map(|pixel| pixel[..3].to_vec()).collect();
    let first = snapshot::pictures(&svg).remove(0);
    assert_eq!(first, (*columns, *rows, expected));
}

#[test]
fn fails_with_a_sentence_and_draws_nothing() {
    let good = samples::all().remove(2);
    let mut surface = SvgSurface::new();
    let mut failure = |figure: &Figure, width: f64| {
        let error = draw(&mut surface, figure, width, &Theme::LIGHT).expect_err("not drawable");
        assert!(error.to_string().ends_with('.'), "{error}");
        error
    };
    assert_eq!(failure(&good, 50.0), DrawError::Width(50.0));
    assert!(matches!(failure(&good, f64::NAN), DrawError::Width(_)));
    for (min, max, scale) in [
        (1.0, 1.0, Scale::Linear),
        (2.0, 1.0, Scale::Linear),
        (0.0, f64::NAN, Scale::Linear),
        (f64::MIN, f64::MAX, Scale::Linear),
        (0.0, 1.0, Scale::Log),
    ] {
        let mut figure = good.clone();
        figure.x = samples::axis("x", min, max, scale);
        assert!(matches!(failure(&figure, 400.0), DrawError::Axis { .. }));
    }
    let mut figure = good;
    figure.layers.push(Layer::Raster { columns: 2, rows: 2, rgba: vec![0; 12].into() });
    assert_eq!(failure(&figure, 400.0), DrawError::Raster { expected: 16, found: 12 });
    assert_eq!(surface.finish(), "");
}

#[test]
fn a_handle_outside_the_axes_waits_at_the_edge() {
    let mut figure = samples::all().remove(0);
    figure.handles[0].at = (7.0, -0.9);
    let (drawn, _) = render(&figure, 800.0, &Theme::LIGHT);
    assert_eq!(drawn.handles[0].0, drawn.plot.right());
    assert_eq!(drawn.area.nearest_data(drawn.plot.right() + 50.0, drawn.plot.top - 9.0), (3.0, 1.0));
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-zA-Zλγθ₊]{1,14}",
        1 => "[A-ZΛΩ中&<\"]{1,40}",
    ]
}

fn label(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(word(), 0..most).prop_map(|words| words.join(" "))
}

fn axis() -> impl Strategy<Value = saddlescope::charts::figure::Axis> {
    let linear = (-12.0..12.0_f64, prop::num::f64::NORMAL, -9.0..9.0_f64).prop_map(|(place, sign, span)| {
        let min = place * 10_f64.powf(span) * if sign < 0.0 { 1.0 } else { 37.0 };
        (min, min + 10_f64.powf(span), Scale::Linear)
    });
    let log = (-12.0..9.0_f64, 0.02..20.0_f64)
        .prop_map(|(from, decades)| (10_f64.powf(from), 10_f64.powf(from + decades), Scale::Log));
    (prop_oneof![linear, log], label(9))
        .prop_map(|((min, max, scale), text)| samples::axis(&text, min, max, scale))
}

/// A layer placed by fractions of the axes.
fn layer() -> impl Strategy<Value = (u8, f64, f64, f64, f64, String, String, Rgb)> {
    let place = -0.1..1.1_f64;
    let colour = any::<(u8, u8, u8)>().prop_map(|(red, green, blue)| Rgb(red, green, blue));
    (0..6_u8, place.clone(), place, 0.0..0.7_f64, 0.0..0.5_f64, label(4), "[IVab]{0,3}", colour)
}

fn any_figure() -> impl Strategy<Value = Figure> {
    let bar = prop::option::of((label(6), -1e3..1e3_f64, 1e-3..1e3_f64));
    (axis(), axis(), prop::collection::vec(layer(), 0..14), bar, 0.7..7.0_f64).prop_map(
        |(x, y, layers, bar, aspect)| {
            let (across, up) = (Extent::of(&x).expect("a range"), Extent::of(&y).expect("a range"));
            let layers = layers
                .into_iter()
                .map(|(kind, x, y, width, height, long, short, on)| {
                    let label = Some(long.clone());
                    let (ink, dash) = (Ink::Fixed(on), Dash::Dashed);
                    let (at_x, at_y) = (across.value(x), up.value(y));
                    match kind {
                        0 => Layer::Marker { x: at_x, y: at_y, mark: Mark::Crosshair, label },
                        1 => Layer::HLine { y: at_y, ink, dash, label },
                        2 => Layer::VLine { x: at_x, ink, dash, label },
                        3 => {
                            let points = vec![(across.value(0.0), up.value(height)), (at_x, at_y)];
                            Layer::Line { points, ink, width: 1.5, dash, label }
                        }
                        _ => Layer::Region { long, short, x: at_x, y: at_y, width, height, on },
                    }
                })
                .collect();
            let colour_bar = bar.map(|(label, min, span)| ColourBar {
                label,
                min,
                max: min + span,
                colours: vec![Rgb(0, 0, 0), Rgb(255, 255, 255)],
            });
            Figure {
                key: Vec::new(),
                id: "any",
                role: Role::Main,
                aspect,
                title: String::new(),
                x,
                y,
                colour_bar,
                layers,
                handles: Vec::new(),
                playable: false,
                alt: String::new(),
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_figure_has_readable_texts_apart_from_each_other_and_true_ticks(figure in any_figure()) {
        for width in WIDTHS {
            for theme in [Theme::LIGHT, Theme::DARK] {
                let (drawn, _) = render(&figure, width, &theme);
                prop_assert_eq!(faults(&drawn), Vec::<String>::new(), "at {}", width);
                prop_assert_eq!(axis_faults(&figure, width, &drawn), Vec::<String>::new(), "at {}", width);
            }
        }
    }

    #[test]
    fn pixels_and_data_are_inverse(figure in any_figure(), x in 0.0..1.0_f64, y in 0.0..1.0_f64) {
        let (drawn, _) = render(&figure, 640.0, &Theme::LIGHT);
        let pixel = (drawn.plot.left + x * drawn.plot.width, drawn.plot.top + y * drawn.plot.height);
        let (at_x, at_y) = drawn.area.data(pixel.0, pixel.1);
        let back = drawn.area.pixel(at_x, at_y);
        prop_assert!((back.0 - pixel.0).abs() < 1e-3 && (back.1 - pixel.1).abs() < 1e-3, "{:?} {:?}", pixel, back);
    }
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
                let (_, svg) = render(&figure, width, &theme);
                let file = folder.join(format!("{}-{width}-{name}.svg", figure.id));
                std::fs::write(file, svg).expect("a file of the gallery");
            }
        }
    }
}

/// The shortest of many runs, in microseconds: what it costs when nothing else runs.
fn shortest(mut work: impl FnMut()) -> f64 {
    let time = |_| {
        let start = std::time::Instant::now();
        work();
        start.elapsed().as_secs_f64() * 1e6
    };
    (0..300).map(time).fold(f64::INFINITY, f64::min)
}

/// Not a test: prints what figures cost natively.
#[test]
#[ignore = "prints timings"]
fn timing() {
    for mut figure in samples::all() {
        let whole = shortest(|| drop(render(&figure, 640.0, &Theme::LIGHT)));
        figure.layers.retain(|layer| !matches!(layer, Layer::Raster { .. }));
        let bare = shortest(|| drop(render(&figure, 640.0, &Theme::LIGHT)));
        println!("{}: {whole:.0} µs, {bare:.0} µs without its picture", figure.id);
    }
    let codes: Vec<u8> =
        (0..128 * 128).map(|index| ((index % 128) * (index / 128) / 2048 % 5) as u8).collect();
    let spots = shortest(|| drop(saddlescope::charts::region::label_spots(128, 128, &codes)));
    println!("label_spots 128²: {spots:.0} µs");
}

/// A short name may cover a piece of a curve; a long one stands in the legend instead, and in a strip on a telephone a short one too.
#[test]
fn long_names_across_curves_go_to_the_legend() {
    let place = |name: &str, aspect: f64| {
        let mut figure = samples::all().into_iter().find(|figure| figure.id == "fan").expect("a sample");
        figure.aspect = aspect;
        // A bundle of runs that leaves no place free.
        figure.layers = (0..200)
            .map(|run| Layer::Line {
                points: (0..=50).map(|t| (4.0 * f64::from(t), -28.0 + 0.25 * f64::from(run))).collect(),
                ink: Ink::Muted,
                width: 0.5,
                dash: Dash::Solid,
                label: (run == 100).then(|| name.to_owned()),
            })
            .collect();
        let (drawn, _) = render(&figure, 400.0, &Theme::LIGHT);
        let text = drawn.texts.iter().find(|text| text.text == name).expect("it is written").y;
        text < drawn.plot.bottom()
    };
    assert!(place("gradient descent", 1.5), "a short name stays in the plot");
    assert!(!place("gradient descent", 4.0), "it would hide much of the strip");
    assert!(!place("sample mean: too few runs to see the tail", 1.5));
}
