//! Runs in shards: more steps continue them, fewer show what a shorter run had shown.

use crate::session::{finished, job, quantity, run_all, value};
use saddlescope::labs::session::Session;
use saddlescope::labs::spectrum::run::Schedule;

#[test]
fn where_shards_end_does_not_depend_on_how_many_there_are() {
    for unit_cost in [1e3, 7e4, 5e6, 1e9] {
        let long = Schedule::new(3_000_000, unit_cost);
        let mut before = long.span(0);
        assert_eq!(before.from, 0);
        for shard in 1..long.shards() {
            let span = long.span(shard);
            assert_eq!(span.from, before.to);
            assert!(span.to > span.from && span.looks >= before.looks && span.looks <= before.looks + 1);
            before = span;
        }
        assert!(u64::from(before.to) * 16 >= 3_000_000, "{before:?}");
        assert!(f64::from(before.to) * 16.0 <= 1.25 * 3_000_000.0);
        for steps in [10, 1024, 5_000, 65_536, 1_000_000] {
            let short = Schedule::new(steps, unit_cost);
            let last = short.span(short.shards() - 1);
            assert!(last.to * 16 >= steps);
            for shard in 0..short.shards() {
                assert_eq!(short.span(shard), long.span(shard), "{steps} steps, shard {shard}");
            }
        }
    }
}

/// Bit for bit: a run that was made longer is the long run, and one made shorter again the short one.
#[test]
fn more_steps_throw_nothing_away() {
    let link = |steps: u32| format!("spectrum?law=neuron&outputs=2&inputs=3&lr=0.3&steps={steps}");
    let text = |session: &Session| format!("{:?}{:?}", session.summary(), session.figures());
    let (short, long) = (finished(&link(4000)), finished(&link(40_000)));
    let mut session = Session::new(&link(4000));
    let first = run_all(&mut session);
    session.set("steps", "40000");
    assert!(!session.complete(), "more is asked for than is there");
    let (run, key) = job(&session, "run");
    let kept = session.kept(&key).len() as u32;
    assert!(kept > 3 && kept < run.shards, "{kept} of {}", run.shards);
    let more = run_all(&mut session);
    assert_eq!(first + more, run_all(&mut Session::new(&link(40_000))), "nothing is computed twice");
    assert_eq!(text(&session), text(&long));
    session.set("steps", "4000");
    assert!(session.complete());
    assert_eq!(text(&session), text(&short));
    session.set("steps", "40000");
    assert_eq!(run_all(&mut session), 0);
    assert_eq!(text(&session), text(&long));
    assert!(value(&long.summary(), "steps_done") >= 40_000.0);
}

/// A shard without the one before it begins anew, and ends in the same numbers.
#[test]
fn a_lost_shard_is_made_again() {
    for link in
        ["spectrum?dim=3&input_law=gaussian&lr=0.5", "spectrum?dim=3&input_law=gaussian&lr=0.5&exponents=top"]
    {
        let session = finished(link);
        for name in ["run", "sweep-7"] {
            let (job, key) = job(&session, name);
            let shard = job.shards / 2;
            let anew = session.compute(name, shard, None).unwrap();
            assert_eq!(session.shard(&key, shard).unwrap(), anew, "{link}: {name}");
            let nonsense = session.compute(name, shard, Some(&[1.0, 2.0])).unwrap();
            assert_eq!(session.shard(&key, shard).unwrap(), nonsense);
        }
    }
}

/// The error falls as the root of the length.
#[test]
fn a_longer_run_says_more() {
    let error = |steps: u32| {
        let mut session = Session::new(&format!("spectrum?dim=4&lr=1.2&steps={steps}"));
        crate::session::run(&mut session, "run");
        quantity(&session.summary(), "spectrum_1").standard_error.unwrap()
    };
    let ratio = error(16_384) / error(16 * 16_384);
    assert!((2.8..5.7).contains(&ratio), "{ratio} for 4");
}
