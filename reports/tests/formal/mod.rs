//! The formal report: complete, or the missing inputs by name.

use crate::common::Tape;
use crate::common::low_cell::low_cell;
use crate::common::others::others;
use insta::assert_snapshot;
use record::Verdict;
use reports::{
    ClauseText, Details, Dossier, Equipment, Formal, Item, Laboratory, Making, Person, ReportError,
    Typeset, make,
};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

struct Folder {
    _kept: tempfile::TempDir,
    run: PathBuf,
}

fn run(simulated: bool) -> Folder {
    let kept = tempfile::tempdir().unwrap();
    let run = kept.path().join("run");
    let mut tape = Tape::start(&run, simulated);
    low_cell(&mut tape, "lab", 28.4);
    others(&mut tape);
    tape.finish(0.0, Verdict::Fail);
    Folder { _kept: kept, run }
}

fn dossier() -> Dossier {
    let text = |section: &str, statement: &str, kind: &str, reason: Option<&str>| ClauseText {
        section: section.into(),
        statement: statement.into(),
        kind: kind.into(),
        reason: reason.map(str::to_owned),
    };
    Dossier {
        method: "Battery manual, revision 16".into(),
        laboratories: vec![Laboratory {
            name: "Example Laboratory".into(),
            address: "1 Example Street".into(),
            customer: "Example Boats Ltd.".into(),
            operators: vec!["A. Tester".into()],
            rule: "guard band".into(),
            benches: vec!["lab".into()],
        }],
        equipment: ["daq", "dmm"]
            .map(|id| Equipment {
                id: id.into(),
                benches: vec!["lab".into()],
                driver: "keysight-34980a".into(),
                identity: "Agilent 34980A".into(),
                certificate: Some("C-1".into()),
                due: Some("2027-01-01".into()),
                accuracy: "voltage 0.01 %".into(),
            })
            .to_vec(),
        items: vec![Item {
            benches: vec!["lab".into()],
            battery: "LFP-Smart 12.8/100".into(),
            bms: "smallBMS".into(),
            serials: vec!["HQ1".into()],
            settings: "pre-alarm 3.10 V".into(),
        }],
        statements: BTreeMap::from([
            (
                "3.2.1-02".into(),
                text("3.2.1", "The load stays on for 30 s.", "automatic", None),
            ),
            ("9-01".into(), text("9", "Weights.", "informative", None)),
            (
                "9-02".into(),
                text(
                    "9",
                    "Keep the manual.",
                    "documentary",
                    Some("a matter of the owner"),
                ),
            ),
            (
                "9-03".into(),
                text("9", "Never tested here.", "automatic", None),
            ),
        ]),
    }
}

fn details() -> Details {
    let person = |name: &str| Person {
        name: name.into(),
        function: "engineer".into(),
    };
    Details {
        issued: Some("2026-01-03".into()),
        customer_contact: Some("C. Boat, +1 555".into()),
        item: Some("one battery with its BMS".into()),
        condition: Some("new, undamaged".into()),
        received: Some("2025-12-20".into()),
        sampling: Some("chosen by the customer".into()),
        environment: Some("23 °C, 45 % RH at the start; 23 °C, 46 % RH at the end".into()),
        deviations: Some(Vec::new()),
        checked_by: Some(person("B. Checker")),
        authorised_by: Some(person("C. Head")),
        external_results: Some("none".into()),
        customer_data: Some("none".into()),
        ..Details::default()
    }
}

/// Makes the report with a typesetter that only keeps what it is handed.
fn document(
    folder: &Folder,
    dossier: Dossier,
    details: Details,
) -> Result<serde_json::Value, ReportError> {
    let kept = RefCell::new(String::new());
    let typeset: &Typeset<'_> = &|text, _| {
        text.clone_into(&mut kept.borrow_mut());
        Ok(text.as_bytes().to_vec())
    };
    let making = Making {
        dossier: Some(&|_| dossier.clone()),
        formal: Some(Formal {
            details,
            file: None,
            typeset,
        }),
        ..Making::default()
    };
    make(&folder.run, &making)?;
    Ok(serde_json::from_str(&kept.borrow()).unwrap())
}

