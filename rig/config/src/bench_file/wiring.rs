//! Checks the wiring of a bench.

use super::raw::{RawContacts, RawPoint, RawRadio, RawRelays, RawSense, RawThermistor, RawWiring};
use super::roles::{Quantity, Roles};
use crate::source::{At, Source};
use crate::{
    BenchKind, BmsCable, CellRole, ContactSense, Contacts, Instrument, MonitorRole, RadioRole,
    Relays, ResidualSense, SensePoints, ThermistorRole, ThermocoupleRole, Wiring,
};
use serde_yaml::Location;
use std::collections::BTreeMap;
use std::time::Duration;
use units::Ohms;

/// Contacts are sampled at least this often: "at least 30 s" is judged on samples.
const LONGEST_SAMPLE_PERIOD: Duration = Duration::from_millis(100);
const THERMOCOUPLES: [&str; 3] = ["K", "T", "J"];

/// What the wiring is checked against.
pub(super) struct Context<'a> {
    pub(super) kind: BenchKind,
    pub(super) batteries: usize,
    pub(super) instruments: &'a BTreeMap<String, Instrument>,
    /// Where each instrument stands in the file.
    pub(super) places: &'a [(String, Location)],
}

pub(super) fn check(raw: At<RawWiring>, context: &Context<'_>, source: &mut Source) -> Wiring {
    let batteries = context.batteries;
    let place = raw.referenced;
    let raw = raw.value;
    filled(&raw, place, context.kind, source);
    let mut roles = Roles::new(source, context.instruments);
    exact(&raw, &mut roles);
    let cells = (1..)
        .zip(&raw.cells)
        .map(|(n, cell)| CellRole {
            supply: roles.channel(&cell.supply, &format!("the supply of cell {n}")),
            sense: roles.channel(&cell.sense, &format!("the sense point of cell {n}")),
        })
        .collect();
    let bms_supply = raw.bms_supply.map(|supply| {
        roles.source().positive(&supply.voltage);
        let channel = roles.channel(&supply.channel, "the supply of the BMS");
        (channel, supply.voltage.value)
    });
    let wiring = Wiring {
        cells,
        bms_supply,
        charger: roles.maybe(raw.charger.as_ref(), "the charger"),
        load: roles.maybe(raw.load.as_ref(), "the load"),
        relays: relays(raw.relays, batteries, &mut roles),
        contacts: contacts(raw.contacts, &mut roles),
        sense: sense(raw.sense, batteries, &mut roles),
        chamber: raw.chamber.map(|id| roles.instrument(&id)),
        thermistor: raw
            .thermistor
            .map(|thermistor| thermistor.checked(&mut roles)),
        radio: raw.radio.map(|radio| radio.checked(roles.source())),
        monitor: raw.monitor.map(|monitor| MonitorRole {
            ve_direct: monitor.ve_direct,
        }),
    };
    roles.finish(context.places);
    wiring
}

/// What is read, and by whom.
fn exact(raw: &RawWiring, roles: &mut Roles<'_>) {
    let forced = raw
        .cells
        .iter()
        .flat_map(|cell| [&cell.supply, &cell.sense]);
    let cells = raw.sense.cells.iter().flat_map(|cells| &cells.value);
    let single = [
        &raw.sense.pack,
        &raw.sense.charger_side,
        &raw.charger,
        &raw.load,
    ];
    if let Some(sense) = &raw.sense.contacts {
        for at in [&sense.supply, &sense.charge, &sense.load] {
            roles.reads(at, Quantity::Voltage);
        }
    }
    if let Some(residual) = &raw.sense.residual {
        roles.reads(&residual.channel, Quantity::Voltage);
    }
    let voltages = forced.chain(cells).chain(single.into_iter().flatten());
    for at in voltages.chain(raw.bms_supply.as_ref().map(|supply| &supply.channel)) {
        roles.reads(at, Quantity::Voltage);
    }
    for at in [&raw.charger, &raw.load].into_iter().flatten() {
        roles.reads(at, Quantity::Current);
    }
    if let Some(thermocouple) = &raw.sense.board_temperature {
        roles.reads(&thermocouple.channel, Quantity::Temperature);
    }
}

