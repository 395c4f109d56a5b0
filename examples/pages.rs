//! Finishes what Trunk has built. Trunk runs this natively, after every build, on its staging folder.
//!
//! Trunk leaves `index.html`, the glue and the wasm. This program
//! 1. builds the modules of the other groups of labs, and gathers everything the page loads into one folder: glue and
//!    wasm of each, what `www/` has beside scripts, and each lab's `src/labs/<id>/text.md` as `text/<id>.html` (formulas as MathML), `recompute.py` as
//!    `recompute/<id>.py`, and `cards/`, the list of all labs with their pictures;
//! 2. makes few short scripts of those in `www/`, with the list of labs in `start.js`, which loads the module that a link needs;
//! 3. names the folder by the SHA-256 of its content, `app-<hash>/`, so that all of it may be cached
//!    for ever, and points `index.html` at it;
//! 4. puts beside it what has a lasting address: `embed.js`, the examples, the service worker, the one-file page
//!    `saddlescope.html`, and the checksums of all.
//!
//! Run by hand it is `TRUNK_STAGING_DIR=<folder> cargo run --example pages`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use pulldown_latex::config::DisplayMode;
use pulldown_latex::{RenderConfig, Storage, push_mathml};
use saddlescope::labs::IDS;
use sha2::{Digest, Sha256};

#[path = "pages/bundle.rs"]
mod bundle;
#[path = "pages/cards.rs"]
mod cards;
#[path = "pages/citations.rs"]
mod citations;
#[path = "pages/glossary.rs"]
mod glossary;
#[path = "pages/icons.rs"]
mod icons;
#[path = "pages/modules.rs"]
mod modules;
#[path = "pages/offline.rs"]
mod offline;
#[path = "pages/scripts.rs"]
mod scripts;

use glossary::Glossary;

/// Where the page is published, from Cargo.toml; empty if nowhere yet.
const HOMEPAGE: &str = env!("CARGO_PKG_HOMEPAGE");
/// Parts of `www/` that people link to: they keep their addresses from build to build.
const LASTING: [&str; 3] = ["embed.js", "offline-worker.js", "examples"];

/// What stands in `index.html` for the folder of everything else.
const SOURCE_PREFIX: &str = "\"www/";

fn main() -> Result<(), String> {
    let staging = env::var("TRUNK_STAGING_DIR")
        .map_err(|_| "TRUNK_STAGING_DIR is not set: ./dev build runs this program".to_string())?;
    publish(Path::new(env!("CARGO_MANIFEST_DIR")), Path::new(&staging))
}

/// Turns the staging folder of the project at `root` into the page as it is shipped.
fn publish(root: &Path, staging: &Path) -> Result<(), String> {
    let app = staging.join("app");
    fs::create_dir(&app).map_err(|e| said(&app, &e))?;
    let groups = modules::groups();
    let (first, others) = groups.split_first().ok_or("there are no labs")?;
    gather(staging, &app, first)?;
    let built: Vec<_> = others.iter().copied().chain([modules::READERS, modules::ALL]).collect();
    let folders = modules::build(root, &built)?;
    for (name, folder) in built.iter().zip(&folders).filter(|(name, _)| **name != modules::ALL) {
        modules::copy(name, folder, &app)?;
    }
    for group in groups.iter().chain(&[modules::READERS]) {
        modules::number_imports(group, &app)?;
    }
    for path in entries(&app)?.iter().filter(|path| path.extension().is_some_and(|e| e == "js")) {
        scripts::shorten(path)?;
    }
    copy_files(&root.join("www"), &app)?;
    write_texts(&root.join("src/labs"), &app)?;
    cards::write(&root.join("src/labs"), &app, |text| {
        to_html(text, &mut Styles::default(), &Glossary::read("")?)
    })?;
    write_scripts(&root.join("src/labs"), &app)?;
    write(&app.join("citation.json"), &citations::json(&read(&root.join("CITATION.cff"))?)?)?;
    for (name, size, masked) in
        [("icon-192", 192, false), ("icon-512", 512, false), ("icon-maskable-512", 512, true)]
    {
        let path = app.join(format!("{name}.png"));
        fs::write(&path, icons::png(size, masked)).map_err(|e| said(&path, &e))?;
    }
    // What a page that links here may show.
    let (figure, preview) = (root.join("docs/phases.png"), staging.join("preview.png"));
    fs::copy(&figure, &preview).map_err(|e| said(&figure, &e))?;
    let scripts = scripts::write(root, &app)?;
    scripts::shorten(&app.join("style.css"))?;
    for name in LASTING {
        copy(&root.join("www").join(name), &staging.join(name))?;
    }

    let name = format!("app-{}", hash(&app)?);
    let published = staging.join(&name);
    fs::rename(&app, &published).map_err(|e| said(&published, &e))?;

    let page = staging.join("index.html");
    let linked = link(&read(&page)?, &name, &scripts)?;
    write(&page, &linked)?;
    let all = folders.last().ok_or("no module was built")?;
    write(
        &staging.join("saddlescope.html"),
        &bundle::page(root, &linked, &published, &staging.join("examples"), all)?,
    )?;
    let worker = staging.join("offline-worker.js");
    write(&worker, &offline::worker(&read(&worker)?, staging, &name)?)?;
    write(&staging.join("SHA256SUMS"), &offline::checksums(staging)?)
}

