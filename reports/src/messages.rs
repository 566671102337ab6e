//! `messages.ndjson`: the run as cucumber messages, one envelope a line, for the formatters and
//! services of the cucumber family.
//!
//! As in `cucumber.json`, what could not be told is `FAILED`, and its message begins with the true
//! verdict: the protocol has no other word that readers don't take for harmless.

use crate::formal::since_1970;
use crate::model::{Run, Scenario, Step};
use crate::read::inside;
use record::{StepKind, Verdict};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Version of the protocol.
const PROTOCOL: &str = "32.0.0";

/// What stands for the whole run.
const RUN: &str = "run";

/// The step behind the last one, where a scenario ended otherwise than its steps.
const HOOK: &str = "end-of-scenario";

/// Serialises a run, every attempt included.
pub(crate) fn messages(run: &Run) -> String {
    let mut out = String::new();
    let mut say = |envelope: Value| {
        let _ = writeln!(out, "{envelope}");
    };
    let rig = run.start.as_ref().map_or("", |start| &start.rig);
    say(json!({ "meta": {
        "protocolVersion": PROTOCOL,
        "implementation": { "name": "rig", "version": rig },
        "runtime": { "name": "rig" },
        "os": { "name": "any" },
        "cpu": { "name": "any" },
    } }));
    for document in documents(run) {
        say(document);
    }
    say(json!({ "hook": {
        "id": HOOK,
        "name": "end of the scenario",
        "sourceReference": { "uri": "rig" },
    } }));
    for scenario in run.counted() {
        say(pickle(scenario));
    }
    say(json!({ "testRunStarted": { "id": RUN, "timestamp": instant(run, 0.0) } }));
    for scenario in run.counted() {
        say(test_case(scenario));
    }
    for scenario in &run.scenarios {
        executed(run, scenario, &mut say);
    }
    let end_s = run
        .scenarios
        .iter()
        .map(|one| one.ended_s)
        .fold(0.0, f64::max);
    say(json!({ "testRunFinished": {
        "testRunStartedId": RUN,
        "success": run.verdict == Verdict::Pass,
        "timestamp": instant(run, end_s),
    } }));
    out
}

/// The scenario that counts of those that are attempts at the same.
fn counted_number(run: &Run, scenario: &Scenario) -> u32 {
    let same = |one: &&Scenario| {
        one.path == scenario.path
            && one.line == scenario.line
            && one.name == scenario.name
            && one.bench == scenario.bench
            && one.number >= scenario.number
    };
    run.counted()
        .find(same)
        .map_or(scenario.number, |one| one.number)
}

fn name(scenario: &Scenario) -> String {
    match scenario.bench.as_str() {
        "" => scenario.name.clone(),
        bench => format!("{} [{bench}]", scenario.name),
    }
}

fn documents(run: &Run) -> Vec<Value> {
    let mut paths: Vec<&str> = Vec::new();
    for scenario in run.counted() {
        if !paths.contains(&scenario.path.as_str()) {
            paths.push(&scenario.path);
        }
    }
    paths
        .into_iter()
        .filter_map(|path| document(run, path))
        .collect()
}

fn document(run: &Run, path: &str) -> Option<Value> {
    let scenarios: Vec<&Scenario> = run.counted().filter(|one| one.path == path).collect();
    let first = scenarios.first()?;
    let children: Vec<Value> = scenarios
        .iter()
        .map(|one| json!({ "scenario": node(one) }))
        .collect();
    Some(json!({ "gherkinDocument": {
        "uri": path,
        "comments": [],
        "feature": {
            "location": { "line": 1 },
            "tags": [],
            "language": "en",
            "keyword": "Feature",
            "name": first.feature,
            "description": first.description,
            "children": children,
        },
    } }))
}

fn node(scenario: &Scenario) -> Value {
    let number = scenario.number;
    let tags: Vec<Value> = (1..)
        .zip(&scenario.tags)
        .map(|(place, tag): (u32, _)| {
            json!({
                "id": format!("tag-{number}-{place}"),
                "name": format!("@{tag}"),
                "location": { "line": scenario.line },
            })
        })
        .collect();
    let steps: Vec<Value> = scenario
        .steps
        .iter()
        .map(|step| {
            json!({
                "id": format!("ast-{number}-{}", step.number),
                "location": { "line": step.line },
                "keyword": format!("{} ", step.keyword.trim()),
                "keywordType": kind(step),
                "text": step.text,
            })
        })
        .collect();
    json!({
        "id": format!("ast-{number}"),
        "location": { "line": scenario.line },
        "tags": tags,
        "keyword": "Scenario",
        "name": name(scenario),
        "description": "",
        "steps": steps,
        "examples": [],
    })
}

fn kind(step: &Step) -> &'static str {
    match step.kind {
        StepKind::Given => "Context",
        StepKind::When => "Action",
        StepKind::Then => "Outcome",
    }
}

fn pickle(scenario: &Scenario) -> Value {
    let number = scenario.number;
    let tags: Vec<Value> = (1..)
        .zip(&scenario.tags)
        .map(|(place, tag): (u32, _)| {
            json!({
                "name": format!("@{tag}"),
                "astNodeId": format!("tag-{number}-{place}"),
            })
        })
        .collect();
    let steps: Vec<Value> = scenario
        .steps
        .iter()
        .map(|step| {
            json!({
                "id": format!("pickle-{number}-{}", step.number),
                "astNodeIds": [format!("ast-{number}-{}", step.number)],
                "type": kind(step),
                "text": step.text,
            })
        })
        .collect();
    json!({ "pickle": {
        "id": format!("pickle-{number}"),
        "uri": scenario.path,
        "name": name(scenario),
        "language": "en",
        "astNodeIds": [format!("ast-{number}")],
        "tags": tags,
        "steps": steps,
    } })
}

