//! Which crate may use which: design section 3, held by reading the manifests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What a crate may depend on besides `units`, which is open to all but `dut` and `probe`.
const ARROWS: [(&str, &[&str]); 19] = [
    ("units", &[]),
    ("api", &[]),
    ("wire", &[]),
    ("drivers", &["api", "wire"]),
    ("sim", &["wire"]),
    ("plant", &[]),
    ("dut", &[]),
    ("probe", &[]),
    ("firmware", &["dut", "probe"]),
    ("config", &[]),
    ("record", &[]),
    (
        "world",
        &[
            "config", "sim", "plant", "dut", "firmware", "probe", "api", "wire",
        ],
    ),
    ("bench", &["config", "api", "record"]),
    ("procedures", &["bench", "api", "record"]),
    ("telemetry", &["api"]),
    ("flash", &["api"]),
    ("reports", &["record"]),
    ("pdf", &[]),
    (
        "rig",
        &[
            "api",
            "bench",
            "config",
            "drivers",
            "firmware",
            "flash",
            "pdf",
            "probe",
            "procedures",
            "record",
            "reports",
            "sim",
            "telemetry",
            "wire",
            "world",
        ],
    ),
];

/// What belongs to the simulation.
const SIMULATION: [&str; 6] = ["dut", "firmware", "plant", "probe", "sim", "world"];

/// What only some crates may touch, whoever published it.
const FOREIGN: [(&str, &[&str]); 4] = [
    ("cucumber", &["rig"]),
    ("tokio", &["rig"]),
    ("scpi", &["sim"]),
    ("probe-rs", &["flash", "probe"]),
];

#[derive(Debug, Default)]
struct Manifest {
    name: String,
    path: PathBuf,
    /// Normal dependencies, and whether each is optional.
    dependencies: BTreeMap<String, bool>,
    features: BTreeMap<String, String>,
}

fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap().to_owned()
}

fn members() -> Vec<Manifest> {
    let text = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let list = text
        .split_once("members = [")
        .and_then(|(_, rest)| rest.split_once(']'))
        .map(|(list, _)| list)
        .unwrap();
    let members: Vec<Manifest> = list
        .split('"')
        .skip(1)
        .step_by(2)
        .map(|folder| manifest(&root().join(folder).join("Cargo.toml")))
        .collect();
    assert!(members.len() >= 15, "{members:?}");
    members
}

fn manifest(path: &Path) -> Manifest {
    let text = std::fs::read_to_string(path).unwrap();
    let mut manifest = Manifest {
        path: path.to_owned(),
        ..Manifest::default()
    };
    let mut section = "";
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        match section {
            "package" if key == "name" => manifest.name = value.trim_matches('"').to_owned(),
            "dependencies" => {
                let name = key.split('.').next().unwrap().to_owned();
                let optional = value.contains("optional = true");
                manifest.dependencies.insert(name, optional);
            }
            "features" => {
                manifest.features.insert(key.to_owned(), value.to_owned());
            }
            other => assert!(
                !other.starts_with("dependencies.") && !other.starts_with("target."),
                "{}: this test doesn't read [{other}]",
                path.display()
            ),
        }
    }
    manifest
}

fn ours() -> BTreeSet<&'static str> {
    ARROWS.iter().map(|(name, _)| *name).collect()
}

#[test]
fn every_crate_has_its_arrows() {
    for member in members() {
        assert!(
            ours().contains(member.name.as_str()),
            "{} is new: say in ARROWS what it may depend on",
            member.name
        );
    }
}

#[test]
fn nobody_depends_on_what_it_must_not_know() {
    for member in members() {
        let allowed = ARROWS
            .iter()
            .find(|(name, _)| *name == member.name)
            .map(|(_, allowed)| *allowed)
            .unwrap();
        for name in member.dependencies.keys() {
            if !ours().contains(name.as_str()) {
                continue;
            }
            let units =
                name == "units" && !["dut", "probe", "units"].contains(&member.name.as_str());
            assert!(
                units || allowed.contains(&name.as_str()),
                "{} must not depend on `{name}` ({})",
                member.name,
                member.path.display()
            );
        }
    }
}

#[test]
fn what_some_crates_need_stays_with_them() {
    for member in members() {
        for (name, users) in FOREIGN {
            assert!(
                !member.dependencies.contains_key(name) || users.contains(&member.name.as_str()),
                "{} must not depend on `{name}`",
                member.name
            );
        }
    }
}

#[test]
fn a_build_without_the_feature_has_no_simulator() {
    let rig = members()
        .into_iter()
        .find(|member| member.name == "rig")
        .unwrap();
    for (name, optional) in &rig.dependencies {
        assert!(
            *optional || !SIMULATION.contains(&name.as_str()),
            "`{name}` must be optional"
        );
    }
    for (feature, enables) in &rig.features {
        let simulates = SIMULATION.iter().any(|name| enables.contains(name));
        assert!(
            !simulates || feature == "sim",
            "feature `{feature}` must not bring the simulator in"
        );
    }
    for member in members() {
        if SIMULATION.contains(&member.name.as_str()) || member.name == "rig" {
            continue;
        }
        for name in member.dependencies.keys() {
            assert!(
                !SIMULATION.contains(&name.as_str()),
                "{} is in every build and depends on `{name}`",
                member.name
            );
        }
    }
}
