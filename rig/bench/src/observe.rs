//! Taking snapshots.

use crate::bench::Bench;
use crate::scan::Target;
use crate::{BenchError, Contact, Contacts, Measured, Port, Snapshot};
use api::{AlarmCode, TelemetrySample};
use config::BenchKind;
use record::Event;
use std::sync::Arc;
use std::time::Duration;

/// Longest time that cheap samples go without the envelope guard on an energised bench.
const GUARD_PERIOD: Duration = Duration::from_secs(1);

impl Bench {
    /// Measures everything, holds it against the envelope, writes a row of samples and journals
    /// what changed.
    ///
    /// # Errors
    /// [`BenchError::Stopped`] when cancelled; [`BenchError::Envelope`] when anything is outside,
    /// by then the bench was made safe; else whatever an instrument or the record said.
    pub fn snapshot(&mut self) -> Result<&Snapshot, BenchError> {
        self.ready()?;
        let before = self.ports_on();
        let outcome = self.measure();
        self.noted(outcome)?;
        self.journal_ports(before);
        let outcome = self.read_contacts();
        let contacts = self.noted(outcome)?;
        let heard = self.hear()?;
        self.snapshot.full_at = self.clock.now();
        self.measured = true;
        self.take_in(contacts, heard, true)?;
        self.hold_envelope()?;
        self.hold_story();
        self.checkpoint_now_and_then();
        Ok(&self.snapshot)
    }

    /// Reads contacts and telemetry only: cheap enough for every 0.1 s. While anything is
    /// energised, a full snapshot is taken instead whenever the last one is over a second old, so
    /// that the envelope stays guarded.
    ///
    /// # Errors
    /// As [`Bench::snapshot`].
    pub fn sample_contacts(&mut self) -> Result<&Snapshot, BenchError> {
        let age = self.clock.now().saturating_sub(self.snapshot.full_at);
        if !self.measured || (self.touched && age >= GUARD_PERIOD) {
            return self.snapshot();
        }
        self.ready()?;
        let outcome = self.read_contacts();
        let contacts = self.noted(outcome)?;
        let heard = self.hear()?;
        self.take_in(contacts, heard, false)?;
        Ok(&self.snapshot)
    }

    /// Puts on record, once, that instruments contradict each other.
    fn hold_story(&mut self) {
        let topology = self.config.device.topology;
        if let Some(contradiction) = self.story.hear(&self.snapshot, topology) {
            let text = contradiction.to_string();
            self.warn(text);
        }
    }

    fn measure(&mut self) -> Result<(), BenchError> {
        self.measure_voltages()?;
        self.measure_temperatures()?;
        self.measure_ports()
    }

    fn measure_voltages(&mut self) -> Result<(), BenchError> {
        if self.snapshot.cells.is_empty() {
            let nothing = Measured::new(f64::NAN, Default::default(), Duration::ZERO, &"".into());
            self.snapshot.cells = self
                .plan
                .cells
                .iter()
                .map(|count| vec![nothing.clone(); *count])
                .collect();
        }
        for scan in &self.plan.voltages {
            let id = &scan.source.id;
            let readings = self
                .instruments
                .meter(id)?
                .measure_voltages(&scan.channels)?;
            let at = self.clock.now();
            for (target, reading) in scan.targets.iter().zip(readings) {
                let measured = Measured::new(reading.0, scan.source.accuracy.voltage, at, id);
                match *target {
                    Target::Cell(battery, cell) => self.snapshot.cells[battery][cell] = measured,
                    Target::Pack => self.snapshot.pack = Some(measured),
                    Target::ChargerSide => self.snapshot.charger_side = Some(measured),
                }
            }
        }
        Ok(())
    }

    fn measure_temperatures(&mut self) -> Result<(), BenchError> {
        if let Some((source, kind, channel)) = &self.plan.thermocouple {
            let meter = self.instruments.meter(&source.id)?;
            let reading = meter.measure_temperatures(*kind, &[*channel])?;
            let at = self.clock.now();
            self.snapshot.temperature = reading
                .first()
                .map(|t| Measured::new(t.0, source.accuracy.temperature, at, &source.id));
        }
        if let Some(source) = &self.plan.chamber {
            let air = self.instruments.chamber(&source.id)?.temperature()?;
            let at = self.clock.now();
            self.snapshot.chamber = Some(Measured::new(
                air.0,
                source.accuracy.temperature,
                at,
                &source.id,
            ));
        }
        self.thermistor_says()
    }

