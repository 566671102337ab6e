//! Numbers against limits.

use crate::Verdict;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One measured value with everything a statement about it needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reading {
    /// In `unit`; not a number where nothing was measured.
    #[serde(deserialize_with = "number")]
    #[schemars(with = "Option<f64>")]
    pub value: f64,
    /// Symbol of the unit.
    pub unit: String,
    /// Expanded uncertainty (k = 2), in `unit`.
    #[serde(deserialize_with = "number")]
    #[schemars(with = "Option<f64>")]
    pub uncertainty: f64,
    /// Who measured: id of the instrument in the bench file.
    pub instrument: String,
    /// When, on the bench's clock.
    #[serde(deserialize_with = "number")]
    #[schemars(with = "Option<f64>")]
    pub at_s: f64,
}

/// JSON has no "not a number" and shows it as `null`: a journal that holds one must stay readable.
fn number<'de, D: serde::Deserializer<'de>>(input: D) -> Result<f64, D::Error> {
    Ok(Option::<f64>::deserialize(input)?.unwrap_or(f64::NAN))
}

/// What was found: a number or a state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Observed {
    /// A measurement.
    Reading(Reading),
    /// A state: `open`, `A-SL11 set`, `battery 2`.
    State {
        /// What was seen.
        found: String,
        /// Who saw it.
        instrument: String,
        /// When, on the bench's clock.
        at_s: f64,
    },
}

/// What must hold. Numbers are in the reading's unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// Not less than.
    AtLeast(f64),
    /// Not more than.
    AtMost(f64),
    /// Neither less than the first nor more than the second.
    Between(f64, f64),
    /// Between the first and second, with a zone (third to fourth) that gives no verdict.
    BetweenExcept(f64, f64, f64, f64),
    /// This state.
    Is(String),
}

/// How the uncertainty enters the verdict (ILAC-G8:09/2019).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DecisionRule {
    /// The value alone decides; the uncertainty is printed beside it.
    SimpleAcceptance,
    /// Only a value inside the limits by its whole uncertainty passes, only one outside by its
    /// whole uncertainty fails; between them there's no verdict.
    #[default]
    GuardBand,
    /// As the guard band, and a value inside it is said to pass or fail conditionally. The verdict
    /// stays [`Verdict::Inconclusive`] there.
    NonBinary,
}

/// A statement of conformity under a rule that has more than two (ILAC-G8:09/2019, 4.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Statement {
    /// Inside the limit by the whole uncertainty.
    Pass,
    /// Inside the limit by less than the uncertainty.
    ConditionalPass,
    /// Outside the limit by less than the uncertainty.
    ConditionalFail,
    /// Outside the limit by the whole uncertainty.
    Fail,
}

impl Statement {
    /// The words for reports.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Pass => "Pass",
            Self::ConditionalPass => "Conditional Pass",
            Self::ConditionalFail => "Conditional Fail",
            Self::Fail => "Fail",
        }
    }
}

/// The expanded uncertainty (k = 2) of one reading: `accuracy` is expanded already, `resolution`
/// is the last digit shown (rectangular over one digit), `noise` a standard deviation. Independent
/// contributions add as squares (JCGM 100:2008, 5.1.2). All in the reading's unit.
#[must_use]
pub fn expanded(accuracy: f64, resolution: f64, noise: f64) -> f64 {
    let digit = 2.0 * resolution / 12.0_f64.sqrt();
    accuracy.hypot(digit).hypot(2.0 * noise)
}

/// A statement of conformity about one quantity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Judgement {
    /// Statement of the manual, `3.2.1-02`.
    pub clause: String,
    /// What was judged, in words.
    pub quantity: String,
    /// What must hold.
    pub limit: Limit,
    /// What was found.
    pub observed: Observed,
    /// How uncertainty was taken into account.
    pub rule: DecisionRule,
    /// The outcome.
    pub verdict: Verdict,
    /// The outcome in one line, with the numbers.
    pub reason: String,
}

