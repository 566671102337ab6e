//! Contacts, relays and codes over time: a lane each, filled while on; below them the judgements.

use super::canvas::{Canvas, FAINT, Hold, INK, fit, width_of};
use super::delays;
use super::panels::words;
use super::trace::Trace;
use super::{SMALL, TimeAxis, clusters, mark, time_grid};
use crate::model::Scenario;
use record::{Event, Observed};

const LANE: f64 = 19.0;
const HEAD: f64 = 18.0;
/// Most lanes of a plot.
const MOST: usize = 24;
const WIDEST: f64 = 190.0;
const BLUE: (u8, u8, u8) = (0x00, 0x72, 0xB2);

/// One lane.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lane {
    name: String,
    spans: Vec<Span>,
}

/// A state for a while.
#[derive(Debug, Clone, PartialEq)]
struct Span {
    from_s: f64,
    to_s: f64,
    state: State,
}

#[derive(Debug, Clone, PartialEq)]
enum State {
    On,
    Off,
    Word(String),
}

impl State {
    fn of_word(word: &str) -> Self {
        match word.trim().to_lowercase().as_str() {
            "on" | "closed" | "set" | "high" | "true" | "1" | "raised" | "active" | "plugged"
            | "yes" | "heard" => Self::On,
            "off" | "open" | "clear" | "cleared" | "low" | "false" | "0" | "gone" | "none"
            | "unplugged" | "no" | "silent" | "" => Self::Off,
            _ => Self::Word(word.trim().to_owned()),
        }
    }
}

/// Lanes of the sampled states, then of what the journal tells of anything else that changed.
pub(crate) fn lanes(scenario: &Scenario, trace: &Trace, states: &[usize]) -> Vec<Lane> {
    let mut lanes: Vec<Lane> = states
        .iter()
        .map(|&column| Lane {
            name: words(&trace.columns()[column]),
            spans: sampled(trace, column),
        })
        .collect();
    let sampled = lanes.len();
    for logged in &scenario.log {
        let Event::Change { what, to, .. } = &logged.event else {
            continue;
        };
        if lanes[..sampled].iter().any(|lane| same(&lane.name, what)) {
            continue;
        }
        let place = lanes
            .iter()
            .skip(sampled)
            .position(|lane| lane.name == *what);
        let state = State::of_word(to);
        match place {
            Some(place) => lanes[sampled + place].next(logged.at_s, state),
            None if lanes.len() < MOST => {
                let span = Span {
                    from_s: logged.at_s,
                    to_s: f64::INFINITY,
                    state,
                };
                lanes.push(Lane {
                    name: what.clone(),
                    spans: vec![span],
                });
            }
            None => {}
        }
    }
    lanes.truncate(MOST);
    lanes
}

/// Whether a column and a change are about the same thing: `pre-alarm contact`.
fn same(lane: &str, what: &str) -> bool {
    let plain = |text: &str| text.replace(['-', '_'], " ");
    plain(lane) == plain(what)
}

impl Lane {
    fn next(&mut self, at_s: f64, state: State) {
        if let Some(last) = self.spans.last_mut() {
            last.to_s = at_s;
        }
        self.spans.push(Span {
            from_s: at_s,
            to_s: f64::INFINITY,
            state,
        });
    }
}

/// Spans of a sampled state: it is taken to hold until the next row that has a value.
fn sampled(trace: &Trace, column: usize) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut push = |from_s: f64, state: State| {
        if let Some(last) = spans.last_mut() {
            last.to_s = from_s;
            if last.state == state {
                return;
            }
        }
        spans.push(Span {
            from_s,
            to_s: from_s,
            state,
        });
    };
    let on = |value: f64| if value > 0.5 { State::On } else { State::Off };
    let mut end = None;
    for bin in trace.bins(column).filter(|bin| bin.count > 0) {
        // Both extremes are among the points: the shortest pulse shows.
        bin.points()
            .for_each(|point| push(point.at_s, on(point.value)));
        end = Some(bin.last.at_s);
    }
    if let (Some(last), Some(end)) = (spans.last_mut(), end) {
        last.to_s = end;
    }
    spans
}

/// Room that the names need left of the plot, px.
pub(crate) fn label_width(lanes: &[Lane]) -> f64 {
    let widths = lanes.iter().map(|lane| width_of(&lane.name, SMALL) + 14.0);
    widths.fold(0.0, f64::max).min(WIDEST)
}