    /// What a board whose thermistor is a resistor takes for its temperature, while it's connected.
    fn thermistor_says(&mut self) -> Result<(), BenchError> {
        let Some((source, role)) = &self.plan.thermistor else {
            return Ok(());
        };
        if self.snapshot.outputs.chamber.is_none() {
            (self.snapshot.temperature, self.snapshot.chamber) = (None, None);
            return Ok(());
        }
        let resistor = self.instruments.resistor(&source.id)?;
        let resistance = resistor.resistance(crate::instruments::channel(&role.channel))?;
        let temperature = Measured::new(
            role.temperature_of(resistance).0,
            source.accuracy.temperature,
            self.clock.now(),
            &source.id,
        );
        // There is no air: the board follows at once.
        self.snapshot.chamber = Some(temperature.clone());
        self.snapshot.temperature = Some(temperature);
        Ok(())
    }

    fn measure_ports(&mut self) -> Result<(), BenchError> {
        if let Some((source, at)) = &self.plan.charger {
            let channel = crate::instruments::channel(at);
            let supply = self.instruments.supply(&source.id)?;
            let voltage = supply.measure_voltage(channel)?;
            let current = supply.measure_current(channel)?;
            let on = supply.output(channel)?;
            self.snapshot.charger = Some(self.port(source, voltage, current, on));
        }
        if let Some((source, at)) = &self.plan.load {
            let channel = crate::instruments::channel(at);
            let load = self.instruments.load(&source.id)?;
            let voltage = load.measure_voltage(channel)?;
            let current = load.measure_current(channel)?;
            let on = load.input(channel)?;
            self.snapshot.load = Some(self.port(source, voltage, current, on));
        }
        let current = |port: &Option<Port>| port.as_ref().map(|port| port.current.clone());
        self.snapshot.current = match (
            current(&self.snapshot.charger),
            current(&self.snapshot.load),
        ) {
            (Some(charged), Some(drawn)) => Some(charged.minus(&drawn)),
            (Some(charged), None) => Some(charged),
            (None, Some(drawn)) => Some(Measured {
                value: -drawn.value,
                ..drawn
            }),
            (None, None) => None,
        };
        Ok(())
    }

    fn port(
        &self,
        source: &crate::scan::Source,
        voltage: units::Volts,
        current: units::Amps,
        on: bool,
    ) -> Port {
        let at = self.clock.now();
        Port {
            voltage: Measured::new(voltage.0, source.accuracy.voltage, at, &source.id),
            current: Measured::new(current.0, source.accuracy.current, at, &source.id),
            on,
        }
    }

    fn read_contacts(&mut self) -> Result<Contacts, BenchError> {
        let mut contacts = Contacts {
            asked: self.clock.now(),
            ..Contacts::default()
        };
        for port in &self.plan.ports {
            let bits = self
                .instruments
                .digital(&port.source.id)?
                .read_port(port.channel)?;
            for (contact, bit) in &port.bits {
                contacts.set(*contact, bits >> bit & 1 == 1);
            }
        }
        contacts.at = self.clock.now();
        Ok(contacts)
    }

    /// The newest reports; as many as there are batteries, silent ones `None`.
    fn hear(&mut self) -> Result<Vec<Option<TelemetrySample>>, BenchError> {
        let mut heard = match &mut self.telemetry {
            Some(telemetry) => telemetry.latest(self.clock.now())?,
            None => Vec::new(),
        };
        heard.resize(self.snapshot.batteries.len(), None);
        Ok(heard)
    }

    /// Makes the new contacts and reports part of the snapshot, journals changes, writes a row.
    fn take_in(
        &mut self,
        contacts: Contacts,
        heard: Vec<Option<TelemetrySample>>,
        full: bool,
    ) -> Result<(), BenchError> {
        let before = std::mem::replace(&mut self.snapshot.contacts, contacts);
        self.journal_contacts(&before);
        let before = std::mem::replace(&mut self.snapshot.batteries, heard);
        self.journal_reports(&before);
        self.snapshot.at = self.clock.now();
        self.samples.write(&self.recorder, &self.snapshot, full)
    }

