//! Finding the part that gives an unexplained alarm, on the bench (6.2.5).

use crate::ProcedureError;
use crate::diagnosis::{Culprit, Diagnosis};
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::signal::{ALL_QUIET, Signal};
use crate::words;
use bench::{Bench, Measured, Snapshot};
use record::Reading;
use std::time::Duration;

/// How often contacts are looked at while an alarm may end.
const PERIOD: Duration = Duration::from_millis(500);
/// How often everything is measured while reports are waited for.
const REPORT_PERIOD: Duration = Duration::from_secs(1);

/// What was looked at before anything is swapped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InRange {
    /// Batteries without a report: their cells are known from the rig's own leads only.
    pub silent: Vec<usize>,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosed {
    /// Who is to blame.
    pub culprit: Culprit,
    /// Contacts that reported something at the start.
    pub alarm: String,
}

/// Shows that cells and temperatures of all batteries are normal (6.2.5-02): cells by the rig's
/// own sense leads, temperatures by the thermocouple and by each battery's report. A battery that
/// is silent gets a warning; it may be the very one that is looked for.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when something isn't; [`ProcedureError::NotMeasured`] where the
/// bench has no sense leads.
pub fn judge_in_range(bench: &mut Bench, asked: &Asked) -> Result<InRange, ProcedureError> {
    let clauses = &["6.2.5-02"];
    let patience = bench.limit_time("6.2.5-02", "report_age")?;
    let batteries = bench.batteries();
    bench.watch(REPORT_PERIOD, patience, |snapshot| {
        if (1..=batteries).all(|battery| snapshot.battery(battery).is_some()) {
            std::ops::ControlFlow::Break(())
        } else {
            std::ops::ControlFlow::Continue(())
        }
    })?;
    crate::sanity::cells_and_bank(bench)?;
    let snapshot = bench.last().clone();
    let receiver = bench.config().wiring.radio.as_ref();
    let receiver = receiver.map_or_else(|| "radio".to_owned(), |radio| radio.receiver.clone());
    let mut judge = Judge::new(bench, asked);
    for (quantity, reading) in cells(&snapshot)? {
        judge.reading(clauses, "cell_range", &quantity, &reading)?;
    }
    if let Some(case) = &snapshot.temperature {
        let quantity = "temperature of the thermocouple";
        judge.reading(clauses, "temperature_range", quantity, &case.reading("°C"))?;
    }
    let mut silent = Vec::new();
    for battery in 1..=batteries {
        let Some(sample) = snapshot.battery(battery) else {
            silent.push(battery);
            continue;
        };
        let reading = |value: f64, unit: &str, uncertainty: f64| Reading {
            value,
            unit: unit.to_owned(),
            uncertainty,
            instrument: receiver.clone(),
            at_s: sample.received.as_secs_f64(),
        };
        let age = snapshot.at.saturating_sub(sample.received).as_secs_f64();
        // Reports come once a second: what one says was so at any instant of it.
        let quantity = format!("age of the report of battery {battery}");
        judge.reading(clauses, "report_age", &quantity, &reading(age, "s", 1.0))?;
        if let Some(temperature) = sample.report.temperature {
            // One digit of the report.
            let quantity = format!("temperature of battery {battery}");
            let reading = reading(temperature.0, "°C", 1.0);
            judge.reading(clauses, "temperature_range", &quantity, &reading)?;
        }
    }
    judge.done()?;
    if !silent.is_empty() {
        bench.warn(format!(
            "{} sent no report for {}",
            words::batteries(&silent),
            words::time(patience)
        ));
    }
    Ok(InRange { silent })
}

/// The lowest and the highest cell of the bank.
fn cells(snapshot: &Snapshot) -> Result<[(String, Reading); 2], ProcedureError> {
    let batteries = snapshot.cells.len();
    let named = |which: &str, cell: Option<bench::Cell<'_>>| {
        let cell = cell.ok_or_else(|| ProcedureError::NotMeasured {
            quantity: "the voltage of any cell".into(),
        })?;
        let name = words::cell(batteries, cell.battery, cell.cell);
        let voltage: &Measured = cell.voltage;
        let reading = (format!("{which} cell ({name})"), voltage.reading("V"));
        Ok::<_, ProcedureError>(reading)
    };
    Ok([
        named("lowest", snapshot.lowest_cell())?,
        named("highest", snapshot.highest_cell())?,
    ])
}

