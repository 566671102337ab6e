//! Limits of the statements, and judgements against them.

use crate::BenchError;
use crate::bench::Bench;
use config::{Bound, Clause, ClauseLimit, Scalar};
use record::{DecisionRule, Event, Judgement, Limit, Observed, Reading, Verdict};
use std::time::Duration;

impl Bench {
    /// The limit `name` of `clause`, with the device's setting in force put in where the limit
    /// follows one. Numbers are in [`Bench::limit_unit`].
    ///
    /// # Errors
    /// When there's no such clause or limit; the text names the nearest.
    pub fn limit(&self, clause: &str, name: &str) -> Result<Limit, BenchError> {
        let (limit, bound) = self.resolved(clause, name)?;
        let plain = match bound {
            Bound::Around { nominal, tolerance } => Limit::Between(
                rounded(nominal.value - tolerance.value),
                rounded(nominal.value + tolerance.value),
            ),
            Bound::AtLeast(low) => Limit::AtLeast(low.value),
            Bound::AtMost(high) => Limit::AtMost(high.value),
            Bound::Between(low, high) => Limit::Between(low.value, high.value),
        };
        match (plain, limit.no_verdict) {
            (plain, None) => Ok(plain),
            (Limit::Between(low, high), Some((from, to))) => {
                Ok(Limit::BetweenExcept(low, high, from.value, to.value))
            }
            (_, Some(_)) => Err(shape(
                clause,
                name,
                "a zone without verdict needs both ends of a range",
            )),
        }
    }

    /// The unit of a limit: `V`, `A`, `s`, `°C`, `K`, `%`.
    ///
    /// # Errors
    /// As [`Bench::limit`].
    pub fn limit_unit(&self, clause: &str, name: &str) -> Result<&'static str, BenchError> {
        self.resolved(clause, name).map(|(_, bound)| match bound {
            Bound::Around { nominal, .. } => nominal.unit,
            Bound::AtLeast(value) | Bound::AtMost(value) | Bound::Between(value, _) => value.unit,
        })
    }

    /// A limit that is a time: its only number, or the upper end of a range.
    ///
    /// # Errors
    /// As [`Bench::limit`]; also when it isn't in seconds.
    pub fn limit_time(&self, clause: &str, name: &str) -> Result<Duration, BenchError> {
        let (_, bound) = self.resolved(clause, name)?;
        let (Bound::Around { nominal: time, .. }
        | Bound::AtLeast(time)
        | Bound::AtMost(time)
        | Bound::Between(_, time)) = bound;
        if time.unit != "s" {
            let reason = format!("it is in {}, not a time", time.unit);
            return Err(shape(clause, name, &reason));
        }
        Duration::try_from_secs_f64(time.value)
            .map_err(|error| shape(clause, name, &error.to_string()))
    }

    /// The value that a limit is about: its nominal value, its only number, or the middle of a
    /// range.
    ///
    /// # Errors
    /// As [`Bench::limit`].
    pub fn nominal(&self, clause: &str, name: &str) -> Result<f64, BenchError> {
        self.resolved(clause, name).map(|(_, bound)| match bound {
            Bound::Around { nominal, .. } => nominal.value,
            Bound::AtLeast(value) | Bound::AtMost(value) => value.value,
            Bound::Between(low, high) => rounded(f64::midpoint(low.value, high.value)),
        })
    }

    /// The lowest and highest value that pass; infinite where the limit is open.
    ///
    /// # Errors
    /// As [`Bench::limit`].
    pub fn bounds(&self, clause: &str, name: &str) -> Result<(f64, f64), BenchError> {
        Ok(match self.limit(clause, name)? {
            Limit::AtLeast(low) => (low, f64::INFINITY),
            Limit::AtMost(high) => (f64::NEG_INFINITY, high),
            Limit::Between(low, high) | Limit::BetweenExcept(low, high, _, _) => (low, high),
            Limit::Is(_) => return Err(shape(clause, name, "it is a state, not a number")),
        })
    }

    /// Holds a reading against a limit, journals the judgement and keeps it with the scenario's.
    ///
    /// # Errors
    /// As [`Bench::limit`]; also when the reading has another unit than the limit.
    pub fn judge(
        &mut self,
        clause: &str,
        name: &str,
        quantity: &str,
        reading: Reading,
    ) -> Result<Verdict, BenchError> {
        let limit = self.limit(clause, name)?;
        let unit = self.limit_unit(clause, name)?;
        if unit != reading.unit {
            let reason = format!(
                "it is in {unit}, `{quantity}` was measured in {}",
                reading.unit
            );
            return Err(shape(clause, name, &reason));
        }
        let judgement = record::judge(clause, quantity, limit, reading, self.rule);
        Ok(self.keep(judgement))
    }

    /// Holds a state that was seen just now against the one that must be.
    ///
    /// # Errors
    /// When there's no such clause.
    pub fn judge_state(
        &mut self,
        clause: &str,
        quantity: &str,
        wanted: &str,
        found: &str,
        instrument: &str,
    ) -> Result<Verdict, BenchError> {
        self.clause(clause)?;
        let at_s = self.now().as_secs_f64();
        let judgement = record::judge_state(clause, quantity, wanted, found, instrument, at_s);
        Ok(self.keep(judgement))
    }

    /// Puts on record that something had to be judged and could not be: [`Verdict::Error`].
    ///
    /// # Errors
    /// When there's no such clause.
    pub fn judge_missing(
        &mut self,
        clause: &str,
        quantity: &str,
        wanted: &str,
        why: &str,
    ) -> Result<Verdict, BenchError> {
        self.without_verdict(clause, quantity, wanted, why, Verdict::Error)
    }

    /// Puts on record that what was seen decides nothing: [`Verdict::Inconclusive`].
    ///
    /// # Errors
    /// When there's no such clause.
    pub fn judge_inconclusive(
        &mut self,
        clause: &str,
        quantity: &str,
        wanted: &str,
        why: &str,
    ) -> Result<Verdict, BenchError> {
        self.without_verdict(clause, quantity, wanted, why, Verdict::Inconclusive)
    }

    fn without_verdict(
        &mut self,
        clause: &str,
        quantity: &str,
        wanted: &str,
        why: &str,
        verdict: Verdict,
    ) -> Result<Verdict, BenchError> {
        self.clause(clause)?;
        let judgement = Judgement {
            clause: clause.to_owned(),
            quantity: quantity.to_owned(),
            limit: Limit::Is(wanted.to_owned()),
            observed: Observed::State {
                found: why.to_owned(),
                instrument: String::new(),
                at_s: self.now().as_secs_f64(),
            },
            rule: DecisionRule::SimpleAcceptance,
            verdict,
            reason: format!("{quantity} can't be told, must be {wanted}: {why}"),
        };
        Ok(self.keep(judgement))
    }

    fn keep(&mut self, judgement: Judgement) -> Verdict {
        let verdict = judgement.verdict;
        self.event(&Event::Judgement(judgement.clone()));
        self.judgements.push(judgement);
        verdict
    }

    /// Verdicts since the bench was opened or [`Bench::take_judgements`] was called.
    #[must_use]
    pub fn verdicts(&self) -> Vec<Verdict> {
        self.judgements
            .iter()
            .map(|judgement| judgement.verdict)
            .collect()
    }

    /// The judgements behind [`Bench::verdicts`].
    #[must_use]
    pub fn judgements(&self) -> &[Judgement] {
        &self.judgements
    }

    /// Hands the judgements out and starts anew.
    pub fn take_judgements(&mut self) -> Vec<Judgement> {
        std::mem::take(&mut self.judgements)
    }

    /// How uncertainty enters verdicts here.
    #[must_use]
    pub fn decision_rule(&self) -> DecisionRule {
        self.rule
    }

    /// A statement by its id.
    ///
    /// # Errors
    /// When there's none; the text names the nearest.
    pub fn clause(&self, id: &str) -> Result<&Clause, BenchError> {
        let clauses = &self.clauses.clauses;
        clauses.get(id).ok_or_else(|| BenchError::NoClause {
            clause: id.to_owned(),
            suggestion: nearest(id, clauses.keys())
                .map(|near| format!("; did you mean `{near}`?"))
                .unwrap_or_default(),
        })
    }

    fn resolved(&self, clause: &str, name: &str) -> Result<(&ClauseLimit, Bound), BenchError> {
        let limits = &self.clause(clause)?.limits;
        let limit = limits.get(name).ok_or_else(|| BenchError::NoLimit {
            clause: clause.to_owned(),
            name: name.to_owned(),
            suggestion: other_limits(name, limits.keys()),
        })?;
        let bound = match &limit.setting {
            None => limit.bound,
            Some(setting) => {
                let value = self.setting(setting).ok_or_else(|| {
                    let reason = format!("it follows `{setting}`, which is no setting");
                    shape(clause, name, &reason)
                })?;
                with_nominal(limit.bound, value)
                    .ok_or_else(|| shape(clause, name, "a range can't follow a setting"))?
            }
        };
        Ok((limit, bound))
    }

    fn setting(&self, name: &str) -> Option<f64> {
        let settings = &self.config.device.settings;
        match name {
            "pre_alarm" => Some(settings.pre_alarm.0),
            "discharge_cutoff" => Some(settings.discharge_cutoff.0),
            "charge_temperature" => Some(settings.charge_temperature.0),
            "temperature_offset" => Some(settings.temperature_offset.0),
            _ => None,
        }
    }
}

