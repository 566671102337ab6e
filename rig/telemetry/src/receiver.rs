//! [`api::Telemetry`] out of a stream of advertisements.

use crate::{
    DecodeError, Decoded, Finding, Frame, Key, LogEntry, LynxReport, MonitorRecord, Observation,
    ReceiverLog, Record, decode, looks_like_noise,
};
use api::{BmsReport, MonitorReport, Telemetry, TelemetryError, TelemetrySample};
use std::mem::discriminant;
use std::time::Duration;

/// How long a report stands for the present: ten of the roughly one a second that come.
pub const FRESH_FOR: Duration = Duration::from_secs(10);

/// How long a data counter may stand still while its device goes on sending.
pub const FROZEN_AFTER: Duration = Duration::from_secs(10);

/// After so many nonsensical reports in a row the key is in doubt, not the reception.
pub const NOISE_STREAK: u32 = 3;

/// Who sent an advertisement, as far as the source can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// A battery by its index on the bench, from 0.
    Battery(usize),
    /// A BMS, or a battery monitor, by its index in [`ReceiverSetup::bms`].
    Bms(usize),
    /// Whoever has this radio address.
    Address([u8; 6]),
}

/// One advertisement, as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advert {
    /// When, on the bench's clock.
    pub received: Duration,
    /// From whom.
    pub sender: Sender,
    /// Manufacturer data after the company id.
    pub data: Vec<u8>,
}

/// Where advertisements come from: a radio, or a software radio.
pub trait AdvertSource: Send {
    /// Appends what came since the last call, oldest first.
    ///
    /// # Errors
    /// When the receiver itself fails. Silence is no error.
    fn drain(&mut self, out: &mut Vec<Advert>) -> Result<(), TelemetryError>;
}

impl AdvertSource for Box<dyn AdvertSource> {
    fn drain(&mut self, out: &mut Vec<Advert>) -> Result<(), TelemetryError> {
        (**self).drain(out)
    }
}

/// A device that the receiver listens to.
#[derive(Debug, Clone)]
pub struct RadioDevice {
    /// As messages name it: its serial number, or the name that the bench file gives it.
    pub name: String,
    /// Key of its advertisements.
    pub key: Key,
    /// Its radio address, where the source knows senders by address only.
    pub address: Option<[u8; 6]>,
}

/// What a receiver listens to, and how patient it is.
#[derive(Debug, Clone)]
pub struct ReceiverSetup {
    /// Name of the receiver in the bench file.
    pub name: String,
    /// Batteries, in the bench's order.
    pub batteries: Vec<RadioDevice>,
    /// BMSes and battery monitors that advertise too; may be empty.
    pub bms: Vec<RadioDevice>,
    /// How long a report stands for the present, usually [`FRESH_FOR`].
    pub fresh_for: Duration,
    /// How long a counter may stand still, usually [`FROZEN_AFTER`].
    pub frozen_after: Duration,
}

impl ReceiverSetup {
    /// A receiver for these batteries with the usual patience.
    #[must_use]
    pub fn new(name: impl Into<String>, batteries: Vec<RadioDevice>) -> Self {
        Self {
            name: name.into(),
            batteries,
            bms: Vec::new(),
            fresh_for: FRESH_FOR,
            frozen_after: FROZEN_AFTER,
        }
    }
}

/// The newest frame of one device.
#[derive(Debug, Clone, Default)]
struct Newest {
    data: Vec<u8>,
    counter: u16,
    since: Duration,
    frozen_told: bool,
    reuse_told: bool,
}

/// What is known of one device.
#[derive(Debug, Clone, Default)]
struct State {
    newest: Option<Newest>,
    sample: Option<(Duration, Record)>,
    /// Findings of the report before, to tell new ones from standing ones.
    findings: Vec<Finding>,
    unreadable: Option<DecodeError>,
    wrong_key: Option<(u8, u8)>,
    noise_streak: u32,
    noise: String,
}

/// What to do with a frame.
enum Step {
    Decode,
    Ignore,
}

/// Decrypts, decodes and filters what a source receives.
///
/// - A report with the data counter of the one before is the same report, received again.
/// - A report that makes no sense is withheld; after [`NOISE_STREAK`] of them the receiver says so.
/// - A key whose first byte isn't the device's is an error at once.
/// - What else is odd goes into [`Receiver::log`].
#[derive(Debug)]
pub struct Receiver<S> {
    source: S,
    setup: ReceiverSetup,
    batteries: Vec<State>,
    bms: Vec<State>,
    log: ReceiverLog,
    inbox: Vec<Advert>,
}

