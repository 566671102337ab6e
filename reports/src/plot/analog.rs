//! A panel of lines over time.

use super::canvas::{Canvas, FAINT, GRID, Hold, INK, width_of};
use super::limits::Band;
use super::panels::{COLOURS, Line, Panel};
use super::trace::{Bin, Trace};
use super::{SMALL, TimeAxis, mark, scale, time_grid};

const ROW: f64 = 16.0;
const GAP: f64 = 12.0;
/// A line is broken where rows without a value span this part of the plot, and several times the
/// usual distance between values: in quick rows only contacts are measured.
const BREAK: f64 = 0.03;
const USUAL: f64 = 5.0;
/// With more limits than this none is shaded: shades on top of each other tell nothing.
const SHADED: usize = 2;
/// Vertical moves below this, px, are not drawn: less than anyone sees of a line of this width.
const FLAT: f64 = 0.3;

/// Where the parts of a panel stand, px from its top.
pub(crate) struct Layout {
    /// Row and place of each name in the legend.
    legend: Vec<LegendEntry>,
    rows: usize,
    plot: f64,
}

struct LegendEntry {
    row: usize,
    x: f64,
    label: String,
    colour: usize,
}

impl Layout {
    pub(crate) fn height(&self) -> f64 {
        self.rows as f64 * ROW + self.plot + GAP
    }
}

/// Places the legend; it wraps where the names don't fit beside the title.
pub(crate) fn layout(panel: &Panel, axis: &TimeAxis) -> Layout {
    let mut x = axis.left + width_of(&title(panel), SMALL) + 24.0;
    let mut row = 0;
    let mut legend: Vec<LegendEntry> = Vec::new();
    for line in &panel.lines {
        if legend.iter().any(|known| known.label == line.label) {
            continue;
        }
        let width = 22.0 + width_of(&line.label, SMALL) + 14.0;
        if x + width > axis.right {
            row += 1;
            x = axis.left;
        }
        legend.push(LegendEntry {
            row,
            x,
            label: line.label.clone(),
            colour: line.colour,
        });
        x += width;
    }
    Layout {
        legend,
        rows: row + 1,
        plot: f64::from(panel.height),
    }
}

fn title(panel: &Panel) -> String {
    match panel.unit {
        "" => panel.title.to_owned(),
        unit => format!("{}, {unit}", panel.title),
    }
}

/// The vertical axis of a panel.
pub(crate) struct ValueAxis {
    top: f64,
    bottom: f64,
    low: f64,
    high: f64,
}

impl ValueAxis {
    fn y(&self, value: f64) -> f64 {
        let part = (value - self.low) / (self.high - self.low);
        self.bottom - part.clamp(-0.02, 1.02) * (self.bottom - self.top)
    }

    fn shows(&self, value: f64) -> bool {
        value >= self.low && value <= self.high
    }
}

/// Range of a panel: its data and the limits near to it, with a little air, and never so narrow
/// that noise looks like an event.
fn range(trace: &Trace, panel: &Panel, bands: &[Band]) -> (f64, f64) {
    let data = panel
        .lines
        .iter()
        .filter_map(|line| trace.range(line.column));
    let data = data.reduce(|(low, high), (l, h)| (low.min(l), high.max(h)));
    let (mut low, mut high) = data.unwrap_or((0.0, 1.0));
    for band in bands {
        low = low.min(band.lowest());
        high = high.max(band.highest());
    }
    let least = match panel.unit {
        "V" if panel.title == "cell voltages" => 0.02,
        "V" => 0.1,
        "A" => 0.5,
        "°C" | "K" => 1.0,
        _ => (low.abs() * 1e-3).max(1e-6),
    };
    let short = (least - (high - low)).max(0.0) / 2.0;
    let air = (high - low).max(least) * 0.06;
    (low - short - air, high + short + air)
}

/// Draws a panel with its top at `top`.
pub(crate) fn draw(
    canvas: &mut Canvas<'_>,
    time: &TimeAxis,
    trace: &Trace,
    panel: &Panel,
    layout: &Layout,
    bands: &[Band],
    top: f64,
) {
    canvas.text(
        &title(panel),
        (time.left, top + ROW / 2.0),
        SMALL,
        INK,
        Hold::Left,
    );
    for entry in &layout.legend {
        let y = top + entry.row as f64 * ROW + ROW / 2.0;
        canvas.line(
            &[(entry.x, y), (entry.x + 16.0, y)],
            COLOURS[entry.colour % 8],
            2.5,
        );
        canvas.text(&entry.label, (entry.x + 20.0, y), SMALL, INK, Hold::Left);
    }
    let (low, high) = range(trace, panel, bands);
    let top = top + layout.rows as f64 * ROW;
    let axis = ValueAxis {
        top,
        bottom: top + layout.plot,
        low,
        high,
    };
    grid(canvas, time, &axis);
    draw_bands(canvas, time, &axis, bands);
    let lines = panel.lines.len();
    for (nth, line) in panel.lines.iter().enumerate() {
        // Later lines are thinner, so that lines on top of each other all show.
        let width = if lines <= 8 {
            1.3 + 1.1 * (lines - 1 - nth) as f64 / lines as f64
        } else {
            1.1
        };
        draw_line(canvas, time, &axis, trace, line, width);
    }
    for band in bands {
        for reading in &band.readings {
            let place = (time.x(reading.at_s), axis.y(reading.value));
            mark(canvas, place, reading.verdict);
        }
    }
}

