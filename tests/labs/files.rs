//! The files that labs compute from, as the page would bring them.

use saddlescope::labs::assets::Origin;
use saddlescope::labs::session::Session;
use saddlescope::params::content;
use std::path::Path;

/// Brings the files of the session's lab.
pub fn bring_files(session: &mut Session) {
    for named in session.contents() {
        if let Origin::Asset(asset) = named.origin {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/assets").join(asset.file);
            let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert_eq!(content::keep_bytes(bytes.into()), named.hash, "{}", asset.file);
        }
    }
    session.content_came();
}
