//! Each battery of a bank by itself: the others are left out of the chain, so that nobody speaks for
//! it when it is empty (3.2).

use crate::ProcedureError;
use crate::drive;
use crate::judging::{Asked, Judge};
use crate::signal::Signal;
use api::LoadMode;
use bench::{Bench, Contact, Measured, Snapshot};
use std::ops::ControlFlow;
use std::time::Duration;
use units::Volts;

/// The statement about it.
const CLAUSES: &[&str] = &["3.2-07"];
/// The bank is discharged with this share of its recommended current: slowly, since its batteries
/// get empty one after the other.
const SHARE: f64 = 0.1;
/// A cell so far below where loads must be off ends it: before it is harmed.
const FAR_BELOW: Volts = Volts(0.15);
/// A discharge is sampled this often where little can happen, and with a cell below that voltage.
const SLOW: Duration = Duration::from_secs(10);
const BRISK: Duration = Duration::from_millis(500);
const STEEP: Volts = Volts(3.15);
/// Longer than any such discharge.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// What one battery did.
#[derive(Debug, Clone, PartialEq)]
pub struct Alone {
    /// From 1.
    pub battery: usize,
    /// Whether it took the loads off.
    pub off: bool,
    /// Its lowest cell then.
    pub lowest: Measured,
}

/// Discharges the bank with one battery after the other alone in the chain, until each has taken
/// the loads off.
///
/// # Errors
/// When contacts or cells can't be read; whatever the bench says.
pub fn discharge_each(bench: &mut Bench) -> Result<Vec<Alone>, ProcedureError> {
    let batteries = bench.batteries();
    let mut all = Vec::new();
    for battery in 1..=batteries {
        for other in 1..=batteries {
            bench.bypass(other, other != battery)?;
        }
        all.push(discharge(bench, battery)?);
    }
    for battery in 1..=batteries {
        bench.bypass(battery, false)?;
    }
    Ok(all)
}

fn discharge(bench: &mut Bench, battery: usize) -> Result<Alone, ProcedureError> {
    let reconnect = bench.limit_time("4.9-17", "reconnect")?;
    // A battery that is empty already keeps them off.
    let allowed = bench.watch_contacts(BRISK, reconnect, |snapshot| {
        match snapshot.contact(Contact::Load) {
            Some(true) => ControlFlow::Break(()),
            Some(false) | None => ControlFlow::Continue(()),
        }
    })?;
    bench.snapshot()?;
    if allowed.is_none() {
        drive::visible(Signal::LoadsOff, bench.last(), Duration::ZERO)?;
        return Ok(Alone {
            battery,
            off: true,
            lowest: lowest(bench.last(), battery)?,
        });
    }
    let parallel = u32::try_from(bench.config().device.topology.parallel);
    let strings = parallel.map_or(1.0, f64::from);
    let current = bench.battery().recommended_discharge_current * (SHARE * strings);
    let abort = bench.config().device.settings.discharge_cutoff - FAR_BELOW;
    bench.start_load(LoadMode::Current(current))?;
    let deadline = bench.now() + LONGEST;
    loop {
        let snapshot = bench.snapshot()?;
        let cell = lowest(snapshot, battery)?;
        let off = snapshot.contact(Contact::Load) == Some(false);
        if off || cell.value <= abort.0 || snapshot.at >= deadline {
            bench.stop_load()?;
            return Ok(Alone {
                battery,
                off,
                lowest: cell,
            });
        }
        bench.sleep(if cell.value < STEEP.0 { BRISK } else { SLOW })?;
    }
}

fn lowest(snapshot: &Snapshot, battery: usize) -> Result<Measured, ProcedureError> {
    let cells = snapshot.cells.get(battery.saturating_sub(1));
    let order = |a: &&Measured, b: &&Measured| a.value.total_cmp(&b.value);
    cells
        .and_then(|cells| cells.iter().min_by(order))
        .cloned()
        .ok_or_else(|| ProcedureError::NotMeasured {
            quantity: format!("the cells of battery {battery}"),
        })
}

/// Judges that each battery alone took the loads off (3.2-07).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when one didn't.
pub fn judge(bench: &mut Bench, asked: &Asked, all: &[Alone]) -> Result<(), ProcedureError> {
    let who = drive::seen_by(bench, Signal::LoadsOff);
    let mut judge = Judge::new(bench, asked);
    for one in all {
        let quantity = format!(
            "loads with battery {} alone in the chain and its lowest cell at {}",
            one.battery,
            one.lowest.reading("V")
        );
        let found = if one.off { "off" } else { "on" };
        judge.state(CLAUSES, &quantity, "off", found, &who)?;
    }
    judge.done()
}
