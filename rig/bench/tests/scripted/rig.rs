//! Scripted instruments: they keep states, log what they are asked, and fail on request. Only for
//! these tests; everything else runs on the simulated bench.

use api::{
    Answer, Cancel, Capability, Chamber, ChannelId, Clock, DigitalIo, Driver, ElectronicLoad,
    Identity, Instrument, InstrumentError, LoadMode, Meter, Operator, OperatorError, PowerSupply,
    Protection, Regulation, Request, Stopped, Switch, Telemetry, TelemetryError, TelemetrySample,
    ThermocoupleType,
};
use bench::{Bench, BenchError, ExchangeNote, OffOrder, Parts};
use record::{Entry, Recorder};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use units::{Amps, Celsius, Kelvin, KelvinPerMinute, Volts, Watts};

type Result<T> = std::result::Result<T, InstrumentError>;

/// What a channel of a scripted supply or load does.
#[derive(Debug, Clone, Default)]
pub(crate) struct Output {
    pub(crate) on: bool,
    pub(crate) voltage: f64,
    pub(crate) current: f64,
    pub(crate) protected: bool,
}

/// Everything the scripted instruments share.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) now: Duration,
    pub(crate) log: Vec<String>,
    pub(crate) outputs: BTreeMap<(String, u16), Output>,
    pub(crate) closed: BTreeSet<u16>,
    pub(crate) running: bool,
    pub(crate) air: f64,
    /// What a meter channel reads; cells follow their supplies where wired below.
    pub(crate) readings: BTreeMap<u16, f64>,
    /// Meter channel of a supply channel that stands for a cell.
    pub(crate) follows: BTreeMap<u16, (String, u16)>,
    pub(crate) port: u8,
    /// Instruments that answer nothing.
    pub(crate) dead: BTreeSet<String>,
    /// `id operation` that fails every time.
    pub(crate) fails: BTreeSet<String>,
    /// Numbers of calls that fail, counted over all instruments from 1.
    pub(crate) lost: BTreeSet<u64>,
    pub(crate) calls: u64,
    /// Instrument whose driver panics.
    pub(crate) panics: Option<String>,
    /// How soon supplies switch themselves off in silence.
    pub(crate) watchdog: Option<Duration>,
    /// How long the operator thinks, on the wall clock.
    pub(crate) thinks: Duration,
    /// What every supply can do, where it isn't the usual.
    pub(crate) weak: Option<Capability>,
    pub(crate) reports: Vec<Option<TelemetrySample>>,
    /// Every call takes this long.
    pub(crate) slow: Duration,
}

#[derive(Clone, Default)]
pub(crate) struct Shared(Arc<Mutex<State>>);

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn take_log(&self) -> Vec<String> {
        std::mem::take(&mut self.lock().log)
    }

    /// Outputs that are on, by truth.
    pub(crate) fn energised(&self) -> Vec<String> {
        let state = self.lock();
        state
            .outputs
            .iter()
            .filter(|(_, output)| output.on)
            .map(|((id, channel), _)| format!("{id}/{channel}"))
            .collect()
    }
}

struct Scripted {
    id: String,
    kind: Kind,
    state: Shared,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Supply,
    Load,
    Daq,
    Chamber,
}

impl Scripted {
    /// Logs a call and lets it fail where the script says so.
    fn call(&self, operation: &str) -> Result<MutexGuard<'_, State>> {
        let mut state = self.state.lock();
        state.calls += 1;
        let slow = state.slow;
        state.now += slow;
        let line = format!("{} {operation}", self.id);
        let failing = state.dead.contains(&self.id)
            || state.lost.contains(&state.calls)
            || state
                .fails
                .iter()
                .any(|prefix| line.starts_with(prefix.as_str()));
        if state.panics.as_deref() == Some(&self.id) {
            drop(state);
            panic!("index out of bounds");
        }
        if failing {
            state.log.push(format!("{line} ✗"));
            return Err(InstrumentError::Link {
                instrument: self.id.clone(),
                asked: operation.to_owned(),
                reason: "no answer within 1 s".into(),
            });
        }
        state.log.push(line);
        Ok(state)
    }

    fn touch<T>(
        &self,
        operation: &str,
        channel: ChannelId,
        change: impl FnOnce(&mut Output) -> T,
    ) -> Result<T> {
        let mut state = self.call(&format!("{operation} {channel}"))?;
        let output = state
            .outputs
            .entry((self.id.clone(), channel.0))
            .or_default();
        Ok(change(output))
    }
}

