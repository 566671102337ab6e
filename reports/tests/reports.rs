//! Reports of a made-up run, and of runs that something happened to.

mod amend;
mod common;
mod formal;

use common::long_charge::long_charge;
use common::low_cell::low_cell;
use common::others::others;
use common::{PRE_ALARM, Tape, Title};
use insta::assert_snapshot;
use record::{Event, StepKind, Verdict};
use reports::{Written, write_all};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder for one run.
struct Folder {
    _kept: tempfile::TempDir,
    run: PathBuf,
}

impl Folder {
    fn new() -> Self {
        let kept = tempfile::tempdir().unwrap();
        let run = kept.path().join("run");
        Self { _kept: kept, run }
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.run.join(file)).unwrap()
    }

    fn report(&self) -> Written {
        write_all(&self.run).unwrap()
    }

    /// The error of a report that can't be made, without the folder's name.
    fn refusal(&self) -> String {
        let error = write_all(&self.run).unwrap_err().to_string();
        error.replace(&self.run.display().to_string(), "RUN")
    }
}

/// Everything once, the journal whole.
fn whole() -> Folder {
    let folder = Folder::new();
    let mut tape = Tape::start(&folder.run, true);
    low_cell(&mut tape, "sim-board-4s", 32.0);
    low_cell(&mut tape, "sim-board-8s", 28.4);
    others(&mut tape);
    tape.finish(0.0, Verdict::Fail);
    folder
}

/// The published schema is the one that the code has; `UPDATE_SCHEMA=1` writes it anew.
#[test]
fn the_published_schema_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/report.schema.json");
    let schema = reports::report_schema().unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &schema).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap() == schema,
        "docs/report.schema.json is stale: run this test with UPDATE_SCHEMA=1"
    );
}

/// Fails unless every tag is closed in order and every entity is known.
fn parses_as_xml(text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(start) => {
                depth += 1;
                for attribute in start.attributes() {
                    attribute.unwrap();
                }
            }
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
}

#[test]
fn the_terminal_gets_one_line_for_each_finding() {
    assert_snapshot!(whole().report().summary);
}

#[test]
fn junit_tells_failures_from_everything_that_stays_open() {
    let folder = whole();
    folder.report();
    let junit = folder.text("junit.xml");
    parses_as_xml(&junit);
    assert_snapshot!(junit);
}

#[test]
fn cucumber_json_has_every_step() {
    let folder = whole();
    folder.report();
    assert_snapshot!(folder.text("cucumber.json"));
}

#[test]
fn report_json_has_every_judgement() {
    let folder = whole();
    folder.report();
    assert_snapshot!(folder.text("report.json"));
}

#[test]
fn the_page_reads_as_the_feature_file() {
    let folder = whole();
    folder.report();
    let page = folder.text("report.html");
    let in_order = [
        "SIMULATED",
        "Not proven safe at some time, proven later",
        "Fail: 1 of 4 scenarios failed, 1 inconclusive, 1 skipped, 1 passed.",
        "What needs attention",
        "delay 28.40 s ± 0.10 s must be at least 30 s",
        "Chapter 3 System design",
        "Feature: Pre-alarm",
        "Scenario: The loads stay on for thirty seconds after the pre-alarm",
        "a board at rest with every cell at 3.30 V",
        "cell 3 voltage at the pre-alarm",
        "3.08 to 3.12",
        "3.0980 ± 0.0041",
        "guard band",
        "<svg",
        "Chapter 6 Troubleshooting",
        "bench sim-battery has no chamber",
        "Pull the cable of battery 1",
        "ROUT:OPEN? (@2001)",
        "NOT PROVEN",
        "bms charge_delay is 0.8 s",
        "calibration of daq ends in 12 days",
        "Rohde&amp;Schwarz,NGM202,100001,03.068",
        "fixtures/benches/sim-board-4s.yaml",
        "End of report",
    ];
    let mut from = 0;
    for words in in_order {
        let at = page[from..].find(words);
        from += at.unwrap_or_else(|| panic!("`{words}` is missing or out of order"));
    }
}

#[test]
fn the_page_loads_nothing_and_styles_nothing_inline() {
    let folder = whole();
    folder.report();
    let page = folder.text("report.html");
    for forbidden in [
        " style=", " onclick", "src=", "@import", "url(", "http://", "https://",
    ] {
        let found = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!found.contains(forbidden), "the page has `{forbidden}`");
    }
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
    for plot in ["0001", "0002"] {
        parses_as_xml(&folder.text(&format!("plots/{plot}.svg")));
    }
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let folder = whole();
    let all = |folder: &Folder| {
        folder.report();
        [
            "report.html",
            "junit.xml",
            "cucumber.json",
            "report.json",
            "plots/0001.svg",
        ]
        .map(|file| folder.text(file))
    };
    assert_eq!(all(&folder), all(&folder));
}

