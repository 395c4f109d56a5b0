//! The page as one file: `saddlescope.html`, for a paper's supplement or a folder without a server.
//!
//! Modules become functions in one inline script (a browser loads no module beside a file), the wasm is packed
//! (zlib) and written in digits to the base 85, the worker is a classic script (a sandboxed frame starts no module from a blob).
//! The file has its own policy: its two inline pieces by their hashes, and no request at all.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::modules;
use miniz_oxide::deflate::compress_to_vec_zlib;
use saddlescope::charts::png::base64;
use serde_json::json;
use sha2::{Digest, Sha256};

/// Best compression of the deflate stream.
const EFFORT: u8 = 10;
/// Where the worker is among the packed files; the start looks for it there.
const WORKER: &str = "worker.js";
/// What `import.meta.url` is in a bundled module: the one file has no neighbours that anybody could ask for.
const NOWHERE: &str = "'file:///bundled.js'";
/// In it the glue of the module with all labs.
const GLUE: &str = "glue.js";
/// Samples of own data that the one file offers: one for each kind of numbers, as text, which is short when packed.
const SAMPLES: [&str; 3] = ["curvatures.csv", "inputs.csv", "hessians.json"];
/// A browser looks for this in the first kilobyte only: it stays before everything long.
const CHARSET: &str = "<meta charset=\"utf-8\">\n";

/// The one file, from the finished `index.html`, the folder that it loads, the samples, and the folder of the module with all labs.
pub fn page(index: &str, app: &Path, examples: &Path, all: &Path) -> Result<String, String> {
    let glue = super::read(&all.join(format!("{}.js", modules::ALL)))?;
    let worker = worker(&glue, &super::read(&app.join("worker.js"))?)?;
    let start = super::filled(START, super::LABS_PLACE, &modules::list(|_| modules::ALL))?;
    let script = safe(&format!("\n{}\n{start}", define(&collect(app, glue)?)?));
    let style = super::read(&app.join("style.css"))?;
    let wasm = all.join(format!("{}_bg.wasm", modules::ALL));
    let wasm = std::fs::read(&wasm).map_err(|e| super::said(&wasm, &e))?;
    let mut files = BTreeMap::from([
        (WORKER.to_string(), worker),
        ("citation.json".to_string(), super::read(&app.join("citation.json"))?),
    ]);
    for folder in ["text", "cards", "recompute"] {
        for path in super::entries(&app.join(folder))? {
            let name = super::file_name(&path);
            // One picture of each lab is enough for a file that must stay small.
            if !name.ends_with("-dark.svg") {
                files.insert(format!("{folder}/{name}"), super::read(&path)?);
            }
        }
    }
    let assets = app.join("assets");
    for path in if assets.is_dir() { super::entries(&assets)? } else { Vec::new() } {
        let bytes = std::fs::read(&path).map_err(|e| super::said(&path, &e))?;
        files.insert(format!("assets/{}", super::file_name(&path)), letters(&bytes));
    }
    for name in SAMPLES {
        let path = examples.join(name);
        files.insert(
            format!("../examples/{name}"),
            letters(&std::fs::read(&path).map_err(|e| super::said(&path, &e))?),
        );
    }
    let icon = encoded(super::read(&app.join("favicon.svg"))?.as_bytes());
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{}' 'wasm-unsafe-eval'; style-src 'sha256-{}'; img-src data: blob:; \
         worker-src blob:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; \
         trusted-types saddlescope",
        encoded(&Sha256::digest(&script)),
        encoded(&Sha256::digest(&style)),
    );
    let head = format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <link rel=\"icon\" href=\"data:image/svg+xml;base64,{icon}\">\n<style>{style}</style>\n"
    );
    let data = format!(
        "<script type=\"text/plain\" id=\"bundle-files\">{}</script>\n\
         <script type=\"text/plain\" id=\"bundle-wasm\">{}</script>\n\
         <script type=\"module\">{script}</script>\n",
        packed(json!(files).to_string().as_bytes()),
        packed(&wasm),
    );
    if style.contains("</") {
        return Err("style.css has a closing tag in it".into());
    }
    Ok(skeleton(index)?.replacen(CHARSET, &format!("{CHARSET}{head}"), 1).replacen(
        "</body>",
        &format!("{data}</body>"),
        1,
    ))
}

