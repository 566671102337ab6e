//! The document as data: every text that the typesetter shows, in the order in which it stands.

use super::calendar::later;
use super::checklist::{Asked, checklist};
use super::details::Details;
use super::matrix::{Row, matrix};
use super::results::{Chapter, results};
use super::{number, remarks};
use crate::dossier::{Equipment, Item, Laboratory};
use crate::model::Run;
use crate::revision::Amendment;
use crate::summary::Summary;
use record::{Event, SealedFile, Verdict};
use serde::Serialize;
use std::collections::BTreeSet;

/// Two texts that belong together.
pub(crate) type Pair = [String; 2];

#[derive(Serialize)]
pub(crate) struct Document<'a> {
    title: String,
    number: String,
    revision: u32,
    amendment: Option<&'a Amendment>,
    simulated: bool,
    issued: String,
    verdict: &'static str,
    verdict_class: &'static str,
    sentence: String,
    counts: Vec<Pair>,
    attention: Vec<[String; 3]>,
    safe_state: Vec<String>,
    proven_safe: bool,
    laboratories: &'a [Laboratory],
    location: String,
    customer: Vec<Pair>,
    items: &'a [Item],
    item: Vec<Pair>,
    dates: Vec<Pair>,
    method: Vec<Pair>,
    inputs: Vec<Pair>,
    conformity: Vec<String>,
    persons: Vec<[String; 3]>,
    equipment: Vec<EquipmentRow<'a>>,
    software: Vec<Pair>,
    answered: Vec<[String; 3]>,
    firmware: Vec<[String; 4]>,
    deviations: Vec<remarks::Remarks>,
    results: Vec<Chapter<'a>>,
    opinions: &'a [String],
    matrix: Vec<Row>,
    coverage: Vec<Pair>,
    raw: Vec<[String; 3]>,
    head: &'a str,
    entries: u64,
    amendments: &'a [Amendment],
    checklist: Vec<Asked>,
}

#[derive(Serialize)]
struct EquipmentRow<'a> {
    #[serde(flatten)]
    equipment: &'a Equipment,
    /// `in date`, `OVERDUE`, `simulated`.
    state: &'static str,
}

/// Puts everything together. The details are complete.
pub(crate) fn document<'a>(
    run: &'a Run,
    details: &'a Details,
    raw: impl Iterator<Item = &'a SealedFile>,
    pictures: &BTreeSet<u32>,
) -> Document<'a> {
    let summary = Summary::of(run);
    let matrix = matrix(run);
    Document {
        title: details
            .title
            .clone()
            .unwrap_or_else(|| "Test report".into()),
        number: number(run, details),
        revision: run.revision(),
        amendment: run.amendments.last(),
        simulated: run.simulated(),
        issued: text(&details.issued),
        verdict: run.verdict.word(),
        verdict_class: crate::html::class(run.verdict),
        sentence: summary.sentence(),
        counts: counts(&summary),
        attention: attention(&summary),
        safe_state: remarks::safe_state(run),
        proven_safe: run.safe_state.unproven.is_empty(),
        laboratories: &run.dossier.laboratories,
        location: location(run, details),
        customer: customer(run, details),
        items: &run.dossier.items,
        item: item(details),
        dates: dates(run, details),
        method: method(run, details),
        inputs: inputs(run),
        conformity: conformity(run, &summary),
        persons: persons(run, details),
        equipment: equipment(run),
        software: software(run),
        answered: answered(run),
        firmware: firmware(run),
        deviations: remarks::remarks(run, details),
        results: results(run, pictures),
        opinions: &details.opinions,
        coverage: coverage(&matrix),
        matrix,
        raw: raw
            .filter(|file| !file.path.starts_with(crate::revision::REVISIONS))
            .map(|file| {
                [
                    file.path.clone(),
                    file.bytes.to_string(),
                    file.sha256.clone(),
                ]
            })
            .collect(),
        head: &run.head,
        entries: run.entries,
        amendments: &run.amendments,
        checklist: checklist(run, details),
    }
}