/// Judges a reading.
///
/// A value that isn't finite is an [`Verdict::Error`]: the rig could not tell.
#[must_use]
pub fn judge(
    clause: &str,
    quantity: &str,
    limit: Limit,
    reading: Reading,
    rule: DecisionRule,
) -> Judgement {
    let verdict = decide(&limit, reading.value, reading.uncertainty, rule);
    let relation = match verdict {
        Verdict::Pass => "is",
        Verdict::Fail => "must be",
        _ if !reading.value.is_finite() => "was not measured; must be",
        _ => match stated(&limit, &reading, rule) {
            Some(Statement::ConditionalPass) => "passes conditionally:",
            Some(Statement::ConditionalFail) => "fails conditionally:",
            Some(Statement::Pass | Statement::Fail) | None => "can't be told from",
        },
    };
    let reason = format!(
        "{quantity} {reading} {relation} {}",
        limit.words(&reading.unit)
    );
    Judgement {
        clause: clause.to_owned(),
        quantity: quantity.to_owned(),
        limit,
        observed: Observed::Reading(reading),
        rule,
        verdict,
        reason,
    }
}

/// Judges a state that was seen.
#[must_use]
pub fn judge_state(
    clause: &str,
    quantity: &str,
    wanted: &str,
    found: &str,
    instrument: &str,
    at_s: f64,
) -> Judgement {
    let verdict = if wanted == found {
        Verdict::Pass
    } else {
        Verdict::Fail
    };
    let reason = match verdict {
        Verdict::Pass => format!("{quantity} is {found}"),
        _ => format!("{quantity} is {found}, must be {wanted}"),
    };
    Judgement {
        clause: clause.to_owned(),
        quantity: quantity.to_owned(),
        limit: Limit::Is(wanted.to_owned()),
        observed: Observed::State {
            found: found.to_owned(),
            instrument: instrument.to_owned(),
            at_s,
        },
        rule: DecisionRule::SimpleAcceptance,
        verdict,
        reason,
    }
}

impl Judgement {
    /// What is stated of conformity where the rule knows more than pass and fail; none under the
    /// other rules, and none where nothing can be stated: states, zones without a verdict, values
    /// that were not measured.
    #[must_use]
    pub fn statement(&self) -> Option<Statement> {
        match &self.observed {
            Observed::Reading(reading) => stated(&self.limit, reading, self.rule),
            Observed::State { .. } => None,
        }
    }

    /// How much wider the tolerance is than the uncertainty's interval: (upper limit − lower limit)
    /// / 2U. None where there is one limit only, or no uncertainty.
    #[must_use]
    pub fn test_uncertainty_ratio(&self) -> Option<f64> {
        let Observed::Reading(reading) = &self.observed else {
            return None;
        };
        let width = match self.limit {
            Limit::Between(low, high) | Limit::BetweenExcept(low, high, _, _) => high - low,
            Limit::AtLeast(_) | Limit::AtMost(_) | Limit::Is(_) => return None,
        };
        let ratio = width / (2.0 * reading.uncertainty);
        ratio.is_finite().then_some(ratio)
    }
}

fn stated(limit: &Limit, reading: &Reading, rule: DecisionRule) -> Option<Statement> {
    if rule != DecisionRule::NonBinary {
        return None;
    }
    let zone = matches!(*limit, Limit::BetweenExcept(_, _, from, to)
        if (from..=to).contains(&reading.value));
    let alone = decide(
        limit,
        reading.value,
        reading.uncertainty,
        DecisionRule::SimpleAcceptance,
    );
    match (
        decide(limit, reading.value, reading.uncertainty, rule),
        alone,
    ) {
        _ if zone => None,
        (Verdict::Pass, _) => Some(Statement::Pass),
        (Verdict::Fail, _) => Some(Statement::Fail),
        (Verdict::Inconclusive, Verdict::Pass) => Some(Statement::ConditionalPass),
        (Verdict::Inconclusive, Verdict::Fail) => Some(Statement::ConditionalFail),
        _ => None,
    }
}