#[test]
fn hostile_names_stay_text() {
    let folder = Folder::new();
    let mut tape = Tape::start(&folder.run, false);
    let name = "</title><script>alert(1)</script> \" ' & \u{1}\u{8} ]]> <!--";
    let title = Title {
        path: "features/<b>/x.feature",
        line: 1,
        feature: name,
        name,
        tags: &["clause:<i>"],
        bench: name,
        attempt: 1,
    };
    tape.scenario(0.0, &title);
    tape.bench(0.0, name);
    tape.step(0.0, StepKind::Given, "Given", name);
    let change = Event::Change {
        what: name.into(),
        to: name.into(),
        instrument: name.into(),
        not_before_s: None,
    };
    tape.event(1.0, change);
    tape.step_done(1.0, Verdict::Fail, name);
    tape.made_safe(2.0, &[]);
    tape.done(2.0, Verdict::Fail, name);
    tape.finish(2.0, Verdict::Fail);
    folder.report();
    let page = folder.text("report.html");
    assert_eq!(page.matches("<script>").count(), 1, "only our own script");
    assert!(!page.contains("<b>") && !page.contains("<i>") && !page.contains("<!--"));
    parses_as_xml(&folder.text("junit.xml"));
    parses_as_xml(&folder.text("plots/0001.svg"));
    let cucumber: serde_json::Value = serde_json::from_str(&folder.text("cucumber.json")).unwrap();
    assert_eq!(cucumber[0]["elements"][0]["steps"][0]["name"], name);
}

#[test]
fn a_run_that_was_killed_is_interrupted() {
    let folder = whole();
    let journal = folder.run.join("journal.ndjson");
    let whole = fs::read(&journal).unwrap();
    // Wherever the journal ends, the report is made and says so.
    let mut passes = 0;
    for end in (0..whole.len()).step_by(397).chain([whole.len() - 2]) {
        fs::write(&journal, &whole[..end]).unwrap();
        let summary = folder.report().summary;
        assert!(!summary.finished, "cut at {end}");
        assert_ne!(summary.verdict, Verdict::Pass, "cut at {end}");
        assert!(folder.text("junit.xml").contains("the run reaches its end"));
        passes += summary
            .counts
            .iter()
            .filter(|(v, _)| *v == Verdict::Pass)
            .count();
    }
    assert!(passes > 0, "a scenario that was over keeps its verdict");
}

#[test]
fn a_scenario_that_broke_off_leaves_the_bench_unproven() {
    let folder = Folder::new();
    let mut tape = Tape::start(&folder.run, false);
    let title = Title {
        path: PRE_ALARM,
        line: 9,
        feature: "Pre-alarm",
        name: "Broken off",
        tags: &[],
        bench: "lab",
        attempt: 1,
    };
    tape.scenario(0.0, &title);
    tape.bench(0.0, "lab");
    tape.step(1.0, StepKind::Given, "Given", "a board at rest");
    tape.step_done(2.0, Verdict::Pass, "");
    tape.step(2.0, StepKind::When, "When", "a cell is lowered");
    let command = Event::Command {
        role: "cell 1".into(),
        action: "2.900 V".into(),
    };
    tape.event(3.5, command);
    tape.recorder.flush();
    assert_snapshot!(folder.report().summary);
    let page = folder.text("report.html");
    let alarm = page.find("May still be energised").unwrap();
    assert!(
        alarm < page.find("class=\"result").unwrap(),
        "what may be on comes before the verdict"
    );
}

#[test]
fn an_output_that_is_not_proven_off_comes_first() {
    let folder = Folder::new();
    let mut tape = Tape::start(&folder.run, false);
    let title = Title {
        path: PRE_ALARM,
        line: 9,
        feature: "Pre-alarm",
        name: "Left on",
        tags: &[],
        bench: "lab",
        attempt: 1,
    };
    tape.scenario(0.0, &title);
    tape.bench(0.0, "lab");
    tape.step(0.0, StepKind::Given, "Given", "a board at rest");
    tape.step_done(1.0, Verdict::Pass, "");
    tape.made_safe(2.0, &["charger"]);
    tape.done(2.0, Verdict::Pass, "");
    tape.finish(2.0, Verdict::Pass);
    assert_snapshot!(folder.report().summary);
    assert!(
        folder
            .text("junit.xml")
            .contains("the bench is proven safe")
    );
}

