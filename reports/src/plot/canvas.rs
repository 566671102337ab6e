//! A sheet in pixels over plotters' SVG back end.
//!
//! Its coordinates are whole numbers: everything is drawn eight times as large and shown at an
//! eighth. Colours and fonts stand in attributes, so that the picture survives where style sheets
//! are blocked.

use plotters::coord::Shift;
use plotters::element::Drawable;
use plotters::prelude::{
    Circle, Color as _, DrawingArea, IntoDrawingArea, PathElement, Polygon, RGBColor, Rectangle,
    SVGBackend, ShapeStyle, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{IntoFont, TextStyle};
use std::fmt::Write as _;

/// Units a pixel.
const FINE: f64 = 8.0;
/// What plotters divides font sizes by.
const FONT: f64 = 1.24;
/// Mean width of a character of a sans-serif face, in its size.
const CHARACTER: f64 = 0.56;

/// A colour: red, green, blue.
pub(crate) type Colour = (u8, u8, u8);

pub(crate) const INK: Colour = (0x1A, 0x1A, 0x1A);
pub(crate) const FAINT: Colour = (0x5A, 0x5A, 0x5A);
pub(crate) const GRID: Colour = (0xE0, 0xE0, 0xE0);

/// Stands for "green and dashed" until [`frame`]; used for nothing else.
const DASHED: Colour = (0x00, 0x9E, 0x74);

/// Where a text is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    Left,
    Middle,
    Right,
}

/// The sheet.
pub(crate) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    failure: Option<String>,
}

impl<'a> Canvas<'a> {
    /// A sheet of this size in pixels that is written into `svg`.
    pub(crate) fn new(svg: &'a mut String, width: i32, height: i32) -> Self {
        let size = (fine(f64::from(width)), fine(f64::from(height)));
        let size = (size.0.unsigned_abs(), size.1.unsigned_abs());
        let area = SVGBackend::with_string(svg, size).into_drawing_area();
        Self {
            area,
            failure: None,
        }
    }

    fn draw<E>(&mut self, element: &E)
    where
        for<'b> &'b E: plotters::element::PointCollection<'b, (i32, i32)>,
        E: Drawable<SVGBackend<'a>>,
    {
        if let Err(error) = self.area.draw(element) {
            self.failure.get_or_insert_with(|| error.to_string());
        }
    }

    /// A line through these points.
    pub(crate) fn line(&mut self, points: &[(f64, f64)], colour: Colour, width: f64) {
        let points: Vec<_> = points.iter().map(|&point| at(point)).collect();
        self.draw(&PathElement::new(points, stroke(colour, 1.0, width)));
    }

    /// A dashed horizontal line; [`frame`] makes the dashes, which plotters would draw one by one.
    pub(crate) fn dashes(&mut self, from: f64, to: f64, y: f64) {
        self.line(&[(from, y), (to, y)], DASHED, 1.0);
    }

    /// A filled rectangle.
    pub(crate) fn block(&mut self, from: (f64, f64), to: (f64, f64), colour: Colour, alpha: f64) {
        let style = rgb(colour).mix(alpha).filled();
        self.draw(&Rectangle::new([at(from), at(to)], style));
    }

    /// A filled disc.
    pub(crate) fn disc(&mut self, middle: (f64, f64), radius: f64, colour: Colour) {
        self.draw(&Circle::new(at(middle), fine(radius), rgb(colour).filled()));
    }

    /// A filled triangle on its base.
    pub(crate) fn triangle(&mut self, (x, y): (f64, f64), radius: f64, colour: Colour) {
        let corners = [
            (x, y - radius),
            (x + radius, y + radius),
            (x - radius, y + radius),
        ];
        let corners: Vec<_> = corners.into_iter().map(at).collect();
        self.draw(&Polygon::new(corners, rgb(colour).filled()));
    }

    /// A cross.
    pub(crate) fn cross(&mut self, (x, y): (f64, f64), radius: f64, colour: Colour) {
        let r = radius;
        self.line(&[(x - r, y - r), (x + r, y + r)], colour, 2.2);
        self.line(&[(x - r, y + r), (x + r, y - r)], colour, 2.2);
    }

    /// A text, its middle height at `place`.
    pub(crate) fn text(
        &mut self,
        text: &str,
        place: (f64, f64),
        size: f64,
        colour: Colour,
        hold: Hold,
    ) {
        let hold = match hold {
            Hold::Left => HPos::Left,
            Hold::Middle => HPos::Center,
            Hold::Right => HPos::Right,
        };
        let font = ("sans-serif", size * FONT * FINE).into_font();
        let ink = rgb(colour);
        let style = TextStyle::from(font)
            .color(&ink)
            .pos(Pos::new(hold, VPos::Center));
        // A picture of its own is XML, which has no control characters.
        let text = text.replace(char::is_control, " ");
        self.draw(&Text::new(text, at(place), style));
    }

