//! What a run's inputs say of laboratory, equipment, item and method, for its reports.
//!
//! Everything is read from the copies in the run's folder: a report made years later says what held
//! then. What can't be read is left out; the formal report then names it as missing.

use config::{
    Accuracy, AccuracyTerm, Bench, ClauseKind, FileKind, Rule, load_bench, load_bms_product,
    load_clauses,
};
use record::RunDirectory;
use reports::{
    ClauseText, Dossier, Equipment, Item, Laboratory, Making, ReportError, Run, Written,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What is tested against.
const METHOD: &str = "Lithium Smart Battery Manual, revision 16, as taken apart into the numbered statements of the run's clause file";

/// Makes the reports that every run gets, and registers it in the history.
///
/// # Errors
/// As [`reports::make`].
pub(crate) fn write_reports(run: &Path) -> Result<Written, ReportError> {
    let making = Making {
        dossier: Some(&|read| of_run(run, read)),
        ..Making::default()
    };
    let written = reports::make(run, &making)?;
    if let Err(problem) = crate::history::register(run, &written.run) {
        crate::run::say(&format!("rig: the run is not in the history: {problem:#}"));
    }
    Ok(written)
}

/// Reads the inputs in a run's folder.
pub(crate) fn of_run(folder: &Path, run: &Run) -> Dossier {
    Files::read(folder, run).dossier()
}

/// The inputs that matter here, read.
struct Files<'a> {
    run: &'a Run,
    benches: Vec<Bench>,
    bms: Vec<String>,
    statements: BTreeMap<String, ClauseText>,
}

impl<'a> Files<'a> {
    fn read(folder: &Path, run: &'a Run) -> Self {
        let mut files = Self {
            run,
            benches: Vec::new(),
            bms: Vec::new(),
            statements: BTreeMap::new(),
        };
        let inputs = RunDirectory(folder.to_owned()).inputs();
        for input in run.start.iter().flat_map(|start| &start.inputs) {
            let path = inputs.join(&input.path);
            let Ok(text) = std::fs::read_to_string(&path) else {
                continue;
            };
            match FileKind::of(&text) {
                Some(FileKind::Bench) => files.benches.extend(load_bench(&path)),
                Some(FileKind::BmsProduct) => {
                    files
                        .bms
                        .extend(load_bms_product(&path).map(|product| product.name));
                }
                Some(FileKind::Clauses) => files.take_clauses(&path),
                _ => {}
            }
        }
        files
    }

    fn take_clauses(&mut self, path: &Path) {
        let Ok(clauses) = load_clauses(path) else {
            return;
        };
        self.statements = clauses
            .clauses
            .into_iter()
            .map(|(id, clause)| {
                let kind = match clause.kind {
                    ClauseKind::Automatic => "automatic",
                    ClauseKind::Operator => "operator",
                    ClauseKind::Documentary => "documentary",
                    ClauseKind::Informative => "informative",
                };
                let text = ClauseText {
                    section: clause.section,
                    statement: clause.statement,
                    kind: kind.to_owned(),
                    reason: clause.reason,
                };
                (id, text)
            })
            .collect();
    }

    fn dossier(self) -> Dossier {
        let read = !self.statements.is_empty();
        let used: BTreeSet<String> = self
            .run
            .scenarios
            .iter()
            .map(|scenario| scenario.bench.clone())
            .filter(|bench| !bench.is_empty())
            .collect();
        let mut dossier = Dossier {
            method: if read {
                METHOD.to_owned()
            } else {
                String::new()
            },
            ..Dossier::default()
        };
        for name in &used {
            let file = name.split('+').next().unwrap_or_default();
            if let Some(bench) = self.benches.iter().find(|bench| bench.name == file) {
                self.laboratory(&mut dossier, bench);
                self.equipment(&mut dossier, bench, name);
                self.item(&mut dossier, bench, name);
            }
        }
        dossier.statements = self.statements;
        dossier
    }

    fn laboratory(&self, dossier: &mut Dossier, bench: &Bench) {
        let lab = &bench.lab;
        let one = Laboratory {
            name: lab.name.clone(),
            address: lab.address.clone(),
            customer: lab.customer.clone(),
            operators: lab.operators.clone(),
            rule: match lab.rule {
                Rule::GuardBand => {
                    "guard band: guarded acceptance and rejection, w = U (ILAC-G8:09/2019)"
                }
                Rule::SimpleAcceptance => "simple acceptance, w = 0 (ILAC-G8:09/2019)",
                Rule::NonBinary => "non-binary with guard band w = U (ILAC-G8:09/2019)",
            }
            .to_owned(),
            benches: Vec::new(),
        };
        let same = |known: &Laboratory| {
            Laboratory {
                benches: Vec::new(),
                ..known.clone()
            } == one
        };
        let place = dossier
            .laboratories
            .iter()
            .position(same)
            .unwrap_or_else(|| {
                dossier.laboratories.push(one.clone());
                dossier.laboratories.len() - 1
            });
        note(&mut dossier.laboratories[place].benches, &bench.name);
    }

