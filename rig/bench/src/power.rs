//! Commands of a battery bench: charger and load.

use crate::BenchError;
use crate::bench::{Bench, refused};
use crate::board::{PROTECTION_ROOM, Setup};
use crate::instruments::channel;
use api::{Capability, LoadMode};
use config::ChannelRef;
use units::{Amps, Ohms, Volts, Watts};

/// Over-current protection stands this much above the charger's current limit …
const CHARGER_CURRENT_ROOM: f64 = 1.1;
/// … or that much, whichever is more: small limits ripple too.
const LEAST_CURRENT_ROOM: Amps = Amps(1.0);

impl Bench {
    /// Connects the bank: closes the safety relay where one is wired.
    ///
    /// # Errors
    /// On a bench without battery, when cancelled, or when the relay doesn't read back closed.
    pub fn connect_battery(&mut self) -> Result<(), BenchError> {
        self.ready()?;
        if self.config.wiring.charger.is_none() && self.config.wiring.load.is_none() {
            return Err(self.no_role("battery", "a board bench has supplies for cells"));
        }
        if self.snapshot.relays.safety != Some(false) {
            return Ok(());
        }
        let at = self.config.wiring.relays.safety.clone();
        self.close_contactor("safety relay", at.as_ref())?;
        self.snapshot.relays.safety = Some(true);
        Ok(())
    }

    /// Parts the bank from everything else: opens the safety relay where one is wired.
    ///
    /// # Errors
    /// Refused while charger or load are on; else when the relay doesn't read back open.
    pub fn disconnect_battery(&mut self) -> Result<(), BenchError> {
        let outputs = &self.snapshot.outputs;
        if outputs.charger.is_some() || outputs.load.is_some() {
            let reason = "charger and load go off first: it isn't made to break their currents";
            return Err(refused("safety relay", "open", reason.to_owned()));
        }
        let at = self.config.wiring.relays.safety.clone();
        self.open_contactor("safety relay", at.as_ref())?;
        self.snapshot.relays.safety = at.map(|_| false);
        Ok(())
    }

    /// Charges with this voltage and current limit: protections and set-points, then the
    /// contactor, then the output. Called again it moves the set-points. The battery is connected
    /// where nobody did.
    ///
    /// The BMS's charge contact can keep the charger off all the same: that's wired, not commanded.
    ///
    /// # Errors
    /// Refused beyond the envelope and on a bench without charger; else whatever supply or relay
    /// said.
    pub fn start_charging(&mut self, voltage: Volts, current: Amps) -> Result<(), BenchError> {
        self.ready()?;
        let at = self.charger()?;
        self.charge_allowed(voltage, current)?;
        self.connect_battery()?;
        self.command("charger", format!("{voltage:.3}, at most {current:.2}"));
        // The model's own rating: protection must stand above set-points at the file's limits.
        let rating = match self
            .instruments
            .driver(&at.instrument)?
            .capability(channel(&at))
        {
            Some(Capability::Supply {
                voltage,
                source_current,
                ..
            }) => (voltage, source_current),
            _ => (voltage, current),
        };
        let over_voltage = self.config.envelope.pack_voltage.to * PROTECTION_ROOM;
        let room = (current * CHARGER_CURRENT_ROOM).max(current + LEAST_CURRENT_ROOM);
        let setup = Setup {
            voltage,
            source: current,
            // A charger never empties the bank.
            sink: Amps(0.0),
            over_voltage: over_voltage.min(rating.0).max(voltage),
            over_current: room.min(rating.1).max(current),
        };
        let was = self.snapshot.outputs.charger;
        if was.is_some_and(|(_, flowing)| current < flowing) {
            // Lowering the protection under the flowing current would trip it.
            self.on_supply(&at, |supply, ch| supply.set_source_current(ch, current))?;
        }
        self.arm(&at, setup)?;
        if was.is_none() {
            if self.snapshot.relays.alternator != Some(true) {
                let contactor = self.config.wiring.relays.charger_contactor.clone();
                self.close_contactor("charger contactor", contactor.as_ref())?;
                self.snapshot.relays.charger_contactor = contactor.map(|_| true);
            }
            self.command("charger", "on");
            self.touched = true;
            self.on_supply(&at, |supply, channel| supply.set_output(channel, true))?;
        }
        self.snapshot.outputs.charger = Some((voltage, current));
        Ok(())
    }

    /// Stops charging: output off, no current, then the contactor open.
    ///
    /// # Errors
    /// The first failure, after everything was tried.
    pub fn stop_charging(&mut self) -> Result<(), BenchError> {
        let at = self.charger()?;
        self.command("charger", "off");
        let off = self.on_supply(&at, |supply, channel| supply.set_output(channel, false));
        let none = self.await_no_current(&at, |bench| {
            bench.on_supply(&at, |supply, channel| supply.measure_current(channel))
        });
        let contactor = self.config.wiring.relays.charger_contactor.clone();
        let open = self.open_contactor("charger contactor", contactor.as_ref());
        if open.is_ok() {
            self.snapshot.relays.charger_contactor = contactor.map(|_| false);
        }
        off.and(none).and(open)?;
        self.snapshot.outputs.charger = None;
        Ok(())
    }

