//! Banks that the manual forbids.

use bench::check_bank;
use config::{SearchPath, Topology};
use std::path::Path;

fn refusals(bench: &str, bms: &str, series: usize, parallel: usize) -> String {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let search = SearchPath::new(vec![fixtures]);
    let mut bench = search.bench(bench).expect("a bench");
    bench.device.topology = Topology { series, parallel };
    let battery = search
        .battery_product(&bench.device.battery)
        .expect("a battery");
    let bms = search.bms_product(bms).expect("a BMS");
    let clauses = search.clauses().expect("clauses");
    let all: Vec<String> = check_bank(&bench, &battery, &bms, &clauses)
        .iter()
        .map(ToString::to_string)
        .collect();
    all.join("; ")
}

#[test]
fn banks_end_where_the_manual_ends_them() {
    for (bench, bms, series, parallel, refusal) in [
        ("sim-board-4s", "smallBMS", 1, 1, ""),
        ("sim-board-4s", "smallBMS", 4, 5, ""),
        ("sim-board-8s", "smallBMS", 2, 10, ""),
        (
            "sim-board-4s",
            "smallBMS",
            1,
            21,
            "bank: it has 21 batteries, and 20 are the most (3.1-01)",
        ),
        (
            "sim-board-8s",
            "smallBMS",
            3,
            1,
            "bank: its strings have 3 batteries of 25.6 V, and 2 are the most (4.5.3-02); bank: it is one of 72 V, and a smallBMS isn't made for that (3.3)",
        ),
        (
            "sim-board-4s",
            "Smart BMS CL 12/100",
            2,
            1,
            "bank: it is one of 24 V, and a Smart BMS CL 12/100 isn't made for that (3.3)",
        ),
        (
            "sim-board-8s",
            "BMS 12/200",
            1,
            1,
            "bank: it is one of 24 V, and a BMS 12/200 isn't made for that (3.3)",
        ),
    ] {
        assert_eq!(
            refusals(bench, bms, series, parallel),
            refusal,
            "{bench} {bms} {series}S{parallel}P"
        );
    }
}