impl Instrument for Scripted {
    fn id(&self) -> &str {
        &self.id
    }
    fn identity(&mut self) -> Result<Identity> {
        drop(self.call("identity")?);
        Ok(Identity {
            manufacturer: "Script".into(),
            model: "S1".into(),
            serial: format!("{}-1", self.id),
            firmware: "1.0".into(),
        })
    }
    fn drain_errors(&mut self) -> Result<Vec<String>> {
        self.call("errors").map(|_| Vec::new())
    }
    fn capability(&self, channel: ChannelId) -> Option<Capability> {
        let state = self.state.lock();
        let supply = Capability::Supply {
            voltage: Volts(60.0),
            source_current: Amps(120.0),
            sink_current: Amps(3.0),
            power: Watts(3000.0),
            isolation: Volts(250.0),
        };
        Some(match self.kind {
            Kind::Supply => state.weak.unwrap_or(supply),
            Kind::Load => Capability::Load {
                voltage: Volts(120.0),
                current: Amps(240.0),
                power: Watts(1500.0),
            },
            Kind::Chamber => Capability::Chamber {
                lowest: Celsius(-40.0),
                highest: Celsius(100.0),
            },
            Kind::Daq => match channel.0 / 1000 {
                1 => Capability::VoltageInput {
                    voltage: Volts(300.0),
                    isolation: Volts(300.0),
                },
                5 => Capability::DigitalPort { bits: 8 },
                6 | 7 => Capability::Relay {
                    current: Amps(5.0),
                    voltage: Volts(250.0),
                },
                _ => return None,
            },
        })
    }
    fn prepare(&mut self) -> Result<()> {
        self.call("prepare").map(|_| ())
    }
    fn all_off(&mut self) -> Result<()> {
        let mut state = self.call("all off")?;
        for ((id, _), output) in &mut state.outputs {
            if *id == self.id {
                *output = Output::default();
            }
        }
        Ok(())
    }
}

impl PowerSupply for Scripted {
    fn set_voltage(&mut self, channel: ChannelId, voltage: Volts) -> Result<()> {
        self.touch(&format!("{voltage:.3} on"), channel, |output| {
            output.voltage = voltage.0;
        })
    }
    fn set_source_current(&mut self, channel: ChannelId, current: Amps) -> Result<()> {
        self.touch(&format!("source {current:.2} on"), channel, |_| ())
    }
    fn set_sink_current(&mut self, channel: ChannelId, current: Amps) -> Result<()> {
        self.touch(&format!("sink {current:.2} on"), channel, |_| ())
    }
    fn set_protection(&mut self, channel: ChannelId, protection: Protection) -> Result<()> {
        let volts = protection.over_voltage.unwrap_or_default();
        let amps = protection.over_current.unwrap_or_default();
        self.touch(&format!("protect {volts:.3}, {amps:.2} on"), channel, |o| {
            o.protected = true;
        })
    }
    fn set_output(&mut self, channel: ChannelId, on: bool) -> Result<()> {
        let word = if on { "turn on" } else { "turn off" };
        self.touch(word, channel, |output| {
            assert!(!on || output.protected, "on without protection");
            output.on = on;
        })
    }
    fn output(&mut self, channel: ChannelId) -> Result<bool> {
        self.touch("on?", channel, |output| output.on)
    }
    fn measure_voltage(&mut self, channel: ChannelId) -> Result<Volts> {
        self.touch("volts?", channel, |output| {
            Volts(if output.on { output.voltage } else { 0.0 })
        })
    }
    fn measure_current(&mut self, channel: ChannelId) -> Result<Amps> {
        self.touch("amps?", channel, |output| {
            Amps(if output.on { output.current } else { 0.0 })
        })
    }
    fn regulation(&mut self, _channel: ChannelId) -> Result<Regulation> {
        Ok(Regulation::Unknown)
    }
    fn clear_protection(&mut self, _channel: ChannelId) -> Result<()> {
        Ok(())
    }
}

