//! A measured value over runs and serial numbers: spread, drift, capability.

use super::store::Store;
use anyhow::Result;
use serde::Serialize;
use std::collections::BTreeMap;

/// What is followed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    /// Part of the quantity's name.
    pub(crate) quantity: String,
    pub(crate) clause: Option<String>,
    /// Part of the device's or bench's name.
    pub(crate) device: Option<String>,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Point {
    pub(crate) run: i64,
    pub(crate) registered: String,
    pub(crate) started: String,
    pub(crate) scenario: i64,
    pub(crate) value: f64,
    pub(crate) uncertainty: f64,
    pub(crate) verdict: String,
}

/// One quantity of one device.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Trend {
    pub(crate) clause: String,
    pub(crate) quantity: String,
    pub(crate) device: String,
    pub(crate) unit: String,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    pub(crate) points: Vec<Point>,
    pub(crate) mean: f64,
    /// Standard deviation of the sample; none for fewer than two values.
    pub(crate) deviation: Option<f64>,
    /// Slope of the straight line through the means of the runs, in the unit a run; none for fewer
    /// than three runs.
    pub(crate) drift_per_run: Option<f64>,
    /// Distance of the mean from the nearer limit over three standard deviations.
    pub(crate) cpk: Option<f64>,
}

/// Every quantity that fits, each device apart.
///
/// # Errors
/// When the history can't be read.
pub(crate) fn trends(store: &mut Store, query: &Query) -> Result<Vec<Trend>> {
    let any = |part: Option<&String>| part.map_or_else(|| "%".to_owned(), |part| within(part));
    let rows = store.0.rows(
        "SELECT j.clause, j.quantity, s.device, j.unit, j.low, j.high, r.id, r.registered,
                r.started, j.scenario, j.value, j.uncertainty, j.verdict
         FROM judgements j
         JOIN runs r ON r.id = j.run
         JOIN scenarios s ON s.run = j.run AND s.number = j.scenario
         WHERE lower(j.quantity) LIKE ?1 ESCAPE '!'
           AND j.clause LIKE ?2 ESCAPE '!'
           AND (lower(s.device) LIKE ?3 ESCAPE '!' OR lower(s.bench) LIKE ?3 ESCAPE '!')
         ORDER BY r.registered, r.started, r.id, j.scenario, j.place",
        &[
            within(&query.quantity).as_str().into(),
            query
                .clause
                .as_deref()
                .map_or("%".into(), exactly)
                .as_str()
                .into(),
            any(query.device.as_ref()).as_str().into(),
        ],
    )?;
    let mut groups: BTreeMap<[String; 4], Trend> = BTreeMap::new();
    for row in rows {
        let key = [row.text(0)?, row.text(1)?, row.text(2)?, row.text(3)?];
        let (low, high) = (row.maybe_real(4)?, row.maybe_real(5)?);
        let point = Point {
            run: row.int(6)?,
            registered: row.text(7)?,
            started: row.text(8)?,
            scenario: row.int(9)?,
            value: row.real(10)?,
            uncertainty: row.real(11)?,
            verdict: row.text(12)?,
        };
        let [clause, quantity, device, unit] = key.clone();
        let trend = groups.entry(key).or_insert_with(|| Trend {
            clause,
            quantity,
            device,
            unit,
            low,
            high,
            points: Vec::new(),
            mean: 0.0,
            deviation: None,
            drift_per_run: None,
            cpk: None,
        });
        // A limit that changed: the newest counts.
        (trend.low, trend.high) = (low, high);
        trend.points.push(point);
    }
    let mut trends: Vec<Trend> = groups.into_values().collect();
    trends.iter_mut().for_each(sum_up);
    Ok(trends)
}

/// A pattern for what has this in it, in capitals or not.
fn within(part: &str) -> String {
    format!("%{}%", exactly(&part.to_lowercase()))
}

/// A pattern for this and nothing else.
fn exactly(text: &str) -> String {
    text.replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_")
}

