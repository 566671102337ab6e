//! The bench itself, and what all its commands go through.

use crate::guard::Guard;
use crate::instruments::{Instruments, channel};
use crate::samples::Samples;
use crate::scan::ScanPlan;
use crate::story::Story;
use crate::{BenchError, Contradiction, ExchangeNote, OffOrder, SafeState, Snapshot};
use api::{
    Answer, Cancel, Capability, ChannelId, Clock, ElectronicLoad, InstrumentError, Operator,
    PowerSupply, Request, Telemetry,
};
use config::{BatteryProduct, BmsProduct, ChannelRef, Clauses};
use record::{DecisionRule, Event, Judgement, Recorder};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use units::Amps;

/// Below it a current counts as none: well above the offset of a measurement, well below any
/// charger or load.
pub(crate) const NO_CURRENT: Amps = Amps(0.5);
/// Most steps between two looks at a current that must go.
const CURRENT_PATIENCE: Duration = Duration::from_secs(2);
const CURRENT_PERIOD: Duration = Duration::from_millis(50);

/// An opened bench. Dropping it makes it safe.
pub struct Bench {
    pub(crate) config: Arc<config::Bench>,
    pub(crate) battery: BatteryProduct,
    pub(crate) bms: BmsProduct,
    pub(crate) clauses: Arc<Clauses>,
    pub(crate) instruments: Instruments,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) cancel: Cancel,
    pub(crate) telemetry: Option<Box<dyn Telemetry>>,
    pub(crate) operator: Box<dyn Operator>,
    pub(crate) recorder: Recorder,
    pub(crate) exchanges: Box<dyn Fn() -> Vec<ExchangeNote> + Send>,
    pub(crate) off_order: OffOrder,
    /// What part of a procedure is under way, and when a checkpoint was written last.
    pub(crate) phase: String,
    pub(crate) checkpointed: Duration,
    pub(crate) plan: ScanPlan,
    pub(crate) snapshot: Snapshot,
    /// Whether everything was measured at least once.
    pub(crate) measured: bool,
    pub(crate) guard: Guard,
    /// Whether instruments that see one voltage tell one story.
    pub(crate) story: Story,
    pub(crate) samples: Samples,
    pub(crate) rule: DecisionRule,
    pub(crate) judgements: Vec<Judgement>,
    /// Whether anything may have been switched on since the last proof.
    pub(crate) touched: bool,
    pub(crate) safe_state: Option<SafeState>,
    /// Whether [`Bench::close`] did its part.
    pub(crate) closed: bool,
    /// Instruments that answered with another serial number: never commanded, and why.
    pub(crate) foreign: BTreeMap<String, String>,
}

impl Bench {
    /// The bench file.
    #[must_use]
    pub fn config(&self) -> &config::Bench {
        &self.config
    }

    /// What the manual says of the battery.
    #[must_use]
    pub fn battery(&self) -> &BatteryProduct {
        &self.battery
    }

    /// What the manual says of the BMS.
    #[must_use]
    pub fn bms(&self) -> &BmsProduct {
        &self.bms
    }

    /// The system that the bank belongs to: 12, 24 or 48 V.
    #[must_use]
    pub fn system_voltage(&self) -> units::Volts {
        crate::bank::system_voltage(&self.config, &self.battery)
    }

    /// Batteries on the bench.
    #[must_use]
    pub fn batteries(&self) -> usize {
        self.config.device.topology.batteries()
    }

    /// Now, on the bench's clock.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// The token that ends procedures.
    #[must_use]
    pub fn cancel(&self) -> &Cancel {
        &self.cancel
    }

