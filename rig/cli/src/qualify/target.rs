//! Whether a bench has what a fault is about.

use config::{Bench, BenchKind, Fault, Injection};

/// Whether every target of a fault exists on a bench. Elsewhere the fault would do nothing.
pub(super) fn is_on(fault: &Fault, bench: &Bench) -> bool {
    fault
        .inject
        .iter()
        .all(|injection| target_is_on(injection, bench))
}

fn target_is_on(injection: &Injection, bench: &Bench) -> bool {
    let target = injection.target.trim();
    let (kind, which) = target.split_once(' ').unwrap_or((target, ""));
    let which = which.trim();
    let number = |text: &str| text.trim().parse::<usize>().unwrap_or(usize::MAX);
    let batteries = bench.device.topology.series * bench.device.topology.parallel;
    match kind {
        "instrument" => bench.instruments.contains_key(which),
        "cable" => number(which) <= bench.wiring.relays.cables.len(),
        "battery" => {
            let there = which.is_empty() || number(which) <= batteries;
            there && sensor_of(&injection.parameter).is_none_or(|cell| cell <= cells(bench))
        }
        "monitor" => bench.has_monitor(),
        "system" if injection.parameter == "residual" => bench.wiring.sense.residual.is_some(),
        "system" if injection.parameter == "polarity" => bench.kind == BenchKind::Battery,
        // On a board bench supplies stand for the cells, and none of them is weak.
        "cell" => {
            let (battery, cell) = which.split_once('.').unwrap_or((which, ""));
            bench.kind == BenchKind::Battery
                && number(battery) <= batteries
                && number(cell) <= cells(bench)
        }
        _ => true,
    }
}

/// `cell 5 sensor` → 5.
fn sensor_of(parameter: &str) -> Option<usize> {
    let number = parameter.strip_prefix("cell ")?.strip_suffix(" sensor")?;
    number.trim().parse().ok()
}

/// Cells of one battery.
pub(super) fn cells(bench: &Bench) -> usize {
    match bench.kind {
        BenchKind::Board => bench.wiring.cells.len(),
        BenchKind::Battery => bench.wiring.sense.cells.first().map_or(0, Vec::len),
    }
}

#[cfg(test)]
mod tests {
    use super::is_on;
    use config::{Fault, Injection, SearchPath};
    use std::time::Duration;

    fn fault(target: &str, parameter: &str) -> Fault {
        Fault {
            name: "one".to_owned(),
            about: String::new(),
            violates: Vec::new(),
            inject: vec![Injection {
                target: target.to_owned(),
                parameter: parameter.to_owned(),
                value: String::new(),
                onset: Duration::ZERO,
            }],
            expect: Vec::new(),
            spares: Vec::new(),
        }
    }

    #[test]
    fn faults_run_where_their_targets_are() {
        let search = SearchPath::new(crate::search::fixture_folders());
        for (target, parameter, on) in [
            (
                "battery",
                "pre_alarm",
                ["4s", "8s", "battery", "2p"].as_slice(),
            ),
            ("battery 2", "dead", &["2p"]),
            ("battery", "cell 5 sensor", &["8s"]),
            ("battery 2", "passes_on", &["2p"]),
            ("monitor", "forgets", &["battery"]),
            ("system", "residual", &["battery"]),
            ("cell 1.3", "short", &["battery", "2p"]),
            ("cell 1.7", "short", &[]),
            ("cable 3", "all", &["2p"]),
            ("instrument cells_a", "offset", &["4s", "8s"]),
            ("instrument charger", "offset", &["battery", "2p"]),
            ("bms", "dead", &["4s", "8s", "battery", "2p"]),
            ("operator", "answer", &["4s", "8s", "battery", "2p"]),
        ] {
            let found: Vec<&str> = [
                ("4s", "sim-board-4s"),
                ("8s", "sim-board-8s"),
                ("battery", "sim-battery"),
                ("2p", "sim-bank-2p"),
            ]
            .into_iter()
            .filter(|(_, name)| {
                let bench = search.bench(name).unwrap();
                is_on(&fault(target, parameter), &bench)
            })
            .map(|(short, _)| short)
            .collect();
            assert_eq!(found, on, "{target} {parameter}");
        }
    }
}