/// A character for each byte: unlike base64 it can be compressed. None of them has an escape in JSON.
fn letters(bytes: &[u8]) -> String {
    bytes.iter().filter_map(|byte| char::from_u32(0x100 + u32::from(*byte))).collect()
}

/// `index.html` without what asks for other files, and without its policy.
fn skeleton(index: &str) -> Result<String, String> {
    const DROPPED: [&str; 5] = [
        "<link rel=\"",
        "<meta http-equiv",
        "<meta property=\"og:image",
        "<script type=\"module\"",
        "<script src=",
    ];
    let kept = |line: &&str| {
        line.starts_with("<link rel=\"canonical\"") || !DROPPED.iter().any(|start| line.starts_with(start))
    };
    let page: String = index.split_inclusive('\n').filter(|line| kept(line)).collect();
    if page.contains("<script") || page.matches(CHARSET).count() != 1 || page.matches("</body>").count() != 1
    {
        return Err(
            "index.html is not as the bundle expects it: one tag a line, the character set declared once"
                .into(),
        );
    }
    Ok(page)
}

/// The glue, and every script that the start needs, at once or later, by path.
fn collect(app: &Path, glue: String) -> Result<BTreeMap<String, String>, String> {
    let mut found = BTreeMap::from([(GLUE.to_string(), glue)]);
    let mut waiting = vec!["modules.js".to_string(), "main.js".to_string()];
    while let Some(path) = waiting.pop() {
        if found.contains_key(&path) {
            continue;
        }
        let source = super::read(&app.join(&path))?;
        for import in super::static_imports(&source).into_iter().chain(dynamic_imports(&source)) {
            waiting.push(super::resolve(&path, &import)?);
        }
        found.insert(path, without_comments(&source));
    }
    Ok(found)
}

/// A script without the comments that fill whole lines: types and words that a reader of the one file can find in the source.
fn without_comments(source: &str) -> String {
    let mut inside = false;
    let kept = source.lines().filter(|line| {
        let line = line.trim();
        if !inside && !line.starts_with("/**") {
            return !line.starts_with("//");
        }
        let after = line.split_once("*/").map(|(_, after)| after);
        inside = after.is_none();
        after.is_some_and(|code| !code.is_empty())
    });
    kept.fold(String::with_capacity(source.len()), |text, line| text + line + "\n")
}

/// What stands in `import('./…')`, in comments too: a type's file does no harm.
fn dynamic_imports(source: &str) -> Vec<String> {
    source.split("import('").skip(1).filter_map(|rest| rest.split('\'').next()).map(String::from).collect()
}

/// A script that defines `use(path)`, the exports of a module, and `load(path)`, a promise of them.
fn define(modules: &BTreeMap<String, String>) -> Result<String, String> {
    let mut script = String::from(
        "const makers = {};\nconst made = {};\nconst use = (path) => (made[path] ??= makers[path]());\n\
                                   const load = async (path) => use(path);\n",
    );
    for (path, source) in modules {
        let _ = writeln!(script, "makers[{}] = () => {{\n{}}};", json!(path), function_body(path, source)?);
    }
    Ok(script)
}

