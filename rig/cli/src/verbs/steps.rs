//! `rig steps`: what features can say.

use crate::args::{Format, Steps};
use crate::feature::{Loaded, Selector, Sentence, load, vocabulary, word_of};
use crate::run::Console;
use crate::search::feature_folder;
use serde_json::json;

/// Name and version of the JSON.
const FORMAT: &str = "rig.steps/1";

pub(crate) fn perform(arguments: &Steps) -> anyhow::Result<u8> {
    let wanted = arguments.containing.as_deref().unwrap_or_default();
    let wanted = wanted.to_lowercase();
    let files = feature_folder()
        .map(|path| load(&[Selector { path, line: None }]).0)
        .unwrap_or_default();
    let sentences: Vec<Sentence> = vocabulary()
        .into_iter()
        .filter(|sentence| sentence.text.to_lowercase().contains(&wanted))
        .collect();
    match arguments.format {
        Format::Text => print(&sentences, &files),
        Format::Json => super::print_json(&json!({
            "format": FORMAT,
            "steps": sentences
                .iter()
                .map(|sentence| json!({
                    "kind": sentence.kind,
                    "text": sentence.text,
                    "about": sentence.about,
                    "example": example(sentence, &files),
                    "defined": sentence.defined,
                }))
                .collect::<Vec<_>>(),
        })),
    }
    Ok(0)
}

fn print(sentences: &[Sentence], files: &[Loaded]) {
    let console = Console::new();
    for sentence in sentences {
        let word = word_of(sentence.kind);
        console.line(&format!("{word} {}", sentence.text));
        if !sentence.about.is_empty() {
            console.line(&format!("    {}", sentence.about));
        }
        console.line(&format!("    example: {word} {}", example(sentence, files)));
    }
}

/// A step of the features that uses the sentence, else the sentence with values filled in.
fn example(sentence: &Sentence, files: &[Loaded]) -> String {
    let steps = files
        .iter()
        .flat_map(|file| file.cases.iter().flat_map(|case| file.steps(case)));
    let mut fitting = steps.filter(|step| sentence.pattern.is_match(&step.value));
    fitting
        .next()
        .map_or_else(|| filled_in(&sentence.text), |step| step.value.clone())
}

fn filled_in(text: &str) -> String {
    const VALUES: [(&str, &str); 13] = [
        ("{volts}", "3.1 V"),
        ("{amps}", "50 A"),
        ("{amp_hours}", "20 Ah"),
        ("{seconds}", "30 s"),
        ("{duration}", "30 s"),
        ("{celsius}", "5 °C"),
        ("{code}", "A-SL11"),
        ("{pole}", "charge pole"),
        ("{contact}", "load"),
        ("{int}", "2"),
        ("{float}", "3.1"),
        ("{word}", "smallBMS"),
        ("{string}", "\"text\""),
    ];
    VALUES.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(name, value)
    })
}

#[cfg(test)]
mod tests {
    use super::{example, filled_in};
    use crate::feature::{Selector, Sentence, load, vocabulary};

    #[test]
    fn every_sentence_has_an_example_that_fits_it() {
        let in_features = |sentence: &Sentence| sentence.defined.contains("/steps/");
        let sentences: Vec<Sentence> = vocabulary().into_iter().filter(in_features).collect();
        assert!(sentences.len() > 20, "steps that nobody links");
        let path = crate::search::feature_folder().unwrap();
        let (files, _) = load(&[Selector { path, line: None }]);
        for sentence in sentences {
            let example = example(&sentence, &files);
            assert!(
                sentence.pattern.is_match(&example),
                "`{example}` is no example of `{}`; use it in a feature, or add its parameter types to `filled_in`",
                sentence.text
            );
        }
    }

    #[test]
    fn values_stand_in_for_parameters() {
        assert_eq!(
            filled_in("cell {int} goes to {volts}"),
            "cell 2 goes to 3.1 V"
        );
    }
}
