//! Links that were given away open the same state for ever: `tests/published_links.txt` is only ever added to.
//!
//! Each entry is a line with a link and a line `= lab key=value …` with the lab and the value of every parameter and
//! switch that there was when the link was recorded, so that a changed default is noticed too. A line `! key …` names the
//! keys of what the link says wrong. To add a link, write it down and run the test: it prints the lines that belong below.

use saddlescope::labs::session::Session;
use saddlescope::labs::{CATALOGUE, IDS, stability};
use saddlescope::params::{ParamSet, text};
use std::collections::HashSet;

const FILE: &str = include_str!("published_links.txt");

struct Entry<'a> {
    link: &'a str,
    state: Option<&'a str>,
    problems: Option<&'a str>,
}

fn entries() -> Vec<Entry<'static>> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in FILE.lines() {
        match (line.split_once(' '), entries.last_mut()) {
            (Some(("=", state)), Some(entry)) => entry.state = Some(state),
            (Some(("!", keys)), Some(entry)) => entry.problems = Some(keys),
            _ if line.starts_with('#') => entries.push(Entry { link: line, state: None, problems: None }),
            _ => assert!(
                line.is_empty() || line.starts_with("//"),
                "“{line}” is no link, no state, no comment"
            ),
        }
    }
    entries
}

/// `lab key=value …` of an open link.
fn state(session: &Session) -> String {
    let exhibit = session.exhibit();
    let lab = if session.catalogue() { CATALOGUE } else { exhibit.about().id };
    let mut state = lab.to_owned();
    let mut add = |key: &str, value: String| state.extend([" ", key, "=", &value]);
    if !session.catalogue() {
        for (index, spec) in exhibit.specs().iter().enumerate() {
            add(spec.key, text::format(spec, &exhibit.value(index)));
        }
    }
    let view = session.view();
    for (index, spec) in saddlescope::params::fragment::View::specs().iter().enumerate() {
        add(spec.key, text::format(spec, &view.value(index)));
    }
    state
}

fn problems(session: &Session) -> String {
    let keys: Vec<&str> = session
        .problems()
        .iter()
        .map(|problem| if problem.key.is_empty() { "link" } else { &problem.key })
        .collect();
    keys.join(" ")
}

#[test]
fn every_published_link_opens_what_it_opened() {
    let entries = entries();
    assert!(entries.len() >= 60, "{} links: none is ever taken away", entries.len());
    let mut wrong = Vec::new();
    for Entry { link, state: recorded, problems: keys } in entries {
        let session = Session::new(link);
        let (now, problems) = (state(&session), problems(&session));
        let Some(recorded) = recorded else {
            wrong.push(format!(
                "{link}\n= {now}{}",
                if problems.is_empty() { String::new() } else { format!("\n! {problems}") }
            ));
            continue;
        };
        // Parameters that came later are not in the record.
        let present: HashSet<&str> = now.split(' ').collect();
        let missing: Vec<&str> = recorded.split(' ').filter(|pair| !present.contains(pair)).collect();
        let same_lab = recorded.split(' ').next() == now.split(' ').next();
        if !missing.is_empty() || !same_lab || keys.unwrap_or("") != problems {
            wrong.push(format!("{link}\nno longer has {missing:?}; it is\n= {now}\n! {problems}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_published_state_survives_its_own_new_link() {
    for Entry { link, .. } in entries() {
        let first = Session::new(link);
        let again = Session::new(&first.fragment());
        assert_eq!(state(&again), state(&first), "{link}");
        assert!(again.problems().is_empty(), "{link}: its own link has problems");
    }
}

#[test]
fn every_lab_preset_and_law_has_a_published_link() {
    let states: Vec<String> = entries().iter().map(|entry| state(&Session::new(entry.link))).collect();
    for id in IDS {
        let session = Session::new(id);
        for preset in session.exhibit().presets() {
            let link = session.preset_fragment(preset.id).expect("a preset has a link");
            assert!(states.contains(&state(&Session::new(&link))), "#{link} is not published");
        }
    }
    for law in stability::parameters::Params::specs().iter().filter(|spec| spec.key == "law") {
        let saddlescope::params::Domain::Choice { names } = law.domain else { panic!("law is a choice") };
        for (lab, name) in
            ["phases", "stability"].iter().flat_map(|lab| names.iter().map(move |name| (lab, name)))
        {
            let found = states.iter().any(|state| {
                state.starts_with(&format!("{lab} ")) && state.contains(&format!(" law={name} "))
            });
            assert!(found, "no published link opens {lab} with law={name}");
        }
    }
}