/// Leaves one battery after the other out of the chain until it is clear who gives the alarm.
/// Charger and load are off meanwhile, for a battery that is left out has nobody to protect it;
/// at the end all batteries are back in the chain.
///
/// # Errors
/// When a contact can't be read; whatever the bench says.
pub fn diagnose(bench: &mut Bench) -> Result<Diagnosed, ProcedureError> {
    everything_off(bench)?;
    let batteries = bench.batteries();
    let mut diagnosis = Diagnosis::Whole;
    let mut first_alarm = None;
    while let Some(left_out) = diagnosis.left_out(batteries) {
        let alarm = alarm_with(bench, &left_out)?;
        bench.note(format!(
            "{}: {}",
            chain(&left_out),
            alarm.as_deref().unwrap_or("no alarm")
        ));
        if first_alarm.is_none() {
            first_alarm = Some(alarm.clone().unwrap_or_default());
        }
        diagnosis = diagnosis.next(batteries, alarm.is_some());
    }
    let culprit = match diagnosis {
        Diagnosis::Over(culprit) => culprit,
        Diagnosis::Whole | Diagnosis::Without(_) | Diagnosis::Empty | Diagnosis::Only { .. } => {
            Culprit::Fickle
        }
    };
    put_back(bench)?;
    bench.note(format!("faulty: {culprit}"));
    Ok(Diagnosed {
        culprit,
        alarm: first_alarm.unwrap_or_default(),
    })
}

fn everything_off(bench: &mut Bench) -> Result<(), ProcedureError> {
    if bench.last().outputs.charger.is_some() {
        bench.stop_charging()?;
    }
    if bench.last().outputs.load.is_some() {
        bench.stop_load()?;
    }
    Ok(())
}

fn put_back(bench: &mut Bench) -> Result<(), ProcedureError> {
    for number in 1..=bench.batteries() {
        set_bypass(bench, number, false)?;
    }
    Ok(())
}

fn set_bypass(bench: &mut Bench, number: usize, out: bool) -> Result<(), ProcedureError> {
    let now = number
        .checked_sub(1)
        .and_then(|index| bench.last().relays.bypass.get(index).copied());
    if now != Some(out) {
        bench.bypass(number, out)?;
    }
    Ok(())
}

/// Arranges the chain and waits for the alarm to end; what still reports something, if it doesn't.
fn alarm_with(bench: &mut Bench, left_out: &[bool]) -> Result<Option<String>, ProcedureError> {
    // First what is left out, then what is put back: the chain is never without either.
    for out in [true, false] {
        for (number, _) in (1..)
            .zip(left_out)
            .filter(|(_, left_out)| **left_out == out)
        {
            set_bypass(bench, number, out)?;
        }
    }
    let patience = bench.limit_time("6.2.5-05", "reconnect")?;
    let cause = bench.now();
    let waited = settled_quiet(bench, cause, patience)?;
    Ok(waited)
}

/// Waits until no contact has reported anything for a while.
fn settled_quiet(
    bench: &mut Bench,
    cause: Duration,
    patience: Duration,
) -> Result<Option<String>, ProcedureError> {
    /// Longer than a BMS takes to notice a change of the chain.
    const STEADY: Duration = Duration::from_secs(3);
    let mut quiet_since: Option<Duration> = None;
    let mut noisy = String::new();
    let quiet = bench.watch_contacts(PERIOD, patience + STEADY, |snapshot| {
        noisy = reporting(snapshot);
        if noisy.is_empty() {
            let since = *quiet_since.get_or_insert(snapshot.at);
            if snapshot.at >= since + STEADY {
                return std::ops::ControlFlow::Break(());
            }
        } else {
            quiet_since = None;
        }
        std::ops::ControlFlow::Continue(())
    })?;
    for goal in ALL_QUIET {
        drive::visible(goal.signal, bench.last(), cause)?;
    }
    Ok(match quiet {
        Some(()) => None,
        None if noisy.is_empty() => Some("contacts that come and go".to_owned()),
        None => Some(noisy),
    })
}

fn reporting(snapshot: &Snapshot) -> String {
    let reporting: Vec<String> = ALL_QUIET
        .iter()
        .filter_map(|goal| {
            let present = goal.signal.in_snapshot(snapshot, Duration::ZERO)?;
            let state = goal.signal.state(present);
            (present != goal.present).then(|| format!("{} {state}", goal.signal.subject()))
        })
        .collect();
    reporting.join(", ")
}

/// `chain o-oo`: a letter a battery, a dash for one that is left out.
fn chain(left_out: &[bool]) -> String {
    let out: Vec<usize> = (1..)
        .zip(left_out)
        .filter(|(_, out)| **out)
        .map(|(number, _)| number)
        .collect();
    if out.is_empty() {
        "with every battery in the chain".to_owned()
    } else if out.len() == left_out.len() {
        "with every battery left out".to_owned()
    } else {
        format!("without {}", words::batteries(&out))
    }
}

