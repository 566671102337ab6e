//! Latencies: from cause to effect, as they were judged, each on a line of its own.

use super::canvas::{Canvas, Hold, INK, fit, width_of};
use super::{SMALL, TimeAxis};
use crate::model::Scenario;
use record::{Observed, Reading, Verdict};

/// Height of a line, px.
const LINE: f64 = 19.0;
/// Most lines of a plot.
const MOST: usize = 6;

/// One judged delay.
struct Delay<'a> {
    name: &'a str,
    reading: &'a Reading,
    verdict: Verdict,
}

/// Durations that end where they were read: a delay of 32 s that was told at 62 s began at 30 s.
fn delays(scenario: &Scenario) -> Vec<Delay<'_>> {
    let mut found: Vec<Delay<'_>> = Vec::new();
    for judged in &scenario.judgements {
        let judgement = &judged.judgement;
        let Observed::Reading(reading) = &judgement.observed else {
            continue;
        };
        let lasts = reading.unit == "s" && reading.value > 0.0 && reading.value.is_finite();
        let inside = reading.at_s - reading.value >= scenario.began_s - 1e-6;
        let known = found
            .iter()
            .any(|one| one.reading.value == reading.value && one.reading.at_s == reading.at_s);
        if lasts && inside && !known && found.len() < MOST {
            found.push(Delay {
                name: &judgement.quantity,
                reading,
                verdict: judgement.verdict,
            });
        }
    }
    found
}

/// Height of all lines, px.
pub(crate) fn height(scenario: &Scenario) -> f64 {
    delays(scenario).len() as f64 * LINE
}

/// Draws the lines with their top at `top`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, time: &TimeAxis, scenario: &Scenario, top: f64) {
    let mut y = top + LINE / 2.0;
    for delay in delays(scenario) {
        let reading = delay.reading;
        let (from, to) = (time.x(reading.at_s - reading.value), time.x(reading.at_s));
        let colour = match delay.verdict {
            Verdict::Pass => (0x00, 0x9E, 0x73),
            Verdict::Fail => (0xD5, 0x5E, 0x00),
            _ => (0xE6, 0x9F, 0x00),
        };
        let name = fit(delay.name, SMALL, time.left - 16.0);
        canvas.text(&name, (time.left - 8.0, y), SMALL, INK, Hold::Right);
        canvas.line(&[(from, y), (to, y)], colour, 2.0);
        for end in [from, to] {
            canvas.line(&[(end, y - 5.0), (end, y + 5.0)], colour, 2.0);
        }
        let label = reading.to_string();
        // Beside the line, on the side that has room.
        let (x, hold) = if to + 6.0 + width_of(&label, SMALL) < time.right {
            (to + 6.0, Hold::Left)
        } else {
            (from - 6.0, Hold::Right)
        };
        canvas.text(&label, (x, y), SMALL, INK, hold);
        y += LINE;
    }
}
