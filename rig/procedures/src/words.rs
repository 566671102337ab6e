//! Numbers as sentences have them.

use std::time::Duration;

/// `0.1 s`, `45 s`, `3 min`, `2 h`: in the largest unit that needs no more than one decimal.
#[must_use]
pub(crate) fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let whole = |unit: f64| (seconds / unit).fract().abs() < 1e-9;
    if seconds >= 3600.0 && whole(3600.0) {
        format!("{:.0} h", seconds / 3600.0)
    } else if seconds >= 120.0 && whole(60.0) {
        format!("{:.0} min", seconds / 60.0)
    } else if whole(1.0) {
        format!("{seconds:.0} s")
    } else {
        format!("{seconds:.1} s")
    }
}

/// `cell 3`, or `cell 3 of battery 2` in a bank.
#[must_use]
pub(crate) fn cell(batteries: usize, battery: usize, cell: usize) -> String {
    if batteries > 1 {
        format!("cell {cell} of battery {battery}")
    } else {
        format!("cell {cell}")
    }
}

/// `batteries 1 and 3`, `battery 2`.
#[must_use]
pub(crate) fn batteries(numbers: &[usize]) -> String {
    match numbers {
        [] => "no battery".to_owned(),
        [one] => format!("battery {one}"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(ToString::to_string).collect();
            format!("batteries {} and {last}", first.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{batteries, cell, time};
    use std::time::Duration;

    #[test]
    fn times_are_written_in_the_unit_people_would_use() {
        for (seconds, text) in [
            (0.1, "0.1 s"),
            (0.0, "0 s"),
            (45.0, "45 s"),
            (60.0, "60 s"),
            (180.0, "3 min"),
            (181.0, "181 s"),
            (7200.0, "2 h"),
        ] {
            assert_eq!(time(Duration::from_secs_f64(seconds)), text);
        }
    }

    #[test]
    fn parts_are_named_as_people_name_them() {
        assert_eq!(cell(1, 1, 3), "cell 3");
        assert_eq!(cell(2, 1, 3), "cell 3 of battery 1");
        assert_eq!(batteries(&[2]), "battery 2");
        assert_eq!(batteries(&[1, 3, 4]), "batteries 1, 3 and 4");
    }
}