/// Every kind of bench has roles that somebody must play, and roles that nobody can.
fn filled(raw: &RawWiring, place: Location, kind: BenchKind, source: &mut Source) {
    let relays = &raw.relays.value;
    let mut missing = |present: bool, role: &str, why: &str| {
        if !present {
            let what = match kind {
                BenchKind::Board => format!("a board bench needs {role}"),
                BenchKind::Battery => format!("a battery bench needs {role}"),
            };
            source.wrong(place, what, why);
        }
    };
    match kind {
        BenchKind::Board => {
            let count = raw.cells.len();
            missing(
                matches!(count, 4 | 8),
                &format!("4 or 8 cells, not {count}"),
                "list supply and sense point of each in `cells`, the most negative first",
            );
            missing(
                raw.bms_supply.is_some(),
                "a supply of the BMS",
                "name it in `bms_supply`: lowering all cells must not brown the BMS out",
            );
        }
        BenchKind::Battery => {
            missing(
                raw.charger.is_some(),
                "a charger",
                "name its supply in `charger`",
            );
            missing(raw.load.is_some(), "a load", "name it in `load`");
            missing(
                relays.charger_contactor.is_some(),
                "a charger contactor",
                "name its relay in `relays: charger_contactor`",
            );
            missing(
                relays.load_contactor.is_some(),
                "a load contactor",
                "name its relay in `relays: load_contactor`",
            );
            missing(
                relays.safety.is_some(),
                "a safety relay",
                "name it in `relays: safety`: it is the last thing between bank and bench",
            );
            missing(
                raw.sense.pack.is_some(),
                "a sense point at the bank",
                "name its channel in `sense: pack`",
            );
            missing(
                raw.sense.charger_side.is_some(),
                "a sense point on the charger's side",
                "name its channel in `sense: charger_side`: an open contactor is proven there",
            );
        }
    }
    out_of_place(raw, kind, source);
}

fn out_of_place(raw: &RawWiring, kind: BenchKind, source: &mut Source) {
    let relays = &raw.relays.value;
    let (extra, what): (Vec<_>, _) = match kind {
        BenchKind::Board => (
            [
                (&raw.charger, "a charger"),
                (&raw.load, "a load"),
                (&relays.charger_contactor, "a charger contactor"),
                (&relays.load_contactor, "a load contactor"),
                (&raw.sense.charger_side, "a charger's side"),
                (&relays.alternator, "an alternator"),
                (&relays.system_port, "a load on the system port"),
                (&relays.bridge, "a charger and a load that don't listen"),
            ]
            .into_iter()
            .filter_map(|(at, role)| at.as_ref().map(|at| (at.referenced, role)))
            .chain(
                raw.sense
                    .residual
                    .as_ref()
                    .map(|at| (at.channel.referenced, "a resistor across a safety relay")),
            )
            .collect(),
            "a board bench has no pack current, and so no place for",
        ),
        BenchKind::Battery => (
            raw.cells
                .first()
                .map(|cell| (cell.supply.referenced, "supplies for cells"))
                .into_iter()
                .chain(
                    raw.bms_supply
                        .as_ref()
                        .map(|supply| (supply.channel.referenced, "a supply of the BMS")),
                )
                .collect(),
            "a battery bench has a battery, and so no place for",
        ),
    };
    for (place, role) in extra {
        source.wrong(
            place,
            format!("{what} {role}"),
            "take it out, or change `kind`",
        );
    }
}

