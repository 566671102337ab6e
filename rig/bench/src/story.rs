//! Whether instruments that see one voltage tell one story.
//!
//! On a battery bench a string of cells is known twice, as their sum and as the bank's voltage: by
//! the same meter, but an offset counts once for each cell and once for the bank. The charger's own
//! voltmeter and the meter on its side of the contactor are at one node, and a load's terminals are
//! never above the bank. Where two are further apart than both accuracies explain, one of them is
//! off, and no verdict about the battery may rest on either.

use crate::{Measured, Snapshot};
use config::Topology;
use units::{Amps, Ohms};

/// Above it the bars between cells, and between batteries, may drop some of the voltage.
const HARDLY_ANY: Amps = Amps(0.5);
/// What leads between an instrument and where its voltage is sensed may have.
const LEADS: Ohms = Ohms(0.005);
/// Readings are taken one after the other: what is told so often in a row is no coincidence.
const IN_A_ROW: u32 = 3;

/// Two readings of one voltage that can't both be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// `the cells that daq reads, 26.5600 V together,`.
    pub one: String,
    /// `the 26.4200 V of the bank`.
    pub other: String,
    /// `one voltage`.
    pub quantity: String,
    /// How far apart they are, and what explains how much of it.
    pub difference: String,
}

impl std::fmt::Display for Contradiction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            one,
            other,
            quantity,
            difference,
        } = self;
        write!(
            f,
            "{one} and {other} disagree about {quantity}: {difference}; one of them lies, so nothing measured with them counts"
        )
    }
}

impl std::error::Error for Contradiction {}

/// What snapshots said so far.
#[derive(Debug, Default)]
pub(crate) struct Story {
    in_a_row: u32,
    told: Option<Contradiction>,
}

impl Story {
    /// Takes in one more full snapshot. Returns a contradiction when it has just become certain.
    pub(crate) fn hear(
        &mut self,
        snapshot: &Snapshot,
        topology: Topology,
    ) -> Option<&Contradiction> {
        if self.told.is_some() {
            return None;
        }
        // Between strings currents flow that nobody measures.
        let strings = (topology.parallel == 1)
            .then(|| strings_and_bank(snapshot, topology.series))
            .flatten();
        let found = strings
            .or_else(|| charger_and_meter(snapshot))
            .or_else(|| load_and_bank(snapshot))
            .or_else(|| current_of_none(snapshot));
        self.in_a_row = if found.is_some() {
            self.in_a_row + 1
        } else {
            0
        };
        if self.in_a_row >= IN_A_ROW {
            self.told = found;
        }
        self.told.as_ref()
    }

    /// The first that was certain.
    pub(crate) fn contradiction(&self) -> Option<&Contradiction> {
        self.told.as_ref()
    }
}

fn flows(current: &Measured) -> bool {
    current.value.abs() > HARDLY_ANY.0
}

fn millivolts(apart: f64, explained: f64, by: &str) -> String {
    format!(
        "{:.1} mV apart, {:.1} mV at most is explained by {by}",
        apart * 1e3,
        explained * 1e3
    )
}

/// Compares the sum of the cells of each string with the voltage of the bank, unless current flows
/// or one of them isn't measured.
#[must_use]
pub fn strings_and_bank(snapshot: &Snapshot, series: usize) -> Option<Contradiction> {
    let bank = snapshot.pack.as_ref()?;
    if snapshot.cells.is_empty() || snapshot.current.as_ref().is_some_and(flows) {
        return None;
    }
    snapshot.cells.chunks(series.max(1)).find_map(|string| {
        let cells = || string.iter().flatten();
        let sum: f64 = cells().map(|cell| cell.value).sum();
        let off: f64 = cells().map(|cell| cell.uncertainty).sum();
        let (apart, explained) = ((sum - bank.value).abs(), off + bank.uncertainty);
        (apart > explained).then(|| Contradiction {
            one: format!(
                "the cells that {} reads, {sum:.4} V together,",
                bank.instrument
            ),
            other: format!("the {:.4} V of the bank", bank.value),
            quantity: "one voltage".into(),
            difference: millivolts(apart, explained, "the accuracy of the meter"),
        })
    })
}

/// Compares what the charger and the meter at its side of the contactor see while it charges.
fn charger_and_meter(snapshot: &Snapshot) -> Option<Contradiction> {
    let (port, side) = (snapshot.charger.as_ref()?, snapshot.charger_side.as_ref()?);
    if !port.on {
        return None;
    }
    let explained = port.voltage.uncertainty
        + side.uncertainty
        + LEADS.0 * (port.current.value.abs() + port.current.uncertainty);
    apart(&port.voltage, side, "the charger's voltage", explained)
}

/// Compares what a load that draws and the meter at the bank see.
fn load_and_bank(snapshot: &Snapshot) -> Option<Contradiction> {
    let (port, bank) = (snapshot.load.as_ref()?, snapshot.pack.as_ref()?);
    if !port.on || !flows(&port.current) {
        return None;
    }
    let explained = port.voltage.uncertainty
        + bank.uncertainty
        + LEADS.0 * (port.current.value.abs() + port.current.uncertainty);
    apart(&port.voltage, bank, "the load's voltage", explained)
}

/// What is off carries no current, whatever its ammeter says.
fn current_of_none(snapshot: &Snapshot) -> Option<Contradiction> {
    let ports = [&snapshot.charger, &snapshot.load];
    ports.into_iter().flatten().find_map(|port| {
        let (shown, explained) = (port.current.value.abs(), port.current.uncertainty);
        (!port.on && shown > explained).then(|| Contradiction {
            one: format!(
                "{} that shows {:.3} A",
                port.current.instrument, port.current.value
            ),
            other: "its own output, which is off,".into(),
            quantity: "its current".into(),
            difference: format!("{explained:.3} A at most is explained by its accuracy"),
        })
    })
}

