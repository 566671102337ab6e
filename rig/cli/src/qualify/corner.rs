//! A healthy device in the corners of its tolerances: each seed makes another one, and measures it
//! with other instruments, all within their specification.

use super::stage::{Ended, Run, Stage, bench_of};
use super::target::cells;
use crate::feature::{Placement, Planned};
use config::{Bench, BenchKind, ClauseKind, Clauses, Fault, Injection};
use record::Verdict;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use units::Celsius;

/// Most that a board's cell measurement is off, in mV. Ours: a board that sees its cells further apart
/// than 4 mV when they are equal can't tell whether they are within the 0.01 V of 8.3, and balances for
/// ever; with 4 mV each way, scenarios about that fail, and only those.
const CELL_SENSOR_MV: f64 = 2.0;
/// Most that its temperature is off, in K. Ours: a quarter of the tolerance of thresholds.
const TEMPERATURE_SENSOR_K: f64 = 0.5;
/// From pre-alarm to load disconnect, in s: the manual's least, and what a maker may add to it.
const PRE_ALARM_DELAY_S: (f64, f64) = (30.5, 36.0);
/// From lost charge signal to charge disconnect, in s.
const CHARGE_DELAY_S: (f64, f64) = (0.1, 0.2);
/// How long a signal must be back, in s.
const RECONNECT_S: (f64, f64) = (0.5, 3.0);
/// Spread between cells of one batch, in percent.
const CAPACITY: (f64, f64) = (99.5, 100.5);
const RESISTANCE: (f64, f64) = (90.0, 110.0);
/// What they are apart when the battery is full, a month after the last full charge, in percent.
const CHARGE: f64 = 0.2;
/// Share of an instrument's accuracy that is used. Two instruments on one voltage, apart in opposite
/// directions, then just agree within both uncertainties.
const ACCURACY: f64 = 0.6;
/// Most that the room is warmer or colder than the bench file says, in K.
const ROOM_K: f64 = 2.0;
/// Voltage of a cell at which the accuracy of instruments is taken.
const CELL_V: f64 = 3.3;

/// Scenarios of one bench in one corner.
pub(super) struct Task {
    seed: u64,
    planned: Vec<Arc<Planned>>,
    corner: Fault,
}

/// A scenario in a corner.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    /// Which corner.
    pub(crate) seed: u64,
    /// How it ended.
    pub(crate) ended: Ended,
    /// What was off, unless it passed.
    pub(crate) off: Vec<String>,
}

/// Every scenario that measures something, once a seed, on another bench each time.
pub(super) fn tasks(stage: &Stage, seeds: &[u64]) -> Vec<Task> {
    let mut places: BTreeMap<(usize, usize), Vec<&Arc<Planned>>> = BTreeMap::new();
    for one in stage.planned() {
        if bench_of(one).is_some() && measures(one, stage.clauses()) {
            places.entry(one.source).or_default().push(one);
        }
    }
    let mut tasks = Vec::new();
    for &seed in seeds {
        let mut benches: BTreeMap<&str, Vec<&Arc<Planned>>> = BTreeMap::new();
        for of_one in places.values() {
            let turn = usize::try_from(seed).unwrap_or_default() % of_one.len();
            let one = of_one[turn];
            benches.entry(one.bench_name()).or_default().push(one);
        }
        tasks.extend(benches.into_values().filter_map(|all| task(seed, &all)));
    }
    tasks
}

/// Whether a scenario is about something that the rig itself checks.
fn measures(planned: &Planned, clauses: &Clauses) -> bool {
    planned
        .tags
        .iter()
        .filter_map(|tag| clauses.clauses.get(tag.strip_prefix("clause:")?))
        .any(|clause| clause.kind == ClauseKind::Automatic)
}

