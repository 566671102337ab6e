//! Instants of the calendar, as far as a report needs them.

/// An RFC 3339 instant in UTC and so many seconds later, whole seconds; none where the text is no
/// such instant.
pub(crate) fn later(started: &str, seconds: f64) -> Option<String> {
    let began = since_1970(started)?;
    if !seconds.is_finite() {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "saturates far outside any calendar"
    )]
    let later = seconds.round() as i64;
    let total = began + later;
    let (day, rest) = (total.div_euclid(86_400), total.rem_euclid(86_400));
    let (year, month, date) = civil(day);
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    Some(format!(
        "{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}Z"
    ))
}

/// Seconds from 1970 to an RFC 3339 instant in UTC; none where the text is no such instant.
pub(crate) fn since_1970(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let seconds = hour * 3_600 + minute * 60 + second;
    (1..=12)
        .contains(&month)
        .then(|| days(year, month, day) * 86_400 + seconds)
}

/// Days since 1970-01-01 (Howard Hinnant's days_from_civil).
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The same reversed.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year + era * 400 + i64::from(month <= 2), month, date)
}

#[cfg(test)]
mod tests {
    use super::later;

    #[test]
    fn days_and_years_are_crossed() {
        for (started, seconds, expected) in [
            ("2024-02-28T23:59:59Z", 1.4, "2024-02-29T00:00:00Z"),
            ("2023-12-31T00:00:00Z", 259_200.0, "2024-01-03T00:00:00Z"),
            ("2000-01-01T00:00:00Z", 0.0, "2000-01-01T00:00:00Z"),
        ] {
            assert_eq!(later(started, seconds).as_deref(), Some(expected));
        }
        assert_eq!(later("yesterday", 1.0), None);
    }
}
