//! A real bench that hears its batteries: adverts in a file that another process writes.

use crate::command::{fixtures, rig_in};
use crate::laboratory::{Laboratory, verdict_and_proof};
use record::Verdict;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

const SIMULATED: &str = "radio: { receiver: 'sim:' }";

/// A laboratory on the air, and the folder of adverts and keys.
fn on_air(bench: &str) -> (Laboratory, tempfile::TempDir) {
    let air = tempfile::tempdir().unwrap();
    let file = air.path().join("adverts");
    let lab = Laboratory::with(bench, &["--radio", file.to_str().unwrap()]);
    lab.change(SIMULATED, &lab.server.radio.clone());
    (lab, air)
}

fn doctor(lab: &Laboratory) -> (i32, String) {
    let done = rig_in(lab.folder.path(), &["doctor", "--bench", lab.bench()]);
    let lines = done.stdout.lines().filter(|line| line.contains("radio"));
    (done.code, lines.collect::<Vec<_>>().join("\n"))
}

fn everything_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            everything_below(&path, files);
        } else {
            files.push(path);
        }
    }
}

#[test]
fn reports_of_a_bench_are_judged_and_its_keys_are_nowhere() {
    let (lab, air) = on_air("sim-board-4s");
    let out = lab.folder.path().join("run");
    let feature = fixtures().join("../features/2-introduction/2-reports.feature:7");
    let done = lab.run(&feature, &out);
    let (verdict, proof) = verdict_and_proof(&lab.finished(&out));
    assert_eq!(
        (verdict, proof),
        (Some((Verdict::Pass, String::new())), Some(true)),
        "{}{}",
        done.stdout,
        done.stderr
    );
    let keys = std::fs::read_to_string(air.path().join("adverts.keys")).unwrap();
    let keys: Vec<&str> = keys.lines().collect();
    assert_eq!(keys.len(), 1, "a battery");
    let mut files = Vec::new();
    everything_below(&out, &mut files);
    assert!(files.len() > 10);
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for key in &keys {
            assert!(!text.contains(key), "{}", file.display());
        }
    }
}

#[test]
fn the_doctor_listens() {
    let (lab, air) = on_air("sim-battery");
    let (_, told) = doctor(&lab);
    assert!(!told.contains("BAD"), "{told}");
    // The battery, and the bench's monitor.
    assert!(told.contains("one for each of 2 devices"), "{told}");
    assert!(told.contains("heard, model 0x"), "{told}");
    let keys = air.path().join("adverts.keys");
    let key = std::fs::read_to_string(&keys).unwrap();
    for (spoilt, mode, word) in [
        (key.clone(), 0o644, "has mode 0644"),
        (
            format!("{key}{key}"),
            0o600,
            "holds 4 keys, and 2 devices are listened to",
        ),
        (
            format!("{0} {0}", "ff".repeat(16)),
            0o600,
            "can't be decrypted",
        ),
    ] {
        std::fs::write(&keys, spoilt).unwrap();
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&keys, permissions).unwrap();
        let (code, told) = doctor(&lab);
        assert_eq!(code, 1, "{told}");
        assert!(told.contains(word), "{told}");
        assert!(key.lines().all(|key| !told.contains(key)), "{told}");
    }
}

#[test]
fn what_a_bench_file_says_of_the_radio_is_checked_without_it() {
    let lab = Laboratory::new();
    let mut before = SIMULATED.to_owned();
    for (radio, problem) in [
        (
            "radio: { receiver: hci0 }",
            "radio receiver `hci0` is none that rig knows; write `bluez:hci0`",
        ),
        (
            "radio: { receiver: 'bluez:hci0' }",
            "0 radio addresses for 1 batteries",
        ),
        (
            "radio: { receiver: 'bluez:hci0', batteries: [here] }",
            "`here` is no radio address, which looks like c0:11:22:33:44:55",
        ),
    ] {
        lab.change(&before, radio);
        radio.clone_into(&mut before);
        let done = rig_in(lab.folder.path(), &["check", lab.bench()]);
        assert_eq!(done.code, 1, "{}", done.stdout);
        assert!(done.stdout.contains(problem), "{}", done.stdout);
    }
}
