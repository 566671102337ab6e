//! Scanning: scan list, trigger, memory, monitor.

use std::collections::VecDeque;
use std::time::Duration;

use super::Kind;
use super::calendar::Calendar;
use super::setup::form;
use crate::action::{Function, SwitchAction};
use crate::fault::Fault;
use crate::scpi::{Call, Scpi};
use crate::value::{write_block, write_integer};

/// Readings the memory holds.
const MEMORY: usize = 50_000;
/// What scanning one channel takes: a power-line cycle at 50 Hz.
const CHANNEL_TIME: Duration = Duration::from_millis(20);
/// Sweeps caught up with at a time.
pub(super) const MOST_SWEEPS: u64 = 10_000;

/// Scan list, trigger and what has been read.
#[derive(Debug)]
pub(crate) struct Acquisition {
    scan: Vec<u16>,
    /// What is scanned while there is no scan list: the channels configured last.
    configured: Vec<u16>,
    /// Whether a scan list is kept in ascending order, each channel once.
    pub(super) ordered: bool,
    pub(super) calendar: Calendar,
    pub(super) source: Source,
    timer_s: f64,
    /// Sweeps of a scan; `None` goes on for ever.
    pub(super) count: Option<u64>,
    pub(super) running: Option<Running>,
    pub(super) memory: VecDeque<Reading>,
    monitored: Option<u16>,
    monitoring: bool,
    last_monitored: Option<Reading>,
}

impl Default for Acquisition {
    fn default() -> Self {
        Self {
            scan: Vec::new(),
            configured: Vec::new(),
            ordered: true,
            calendar: Calendar::default(),
            source: Source::Immediate,
            timer_s: 10.0,
            count: Some(1),
            running: None,
            memory: VecDeque::new(),
            monitored: None,
            monitoring: false,
            last_monitored: None,
        }
    }
}

impl Acquisition {
    /// As after power-on, but for the calendar.
    pub(super) fn reset(&mut self) {
        *self = Self {
            calendar: self.calendar,
            ..Self::default()
        };
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Immediate,
    Timer,
    Bus,
    External,
}

static SOURCES: [(&str, Source); 8] = [
    ("IMMediate", Source::Immediate),
    ("TIMer", Source::Timer),
    ("BUS", Source::Bus),
    ("EXTernal", Source::External),
    ("ALARm", Source::External),
    ("ALARm1", Source::External),
    ("ALARm2", Source::External),
    ("ABSolute", Source::Timer),
];

#[derive(Debug, Clone, Copy)]
pub(super) struct Running {
    /// When it was started.
    since: Duration,
    next: Duration,
    left: Option<u64>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub(super) channel: u16,
    pub(super) value: f64,
    pub(super) at: Duration,
    /// Since the scan was started.
    pub(super) after: Duration,
    pub(super) unit: &'static str,
}

impl Scpi {
    fn set_scan(&mut self, mut channels: Vec<u16>) {
        let acquisition = &mut self.switch.acquisition;
        if acquisition.ordered {
            channels.sort_unstable();
            channels.dedup();
        }
        acquisition.scan = channels;
        acquisition.running = None;
        acquisition.memory.clear();
    }

    /// Configuring leaves the scan list alone, but makes one where there is none.
    pub(super) fn note_configured(&mut self, channels: Vec<u16>) {
        let acquisition = &mut self.switch.acquisition;
        acquisition.configured = channels;
        acquisition.configured.sort_unstable();
        acquisition.configured.dedup();
    }

    pub(super) fn scanned(&self) -> Vec<u16> {
        let acquisition = &self.switch.acquisition;
        let list = &acquisition.scan;
        if self.switch.cards.frame().is_meter() {
            vec![1; self.samples()]
        } else if list.is_empty() {
            acquisition.configured.clone()
        } else {
            list.clone()
        }
    }

    /// Readings that a meter takes for each trigger.
    fn samples(&self) -> usize {
        let setting = self.table.names.get("samples");
        let samples = setting.map_or(1.0, |&at| self.numeric_at(self.table.settings[at].place));
        (samples as usize).clamp(1, MEMORY)
    }

    /// Throws away what is in the memory and reads each of these channels once.
    pub(super) fn measure_now(&mut self, channels: &[u16], out: &mut Vec<u8>) {
        self.switch.acquisition.running = None;
        self.switch.acquisition.memory.clear();
        self.sweep(channels);
        self.write_memory(out);
    }

    /// Reads channels one after the other into the memory.
    pub(super) fn sweep(&mut self, channels: &[u16]) {
        let at = self.terminals.now();
        let since = self
            .switch
            .acquisition
            .running
            .map_or(at, |running| running.since);
        for &channel in channels {
            let reading = self.reading(channel, at, since);
            let memory = &mut self.switch.acquisition.memory;
            if memory.len() == MEMORY {
                memory.pop_front();
            }
            memory.push_back(reading);
        }
    }

