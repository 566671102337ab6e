//! Settings of the battery, which only a person with the app can change.
//!
//! Every procedure here puts back what the bench file says before it ends, however it ends.

mod judge;

pub use judge::{judge_alike, judge_lead, judge_shift, judge_takes, judge_warnings};

use crate::ProcedureError;
use crate::drive;
use crate::signal::ALL_QUIET;
use crate::warning::{self, Descent, Warning};
use api::Request;
use bench::Bench;
use std::fmt;
use std::time::Duration;
use units::{Celsius, Kelvin, Volts};

/// How long a person may take to change or read a setting.
const PATIENCE: Duration = Duration::from_secs(600);
/// What the app says of a change that it took.
const DONE: &str = "done";

/// A setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// Pre-alarm threshold.
    PreAlarm,
    /// Lowest cell voltage for discharging.
    DischargeLimit,
    /// Lowest temperature for charging.
    ChargeTemperature,
    /// Correction of the temperature sensor.
    TemperatureOffset,
}

impl Setting {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::PreAlarm,
        Self::DischargeLimit,
        Self::ChargeTemperature,
        Self::TemperatureOffset,
    ];

    /// As bench files and requests name it.
    fn name(self) -> &'static str {
        match self {
            Self::PreAlarm => "pre_alarm",
            Self::DischargeLimit => "discharge_cutoff",
            Self::ChargeTemperature => "charge_temperature",
            Self::TemperatureOffset => "temperature_offset",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::PreAlarm | Self::DischargeLimit => "V",
            Self::ChargeTemperature => "°C",
            Self::TemperatureOffset => "K",
        }
    }

    /// The statement with its default and its range.
    fn clause(self) -> &'static str {
        match self {
            Self::PreAlarm => "4.7.4-03",
            Self::DischargeLimit => "4.7.5-03",
            Self::ChargeTemperature => "4.7.3-02",
            Self::TemperatureOffset => "4.7.2-01",
        }
    }

    /// One digit of the app.
    fn digit(self) -> f64 {
        match self {
            Self::PreAlarm | Self::DischargeLimit => 0.01,
            Self::ChargeTemperature | Self::TemperatureOffset => 1.0,
        }
    }

    /// A value as people write it.
    fn written(self, value: f64) -> String {
        match self {
            Self::PreAlarm | Self::DischargeLimit => format!("{:.2}", Volts(value)),
            Self::ChargeTemperature => format!("{:.1}", Celsius(value)),
            Self::TemperatureOffset => format!("{:.1}", Kelvin(value)),
        }
    }

    /// What the bench file says is in force.
    fn of_bench(self, bench: &Bench) -> f64 {
        let settings = &bench.config().device.settings;
        match self {
            Self::PreAlarm => settings.pre_alarm.0,
            Self::DischargeLimit => settings.discharge_cutoff.0,
            Self::ChargeTemperature => settings.charge_temperature.0,
            Self::TemperatureOffset => settings.temperature_offset.0,
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PreAlarm => "pre-alarm",
            Self::DischargeLimit => "discharge limit",
            Self::ChargeTemperature => "lowest charging temperature",
            Self::TemperatureOffset => "temperature offset",
        })
    }
}

impl std::str::FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|setting| setting.to_string() == text)
            .ok_or_else(|| format!("`{text}` is no setting of a battery"))
    }
}

/// What the app did with one change.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The value that was asked for.
    pub value: f64,
    /// Whether the app took it.
    pub taken: bool,
    /// What it shows afterwards.
    pub shows: f64,
}

/// What the app takes, and what it shows as it comes from the factory.
#[derive(Debug, Clone, PartialEq)]
pub struct Takes {
    /// Which setting.
    pub setting: Setting,
    /// After a reset to the settings of the factory.
    pub default: f64,
    /// Both ends of its range.
    pub inside: Vec<Change>,
    /// One digit beyond either end.
    pub outside: Vec<Change>,
    /// Who worked the app.
    pub who: String,
}