/// Height of all lanes, px.
pub(crate) fn height(lanes: &[Lane], scenario: &Scenario) -> f64 {
    let judged = if scenario.judgements.is_empty() {
        0.0
    } else {
        LANE + 4.0
    };
    let head = if lanes.is_empty() { 0.0 } else { HEAD };
    head + lanes.len() as f64 * LANE + delays::height(scenario) + judged + 4.0
}

/// Draws the lanes with their top at `top`.
pub(crate) fn draw(
    canvas: &mut Canvas<'_>,
    time: &TimeAxis,
    lanes: &[Lane],
    scenario: &Scenario,
    top: f64,
) {
    let mut y = top;
    if !lanes.is_empty() {
        let title = "contacts and codes: filled while on, set or allowed";
        canvas.text(
            title,
            (time.left, y + HEAD / 2.0 - 2.0),
            SMALL,
            INK,
            Hold::Left,
        );
        y += HEAD;
    }
    time_grid(canvas, time, y, top + height(lanes, scenario));
    for lane in lanes {
        draw_lane(canvas, time, lane, y);
        y += LANE;
    }
    delays::draw(canvas, time, scenario, y);
    y += delays::height(scenario);
    if scenario.judgements.is_empty() {
        return;
    }
    y += 4.0;
    let middle = y + LANE / 2.0;
    canvas.text(
        "judgements",
        (time.left - 8.0, middle),
        SMALL,
        INK,
        Hold::Right,
    );
    let mut marks: Vec<_> = (1u32..)
        .zip(&scenario.judgements)
        .map(|(number, judged)| {
            let at_s = match &judged.judgement.observed {
                Observed::Reading(reading) => reading.at_s,
                Observed::State { at_s, .. } => *at_s,
            };
            (time.x(at_s), number, judged.judgement.verdict)
        })
        .filter(|(x, ..)| x.is_finite())
        .collect();
    marks.sort_by(|a, b| a.0.total_cmp(&b.0));
    for cluster in clusters(marks.into_iter(), 34.0) {
        let numbers = cluster.label();
        mark(canvas, (cluster.x, middle), cluster.worst);
        // At the right edge the number stands on the other side.
        let (x, hold) = if cluster.x + 34.0 > time.right {
            (cluster.x - 7.0, Hold::Right)
        } else {
            (cluster.x + 7.0, Hold::Left)
        };
        canvas.text(&numbers, (x, middle), SMALL, INK, hold);
    }
}

fn draw_lane(canvas: &mut Canvas<'_>, time: &TimeAxis, lane: &Lane, top: f64) {
    let middle = top + LANE / 2.0;
    let name = fit(&lane.name, SMALL, WIDEST - 14.0);
    canvas.text(&name, (time.left - 8.0, middle), SMALL, INK, Hold::Right);
    let (upper, lower) = (top + 4.0, top + LANE - 4.0);
    for span in &lane.spans {
        let from = time.x(span.from_s);
        let to = if span.to_s.is_finite() {
            time.x(span.to_s)
        } else {
            time.right
        };
        let to = to.max(from + 0.8);
        match &span.state {
            State::On => canvas.block((from, upper), (to, lower), BLUE, 1.0),
            State::Off => canvas.line(&[(from, lower), (to, lower)], FAINT, 1.0),
            State::Word(word) => {
                canvas.block((from, upper - 1.5), (to, lower + 1.5), BLUE, 0.18);
                canvas.line(&[(from, upper - 1.5), (from, lower + 1.5)], BLUE, 1.5);
                if to - from > width_of("abc", 10.0) + 8.0 {
                    let shown = fit(word, 10.0, to - from - 8.0);
                    canvas.text(&shown, (from + 4.0, middle), 10.0, INK, Hold::Left);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{State, sampled};
    use crate::plot::trace::Trace;

    #[test]
    fn a_contact_becomes_spans() {
        let mut trace = Trace::new(&["load_contact".to_owned()]);
        for at in 0..100 {
            let on = f64::from(u8::from(!(30..62).contains(&at)));
            trace.row(f64::from(at), &[Some(on)]);
        }
        let spans = sampled(&trace, 0);
        let shown: Vec<_> = spans
            .iter()
            .map(|s| (s.from_s, s.to_s, s.state == State::On))
            .collect();
        assert_eq!(
            shown,
            [(0.0, 30.0, true), (30.0, 62.0, false), (62.0, 99.0, true)]
        );
    }
}