    fn reading(&mut self, channel: u16, at: Duration, since: Duration) -> Reading {
        let value = self.measure_channel(channel);
        let function = self.switch.function(channel);
        let unit = match self.switch.setups.get(&(channel, function)) {
            None => "",
            Some(setup) => match function {
                Function::Voltage | Function::Diode => "VDC",
                Function::VoltageAc => "VAC",
                Function::Current => "ADC",
                Function::CurrentAc => "AAC",
                Function::Resistance | Function::FourWireResistance | Function::Continuity => "OHM",
                Function::Capacitance => "F",
                Function::Temperature => setup.unit,
                Function::Frequency => "HZ",
                Function::Period => "SEC",
            },
        };
        Reading {
            channel,
            value,
            at,
            after: at.saturating_sub(since),
            unit,
        }
    }

    /// Does the sweeps that have come due.
    pub(super) fn catch_up(&mut self) {
        let now = self.terminals.now();
        for _ in 0..MOST_SWEEPS {
            let acquisition = &mut self.switch.acquisition;
            let Some(mut running) = acquisition.running else {
                return;
            };
            let waits = matches!(acquisition.source, Source::Bus | Source::External);
            if waits || running.next > now {
                return;
            }
            running.next += sweep_period(acquisition);
            let over = finish_one(&mut running);
            acquisition.running = Some(running);
            let channels = self.scanned();
            self.sweep(&channels);
            if over {
                self.switch.acquisition.running = None;
            }
        }
    }

    /// `*TRG`.
    pub(crate) fn trigger(&mut self) -> Result<(), Fault> {
        let acquisition = &mut self.switch.acquisition;
        let Some(mut running) = acquisition.running else {
            return Err(Fault::TRIGGER_IGNORED);
        };
        if acquisition.source != Source::Bus {
            return Err(Fault::TRIGGER_IGNORED);
        }
        let over = finish_one(&mut running);
        acquisition.running = Some(running);
        let channels = self.scanned();
        self.sweep(&channels);
        if over {
            self.switch.acquisition.running = None;
        }
        Ok(())
    }

    pub(super) fn acquire(
        &mut self,
        what: SwitchAction,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        match what {
            SwitchAction::Scan
            | SwitchAction::ScanSize
            | SwitchAction::ScanAdd
            | SwitchAction::ScanRemove
            | SwitchAction::ScanOrdered => self.scan(what, call, out),
            SwitchAction::Date | SwitchAction::Time => self.set_calendar(what, call, out),
            SwitchAction::Monitor | SwitchAction::MonitorState | SwitchAction::MonitorData => {
                self.monitor(what, call, out)
            }
            SwitchAction::TriggerSource
            | SwitchAction::TriggerTimer
            | SwitchAction::TriggerCount => self.trigger_set_up(what, call, out),
            SwitchAction::Initiate => self.initiate(),
            SwitchAction::Abort => {
                self.switch.acquisition.running = None;
                Ok(())
            }
            _ => self.memory(what, call, out),
        }
    }

    fn scan(
        &mut self,
        what: SwitchAction,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        if what == SwitchAction::ScanOrdered && !call.query {
            let [on] = call.exactly()?;
            self.switch.acquisition.ordered = on.boolean()?;
            return Ok(());
        }
        if !call.query {
            let [list] = call.exactly()?;
            let kinds = [Kind::Mux, Kind::Current, Kind::Digital];
            let channels = self.switch.list_of(list, &kinds)?;
            let mut scan = self.switch.acquisition.scan.clone();
            match what {
                SwitchAction::ScanAdd => scan.extend(channels),
                SwitchAction::ScanRemove => scan.retain(|channel| !channels.contains(channel)),
                _ => scan = channels,
            }
            self.set_scan(scan);
            return Ok(());
        }
        call.at_most(0)?;
        let acquisition = &self.switch.acquisition;
        match what {
            SwitchAction::ScanSize => {
                write_integer(
                    i64::try_from(acquisition.scan.len()).unwrap_or(i64::MAX),
                    out,
                );
            }
            SwitchAction::ScanOrdered => out.push(b'0' + u8::from(acquisition.ordered)),
            _ => write_list(&acquisition.scan, out),
        }
        Ok(())
    }

    fn set_calendar(
        &mut self,
        what: SwitchAction,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        let now = self.terminals.now();
        let calendar = &mut self.switch.acquisition.calendar;
        if call.query {
            call.at_most(0)?;
            let mut all = Vec::new();
            calendar.write(now, &mut all);
            let date = all
                .iter()
                .enumerate()
                .filter(|(_, byte)| **byte == b',')
                .nth(2);
            let cut = date.map_or(0, |(at, _)| at);
            let part = if what == SwitchAction::Date {
                &all[..cut]
            } else {
                &all[cut + 1..]
            };
            out.extend_from_slice(part);
            return Ok(());
        }
        let [first, second, third] = call.exactly()?;
        if what == SwitchAction::Date {
            let (year, month) = (first.integer(2000, 2099)?, second.integer(1, 12)?);
            calendar.set_date(now, year, month, third.integer(1, 31)?)
        } else {
            let (hour, minute) = (first.integer(0, 23)?, second.integer(0, 59)?);
            let seconds = third.number("S")?;
            if !(0.0..60.0).contains(&seconds) {
                return Err(Fault::OUT_OF_RANGE);
            }
            calendar.set_time(now, hour, minute, seconds);
            Ok(())
        }
    }

