//! Parameters and links: round trips, arbitrary text, and the exact sentences for every kind of mistake.
// The standard library's functions are the independent route here.
#![allow(clippy::disallowed_methods)]

use proptest::prelude::*;
use saddlescope::labs::phases::parameters::{AxisName, Params, check};
use saddlescope::labs::{self, IDS, session::Session};
use saddlescope::params::data::Shape;
use saddlescope::params::fragment::{self, LONGEST};
use saddlescope::params::text::{self, format, parse};
use saddlescope::params::{Data, Domain, ParamSet, ParamSpec, Value};

/// A value of the domain, from three random numbers in [0, 1).
fn value_of(spec: &ParamSpec, u: [f64; 3]) -> Value {
    if spec.optional && u[2] < 0.3 {
        return Value::Absent;
    }
    match spec.domain {
        Domain::Linear { min, max } => Value::Number((min + u[0] * (max - min)).clamp(min, max)),
        Domain::Log { min, max } => Value::Number((min * (max / min).powf(u[0])).clamp(min, max)),
        Domain::Int { min, max, .. } => Value::Integer(min + (u[0] * (max - min) as f64) as u64),
        Domain::Toggle => Value::Toggle(u[0] < 0.5),
        Domain::Choice { names } => Value::Choice((u[0] * names.len() as f64) as usize),
        Domain::Subset { names } => Value::Subset((u[0] * (1u64 << names.len()) as f64) as u64),
        Domain::List { min, max, max_len } => {
            let count = 1 + (u[1] * max_len as f64) as usize;
            Value::List(
                (0..count)
                    .map(|i| (min + (u[0] * (i + 1) as f64).fract() * (max - min)).clamp(min, max))
                    .collect(),
            )
        }
        Domain::Data { axes } => {
            let axes = &[1 + (u[1] * 20.0) as usize, 3, 3][..axes[0]];
            let shape = Shape::new(axes).unwrap();
            let numbers = (0..shape.count()).map(|i| (u[0] * (i + 1) as f64).fract() - 0.5).collect();
            Value::Data(Data::new(shape, numbers).unwrap())
        }
    }
}

/// Whether a value lies in its domain.
fn inside(spec: &ParamSpec, value: &Value) -> bool {
    match (spec.domain, value) {
        (_, Value::Absent) => spec.optional,
        (Domain::Linear { min, max } | Domain::Log { min, max }, Value::Number(x)) => *x >= min && *x <= max,
        (Domain::Int { min, max, .. }, Value::Integer(x)) => *x >= min && *x <= max,
        (Domain::Choice { names }, Value::Choice(index)) => *index < names.len(),
        (Domain::List { min, max, max_len }, Value::List(list)) => {
            !list.is_empty() && list.len() <= max_len && list.iter().all(|x| *x >= min && *x <= max)
        }
        (Domain::Toggle, Value::Toggle(_)) => true,
        (Domain::Data { axes }, Value::Data(data)) => axes.contains(&data.shape().axes().len()),
        (Domain::Subset { names }, Value::Subset(bits)) => *bits >> names.len() == 0,
        _ => false,
    }
}

fn assert_inside(p: &Params) {
    for (index, spec) in Params::specs().iter().enumerate() {
        assert!(inside(spec, &p.value(index)), "{} = {:?} is outside its domain", spec.key, p.value(index));
    }
}

