//! A report of a run with 100,000 samples: one second at most.

#[path = "../tests/common/mod.rs"]
mod common;

use common::{Tape, long_charge};
use criterion::{Criterion, criterion_group, criterion_main};
use record::Verdict;

fn report(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder for the run");
    let run = folder.path().join("run");
    let mut tape = Tape::start(&run, true);
    long_charge(&mut tape, 100_000);
    tape.finish(0.0, Verdict::Pass);
    let mut group = criterion.benchmark_group("report");
    group.sample_size(10);
    group.bench_function("of 100,000 samples in 16 columns", |bencher| {
        bencher.iter(|| reports::write_all(&run).expect("a report"));
    });
    group.finish();
}

criterion_group!(benches, report);
criterion_main!(benches);
