//! Reads fault files. What can be wrong, and how it's written, is in the tables of
//! [`crate::fault_schema`].

use crate::error::suggest;
use crate::fault_schema::{self, Target};
use crate::source::{At, Source, Time};
use crate::{ConfigError, Expectation, Fault, Injection};
use serde::Deserialize;
use std::path::Path;
use std::time::Duration;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFault {
    name: String,
    about: String,
    #[serde(default)]
    violates: Vec<At<String>>,
    inject: At<Vec<RawInjection>>,
    #[serde(default)]
    expect: Vec<RawExpectation>,
    #[serde(default)]
    spares: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawInjection {
    target: At<String>,
    parameter: At<String>,
    value: At<String>,
    onset: Option<Time>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawExpectation {
    scenario: String,
    verdict: At<String>,
    #[serde(default)]
    reason: String,
}

/// Verdicts with which a scenario can notice a fault.
const VERDICTS: [&str; 3] = ["fail", "error", "inconclusive"];

/// Reads a fault.
///
/// # Errors
/// When the file can't be read, or something in it is wrong.
pub fn load_fault(path: &Path) -> Result<Fault, ConfigError> {
    check(Source::read(path)?)
}

/// The same from text; `path` is for messages.
///
/// # Errors
/// When something in it is wrong.
pub fn parse_fault(text: &str, path: &Path) -> Result<Fault, ConfigError> {
    check(Source::new(path, text.to_owned()))
}

fn check(mut source: Source) -> Result<Fault, ConfigError> {
    let raw: RawFault = source.parse()?;
    if raw.inject.value.is_empty() {
        source.wrong(
            raw.inject.referenced,
            "nothing is injected",
            "a fault without an injection is a healthy device",
        );
    }
    for clause in &raw.violates {
        if !clause.value.contains('-') {
            source.wrong(
                clause.referenced,
                format!("`{}` is no clause", clause.value),
                "write its id, as in `3.2.1-02`",
            );
        }
    }
    let mut inject = Vec::new();
    for injection in raw.inject.value {
        injection.check(&mut source);
        inject.push(Injection {
            target: injection.target.value,
            parameter: injection.parameter.value,
            value: injection.value.value,
            onset: injection.onset.map_or(Duration::ZERO, |time| time.0),
        });
    }
    let mut expect = Vec::new();
    for expectation in raw.expect {
        let verdict = expectation.verdict;
        if !VERDICTS.contains(&verdict.value.as_str()) {
            source.wrong(
                verdict.referenced,
                format!("`{}` is no verdict that notices anything", verdict.value),
                &suggest(&verdict.value, VERDICTS).unwrap_or_default(),
            );
        }
        expect.push(Expectation {
            scenario: expectation.scenario,
            verdict: verdict.value,
            reason: expectation.reason,
        });
    }
    source.finish(Fault {
        name: raw.name,
        about: raw.about,
        violates: raw.violates.into_iter().map(|id| id.value).collect(),
        inject,
        expect,
        spares: raw.spares,
    })
}

impl RawInjection {
    fn check(&self, source: &mut Source) {
        let target = match Target::read(&self.target.value) {
            Ok(target) => target,
            Err(suggestion) => {
                source.wrong(
                    self.target.referenced,
                    format!("`{}` is nothing that can be faulty", self.target.value),
                    &suggestion,
                );
                return;
            }
        };
        let name = fault_schema::general(&self.parameter.value);
        let Some(parameter) = target.parameters().iter().find(|known| known.name == name) else {
            let known = target.parameters().iter().map(|known| known.name);
            source.wrong(
                self.parameter.referenced,
                format!(
                    "`{}` can't be bent at `{}`",
                    self.parameter.value, self.target.value
                ),
                &suggest(&self.parameter.value, known).unwrap_or_default(),
            );
            return;
        };
        if let Err(suggestion) = parameter.takes.check(&self.value.value) {
            source.wrong(
                self.value.referenced,
                format!("`{}` can't be `{}`", self.parameter.value, self.value.value),
                &suggestion,
            );
        }
    }
}
