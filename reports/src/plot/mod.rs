//! One picture a scenario: analog panels over bench time, then contacts and codes as a timeline,
//! then where the judgements fell.

mod analog;
mod canvas;
mod delays;
mod lanes;
mod limits;
mod panels;
mod scale;
mod trace;

use crate::model::Scenario;
use crate::read::inside;
use canvas::{Canvas, FAINT, GRID, Hold, INK};
use record::{SampleReader, Verdict};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
pub(crate) use trace::Trace;

/// Width of every plot, px.
const WIDTH: i32 = 960;
/// Height of the strip with the steps, px.
const STRIP: f64 = 22.0;
/// Height of the axis with the times, px.
const AXIS: f64 = 34.0;
const SMALL: f64 = 11.0;
/// Most ticks of the time axis.
const TICKS: usize = 10;

/// What was read of a scenario's samples.
pub(crate) struct Samples {
    /// The thinned rows; none where there is no file.
    pub(crate) trace: Option<Trace>,
    /// What is wrong with the files, one line each.
    pub(crate) problems: Vec<String>,
}

/// Reads and thins the samples of a scenario, row by row.
///
/// Of several files the last is drawn: a scenario has one, unless it was recorded oddly.
pub(crate) fn samples(run_dir: &Path, scenario: &Scenario) -> Samples {
    let mut found = Samples {
        trace: None,
        problems: Vec::new(),
    };
    for file in scenario.samples.iter().filter(|file| inside(&file.path)) {
        let Ok(input) = File::open(run_dir.join(&file.path)) else {
            continue;
        };
        let say = |what: &str| format!("scenario {}: {}: {what}", scenario.number, file.path);
        let reader = match SampleReader::new(BufReader::with_capacity(1 << 16, input)) {
            Ok(reader) => reader,
            Err(error) => {
                found.problems.push(say(&error.to_string()));
                continue;
            }
        };
        let mut trace = Trace::new(reader.columns());
        if let Err(error) = reader.each(|row| trace.row(row.at_s, &row.values)) {
            found
                .problems
                .push(say(&format!("not read to its end: {error}")));
        }
        if let Some(rows) = file.rows.filter(|&rows| rows != trace.rows) {
            let what = format!("{} rows, the journal tells of {rows}", trace.rows);
            found.problems.push(say(&what));
        }
        if trace.astray > 0 {
            found
                .problems
                .push(say(&format!("{} rows without a usable time", trace.astray)));
        }
        found.trace = Some(trace);
    }
    found
}

/// The horizontal axis: bench time over the width between the margins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeAxis {
    left: f64,
    right: f64,
    begin_s: f64,
    end_s: f64,
}

impl TimeAxis {
    fn x(&self, at_s: f64) -> f64 {
        let part = (at_s - self.begin_s) / (self.end_s - self.begin_s);
        self.left + part.clamp(0.0, 1.0) * (self.right - self.left)
    }

    fn of(scenario: &Scenario, trace: Option<&Trace>, left: f64, right: f64) -> Self {
        let span = trace.and_then(Trace::span);
        let (begin, end) = span.unwrap_or((scenario.began_s, scenario.ended_s));
        let begin_s = begin.min(scenario.began_s);
        let end_s = end.max(scenario.ended_s);
        let end_s = if end_s - begin_s > 1e-3 {
            end_s
        } else {
            begin_s + 1.0
        };
        Self {
            left,
            right,
            begin_s,
            end_s,
        }
    }
}

/// Draws a scenario; `None` where there is nothing to see.
///
/// # Errors
/// With what plotters refused.
pub(crate) fn draw(
    scenario: &Scenario,
    trace: Option<&Trace>,
    simulated: bool,
) -> Result<Option<String>, String> {
    let empty = Trace::new(&[]);
    let shown = trace.unwrap_or(&empty);
    let (panels, states) = panels::panels(shown);
    let lanes = lanes::lanes(scenario, shown, &states);
    if panels.is_empty() && lanes.is_empty() {
        return Ok(None);
    }
    let bands = limits::of_panels(scenario, shown, &panels);
    let left = lanes::label_width(&lanes).max(58.0);
    let right = f64::from(WIDTH) - limits::label_width(&bands).max(36.0);
    let axis = TimeAxis::of(scenario, trace, left, right);
    let layouts: Vec<_> = panels
        .iter()
        .map(|panel| analog::layout(panel, &axis))
        .collect();
    let analog: f64 = layouts.iter().map(analog::Layout::height).sum();
    let height = STRIP + analog + lanes::height(&lanes, scenario) + AXIS;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a page of a few thousand pixels"
    )]
    let height = height.ceil() as i32;

    let mut svg = String::new();
    let mut canvas = Canvas::new(&mut svg, WIDTH, height);
    let bottom = f64::from(height) - AXIS;
    time_axis(&mut canvas, &axis, bottom);
    step_strip(&mut canvas, &axis, scenario, bottom);
    let mut y = STRIP;
    for ((panel, layout), bands) in panels.iter().zip(&layouts).zip(&bands) {
        analog::draw(&mut canvas, &axis, shown, panel, layout, bands, y);
        y += layout.height();
    }
    lanes::draw(&mut canvas, &axis, &lanes, scenario, y);
    if simulated {
        let place = (f64::from(WIDTH) - 4.0, f64::from(height) - 8.0);
        canvas.text("SIMULATED", place, 12.0, (0xD5, 0x5E, 0x00), Hold::Right);
    }
    canvas.finish()?;
    let title = format!(
        "Measurements of scenario {}: {}",
        scenario.number, scenario.name
    );
    Ok(Some(canvas::frame(&svg, WIDTH, height, &title)))
}

