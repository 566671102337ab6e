//! The command line as people meet it: help, exit codes, and what errors say.

use crate::command::{fixtures, rig, rig_in, root};
use std::path::Path;

#[test]
fn every_verb_explains_itself() {
    for verb in [
        "",
        "run",
        "check",
        "list",
        "steps",
        "trace",
        "flash",
        "safe",
        "report",
        "verify",
        "history",
        "decode",
        "sim",
        "sim serve",
        "sim instrument",
        "completions",
    ] {
        let mut arguments: Vec<&str> = verb.split_whitespace().collect();
        arguments.push("--help");
        let done = rig(&arguments);
        assert_eq!(done.code, 0, "{verb}");
        let name = format!("help{}", verb.replace(' ', "_").replace("sim", "_sim"));
        let name = if verb.starts_with("sim") {
            name
        } else {
            format!("help_{verb}")
        };
        insta::assert_snapshot!(name.trim_end_matches('_'), done.stdout);
    }
}

#[test]
fn wrong_usage_exits_with_64_and_says_what_to_do() {
    for (arguments, text) in [
        (&["walk"][..], "unrecognized subcommand 'walk'"),
        (&[], "Usage: rig <COMMAND>"),
        (
            &["run", "--seed", "x"],
            "invalid value 'x' for '--seed <N>'",
        ),
        (
            &["run", "nowhere.feature"],
            "there is no feature file or folder nowhere.feature",
        ),
        (
            &["run", "--tags", "@a and"],
            "--tags `@a and` is no tag expression",
        ),
        (
            &["run", "--name", "("],
            "--name `(` is no regular expression: unclosed group",
        ),
        (&["check", "nowhere.yaml"], "there is no file nowhere.yaml"),
        (&["report", "nowhere"], "nowhere is no run"),
        (&["verify", "nowhere"], "nowhere is no run"),
        (
            &["report", "nowhere", "--amend"],
            "required arguments were not provided",
        ),
        (
            &["history", "--file", "nowhere.sqlite"],
            "there is no history nowhere.sqlite; `rig run` begins one beside its runs",
        ),
        (&["trace", "--run", "nowhere"], "nowhere is no run"),
        (
            &["decode", "--key", "00", "aa"],
            "a key has 32 hexadecimal digits, this one has 2",
        ),
    ] {
        let done = rig(arguments);
        assert_eq!(done.code, 64, "{arguments:?}: {}", done.stderr);
        assert!(done.stderr.contains(text), "{arguments:?}: {}", done.stderr);
    }
}

#[test]
fn files_that_are_wrong_exit_with_2_before_anything_is_energised() {
    let folder = tempfile::tempdir().unwrap();
    let bench = folder.path().join("bad.yaml");
    let text = std::fs::read_to_string(fixtures().join("benches/sim-board-4s.yaml")).unwrap();
    std::fs::write(&bench, text.replace("kind: board", "kid: board")).unwrap();
    let done = rig(&["run", "--bench", bench.to_str().unwrap()]);
    assert_eq!(done.code, 2, "{}", done.stderr);
    assert!(done.stderr.contains("bad.yaml:"), "{}", done.stderr);
    assert!(done.stderr.contains("kid"), "{}", done.stderr);
    let missing = rig(&["run", "--bench", "sim-bord-4s"]);
    assert_eq!(missing.code, 2);
    assert!(
        missing.stderr.contains("did you mean `sim-board-4s`?"),
        "{}",
        missing.stderr
    );
}

#[test]
fn all_fixtures_and_features_are_fine() {
    let root = root();
    let done = rig(&[
        "check",
        root.join("fixtures").to_str().unwrap(),
        root.join("features").to_str().unwrap(),
    ]);
    assert_eq!(done.code, 0, "{}", done.stdout);
    assert!(
        done.stdout.ends_with("0 with problems\n"),
        "{}",
        done.stdout
    );
}

#[test]
fn check_finds_what_is_wrong_and_exits_with_1() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).unwrap();
    };
    write(
        "a.feature",
        "Feature: f\n  @clause:3.2.1-99\n  Scenario: s\n    Given the moon is full\n",
    );
    write(
        "fault.yaml",
        "name: f\nabout: a\nviolates: [9.9-99]\ninject: []\n",
    );
    write("notes.yaml", "hello: world\n");
    let done = rig_in(
        folder.path(),
        &["check", "a.feature", "fault.yaml", "notes.yaml"],
    );
    assert_eq!(done.code, 1, "{} {}", done.stdout, done.stderr);
    for text in [
        "a.feature:4: no step says `Given the moon is full`",
        "a.feature:3: there is no clause `3.2.1-99`",
        "notes.yaml: this is neither a feature nor a bench",
        "3 files checked, 3 with problems",
    ] {
        assert!(done.stdout.contains(text), "{text}: {}", done.stdout);
    }
    let json = rig_in(folder.path(), &["check", "--format", "json", "notes.yaml"]);
    let value: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(value["format"], "rig.check/1");
    assert_eq!(value["ok"], false);
}

#[test]
fn one_advertisement_is_decoded_to_json() {
    let vectors = root().join("rig/telemetry/tests/data/vectors.json");
    let vectors: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(vectors).unwrap()).unwrap();
    let (key, advert) =
        first_vector(&vectors).expect("the vectors hold a key and an advertisement");
    let done = rig(&["decode", "--key", &key, &advert]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let value: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(value["format"], telemetry::FORMAT);
}

/// The first object in which a key and an advertisement stand together.
fn first_vector(value: &serde_json::Value) -> Option<(String, String)> {
    let text = |name: &str| value.get(name).and_then(|v| v.as_str()).map(str::to_owned);
    let advert = ["advert", "advertisement", "data", "frame", "hex"]
        .iter()
        .find_map(|name| text(name));
    if let (Some(key), Some(advert)) = (text("key"), advert) {
        return Some((key, advert));
    }
    match value {
        serde_json::Value::Array(all) => all.iter().find_map(first_vector),
        serde_json::Value::Object(all) => all.values().find_map(first_vector),
        _ => None,
    }
}

#[test]
fn the_vocabulary_has_an_example_for_every_sentence() {
    let done = rig(&["steps", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(value["format"], "rig.steps/1");
    for step in value["steps"].as_array().unwrap() {
        let example = step["example"].as_str().unwrap();
        assert!(!example.contains('{'), "{step}");
    }
}

#[test]
fn the_matrix_has_a_row_for_every_clause() {
    let table = rig(&["trace"]);
    assert_eq!(table.code, 0, "{}", table.stderr);
    assert!(table.stdout.contains("| 3.2.1-02 |"), "{}", table.stdout);
    let json = rig(&["trace", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(value["format"], "rig.trace/1");
    let rows = value["clauses"].as_array().unwrap();
    assert_eq!(
        table.stdout.lines().filter(|l| l.starts_with("| ")).count(),
        rows.len() + 1
    );
}

#[test]
fn shells_complete_it() {
    for shell in ["bash", "zsh", "fish"] {
        let done = rig(&["completions", shell]);
        assert_eq!(done.code, 0);
        assert!(done.stdout.contains("fail-fast"), "{shell}");
    }
}

#[test]
fn nothing_is_coloured_where_nobody_looks() {
    let done = rig_in(Path::new("."), &["trace"]);
    assert!(!done.stdout.contains('\u{1b}'));
}
