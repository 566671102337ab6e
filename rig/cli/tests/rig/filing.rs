//! What becomes of a run's folder: verified, amended, signed, listed, compared.

use crate::command::{Done, rig, root};
use std::path::{Path, PathBuf};

/// A run of the binary in a folder of its own, whose parent keeps the history.
struct Filed {
    _kept: tempfile::TempDir,
    folder: PathBuf,
}

fn filed() -> Filed {
    let kept = tempfile::tempdir().unwrap();
    let folder = kept.path().to_owned();
    Filed {
        _kept: kept,
        folder,
    }
}

impl Filed {
    fn run(&self, name: &str, more: &[&str]) -> PathBuf {
        let out = self.folder.join(name);
        let feature = root().join("features/3-system-design/3.2.1-pre-alarm.feature");
        let mut arguments = vec!["run", feature.to_str().unwrap(), "--bench", "sim-board-4s"];
        arguments.extend(["--out", out.to_str().unwrap()]);
        arguments.extend(more);
        let done = rig(&arguments);
        assert!(out.join("manifest.json").is_file(), "{}", done.stderr);
        out
    }

    fn history(&self, more: &[&str]) -> Done {
        let file = self.folder.join("history.sqlite");
        let mut arguments = vec!["history", "--file", file.to_str().unwrap()];
        arguments.extend(more);
        rig(&arguments)
    }
}

fn verb(verb: &str, run: &Path, more: &[&str]) -> Done {
    let mut arguments = vec![verb, run.to_str().unwrap()];
    arguments.extend(more);
    rig(&arguments)
}

