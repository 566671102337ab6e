//! What differs between instruments below the meaning of their commands.

use std::time::Duration;

/// How an instrument tells that it refused a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorReport {
    /// It keeps a queue that is read with a query, one entry an answer, `0` when empty.
    Queue {
        /// The query: `SYST:ERR?`.
        query: &'static str,
    },
    /// It answers each command with a line.
    Reply {
        /// Start of the line when the command was taken: `OK:`.
        accepted: &'static str,
        /// Start of the line when it wasn't: `NA:`. Queries may be answered so too.
        refused: &'static str,
    },
    /// It never tells; only reading back does.
    Silent,
}

/// How to talk to an instrument, whatever it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// How refusals come back.
    pub errors: ErrorReport,
    /// Shortest time between two messages to it; zero where it keeps up.
    pub gap: Duration,
    /// How long an answer may take where the caller doesn't say.
    pub timeout: Duration,
    /// A query whose answer never changes (`*IDN?`). After a failed exchange it is asked once more
    /// and must be answered as before; answers to older questions are thrown away on the way.
    pub resync: Option<&'static str>,
    /// A query for the event status register, whose bit 7 says that the instrument was switched on
    /// since it was last asked or cleared. Asked after a failed exchange: an instrument that has
    /// lost its settings isn't one to go on with as if nothing had happened.
    pub power_on: Option<&'static str>,
}

impl Dialect {
    /// An instrument that follows SCPI-99: an error queue, no gap, two seconds for an answer.
    pub const SCPI: Self = Self {
        errors: ErrorReport::Queue { query: "SYST:ERR?" },
        gap: Duration::ZERO,
        timeout: Duration::from_secs(2),
        resync: Some("*IDN?"),
        power_on: Some("*ESR?"),
    };
}