    /// Ends the drawing.
    ///
    /// # Errors
    /// With what plotters refused first.
    pub(crate) fn finish(self) -> Result<(), String> {
        self.area.present().map_err(|error| error.to_string())?;
        self.failure.map_or(Ok(()), Err)
    }
}

/// Gives the picture its size on the page and its name for those who can't see it.
pub(crate) fn frame(svg: &str, width: i32, height: i32, title: &str) -> String {
    let body = svg.split_once('\n').map_or("", |(_, body)| body);
    let mut framed = String::with_capacity(svg.len() + 256);
    let _ = writeln!(
        framed,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {} {}\" font-family=\"sans-serif\" stroke-linejoin=\"round\" role=\"img\" \
         aria-label=\"{}\">",
        fine(f64::from(width)),
        fine(f64::from(height)),
        escape(title),
    );
    // Texts can't be hit by these: in them every quote is escaped.
    for line in body.lines() {
        let line = line
            .replace(" opacity=\"1\"", "")
            .replace(" font-family=\"sans-serif\"", "")
            .replace(
                "stroke=\"#009E74\"",
                "stroke=\"#009E73\" stroke-dasharray=\"72 40\"",
            );
        framed += relative(&line).as_deref().unwrap_or(&line);
        framed.push('\n');
    }
    framed
}

/// A polyline as a path of differences, which takes half the room.
fn relative(line: &str) -> Option<String> {
    let rest = line.strip_prefix("<polyline ")?;
    let (attributes, points) = rest.split_once("points=\"")?;
    let points = points.split_once('"')?.0;
    let mut path = format!("<path {attributes}d=\"");
    let mut before: Option<(i32, i32)> = None;
    for point in points.split_ascii_whitespace() {
        let (x, y) = point.split_once(',')?;
        let (x, y) = (x.parse::<i32>().ok()?, y.parse::<i32>().ok()?);
        let (dx, dy) = before.map_or((x, y), |(old_x, old_y)| (x - old_x, y - old_y));
        let begin = if before.is_none() { "m" } else { " " };
        // A minus sign parts two numbers as well as a space does.
        let part = if dy < 0 { "" } else { " " };
        let _ = write!(path, "{begin}{dx}{part}{dy}");
        before = Some((x, y));
    }
    path += "\"/>";
    Some(path)
}

/// How wide a text probably is, px.
pub(crate) fn width_of(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * CHARACTER
}

/// A text cut to a width, px.
pub(crate) fn fit(text: &str, size: f64, width: f64) -> String {
    if width_of(text, size) <= width {
        return text.to_owned();
    }
    let mut kept: String = text.to_owned();
    while !kept.is_empty() && width_of(&kept, size) + size > width {
        kept.pop();
    }
    format!("{}…", kept.trim_end())
}

fn escape(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '<' => "&lt;".into(),
            '>' => "&gt;".into(),
            '&' => "&amp;".into(),
            '"' => "&quot;".into(),
            c if c.is_control() => " ".into(),
            c => c.to_string(),
        })
        .collect()
}

fn rgb((red, green, blue): Colour) -> RGBColor {
    RGBColor(red, green, blue)
}

fn stroke(colour: Colour, alpha: f64, width: f64) -> ShapeStyle {
    let width = fine(width).unsigned_abs();
    rgb(colour).mix(alpha).stroke_width(width)
}

fn at((x, y): (f64, f64)) -> (i32, i32) {
    (fine(x), fine(y))
}

fn fine(pixels: f64) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "saturates far outside any page"
    )]
    let whole = (pixels * FINE).round() as i32;
    whole
}

#[cfg(test)]
mod tests {
    use super::{fit, relative};

    #[test]
    fn a_path_of_differences_is_the_same_line() {
        let line = "<polyline fill=\"none\" stroke=\"#000000\" points=\"80,40 88,32 88,40 \"/>";
        assert_eq!(
            relative(line).as_deref(),
            Some("<path fill=\"none\" stroke=\"#000000\" d=\"m80 40 8-8 0 8\"/>")
        );
        assert_eq!(relative("<line x1=\"1\"/>"), None);
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(
            fit("battery 1 discharge allowed", 11.0, 400.0),
            "battery 1 discharge allowed"
        );
        assert_eq!(
            fit("battery 1 discharge allowed", 11.0, 90.0),
            "battery 1 di…"
        );
        assert_eq!(fit("anything", 11.0, 0.0), "…");
    }
}