// ---- the folder ----

/// Moves Trunk's output into `app`, the glue and the wasm under the name of their group of labs.
fn gather(staging: &Path, app: &Path, group: &str) -> Result<(), String> {
    let built = entries(staging)?;
    let is_wasm = |path: &&PathBuf| path.extension().is_some_and(|e| e == "wasm");
    let wasm: Vec<_> = built.iter().filter(is_wasm).map(|path| file_name(path)).collect();
    let [wasm] = wasm.as_slice() else {
        return Err(format!("expected one wasm file from Trunk, found {}: {wasm:?}", wasm.len()));
    };
    let stem = wasm.trim_end_matches("_bg.wasm");
    for path in &built {
        let name = file_name(path);
        let target = if name == "index.html" || name == "app" {
            continue;
        } else if name == *wasm {
            app.join(format!("{group}_bg.wasm"))
        } else if name == format!("{stem}.js") {
            // It names the wasm as wasm-bindgen called it, before Trunk put a hash into the names.
            app.join(format!("{group}.js"))
        } else {
            app.join(&name)
        };
        fs::rename(path, &target).map_err(|e| said(&target, &e))?;
    }
    Ok(())
}

/// A file, or a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop).map_err(|e| said(from, &e));
    }
    fs::create_dir_all(to).map_err(|e| said(to, &e))?;
    entries(from)?.iter().try_for_each(|path| copy(path, &to.join(file_name(path))))
}

/// What of `www` is no script and keeps no lasting address.
fn copy_files(www: &Path, app: &Path) -> Result<(), String> {
    for name in ["app.webmanifest", "assets", "favicon.svg", "style.css"] {
        copy(&www.join(name), &app.join(name))?;
    }
    Ok(())
}

