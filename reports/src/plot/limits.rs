//! Limits that can be drawn into a panel: those of judged readings in its unit.

use super::canvas::width_of;
use super::panels::Panel;
use super::trace::Trace;
use crate::html::number;
use crate::model::Scenario;
use record::{Judgement, Limit, Observed, Reading, Verdict};

/// Most limits a panel shows.
const MOST: usize = 6;

/// One limit in a panel.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Band {
    /// Lower edge.
    pub(crate) low: Option<f64>,
    /// Upper edge.
    pub(crate) high: Option<f64>,
    /// Numbers with their unit.
    numbers: String,
    /// Statements that ask for it.
    clauses: Vec<String>,
    /// What was held against it.
    pub(crate) readings: Vec<Mark>,
}

/// A judged reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mark {
    pub(crate) at_s: f64,
    pub(crate) value: f64,
    pub(crate) verdict: Verdict,
}

impl Band {
    fn values(&self) -> impl Iterator<Item = f64> {
        let edges = [self.low, self.high].into_iter().flatten();
        edges.chain(self.readings.iter().map(|reading| reading.value))
    }

    /// Numbers and clauses.
    pub(crate) fn label(&self) -> String {
        let more = self.clauses.len().saturating_sub(2);
        let more = if more > 0 {
            format!(" +{more}")
        } else {
            String::new()
        };
        let clauses: Vec<&str> = self.clauses.iter().take(2).map(String::as_str).collect();
        format!("{} ({}{more})", self.numbers, clauses.join(", "))
    }

    pub(crate) fn lowest(&self) -> f64 {
        self.values().fold(f64::INFINITY, f64::min)
    }

    pub(crate) fn highest(&self) -> f64 {
        self.values().fold(f64::NEG_INFINITY, f64::max)
    }
}

/// The limits of each panel.
pub(crate) fn of_panels(scenario: &Scenario, trace: &Trace, panels: &[Panel]) -> Vec<Vec<Band>> {
    let mut bands: Vec<Vec<Band>> = vec![Vec::new(); panels.len()];
    for judged in &scenario.judgements {
        let judgement = &judged.judgement;
        let Observed::Reading(reading) = &judgement.observed else {
            continue;
        };
        if !(reading.value.is_finite() && reading.at_s.is_finite()) {
            continue;
        }
        let Some((low, high)) = edges(&judgement.limit) else {
            continue;
        };
        let Some(panel) = panel_of(judgement, reading, (low, high), trace, panels) else {
            continue;
        };
        let numbers = numbers(reading, low, high);
        let mark = Mark {
            at_s: reading.at_s,
            value: reading.value,
            verdict: judgement.verdict,
        };
        let bands = &mut bands[panel];
        let place = bands.iter().position(|band| band.numbers == numbers);
        let place = match place {
            Some(place) => place,
            None if bands.len() < MOST => {
                bands.push(Band {
                    low,
                    high,
                    numbers,
                    clauses: Vec::new(),
                    readings: Vec::new(),
                });
                bands.len() - 1
            }
            None => continue,
        };
        bands[place].readings.push(mark);
        if !bands[place].clauses.contains(&judgement.clause) {
            bands[place].clauses.push(judgement.clause.clone());
        }
    }
    bands
}

fn edges(limit: &Limit) -> Option<(Option<f64>, Option<f64>)> {
    match *limit {
        Limit::AtLeast(low) => Some((Some(low), None)),
        Limit::AtMost(high) => Some((None, Some(high))),
        Limit::Between(low, high) | Limit::BetweenExcept(low, high, ..) => {
            Some((Some(low), Some(high)))
        }
        Limit::Is(_) => None,
    }
}

/// The panel of the reading's unit that would still be readable with reading and limit in it.
fn panel_of(
    judgement: &Judgement,
    reading: &Reading,
    (low, high): (Option<f64>, Option<f64>),
    trace: &Trace,
    panels: &[Panel],
) -> Option<usize> {
    let fits = |panel: &Panel| {
        let data = panel
            .lines
            .iter()
            .filter_map(|line| trace.range(line.column));
        let data = data.reduce(|(low, high), (l, h)| (low.min(l), high.max(h)));
        data.is_some_and(|(bottom, top)| {
            let air = ((top - bottom) * 0.6).max(bottom.abs().max(top.abs()) * 0.05);
            let near = |value: f64| value >= bottom - air && value <= top + air;
            near(reading.value) && [low, high].into_iter().flatten().all(near)
        })
    };
    let named = |panel: &Panel| {
        panel
            .lines
            .iter()
            .any(|line| judgement.quantity.contains(&line.label))
    };
    let mut fitting: Vec<usize> = panels
        .iter()
        .enumerate()
        .filter(|(_, panel)| panel.unit == reading.unit && fits(panel))
        .map(|(at, _)| at)
        .collect();
    fitting.sort_by_key(|&at| !named(&panels[at]));
    fitting.first().copied()
}

fn numbers(reading: &Reading, low: Option<f64>, high: Option<f64>) -> String {
    let unit = &reading.unit;
    match (low, high) {
        (Some(low), Some(high)) => format!("{} … {} {unit}", number(low), number(high)),
        (Some(low), None) => format!("≥ {} {unit}", number(low)),
        (None, Some(high)) => format!("≤ {} {unit}", number(high)),
        (None, None) => String::new(),
    }
}

/// Room that the labels need right of the plot, px.
pub(crate) fn label_width(bands: &[Vec<Band>]) -> f64 {
    let widths = bands
        .iter()
        .flatten()
        .map(|band| width_of(&band.label(), 10.0) + 14.0);
    widths.fold(0.0, f64::max).min(210.0)
}
