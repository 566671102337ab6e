//! What has been read: fetched, removed, formatted.

use std::io::Write;

use super::acquire::{MOST_SWEEPS, Reading, Source};
use super::setup::form;
use super::{Kind, with_list};
use crate::action::{Statistic, SwitchAction};
use crate::fault::Fault;
use crate::scpi::{Call, Scpi};
use crate::value::{Value, write_block, write_integer};

impl Scpi {
    pub(super) fn memory(
        &mut self,
        what: SwitchAction,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        match what {
            SwitchAction::Read => return self.read(call, out),
            SwitchAction::Last => return self.last(call, out),
            SwitchAction::Points => {
                let count = self.switch.acquisition.memory.len();
                write_integer(i64::try_from(count).unwrap_or(i64::MAX), out);
            }
            SwitchAction::Summary(statistic) => self.summary(statistic, out)?,
            SwitchAction::Fetch => {
                if self.switch.acquisition.memory.is_empty() {
                    return Err(Fault::STALE_DATA);
                }
                self.write_memory(out);
            }
            SwitchAction::Remove => {
                let [count] = call.exactly()?;
                let count = count.integer(1, 500_000)?;
                let there = self.switch.acquisition.memory.len();
                let count = usize::try_from(count).map_err(|_| Fault::OUT_OF_RANGE)?;
                if count > there {
                    return Err(Fault::OUT_OF_RANGE);
                }
                self.remove(count, out);
            }
            _ => {
                let there = self.switch.acquisition.memory.len();
                let most = match call.optional()? {
                    None => there,
                    Some(most) => usize::try_from(most.integer(1, 500_000)?).unwrap_or(there),
                };
                let mut text = Vec::new();
                self.remove(most.min(there), &mut text);
                write_block(&text, out);
            }
        }
        Ok(())
    }

    /// `READ?`: all sweeps of a scan at once, whatever its trigger would wait for in between.
    fn read(&mut self, call: &Call<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
        let channels = match call.optional()? {
            None => self.scanned(),
            Some(list) => {
                let kinds = [Kind::Mux, Kind::Current, Kind::Digital];
                let mut channels = self.switch.list_of(list, &kinds)?;
                if self.switch.acquisition.ordered {
                    channels.sort_unstable();
                    channels.dedup();
                }
                channels
            }
        };
        let acquisition = &mut self.switch.acquisition;
        let waits = matches!(acquisition.source, Source::Bus | Source::External);
        let Some(count) = acquisition.count.filter(|_| !waits && !channels.is_empty()) else {
            return Err(Fault::SETTINGS_CONFLICT);
        };
        acquisition.memory.clear();
        acquisition.running = None;
        for _ in 0..count.min(MOST_SWEEPS) {
            self.sweep(&channels);
        }
        self.write_memory(out);
        Ok(())
    }

    /// `DATA:LAST? [n,](@channel)`: the newest readings of a channel, with unit.
    fn last(&mut self, call: &Call<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
        let (before, list) = with_list(call)?;
        let count = match before {
            [] => 1,
            [count] => count.integer(1, 500_000)?,
            _ => return Err(Fault::PARAMETER_NOT_ALLOWED),
        };
        let channels = self.switch.list(list)?;
        let [channel] = channels[..] else {
            return Err(Fault::ILLEGAL_VALUE);
        };
        let count = usize::try_from(count).map_err(|_| Fault::OUT_OF_RANGE)?;
        let memory = &self.switch.acquisition.memory;
        let of_channel = memory
            .iter()
            .rev()
            .filter(|reading| reading.channel == channel);
        let mut found: Vec<Reading> = of_channel.take(count).copied().collect();
        found.reverse();
        if found.is_empty() {
            return Err(Fault::STALE_DATA);
        }
        for (at, reading) in found.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            form().write(reading.value, out);
            // Writing to a vector can't fail.
            let _ = write!(out, " {}", reading.unit);
        }
        Ok(())
    }

    /// What the readings in the memory come to.
    fn summary(&self, statistic: Statistic, out: &mut Vec<u8>) -> Result<(), Fault> {
        let values = || self.switch.acquisition.memory.iter().map(|one| one.value);
        let count = values().count();
        if count == 0 {
            return Err(Fault::STALE_DATA);
        }
        let mean = values().sum::<f64>() / count as f64;
        let (least, most) = (
            values().fold(f64::INFINITY, f64::min),
            values().fold(f64::NEG_INFINITY, f64::max),
        );
        let all: &[f64] = match statistic {
            Statistic::Mean => &[mean],
            Statistic::Minimum => &[least],
            Statistic::Maximum => &[most],
            Statistic::All => &[mean, 0.0, least, most],
        };
        for (at, value) in all.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            form().write(*value, out);
        }
        Ok(())
    }

    fn remove(&mut self, count: usize, out: &mut Vec<u8>) {
        let readings: Vec<Reading> = self.switch.acquisition.memory.drain(..count).collect();
        self.write_readings(&readings, out);
    }

    pub(super) fn write_memory(&self, out: &mut Vec<u8>) {
        let readings: Vec<Reading> = self.switch.acquisition.memory.iter().copied().collect();
        self.write_readings(&readings, out);
    }

    fn write_readings(&self, readings: &[Reading], out: &mut Vec<u8>) {
        for (at, reading) in readings.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            self.write_reading(reading, out);
        }
    }

    /// A reading with whatever `FORM:READ:…` adds to it.
    pub(super) fn write_reading(&self, reading: &Reading, out: &mut Vec<u8>) {
        form().write(reading.value, out);
        if self.format_is_on("reading_unit") {
            // Writing to a vector can't fail.
            let _ = write!(out, " {}", reading.unit);
        }
        if self.format_is_on("reading_time") {
            out.push(b',');
            if self.format_is_on("reading_time_absolute") {
                self.switch.acquisition.calendar.write(reading.at, out);
            } else {
                // Writing to a vector can't fail.
                let _ = write!(out, "{:013.3}", reading.after.as_secs_f64());
            }
        }
        if self.format_is_on("reading_channel") {
            // Writing to a vector can't fail.
            let _ = write!(out, ",{}", reading.channel);
        }
        if self.format_is_on("reading_alarm") {
            out.extend_from_slice(b",0");
        }
    }

    /// A switch of the dialect, or whether a choice isn't at its first keyword.
    fn format_is_on(&self, name: &str) -> bool {
        let Some(&at) = self.table.names.get(name) else {
            return false;
        };
        match self.values[Self::place(&self.table.settings[at], 1)] {
            Value::Switch(on) => on,
            Value::Choice(chosen) => chosen > 0,
            Value::Number(_) | Value::Text(_) => false,
        }
    }
}