    fn equipment(&self, dossier: &mut Dossier, bench: &Bench, opened: &str) {
        let record = self.run.benches.iter().find(|one| one.bench == opened);
        for (id, instrument) in &bench.instruments {
            let identity = record.and_then(|record| record.instruments.get(id));
            let calibration = instrument.calibration.as_ref();
            let one = Equipment {
                id: id.clone(),
                benches: Vec::new(),
                driver: instrument.driver.clone(),
                identity: identity.cloned().unwrap_or_default(),
                certificate: calibration.map(|one| one.certificate.clone()),
                due: calibration.map(|one| one.due.clone()),
                accuracy: accuracy(&instrument.accuracy),
            };
            let same = |known: &Equipment| {
                Equipment {
                    benches: Vec::new(),
                    ..known.clone()
                } == one
            };
            let place = dossier.equipment.iter().position(same).unwrap_or_else(|| {
                dossier.equipment.push(one.clone());
                dossier.equipment.len() - 1
            });
            note(&mut dossier.equipment[place].benches, &bench.name);
        }
    }

    fn item(&self, dossier: &mut Dossier, bench: &Bench, name: &str) {
        let device = &bench.device;
        let other = name.split_once('+').map(|(_, bms)| bms);
        let bms = match other {
            None => device.bms.clone(),
            Some(slug) => self
                .bms
                .iter()
                .find(|product| slug_of(product) == slug)
                .cloned()
                .unwrap_or_else(|| slug.to_owned()),
        };
        let settings = &device.settings;
        let one = Item {
            benches: Vec::new(),
            battery: format!(
                "{}, {}S{}P",
                device.battery, device.topology.series, device.topology.parallel
            ),
            bms,
            serials: device.serials.clone(),
            settings: format!(
                "pre-alarm {}, discharge cut-off {}, charge from {}, temperature offset {}",
                settings.pre_alarm,
                settings.discharge_cutoff,
                settings.charge_temperature,
                settings.temperature_offset
            ),
        };
        let same = |known: &Item| {
            Item {
                benches: Vec::new(),
                ..known.clone()
            } == one
        };
        let place = dossier.items.iter().position(same).unwrap_or_else(|| {
            dossier.items.push(one.clone());
            dossier.items.len() - 1
        });
        note(&mut dossier.items[place].benches, name);
    }
}

fn note(list: &mut Vec<String>, name: &str) {
    if !list.iter().any(|known| known == name) {
        list.push(name.to_owned());
    }
}

/// As benches name the BMS that they were given.
fn slug_of(name: &str) -> String {
    let dashed = |c: char| {
        if c.is_alphanumeric() || c == '.' {
            c
        } else {
            '-'
        }
    };
    name.chars().map(dashed).collect::<String>().to_lowercase()
}

/// In words: `voltage 0.05 % + 0.03 V, 1 mV shown`.
fn accuracy(accuracy: &Accuracy) -> String {
    let terms = [
        ("voltage", accuracy.voltage, "V"),
        ("current", accuracy.current, "A"),
        ("temperature", accuracy.temperature, "K"),
    ];
    let told: Vec<String> = terms
        .iter()
        .filter_map(|(what, term, unit)| Some(format!("{what} {}", term_in_words(*term, unit)?)))
        .collect();
    told.join("; ")
}

fn term_in_words(term: AccuracyTerm, unit: &str) -> Option<String> {
    if term == AccuracyTerm::default() {
        return None;
    }
    let short = |value: f64| {
        format!("{value:.6}")
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned()
    };
    let mut parts = Vec::new();
    if term.of_reading.0 > 0.0 {
        parts.push(format!("{} % of reading", short(term.of_reading.0)));
    }
    if term.constant > 0.0 {
        parts.push(format!("{} {unit}", short(term.constant)));
    }
    let mut text = parts.join(" + ");
    if term.resolution > 0.0 {
        text += &format!(", resolution {} {unit}", short(term.resolution));
    }
    if term.noise > 0.0 {
        text += &format!(", noise {} {unit}", short(term.noise));
    }
    Some(text)
}
