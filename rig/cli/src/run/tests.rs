//! What happens around the steps, on a simulated bench.

use super::{Control, Outcome, Settings, run};
use crate::feature::Selector;
use record::{Event, RunDirectory, Verdict, read_journal};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tempfile::TempDir;

/// cucumber's runner swaps the panic hook of the whole process.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

struct Done {
    outcome: anyhow::Result<Outcome>,
    events: Vec<(Option<u32>, Option<u32>, Event)>,
    _folder: TempDir,
}

fn run_with(
    scenarios: &str,
    change: impl FnOnce(&mut Settings),
    meanwhile: impl FnOnce(Control) + Send + 'static,
) -> Done {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.feature");
    std::fs::write(&path, format!("Feature: f\n{scenarios}")).unwrap();
    let out = folder.path().join("run");
    let mut settings = Settings {
        features: vec![Selector { path, line: None }],
        bench: Some("sim-board-4s".into()),
        out: Some(out.clone()),
        reports: false,
        ..Settings::default()
    };
    change(&mut settings);
    let control = Control::new();
    let theirs = control.clone();
    let helper = std::thread::spawn(move || meanwhile(theirs));
    let outcome = run(&settings, &control);
    helper.join().unwrap();
    let journal = std::fs::read_to_string(RunDirectory(out).journal()).unwrap_or_default();
    let mut events = Vec::new();
    if !journal.is_empty() {
        read_journal("journal", journal.as_bytes(), |entry| {
            events.push((entry.scope.scenario, entry.scope.step, entry.event));
        })
        .unwrap();
    }
    Done {
        outcome,
        events,
        _folder: folder,
    }
}

fn run_plain(scenarios: &str) -> Done {
    run_with(scenarios, |_| (), |_| ())
}

/// `verdict: reason` of each scenario, and nothing left on.
fn ended(done: &Done) -> Vec<String> {
    let outcome = done.outcome.as_ref().unwrap();
    for result in &outcome.results {
        assert!(result.left_on.is_empty(), "{:?}", result.left_on);
        assert!(result.unproven.is_empty(), "{:?}", result.unproven);
    }
    outcome
        .results
        .iter()
        .map(|result| format!("{}: {}", result.verdict, result.reason))
        .collect()
}

fn on_a_board(steps: &str) -> String {
    let steps: String = steps
        .lines()
        .map(|line| format!("    {}\n", line.trim()))
        .collect();
    format!("  @bench:board\n  Scenario: s\n{steps}")
}

#[test]
fn every_way_to_end_has_its_verdict_and_leaves_nothing_on() {
    for (steps, expected) in [
        ("Then it is judged to be good", "Pass: "),
        (
            "Then it is judged to be bad",
            "Fail: it is bad, must be good",
        ),
        (
            "When 10 seconds pass",
            "Inconclusive: nothing was judged: no step of the scenario held a finding against a limit",
        ),
        (
            "Then it is judged to be good\nWhen the step panics",
            "Error: the step panicked: boom (at rig/cli/src/run/test_steps.rs:54)",
        ),
        (
            "When the bench panics",
            "Error: panicked: boom on the bench",
        ),
        ("When the step ends with fail", "Fail: as asked"),
        ("When the step ends with error", "Error: as asked"),
        (
            "Then it is judged to be good\nWhen the step ends with inconclusive",
            "Inconclusive: as asked",
        ),
        (
            "Then it is judged to be bad\nWhen the step ends with error",
            "Fail: it is bad, must be good",
        ),
        (
            "When a later step needs what no earlier one left",
            "Error: no earlier step of this scenario found a `String`; a step that does belongs before this one",
        ),
    ] {
        let done = run_plain(&on_a_board(&format!("Given a board that is on\n{steps}")));
        assert_eq!(ended(&done), [expected], "{steps}");
    }
}