/// Leaves one input out after the other: each time exactly that one is named.
#[test]
fn each_missing_input_is_named_and_where_to_give_it() {
    let folder = run(false);
    type Leave = fn(&mut Dossier, &mut Details);
    let leaves: [Leave; 21] = [
        |dossier, _| dossier.laboratories[0].name.clear(),
        |dossier, _| dossier.laboratories[0].customer.clear(),
        |dossier, _| dossier.laboratories[0].operators.clear(),
        |dossier, _| dossier.method.clear(),
        |dossier, _| dossier.items[0].serials.clear(),
        |dossier, _| dossier.equipment[0].due = None,
        |dossier, _| dossier.equipment[0].due = Some("2025-12-31".into()),
        |dossier, _| {
            dossier.equipment.remove(0);
        },
        |dossier, _| {
            let mut other = dossier.laboratories[0].clone();
            other.customer.clear();
            dossier.laboratories.push(other);
        },
        |dossier, _| dossier.equipment.clear(),
        |_, details| details.issued = None,
        |_, details| details.customer_contact = None,
        |_, details| details.item = None,
        |_, details| details.condition = Some(" ".into()),
        |_, details| details.received = None,
        |_, details| details.sampling = None,
        |_, details| details.environment = None,
        |_, details| details.deviations = None,
        |_, details| details.checked_by = None,
        |_, details| details.authorised_by = None,
        |_, details| (details.external_results, details.customer_data) = (None, None),
    ];
    let mut told = String::new();
    for leave in leaves {
        let (mut dossier, mut details) = (dossier(), details());
        leave(&mut dossier, &mut details);
        let error = document(&folder, dossier, details).unwrap_err().to_string();
        assert!(!folder.run.join("report.pdf").exists());
        told += &format!("{error}\n");
    }
    assert_snapshot!(told);
}

#[test]
fn a_complete_document_has_a_section_for_every_item_asked_for() {
    let folder = run(false);
    let document = document(&folder, dossier(), details()).unwrap();
    let list = document["checklist"].as_array().unwrap();
    assert!(list.len() > 30, "{}", list.len());
    let matrix: Vec<String> = document["matrix"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            format!("{} {} {}", text("clause"), text("verdict"), text("remark"))
        })
        .collect();
    assert_snapshot!(matrix.join("\n"));
    let raw = document["raw"].as_array().unwrap();
    assert!(
        raw.iter().any(|file| file[0] == "journal.ndjson"),
        "{raw:?}"
    );
    assert_eq!(document["simulated"], false);
    assert_eq!(document["deviations"][0]["lines"][0], "none");
}

#[test]
fn a_simulated_run_says_so_instead_of_asking_people() {
    let folder = run(true);
    let read = reports::read(&folder.run).unwrap();
    let details = Details::default().for_simulation(&read);
    let document = document(&folder, dossier(), details).unwrap();
    assert_eq!(document["simulated"], true);
    assert_eq!(
        document["persons"][2][1],
        "nobody: a simulated run is not released"
    );
}

#[test]
fn an_issued_document_changes_by_amendment_only() {
    let folder = run(false);
    document(&folder, dossier(), details()).unwrap();
    let issued = fs::read(folder.run.join("report.pdf")).unwrap();
    document(&folder, dossier(), details()).unwrap();
    let mut other = details();
    other.condition = Some("new, a scratch on the lid".into());
    let error = document(&folder, dossier(), other).unwrap_err().to_string();
    let (before, after) = error.split_once(" revision 1 ").unwrap();
    assert!(
        before.starts_with("report.pdf was issued as 2026-01-01-"),
        "{error}"
    );
    assert_eq!(
        after,
        "and would change; issue an amendment that says why: --amend --reason TEXT"
    );
    assert_eq!(fs::read(folder.run.join("report.pdf")).unwrap(), issued);
}

/// The typesetter's tests read this snapshot: template and data stay together.
#[test]
fn the_document_as_it_is_handed_on() {
    let folder = run(true);
    let read = reports::read(&folder.run).unwrap();
    let details = Details::default().for_simulation(&read);
    let document = document(&folder, dossier(), details).unwrap();
    assert_snapshot!(serde_json::to_string_pretty(&document).unwrap());
}
