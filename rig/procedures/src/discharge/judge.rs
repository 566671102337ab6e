//! Judging what a discharge showed.

use super::{Discharged, lowest};
use crate::ProcedureError;
use crate::judging::{Asked, Judge};
use bench::Bench;
use record::Reading;

/// How well the ratio of two charges by one load repeats, in percent of the larger.
const REPEATS: f64 = 0.3;
/// The table's capacity and energy, a column a model.
const RATINGS: [&str; 10] = [
    "7-01", "7-05", "7-09", "7-13", "7-17", "7-21", "7-25", "7-29", "7-33", "7-37",
];
/// The table's voltage of an empty battery, a column a model.
const EMPTY: [&str; 10] = [
    "7-02", "7-06", "7-10", "7-14", "7-18", "7-22", "7-26", "7-30", "7-34", "7-38",
];

/// Judges the capacity against its rating (6.1.4-01), and against the table of chapter 7.
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's less; the journal says what that can mean.
pub fn judge_capacity(
    bench: &mut Bench,
    asked: &Asked,
    discharged: &Discharged,
) -> Result<(), ProcedureError> {
    const CLAUSES: [&str; 1] = ["6.1.4-01"];
    discharged.ended()?;
    let parallel = bench.config().device.topology.parallel;
    #[expect(clippy::cast_precision_loss, reason = "a bank has few strings")]
    let rated = bench.battery().capacity.0 * parallel as f64;
    let share = discharged.share_of(rated, 0.0);
    if share.value < bench.bounds("6.1.4-01", "capacity_share")?.0 {
        let good = mean_cell(discharged)?.value >= bench.bounds("6.1.1-02", "mean_cell")?.0;
        bench.note(if good {
            "less capacity than rated, and the battery's voltage still good: one cell is far behind the others, by imbalance or because it is damaged"
        } else {
            "less capacity than rated, and all cells low: the battery is old or wasn't full"
        });
    }
    let mut judge = Judge::new(bench, asked);
    if asked.asks("6.1.4-01") {
        for limit in ["capacity_share", "aged"] {
            judge.reading(&CLAUSES, limit, "capacity to its rating", &share)?;
        }
    }
    if RATINGS.iter().any(|clause| asked.asks(clause)) {
        for limit in ["capacity", "capacity_aged"] {
            judge.reading(&RATINGS, limit, "capacity", &discharged.charge)?;
        }
        judge.reading(&RATINGS, "energy", "energy", &discharged.energy)?;
    }
    judge.done()
}

/// Judges the battery's voltage when the loads went off (7-02 and its like).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it isn't that of an empty battery.
pub fn judge_empty(
    bench: &mut Bench,
    asked: &Asked,
    discharged: &Discharged,
) -> Result<(), ProcedureError> {
    discharged.ended()?;
    let pack = discharged.last.pack.as_ref();
    let pack = pack.ok_or_else(|| ProcedureError::NotMeasured {
        quantity: "the voltage of the bank".into(),
    })?;
    let mut judge = Judge::new(bench, asked);
    judge.reading(
        &EMPTY,
        "pack",
        "battery when the loads went off",
        &pack.reading("V"),
    )?;
    judge.done()
}

fn mean_cell(discharged: &Discharged) -> Result<Reading, ProcedureError> {
    let battery = discharged.last.lowest_cell().map(|cell| cell.battery);
    let cells = battery
        .and_then(|battery| discharged.last.cells.get(battery.checked_sub(1)?))
        .filter(|cells| !cells.is_empty())
        .ok_or_else(|| ProcedureError::NotMeasured {
            quantity: "the voltage of any cell".into(),
        })?;
    #[expect(clippy::cast_precision_loss, reason = "a battery has few cells")]
    let count = cells.len() as f64;
    let mut mean = lowest(&discharged.last)?.reading("V");
    mean.value = cells.iter().map(|cell| cell.value).sum::<f64>() / count;
    Ok(mean)
}

/// Judges that the battery's voltage was still good when the loads went off (6.1.1-02).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it wasn't, so that nothing points to cells that are apart.
pub fn judge_still_good(
    bench: &mut Bench,
    asked: &Asked,
    discharged: &Discharged,
) -> Result<(), ProcedureError> {
    discharged.ended()?;
    let mean = mean_cell(discharged)?;
    let mut judge = Judge::new(bench, asked);
    let quantity = "mean of the cells when the loads went off";
    judge.reading(&["6.1.1-02"], "mean_cell", quantity, &mean)?;
    judge.done()
}

/// Judges the capacity in the cold against that at 25 °C (5.3-15).
///
/// # Errors
/// [`ProcedureError::NotPassed`] when it's outside its limits.
pub fn judge_cold(
    bench: &mut Bench,
    asked: &Asked,
    limit: &str,
    warm: &Discharged,
    cold: &Discharged,
) -> Result<(), ProcedureError> {
    warm.ended()?;
    cold.ended()?;
    let mut share = cold.share_of(warm.charge.value, 0.0);
    // The same current by the same load, twice: what its reading is off goes.
    share.uncertainty = REPEATS;
    let mut judge = Judge::new(bench, asked);
    judge.reading(&["5.3-15"], limit, "capacity to that at 25 °C", &share)?;
    if RATINGS.iter().any(|clause| asked.asks(clause)) {
        judge.reading(&RATINGS, limit, "capacity in the cold", &cold.charge)?;
    }
    judge.done()
}
