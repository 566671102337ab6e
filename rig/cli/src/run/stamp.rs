//! Stamps of the calendar, for the manifest and the names of folders.

use std::time::{Duration, SystemTime};

/// The start of every simulated run, so that the same seed gives the same bytes.
pub(crate) const SIMULATED_START: &str = "2000-01-01T00:00:00Z";

/// The time of the calendar.
#[expect(
    clippy::disallowed_methods,
    reason = "the start stamp of a run is the one place where the calendar counts"
)]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

/// RFC 3339 in UTC, whole seconds.
pub(crate) fn rfc3339(time: SystemTime) -> String {
    let (year, month, day, hour, minute, second) = civil(time);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The day of today, `2027-03-01`, in UTC.
pub(crate) fn day() -> String {
    let (year, month, day, ..) = civil(now());
    format!("{year:04}-{month:02}-{day:02}")
}

/// The same for names of folders: `2027-03-01_14-05-09`.
pub(crate) fn folder(time: SystemTime) -> String {
    rfc3339(time)
        .replace(':', "-")
        .replace('T', "_")
        .replace('Z', "")
}

fn civil(time: SystemTime) -> (i64, u64, u64, u64, u64, u64) {
    let since = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or(Duration::ZERO)
        .as_secs();
    let (days, rest) = (since / 86_400, since % 86_400);
    // Days since 0000-03-01, in eras of 400 years (Howard Hinnant's days_from_civil, reversed).
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = i64::try_from(year_of_era + era * 400).unwrap_or(0) + i64::from(month <= 2);
    (year, month, day, rest / 3_600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::{folder, rfc3339};
    use std::time::{Duration, SystemTime};

    #[test]
    fn days_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_799, "2000-02-29T23:59:59Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (1_709_251_200, "2024-03-01T00:00:00Z"),
            (4_102_444_799, "2099-12-31T23:59:59Z"),
        ] {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(rfc3339(time), expected);
        }
        assert_eq!(folder(SystemTime::UNIX_EPOCH), "1970-01-01_00-00-00");
    }
}
