//! Which instruments there are, and what is said of those that can't be.

use std::collections::BTreeMap;
use std::path::Path;

use sim::{Catalogue, Instrument, InstrumentSpec, ModelKind, SimError, Standalone, Surroundings};

fn make(spec: &InstrumentSpec) -> Result<Instrument, SimError> {
    let terminals = Standalone::new(ModelKind::Supply, Surroundings::default());
    Instrument::new(&Catalogue::built_in(), spec, Box::new(terminals))
}

fn identity(mut instrument: Instrument) -> String {
    instrument.receive(b"*IDN?\n");
    let mut answer = Vec::new();
    instrument.take_output(&mut answer);
    String::from_utf8(answer).unwrap()
}

#[test]
fn models_are_listed() {
    let lines: Vec<String> = Catalogue::built_in()
        .models()
        .iter()
        .map(|info| {
            let (kind, channels, variants) = (info.kind, info.channels, &info.variants);
            format!("{} {kind:?} {channels} {variants:?}", info.model)
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn variant_and_serial_are_in_the_identity() {
    let spec = InstrumentSpec {
        model: "rs-ngm202".to_owned(),
        variant: Some("ngm201".to_owned()),
        serial: Some("4711".to_owned()),
        cards: BTreeMap::new(),
    };
    assert_eq!(
        identity(make(&spec).unwrap()),
        "Rohde&Schwarz,NGM201,4711,03.068\n"
    );
}

#[test]
fn what_cannot_be_made_says_why() {
    let spec = |model: &str, variant: Option<&str>, card: Option<(u8, &str)>| InstrumentSpec {
        model: model.to_owned(),
        variant: variant.map(str::to_owned),
        serial: None,
        cards: card
            .into_iter()
            .map(|(slot, card)| (slot, card.to_owned()))
            .collect(),
    };
    let texts: Vec<String> = [
        spec("hp-3458a", None, None),
        spec("bk-8514b", Some("8600"), None),
        spec("keysight-34980a", None, Some((9, "34921A"))),
        spec("keysight-34980a", None, Some((3, "34999A"))),
    ]
    .iter()
    .map(|spec| {
        let text = make(spec).err().unwrap().to_string();
        // All that is known goes on for lines.
        text.replace("`ea-psb10000`, ", "…\u{0}")
            .split('\u{0}')
            .next()
            .unwrap_or_default()
            .to_owned()
    })
    .collect();
    insta::assert_snapshot!(texts.join("\n"), @"
    no dialect describes `hp-3458a`; known are `bk-8514b`, …
    `bk-8514b` doesn't come as `8600`; it comes as `8514B`, `8500B`, `8502B`, `8510B`, `8542B`, `IT8512A+`, `IT8511A+`, `IT8514C+`
    `keysight-34980a` can't have `34921A` in slot 9: slots go from 1 to 8
    `keysight-34980a` can't have `34999A` in slot 3: known cards are 34921A, 34922A, 34923A, 34924A, 34925A, 34932A, 34934A, 34937A, 34938A, 34939A, 34950A
    ");
}

const SMALL: &str = "
model: my-supply
about: one that somebody else describes
kind: supply
identity: \"Mine,{product},{serial},{firmware}\"
serial: '1'
firmware: '2'
sources: {me: myself}
variants: [{product: S1, ratings: {voltage: 30, power: 90}, source: me}]
settings:
  output: {kind: boolean, default: \"off\"}
  voltage: {kind: number, unit: V, max: voltage}
  current: {kind: number, unit: A, max: 3}
includes: [scpi-99]
rows:
  - {header: \":VOLTage\", setting: voltage, source: me}
";

fn read(name: &str, text: &str) -> (Catalogue, Result<(), SimError>) {
    let dir = std::env::temp_dir().join(format!("sim-catalogue-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("small.yaml"), text).unwrap();
    std::fs::write(dir.join("notes.txt"), "not a dialect").unwrap();
    let mut catalogue = Catalogue::built_in();
    let done = catalogue.read_dir(&dir);
    std::fs::remove_dir_all(&dir).unwrap();
    (catalogue, done)
}

#[test]
fn a_folder_adds_an_instrument_without_recompiling() {
    let (catalogue, done) = read("good", SMALL);
    done.unwrap();
    let spec = InstrumentSpec {
        model: "my-supply".to_owned(),
        ..InstrumentSpec::default()
    };
    let terminals = Standalone::new(ModelKind::Supply, Surroundings::default());
    let instrument = Instrument::new(&catalogue, &spec, Box::new(terminals)).unwrap();
    assert_eq!(identity(instrument), "Mine,S1,1,2\n");
}

#[test]
fn mistakes_in_a_dialect_are_explained() {
    let replaced = |from: &str, to: &str| {
        assert!(SMALL.contains(from), "{from}");
        let (_, done) = read("bad", &SMALL.replacen(from, to, 1));
        match done.unwrap_err() {
            SimError::Dialect { message, .. } => message.lines().next().unwrap().to_owned(),
            other => other.to_string(),
        }
    };
    let texts = [
        replaced("about:", "abuot:"),
        replaced("setting: voltage, source: me", "setting: volts, source: me"),
        replaced(
            "setting: voltage, source: me",
            "setting: voltage, source: you",
        ),
        replaced("setting: voltage, source: me", "command: dance, source: me"),
        replaced(":VOLTage\"", ":VOLTage[\""),
        replaced("max: voltage}", "max: volts}"),
        replaced("max: 3}", "min: 5, max: 3}"),
        replaced("[scpi-99]", "[scpi-98]"),
        replaced("kind: boolean, default: \"off\"", "kind: number"),
    ];
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let mut catalogue = Catalogue::built_in();
    let error = catalogue
        .read_dir(Path::new("/nowhere/at/all"))
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("can't read `/nowhere/at/all`: "),
        "{error}"
    );
}
