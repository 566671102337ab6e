//! A healthy device passes everything, and the same seed gives the same bytes.

use crate::command::{rig, root};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;
use std::path::{Path, PathBuf};

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = feature_files(&root().join("features"))
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            Trial::test(format!("healthy::{name}"), move || passes(&name))
        })
        .collect();
    assert!(!trials.is_empty(), "no features");
    for feature in ["3.2.1-pre-alarm", "6.2.1-charger-cycling"] {
        let name = format!("same_seed_same_bytes::{feature}");
        trials.push(Trial::test(name, move || same_bytes(feature)));
    }
    trials
}

fn feature_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(feature_files(&path));
        } else if path.extension().is_some_and(|end| end == "feature") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Runs the binary with these arguments and reads what it prints as JSON.
pub(crate) fn run_json(arguments: &[&str]) -> Result<(i32, Value), Failed> {
    let out = tempfile::tempdir()?;
    let out = out.path().join("run");
    // The tests themselves run side by side.
    let mut all = vec!["run", "--format", "json", "--jobs", "1"];
    all.extend(["--out", out.to_str().unwrap()]);
    all.extend(arguments);
    let done = rig(&all);
    let value = serde_json::from_str(&done.stdout)
        .map_err(|error| format!("{error}: {}{}", done.stdout, done.stderr))?;
    Ok((done.code, value))
}

/// The scenarios of a run, one line each.
pub(crate) fn lines(run: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    run["scenarios"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|scenario| {
            format!(
                "{} `{}` on {}: {}",
                text(&scenario["verdict"]),
                text(&scenario["name"]),
                text(&scenario["bench"]),
                text(&scenario["reason"])
            )
        })
        .collect()
}

fn passes(feature: &str) -> Result<(), Failed> {
    let (code, run) = run_json(&[feature])?;
    let lines = lines(&run);
    let others: Vec<&String> = lines
        .iter()
        .filter(|line| !line.starts_with("pass "))
        .collect();
    if lines.is_empty() || !others.is_empty() || code != 0 {
        return Err(format!("exit code {code}, {} scenarios, {others:#?}", lines.len()).into());
    }
    match run["unproven"].as_array() {
        Some(unproven) if unproven.is_empty() => Ok(()),
        _ => Err(format!("left on: {}", run["unproven"]).into()),
    }
}

fn same_bytes(feature: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let path = feature_files(&root().join("features"))
        .into_iter()
        .find(|path| path.ends_with(format!("{feature}.feature")))
        .ok_or("no such feature")?;
    let journal = |name: &str, seed: &str, jobs: &str| -> Result<String, Failed> {
        let out = folder.path().join(name);
        let done = rig(&[
            "run",
            "--seed",
            seed,
            "--jobs",
            jobs,
            "--out",
            out.to_str().unwrap(),
            path.to_str().unwrap(),
        ]);
        if done.code != 0 {
            return Err(format!("{}{}", done.stdout, done.stderr).into());
        }
        Ok(std::fs::read_to_string(out.join("journal.ndjson"))?)
    };
    let (one, two, other) = (
        journal("one", "7", "1")?,
        journal("two", "7", "3")?,
        journal("other", "8", "1")?,
    );
    let differing = one.lines().zip(two.lines()).find(|(one, two)| one != two);
    if let Some((one, two)) = differing {
        return Err(format!("the same seed, and yet\n{one}\n{two}").into());
    }
    if one.len() != two.len() {
        return Err("the same seed, and yet one journal is longer".into());
    }
    if one == other {
        return Err("another seed changes nothing".into());
    }
    Ok(())
}