impl ElectronicLoad for Scripted {
    fn set_mode(&mut self, channel: ChannelId, mode: LoadMode) -> Result<()> {
        self.touch(&format!("{mode:?} on"), channel, |output| {
            if let LoadMode::Current(Amps(level)) = mode {
                output.current = level;
            }
        })
    }
    fn set_input(&mut self, channel: ChannelId, on: bool) -> Result<()> {
        let word = if on { "turn on" } else { "turn off" };
        self.touch(word, channel, |output| output.on = on)
    }
    fn input(&mut self, channel: ChannelId) -> Result<bool> {
        self.touch("on?", channel, |output| output.on)
    }
    fn measure_voltage(&mut self, _channel: ChannelId) -> Result<Volts> {
        self.call("volts?").map(|_| Volts(13.2))
    }
    fn measure_current(&mut self, channel: ChannelId) -> Result<Amps> {
        self.touch("amps?", channel, |output| {
            Amps(if output.on { output.current } else { 0.0 })
        })
    }
}

impl Meter for Scripted {
    fn measure_voltages(&mut self, channels: &[ChannelId]) -> Result<Vec<Volts>> {
        let state = self.call(&format!("scan {} channels", channels.len()))?;
        let read = |channel: &ChannelId| {
            let cell = state.follows.get(&channel.0);
            let forced = cell.and_then(|supply| state.outputs.get(supply));
            let fixed = state.readings.get(&channel.0).copied();
            Volts(fixed.unwrap_or_else(|| {
                forced.map_or(0.0, |output| if output.on { output.voltage } else { 0.0 })
            }))
        };
        Ok(channels.iter().map(read).collect())
    }
    fn measure_temperatures(
        &mut self,
        _kind: ThermocoupleType,
        channels: &[ChannelId],
    ) -> Result<Vec<Celsius>> {
        let state = self.call("temperature")?;
        let read = |channel: &ChannelId| state.readings.get(&channel.0).copied();
        Ok(channels
            .iter()
            .map(|channel| Celsius(read(channel).unwrap_or(25.0)))
            .collect())
    }
}

impl Switch for Scripted {
    fn set_relays(&mut self, channels: &[ChannelId], closed: bool) -> Result<()> {
        let word = if closed { "close" } else { "open" };
        let list: Vec<String> = channels.iter().map(ToString::to_string).collect();
        let mut state = self.call(&format!("{word} {}", list.join(" ")))?;
        for channel in channels {
            if closed {
                state.closed.insert(channel.0);
            } else {
                state.closed.remove(&channel.0);
            }
        }
        Ok(())
    }
    fn relays(&mut self, channels: &[ChannelId]) -> Result<Vec<bool>> {
        let list: Vec<String> = channels.iter().map(ToString::to_string).collect();
        let state = self.call(&format!("closed? {}", list.join(" ")))?;
        Ok(channels
            .iter()
            .map(|channel| state.closed.contains(&channel.0))
            .collect())
    }
}

impl DigitalIo for Scripted {
    fn read_port(&mut self, _channel: ChannelId) -> Result<u8> {
        self.call("port").map(|state| state.port)
    }
    fn write_port(&mut self, _channel: ChannelId, _bits: u8) -> Result<()> {
        Ok(())
    }
}

impl Chamber for Scripted {
    fn set_temperature(&mut self, temperature: Celsius) -> Result<()> {
        let mut state = self.call(&format!("air {temperature}"))?;
        state.air = temperature.0;
        Ok(())
    }
    fn set_running(&mut self, running: bool) -> Result<()> {
        let mut state = self.call(if running { "run" } else { "standby" })?;
        state.running = running;
        Ok(())
    }
    fn temperature(&mut self) -> Result<Celsius> {
        self.call("air?").map(|state| Celsius(state.air))
    }
    fn stability(&self) -> Kelvin {
        Kelvin(0.5)
    }
    fn fastest_ramp(&self) -> KelvinPerMinute {
        KelvinPerMinute(3.0)
    }
}

