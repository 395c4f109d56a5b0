//! `CITATION.cff` as BibTeX and as plain text, for the page's Cite dialog.
//!
//! Reads the part of YAML that the file uses (maps by indentation, lists, plain and quoted scalars, `>-`), and
//! refuses every line that it does not understand rather than citing something wrong.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

/// `{software, paper, papers}`: what the page shows; `papers` by arXiv number.
pub fn json(cff: &str) -> Result<String, String> {
    let root = yaml(cff)?;
    let paper = &root["preferred-citation"];
    let mut papers = Map::new();
    let references = root.get("references").and_then(Value::as_array);
    for reference in std::iter::once(paper).chain(references.into_iter().flatten()) {
        if let Some(number) = arxiv(reference) {
            papers.insert(number, cited(reference)?);
        }
    }
    Ok(json!({ "software": cited(&root)?, "paper": cited(paper)?, "papers": papers }).to_string())
}

fn text<'a>(entry: &'a Value, key: &str) -> Result<&'a str, String> {
    entry[key].as_str().ok_or_else(|| format!("CITATION.cff: “{key}” is missing"))
}

/// The arXiv number among the identifiers.
fn arxiv(entry: &Value) -> Option<String> {
    let numbers = entry["identifiers"].as_array()?;
    numbers.iter().find_map(|one| one["value"].as_str()?.strip_prefix("arXiv:").map(String::from))
}

fn authors(entry: &Value) -> Result<Vec<(String, String)>, String> {
    let list =
        entry["authors"].as_array().filter(|list| !list.is_empty()).ok_or("CITATION.cff: no authors")?;
    list.iter()
        .map(|one| match one["name"].as_str() {
            Some(name) => Ok((name.to_string(), String::new())),
            None => Ok((text(one, "family-names")?.to_string(), text(one, "given-names")?.to_string())),
        })
        .collect()
}

fn cited(entry: &Value) -> Result<Value, String> {
    let title = text(entry, "title")?;
    let authors = authors(entry)?;
    let tex_authors: Vec<_> = authors
        .iter()
        .map(|(family, given)| {
            if given.is_empty() {
                format!("{{{}}}", tex(family))
            } else {
                format!("{}, {}", tex(family), tex(given))
            }
        })
        .collect();
    let names: Vec<_> =
        authors.iter().map(|(family, given)| format!("{given} {family}").trim().to_string()).collect();
    let year = entry["year"].as_str();
    let version = entry["version"].as_str();
    let number = arxiv(entry);
    let key = match (&number, year) {
        (Some(_), Some(year)) => format!("{}{year}", authors[0].0.to_lowercase()),
        _ => title.to_lowercase(),
    };
    let mut fields = vec![("title", format!("{{{}}}", tex(title))), ("author", tex_authors.join(" and "))];
    fields.extend(year.map(|year| ("year", year.to_string())));
    fields.extend(
        number.iter().flat_map(|number| [("eprint", number.clone()), ("archivePrefix", "arXiv".to_string())]),
    );
    fields.extend(version.map(|version| ("version", version.to_string())));
    fields.extend(entry["url"].as_str().map(|url| ("url", url.to_string())));
    let kind = if version.is_some() { "software" } else { "misc" };
    let mut bibtex = format!("@{kind}{{{key},\n");
    for (field, value) in fields {
        let _ = writeln!(bibtex, "  {field:<13} = {{{value}}},");
    }
    bibtex.push_str("}\n");

    let mut plain = format!("{}. {title}", names.join(", "));
    if let Some(version) = version {
        let _ = write!(plain, ", version {version}");
    }
    plain.push('.');
    if let Some(number) = &number {
        let _ = write!(plain, " arXiv:{number}");
        plain.push_str(&year.map_or(".".to_string(), |year| format!(", {year}.")));
    }
    if let Some(url) = entry["url"].as_str() {
        let _ = write!(plain, " {url}");
    }
    Ok(json!({ "bibtex": bibtex, "text": plain }))
}

