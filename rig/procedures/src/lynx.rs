//! What a BMS reports by radio, against what its contacts do and what the rig measured.

use crate::ProcedureError;
use crate::cables;
use crate::drive;
use crate::edge::{Edge, EdgeFinder, apart, seconds};
use crate::judging::{Asked, Judge};
use crate::signal::{Goal, Signal};
use crate::threshold::ONE_CELL;
use crate::words;
use api::BmsReport;
use bench::{Bench, Contact, Measured};
use record::Reading;
use std::time::Duration;
use units::{Amps, Volts};

/// The statement about what app and GX show.
const SHOWN: &[&str] = &["3.3.4-08"];
/// The statement about one that refuses.
const REFUSING: &[&str] = &["8.2-07"];
/// The statement about the monitor in it.
const COUNTS: &[&str] = &["3.3.4-07"];
/// How far past their limits cells are taken.
const PAST: Volts = Volts(0.05);
/// How long charge is counted, and with which share of the recommended current: as much as leaves room
/// above the accuracy of a large charger.
const COUNTED: Duration = Duration::from_secs(3600);
const SHARE: f64 = 0.8;
const COUNT_PERIOD: Duration = Duration::from_secs(10);
const PERIOD: Duration = Duration::from_millis(500);

/// Contact and report, each with its change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Which contact.
    pub contact: Contact,
    /// Whether it was to close.
    pub closes: bool,
    /// When it did.
    pub moved: Option<Edge>,
    /// When the report said so.
    pub reported: Option<Edge>,
}

fn allowed(report: &BmsReport, contact: Contact) -> Option<bool> {
    match contact {
        Contact::Charge => report.charge_allowed,
        Contact::Load => report.discharge_allowed,
        Contact::PreAlarm | Contact::Inverting | Contact::Charging => None,
    }
}

/// Waits for a contact to move and for the report to say so.
fn await_both(
    bench: &mut Bench,
    contact: Contact,
    closes: bool,
    timeout: Duration,
) -> Result<Shown, ProcedureError> {
    let start = bench.now();
    let mut moved = EdgeFinder::new(closes, start);
    let mut reported = EdgeFinder::new(closes, start);
    let period = drive::sample_period(bench);
    let linger = bench.limit_time("3.3.4-08", "response")? * 3;
    let mut deadline = start + timeout;
    while bench.now() < deadline {
        bench.sleep(period)?;
        let snapshot = bench.sample_contacts()?;
        moved.sample(snapshot.contacts.at, snapshot.contact(contact));
        if let Some(report) = bench.bms_report()? {
            reported.sample(report.received, allowed(&report, contact));
        }
        match (moved.edge(), reported.edge()) {
            (Some(_), Some(_)) => break,
            (Some(edge), None) | (None, Some(edge)) => deadline = deadline.min(edge.after + linger),
            (None, None) => {}
        }
    }
    Ok(Shown {
        contact,
        closes,
        moved: moved.edge(),
        reported: reported.edge(),
    })
}

/// Takes the loads and then the chargers off by one cell, and back on, and compares contacts and
/// reports.
///
/// # Errors
/// When the BMS isn't heard; whatever the bench says.
pub fn compare(bench: &mut Bench, rest: Volts) -> Result<Vec<Shown>, ProcedureError> {
    heard(bench)?;
    let (low, _) = bench.bounds("3.2-02", "threshold")?;
    let (_, high) = bench.bounds("3.2-03", "threshold")?;
    let timeout = bench.limit_time("3.2-02", "timeout")?;
    // A report from before the contacts closed would pass for one of what comes now.
    for contact in [Contact::Load, Contact::Charge] {
        await_both(bench, contact, true, timeout)?;
    }
    let mut all = Vec::new();
    for (contact, level) in [
        (Contact::Load, Volts(low) - PAST),
        (Contact::Charge, Volts(high) + PAST),
    ] {
        bench.set_cell(1, ONE_CELL, level)?;
        all.push(await_both(bench, contact, false, timeout)?);
        bench.set_cell(1, ONE_CELL, rest)?;
        all.push(await_both(bench, contact, true, timeout)?);
    }
    Ok(all)
}

