//! Whether the instruments are good enough for the limits: the test uncertainty ratio.

use super::Finding;
use config::{AccuracyTerm, Bench, Bound, ChannelRef, Clauses};

/// Below this, guard bands eat a good part of what is allowed: the usual four to one.
const WANTED: f64 = 4.0;
/// Below this, nothing can be said at all.
const NEEDED: f64 = 1.0;

const CELLS: &str = "cell voltages";

/// A limit with a tolerance, held against what would measure it.
struct Ratio {
    clause: String,
    limit: String,
    nominal: f64,
    tolerance: f64,
    unit: &'static str,
    uncertainty: f64,
}

impl Ratio {
    fn value(&self) -> f64 {
        self.tolerance / self.uncertainty
    }

    fn told(&self) -> String {
        format!(
            "{} {} = {} ± {} {}: uncertainty {:.4} {}, ratio {:.1}",
            self.clause,
            self.limit,
            self.nominal,
            self.tolerance,
            self.unit,
            self.uncertainty,
            if self.unit == "°C" { "K" } else { self.unit },
            self.value()
        )
    }
}

/// One finding for each quantity that limits are in and the bench measures.
pub(super) fn findings(bench: &Bench, clauses: &Clauses) -> Vec<Finding> {
    let quantities = [
        ("V", cell_senses(bench), CELLS),
        ("A", currents(bench), "currents"),
        ("°C", thermometers(bench), "temperatures"),
    ];
    quantities
        .into_iter()
        .filter_map(|(unit, channels, what)| {
            let ratios = ratios(bench, clauses, unit, &channels);
            finding(what, ratios)
        })
        .collect()
}

fn finding(what: &str, mut ratios: Vec<Ratio>) -> Option<Finding> {
    const CHECK: &str = "accuracy";
    ratios.sort_by(|one, other| one.value().total_cmp(&other.value()));
    let worst = ratios.first()?;
    let below = |least: f64| {
        let low = ratios.iter().filter(|ratio| ratio.value() < least);
        low.map(Ratio::told).collect::<Vec<_>>()
    };
    if !below(NEEDED).is_empty() {
        let told = format!(
            "not good enough for {} of {} limits, whose judgements can't but be inconclusive here: {}",
            below(NEEDED).len(),
            ratios.len(),
            below(NEEDED).join("; ")
        );
        // Cell voltages are what every bench is for; the others matter to single scenarios.
        return Some(match what {
            CELLS => Finding::bad(what, CHECK, told),
            _ => Finding::notice(what, CHECK, told),
        });
    }
    if !below(WANTED).is_empty() {
        return Some(Finding::notice(
            what,
            CHECK,
            format!(
                "a test uncertainty ratio under {WANTED} for {} of {} limits, and more results than need be will be inconclusive; the worst: {}",
                below(WANTED).len(),
                ratios.len(),
                worst.told()
            ),
        ));
    }
    Some(Finding::good(
        what,
        CHECK,
        format!("{} limits; the worst: {}", ratios.len(), worst.told()),
    ))
}

fn ratios(
    bench: &Bench,
    clauses: &Clauses,
    unit: &'static str,
    channels: &[ChannelRef],
) -> Vec<Ratio> {
    let mut ratios = Vec::new();
    for (clause, what) in &clauses.clauses {
        for (name, limit) in &what.limits {
            let Bound::Around { nominal, tolerance } = limit.bound else {
                continue;
            };
            // A pack's voltage is measured elsewhere: only what a cell can have.
            let fits = nominal.unit == unit && (unit != "V" || nominal.value < 5.0);
            let worst = channels
                .iter()
                .filter_map(|at| {
                    let instrument = bench.instruments.get(&at.instrument)?;
                    let accuracy = match unit {
                        "V" => instrument.accuracy.voltage,
                        "A" => instrument.accuracy.current,
                        _ => instrument.accuracy.temperature,
                    };
                    Some(expanded(accuracy, nominal.value))
                })
                .reduce(f64::max)
                .filter(|uncertainty| *uncertainty > 0.0);
            if let (true, Some(uncertainty)) = (fits, worst) {
                ratios.push(Ratio {
                    clause: clause.clone(),
                    limit: name.clone(),
                    nominal: nominal.value,
                    tolerance: tolerance.value,
                    unit,
                    uncertainty,
                });
            }
        }
    }
    ratios
}

fn expanded(accuracy: AccuracyTerm, value: f64) -> f64 {
    record::expanded(
        accuracy.of_reading.fraction() * value.abs() + accuracy.constant,
        accuracy.resolution,
        accuracy.noise,
    )
}

fn cell_senses(bench: &Bench) -> Vec<ChannelRef> {
    let forced = bench.wiring.cells.iter().map(|cell| &cell.sense);
    forced
        .chain(bench.wiring.sense.cells.iter().flatten())
        .cloned()
        .collect()
}

fn currents(bench: &Bench) -> Vec<ChannelRef> {
    let wiring = &bench.wiring;
    wiring.charger.iter().chain(&wiring.load).cloned().collect()
}

fn thermometers(bench: &Bench) -> Vec<ChannelRef> {
    let sensor = bench.wiring.sense.board_temperature.iter();
    sensor.map(|sensor| sensor.channel.clone()).collect()
}
