//! From what was found to how a scenario ended.

use record::Verdict;

/// What was judged and what went wrong, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Findings {
    found: Vec<(Verdict, String)>,
    judgements: usize,
}

impl Findings {
    /// Something that isn't a judgement: an error, an interruption, a reason to skip.
    pub(crate) fn add(&mut self, verdict: Verdict, reason: &str) {
        self.found
            .push((verdict, crate::step_error::one_line(reason)));
    }

    /// What is behind everything else that was found, and so is told first.
    pub(crate) fn lead(&mut self, verdict: Verdict, reason: &str) {
        let reason = crate::step_error::one_line(reason);
        self.found.insert(0, (verdict, reason));
    }

    /// A limit was held against a finding.
    pub(crate) fn judge(&mut self, verdict: Verdict, reason: &str) {
        self.judgements += 1;
        self.add(verdict, reason);
    }

    pub(crate) fn take_in(&mut self, other: Self) {
        self.found.extend(other.found);
        self.judgements += other.judgements;
    }

    /// Nothing missing looks like a pass.
    pub(crate) fn require_a_judgement(&mut self) {
        if self.judgements == 0 {
            self.add(
                Verdict::Inconclusive,
                "nothing was judged: no step of the scenario held a finding against a limit",
            );
        }
    }

    /// The worst finding, and the first reason with that verdict; none for nothing but passes.
    pub(crate) fn worst(&self) -> Option<(Verdict, String)> {
        let worst = self
            .found
            .iter()
            .map(|(verdict, _)| *verdict)
            .reduce(Verdict::and)
            .filter(|verdict| *verdict != Verdict::Pass)?;
        let (_, reason) = self.found.iter().find(|(verdict, _)| *verdict == worst)?;
        Some((worst, reason.clone()))
    }

    /// How the whole ended.
    pub(crate) fn verdict(&self) -> (Verdict, String) {
        if let Some(worst) = self.worst() {
            return worst;
        }
        if self.judgements == 0 {
            return (Verdict::Skipped, "nothing was tested".to_owned());
        }
        (Verdict::Pass, String::new())
    }
}

#[cfg(test)]
mod tests {
    use super::Findings;
    use record::Verdict::{self, Error, Fail, Inconclusive, Pass, Skipped};

    fn ended(found: &[(bool, Verdict, &str)]) -> (Verdict, String) {
        let mut findings = Findings::default();
        for &(judged, verdict, reason) in found {
            if judged {
                findings.judge(verdict, reason);
            } else {
                findings.add(verdict, reason);
            }
        }
        findings.require_a_judgement();
        findings.verdict()
    }

    #[test]
    fn a_scenario_is_as_bad_as_its_worst_finding_and_tells_the_first_of_those() {
        for (found, verdict, reason) in [
            (&[(true, Pass, "30 s")][..], Pass, ""),
            (
                &[(true, Fail, "a"), (true, Pass, "b"), (true, Fail, "c")],
                Fail,
                "a",
            ),
            (
                &[(true, Pass, "a"), (false, Error, "psu\n lost")],
                Error,
                "psu lost",
            ),
            (
                &[(true, Inconclusive, "zone"), (false, Error, "lost")],
                Error,
                "lost",
            ),
            (
                &[(false, Error, "lost"), (true, Fail, "load on")],
                Fail,
                "load on",
            ),
        ] {
            assert_eq!(ended(found), (verdict, reason.to_owned()), "{found:?}");
        }
    }

    #[test]
    fn without_a_judgement_nothing_passes() {
        let (verdict, reason) = ended(&[]);
        assert_eq!(verdict, Inconclusive);
        assert!(reason.starts_with("nothing was judged"), "{reason}");
        assert_eq!(Findings::default().verdict().0, Skipped);
    }
}