impl<S: AdvertSource> Receiver<S> {
    /// A receiver that has heard nothing yet.
    #[must_use]
    pub fn new(source: S, setup: ReceiverSetup) -> Self {
        Self {
            source,
            batteries: vec![State::default(); setup.batteries.len()],
            bms: vec![State::default(); setup.bms.len()],
            setup,
            log: ReceiverLog::default(),
            inbox: Vec::new(),
        }
    }

    /// A handle on what the receiver notices besides the reports.
    #[must_use]
    pub fn log(&self) -> ReceiverLog {
        self.log.clone()
    }

    /// The newest report of a Lynx Smart BMS, by its index, with the time it came; `None` when none
    /// is fresh or there's no such BMS.
    #[must_use]
    pub fn latest_lynx(&self, index: usize, now: Duration) -> Option<(Duration, &LynxReport)> {
        match self.bms.get(index)?.sample.as_ref()? {
            (received, Record::Lynx(report)) if self.is_fresh(*received, now) => {
                Some((*received, report))
            }
            _ => None,
        }
    }

    /// The newest report of the first battery monitor that is listened to, with the time it came;
    /// `None` when none is fresh.
    #[must_use]
    pub fn latest_monitor(&self, now: Duration) -> Option<(Duration, &MonitorRecord)> {
        self.bms.iter().find_map(|state| match &state.sample {
            Some((received, Record::Monitor(report))) if self.is_fresh(*received, now) => {
                Some((*received, report))
            }
            _ => None,
        })
    }

    fn is_fresh(&self, received: Duration, now: Duration) -> bool {
        now.saturating_sub(received) <= self.setup.fresh_for
    }

    fn receive(&mut self) -> Result<(), TelemetryError> {
        let mut inbox = std::mem::take(&mut self.inbox);
        let outcome = self.source.drain(&mut inbox);
        for advert in inbox.drain(..) {
            self.accept(&advert);
        }
        self.inbox = inbox;
        outcome
    }

    fn accept(&mut self, advert: &Advert) {
        let listed = |devices: &[RadioDevice], address: [u8; 6]| {
            let mut devices = devices.iter();
            devices.position(|device| device.address == Some(address))
        };
        let Self { setup, log, .. } = self;
        let found = match advert.sender {
            Sender::Battery(index) => Some((index, true)),
            Sender::Bms(index) => Some((index, false)),
            Sender::Address(address) => match listed(&setup.batteries, address) {
                Some(index) => Some((index, true)),
                None => listed(&setup.bms, address).map(|index| (index, false)),
            },
        };
        // Strangers' batteries are none of our business.
        let Some((index, is_battery)) = found else {
            return;
        };
        let (devices, states) = if is_battery {
            (&setup.batteries, &mut self.batteries)
        } else {
            (&setup.bms, &mut self.bms)
        };
        if let (Some(device), Some(state)) = (devices.get(index), states.get_mut(index)) {
            let notice = |observation| {
                log.push(LogEntry {
                    at: advert.received,
                    device: device.name.clone(),
                    observation,
                });
            };
            if let Step::Decode = state.meet(advert, setup.frozen_after, &notice) {
                state.learn(
                    decode(&device.key, &advert.data),
                    advert.received,
                    is_battery,
                    &notice,
                );
            }
        }
    }
}

impl State {
    /// Looks at a frame's counter: is it a new report, and does the counter live?
    fn meet(
        &mut self,
        advert: &Advert,
        frozen_after: Duration,
        notice: &impl Fn(Observation),
    ) -> Step {
        // What is no frame has no counter; decoding says why.
        let Ok(frame) = Frame::parse(&advert.data) else {
            return Step::Decode;
        };
        let counter = frame.counter;
        match &mut self.newest {
            Some(newest) if newest.counter == counter => {
                if newest.data != advert.data && !newest.reuse_told {
                    newest.reuse_told = true;
                    notice(Observation::CounterReused { counter });
                }
                let since = newest.since;
                if advert.received.saturating_sub(since) >= frozen_after && !newest.frozen_told {
                    newest.frozen_told = true;
                    notice(Observation::Frozen { counter, since });
                }
                Step::Ignore
            }
            newest => {
                *newest = Some(Newest {
                    data: advert.data.clone(),
                    counter,
                    since: advert.received,
                    frozen_told: false,
                    reuse_told: false,
                });
                Step::Decode
            }
        }
    }

