//! The statements of the manual with our limits: the only home of a limit.

use std::collections::BTreeMap;

/// Every statement, by id.
#[derive(Debug, Clone, PartialEq)]
pub struct Clauses {
    /// By id, `3.2.1-02`.
    pub clauses: BTreeMap<String, Clause>,
    /// Ambiguities by id: what the manual says, what we hold.
    pub ambiguities: BTreeMap<String, (String, String)>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// Section of the manual, `3.2.1`.
    pub section: String,
    /// In our words.
    pub statement: String,
    /// How it can be checked.
    pub kind: ClauseKind,
    /// Alarm codes it is about.
    pub codes: Vec<String>,
    /// Battery models it applies to; empty is all.
    pub batteries: Vec<String>,
    /// BMS models it applies to; empty is all.
    pub bms: Vec<String>,
    /// Limits by name.
    pub limits: BTreeMap<String, ClauseLimit>,
    /// Ids of the ambiguities it touches.
    pub ambiguities: Vec<String>,
    /// Anything else worth knowing.
    pub notes: String,
    /// Why no scenario is about it; never there for an automatic statement.
    pub reason: Option<String>,
}

/// How a statement can be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClauseKind {
    /// By the rig.
    Automatic,
    /// By a person.
    Operator,
    /// On paper.
    Documentary,
    /// Nothing to check.
    Informative,
}

/// One limit.
#[derive(Debug, Clone, PartialEq)]
pub struct ClauseLimit {
    /// What must hold.
    pub bound: Bound,
    /// A zone in which a value gives no verdict.
    pub no_verdict: Option<(Scalar, Scalar)>,
    /// Device setting that the nominal value follows; the value in the file is its default.
    pub setting: Option<String>,
    /// `manual`, `rig choice`, or another source.
    pub origin: String,
    /// Why this number.
    pub why: String,
}

/// The shape of a limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// Around a nominal value.
    Around {
        /// Nominal value.
        nominal: Scalar,
        /// Either side.
        tolerance: Scalar,
    },
    /// Not less than.
    AtLeast(Scalar),
    /// Not more than.
    AtMost(Scalar),
    /// Both included.
    Between(Scalar, Scalar),
}

/// A number with its unit, normalised: volts, amperes, seconds, °C, K; also what a person reads or
/// counts, such as millimetres or batteries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scalar {
    /// In `unit`.
    pub value: f64,
    /// Symbol: `V`, `A`, `s`, `°C`, `K`, `K/min`, `%`, `Ah`, `Wh`, `Ω`, `mm`, `kg`, `Nm`; or what is
    /// counted: `batteries`, `cells`, `restarts`.
    pub unit: &'static str,
}