    /// Draws current: mode and level, then the contactor, then the input. Called again it changes
    /// mode and level. The battery is connected where nobody did.
    ///
    /// # Errors
    /// Refused where the current could leave the envelope (so constant voltage always is) and on
    /// a bench without load; else whatever load or relay said.
    pub fn start_load(&mut self, mode: LoadMode) -> Result<(), BenchError> {
        self.ready()?;
        let at = self.load()?;
        self.load_allowed(mode)?;
        self.connect_battery()?;
        self.command("load", load_words(mode));
        self.on_load(&at, |load, channel| load.set_mode(channel, mode))?;
        if self.snapshot.outputs.load.is_none() {
            if self.snapshot.relays.system_port != Some(true) {
                let contactor = self.config.wiring.relays.load_contactor.clone();
                self.close_contactor("load contactor", contactor.as_ref())?;
                self.snapshot.relays.load_contactor = contactor.map(|_| true);
            }
            self.command("load", "on");
            self.touched = true;
            self.on_load(&at, |load, channel| load.set_input(channel, true))?;
        }
        self.snapshot.outputs.load = Some(mode);
        Ok(())
    }

    /// Stops drawing current: input off, no current, then the contactor open.
    ///
    /// # Errors
    /// The first failure, after everything was tried.
    pub fn stop_load(&mut self) -> Result<(), BenchError> {
        let at = self.load()?;
        self.command("load", "off");
        let off = self.on_load(&at, |load, channel| load.set_input(channel, false));
        let none = self.await_no_current(&at, |bench| {
            bench.on_load(&at, |load, channel| load.measure_current(channel))
        });
        let contactor = self.config.wiring.relays.load_contactor.clone();
        let open = self.open_contactor("load contactor", contactor.as_ref());
        if open.is_ok() {
            self.snapshot.relays.load_contactor = contactor.map(|_| false);
        }
        off.and(none).and(open)?;
        self.snapshot.outputs.load = None;
        Ok(())
    }

    fn charger(&self) -> Result<ChannelRef, BenchError> {
        let charger = self.config.wiring.charger.clone();
        charger.ok_or_else(|| self.no_role("charger", "only battery benches have one"))
    }

    fn load(&self) -> Result<ChannelRef, BenchError> {
        let load = self.config.wiring.load.clone();
        load.ok_or_else(|| self.no_role("load", "only battery benches have one"))
    }

    fn charge_allowed(&self, voltage: Volts, current: Amps) -> Result<(), BenchError> {
        let (highest, most) = (
            self.config.envelope.pack_voltage.to,
            self.config.envelope.current.to,
        );
        let wanted = format!("{voltage:.3}, at most {current:.2}");
        if !(0.0..=highest.0).contains(&voltage.0) {
            let reason = format!("the envelope lets the bank have up to {highest}");
            return Err(refused("charger", wanted, reason));
        }
        if !(0.0..=most.0).contains(&current.0) {
            let reason = format!("the envelope lets up to {most} into the bank");
            return Err(refused("charger", wanted, reason));
        }
        Ok(())
    }

    fn load_allowed(&self, mode: LoadMode) -> Result<(), BenchError> {
        let pack = self.config.envelope.pack_voltage;
        let most = -self.config.envelope.current.from;
        let magnitude = match mode {
            LoadMode::Current(Amps(level)) => level,
            LoadMode::Voltage(Volts(level)) => level,
            LoadMode::Power(Watts(level)) => level,
            LoadMode::Resistance(Ohms(level)) => level,
        };
        if !(magnitude.is_finite() && magnitude >= 0.0) {
            return Err(refused(
                "load",
                load_words(mode),
                "the level is no magnitude",
            ));
        }
        let drawn = match mode {
            LoadMode::Current(current) => current,
            LoadMode::Power(power) => Amps(power.0 / pack.from.0),
            LoadMode::Resistance(resistance) => pack.to / resistance,
            LoadMode::Voltage(_) => {
                let reason = "nothing bounds the current of a constant-voltage load; use a current";
                return Err(refused("load", load_words(mode), reason));
            }
        };
        if drawn > most || drawn.0.is_nan() {
            let reason =
                format!("it could draw {drawn:.2}, the envelope lets up to {most} out of the bank");
            return Err(refused("load", load_words(mode), reason));
        }
        Ok(())
    }
}

fn load_words(mode: LoadMode) -> String {
    match mode {
        LoadMode::Current(level) => format!("{level:.2}"),
        LoadMode::Voltage(level) => format!("{level:.2}"),
        LoadMode::Power(level) => format!("{level:.1}"),
        LoadMode::Resistance(level) => format!("{level:.3}"),
    }
}
