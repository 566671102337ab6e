//! Faulty batteries, boards, cables, BMSes and instruments: what the suite must catch.

use std::time::Duration;

/// A fault file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its name.
    pub name: String,
    /// One sentence for people.
    pub about: String,
    /// The statement of the manual that it breaks; empty for a fault of the rig's own instruments.
    pub violates: Vec<String>,
    /// What is wrong.
    pub inject: Vec<Injection>,
    /// Scenarios that must notice, and how.
    pub expect: Vec<Expectation>,
    /// Scenarios that must pass all the same: what the fault has nothing to do with.
    pub spares: Vec<String>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Injection {
    /// `battery`, `battery 2`, `bms`, `instrument daq`, `cable 1`, `operator`.
    pub target: String,
    /// Parameter or behaviour: `pre_alarm_delay`, `charge_contact`, `drop-reply` …
    pub parameter: String,
    /// New value with its unit, or the behaviour's argument: `20 s`, `stuck closed`.
    pub value: String,
    /// When it begins, after the scenario's start.
    pub onset: Duration,
}

/// A scenario that must notice, and how it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// Exact name of the scenario.
    pub scenario: String,
    /// `fail`, `error` or `inconclusive`.
    pub verdict: String,
    /// Must occur in the scenario's reason.
    pub reason: String,
}