/// The body of a function that does what the module does and returns its exports.
fn function_body(path: &str, source: &str) -> Result<String, String> {
    let mut body = String::with_capacity(source.len());
    let mut exports = Vec::new();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("import ") {
            let mut statement = line.to_string();
            while !statement.ends_with(';') {
                statement.push(' ');
                statement.push_str(lines.next().ok_or(format!("{path}: an import does not end"))?.trim());
            }
            body.push_str(&import(path, &statement)?);
        } else if let Some(exported) = line.strip_prefix("export ") {
            if let Some(list) = exported.strip_prefix('{').and_then(|rest| rest.strip_suffix("};")) {
                exports.extend(list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(|name| {
                    match name.split_once(" as ") {
                        Some((inside, outside)) => format!("{outside}: {inside}"),
                        None => name.to_string(),
                    }
                }));
            } else {
                exports.push(declared(exported).ok_or(format!("{path}: cannot bundle “{line}”"))?);
                body.push_str(exported);
            }
        } else {
            body.push_str(line);
        }
        body.push('\n');
    }
    let mut rest = body.as_str();
    let mut out = String::with_capacity(body.len());
    while let Some(at) = rest.find("import('") {
        let name = rest[at + "import('".len()..].split('\'').next().unwrap_or_default();
        let _ = write!(out, "{}load('{}'", &rest[..at], super::resolve(path, name)?);
        rest = &rest[at + "import('".len() + name.len() + 1..];
    }
    out.push_str(rest);
    let _ = writeln!(out, "return {{ {} }};", exports.join(", "));
    Ok(out.replace("import.meta.url", NOWHERE))
}

/// `import { a, b as c } from './d.js';` as a constant.
fn import(path: &str, statement: &str) -> Result<String, String> {
    let refused = || format!("{path}: cannot bundle “{statement}”");
    let (names, from) =
        statement.strip_prefix("import {").and_then(|rest| rest.split_once("} from ")).ok_or_else(refused)?;
    let from = from.trim_end_matches(';').trim_matches(['\'', '"']);
    Ok(format!("const {{{}}} = use('{}');", names.replace(" as ", ": "), super::resolve(path, from)?))
}

/// The name that a declaration declares.
fn declared(declaration: &str) -> Option<String> {
    let rest = ["async function ", "function ", "class ", "const "]
        .iter()
        .find_map(|word| declaration.strip_prefix(word))?;
    let name: String =
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '$').collect();
    (!name.is_empty()).then_some(name)
}

/// The worker as a classic script that has the glue in it.
fn worker(glue: &str, source: &str) -> Result<String, String> {
    const ASKS: &str = "await import(data.glue)";
    if source.matches(ASKS).count() != 1 || source.lines().any(|line| line.starts_with("import ")) {
        return Err(format!("worker.js must say {ASKS} once and import nothing else"));
    }
    Ok(format!(
        "const glue = (() => {{\n{}}})();\n{}",
        function_body(GLUE, glue)?,
        source.replace(ASKS, "glue")
    ))
}

/// A script that an HTML parser does not take for the end of its element.
fn safe(script: &str) -> String {
    script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
}

fn encoded(bytes: &[u8]) -> String {
    let mut text = String::new();
    base64(bytes, &mut text);
    text
}

/// Compressed bytes as text that is a sixteenth shorter than base64: five digits to the base 85 for four bytes, as in Ascii85.
/// A digit `d` is the character 40 + d, but } in place of <, which would mean something to an HTML parser.
fn packed(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in compress_to_vec_zlib(bytes, EFFORT).chunks(4) {
        let word = (0..4).fold(0, |word: u32, at| word << 8 | u32::from(group.get(at).copied().unwrap_or(0)));
        for power in (4 - group.len() as u32..=4).rev() {
            // The first digits: as many as there are bytes, and one.
            let digit = word / 85_u32.pow(power) % 85;
            text.push(char::from(if digit == 20 { b'}' } else { 40 + digit as u8 }));
        }
    }
    text
}