fn flip(path: &Path, at: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[at] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_run_verifies_until_a_byte_is_flipped() {
    let filed = filed();
    let run = filed.run("run", &[]);
    let done = verb("verify", &run, &[]);
    assert_eq!(done.code, 0, "{}", done.stdout);
    assert!(done.stdout.starts_with("intact: "), "{}", done.stdout);
    flip(&run.join("inputs/fixtures/manual/clauses.yaml"), 5000);
    let done = verb("verify", &run, &["--format", "json"]);
    assert_eq!(done.code, 1, "{}", done.stdout);
    let found: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(found["format"], "rig.verify/1");
    assert_eq!(found["verdict"], "altered");
    let one = &found["alterations"][0];
    assert_eq!(one["path"], "inputs/fixtures/manual/clauses.yaml");
    let (from, to) = (
        one["from_byte"].as_u64().unwrap(),
        one["to_byte"].as_u64().unwrap(),
    );
    assert!((from..to).contains(&5000), "{one}");
    // Made again, the reports tell it, and it is found still.
    assert_eq!(verb("report", &run, &[]).code, 0);
    let page = std::fs::read_to_string(run.join("report.html")).unwrap();
    assert!(page.contains("clauses.yaml was altered after the run was sealed"));
    assert_eq!(verb("verify", &run, &[]).code, 1);
}

#[test]
fn a_run_that_was_never_sealed_cannot_be_told() {
    let filed = filed();
    let run = filed.run("run", &[]);
    std::fs::remove_file(run.join("manifest.json")).unwrap();
    std::fs::remove_file(run.join("SHA256SUMS")).unwrap();
    let done = verb("verify", &run, &[]);
    assert_eq!(done.code, 2, "{}", done.stdout);
    assert!(
        done.stdout.starts_with("the run was never sealed"),
        "{}",
        done.stdout
    );
}

#[test]
fn reports_are_amended_with_a_reason() {
    let filed = filed();
    let run = filed.run("run", &[]);
    let before = std::fs::read(run.join("report.html")).unwrap();
    let reason = [
        "--amend",
        "--reason",
        "the customer moved",
        "--by",
        "A. Tester",
    ];
    let done = verb("report", &run, &reason);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert_eq!(
        std::fs::read(run.join("revisions/1/report.html")).unwrap(),
        before
    );
    let page = std::fs::read_to_string(run.join("report.html")).unwrap();
    assert!(page.contains("the customer moved (A. Tester)"));
    assert_eq!(verb("verify", &run, &[]).code, 0);
    let done = verb("report", &run, &["--reason", "for nothing"]);
    assert_eq!(done.code, 64);
    assert!(
        done.stderr.contains("--reason belongs to --amend"),
        "{}",
        done.stderr
    );
}

#[test]
fn a_signature_is_checked_against_its_key() {
    let filed = filed();
    let run = filed.run("run", &[]);
    let keys = |name: &str| {
        let pair = minisign::KeyPair::generate_unencrypted_keypair().unwrap();
        let (secret, public) = (
            filed.folder.join(name),
            filed.folder.join(format!("{name}.pub")),
        );
        std::fs::write(&secret, pair.sk.to_box(None).unwrap().to_string()).unwrap();
        std::fs::write(&public, pair.pk.to_box().unwrap().to_string()).unwrap();
        [secret, public].map(|path| path.to_str().unwrap().to_owned())
    };
    let ([secret, public], [_, other]) = (keys("bench"), keys("other"));
    let done = verb("report", &run, &["--sign", &secret]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let done = verb("verify", &run, &["--public-key", &public]);
    assert_eq!(done.code, 0, "{}", done.stdout);
    assert!(done.stdout.contains("signature: good"), "{}", done.stdout);
    let done = verb("verify", &run, &["--public-key", &other]);
    assert_eq!(done.code, 1, "{}", done.stdout);
    assert!(done.stdout.contains("signature: BAD"), "{}", done.stdout);
    // Reports made again without the key are not signed any more.
    assert_eq!(verb("report", &run, &[]).code, 0);
    assert_eq!(verb("verify", &run, &["--public-key", &public]).code, 2);
}

/// The whole of what a run leaves: a byte of each file, in another place of it each time.
#[test]
fn a_flipped_byte_is_found_in_every_file() {
    let filed = filed();
    let run = filed.run("run", &[]);
    let files = files_of(&run);
    assert!(files.len() > 15, "{files:?}");
    for file in &files {
        let path = run.join(file);
        let whole = std::fs::read(&path).unwrap();
        if whole.is_empty() {
            continue;
        }
        for at in [0, whole.len() / 2, whole.len() - 1] {
            flip(&path, at);
            let found = record::verify(&run).unwrap().alterations;
            // A seal that was touched may speak of any file.
            let seal = ["manifest.json", "SHA256SUMS"].contains(&&file[..]);
            let named = found.iter().any(|one| seal || &one.path == file);
            assert!(named, "byte {at} of {file}: {found:?}");
            std::fs::write(&path, &whole).unwrap();
        }
    }
    assert_eq!(record::verify(&run).unwrap().alterations, []);
}

fn files_of(run: &Path) -> Vec<String> {
    let mut folders = vec![run.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(run).unwrap();
                files.push(name.to_str().unwrap().to_owned());
            }
        }
    }
    files
}

