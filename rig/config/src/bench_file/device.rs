//! Checks what stands on a bench.

use super::raw::{RawDevice, RawOffset, RawSettings};
use crate::source::{At, Source};
use crate::{BenchKind, Device, Settings, Topology};
use serde_yaml::Location;
use units::{Celsius, Kelvin, Percent, Quantity, Volts};

/// The manual's 3.1: no more batteries than this on one BMS.
const MOST_BATTERIES: usize = 20;
/// The manual's 3.1: 48 V is four 12.8 V batteries.
const MOST_IN_SERIES: usize = 4;
/// Of a board bench, which has no charge to speak of.
const HALF: Percent = Percent(50.0);

/// The device; `cells` is the number of cells of a battery as the wiring has them, 0 if it has none.
pub(super) fn check(
    raw: At<RawDevice>,
    kind: BenchKind,
    cells: usize,
    source: &mut Source,
) -> Device {
    let place = raw.referenced;
    let raw = raw.value;
    let topology = topology(&raw.topology, kind, source);
    let start = charge(raw.state_of_charge.as_ref(), place, kind, source);
    source.within(&raw.ambient, Celsius(-40.0), Celsius(85.0), "");
    let settings = raw.settings.checked(source);
    let wanted = topology.batteries() + 1;
    let serials = raw
        .serials
        .as_ref()
        .map_or(0, |serials| serials.value.len());
    if let Some(at) = raw
        .serials
        .as_ref()
        .filter(|_| ![0, wanted].contains(&serials))
    {
        source.wrong(
            at.referenced,
            format!("{serials} serial numbers"),
            &format!("write {wanted}: of each battery, then of the BMS; or none"),
        );
    }
    for offset in &raw.cell_offsets {
        offset.check(start, topology.batteries(), cells, source);
    }
    Device {
        battery: raw.battery,
        bms: raw.bms,
        other_bms: raw.other_bms,
        stuck_board: raw.stuck_board,
        topology,
        settings,
        state_of_charge: start,
        cell_offsets: raw
            .cell_offsets
            .iter()
            .map(|at| (at.value.battery, at.value.cell, at.value.offset.value))
            .collect(),
        ambient: raw.ambient.value,
        serials: raw.serials.map(|at| at.value).unwrap_or_default(),
    }
}

fn charge(
    written: Option<&At<Percent>>,
    place: Location,
    kind: BenchKind,
    source: &mut Source,
) -> Percent {
    match (written, kind) {
        (Some(at), _) => {
            source.within(at, Percent(0.0), Percent(100.0), "");
            at.value
        }
        (None, BenchKind::Board) => HALF,
        (None, BenchKind::Battery) => {
            source.wrong(
                place,
                "the device has no `state_of_charge`",
                "write how full the batteries are at the start, as in `state_of_charge: 50 %`",
            );
            HALF
        }
    }
}

/// Further down a cell is beyond any procedure.
const DEEP: Percent = Percent(-2.0);

trait Offset {
    fn check(&self, start: Percent, batteries: usize, cells: usize, source: &mut Source);
}

impl Offset for At<RawOffset> {
    fn check(&self, start: Percent, batteries: usize, cells: usize, source: &mut Source) {
        let RawOffset {
            battery,
            cell,
            offset,
        } = &self.value;
        let sum = (start + offset.value).value();
        if !(DEEP.value()..=101.0).contains(&sum) {
            source.wrong(
                offset.referenced,
                format!("the cell would start with {sum} % of its charge"),
                "offset and `state_of_charge` together stay between -2 % (deeply discharged) and 101 %",
            );
        }
        let there = (1..=batteries).contains(battery) && (1..=cells.max(1)).contains(cell);
        if !there {
            source.wrong(
                self.referenced,
                format!("there is no cell {cell} of battery {battery}"),
                &format!(
                    "batteries of this bench go from 1 to {batteries}, sense points of their cells from 1 to {cells}"
                ),
            );
        }
    }
}

fn topology(text: &At<String>, kind: BenchKind, source: &mut Source) -> Topology {
    let single = Topology {
        series: 1,
        parallel: 1,
    };
    let upper = text.value.to_uppercase();
    let read = || {
        let (series, parallel) = upper.strip_suffix('P')?.split_once('S')?;
        let (series, parallel) = (series.parse().ok()?, parallel.parse().ok()?);
        (series > 0 && parallel > 0).then_some(Topology { series, parallel })
    };
    let Some(topology) = read() else {
        source.wrong(
            text.referenced,
            format!("`{}` is no topology", text.value),
            "write batteries in series and strings in parallel, as in `1S1P` or `2S2P`",
        );
        return single;
    };
    let fits = topology.series <= MOST_IN_SERIES
        && topology
            .series
            .checked_mul(topology.parallel)
            .is_some_and(|all| all <= MOST_BATTERIES);
    if !fits {
        source.wrong(
            text.referenced,
            format!("`{}` is more than a BMS can look after", text.value),
            "4 in series and 20 in all at most (3.1)",
        );
        return single;
    }
    if kind == BenchKind::Board && topology != single {
        source.wrong(
            text.referenced,
            format!("a board bench is one battery, not `{}`", text.value),
            "write `1S1P`",
        );
        return single;
    }
    topology
}

impl RawSettings {
    /// Ranges of the manual's 4.7.
    fn checked(self, source: &mut Source) -> Settings {
        source.within(&self.pre_alarm, Volts(2.80), Volts(3.15), " (4.7.4)");
        source.within(&self.discharge_cutoff, Volts(2.60), Volts(2.80), " (4.7.5)");
        source.within(
            &self.charge_temperature,
            Celsius(-20.0),
            Celsius(20.0),
            " (4.7.3)",
        );
        source.within(
            &self.temperature_offset,
            Kelvin(-10.0),
            Kelvin(10.0),
            " (4.7.2)",
        );
        if self.pre_alarm.value == self.discharge_cutoff.value {
            source.wrong(
                self.pre_alarm.referenced,
                format!(
                    "pre-alarm and discharge limit are both at {}",
                    self.pre_alarm.value
                ),
                "a warning needs room before what it warns of: raise the pre-alarm, or lower the limit (4.7.4)",
            );
        }
        Settings {
            pre_alarm: self.pre_alarm.value,
            discharge_cutoff: self.discharge_cutoff.value,
            charge_temperature: self.charge_temperature.value,
            temperature_offset: self.temperature_offset.value,
        }
    }
}

impl Source {
    pub(super) fn within<Q: Quantity>(&mut self, at: &At<Q>, from: Q, to: Q, origin: &str) {
        if at.value < from || at.value > to {
            self.wrong(
                at.referenced,
                format!("`{}` is out of range", at.value),
                &format!("{} from {from} to {to} belongs here{origin}", Q::WHAT),
            );
        }
    }
}
