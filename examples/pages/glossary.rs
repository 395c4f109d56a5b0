//! The terms that a reader may not know: `src/labs/glossary.md`, and `[saddle](term:saddle)` in a lab's text.
//!
//! A term becomes a button, its definition a popover at the end of the text: both work by touch and keyboard, without
//! script and without a style attribute.

use std::fmt::Write as _;

/// One term.
pub struct Term {
    /// Its name in links: lower case, hyphens for spaces.
    id: String,
    name: String,
    /// Markdown.
    definition: String,
}

/// All terms.
pub struct Glossary(Vec<Term>);

impl Glossary {
    /// Reads `## name` headings, each followed by its definition; what stands before the first heading is for authors.
    ///
    /// # Errors
    /// A term without a definition, one of more than two sentences, or one that stands twice.
    pub fn read(markdown: &str) -> Result<Glossary, String> {
        let mut terms: Vec<Term> = Vec::new();
        for section in markdown.split("\n## ").skip(1) {
            let (name, definition) = section.split_once('\n').unwrap_or((section, ""));
            let term = Term {
                id: name.trim().to_lowercase().replace(' ', "-"),
                name: name.trim().to_string(),
                definition: definition.split_whitespace().collect::<Vec<_>>().join(" "),
            };
            let sentences = term.definition.matches(". ").count() + 1;
            if !term.definition.ends_with('.') || sentences > 2 {
                return Err(format!("glossary: “{}” needs a definition of one or two sentences", term.name));
            }
            if terms.iter().any(|other| other.id == term.id) {
                return Err(format!("glossary: “{}” stands twice", term.name));
            }
            terms.push(term);
        }
        Ok(Glossary(terms))
    }

    fn term(&self, id: &str) -> Result<&Term, String> {
        let known = || self.0.iter().map(|term| term.id.as_str()).collect::<Vec<_>>().join(", ");
        self.0
            .iter()
            .find(|term| term.id == id)
            .ok_or_else(|| format!("the glossary has no term:{id}; it has {}", known()))
    }

    /// The start of the button of a term; `</button>` ends it.
    ///
    /// # Errors
    /// If the glossary has no such term.
    pub fn button(&self, id: &str) -> Result<String, String> {
        let Term { id, .. } = self.term(id)?;
        Ok(format!("<button type=\"button\" class=\"term\" popovertarget=\"term-{id}\">"))
    }

    /// The popovers of the terms used in a text, once each; `inline` makes HTML of a definition.
    ///
    /// # Errors
    /// If a definition is not understood.
    pub fn notes(
        &self,
        used: &[String],
        mut inline: impl FnMut(&str) -> Result<String, String>,
    ) -> Result<String, String> {
        let mut out = String::new();
        for Term { id, name, definition } in self.0.iter().filter(|term| used.contains(&term.id)) {
            let body = inline(&format!("**{name}**: {definition}"))?;
            let _ = writeln!(
                out,
                "<div popover id=\"term-{id}\" class=\"term-note\" role=\"note\" aria-label=\"{name}\">{}</div>",
                body.trim()
            );
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_projects_own_glossary_has_its_terms() {
        let glossary = Glossary::read(include_str!("../../src/labs/glossary.md")).unwrap();
        for id in ["saddle", "batch", "exponent", "in-probability", "in-mean-square"] {
            assert!(glossary.term(id).is_ok(), "{id}");
        }
    }

    #[test]
    fn a_bad_glossary_is_refused() {
        for bad in ["\n## a\n", "\n## a\nOne. Two. Three.", "\n## a\nNo end", "\n## a\nOne.\n## a\nTwo."] {
            assert!(Glossary::read(bad).is_err(), "{bad}");
        }
        assert!(Glossary::read("\n## a\nOne.").unwrap().button("b").unwrap_err().contains("term:b"));
    }

    #[test]
    fn notes_are_those_that_are_used() {
        let glossary = Glossary::read("\n## a b\nOne.\n## c\nTwo.").unwrap();
        let notes = glossary.notes(&["a-b".into()], |text| Ok(text.to_string())).unwrap();
        assert!(notes.contains("id=\"term-a-b\"") && notes.contains("**a b**: One."), "{notes}");
        assert!(!notes.contains("Two"), "{notes}");
    }
}