/// The first 16 hexadecimal digits of the SHA-256 of every path and content below `folder`.
fn hash(folder: &Path) -> Result<String, String> {
    fn add(folder: &Path, path: &Path, digest: &mut Sha256) -> Result<(), String> {
        for entry in entries(path)? {
            if entry.is_dir() {
                add(folder, &entry, digest)?;
            } else {
                let bytes = fs::read(&entry).map_err(|e| said(&entry, &e))?;
                let name = entry.strip_prefix(folder).unwrap_or(&entry).to_string_lossy().into_owned();
                digest.update(format!("{name}\0{}\0", bytes.len()));
                digest.update(&bytes);
            }
        }
        Ok(())
    }
    let mut digest = Sha256::new();
    add(folder, folder, &mut digest)?;
    Ok(digest.finalize().iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// `source` with what stands for a value replaced by it.
fn filled(source: &str, place: &str, value: &str) -> Result<String, String> {
    if source.matches(place).count() != 1 {
        return Err(format!("expected “{place}” once"));
    }
    let (name, _) = place.split_once(" = ").ok_or(format!("“{place}” is no constant"))?;
    Ok(source.replace(place, &format!("{name} = {value};")))
}

// ---- index.html ----

/// `index.html` with Trunk's rust link removed, `www/…` led to the published folder, and the start added.
fn link(page: &str, folder: &str, scripts: &[String]) -> Result<String, String> {
    let start = page.find("<link data-trunk").ok_or("index.html has no <link data-trunk rel=\"rust\">")?;
    let length = page[start..].find('>').ok_or("the rust link in index.html is not closed")? + 1;
    let mut page = format!("{}{}", &page[..start], page[start + length..].trim_start());
    page = page.replace(SOURCE_PREFIX, &format!("\"{folder}/"));
    let preloads = scripts.iter().fold(String::new(), |mut tags, script| {
        let _ = writeln!(tags, "<link rel=\"modulepreload\" href=\"{folder}/{script}\">");
        tags
    });
    let canonical = if HOMEPAGE.is_empty() {
        String::new()
    } else {
        format!("<link rel=\"canonical\" href=\"{HOMEPAGE}\">\n")
    };
    // A preview wants a whole address.
    let home =
        if HOMEPAGE.is_empty() { String::new() } else { format!("{}/", HOMEPAGE.trim_end_matches('/')) };
    let head = format!(
        "{canonical}<meta property=\"og:image\" content=\"{home}preview.png\">\n\
         {preloads}<script src=\"{folder}/fallback.js\" defer></script>\n\
         <script type=\"module\" src=\"{folder}/start.js\" async></script>\n</head>"
    );
    if page.matches("</head>").count() != 1 {
        return Err("index.html must have exactly one </head>".into());
    }
    // Nothing waits for it: behind a script that must run first, a browser asks for none of the others.
    let first = format!("<script src=\"{folder}/first.js\" async></script>\n<link");
    Ok(page.replacen("<link", &first, 1).replace("</head>", &head))
}

// ---- the words of the labs ----

/// Writes `text/<id>.html` for every lab, and the classes that its formulas need at the end of `style.css`.
fn write_texts(labs: &Path, app: &Path) -> Result<(), String> {
    let mut styles = Styles::default();
    let glossary = Glossary::read(&read(&labs.join("glossary.md"))?)?;
    fs::create_dir_all(app.join("text")).map_err(|e| said(app, &e))?;
    for id in IDS {
        let source = labs.join(id).join("text.md");
        let html = to_html(&read(&source)?, &mut styles, &glossary)
            .map_err(|e| format!("{}: {e}", source.display()))?;
        write(&app.join("text").join(format!("{id}.html")), &html)?;
    }
    let source = labs.join("own-data.md");
    let html =
        to_html(&read(&source)?, &mut styles, &glossary).map_err(|e| format!("{}: {e}", source.display()))?;
    write(&app.join("text/own-data.html"), &html)?;
    if !styles.0.is_empty() {
        let sheet = app.join("style.css");
        write(&sheet, &format!("{}\n{}", read(&sheet)?, styles.rules()))?;
    }
    Ok(())
}

/// Copies the Python scripts as `recompute/<id>.py`, and beside them what they share; the page puts a script together.
fn write_scripts(labs: &Path, app: &Path) -> Result<(), String> {
    let folder = app.join("recompute");
    fs::create_dir_all(&folder).map_err(|e| said(&folder, &e))?;
    for path in entries(&labs.join("recompute"))? {
        write(&folder.join(file_name(&path)), &read(&path)?)?;
    }
    for id in IDS {
        write(&folder.join(format!("{id}.py")), &read(&labs.join(id).join("recompute.py"))?)?;
    }
    Ok(())
}

/// Markdown to HTML. Formulas (`$…$`, `$$…$$`) become MathML, `[words](set:key=value&key=value)` a
/// button that sets parameters, `[words](term:saddle)` one that explains a term. Raw HTML and links to anything but the web or a fragment are refused.
fn to_html(markdown: &str, styles: &mut Styles, glossary: &Glossary) -> Result<String, String> {
    let options = Options::ENABLE_MATH | Options::ENABLE_TABLES;
    let mut events = Vec::new();
    let mut inside_button = false;
    let mut terms = Vec::new();
    for event in Parser::new_ext(markdown, options) {
        events.push(match event {
            Event::InlineMath(tex) => Event::InlineHtml(mathml(&tex, DisplayMode::Inline)?.into()),
            Event::DisplayMath(tex) => Event::Html(mathml(&tex, DisplayMode::Block)?.into()),
            Event::Html(raw) | Event::InlineHtml(raw) => {
                return Err(format!("raw HTML is not allowed: {}", raw.trim()));
            }
            Event::Start(Tag::Link { dest_url, .. }) if dest_url.starts_with("set:") => {
                inside_button = true;
                Event::InlineHtml(button(&dest_url["set:".len()..])?.into())
            }
            Event::Start(Tag::Link { dest_url, .. }) if dest_url.starts_with("term:") => {
                inside_button = true;
                terms.push(dest_url["term:".len()..].to_string());
                Event::InlineHtml(glossary.button(&dest_url["term:".len()..])?.into())
            }
            Event::End(TagEnd::Link) if inside_button => {
                inside_button = false;
                Event::InlineHtml(CowStr::Borrowed("</button>"))
            }
            Event::Start(Tag::Link { ref dest_url, .. })
                if !["https://", "#"].iter().any(|allowed| dest_url.starts_with(allowed)) =>
            {
                return Err(format!("a link must start with https://, #, set: or term:, not {dest_url}"));
            }
            other => other,
        });
    }
    let mut page = String::new();
    html::push_html(&mut page, events.into_iter());
    let mut page = styles.replace(&page)?;
    page.push_str(&glossary.notes(&terms, |text| to_html(text, styles, glossary))?);
    Ok(page)
}

fn button(setting: &str) -> Result<String, String> {
    let complete = setting.split('&').all(|pair| {
        pair.split_once('=').is_some_and(|(key, value)| {
            !key.is_empty() && !value.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        })
    });
    if !complete {
        return Err(format!("a button must read set:key=value&key=value, not set:{setting}"));
    }
    let escaped = setting.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    Ok(format!("<button type=\"button\" data-set=\"{escaped}\">"))
}

fn mathml(tex: &str, display_mode: DisplayMode) -> Result<String, String> {
    let storage = Storage::new();
    let events: Result<Vec<_>, _> = pulldown_latex::Parser::new(tex, &storage).collect();
    let events = events.map_err(|e| format!("the formula {tex} is not understood: {e}"))?;
    let mut out = String::new();
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    let events = events.into_iter().map(Ok::<_, std::convert::Infallible>);
    push_mathml(&mut out, events, config).map_err(|e| format!("the formula {tex} cannot be written: {e}"))?;
    Ok(out)
}

/// Style attributes that were turned into classes (the page's policy blocks the attributes).
#[derive(Default)]
struct Styles(BTreeMap<String, String>);

impl Styles {
    /// The same HTML with every style attribute replaced by a class.
    fn replace(&mut self, html: &str) -> Result<String, String> {
        const ATTRIBUTE: &str = " style=\"";
        let mut out = String::with_capacity(html.len());
        let mut rest = html;
        while let Some(tag) = rest.find('<') {
            let end = tag + rest[tag..].find('>').ok_or("a tag is not closed")? + 1;
            out.push_str(&rest[..tag]);
            let mut element = rest[tag..end].to_string();
            while let Some(at) = element.find(ATTRIBUTE) {
                let value = at + ATTRIBUTE.len();
                let close = value + element[value..].find('"').ok_or("a style attribute is not closed")?;
                let class = self.class(&element[value..close]);
                element.replace_range(at..=close, "");
                if let Some(classes) = element.find(" class=\"") {
                    element.insert_str(classes + " class=\"".len(), &format!("{class} "));
                } else {
                    element.insert_str(at, &format!(" class=\"{class}\""));
                }
            }
            out.push_str(&element);
            rest = &rest[end..];
        }
        out.push_str(rest);
        Ok(out)
    }

    fn class(&mut self, style: &str) -> String {
        let next = format!("math-{}", self.0.len() + 1);
        self.0.entry(style.to_string()).or_insert(next).clone()
    }

    /// The style sheet that belongs to the classes.
    fn rules(&self) -> String {
        self.0.iter().fold(String::new(), |mut rules, (style, class)| {
            let _ = writeln!(rules, ".{class} {{ {style} }}");
            rules
        })
    }
}

// ---- files, with errors that name them ----

fn said(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|e| said(path, &e))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|e| said(path, &e))
}

