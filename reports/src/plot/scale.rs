//! Where ticks stand and what they say.

/// Ticks of an axis: position in the axis' own unit, and label.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ticks {
    /// Unit or title of the axis.
    pub(crate) unit: &'static str,
    /// Position and label.
    pub(crate) at: Vec<(f64, String)>,
}

/// Ticks at round values: steps of 1, 2 or 5.
pub(crate) fn value_ticks(low: f64, high: f64, most: usize) -> Vec<(f64, String)> {
    let span = high - low;
    if !(span.is_finite() && span > 0.0) || most == 0 {
        return Vec::new();
    }
    let rough = span / most as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|&step| step >= rough * 0.999)
        .unwrap_or(power * 10.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=6 first"
    )]
    let digits = (-(step * 1.000_1).log10().floor()).clamp(0.0, 6.0) as usize;
    ticks(low, high, step, |value| format!("{value:.digits$}"))
}

/// Ticks of bench time from `begin` to `end` seconds, in seconds, minutes, hours or days; positions
/// are in seconds.
pub(crate) fn time_ticks(begin: f64, end: f64, most: usize) -> Ticks {
    let span = end - begin;
    let (unit, seconds, steps): (_, f64, &[f64]) = match span {
        _ if !(span.is_finite() && span > 0.0) => ("s", 1.0, &[1.0]),
        _ if span < 300.0 => (
            "s",
            1.0,
            &[
                0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0,
            ],
        ),
        _ if span < 3.0 * 3600.0 => ("min", 60.0, &[0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0]),
        _ if span < 96.0 * 3600.0 => ("h", 3600.0, &[0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0]),
        _ => ("d", 86400.0, &[0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]),
    };
    let rough = span / seconds / most.max(1) as f64;
    let step = steps.iter().copied().find(|&step| step >= rough * 0.999);
    let step = step.unwrap_or(rough.max(f64::MIN_POSITIVE));
    let digits = usize::from(step < 1.0) + usize::from(step < 0.1);
    let at = ticks(begin / seconds, end / seconds, step, |value| {
        format!("{value:.digits$}")
    });
    let at = at
        .into_iter()
        .map(|(value, label)| (value * seconds, label))
        .collect();
    Ticks { unit, at }
}

fn ticks(low: f64, high: f64, step: f64, label: impl Fn(f64) -> String) -> Vec<(f64, String)> {
    let first = (low / step - 1e-6).ceil();
    (0..1000)
        .map(|nth| (first + f64::from(nth)) * step)
        .take_while(|&value| value <= high + step * 1e-6)
        .map(|value| {
            if value.abs() < step * 1e-9 {
                0.0
            } else {
                value
            }
        })
        .map(|value| (value, label(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{time_ticks, value_ticks};

    fn labels(ticks: &[(f64, String)]) -> String {
        ticks
            .iter()
            .map(|(_, label)| label.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn ticks_are_round() {
        for (low, high, most, expected) in [
            (2.47, 3.38, 6, "2.6 2.8 3.0 3.2"),
            (-12.0, 41.0, 6, "-10 0 10 20 30 40"),
            (3.2996, 3.3004, 5, "3.2996 3.2998 3.3000 3.3002 3.3004"),
            (0.0, 100.0, 5, "0 20 40 60 80 100"),
            (1.0, 1.0, 5, ""),
        ] {
            assert_eq!(
                labels(&value_ticks(low, high, most)),
                expected,
                "{low}..{high}"
            );
        }
    }

    #[test]
    fn time_is_told_in_units_a_person_would_use() {
        for (begin, end, expected) in [
            (0.0, 95.0, "s: 0 10 20 30 40 50 60 70 80 90"),
            (
                12.0,
                14.0,
                "s: 12.0 12.2 12.4 12.6 12.8 13.0 13.2 13.4 13.6 13.8 14.0",
            ),
            (0.0, 2400.0, "min: 0 5 10 15 20 25 30 35 40"),
            (0.0, 259_200.0, "h: 0 12 24 36 48 60 72"),
            (0.0, 0.0, "s: 0"),
        ] {
            let ticks = time_ticks(begin, end, 10);
            assert_eq!(format!("{}: {}", ticks.unit, labels(&ticks.at)), expected);
        }
    }
}
