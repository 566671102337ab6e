//! Taking over the instruments of a bench file.

use crate::bank::check_bank;
use crate::bench::Bench;
use crate::guard::Guard;
use crate::instruments::Instruments;
use crate::roles::check_roles;
use crate::samples::Samples;
use crate::scan::ScanPlan;
use crate::{BenchError, Parts, Problem, RelayStates, Snapshot};
use api::{Identity, InstrumentError};
use config::Rule;
use record::{DecisionRule, Event};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

impl Bench {
    /// Takes over every instrument: identity and serial number against the bench file, a known
    /// state with every output off, error queues drained, roles against ratings. Journals
    /// [`Event::BenchOpened`].
    ///
    /// # Errors
    /// When anything doesn't fit or answer; by then whatever was reached is made safe.
    pub fn open(parts: Parts) -> Result<Self, BenchError> {
        let mut parts = parts;
        let left = parts.left.take();
        let mut bench = Self::assemble(parts);
        match bench
            .bring_up()
            .and_then(|who| bench.check_left(left, &who))
        {
            Ok(()) => Ok(bench),
            Err(error) => {
                bench.make_safe(&format!("the bench could not be opened: {error}"));
                bench.closed = true;
                Err(error)
            }
        }
    }

    fn assemble(parts: Parts) -> Self {
        let config = parts.config;
        let relays = &config.wiring.relays;
        let open = |at: &Option<_>| at.as_ref().map(|_| false);
        let snapshot = Snapshot {
            relays: RelayStates {
                charger_contactor: open(&relays.charger_contactor),
                load_contactor: open(&relays.load_contactor),
                safety: open(&relays.safety),
                remote_off: open(&relays.remote_off),
                alternator: open(&relays.alternator),
                system_port: open(&relays.system_port),
                bridge: open(&relays.bridge),
                cables: vec![[false; 3]; relays.cables.len()],
                bypass: vec![false; relays.bypass.len()],
            },
            batteries: vec![None; config.device.topology.batteries()],
            ..Snapshot::default()
        };
        let rule = match config.lab.rule {
            Rule::GuardBand => DecisionRule::GuardBand,
            Rule::SimpleAcceptance => DecisionRule::SimpleAcceptance,
            Rule::NonBinary => DecisionRule::NonBinary,
        };
        let plan = ScanPlan::new(&config, parts.battery.cells);
        Self {
            story: Default::default(),
            samples: Samples::new(&config, &plan),
            plan,
            snapshot,
            measured: false,
            guard: Guard::default(),
            rule,
            judgements: Vec::new(),
            touched: true,
            safe_state: None,
            closed: false,
            foreign: BTreeMap::new(),
            battery: parts.battery,
            bms: parts.bms,
            clauses: parts.clauses,
            instruments: Instruments(parts.instruments),
            clock: parts.clock,
            cancel: parts.cancel,
            telemetry: parts.telemetry,
            operator: parts.operator,
            recorder: parts.recorder,
            exchanges: parts.exchanges,
            off_order: parts.off_order,
            phase: String::new(),
            checkpointed: Duration::ZERO,
            config,
        }
    }

    /// Takes everything over; who each instrument says that it is.
    fn bring_up(&mut self) -> Result<BTreeMap<String, String>, BenchError> {
        self.no_problems(check_bank(
            &self.config,
            &self.battery,
            &self.bms,
            &self.clauses,
        ))?;
        self.all_there()?;
        let mut who = BTreeMap::new();
        for id in self.taking_order() {
            self.ready()?;
            let outcome = self.take_over(&id);
            let identity = self.noted(outcome)?;
            who.insert(id, identity.to_string());
        }
        self.check_all_roles()?;
        self.event(&Event::BenchOpened {
            bench: self.config.name.clone(),
            roles: self.roles(),
            instruments: who.clone(),
        });
        Ok(who)
    }

    fn all_there(&self) -> Result<(), BenchError> {
        let missing: Vec<Problem> = self
            .config
            .instruments
            .iter()
            .filter(|(id, _)| !self.instruments.0.contains_key(*id))
            .map(|(id, instrument)| Problem {
                role: format!("instrument {id}"),
                channel: String::new(),
                reason: format!(
                    "no driver `{}` was opened for {}",
                    instrument.driver, instrument.address
                ),
            })
            .collect();
        self.no_problems(missing)
    }

    fn check_all_roles(&self) -> Result<(), BenchError> {
        let capability = |at: &config::ChannelRef| self.rating(at);
        self.no_problems(check_roles(&self.config, &capability, &self.battery))
    }

    fn no_problems(&self, problems: Vec<Problem>) -> Result<(), BenchError> {
        if problems.is_empty() {
            return Ok(());
        }
        Err(BenchError::Roles {
            bench: self.config.name.clone(),
            problems,
        })
    }

