//! Every message of a scenario is lost in turn, and no output stays on.

use libtest_mimic::{Failed, Trial};
use record::{Event, RunDirectory, Verdict, read_journal};
use rig::feature::Selector;
use rig::run::{Control, Outcome, Prepared, Settings, prepare, run_prepared};
use std::path::Path;

/// Short scenarios, one of each kind of bench: name, and bench.
const SCENARIOS: [(&str, &str); 2] = [
    (
        "Once the warning time is over the loads go off without further delay",
        "sim-board-4s",
    ),
    ("The charger charges and the load draws", "sim-battery"),
];

/// Most messages that are lost in turn; longer scenarios are sampled.
const MOST: u64 = 150;

pub(crate) fn trials() -> Vec<Trial> {
    SCENARIOS
        .into_iter()
        .map(|(name, bench)| {
            Trial::test(format!("lost_message::{bench}"), move || sweep(name, bench))
        })
        .collect()
}

fn sweep(name: &str, bench: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let mut settings = settings(folder.path(), name, bench);
    let prepared = prepare(&settings)?;
    let whole = once(&prepared, &mut settings, None)?;
    let [healthy] = &whole.results[..] else {
        return Err(format!("not one scenario `{name}`").into());
    };
    if healthy.verdict != Verdict::Pass || healthy.messages < 50 {
        return Err(format!(
            "{} with {} messages: {}",
            healthy.verdict, healthy.messages, healthy.reason
        )
        .into());
    }
    let stride = healthy.messages.div_ceil(MOST).max(1);
    let mut errors = 0;
    // The beginning and the end are dense: that's where outputs go on and off.
    let dense = 40.min(healthy.messages);
    let numbers = (0..dense)
        .chain((dense..healthy.messages).step_by(usize::try_from(stride)?))
        .chain(healthy.messages.saturating_sub(dense)..healthy.messages);
    for number in numbers {
        let outcome = once(&prepared, &mut settings, Some(number))?;
        let [result] = &outcome.results[..] else {
            return Err("not one scenario".into());
        };
        if !result.left_on.is_empty() {
            return Err(format!("message {number} lost, and left on: {:?}", result.left_on).into());
        }
        if result.verdict == Verdict::Fail {
            return Err(format!(
                "message {number} lost, and the device is blamed: {}",
                result.reason
            )
            .into());
        }
        errors += u32::from(result.verdict == Verdict::Error);
        if !is_recorded(&outcome.directory)? {
            return Err(format!(
                "message {number} lost, and nothing says so ({})",
                result.verdict
            )
            .into());
        }
    }
    if errors == 0 {
        return Err("no lost message ever mattered: is any lost at all?".into());
    }
    Ok(())
}

fn settings(folder: &Path, name: &str, bench: &str) -> Settings {
    Settings {
        features: vec![Selector {
            path: crate::command::root().join("features"),
            line: None,
        }],
        bench: Some(bench.to_owned()),
        name: Some(format!("^{}$", regex::escape(name))),
        out: Some(folder.join("run")),
        reports: false,
        ..Settings::default()
    }
}

fn once(
    prepared: &Prepared,
    settings: &mut Settings,
    lose_message: Option<u64>,
) -> Result<Outcome, Failed> {
    if let Some(out) = settings.out.as_ref().filter(|out| out.exists()) {
        std::fs::remove_dir_all(out)?;
    }
    settings.lose_message = lose_message;
    Ok(run_prepared(prepared.clone(), settings, &Control::new())?)
}

/// Whether the journal tells which message was lost.
fn is_recorded(run: &Path) -> Result<bool, Failed> {
    let journal = RunDirectory(run.to_owned()).journal();
    let text = std::fs::read(&journal)?;
    let mut recorded = false;
    read_journal("journal", &text[..], |entry| {
        recorded |= matches!(entry.event, Event::FaultInjected { .. });
    })?;
    Ok(recorded)
}
