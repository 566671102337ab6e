//! Reads the clause file.

use crate::source::{At, Source};
use crate::{Bound, Clause, ClauseKind, ClauseLimit, Clauses, ConfigError, Scalar};
use serde::{Deserialize, Deserializer, de};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use units::{
    AmpHours, Amps, Celsius, Kelvin, KelvinPerMinute, Ohms, Percent, Quantity, Volts, WattHours,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClauses {
    clauses: BTreeMap<String, RawClause>,
    #[serde(default)]
    ambiguities: BTreeMap<String, RawAmbiguity>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAmbiguity {
    says: String,
    we_hold: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClause {
    section: At<String>,
    statement: String,
    kind: RawKind,
    #[serde(default)]
    codes: Vec<String>,
    #[serde(default)]
    batteries: OneOrMany,
    #[serde(default)]
    bms: OneOrMany,
    #[serde(default)]
    limits: BTreeMap<String, At<RawLimit>>,
    #[serde(default)]
    ambiguities: Vec<At<String>>,
    #[serde(default)]
    notes: String,
    reason: Option<At<String>>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum RawKind {
    Automatic,
    Operator,
    Documentary,
    Informative,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLimit {
    nominal: Option<At<Scalar>>,
    tolerance: Option<At<Scalar>>,
    at_least: Option<At<Scalar>>,
    at_most: Option<At<Scalar>>,
    between: Option<At<[Scalar; 2]>>,
    no_verdict: Option<At<[Scalar; 2]>>,
    setting: Option<At<String>>,
    origin: String,
    #[serde(default)]
    why: String,
}

/// A list, or a single word for a list of one.
#[derive(Default)]
struct OneOrMany(Vec<String>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = OneOrMany;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name or a list of names")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany(vec![text.to_owned()]))
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut names: A) -> Result<OneOrMany, A::Error> {
                let mut all = Vec::new();
                while let Some(name) = names.next_element()? {
                    all.push(name);
                }
                Ok(OneOrMany(all))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

impl std::str::FromStr for Scalar {
    type Err = String;

    /// Reads a number with the unit of any quantity that a limit can be in; times become seconds.
    fn from_str(text: &str) -> Result<Self, String> {
        fn of<Q: Quantity + std::str::FromStr>(text: &str) -> Option<Scalar> {
            let value: Q = text.parse().ok()?;
            Some(Scalar {
                value: value.value(),
                unit: Q::UNIT,
            })
        }
        let time = || {
            units::duration::parse(text).ok().map(|time| Scalar {
                value: time.as_secs_f64(),
                unit: "s",
            })
        };
        of::<Volts>(text)
            .or_else(|| of::<Amps>(text))
            .or_else(time)
            .or_else(|| of::<Celsius>(text))
            .or_else(|| of::<Kelvin>(text))
            .or_else(|| of::<Percent>(text))
            .or_else(|| of::<KelvinPerMinute>(text))
            .or_else(|| of::<AmpHours>(text))
            .or_else(|| of::<WattHours>(text))
            .or_else(|| of::<Ohms>(text))
            .or_else(|| on_paper(text))
            .ok_or_else(|| {
                format!(
                    "`{text}` is no limit; write a number with its unit, as in `3.10 V` or `30 s`"
                )
            })
    }
}

/// Units that no instrument of a bench measures: a person reads or counts them, or a file has them.
const ON_PAPER: [&str; 7] = ["batteries", "cells", "restarts", "mm", "mm²", "kg", "Nm"];

fn on_paper(text: &str) -> Option<Scalar> {
    let (number, unit) = text.trim().split_once(' ')?;
    let value: f64 = number.parse().ok()?;
    let unit = ON_PAPER.into_iter().find(|known| *known == unit.trim())?;
    value.is_finite().then_some(Scalar { value, unit })
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match f.precision() {
            Some(precision) => write!(f, "{:.precision$} {}", self.value, self.unit),
            None => write!(f, "{} {}", self.value, self.unit),
        }
    }
}

/// Reads the statements of the manual and their limits.
///
/// # Errors
/// When the file can't be read, or something in it is wrong.
pub fn load_clauses(path: &Path) -> Result<Clauses, ConfigError> {
    check(Source::read(path)?)
}

/// The same from text; `path` is for messages.
///
/// # Errors
/// When something in it is wrong.
pub fn parse_clauses(text: &str, path: &Path) -> Result<Clauses, ConfigError> {
    check(Source::new(path, text.to_owned()))
}

fn check(mut source: Source) -> Result<Clauses, ConfigError> {
    let raw: RawClauses = source.parse()?;
    let known: Vec<_> = raw.ambiguities.keys().cloned().collect();
    let mut clauses = BTreeMap::new();
    for (id, clause) in raw.clauses {
        if !id.starts_with(&format!("{}-", clause.section.value)) {
            source.wrong(
                clause.section.referenced,
                format!("clause `{id}` isn't of section `{}`", clause.section.value),
                "an id is the section, a dash, and a number",
            );
        }
        for ambiguity in &clause.ambiguities {
            if !known.contains(&ambiguity.value) {
                source.wrong(
                    ambiguity.referenced,
                    format!("ambiguity `{}` isn't explained", ambiguity.value),
                    "explain it under `ambiguities` at the end of the file",
                );
            }
        }
        clause.check_reason(&id, &mut source);
        clauses.insert(id, clause.checked(&mut source));
    }
    let ambiguities = raw
        .ambiguities
        .into_iter()
        .map(|(id, ambiguity)| (id, (ambiguity.says, ambiguity.we_hold)))
        .collect();
    source.finish(Clauses {
        clauses,
        ambiguities,
    })
}

impl RawClause {
    /// A reason excuses a statement from having a scenario, which an automatic one never is.
    fn check_reason(&self, id: &str, source: &mut Source) {
        let Some(reason) = &self.reason else { return };
        if matches!(self.kind, RawKind::Automatic) {
            source.wrong(
                reason.referenced,
                format!("clause `{id}` is automatic, so nothing excuses it from a scenario"),
                "write a scenario for it and leave `reason` out, or make it another kind",
            );
        } else if reason.value.trim().is_empty() {
            source.wrong(
                reason.referenced,
                format!("the reason of clause `{id}` says nothing"),
                "say why no scenario is about it, or leave `reason` out",
            );
        }
    }

    fn checked(self, source: &mut Source) -> Clause {
        let limits = self
            .limits
            .into_iter()
            .filter_map(|(name, limit)| limit_of(&name, limit, source).map(|limit| (name, limit)))
            .collect();
        Clause {
            section: self.section.value,
            statement: self.statement,
            kind: match self.kind {
                RawKind::Automatic => ClauseKind::Automatic,
                RawKind::Operator => ClauseKind::Operator,
                RawKind::Documentary => ClauseKind::Documentary,
                RawKind::Informative => ClauseKind::Informative,
            },
            codes: self.codes,
            batteries: self.batteries.0,
            bms: self.bms.0,
            limits,
            ambiguities: self.ambiguities.into_iter().map(|id| id.value).collect(),
            notes: self.notes,
            reason: self.reason.map(|reason| reason.value),
        }
    }
}

/// Settings that a limit can follow.
const SETTINGS: [&str; 4] = [
    "pre_alarm",
    "discharge_cutoff",
    "charge_temperature",
    "temperature_offset",
];

fn limit_of(name: &str, limit: At<RawLimit>, source: &mut Source) -> Option<ClauseLimit> {
    let place = limit.referenced;
    let raw = limit.value;
    if let Some(setting) = &raw.setting {
        check_setting(setting, raw.nominal.is_some(), source);
    }
    let bound = match (
        raw.nominal,
        raw.tolerance,
        raw.at_least,
        raw.at_most,
        raw.between,
    ) {
        (Some(nominal), Some(tolerance), None, None, None) => around(&nominal, &tolerance, source),
        (None, None, Some(least), None, None) => Some(Bound::AtLeast(least.value)),
        (None, None, None, Some(most), None) => Some(Bound::AtMost(most.value)),
        (None, None, None, None, Some(both)) => {
            ordered(&both, source).map(|[from, to]| Bound::Between(from, to))
        }
        _ => {
            source.wrong(
                place,
                format!("limit `{name}` has no shape, or more than one"),
                "write `nominal` with `tolerance`, `at_least`, `at_most` or `between`, and just one of them",
            );
            None
        }
    };
    let bound = bound?;
    let no_verdict = raw
        .no_verdict
        .and_then(|zone| no_verdict(&zone, bound, source));
    Some(ClauseLimit {
        bound,
        no_verdict,
        setting: raw.setting.map(|setting| setting.value),
        origin: raw.origin,
        why: raw.why,
    })
}

fn check_setting(setting: &At<String>, nominal: bool, source: &mut Source) {
    if !SETTINGS.contains(&setting.value.as_str()) {
        let suggestion = crate::error::suggest(&setting.value, SETTINGS).unwrap_or_default();
        source.wrong(
            setting.referenced,
            format!("`{}` is no setting of a battery", setting.value),
            &suggestion,
        );
    }
    if !nominal {
        source.wrong(
            setting.referenced,
            "only a nominal value can follow a setting",
            "write `nominal` and `tolerance`",
        );
    }
}

fn no_verdict(
    zone: &At<[Scalar; 2]>,
    bound: Bound,
    source: &mut Source,
) -> Option<(Scalar, Scalar)> {
    let Bound::Between(from, to) = bound else {
        source.wrong(
            zone.referenced,
            "a zone without a verdict is a part of `between`",
            "write the limit with `between`",
        );
        return None;
    };
    let [low, high] = ordered(zone, source)?;
    if low.unit != from.unit || low.value < from.value || high.value > to.value {
        source.wrong(
            zone.referenced,
            format!("the zone without a verdict leaves the limit, {from} to {to}"),
            "it is a part of `between`",
        );
    }
    Some((low, high))
}

/// A temperature is tolerated by a difference, everything else by its own kind.
fn around(nominal: &At<Scalar>, tolerance: &At<Scalar>, source: &mut Source) -> Option<Bound> {
    let unit = match nominal.value.unit {
        "°C" => "K",
        unit => unit,
    };
    if tolerance.value.unit != unit || tolerance.value.value < 0.0 {
        source.wrong(
            tolerance.referenced,
            format!(
                "`{}` is no tolerance for `{}`",
                tolerance.value, nominal.value
            ),
            &format!("write it in {unit}, and not below zero"),
        );
        return None;
    }
    Some(Bound::Around {
        nominal: nominal.value,
        tolerance: tolerance.value,
    })
}

fn ordered(pair: &At<[Scalar; 2]>, source: &mut Source) -> Option<[Scalar; 2]> {
    let [from, to] = pair.value;
    if from.unit != to.unit || from.value >= to.value {
        source.wrong(
            pair.referenced,
            format!("`{from}` to `{to}` is no range"),
            "the lower end comes first, both in the same unit",
        );
        return None;
    }
    Some([from, to])
}