fn grid(canvas: &mut Canvas<'_>, time: &TimeAxis, axis: &ValueAxis) {
    time_grid(canvas, time, axis.top, axis.bottom);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a panel is a few hundred pixels high"
    )]
    let most = ((axis.bottom - axis.top) / 26.0) as usize;
    for (value, label) in scale::value_ticks(axis.low, axis.high, most) {
        let y = axis.y(value);
        canvas.line(&[(time.left, y), (time.right, y)], GRID, 1.0);
        canvas.text(&label, (time.left - 6.0, y), SMALL, INK, Hold::Right);
    }
    let frame = [
        (time.left, axis.top),
        (time.right, axis.top),
        (time.right, axis.bottom),
        (time.left, axis.bottom),
        (time.left, axis.top),
    ];
    canvas.line(&frame, (0xB8, 0xB8, 0xB8), 1.0);
}

/// Limits as dashed lines, the room between two of them shaded; their names on the right, kept apart.
fn draw_bands(canvas: &mut Canvas<'_>, time: &TimeAxis, axis: &ValueAxis, bands: &[Band]) {
    const GREEN: (u8, u8, u8) = (0x00, 0x9E, 0x73);
    let mut labels: Vec<(f64, String)> = Vec::new();
    for band in bands {
        let high = axis.y(band.high.unwrap_or(f64::INFINITY)).max(axis.top);
        let low = axis
            .y(band.low.unwrap_or(f64::NEG_INFINITY))
            .min(axis.bottom);
        if band.low.is_some() && band.high.is_some() && bands.len() <= SHADED {
            canvas.block((time.left, high), (time.right, low), GREEN, 0.1);
        }
        for edge in [band.low, band.high]
            .into_iter()
            .flatten()
            .filter(|&edge| axis.shows(edge))
        {
            canvas.dashes(time.left, time.right, axis.y(edge));
        }
        let middle = match (band.low, band.high) {
            (Some(_), Some(_)) => (high + low) / 2.0,
            (Some(_), None) => low,
            (None, _) => high,
        };
        labels.push((middle, band.label()));
    }
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut above = axis.top - 6.0;
    for (y, label) in labels {
        let place = y.max(above + 13.0).min(axis.bottom + 6.0);
        above = place;
        canvas.line(&[(time.right, y), (time.right + 6.0, place)], FAINT, 0.8);
        canvas.text(&label, (time.right + 9.0, place), 10.0, INK, Hold::Left);
    }
}

fn draw_line(
    canvas: &mut Canvas<'_>,
    time: &TimeAxis,
    axis: &ValueAxis,
    trace: &Trace,
    line: &Line,
    width: f64,
) {
    let colour = COLOURS[line.colour % COLOURS.len()];
    let span = time.end_s - time.begin_s;
    let values: u32 = trace.bins(line.column).map(|bin| bin.count).sum();
    let gap_s = (span * BREAK).max(span / f64::from(values.max(1)) * USUAL);
    for piece in pieces(trace, line.column, gap_s) {
        let points = piece.iter().flat_map(|bin| bin.points());
        let points: Vec<_> = points.map(|p| (time.x(p.at_s), axis.y(p.value))).collect();
        let points = without_flats(&points);
        match points[..] {
            [only] => canvas.disc(only, width, colour),
            _ => canvas.line(&points, colour, width),
        }
    }
}

/// Bins with values, cut where rows without a value span more than `gap_s`.
fn pieces(trace: &Trace, column: usize, gap_s: f64) -> Vec<Vec<Bin>> {
    let mut pieces: Vec<Vec<Bin>> = Vec::new();
    let mut missing = false;
    for bin in trace.bins(column) {
        if bin.count == 0 {
            missing |= bin.missing > 0;
            continue;
        }
        match pieces.last_mut() {
            Some(piece)
                if !(missing
                    && piece
                        .last()
                        .is_some_and(|last| bin.first.at_s - last.last.at_s > gap_s)) =>
            {
                piece.push(*bin);
            }
            _ => pieces.push(vec![*bin]),
        }
        missing = false;
    }
    pieces
}

/// Leaves out points between which the line is flat.
fn without_flats(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::with_capacity(points.len());
    let mut skipped: Option<(f64, f64)> = None;
    for &point in points {
        let flat = kept
            .last()
            .is_some_and(|last| (last.1 - point.1).abs() < FLAT);
        if flat {
            skipped = Some(point);
            continue;
        }
        // The end of the flat part, so that a step stays a step.
        kept.extend(skipped.take());
        kept.push(point);
    }
    kept.extend(skipped);
    kept
}

#[cfg(test)]
mod tests {
    use super::{pieces, without_flats};
    use crate::plot::trace::Trace;

    #[test]
    fn steps_stay_steps() {
        let points = [
            (0.0, 5.0),
            (1.0, 5.1),
            (2.0, 5.0),
            (3.0, 9.0),
            (4.0, 9.0),
            (5.0, 9.1),
        ];
        let kept = without_flats(&points);
        assert_eq!(kept, [(0.0, 5.0), (2.0, 5.0), (3.0, 9.0), (5.0, 9.1)]);
    }

    #[test]
    fn a_line_is_not_drawn_where_nothing_was_measured() {
        let mut trace = Trace::new(&["cell_1_v".to_owned()]);
        for at in 0..300 {
            let value = (!(100..200).contains(&at)).then_some(3.3);
            trace.row(f64::from(at), &[value]);
        }
        assert_eq!(pieces(&trace, 0, 6.0).len(), 2);
        assert_eq!(pieces(&trace, 0, 150.0).len(), 1);
    }
}
