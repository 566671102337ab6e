//! What is odd about a decoded record.

use std::fmt;
use units::Volts;

/// One thing about a record that doesn't fit. A finding never changes what was decoded: it goes
/// into the log beside it.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// The bytes end before this field does. It is absent, not "not available".
    Truncated {
        /// Which field.
        field: &'static str,
        /// Length of the payload in bytes.
        bytes: usize,
    },
    /// The last bit, which no field uses, must be set.
    UnusedBitClear,
    /// Cells that the battery doesn't have report a voltage.
    ExtraCells {
        /// Which, from 1.
        cells: Vec<usize>,
        /// How many the battery has.
        expected: usize,
    },
    /// Cells that the battery has report "not available".
    MissingCells {
        /// Which, from 1.
        cells: Vec<usize>,
        /// How many the battery has.
        expected: usize,
    },
    /// An unknown product reports a number of cells that no battery has.
    CellCount {
        /// Cells with a voltage.
        found: usize,
    },
    /// The cells don't add up to the battery's voltage.
    Sum {
        /// The least the cells can add up to, to the resolution of the record.
        from: Volts,
        /// The most; infinite with a cell beyond the upper end of the scale.
        to: Volts,
        /// What the battery says of itself.
        voltage: Volts,
    },
    /// Status flags that stand for nothing.
    ReservedFlags {
        /// Just these.
        bits: u32,
    },
    /// Error flags that stand for nothing.
    ReservedErrors {
        /// Just these.
        bits: u16,
    },
    /// A balancer status that stands for nothing.
    UnknownBalancer {
        /// The value, 4 to 14.
        status: u8,
    },
    /// An input or output of a BMS that is neither on nor off nor missing.
    ReservedIo {
        /// Which.
        what: &'static str,
    },
}

impl Finding {
    /// A word for machines; stays the same between versions.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "truncated",
            Self::UnusedBitClear => "unused-bit-clear",
            Self::ExtraCells { .. } => "extra-cells",
            Self::MissingCells { .. } => "missing-cells",
            Self::CellCount { .. } => "cell-count",
            Self::Sum { .. } => "sum",
            Self::ReservedFlags { .. } => "reserved-flags",
            Self::ReservedErrors { .. } => "reserved-errors",
            Self::UnknownBalancer { .. } => "unknown-balancer",
            Self::ReservedIo { .. } => "reserved-io",
        }
    }

    /// How strongly it speaks for noise instead of a battery with a defect, where 2 is enough.
    const fn weight(&self) -> usize {
        match self {
            // Nothing in a battery can make these.
            Self::UnusedBitClear | Self::ExtraCells { .. } => 2,
            // A defect, or a newer firmware, can make one of these; noise makes several.
            Self::CellCount { .. }
            | Self::Sum { .. }
            | Self::ReservedFlags { .. }
            | Self::ReservedErrors { .. }
            | Self::UnknownBalancer { .. }
            | Self::ReservedIo { .. } => 1,
            // Short frames and lost balancers happen.
            Self::Truncated { .. } | Self::MissingCells { .. } => 0,
        }
    }
}

/// Whether the findings together say that the plaintext is noise: the key begins with the right byte
/// but isn't the key, or the frame was damaged.
///
/// A single oddity that a defective battery could show, such as cells that don't add up, is not
/// taken for noise: the rig is there to see it.
#[must_use]
pub fn looks_like_noise(findings: &[Finding]) -> bool {
    findings.iter().map(Finding::weight).sum::<usize>() >= 2
}

fn list(cells: &[usize]) -> String {
    cells
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { field, bytes } => {
                write!(f, "{field} lies beyond the end of the {bytes}-byte payload")
            }
            Self::UnusedBitClear => {
                f.write_str("bit 127 is clear; no field uses it, it must be set")
            }
            Self::ExtraCells { cells, expected } => write!(
                f,
                "a voltage for cell {}, but the battery has {expected} cells",
                list(cells)
            ),
            Self::MissingCells { cells, expected } => {
                write!(f, "no voltage for cell {} of {expected}", list(cells))
            }
            Self::CellCount { found } => {
                write!(f, "voltages for {found} cells; batteries have 4 or 8")
            }
            Self::Sum { from, to, voltage } if to.0.is_finite() => write!(
                f,
                "the battery reports {voltage:.2}, but its cells add up to between {from:.2} and {to:.2}"
            ),
            Self::Sum { from, voltage, .. } => write!(
                f,
                "the battery reports {voltage:.2}, but its cells add up to {from:.2} or more"
            ),
            Self::ReservedFlags { bits } => write!(f, "reserved status flags {bits:#010x} are set"),
            Self::ReservedErrors { bits } => write!(f, "reserved error flags {bits:#06x} are set"),
            Self::UnknownBalancer { status } => write!(f, "balancer status {status} means nothing"),
            Self::ReservedIo { what } => write!(f, "{what} is neither yes nor no nor missing"),
        }
    }
}
