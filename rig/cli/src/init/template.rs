//! A commented bench file with what is known put in.

use super::Discovered;
use std::fmt::Write as _;

/// A battery bench.
const BATTERY: &str = include_str!("../../../../fixtures/benches/lab-example.yaml");
/// A board bench.
const BOARD: &str = include_str!("../../../../fixtures/benches/sim-board-4s.yaml");
/// What a person has to fill in.
const MARK: &str = "# TO DO:";

/// Where an instrument is that wasn't named.
const NOWHERE: &str = "192.0.2.x";

/// What the file is to be for.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// Whether supply channels stand for cells.
    pub(crate) board: bool,
    /// Name of the bench.
    pub(crate) name: String,
    /// Battery model.
    pub(crate) battery: String,
    /// BMS model.
    pub(crate) bms: String,
    /// Instruments that were asked who they are.
    pub(crate) instruments: Vec<Discovered>,
}

impl Wanted {
    /// The file, and what is left to do in it.
    pub(crate) fn write(&self) -> String {
        let template = if self.board { BOARD } else { BATTERY };
        let mut out = String::new();
        let mut section = "";
        let mut current: Option<&Discovered> = None;
        let (mut skipping_list, mut nowhere) = (false, 0);
        for line in template.lines() {
            if is_key(line, 0) {
                if section == "instruments:" {
                    out.push_str(&self.others(template));
                }
                section = line.trim();
                current = None;
            }
            if section == "instruments:" && is_key(line, 2) {
                let id = line.trim().trim_end_matches(':').split(':').next();
                current = id.and_then(|id| self.instruments.iter().find(|one| one.id == id));
            }
            // A bench stands for one device: the list of others is for the suite's own.
            if line.trim_start().starts_with("other_bms:") {
                skipping_list = true;
                continue;
            }
            if skipping_list && line.trim_start().starts_with("- ") {
                continue;
            }
            skipping_list = false;
            let mut text = self.line(line, current);
            if text.contains(NOWHERE) {
                // Each its own: two instruments can't answer at one address.
                nowhere += 1;
                text = text.replace(NOWHERE, &format!("192.0.2.{nowhere}"));
            }
            out.push_str(&text);
            out.push('\n');
        }
        out
    }

    /// One line with what is known about it.
    fn line(&self, line: &str, current: Option<&Discovered>) -> String {
        let known = |key: &str, value: &str| format!("{key}: {value}");
        let indent = line.len() - line.trim_start().len();
        let key = line.trim().split(':').next().unwrap_or_default();
        match (indent, key) {
            (0, "name") => known("name", &self.name),
            (0, "about") => known("about", &format!("a {} with a {}", self.battery, self.bms)),
            (2, "battery") => format!("  {}", known("battery", &self.battery)),
            (2, "bms") => format!("  {}", known("bms", &self.bms)),
            (2, "name" | "address" | "customer" | "operators") => format!("{line}   {MARK} yours"),
            (2, "serials") => format!("  {MARK} serials: [of each battery, then of the BMS]"),
            (4, "driver" | "address" | "serial" | "calibration") => {
                instrument_line(line, key, current)
            }
            // Of a nested calibration.
            (6, "certificate" | "due") => format!("      # {}", line.trim()),
            (2, "radio") if line.contains("'sim:'") => {
                format!(
                    "  {MARK} radio: {{ receiver: 'bluez:hci0', keys: 'env:RIG_BATTERY_KEYS', batteries: ['c0:11:22:33:44:55'] }}"
                )
            }
            _ => line.to_owned(),
        }
    }

    /// Instruments that the template has no place for: they need a role in `wiring`.
    fn others(&self, template: &str) -> String {
        let mut out = String::new();
        for one in &self.instruments {
            if template.contains(&format!("\n  {}:", one.id)) {
                continue;
            }
            writeln!(
                out,
                "  {}:                               {MARK} give it a role in `wiring`\n    driver: {}\n    address: {}",
                one.id,
                one.driver.unwrap_or("unknown"),
                one.address
            )
            .expect("a string takes it");
        }
        out
    }
}

fn instrument_line(line: &str, key: &str, current: Option<&Discovered>) -> String {
    let told = current.and_then(|one| one.said.as_deref().ok());
    match (key, current) {
        ("driver", Some(one)) => match (one.driver, told) {
            (Some(driver), Some(told)) => format!("    driver: {driver}   # it says {told}"),
            (_, Some(told)) => {
                format!("    driver: unknown   {MARK} `rig list` has no driver for {told}")
            }
            _ => format!("{line}   {MARK} nobody answered at {}", one.address),
        },
        ("address", Some(one)) => format!("    address: {}", one.address),
        ("address", None) => format!("    address: tcp://{NOWHERE}:5025   {MARK} where it is"),
        ("serial", Some(one)) => match &one.serial {
            Some(serial) => format!("    serial: '{serial}'"),
            None => format!("    {MARK} serial: it must answer with this number"),
        },
        ("serial", None) => format!("    {MARK} serial: it must answer with this number"),
        ("calibration", _) => {
            format!("    {MARK} calibration: {{ certificate: …, due: YYYY-MM-DD }}")
        }
        _ => line.to_owned(),
    }
}

/// A key at this depth.
fn is_key(line: &str, indent: usize) -> bool {
    let depth = line.len() - line.trim_start().len();
    let text = line.trim();
    depth == indent && !text.is_empty() && !text.starts_with(['#', '-']) && text.contains(':')
}

#[cfg(test)]
mod tests {
    use super::{Discovered, Wanted};

    fn wanted(board: bool) -> Wanted {
        Wanted {
            board,
            name: "bench-3".into(),
            battery: "LFP-Smart 12.8/100".into(),
            bms: "smallBMS".into(),
            instruments: vec![
                Discovered {
                    id: if board { "daq" } else { "charger" }.into(),
                    address: "tcp://10.0.0.7:5025".into(),
                    said: Ok("EA,PSB 10060-120,1430450002,V3".into()),
                    driver: Some("ea-psb10000"),
                    serial: Some("1430450002".into()),
                },
                Discovered {
                    id: "spare".into(),
                    address: "tcp://10.0.0.8:5025".into(),
                    said: Err("nobody".into()),
                    driver: None,
                    serial: None,
                },
            ],
        }
    }

    #[test]
    fn what_answered_stands_in_the_file_and_what_is_missing_is_marked() {
        let text = wanted(false).write();
        for told in [
            "name: bench-3\n",
            "    driver: ea-psb10000   # it says EA,PSB 10060-120,1430450002,V3\n    address: tcp://10.0.0.7:5025\n    serial: '1430450002'\n",
            "    # TO DO: calibration: { certificate: …, due: YYYY-MM-DD }\n",
            "  spare:                               # TO DO: give it a role in `wiring`\n",
            "    address: tcp://192.0.2.1:5025   # TO DO: where it is\n",
        ] {
            assert!(text.contains(told), "{told}\n{text}");
        }
        assert!(!text.contains("2012345678"), "the example's serial number");
    }

    #[test]
    fn what_is_written_is_a_bench_file() {
        for board in [false, true] {
            let mut wanted = wanted(board);
            wanted.instruments.truncate(if board { 0 } else { 1 });
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("bench.yaml");
            std::fs::write(&path, wanted.write()).unwrap();
            let bench = config::load_bench(&path).unwrap();
            assert_eq!(bench.name, "bench-3");
            let real = |one: &config::Instrument| one.address.starts_with("tcp://");
            assert!(bench.instruments.values().all(real));
        }
    }
}
