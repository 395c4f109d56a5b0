//! A whole link: `lab?v=1&lr=0.8&hide=nav`, the part of the address after `#`.
//!
//! Reading never fails: what cannot be used falls back to its default and is reported in a sentence.
//! Defaults are left out when writing, `v` (the lab's parameter version) never is.

use super::{Domain, Field, ParamSet, ParamSpec, Problem, Value, text};
use crate::{choice, params};
use std::borrow::Cow;

/// The longest link that is read, in bytes: room for two full lists and every other parameter.
pub const LONGEST: usize = 16_384;
/// Most problems reported for one link; the rest are counted.
const MOST_PROBLEMS: usize = 12;

choice! {
    /// Light or dark.
    pub enum Theme {
        /// As the reader's system says.
        Auto = "auto",
        /// Light.
        Light = "light",
        /// Dark.
        Dark = "dark",
    }
}

choice! {
    /// When simulations start.
    pub enum Run {
        /// By themselves.
        Auto = "auto",
        /// At a click.
        Click = "click",
    }
}

/// Parts of the page, by their names in [`HIDEABLE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Parts(pub u64);

/// The parts of the page that a link may hide.
pub const HIDEABLE: &[&str] = &["nav", "controls", "text", "presets", "sides"];

impl Field for Parts {
    fn to_value(&self) -> Value {
        Value::Subset(self.0)
    }
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Subset(bits) = value { Some(Parts(*bits)) } else { None }
    }
}

params! {
    /// The switches of the page around the lab: the same for every lab, no part of its parameters.
    pub struct View {
        /// Parts of the page that are not shown.
        hide: Parts = Parts(0), ParamSpec::new("hidden parts", "", Domain::Subset { names: HIDEABLE });
        /// Light or dark page.
        theme: Theme = Theme::Auto, ParamSpec::new("theme", "", Domain::Choice { names: Theme::NAMES });
        /// Simulations start by themselves or at a click.
        run: Run = Run::Auto, ParamSpec::new("run", "", Domain::Choice { names: Run::NAMES });
        /// Patterns besides colours on maps.
        patterns: bool = false, ParamSpec::new("patterns", "", Domain::Toggle);
    }
}

/// What a link says.
#[derive(Clone, Debug)]
pub struct Link<P> {
    /// The lab's parameters.
    pub params: P,
    /// The page's switches.
    pub view: View,
    /// What could not be used.
    pub problems: Vec<Problem>,
}

/// A key and its text, as they stand in a link.
pub type Pair = (String, String);

/// Turns what a link of one version says into what one of the next would say: keys that were renamed, values that mean
/// something else now.
pub type Migration = fn(Vec<Pair>) -> Vec<Pair>;

/// The two halves of a fragment: the lab's name (may be empty) and the query.
pub fn split(fragment: &str) -> (&str, &str) {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    fragment.split_once('?').unwrap_or(if fragment.contains('=') { ("", fragment) } else { (fragment, "") })
}