proptest! {
    #[test]
    fn every_value_reads_back_as_itself(index in 0..Params::specs().len(), u in [0.0..1.0, 0.0..1.0, 0.0..1.0]) {
        let spec = &Params::specs()[index];
        let value = value_of(spec, u);
        prop_assert!(inside(spec, &value));
        prop_assert_eq!(parse(spec, &format(spec, &value)), Ok(value.clone()));
        let mut p = Params::default();
        prop_assert!(p.put(index, &value));
        prop_assert_eq!(p.value(index), value);
    }

    #[test]
    fn every_state_reads_back_from_its_link(u in prop::collection::vec([0.0..1.0, 0.0..1.0, 0.0..1.0], Params::specs().len())) {
        let mut p = Params::default();
        for (index, spec) in Params::specs().iter().enumerate() {
            p.put(index, &value_of(spec, u[index]));
        }
        check(&mut p);
        prop_assert!(check(&mut p.clone()).is_empty(), "a repaired state needs no repair");
        let link = fragment::write("phases", 1, &p, &fragment::View::default());
        let (lab, query) = fragment::split(&link);
        prop_assert_eq!(lab, "phases");
        let read = fragment::read::<Params>(query, 1, &[]);
        prop_assert_eq!(read.problems, vec![]);
        prop_assert_eq!(read.params, p);
    }

    #[test]
    fn arbitrary_text_never_panics_nor_leaves_a_domain(text in "\\PC{0,200}") {
        let read = fragment::read::<Params>(&text, 1, &[]);
        assert_inside(&read.params);
        let session = Session::new(&text);
        prop_assert!(Session::new(&session.fragment()).problems().is_empty(), "the link of any state is a good one");
    }

    #[test]
    fn almost_good_links_never_panic_nor_leave_a_domain(
        pairs in prop::collection::vec((0..Params::specs().len(), "[-+0-9.,eE∞a-z%&=]{0,24}"), 0..12)
    ) {
        let text: Vec<String> = pairs.iter().map(|(index, text)| format!("{}={text}", Params::specs()[*index].key)).collect();
        let mut read = fragment::read::<Params>(&text.join("&"), 1, &[]);
        check(&mut read.params);
        assert_inside(&read.params);
        prop_assert!(read.problems.len() <= 13);
    }

    #[test]
    fn slider_positions_come_back(index in 0..Params::specs().len(), u in 0.0..1.0f64) {
        let spec = &Params::specs()[index];
        if let Some(value) = text::at_slider_position(&spec.domain, u) {
            prop_assert!(inside(spec, &value));
            let back = text::slider_position(&spec.domain, &value).unwrap();
            // A value is rounded to about a 400th of the slider; whole numbers to half a unit.
            let slack = if let Domain::Int { min, max, log } = spec.domain {
                if log { 0.15 } else { 1.0 / (max - min) as f64 }
            } else { 1.0 / 150.0 };
            prop_assert!((back - u).abs() <= slack, "{}: {u} became {back}", spec.key);
        }
    }
}

/// A link and all the sentences that it must give.
#[test]
fn each_kind_of_mistake_has_its_sentence() {
    let cases: &[(&str, &[&str])] = &[
        ("phases?lr=abc", &["lr: “abc” is not a number from 0.001 to 100; 0.8 is used instead."]),
        ("phases?lr=-1", &["lr: “-1” is not a number from 0.001 to 100; 0.8 is used instead."]),
        ("phases?lr=NaN", &["lr: “NaN” is not a number from 0.001 to 100; 0.8 is used instead."]),
        ("phases?lr=1e999", &["lr: “1e999” is not a number from 0.001 to 100; 0.8 is used instead."]),
        ("phases?lr=", &["lr: “” is not a number from 0.001 to 100; 0.8 is used instead."]),
        ("phases?batch=2.5", &["batch: “2.5” is not a whole number from 1 to 4096; 1 is used instead."]),
        ("phases?batch=4097", &["batch: “4097” is not a whole number from 1 to 4096; 1 is used instead."]),
        (
            "phases?law=cauchy",
            &[
                "law: “cauchy” is not one of two-point, discrete, gaussian, uniform, teacher, data; two-point is used instead.",
            ],
        ),
        ("phases?foo=1", &["foo: there is no such parameter; it was ignored."]),
        ("phases?lr=1&lr=2", &["lr: given more than once; the last one counts."]),
        (
            "phases?v=7&lr=2",
            &["v: “7” is not a version this page knows (it knows 1); the defaults are used instead."],
        ),
        (
            "phases?hide=nav,cookies",
            &[
                "hide: “cookies” is not one of nav, controls, text, presets, sides; its own default is used instead.",
            ],
        ),
        ("phases?theme=blue", &["theme: “blue” is not one of auto, light, dark; auto is used instead."]),
        (
            "phases?law=discrete&values=1,2&probs=0.5,0.4",
            &[
                "values, probs: The probabilities sum to 0.9; they must sum to 1 (within 1e-9); the defaults 1,0.2,-0.9 with 0.4,0.2,0.4 are used instead.",
            ],
        ),
        (
            "phases?values=1,x",
            &["values: entry 2, “x” is not a number from -1e6 to 1e6; 1,0.2,-0.9 is used instead."],
        ),
        (
            "phases?law=gaussian&y=a",
            &[
                "y: “a” is no parameter of this law, allowed are lr, std, mean, decay, batch; std is used instead.",
            ],
        ),
        (
            "phases?x=a&y=a",
            &["x: “a” is the other axis already, allowed are lr, a, q, decay, batch; lr is used instead."],
        ),
        ("phases?x0=2&x1=1", &["x0, x1: the axis cannot run from 2 to 1; 0 to 3 is used instead."]),
        (
            "phases?x0=-5",
            &["x0: “-5” is not a number from 0 to 100 (linear axis of learning rate); 0 is used instead."],
        ),
        (
            "phases?lr=<script>alert(1)</script>",
            &["lr: “<script>alert(1)</script>” is not a number from 0.001 to 100; 0.8 is used instead."],
        ),
        ("phases?lr=%2D1", &["lr: “-1” is not a number from 0.001 to 100; 0.8 is used instead."]),
    ];
    for (link, sentences) in cases {
        let session = Session::new(link);
        let found: Vec<&str> = session.problems().iter().map(|problem| problem.text.as_str()).collect();
        assert_eq!(&found, sentences, "{link}");
    }
    let found = Session::new("nonsense?lr=2").problems()[0].text.clone();
    assert_eq!(found, format!("There is no lab “nonsense”. The labs are: {}.", IDS.join(", ")));
}

