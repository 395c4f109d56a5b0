//! What a link may not say, and what is used instead.

use crate::files::bring_files;
use saddlescope::labs::session::Session;

#[test]
fn bad_values_are_named_and_replaced() {
    for (link, words, key, used) in [
        ("network?depth=9", &["depth", "9", "2 to 8"][..], "depth", "2"),
        ("network?width=0", &["width", "0", "1 to 96"], "width", "64"),
        ("network?noise=1.5", &["noise", "1.5", "0 to 1"], "noise", "0.5"),
        ("network?activation=sine", &["activation", "sine", "tanh"], "activation", "tanh"),
        ("network?x0=3&x1=1", &["x0", "3 to 1", "0.003 to 3"], "x0", ""),
        ("network?x=depth", &["x", "depth", "lr, noise"], "x", "lr"),
        ("network?x0=-1", &["x0", "-1", "1e-5 to 100", "0.003"], "x0", ""),
        ("network?x=noise&x0=0.5&x1=2", &["x1", "2", "0 to 1", "label noise"], "x1", ""),
        ("network?x=noise&x0=0.5&x1=2", &["x1"], "x0", "0.5"),
        ("network?x=noise&x0=0.7&x1=0.2", &["x0", "0.7 to 0.2", "0 to 1"], "x0", ""),
        (
            "network?x=noise&runs=16&rates=24&epochs=100&depth=8",
            &["at each of 24 values of ρ"],
            "epochs",
            "57",
        ),
        ("network?depth=8&width=96", &["width", "96", "40000 weights"], "width", "75"),
        (
            "network?runs=16&rates=24&epochs=100&depth=8",
            &["runs", "16 runs", "too much work"],
            "epochs",
            "57",
        ),
    ] {
        let session = Session::new(link);
        let problems = session.problems();
        assert_eq!(problems.len(), 1, "{link}: {problems:?}");
        assert!(words.iter().all(|word| problems[0].text.contains(word)), "{link}: {}", problems[0].text);
        let specs = session.exhibit().specs();
        let index = specs.iter().position(|spec| spec.key == key).unwrap();
        let value = saddlescope::params::text::format(&specs[index], &session.exhibit().value(index));
        assert_eq!(value, used, "{link}");
    }
}

#[test]
fn the_work_is_bounded_and_estimated() {
    let mut largest = Session::new("network?runs=16&rates=24&epochs=100&depth=8&batch=1");
    bring_files(&mut largest);
    let sum = |session: &Session| session.jobs().iter().map(|(job, _)| job.cost).sum::<f64>();
    assert!(sum(&largest) < 4e10, "{:e}", sum(&largest));
    // a shard keeps within its 50 ms at 5·10⁸ steps a second
    for link in [
        "network",
        "network?depth=8&width=75",
        "network?batch=256&width=96",
        "network?batch=1&activation=gelu",
    ] {
        let mut session = Session::new(link);
        bring_files(&mut session);
        for (job, _) in session.jobs() {
            assert!(
                job.cost / f64::from(job.shards) <= 2.6e7,
                "{link}: {} {:e}",
                job.name,
                job.cost / f64::from(job.shards)
            );
        }
    }
}

#[test]
fn nothing_is_computed_before_the_file_is_there() {
    std::thread::spawn(|| {
        let session = Session::new("network");
        assert!(session.jobs().is_empty() && !session.supplied());
        assert!(session.compute("run-0-rate-0", 0, None).is_err());
        assert!(!session.figures().is_empty() && !session.summary().verdict.text.is_empty());
    })
    .join()
    .unwrap();
}
