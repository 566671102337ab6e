//! The safe state: everything off, in the right order, whatever fails on the way.

use crate::bench::{Bench, NO_CURRENT};
use crate::relays::by_instrument;
use crate::{BenchError, OffOrder, Outputs};
use api::{Driver, InstrumentError};
use config::ChannelRef;
use record::{Event, OutputProof};
use std::any::Any;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// How often each command and each read-back is tried.
const TRIES: usize = 3;
/// How often an instrument that drives current is told to switch off; drivers try again themselves.
const OFF_TRIES: usize = 2;
/// How long a current may take to go before contactors open all the same.
const CURRENT_PATIENCE: Duration = Duration::from_secs(2);
const CURRENT_PERIOD: Duration = Duration::from_millis(50);

/// How safe the bench is, and how that is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SafeState {
    /// Whether every output reads back safe.
    pub proven: bool,
    /// One proof an output.
    pub outputs: Vec<OutputProof>,
    /// Which outputs may still be energised, and why nobody can say otherwise. A person must look.
    pub unproven: Vec<String>,
    /// Instruments that turned out to have been switched off and on meanwhile.
    pub restarted: Vec<String>,
}

impl SafeState {
    /// In one line, for the last line on the screen and the first of the report.
    #[must_use]
    pub fn in_words(&self) -> String {
        if self.proven {
            "the bench is proven safe".into()
        } else {
            format!("MAY STILL BE ENERGISED: {}", self.unproven.join("; "))
        }
    }
}

/// What went wrong while making safe, and who doesn't answer at all any more.
#[derive(Debug, Default)]
pub(crate) struct Effort {
    pub(crate) failures: Vec<String>,
    deaf: BTreeSet<String>,
}

impl Effort {
    /// Tries several times; an instrument that was deaf before gets one try only, so that the
    /// whole stays bounded.
    pub(crate) fn persist<T>(
        &mut self,
        id: &str,
        mut attempt: impl FnMut() -> Result<T, BenchError>,
    ) -> Result<T, String> {
        let tries = if self.deaf.contains(id) { 1 } else { TRIES };
        let mut last = String::new();
        let mut deaf = true;
        for _ in 0..tries {
            match guarded(id, &mut attempt) {
                Ok(value) => {
                    self.deaf.remove(id);
                    return Ok(value);
                }
                Err(error) => {
                    deaf &= is_deaf(&error);
                    last = error.to_string();
                }
            }
        }
        if deaf {
            self.deaf.insert(id.to_owned());
        }
        Err(last)
    }

    fn note(&mut self, outcome: Result<(), String>) {
        if let Err(failure) = outcome
            && !self.failures.contains(&failure)
        {
            self.failures.push(failure);
        }
    }
}

impl Bench {
    /// Makes the bench safe and proves it by reading back, whatever happens on the way: set-points
    /// to zero and outputs off, cells first and together; currents gone; contactors and safety
    /// relay open; chamber in standby; then time for the instruments' side to decay.
    ///
    /// Every instrument is tried even if others fail. Ignores a cancelled run, ends in bounded
    /// time, never panics. When nothing was switched on since the last proof, that proof stands
    /// and nothing is sent.
    pub fn make_safe(&mut self, why: &str) -> SafeState {
        if let Some(state) = self.safe_state.as_ref().filter(|state| state.proven)
            && !self.touched
        {
            return state.clone();
        }
        let mut effort = Effort::default();
        for phase in [
            Self::outputs_off,
            Self::currents_gone,
            Self::contactors_open,
            Self::chamber_standby,
            Self::chain_open,
        ] {
            let failures = effort.failures.len();
            phase(self, &mut effort);
            if effort.failures.len() > failures {
                self.note_exchanges();
            }
        }
        let outputs = self.prove(&mut effort);
        let unproven: Vec<String> = outputs
            .iter()
            .filter(|proof| !proof.safe)
            .map(|proof| format!("{} ({}): {}", proof.role, proof.instrument, proof.found))
            .collect();
        let drivers = self.instruments.0.iter_mut();
        let restarted =
            drivers.filter_map(|(id, driver)| driver.take_restart().then(|| id.clone()));
        let state = SafeState {
            proven: unproven.is_empty(),
            outputs,
            unproven,
            restarted: restarted.collect(),
        };
        for id in &state.restarted {
            self.warn(format!("{id} was switched off and on meanwhile"));
        }
        if !state.proven {
            self.note_exchanges();
        }
        for failure in &effort.failures {
            self.warn(format!("while making safe: {failure}"));
        }
        self.event(&Event::MadeSafe {
            why: why.to_owned(),
            proven: state.proven,
            outputs: state.outputs.clone(),
        });
        self.recorder.flush();
        self.snapshot.outputs = Outputs::default();
        self.touched = !state.proven;
        self.safe_state = Some(state.clone());
        state
    }

