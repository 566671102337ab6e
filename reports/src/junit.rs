//! `junit.xml`: a suite a feature, a case a scenario.
//!
//! A limit that wasn't held is a failure. Everything that leaves the question open (inconclusive,
//! interrupted, the rig's own errors) is an error, never a failure and never a success.

use crate::error::ReportError;
use crate::model::{Run, Scenario};
use crate::summary::one_line;
use quick_junit::{
    NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestRerun, TestSuite,
};
use record::Verdict;
use std::fmt::Write as _;
use std::time::Duration;

/// Serialises a run.
pub(crate) fn junit(run: &Run) -> Result<String, ReportError> {
    let mut report = Report::new("rig");
    for (path, scenarios) in by_feature(run) {
        let mut suite = TestSuite::new(path);
        if let Some(start) = &run.start {
            suite.add_property(Property::new("rig", &start.rig));
            suite.add_property(Property::new("started", &start.started));
            suite.add_property(Property::new("seed", start.seed.to_string()));
        }
        suite.add_property(Property::new("simulated", run.simulated().to_string()));
        suite.add_property(Property::new("finished", run.finished.to_string()));
        suite.set_time(scenarios.iter().map(|scenario| duration(scenario)).sum());
        suite.add_test_cases(scenarios.iter().map(|scenario| case(run, scenario)));
        report.add_test_suite(suite);
    }
    if let Some(suite) = run_suite(run) {
        report.add_test_suite(suite);
    }
    report.set_time(run.counted().map(duration).sum());
    report.to_string().map_err(|error| ReportError::Write {
        file: "junit.xml",
        reason: error.to_string(),
    })
}

/// Scenarios that count, by feature file, in the order of the run.
fn by_feature(run: &Run) -> Vec<(&str, Vec<&Scenario>)> {
    let mut features: Vec<(&str, Vec<&Scenario>)> = Vec::new();
    let mut place = std::collections::HashMap::new();
    for scenario in run.counted() {
        let at = *place.entry(scenario.path.as_str()).or_insert_with(|| {
            features.push((scenario.path.as_str(), Vec::new()));
            features.len() - 1
        });
        features[at].1.push(scenario);
    }
    features
}

/// What no scenario can tell: a run that broke off, or an output that may still be on.
fn run_suite(run: &Run) -> Option<TestSuite> {
    let mut suite = TestSuite::new("run");
    if !run.finished {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status
            .set_type("interrupted")
            .set_message("the journal doesn't tell the end of the run");
        suite.add_test_case(TestCase::new("the run reaches its end", status));
    }
    if !run.safe_state.unproven.is_empty() {
        let outputs: Vec<String> = run
            .safe_state
            .unproven
            .iter()
            .map(ToString::to_string)
            .collect();
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status
            .set_type("error")
            .set_message(format!("may still be energised: {}", outputs.join("; ")));
        suite.add_test_case(TestCase::new("the bench is proven safe", status));
    }
    (!suite.test_cases.is_empty()).then_some(suite)
}

fn case(run: &Run, scenario: &Scenario) -> TestCase {
    let mut status = status(scenario);
    for attempt in attempts(run, scenario) {
        let mut rerun = TestRerun::new(NonSuccessKind::Error);
        rerun
            .set_time(duration(attempt))
            .set_type(kind(attempt.verdict))
            .set_message(one_line(&attempt.reason));
        status.add_rerun(rerun);
    }
    let name = match scenario.bench.as_str() {
        "" => scenario.name.clone(),
        bench => format!("{} [{bench}]", scenario.name),
    };
    let mut case = TestCase::new(name, status);
    case.set_classname(&scenario.feature)
        .set_time(duration(scenario))
        .set_assertions(scenario.judgements.len());
    case.extra
        .insert("file".into(), scenario.path.as_str().into());
    case.extra
        .insert("line".into(), scenario.line.to_string().into());
    for clause in scenario.clauses() {
        case.add_property(Property::new("clause", clause));
    }
    if !scenario.bench.is_empty() {
        case.add_property(Property::new("bench", &scenario.bench));
    }
    case.add_property(Property::new("verdict", scenario.verdict.word()));
    case.add_property(Property::new("attempt", scenario.attempt.to_string()));
    case.set_system_out(transcript(scenario) + &attachments(scenario));
    case
}

fn attempts<'a>(run: &'a Run, last: &'a Scenario) -> impl Iterator<Item = &'a Scenario> {
    run.scenarios.iter().filter(|scenario| {
        scenario.superseded
            && scenario.line == last.line
            && scenario.path == last.path
            && scenario.bench == last.bench
            && scenario.name == last.name
    })
}

fn status(scenario: &Scenario) -> TestCaseStatus {
    let mut status = match scenario.verdict {
        Verdict::Pass => return TestCaseStatus::success(),
        Verdict::Skipped => TestCaseStatus::skipped(),
        Verdict::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Verdict::Inconclusive | Verdict::Error | Verdict::Interrupted => {
            TestCaseStatus::non_success(NonSuccessKind::Error)
        }
    };
    status.set_message(one_line(&scenario.reason));
    if scenario.verdict != Verdict::Skipped {
        status.set_type(kind(scenario.verdict));
        status.set_description(&scenario.reason);
    }
    status
}

fn kind(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "limit",
        Verdict::Inconclusive => "inconclusive",
        Verdict::Error => "error",
        Verdict::Interrupted => "interrupted",
        Verdict::Skipped => "skipped",
    }
}

/// Files of the scenario, in the form that Jenkins and GitLab look for: relative to the report.
fn attachments(scenario: &Scenario) -> String {
    let there = |rows: Option<u64>| rows.is_none_or(|rows| rows > 0);
    let samples = scenario
        .samples
        .iter()
        .filter(|file| crate::read::inside(&file.path) && there(file.rows));
    let mut text = String::new();
    for file in samples {
        let _ = writeln!(text, "[[ATTACHMENT|{}]]", file.path);
        let _ = writeln!(text, "[[ATTACHMENT|plots/{:04}.svg]]", scenario.number);
    }
    text
}

/// Steps and judgements as lines of text.
fn transcript(scenario: &Scenario) -> String {
    let mut text = String::new();
    for step in &scenario.steps {
        let (keyword, words) = (step.keyword.trim(), &step.text);
        let _ = writeln!(text, "{:<13} {keyword} {words}", step.verdict.word());
        let of_step = scenario
            .judgements
            .iter()
            .filter(|j| j.step == Some(step.number));
        for judged in of_step {
            let judgement = &judged.judgement;
            let verdict = judgement.verdict.word();
            let _ = writeln!(
                text,
                "    {verdict:<13} {}: {}",
                judgement.clause, judgement.reason
            );
        }
    }
    text
}

fn duration(scenario: &Scenario) -> Duration {
    Duration::try_from_secs_f64(scenario.duration_s()).unwrap_or_default()
}
