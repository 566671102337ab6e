//! Which columns share a panel: told from their names, `cell_1_v`, `charger_a`, `charge_contact`.

use super::trace::Trace;

/// Okabe and Ito's colours, in an order that keeps neighbours apart; grey in place of the yellow,
/// which nobody sees on white.
pub(crate) const COLOURS: [(u8, u8, u8); 8] = [
    (0x00, 0x72, 0xB2),
    (0xD5, 0x5E, 0x00),
    (0x00, 0x9E, 0x73),
    (0xCC, 0x79, 0xA7),
    (0xE6, 0x9F, 0x00),
    (0x56, 0xB4, 0xE9),
    (0x00, 0x00, 0x00),
    (0x80, 0x80, 0x80),
];

/// One analog panel.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Panel {
    /// Title: `cell voltages`.
    pub(crate) title: &'static str,
    /// Unit of all its columns.
    pub(crate) unit: &'static str,
    /// Height, px.
    pub(crate) height: i32,
    /// Its lines.
    pub(crate) lines: Vec<Line>,
}

/// One line of a panel.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// Column of the trace.
    pub(crate) column: usize,
    /// Name in the legend; the same for lines drawn alike.
    pub(crate) label: String,
    /// Place in [`COLOURS`].
    pub(crate) colour: usize,
}

/// Unit that the end of a column's name tells, and the name without it.
pub(crate) fn unit_of(column: &str) -> Option<(&str, &'static str)> {
    let (name, end) = column.rsplit_once('_')?;
    let unit = match end {
        "v" => "V",
        "mv" => "mV",
        "a" => "A",
        "w" => "W",
        "c" | "celsius" | "degc" => "°C",
        "k" => "K",
        "percent" | "pct" => "%",
        "ah" => "Ah",
        "ohm" | "ohms" => "Ω",
        "hz" => "Hz",
        "dbm" => "dBm",
        "s" => "s",
        _ => return None,
    };
    Some((name, unit))
}

/// A column's name in words.
pub(crate) fn words(name: &str) -> String {
    name.replace("pre_alarm", "pre-alarm").replace('_', " ")
}

/// Sorts the columns of a trace into panels; those that hold states, 0 or 1, come second. Columns
/// without a single value are left out.
pub(crate) fn panels(trace: &Trace) -> (Vec<Panel>, Vec<usize>) {
    let mut panels: Vec<Panel> = Vec::new();
    let mut states = Vec::new();
    for (column, name) in trace.columns().iter().enumerate() {
        if trace.range(column).is_none() {
            continue;
        }
        let (short, unit) = match unit_of(name) {
            Some(known) => known,
            None if trace.is_binary(column) => {
                states.push(column);
                continue;
            }
            None => (name.as_str(), ""),
        };
        let (title, height) = kind(short, unit);
        let place = panels
            .iter()
            .position(|panel| panel.title == title && panel.unit == unit);
        let place = place.unwrap_or_else(|| {
            panels.push(Panel {
                title,
                unit,
                height,
                lines: Vec::new(),
            });
            panels.len() - 1
        });
        let colour = panels[place].lines.len();
        panels[place].lines.push(Line {
            column,
            label: words(short),
            colour,
        });
    }
    panels.sort_by_key(|panel| rank(panel.title));
    panels.iter_mut().for_each(share_colours);
    (panels, states)
}

fn kind(name: &str, unit: &str) -> (&'static str, i32) {
    match unit {
        "V" | "mV" if name.contains("cell") => ("cell voltages", 190),
        "V" | "mV" if name.starts_with("battery") => ("battery voltages", 110),
        "V" | "mV" => ("voltages", 120),
        "A" => ("currents", 120),
        "°C" => ("temperatures", 110),
        "" => ("other", 100),
        _ => ("others", 100),
    }
}

fn rank(title: &str) -> u8 {
    match title {
        "cell voltages" => 0,
        "battery voltages" => 1,
        "voltages" => 2,
        "currents" => 3,
        "temperatures" => 4,
        _ => 5,
    }
}

/// More lines than colours: lines that differ in their last number only (`battery 2 cell 1…4`)
/// share one.
fn share_colours(panel: &mut Panel) {
    if panel.lines.len() <= COLOURS.len() {
        return;
    }
    let mut groups: Vec<String> = Vec::new();
    for line in &mut panel.lines {
        let group = line
            .label
            .trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
        let group = group.to_owned();
        let place = groups
            .iter()
            .position(|known| *known == group)
            .unwrap_or_else(|| {
                groups.push(group.clone());
                groups.len() - 1
            });
        line.colour = place % COLOURS.len();
        if group != line.label && !group.is_empty() {
            line.label = format!("{group}s");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::panels;
    use crate::plot::trace::Trace;

    #[test]
    fn columns_find_their_panel_by_name() {
        let columns = [
            "charger_a",
            "cell_1_v",
            "charge_contact",
            "pack_v",
            "cell_2_v",
            "board_c",
            "code",
            "never_v",
        ];
        let mut trace = Trace::new(&columns.map(str::to_owned));
        let row = [1.0, 3.3, 1.0, 13.2, 3.3, 20.0, 11.0];
        trace.row(0.0, &row.map(Some));
        let (panels, states) = panels(&trace);
        let shown: Vec<String> = panels
            .iter()
            .map(|panel| {
                let lines: Vec<_> = panel.lines.iter().map(|line| line.label.as_str()).collect();
                format!("{} [{}]: {}", panel.title, panel.unit, lines.join(", "))
            })
            .collect();
        assert_eq!(
            shown,
            [
                "cell voltages [V]: cell 1, cell 2",
                "voltages [V]: pack",
                "currents [A]: charger",
                "temperatures [°C]: board",
                "other []: code",
            ]
        );
        assert_eq!(states, [2]);
    }

    #[test]
    fn sixteen_cells_share_a_colour_by_battery() {
        let columns: Vec<String> = (1..=4)
            .flat_map(|battery| (1..=4).map(move |cell| format!("battery_{battery}_cell_{cell}_v")))
            .collect();
        let mut trace = Trace::new(&columns);
        trace.row(0.0, &[Some(3.3); 16]);
        let (panels, _) = panels(&trace);
        let colours: Vec<usize> = panels[0].lines.iter().map(|line| line.colour).collect();
        assert_eq!(colours, [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
        assert_eq!(panels[0].lines[5].label, "battery 2 cells");
    }
}