fn decide(limit: &Limit, value: f64, uncertainty: f64, rule: DecisionRule) -> Verdict {
    if !value.is_finite() || !uncertainty.is_finite() || uncertainty < 0.0 {
        return Verdict::Error;
    }
    let guard = match rule {
        DecisionRule::SimpleAcceptance => 0.0,
        DecisionRule::GuardBand | DecisionRule::NonBinary => uncertainty,
    };
    // Distance inside the limits; negative outside.
    let inside = match *limit {
        Limit::AtLeast(low) => value - low,
        Limit::AtMost(high) => high - value,
        Limit::Between(low, high) => (value - low).min(high - value),
        Limit::BetweenExcept(low, high, from, to) => {
            if value >= from && value <= to {
                return Verdict::Inconclusive;
            }
            (value - low).min(high - value)
        }
        Limit::Is(_) => return Verdict::Error,
    };
    if inside >= guard {
        Verdict::Pass
    } else if inside < -guard || (guard == 0.0 && inside < 0.0) {
        Verdict::Fail
    } else {
        Verdict::Inconclusive
    }
}

impl Limit {
    /// The limit in words: `at least 30 s`.
    #[must_use]
    pub fn words(&self, unit: &str) -> String {
        let shown = |value: &f64| format!("{} {unit}", plain(*value));
        match self {
            Self::AtLeast(low) => format!("at least {}", shown(low)),
            Self::AtMost(high) => format!("at most {}", shown(high)),
            Self::Between(low, high) => format!("between {} and {}", shown(low), shown(high)),
            Self::BetweenExcept(low, high, from, to) => format!(
                "between {} and {} (no verdict from {} to {})",
                shown(low),
                shown(high),
                shown(from),
                shown(to)
            ),
            Self::Is(state) => state.clone(),
        }
    }
}

/// A limit without the dust of binary arithmetic: 3.3 + 0.02 is 3.32.
fn plain(value: f64) -> f64 {
    let rounded = (value * 1e6).round() / 1e6;
    if rounded.is_finite() { rounded } else { value }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = decimals(self.uncertainty);
        write!(
            f,
            "{:.digits$} {} ± {:.digits$} {}",
            self.value, self.unit, self.uncertainty, self.unit
        )
    }
}

/// Decimals that show two digits of the uncertainty.
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

#[cfg(test)]
mod tests {
    use super::{DecisionRule, Limit, Reading, Verdict, judge, judge_state};

    fn check(limit: Limit, value: f64, uncertainty: f64, rule: DecisionRule) -> Verdict {
        let reading = Reading {
            value,
            unit: "V".into(),
            uncertainty,
            instrument: "dmm".into(),
            at_s: 0.0,
        };
        judge("3.2-01", "threshold", limit, reading, rule).verdict
    }

    #[test]
    fn the_guard_band_takes_the_uncertainty_from_both_sides() {
        let limit = || Limit::Between(3.08, 3.12);
        for (value, guarded, simple) in [
            (3.10, Verdict::Pass, Verdict::Pass),
            (3.119, Verdict::Inconclusive, Verdict::Pass),
            (3.121, Verdict::Inconclusive, Verdict::Fail),
            (3.126, Verdict::Fail, Verdict::Fail),
            (f64::NAN, Verdict::Error, Verdict::Error),
        ] {
            assert_eq!(
                check(limit(), value, 0.005, DecisionRule::GuardBand),
                guarded,
                "{value} guarded"
            );
            assert_eq!(
                check(limit(), value, 0.005, DecisionRule::SimpleAcceptance),
                simple,
                "{value} simple"
            );
        }
    }