#[test]
fn runs_are_registered_listed_compared_and_followed() {
    let filed = filed();
    filed.run("one", &[]);
    filed.run("two", &["--fault", "pre-alarm-delay-short"]);
    let done = filed.history(&["--format", "json"]);
    let listed: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(listed["format"], "rig.history/1");
    assert_eq!(listed["runs"].as_array().unwrap().len(), 2, "{listed}");
    assert_eq!(listed["runs"][1]["verdict"], "Fail", "{listed}");
    let done = filed.history(&["1", "2"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(done.stdout.contains("Pass -> Fail  "), "{}", done.stdout);
    assert!(
        done.stdout
            .contains("delay from pre-alarm to loads off (3.2.1-02) 31.9000 -> 19.9000 s"),
        "{}",
        done.stdout
    );
    let plot = filed.folder.join("trend.svg");
    let quantity = [
        "--quantity",
        "delay from pre-alarm",
        "--plot",
        plot.to_str().unwrap(),
    ];
    let done = filed.history(&quantity);
    assert!(done.stdout.contains("at least 30 s"), "{}", done.stdout);
    let picture = std::fs::read_to_string(plot).unwrap();
    assert!(
        picture.starts_with("<svg") && picture.contains("circle"),
        "{picture:.200}"
    );
    let done = filed.history(&["1", "9"]);
    assert_eq!(done.code, 64);
    assert!(
        done.stderr.contains("no run in the history is `9`"),
        "{}",
        done.stderr
    );
}

#[cfg(not(feature = "pdf"))]
#[test]
fn a_build_without_the_typesetter_says_so() {
    let filed = filed();
    let run = filed.run("run", &[]);
    let done = verb("report", &run, &["--pdf"]);
    assert_eq!(done.code, 64);
    assert!(
        done.stderr.contains("build it with `--features pdf`"),
        "{}",
        done.stderr
    );
}

#[cfg(feature = "pdf")]
#[test]
fn a_formal_report_is_set_and_changes_by_amendment_only() {
    let filed = filed();
    let run = filed.run("run", &[]);
    let done = verb("report", &run, &["--pdf"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let first = std::fs::read(run.join("report.pdf")).unwrap();
    assert!(first.starts_with(b"%PDF"));
    assert_eq!(verb("report", &run, &["--pdf"]).code, 0);
    assert!(std::fs::read(run.join("report.pdf")).unwrap() == first);
    let details = filed.folder.join("details.yaml");
    std::fs::write(&details, "condition: a scratch on the lid\n").unwrap();
    let named = ["--details", details.to_str().unwrap()];
    let done = verb("report", &run, &named);
    assert_eq!(done.code, 2, "{}", done.stdout);
    assert!(
        done.stderr.contains("issue an amendment"),
        "{}",
        done.stderr
    );
    let amend = [
        &named[..],
        &["--amend", "--reason", "the lid was looked at"],
    ]
    .concat();
    let done = verb("report", &run, &amend);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(std::fs::read(run.join("revisions/1/report.pdf")).unwrap() == first);
    assert_eq!(verb("verify", &run, &[]).code, 0);
}

#[cfg(feature = "postgres")]
fn rig_with(arguments: &[&str], variables: &[(&str, &str)]) -> Done {
    let mut command = crate::command::command(&root(), arguments);
    crate::command::ended(command.envs(variables.iter().copied()))
}

/// Against a server that `make history-check` names.
#[cfg(feature = "postgres")]
#[test]
fn a_server_keeps_the_history_as_a_file_does() {
    let server = std::env::var("RIG_TEST_POSTGRES")
        .expect("RIG_TEST_POSTGRES names a database that may be written to");
    let filed = filed();
    let one = filed.run("one", &[]);
    let two = filed.run("two", &["--fault", "pre-alarm-delay-short"]);
    let in_file = |more: &[&str]| filed.history(more).stdout;
    let with = [("RIG_HISTORY", &server[..])];
    for run in [&one, &two, &one] {
        let done = rig_with(&["report", run.to_str().unwrap()], &with);
        assert_eq!(done.code, 0, "{}", done.stderr);
    }
    let on_server = |more: &[&str]| {
        let mut arguments = vec!["history"];
        arguments.extend(more);
        let done = rig_with(&arguments, &with);
        assert_eq!(done.code, 0, "{}", done.stderr);
        done.stdout
    };
    for more in [
        &["1", "2"][..],
        &["--quantity", "DELAY from pre-alarm"],
        &[
            "--quantity",
            "delay",
            "--clause",
            "3.2.1-02",
            "--device",
            "sim-board",
        ],
        &["--quantity", "100%"],
    ] {
        assert_eq!(on_server(more), in_file(more), "{more:?}");
    }
    let listed = on_server(&[]);
    assert!(listed.contains("2 runs"), "{listed}");
    let missing = [("RIG_HISTORY", "postgresql://nobody:secret@127.0.0.1:1/rig")];
    let done = rig_with(&["history"], &missing);
    assert!(
        done.stderr
            .contains("the history postgresql://nobody@127.0.0.1:1/rig can't be used"),
        "{}",
        done.stderr
    );
}
