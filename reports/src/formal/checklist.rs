//! What ISO/IEC 17025:2017 asks of a report, held against what there is.

use super::details::{Details, Person};
use crate::dossier::{Dossier, Laboratory};
use crate::model::Run;
use record::Observed;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;

/// One thing that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Asked {
    /// Where it is asked for: `7.8.2.1 b`.
    pub(crate) clause: &'static str,
    /// What.
    pub(crate) what: &'static str,
    /// Section of the report that holds it.
    pub(crate) section: &'static str,
    /// What is missing and where it can be given; none where it is there.
    #[serde(skip)]
    pub(crate) missing: Option<String>,
}

/// Inputs that a formal report lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Things asked for in all.
    pub asked: usize,
    /// What each missing one is, and where it can be given.
    pub inputs: Vec<String>,
}

impl std::error::Error for Missing {}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (missing, asked) = (self.inputs.len(), self.asked);
        write!(
            f,
            "no formal report: inputs are missing for {missing} of the {asked} items that ISO/IEC 17025 asks for"
        )?;
        self.inputs
            .iter()
            .try_for_each(|input| write!(f, "\n  {input}"))
    }
}

/// Everything that is asked for.
pub(crate) fn checklist(run: &Run, details: &Details) -> Vec<Asked> {
    let dossier = &run.dossier;
    let mut list = Vec::new();
    let mut ask = |clause, what, section, missing: Option<String>| {
        list.push(Asked {
            clause,
            what,
            section,
            missing,
        });
    };
    let given = |value: &Option<String>, key: &str| {
        let there = value.as_ref().is_some_and(|text| !text.trim().is_empty());
        (!there).then(|| format!("give `{key}` in the details file"))
    };
    ask("7.8.2.1 a", "title", "head", None);
    ask(
        "7.8.2.1 b",
        "name and address of the laboratory",
        "1 Laboratory and customer",
        laboratory(dossier),
    );
    let location = details.location.clone().or_else(|| address(dossier));
    ask(
        "7.8.2.1 c",
        "place where the tests were performed",
        "1 Laboratory and customer",
        given(&location, "location"),
    );
    ask(
        "7.8.2.1 d",
        "identification on every page, page n of N, mark of the end",
        "head and foot",
        None,
    );
    ask(
        "7.8.2.1 e",
        "customer's name",
        "1 Laboratory and customer",
        customer(dossier),
    );
    ask(
        "7.8.2.1 e",
        "customer's contact",
        "1 Laboratory and customer",
        given(&details.customer_contact, "customer_contact"),
    );
    ask(
        "7.8.2.1 f",
        "method and its edition",
        "4 Method",
        method(dossier),
    );
    ask(
        "7.8.2.1 g",
        "description of the item",
        "2 Item",
        given(&details.item, "item"),
    );
    ask(
        "7.8.2.1 g",
        "identification of the item",
        "2 Item",
        serials(run),
    );
    ask(
        "7.8.2.1 g",
        "condition of the item",
        "2 Item",
        given(&details.condition, "condition"),
    );
    ask(
        "7.8.2.1 h",
        "date of receipt",
        "3 Dates",
        given(&details.received, "received"),
    );
    ask("7.8.2.1 i", "dates of performance", "3 Dates", started(run));
    ask(
        "7.8.2.1 j",
        "date of issue",
        "3 Dates",
        given(&details.issued, "issued"),
    );
    ask(
        "7.8.2.1 k",
        "sampling",
        "4 Method",
        given(&details.sampling, "sampling"),
    );
    ask(
        "7.8.2.1 l",
        "results relate only to the items tested",
        "5 Conformity",
        None,
    );
    ask("7.8.2.1 m", "results with units", "9 Results", None);
    let deviations = details.deviations.is_none();
    ask(
        "7.8.2.1 n",
        "deviations from the method",
        "8 Deviations",
        deviations
            .then(|| "give `deviations` in the details file; `[]` says there are none".to_owned()),
    );
    ask(
        "7.8.2.1 o",
        "who authorises the report",
        "6 Authorisation",
        person(&details.authorised_by, "authorised_by"),
    );
    ask(
        "7.8.2.1 p",
        "results from external providers",
        "8 Deviations",
        given(&details.external_results, "external_results"),
    );
    ask(
        "7.8.2.2",
        "data that the customer supplied",
        "8 Deviations",
        given(&details.customer_data, "customer_data"),
    );
    ask(
        "7.8.3.1 a",
        "conditions of the test",
        "3 Dates",
        given(&details.environment, "environment"),
    );
    ask("7.8.3.1 b", "statement of conformity", "5 Conformity", None);
    ask(
        "7.8.3.1 c",
        "uncertainty in the unit of the result",
        "9 Results",
        None,
    );
    ask(
        "7.8.3.1 d",
        "opinions, apart from results",
        "10 Opinions",
        None,
    );
    ask("7.8.6", "decision rule", "5 Conformity", None);
    ask(
        "7.8.8",
        "amendments: what is replaced, and why",
        "head",
        None,
    );
    ask(
        "7.5",
        "who performed the tests",
        "6 Authorisation",
        performed(run, details),
    );
    ask(
        "7.5",
        "who checked the results",
        "6 Authorisation",
        person(&details.checked_by, "checked_by"),
    );
    ask(
        "6.4.13",
        "equipment with software version",
        "7 Equipment",
        equipment(run),
    );
    ask(
        "6.4.13",
        "calibration and due date of what measured",
        "7 Equipment",
        calibration(run),
    );
    ask(
        "7.11",
        "identity of the software and its inputs",
        "7 Equipment",
        started(run),
    );
    ask("7.5", "original observations", "12 Raw data", None);
    list
}

