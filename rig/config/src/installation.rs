//! What is installed around the batteries, as the papers of the bench have it.

use crate::Scalar;
use std::time::Duration;
use units::{Amps, Percent, Volts};

/// What is installed around the batteries of a battery bench: what no instrument measures, and
/// the manual asks for all the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Installation {
    /// Chargers and what they are set to.
    pub chargers: Vec<ChargerSettings>,
    /// Cable at each battery.
    pub battery_cable: Option<Cable>,
    /// Cable from the bank to the system.
    pub main_cable: Option<Cable>,
    /// Fuse in each connection of a battery or string.
    pub battery_fuse: Option<Amps>,
    /// Fuse of the whole bank.
    pub main_fuse: Option<Amps>,
    /// Highest current that the system draws or delivers.
    pub system_current: Option<Amps>,
    /// Settings of the battery monitor.
    pub monitor: Option<Monitor>,
    /// The batteries in order, string after string.
    pub batteries: Vec<Born>,
}

/// What a charger is set to.
#[derive(Debug, Clone, PartialEq)]
pub struct ChargerSettings {
    /// What people call it.
    pub name: String,
    /// Its profile: `lithium`.
    pub profile: String,
    /// Absorption voltage.
    pub absorption: Volts,
    /// How long it absorbs.
    pub absorption_time: Duration,
    /// Float voltage.
    pub float: Volts,
    /// Storage voltage, where it has one.
    pub storage: Option<Volts>,
    /// Bulk voltage, where it has one.
    pub bulk: Option<Volts>,
    /// Highest current.
    pub current: Amps,
    /// Whether it corrects its voltage for temperature.
    pub temperature_compensation: bool,
    /// How the BMS stops it: `charge contact`, `supply cut by a contactor`.
    pub stopped_by: String,
}

/// A cable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cable {
    /// Cross section in mm².
    pub area: Scalar,
    /// What it carries.
    pub current: Amps,
}

/// Settings of a battery monitor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Monitor {
    /// Charge efficiency.
    pub charge_efficiency: Percent,
    /// Peukert exponent.
    pub peukert: f64,
    /// Whether it is fed from the load disconnect of the BMS and heard by the bench's radio.
    pub switched: bool,
}

/// A battery and when it was born.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Born {
    /// Its part number.
    pub part: String,
    /// Days from 1970-01-01 to the day it was made.
    pub made_day: i64,
}

/// Days from 1970-01-01 to a date as `2026-03-31`.
#[must_use]
pub(crate) fn day_of(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years begin in March, so that the leap day is their last.
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let year = if month > 2 { year } else { year - 1 };
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    Some(365 * year + year / 4 - year / 100 + year / 400 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::day_of;

    #[test]
    fn days_are_counted_over_leap_years() {
        for (date, day) in [
            ("1970-01-01", Some(0)),
            ("2000-02-29", Some(11_016)),
            ("2000-03-01", Some(11_017)),
            ("2026-11-25", Some(20_782)),
            ("2026-13-01", None),
            ("yesterday", None),
        ] {
            assert_eq!(day_of(date), day, "{date}");
        }
    }
}
