//! A laboratory's bench file on software twins.

use crate::command::rig;

#[test]
fn a_bench_file_with_real_addresses_runs_on_the_twins_of_its_instruments() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let feature = "features/4-installation/4.9-commissioning.feature";
    let run = |more: &[&str]| {
        let mut arguments = vec!["run", "--bench", "lab-example", feature];
        arguments.extend(["--out", out.to_str().unwrap()]);
        arguments.extend(more);
        rig(&arguments)
    };
    let done = run(&["--twin"]);
    assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    let journal = std::fs::read_to_string(out.join("journal.ndjson")).unwrap();
    // The twins answer with the serial numbers that the bench file expects.
    for told in [
        "2012345678",
        "MY44001234",
        "\"simulated\":true",
        "\"twin\":\"yes\"",
    ] {
        assert!(journal.contains(told), "{told}");
    }
    let report = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(report.contains("SIMULATED"));
}