#[test]
fn the_journal_tells_the_story_in_order() {
    let done = run_plain(&on_a_board(
        "Given a board that is on\nWhen the step ends with fail\nThen it is judged to be good",
    ));
    let story: Vec<String> = done
        .events
        .iter()
        .filter_map(|(scenario, step, event)| {
            let what = match event {
                Event::RunStarted { simulated, .. } => format!("run, simulated: {simulated}"),
                Event::ScenarioStarted { name, bench, .. } => format!("scenario {name} on {bench}"),
                Event::BenchOpened { .. } => "bench opened".into(),
                Event::StepStarted { text, .. } => format!("step {text}"),
                Event::StepFinished { verdict, reason } => format!("{verdict} {reason}"),
                Event::MadeSafe { proven, .. } => format!("safe, proven: {proven}"),
                Event::ScenarioFinished { verdict, reason } => format!("ended {verdict} {reason}"),
                Event::RunFinished { verdict, counts } => format!("run {verdict} {counts:?}"),
                _ => return None,
            };
            let number = |n: &Option<u32>| n.map_or("-".into(), |n| n.to_string());
            Some(format!("{}.{} {what}", number(scenario), number(step)))
        })
        .collect();
    insta::assert_snapshot!(story.join("\n"), @r#"
    -.- run, simulated: true
    1.- scenario s on sim-board-4s
    1.- bench opened
    1.1 step a board that is on
    1.1 Pass 
    1.2 step the step ends with fail
    1.2 Fail as asked
    1.3 step it is judged to be good
    1.3 Skipped 
    1.- safe, proven: true
    1.- ended Fail as asked
    -.- run Fail {"fail": 1}
    "#);
}

/// The journals of these scenarios, run once for each number of jobs.
fn journals_of(scenarios: &str, jobs: &[usize]) -> Vec<String> {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.feature");
    std::fs::write(&path, format!("Feature: f\n{scenarios}")).unwrap();
    let journal = |(number, jobs): (usize, &usize)| {
        let out = folder.path().join(number.to_string());
        let settings = Settings {
            features: vec![Selector {
                path: path.clone(),
                line: None,
            }],
            bench: Some("sim-board-4s".into()),
            out: Some(out.clone()),
            reports: false,
            jobs: Some(*jobs),
            ..Settings::default()
        };
        run(&settings, &Control::new()).unwrap();
        std::fs::read_to_string(RunDirectory(out).journal()).unwrap()
    };
    jobs.iter().enumerate().map(journal).collect()
}

/// What happened, without the chain. Where a panic was is told by a hook that cucumber swaps for the
/// whole process: with several runs at a time that one line may be missing.
fn story_of(journal: &str) -> String {
    let mut story = String::new();
    read_journal("journal", journal.as_bytes(), |entry| {
        let place = matches!(&entry.event, Event::Warning { text } if text.contains("panicked at"));
        if !place {
            let line = format!("{} {:?} {:?}\n", entry.at_s, entry.scope, entry.event);
            story.push_str(&line);
        }
    })
    .unwrap();
    story
}

/// Line by line, so that a difference can be read.
fn check_same(one: &str, other: &str) {
    for (one, other) in one.lines().zip(other.lines()) {
        assert_eq!(one, other);
    }
    assert_eq!(one.len(), other.len());
}

#[test]
fn the_same_seed_gives_the_same_journal() {
    let scenario =
        on_a_board("Given a board that is on\nWhen 30 seconds pass\nThen it is judged to be good");
    let journals = journals_of(&scenario, &[1, 1]);
    assert!(journals[0].lines().count() > 10, "{}", journals[0]);
    check_same(&journals[0], &journals[1]);
}

#[test]
fn scenarios_side_by_side_give_the_same_journal_as_one_after_the_other() {
    let mut scenarios = String::new();
    for steps in [
        "Given a board that is on\nWhen 3000 seconds pass\nThen it is judged to be good",
        "Then it is judged to be bad",
        "Given a board that is on\nWhen the bench panics",
        "When the step panics",
        "Given a board that is on\nWhen 30 seconds pass\nThen it is judged to be good",
    ] {
        scenarios += &on_a_board(steps);
    }
    scenarios += &on_a_board("When the bench panics").replace("@bench:board", "@needs:cells:8");
    scenarios += &format!(
        "  Rule: r\n{}",
        on_a_board("Given a board that is on\nThen it is judged to be good")
    );
    let journals = journals_of(&scenarios, &[1, 2, 5, 50]);
    assert!(journals[0].contains("panicked at"), "{}", journals[0]);
    for journal in &journals[1..] {
        check_same(&story_of(&journals[0]), &story_of(journal));
    }
}

#[test]
fn an_interrupt_ends_the_scenario_and_keeps_the_rest_from_beginning() {
    let scenarios =
        on_a_board("Given a board that is on\nWhen time passes until somebody stops it")
            + &on_a_board("Given a board that is on").replace("Scenario: s", "Scenario: t");
    let done = run_with(
        &scenarios,
        |_| (),
        |control| {
            wait_until_under_way(&control);
            control.interrupt("interrupt (SIGINT)");
        },
    );
    assert_eq!(
        ended(&done),
        [
            "Interrupted: stopped: interrupt (SIGINT)",
            "Interrupted: not started: interrupt (SIGINT)"
        ]
    );
    assert_eq!(done.outcome.as_ref().unwrap().verdict, Verdict::Interrupted);
    let (_, _, last) = done.events.last().unwrap();
    assert!(matches!(last, Event::RunFinished { .. }), "{last:?}");
}

fn wait_until_under_way(control: &Control) {
    let (_keep, never) = std::sync::mpsc::channel::<()>();
    for _ in 0..1000 {
        let (under_way, beats) = control.pulse();
        if under_way && beats > 200 {
            return;
        }
        let _timed_out = never.recv_timeout(Duration::from_millis(10));
    }
}

#[test]
fn a_bench_that_hangs_is_given_up_and_that_is_an_error() {
    let scenario = on_a_board("Given a board that is on\nWhen the bench blocks for 2500 ms");
    let patience = |settings: &mut Settings| settings.patience = Duration::from_millis(600);
    let done = run_with(&scenario, patience, |_| ());
    let ended = ended(&done);
    assert!(
        ended[0].starts_with("Error: stopped: the bench showed no sign of life for 600ms"),
        "{ended:?}"
    );
}

#[test]
fn a_step_that_takes_too_long_is_stopped_and_that_is_an_error() {
    let scenario = on_a_board("Given a board that is on\nWhen time passes until somebody stops it");
    let hasty = |settings: &mut Settings| settings.step_timeout = Duration::from_millis(700);
    let done = run_with(&scenario, hasty, |_| ());
    assert_eq!(ended(&done), ["Error: step time-out after 700ms"]);
}

#[test]
fn the_last_way_out_needs_no_bench() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let search = config::SearchPath::new(crate::search::fixture_folders());
    let config = std::sync::Arc::new(search.bench("sim-board-4s").unwrap());
    let stock = super::Stock::without_faults(search).unwrap();
    let recorder = record::Recorder::into_writer(Box::new(std::io::sink()));
    let control = Control::new();
    let (parts, equipment) = stock
        .equip(&config, &api::Cancel::new(), &recorder, &control)
        .unwrap();
    let mut bench = bench::Bench::open(parts).unwrap();
    bench.power_bms().unwrap();
    bench.energise_cells(units::Volts(3.3)).unwrap();
    assert_eq!(
        equipment.energised().len(),
        5,
        "{:?}",
        equipment.energised()
    );
    let off = control.take_emergency().unwrap();
    assert_eq!(off(), Vec::<String>::new());
    assert_eq!(equipment.energised(), Vec::<String>::new());
}

