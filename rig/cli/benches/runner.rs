//! The runner's figures: whole processes, as people wait for them.
//!
//! Design section 10 holds us to 1 s for 2,000 trivial scenarios and 60 s for the whole suite of
//! features in simulation.

use criterion::{Criterion, criterion_group, criterion_main};
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

fn rig(arguments: &[&str], summary: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("run");
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_rig"))
        .current_dir(manifest.ancestors().nth(2).expect("the workspace"))
        .arg("run")
        .args(["--out", out.to_str().expect("a plain path")])
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .expect("the binary starts");
    // A run that ended early would be a very fast one.
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains(summary), "{arguments:?}: {text}");
}

fn trivial(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("trivial.feature");
    let mut text = String::from("Feature: trivial\n");
    for number in 1..=2000 {
        write!(
            text,
            "  Scenario: number {number}\n    Given the remark \"this is number {number}\"\n"
        )
        .expect("a string takes it");
    }
    std::fs::write(&path, text).expect("the feature can be written");
    let path = path.to_str().expect("a plain path");
    let mut group = criterion.benchmark_group("runner");
    group.sample_size(10);
    group.measurement_time(Duration::from_secs(15));
    // Nothing is judged in them, so that they end inconclusive.
    group.bench_function("2000_trivial_scenarios", |bencher| {
        bencher.iter(|| rig(&[path], "2000 scenarios: 2000 inconclusive"));
    });
    group.finish();
}

fn suite(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("runner");
    group.sample_size(10);
    group.measurement_time(Duration::from_secs(60));
    group.bench_function("every_feature_on_every_simulated_bench", |bencher| {
        bencher.iter(|| rig(&[], " passed"));
    });
    group.finish();
}

criterion_group!(figures, trivial, suite);
criterion_main!(figures);
