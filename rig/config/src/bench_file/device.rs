//! Checks what stands on a bench, and what must never happen to it.

use super::raw::{RawDevice, RawEnvelope, RawSettings};
use crate::source::{At, Source};
use crate::{BenchKind, Device, Envelope, Range, Settings, Topology, Wiring};
use serde_yaml::Location;
use units::{Amps, Celsius, Kelvin, Percent, Quantity, Volts};

/// The manual's 3.1: no more batteries than this on one BMS.
const MOST_BATTERIES: usize = 20;
/// The manual's 3.1: 48 V is four 12.8 V batteries.
const MOST_IN_SERIES: usize = 4;
/// Voltage of a cell that is neither full nor empty.
const NOMINAL_CELL: f64 = 3.2;
/// Of a board bench, which has no charge to speak of.
const HALF: Percent = Percent(50.0);

/// The device, and how many batteries it has.
pub(super) fn check(raw: At<RawDevice>, kind: BenchKind, source: &mut Source) -> (Device, usize) {
    let place = raw.referenced;
    let raw = raw.value;
    let topology = topology(&raw.topology, kind, source);
    let state_of_charge = match &raw.state_of_charge {
        Some(at) => {
            source.within(at, Percent(0.0), Percent(100.0), "");
            at.value
        }
        None => {
            if kind == BenchKind::Battery {
                source.wrong(
                    place,
                    "the device has no `state_of_charge`",
                    "write how full the batteries are at the start, as in `state_of_charge: 50 %`",
                );
            }
            HALF
        }
    };
    source.within(&raw.ambient, Celsius(-40.0), Celsius(85.0), "");
    let settings = raw.settings.checked(source);
    let batteries = topology.batteries();
    if let Some(serials) = raw
        .serials
        .as_ref()
        .filter(|serials| !serials.value.is_empty() && serials.value.len() != batteries + 1)
    {
        source.wrong(
            serials.referenced,
            format!("{} serial numbers", serials.value.len()),
            &format!(
                "write {}: of each battery, then of the BMS; or none",
                batteries + 1
            ),
        );
    }
    for offset in &raw.cell_offsets {
        let at = &offset.value.offset;
        source.within(at, Percent(-100.0), Percent(100.0), "");
        let sum = (state_of_charge + at.value).value();
        if !(0.0..=101.0).contains(&sum) {
            source.wrong(
                at.referenced,
                format!("the cell would start with {sum} % of its charge"),
                "offset and `state_of_charge` together stay between 0 % and 101 %",
            );
        }
        if !(1..=batteries).contains(&offset.value.battery) || offset.value.cell == 0 {
            source.wrong(
                offset.referenced,
                format!(
                    "there is no cell {} of battery {}",
                    offset.value.cell, offset.value.battery
                ),
                &format!("the bench has {batteries} of batteries; both count from 1"),
            );
        }
    }
    let device = Device {
        battery: raw.battery,
        bms: raw.bms,
        topology,
        settings,
        state_of_charge,
        cell_offsets: raw
            .cell_offsets
            .iter()
            .map(|at| (at.value.battery, at.value.cell, at.value.offset.value))
            .collect(),
        ambient: raw.ambient.value,
        serials: raw.serials.map(|at| at.value).unwrap_or_default(),
    };
    (device, batteries)
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

/// Offsets name cells that are there.
pub(super) fn check_offsets(
    device: &Device,
    wiring: &Wiring,
    place: Location,
    source: &mut Source,
) {
    let sensed = wiring.sense.cells.first().map_or(0, Vec::len);
    let cells = wiring.cells.len().max(sensed);
    for (battery, cell, _) in &device.cell_offsets {
        if cells > 0 && *cell > cells {
            source.wrong(
                place,
                format!("`cell_offsets` names cell {cell} of battery {battery}"),
                &format!("a battery of this bench has {cells} cells"),
            );
        }
    }
}

pub(super) fn envelope(
    raw: &At<RawEnvelope>,
    kind: BenchKind,
    cells_in_series: usize,
    source: &mut Source,
) -> Envelope {
    let place = raw.referenced;
    let raw = &raw.value;
    let envelope = Envelope {
        cell_voltage: source.range(&raw.cell_voltage, Volts(0.0), Volts(4.5)),
        pack_voltage: source.range(&raw.pack_voltage, Volts(0.0), Volts(75.0)),
        current: source.range(&raw.current, Amps(-2000.0), Amps(2000.0)),
        temperature: source.range(&raw.temperature, Celsius(-45.0), Celsius(85.0)),
        cell_spread: raw.cell_spread.as_ref().map(|at| at.value),
        temperature_rate: raw.temperature_rate.as_ref().map(|at| at.value),
    };
    if let Some(spread) = &raw.cell_spread {
        source.positive(spread);
    }
    if let Some(rate) = &raw.temperature_rate {
        source.positive(rate);
    }
    if kind == BenchKind::Battery && raw.cell_spread.is_none() {
        source.wrong(
            place,
            "the envelope of a battery bench has no `cell_spread`",
            "write how far cells of a battery may be apart, as in `cell_spread: 0.8 V`",
        );
    }
    if kind == BenchKind::Battery
        && !(envelope.current.from < Amps(0.0) && envelope.current.to > Amps(0.0))
    {
        source.wrong(
            raw.current.referenced,
            "a battery bench charges and discharges",
            "the lower end is the highest discharge current, negative; the upper end the highest charge current",
        );
    }
    let nominal = Volts(NOMINAL_CELL * cells_in_series as f64);
    let inside = envelope.pack_voltage.from < nominal && nominal < envelope.pack_voltage.to;
    if cells_in_series > 0 && !inside {
        source.wrong(
            raw.pack_voltage.referenced,
            format!(
                "{cells_in_series} cells in series stand at {nominal:.1}, outside these limits"
            ),
            "write limits of the whole bank",
        );
    }
    envelope
}

impl Source {
    fn within<Q: Quantity>(&mut self, at: &At<Q>, from: Q, to: Q, origin: &str) {
        if at.value < from || at.value > to {
            self.wrong(
                at.referenced,
                format!("`{}` is out of range", at.value),
                &format!("{} from {from} to {to} belongs here{origin}", Q::WHAT),
            );
        }
    }

    fn range<Q: Quantity>(&mut self, at: &At<[Q; 2]>, lowest: Q, highest: Q) -> Range<Q> {
        let [from, to] = at.value;
        if from >= to {
            self.wrong(
                at.referenced,
                format!("`{from}` to `{to}` is no range"),
                "the lower end comes first",
            );
        } else if from < lowest || to > highest {
            self.wrong(
                at.referenced,
                format!("`{from}` to `{to}` is out of range"),
                &format!("limits of {} lie between {lowest} and {highest}", Q::WHAT),
            );
        }
        Range { from, to }
    }
}