/// Reads the query of a link for a lab whose parameter version is `version`. `migrations` lead to it from the versions before, the
/// oldest first; a link of a version that none of them starts from, or of none, is not guessed at.
pub fn read<P: ParamSet>(query: &str, version: u32, migrations: &[Migration]) -> Link<P> {
    let mut link = Link { params: P::default(), view: View::default(), problems: Vec::new() };
    if query.len() > LONGEST {
        let sentence = format!(
            "The link is {} characters long, at most {LONGEST} are read; the defaults are used instead.",
            query.len()
        );
        link.problems.push(Problem::new("", sentence));
        return link;
    }
    let mut pairs: Vec<Pair> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(key, value)| (decode(key), decode(value)))
        .collect();
    let found = pairs.iter().find(|(key, _)| key == "v").map(|(_, found)| found.clone());
    let behind = found.as_deref().map_or(Some(0), |found| steps_behind(found, version));
    if let Some(first) = behind.and_then(|behind| migrations.len().checked_sub(behind)) {
        pairs = migrations[first..].iter().fold(pairs, |pairs, step| step(pairs));
    } else {
        let found = found.unwrap_or_default();
        let found: String = found.chars().filter(|c| !c.is_control()).take(20).collect();
        let sentence = format!(
            "v: “{found}” is not a version this page knows (it knows {version}); the defaults are used instead."
        );
        link.problems.push(Problem::new("v", sentence));
        return link;
    }
    for (position, (key, value)) in pairs.iter().enumerate() {
        if key == "v" {
            continue;
        }
        if pairs[..position].iter().any(|(earlier, _)| earlier == key) {
            link.problems.push(Problem::new(
                key_shown(key).as_str(),
                format!("{}: given more than once; the last one counts.", key_shown(key)),
            ));
        }
        match (P::index(key), View::index(key)) {
            (Some(index), _) => assign(&mut link.params, index, value, &mut link.problems),
            (None, Some(index)) => assign(&mut link.view, index, value, &mut link.problems),
            (None, None) => {
                let shown = key_shown(key);
                let sentence = format!("{shown}: there is no such parameter; it was ignored.");
                link.problems.push(Problem::new(&shown, sentence));
            }
        }
    }
    shorten(&mut link.problems);
    link
}

/// How many versions the link is behind; `None` if it says no version up to this one.
fn steps_behind(found: &str, version: u32) -> Option<usize> {
    let old = found.parse().ok().filter(|old| *old >= 1)?;
    Some(version.checked_sub(old)? as usize)
}

/// Writes the link of a state.
pub fn write<P: ParamSet>(lab: &str, version: u32, params: &P, view: &View) -> String {
    let mut fragment = format!("{lab}?v={version}");
    append(&mut fragment, params);
    append(&mut fragment, view);
    fragment
}

/// Writes the link of a lab as it opens: every parameter has its default.
pub fn write_opening(lab: &str, version: u32, view: &View) -> String {
    let mut fragment = format!("{lab}?v={version}");
    append(&mut fragment, view);
    fragment
}

/// Writes the link of a page that has switches only, not a lab's parameters.
pub fn write_switches(place: &str, view: &View) -> String {
    let mut switches = String::new();
    append(&mut switches, view);
    let question = if switches.is_empty() { "" } else { "?" };
    format!("{place}{question}{}", switches.trim_start_matches('&'))
}

fn append<P: ParamSet>(fragment: &mut String, params: &P) {
    let defaults = P::default();
    for (index, spec) in P::specs().iter().enumerate() {
        let value = params.value(index);
        if value != defaults.value(index) {
            fragment.push('&');
            fragment.push_str(spec.key);
            fragment.push('=');
            fragment.push_str(&text::format(spec, &value));
        }
    }
}

/// Reads one value into field `index`; on a bad one the default is used and the problem recorded.
fn assign<P: ParamSet>(params: &mut P, index: usize, value: &str, problems: &mut Vec<Problem>) {
    let spec = &P::specs()[index];
    let fallback = P::default().value(index);
    match text::parse(spec, value) {
        Ok(value) if params.put(index, &value) => {}
        outcome => {
            let reason = outcome.err().unwrap_or_else(|| "cannot be used".to_owned());
            params.put(index, &fallback);
            let used = match text::format(spec, &fallback) {
                empty if empty.is_empty() => "its own default".to_owned(),
                text => text,
            };
            problems.push(Problem::new(spec.key, format!("{}: {reason}; {used} is used instead.", spec.key)));
        }
    }
}

fn shorten(problems: &mut Vec<Problem>) {
    if problems.len() > MOST_PROBLEMS {
        let rest = problems.len() - MOST_PROBLEMS;
        problems.truncate(MOST_PROBLEMS);
        problems.push(Problem::new("", format!("The link has {rest} more problems like these.")));
    }
}

fn key_shown(key: &str) -> String {
    let shown: String = key.chars().filter(|c| !c.is_control()).take(24).collect();
    if shown.is_empty() { "(empty key)".to_owned() } else { shown }
}

/// The text behind its percent signs; the text itself where they make no text.
fn decode(text: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
    decoded.map_or_else(|_| text.to_owned(), Cow::into_owned)
}
