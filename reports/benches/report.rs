//! A report of a run with 100,000 samples: one second at most. Beside it a run of many scenarios,
//! and one of every kind of finding.

#[path = "../tests/common/mod.rs"]
mod common;

use common::long_charge::long_charge;
use common::low_cell::low_cell;
use common::others::others;
use common::{PRE_ALARM, Tape, Title};
use criterion::{Criterion, criterion_group, criterion_main};
use record::{StepKind, Verdict};

fn report(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("report");
    group.sample_size(10);
    let mut measure = |name: &str, write: &dyn Fn(&mut Tape)| {
        let folder = tempfile::tempdir().expect("a folder for the run");
        let run = folder.path().join("run");
        let mut tape = Tape::start(&run, true);
        write(&mut tape);
        tape.finish(0.0, Verdict::Pass);
        group.bench_function(name, |bencher| {
            bencher.iter(|| reports::write_all(&run).expect("a report"));
        });
    };
    measure("100,000 samples in 16 columns", &|tape| {
        long_charge(tape, 100_000);
    });
    measure("2,000 scenarios of ten steps", &|tape| {
        (0..2000).for_each(|_| trivial(tape));
    });
    measure("one finding of each kind", &|tape| {
        low_cell(tape, "sim-board-4s", 28.4);
        others(tape);
    });
    group.finish();
}

fn trivial(tape: &mut Tape) {
    let title = Title {
        path: PRE_ALARM,
        line: 3,
        feature: "Pre-alarm",
        name: "Nothing much",
        tags: &["bench:board"],
        bench: "sim-board-4s",
        attempt: 1,
    };
    tape.scenario(0.0, &title);
    for _ in 0..10 {
        tape.step(
            0.0,
            StepKind::Given,
            "Given",
            "a board at rest with every cell at 3.30 V",
        );
        tape.step_done(1.0, Verdict::Pass, "");
    }
    tape.made_safe(1.0, &[]);
    tape.done(1.0, Verdict::Pass, "");
}

criterion_group!(benches, report);
criterion_main!(benches);
