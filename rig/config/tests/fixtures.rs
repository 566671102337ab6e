//! Every file that is shipped loads, and says what the suite counts on.

use config::{Bench, BenchKind, FileKind, SearchPath};
use std::path::{Path, PathBuf};

fn fixtures() -> SearchPath {
    SearchPath::new(vec![
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures"),
    ])
}

fn bench(name: &str) -> Bench {
    fixtures()
        .bench(name)
        .unwrap_or_else(|error| panic!("{error}"))
}

fn stems(kind: FileKind) -> Vec<String> {
    fixtures()
        .list(kind)
        .into_iter()
        .map(|(_, path): (String, PathBuf)| {
            path.file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
                .unwrap_or_default()
        })
        .collect()
}

#[test]
fn every_bench_loads_and_gives_what_it_says() {
    let gives: Vec<_> = fixtures()
        .list(FileKind::Bench)
        .iter()
        .map(|(name, _)| {
            let words: Vec<_> = bench(name).gives().into_iter().collect();
            format!("{name}: {}", words.join(" "))
        })
        .collect();
    insta::assert_snapshot!(gives.join("\n"));
}

#[test]
fn a_bench_with_a_word_of_its_own_serves_only_those_who_ask_for_it() {
    let deep = bench("sim-battery-deep");
    assert_eq!(deep.only, ["deeply-discharged"]);
    assert!(deep.serves(&["battery", "deeply-discharged"]));
    assert!(!deep.serves(&["battery", "cells:4"]));
    assert!(bench("sim-battery").serves(&["battery"]));
}

#[test]
fn benches_find_their_products_and_devices() {
    for (name, _) in fixtures().list(FileKind::Bench) {
        let bench = bench(&name);
        let path = fixtures();
        let product = path
            .battery_product(&bench.device.battery)
            .unwrap_or_else(|error| panic!("{error}"));
        let device = path
            .battery_device(&bench.device.battery)
            .unwrap_or_else(|error| panic!("{error}"));
        path.bms_product(&bench.device.bms)
            .unwrap_or_else(|error| panic!("{error}"));
        path.bms_device(&bench.device.bms)
            .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(product.cells, device.cells, "{name}");
        assert_eq!(product.cells, bench.cells_per_battery(), "{name}");
        if bench.kind == BenchKind::Battery {
            let share = bench.device.topology.parallel as f64;
            let wanted = product.recommended_charge_current * share;
            assert!(bench.envelope.current.to > wanted, "{name}");
        }
    }
}

#[test]
fn every_product_and_device_loads_and_is_found_by_its_name() {
    let path = fixtures();
    for (name, _) in path.list(FileKind::BatteryProduct) {
        let product = path.battery_product(&name);
        assert_eq!(product.map(|found| found.name), Ok(name));
    }
    for (name, _) in path.list(FileKind::BatteryDevice) {
        let device = path.battery_device(&name);
        assert_eq!(device.map(|found| found.name), Ok(name));
    }
    assert_eq!(
        path.list(FileKind::BatteryProduct).len(),
        path.list(FileKind::BatteryDevice).len()
    );
    for (name, _) in path.list(FileKind::BmsProduct) {
        assert_eq!(path.bms_product(&name).map(|found| found.name), Ok(name));
    }
    for (name, _) in path.list(FileKind::BmsDevice) {
        assert_eq!(path.bms_device(&name).map(|found| found.name), Ok(name));
    }
}

#[test]
fn every_fault_loads_and_breaks_clauses_that_exist() {
    let path = fixtures();
    let clauses = path.clauses().unwrap_or_else(|error| panic!("{error}"));
    let mut faults = 0;
    for (name, _) in path.list(FileKind::Fault) {
        let fault = path.fault(&name).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(fault.name, name);
        for id in &fault.violates {
            assert!(clauses.clauses.contains_key(id), "{name}: no clause {id}");
        }
        faults += 1;
    }
    assert!(faults >= 10, "only {faults} faults");
}

#[test]
fn files_are_named_as_they_name_themselves() {
    for kind in [FileKind::Bench, FileKind::Fault] {
        let names: Vec<_> = fixtures().list(kind).into_iter().map(|(n, _)| n).collect();
        assert_eq!(names, stems(kind));
    }
    assert!(stems(FileKind::BatteryProduct).contains(&"lfp-smart-12.8-100".to_owned()));
}

#[test]
fn the_manual_s_statements_load() {
    let clauses = fixtures()
        .clauses()
        .unwrap_or_else(|error| panic!("{error}"));
    insta::assert_debug_snapshot!(clauses.clauses["3.2-03"]);
    insta::assert_debug_snapshot!(clauses.clauses["3.2.1-02"].limits["delay"].bound);
    insta::assert_debug_snapshot!(clauses.clauses["4.7.3-01"].limits["threshold"].bound);
    for (id, clause) in &clauses.clauses {
        assert!(id.starts_with(&clause.section), "{id}");
    }
}

#[test]
fn the_kind_of_a_file_is_told_from_its_keys() {
    for kind in [
        FileKind::Bench,
        FileKind::BatteryProduct,
        FileKind::BmsProduct,
        FileKind::BatteryDevice,
        FileKind::BmsDevice,
        FileKind::Fault,
        FileKind::Clauses,
    ] {
        for (name, path) in fixtures().list(kind) {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(FileKind::of(&text), Some(kind), "{name}");
        }
    }
}

#[test]
fn a_name_that_is_not_there() {
    let nowhere = SearchPath::new(vec![PathBuf::from("nowhere"), PathBuf::from("elsewhere")]);
    let text = |path: &SearchPath, name: &str| {
        let error = path.find(FileKind::Bench, name).unwrap_err().to_string();
        error.replace(env!("CARGO_MANIFEST_DIR"), "…")
    };
    let texts = [
        text(&nowhere, "sim-board-4s"),
        text(&SearchPath::new(Vec::new()), "sim-board-4s"),
        text(&fixtures(), "sim-bord-4s"),
        text(&fixtures(), "quite another thing"),
    ];
    insta::assert_snapshot!(texts.join("\n"));
    let product = fixtures().find(FileKind::BatteryProduct, "LFP-Smart 12.8-100");
    assert!(product.is_ok(), "a slug is a name too: {product:?}");
}

#[test]
fn the_first_folder_wins_and_a_path_is_a_name() {
    let own = std::env::temp_dir().join(format!("config-search-{}", std::process::id()));
    let faults = own.join("faults");
    std::fs::create_dir_all(&faults).expect("a folder for the test");
    let file = faults.join("mine.yaml");
    let text = "name: stuck-pole # as shipped, but other\nabout: Ours\ninject:\n  - { target: bms, parameter: dead, value: yes }\n";
    std::fs::write(&file, text).expect("a file for the test");
    let mut dirs = vec![own.clone()];
    dirs.extend_from_slice(fixtures().dirs());
    let path = SearchPath::new(dirs);
    assert_eq!(path.fault("stuck-pole").map(|f| f.about), Ok("Ours".into()));
    let by_path = file.to_string_lossy().into_owned();
    assert_eq!(
        fixtures().fault(&by_path).map(|f| f.about),
        Ok("Ours".into())
    );
    let listed = path.list(FileKind::Fault);
    assert_eq!(
        listed
            .iter()
            .filter(|(name, _)| name == "stuck-pole")
            .count(),
        1
    );
    let missing = config::load_fault(&own.join("none.yaml"));
    let text = missing.map(|fault| fault.name).unwrap_err().to_string();
    assert!(text.contains("none.yaml: can't be read: "), "{text}");
    std::fs::remove_dir_all(&own).expect("the test's folder goes");
}
