//! The page as one file: `saddlescope.html`, for a paper's supplement or a folder without a server.
//!
//! All scripts are one inline script (a browser loads no module beside a file), the wasm is packed
//! (zlib) and written in digits to the base 85, the worker is a classic script (a sandboxed frame starts no module from a blob).
//! The file has its own policy: its two inline pieces by their hashes, and no request at all.

use std::collections::BTreeMap;
use std::path::Path;

use super::{modules, scripts};
use miniz_oxide::deflate::compress_to_vec_zlib;
use saddlescope::charts::png::base64;
use serde_json::json;
use sha2::{Digest, Sha256};

/// Best compression of the deflate stream.
const EFFORT: u8 = 10;
/// Where the worker is among the packed files; the start looks for it there.
const WORKER: &str = "worker.js";
/// Samples of own data that the one file offers: one for each kind of numbers, as text, which is short when packed.
const SAMPLES: [&str; 3] = ["curvatures.csv", "inputs.csv", "hessians.json"];
/// A browser looks for this in the first kilobyte only: it stays before everything long.
const CHARSET: &str = "<meta charset=\"utf-8\">\n";

/// The one file, from the finished `index.html`, the folder that it loads, the samples, and the folder of the module with all labs.
pub fn page(root: &Path, index: &str, app: &Path, examples: &Path, all: &Path) -> Result<String, String> {
    let glue = all.join(format!("{}.js", modules::ALL));
    let worker = scripts::whole(root, "one-file-worker.js", &glue, "iife")?;
    let script = safe(&scripts::whole(root, "one-file.js", &glue, "esm")?);
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
         worker-src blob:; frame-src 'self'; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types saddlescope",
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
