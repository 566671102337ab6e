//! A battery monitor that is fed from the load disconnect of the BMS (3.5).

use crate::ProcedureError;
use crate::drive;
use crate::edge::{Edge, EdgeFinder};
use crate::judging::{Asked, Judge};
use crate::signal::Signal;
use crate::words;
use api::MonitorReport;
use bench::{Bench, Contact};
use record::Reading;
use std::time::Duration;

/// The statement about its supply.
const SUPPLY: &[&str] = &["3.5-04"];
/// The statement about a full bank.
const FULL: &[&str] = &["3.5-05"];
/// Reports come about once a second: so much is a last or first one uncertain.
const REPORTS: Duration = Duration::from_secs(1);
/// What a state of charge may differ by when nothing was forgotten, in percent: two digits.
const SAME: f64 = 0.2;

/// What a monitor did while the BMS took the loads off and let them on again.
#[derive(Debug, Clone, PartialEq)]
pub struct Interrupted {
    /// Its last report with the loads on.
    pub before: MonitorReport,
    /// The load contact opened.
    pub off: Edge,
    /// Its newest report at the end of the time without loads.
    pub last: MonitorReport,
    /// For how long the loads were off.
    pub silence: Duration,
    /// The load contact closed again.
    pub on: Edge,
    /// Its first report from then on.
    pub after: Option<MonitorReport>,
}

/// Pulls a BMS cable, so that the loads go off, listens to the monitor, and plugs it in again.
///
/// # Errors
/// When the monitor isn't heard to begin with, or the load contact doesn't move; whatever the bench
/// says.
pub fn through_disconnect(bench: &mut Bench) -> Result<Interrupted, ProcedureError> {
    let response = bench.limit_time("3.5-04", "response")?;
    let reconnect = bench.limit_time("3.5-04", "reconnect")?;
    let before = heard(bench)?;
    bench.unplug_cable(1)?;
    let off = load_contact(bench, false)?;
    // Long past the limit, so that what is too late still gets a number.
    let silence = response * 4;
    let mut last = before;
    listen(bench, silence, |report| {
        last = report;
        false
    })?;
    bench.plug_cable(1)?;
    let on = load_contact(bench, true)?;
    let mut after = None;
    listen(bench, reconnect * 2, |report| {
        let new = report.received > on.after;
        if new {
            after = Some(report);
        }
        new
    })?;
    Ok(Interrupted {
        before,
        off,
        last,
        silence,
        on,
        after,
    })
}

/// Hands every new report on until one is enough, or the time is over.
fn listen(
    bench: &mut Bench,
    time: Duration,
    mut enough: impl FnMut(MonitorReport) -> bool,
) -> Result<(), ProcedureError> {
    let deadline = bench.now() + time;
    let mut newest = None;
    while bench.now() < deadline {
        if let Some(report) = bench.monitor_report()?
            && newest.is_none_or(|newest| report.received > newest)
        {
            newest = Some(report.received);
            if enough(report) {
                return Ok(());
            }
        }
        bench.sleep(REPORTS / 2)?;
    }
    Ok(())
}

/// A report that comes from now on.
fn heard(bench: &mut Bench) -> Result<MonitorReport, ProcedureError> {
    let patience = bench.limit_time("3.5-04", "reconnect")?;
    let since = bench.now();
    let mut found = None;
    listen(bench, patience, |report| {
        found = Some(report).filter(|report| report.received >= since);
        found.is_some()
    })?;
    found.ok_or_else(|| ProcedureError::NotReached {
        what: "a report of the battery monitor".into(),
        within: patience,
        found: "it isn't heard".into(),
    })
}

/// Waits for the load contact to move.
fn load_contact(bench: &mut Bench, closed: bool) -> Result<Edge, ProcedureError> {
    let timeout = bench.limit_time("4.9-17", "reconnect")?;
    let start = bench.now();
    let mut finder = EdgeFinder::new(closed, start);
    bench.watch_contacts(drive::sample_period(bench), timeout, |snapshot| {
        finder.sample(snapshot.contacts.at, snapshot.contact(Contact::Load));
        if finder.edge().is_some() {
            std::ops::ControlFlow::Break(())
        } else {
            std::ops::ControlFlow::Continue(())
        }
    })?;
    finder.edge().ok_or_else(|| ProcedureError::NotReached {
        what: format!("load contact {}", if closed { "closed" } else { "open" }),
        within: timeout,
        found: "it didn't move".into(),
    })
}

fn radio(bench: &Bench) -> String {
    drive::seen_by(bench, Signal::Code(api::AlarmCode::ASl9))
}

/// From an edge to a report, in seconds; a report from before the edge took no time.
fn from_edge(edge: Edge, report: Duration, who: &str) -> Reading {
    let since = report.saturating_sub(edge.after).as_secs_f64();
    Reading {
        value: since,
        unit: "s".to_owned(),
        uncertainty: REPORTS.as_secs_f64() / 2.0,
        instrument: who.to_owned(),
        at_s: report.as_secs_f64(),
    }
}

/// Judges that the monitor went off and came back with the loads, and has forgotten nothing
/// (3.5-04).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it didn't.
pub fn judge_interrupted(
    bench: &mut Bench,
    asked: &Asked,
    seen: &Interrupted,
) -> Result<(), ProcedureError> {
    let who = radio(bench);
    let mut judge = Judge::new(bench, asked);
    let silent = from_edge(seen.off, seen.last.received, &who);
    let quantity = format!(
        "from loads off to the monitor's last report, of {} watched",
        words::time(seen.silence)
    );
    judge.reading(SUPPLY, "response", &quantity, &silent)?;
    let Some(after) = seen.after else {
        let quantity = "monitor with the loads on again";
        judge.state(SUPPLY, quantity, "heard", "silent", &who)?;
        return judge.done();
    };
    let back = from_edge(seen.on, after.received, &who);
    judge.reading(
        SUPPLY,
        "reconnect",
        "from loads on to the monitor's first report",
        &back,
    )?;
    let quantity = "state of charge after the time without supply";
    match (seen.before.state_of_charge, after.state_of_charge) {
        (Some(was), Some(is)) => {
            let kept = (was.0 - is.0).abs() <= SAME;
            let found = if kept {
                "as before".to_owned()
            } else {
                format!("{:.1} %, was {:.1} %", is.0, was.0)
            };
            judge.state(SUPPLY, quantity, "as before", &found, &who)?;
        }
        (None, _) | (_, None) => {
            judge.missing(SUPPLY, quantity, "as before", "the monitor doesn't say")?;
        }
    }
    judge.done()
}

/// Judges that the monitor shows a full bank as full (3.5-05).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it shows anything else; [`ProcedureError::NotReached`] when
/// it isn't heard.
pub fn judge_full(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let report = heard(bench)?;
    let who = radio(bench);
    let quantity = "state of charge that the monitor shows";
    let mut judge = Judge::new(bench, asked);
    match report.state_of_charge {
        Some(charge) => {
            let reading = Reading {
                value: charge.0,
                unit: "%".to_owned(),
                // It is what is shown that must be right.
                uncertainty: 0.0,
                instrument: who,
                at_s: report.received.as_secs_f64(),
            };
            judge.reading(FULL, "charge", quantity, &reading)?;
        }
        None => judge.missing(FULL, quantity, "100 %", "the monitor doesn't say")?,
    }
    judge.done()
}