fn with_nominal(bound: Bound, value: f64) -> Option<Bound> {
    let moved = |scalar: Scalar| Scalar { value, ..scalar };
    match bound {
        Bound::Around { nominal, tolerance } => Some(Bound::Around {
            nominal: moved(nominal),
            tolerance,
        }),
        Bound::AtLeast(low) => Some(Bound::AtLeast(moved(low))),
        Bound::AtMost(high) => Some(Bound::AtMost(moved(high))),
        Bound::Between(..) => None,
    }
}

fn shape(clause: &str, name: &str, reason: &str) -> BenchError {
    BenchError::LimitShape {
        clause: clause.to_owned(),
        name: name.to_owned(),
        reason: reason.to_owned(),
    }
}

/// Sums of decimals as people write them, without the dust of binary fractions.
fn rounded(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

fn nearest<'a>(wanted: &str, known: impl Iterator<Item = &'a String>) -> Option<&'a str> {
    known
        .map(|name| (strsim::damerau_levenshtein(wanted, name), name.as_str()))
        .min()
        .filter(|(distance, name)| *distance <= name.len().div_ceil(2))
        .map(|(_, name)| name)
}

fn other_limits<'a>(name: &str, known: impl Iterator<Item = &'a String> + Clone) -> String {
    let all: Vec<&str> = known.clone().map(String::as_str).collect();
    match nearest(name, known) {
        Some(near) => format!("; did you mean `{near}`?"),
        None if all.is_empty() => "; it has none".into(),
        None => format!("; it has {}", all.join(", ")),
    }
}
