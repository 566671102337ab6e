//! What a run says on the terminal: one line a scenario, a summary, where the report is.

use super::ScenarioResult;
use record::Verdict;
use std::io::{IsTerminal as _, Write as _};

/// Where lines go, and whether they may be coloured.
#[derive(Debug, Clone, Copy)]
pub struct Console {
    colour: bool,
    quiet: bool,
}

impl Console {
    /// Lines on standard output; coloured on a terminal unless `NO_COLOR` is set.
    #[must_use]
    pub fn new() -> Self {
        Self {
            colour: colour_wanted(),
            quiet: false,
        }
    }

    /// No lines at all.
    #[must_use]
    pub fn quiet() -> Self {
        Self {
            colour: false,
            quiet: true,
        }
    }

    /// Prints a line. A reader that went away is no reason to stop.
    pub fn line(&self, text: &str) {
        if !self.quiet {
            let _gone_reader = writeln!(std::io::stdout(), "{text}");
        }
    }

    pub(crate) fn scenario(&self, result: &ScenarioResult) {
        if !self.quiet {
            self.line(&scenario_line(result, self.colour));
        }
    }

    /// The verdict, padded, in its colour.
    #[must_use]
    pub fn verdict(&self, verdict: Verdict) -> String {
        painted(verdict, self.colour)
    }
}

impl Default for Console {
    fn default() -> Self {
        Self::new()
    }
}

/// Colour only on terminals, and never where `NO_COLOR` says no.
#[must_use]
pub fn colour_wanted() -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !refused && std::io::stdout().is_terminal()
}

fn painted(verdict: Verdict, colour: bool) -> String {
    let word = format!("{:<13}", verdict.word());
    if !colour {
        return word;
    }
    let code = match verdict {
        Verdict::Pass => "32",
        Verdict::Fail => "31;1",
        Verdict::Error => "35;1",
        Verdict::Inconclusive | Verdict::Interrupted => "33",
        Verdict::Skipped => "2",
    };
    format!("\u{1b}[{code}m{word}\u{1b}[0m")
}

fn scenario_line(result: &ScenarioResult, colour: bool) -> String {
    let planned = &result.planned;
    let bench = match planned.bench_name() {
        "" => String::new(),
        bench => format!(" on {bench}"),
    };
    let mut line = format!(
        "{}{}{bench}  ({}:{})",
        painted(result.verdict, colour),
        planned.name,
        planned.path,
        planned.line
    );
    if !result.reason.is_empty() {
        line.push_str(&format!("\n{:13}{}", "", result.reason));
    }
    line
}

/// `12 scenarios: 10 passed, 1 failed, 1 skipped`.
#[must_use]
pub(crate) fn summary(results: &[ScenarioResult]) -> String {
    const ORDER: [(Verdict, &str); 6] = [
        (Verdict::Pass, "passed"),
        (Verdict::Fail, "failed"),
        (Verdict::Error, "errors"),
        (Verdict::Inconclusive, "inconclusive"),
        (Verdict::Interrupted, "interrupted"),
        (Verdict::Skipped, "skipped"),
    ];
    let parts: Vec<String> = ORDER
        .iter()
        .filter_map(|(verdict, word)| {
            let count = results
                .iter()
                .filter(|result| result.verdict == *verdict)
                .count();
            (count > 0).then(|| format!("{count} {word}"))
        })
        .collect();
    let all = results.len();
    let noun = if all == 1 { "scenario" } else { "scenarios" };
    format!("{all} {noun}: {}", parts.join(", "))
}
