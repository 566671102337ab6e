//! Which channels a snapshot asks, worked out once.

use crate::Contact;
use api::{ChannelId, ThermocoupleType};
use config::{Accuracy, Bench, ChannelRef};
use std::sync::Arc;

/// An instrument as snapshots know it.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) id: Arc<str>,
    pub(crate) accuracy: Accuracy,
}

impl Source {
    fn new(bench: &Bench, id: &str) -> Self {
        Self {
            id: Arc::from(id),
            accuracy: bench
                .instruments
                .get(id)
                .map(|instrument| instrument.accuracy)
                .unwrap_or_default(),
        }
    }
}

/// Where a voltage of a scan belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// Battery and cell, from 0.
    Cell(usize, usize),
    Pack,
    ChargerSide,
}

/// One scan of one meter.
#[derive(Debug)]
pub(crate) struct VoltageScan {
    pub(crate) source: Source,
    pub(crate) channels: Vec<ChannelId>,
    pub(crate) targets: Vec<Target>,
}

/// One port that contacts are bits of.
#[derive(Debug)]
pub(crate) struct PortScan {
    pub(crate) source: Source,
    pub(crate) channel: ChannelId,
    pub(crate) bits: Vec<(Contact, u8)>,
}

/// What a snapshot asks.
#[derive(Debug)]
pub(crate) struct ScanPlan {
    pub(crate) voltages: Vec<VoltageScan>,
    pub(crate) ports: Vec<PortScan>,
    pub(crate) thermocouple: Option<(Source, ThermocoupleType, ChannelId)>,
    pub(crate) charger: Option<(Source, ChannelRef)>,
    pub(crate) load: Option<(Source, ChannelRef)>,
    pub(crate) chamber: Option<Source>,
    pub(crate) thermistor: Option<(Source, config::ThermistorRole)>,
    /// Cells that are measured, by battery.
    pub(crate) cells: Vec<usize>,
    pub(crate) receiver: Arc<str>,
}

impl ScanPlan {
    /// `cells_per_battery` splits the stack of a board bench into batteries.
    pub(crate) fn new(bench: &Bench, cells_per_battery: usize) -> Self {
        let wiring = &bench.wiring;
        let per_battery = cells_per_battery.max(1);
        let mut plan = Self {
            voltages: Vec::new(),
            ports: Vec::new(),
            thermocouple: wiring.sense.board_temperature.as_ref().map(|role| {
                let kind = match role.kind {
                    'T' => ThermocoupleType::T,
                    'J' => ThermocoupleType::J,
                    _ => ThermocoupleType::K,
                };
                let source = Source::new(bench, &role.channel.instrument);
                (source, kind, ChannelId(role.channel.channel))
            }),
            charger: with_source(bench, wiring.charger.as_ref()),
            load: with_source(bench, wiring.load.as_ref()),
            chamber: wiring.chamber.as_ref().map(|id| Source::new(bench, id)),
            thermistor: wiring.thermistor.as_ref().map(|role| {
                let source = Source::new(bench, &role.channel.instrument);
                (source, role.clone())
            }),
            cells: Vec::new(),
            receiver: Arc::from(
                wiring
                    .radio
                    .as_ref()
                    .map_or("radio", |radio| radio.receiver.as_str()),
            ),
        };
        for (place, cell) in wiring.cells.iter().enumerate() {
            let target = (place / per_battery, place % per_battery);
            plan.cell(bench, target, &cell.sense);
        }
        if wiring.cells.is_empty() {
            for (battery, cells) in wiring.sense.cells.iter().enumerate() {
                for (cell, at) in cells.iter().enumerate() {
                    plan.cell(bench, (battery, cell), at);
                }
            }
        }
        if let Some(at) = &wiring.sense.pack {
            plan.voltage(bench, Target::Pack, at);
        }
        if let Some(at) = &wiring.sense.charger_side {
            plan.voltage(bench, Target::ChargerSide, at);
        }
        let contacts = &wiring.contacts;
        plan.contact(bench, Contact::Charge, &contacts.charge);
        plan.contact(bench, Contact::Load, &contacts.load);
        if let Some(at) = &contacts.pre_alarm {
            plan.contact(bench, Contact::PreAlarm, at);
        }
        if let Some(at) = &contacts.inverting {
            plan.contact(bench, Contact::Inverting, at);
        }
        if let Some(at) = &contacts.charging {
            plan.contact(bench, Contact::Charging, at);
        }
        plan
    }

    fn cell(&mut self, bench: &Bench, (battery, cell): (usize, usize), at: &ChannelRef) {
        self.cells.resize(self.cells.len().max(battery + 1), 0);
        self.cells[battery] = self.cells[battery].max(cell + 1);
        self.voltage(bench, Target::Cell(battery, cell), at);
    }

    fn voltage(&mut self, bench: &Bench, target: Target, at: &ChannelRef) {
        let place = self
            .voltages
            .iter()
            .position(|scan| *scan.source.id == *at.instrument)
            .unwrap_or_else(|| {
                self.voltages.push(VoltageScan {
                    source: Source::new(bench, &at.instrument),
                    channels: Vec::new(),
                    targets: Vec::new(),
                });
                self.voltages.len() - 1
            });
        self.voltages[place].channels.push(ChannelId(at.channel));
        self.voltages[place].targets.push(target);
    }

    fn contact(&mut self, bench: &Bench, contact: Contact, at: &ChannelRef) {
        let channel = ChannelId(at.channel);
        let bit = at.bit.unwrap_or(0);
        let port = self
            .ports
            .iter_mut()
            .find(|port| *port.source.id == *at.instrument && port.channel == channel);
        match port {
            Some(port) => port.bits.push((contact, bit)),
            None => self.ports.push(PortScan {
                source: Source::new(bench, &at.instrument),
                channel,
                bits: vec![(contact, bit)],
            }),
        }
    }
}

fn with_source(bench: &Bench, at: Option<&ChannelRef>) -> Option<(Source, ChannelRef)> {
    at.map(|at| (Source::new(bench, &at.instrument), at.clone()))
}
