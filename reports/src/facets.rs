//! What scenarios can be sought by: alarm codes and models.

use crate::model::{Run, Scenario};
use record::{Event, Limit, Observed};
use std::collections::BTreeSet;

/// Alarm codes that a scenario speaks of: `A-SL11`, `E-B12`.
pub(crate) fn codes(scenario: &Scenario) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut look = |text: &str| found.extend(codes_in(text));
    for step in &scenario.steps {
        look(&step.text);
    }
    for judged in &scenario.judgements {
        look(&judged.judgement.quantity);
        if let Observed::State { found, .. } = &judged.judgement.observed {
            look(found);
        }
        if let Limit::Is(state) = &judged.judgement.limit {
            look(state);
        }
    }
    for logged in &scenario.log {
        if let Event::Change { what, to, .. } = &logged.event {
            look(what);
            look(to);
        }
    }
    found
}

/// A letter of severity, a hyphen, letters, digits.
fn codes_in(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .filter_map(|word| {
            let (severity, rest) = word.split_once('-')?;
            let digits = rest.trim_start_matches(|c: char| c.is_ascii_uppercase());
            let letters = rest.len() - digits.len();
            let whole = matches!(severity, "W" | "A" | "E")
                && (1..=2).contains(&letters)
                && !digits.is_empty()
                && digits.bytes().all(|byte| byte.is_ascii_digit());
            whole.then(|| word.to_owned())
        })
}

/// What stood on the bench of a scenario: the models that the dossier tells, or the bench's name.
pub(crate) fn models<'a>(run: &'a Run, scenario: &'a Scenario) -> Vec<&'a str> {
    if scenario.bench.is_empty() {
        return Vec::new();
    }
    let item = run
        .dossier
        .items
        .iter()
        .find(|item| item.benches.contains(&scenario.bench));
    match item {
        Some(item) => vec![&item.battery, &item.bms],
        None => vec![&scenario.bench],
    }
}

#[cfg(test)]
mod tests {
    use super::codes_in;

    #[test]
    fn codes_are_told_from_other_words() {
        let text =
            "battery 1 A-SL11 set, W-SL9; E-B12 but no A-1, X-SL11, A-SL, 3.2.1-02 or A-SLX1.";
        assert_eq!(
            codes_in(text).collect::<Vec<_>>(),
            ["A-SL11", "W-SL9", "E-B12"]
        );
    }
}