fn task(seed: u64, planned: &[&Arc<Planned>]) -> Option<Task> {
    let bench = bench_of(planned.first()?)?;
    let mut chance = Chance::new(seed, &bench.name);
    let mut bench = bench.clone();
    bench.device.ambient = Celsius(bench.device.ambient.0 + chance.between(-ROOM_K, ROOM_K));
    let corner = corner(seed, &bench, &mut chance);
    let bench = Arc::new(bench);
    let moved = |one: &&Arc<Planned>| {
        Arc::new(Planned {
            placement: Placement::On(bench.clone()),
            ..Planned::clone(one)
        })
    };
    Some(Task {
        seed,
        planned: planned.iter().map(moved).collect(),
        corner,
    })
}

/// The tolerances of one corner, written as a fault that is none.
fn corner(seed: u64, bench: &Bench, chance: &mut Chance) -> Fault {
    let mut inject = Vec::new();
    let mut add = |target: String, parameter: &str, value: String| {
        inject.push(Injection {
            target,
            parameter: parameter.to_owned(),
            value,
            onset: Duration::ZERO,
        });
    };
    let batteries = bench.device.topology.series * bench.device.topology.parallel;
    for battery in 1..=batteries {
        let board = format!("battery {battery}");
        for cell in 1..=cells(bench) {
            let off = chance.between(-CELL_SENSOR_MV, CELL_SENSOR_MV).round();
            add(
                board.clone(),
                &format!("cell {cell} sensor"),
                format!("{off} mV"),
            );
        }
        let off = chance.between(-TEMPERATURE_SENSOR_K, TEMPERATURE_SENSOR_K);
        add(board, "temperature_sensor", format!("{off:.1} K"));
    }
    for (name, (least, most)) in [
        ("pre_alarm_delay", PRE_ALARM_DELAY_S),
        ("charge_delay", CHARGE_DELAY_S),
        ("reconnect", RECONNECT_S),
    ] {
        let time = chance.between(least, most);
        add("bms".to_owned(), name, format!("{time:.1} s"));
    }
    if bench.kind == BenchKind::Battery {
        for cell in spread_of_cells(bench, batteries, chance) {
            for (name, share) in [
                ("capacity", cell.capacity),
                ("resistance", cell.resistance),
                ("soc_offset", cell.offset),
            ] {
                add(
                    format!("cell {}.{}", cell.battery, cell.cell),
                    name,
                    format!("{share:.2} %"),
                );
            }
        }
    }
    for (id, instrument) in &bench.instruments {
        let accuracy = instrument.accuracy.voltage;
        let most = ACCURACY * (accuracy.constant + accuracy.of_reading.0 / 100.0 * CELL_V);
        if most > 0.0 {
            let off = chance.between(-most, most) * 1e3;
            add(format!("instrument {id}"), "offset", format!("{off:.3} mV"));
        }
        let most = ACCURACY * instrument.accuracy.current.constant;
        if most > 0.0 {
            let off = chance.between(-most, most) * 1e3;
            add(
                format!("instrument {id}"),
                "current_offset",
                format!("{off:.1} mA"),
            );
        }
    }
    Fault {
        name: format!("corner-{seed}"),
        about: "Everything within its tolerance".to_owned(),
        violates: Vec::new(),
        inject,
        expect: Vec::new(),
        spares: Vec::new(),
    }
}

/// How one cell differs from what the bench file says, in percent.
struct CellOff {
    battery: usize,
    cell: usize,
    capacity: f64,
    resistance: f64,
    offset: f64,
}

/// Cells of one batch, from which the same charge is missing, whatever they hold.
fn spread_of_cells(bench: &Bench, batteries: usize, chance: &mut Chance) -> Vec<CellOff> {
    let missing = 1.0 - bench.device.state_of_charge.fraction();
    let places =
        (1..=batteries).flat_map(|battery| (1..=cells(bench)).map(move |cell| (battery, cell)));
    let mut all: Vec<CellOff> = places
        .map(|(battery, cell)| {
            let capacity = chance.between(CAPACITY.0, CAPACITY.1);
            CellOff {
                battery,
                cell,
                capacity,
                resistance: chance.between(RESISTANCE.0, RESISTANCE.1),
                offset: chance.between(-CHARGE, CHARGE) + missing * (capacity - 100.0),
            }
        })
        .collect();
    keep_emptiest(bench, &mut all);
    all
}

