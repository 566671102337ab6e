//! The engine of a chamber controller that speaks lines: each is answered, `OK:` or `NA:` first
//! when it was a command.

use std::time::Duration;

use crate::raw::RawDialect;
use crate::terminals::Terminals;

/// Why a line was refused, in the controller's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Command,
    Parameter,
    OutOfRange,
    NoHumidity,
    NoProgram,
}

impl Refusal {
    fn text(self) -> &'static str {
        match self {
            Self::Command => "CMD ERR",
            Self::Parameter => "PARA ERR",
            Self::OutOfRange => "DATA OUT OF RANGE",
            Self::NoHumidity => "CONT NOT READY-1",
            Self::NoProgram => "CONT NOT READY-2",
        }
    }
}

/// What a line does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Does {
    Identity,
    Type,
    Temperature,
    Mode,
    Monitor,
    Alarms,
    KeyProtect,
    NoHumidity,
    ConstantSet,
    Heaters,
    Refrigerators,
    Date,
    Time,
    Answer(String),
    Take,
    NoProgram,
    RampMonitor,
    Ramp,
    StartRamp,
    Program,
    SetTemperature,
    SetMode,
    Power,
    SetKeyProtect,
}

impl Does {
    fn parse(text: &str) -> Result<Self, String> {
        if let Some(answer) = text.strip_prefix("answer ") {
            return Ok(Self::Answer(answer.to_owned()));
        }
        Ok(match text {
            "identity" => Self::Identity,
            "type" => Self::Type,
            "temperature" => Self::Temperature,
            "mode" => Self::Mode,
            "monitor" => Self::Monitor,
            "alarms" => Self::Alarms,
            "key-protect" => Self::KeyProtect,
            "no-humidity" => Self::NoHumidity,
            "constant-set" => Self::ConstantSet,
            "heaters" => Self::Heaters,
            "refrigerators" => Self::Refrigerators,
            "date" => Self::Date,
            "time" => Self::Time,
            "take" => Self::Take,
            "no-program" => Self::NoProgram,
            "ramp-monitor" => Self::RampMonitor,
            "ramp" => Self::Ramp,
            "start-ramp" => Self::StartRamp,
            "program" => Self::Program,
            "set-temperature" => Self::SetTemperature,
            "set-mode" => Self::SetMode,
            "power" => Self::Power,
            "set-key-protect" => Self::SetKeyProtect,
            other => return Err(format!("nothing is known that does `{other}`")),
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Off,
    Standby,
    Constant,
    /// A remote program: a ramp, and the hold after it.
    Run,
}

impl Mode {
    fn text(self) -> &'static str {
        match self {
            Self::Off => "OFF",
            Self::Standby => "STANDBY",
            Self::Constant => "CONSTANT",
            Self::Run => "RUN",
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Ramp {
    from_c: f64,
    to_c: f64,
    start: Duration,
    length: Duration,
}

impl Ramp {
    fn at(&self, now: Duration) -> f64 {
        let passed = now.saturating_sub(self.start).as_secs_f64();
        let length = self.length.as_secs_f64();
        if length <= 0.0 || passed >= length {
            return self.to_c;
        }
        self.from_c + (self.to_c - self.from_c) * passed / length
    }
}

/// A controller and its chamber.
pub(crate) struct Lines {
    /// Longest command first.
    commands: Vec<(String, Does)>,
    identity: String,
    lowest_c: f64,
    highest_c: f64,
    terminals: Box<dyn Terminals>,
    mode: Mode,
    set_point_c: f64,
    low_limit_c: f64,
    high_limit_c: f64,
    key_protect: bool,
    ramp: Option<Ramp>,
    /// What the chamber was last told.
    commanded: Option<(f64, bool)>,
}

/// What limits may lie beyond the range of set points.
const MARGIN: f64 = 5.0;

/// The commands of a dialect, longest first.
pub(crate) fn commands(raw: &RawDialect) -> Result<Vec<(String, Does)>, String> {
    let mut commands = Vec::new();
    for line in &raw.lines {
        if !raw.sources.contains_key(&line.source) {
            let (command, source) = (&line.command, &line.source);
            return Err(format!(
                "line `{command}`: `{source}` isn't among `sources`"
            ));
        }
        let does =
            Does::parse(&line.does).map_err(|error| format!("line `{}`: {error}", line.command))?;
        commands.push((line.command.to_ascii_uppercase(), does));
    }
    commands.sort_by_key(|(command, _)| std::cmp::Reverse(command.len()));
    Ok(commands)
}

impl Lines {
    pub(crate) fn new(
        raw: &RawDialect,
        variant: usize,
        terminals: Box<dyn Terminals>,
    ) -> Result<Self, String> {
        let ratings = &raw.variants[variant].ratings;
        let rating = |name: &str| {
            ratings
                .get(name)
                .map(|rating| rating.of(1))
                .ok_or_else(|| format!("there is no rating `{name}`"))
        };
        let (lowest_c, highest_c) = (rating("temperature_min")?, rating("temperature_max")?);
        let mut lines = Self {
            commands: commands(raw)?,
            identity: raw.identity.replace("{firmware}", &raw.firmware),
            lowest_c,
            highest_c,
            terminals,
            mode: Mode::Off,
            set_point_c: 23.0_f64.clamp(lowest_c, highest_c),
            low_limit_c: lowest_c - MARGIN,
            high_limit_c: highest_c + MARGIN,
            key_protect: false,
            ramp: None,
            commanded: None,
        };
        lines.act();
        Ok(lines)
    }

    /// Off and on again.
    pub(crate) fn power_on(&mut self) {
        self.mode = Mode::Off;
        self.key_protect = false;
        self.ramp = None;
        self.act();
    }

    /// Executes one line. Its answer is appended, with its terminator.
    pub(crate) fn message(&mut self, message: &[u8], out: &mut Vec<u8>) {
        self.act();
        let text = String::from_utf8_lossy(message);
        let text = strip_address(text.trim());
        if text.is_empty() {
            return;
        }
        let mark = out.len();
        if let Err(refusal) = self.execute(text, out) {
            out.truncate(mark);
            out.extend_from_slice(b"NA:");
            out.extend_from_slice(refusal.text().as_bytes());
        } else if out.len() == mark {
            out.extend_from_slice(b"OK:");
            out.extend_from_slice(text.as_bytes());
        }
        out.extend_from_slice(b"\r\n");
        self.act();
    }

    fn execute(&mut self, text: &str, out: &mut Vec<u8>) -> Result<(), Refusal> {
        let upper = text.to_ascii_uppercase();
        let found = self.commands.iter().find_map(|(command, does)| {
            let rest = upper.strip_prefix(command.as_str())?;
            let rest = rest.trim_start();
            let rest = if rest.is_empty() {
                rest
            } else {
                rest.strip_prefix(',')?
            };
            Some((does.clone(), rest.trim()))
        });
        let (does, data) = found.ok_or(Refusal::Command)?;
        match does {
            Does::SetTemperature => self.set_temperature(data),
            Does::SetMode => self.set_mode(data),
            Does::Power => match data {
                "ON" => self.enter(Mode::Constant),
                "OFF" => self.enter(Mode::Off),
                _ => Err(Refusal::Parameter),
            },
            Does::SetKeyProtect => match data {
                "ON" | "OFF" => {
                    self.key_protect = data == "ON";
                    Ok(())
                }
                _ => Err(Refusal::Parameter),
            },
            Does::StartRamp => self.start_ramp(data),
            Does::Program => self.end_program(data),
            Does::Take if data.is_empty() => Err(Refusal::Parameter),
            Does::Take => Ok(()),
            Does::NoHumidity => Err(Refusal::NoHumidity),
            Does::NoProgram => Err(Refusal::NoProgram),
            query => self.answer(&query, data, out),
        }
    }

    fn answer(&mut self, query: &Does, data: &str, out: &mut Vec<u8>) -> Result<(), Refusal> {
        let air = self.terminals.chamber_temperature();
        let now = self.terminals.now();
        let on = if self.key_protect { "ON" } else { "OFF" };
        let detail = data == "DETAIL";
        let mode = match self.mode {
            Mode::Run
                if detail
                    && self
                        .ramp
                        .is_some_and(|ramp| now >= ramp.start + ramp.length) =>
            {
                "RMT RUN END HOLD"
            }
            Mode::Run if detail => "RMT RUN",
            mode => mode.text(),
        };
        let set = self.set_point_c;
        let cools = self.runs() && air > set;
        let text = match query {
            Does::Identity => self.identity.clone(),
            Does::Type => format!("T,P300,{:.1}", self.highest_c),
            Does::Temperature => {
                let (high, low) = (self.high_limit_c, self.low_limit_c);
                format!("{},{set:.1},{high:.1},{low:.1}", tenths(air))
            }
            Does::Mode => mode.to_owned(),
            Does::Monitor => format!("{},,{mode},0", tenths(air)),
            Does::Alarms => "0".to_owned(),
            Does::KeyProtect => on.to_owned(),
            Does::ConstantSet => match data {
                "TEMP" => format!("{set:.1},ON"),
                "REF" => "AUTO".to_owned(),
                "RELAY" => "0".to_owned(),
                "HUMI" => return Err(Refusal::NoHumidity),
                "PTC" => return Err(Refusal::NoHumidity),
                _ => return Err(Refusal::Parameter),
            },
            Does::Heaters => {
                let percent = if self.runs() {
                    ((set - air) * 20.0).clamp(0.0, 100.0)
                } else {
                    0.0
                };
                format!("1,{percent:.1}")
            }
            Does::Refrigerators => if cools { "1,ON1" } else { "1,OFF1" }.to_owned(),
            Does::Date => "26.01/01".to_owned(),
            Does::Time => {
                let seconds = now.as_secs();
                format!(
                    "{}:{:02}:{:02}",
                    seconds / 3600 % 24,
                    seconds / 60 % 60,
                    seconds % 60
                )
            }
            Does::Answer(text) => text.clone(),
            Does::RampMonitor => {
                let ramp = self.ramp.ok_or(Refusal::NoProgram)?;
                let left = (ramp.start + ramp.length).saturating_sub(now).as_secs();
                format!(
                    "1,{:.1},{}:{:02},0",
                    ramp.at(now),
                    left / 3600,
                    left / 60 % 60
                )
            }
            Does::Ramp => {
                let Ramp {
                    from_c,
                    to_c,
                    length,
                    ..
                } = self.ramp.ok_or(Refusal::NoProgram)?;
                let minutes = length.as_secs() / 60;
                let (hours, minutes) = (minutes / 60, minutes % 60);
                format!("TEMP{from_c:.1} GOTEMP{to_c:.1} TIME{hours}:{minutes:02} REF9")
            }
            _ => return Err(Refusal::Command),
        };
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn runs(&self) -> bool {
        matches!(self.mode, Mode::Constant | Mode::Run)
    }

    fn enter(&mut self, mode: Mode) -> Result<(), Refusal> {
        self.mode = mode;
        self.ramp = None;
        Ok(())
    }

    fn set_mode(&mut self, data: &str) -> Result<(), Refusal> {
        match data {
            "OFF" => self.enter(Mode::Off),
            "STANDBY" => self.enter(Mode::Standby),
            "CONSTANT" => self.enter(Mode::Constant),
            run if run.starts_with("RUN") => Err(Refusal::NoProgram),
            _ => Err(Refusal::Parameter),
        }
    }

    /// `S25.0 H60.0 L-10.0`, in any number and order; all or nothing.
    fn set_temperature(&mut self, data: &str) -> Result<(), Refusal> {
        let (mut set, mut high, mut low) = (self.set_point_c, self.high_limit_c, self.low_limit_c);
        if data.is_empty() {
            return Err(Refusal::Parameter);
        }
        for word in data.split([' ', ',']).filter(|word| !word.is_empty()) {
            let (place, number) = match word.split_at_checked(1) {
                Some(("S", number)) => (&mut set, number),
                Some(("H", number)) => (&mut high, number),
                Some(("L", number)) => (&mut low, number),
                _ => return Err(Refusal::Parameter),
            };
            *place = celsius(number)?;
        }
        let (lowest, highest) = (self.lowest_c, self.highest_c);
        let fits = (lowest..=highest).contains(&set)
            && (low..=high).contains(&set)
            && low >= lowest - MARGIN
            && high <= highest + MARGIN;
        if !fits {
            return Err(Refusal::OutOfRange);
        }
        (self.set_point_c, self.high_limit_c, self.low_limit_c) = (set, high, low);
        Ok(())
    }

    /// `TEMP10.0 GOTEMP30.0 TIME1:40`: a set point that moves evenly.
    fn start_ramp(&mut self, data: &str) -> Result<(), Refusal> {
        let (mut from, mut to, mut length) = (None, None, None);
        for word in data.split([' ', ',']).filter(|word| !word.is_empty()) {
            if let Some(number) = word.strip_prefix("GOTEMP") {
                to = Some(celsius(number)?);
            } else if let Some(number) = word.strip_prefix("TEMP") {
                from = Some(celsius(number)?);
            } else if let Some(time) = word.strip_prefix("TIME") {
                let (hours, minutes) = time.split_once(':').ok_or(Refusal::Parameter)?;
                let hours: u64 = hours.parse().map_err(|_| Refusal::Parameter)?;
                let minutes: u64 = minutes.parse().map_err(|_| Refusal::Parameter)?;
                if hours > 999 || minutes > 59 {
                    return Err(Refusal::OutOfRange);
                }
                length = Some(Duration::from_secs((hours * 60 + minutes) * 60));
            } else if word.starts_with("HUMI") || word.starts_with("GOHUMI") {
                return Err(Refusal::NoHumidity);
            } else {
                return Err(Refusal::Parameter);
            }
        }
        let from_c = from.ok_or(Refusal::Parameter)?;
        let to_c = to.unwrap_or(from_c);
        let length = length.ok_or(Refusal::Parameter)?;
        let lowest = self.lowest_c.max(self.low_limit_c);
        let highest = self.highest_c.min(self.high_limit_c);
        if ![from_c, to_c]
            .iter()
            .all(|celsius| (lowest..=highest).contains(celsius))
        {
            return Err(Refusal::OutOfRange);
        }
        self.mode = Mode::Run;
        self.ramp = Some(Ramp {
            from_c,
            to_c,
            start: self.terminals.now(),
            length,
        });
        Ok(())
    }

    fn end_program(&mut self, data: &str) -> Result<(), Refusal> {
        let Some(mode) = data.strip_prefix("END,") else {
            return Err(if data.is_empty() {
                Refusal::Parameter
            } else {
                Refusal::NoProgram
            });
        };
        if self.mode != Mode::Run {
            return Err(Refusal::NoProgram);
        }
        match mode.trim() {
            "OFF" => self.enter(Mode::Off),
            "STANDBY" => self.enter(Mode::Standby),
            "CONST" | "HOLD" => self.enter(Mode::Constant),
            _ => Err(Refusal::Parameter),
        }
    }

    /// Tells the chamber what it should do by now. A ramp advances whenever somebody talks to it.
    fn act(&mut self) {
        let now = self.terminals.now();
        if let Some(ramp) = self.ramp {
            self.set_point_c = ramp.at(now);
        }
        let wanted = (self.set_point_c, self.runs());
        if self.commanded != Some(wanted) {
            self.commanded = Some(wanted);
            self.terminals.set_chamber(wanted.0, wanted.1);
        }
    }
}

/// On a bus of several controllers, lines start with an address.
fn strip_address(text: &str) -> &str {
    match text.split_once(',') {
        Some((address, rest))
            if !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            rest.trim_start()
        }
        _ => text,
    }
}

/// A temperature as it's set: to a tenth.
fn celsius(text: &str) -> Result<f64, Refusal> {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'));
    let number: f64 = text.parse().map_err(|_| Refusal::Parameter)?;
    if plain {
        Ok((number * 10.0).round() / 10.0)
    } else {
        Err(Refusal::Parameter)
    }
}

fn tenths(celsius: f64) -> String {
    let mut out = Vec::new();
    crate::value::NumberForm::fixed(1).write(celsius, &mut out);
    // Written digits are ASCII.
    String::from_utf8(out).unwrap_or_default()
}
