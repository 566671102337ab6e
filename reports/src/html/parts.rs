//! Small pieces of the page: verdicts, numbers, instants.

use maud::{Markup, html};
use record::{DecisionRule, Limit, Observed, Verdict};

/// Class of a verdict.
pub(crate) fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::Inconclusive => "inconclusive",
        Verdict::Error => "error",
        Verdict::Interrupted => "interrupted",
        Verdict::Skipped => "skipped",
    }
}

/// A verdict as a word with a sign.
pub(crate) fn badge(verdict: Verdict) -> Markup {
    let sign = match verdict {
        Verdict::Pass => "✓",
        Verdict::Fail => "✗",
        Verdict::Inconclusive | Verdict::Error | Verdict::Interrupted => "▲",
        Verdict::Skipped => "–",
    };
    html! { span class={ "verdict " (class(verdict)) } { span aria-hidden="true" { (sign) " " } (verdict.word()) } }
}

/// A number without the dust of binary arithmetic.
pub(crate) fn number(value: f64) -> String {
    if !value.is_finite() {
        return "no number".into();
    }
    let text = format!("{value:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".into()
    } else {
        text.into()
    }
}

/// An instant or duration of bench time.
pub(crate) fn time(seconds: f64) -> String {
    if !seconds.is_finite() {
        return "unknown".into();
    }
    if seconds.abs() < 600.0 {
        return format!("{seconds:.2} s");
    }
    let sign = if seconds < 0.0 { "-" } else { "" };
    let tenths = (seconds.abs() * 10.0).round();
    let (hours, rest) = ((tenths / 36_000.0).floor(), tenths % 36_000.0);
    let (minutes, tenths) = ((rest / 600.0).floor(), rest % 600.0);
    format!("{sign}{hours:.0}:{minutes:02.0}:{:04.1}", tenths / 10.0)
}

/// What must hold.
pub(crate) fn limit(limit: &Limit) -> String {
    let n = |value: &f64| number(*value);
    match limit {
        Limit::AtLeast(low) => format!("at least {}", n(low)),
        Limit::AtMost(high) => format!("at most {}", n(high)),
        Limit::Between(low, high) => format!("{} to {}", n(low), n(high)),
        Limit::BetweenExcept(low, high, from, to) => {
            format!(
                "{} to {}, no verdict from {} to {}",
                n(low),
                n(high),
                n(from),
                n(to)
            )
        }
        Limit::Is(state) => state.clone(),
    }
}

/// What was found: value with uncertainty, unit, instrument, instant.
pub(crate) fn observed(observed: &Observed) -> (String, &str, &str, f64) {
    match observed {
        Observed::Reading(reading) => {
            let digits = decimals(reading.uncertainty);
            let value = if reading.value.is_finite() {
                format!(
                    "{:.digits$} ± {:.digits$}",
                    reading.value, reading.uncertainty
                )
            } else {
                "not measured".into()
            };
            (value, &reading.unit, &reading.instrument, reading.at_s)
        }
        Observed::State {
            found,
            instrument,
            at_s,
        } => (found.clone(), "", instrument, *at_s),
    }
}

/// Decimals that show two digits of an uncertainty.
fn decimals(uncertainty: f64) -> usize {
    if !(uncertainty.is_finite() && uncertainty > 0.0) {
        return 3;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=6 first"
    )]
    let digits = (1.0 - uncertainty.log10().floor()).clamp(0.0, 6.0) as usize;
    digits
}

/// How uncertainty entered a verdict.
pub(crate) fn rule(rule: DecisionRule, limit: &Limit) -> &'static str {
    match (limit, rule) {
        (Limit::Is(_), _) => "state",
        (_, DecisionRule::SimpleAcceptance) => "simple",
        (_, DecisionRule::GuardBand) => "guard band",
        (_, DecisionRule::NonBinary) => "non-binary",
    }
}

/// `1 scenario`, `2 scenarios`.
pub(crate) fn count(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

#[cfg(test)]
mod tests {
    use super::{number, time};

    #[test]
    fn numbers_read_as_people_write_them() {
        for (value, text) in [
            (3.12 - 1e-16, "3.12"),
            (3.1 + 0.02, "3.12"),
            (30.0, "30"),
            (-0.0, "0"),
            (0.000_4, "0.0004"),
            (f64::NAN, "no number"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn long_times_are_told_in_hours() {
        for (seconds, text) in [
            (0.0, "0.00 s"),
            (31.456, "31.46 s"),
            (600.0, "0:10:00.0"),
            (3_659.97, "1:01:00.0"),
            (259_200.0, "72:00:00.0"),
        ] {
            assert_eq!(time(seconds), text);
        }
    }
}
