//! Record 0x0A: a Lynx Smart BMS.

use crate::Finding;
use crate::bits::{field, fields};
use std::time::Duration;
use units::{AmpHours, Amps, Celsius, Percent, Volts};

/// State of one warning or alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmState {
    /// This BMS doesn't watch it.
    Unsupported,
    /// All well.
    Ok,
    /// Warning.
    Warning,
    /// Alarm.
    Alarm,
}

impl AlarmState {
    const fn from_pair(raw: u32) -> Self {
        match raw & 3 {
            0 => Self::Unsupported,
            1 => Self::Ok,
            2 => Self::Warning,
            _ => Self::Alarm,
        }
    }

    /// For machines.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unsupported => "unsupported",
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Alarm => "alarm",
        }
    }
}

/// Inputs and outputs; `None` where not available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LynxIo {
    /// All 16 bits, raw.
    pub raw: u16,
    /// The contactor is closed.
    pub contactor_closed: Option<bool>,
    /// Charging is allowed.
    pub charge_allowed: Option<bool>,
    /// Discharging is allowed.
    pub discharge_allowed: Option<bool>,
    /// The user relay is active.
    pub relay_active: Option<bool>,
    /// The auxiliary output is on.
    pub auxiliary_on: Option<bool>,
    /// The remote input is enabled.
    pub remote_enabled: Option<bool>,
    /// The alternator may charge.
    pub alternator_allowed: Option<bool>,
}

/// Warnings and alarms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LynxAlarms {
    /// All 18 bits, raw.
    pub raw: u32,
    /// A cell is low: the pre-alarm as a warning.
    pub low_cell: AlarmState,
    /// Too much current.
    pub high_current: AlarmState,
    /// The BMS is hot.
    pub hot_bms: AlarmState,
    /// The contactor has become a resistor.
    pub contactor: AlarmState,
    /// Something is wrong with the BMS cables.
    pub bms_cable: AlarmState,
    /// Loads are disconnected, or about to be.
    pub load_disconnect: AlarmState,
    /// State of charge is low.
    pub low_charge: AlarmState,
    /// A battery is hot.
    pub high_temperature: AlarmState,
}

/// One decoded report. A field is `None` where the record says "not available" or ends too early.
#[derive(Debug, Clone, PartialEq)]
pub struct LynxReport {
    /// Error number, 0 for none.
    pub error: Option<u8>,
    /// Until empty, to a minute.
    pub time_to_go: Option<Duration>,
    /// Battery voltage, to 10 mV.
    pub voltage: Option<Volts>,
    /// Current, positive into the battery, to 0.1 A.
    pub current: Option<Amps>,
    /// Inputs and outputs.
    pub io: Option<LynxIo>,
    /// Warnings and alarms.
    pub alarms: Option<LynxAlarms>,
    /// State of charge, to 0.1 %.
    pub state_of_charge: Option<Percent>,
    /// Charge since full, negative when taken out, to 0.1 Ah.
    pub consumed: Option<AmpHours>,
    /// Temperature, to 1 °C. Many units never have one.
    pub temperature: Option<Celsius>,
}

impl LynxReport {
    /// What the error number means; `None` for no error and for one that isn't in our list.
    #[must_use]
    pub fn error_text(&self) -> Option<&'static str> {
        ERRORS
            .iter()
            .find(|(number, _)| Some(*number) == self.error)
            .map(|(_, text)| *text)
    }
}

/// Error numbers as veutil lists them.
const ERRORS: [(u8, &str); 20] = [
    (11, "hardware"),
    (13, "over-voltage"),
    (14, "under-voltage"),
    (15, "over-temperature"),
    (16, "under-temperature"),
    (20, "contactor start-up"),
    (25, "pre-charge"),
    (26, "contactor"),
    (32, "BMS cable"),
    (33, "reference voltage"),
    (34, "wrong system voltage"),
    (35, "pre-charge took too long"),
    (36, "charge or discharge signal"),
    (37, "MG 37"),
    (38, "MG 38"),
    (39, "MG 39"),
    (40, "MG 40"),
    (41, "MG 41"),
    (116, "calibration lost"),
    (119, "settings lost"),
];

