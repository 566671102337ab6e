//! Whether calibrations are in date.

use super::Finding;
use crate::run::day_of_today;
use config::{Bench, Instrument};

/// The day of today, `2027-03-01`, in UTC.
pub(crate) fn today() -> String {
    day_of_today()
}

pub(super) fn finding(id: &str, instrument: &Instrument, today: &str) -> Finding {
    const CHECK: &str = "calibration";
    match &instrument.calibration {
        None => Finding::notice(
            id,
            CHECK,
            "no certificate in the bench file: its readings can't be traced",
        ),
        Some(one) if one.due.as_str() < today => Finding::bad(
            id,
            CHECK,
            format!(
                "certificate {} was good until {}, and it is {today}: have it calibrated",
                one.certificate, one.due
            ),
        ),
        Some(one) => Finding::good(
            id,
            CHECK,
            format!("certificate {}, good until {}", one.certificate, one.due),
        ),
    }
}

/// The instruments of a bench whose calibration is over, each with its certificate and last day.
pub(crate) fn overdue(bench: &Bench, today: &str) -> Vec<String> {
    bench
        .instruments
        .iter()
        .filter_map(|(id, instrument)| {
            let one = instrument.calibration.as_ref()?;
            // Days written year first sort as they come.
            (one.due.as_str() < today)
                .then(|| format!("{id} (certificate {}, due {})", one.certificate, one.due))
        })
        .collect()
}
