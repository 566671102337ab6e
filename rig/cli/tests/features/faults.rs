//! A suite that a faulty device can pass is itself faulty.

use crate::command::{fixtures, rig};
use config::{FileKind, SearchPath};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

pub(crate) fn trials() -> Vec<Trial> {
    let search = SearchPath::new(vec![fixtures()]);
    let faults = search.list(FileKind::Fault);
    assert!(faults.len() >= 120, "{} faults", faults.len());
    let mut trials: Vec<Trial> = faults
        .into_iter()
        .map(|(name, _)| Trial::test(format!("fault::{name}"), move || noticed(&name).map(|_| ())))
        .collect();
    trials.push(Trial::test("qualify::the_matrix_is_written", matrix));
    trials
}

/// Qualifies the suite with one fault.
fn noticed(fault: &str) -> Result<Value, Failed> {
    let out = tempfile::tempdir()?;
    let done = rig(&[
        "qualify",
        fault,
        "--seeds",
        "0",
        "--jobs",
        "1",
        "--format",
        "json",
        "--out",
        out.path().to_str().unwrap(),
    ]);
    let matrix: Value = serde_json::from_str(&done.stdout)
        .map_err(|error| format!("{error}: {}{}", done.stdout, done.stderr))?;
    if done.code != 0 {
        return Err(format!("exit code {}: {matrix:#}", done.code).into());
    }
    let named = matrix["faults"][0]["scenarios"].as_array();
    if named.is_none_or(Vec::is_empty) {
        return Err("no scenario noticed it".into());
    }
    Ok(matrix)
}

/// A handful of faults, for people.
fn matrix() -> Result<(), Failed> {
    let out = tempfile::tempdir()?;
    let folder = out.path().join("matrix");
    let done = rig(&[
        "qualify",
        "pre-alarm-threshold",
        "stuck-pole",
        "faulty-bms",
        "supply-loses-answer",
        "--seeds",
        "0",
        "--out",
        folder.to_str().unwrap(),
    ]);
    if done.code != 0 || !done.stdout.contains("4 faults: 4 killed, 0 survived") {
        return Err(format!("exit code {}: {}{}", done.code, done.stdout, done.stderr).into());
    }
    let page = std::fs::read_to_string(folder.join("qualify.html"))?;
    let json: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("qualify.json"))?)?;
    if !page.contains("supply-loses-answer") || json["format"] != "rig.qualify/1" {
        return Err(format!("{page}{json:#}").into());
    }
    Ok(())
}