const FIELDS: [(&str, usize, usize); 9] = [
    ("error", 0, 8),
    ("time to go", 8, 16),
    ("voltage", 24, 16),
    ("current", 40, 16),
    ("inputs and outputs", 56, 16),
    ("alarms", 72, 18),
    ("state of charge", 90, 10),
    ("consumed charge", 100, 20),
    ("temperature", 120, 7),
];

fn signed(raw: u32) -> f64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "the field has 16 bits, in two's complement"
    )]
    let value = raw as u16 as i16;
    f64::from(value)
}

fn io(raw: u32, findings: &mut Vec<Finding>) -> LynxIo {
    let mut pair = |what: &'static str, bit: u32| match raw >> bit & 3 {
        0 => None,
        1 => Some(true),
        2 => Some(false),
        _ => {
            findings.push(Finding::ReservedIo { what });
            None
        }
    };
    LynxIo {
        #[expect(clippy::cast_possible_truncation, reason = "the field has 16 bits")]
        raw: raw as u16,
        contactor_closed: pair("contactor closed", 0),
        charge_allowed: pair("allowed to charge", 2),
        discharge_allowed: pair("allowed to discharge", 4),
        relay_active: pair("user relay active", 6),
        auxiliary_on: pair("auxiliary output", 8),
        remote_enabled: pair("remote enabled", 10),
        alternator_allowed: pair("alternator allowed to charge", 12),
    }
}

fn alarms(raw: u32) -> LynxAlarms {
    let state = |bit: u32| AlarmState::from_pair(raw >> bit);
    // Bits 14 and 15 aren't published.
    LynxAlarms {
        raw,
        low_cell: state(0),
        high_current: state(2),
        hot_bms: state(4),
        contactor: state(6),
        bms_cable: state(8),
        load_disconnect: state(10),
        low_charge: state(12),
        high_temperature: state(16),
    }
}

/// Decodes the decrypted payload of record 0x0A, any length: fields beyond its end are absent and
/// named in the findings.
#[must_use]
pub fn decode_lynx(payload: &[u8]) -> (LynxReport, Vec<Finding>) {
    let mut findings = Vec::new();
    let raw = fields(payload, FIELDS, &mut findings);
    let [
        error,
        time_to_go,
        voltage,
        current,
        io_bits,
        alarm_bits,
        charge,
        consumed,
        temperature,
    ] = raw;
    let report = LynxReport {
        error: error.and_then(|raw| u8::try_from(raw).ok()),
        time_to_go: time_to_go
            .filter(|&raw| raw != 0xffff)
            .map(|minutes| Duration::from_secs(u64::from(minutes) * 60)),
        voltage: voltage
            .filter(|&raw| raw != 0x7fff)
            .map(|raw| Volts(signed(raw) / 100.0)),
        current: current
            .filter(|&raw| raw != 0x7fff)
            .map(|raw| Amps(signed(raw) / 10.0)),
        io: io_bits.map(|raw| io(raw, &mut findings)),
        alarms: alarm_bits.map(alarms),
        state_of_charge: charge
            .filter(|&raw| raw != 0x3ff)
            .map(|raw| Percent(f64::from(raw) / 10.0)),
        consumed: consumed
            .filter(|&raw| raw != 0xf_ffff)
            // Zero stays zero: no "-0.0 Ah" in a report.
            .map(|raw| AmpHours(0.0 - f64::from(raw) / 10.0)),
        temperature: temperature
            .filter(|&raw| raw != 0x7f)
            .map(|raw| Celsius(f64::from(raw) - 40.0)),
    };
    if field(payload, 127, 1) == Some(0) {
        findings.push(Finding::UnusedBitClear);
    }
    (report, findings)
}