fn apart(one: &Measured, other: &Measured, what: &str, explained: f64) -> Option<Contradiction> {
    let apart = (one.value - other.value).abs();
    (apart > explained).then(|| Contradiction {
        one: format!("{} reads {:.3} V", one.instrument, one.value),
        other: format!("{} {:.3} V", other.instrument, other.value),
        quantity: what.into(),
        difference: millivolts(apart, explained, "their accuracies and the leads"),
    })
}

#[cfg(test)]
mod tests {
    use super::{Story, charger_and_meter, current_of_none, load_and_bank, strings_and_bank};
    use crate::{Measured, Port, Snapshot};
    use config::Topology;
    use std::time::Duration;

    fn measured(value: f64, uncertainty: f64, instrument: &str) -> Measured {
        Measured {
            value,
            uncertainty,
            at: Duration::ZERO,
            instrument: instrument.into(),
        }
    }

    /// Two batteries of four cells in series, every reading of the meter off by so much.
    fn off_by(offset: f64, current: f64) -> Snapshot {
        Snapshot {
            cells: vec![vec![measured(3.3 + offset, 0.0008, "daq"); 4]; 2],
            pack: Some(measured(26.4 + offset, 0.0018, "daq")),
            current: Some(measured(current, 0.1, "charger")),
            ..Snapshot::default()
        }
    }

    #[test]
    fn an_offset_of_the_meter_shows_in_the_sum_of_the_cells() {
        assert_eq!(strings_and_bank(&off_by(0.0, 0.0), 2), None);
        assert_eq!(strings_and_bank(&off_by(0.001, 0.0), 2), None);
        // With current the bars drop some of the voltage.
        assert_eq!(strings_and_bank(&off_by(0.02, 20.0), 2), None);
        let found = strings_and_bank(&off_by(0.02, 0.0), 2).expect("140 mV apart");
        insta::assert_snapshot!(
            found.to_string(),
            @"the cells that daq reads, 26.5600 V together, and the 26.4200 V of the bank disagree about one voltage: 140.0 mV apart, 8.2 mV at most is explained by the accuracy of the meter; one of them lies, so nothing measured with them counts"
        );
        // Not measured, not compared.
        let bare = Snapshot {
            pack: None,
            ..off_by(0.02, 0.0)
        };
        assert_eq!(strings_and_bank(&bare, 2), None);
    }

    fn port(volts: f64, amperes: f64, on: bool, by: &str) -> Option<Port> {
        Some(Port {
            voltage: measured(volts, 0.07, by),
            current: measured(amperes, 0.12, by),
            on,
        })
    }

    #[test]
    fn the_charger_and_the_meter_at_its_side_see_one_voltage() {
        for (charger, amperes, on, fits) in [
            (14.20, 0.0, true, true),
            (14.27, 0.0, true, true),
            (14.60, 0.0, true, false),
            (13.80, 0.0, true, false),
            // A quarter of a volt is what 50 A lose in long leads.
            (14.50, 50.0, true, true),
            (14.60, 50.0, true, false),
            // Off, its terminals may be apart from the meter.
            (0.0, 0.0, false, true),
        ] {
            let snapshot = Snapshot {
                charger: port(charger, amperes, on, "charger"),
                charger_side: Some(measured(14.2, 0.001, "daq")),
                ..Snapshot::default()
            };
            let found = charger_and_meter(&snapshot);
            assert_eq!(found.is_none(), fits, "{charger} V, {amperes} A: {found:?}");
        }
    }

    #[test]
    fn a_load_sees_the_bank_less_its_leads() {
        for (load, amperes, fits) in [(13.2, 20.0, true), (13.6, 20.0, false), (0.0, 0.0, true)] {
            let snapshot = Snapshot {
                load: port(load, amperes, true, "load"),
                pack: Some(measured(13.2, 0.001, "daq")),
                ..Snapshot::default()
            };
            let found = load_and_bank(&snapshot);
            assert_eq!(found.is_none(), fits, "{load} V, {amperes} A: {found:?}");
        }
    }

    #[test]
    fn what_is_off_carries_no_current() {
        for (amperes, on, fits) in [(0.1, false, true), (0.2, false, false), (0.2, true, true)] {
            let snapshot = Snapshot {
                charger: port(0.0, amperes, on, "charger"),
                ..Snapshot::default()
            };
            let found = current_of_none(&snapshot);
            assert_eq!(found.is_none(), fits, "{amperes} A");
            if let Some(found) = found {
                insta::assert_snapshot!(found.to_string(), @"charger that shows 0.200 A and its own output, which is off, disagree about its current: 0.120 A at most is explained by its accuracy; one of them lies, so nothing measured with them counts");
            }
        }
    }

    #[test]
    fn one_odd_reading_is_no_contradiction_and_a_lasting_one_stays() {
        let topology = Topology {
            series: 2,
            parallel: 1,
        };
        let (good, bad) = (off_by(0.0, 0.0), off_by(0.02, 0.0));
        let mut story = Story::default();
        for (snapshot, told) in [
            (&bad, false),
            (&bad, false),
            (&good, false),
            (&bad, false),
            (&bad, false),
            (&bad, true),
            (&good, true),
        ] {
            story.hear(snapshot, topology);
            assert_eq!(story.contradiction().is_some(), told);
        }
        // Between strings in parallel currents flow that nobody measures.
        let mut story = Story::default();
        for _ in 0..5 {
            let parallel = Topology {
                series: 1,
                parallel: 2,
            };
            story.hear(&bad, parallel);
        }
        assert_eq!(story.contradiction(), None);
    }
}
