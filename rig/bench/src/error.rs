//! Why a bench can't do what it was asked.

use crate::Problem;
use api::{InstrumentError, OperatorError, Stopped, TelemetryError};
use record::Verdict;

/// Why a bench can't do what it was asked. None of these says anything about the battery.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BenchError {
    /// An instrument didn't answer, or answered something else.
    #[error(transparent)]
    Instrument(#[from] InstrumentError),
    /// The run was cancelled.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// The radio receiver can't tell.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
    /// Nobody answered.
    #[error(transparent)]
    Operator(#[from] OperatorError),
    /// A measurement left the envelope of the bench file.
    #[error("envelope exceeded: {what} is {found}, the bench file allows {allowed}; {state}")]
    Envelope {
        /// `cell 3`, `bank voltage`.
        what: String,
        /// What was measured, with unit.
        found: String,
        /// What the bench file allows, with unit.
        allowed: String,
        /// Whether the bench is proven safe since.
        state: String,
    },
    /// A command that the bench won't carry out. Nothing was sent.
    #[error("{role}: `{wanted}` was refused and nothing was sent: {reason}")]
    Refused {
        /// Who was asked.
        role: String,
        /// What for.
        wanted: String,
        /// Why not, and what to do.
        reason: String,
    },
    /// Channels that can't play their roles.
    #[error("bench {bench} can't be used:{}", list(problems))]
    Roles {
        /// Name in the bench file.
        bench: String,
        /// All that was found.
        problems: Vec<Problem>,
    },
    /// The bench file wires nothing for this.
    #[error("bench {bench} has no {role}; {hint}")]
    NoRole {
        /// Name in the bench file.
        bench: String,
        /// What was asked for.
        role: String,
        /// What the bench has instead, or where to wire it.
        hint: String,
    },
    /// A statement that isn't in the list.
    #[error("there is no clause `{clause}` in the list of statements{suggestion}")]
    NoClause {
        /// As written.
        clause: String,
        /// `; did you mean …?`, or nothing.
        suggestion: String,
    },
    /// A limit that the statement hasn't got.
    #[error("clause {clause} has no limit `{name}`{suggestion}")]
    NoLimit {
        /// The statement.
        clause: String,
        /// As written.
        name: String,
        /// `; it has …`, or nothing.
        suggestion: String,
    },
    /// A limit that can't be used this way.
    #[error("limit `{name}` of clause {clause} can't be used here: {reason}")]
    LimitShape {
        /// The statement.
        clause: String,
        /// The limit.
        name: String,
        /// What doesn't fit.
        reason: String,
    },
    /// A battery that isn't what it was before an interruption. Nothing was energised.
    #[error("bench {bench} isn't as the interrupted run left it, and nothing was energised: {}; look what happened, then start anew", changed.join("; "))]
    Changed {
        /// Name in the bench file.
        bench: String,
        /// All that differs.
        changed: Vec<String>,
    },
    /// The record of the run can't be written.
    #[error("the run can't be recorded and must not go on: {reason}")]
    Record {
        /// What the system said.
        reason: String,
    },
}

impl BenchError {
    /// What a step that ends with this error is: [`Verdict::Interrupted`] when the run was
    /// cancelled, else [`Verdict::Error`]. Never a failure of the battery.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Stopped(_) => Verdict::Interrupted,
            Self::Instrument(_)
            | Self::Telemetry(_)
            | Self::Operator(_)
            | Self::Envelope { .. }
            | Self::Refused { .. }
            | Self::Roles { .. }
            | Self::NoRole { .. }
            | Self::NoClause { .. }
            | Self::NoLimit { .. }
            | Self::LimitShape { .. }
            | Self::Changed { .. }
            | Self::Record { .. } => Verdict::Error,
        }
    }
}

fn list(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(|problem| format!("\n  {problem}"))
        .collect()
}
