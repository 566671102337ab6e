//! What some BMS models have besides three contacts: remote terminals, ports, and contacts whose
//! voltages are measured.

use crate::bench::{Bench, refused};
use crate::instruments::channel;
use crate::{BenchError, Measured};
use config::ChannelRef;
use std::sync::Arc;

/// Voltages of a BMS's supply and contacts, each against battery minus.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactVoltages {
    /// Its supply.
    pub supply: Measured,
    /// Charge disconnect, at its pull-down.
    pub charge: Measured,
    /// Load disconnect, at its pull-down.
    pub load: Measured,
}

impl Bench {
    /// Joins (`true`) or parts the remote terminals of the BMS.
    ///
    /// # Errors
    /// When the bench has no relay there, or it doesn't read back.
    pub fn set_remote(&mut self, on: bool) -> Result<(), BenchError> {
        self.ready()?;
        let at = self.config.wiring.relays.remote_off.clone();
        let at = at.ok_or_else(|| self.not_there("remote terminals", "remote_off"))?;
        if on {
            self.open_contactor("remote terminals parted", Some(&at))?;
        } else {
            self.close_contactor("remote terminals parted", Some(&at))?;
        }
        self.snapshot.relays.remote_off = Some(!on);
        Ok(())
    }

    /// Puts the charger on the alternator port of the BMS; from then on
    /// [`Bench::start_charging`] leaves the charger's own contactor open. Only while it is off.
    ///
    /// # Errors
    /// When the bench has no relay there, the charger is on, or the relay doesn't read back.
    pub fn use_alternator_port(&mut self) -> Result<(), BenchError> {
        self.ready()?;
        let at = self.config.wiring.relays.alternator.clone();
        let at = at.ok_or_else(|| self.not_there("alternator port", "alternator"))?;
        self.port_free("alternator port", self.snapshot.outputs.charger.is_some())?;
        self.connect_battery()?;
        self.close_contactor("alternator port", Some(&at))?;
        self.snapshot.relays.alternator = Some(true);
        Ok(())
    }

    /// Puts the load on the system port of the BMS; from then on [`Bench::start_load`] leaves the
    /// load's own contactor open. Only while it is off.
    ///
    /// # Errors
    /// As [`Bench::use_alternator_port`].
    pub fn use_system_port(&mut self) -> Result<(), BenchError> {
        self.ready()?;
        let at = self.config.wiring.relays.system_port.clone();
        let at = at.ok_or_else(|| self.not_there("system port", "system_port"))?;
        self.port_free("system port", self.snapshot.outputs.load.is_some())?;
        self.connect_battery()?;
        self.close_contactor("system port", Some(&at))?;
        self.snapshot.relays.system_port = Some(true);
        Ok(())
    }

    /// Bridges the BMS's contacts in the contactors' coils: charger and load no longer listen.
    ///
    /// # Errors
    /// When the bench has no relay there, or it doesn't read back.
    pub fn bridge_contacts(&mut self) -> Result<(), BenchError> {
        self.ready()?;
        let at = self.config.wiring.relays.bridge.clone();
        let at = at.ok_or_else(|| self.not_there("bridge of the contacts", "bridge"))?;
        self.close_contactor("bridge of the contacts", Some(&at))?;
        self.snapshot.relays.bridge = Some(true);
        Ok(())
    }

    /// Takes the bridge off again: charger and load listen to the BMS.
    ///
    /// # Errors
    /// As [`Bench::bridge_contacts`].
    pub fn unbridge_contacts(&mut self) -> Result<(), BenchError> {
        let at = self.config.wiring.relays.bridge.clone();
        let at = at.ok_or_else(|| self.not_there("bridge of the contacts", "bridge"))?;
        self.open_contactor("bridge of the contacts", Some(&at))?;
        self.snapshot.relays.bridge = Some(false);
        Ok(())
    }

