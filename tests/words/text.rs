//! The words of a lab as its `text.md` has them: the opening, and the steps with their links.

use saddlescope::labs::session::Session;

/// The paragraph before the formula, and the steps after it, which are numbered from 1.
pub fn parts(text: &str) -> (String, Vec<String>) {
    let mut pieces = text.split("$$");
    let opening = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.nth(1).expect("one formula between $$");
    let mut steps: Vec<String> = Vec::new();
    for line in rest.lines() {
        let number = line.split_once(". ").and_then(|(number, _)| number.parse::<usize>().ok());
        if let Some(number) = number {
            assert_eq!(number, steps.len() + 1, "steps are numbered from 1");
            steps.push(line.to_owned());
        } else if let Some(step) = steps.last_mut() {
            step.push(' ');
            step.push_str(line.trim());
        }
    }
    (opening, steps)
}

/// The one link of a step: the words that are clicked, and what they set.
pub fn link(step: &str) -> (&str, &str) {
    let (before, after) = step.split_once("](set:").expect("a step sets something");
    assert!(!after.contains("](set:"), "one thing at a time: {step}");
    (before.rsplit_once('[').expect("a link begins").1, after.split_once(')').expect("it ends").0)
}

/// What is read aloud: the words, without the targets of links.
fn words(text: &str) -> usize {
    let spoken: String = text
        .split("](")
        .enumerate()
        .map(|(i, piece)| if i == 0 { piece } else { piece.split_once(')').map_or("", |(_, rest)| rest) })
        .collect();
    spoken.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

/// Short enough: an opening of 80 words, three to five steps, and all read aloud in 60 s at 170 words a minute.
pub fn is_short(text: &str) {
    let (opening, steps) = parts(text);
    let (first, all) =
        (words(&opening), words(&opening) + steps.iter().map(|step| words(step)).sum::<usize>());
    assert!((20..=80).contains(&first), "{first} words");
    assert!((3..=5).contains(&steps.len()), "{} steps", steps.len());
    assert!(all <= 170, "{all} words take more than a minute");
    assert!(!opening.contains("](set:"), "what is clicked is in the steps");
}

/// Every term of the glossary is explained in the opening.
pub fn explains_every_term(text: &str) {
    let (opening, _) = parts(text);
    for term in ["saddle", "batch", "exponent", "in-probability", "in-mean-square"] {
        assert!(opening.contains(&format!("](term:{term})")), "{term}");
    }
}

/// The numbers in a link's words are those that it sets.
pub fn steps_say_what_they_set(text: &str) {
    for step in parts(text).1 {
        let (words, query) = link(&step);
        for said in
            words.replace('\u{2212}', "-").split([' ', ',']).filter(|word| word.parse::<f64>().is_ok())
        {
            assert!(
                query.split('&').any(|pair| pair.ends_with(&format!("={said}"))),
                "“{words}” sets {query}"
            );
        }
    }
}

/// The sessions after a step, from each of these links: whatever the reader did before, the sentence must be true.
pub fn after(step: &str, befores: &[String]) -> Vec<Session> {
    let query = link(step).1;
    let made = befores.iter().map(|before| {
        let mut session = Session::new(before);
        assert_eq!(session.problems(), [], "{before}");
        session.merge(query);
        assert_eq!(session.problems(), [], "{query} from {before}");
        let once = session.fragment();
        session.merge(query);
        assert_eq!(once, session.fragment(), "{query} twice is {query} once");
        session
    });
    made.collect()
}
