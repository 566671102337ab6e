//! Date and time as an instrument keeps them.

use std::io::Write;
use std::time::Duration;

use crate::fault::Fault;

const DAY: i64 = 86_400_000;

/// Date and time, as an offset to the instrument's clock. It starts with the year 2026.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Calendar {
    /// Milliseconds from the first of January 1970 to the clock's zero.
    offset_ms: i64,
}

impl Default for Calendar {
    fn default() -> Self {
        Self {
            offset_ms: days(2026, 1, 1) * DAY,
        }
    }
}

/// Days from the first of January 1970 to a date; years begin in March for the arithmetic.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The reverse of [`days`].
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

impl Calendar {
    fn at(self, now: Duration) -> i64 {
        self.offset_ms + i64::try_from(now.as_millis()).unwrap_or(0)
    }

    /// Changes the date, keeps the time of day.
    pub(super) fn set_date(
        &mut self,
        now: Duration,
        year: i64,
        month: i64,
        day: i64,
    ) -> Result<(), Fault> {
        let wanted = days(year, month, day);
        if date(wanted) != (year, month, day) {
            return Err(Fault::OUT_OF_RANGE);
        }
        self.offset_ms += (wanted - self.at(now).div_euclid(DAY)) * DAY;
        Ok(())
    }

    /// Changes the time of day, keeps the date.
    pub(super) fn set_time(&mut self, now: Duration, hour: i64, minute: i64, seconds: f64) {
        let wanted = (hour * 60 + minute) * 60_000 + (seconds * 1e3).round() as i64;
        self.offset_ms += wanted - self.at(now).rem_euclid(DAY);
    }

    /// `2026,11,22,08,01,02.123`.
    pub(super) fn write(self, now: Duration, out: &mut Vec<u8>) {
        let at = self.at(now);
        let (year, month, day) = date(at.div_euclid(DAY));
        let of_day = at.rem_euclid(DAY);
        let (minutes, of_minute) = (of_day / 60_000, of_day % 60_000);
        // Writing to a vector can't fail.
        let _ = write!(
            out,
            "{year},{month:02},{day:02},{:02},{:02},{:02}.{:03}",
            minutes / 60,
            minutes % 60,
            of_minute / 1000,
            of_minute % 1000
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(calendar: Calendar, seconds: f64) -> String {
        let mut out = Vec::new();
        calendar.write(Duration::from_secs_f64(seconds), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn it_counts_days_as_the_calendar_does() {
        let mut calendar = Calendar::default();
        assert_eq!(text(calendar, 0.0), "2026,01,01,00,00,00.000");
        assert_eq!(text(calendar, 86_399.999), "2026,01,01,23,59,59.999");
        let now = Duration::from_secs(10);
        calendar.set_date(now, 2028, 2, 29).unwrap();
        calendar.set_time(now, 23, 59, 58.5);
        assert_eq!(text(calendar, 10.0), "2028,02,29,23,59,58.500");
        assert_eq!(text(calendar, 12.0), "2028,03,01,00,00,00.500");
        assert_eq!(
            calendar.set_date(now, 2027, 2, 29),
            Err(Fault::OUT_OF_RANGE)
        );
    }

    #[test]
    fn dates_and_days_are_inverses() {
        for day in -1000..60_000 {
            let (year, month, of_month) = date(day);
            assert_eq!(days(year, month, of_month), day);
        }
    }
}
