//! What the browser keeps for times without a network, and the checksums of everything that is published.

use std::fmt::Write as _;
use std::path::Path;

use saddlescope::charts::png::base64;
use sha2::{Digest, Sha256};

/// What stands in `www/offline-worker.js` for the list.
const PLACE: &str = "const FILES = {};";

/// Every file below `folder`, by its path from `root` with forward slashes, sorted.
fn files(root: &Path, folder: &Path) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for path in super::entries(folder)? {
        if path.is_dir() {
            found.extend(files(root, &path)?);
        } else {
            let name = path.strip_prefix(root).map_err(|e| e.to_string())?;
            found.push(name.to_string_lossy().replace('\\', "/"));
        }
    }
    found.sort();
    Ok(found)
}

fn digest(path: &Path) -> Result<Vec<u8>, String> {
    Ok(Sha256::digest(std::fs::read(path).map_err(|e| super::said(path, &e))?).to_vec())
}

/// The service worker: `source` with the SHA-256 of the page and of every file in its folder `app`.
/// A new build is a new list, so a new worker.
pub fn worker(source: &str, staging: &Path, app: &str) -> Result<String, String> {
    let mut list = String::from("{\n");
    // The page goes by the folder's own address: some hosts lead index.html there.
    let page = ("./".to_string(), staging.join("index.html"));
    let named = |name: String| (name.clone(), staging.join(name));
    for (name, path) in
        std::iter::once(page).chain(files(staging, &staging.join(app))?.into_iter().map(named))
    {
        let mut sum = String::new();
        base64(&digest(&path)?, &mut sum);
        let _ = writeln!(list, "  \"{name}\": \"sha256-{sum}\",");
    }
    list.push('}');
    super::filled(source, PLACE, &list)
}

/// The list that `sha256sum --check` reads: every published file.
pub fn checksums(staging: &Path) -> Result<String, String> {
    files(staging, staging)?.into_iter().try_fold(String::new(), |mut list, name| {
        for byte in digest(&staging.join(&name))? {
            let _ = write!(list, "{byte:02x}");
        }
        let _ = writeln!(list, "  {name}");
        Ok(list)
    })
}