    #[test]
    fn the_non_binary_rule_says_on_which_side_a_doubtful_value_lies() {
        let rows: Vec<String> = [3.10, 3.119, 3.121, 3.126, f64::NAN]
            .map(|value| {
                let reading = Reading {
                    value,
                    unit: "V".into(),
                    uncertainty: 0.005,
                    instrument: "dmm".into(),
                    at_s: 0.0,
                };
                let limit = Limit::Between(3.08, 3.12);
                let judged = judge(
                    "3.2-01",
                    "threshold",
                    limit,
                    reading,
                    DecisionRule::NonBinary,
                );
                let said = judged.statement().map_or("-", super::Statement::words);
                format!("{} | {said} | {}", judged.verdict, judged.reason)
            })
            .to_vec();
        assert_eq!(
            rows,
            [
                "Pass | Pass | threshold 3.1000 V ± 0.0050 V is between 3.08 V and 3.12 V",
                "Inconclusive | Conditional Pass | threshold 3.1190 V ± 0.0050 V passes conditionally: between 3.08 V and 3.12 V",
                "Inconclusive | Conditional Fail | threshold 3.1210 V ± 0.0050 V fails conditionally: between 3.08 V and 3.12 V",
                "Fail | Fail | threshold 3.1260 V ± 0.0050 V must be between 3.08 V and 3.12 V",
                "Error | - | threshold NaN V ± 0.0050 V was not measured; must be between 3.08 V and 3.12 V",
            ]
        );
    }

    #[test]
    fn uncertainties_add_as_squares_at_two_sigma() {
        assert_eq!(super::expanded(0.004, 0.0, 0.0), 0.004);
        let digit = super::expanded(0.0, 0.001, 0.0);
        assert!((digit - 0.001 / 3.0_f64.sqrt()).abs() < 1e-12, "{digit}");
        let all = super::expanded(0.003, 0.0, 0.002);
        assert!((all - 0.005).abs() < 1e-12, "{all}");
    }

    #[test]
    fn the_test_uncertainty_ratio_compares_two_intervals() {
        let judged = |limit| {
            let reading = Reading {
                value: 3.1,
                unit: "V".into(),
                uncertainty: 0.005,
                instrument: "dmm".into(),
                at_s: 0.0,
            };
            judge(
                "3.2-01",
                "threshold",
                limit,
                reading,
                DecisionRule::GuardBand,
            )
        };
        let ratio = judged(Limit::Between(3.08, 3.12)).test_uncertainty_ratio();
        assert!((ratio.unwrap() - 4.0).abs() < 1e-9, "{ratio:?}");
        assert_eq!(judged(Limit::AtLeast(3.0)).test_uncertainty_ratio(), None);
    }

    #[test]
    fn limits_are_shown_as_people_write_them() {
        let limit = Limit::Between(3.2 + 0.02 * 6.0, 3.34);
        assert_eq!(limit.words("V"), "between 3.32 V and 3.34 V");
        assert_eq!(Limit::AtMost(0.1 + 0.2).words("s"), "at most 0.3 s");
    }

    #[test]
    fn a_zone_without_verdict_gives_none() {
        let limit = || Limit::BetweenExcept(3.70, 3.77, 3.70, 3.73);
        assert_eq!(
            check(limit(), 3.72, 0.001, DecisionRule::GuardBand),
            Verdict::Inconclusive
        );
        assert_eq!(
            check(limit(), 3.75, 0.001, DecisionRule::GuardBand),
            Verdict::Pass
        );
        assert_eq!(
            check(limit(), 3.69, 0.001, DecisionRule::GuardBand),
            Verdict::Fail
        );
    }

    #[test]
    fn reasons_say_what_was_found_and_what_must_hold() {
        let reading = Reading {
            value: 28.4,
            unit: "s".into(),
            uncertainty: 0.1,
            instrument: "daq".into(),
            at_s: 70.0,
        };
        let judgement = judge(
            "3.2.1-02",
            "delay",
            Limit::AtLeast(30.0),
            reading,
            DecisionRule::GuardBand,
        );
        assert_eq!(
            judgement.reason,
            "delay 28.40 s ± 0.10 s must be at least 30 s"
        );
        let state = judge_state("6.2.6-01", "charge contact", "open", "closed", "daq", 1.0);
        assert_eq!(state.reason, "charge contact is closed, must be open");
        assert_eq!(state.verdict, Verdict::Fail);
    }
}
