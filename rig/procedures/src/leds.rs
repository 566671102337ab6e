//! What a BMS that refuses loads and chargers shows.

use crate::ProcedureError;
use crate::attest::{applies, not_applicable};
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::signal::{Goal, Signal};
use api::Request;
use bench::Bench;
use std::time::Duration;

/// Statements about LEDs, one a model.
const CLAUSES: [&str; 5] = ["8.2-05", "8.2-06", "8.2-08", "8.2-09", "8.2-10"];
/// How long a person may take to look.
const PATIENCE: Duration = Duration::from_secs(300);
/// How often contacts are sampled meanwhile.
const PERIOD: Duration = Duration::from_millis(500);

/// Pulls a BMS cable, waits until loads and chargers are refused, has a person read every LED that
/// the model's papers speak of, and plugs the cable in again.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one shows something else; with Skipped where no statement is
/// about this model; when nobody answers; whatever the bench says.
pub fn judge_refusing(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let mut clauses = Vec::new();
    for clause in CLAUSES {
        if applies(bench, clause)? {
            clauses.push(clause);
        }
    }
    let leds: Vec<(String, bool)> = bench
        .bms()
        .leds
        .iter()
        .filter_map(|led| Some((led.label.clone(), led.refusing?)))
        .collect();
    if clauses.is_empty() || leds.is_empty() {
        return Err(not_applicable(bench));
    }
    bench.unplug_cable(1)?;
    let cause = bench.now();
    let goals = [
        Goal::shown(Signal::LoadsOff),
        Goal::shown(Signal::ChargersOff),
    ];
    let patience = bench.limit_time("3.2-02", "timeout")?;
    let waited = drive::await_goals(bench, &goals, cause, PERIOD, patience)?;
    if !waited.complete() {
        return Err(ProcedureError::NotReached {
            what: "loads and chargers refused".into(),
            within: patience,
            found: "the BMS still allows one of them".into(),
        });
    }
    let mut found = Vec::new();
    for (label, lit) in leds {
        let answer = bench.ask(&Request {
            kind: "read-led".to_owned(),
            instruction: format!("Is the LED \"{label}\" of the BMS lit?"),
            expected: "`on` or `off`".to_owned(),
            within: PATIENCE,
        })?;
        found.push((label, lit, answer));
    }
    bench.plug_cable(1)?;
    let word = |lit: bool| if lit { "on" } else { "off" };
    let mut judge = Judge::new(bench, asked);
    for (label, lit, answer) in &found {
        let quantity = format!("LED \"{label}\" while loads and chargers are refused");
        let text = answer.text.trim().to_lowercase();
        judge.state(&clauses, &quantity, word(*lit), &text, &answer.who)?;
    }
    judge.done()
}