/// Resets the settings, then tries both ends of the range of one of them and one digit beyond each.
///
/// # Errors
/// When nobody answers, or says what can't be read; whatever the bench says.
pub fn try_range(bench: &mut Bench, setting: Setting) -> Result<Takes, ProcedureError> {
    restoring(bench, |bench| {
        let (low, high) = bench.bounds(setting.clause(), "range")?;
        ask(bench, "factory_reset=yes".to_owned())?;
        let (default, who) = read(bench, setting, 1)?;
        let mut change = |value: f64| -> Result<Change, ProcedureError> {
            let taken = set(bench, setting, value)?;
            let (shows, _) = read(bench, setting, 1)?;
            Ok(Change {
                value,
                taken,
                shows,
            })
        };
        Ok(Takes {
            setting,
            default,
            inside: vec![change(low)?, change(high)?],
            outside: vec![
                change(low - setting.digit())?,
                change(high + setting.digit())?,
            ],
            who,
        })
    })
}

/// A warning that was watched with other settings than those of the bench file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SetWarning {
    /// The pre-alarm that was set.
    pub pre_alarm: Volts,
    /// What came of it.
    pub warning: Warning,
}

/// Sets pre-alarm and discharge limit, and takes a cell down as `descent` says.
///
/// # Errors
/// When the app doesn't take them, or nobody answers; whatever the bench says.
pub fn warning_with(
    bench: &mut Bench,
    pre_alarm: Volts,
    discharge_limit: Volts,
    descent: Descent,
) -> Result<SetWarning, ProcedureError> {
    restoring(bench, |bench| {
        must_set(bench, Setting::DischargeLimit, discharge_limit.0)?;
        must_set(bench, Setting::PreAlarm, pre_alarm.0)?;
        let cells = bench.snapshot()?.outputs.cells.clone();
        let warning = warning::descend(bench, descent)?;
        recover(bench, &cells)?;
        Ok(SetWarning { pre_alarm, warning })
    })
}

/// Takes the cells back to where they were and waits until nothing is reported any more.
fn recover(bench: &mut Bench, cells: &[Vec<Volts>]) -> Result<(), ProcedureError> {
    for (battery, cells) in (1..).zip(cells) {
        for (cell, level) in (1..).zip(cells) {
            bench.set_cell(battery, cell, *level)?;
        }
    }
    let patience = bench.limit_time("6.2.3-03", "reconnect")?;
    let start = bench.now();
    let period = Duration::from_millis(500);
    let waited = drive::await_goals(bench, &ALL_QUIET, start, period, patience)?;
    if waited.complete() {
        return Ok(());
    }
    Err(ProcedureError::NotReached {
        what: "a BMS that reports nothing, with the cells where they were".into(),
        within: patience,
        found: "it still does".into(),
    })
}

/// By how much the reported temperature followed the offset.
#[derive(Debug, Clone, PartialEq)]
pub struct Shift {
    /// By how much the offset was moved, in kelvin.
    pub by: f64,
    /// By how much the report moved, in kelvin; the furthest that it came in time.
    pub reported: f64,
    /// How long reports were waited for.
    pub waited: Duration,
}

/// Moves the temperature offset and waits for the report to follow.
///
/// # Errors
/// When the battery isn't heard or reports no temperature, or nobody answers.
pub fn shift_offset(bench: &mut Bench, by: Kelvin) -> Result<Shift, ProcedureError> {
    restoring(bench, |bench| {
        let timeout = bench.limit_time("4.7.2-02", "timeout")?;
        let (_, shift) = bench.bounds("4.7.2-02", "shift")?;
        let before = reported(bench, Duration::ZERO, timeout)?;
        let offset = Setting::TemperatureOffset;
        let now = offset.of_bench(bench);
        must_set(bench, offset, now + by.0)?;
        let start = bench.now();
        loop {
            let found = reported(bench, start, timeout)? - before;
            let waited = bench.now().saturating_sub(start);
            if (found - by.0).abs() <= shift || waited >= timeout {
                return Ok(Shift {
                    by: by.0,
                    reported: found,
                    waited,
                });
            }
            bench.sleep(Duration::from_secs(1))?;
        }
    })
}

