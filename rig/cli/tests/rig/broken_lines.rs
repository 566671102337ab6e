//! Connections that break, spoil and delay what goes through them: nothing stays on.

use crate::between::Answers;
use crate::events::{BOUND, told};
use crate::kill::signal;
use crate::laboratory::Laboratory;
use api::Clock as _;
use record::Verdict;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Laboratories at a time: their runs mostly wait.
const SIDE_BY_SIDE: u64 = 8;

/// Every which message is tried: each has its turn with `RIG_CUT_EVERY=1`, which takes minutes. An
/// odd number meets questions and answers alike.
fn every() -> u64 {
    let asked = std::env::var("RIG_CUT_EVERY").ok();
    asked.and_then(|every| every.parse().ok()).unwrap_or(5)
}

/// What a run that was cut at one of its messages came to.
struct Cut {
    /// Nothing was on any more so long after it; `None` where nothing was cut.
    off_after: Option<Duration>,
    verdict: Verdict,
    proven: bool,
    first_line: String,
}

fn run_and_cut(lab: &Laboratory, number: u64) -> Cut {
    let feature = lab.stays_on("500 ms");
    let out = lab.folder.path().join(format!("run-{number}"));
    lab.between.cut_at(number);
    let mut child = lab.start(&feature, &out);
    let clock = rig::run::WallClock::start();
    let mut cut_at = None;
    let mut off_after = None;
    while child.try_wait().unwrap().is_none() {
        assert!(clock.now() < Duration::from_secs(60), "{number}: it hangs");
        if cut_at.is_none() && lab.between.has_cut() {
            cut_at = Some(clock.now());
        }
        if let (Some(cut), None) = (cut_at, off_after)
            && lab.on().is_empty()
        {
            off_after = Some(clock.now() - cut);
        }
        clock.sleep_through(Duration::from_millis(40));
    }
    assert!(lab.on().is_empty(), "{number}: {:?}", lab.on());
    let told = told(&out);
    Cut {
        off_after: lab
            .between
            .has_cut()
            .then(|| off_after.unwrap_or(Duration::ZERO)),
        verdict: told.verdict,
        proven: told.proven,
        first_line: told.first_line,
    }
}

#[test]
fn wherever_the_connection_is_cut_nothing_stays_on() {
    let (every, next) = (every(), AtomicU64::new(1));
    let whole = AtomicU64::new(u64::MAX);
    let work = || {
        let lab = Laboratory::new();
        let mut verdicts = BTreeSet::new();
        loop {
            let number = next.fetch_add(every, Ordering::SeqCst);
            if number > whole.load(Ordering::SeqCst) {
                return verdicts;
            }
            let cut = run_and_cut(&lab, number);
            let Some(off_after) = cut.off_after else {
                // The run has fewer messages.
                whole.fetch_min(number - 1, Ordering::SeqCst);
                return verdicts;
            };
            assert!(cut.proven, "{number}: {}", cut.first_line);
            assert!(off_after <= BOUND, "{number}: off after {off_after:?}");
            if cut.verdict == Verdict::Error {
                assert!(
                    cut.first_line.contains("First error: "),
                    "{number}: {}",
                    cut.first_line
                );
            }
            verdicts.insert(cut.verdict.word());
        }
    };
    let verdicts: BTreeSet<&str> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..SIDE_BY_SIDE).map(|_| scope.spawn(work)).collect();
        let ended = workers.into_iter().map(|worker| worker.join().unwrap());
        ended.flatten().collect()
    });
    let whole = whole.into_inner();
    assert!(whole > 100, "only {whole} messages");
    assert!(verdicts.contains("Error"), "{verdicts:?}");
    assert!(!verdicts.contains("Pass"), "{verdicts:?}");
}

/// Spoils the answers of the meter, which is asked all the time, and of a supply, which is asked
/// nothing until it is to go off.
fn spoilt(answers: impl Fn(&str) -> Answers, meter_bound: Duration) {
    for (id, bound) in [("daq", meter_bound), ("cells_a", BOUND)] {
        let lab = Laboratory::new();
        let (mut child, out) = lab.run_until_cells_are_on();
        lab.between.answers(answers(id));
        if id == "cells_a" {
            signal(&child, "INT");
        }
        let took = lab.off_after(bound * 3);
        assert!(took <= bound, "{id}: off after {took:?}");
        lab.between.answers(Answers::AsTheyAre);
        assert_eq!(child.wait().unwrap().code(), Some(2));
        let told = told(&out);
        let page = std::fs::read_to_string(out.join("report.html")).unwrap();
        assert_eq!(
            page.contains("<h2>May still be energised</h2>"),
            !told.proven,
            "{id}: {}",
            told.reason
        );
        let (verdict, what) = match id {
            "daq" => (Verdict::Error, "First error: daq"),
            _ => (Verdict::Interrupted, "Interrupted by: "),
        };
        assert_eq!(told.verdict, verdict, "{id}: {}", told.reason);
        assert!(told.first_line.contains(what), "{id}: {}", told.first_line);
    }
}

#[test]
fn garbled_answers_end_the_run_with_everything_off() {
    spoilt(|id| Answers::Garbled(id.to_owned()), BOUND);
}

#[test]
fn late_answers_end_the_run_with_everything_off() {
    let (time_out, late) = (Duration::from_secs(4), Duration::from_secs(6));
    let late = |id: &str| Answers::Late(id.to_owned(), late);
    spoilt(late, time_out + BOUND);
}
