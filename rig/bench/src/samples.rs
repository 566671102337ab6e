//! Rows of the sample file: written as they come, never kept.

use crate::scan::ScanPlan;
use crate::{BenchError, Contact, Measured, Snapshot};
use config::Bench;
use record::{Event, Recorder, SampleFile};
use std::time::Duration;

/// The open sample file of the current scenario.
pub(crate) struct Samples {
    columns: Vec<String>,
    layout: Layout,
    file: Option<SampleFile>,
    /// Scenario that `file` belongs to; `None` before the first row.
    scenario: Option<Option<u32>>,
    row: Vec<Option<f64>>,
}

struct Layout {
    cells: Vec<usize>,
    pack: bool,
    charger: bool,
    load: bool,
    charger_side: bool,
    temperature: bool,
    chamber: bool,
    radio: usize,
}

impl Samples {
    pub(crate) fn new(bench: &Bench, plan: &ScanPlan) -> Self {
        let wiring = &bench.wiring;
        let layout = Layout {
            cells: plan.cells.clone(),
            pack: wiring.sense.pack.is_some(),
            charger: plan.charger.is_some(),
            load: plan.load.is_some(),
            charger_side: wiring.sense.charger_side.is_some(),
            temperature: plan.thermocouple.is_some(),
            chamber: plan.chamber.is_some(),
            radio: if wiring.radio.is_some() {
                bench.device.topology.batteries()
            } else {
                0
            },
        };
        let columns = layout.columns();
        Self {
            row: Vec::with_capacity(columns.len()),
            columns,
            layout,
            file: None,
            scenario: None,
        }
    }

    /// Writes a row: a full one, or contacts and telemetry only.
    pub(crate) fn write(
        &mut self,
        recorder: &Recorder,
        snapshot: &Snapshot,
        full: bool,
    ) -> Result<(), BenchError> {
        let scenario = recorder.scope().scenario;
        if self.scenario != Some(scenario) {
            self.finish(recorder, snapshot.at);
            self.file = recorder
                .samples(&self.columns)
                .map_err(|error| unwritten(&error))?;
            self.scenario = Some(scenario);
        }
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        self.layout.fill(&mut self.row, snapshot, full);
        file.writer
            .row(snapshot.at.as_secs_f64(), &self.row)
            .map_err(|error| unwritten(&error))
    }

    /// Hands everything to the file and journals where it is.
    pub(crate) fn finish(&mut self, recorder: &Recorder, at: Duration) {
        self.scenario = None;
        let Some(mut file) = self.file.take() else {
            return;
        };
        if let Err(error) = file.writer.flush() {
            let text = format!("samples in {} are incomplete: {error}", file.path);
            recorder.event(at, &Event::Warning { text });
        }
        recorder.event(
            at,
            &Event::Samples {
                path: file.path,
                rows: file.writer.rows(),
            },
        );
    }
}

fn unwritten(error: &dyn std::fmt::Display) -> BenchError {
    BenchError::Record {
        reason: format!("samples: {error}"),
    }
}

impl Layout {
    fn columns(&self) -> Vec<String> {
        let mut columns = Vec::new();
        let several = self.cells.len() > 1;
        for (battery, count) in (1..).zip(&self.cells) {
            for cell in 1..=*count {
                columns.push(if several {
                    format!("battery_{battery}_cell_{cell}_v")
                } else {
                    format!("cell_{cell}_v")
                });
            }
        }
        let single: [(bool, &[&str]); 6] = [
            (self.pack, &["bank_v"]),
            (self.charger, &["charger_v", "charger_a"]),
            (self.load, &["load_v", "load_a"]),
            (self.charger_side, &["charger_side_v"]),
            (self.temperature, &["temperature_c"]),
            (self.chamber, &["chamber_c"]),
        ];
        for (wired, names) in single {
            if wired {
                columns.extend(names.iter().map(|name| (*name).to_owned()));
            }
        }
        if self.charger || self.load {
            columns.push("current_a".into());
        }
        for name in ["charge_contact", "load_contact", "pre_alarm_contact"] {
            columns.push(name.into());
        }
        for battery in 1..=self.radio {
            for name in [
                "reported_v",
                "reported_c",
                "charge_allowed",
                "discharge_allowed",
            ] {
                columns.push(format!("battery_{battery}_{name}"));
            }
        }
        columns
    }

    fn fill(&self, row: &mut Vec<Option<f64>>, snapshot: &Snapshot, full: bool) {
        row.clear();
        let value = |measured: Option<&Measured>| measured.filter(|_| full).map(|m| m.value);
        for (battery, count) in self.cells.iter().enumerate() {
            let cells = snapshot.cells.get(battery);
            for cell in 0..*count {
                row.push(value(cells.and_then(|cells| cells.get(cell))));
            }
        }
        if self.pack {
            row.push(value(snapshot.pack.as_ref()));
        }
        for (wired, port) in [
            (self.charger, &snapshot.charger),
            (self.load, &snapshot.load),
        ] {
            if wired {
                row.push(value(port.as_ref().map(|port| &port.voltage)));
                row.push(value(port.as_ref().map(|port| &port.current)));
            }
        }
        for (wired, measured) in [
            (self.charger_side, &snapshot.charger_side),
            (self.temperature, &snapshot.temperature),
            (self.chamber, &snapshot.chamber),
            (self.charger || self.load, &snapshot.current),
        ] {
            if wired {
                row.push(value(measured.as_ref()));
            }
        }
        let flag = |on: bool| f64::from(u8::from(on));
        for contact in Contact::ALL {
            row.push(snapshot.contact(contact).map(flag));
        }
        for battery in 0..self.radio {
            let report = snapshot
                .batteries
                .get(battery)
                .and_then(Option::as_ref)
                .map(|sample| &sample.report);
            row.push(report.and_then(|report| report.voltage).map(|v| v.0));
            row.push(report.and_then(|report| report.temperature).map(|t| t.0));
            row.push(report.map(|report| flag(report.charge_allowed)));
            row.push(report.map(|report| flag(report.discharge_allowed)));
        }
    }
}