fn test_case(scenario: &Scenario) -> Value {
    let number = scenario.number;
    let mut steps: Vec<Value> = scenario
        .steps
        .iter()
        .map(|step| {
            json!({
                "id": format!("test-{number}-{}", step.number),
                "pickleStepId": format!("pickle-{number}-{}", step.number),
                "stepDefinitionIds": [],
                "stepMatchArgumentsLists": [],
            })
        })
        .collect();
    steps.push(json!({ "id": format!("test-{number}-end"), "hookId": HOOK }));
    json!({ "testCase": {
        "id": format!("test-{number}"),
        "testRunStartedId": RUN,
        "pickleId": format!("pickle-{number}"),
        "testSteps": steps,
    } })
}

/// What happened to one attempt.
fn executed(run: &Run, scenario: &Scenario, say: &mut impl FnMut(Value)) {
    let case = counted_number(run, scenario);
    let started = format!("started-{}", scenario.number);
    say(json!({ "testCaseStarted": {
        "id": started,
        "testCaseId": format!("test-{case}"),
        "attempt": scenario.attempt.saturating_sub(1),
        "timestamp": instant(run, scenario.began_s),
    } }));
    for step in &scenario.steps {
        let id = format!("test-{case}-{}", step.number);
        let result = result(step.verdict, step.duration_s(), &step.reason);
        one_step(
            &started,
            &id,
            (instant(run, step.began_s), instant(run, step.ended_s)),
            &result,
            say,
        );
        attach(scenario, step.number, &started, &id, say);
    }
    let told = scenario
        .steps
        .iter()
        .any(|step| step.verdict == scenario.verdict);
    let (verdict, reason) = if told {
        (Verdict::Pass, "")
    } else {
        (scenario.verdict, scenario.reason.as_str())
    };
    let id = format!("test-{case}-end");
    let ended = (
        instant(run, scenario.ended_s),
        instant(run, scenario.ended_s),
    );
    one_step(&started, &id, ended, &result(verdict, 0.0, reason), say);
    say(json!({ "testCaseFinished": {
        "testCaseStartedId": started,
        "timestamp": instant(run, scenario.ended_s),
        "willBeRetried": scenario.superseded,
    } }));
}

fn one_step(
    started: &str,
    id: &str,
    at: (Value, Value),
    result: &Value,
    say: &mut impl FnMut(Value),
) {
    say(json!({ "testStepStarted": {
        "testCaseStartedId": started, "testStepId": id, "timestamp": at.0,
    } }));
    say(json!({ "testStepFinished": {
        "testCaseStartedId": started, "testStepId": id, "timestamp": at.1,
        "testStepResult": result,
    } }));
}

/// Judgements of a step as text; the plot of a scenario as a link at its last step.
fn attach(scenario: &Scenario, step: u32, started: &str, id: &str, say: &mut impl FnMut(Value)) {
    let of_step = scenario
        .judgements
        .iter()
        .filter(|judged| judged.step == Some(step));
    let lines: Vec<String> = of_step
        .map(|judged| {
            let judgement = &judged.judgement;
            format!(
                "{} {}: {}",
                judgement.verdict, judgement.clause, judgement.reason
            )
        })
        .collect();
    let mut add = |media: &str, body: String| {
        say(json!({ "attachment": {
            "testCaseStartedId": started,
            "testStepId": id,
            "body": body,
            "contentEncoding": "IDENTITY",
            "mediaType": media,
        } }));
    };
    if !lines.is_empty() {
        add("text/plain", lines.join("\n"));
    }
    let last = scenario
        .steps
        .last()
        .is_some_and(|last| last.number == step);
    let drawn = scenario.samples.iter().any(|file| inside(&file.path));
    if last && drawn {
        add("text/uri-list", format!("plots/{:04}.svg", scenario.number));
    }
}

fn result(verdict: Verdict, duration_s: f64, reason: &str) -> Value {
    let status = match verdict {
        Verdict::Pass => "PASSED",
        Verdict::Skipped => "SKIPPED",
        Verdict::Fail | Verdict::Inconclusive | Verdict::Error | Verdict::Interrupted => "FAILED",
    };
    let mut result = json!({ "status": status, "duration": stamp(duration_s) });
    if verdict != Verdict::Pass {
        result["message"] = Value::String(format!("{verdict}: {reason}"));
    }
    result
}

/// An instant of bench time on the calendar, as far as the run tells when it began.
fn instant(run: &Run, at_s: f64) -> Value {
    let started = run
        .start
        .as_ref()
        .and_then(|start| since_1970(&start.started));
    let began = i32::try_from(started.unwrap_or(0)).map_or(0.0, f64::from);
    stamp(began + at_s)
}

/// A duration in seconds and nanoseconds.
fn stamp(seconds: f64) -> Value {
    let time = std::time::Duration::try_from_secs_f64(seconds).unwrap_or_default();
    json!({ "seconds": time.as_secs(), "nanos": time.subsec_nanos() })
}
