//! The few lines that end a run on a terminal.

use crate::model::{Run, Scenario};
use record::Verdict;
use std::fmt;

/// Order in which verdicts are counted and listed: what needs attention first.
pub(crate) const ORDER: [Verdict; 6] = [
    Verdict::Fail,
    Verdict::Error,
    Verdict::Interrupted,
    Verdict::Inconclusive,
    Verdict::Skipped,
    Verdict::Pass,
];

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Verdict of the run.
    pub verdict: Verdict,
    /// Whether it was simulated.
    pub simulated: bool,
    /// Whether the journal tells its end.
    pub finished: bool,
    /// Scenarios that count.
    pub total: usize,
    /// How many of each verdict, what needs attention first; verdicts that don't occur left out.
    pub counts: Vec<(Verdict, usize)>,
    /// Scenarios that neither passed nor were skipped, worst first.
    pub failing: Vec<Finding>,
    /// Attempts that were retried.
    pub retried: usize,
    /// Warnings in the journal.
    pub warnings: usize,
    /// Holes in the evidence.
    pub gaps: Vec<String>,
    /// Outputs that may still be energised, one line each; empty is good.
    pub unproven: Vec<String>,
}

/// One scenario that needs attention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Number in the run.
    pub number: u32,
    /// Feature file.
    pub path: String,
    /// Line in it.
    pub line: usize,
    /// Name.
    pub name: String,
    /// Bench.
    pub bench: String,
    /// How it ended.
    pub verdict: Verdict,
    /// Why, in one line.
    pub reason: String,
}

impl Summary {
    /// Sums up a run.
    #[must_use]
    pub fn of(run: &Run) -> Self {
        let count = |verdict| run.counted().filter(|s| s.verdict == verdict).count();
        let counts = ORDER.map(|verdict| (verdict, count(verdict)));
        let mut failing: Vec<Finding> = run.counted().filter_map(finding).collect();
        failing.sort_by_key(|finding| ORDER.iter().position(|&v| v == finding.verdict));
        let logged = run
            .scenarios
            .iter()
            .flat_map(|scenario| &scenario.log)
            .chain(&run.log);
        Self {
            verdict: run.verdict,
            simulated: run.simulated(),
            finished: run.finished,
            total: run.counted().count(),
            counts: counts.into_iter().filter(|&(_, count)| count > 0).collect(),
            failing,
            retried: run
                .scenarios
                .iter()
                .filter(|scenario| scenario.superseded)
                .count(),
            warnings: logged
                .filter(|logged| matches!(logged.event, record::Event::Warning { .. }))
                .count(),
            gaps: run.gaps.clone(),
            unproven: run
                .safe_state
                .unproven
                .iter()
                .map(ToString::to_string)
                .collect(),
        }
    }

    /// The verdict in a sentence, and what happened to the rig itself in another: `Interrupted: the
    /// only scenario interrupted. Interrupted by: interrupt (SIGINT).`
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut said = String::new();
        for &(verdict, count) in &self.counts {
            let what = match verdict {
                Verdict::Fail => "failed",
                Verdict::Error => "could not be judged (error)",
                Verdict::Interrupted => "interrupted",
                Verdict::Inconclusive => "inconclusive",
                Verdict::Skipped => "skipped",
                Verdict::Pass => "passed",
            };
            said += &match said.is_empty() {
                true if self.total == 1 => format!("the only scenario {what}"),
                true if self.counts.len() == 1 => format!("all {count} scenarios {what}"),
                true => format!("{count} of {} scenarios {what}", self.total),
                false => format!(", {count} {what}"),
            };
        }
        if said.is_empty() {
            said = "no scenario was run".into();
        }
        let safe = if self.unproven.is_empty() {
            ""
        } else {
            "; outputs are not proven off"
        };
        let cause = self.cause();
        if self.finished {
            format!("{}: {said}{safe}.{cause}", self.verdict)
        } else {
            let verdict = self.verdict;
            format!("{verdict}: the run did not reach its end; on record: {said}{safe}.{cause}")
        }
    }

    /// What stopped the run, or else what kept the rig from telling, or else what failed; nothing
    /// where all is well.
    fn cause(&self) -> String {
        let first = |verdict| self.failing.iter().find(|f| f.verdict == verdict);
        let told = |what: &str, finding: &Finding| {
            let reason = finding.reason.trim_end_matches('.');
            format!(" {what}: {reason}.")
        };
        if let Some(finding) = first(Verdict::Interrupted) {
            return told("Interrupted by", finding);
        }
        if let Some(finding) = first(Verdict::Error) {
            return told("First error", finding);
        }
        let failed = first(Verdict::Fail).or_else(|| first(Verdict::Inconclusive));
        failed.map_or_else(String::new, |finding| {
            let on = if finding.bench.is_empty() { "" } else { " on " };
            let first = if self.failing.len() > 1 {
                "First: "
            } else {
                ""
            };
            let what = format!(
                "{first}\u{201C}{}\u{201D}{on}{}",
                finding.name, finding.bench
            );
            told(&what, finding)
        })
    }
}

fn finding(scenario: &Scenario) -> Option<Finding> {
    if matches!(scenario.verdict, Verdict::Pass | Verdict::Skipped) {
        return None;
    }
    Some(Finding {
        number: scenario.number,
        path: scenario.path.clone(),
        line: scenario.line,
        name: scenario.name.clone(),
        bench: scenario.bench.clone(),
        verdict: scenario.verdict,
        reason: one_line(&scenario.reason),
    })
}

/// The first line of a text, and that there are more.
pub(crate) fn one_line(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let more = if lines.next().is_some() { " …" } else { "" };
    format!("{first}{more}")
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.failing {
            writeln!(
                f,
                "{:<13} {}:{} {}",
                finding.verdict, finding.path, finding.line, finding.name
            )?;
            let bench = match finding.bench.as_str() {
                "" => String::new(),
                bench => format!("[{bench}] "),
            };
            writeln!(f, "              {bench}{}", finding.reason)?;
        }
        for gap in &self.gaps {
            writeln!(f, "evidence: {gap}")?;
        }
        if self.retried > 0 {
            let retried = self.retried;
            writeln!(f, "attempts retried: {retried}; the report shows them all")?;
        }
        let simulated = if self.simulated { " (SIMULATED)" } else { "" };
        write!(f, "{}{simulated}", self.sentence())?;
        for output in &self.unproven {
            write!(f, "\nMAY STILL BE ENERGISED: {output}")?;
        }
        Ok(())
    }
}
