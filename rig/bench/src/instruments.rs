//! The drivers of a bench, found by the bench file's channel references.

use crate::BenchError;
use api::{
    Chamber, ChannelId, DigitalIo, Driver, ElectronicLoad, InstrumentError, Meter, PowerSupply,
    Resistor, Switch,
};
use config::ChannelRef;
use std::collections::BTreeMap;

pub(crate) struct Instruments(pub(crate) BTreeMap<String, Box<dyn Driver>>);

macro_rules! views {
    ($($name:ident, $view:ident, $what:literal;)+) => {$(
        pub(crate) fn $name(&mut self, id: &str) -> Result<&mut dyn $view, BenchError> {
            self.driver(id)?
                .$name()
                .ok_or_else(|| not_a(id, $what))
        }
    )+};
}

impl Instruments {
    pub(crate) fn driver(&mut self, id: &str) -> Result<&mut Box<dyn Driver>, BenchError> {
        self.0
            .get_mut(id)
            .ok_or_else(|| not_a(id, "opened instrument of this bench"))
    }

    views! {
        supply, PowerSupply, "supply";
        load, ElectronicLoad, "electronic load";
        meter, Meter, "meter";
        switch, Switch, "switch unit";
        digital, DigitalIo, "digital port";
        chamber, Chamber, "chamber";
        resistor, Resistor, "programmable resistor";
    }
}

fn not_a(id: &str, what: &str) -> BenchError {
    BenchError::Instrument(InstrumentError::Capability {
        instrument: id.to_owned(),
        reason: format!("it is no {what}, but the bench file wires it as one"),
    })
}

pub(crate) fn channel(at: &ChannelRef) -> ChannelId {
    ChannelId(at.channel)
}