    /// Makes the bench safe, ends its sample file and closes it. Where everything is proven off, the
    /// instruments' own watchdogs are disarmed; otherwise they stay armed.
    pub fn close(mut self, why: &str) -> SafeState {
        let state = self.make_safe(why);
        if state.proven {
            self.disarm();
        }
        self.end_samples();
        self.closed = true;
        state
    }

    /// Ends the sample file of the current scenario and journals where it is. A later snapshot in
    /// the same scenario would start it anew.
    pub fn end_samples(&mut self) {
        self.samples.finish(&self.recorder, self.clock.now());
    }

    /// The last safe state that was reached or tried.
    #[must_use]
    pub fn safe_state(&self) -> Option<&SafeState> {
        self.safe_state.as_ref()
    }

    /// Whether this instrument answered with a serial number that isn't ours.
    pub(crate) fn is_ours(&self, id: &str) -> bool {
        !self.foreign.contains_key(id)
    }

    fn outputs_off(&mut self, effort: &mut Effort) {
        let cells: BTreeSet<&str> = self
            .config
            .wiring
            .cells
            .iter()
            .map(|cell| cell.supply.instrument.as_str())
            .collect();
        let foreign = &self.foreign;
        let mut drivers: Vec<(&String, &mut Box<dyn Driver>)> = self
            .instruments
            .0
            .iter_mut()
            .filter(|(id, _)| !foreign.contains_key(*id))
            .filter_map(|(id, driver)| {
                let drives = driver.supply().is_some() || driver.load().is_some();
                drives.then_some((id, driver))
            })
            .collect();
        // A stack goes dark together, before anything that only hangs on it.
        drivers.sort_by_key(|(id, _)| (!cells.contains(id.as_str()), *id));
        let outcomes: Vec<(String, Result<(), BenchError>)> = match self.off_order {
            OffOrder::InTurn => drivers
                .into_iter()
                .map(|(id, driver)| (id.clone(), all_off(id, driver.as_mut())))
                .collect(),
            OffOrder::AtOnce => std::thread::scope(|scope| {
                let chains: Vec<_> = drivers
                    .into_iter()
                    .map(|(id, driver)| {
                        let chain = scope.spawn(move || all_off(id, driver.as_mut()));
                        (id.clone(), chain)
                    })
                    .collect();
                chains
                    .into_iter()
                    .map(|(id, chain)| {
                        let outcome = chain.join().unwrap_or_else(|panic| panicked(&id, &*panic));
                        (id, outcome)
                    })
                    .collect()
            }),
        };
        for (id, outcome) in outcomes {
            let Err(error) = outcome else { continue };
            effort.note(Err(error.to_string()));
            if is_deaf(&error) {
                effort.deaf.insert(id);
            }
        }
    }

    fn currents_gone(&mut self, effort: &mut Effort) {
        let config = std::sync::Arc::clone(&self.config);
        let deadline = self.clock.now() + CURRENT_PATIENCE;
        let ports = [
            ("charger", config.wiring.charger.as_ref()),
            ("load", config.wiring.load.as_ref()),
        ];
        for (role, at) in ports {
            let Some(at) = at.filter(|at| self.is_ours(&at.instrument)) else {
                continue;
            };
            loop {
                let current = effort.persist(&at.instrument, || {
                    let channel = crate::instruments::channel(at);
                    Ok(if role == "charger" {
                        let supply = self.instruments.supply(&at.instrument)?;
                        supply.measure_current(channel)?
                    } else {
                        let load = self.instruments.load(&at.instrument)?;
                        load.measure_current(channel)?
                    })
                });
                match current {
                    Ok(current) if current.abs() <= NO_CURRENT => break,
                    Ok(current) if self.clock.now() >= deadline => {
                        effort.note(Err(format!(
                            "{role} still carries {current:.3}; contactors open under load"
                        )));
                        break;
                    }
                    Ok(_) => self.clock.sleep_through(CURRENT_PERIOD),
                    Err(failure) => {
                        effort.note(Err(failure));
                        break;
                    }
                }
            }
        }
    }