#[test]
fn a_pass_that_its_parts_deny_is_none() {
    for (step, expected) in [
        (Some(Verdict::Fail), Verdict::Fail),
        (Some(Verdict::Error), Verdict::Error),
        (Some(Verdict::Skipped), Verdict::Skipped),
        (None, Verdict::Skipped),
    ] {
        let folder = Folder::new();
        let mut tape = Tape::start(&folder.run, false);
        let title = Title {
            path: PRE_ALARM,
            line: 9,
            feature: "Pre-alarm",
            name: "Says Pass",
            tags: &[],
            bench: "",
            attempt: 1,
        };
        tape.scenario(0.0, &title);
        if let Some(verdict) = step {
            tape.step(0.0, StepKind::Given, "Given", "something");
            tape.step_done(1.0, verdict, "");
        }
        tape.done(2.0, Verdict::Pass, "");
        tape.finish(2.0, Verdict::Pass);
        let summary = folder.report().summary;
        assert_eq!(summary.counts, [(expected, 1)], "step {step:?}");
        assert_eq!(summary.verdict, expected, "step {step:?}");
    }
}

#[test]
fn a_run_without_scenarios_is_no_pass() {
    let folder = Folder::new();
    Tape::start(&folder.run, false).finish(0.0, Verdict::Pass);
    assert_snapshot!(folder.report().summary, @r"
    evidence: the run says Pass, but no scenario is on record
    Skipped: no scenario was run.
    ");
}

#[test]
fn samples_that_are_gone_are_missed() {
    let folder = whole();
    fs::remove_file(folder.run.join("samples/0001.csv")).unwrap();
    let cut = folder.text("samples/0002.csv");
    fs::write(folder.run.join("samples/0002.csv"), &cut[..cut.len() / 2]).unwrap();
    let gaps = folder.report().summary.gaps;
    assert_snapshot!(gaps.join("\n"));
    assert!(
        folder
            .text("report.html")
            .contains("samples missing: samples/0001.csv")
    );
}

#[test]
fn samples_outside_the_run_are_not_read() {
    let folder = Folder::new();
    let mut tape = Tape::start(&folder.run, false);
    long_charge(&mut tape, 10);
    tape.event(
        0.0,
        Event::Note {
            text: "unharmed".into(),
        },
    );
    tape.recorder.enter(record::Scope {
        scenario: Some(1),
        step: None,
    });
    tape.event(
        0.0,
        Event::Samples {
            path: "../../etc/passwd".into(),
            rows: 1,
        },
    );
    tape.finish(0.0, Verdict::Pass);
    let gaps = folder.report().summary.gaps;
    assert_eq!(
        gaps,
        ["scenario 1: samples named outside the run, not read: ../../etc/passwd"]
    );
}

#[test]
fn a_broken_chain_gives_no_report() {
    let folder = whole();
    let journal = folder.run.join("journal.ndjson");
    let altered = folder.text("journal.ndjson").replacen("28.4", "32.4", 1);
    fs::write(&journal, altered).unwrap();
    let refusal = folder.refusal();
    let place = refusal.split("this line").next().unwrap();
    assert!(
        place.starts_with("no report: RUN/journal.ndjson:"),
        "{refusal}"
    );
    assert!(refusal.contains("the chain is broken here"), "{refusal}");
    assert!(!folder.run.join("report.html").exists());
}

#[test]
fn what_is_no_run_is_refused() {
    let nothing = Folder::new();
    assert_snapshot!(nothing.refusal(), @"RUN/journal.ndjson: No such file or directory (os error 2)");
    let foreign = Folder::new();
    fs::create_dir(&foreign.run).unwrap();
    write_foreign(&foreign.run);
    assert_snapshot!(foreign.refusal(), @"RUN/journal.ndjson: journal format `rig.journal/9` is not `rig.journal/1`; use the rig that wrote it (version 7.0)");
}

fn write_foreign(run: &Path) {
    let out = fs::File::create(run.join("journal.ndjson")).unwrap();
    let mut journal = record::Journal::new(out);
    let event = Event::RunStarted {
        rig: "7.0".into(),
        format: "rig.journal/9".into(),
        simulated: false,
        seed: 0,
        started: String::new(),
        options: std::collections::BTreeMap::default(),
        inputs: Vec::new(),
    };
    journal
        .append(0.0, record::Scope::default(), &event)
        .unwrap();
}

#[test]
fn a_value_that_was_not_measured_is_an_error_in_the_report() {
    let folder = Folder::new();
    let mut tape = Tape::start(&folder.run, false);
    low_cell(&mut tape, "sim-board-4s", f64::NAN);
    tape.finish(64.0, Verdict::Error);
    let summary = folder.report().summary;
    assert_eq!(summary.counts, [(Verdict::Error, 1)]);
    assert!(folder.text("report.html").contains("not measured"));
}

#[test]
fn a_hundred_thousand_samples_make_a_small_page() {
    let folder = Folder::new();
    let mut tape = Tape::start(&folder.run, true);
    long_charge(&mut tape, 100_000);
    tape.finish(0.0, Verdict::Pass);
    let summary = folder.report().summary;
    assert_eq!(summary.gaps, [""; 0]);
    let page = folder.text("report.html");
    assert!(page.contains("<svg"), "the plot is in the page");
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
}