    /// The record of the run.
    #[must_use]
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// The newest snapshot, however old; empty before the first one.
    #[must_use]
    pub fn last(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Lets time pass; instruments whose own watchdog is armed hear a word in between.
    ///
    /// # Errors
    /// [`BenchError::Stopped`] once the run is cancelled; when such an instrument is gone.
    pub fn sleep(&mut self, time: Duration) -> Result<(), BenchError> {
        self.sleep_alive(time)
    }

    /// Asks the operator and journals request and answer.
    ///
    /// # Errors
    /// When nobody answers.
    pub fn ask(&mut self, request: &Request) -> Result<Answer, BenchError> {
        self.ready()?;
        let answer = self.ask_alive(request);
        let (text, who) = match &answer {
            Ok(answer) => (Some(answer.text.clone()), answer.who.clone()),
            Err(_) => (None, String::new()),
        };
        self.event(&Event::Operator {
            instruction: request.instruction.clone(),
            expected: request.expected.clone(),
            answer: text,
            who,
        });
        Ok(answer?)
    }

    /// Writes a line worth keeping: an estimate, a phase, a typical value outside its usual range.
    pub fn note(&self, text: impl Into<String>) {
        self.event(&Event::Note { text: text.into() });
    }

    /// Two instruments, or one with itself, that contradict each other since some snapshot: nothing
    /// that was measured on this bench counts.
    #[must_use]
    pub fn contradiction(&self) -> Option<&Contradiction> {
        self.story.contradiction()
    }

    /// Writes a line that needs attention but decides no verdict.
    pub fn warn(&self, text: impl Into<String>) {
        self.event(&Event::Warning { text: text.into() });
    }

    pub(crate) fn event(&self, event: &Event) {
        self.recorder.event(self.clock.now(), event);
    }

    /// Journals a command before it is sent.
    pub(crate) fn command(&self, role: &str, action: impl Into<String>) {
        self.event(&Event::Command {
            role: role.to_owned(),
            action: action.into(),
        });
    }

    /// Whether there's any point in going on.
    pub(crate) fn ready(&self) -> Result<(), BenchError> {
        self.cancel.check()?;
        self.recorder.check().map_err(|error| BenchError::Record {
            reason: error.to_string(),
        })
    }

    /// Puts the newest exchanges into the journal when an instrument was the reason.
    pub(crate) fn noted<T>(&self, outcome: Result<T, BenchError>) -> Result<T, BenchError> {
        if matches!(outcome, Err(BenchError::Instrument(_))) {
            self.note_exchanges();
        }
        outcome
    }

    pub(crate) fn note_exchanges(&self) {
        for note in (self.exchanges)() {
            self.event(&Event::Exchange {
                instrument: note.instrument,
                sent: note.sent,
                received: note.received,
                problem: note.problem,
            });
        }
    }

    pub(crate) fn on_supply<T>(
        &mut self,
        at: &ChannelRef,
        ask: impl FnOnce(&mut dyn PowerSupply, ChannelId) -> Result<T, InstrumentError>,
    ) -> Result<T, BenchError> {
        let outcome = self
            .instruments
            .supply(&at.instrument)
            .and_then(|supply| Ok(ask(supply, channel(at))?));
        self.noted(outcome)
    }

    pub(crate) fn on_load<T>(
        &mut self,
        at: &ChannelRef,
        ask: impl FnOnce(&mut dyn ElectronicLoad, ChannelId) -> Result<T, InstrumentError>,
    ) -> Result<T, BenchError> {
        let outcome = self
            .instruments
            .load(&at.instrument)
            .and_then(|load| Ok(ask(load, channel(at))?));
        self.noted(outcome)
    }

    /// Waits until `measure` shows no current any more.
    ///
    /// # Errors
    /// [`InstrumentError::NotReached`] when it doesn't fall in time, or whatever `measure` says.
    pub(crate) fn await_no_current(
        &mut self,
        at: &ChannelRef,
        mut measure: impl FnMut(&mut Self) -> Result<Amps, BenchError>,
    ) -> Result<(), BenchError> {
        let deadline = self.now() + CURRENT_PATIENCE;
        loop {
            let current = measure(self)?;
            if current.abs() <= NO_CURRENT {
                return Ok(());
            }
            if self.now() >= deadline {
                return Err(BenchError::Instrument(InstrumentError::NotReached {
                    instrument: at.to_string(),
                    what: format!("a current below {NO_CURRENT} (still {current:.3})"),
                    timeout: CURRENT_PATIENCE,
                }));
            }
            self.clock.sleep_through(CURRENT_PERIOD);
        }
    }

    pub(crate) fn no_role(&self, role: impl Into<String>, hint: impl Into<String>) -> BenchError {
        BenchError::NoRole {
            bench: self.config.name.clone(),
            role: role.into(),
            hint: hint.into(),
        }
    }

    /// What a channel can do, limits of the bench file included.
    pub(crate) fn rating(&self, at: &ChannelRef) -> Option<Capability> {
        let driver = self.instruments.0.get(&at.instrument)?;
        let limits = self
            .config
            .instruments
            .get(&at.instrument)
            .map(|instrument| instrument.limits)
            .unwrap_or_default();
        driver
            .capability(channel(at))
            .map(|capability| crate::roles::tightened(capability, limits))
    }
}

/// A refusal before anything was sent.
pub(crate) fn refused(
    role: &str,
    wanted: impl Into<String>,
    reason: impl Into<String>,
) -> BenchError {
    BenchError::Refused {
        role: role.to_owned(),
        wanted: wanted.into(),
        reason: reason.into(),
    }
}
