//! A trend as a picture: one column a run, uncertainties as bars, limits dashed.

use super::trend::Trend;
use maud::{Markup, html};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 80.0;
const RIGHT: f64 = 30.0;
const TOP: f64 = 46.0;
const BOTTOM: f64 = 46.0;

/// An SVG with one panel a trend.
pub(crate) fn plot(trends: &[Trend]) -> String {
    let height = HEIGHT * trends.len() as f64;
    let page = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (WIDTH) " " (height) } width=(WIDTH) height=(height) font-family="sans-serif" font-size="12" role="img" {
            title { "Measured values over runs" }
            rect width=(WIDTH) height=(height) fill="#FFFFFF" {}
            @for (place, trend) in trends.iter().enumerate() {
                g transform={ "translate(0," (HEIGHT * place as f64) ")" } { (panel(trend)) }
            }
        }
    };
    page.into_string()
}

struct Axis {
    from: f64,
    to: f64,
}

impl Axis {
    fn of(trend: &Trend) -> Self {
        let ends = trend
            .points
            .iter()
            .flat_map(|p| [p.value - p.uncertainty, p.value + p.uncertainty]);
        let all = ends.chain(trend.low).chain(trend.high);
        let (from, to) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| {
            (a.min(v), b.max(v))
        });
        let margin = ((to - from) * 0.08).max(1e-6);
        Self {
            from: from - margin,
            to: to + margin,
        }
    }

    fn y(&self, value: f64) -> f64 {
        let part = (value - self.from) / (self.to - self.from);
        ((HEIGHT - BOTTOM) - part * (HEIGHT - TOP - BOTTOM)).round()
    }
}

fn panel(trend: &Trend) -> Markup {
    let axis = Axis::of(trend);
    let mut runs: Vec<i64> = trend.points.iter().map(|point| point.run).collect();
    runs.dedup();
    let step = (WIDTH - LEFT - RIGHT) / runs.len().max(1) as f64;
    let x = |run: i64| {
        let place = runs.iter().position(|known| *known == run).unwrap_or(0);
        (LEFT + step * (place as f64 + 0.5)).round()
    };
    let right = WIDTH - RIGHT;
    html! {
        text x=(LEFT) y="18" font-weight="bold" { (trend.quantity) ", " (trend.unit) " (" (trend.clause) ")" }
        text x=(LEFT) y="36" fill="#5A5A5A" { (trend.device) " · " (figures(trend)) }
        rect x=(LEFT) y=(TOP) width=(right - LEFT) height=(HEIGHT - TOP - BOTTOM) fill="none" stroke="#B8B8B8" {}
        @for limit in [trend.low, trend.high].into_iter().flatten() {
            line x1=(LEFT) x2=(right) y1=(axis.y(limit)) y2=(axis.y(limit)) stroke="#009E73" stroke-dasharray="7 4" {}
            text x=(LEFT - 6.0) y=(axis.y(limit) + 4.0) text-anchor="end" fill="#00674b" { (limit) }
        }
        line x1=(LEFT) x2=(right) y1=(axis.y(trend.mean)) y2=(axis.y(trend.mean)) stroke="#808080" {}
        @for point in &trend.points {
            @let colour = if point.verdict == "Pass" { "#0072B2" } else { "#D55E00" };
            line x1=(x(point.run)) x2=(x(point.run)) y1=(axis.y(point.value - point.uncertainty)) y2=(axis.y(point.value + point.uncertainty)) stroke=(colour) {}
            circle cx=(x(point.run)) cy=(axis.y(point.value)) r="4" fill=(colour) {
                title { "run " (point.run) ", scenario " (point.scenario) ": " (point.value) " " (trend.unit) ", " (point.verdict) }
            }
        }
        @for run in thinned(&runs) {
            text x=(x(run)) y=(HEIGHT - BOTTOM + 18.0) text-anchor="middle" { (run) }
        }
        text x=((LEFT + right) / 2.0) y=(HEIGHT - 10.0) text-anchor="middle" fill="#5A5A5A" { "run" }
    }
}

/// Labels that have room.
fn thinned(runs: &[i64]) -> Vec<i64> {
    runs.iter()
        .copied()
        .step_by(runs.len().div_ceil(20).max(1))
        .collect()
}

/// Mean, spread, drift and capability in words.
pub(crate) fn figures(trend: &Trend) -> String {
    let unit = &trend.unit;
    let count = match trend.points.len() {
        1 => "1 value".to_owned(),
        count => format!("{count} values"),
    };
    let mut text = format!("{count}, mean {:.4} {unit}", trend.mean);
    if let Some(deviation) = trend.deviation {
        text += &format!(", standard deviation {deviation:.4} {unit}");
    }
    if let Some(drift) = trend.drift_per_run {
        text += &format!(", drift {drift:+.5} {unit} a run");
    }
    if let Some(cpk) = trend.cpk {
        text += &format!(", Cpk {cpk:.2}");
    }
    text
}
