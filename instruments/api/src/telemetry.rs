//! What batteries tell by radio, decoded.

use std::fmt;
use std::time::Duration;
use units::{AmpHours, Amps, Celsius, Percent, Volts};

/// The codes of the manual's chapter 6.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlarmCode {
    /// Under-voltage warning, the pre-alarm.
    WSl11,
    /// Under-voltage alarm.
    ASl11,
    /// Over-voltage alarm.
    ASl9,
    /// Under-temperature alarm.
    ASl22,
    /// Over-temperature alarm.
    ASl15,
    /// Settings lost.
    ESl119,
    /// Hardware failure.
    ESl24,
    /// Balancer failure.
    ESl1,
    /// Internal communication failure.
    ESl2,
    /// Overlapped voltage error.
    ESl9,
    /// Balancer update error.
    ESl10,
}

impl AlarmCode {
    /// Every code, in the manual's order.
    pub const ALL: [Self; 11] = [
        Self::WSl11,
        Self::ASl11,
        Self::ASl9,
        Self::ASl22,
        Self::ASl15,
        Self::ESl119,
        Self::ESl24,
        Self::ESl1,
        Self::ESl2,
        Self::ESl9,
        Self::ESl10,
    ];
}

impl fmt::Display for AlarmCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WSl11 => "W-SL11",
            Self::ASl11 => "A-SL11",
            Self::ASl9 => "A-SL9",
            Self::ASl22 => "A-SL22",
            Self::ASl15 => "A-SL15",
            Self::ESl119 => "E-SL119",
            Self::ESl24 => "E-SL24",
            Self::ESl1 => "E-SL1",
            Self::ESl2 => "E-SL2",
            Self::ESl9 => "E-SL9",
            Self::ESl10 => "E-SL10",
        })
    }
}

impl std::str::FromStr for AlarmCode {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|code| code.to_string() == text)
            .ok_or_else(|| {
                format!("`{text}` is no alarm code of the manual; codes are written like A-SL11")
            })
    }
}

/// A cell voltage as far as seven bits tell it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CellVoltage {
    /// Below the lowest value the record can express.
    Below(Volts),
    /// A value, to 10 mV.
    At(Volts),
    /// Above the highest value the record can express.
    Above(Volts),
}

/// What the board says of the balance of its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BalancerStatus {
    /// No full charge for a month, or never one.
    Unknown,
    /// Cells alike.
    Balanced,
    /// Balancing now.
    Balancing,
    /// Cells apart.
    Imbalance,
    /// Another value than the four that are known.
    Other(u8),
}

/// One decoded report of a battery. A field is `None` where the record says "not available".
#[derive(Debug, Clone, PartialEq)]
pub struct BatteryReport {
    /// Product id of the advertisement.
    pub model_id: u16,
    /// Data counter; a report with the same counter is the same report.
    pub counter: u16,
    /// All 32 status flags, raw.
    pub flags: u32,
    /// All 16 error flags, raw.
    pub errors: u16,
    /// Codes that the flags stand for. The mapping is partly inferred; reports say so.
    pub codes: Vec<AlarmCode>,
    /// The board allows charging.
    pub charge_allowed: bool,
    /// The board allows discharging.
    pub discharge_allowed: bool,
    /// Cells, as many as the battery has.
    pub cells: Vec<CellVoltage>,
    /// Battery voltage, to 10 mV.
    pub voltage: Option<Volts>,
    /// Balancer status.
    pub balancer: Option<BalancerStatus>,
    /// Battery temperature, to 1 °C.
    pub temperature: Option<Celsius>,
}

/// A report and when it came.
#[derive(Debug, Clone, PartialEq)]
pub struct TelemetrySample {
    /// On the bench's clock.
    pub received: Duration,
    /// Index of the battery on this bench, from 0.
    pub battery: usize,
    /// What it said.
    pub report: BatteryReport,
}

/// One decoded report of a BMS. A field is `None` where the record says "not available".
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BmsReport {
    /// On the bench's clock.
    pub received: Duration,
    /// It allows charging.
    pub charge_allowed: Option<bool>,
    /// It allows discharging.
    pub discharge_allowed: Option<bool>,
    /// Its contactor is closed.
    pub contactor_closed: Option<bool>,
    /// Voltage of the bank.
    pub voltage: Option<Volts>,
    /// Current, positive into the bank.
    pub current: Option<Amps>,
    /// Charge since full, negative when taken out.
    pub consumed: Option<AmpHours>,
}

/// One decoded report of a battery monitor. A field is `None` where it says "not available".
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonitorReport {
    /// On the bench's clock.
    pub received: Duration,
    /// Voltage of the bank.
    pub voltage: Option<Volts>,
    /// Current, positive into the bank.
    pub current: Option<Amps>,
    /// Charge since full, negative when taken out.
    pub consumed: Option<AmpHours>,
    /// State of charge.
    pub state_of_charge: Option<Percent>,
}

/// The radio receiver of a bench.
pub trait Telemetry: Send {
    /// The newest report of each battery, in the bench's order; `None` where nothing fresh came.
    ///
    /// # Errors
    /// When the receiver itself fails. A silent battery is `None`, not an error.
    fn latest(&mut self, now: Duration) -> Result<Vec<Option<TelemetrySample>>, TelemetryError>;

    /// The newest report of the BMS; `None` where nothing fresh came, or where none is listened to.
    ///
    /// # Errors
    /// As [`Telemetry::latest`].
    fn bms(&mut self, _now: Duration) -> Result<Option<BmsReport>, TelemetryError> {
        Ok(None)
    }

    /// The newest report of the battery monitor; `None` where nothing fresh came, or where there
    /// is none.
    ///
    /// # Errors
    /// As [`Telemetry::latest`].
    fn monitor(&mut self, _now: Duration) -> Result<Option<MonitorReport>, TelemetryError> {
        Ok(None)
    }
}

/// Why the receiver can't tell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TelemetryError {
    /// The receiver is gone.
    #[error("radio receiver {receiver}: {reason}")]
    Receiver {
        /// Its name in the bench file.
        receiver: String,
        /// What the system said.
        reason: String,
    },
    /// A key that doesn't open the battery's reports.
    #[error(
        "the reports of battery {battery} can't be decrypted: their key starts with {found:02x}, ours with {ours:02x}; read the key again in the app (a PIN reset changes it)"
    )]
    Key {
        /// Serial number or name from the bench file.
        battery: String,
        /// Check byte in the advertisement.
        found: u8,
        /// First byte of our key.
        ours: u8,
    },
}