/// A text with the signs that TeX reads as its own written so that it prints them.
fn tex(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if "&%$#_{}".contains(c) {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

// ---- the part of YAML that the file uses ----

struct Line<'a> {
    indent: usize,
    text: &'a str,
}

fn yaml(source: &str) -> Result<Value, String> {
    let lines: Vec<_> = source
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .map(|line| Line { indent: line.len() - line.trim_start().len(), text: line.trim() })
        .collect();
    let mut at = 0;
    let value = block(&lines, &mut at, 0)?;
    match lines.get(at) {
        Some(line) => Err(refused(line.text)),
        None => Ok(value),
    }
}

fn refused(line: &str) -> String {
    format!("CITATION.cff: “{line}” is not understood")
}

/// The map or list whose lines have this indentation.
fn block(lines: &[Line], at: &mut usize, indent: usize) -> Result<Value, String> {
    let mut map = Map::new();
    let mut list = Vec::new();
    while let Some(line) = lines.get(*at).filter(|line| line.indent >= indent) {
        if line.indent > indent {
            return Err(refused(line.text));
        }
        if let Some(item) = line.text.strip_prefix("- ") {
            if item.contains(": ") || item.ends_with(':') {
                // A map inside the list: its first pair stands behind the dash, the others below it.
                let mut inner = vec![Line { indent: indent + 2, text: item }];
                *at += 1;
                while let Some(next) = lines.get(*at).filter(|next| next.indent > indent) {
                    inner.push(Line { indent: next.indent, text: next.text });
                    *at += 1;
                }
                let mut read = 0;
                list.push(block(&inner, &mut read, indent + 2)?);
                if let Some(left) = inner.get(read) {
                    return Err(refused(left.text));
                }
            } else {
                list.push(scalar(item)?);
                *at += 1;
            }
            continue;
        }
        let (key, rest) = line.text.split_once(':').ok_or_else(|| refused(line.text))?;
        *at += 1;
        let value = match rest.trim() {
            ">-" => {
                let mut words = Vec::new();
                while let Some(next) = lines.get(*at).filter(|next| next.indent > indent) {
                    words.push(next.text);
                    *at += 1;
                }
                Value::String(words.join(" "))
            }
            "" => {
                let next = lines.get(*at).filter(|next| next.indent > indent || next.text.starts_with("- "));
                block(lines, at, next.ok_or_else(|| refused(line.text))?.indent)?
            }
            text => scalar(text)?,
        };
        if map.insert(key.to_string(), value).is_some() {
            return Err(format!("CITATION.cff: “{key}” stands twice"));
        }
    }
    match (map.is_empty(), list.is_empty()) {
        (true, false) => Ok(Value::Array(list)),
        (false, true) => Ok(Value::Object(map)),
        _ => Err("CITATION.cff: a list and a map at one place".into()),
    }
}

/// A plain or quoted scalar, as text whatever it looks like.
fn scalar(text: &str) -> Result<Value, String> {
    let quoted = ['"', '\''].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    match quoted {
        Some(inside) if !inside.contains(['"', '\\', '\'']) => Ok(Value::String(inside.to_string())),
        None if !text.starts_with(['[', '{', '&', '*', '!', '|', '>', '%', '@', '`', '"', '\''])
            && !text.contains(" #") =>
        {
            Ok(Value::String(text.to_string()))
        }
        _ => Err(refused(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_projects_own_file_is_read_whole() {
        let cff = include_str!("../../CITATION.cff");
        let made: Value = serde_json::from_str(&json(cff).unwrap()).unwrap();
        let paper = made["papers"]["2303.13093"]["bibtex"].as_str().unwrap();
        assert!(paper.starts_with("@misc{ziyin2024,\n"), "{paper}");
        for part in [
            "title         = {{Type-II Saddles and Probabilistic Stability of Stochastic Gradient Descent}},",
            "author        = {Ziyin, Liu and Li, Botao and Galanti, Tomer and Ueda, Masahito},",
            "eprint        = {2303.13093},",
            "archivePrefix = {arXiv},",
        ] {
            assert!(paper.contains(part), "{part} in {paper}");
        }
        assert_eq!(
            made["paper"]["text"],
            "Liu Ziyin, Botao Li, Tomer Galanti, Masahito Ueda. Type-II Saddles and Probabilistic Stability of \
             Stochastic Gradient Descent. arXiv:2303.13093, 2024. https://arxiv.org/abs/2303.13093"
        );
        let software = made["software"]["bibtex"].as_str().unwrap();
        assert!(software.starts_with("@software{saddlescope,\n"), "{software}");
        assert!(
            software.contains(&format!("version       = {{{}}},", env!("CARGO_PKG_VERSION"))),
            "{software}"
        );
    }

    #[test]
    fn a_line_that_is_not_understood_is_refused() {
        for bad in [
            "a",
            "a: [1, 2]",
            "a: &b c",
            "a: b # c",
            "a: 1\na: 2",
            "a: 1\n    b: 2",
            "- a\nb: c",
            "a: \"b'c\"",
            "a:\nb: 1",
        ] {
            assert!(yaml(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn lists_maps_and_folded_text_are_read() {
        let value = yaml("a: >-\n  one\n  two\nb:\n  - c: 1\n    d: 'x: y'\n  - c: 2\ne:\n  - f\n").unwrap();
        assert_eq!(
            value,
            json!({ "a": "one two", "b": [{ "c": "1", "d": "x: y" }, { "c": "2" }], "e": ["f"] })
        );
    }

    #[test]
    fn tex_prints_its_own_signs() {
        assert_eq!(tex("a_b & {c} 5%"), "a\\_b \\& \\{c\\} 5\\%");
    }
}