/// Whether everything is there.
///
/// # Errors
/// With everything that isn't.
pub(crate) fn complete(run: &Run, details: &Details) -> Result<(), Missing> {
    let list = checklist(run, details);
    let asked = list.len();
    let told = |one: Asked| {
        let missing = one.missing?;
        Some(format!("{} {}: {missing}", one.clause, one.what))
    };
    let inputs: Vec<String> = list.into_iter().filter_map(told).collect();
    if inputs.is_empty() {
        Ok(())
    } else {
        Err(Missing { asked, inputs })
    }
}

/// Whether it holds of each laboratory, and there is one.
fn every_laboratory(dossier: &Dossier, holds: impl Fn(&Laboratory) -> bool) -> bool {
    !dossier.laboratories.is_empty() && dossier.laboratories.iter().all(holds)
}

fn laboratory(dossier: &Dossier) -> Option<String> {
    let named = |lab: &Laboratory| !lab.name.is_empty() && !lab.address.is_empty();
    (!every_laboratory(dossier, named))
        .then(|| "give `lab: name` and `lab: address` in the bench file".into())
}

fn address(dossier: &Dossier) -> Option<String> {
    let lab = dossier.laboratories.first()?;
    Some(lab.address.clone())
}

fn customer(dossier: &Dossier) -> Option<String> {
    let named = |lab: &Laboratory| !lab.customer.trim().is_empty();
    (!every_laboratory(dossier, named)).then(|| "give `lab: customer` in the bench file".into())
}

fn method(dossier: &Dossier) -> Option<String> {
    dossier
        .method
        .is_empty()
        .then(|| "the run's inputs could not be read; they tell the method".into())
}

fn serials(run: &Run) -> Option<String> {
    let items = &run.dossier.items;
    let there = run.simulated() || items.iter().any(|item| !item.serials.is_empty());
    (!there).then(|| "give `device: serials` in the bench file".into())
}

fn started(run: &Run) -> Option<String> {
    run.start
        .is_none()
        .then(|| "the journal doesn't tell how the run began".into())
}

fn person(value: &Option<Person>, key: &str) -> Option<String> {
    let there = value
        .as_ref()
        .is_some_and(|one| !one.name.trim().is_empty() && !one.function.trim().is_empty());
    (!there).then(|| format!("give `{key}` with `name` and `function` in the details file"))
}

fn performed(run: &Run, details: &Details) -> Option<String> {
    let lab = run
        .dossier
        .laboratories
        .iter()
        .any(|lab| !lab.operators.is_empty());
    let there = !details.performed_by.is_empty() || lab;
    (!there).then(|| {
        "give `performed_by` in the details file, or `lab: operators` in the bench file".into()
    })
}

fn equipment(run: &Run) -> Option<String> {
    let opened = run
        .benches
        .iter()
        .any(|bench| !bench.instruments.is_empty());
    let there = !run.dossier.equipment.is_empty() || !opened;
    (!there).then(|| "the run's inputs could not be read; they tell the equipment".into())
}

/// Only what measured must be calibrated, and in date unless somebody answered for it.
fn calibration(run: &Run) -> Option<String> {
    if run.simulated() {
        return None;
    }
    let measured = measured(run);
    uncertified(run, &measured).or_else(|| overdue(run, &measured))
}

/// Whose readings were judged.
fn measured(run: &Run) -> BTreeSet<String> {
    let judgements = run
        .scenarios
        .iter()
        .flat_map(|scenario| &scenario.judgements);
    let mut measured = BTreeSet::new();
    for judged in judgements {
        if let Observed::Reading(reading) = &judged.judgement.observed {
            measured.extend(reading.instrument.split(", ").map(str::to_owned));
        }
    }
    measured
}

/// What somebody other than an instrument of the bench tells, as a battery by radio, has no
/// certificate; an instrument that was opened and is in no equipment list has none to show.
fn uncertified(run: &Run, measured: &BTreeSet<String>) -> Option<String> {
    let opened = |id: &String| {
        run.benches
            .iter()
            .any(|bench| bench.instruments.contains_key(id))
    };
    let without: Vec<&str> = measured
        .iter()
        .filter(|id| {
            let equipment = run.dossier.equipment.iter();
            let mut listed = equipment.filter(|one| one.id == **id).peekable();
            match listed.peek() {
                None => opened(id),
                Some(_) => listed.any(|one| one.certificate.is_none() || one.due.is_none()),
            }
        })
        .map(String::as_str)
        .collect();
    (!without.is_empty()).then(|| {
        let ids = without.join("`, `");
        format!("give `calibration` of `{ids}` in the bench file")
    })
}

/// A run refuses instruments that are out of date, so this is seen when a journal or a bench file
/// came about in another way.
fn overdue(run: &Run, measured: &BTreeSet<String>) -> Option<String> {
    let start = run.start.as_ref()?;
    if start.options.contains_key("waive-calibration") {
        return None;
    }
    let day = run.day();
    let over: Vec<&str> = run
        .dossier
        .equipment
        .iter()
        .filter(|one| measured.contains(&one.id) && one.is_overdue(day))
        .map(|one| one.id.as_str())
        .collect();
    (!over.is_empty()).then(|| {
        let ids = over.join("`, `");
        format!(
            "the calibration of `{ids}` was over when the run began and nobody waived it: run again with instruments in date, or with --waive-calibration REASON"
        )
    })
}
