//! Stamps of the calendar, for the manifest and the names of folders.

use std::time::SystemTime;

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
    humantime::format_rfc3339_seconds(time).to_string()
}

/// The day of today, `2027-03-01`, in UTC.
pub(crate) fn day() -> String {
    let mut stamp = rfc3339(now());
    stamp.truncate("2027-03-01".len());
    stamp
}

/// The same for names of folders: `2027-03-01_14-05-09`.
pub(crate) fn folder(time: SystemTime) -> String {
    rfc3339(time)
        .replace(':', "-")
        .replace('T', "_")
        .replace('Z', "")
}

#[cfg(test)]
mod tests {
    use super::{folder, rfc3339};
    use std::time::{Duration, SystemTime};

    #[test]
    fn stamps_and_names_of_folders() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_709_251_199);
        assert_eq!(rfc3339(time), "2024-02-29T23:59:59Z");
        assert_eq!(folder(time), "2024-02-29_23-59-59");
    }
}