impl Driver for Scripted {
    fn watchdog(&self) -> Option<Duration> {
        let state = self.state.lock();
        state.watchdog.filter(|_| self.kind == Kind::Supply)
    }
    fn kick(&mut self) -> Result<()> {
        self.call("kick").map(|_| ())
    }
    fn supply(&mut self) -> Option<&mut dyn PowerSupply> {
        (self.kind == Kind::Supply).then_some(self as _)
    }
    fn load(&mut self) -> Option<&mut dyn ElectronicLoad> {
        (self.kind == Kind::Load).then_some(self as _)
    }
    fn meter(&mut self) -> Option<&mut dyn Meter> {
        (self.kind == Kind::Daq).then_some(self as _)
    }
    fn switch(&mut self) -> Option<&mut dyn Switch> {
        (self.kind == Kind::Daq).then_some(self as _)
    }
    fn digital(&mut self) -> Option<&mut dyn DigitalIo> {
        (self.kind == Kind::Daq).then_some(self as _)
    }
    fn chamber(&mut self) -> Option<&mut dyn Chamber> {
        (self.kind == Kind::Chamber).then_some(self as _)
    }
}

struct HandClock(Shared, Cancel);

impl Clock for HandClock {
    fn now(&self) -> Duration {
        self.0.lock().now
    }
    fn sleep(&self, time: Duration) -> std::result::Result<(), Stopped> {
        self.1.check()?;
        self.0.lock().now += time;
        self.1.check()
    }
    fn sleep_through(&self, time: Duration) {
        self.0.lock().now += time;
    }
}

struct Radio(Shared);

impl Telemetry for Radio {
    fn latest(
        &mut self,
        _now: Duration,
    ) -> std::result::Result<Vec<Option<TelemetrySample>>, TelemetryError> {
        Ok(self.0.lock().reports.clone())
    }
}

struct Person(Shared);

impl Operator for Person {
    fn ask(&mut self, request: &Request) -> std::result::Result<Answer, OperatorError> {
        if request.kind == "silence" {
            return Err(OperatorError::Silent {
                instruction: request.instruction.clone(),
                within: request.within,
            });
        }
        let thinks = self.0.lock().thinks;
        let (_keep, never) = std::sync::mpsc::channel::<()>();
        let _thought = never.recv_timeout(thinks);
        Ok(Answer {
            who: "A. Tester".into(),
            text: "yes".into(),
            at: self.0.lock().now,
        })
    }
}

#[derive(Clone, Default)]
pub(crate) struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A bench file of the project on scripted instruments.
pub(crate) struct Rig {
    pub(crate) state: Shared,
    pub(crate) cancel: Cancel,
    pub(crate) written: Written,
    pub(crate) config: config::Bench,
    pub(crate) off_order: OffOrder,
    pub(crate) folder: Option<PathBuf>,
    pub(crate) missing: Option<String>,
}

pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// The project's statements, read once.
fn statements() -> Arc<config::Clauses> {
    static READ: OnceLock<Arc<config::Clauses>> = OnceLock::new();
    let read = || {
        let search = config::SearchPath::new(vec![fixtures()]);
        Arc::new(search.clauses().expect("the statements"))
    };
    Arc::clone(READ.get_or_init(read))
}