/// Judges that nothing is faulty; a silent battery keeps that from being certain.
///
/// # Errors
/// [`ProcedureError::NotPassed`] with the culprit's name.
pub fn judge_nothing_faulty(
    bench: &mut Bench,
    asked: &Asked,
    in_range: Option<&InRange>,
    diagnosed: &Diagnosed,
) -> Result<(), ProcedureError> {
    let clauses = &["6.2.5-05", "6.2.5-04"];
    let who = drive::seen_by(bench, Signal::LoadsOff);
    let silent = in_range
        .map(|in_range| in_range.silent.as_slice())
        .unwrap_or_default();
    let mut judge = Judge::new(bench, asked);
    match &diagnosed.culprit {
        Culprit::Fickle => {
            let why = diagnosed.culprit.to_string();
            judge.inconclusive(clauses, "faulty part", "nothing", &why)?;
        }
        Culprit::Nothing if !silent.is_empty() => {
            let why = format!("no report from {}", words::batteries(silent));
            judge.missing(clauses, "faulty part", "nothing", &why)?;
        }
        culprit @ (Culprit::Nothing | Culprit::Batteries(_) | Culprit::BmsOrCables) => {
            judge.state(
                clauses,
                "faulty part",
                "nothing",
                &culprit.to_string(),
                &who,
            )?;
        }
    }
    judge.done()
}

/// Judges that this battery, and no other, is to blame: right only where it was made to refuse on
/// purpose.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when somebody else is blamed.
pub fn judge_battery(
    bench: &mut Bench,
    asked: &Asked,
    number: usize,
    diagnosed: &Diagnosed,
) -> Result<(), ProcedureError> {
    let wanted = Culprit::Batteries(vec![number]);
    judge_culprit(bench, asked, &wanted, diagnosed)
}

/// Judges that the BMS or its cables are to blame: right only where something of them was broken
/// on purpose.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when somebody else is blamed.
pub fn judge_bms_or_cables(
    bench: &mut Bench,
    asked: &Asked,
    diagnosed: &Diagnosed,
) -> Result<(), ProcedureError> {
    judge_culprit(bench, asked, &Culprit::BmsOrCables, diagnosed)
}

fn judge_culprit(
    bench: &mut Bench,
    asked: &Asked,
    wanted: &Culprit,
    diagnosed: &Diagnosed,
) -> Result<(), ProcedureError> {
    let who = drive::seen_by(bench, Signal::LoadsOff);
    let (wanted, found) = (wanted.to_string(), diagnosed.culprit.to_string());
    let mut judge = Judge::new(bench, asked);
    judge.state(
        &["6.2.5-04", "6.2.5-05"],
        "faulty part",
        &wanted,
        &found,
        &who,
    )?;
    judge.done()
}

/// Leaves every battery out of the chain and judges that the BMS then reports nothing (6.2.5-04).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it does; whatever the bench says.
pub fn leave_all_out(bench: &mut Bench) -> Result<Option<String>, ProcedureError> {
    everything_off(bench)?;
    let all = vec![true; bench.batteries()];
    let alarm = alarm_with(bench, &all);
    let back = put_back(bench);
    let alarm = alarm?;
    back?;
    Ok(alarm)
}

/// Judges that the BMS reported nothing with every battery left out (6.2.5-04).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it did.
pub fn judge_bms_quiet(
    bench: &mut Bench,
    asked: &Asked,
    alarm: Option<&str>,
) -> Result<(), ProcedureError> {
    let who = drive::seen_by(bench, Signal::LoadsOff);
    let mut judge = Judge::new(bench, asked);
    let quantity = "contacts with every battery left out";
    let found = alarm.unwrap_or("all quiet");
    judge.state(&["6.2.5-04"], quantity, "all quiet", found, &who)?;
    judge.done()
}

#[cfg(test)]
mod tests {
    use super::{chain, reporting};
    use bench::{Contacts, Snapshot};

    #[test]
    fn arrangements_are_named_by_what_is_left_out() {
        assert_eq!(chain(&[false, false]), "with every battery in the chain");
        assert_eq!(chain(&[true, true]), "with every battery left out");
        assert_eq!(chain(&[false, true, true]), "without batteries 2 and 3");
    }

    #[test]
    fn an_alarm_is_whatever_contact_is_not_as_at_rest() {
        let snapshot = |charge, load, pre_alarm| Snapshot {
            contacts: Contacts {
                charge: Some(charge),
                load: Some(load),
                pre_alarm: Some(pre_alarm),
                ..Contacts::default()
            },
            ..Snapshot::default()
        };
        assert_eq!(reporting(&snapshot(true, true, false)), "");
        assert_eq!(
            reporting(&snapshot(false, false, false)),
            "charge contact open, load contact open"
        );
        assert_eq!(
            reporting(&snapshot(true, true, true)),
            "pre-alarm contact on"
        );
    }
}