/// What a folder holds, sorted.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let listed = fs::read_dir(folder).map_err(|e| said(folder, &e))?;
    let mut paths = listed
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| said(folder, &e))?;
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html_of(markdown: &str) -> Result<String, String> {
        to_html(
            markdown,
            &mut Styles::default(),
            &Glossary::read("\n## in probability\nA *plain* sentence.").unwrap(),
        )
    }

    #[test]
    fn a_set_link_becomes_a_button() {
        let html = html_of("Now [set λ to 1.2](set:lr=1.2&batch=4).").unwrap();
        assert_eq!(
            html,
            "<p>Now <button type=\"button\" data-set=\"lr=1.2&amp;batch=4\">set λ to 1.2</button>.</p>\n"
        );
    }

    #[test]
    fn a_term_becomes_a_button_and_its_definition_a_note_once() {
        let html =
            html_of("It dies [in probability](term:in-probability), [so](term:in-probability).").unwrap();
        let button = "<button type=\"button\" class=\"term\" popovertarget=\"term-in-probability\">";
        assert_eq!(html.matches(button).count(), 2, "{html}");
        assert_eq!(html.matches("<div popover id=\"term-in-probability\"").count(), 1, "{html}");
        assert!(html.contains("<strong>in probability</strong>: A <em>plain</em> sentence."), "{html}");
        assert!(html_of("[x](term:nothing)").unwrap_err().contains("term:nothing"));
    }

    #[test]
    fn an_ordinary_link_stays_a_link() {
        let html = html_of("[paper](https://example.org/a) and [set](set:a=-1)").unwrap();
        assert!(html.contains("<a href=\"https://example.org/a\">paper</a>"), "{html}");
        assert!(html.contains("data-set=\"a=-1\">set</button>"), "{html}");
    }

    #[test]
    fn a_formula_becomes_mathml_without_style_attributes() {
        let mut styles = Styles::default();
        let html = to_html(
            r"$\Lambda = E \log|1 - \lambda \hat h|$ and $\color{red}{x}$",
            &mut styles,
            &Glossary::read("").unwrap(),
        )
        .unwrap();
        assert!(html.contains("<math"), "{html}");
        assert!(!html.contains("style=\""), "{html}");
        assert!(html.contains("class=\"math-1"), "{html}");
        assert!(styles.rules().starts_with(".math-1 { color:"), "{}", styles.rules());
    }

    #[test]
    fn equal_styles_share_a_class_and_classes_are_kept() {
        let mut styles = Styles::default();
        let html = styles.replace("<i style=\"a: b\">x</i><i class=\"c\" style=\"a: b\">y</i>").unwrap();
        assert_eq!(html, "<i class=\"math-1\">x</i><i class=\"math-1 c\">y</i>");
        assert_eq!(styles.rules(), ".math-1 { a: b }\n");
    }

    #[test]
    fn what_the_page_could_not_trust_is_refused() {
        for bad in
            ["<b>x</b>", "<script>x</script>", "[x](javascript:alert(1))", "[x](set:lr)", "[x](set:=1)"]
        {
            assert!(html_of(bad).is_err(), "{bad}");
        }
        assert!(html_of(r"$\nosuchcommand$").unwrap_err().contains("nosuchcommand"));
    }

    #[test]
    fn the_page_is_led_to_the_published_folder() {
        let page = "<head>\n<link data-trunk rel=\"rust\" href=\"Cargo.toml\" />\n\
                    <link rel=\"icon\" href=\"www/favicon.svg\">\n</head>";
        let linked = link(page, "app-1", &["main.js".into()]).unwrap();
        assert!(!linked.contains("data-trunk"), "{linked}");
        assert!(linked.contains("href=\"app-1/favicon.svg\""), "{linked}");
        let first = linked.find("<script src=\"app-1/first.js\" async></script>");
        assert!(first.is_some() && first < linked.find("<link"), "{linked}");
        assert!(
            linked.contains("<script type=\"module\" src=\"app-1/start.js\" async></script>"),
            "{linked}"
        );
        assert!(link("<head></head>", "app-1", &[]).is_err());
    }
}