    fn learn(
        &mut self,
        outcome: Result<Decoded, DecodeError>,
        received: Duration,
        is_battery: bool,
        notice: &impl Fn(Observation),
    ) {
        match outcome {
            Ok(decoded) => {
                self.wrong_key = None;
                self.unreadable = None;
                self.keep(decoded, received, is_battery, notice);
            }
            // Devices send advertisements of several kinds.
            Err(DecodeError::NotProduct { .. }) => {}
            Err(DecodeError::Key { found, ours }) => self.wrong_key = Some((found, ours)),
            Err(error) => {
                if self.unreadable.as_ref() != Some(&error) {
                    notice(Observation::Unreadable(error.clone()));
                    self.unreadable = Some(error);
                }
            }
        }
    }

    fn keep(
        &mut self,
        decoded: Decoded,
        received: Duration,
        is_battery: bool,
        notice: &impl Fn(Observation),
    ) {
        let Decoded {
            record_type,
            counter,
            payload,
            record,
            findings,
            ..
        } = decoded;
        if looks_like_noise(&findings) {
            self.noise_streak += 1;
            let observation = Observation::Noise(findings);
            self.noise = observation.to_string();
            notice(observation);
            return;
        }
        self.noise_streak = 0;
        for finding in &findings {
            let standing = |known: &Finding| discriminant(known) == discriminant(finding);
            if !self.findings.iter().any(standing) {
                notice(Observation::Odd(finding.clone()));
            }
        }
        self.findings = findings;
        match record {
            Record::Battery(_) if is_battery => self.sample = Some((received, record)),
            Record::Lynx(_) | Record::Monitor(_) if !is_battery => {
                self.sample = Some((received, record));
            }
            Record::Battery(_) | Record::Lynx(_) | Record::Monitor(_) | Record::Raw => {
                notice(Observation::Raw {
                    record: record_type,
                    counter,
                    payload,
                })
            }
        }
    }

    /// What keeps the receiver from telling anything about this device.
    fn trouble(&self, receiver: &str, device: &str) -> Option<TelemetryError> {
        if let Some((found, ours)) = self.wrong_key {
            return Some(TelemetryError::Key {
                battery: device.to_owned(),
                found,
                ours,
            });
        }
        (self.noise_streak >= NOISE_STREAK).then(|| TelemetryError::Receiver {
            receiver: receiver.to_owned(),
            reason: format!(
                "{device}: {} ({} reports in a row); its key probably only starts like ours: read it again in the app",
                self.noise, self.noise_streak
            ),
        })
    }
}

impl<S: AdvertSource> Telemetry for Receiver<S> {
    fn latest(&mut self, now: Duration) -> Result<Vec<Option<TelemetrySample>>, TelemetryError> {
        self.receive()?;
        for (device, state) in self.setup.batteries.iter().zip(&self.batteries) {
            if let Some(trouble) = state.trouble(&self.setup.name, &device.name) {
                return Err(trouble);
            }
        }
        let samples = self.batteries.iter().enumerate().map(|(battery, state)| {
            let (received, record) = state.sample.as_ref()?;
            let Record::Battery(report) = record else {
                return None;
            };
            self.is_fresh(*received, now).then(|| TelemetrySample {
                received: *received,
                battery,
                report: report.clone(),
            })
        });
        Ok(samples.collect())
    }

    fn monitor(&mut self, now: Duration) -> Result<Option<MonitorReport>, TelemetryError> {
        self.receive()?;
        Ok(self
            .latest_monitor(now)
            .map(|(received, report)| MonitorReport {
                received,
                voltage: report.voltage,
                current: report.current,
                consumed: report.consumed,
                state_of_charge: report.state_of_charge,
            }))
    }

    fn bms(&mut self, now: Duration) -> Result<Option<BmsReport>, TelemetryError> {
        self.receive()?;
        Ok(self.latest_lynx(0, now).map(|(received, report)| {
            let io = report.io.as_ref();
            BmsReport {
                received,
                charge_allowed: io.and_then(|io| io.charge_allowed),
                discharge_allowed: io.and_then(|io| io.discharge_allowed),
                contactor_closed: io.and_then(|io| io.contactor_closed),
                voltage: report.voltage,
                current: report.current,
                consumed: report.consumed,
            }
        }))
    }
}