#[test]
fn fail_fast_stops_at_the_first_that_does_not_pass() {
    let scenarios = on_a_board("When the step ends with fail")
        + &on_a_board("Then it is judged to be good").replace("Scenario: s", "Scenario: t");
    let done = run_with(&scenarios, |settings| settings.fail_fast = true, |_| ());
    assert_eq!(
        ended(&done),
        [
            "Fail: as asked",
            "Skipped: not started: --fail-fast, and `s` ended with Fail"
        ]
    );
}

#[test]
fn what_could_not_be_told_is_tried_again_and_every_attempt_stays() {
    let scenarios = on_a_board("When the step ends with error")
        + &on_a_board("When the step ends with fail").replace("Scenario: s", "Scenario: t")
        + &on_a_board("Then it is judged to be good").replace("Scenario: s", "Scenario: u");
    for jobs in [1, 2] {
        let twice = |settings: &mut Settings| {
            settings.retry_errors = 2;
            settings.jobs = Some(jobs);
        };
        let done = run_with(&scenarios, twice, |_| ());
        assert_eq!(
            ended(&done),
            ["Error: as asked", "Fail: as asked", "Pass: "]
        );
        let attempts: Vec<(Option<u32>, u32)> = done
            .events
            .iter()
            .filter_map(|(scenario, _, event)| match event {
                Event::ScenarioStarted { attempt, .. } => Some((*scenario, *attempt)),
                _ => None,
            })
            .collect();
        let expected = [(1, 1), (2, 1), (3, 1), (1, 2), (1, 3)];
        assert_eq!(
            attempts,
            expected.map(|(number, attempt)| (Some(number), attempt))
        );
    }
}