fn relays(raw: At<RawRelays>, batteries: usize, roles: &mut Roles<'_>) -> Relays {
    let raw = raw.value;
    let cables = raw.cables.value.len();
    if cables != batteries + 1 {
        roles.source().wrong(
            raw.cables.referenced,
            format!("{cables} BMS cables can't chain the BMS and {}", batteries_in_words(batteries)),
            &format!(
                "list {}: from the BMS to the first battery, on to each next one, and back to the BMS",
                batteries + 1
            ),
        );
    }
    if !raw.bypass.is_empty() && raw.bypass.len() != batteries {
        roles.source().wrong(
            raw.bypass[0].referenced,
            format!(
                "{} bypass relays for {}",
                raw.bypass.len(),
                batteries_in_words(batteries)
            ),
            "list one for each battery, or none",
        );
    }
    Relays {
        charger_contactor: roles.maybe(raw.charger_contactor.as_ref(), "the charger contactor"),
        load_contactor: roles.maybe(raw.load_contactor.as_ref(), "the load contactor"),
        safety: roles.maybe(raw.safety.as_ref(), "the safety relay"),
        remote_off: roles.maybe(raw.remote_off.as_ref(), "the remote terminals' relay"),
        alternator: roles.maybe(raw.alternator.as_ref(), "the alternator port's relay"),
        system_port: roles.maybe(raw.system_port.as_ref(), "the system port's relay"),
        bridge: roles.maybe(raw.bridge.as_ref(), "the bridge of the contacts"),
        cables: (1..)
            .zip(&raw.cables.value)
            .map(|(n, cable)| BmsCable {
                charge: roles.channel(&cable.charge, &format!("the charge pole of cable {n}")),
                discharge: roles.channel(
                    &cable.discharge,
                    &format!("the discharge pole of cable {n}"),
                ),
                pre_alarm: roles.channel(
                    &cable.pre_alarm,
                    &format!("the pre-alarm pole of cable {n}"),
                ),
            })
            .collect(),
        bypass: (1..)
            .zip(&raw.bypass)
            .map(|(n, at)| roles.channel(at, &format!("the bypass of battery {n}")))
            .collect(),
    }
}

fn contacts(raw: At<RawContacts>, roles: &mut Roles<'_>) -> Contacts {
    let place = raw.referenced;
    let raw = raw.value;
    let source = roles.source();
    match &raw.pull_down {
        Some(pull_down) => source.positive(pull_down),
        None => source.wrong(
            place,
            "the contacts have no `pull_down`",
            "a floating output without one keeps its voltage and reads as high; write the resistor, as in `pull_down: 10 kΩ`",
        ),
    }
    source.positive(&raw.threshold);
    let period = raw.sample_period.value.0;
    if period.is_zero() || period > LONGEST_SAMPLE_PERIOD {
        source.wrong(
            raw.sample_period.referenced,
            format!(
                "a contact can't be sampled every {} s",
                period.as_secs_f64()
            ),
            "the delays of a BMS are told from samples: 0.1 s or less",
        );
    }
    Contacts {
        charge: roles.bit(&raw.charge, "the charge contact"),
        load: roles.bit(&raw.load, "the load contact"),
        pre_alarm: raw
            .pre_alarm
            .map(|at| roles.bit(&at, "the pre-alarm contact")),
        inverting: raw
            .inverting
            .map(|at| roles.bit(&at, "the status relay of an inverter")),
        charging: raw
            .charging
            .map(|at| roles.bit(&at, "the status relay of a charger")),
        pull_down: raw.pull_down.map_or(Ohms(0.0), |at| at.value),
        threshold: raw.threshold.value,
        sample_period: period,
    }
}