fn heard(bench: &mut Bench) -> Result<BmsReport, ProcedureError> {
    let patience = bench.limit_time("6.2.5-02", "report_age")?;
    let deadline = bench.now() + patience;
    loop {
        if let Some(report) = bench.bms_report()? {
            return Ok(report);
        }
        if bench.now() >= deadline {
            return Err(ProcedureError::NotReached {
                what: "a report of the BMS".into(),
                within: patience,
                found: "it isn't heard".into(),
            });
        }
        bench.sleep(PERIOD)?;
    }
}

/// Judges that the reports showed both contacts as they were, and in time (3.3.4-08).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one didn't.
pub fn judge_shown(
    bench: &mut Bench,
    asked: &Asked,
    shown: &[Shown],
) -> Result<(), ProcedureError> {
    let who = radio(bench);
    let mut judge = Judge::new(bench, asked);
    for one in shown {
        let state = |closed| if closed { "closed" } else { "open" };
        let name = format!("{} {}", one.contact, state(one.closes));
        match (one.moved, one.reported) {
            (Some(moved), Some(reported)) => {
                let mut time = reported.after_edge(moved, &who);
                time.value = time.value.abs();
                let quantity = format!("from {name} to its report");
                judge.reading(SHOWN, "response", &quantity, &time)?;
            }
            (Some(_), None) => {
                let quantity = format!("report with the {name}");
                let (wanted, found) = (state(one.closes), state(!one.closes));
                judge.state(SHOWN, &quantity, wanted, found, &who)?;
            }
            (None, _) => {
                let quantity = format!("{} while the report says {name}", one.contact);
                let (wanted, found) = (state(one.closes), state(!one.closes));
                judge.state(SHOWN, &quantity, wanted, found, &who)?;
            }
        }
    }
    judge.done()
}

fn radio(bench: &Bench) -> String {
    drive::seen_by(bench, Signal::Code(api::AlarmCode::ASl9))
}

/// What a BMS said while it refused.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// Its newest report, and how old that was.
    pub report: Option<(BmsReport, Duration)>,
}

/// Pulls a cable, waits until both contacts are open, and listens.
///
/// # Errors
/// [`ProcedureError::NotReached`] when they stay closed; whatever the bench says.
pub fn refuse(bench: &mut Bench) -> Result<Refusal, ProcedureError> {
    heard(bench)?;
    let age = bench.limit_time("8.2-07", "report_age")?;
    let patience = bench.limit_time("3.2-02", "timeout")?;
    let cause = bench.now();
    bench.unplug_cable(1)?;
    let goals = [
        Goal::shown(Signal::LoadsOff),
        Goal::shown(Signal::ChargersOff),
    ];
    let waited = drive::await_goals(bench, &goals, cause, PERIOD, patience)?;
    if !waited.complete() {
        return Err(ProcedureError::NotReached {
            what: "loads and chargers refused".into(),
            within: patience,
            found: format!("{} is missing", waited.missing()),
        });
    }
    bench.settle(age, PERIOD)?;
    let now = bench.now();
    let report = bench
        .bms_report()?
        .map(|report| (report, now.saturating_sub(report.received)));
    Ok(Refusal { report })
}

/// Judges that a BMS that refuses says so in its data (8.2-07).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it says otherwise; with an error when it isn't heard.
pub fn judge_refusal(
    bench: &mut Bench,
    asked: &Asked,
    refusal: &Refusal,
) -> Result<(), ProcedureError> {
    let who = radio(bench);
    let at_s = bench.now().as_secs_f64();
    let mut judge = Judge::new(bench, asked);
    let Some((report, age)) = &refusal.report else {
        judge.missing(REFUSING, "report of the BMS", "heard", "it isn't heard")?;
        return judge.done();
    };
    let age = Reading {
        value: age.as_secs_f64(),
        unit: "s".into(),
        uncertainty: 0.0,
        instrument: who.clone(),
        at_s,
    };
    judge.reading(REFUSING, "report_age", "age of the BMS's report", &age)?;
    for (name, allowed) in [
        ("charging", report.charge_allowed),
        ("discharging", report.discharge_allowed),
    ] {
        let found = match allowed {
            Some(true) => "allowed",
            Some(false) => "refused",
            None => "not said",
        };
        let quantity = format!("{name} in the BMS's report");
        judge.state(REFUSING, &quantity, "refused", found, &who)?;
    }
    judge.done()
}