    /// Whatever drives current goes first, relays last: none is opened under load.
    fn taking_order(&mut self) -> Vec<String> {
        let mut order: Vec<(u8, String)> = self
            .instruments
            .0
            .iter_mut()
            .map(|(id, driver)| {
                let drives = driver.supply().is_some() || driver.load().is_some();
                let switches = driver.switch().is_some();
                (u8::from(!drives) + u8::from(switches), id.clone())
            })
            .collect();
        order.sort();
        order.into_iter().map(|(_, id)| id).collect()
    }

    fn take_over(&mut self, id: &str) -> Result<Identity, BenchError> {
        let expected = self
            .config
            .instruments
            .get(id)
            .and_then(|instrument| instrument.serial.clone());
        let driver = self.instruments.driver(id)?;
        let identity = driver.identity()?;
        if let Some(expected) = expected.filter(|expected| *expected != identity.serial) {
            // Somebody else's instrument: it isn't commanded, not even off.
            self.foreign.insert(
                id.to_owned(),
                format!(
                    "it is serial {}, not {expected}, and was left alone",
                    identity.serial
                ),
            );
            return Err(BenchError::Instrument(InstrumentError::Identity {
                instrument: id.to_owned(),
                found: identity.to_string(),
                expected: format!("serial number {expected}"),
            }));
        }
        let left_over = driver.drain_errors()?;
        driver.prepare()?;
        let fresh = driver.drain_errors()?;
        if !left_over.is_empty() {
            self.note(format!(
                "{id} had old entries in its error queue: {}",
                left_over.join("; ")
            ));
        }
        if let Some(first) = fresh.first() {
            return Err(BenchError::Instrument(InstrumentError::Nonsense {
                instrument: id.to_owned(),
                asked: "preparation".into(),
                answered: first.clone(),
                expected: "an empty error queue".into(),
            }));
        }
        Ok(identity)
    }

    /// Who plays which role, for the record.
    fn roles(&self) -> BTreeMap<String, String> {
        let wiring = &self.config.wiring;
        let mut roles = BTreeMap::new();
        for (number, cell) in (1..).zip(&wiring.cells) {
            let filled = format!("{} sensed by {}", cell.supply, cell.sense);
            roles.insert(format!("cell {number}"), filled);
        }
        let relays = &wiring.relays;
        let single = [
            ("charger", wiring.charger.as_ref()),
            ("load", wiring.load.as_ref()),
            ("charger contactor", relays.charger_contactor.as_ref()),
            ("load contactor", relays.load_contactor.as_ref()),
            ("safety relay", relays.safety.as_ref()),
            ("remote terminals parted", relays.remote_off.as_ref()),
            ("alternator port", relays.alternator.as_ref()),
            ("system port", relays.system_port.as_ref()),
            ("bridge of the contacts", relays.bridge.as_ref()),
            ("inverter's status", wiring.contacts.inverting.as_ref()),
            ("charger's status", wiring.contacts.charging.as_ref()),
            ("charge contact", Some(&wiring.contacts.charge)),
            ("load contact", Some(&wiring.contacts.load)),
            ("pre-alarm contact", wiring.contacts.pre_alarm.as_ref()),
            ("bank voltage", wiring.sense.pack.as_ref()),
            ("charger's side", wiring.sense.charger_side.as_ref()),
            (
                "residual current",
                wiring.sense.residual.as_ref().map(|sense| &sense.channel),
            ),
            ("BMS supply", wiring.bms_supply.as_ref().map(|(at, _)| at)),
        ];
        for (role, at) in single {
            roles.extend(at.map(|at| (role.to_owned(), at.to_string())));
        }
        for (number, cable) in (1..).zip(&relays.cables) {
            let poles = format!("{}, {}, {}", cable.charge, cable.discharge, cable.pre_alarm);
            roles.insert(format!("cable {number}"), poles);
        }
        for (number, at) in (1..).zip(&relays.bypass) {
            roles.insert(format!("bypass {number}"), at.to_string());
        }
        for (battery, cells) in (1..).zip(&wiring.sense.cells) {
            let leads: Vec<String> = cells.iter().map(ToString::to_string).collect();
            roles.insert(format!("cells of battery {battery}"), leads.join(", "));
        }
        if let Some(thermocouple) = &wiring.sense.board_temperature {
            let filled = format!("{} type {}", thermocouple.channel, thermocouple.kind);
            roles.insert("thermocouple".into(), filled);
        }
        if let Some(thermistor) = &wiring.thermistor {
            let room = units::Celsius(25.0);
            let at_room = thermistor.resistance_at(room);
            let filled = format!("{}, {at_room:.0} at {room}", thermistor.channel);
            roles.insert("thermistor".into(), filled);
        }
        roles.extend(
            wiring
                .chamber
                .iter()
                .map(|id| ("chamber".into(), id.clone())),
        );
        let receiver = wiring.radio.as_ref().map(|radio| radio.receiver.clone());
        roles.extend(receiver.map(|receiver| ("radio".into(), receiver)));
        let people = self.config.lab.operators.join(", ");
        roles.insert("operator".into(), people);
        roles
    }
}

impl Bench {
    /// Name of whoever reads the radio, for the record.
    pub(crate) fn receiver(&self) -> Arc<str> {
        Arc::clone(&self.plan.receiver)
    }
}
