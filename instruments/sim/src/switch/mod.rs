//! A switch and measurement unit: cards in slots, relays, an internal meter that scans.
//!
//! Channels are numbered `snnn`: slot and channel on its card. Measuring takes no time; a scan on
//! a timer is caught up with whenever somebody asks, so its values are of that instant.

mod acquire;
mod calendar;
mod cards;
mod digital;
mod frame;
mod memory;
mod meter;
mod route;
mod setup;

use std::collections::{BTreeMap, BTreeSet};

use crate::action::{Function, SwitchAction};
use crate::fault::Fault;
use crate::params::Datum;
use crate::scpi::{Call, Scpi};
use crate::terminals::Terminals;

pub(crate) use cards::{Cards, Kind};

use acquire::Acquisition;
use digital::DigitalPort;
use setup::Setup;

/// State of everything behind the slots.
#[derive(Debug, Default)]
pub(crate) struct Switch {
    pub(crate) cards: Cards,
    closed: BTreeSet<u16>,
    cycles: BTreeMap<u16, u32>,
    protection: BTreeMap<u8, &'static str>,
    labels: BTreeMap<u16, Vec<u8>>,
    /// What a channel measures; its kind says where there is no entry.
    functions: BTreeMap<u16, Function>,
    /// How it measures each function.
    setups: BTreeMap<(u16, Function), Setup>,
    acquisition: Acquisition,
    ports: BTreeMap<u16, DigitalPort>,
}

impl Switch {
    pub(crate) fn new(cards: Cards) -> Self {
        Self {
            cards,
            ..Self::default()
        }
    }

    /// `*RST`: relays open, ports are inputs, nothing is set up.
    pub(crate) fn reset(&mut self, terminals: &mut dyn Terminals) {
        self.open_where(terminals, |_| true);
        self.functions.clear();
        self.setups.clear();
        self.ports.clear();
        self.acquisition.reset();
    }

    /// The channels of a list. Each must exist; a range takes in whatever exists in between.
    fn list(&self, datum: &Datum<'_>) -> Result<Vec<u16>, Fault> {
        let channels = datum.channels(&mut |from, to, into| {
            let (from, to) = (from.min(to), from.max(to));
            self.cards.bank(from)?;
            self.cards.bank(to)?;
            into.extend(self.cards.channels_between(from, to));
            Ok(())
        })?;
        for &channel in &channels {
            self.cards.bank(channel)?;
        }
        Ok(channels)
    }

    /// As [`Switch::list`], of channels of some kinds only.
    fn list_of(&self, datum: &Datum<'_>, allowed: &[Kind]) -> Result<Vec<u16>, Fault> {
        let channels = self.list(datum)?;
        for &channel in &channels {
            if !allowed.contains(&self.cards.bank(channel)?.kind) {
                return Err(Fault::SETTINGS_CONFLICT);
            }
        }
        Ok(channels)
    }
}

/// Splits trailing channel list and what comes before it.
fn with_list<'c, 'm>(call: &'c Call<'m>) -> Result<(&'c [Datum<'m>], &'c Datum<'m>), Fault> {
    match call.data.split_last() {
        Some((list @ Datum::Expression(_), before)) => Ok((before, list)),
        Some(_) | None => Err(Fault::MISSING_PARAMETER),
    }
}

/// Whether an action is about inputs, which a switch unit is told and a meter isn't.
fn names_inputs(what: SwitchAction) -> bool {
    use SwitchAction as Is;
    matches!(
        what,
        Is::Configure(_)
            | Is::Measure(_)
            | Is::SenseFunction
            | Is::Range(_)
            | Is::RangeAuto(_)
            | Is::Resolution(_)
            | Is::Cycles(_)
            | Is::Aperture(_)
            | Is::ZeroAuto(_)
            | Is::Transducer
            | Is::ThermocoupleType
            | Is::ThermistorType
            | Is::JunctionType
            | Is::JunctionTemperature
            | Is::TemperatureUnit
            | Is::Last
    )
}

impl Scpi {
    pub(crate) fn switch_action(
        &mut self,
        what: SwitchAction,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        use SwitchAction as Is;
        self.catch_up();
        let mut implied;
        let call = if self.switch.cards.frame().is_meter() && names_inputs(what) {
            implied = call.clone();
            // Its one input is never named.
            implied.data.push(Datum::Expression(b"@1"));
            &implied
        } else {
            call
        };
        match what {
            Is::Close
            | Is::CloseExclusive
            | Is::Open
            | Is::OpenAll
            | Is::RelayCycles
            | Is::ChannelLabel => self.route(what, call, out),
            Is::CardType
            | Is::CardDescription
            | Is::CardReset
            | Is::TerminalType
            | Is::RowProtection => self.card(what, call, out),
            Is::DigitalRead(_)
            | Is::DigitalReadBit
            | Is::DigitalWrite(_)
            | Is::DigitalWriteBit
            | Is::DigitalDirection
            | Is::DigitalWidth
            | Is::DigitalPolarity
            | Is::DigitalState => self.digital(what, call, out),
            Is::Scan
            | Is::ScanSize
            | Is::ScanAdd
            | Is::ScanRemove
            | Is::ScanOrdered
            | Is::Date
            | Is::Time
            | Is::Monitor
            | Is::MonitorState
            | Is::MonitorData
            | Is::TriggerSource
            | Is::TriggerTimer
            | Is::TriggerCount
            | Is::Initiate
            | Is::Abort
            | Is::Fetch
            | Is::Read
            | Is::Points
            | Is::Remove
            | Is::Summary(_)
            | Is::Block
            | Is::Last => self.acquire(what, call, out),
            Is::Configure(_)
            | Is::Configuration
            | Is::Measure(_)
            | Is::SenseFunction
            | Is::Range(_)
            | Is::RangeAuto(_)
            | Is::Resolution(_)
            | Is::Cycles(_)
            | Is::Aperture(_)
            | Is::ZeroAuto(_)
            | Is::ChannelDelay
            | Is::ChannelDelayAuto
            | Is::Transducer
            | Is::ThermocoupleType
            | Is::ThermistorType
            | Is::JunctionType
            | Is::JunctionTemperature
            | Is::TemperatureUnit => self.meter(what, call, out),
        }
    }
}
