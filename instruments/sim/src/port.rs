//! Supplies and loads: from settings to a port's law, and back from the port to answers.

use std::time::Duration;

use crate::action::{PortAction, Quantity};
use crate::channels::named;
use crate::fault::Fault;
use crate::scpi::{Call, Scpi};
use crate::setting::{Kind, short_form};
use crate::statistic::Statistics;
use crate::table::Table;
use crate::terminals::{LoadLaw, LoadMode, PortLaw, PortMode, PortState, SourceLaw, Trip};
use crate::value::{Value, write_integer};

type Done = Result<(), Fault>;

/// What an instrument knows about one of its ports.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PortMemory {
    /// As last put on the port.
    law: Option<PortLaw>,
    /// As last seen, until cleared.
    pub(crate) tripped: Option<Trip>,
    /// Whether the output was on until the trip.
    was_on: bool,
    statistics: Statistics,
}

impl Scpi {
    pub(crate) fn value_of(
        &self,
        table: &Table,
        which: Option<usize>,
        channel: u16,
    ) -> Option<&Value> {
        which.map(|which| &self.values[Self::place(&table.settings[which], channel)])
    }

    fn number_of(&self, table: &Table, which: Option<usize>, channel: u16) -> Option<f64> {
        match self.value_of(table, which, channel) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// A switch; `otherwise` where the dialect has none.
    pub(crate) fn is_on(
        &self,
        table: &Table,
        which: Option<usize>,
        channel: u16,
        otherwise: bool,
    ) -> bool {
        match self.value_of(table, which, channel) {
            Some(Value::Switch(on)) => *on,
            _ => otherwise,
        }
    }

    fn keyword_of(&self, table: &Table, which: Option<usize>, channel: u16) -> Option<String> {
        let which = which?;
        match (
            &table.settings[which].kind,
            self.value_of(table, Some(which), channel)?,
        ) {
            (Kind::Choice { of, .. }, Value::Choice(at)) => Some(short_form(&of[*at])),
            _ => None,
        }
    }

    fn put(&mut self, table: &Table, which: Option<usize>, channel: u16, on: bool) {
        if let Some(which) = which {
            let place = Self::place(&table.settings[which], channel);
            self.values[place] = Value::Switch(on);
        }
    }

    pub(crate) fn apply_all(&mut self) {
        let table = self.table.clone();
        for channel in 1..=table.channels {
            self.apply(&table, channel);
        }
    }

    /// Puts the law that the settings make on a port, if it's another one than before.
    pub(crate) fn apply(&mut self, table: &Table, channel: u16) {
        if table.ports.output.is_none() {
            return;
        }
        let law = self.law(table, channel);
        let Some(memory) = self.ports.get_mut(usize::from(channel) - 1) else {
            return;
        };
        if memory.law != Some(law) {
            memory.law = Some(law);
            self.terminals.set_port(channel, law);
        }
    }

    fn law(&self, table: &Table, channel: u16) -> PortLaw {
        let ports = &table.ports;
        if !self.is_on(table, ports.output, channel, false) {
            return PortLaw::Off;
        }
        if ports.function.is_some() {
            return self.load_law(table, channel);
        }
        let rating = |name: &str| rating(table, name, channel);
        let number = |which| self.number_of(table, which, channel);
        let guarded = |level, on| number(level).filter(|_| self.is_on(table, on, channel, true));
        let source_limit_a = number(ports.current).unwrap_or(0.0);
        let source_limit_w = number(ports.power).unwrap_or_else(|| rating("power"));
        let sinks = self.keyword_of(table, ports.quadrants, channel).as_deref() != Some("SOUR");
        let (sink_limit_a, sink_limit_w) = if sinks {
            (
                number(ports.sink_current)
                    .unwrap_or_else(|| rating("sink_current").min(source_limit_a)),
                number(ports.sink_power).unwrap_or_else(|| rating("sink_power")),
            )
        } else {
            (0.0, 0.0)
        };
        let fuse = self
            .is_on(table, ports.fuse_on, channel, false)
            .then(|| Duration::from_secs_f64(number(ports.fuse_delay).unwrap_or(0.0).max(0.0)));
        PortLaw::Source(SourceLaw {
            voltage_v: number(ports.voltage).unwrap_or(0.0),
            source_limit_a,
            sink_limit_a,
            source_limit_w,
            sink_limit_w,
            ovp_v: guarded(ports.ovp, ports.ovp_on),
            ocp_a: guarded(ports.ocp, ports.ocp_on),
            sink_ocp_a: guarded(ports.sink_ocp, None),
            opp_w: guarded(ports.opp, ports.opp_on),
            fuse,
        })
    }

    fn load_law(&self, table: &Table, channel: u16) -> PortLaw {
        let ports = &table.ports;
        let rating = |name: &str| rating(table, name, channel);
        let number = |which| self.number_of(table, which, channel);
        let guarded = |level, on| number(level).filter(|_| self.is_on(table, on, channel, true));
        let level = |which| number(which).unwrap_or(0.0);
        let mode = if self.is_on(table, ports.short, channel, false) {
            LoadMode::Short
        } else {
            match self.keyword_of(table, ports.function, channel).as_deref() {
                Some("VOLT") => LoadMode::Voltage(level(ports.voltage)),
                Some("POW") => LoadMode::Power(level(ports.power)),
                Some("RES") => LoadMode::Resistance(level(ports.resistance)),
                _ => LoadMode::Current(level(ports.current)),
            }
        };
        PortLaw::Load(LoadLaw {
            mode,
            voltage_on_v: level(ports.voltage_on),
            limit_a: rating("current"),
            limit_w: rating("power"),
            ovp_v: guarded(ports.ovp, ports.ovp_on),
            ocp_a: guarded(ports.ocp, ports.ocp_on),
            opp_w: guarded(ports.opp, ports.opp_on),
        })
    }

    /// The port now. A trip seen for the first time turns the output off for good.
    pub(crate) fn poll(&mut self, table: &Table, channel: u16) -> PortState {
        let state = self.terminals.port(channel);
        let at = usize::from(channel) - 1;
        if let Some(trip) = state.tripped
            && self.ports[at].tripped != Some(trip)
        {
            self.trip(table, channel, trip);
        }
        state
    }

    fn trip(&mut self, table: &Table, channel: u16, trip: Trip) {
        let was_on = self.is_on(table, table.ports.output, channel, false);
        let memory = &mut self.ports[usize::from(channel) - 1];
        (memory.tripped, memory.was_on) = (Some(trip), was_on);
        self.put(table, table.ports.output, channel, false);
        self.apply(table, channel);
    }

    /// Turns off what is on, for good.
    pub(crate) fn trip_all(&mut self, table: &Table, trip: Trip) {
        for channel in 1..=table.channels {
            if self.is_on(table, table.ports.output, channel, false) {
                self.trip(table, channel, trip);
            }
        }
    }

    pub(crate) fn turn_off(&mut self, table: &Table, channel: u16) {
        self.put(table, table.ports.output, channel, false);
        self.apply(table, channel);
    }

    fn turn_on(&mut self, table: &Table, channel: u16) -> Done {
        self.poll(table, channel);
        if self.ports[usize::from(channel) - 1].tripped.is_some() {
            return Err(Fault(table.raw.errors.tripped));
        }
        self.put(table, table.ports.output, channel, true);
        self.apply(table, channel);
        Ok(())
    }

    /// Forgets trips of some kinds, of all kinds when `kinds` is empty; the outputs stay off.
    pub(crate) fn clear_trips(&mut self, channel: Option<u16>, kinds: &[Trip]) {
        let all = 1..=u16::try_from(self.ports.len()).unwrap_or(u16::MAX);
        for channel in all.filter(|one| channel.is_none_or(|wanted| wanted == *one)) {
            let memory = &mut self.ports[usize::from(channel) - 1];
            if let Some(trip) = memory.tripped
                && (kinds.is_empty() || kinds.contains(&trip))
            {
                memory.tripped = None;
                self.terminals.clear_trip(channel);
            }
        }
    }

    pub(crate) fn port_action(
        &mut self,
        table: &Table,
        what: &PortAction,
        call: &Call<'_>,
        out: &mut Vec<u8>,
    ) -> Done {
        let channel = call.channel;
        match what {
            PortAction::Measure(quantities) => {
                let state = self.poll(table, channel);
                self.ports[usize::from(channel) - 1].statistics.take(&state);
                for (at, quantity) in quantities.iter().enumerate() {
                    if at > 0 {
                        out.extend_from_slice(b",");
                    }
                    reading(table, *quantity, &state, out);
                }
            }
            PortAction::Statistic(quantity, statistic) => {
                let state = self.poll(table, channel);
                let statistics = &mut self.ports[usize::from(channel) - 1].statistics;
                statistics.take(&state);
                statistics.write(*quantity, *statistic, &table.forms, out);
            }
            PortAction::StatisticCount => {
                let count = self.ports[usize::from(channel) - 1].statistics.count;
                write_integer(count.into(), out);
            }
            PortAction::StatisticReset => {
                call.at_most(0)?;
                self.ports[usize::from(channel) - 1].statistics = Statistics::default();
            }
            PortAction::Output => return self.output(table, call, out),
            PortAction::OutputSelect => return self.output_select(table, call, out),
            PortAction::OutputGeneral => return self.output_general(table, call, out),
            PortAction::Tripped(kinds) => {
                self.poll(table, channel);
                let tripped = self.ports[usize::from(channel) - 1]
                    .tripped
                    .is_some_and(|trip| kinds.is_empty() || kinds.contains(&trip));
                Self::answer(call, tripped, out);
            }
            PortAction::ClearTrip(kinds) => {
                call.at_most(0)?;
                self.poll(table, channel);
                self.clear_trips(Some(channel), kinds);
            }
            PortAction::ClearTripRestore(kinds) => {
                call.at_most(0)?;
                self.poll(table, channel);
                let memory = self.ports[usize::from(channel) - 1];
                self.clear_trips(Some(channel), kinds);
                let cleared = self.ports[usize::from(channel) - 1].tripped.is_none();
                if memory.tripped.is_some() && cleared && memory.was_on {
                    self.turn_on(table, channel)?;
                }
            }
            PortAction::Regulation(words) => {
                let state = self.poll(table, channel);
                let at = match state.mode {
                    PortMode::Off => 0,
                    PortMode::ConstantVoltage => 1,
                    PortMode::ConstantCurrent => 2,
                    PortMode::ConstantPower => 3,
                    PortMode::ConstantResistance => 4,
                };
                // A word for what the model can't hold is missing: it says it holds nothing.
                let word = words.get(at).unwrap_or(&words[0]);
                out.extend_from_slice(word.as_bytes());
            }
            PortAction::Apply => return self.apply_command(table, call, out),
        }
        Ok(())
    }

    fn answer(call: &Call<'_>, on: bool, out: &mut Vec<u8>) {
        out.extend_from_slice(call.booleans[usize::from(on)].as_bytes());
    }

    fn output(&mut self, table: &Table, call: &Call<'_>, out: &mut Vec<u8>) -> Done {
        let (ports, channel) = (&table.ports, call.channel);
        if call.query {
            self.poll(table, channel);
            Self::answer(call, self.is_on(table, ports.output, channel, false), out);
            return Ok(());
        }
        let [state] = call.exactly()?;
        if !state.boolean()? {
            self.turn_off(table, channel);
            return Ok(());
        }
        self.turn_on(table, channel)?;
        self.put(table, ports.select, channel, true);
        self.put(table, ports.general, channel, true);
        Ok(())
    }

    /// Which channels the master switch turns on; one that is selected while it's on, is on.
    fn output_select(&mut self, table: &Table, call: &Call<'_>, out: &mut Vec<u8>) -> Done {
        let (ports, channel) = (&table.ports, call.channel);
        if call.query {
            Self::answer(call, self.is_on(table, ports.select, channel, false), out);
            return Ok(());
        }
        let [state] = call.exactly()?;
        let on = state.boolean()?;
        self.put(table, ports.select, channel, on);
        if !on {
            self.turn_off(table, channel);
        } else if self.is_on(table, ports.general, channel, false) {
            self.turn_on(table, channel)?;
        }
        Ok(())
    }

    fn output_general(&mut self, table: &Table, call: &Call<'_>, out: &mut Vec<u8>) -> Done {
        let ports = &table.ports;
        if call.query {
            Self::answer(call, self.is_on(table, ports.general, 1, false), out);
            return Ok(());
        }
        let [state] = call.exactly()?;
        let on = state.boolean()?;
        self.put(table, ports.general, 1, on);
        let mut done = Ok(());
        for channel in 1..=table.channels {
            if !on {
                self.turn_off(table, channel);
            } else if self.is_on(table, ports.select, channel, false) {
                done = done.and(self.turn_on(table, channel));
            }
        }
        done
    }

    /// `APPL 5,1,OUT2`: voltage, current, channel; nothing is set when one of them is refused.
    fn apply_command(&mut self, table: &Table, call: &Call<'_>, out: &mut Vec<u8>) -> Done {
        let (Some(voltage), Some(current)) = (table.ports.voltage, table.ports.current) else {
            return Err(Fault::UNDEFINED_HEADER);
        };
        let (values, channel) = match &call.data[..] {
            [first, values @ ..] if named(table, first).is_some() => (values, named(table, first)),
            [values @ .., last] if named(table, last).is_some() => (values, named(table, last)),
            values => (values, None),
        };
        let channel = channel.unwrap_or(call.channel);
        if channel == 0 || channel > table.channels {
            return Err(Fault::OUT_OF_RANGE);
        }
        let (query, answered) = (call.query, call.answered);
        let single = |data| Call {
            channel,
            index: None,
            query,
            data,
            answered,
            booleans: call.booleans,
        };
        if query {
            return match values {
                [] => self.write_applied(table, &single(Vec::new()), (voltage, current), out),
                [word] if word.is("VOLTage") => self.get(table, voltage, &single(Vec::new()), out),
                [word] if word.is("CURRent") => self.get(table, current, &single(Vec::new()), out),
                _ => Err(Fault::PARAMETER_NOT_ALLOWED),
            };
        }
        let (volts, amps) = match values {
            [] => return Err(Fault::MISSING_PARAMETER),
            [volts] => (volts, None),
            [volts, amps] => (volts, Some(amps)),
            _ => return Err(Fault::PARAMETER_NOT_ALLOWED),
        };
        let place = Self::place(&table.settings[voltage], channel);
        let before = self.values[place].clone();
        self.set(table, voltage, &single(vec![volts.clone()]))?;
        let done = match amps {
            Some(amps) => self.set(table, current, &single(vec![amps.clone()])),
            None => Ok(()),
        };
        if done.is_err() {
            self.values[place] = before;
            self.apply(table, channel);
        }
        done
    }

    /// Answers `APPL?` in the dialect's form.
    fn write_applied(
        &mut self,
        table: &Table,
        call: &Call<'_>,
        (voltage, current): (usize, usize),
        out: &mut Vec<u8>,
    ) -> Done {
        let (mut volts, mut amps) = (Vec::new(), Vec::new());
        self.get(table, voltage, call, &mut volts)?;
        self.get(table, current, call, &mut amps)?;
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap_or_default();
        let name = format!("{}{}", table.raw.channel_name, call.channel);
        let most = |name: &str| rating(table, name, call.channel).to_string();
        let answer = table
            .raw
            .apply
            .replace("{channel}", &name)
            .replace("{voltage}", &text(volts))
            .replace("{current}", &text(amps))
            .replace("{max_voltage}", &most("voltage_nominal"))
            .replace("{max_current}", &most("current_nominal"));
        out.extend_from_slice(answer.as_bytes());
        Ok(())
    }
}

fn rating(table: &Table, name: &str, channel: u16) -> f64 {
    table
        .ratings
        .get(name)
        .map_or(0.0, |rating| rating.of(channel))
}

fn reading(table: &Table, quantity: Quantity, state: &PortState, out: &mut Vec<u8>) {
    // A load reads what flows into it, a supply what flows out.
    let amps = if table.ports.function.is_some() {
        -state.current_a
    } else {
        state.current_a
    };
    let forms = &table.forms;
    match quantity {
        Quantity::Voltage => forms.voltage.write(state.voltage_v, out),
        Quantity::Current => forms.current.write(amps, out),
        Quantity::Power => forms.power.write(state.voltage_v * amps, out),
        Quantity::Resistance => {
            let ohms = if amps == 0.0 || state.mode == PortMode::Off {
                f64::INFINITY
            } else {
                state.voltage_v / amps
            };
            forms.resistance.write(ohms, out);
        }
    }
}
