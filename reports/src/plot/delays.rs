//! Latencies: from cause to effect, as they were judged, each on a line of its own.

use super::canvas::{Canvas, Hold, INK, fit, width_of};
use super::{SMALL, TimeAxis};
use crate::model::Scenario;
use record::{Observed, Reading, Verdict};

/// Height of a delay, px: what it is, and its line below that.
const LINE: f64 = 27.0;
/// From its top to the middle of the words, and of the line, px.
const WORDS: f64 = 9.0;
const BAR: f64 = 20.0;
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
    let mut top = top;
    for delay in delays(scenario) {
        let reading = delay.reading;
        let (from, to) = (time.x(reading.at_s - reading.value), time.x(reading.at_s));
        let colour = match delay.verdict {
            Verdict::Pass => (0x00, 0x9E, 0x73),
            Verdict::Fail => (0xD5, 0x5E, 0x00),
            _ => (0xE6, 0x9F, 0x00),
        };
        let y = top + BAR;
        canvas.line(&[(from, y), (to, y)], colour, 2.0);
        for end in [from, to] {
            canvas.line(&[(end, y - 5.0), (end, y + 5.0)], colour, 2.0);
        }
        let label = format!("{}: {reading}", delay.name);
        let label = fit(&label, SMALL, time.right - time.left);
        // From the line's start, or as far to its left as the words need.
        let (x, hold) = if from + width_of(&label, SMALL) < time.right {
            (from, Hold::Left)
        } else {
            (time.right, Hold::Right)
        };
        canvas.text(&label, (x, top + WORDS), SMALL, INK, hold);
        top += LINE;
    }
}