    fn contactors_open(&mut self, effort: &mut Effort) {
        let relays = &self.config.wiring.relays;
        let wired: Vec<ChannelRef> = [
            &relays.charger_contactor,
            &relays.load_contactor,
            &relays.safety,
            &relays.alternator,
            &relays.system_port,
            &relays.bridge,
            &relays.remote_off,
        ]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
        self.open_all(&wired, effort);
        let states = &mut self.snapshot.relays;
        for state in [
            &mut states.charger_contactor,
            &mut states.load_contactor,
            &mut states.safety,
            &mut states.alternator,
            &mut states.system_port,
            &mut states.bridge,
            &mut states.remote_off,
        ] {
            *state = state.map(|_| false);
        }
    }

    /// The BMS then sees every pole open, and allows nothing.
    fn chain_open(&mut self, effort: &mut Effort) {
        let relays = &self.config.wiring.relays;
        let wired: Vec<ChannelRef> = relays
            .cables
            .iter()
            .flat_map(|cable| [&cable.charge, &cable.discharge, &cable.pre_alarm])
            .chain(&relays.bypass)
            .cloned()
            .collect();
        self.open_all(&wired, effort);
        self.snapshot.relays.cables.fill([false; 3]);
        self.snapshot.relays.bypass.fill(false);
    }

    fn open_all(&mut self, wired: &[ChannelRef], effort: &mut Effort) {
        for (id, channels) in by_instrument(wired) {
            if !self.is_ours(id) {
                continue;
            }
            let together = effort.persist(id, || {
                Ok(self.instruments.switch(id)?.set_relays(&channels, false)?)
            });
            let Err(failure) = together else { continue };
            effort.note(Err(failure));
            // One relay that won't open must not keep the others closed.
            for channel in channels {
                let alone = effort.persist(id, || {
                    Ok(self.instruments.switch(id)?.set_relays(&[channel], false)?)
                });
                effort.note(alone);
            }
        }
    }

    fn chamber_standby(&mut self, effort: &mut Effort) {
        if let Some(role) = self.config.wiring.thermistor.clone() {
            let id = &role.channel.instrument;
            if self.is_ours(id) {
                let at = crate::instruments::channel(&role.channel);
                let outcome = effort.persist(id, || {
                    Ok(self.instruments.resistor(id)?.set_connected(at, false)?)
                });
                effort.note(outcome);
                self.snapshot.outputs.chamber = None;
            }
        }
        let Some(id) = self.config.wiring.chamber.clone() else {
            return;
        };
        if !self.is_ours(&id) {
            return;
        }
        let outcome = effort.persist(&id, || {
            Ok(self.instruments.chamber(&id)?.set_running(false)?)
        });
        effort.note(outcome);
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if self.closed {
            return;
        }
        // Nobody is left to hear of a panic here; the journal has what was reached.
        let _dropped_all_the_same = catch_unwind(AssertUnwindSafe(|| {
            self.make_safe("the bench was closed");
            self.end_samples();
        }));
    }
}

fn all_off(id: &str, driver: &mut dyn Driver) -> Result<(), BenchError> {
    let mut last = Ok(());
    for _ in 0..OFF_TRIES {
        last = guarded(id, &mut || Ok(driver.all_off()?));
        if last.is_ok() {
            break;
        }
    }
    last
}

/// A panic in a driver is one more way for an instrument to fail.
fn guarded<T>(
    id: &str,
    attempt: &mut dyn FnMut() -> Result<T, BenchError>,
) -> Result<T, BenchError> {
    catch_unwind(AssertUnwindSafe(attempt)).unwrap_or_else(|panic| panicked(id, &*panic))
}

fn panicked<T>(id: &str, panic: &(dyn Any + Send)) -> Result<T, BenchError> {
    Err(BenchError::Instrument(InstrumentError::Link {
        instrument: id.to_owned(),
        asked: "its driver".into(),
        reason: format!("the driver panicked: {}", said(panic)),
    }))
}

fn is_deaf(error: &BenchError) -> bool {
    matches!(error, BenchError::Instrument(error) if error.is_deaf())
}

/// What a panic said.
pub(crate) fn said(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without text".into())
}