#[test]
fn good_links_give_no_warning() {
    for link in [
        "",
        "phases",
        "#phases?v=1",
        "phases?v=1&lr=1.2&a=\u{2212}0.5",
        "lr=2",
        "phases?law=teacher&noise=3&ylog=1&y0=0.1",
        "phases?values=1,2",
    ] {
        let session = Session::new(link);
        assert_eq!(session.problems(), [], "{link}");
    }
    assert_eq!(Session::new("phases?a=\u{2212}0.5").fragment(), "phases?v=1&a=-0.5");
}

#[test]
fn the_list_of_labs_has_a_link_with_the_switches_and_no_parameters() {
    let list = Session::new("#labs?theme=dark&lr=2&hide=nav");
    assert!(list.catalogue());
    assert_eq!(list.problems(), []);
    assert_eq!(list.fragment(), "labs?hide=nav&theme=dark");
    assert_eq!(list.lab_fragment("phases"), "phases?v=1&hide=nav&theme=dark");
    assert_eq!(Session::new("labs").fragment(), "labs");
    // A lab that does not exist is the list too; what the fallback lab would complain about is not said.
    let unknown = Session::new("nonsense?lr=banana&theme=dark");
    assert!(unknown.catalogue());
    assert_eq!(unknown.problems().len(), 1);
    assert_eq!(unknown.fragment(), "labs?theme=dark");
    assert_eq!(unknown.exhibit().link(unknown.view()), "phases?v=1&theme=dark");

    let mut session = Session::new("phases?lr=2&theme=dark");
    assert!(!session.catalogue());
    assert_eq!(session.lab_fragment("labs"), "labs?theme=dark");
    session.open("labs");
    assert!(session.catalogue());
    session.open("");
    assert!(!session.catalogue());
}

#[test]
fn every_lab_is_listed_compiled_in_and_opens_at_the_link_that_menus_have() {
    assert!(labs::compiled().eq(labs::IDS.iter().copied()), "natively all groups are there");
    let features = include_str!("../Cargo.toml");
    for lab in labs::LABS {
        assert!(
            features.contains(&format!("\n{} = [\"labs\"]\n", lab.group)),
            "{}: no such feature",
            lab.group
        );
        let mut session = Session::new("#labs?theme=dark");
        let link = session.lab_fragment(lab.about.id);
        session.open(&link);
        assert_eq!((session.exhibit().about().id, session.problems()), (lab.about.id, &[][..]));
        assert_eq!(session.fragment(), link);
    }
}

#[test]
fn a_very_long_link_gets_a_sentence() {
    let session = Session::new(&format!("phases?values={}", "1,".repeat(LONGEST)));
    assert_eq!(session.fragment(), "phases?v=1");
    assert!(session.problems()[0].text.starts_with("The link is "), "{}", session.problems()[0].text);
}

#[test]
fn a_refused_value_changes_nothing() {
    let mut session = Session::new("phases?lr=2");
    session.set("lr", "-3");
    assert_eq!(session.fragment(), "phases?v=1&lr=2");
    assert_eq!(
        session.problems()[0].text,
        "learning rate: “-3” is not a number from 0.001 to 100; it stays 2."
    );
    session.set("lr", "3");
    assert_eq!(session.problems(), []);
    assert_eq!(session.fragment(), "phases?v=1&lr=3");
}

#[test]
fn presets_are_good_links() {
    let session = Session::new("");
    let mut seen = Vec::new();
    for preset in session.exhibit().presets() {
        let link = session.preset_fragment(preset.id).unwrap();
        let opened = Session::new(&link);
        assert_eq!(opened.problems(), [], "{}", preset.id);
        assert_eq!(opened.fragment(), link);
        assert!(!seen.contains(&link), "two presets are the same");
        seen.push(link);
    }
}

