//! What is made of settings.

use super::{Change, SetWarning, Setting, Shift, Takes, read};
use crate::ProcedureError;
use crate::judging::{Asked, Judge};
use crate::sequence::{SequenceEnd, least_delay};
use crate::signal::Signal;
use crate::{drive, warning};
use bench::Bench;
use record::Reading;

/// Judges the default of a setting, that both ends of its range are taken, and that nothing beyond
/// them is.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one of it isn't so.
pub fn judge_takes(bench: &mut Bench, asked: &Asked, takes: &Takes) -> Result<(), ProcedureError> {
    let setting = takes.setting;
    let clauses = [setting.clause()];
    let at_s = bench.now().as_secs_f64();
    let mut judge = Judge::new(bench, asked);
    let default = Reading {
        value: takes.default,
        unit: judge
            .bench()
            .limit_unit(setting.clause(), "default")?
            .to_owned(),
        uncertainty: 0.0,
        instrument: takes.who.clone(),
        at_s,
    };
    let quantity = format!("{setting} after a reset");
    judge.reading(&clauses, "default", &quantity, &default)?;
    for change in &takes.inside {
        let found = outcome(setting, change);
        let quantity = format!("{setting} of {}", setting.written(change.value));
        judge.state(&clauses, &quantity, "taken", &found, &takes.who)?;
    }
    for change in &takes.outside {
        let found = outcome(setting, change);
        let quantity = format!("{setting} of {}", setting.written(change.value));
        judge.state(&clauses, &quantity, "refused", &found, &takes.who)?;
    }
    judge.done()
}

/// What became of a change: what the app said, and whether it shows so.
fn outcome(setting: Setting, change: &Change) -> String {
    let shown = (change.shows - change.value).abs() <= setting.digit() / 2.0;
    match (change.taken, shown) {
        (true, true) => "taken".to_owned(),
        (false, false) => "refused".to_owned(),
        (true, false) => format!("taken, yet the app shows {}", setting.written(change.shows)),
        (false, true) => "refused, and yet shown".to_owned(),
    }
}

/// Judges that every battery has the settings of the bench file (4.9-09), and thereby all the same
/// discharge limit (6.2.3-02).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one hasn't; as [`super::try_range`].
pub fn judge_alike(bench: &mut Bench, asked: &Asked) -> Result<(), ProcedureError> {
    let mut found = Vec::new();
    for battery in 1..=bench.batteries() {
        for setting in Setting::ALL {
            let wanted = setting.written(setting.of_bench(bench));
            let (shows, who) = read(bench, setting, battery)?;
            found.push((battery, setting, wanted, setting.written(shows), who));
        }
    }
    let mut judge = Judge::new(bench, asked);
    for (battery, setting, wanted, shows, who) in &found {
        let clauses: &[&str] = match setting {
            Setting::DischargeLimit => &["4.9-09", "6.2.3-02"],
            Setting::PreAlarm | Setting::ChargeTemperature | Setting::TemperatureOffset => {
                &["4.9-09"]
            }
        };
        let quantity = format!("{setting} of battery {battery}");
        judge.state(clauses, &quantity, wanted, shows, who)?;
    }
    judge.done()
}

/// Judges the delay of every warning (4.7.4-05).
///
/// # Errors
/// As [`warning::judge_delay`].
pub fn judge_warnings(
    bench: &mut Bench,
    asked: &Asked,
    warnings: &[SetWarning],
) -> Result<(), ProcedureError> {
    if warnings.is_empty() {
        return Err(ProcedureError::NothingFound {
            hint: "a step that watches a warning comes first".into(),
        });
    }
    warnings
        .iter()
        .try_for_each(|one| warning::judge_delay(bench, asked, &one.warning))
}

/// Judges how much time the higher of two pre-alarms wins (4.7.4-04).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's too little; [`ProcedureError::NothingFound`] unless
/// there were two.
pub fn judge_lead(
    bench: &mut Bench,
    asked: &Asked,
    warnings: &[SetWarning],
) -> Result<(), ProcedureError> {
    let clauses = ["4.7.4-04"];
    let [one, other] = warnings else {
        return Err(ProcedureError::NothingFound {
            hint: "two warnings with different settings come first".into(),
        });
    };
    let (low, high) = if one.pre_alarm < other.pre_alarm {
        (one, other)
    } else {
        (other, one)
    };
    let who = drive::seen_by(bench, Signal::PreAlarm);
    let quantity = format!(
        "time won with {:.2} instead of {:.2}",
        high.pre_alarm, low.pre_alarm
    );
    let mut judge = Judge::new(bench, asked);
    match (low.warning.end, high.warning.end) {
        (SequenceEnd::Complete(short), SequenceEnd::Complete(long)) => {
            let short = least_delay(short.warning, short.cut, &who);
            let long = least_delay(long.warning, long.cut, &who);
            let lead = Reading {
                value: long.value - short.value,
                uncertainty: long.uncertainty + short.uncertainty,
                ..long
            };
            judge.reading(&clauses, "lead", &quantity, &lead)?;
        }
        (low, high) => {
            let found = format!("{low:?} and {high:?}");
            judge.state(&clauses, &quantity, "two warnings", &found, &who)?;
        }
    }
    judge.done()
}

/// Judges that the report followed the offset (4.7.2-02).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it didn't.
pub fn judge_shift(bench: &mut Bench, asked: &Asked, shift: &Shift) -> Result<(), ProcedureError> {
    let who = drive::seen_by(bench, Signal::Code(api::AlarmCode::ASl22));
    let at_s = bench.now().as_secs_f64();
    let mut judge = Judge::new(bench, asked);
    let apart = Reading {
        value: (shift.reported - shift.by).abs(),
        unit: "K".to_owned(),
        uncertainty: 0.0,
        instrument: who,
        at_s,
    };
    let quantity = format!(
        "difference between offset, {:+.1} K, and report, {:+.1} K",
        shift.by, shift.reported
    );
    judge.reading(&["4.7.2-02"], "shift", &quantity, &apart)?;
    judge.done()
}
