//! What the files that went into a run say of laboratory, equipment, item and method: handed over
//! by whoever can read those files, since reports know the record alone.

use serde::Serialize;
use std::collections::BTreeMap;

/// Everything that stands in a run's inputs and not in its journal. Empty where nobody read them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Dossier {
    /// What was tested against: title and edition.
    pub method: String,
    /// Laboratories of the benches, each once.
    pub laboratories: Vec<Laboratory>,
    /// Instruments, each once.
    pub equipment: Vec<Equipment>,
    /// What stood on the benches.
    pub items: Vec<Item>,
    /// Statements of the manual by id.
    pub statements: BTreeMap<String, ClauseText>,
}

/// A laboratory as a bench file names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Laboratory {
    /// Name.
    pub name: String,
    /// Postal address.
    pub address: String,
    /// For whom it tests.
    pub customer: String,
    /// Who works there.
    pub operators: Vec<String>,
    /// Decision rule in words.
    pub rule: String,
    /// Benches that say so.
    pub benches: Vec<String>,
}

/// An instrument as a bench file describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Equipment {
    /// Id in the bench file.
    pub id: String,
    /// Benches that have it.
    pub benches: Vec<String>,
    /// Driver.
    pub driver: String,
    /// Who answered: maker, model, serial number, firmware; empty where it was never opened.
    pub identity: String,
    /// Number of the calibration certificate.
    pub certificate: Option<String>,
    /// Last day the calibration is good for, `2027-06-30`.
    pub due: Option<String>,
    /// How far readings may be off, in words, k = 2.
    pub accuracy: String,
}

impl Equipment {
    /// Whether the calibration was over on that day, `2027-06-30`.
    pub(crate) fn is_overdue(&self, day: &str) -> bool {
        self.due.as_deref().is_some_and(|due| due < day)
    }

    /// What is to be said of the calibration on that day.
    pub(crate) fn calibration(&self, day: &str, simulated: bool) -> &'static str {
        match &self.due {
            Some(_) if self.is_overdue(day) => "OVERDUE",
            Some(_) => "in date",
            None if simulated => "simulated",
            None => "not calibrated",
        }
    }
}

/// What stood on a bench.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Benches with this item.
    pub benches: Vec<String>,
    /// Battery model, and how many are connected how.
    pub battery: String,
    /// BMS model.
    pub bms: String,
    /// Serial numbers, where known.
    pub serials: Vec<String>,
    /// Settings in force, in words.
    pub settings: String,
}

/// A statement of the manual.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClauseText {
    /// Section of the manual.
    pub section: String,
    /// What must hold.
    pub statement: String,
    /// `automatic`, `operator`, `documentary` or `informative`.
    pub kind: String,
    /// Why no scenario is about it.
    pub reason: Option<String>,
}
