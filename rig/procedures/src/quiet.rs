//! The negative control: nothing may be reported while everything is normal.

use crate::ProcedureError;
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::signal::{ALL_QUIET, Signal};
use crate::words;
use api::AlarmCode;
use bench::{Bench, Snapshot};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::time::Duration;
use units::Volts;

/// Cells stay this far inside the range that is called normal.
const INSIDE: Volts = Volts(0.01);
/// Errors, and the statement about each.
const ERRORS: [(AlarmCode, &str); 6] = [
    (AlarmCode::ESl119, "6.4.6-01"),
    (AlarmCode::ESl24, "6.4.7-02"),
    (AlarmCode::ESl1, "6.4.8-01"),
    (AlarmCode::ESl2, "6.4.9-01"),
    (AlarmCode::ESl9, "6.4.10-01"),
    (AlarmCode::ESl10, "6.4.11-01"),
];

/// What was seen while everything was normal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// For how long.
    pub held: Duration,
    /// Contacts that reported something, as `pre-alarm contact on`.
    pub contacts: BTreeSet<String>,
    /// Contacts that couldn't be read.
    pub unread: BTreeSet<String>,
    /// Codes that were shown.
    pub codes: BTreeSet<AlarmCode>,
    /// Reports that were heard of each battery.
    pub reports: Vec<usize>,
    last: Vec<Option<Duration>>,
}

impl Seen {
    /// One more sample.
    pub fn take(&mut self, snapshot: &Snapshot) {
        for goal in ALL_QUIET {
            match goal.signal.in_snapshot(snapshot, Duration::ZERO) {
                Some(present) if present == goal.present => {}
                Some(present) => {
                    let state = goal.signal.state(present);
                    self.contacts
                        .insert(format!("{} {state}", goal.signal.subject()));
                }
                None => {
                    self.unread.insert(goal.signal.subject());
                }
            }
        }
        self.reports.resize(snapshot.batteries.len(), 0);
        self.last.resize(snapshot.batteries.len(), None);
        let batteries = snapshot.batteries.iter().zip(&mut self.reports);
        for ((sample, count), last) in batteries.zip(&mut self.last) {
            let Some(sample) = sample else { continue };
            if last.is_none_or(|last| sample.received > last) {
                *last = Some(sample.received);
                *count += 1;
                self.codes.extend(sample.report.codes.iter().copied());
            }
        }
    }
}

/// Holds all cells at the lower, then at the upper end of the normal range, each for as long as
/// the statement asks, and looks at every contact and every report.
///
/// # Errors
/// Whatever the bench says.
pub fn at_both_ends(bench: &mut Bench) -> Result<Seen, ProcedureError> {
    let (low, high) = bench.bounds("3.2-06", "cell_range")?;
    let hold = bench.limit_time("3.2-06", "hold")?;
    let period = drive::sample_period(bench);
    let mut seen = Seen::default();
    for level in [Volts(low) + INSIDE, Volts(high) - INSIDE] {
        bench.set_cells(level)?;
        let start = bench.now();
        bench.watch_contacts(period, hold, |snapshot| {
            seen.take(snapshot);
            ControlFlow::<()>::Continue(())
        })?;
        seen.held += bench.now().saturating_sub(start);
        crate::sanity::check(bench)?;
    }
    Ok(seen)
}

/// Judges that no contact reported anything (3.2-06).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one did; [`ProcedureError::Unreadable`] when one can't say.
pub fn judge_contacts(bench: &mut Bench, asked: &Asked, seen: &Seen) -> Result<(), ProcedureError> {
    if let Some(contact) = seen.unread.first() {
        return Err(ProcedureError::Unreadable {
            contact: contact.clone(),
            what: "whether it reports anything".into(),
        });
    }
    let who = drive::seen_by(bench, Signal::LoadsOff);
    let mut judge = Judge::new(bench, asked);
    let quantity = format!("contacts in {} of normal cells", words::time(seen.held));
    let found = list(seen.contacts.iter(), "all quiet");
    judge.state(&["3.2-06"], &quantity, "all quiet", &found, &who)?;
    judge.done()
}