#[test]
fn axes_follow_the_law() {
    let p = |link: &str| fragment::read::<Params>(link, 1, &[]).params;
    assert_eq!(p("").plane_names(), (AxisName::Lr, AxisName::A));
    assert_eq!(p("law=gaussian").plane_names(), (AxisName::Lr, AxisName::Std));
    assert_eq!(p("law=teacher&x=noise").plane_names(), (AxisName::Noise, AxisName::Lr));
}

mod versions {
    use super::*;
    use saddlescope::params;
    use saddlescope::params::fragment::{Migration, Pair};

    params! {
        /// Parameters of a lab whose links are at their third version.
        pub struct Third {
            /// Called `rate` in the first version, and given in percent until the second.
            lr: f64 = 0.5, ParamSpec::new("learning rate", "λ", Domain::Linear { min: 0.0, max: 10.0 });
            /// The same in every version.
            batch: u32 = 1, ParamSpec::new("batch size", "S", Domain::Int { min: 1, max: 100, log: true });
        }
    }

    fn renamed(pairs: Vec<Pair>) -> Vec<Pair> {
        pairs
            .into_iter()
            .map(|(key, text)| (if key == "rate" { "lr".to_owned() } else { key }, text))
            .collect()
    }

    fn no_percent(pairs: Vec<Pair>) -> Vec<Pair> {
        let one = |(key, text): Pair| match (key.as_str(), text.parse::<f64>()) {
            ("lr", Ok(percent)) => (key, (percent / 100.0).to_string()),
            _ => (key, text),
        };
        pairs.into_iter().map(one).collect()
    }

    const STEPS: &[Migration] = &[renamed, no_percent];

    fn read(query: &str) -> fragment::Link<Third> {
        fragment::read(query, 3, STEPS)
    }

    #[test]
    fn a_link_of_every_version_opens_as_what_it_meant() {
        for query in [
            "v=1&rate=80&batch=4",
            "batch=4&rate=80&v=1",
            "v=2&lr=80&batch=4",
            "v=3&lr=0.8&batch=4",
            "lr=0.8&batch=4",
        ] {
            let link = read(query);
            assert_eq!(link.problems, vec![], "{query}");
            assert_eq!((link.params.lr, link.params.batch), (0.8, 4), "{query}");
        }
    }

    #[test]
    fn a_step_is_taken_once_and_only_from_its_version() {
        // in the second version there was no `rate` any more
        assert_eq!(read("v=2&rate=80").problems[0].key, "rate");
        assert_eq!(read("v=2&lr=80").params.lr, 0.8);
        // what a step cannot read stays, and is reported as the newest version would
        let link = read("v=1&rate=fast");
        assert_eq!((link.params.lr, link.problems.len(), link.problems[0].key.as_str()), (0.5, 1, "lr"));
    }

    #[test]
    fn a_version_that_no_step_starts_from_is_not_guessed_at() {
        for version in ["0", "4", "-1", "", "x", "4294967296", "1.0"] {
            let link = read(&format!("v={version}&lr=0.8"));
            assert_eq!((link.params.lr, link.problems.len()), (0.5, 1), "v={version}");
            assert!(
                link.problems[0].text.starts_with(&format!("v: “{version}” is not a version")),
                "{}",
                link.problems[0].text
            );
        }
        // a lab that lost its steps
        assert_eq!(fragment::read::<Third>("v=1&rate=80", 3, &STEPS[1..]).problems.len(), 1);
    }
}

#[test]
fn numbers_on_the_page_have_the_digits_that_are_asked_for() {
    for (value, digits, text) in [
        (9.9996, 4, "10.00"),
        (0.99996, 4, "1.000"),
        (9.999, 4, "9.999"),
        (999_999.6, 4, "1.000·10⁶"),
        (123_456.0, 4, "123456"),
        (-0.000_123_45, 3, "−0.000123"),
        (0.000_012_345, 3, "1.23·10⁻⁵"),
        (f64::NEG_INFINITY, 4, "−∞"),
    ] {
        assert_eq!(labs::summary::number(value, digits), text, "{value} in {digits} digits");
    }
}

#[test]
fn percent_signs_that_make_no_text_stay() {
    for (link, shown) in
        [("phases?v=1&law=%ff", "%ff"), ("phases?v=1&law=caf%C3%A9", "café"), ("phases?v=1&law=a+b", "a+b")]
    {
        let session = Session::new(link);
        let problems = session.problems();
        assert!(problems.len() == 1 && problems[0].text.contains(shown), "{link}: {problems:?}");
    }
}