    fn initiate(&mut self) -> Result<(), Fault> {
        let now = self.terminals.now();
        let nothing = self.scanned().is_empty();
        let acquisition = &mut self.switch.acquisition;
        if acquisition.running.is_some() {
            return Err(Fault::INIT_IGNORED);
        }
        if nothing {
            return Err(Fault::SETTINGS_CONFLICT);
        }
        acquisition.memory.clear();
        let left = acquisition.count;
        acquisition.running = Some(Running {
            since: now,
            next: now,
            left,
        });
        self.catch_up();
        Ok(())
    }

    fn monitor(
        &mut self,
        what: SwitchAction,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        match (what, call.query) {
            (SwitchAction::Monitor, false) => {
                let [list] = call.exactly()?;
                let kinds = [Kind::Mux, Kind::Current, Kind::Digital];
                let channels = self.switch.list_of(list, &kinds)?;
                let [channel] = channels[..] else {
                    return Err(Fault::ILLEGAL_VALUE);
                };
                self.switch.acquisition.monitored = Some(channel);
            }
            (SwitchAction::Monitor, true) => {
                let channel = self.switch.acquisition.monitored;
                write_list(channel.as_slice(), out);
            }
            (SwitchAction::MonitorState, false) => {
                let [on] = call.exactly()?;
                let on = on.boolean()?;
                if on && self.switch.acquisition.monitored.is_none() {
                    return Err(Fault::SETTINGS_CONFLICT);
                }
                self.switch.acquisition.monitoring = on;
            }
            (SwitchAction::MonitorState, true) => {
                out.push(b'0' + u8::from(self.switch.acquisition.monitoring));
            }
            _ => {
                let acquisition = &self.switch.acquisition;
                if let Some(channel) = acquisition.monitored.filter(|_| acquisition.monitoring) {
                    let now = self.terminals.now();
                    let reading = self.reading(channel, now, now);
                    self.switch.acquisition.last_monitored = Some(reading);
                }
                match self.switch.acquisition.last_monitored {
                    Some(reading) => self.write_reading(&reading, out),
                    None => out.extend_from_slice(b"+9.91000000E+37"),
                }
            }
        }
        Ok(())
    }

    fn trigger_set_up(
        &mut self,
        what: SwitchAction,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        let acquisition = &mut self.switch.acquisition;
        if call.query {
            match what {
                SwitchAction::TriggerSource => {
                    let known = SOURCES
                        .iter()
                        .find(|(_, source)| *source == acquisition.source);
                    let name = known.map_or("IMMediate", |(name, _)| name);
                    out.extend_from_slice(crate::setting::short_form(name).as_bytes());
                }
                SwitchAction::TriggerTimer => form().write(acquisition.timer_s, out),
                _ => {
                    let count = acquisition.count.map_or(9.9e37, |count| count as f64);
                    form().write(count, out);
                }
            }
            return Ok(());
        }
        let [datum] = call.exactly()?;
        match what {
            SwitchAction::TriggerSource => {
                let (_, source) = SOURCES
                    .iter()
                    .find(|(name, _)| datum.is(name))
                    .ok_or(Fault::ILLEGAL_VALUE)?;
                acquisition.source = *source;
            }
            SwitchAction::TriggerTimer => {
                let seconds = match datum {
                    minimum if minimum.is("MINimum") => 0.0,
                    maximum if maximum.is("MAXimum") => 360_000.0,
                    other => other.number("S")?,
                };
                if !(0.0..=360_000.0).contains(&seconds) {
                    return Err(Fault::OUT_OF_RANGE);
                }
                acquisition.timer_s = seconds;
                acquisition.source = Source::Timer;
            }
            _ => {
                acquisition.count = if datum.is("INFinity") {
                    None
                } else if datum.is("MINimum") || datum.is("DEFault") {
                    Some(1)
                } else if datum.is("MAXimum") {
                    Some(500_000)
                } else {
                    u64::try_from(datum.integer(1, 500_000)?).ok()
                };
            }
        }
        Ok(())
    }
}

/// Takes a sweep off what's left; whether that was the last.
fn finish_one(running: &mut Running) -> bool {
    match &mut running.left {
        None => false,
        Some(left) => {
            *left = left.saturating_sub(1);
            *left == 0
        }
    }
}

fn sweep_period(acquisition: &Acquisition) -> Duration {
    let channels = u32::try_from(acquisition.scan.len())
        .unwrap_or(u32::MAX)
        .max(1);
    let shortest = CHANNEL_TIME.saturating_mul(channels);
    match acquisition.source {
        Source::Timer => Duration::from_secs_f64(acquisition.timer_s).max(shortest),
        Source::Immediate | Source::Bus | Source::External => shortest,
    }
}

/// `#213(@1001,1002)`.
fn write_list(channels: &[u16], out: &mut Vec<u8>) {
    let names: Vec<String> = channels.iter().map(u16::to_string).collect();
    write_block(format!("(@{})", names.join(",")).as_bytes(), out);
}