pub(super) fn pair(name: &str, value: impl Into<String>) -> Pair {
    [name.to_owned(), value.into()]
}

fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

fn counts(summary: &Summary) -> Vec<Pair> {
    let one = |(verdict, count): &(Verdict, usize)| pair(verdict.word(), count.to_string());
    summary.counts.iter().map(one).collect()
}

fn attention(summary: &Summary) -> Vec<[String; 3]> {
    let one = |finding: &crate::Finding| {
        [
            finding.number.to_string(),
            finding.verdict.word().to_owned(),
            format!("{}: {}", finding.name, finding.reason),
        ]
    };
    summary.failing.iter().map(one).collect()
}

fn location(run: &Run, details: &Details) -> String {
    let of_lab = || {
        run.dossier
            .laboratories
            .first()
            .map(|lab| lab.address.clone())
    };
    details.location.clone().or_else(of_lab).unwrap_or_default()
}

fn customer(run: &Run, details: &Details) -> Vec<Pair> {
    let names: BTreeSet<&str> = run
        .dossier
        .laboratories
        .iter()
        .map(|lab| lab.customer.as_str())
        .collect();
    let names: Vec<&str> = names.into_iter().collect();
    vec![
        pair("Customer", names.join("; ")),
        pair("Contact", text(&details.customer_contact)),
    ]
}

fn item(details: &Details) -> Vec<Pair> {
    vec![
        pair("Description", text(&details.item)),
        pair("Condition on receipt", text(&details.condition)),
    ]
}

fn dates(run: &Run, details: &Details) -> Vec<Pair> {
    let started = run
        .start
        .as_ref()
        .map_or("", |start| start.started.as_str());
    let bench_s: f64 = run.scenarios.iter().map(crate::Scenario::duration_s).sum();
    // On a real bench all scenarios share one clock, which starts with the run.
    let last = run
        .scenarios
        .iter()
        .map(|scenario| scenario.ended_s)
        .fold(0.0, f64::max);
    let ended = if run.simulated() {
        "the same instant: simulated time".to_owned()
    } else {
        later(started, last).unwrap_or_else(|| "unknown".into())
    };
    vec![
        pair("Items received", text(&details.received)),
        pair("Tests begun", started),
        pair("Tests ended", ended),
        pair("Bench time in all", crate::html::time(bench_s)),
        pair("Report issued", text(&details.issued)),
        pair("Environment", text(&details.environment)),
    ]
}

fn method(run: &Run, details: &Details) -> Vec<Pair> {
    let features: BTreeSet<&str> = run.scenarios.iter().map(|one| one.path.as_str()).collect();
    vec![
        pair("Tested against", &run.dossier.method),
        pair(
            "Procedure",
            format!(
                "{} scenarios of {} feature files, listed with their hashes in section 7; clauses in section 11",
                run.counted().count(),
                features.len()
            ),
        ),
        pair("Sampling", text(&details.sampling)),
    ]
}

fn inputs(run: &Run) -> Vec<Pair> {
    let start = run.start.iter();
    start
        .flat_map(|start| &start.inputs)
        .map(|input| pair(&input.path, &input.sha256))
        .collect()
}

fn conformity(run: &Run, summary: &Summary) -> Vec<String> {
    let rules: BTreeSet<&str> = run
        .dossier
        .laboratories
        .iter()
        .map(|lab| lab.rule.as_str())
        .collect();
    let rules: Vec<&str> = rules.into_iter().collect();
    vec![
        summary.sentence(),
        format!(
            "The statement covers the scenarios of section 9 and the clauses of section 11, each against the limit printed beside its result. Decision rule: {}.",
            if rules.is_empty() { "printed beside each result".to_owned() } else { rules.join("; ") }
        ),
        "Uncertainties are expanded uncertainties (k = 2, about 95 %): accuracy, resolution and noise of the instruments in section 7, combined as squares, with the spacing of the samples where an instant was judged.".into(),
        "The results relate only to the items tested.".into(),
        "This report must not be reproduced except in full without approval of the laboratory.".into(),
    ]
}