#[test]
fn scenarios_side_by_side_are_stopped_together() {
    let mut scenarios = on_a_board("Given a board that is on\nWhen the step ends with fail");
    for _ in 0..3 {
        scenarios +=
            &on_a_board("Given a board that is on\nWhen time passes until somebody stops it");
    }
    let two = |settings: &mut Settings| settings.jobs = Some(2);
    let done = run_with(&scenarios, two, |control| {
        wait_until_under_way(&control);
        control.interrupt("termination (SIGTERM)");
    });
    let ended = ended(&done);
    assert!(
        ended[1..].iter().all(|end| end.starts_with("Interrupted")),
        "{ended:?}"
    );
    assert!(ended[3].contains("not started"), "{ended:?}");
}

#[test]
fn what_no_bench_gives_is_skipped_with_the_reason() {
    let done = run_plain(
        "  @bench:board @needs:cells:8\n  Scenario: s\n    Given nothing in particular\n",
    );
    assert_eq!(
        ended(&done),
        ["Skipped: bench sim-board-4s doesn't give `cells:8`"]
    );
}

#[test]
fn without_a_bench_named_each_scenario_runs_wherever_it_can() {
    let done = run_with(
        &on_a_board("Then it is judged to be good"),
        |settings| settings.bench = None,
        |_| (),
    );
    let benches: Vec<String> = done
        .outcome
        .as_ref()
        .unwrap()
        .results
        .iter()
        .map(|result| format!("{} {}", result.planned.bench_name(), result.verdict))
        .collect();
    assert_eq!(benches, ["sim-board-4s Pass", "sim-board-8s Pass"]);
}

#[test]
fn a_scenario_without_a_bench_can_not_reach_for_one() {
    let done = run_plain("  Scenario: s\n    Given a board that is on\n");
    assert_eq!(
        ended(&done),
        [
            "Error: this step needs a bench, and the scenario names none; tag it @bench:board or @bench:battery"
        ]
    );
}

#[test]
fn steps_that_nobody_wrote_keep_the_run_from_beginning() {
    let done = run_plain("  Scenario: s\n    Given something in particular\n");
    let error = done.outcome.as_ref().unwrap_err().to_string();
    assert!(
        error.contains("no step says `Given something in particular`; did you mean `Given nothing in particular`?"),
        "{error}"
    );
    assert!(error.ends_with("nothing was run"), "{error}");
    assert!(done.events.is_empty());
}