fn sense(raw: RawSense, batteries: usize, roles: &mut Roles<'_>) -> SensePoints {
    let counts: Vec<_> = raw
        .cells
        .iter()
        .map(|cells| (cells.value.len(), cells.referenced))
        .collect();
    for (count, place) in &counts {
        if !matches!(count, 4 | 8) || *count != counts[0].0 {
            roles.source().wrong(
                *place,
                format!("a battery has no {count} cells to sense here"),
                "list 4 channels a 12.8 V battery, 8 a 25.6 V one, and the same number for each",
            );
        }
    }
    if let Some((_, place)) = counts.first().filter(|_| counts.len() != batteries) {
        roles.source().wrong(
            *place,
            format!(
                "the cells of {} have sense points, the bench has {batteries}",
                batteries_in_words(counts.len())
            ),
            "list the channels of each battery, or none at all",
        );
    }
    let cells = (1..)
        .zip(&raw.cells)
        .map(|(battery, cells)| {
            (1..)
                .zip(&cells.value)
                .map(|(n, at)| {
                    roles.channel(
                        at,
                        &format!("the sense point of cell {n} of battery {battery}"),
                    )
                })
                .collect()
        })
        .collect();
    SensePoints {
        cells,
        pack: roles.maybe(raw.pack.as_ref(), "the sense point at the bank"),
        charger_side: roles.maybe(
            raw.charger_side.as_ref(),
            "the sense point on the charger's side",
        ),
        board_temperature: raw.board_temperature.map(|thermocouple| {
            let letter = &thermocouple.kind;
            if !THERMOCOUPLES.contains(&letter.value.as_str()) {
                roles.source().wrong(
                    letter.referenced,
                    format!("there is no thermocouple of type `{}`", letter.value),
                    "known are `K`, `T`, `J`",
                );
            }
            ThermocoupleRole {
                channel: roles.channel(&thermocouple.channel, "the thermocouple"),
                kind: letter.value.chars().next().unwrap_or('K'),
            }
        }),
        contacts: raw.contacts.map(|sense| ContactSense {
            supply: roles.channel(&sense.supply, "the sense point at the BMS's supply"),
            charge: roles.channel(&sense.charge, "the sense point at the charge contact"),
            load: roles.channel(&sense.load, "the sense point at the load contact"),
        }),
        residual: raw.residual.map(|residual| {
            roles.source().positive(&residual.shunt);
            ResidualSense {
                channel: roles.channel(&residual.channel, "the resistor across the safety relay"),
                shunt: residual.shunt.value,
            }
        }),
    }
}

impl RawThermistor {
    fn checked(self, roles: &mut Roles<'_>) -> ThermistorRole {
        let points = &self.curve.value;
        for point in points {
            roles.source().positive(&point.has);
        }
        let falls = |two: &[RawPoint]| two[0].at < two[1].at && two[0].has.value > two[1].has.value;
        if points.len() < 2 || !points.windows(2).all(falls) {
            roles.source().wrong(
                self.curve.referenced,
                "a thermistor's curve has two points or more, from cold to hot, and its resistance falls",
                "copy some rows of its data sheet: `- { at: 0 °C, has: 27.2 kΩ }`",
            );
        }
        ThermistorRole {
            channel: roles.channel(&self.channel, "the board's thermistor"),
            curve: points
                .iter()
                .map(|point| (point.at, point.has.value))
                .collect(),
        }
    }
}

impl RawRadio {
    fn checked(self, source: &mut Source) -> RadioRole {
        if let Some(keys) = &self.keys {
            let places = ["env:", "file:"];
            let named = places
                .iter()
                .any(|place| keys.value.len() > place.len() && keys.value.starts_with(place));
            if !named {
                source.wrong_secret(
                    keys.referenced,
                    "keys don't stand in a bench file",
                    "say where they are: `env:NAME` or `file:PATH`",
                );
            }
        }
        RadioRole {
            receiver: self.receiver,
            keys: self.keys.map(|keys| keys.value),
            batteries: self.batteries,
            bms: self.bms,
        }
    }
}

fn batteries_in_words(count: usize) -> String {
    match count {
        1 => "1 battery".to_owned(),
        _ => format!("{count} batteries"),
    }
}