/// Judges that no report showed a code (3.2-06).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one did; [`ProcedureError::Silent`] when nothing was heard.
pub fn judge_no_code(bench: &mut Bench, asked: &Asked, seen: &Seen) -> Result<(), ProcedureError> {
    heard(seen, "whether a code shows")?;
    let who = drive::seen_by(bench, Signal::Code(AlarmCode::WSl11));
    let mut judge = Judge::new(bench, asked);
    let reports: usize = seen.reports.iter().sum();
    let quantity = format!("codes in {reports} reports of normal cells");
    let found = list(seen.codes.iter(), "none");
    judge.state(&["3.2-06"], &quantity, "none", &found, &who)?;
    judge.done()
}

/// Judges that no report showed an error, each under its own statement (6.4.6 to 6.4.11).
///
/// # Errors
/// As [`judge_no_code`].
pub fn judge_no_error(bench: &mut Bench, asked: &Asked, seen: &Seen) -> Result<(), ProcedureError> {
    heard(seen, "whether an error shows")?;
    let who = drive::seen_by(bench, Signal::Code(AlarmCode::WSl11));
    let reports: usize = seen.reports.iter().sum();
    let mut judge = Judge::new(bench, asked);
    for (code, clause) in ERRORS {
        let found = if seen.codes.contains(&code) {
            "shown"
        } else {
            "not shown"
        };
        let quantity = format!("{code} in {reports} reports of normal cells");
        judge.state(&[clause], &quantity, "not shown", found, &who)?;
    }
    judge.done()
}

fn heard(seen: &Seen, what: &str) -> Result<(), ProcedureError> {
    let silent = (1..).zip(&seen.reports).find(|(_, count)| **count == 0);
    let battery = match silent {
        Some((battery, _)) => battery,
        None if seen.reports.is_empty() => 1,
        None => return Ok(()),
    };
    Err(ProcedureError::Silent {
        battery,
        waited: seen.held,
        what: what.to_owned(),
    })
}

fn list<T: ToString>(items: impl Iterator<Item = T>, none: &str) -> String {
    let items: Vec<String> = items.map(|item| item.to_string()).collect();
    if items.is_empty() {
        none.to_owned()
    } else {
        items.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::{Seen, heard};
    use api::{AlarmCode, BatteryReport, TelemetrySample};
    use bench::{Contacts, Snapshot};
    use std::time::Duration;

    fn snapshot(at: u64, load: bool, codes: Vec<AlarmCode>) -> Snapshot {
        Snapshot {
            contacts: Contacts {
                charge: Some(true),
                load: Some(load),
                pre_alarm: Some(false),
                ..Contacts::default()
            },
            batteries: vec![Some(TelemetrySample {
                received: Duration::from_secs(at),
                battery: 0,
                report: BatteryReport {
                    model_id: 0xA0E5,
                    counter: 1,
                    flags: 0,
                    errors: 0,
                    codes,
                    charge_allowed: true,
                    discharge_allowed: true,
                    cells: Vec::new(),
                    voltage: None,
                    balancer: None,
                    temperature: None,
                },
            })],
            ..Snapshot::default()
        }
    }

    #[test]
    fn every_deviation_is_kept_and_every_report_counted_once() {
        let mut seen = Seen::default();
        seen.take(&snapshot(1, true, Vec::new()));
        seen.take(&snapshot(1, true, Vec::new()));
        seen.take(&snapshot(2, false, vec![AlarmCode::ESl24]));
        seen.take(&snapshot(3, true, Vec::new()));
        assert_eq!(seen.reports, [3]);
        assert_eq!(
            seen.contacts.iter().collect::<Vec<_>>(),
            ["load contact open"]
        );
        assert_eq!(seen.codes.iter().collect::<Vec<_>>(), [&AlarmCode::ESl24]);
        assert!(seen.unread.is_empty());
    }

    #[test]
    fn silence_is_not_the_absence_of_codes() {
        let mut seen = Seen::default();
        assert!(heard(&seen, "x").is_err());
        let silent = Snapshot {
            batteries: vec![None],
            ..Snapshot::default()
        };
        seen.take(&silent);
        assert!(heard(&seen, "x").is_err());
        assert_eq!(seen.unread.len(), 3);
        seen.take(&snapshot(1, true, Vec::new()));
        assert!(heard(&seen, "x").is_ok());
    }
}