fn sum_up(trend: &mut Trend) {
    let values: Vec<f64> = trend.points.iter().map(|point| point.value).collect();
    trend.mean = mean(&values);
    trend.deviation = (values.len() >= 2).then(|| {
        let squares: f64 = values
            .iter()
            .map(|value| (value - trend.mean).powi(2))
            .sum();
        (squares / (values.len() - 1) as f64).sqrt()
    });
    let mut runs: Vec<(i64, Vec<f64>)> = Vec::new();
    for point in &trend.points {
        match runs.last_mut() {
            Some((run, values)) if *run == point.run => values.push(point.value),
            _ => runs.push((point.run, vec![point.value])),
        }
    }
    let means: Vec<f64> = runs.iter().map(|(_, values)| mean(values)).collect();
    trend.drift_per_run = (means.len() >= 3).then(|| slope(&means));
    // Equal values differ in their last binary digit at most: that's no spread.
    let dust = 1e-9 * trend.mean.abs();
    let spread = trend.deviation.filter(|deviation| *deviation > dust);
    trend.cpk = spread.and_then(|deviation| {
        let below = trend.low.map(|low| trend.mean - low);
        let above = trend.high.map(|high| high - trend.mean);
        let nearer = match (below, above) {
            (Some(below), Some(above)) => below.min(above),
            (one, other) => one.or(other)?,
        };
        Some(nearer / (3.0 * deviation))
    });
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Least squares over equal steps.
fn slope(values: &[f64]) -> f64 {
    let middle = (values.len() - 1) as f64 / 2.0;
    let average = mean(values);
    let steps = values
        .iter()
        .enumerate()
        .map(|(at, value)| (at as f64 - middle, value - average));
    let (above, below) = steps.fold((0.0, 0.0), |(above, below), (x, y)| {
        (above + x * y, below + x * x)
    });
    above / below
}

#[cfg(test)]
mod tests {
    use super::{Point, Trend, sum_up};

    fn trend(values: &[(i64, f64)], low: Option<f64>, high: Option<f64>) -> Trend {
        let point = |&(run, value): &(i64, f64)| Point {
            run,
            registered: String::new(),
            started: String::new(),
            scenario: 1,
            value,
            uncertainty: 0.001,
            verdict: "Pass".into(),
        };
        let mut trend = Trend {
            clause: "3.2.1-01".into(),
            quantity: "threshold".into(),
            device: "HQ1".into(),
            unit: "V".into(),
            low,
            high,
            points: values.iter().map(point).collect(),
            mean: 0.0,
            deviation: None,
            drift_per_run: None,
            cpk: None,
        };
        sum_up(&mut trend);
        trend
    }

    #[test]
    fn drift_and_capability_of_a_threshold_that_wanders() {
        let values = [(1, 3.098), (2, 3.100), (3, 3.102), (4, 3.104)];
        let trend = trend(&values, Some(3.08), Some(3.12));
        assert!((trend.mean - 3.101).abs() < 1e-9);
        assert!(
            (trend.drift_per_run.unwrap() - 0.002).abs() < 1e-9,
            "{trend:?}"
        );
        // Sample deviation sqrt(20e-6 / 3); the upper limit is nearer: 0.019 / 3 s.
        let deviation = (20e-6_f64 / 3.0).sqrt();
        assert!((trend.deviation.unwrap() - deviation).abs() < 1e-9);
        assert!((trend.cpk.unwrap() - 0.019 / (3.0 * deviation)).abs() < 1e-9);
    }

    #[test]
    fn what_cannot_be_told_is_not_told() {
        let alike = trend(&[(1, 0.35), (2, 0.35), (3, 0.35)], None, Some(5.0));
        assert_eq!(alike.cpk, None);
        let single = trend(&[(1, 0.35)], None, Some(5.0));
        assert_eq!(
            (single.deviation, single.drift_per_run, single.cpk),
            (None, None, None)
        );
        let free = trend(&[(1, 0.3), (1, 0.4)], None, None);
        assert!(free.deviation.is_some() && free.drift_per_run.is_none() && free.cpk.is_none());
    }
}