/// A battery that was emptied too far is as empty as its emptiest cell: that one is where the bench
/// file has it, however far the others are from it.
fn keep_emptiest(bench: &Bench, all: &mut [CellOff]) {
    let device = &bench.device;
    let told = |battery: usize, cell: usize| {
        let mut offsets = device.cell_offsets.iter();
        let offset = offsets.find(|(of, place, _)| (*of, *place) == (battery, cell));
        device.state_of_charge.0 + offset.map_or(0.0, |(.., percent)| percent.0)
    };
    let told_least = least_of(all.iter().map(|one| told(one.battery, one.cell)));
    if told_least >= 0.0 {
        return;
    }
    let with_spread = |one: &CellOff| told(one.battery, one.cell) + one.offset;
    let least = least_of(all.iter().map(with_spread));
    for one in all {
        one.offset += told_least - least;
    }
}

fn least_of(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::INFINITY, f64::min)
}

/// Tries the scenarios of one bench in one corner.
pub(super) fn run(stage: &Stage, task: &Task) -> Vec<Visit> {
    let ended = stage.run(Run {
        planned: task.planned.clone(),
        faults: std::slice::from_ref(&task.corner),
        seed: task.seed,
        until_noticed: false,
    });
    let off = |ended: &Ended| {
        let injected = task.corner.inject.iter();
        let words = injected.map(|one| format!("{}: {} {}", one.target, one.parameter, one.value));
        match ended.verdict {
            Verdict::Pass => Vec::new(),
            _ => words.collect(),
        }
    };
    ended
        .into_iter()
        .map(|ended| Visit {
            seed: task.seed,
            off: off(&ended),
            ended,
        })
        .collect()
}

/// Numbers that look random and are the same for the same seed: SplitMix64.
struct Chance(u64);

impl Chance {
    /// Another sequence for each seed and bench.
    fn new(seed: u64, bench: &str) -> Self {
        let mix = |state: u64, byte: u8| (state ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3);
        Self(bench.bytes().fold(seed.wrapping_mul(0x9E37_79B9), mix))
    }

    fn between(&mut self, least: f64, most: f64) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        // The upper 53 bits: as many as a double has.
        let share = (mixed >> 11) as f64 / (1u64 << 53) as f64;
        least + share * (most - least)
    }
}

#[cfg(test)]
mod tests {
    use super::{Chance, corner};
    use config::SearchPath;

    #[test]
    fn a_corner_is_written_as_fault_files_are() {
        let search = SearchPath::new(crate::search::fixture_folders());
        let bench = search.bench("sim-battery").unwrap();
        let one = corner(3, &bench, &mut Chance::new(3, "sim-battery"));
        let again = corner(3, &bench, &mut Chance::new(3, "sim-battery"));
        let other = corner(4, &bench, &mut Chance::new(4, "sim-battery"));
        assert_eq!(one, again);
        assert_ne!(one.inject, other.inject);
        let mut text = "name: corner\nabout: x\ninject:\n".to_owned();
        for injection in &one.inject {
            text.push_str(&format!(
                "  - {{ target: {}, parameter: {}, value: '{}' }}\n",
                injection.target, injection.parameter, injection.value
            ));
        }
        let read = config::parse_fault(&text, std::path::Path::new("corner.yaml")).unwrap();
        assert_eq!(read.inject, one.inject);
    }

    #[test]
    fn chance_stays_within_its_ends_and_gets_near_them() {
        let mut chance = Chance::new(1, "bench");
        let all: Vec<f64> = (0..1000).map(|_| chance.between(-2.0, 3.0)).collect();
        let least = all.iter().copied().fold(f64::MAX, f64::min);
        let most = all.iter().copied().fold(f64::MIN, f64::max);
        assert!((-2.0..-1.9).contains(&least), "{least}");
        assert!((2.9..3.0).contains(&most), "{most}");
    }
}