    /// Measures the BMS's supply and its contacts against battery minus.
    ///
    /// # Errors
    /// When the bench has no sense points there; whatever the meter says.
    pub fn contact_voltages(&mut self) -> Result<ContactVoltages, BenchError> {
        self.ready()?;
        let sense = self.config.wiring.sense.contacts.clone();
        let sense = sense
            .ok_or_else(|| self.no_role("contact voltages", "wire them as `sense: contacts`"))?;
        let outcome = self.measure_at(&sense.supply);
        let supply = self.noted(outcome)?;
        let outcome = self.measure_at(&sense.charge);
        let charge = self.noted(outcome)?;
        let outcome = self.measure_at(&sense.load);
        let load = self.noted(outcome)?;
        Ok(ContactVoltages {
            supply,
            charge,
            load,
        })
    }

    /// The newest report of the BMS by radio; `None` where nothing fresh came.
    ///
    /// # Errors
    /// When the receiver fails, or the bench has none.
    pub fn bms_report(&mut self) -> Result<Option<api::BmsReport>, BenchError> {
        self.ready()?;
        let now = self.clock.now();
        match &mut self.telemetry {
            Some(telemetry) => Ok(telemetry.bms(now)?),
            None => Err(self.no_role("radio", "wire one as `radio`")),
        }
    }

    /// The newest report of the battery monitor by radio; `None` where nothing fresh came.
    ///
    /// # Errors
    /// As [`Bench::bms_report`].
    pub fn monitor_report(&mut self) -> Result<Option<api::MonitorReport>, BenchError> {
        self.ready()?;
        let now = self.clock.now();
        match &mut self.telemetry {
            Some(telemetry) => Ok(telemetry.monitor(now)?),
            None => Err(self.no_role("radio", "wire one as `radio`")),
        }
    }

    /// The current out of the battery with its safety relay open, in amperes: through the resistor
    /// across that relay.
    ///
    /// # Errors
    /// On a bench without such a resistor; refused while charger, load or safety relay are on:
    /// only what nobody asked for is measured.
    pub fn residual_current(&mut self) -> Result<Measured, BenchError> {
        self.ready()?;
        let residual = self.config.wiring.sense.residual.clone();
        let residual = residual
            .ok_or_else(|| self.no_role("residual current", "wire it as `sense: residual`"))?;
        let outputs = &self.snapshot.outputs;
        let busy = outputs.charger.is_some() || outputs.load.is_some();
        if busy || self.snapshot.relays.safety == Some(true) {
            let reason = "charger, load and safety relay must be off".to_owned();
            return Err(refused("residual current", "a measurement", reason));
        }
        let outcome = self.measure_at(&residual.channel);
        let across = self.noted(outcome)?;
        Ok(Measured {
            value: across.value / residual.shunt.0,
            uncertainty: across.uncertainty / residual.shunt.0,
            ..across
        })
    }

    fn measure_at(&mut self, at: &ChannelRef) -> Result<Measured, BenchError> {
        let accuracy = self
            .config
            .instruments
            .get(&at.instrument)
            .map(|instrument| instrument.accuracy.voltage)
            .unwrap_or_default();
        let meter = self.instruments.meter(&at.instrument)?;
        let readings = meter.measure_voltages(&[channel(at)])?;
        let volts = readings.first().map_or(f64::NAN, |reading| reading.0);
        let id: Arc<str> = Arc::from(at.instrument.as_str());
        Ok(Measured::new(volts, accuracy, self.clock.now(), &id))
    }

    fn not_there(&self, role: &str, key: &str) -> BenchError {
        self.no_role(role, format!("wire its relay as `relays: {key}`"))
    }

    fn port_free(&self, role: &str, on: bool) -> Result<(), BenchError> {
        if on {
            let reason = "it is on; stop it before it changes sides";
            return Err(crate::bench::refused(role, "connected", reason));
        }
        Ok(())
    }
}
