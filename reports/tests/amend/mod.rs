//! A run's folder over its life: reports, seal, amendments, and evidence that somebody touched.

use crate::common::Tape;
use crate::common::low_cell::low_cell;
use record::{Verdict, verify};
use reports::{Making, Reason, ReportError, make, write_all};
use std::fs;
use std::path::{Path, PathBuf};

struct Folder {
    _kept: tempfile::TempDir,
    run: PathBuf,
}

fn run() -> Folder {
    let kept = tempfile::tempdir().unwrap();
    let run = kept.path().join("run");
    let mut tape = Tape::start(&run, true);
    low_cell(&mut tape, "sim-board-8s", 28.4);
    tape.finish(0.0, Verdict::Fail);
    write_all(&run).unwrap();
    Folder { _kept: kept, run }
}

fn amend(run: &Path, reason: &str) -> Result<reports::Written, ReportError> {
    make(
        run,
        &Making {
            amendment: Some(Reason {
                reason: reason.into(),
                by: "A. Tester".into(),
                at: "2026-02-01T08:00:00Z".into(),
            }),
            ..Making::default()
        },
    )
}

fn altered(run: &Path) -> Vec<String> {
    let found = verify(run).unwrap().alterations;
    found.into_iter().map(|one| one.path).collect()
}

#[test]
fn reports_are_sealed_with_the_run_and_made_again_alike() {
    let folder = run();
    assert_eq!(altered(&folder.run), Vec::<String>::new());
    let files = [
        "report.html",
        "report.json",
        "judgements.csv",
        "manifest.json",
        "SHA256SUMS",
    ];
    let before = files.map(|file| fs::read(folder.run.join(file)).unwrap());
    write_all(&folder.run).unwrap();
    let after = files.map(|file| fs::read(folder.run.join(file)).unwrap());
    assert!(before == after, "the same run gave other bytes");
}

#[test]
fn touched_samples_are_told_in_every_report_made_later() {
    let folder = run();
    let samples = folder.run.join("samples/0001.csv");
    let text = fs::read_to_string(&samples).unwrap();
    // A digit: the file still reads as samples.
    fs::write(&samples, text.replacen("3.", "4.", 1)).unwrap();
    assert_eq!(altered(&folder.run), ["samples/0001.csv"]);
    let written = write_all(&folder.run).unwrap();
    let gaps = written.summary.gaps.join("\n");
    assert!(
        gaps.contains(
            "samples/0001.csv was altered after the run was sealed, between byte 0 and byte"
        ),
        "{gaps}"
    );
    let page = fs::read_to_string(folder.run.join("report.html")).unwrap();
    assert!(page.contains("samples/0001.csv was altered"));
    assert_eq!(
        altered(&folder.run),
        ["samples/0001.csv"],
        "made again, it must stay visible"
    );
}

#[test]
fn an_amendment_names_what_it_replaces_and_keeps_it() {
    let folder = run();
    let first = fs::read(folder.run.join("report.html")).unwrap();
    let written = amend(&folder.run, "customer's name was misspelt").unwrap();
    assert!(written.number.ends_with("revision 2"), "{}", written.number);
    assert_eq!(
        fs::read(folder.run.join("revisions/1/report.html")).unwrap(),
        first
    );
    let page = fs::read_to_string(folder.run.join("report.html")).unwrap();
    let number = written.number.replace("revision 2", "revision 1");
    for part in [
        &format!("Amendment to {number}"),
        "customer&#39;s name was misspelt",
        "revisions/1",
        &record_sha(&first),
    ] {
        let plain = page.contains(part) || page.contains(&part.replace("&#39;", "'"));
        assert!(plain, "{part}");
    }
    let json = fs::read_to_string(folder.run.join("report.json")).unwrap();
    assert!(json.contains("\"revision\": 2"), "{json:.300}");
    amend(&folder.run, "and again").unwrap();
    assert!(folder.run.join("revisions/2/report.html").is_file());
    assert_eq!(altered(&folder.run), Vec::<String>::new());
    // What was replaced is evidence from then on.
    fs::write(folder.run.join("revisions/1/report.html"), "nicer").unwrap();
    assert_eq!(altered(&folder.run), ["revisions/1/report.html"]);
}

fn record_sha(bytes: &[u8]) -> String {
    let kept = tempfile::tempdir().unwrap();
    fs::write(kept.path().join("x"), bytes).unwrap();
    let manifest =
        record::seal::<record::SealError>(kept.path(), "", |_| record::Part::Raw, |_| Ok(None));
    manifest.unwrap().files[0].sha256.clone()
}

#[test]
fn an_amendment_needs_a_reason_and_something_to_amend() {
    let folder = run();
    let error = amend(&folder.run, " ").unwrap_err().to_string();
    assert_eq!(
        error,
        "an amendment needs a reason: say in a sentence what changed and why"
    );
    fs::remove_file(folder.run.join("report.html")).unwrap();
    let error = amend(&folder.run, "because").unwrap_err().to_string();
    assert_eq!(
        error,
        "there is no report.html to amend; make the report first"
    );
}

#[test]
fn judgements_are_a_table() {
    let folder = run();
    let text = fs::read_to_string(folder.run.join("judgements.csv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(
        lines.next().unwrap(),
        "scenario,attempt,superseded,path,line,name,bench,step,clause,quantity,limit,low,high,value,expanded_uncertainty,unit,instrument,at_s,rule,verdict,reason"
    );
    let delay = text.lines().find(|line| line.contains("28.4,")).unwrap();
    assert!(delay.contains(",at least 30 s,30,,28.4,0.1,s,"), "{delay}");
    assert!(delay.contains(",guard band,Fail,"), "{delay}");
}

/// Every id that an envelope refers to was told before.
#[test]
fn messages_refer_to_what_was_told() {
    let folder = run();
    let text = fs::read_to_string(folder.run.join("messages.ndjson")).unwrap();
    let mut known = std::collections::BTreeSet::new();
    let mut kinds = std::collections::BTreeSet::new();
    for line in text.lines() {
        let envelope: serde_json::Value = serde_json::from_str(line).unwrap();
        let (kind, value) = envelope.as_object().unwrap().iter().next().unwrap();
        kinds.insert(kind.clone());
        refers(value, &mut known);
    }
    let wanted = [
        "attachment",
        "gherkinDocument",
        "hook",
        "meta",
        "pickle",
        "testCase",
        "testCaseFinished",
        "testCaseStarted",
        "testRunFinished",
        "testRunStarted",
        "testStepFinished",
        "testStepStarted",
    ];
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), wanted);
    assert!(text.contains("Fail 3.2.1-02: delay 28.40 s ± 0.10 s must be at least 30 s"));
    assert!(text.contains("\"success\":false"));
}

fn refers(value: &serde_json::Value, known: &mut std::collections::BTreeSet<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            // Its own id first: a case's steps may refer to it.
            if let Some(id) = fields.get("id").and_then(|id| id.as_str()) {
                known.insert(id.to_owned());
            }
            for (key, value) in fields {
                if (key.ends_with("Id") || key.ends_with("NodeIds")) && key != "id" {
                    let ids = value
                        .as_array()
                        .cloned()
                        .unwrap_or_else(|| vec![value.clone()]);
                    for id in ids {
                        assert!(known.contains(id.as_str().unwrap()), "{key}: {id}");
                    }
                } else {
                    refers(value, known);
                }
            }
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| refers(value, known)),
        _ => {}
    }
}
