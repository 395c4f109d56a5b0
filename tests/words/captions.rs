//! Every number in a caption, an alternative text or a verdict is one that the page gives elsewhere.

use saddlescope::labs::session::Session;
use saddlescope::labs::summary::number;
use saddlescope::params::{Value, text};
use std::collections::HashSet;

/// The numbers of a text as written: digits with a point, a minus sign before and a power of ten after them.
pub fn numbers(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_digit() || c == '.' || "⁰¹²³⁴⁵⁶⁷⁸⁹⁻".contains(c);
    let mut found = Vec::new();
    let mut written = String::new();
    for c in text.replace("·10", "e10").chars().chain([' ']) {
        let joins = is_part(c)
            || (c == 'e' && !written.is_empty() && !written.contains('e'))
            || (c == '−' && written.is_empty());
        // A digit right after a letter belongs to a name: L₂ is none, but z1 would be.
        if joins {
            written.push(c);
            continue;
        }
        let one = written.trim_end_matches(['.', 'e']);
        if one.chars().any(|c| c.is_ascii_digit()) {
            found.push(one.replace('e', "·"));
        }
        written.clear();
    }
    found
}

/// A number as it may be written: with one to six digits, with or without its sign.
fn spellings(value: f64) -> impl Iterator<Item = String> {
    (1..=6)
        .flat_map(move |digits| [value, value.abs(), -value].map(|one| number(one, digits)))
        .flat_map(|text| numbers(&text))
}

/// Everything that the page gives as a number: the summary, the parameters, the data tables.
fn given(session: &Session) -> HashSet<String> {
    let summary = session.summary();
    let mut given: HashSet<String> = HashSet::new();
    for quantity in &summary.values {
        given.extend(
            quantity.value.iter().flatten().copied().filter(|value| value.is_finite()).flat_map(spellings),
        );
        given.extend(quantity.standard_error.into_iter().flat_map(spellings));
        given.extend(numbers(&quantity.text()));
        given.extend(numbers(&quantity.method));
    }
    let exhibit = session.exhibit();
    for (index, spec) in exhibit.specs().iter().enumerate() {
        let value = exhibit.value(index);
        if let Value::Number(number) = value {
            given.extend(spellings(number));
        }
        given.extend(numbers(&text::format(spec, &value)));
    }
    for figure in session.figures() {
        given.extend(session.table(figure.id).rows.iter().flatten().flat_map(|cell| numbers(cell)));
        // What an axis shows is written at its ends.
        given
            .extend([figure.x.min, figure.x.max, figure.y.min, figure.y.max].into_iter().flat_map(spellings));
    }
    given
}

/// Fails if the verdict, a title or an alternative text has a number that is given nowhere else. `fixed` are those that
/// never change: sizes of the simulation and the like.
pub fn captions_come_from_the_summary(session: &Session, fixed: &[&str]) {
    let link = session.fragment();
    let summary = session.summary();
    let mut given = given(session);
    given.extend(fixed.iter().map(|one| (*one).to_owned()));
    for one in numbers(&format!("{} {}", summary.verdict.heading, summary.verdict.text)) {
        assert!(given.contains(&one), "{link}: the verdict says {one}: {}", summary.verdict.text);
    }
    given.extend(numbers(&summary.notes.join(" ")));
    for figure in session.figures() {
        for words in [&figure.title, &figure.alt] {
            for one in numbers(words) {
                assert!(given.contains(&one), "{link}: {} says {one}: {words}", figure.id);
            }
        }
    }
}

#[test]
fn numbers_are_found_as_they_are_written() {
    assert_eq!(numbers("Λ = −0.112 is 2·10³¹, p* = 12. No 1; L₂ −3."), ["−0.112", "2·10³¹", "12", "1", "−3"]);
}
