//! What every SCPI instrument does: IEEE 488.2, registers, error queue, remote control, settings.

use std::io::Write;

use crate::action::{Common, Control, Level, Part, RegisterAction};
use crate::chamber::ChamberMemory;
use crate::channels::named;
use crate::fault::Fault;
use crate::params::Datum;
use crate::port::PortMemory;
use crate::scpi::{Call, Remote, Scpi};
use crate::status::{REGISTER_BITS, Register, Status};
use crate::table::Table;
use crate::value::{Value, write_integer};

type Done = Result<(), Fault>;

/// The last place that `*SAV` can write to.
const PLACES: i64 = 10;

impl Scpi {
    pub(crate) fn common(
        &mut self,
        table: &Table,
        what: Common,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Done {
        match what {
            Common::Identity => {
                call.at_most(0)?;
                out.extend_from_slice(self.identity.as_bytes());
            }
            Common::ClearStatus => {
                call.at_most(0)?;
                self.status.clear();
            }
            Common::EventEnable if call.query => {
                write_integer(self.status.event_enable.into(), out);
            }
            Common::EventEnable => self.status.event_enable = byte(call)?,
            Common::EventStatus => write_integer(self.status.take_event().into(), out),
            Common::ServiceEnable if call.query => {
                write_integer(self.status.service_enable().into(), out);
            }
            Common::ServiceEnable => {
                let mask = byte(call)?;
                self.status.set_service_enable(mask);
            }
            Common::StatusByte => {
                self.refresh(table);
                write_integer(self.status.byte(call.answered).into(), out);
            }
            Common::OperationComplete if call.query => out.push(b'1'),
            Common::OperationComplete => self.status.operation_complete(),
            Common::Reset => {
                call.at_most(0)?;
                self.reset(table);
            }
            Common::Wait => call.at_most(0)?,
            Common::SelfTest => out.push(b'0'),
            Common::Save => {
                let [place] = call.exactly()?;
                self.saved
                    .insert(place.integer(0, PLACES)?, self.values.clone());
            }
            Common::Recall => self.recall(table, call)?,
            Common::Trigger => self.trigger()?,
            Common::PowerOnClear if call.query => out.push(b'0' + u8::from(self.power_on_clear)),
            Common::PowerOnClear => {
                let [state] = call.exactly()?;
                self.power_on_clear = state.boolean()?;
            }
            Common::StatusPreset => self.status.preset(),
            Common::StatusWord => {
                let bits = self.status_word(table);
                let word = table.raw.word.replace("{hex}", &format!("{bits:x}"));
                out.extend_from_slice(word.as_bytes());
            }
            Common::NextError
            | Common::AllErrors
            | Common::ErrorCount
            | Common::NextErrorCode
            | Common::AllErrorCodes => self.errors(table, what, out),
        }
        Ok(())
    }

    fn errors(&mut self, table: &Table, what: Common, out: &mut Vec<u8>) {
        self.refresh(table);
        if what == Common::ErrorCount {
            write_integer(
                i64::try_from(self.status.error_count()).unwrap_or(i64::MAX),
                out,
            );
            return;
        }
        let code_only = matches!(what, Common::NextErrorCode | Common::AllErrorCodes);
        let all = matches!(what, Common::AllErrors | Common::AllErrorCodes);
        let mut first = true;
        loop {
            let fault = self.status.next_error();
            if fault.is_none() && !first {
                return;
            }
            if !first {
                out.push(b',');
            }
            first = false;
            match (fault, code_only) {
                (None, true) => out.push(b'0'),
                (None, false) => out.extend_from_slice(table.raw.errors.clean.as_bytes()),
                (Some(fault), true) => write_integer(fault.0.into(), out),
                (Some(fault), false) => {
                    let errors = &table.raw.errors;
                    let text = errors.texts.get(&fault.0);
                    let text = text.map_or_else(|| fault.standard_text(), String::as_str);
                    let entry = errors
                        .entry
                        .replace("{code}", &fault.0.to_string())
                        .replace("{signed}", &format!("{:+}", fault.0))
                        .replace("{text}", text);
                    out.extend_from_slice(entry.as_bytes());
                }
            }
            if !all || fault.is_none() {
                return;
            }
        }
    }

    /// `*RST`: settings as they were made, outputs off, first channel.
    fn reset(&mut self, table: &Table) {
        for setting in table.settings.iter().filter(|setting| !setting.keeps) {
            let defaults = &setting.defaults;
            self.values[setting.place..setting.place + defaults.len()].clone_from_slice(defaults);
        }
        self.selected = 1;
        self.switch.reset(self.terminals.as_mut());
        self.apply_all();
        self.clear_trips(None, &[]);
    }

    /// Off and on again: nothing is kept but what `*SAV` saved.
    pub(crate) fn power_on(&mut self) {
        let table = self.table.clone();
        self.values.clone_from(&table.defaults);
        self.reset(&table);
        let channels = usize::from(table.channels);
        self.status = Status::new(channels, table.raw.errors.capacity);
        self.ports = vec![PortMemory::default(); channels];
        self.remote = Remote::of(&table);
        self.power_on_clear = true;
        self.chamber = ChamberMemory::default();
        self.apply_all();
        self.act_chamber(&table);
        self.act_resistor(&table);
    }

    /// `*RCL`: never turns an output on.
    fn recall(&mut self, table: &Table, call: &Call<'_>) -> Done {
        let [place] = call.exactly()?;
        let place = place.integer(0, PLACES)?;
        self.values = self.saved.get(&place).ok_or(Fault::SAVE_LOST)?.clone();
        for output in [table.ports.output, table.ports.general]
            .into_iter()
            .flatten()
        {
            let setting = &table.settings[output];
            let copies = setting.defaults.len();
            self.values[setting.place..setting.place + copies].fill(Value::Switch(false));
        }
        self.apply_all();
        Ok(())
    }

    pub(crate) fn register(
        &mut self,
        table: &Table,
        what: RegisterAction,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Done {
        self.refresh(table);
        let tree = self.status.tree(what.tree);
        tree.propagate();
        let register: &mut Register = match what.level {
            Level::Top => &mut tree.top,
            Level::Instrument => &mut tree.instrument,
            Level::Channel => tree
                .channels
                .get_mut(usize::from(call.channel) - 1)
                .ok_or(Fault::SUFFIX_OUT_OF_RANGE)?,
        };
        if call.query {
            let bits = match what.part {
                Part::Event => register.take_event(),
                Part::Condition => register.condition(),
                Part::Enable => register.enable,
                Part::Rising => register.rising,
                Part::Falling => register.falling,
            };
            tree.propagate();
            write_integer(bits.into(), out);
            return Ok(());
        }
        let [mask] = call.exactly()?;
        let mask = mask.integer(0, 0xffff)?;
        let mask = u16::try_from(mask).map_err(|_| Fault::OUT_OF_RANGE)? & REGISTER_BITS;
        match what.part {
            Part::Enable => register.enable = mask,
            Part::Rising => register.rising = mask,
            Part::Falling => register.falling = mask,
            Part::Event | Part::Condition => return Err(Fault::UNDEFINED_HEADER),
        }
        tree.propagate();
        Ok(())
    }

    pub(crate) fn control(
        &mut self,
        table: &Table,
        what: Control,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Done {
        match what {
            Control::Remote => self.remote = Remote::Unlocked,
            Control::RemoteLocked => self.remote = Remote::Locked,
            Control::Local => self.leave_remote(table),
            Control::Lock if call.query => {
                let on = usize::from(self.remote != Remote::Local);
                out.extend_from_slice(table.raw.booleans[on].as_bytes());
            }
            Control::Lock => {
                let [on] = call.exactly()?;
                if on.boolean()? {
                    self.remote = Remote::Locked;
                } else {
                    self.leave_remote(table);
                }
            }
            Control::RemoteMode if call.query => {
                let mode = match self.remote {
                    Remote::Local => "LOC",
                    Remote::Unlocked => "REM",
                    Remote::Locked => "LLO",
                };
                out.extend_from_slice(mode.as_bytes());
            }
            Control::RemoteMode => {
                let [mode] = call.exactly()?;
                if mode.is("LOCal") {
                    self.leave_remote(table);
                    self.remote = Remote::Local;
                } else if mode.is("REMote") {
                    self.remote = Remote::Unlocked;
                } else if mode.is("LLO") {
                    self.remote = Remote::Locked;
                } else {
                    return Err(Fault::ILLEGAL_VALUE);
                }
            }
            Control::LockOwner => {
                let owner = if self.remote == Remote::Local {
                    "NONE"
                } else {
                    "REMOTE"
                };
                out.extend_from_slice(owner.as_bytes());
            }
            Control::SelectNumber if call.query => write_integer(self.selected.into(), out),
            Control::SelectNumber => {
                let [channel] = call.exactly()?;
                let most = i64::from(table.channels);
                self.selected =
                    u16::try_from(channel.integer(1, most)?).map_err(|_| Fault::OUT_OF_RANGE)?;
            }
            Control::SelectName if call.query => {
                // Writing to a vector can't fail.
                let _ = write!(out, "{}{}", table.raw.channel_name, self.selected);
            }
            Control::SelectName => self.select_by_name(table, call)?,
        }
        Ok(())
    }

    fn select_by_name(&mut self, table: &Table, call: &Call<'_>) -> Done {
        let [name] = call.exactly()?;
        let channel = match name {
            Datum::Number(_) => name.integer(1, table.channels.into())?,
            Datum::Word(_) => named(table, name).ok_or(Fault::ILLEGAL_VALUE)?.into(),
            Datum::Quantity(..)
            | Datum::Integer(_)
            | Datum::Text(_)
            | Datum::Block(_)
            | Datum::Expression(_) => return Err(Fault::DATA_TYPE),
        };
        let channel = u16::try_from(channel).map_err(|_| Fault::OUT_OF_RANGE)?;
        if channel == 0 || channel > table.channels {
            return Err(Fault::OUT_OF_RANGE);
        }
        self.selected = channel;
        Ok(())
    }

    fn leave_remote(&mut self, table: &Table) {
        let Some(remote) = &table.raw.remote else {
            return;
        };
        self.remote = Remote::Local;
        if remote.output_off_after {
            for channel in 1..=table.channels {
                self.turn_off(table, channel);
            }
        }
    }
}

fn byte(call: &Call<'_>) -> Result<u8, Fault> {
    let [mask] = call.exactly()?;
    u8::try_from(mask.integer(0, 255)?).map_err(|_| Fault::OUT_OF_RANGE)
}
