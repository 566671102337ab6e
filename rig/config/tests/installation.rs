//! What is installed around the batteries, and mistakes in it.

use config::{Entry, SearchPath, parse_bench};
use std::fmt::Write as _;
use std::path::Path;

fn fixtures() -> SearchPath {
    SearchPath::new(vec![
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures"),
    ])
}

fn text() -> String {
    let path = fixtures().find(config::FileKind::Bench, "sim-bank-2s2p");
    std::fs::read_to_string(path.expect("a bench")).expect("its text")
}

#[test]
fn entries_are_found_by_name() {
    let bench = fixtures().bench("sim-bank-2s2p").expect("a bench");
    let battery = fixtures()
        .battery_product("LFP-Smart 12.8/100")
        .expect("a battery");
    let mut table = String::new();
    for name in [
        "batteries",
        "batteries in series",
        "strings side by side",
        "system",
        "capacity",
        "energy",
        "charger absorption",
        "charger absorption time",
        "charger is of the bank's voltage",
        "charger corrects for temperature",
        "fuses protect their cables",
        "battery fuse to discharge current",
        "main cable to battery cables",
        "age within strings",
        "part numbers within strings",
        "monitor Peukert exponent",
        "colour",
    ] {
        let found: Vec<String> = bench
            .entry(name, &battery)
            .iter()
            .map(|(who, entry)| format!("{who} {entry}"))
            .collect();
        writeln!(table, "{name}: {}", found.join(", ")).expect("a string takes everything");
    }
    insta::assert_snapshot!(table, @r"
    batteries: bank 4 batteries
    batteries in series: bank 2 batteries
    strings side by side: bank 2 batteries
    system: bank 24 V
    capacity: bank 200 Ah
    energy: bank 5120 Wh
    charger absorption: bench charger 28.4 V
    charger absorption time: bench charger 7200 s
    charger is of the bank's voltage: bench charger yes
    charger corrects for temperature: bench charger no
    fuses protect their cables: installation yes
    battery fuse to discharge current: installation 75 %
    main cable to battery cables: installation 100 %
    age within strings: installation 86400 s
    part numbers within strings: installation one
    monitor Peukert exponent: installation 1.05
    colour: 
    ");
}

#[test]
fn a_product_file_has_its_whole_column() {
    for (name, path) in fixtures().list(config::FileKind::BatteryProduct) {
        let battery = config::load_battery_product(&path).expect("a product");
        for entry in [
            "energy",
            "capacity at 0 °C",
            "capacity at -20 °C",
            "torque",
            "weight",
            "thread",
            "on a side",
        ] {
            assert!(battery.entry(entry).is_some(), "{name} has no {entry}");
        }
    }
    let battery = fixtures()
        .battery_product("LFP-Smart 12.8/330")
        .expect("a battery");
    let entry = |name: &str| battery.entry(name).map(|entry| entry.to_string());
    assert_eq!(entry("energy of 4S5P").as_deref(), Some("84400 Wh"));
    assert_eq!(entry("best charge current").as_deref(), Some("150 A"));
    assert_eq!(
        battery.entry("charge without BMS"),
        Some(Entry::Words("none".into()))
    );
    assert_eq!(entry("energy of 4S"), None);
}

#[test]
fn mistakes_are_told() {
    for (from, to, told) in [
        (
            "area: 50 mm²",
            "area: 50 mm",
            "`50 mm` is no cross section of a cable",
        ),
        ("made: 2026-03-02", "made: March", "`March` is no day"),
        (
            "battery_fuse: 150 A",
            "battery_fuse: 0 A",
            "`0 A` is out of range",
        ),
        (
            "profile: lithium",
            "profil: lithium",
            "unknown key `profil`",
        ),
    ] {
        let text = text();
        assert!(text.contains(from), "{from}");
        let error = parse_bench(&text.replacen(from, to, 1), Path::new("bench.yaml"))
            .expect_err("a mistake");
        assert!(error.to_string().contains(told), "{to}: {error}");
    }
}
