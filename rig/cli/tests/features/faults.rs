//! A suite that a faulty device can pass is itself faulty.

use crate::command::fixtures;
use crate::healthy::{lines, run_json};
use config::{Expectation, Fault, FileKind, SearchPath};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

pub(crate) fn trials() -> Vec<Trial> {
    let search = SearchPath::new(vec![fixtures()]);
    let faults = search.list(FileKind::Fault);
    assert!(faults.len() >= 10, "{faults:?}");
    faults
        .into_iter()
        .map(|(name, path)| {
            Trial::test(format!("fault::{name}"), move || {
                noticed(&config::load_fault(&path)?)
            })
        })
        .collect()
}

fn noticed(fault: &Fault) -> Result<(), Failed> {
    if fault.expect.is_empty() {
        return Err("it names no scenario that must notice it".into());
    }
    let names: Vec<String> = fault
        .expect
        .iter()
        .map(|expected| regex::escape(&expected.scenario))
        .collect();
    let pattern = format!("^(?:{})$", names.join("|"));
    let (_, run) = run_json(&["--fault", &fault.name, "--name", &pattern])?;
    if run["unproven"]
        .as_array()
        .is_none_or(|left| !left.is_empty())
    {
        return Err(format!("left on: {}", run["unproven"]).into());
    }
    for expected in &fault.expect {
        let found: Vec<&Value> = run["scenarios"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|scenario| scenario["name"] == expected.scenario.as_str())
            .collect();
        if !found.iter().any(|scenario| fits(scenario, expected)) {
            return Err(format!(
                "`{}` must end with {} and say `{}`:\n{:#?}",
                expected.scenario,
                expected.verdict,
                expected.reason,
                lines(&run)
            )
            .into());
        }
    }
    Ok(())
}

fn fits(scenario: &Value, expected: &Expectation) -> bool {
    let reason = scenario["reason"].as_str().unwrap_or_default();
    scenario["verdict"] == expected.verdict.as_str() && reason.contains(&expected.reason)
}
