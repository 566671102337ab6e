//! From what was found to how a scenario ended.

use record::Verdict;

/// What was judged and what went wrong, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Findings {
    found: Vec<(Verdict, String)>,
    judgements: usize,
    /// Why nothing that was measured counts.
    distrusted: Option<String>,
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

    /// Instruments contradict each other: what they led to is no failure of the device and no pass.
    pub(crate) fn distrust(&mut self, reason: &str) {
        self.distrusted
            .get_or_insert_with(|| crate::step_error::one_line(reason));
    }

    pub(crate) fn take_in(&mut self, other: Self) {
        self.found.extend(other.found);
        self.judgements += other.judgements;
        self.distrusted = self.distrusted.take().or(other.distrusted);
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
            .filter(|verdict| *verdict != Verdict::Pass);
        if let Some(reason) = &self.distrusted
            && worst != Some(Verdict::Interrupted)
        {
            return Some((Verdict::Error, reason.clone()));
        }
        let worst = worst?;
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
    fn instruments_that_contradict_each_other_leave_no_pass_and_no_failure() {
        for found in [Pass, Fail, Inconclusive, Error] {
            let mut step = Findings::default();
            step.judge(found, "3.7 V");
            step.distrust("two\nmeters");
            let mut scenario = Findings::default();
            scenario.judge(Fail, "before");
            scenario.take_in(step);
            assert_eq!(scenario.verdict(), (Error, "two meters".to_owned()));
        }
        let mut stopped = Findings::default();
        stopped.distrust("two meters");
        stopped.add(Verdict::Interrupted, "a signal");
        assert_eq!(stopped.verdict().0, Verdict::Interrupted);
    }

    #[test]
    fn without_a_judgement_nothing_passes() {
        let (verdict, reason) = ended(&[]);
        assert_eq!(verdict, Inconclusive);
        assert!(reason.starts_with("nothing was judged"), "{reason}");
        assert_eq!(Findings::default().verdict().0, Skipped);
    }
}