/// Charge that went in, as the rig and as the BMS counted it.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// The rig's, in ampere hours.
    pub rig_ah: f64,
    /// What the rig may be off.
    pub rig_uncertainty_ah: f64,
    /// The BMS's.
    pub bms_ah: f64,
    /// Half a digit of the BMS's at both ends.
    pub digit_ah: f64,
    /// Voltage and current at the end, the rig's and the BMS's.
    pub voltage: (Measured, Volts),
    /// The same for the current.
    pub current: (Measured, Amps),
    /// For how long.
    pub time: Duration,
}

/// Charges for a while and lets the rig and the BMS count.
///
/// # Errors
/// When the BMS isn't heard or leaves a field out; whatever the bench says.
pub fn count(bench: &mut Bench) -> Result<Counted, ProcedureError> {
    let missing = |what: &str| ProcedureError::NotMeasured {
        quantity: format!("{what} in the BMS's report"),
    };
    let current = bench.battery().recommended_charge_current * SHARE;
    bench.start_charging(cables::charge_voltage(bench), current)?;
    bench.settle(COUNT_PERIOD, PERIOD)?;
    let first = heard(bench)?.consumed.ok_or_else(|| missing("charge"))?;
    let start = bench.now();
    let (mut rig_as, mut doubt_as) = (0.0, 0.0);
    let mut before = flowing(bench)?;
    while bench.now() < start + COUNTED {
        bench.sleep(COUNT_PERIOD)?;
        bench.snapshot()?;
        let now = flowing(bench)?;
        let passed = seconds(apart(before.at, now.at));
        rig_as += f64::midpoint(before.value, now.value) * passed;
        doubt_as += now.uncertainty * passed;
        before = now;
    }
    let last = heard(bench)?;
    let consumed = last.consumed.ok_or_else(|| missing("charge"))?;
    let pack = bench.last().pack.clone();
    let pack = pack.ok_or_else(|| missing("voltage"))?;
    Ok(Counted {
        rig_ah: rig_as / 3600.0,
        rig_uncertainty_ah: doubt_as / 3600.0,
        bms_ah: consumed.0 - first.0,
        digit_ah: 0.1,
        voltage: (pack, last.voltage.ok_or_else(|| missing("voltage"))?),
        current: (before, last.current.ok_or_else(|| missing("current"))?),
        time: COUNTED,
    })
}

fn flowing(bench: &Bench) -> Result<Measured, ProcedureError> {
    let port = bench.last().charger.as_ref();
    port.map(|port| port.current.clone())
        .ok_or_else(|| ProcedureError::NotMeasured {
            quantity: "the current of the charger".into(),
        })
}

/// Judges the BMS's count, voltage and current against the rig's (3.3.4-07).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one is further off than allowed.
pub fn judge_counted(
    bench: &mut Bench,
    asked: &Asked,
    counted: &Counted,
) -> Result<(), ProcedureError> {
    let mut judge = Judge::new(bench, asked);
    let (pack, shown) = &counted.voltage;
    let off = Reading {
        value: (shown.0 - pack.value).abs(),
        ..pack.reading("V")
    };
    judge.reading(COUNTS, "voltage", "difference of the BMS's voltage", &off)?;
    let (current, shown) = &counted.current;
    let off = Reading {
        value: (shown.0 - current.value).abs(),
        ..current.reading("A")
    };
    judge.reading(COUNTS, "current", "difference of the BMS's current", &off)?;
    let off = Reading {
        value: (counted.bms_ah - counted.rig_ah).abs() / counted.rig_ah * 100.0,
        unit: "%".into(),
        uncertainty: (counted.rig_uncertainty_ah + counted.digit_ah / 2.0) / counted.rig_ah * 100.0,
        ..current.reading("%")
    };
    let quantity = format!(
        "difference of the BMS's charge after {}",
        words::time(counted.time)
    );
    judge.reading(COUNTS, "charge", &quantity, &off)?;
    judge.done()
}
