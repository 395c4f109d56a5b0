//! The numbers of the labs that train networks, to the last bit: the same here as on the page, whose test
//! (`tests/browser/networks.test.mjs`) reads the same file.

use files::bring_files;
use saddlescope::labs::session::Session;
use std::fmt::Write as _;
use std::path::Path;

#[path = "labs/files.rs"]
mod files;

/// Little work each; together every activation, both losses, both laws of inputs, batches, weight decay, depth and residual
/// connections, and runs that diverge.
const LINKS: &[&str] = &[
    "types?v=1&replicas=8&steps=3000&lr=0.3",
    "types?v=1&activation=swish&bias=0.7&batch=3&noise=2&replicas=5&steps=2000&seed=7",
    "rank?v=1&pixels=16&steps=800&replicas=3",
    "rank?v=1&inputs=dense&activation=gelu&strengths=1,-0.5,0.3&width=3&batch=2&decay=0.1&lr=0.08&noise=2&pixels=16&steps=300&replicas=2&x1=0.2",
    "rank?v=1&layers=3&activation=tanh&init=0.3&noise=0.3&lr=0.1&pixels=16&steps=400&replicas=2",
    "landscape?v=1&starts=30&steps=500",
    "landscape?v=1&activation=swish&batch=4&decay=0.05&noise=1&samples=64&starts=20&steps=300&lr=0.4",
    "network?v=1&width=12&rates=3&runs=3&epochs=2&x0=0.05&x1=0.5&lr=0.2",
    "network?v=1&depth=4&residual=1&activation=gelu&loss=squared&width=9&rates=2&runs=2&epochs=1&batch=3&lr=0.2&x0=0.02&x1=0.2",
    "network?v=1&activation=linear&loss=squared&decay=0&width=8&rates=4&runs=2&epochs=1&x0=5&x1=50&lr=20",
    "network?v=1&x=noise&x0=0.2&x1=0.8&noise=0.7&width=8&rates=3&runs=2&epochs=1&lr=0.3",
];

/// As `result()` gives a number.
fn plain(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "\"inf\"".to_owned() } else { "\"-inf\"".to_owned() };
    }
    // the shortest decimal number that is this one and no other
    format!("{value:?}")
}

/// Computes every shard of a state, in order.
fn run_all(session: &mut Session) {
    for (job, key) in session.jobs() {
        let mut previous: Option<Vec<f64>> = None;
        for shard in 0..job.shards {
            let before = previous.as_deref().filter(|_| job.chain);
            let values = session.compute(job.name, shard, before).expect("the shard is one of the job's");
            session.keep(&key, job.shards, shard, values.clone());
            previous = Some(values);
        }
    }
    assert!(session.complete());
}

/// The numbers of a finished state, one a line.
fn numbers(link: &str) -> String {
    let mut session = Session::new(link);
    assert_eq!(session.problems(), [], "{link}");
    bring_files(&mut session);
    run_all(&mut session);
    let row = |quantity: &saddlescope::labs::Quantity| {
        let each: Vec<String> = quantity.value.iter().flatten().map(|value| plain(*value)).collect();
        let value = match &quantity.value {
            None => "null".to_owned(),
            Some(_) if quantity.list => format!("[{}]", each.join(", ")),
            Some(_) => each.join(", "),
        };
        let error = quantity.standard_error.map_or_else(|| "null".to_owned(), plain);
        format!("    \"{}\": {{ \"value\": {value}, \"standardError\": {error} }}", quantity.name)
    };
    let rows: Vec<String> = session.summary().values.iter().map(row).collect();
    format!("  \"{link}\": {{\n{}\n  }}", rows.join(",\n"))
}

#[test]
fn simulated_numbers_are_the_same_to_the_last_bit() {
    let mut text = String::new();
    let all: Vec<String> = LINKS.iter().map(|link| numbers(link)).collect();
    let _ = writeln!(text, "{{\n{}\n}}", all.join(",\n"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    let (kept, changed) =
        (folder.join("simulated_numbers.json"), folder.join("simulated_numbers-changed.json"));
    if std::fs::read_to_string(&kept).unwrap_or_default() == text {
        let _ = std::fs::remove_file(&changed);
        return;
    }
    std::fs::write(&changed, text).expect("the changed numbers can be written");
    panic!("numbers changed; compare, then accept with\nmv {} {}", changed.display(), kept.display());
}