/// Grid of times behind one part of the plot.
fn time_grid(canvas: &mut Canvas<'_>, axis: &TimeAxis, top: f64, bottom: f64) {
    for (at_s, _) in &scale::time_ticks(axis.begin_s, axis.end_s, TICKS).at {
        let x = axis.x(*at_s);
        canvas.line(&[(x, top), (x, bottom)], GRID, 1.0);
    }
}

/// Times below everything.
fn time_axis(canvas: &mut Canvas<'_>, axis: &TimeAxis, bottom: f64) {
    let ticks = scale::time_ticks(axis.begin_s, axis.end_s, TICKS);
    for (at_s, label) in &ticks.at {
        let x = axis.x(*at_s);
        canvas.line(&[(x, bottom), (x, bottom + 4.0)], FAINT, 1.0);
        canvas.text(label, (x, bottom + 12.0), SMALL, INK, Hold::Middle);
    }
    canvas.line(&[(axis.left, bottom), (axis.right, bottom)], FAINT, 1.0);
    let middle = (axis.left + axis.right) / 2.0;
    let title = format!("bench time, {}", ticks.unit);
    canvas.text(&title, (middle, bottom + 26.0), SMALL, FAINT, Hold::Middle);
}

/// Where each step began; steps that begin close together share a label.
fn step_strip(canvas: &mut Canvas<'_>, axis: &TimeAxis, scenario: &Scenario, bottom: f64) {
    let begins = scenario
        .steps
        .iter()
        .map(|step| (axis.x(step.began_s), step.number, step.verdict));
    if scenario.steps.is_empty() {
        return;
    }
    canvas.text("steps", (axis.left - 8.0, 9.0), SMALL, FAINT, Hold::Right);
    for cluster in clusters(begins, 26.0) {
        for &x in &cluster.marks {
            canvas.line(&[(x, STRIP - 5.0), (x, bottom)], (0xB8, 0xB8, 0xB8), 1.0);
        }
        let place = (cluster.x + 3.0, 9.0);
        canvas.text(&cluster.label(), place, SMALL, FAINT, Hold::Left);
    }
}

/// Marks that stand too close for a label each.
struct Cluster {
    /// Where the first stands, px.
    x: f64,
    /// Where each stands, px.
    marks: Vec<f64>,
    numbers: Vec<u32>,
    worst: Verdict,
}

impl Cluster {
    fn label(&self) -> String {
        let mut numbers = self.numbers.clone();
        numbers.sort_unstable();
        let consecutive = numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
        match numbers[..] {
            [first, .., last] if consecutive => format!("{first}–{last}"),
            [first, _, _, ..] => format!("{first}, …"),
            _ => numbers
                .iter()
                .map(u32::to_string)
                .collect::<Vec<_>>()
                .join(", "),
        }
    }
}

/// Gathers marks of the same place, number and verdict that lie within `apart` pixels of the first.
fn clusters(marks: impl Iterator<Item = (f64, u32, Verdict)>, apart: f64) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    for (x, number, verdict) in marks {
        match clusters.last_mut() {
            Some(cluster) if x - cluster.x < apart => {
                cluster.marks.push(x);
                cluster.numbers.push(number);
                cluster.worst = cluster.worst.and(verdict);
            }
            _ => clusters.push(Cluster {
                x,
                marks: vec![x],
                numbers: vec![number],
                worst: verdict,
            }),
        }
    }
    clusters
}

/// Draws the mark of a verdict; the shape tells it where colours don't.
fn mark(canvas: &mut Canvas<'_>, place: (f64, f64), verdict: Verdict) {
    match verdict {
        Verdict::Pass => canvas.disc(place, 4.0, (0x00, 0x9E, 0x73)),
        Verdict::Fail => canvas.cross(place, 4.5, (0xD5, 0x5E, 0x00)),
        Verdict::Inconclusive | Verdict::Error | Verdict::Interrupted => {
            canvas.triangle(place, 4.5, (0xE6, 0x9F, 0x00));
        }
        Verdict::Skipped => canvas.disc(place, 4.0, FAINT),
    }
}
