//! Which statements speak of which signal, and with which of their limits.
//!
//! Numbers stand with the statements; here stand only their names.

use crate::signal::{Goal, Signal};
use api::AlarmCode;

/// A limit of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) clause: &'static str,
    pub(crate) limit: &'static str,
}

const fn named(clause: &'static str, limit: &'static str) -> Named {
    Named { clause, limit }
}

/// What the statements say of a signal's coming or going with a cell voltage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct VoltageRule {
    /// Whether it comes with a low cell; else with a high one.
    pub(crate) low: bool,
    /// Statements that have a limit for where it comes or goes.
    pub(crate) clauses: &'static [&'static str],
    /// Name of that limit in each.
    pub(crate) limit: &'static str,
    /// How long a level is held before it counts as having changed nothing.
    pub(crate) dwell: Named,
    /// How many times that; more than once where the time itself is judged elsewhere.
    pub(crate) dwells: u32,
    /// Where it does the opposite: beyond that limit it's made ready for the next try.
    pub(crate) opposite: Named,
}

/// The rule for a goal; none where the manual has no voltage for it.
pub(crate) fn voltage_rule(goal: Goal) -> Option<VoltageRule> {
    let low = |clauses, limit, dwell, opposite| VoltageRule {
        low: true,
        clauses,
        limit,
        dwell,
        dwells: 1,
        opposite,
    };
    let high = |clauses, limit, dwell, dwells, opposite| VoltageRule {
        low: false,
        clauses,
        limit,
        dwell,
        dwells,
        opposite,
    };
    let rule = match (goal.signal, goal.present) {
        (Signal::PreAlarm, true) => low(
            &["3.2.1-01", "3.2-01", "4.7.4-01", "4.7.4-02"],
            "threshold",
            named("3.2.1-01", "response"),
            named("3.2.1-04", "release"),
        ),
        (Signal::PreAlarm, false) => low(
            &["3.2.1-04"],
            "release",
            named("3.2.1-04", "hold"),
            named("3.2.1-01", "threshold"),
        ),
        (Signal::LoadsOff, true) => low(
            &[
                "3.2-02", "4.7.5-01", "4.7.5-02", "6.2.3-01", "2.2-03", "3.3.1-01", "3.3.2-01",
                "3.3.3-01", "3.3.4-01", "3.3.5-01", "3.3.6-01",
            ],
            "threshold",
            named("3.2-02", "timeout"),
            named("6.2.3-03", "release"),
        ),
        (Signal::LoadsOff, false) => low(
            &["6.2.3-03"],
            "release",
            named("6.2.3-03", "reconnect"),
            named("3.2-02", "threshold"),
        ),
        (Signal::ChargersOff, true) => high(
            &[
                "3.2-03", "6.2.1-01", "3.3.1-03", "3.3.2-03", "3.3.3-03", "3.3.4-03", "3.3.5-03",
                "3.3.6-03",
            ],
            "threshold",
            named("3.2-03", "response"),
            4,
            named("6.2.1-02", "release"),
        ),
        (Signal::ChargersOff, false) => high(
            &["6.2.1-02"],
            "release",
            named("6.2.1-02", "response"),
            1,
            named("3.2-03", "threshold"),
        ),
        (Signal::Code(AlarmCode::WSl11), true) => low(
            &["6.4.1-01"],
            "threshold",
            named("6.4.1-01", "response"),
            named("6.4.1-01", "release"),
        ),
        (Signal::Code(AlarmCode::WSl11), false) => low(
            &["6.4.1-01"],
            "release",
            named("6.4.1-01", "response"),
            named("6.4.1-01", "threshold"),
        ),
        (Signal::Code(AlarmCode::ASl11), true) => low(
            &["6.4.2-01"],
            "threshold",
            named("6.4.2-01", "response"),
            named("6.4.2-01", "release"),
        ),
        (Signal::Code(AlarmCode::ASl11), false) => low(
            &["6.4.2-01", "6.2.5-03"],
            "release",
            named("6.4.2-01", "response"),
            named("6.4.2-01", "threshold"),
        ),
        (Signal::Code(AlarmCode::ASl9), true) => high(
            &["6.4.3-01"],
            "threshold",
            named("6.4.3-01", "response"),
            1,
            named("6.2.1-02", "release"),
        ),
        (Signal::Code(_), _) => return None,
    };
    Some(rule)
}

/// What the statements say of how soon a signal comes or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeRule {
    pub(crate) clauses: &'static [&'static str],
    pub(crate) limit: &'static str,
}

/// The rule for a goal; none where no time is asked of it.
pub(crate) fn time_rule(goal: Goal) -> Option<TimeRule> {
    let response = |clauses| TimeRule {
        clauses,
        limit: "response",
    };
    let rule = match (goal.signal, goal.present) {
        (Signal::PreAlarm, true) => response(&["3.2.1-01", "3.2-01", "4.7.4-01"]),
        (Signal::PreAlarm, false) => response(&["3.2.1-04"]),
        (Signal::LoadsOff, true) => response(&["3.2-02", "6.2.3-01"]),
        (Signal::LoadsOff, false) => TimeRule {
            clauses: &["6.2.3-03"],
            limit: "reconnect",
        },
        (Signal::ChargersOff, true) => response(&[
            "3.2-03", "6.2.1-01", "3.3.1-03", "3.3.2-03", "3.3.3-03", "3.3.4-03", "3.3.5-03",
            "3.3.6-03",
        ]),
        (Signal::ChargersOff, false) => response(&["6.2.1-02"]),
        (Signal::Code(AlarmCode::WSl11), true) => response(&["6.4.1-01"]),
        (Signal::Code(AlarmCode::ASl11), true) => response(&["6.4.2-01"]),
        (Signal::Code(AlarmCode::ASl9), true) => response(&["6.4.3-01"]),
        (Signal::Code(_), _) => return None,
    };
    Some(rule)
}

/// Longest that anything is waited for before it is given up.
pub(crate) const PATIENCE: Named = named("3.2-02", "timeout");