impl Rig {
    pub(crate) fn new(bench: &str) -> Self {
        let path = fixtures().join(format!("benches/{bench}.yaml"));
        let config = config::load_bench(&path).expect("a bench file of the project");
        let state = Shared::default();
        {
            let mut inner = state.lock();
            for role in &config.wiring.cells {
                let supply = (role.supply.instrument.clone(), role.supply.channel);
                inner.follows.insert(role.sense.channel, supply);
            }
            for at in config.wiring.sense.cells.iter().flatten() {
                inner.readings.insert(at.channel, 3.3);
            }
            if let Some(at) = &config.wiring.sense.pack {
                inner.readings.insert(at.channel, 13.2);
            }
            inner.air = 25.0;
            // Charge and load allowed, no pre-alarm.
            inner.port = 0b011;
        }
        Self {
            state,
            cancel: Cancel::new(),
            written: Written::default(),
            config,
            off_order: OffOrder::InTurn,
            folder: None,
            missing: None,
        }
    }

    pub(crate) fn parts(&self) -> Parts {
        let config = Arc::new(self.config.clone());
        let product = config.device.battery.clone();
        let search = config::SearchPath::new(vec![fixtures()]);
        let instruments = config
            .instruments
            .iter()
            .filter(|(id, _)| Some(*id) != self.missing.as_ref())
            .map(|(id, instrument)| {
                let kind = match instrument.driver.as_str() {
                    "bk-8514b" => Kind::Load,
                    "keysight-34980a" => Kind::Daq,
                    "espec-p300" => Kind::Chamber,
                    _ => Kind::Supply,
                };
                let scripted = Scripted {
                    id: id.clone(),
                    kind,
                    state: self.state.clone(),
                };
                (id.clone(), Box::new(scripted) as Box<dyn Driver>)
            })
            .collect();
        let recorder = match &self.folder {
            Some(folder) => {
                Recorder::create(folder, record::Flush::EveryEntry).expect("a new folder")
            }
            None => Recorder::into_writer(Box::new(self.written.clone())),
        };
        let log = self.state.clone();
        Parts {
            battery: search.battery_product(&product).expect("a product"),
            bms: search.bms_product("smallBMS").expect("a product"),
            clauses: statements(),
            instruments,
            clock: Arc::new(HandClock(self.state.clone(), self.cancel.clone())),
            cancel: self.cancel.clone(),
            telemetry: Some(Box::new(Radio(self.state.clone()))),
            operator: Box::new(Person(self.state.clone())),
            recorder,
            exchanges: Box::new(move || {
                let state = log.lock();
                let newest = state.log.last().cloned().unwrap_or_default();
                vec![ExchangeNote {
                    instrument: newest.split(' ').next().unwrap_or_default().into(),
                    sent: newest,
                    received: String::new(),
                    problem: "no answer".into(),
                }]
            }),
            left: None,
            off_order: self.off_order,
            config,
        }
    }

    pub(crate) fn open(&self) -> std::result::Result<Bench, BenchError> {
        Bench::open(self.parts())
    }

    /// Opened, with the log of opening thrown away.
    pub(crate) fn opened(&self) -> Bench {
        let bench = self.open().expect("a healthy bench opens");
        self.state.take_log();
        bench
    }

    pub(crate) fn journal(&self) -> Vec<Entry> {
        let bytes = self
            .written
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let mut entries = Vec::new();
        record::read_journal("journal", &bytes[..], |entry| entries.push(entry))
            .expect("a whole chain");
        entries
    }

    /// Events of the journal in short lines, from the `from`-th on.
    pub(crate) fn story(&self, from: usize) -> String {
        use record::Event;
        self.journal()
            .into_iter()
            .skip(from)
            .map(|entry| {
                let what = match entry.event {
                    Event::Command { role, action } => format!("command {role}: {action}"),
                    Event::Change {
                        what,
                        to,
                        not_before_s,
                        ..
                    } => format!("change {what}: {to} (not before {not_before_s:?})"),
                    Event::MadeSafe { why, proven, .. } => {
                        format!("made safe, proven {proven}: {why}")
                    }
                    Event::Exchange { sent, problem, .. } => format!("exchange {sent}: {problem}"),
                    Event::Judgement(judgement) => {
                        format!("judgement {}: {}", judgement.verdict, judgement.reason)
                    }
                    other => format!("{other:?}"),
                };
                format!("{:.1} {what}\n", entry.at_s)
            })
            .collect()
    }
}

pub(crate) fn secs(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}