    fn ports_on(&self) -> [Option<bool>; 2] {
        [&self.snapshot.charger, &self.snapshot.load].map(|port| port.as_ref().map(|port| port.on))
    }

    /// Output states that read back otherwise than before; off against the command is a trip.
    fn journal_ports(&self, before: [Option<bool>; 2]) {
        let outputs = &self.snapshot.outputs;
        let commanded = [outputs.charger.is_some(), outputs.load.is_some()];
        let sources = [&self.plan.charger, &self.plan.load];
        let names = ["charger output", "load input"];
        for (port, now) in self.ports_on().into_iter().enumerate() {
            let (Some(on), Some((source, _))) = (now, sources[port]) else {
                continue;
            };
            if before[port] == now || (before[port].is_none() && !on) {
                continue;
            }
            self.event(&Event::Change {
                what: names[port].into(),
                to: on_off(on).into(),
                instrument: source.id.to_string(),
                not_before_s: None,
            });
            if !on && commanded[port] {
                self.warn(format!(
                    "the {} reads back off although it was commanded on: a protection of {} tripped",
                    names[port], source.id
                ));
            }
        }
    }

    fn journal_contacts(&self, before: &Contacts) {
        let now = &self.snapshot.contacts;
        for port in &self.plan.ports {
            for (contact, _) in &port.bits {
                let (old, new) = (before.get(*contact), now.get(*contact));
                if old == new {
                    continue;
                }
                self.recorder.event(
                    now.at,
                    &Event::Change {
                        what: contact.to_string(),
                        to: on_off(new == Some(true)).into(),
                        instrument: port.source.id.to_string(),
                        not_before_s: old.map(|_| before.asked.as_secs_f64()),
                    },
                );
            }
        }
    }

    fn journal_reports(&self, before: &[Option<TelemetrySample>]) {
        let batteries = before.iter().zip(&self.snapshot.batteries);
        for (battery, (old, new)) in (1..).zip(batteries) {
            let change = |what: &str, to: &str, since: Option<Duration>| {
                self.event(&Event::Change {
                    what: format!("battery {battery} {what}"),
                    to: to.to_owned(),
                    instrument: self.receiver().to_string(),
                    not_before_s: since.map(|since| since.as_secs_f64()),
                });
            };
            let since = old.as_ref().map(|old| old.received);
            let Some(new) = new else {
                if since.is_some() {
                    change("reports", "silent", since);
                }
                continue;
            };
            if old.is_none() {
                change("reports", "heard", None);
            }
            let old = old.as_ref().map(|old| &old.report);
            let new = &new.report;
            for code in AlarmCode::ALL {
                let was = old.is_some_and(|old| old.codes.contains(&code));
                let is = new.codes.contains(&code);
                if was != is {
                    change(&code.to_string(), if is { "set" } else { "cleared" }, since);
                }
            }
            let yes_no = |yes| if yes { "yes" } else { "no" };
            if old.map(|old| old.charge_allowed) != Some(new.charge_allowed) {
                change("charge allowed", yes_no(new.charge_allowed), since);
            }
            if old.map(|old| old.discharge_allowed) != Some(new.discharge_allowed) {
                change("discharge allowed", yes_no(new.discharge_allowed), since);
            }
        }
    }

    /// Outside the envelope: safe first, then the error.
    fn hold_envelope(&mut self) -> Result<(), BenchError> {
        let cells_live = match self.config.kind {
            BenchKind::Board => !self.snapshot.outputs.cells.is_empty(),
            BenchKind::Battery => true,
        };
        let config = Arc::clone(&self.config);
        let found = self
            .guard
            .check(&config.envelope, &self.snapshot, cells_live);
        let Some(exceeded) = found else {
            return Ok(());
        };
        let text = format!(
            "envelope exceeded: {} is {}, allowed is {}",
            exceeded.what, exceeded.found, exceeded.allowed
        );
        self.warn(text.clone());
        let state = self.make_safe(&text).in_words();
        Err(BenchError::Envelope {
            what: exceeded.what,
            found: exceeded.found,
            allowed: exceeded.allowed,
            state,
        })
    }

    /// One contact as last sampled, in words: `on`, `off`, or `not wired`.
    #[must_use]
    pub fn contact_words(&self, contact: Contact) -> &'static str {
        self.snapshot.contact(contact).map_or("not wired", on_off)
    }
}

pub(crate) fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}