/// The temperature of the first battery's first report after `since`.
fn reported(bench: &mut Bench, since: Duration, patience: Duration) -> Result<f64, ProcedureError> {
    let period = Duration::from_millis(500);
    let found = bench.watch_contacts(period, patience, |snapshot| {
        let report = snapshot
            .battery(1)
            .filter(|sample| sample.received >= since);
        match report.and_then(|sample| sample.report.temperature) {
            Some(temperature) => std::ops::ControlFlow::Break(temperature.0),
            None => std::ops::ControlFlow::Continue(()),
        }
    })?;
    found.ok_or_else(|| ProcedureError::Silent {
        battery: 1,
        waited: patience,
        what: "what temperature it reports".into(),
    })
}

/// Does something to the settings, and puts those of the bench file back afterwards.
fn restoring<T>(
    bench: &mut Bench,
    work: impl FnOnce(&mut Bench) -> Result<T, ProcedureError>,
) -> Result<T, ProcedureError> {
    let found = work(bench);
    let restored = restore(bench);
    let found = found?;
    restored?;
    Ok(found)
}

fn restore(bench: &mut Bench) -> Result<(), ProcedureError> {
    for setting in Setting::ALL {
        let value = setting.of_bench(bench);
        must_set(bench, setting, value)?;
        let (shows, _) = read(bench, setting, 1)?;
        if (shows - value).abs() > setting.digit() / 2.0 {
            return Err(ProcedureError::NotReached {
                what: format!(
                    "the {setting} of the bench file, {}",
                    setting.written(value)
                ),
                within: PATIENCE,
                found: format!("the app shows {}", setting.written(shows)),
            });
        }
    }
    Ok(())
}

fn must_set(bench: &mut Bench, setting: Setting, value: f64) -> Result<(), ProcedureError> {
    if set(bench, setting, value)? {
        return Ok(());
    }
    Err(ProcedureError::NotReached {
        what: format!("a {setting} of {}", setting.written(value)),
        within: PATIENCE,
        found: "the app didn't take it".into(),
    })
}

/// Whether the app took the value.
fn set(bench: &mut Bench, setting: Setting, value: f64) -> Result<bool, ProcedureError> {
    let what = format!("{}={}", setting.name(), setting.written(value));
    Ok(ask(bench, what)? == DONE)
}

fn ask(bench: &mut Bench, what: String) -> Result<String, ProcedureError> {
    let answer = bench.ask(&Request {
        kind: "change-setting".to_owned(),
        instruction: format!(
            "In the app, change this in every battery, leave the app, and tell whether it took it: {what}"
        ),
        expected: format!("`{DONE}`, or what the app says"),
        within: PATIENCE,
    })?;
    Ok(answer.text.trim().to_lowercase())
}

/// What the app shows for a battery (from 1), and who read it.
fn read(
    bench: &mut Bench,
    setting: Setting,
    battery: usize,
) -> Result<(f64, String), ProcedureError> {
    let name = setting.name();
    let answer = bench.ask(&Request {
        kind: "read-setting".to_owned(),
        instruction: format!("What does the app show for {name} ({setting}), battery={battery}?"),
        expected: format!("a number in {}", setting.unit()),
        within: PATIENCE,
    })?;
    let text = answer.text.trim();
    let number = text
        .strip_suffix(setting.unit())
        .and_then(|number| number.trim().parse::<f64>().ok());
    match number {
        Some(number) if number.is_finite() => Ok((number, answer.who)),
        _ => Err(ProcedureError::NotMeasured {
            quantity: format!(
                "the {setting}: the answer `{text}` isn't in {}",
                setting.unit()
            ),
        }),
    }
}