fn persons(run: &Run, details: &Details) -> Vec<[String; 3]> {
    let row = |what: &str, name: &str, function: &str| {
        [what.to_owned(), name.to_owned(), function.to_owned()]
    };
    let mut rows = Vec::new();
    for person in &details.performed_by {
        rows.push(row("Performed by", &person.name, &person.function));
    }
    if rows.is_empty() {
        let operators: BTreeSet<&str> = run
            .dossier
            .laboratories
            .iter()
            .flat_map(|lab| &lab.operators)
            .map(String::as_str)
            .collect();
        rows.extend(
            operators
                .into_iter()
                .map(|name| row("Performed by", name, "operator")),
        );
    }
    for (what, person) in [
        ("Checked by", &details.checked_by),
        ("Authorised by", &details.authorised_by),
    ] {
        rows.extend(person.iter().map(|one| row(what, &one.name, &one.function)));
    }
    rows
}

fn equipment(run: &Run) -> Vec<EquipmentRow<'_>> {
    let day = run.day();
    run.dossier
        .equipment
        .iter()
        .map(|equipment| EquipmentRow {
            equipment,
            state: equipment.calibration(day, run.simulated()),
        })
        .collect()
}

fn software(run: &Run) -> Vec<Pair> {
    let Some(start) = &run.start else {
        return Vec::new();
    };
    let mut rows = vec![
        pair("Test rig", format!("rig {}", start.rig)),
        pair("Seed", start.seed.to_string()),
        pair("Simulated", if start.simulated { "yes" } else { "no" }),
    ];
    rows.extend(
        start
            .options
            .iter()
            .map(|(name, value)| pair(&format!("--{name}"), value)),
    );
    rows
}

/// Who answered at each bench, each identity once.
fn answered(run: &Run) -> Vec<[String; 3]> {
    let mut rows: Vec<([String; 2], BTreeSet<&str>)> = Vec::new();
    for bench in &run.benches {
        for (id, identity) in &bench.instruments {
            let key = [id.clone(), identity.clone()];
            match rows.iter_mut().find(|(known, _)| *known == key) {
                Some((_, benches)) => {
                    benches.insert(&bench.bench);
                }
                None => rows.push((key, BTreeSet::from([bench.bench.as_str()]))),
            }
        }
    }
    rows.into_iter()
        .map(|([id, identity], benches)| {
            let benches: Vec<&str> = benches.into_iter().collect();
            [id, identity, benches.join(", ")]
        })
        .collect()
}

/// What boards held, each different answer once.
fn firmware(run: &Run) -> Vec<[String; 4]> {
    let scenarios = run.scenarios.iter().flat_map(|scenario| &scenario.log);
    let mut rows = Vec::new();
    for logged in scenarios.chain(&run.log) {
        let Event::Firmware {
            board,
            probe,
            moment,
            version,
            flash_sha256,
            problem,
            ..
        } = &logged.event
        else {
            continue;
        };
        let moment = match problem.as_str() {
            "" => moment.clone(),
            problem => format!("{moment}: {problem}"),
        };
        let version = version.clone().unwrap_or_else(|| "says nothing".into());
        let flash = flash_sha256.clone().unwrap_or_else(|| "not read".into());
        let row = [format!("{board} ({probe})"), moment, version, flash];
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows
}

fn coverage(matrix: &[Row]) -> Vec<Pair> {
    let words: BTreeSet<&str> = matrix.iter().map(|row| row.verdict).collect();
    words
        .into_iter()
        .map(|word| {
            let count = matrix.iter().filter(|row| row.verdict == word).count();
            pair(word, count.to_string())
        })
        .collect()
}