/// Unpacks the wasm and starts the page: its one module has every lab.
const START: &str = r"
const LABS = [];
const text = (id) => document.getElementById(id).textContent;
function bytes(digits) {
  const found = new Uint8Array(Math.floor(digits.length * 4 / 5));
  for (let from = 0, to = 0; from < digits.length; from += 5) {
    let word = 0;
    for (let at = from; at < from + 5; at += 1) {
      const code = at < digits.length ? digits.charCodeAt(at) : 124;
      word = word * 85 + (code === 125 ? 60 : code) - 40;
    }
    for (let place = 24; place >= 0 && to < found.length; place -= 8) found[to++] = word / 2 ** place & 255;
  }
  return found;
}
async function unpacked(digits) {
  return new Response(new Blob([bytes(digits)]).stream().pipeThrough(new DecompressionStream('deflate'))).arrayBuffer();
}
try {
  const files = JSON.parse(new TextDecoder().decode(await unpacked(text('bundle-files'))));
  const worker = URL.createObjectURL(new Blob([files['worker.js']], { type: 'text/javascript' }));
  globalThis.saddlescopeBundle = { worker, files };
  const module = await WebAssembly.compile(await unpacked(text('bundle-wasm')));
  const core = use('glue.js');
  core.initSync({ module });
  const loaded = { group: LABS[0].group, glue: 'inside', module, core };
  use('main.js').start(new (use('modules.js').Modules)(LABS, async () => loaded), loaded);
} catch (error) {
  const message = document.createElement('p');
  message.setAttribute('role', 'alert');
  message.textContent = `Saddlescope could not start: ${error instanceof Error ? error.message : error}. `
    + 'It needs a browser with WebAssembly SIMD (Chrome 91, Firefox 113, Safari 16.4 or newer).';
  document.body.prepend(message);
  throw error;
}
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_becomes_the_body_of_a_function() {
        let source = "import { a,\n  b as c } from '../d.js';\nexport const e = 1;\nexport async function f() {\n  \
                      return import('./g.js');\n}\nexport class H {}\nconst u = import.meta.url;\nexport {};\n";
        let body = function_body("x/y.js", source).unwrap();
        assert_eq!(
            body,
            "const { a, b: c } = use('d.js');\nconst e = 1;\nasync function f() {\n  return load('x/g.js');\n}\n\
             class H {}\nconst u = 'file:///bundled.js';\n\nreturn { e, f, H };\n"
        );
        assert!(function_body("x.js", "export { a as b, c };").unwrap().contains("return { b: a, c };"));
        for refused in [
            "export default 1;",
            "import x from './y.js';",
            "import * as x from './y.js';",
            "import './y.js';",
        ] {
            assert!(function_body("x.js", refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn comments_that_fill_lines_are_left_out() {
        let source = "// words\n/** A type.\n * @param x */\nf(x); // said\n  /** @type {A} */\n/** @type {B} */ (b).c();\n";
        assert_eq!(without_comments(source), "f(x); // said\n/** @type {B} */ (b).c();\n");
    }

    #[test]
    fn a_script_cannot_end_its_element() {
        assert_eq!(safe("'</script>' + '<!--'"), "'<\\/script>' + '<\\!--'");
    }

    #[test]
    fn the_skeleton_asks_for_nothing() {
        let index = "<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"x\">\n<link rel=\"stylesheet\" href=\"a\">\n<link rel=\"canonical\" href=\"b\">\n\
                     <meta property=\"og:image\" content=\"d\">\n<script src=\"c\"></script>\n<script type=\"module\" src=\"d\"></script>\n</head>\n<body></body>";
        assert_eq!(
            skeleton(index).unwrap(),
            "<head>\n<meta charset=\"utf-8\">\n<link rel=\"canonical\" href=\"b\">\n</head>\n<body></body>"
        );
        assert!(skeleton("<head><script>x</script></head><body></body>").is_err());
    }

    #[test]
    fn the_worker_has_its_glue_inside() {
        let made = worker("export function g() {}\n", "core = await import(data.glue);\n").unwrap();
        assert!(
            made.starts_with("const glue = (() => {\nfunction g() {}\n") && made.ends_with("core = glue;\n"),
            "{made}"
        );
        assert!(worker("", "nothing").is_err());
    }
}
