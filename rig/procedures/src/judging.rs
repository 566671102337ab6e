//! Judging what was found under the statements that a scenario is about.

use crate::ProcedureError;
use bench::Bench;
use record::{Reading, Verdict};

/// The statements of the manual that a scenario is tagged with. A step can judge several; those
/// the scenario names are the ones it does judge.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked(Vec<String>);

impl Asked {
    /// From the ids of the scenario's `@clause:` tags.
    pub fn new<S: Into<String>>(clauses: impl IntoIterator<Item = S>) -> Self {
        Self(clauses.into_iter().map(Into::into).collect())
    }

    /// Whether the scenario asks for this one.
    pub(crate) fn asks(&self, clause: &str) -> bool {
        self.0.iter().any(|asked| asked == clause)
    }

    /// Those of `candidates` that the scenario asks for.
    fn among<'a>(&self, candidates: &[&'a str]) -> Result<Vec<&'a str>, ProcedureError> {
        let among: Vec<&str> = candidates
            .iter()
            .copied()
            .filter(|clause| self.0.iter().any(|asked| asked == clause))
            .collect();
        if among.is_empty() {
            return Err(ProcedureError::NothingFound {
                hint: format!(
                    "the scenario is tagged with none of the clauses that this step judges: {}",
                    candidates.join(", ")
                ),
            });
        }
        Ok(among)
    }
}

/// Judges on behalf of one step and knows afterwards how it went.
pub(crate) struct Judge<'a> {
    bench: &'a mut Bench,
    asked: &'a Asked,
    start: usize,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(bench: &'a mut Bench, asked: &'a Asked) -> Self {
        let start = bench.judgements().len();
        Self {
            bench,
            asked,
            start,
        }
    }

    pub(crate) fn bench(&mut self) -> &mut Bench {
        self.bench
    }

    /// Nothing is judged by instruments that contradict each other.
    fn trust(&self) -> Result<(), ProcedureError> {
        match self.bench.contradiction() {
            None => Ok(()),
            Some(contradiction) => Err(contradiction.clone().into()),
        }
    }

    /// Holds a reading against the limit of each clause that is asked for.
    pub(crate) fn reading(
        &mut self,
        candidates: &[&str],
        limit: &str,
        quantity: &str,
        reading: &Reading,
    ) -> Result<(), ProcedureError> {
        self.trust()?;
        for clause in self.asked.among(candidates)? {
            self.bench.judge(clause, limit, quantity, reading.clone())?;
        }
        Ok(())
    }

    /// Holds a state against the one that each clause asks for.
    pub(crate) fn state(
        &mut self,
        candidates: &[&str],
        quantity: &str,
        wanted: &str,
        found: &str,
        instrument: &str,
    ) -> Result<(), ProcedureError> {
        self.trust()?;
        for clause in self.asked.among(candidates)? {
            self.bench
                .judge_state(clause, quantity, wanted, found, instrument)?;
        }
        Ok(())
    }

    /// Puts on record that what was seen decides nothing.
    pub(crate) fn inconclusive(
        &mut self,
        candidates: &[&str],
        quantity: &str,
        wanted: &str,
        why: &str,
    ) -> Result<(), ProcedureError> {
        for clause in self.asked.among(candidates)? {
            self.bench
                .judge_inconclusive(clause, quantity, wanted, why)?;
        }
        Ok(())
    }

    /// Puts on record that something had to be judged and could not be.
    pub(crate) fn missing(
        &mut self,
        candidates: &[&str],
        quantity: &str,
        wanted: &str,
        why: &str,
    ) -> Result<(), ProcedureError> {
        for clause in self.asked.among(candidates)? {
            self.bench.judge_missing(clause, quantity, wanted, why)?;
        }
        Ok(())
    }

    /// How it went: the worst verdict decides, the first reason with it is told.
    pub(crate) fn done(self) -> Result<(), ProcedureError> {
        let judgements = self
            .bench
            .judgements()
            .get(self.start..)
            .unwrap_or_default();
        let worst = Verdict::of_all(judgements.iter().map(|judgement| judgement.verdict));
        match judgements
            .iter()
            .find(|judgement| judgement.verdict == worst)
        {
            Some(_) if worst == Verdict::Pass => Ok(()),
            Some(judgement) => Err(ProcedureError::NotPassed {
                verdict: worst,
                reason: judgement.reason.clone(),
            }),
            None => Err(ProcedureError::NothingFound {
                hint: "there was nothing to judge".into(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Asked;

    #[test]
    fn only_the_clauses_of_the_scenario_are_judged() {
        let asked = Asked::new(["3.2-01", "3.2.1-02"]);
        assert_eq!(
            asked
                .among(&["3.2-01", "4.7.4-01"])
                .expect("one is asked for"),
            ["3.2-01"]
        );
        let error = asked.among(&["4.9-16", "6.2.6-01"]).expect_err("none is");
        assert_eq!(
            error.to_string(),
            "nothing was found yet that could be judged here: the scenario is tagged with none of the clauses that this step judges: 4.9-16, 6.2.6-01"
        );
    }
}
