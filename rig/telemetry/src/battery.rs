//! Record 0x05: a battery.

use crate::bits::field;
use crate::frame::{DecodeError, RecordType};
use crate::{Finding, model};
use api::{AlarmCode, BalancerStatus, BatteryReport, CellVoltage};
use units::{Celsius, Volts};

const CELLS: usize = 8;
const FIRST_CELL_BIT: usize = 48;
const NOT_AVAILABLE: u32 = 0x7f;

/// What each status flag stands for (register 0x2100 in the headers of gui-v2), from bit 0.
const FLAGS: [&str; 31] = [
    "charged",
    "almost charged",
    "discharged",
    "almost discharged",
    "charging",
    "discharging",
    "balancing",
    "relay discharged",
    "relay charged",
    "over-voltage alarm",
    "over-voltage warning",
    "under-voltage alarm",
    "under-voltage warning",
    "charge current warning",
    "discharge current warning",
    "over-temperature alarm",
    "over-temperature warning",
    "under-temperature charge warning",
    "under-temperature charge alarm",
    "under-temperature discharge warning",
    "under-temperature discharge alarm",
    "low state of charge",
    "under-temperature alarm",
    "short circuit",
    "hardware failure",
    "allowed to charge",
    "allowed to discharge",
    "pre-alarm",
    "bad contactor",
    "high current",
    "cell imbalance",
];

/// What each error flag stands for (register 0xEC80), from bit 0.
const ERRORS: [&str; 11] = [
    "balancer failed",
    "no data from the balancers",
    "balancers 1 and 2 disagree",
    "balancers 2 and 3 disagree",
    "update of balancer 1 failed",
    "update of balancer 2 failed",
    "update of balancer 3 failed",
    "settings lost",
    "two balancers disagree about a cell",
    "balancer update failed",
    "unexpected balancer",
];

/// Status flag of a code; a code may have several. That A-SLn is bit n is inferred: number and
/// meaning agree for every one of them. Of the two bits of the pre-alarm it isn't known which a
/// battery sets, so either will do.
const FLAG_CODES: [(u32, AlarmCode); 7] = [
    (9, AlarmCode::ASl9),
    (11, AlarmCode::ASl11),
    (12, AlarmCode::WSl11),
    (15, AlarmCode::ASl15),
    (22, AlarmCode::ASl22),
    (24, AlarmCode::ESl24),
    (27, AlarmCode::WSl11),
];

/// Error flag of a code: E-SLn is bit n − 1, which is inferred the same way; E-SL119 stands apart.
const ERROR_CODES: [(u32, AlarmCode); 5] = [
    (0, AlarmCode::ESl1),
    (1, AlarmCode::ESl2),
    (7, AlarmCode::ESl119),
    (8, AlarmCode::ESl9),
    (9, AlarmCode::ESl10),
];

const CHARGE_ALLOWED: u32 = 1 << 25;
const DISCHARGE_ALLOWED: u32 = 1 << 26;

fn names<'a>(bits: u32, table: &'a [&'static str]) -> impl Iterator<Item = &'static str> + 'a {
    table
        .iter()
        .enumerate()
        .filter(move |(bit, _)| bits >> bit & 1 == 1)
        .map(|(_, name)| *name)
}

/// The status flags that are set, by name. Reserved ones have none.
#[must_use]
pub fn flag_names(flags: u32) -> Vec<&'static str> {
    names(flags, &FLAGS).collect()
}

/// The error flags that are set, by name. Reserved ones have none.
#[must_use]
pub fn error_names(errors: u16) -> Vec<&'static str> {
    names(u32::from(errors), &ERRORS).collect()
}

/// Codes that the flags stand for, each once, in the manual's order.
fn codes(flags: u32, errors: u16) -> Vec<AlarmCode> {
    let set = |bits: u32, table: &[(u32, AlarmCode)]| -> Vec<AlarmCode> {
        let hits = table.iter().filter(|(bit, _)| bits >> bit & 1 == 1);
        hits.map(|(_, code)| *code).collect()
    };
    let mut codes = set(flags, &FLAG_CODES);
    codes.extend(set(u32::from(errors), &ERROR_CODES));
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn hundredths(raw: u32) -> Volts {
    // Dividing once gives the nearest double to the decimal number; adding 0.01 n times doesn't.
    Volts(f64::from(raw) / 100.0)
}

fn cell_voltage(raw: u32) -> CellVoltage {
    match raw {
        0 => CellVoltage::Below(hundredths(261)),
        0x7e => CellVoltage::Above(hundredths(385)),
        raw => CellVoltage::At(hundredths(260 + raw)),
    }
}

/// Reads fields and notes those that the payload is too short for.
struct Reader<'a> {
    payload: &'a [u8],
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn read(&mut self, name: &'static str, start: usize, count: usize) -> Option<u32> {
        let value = field(self.payload, start, count);
        if value.is_none() {
            self.findings.push(Finding::Truncated {
                field: name,
                bytes: self.payload.len(),
            });
        }
        value
    }

    /// Cells by position: `None` inside where one is not available.
    fn cells(&mut self) -> Vec<Option<CellVoltage>> {
        const NAMES: [&str; CELLS] = [
            "cell 1", "cell 2", "cell 3", "cell 4", "cell 5", "cell 6", "cell 7", "cell 8",
        ];
        let mut cells = Vec::with_capacity(CELLS);
        for (index, name) in NAMES.into_iter().enumerate() {
            let Some(raw) = self.read(name, FIRST_CELL_BIT + 7 * index, 7) else {
                break;
            };
            cells.push((raw != NOT_AVAILABLE).then(|| cell_voltage(raw)));
        }
        cells
    }

    fn balancer(&mut self) -> Option<BalancerStatus> {
        Some(match self.read("balancer status", 116, 4)? {
            0xf => return None,
            0 => BalancerStatus::Unknown,
            1 => BalancerStatus::Balanced,
            2 => BalancerStatus::Balancing,
            3 => BalancerStatus::Imbalance,
            #[expect(clippy::cast_possible_truncation, reason = "the field has 4 bits")]
            other => {
                let status = other as u8;
                self.findings.push(Finding::UnknownBalancer { status });
                BalancerStatus::Other(status)
            }
        })
    }
}

/// Decodes the decrypted payload of record 0x05.
///
/// Fields beyond the payload's end are absent from the report, never made up, and named in the
/// findings. `cells` of the report holds the cells from the first on, as far as there is no gap.
///
/// # Errors
/// [`DecodeError::PayloadTooShort`] without all of the status and error flags: a report that says
/// "no error" because nothing was received would be worse than none.
pub fn decode_battery(
    model_id: u16,
    counter: u16,
    payload: &[u8],
) -> Result<(BatteryReport, Vec<Finding>), DecodeError> {
    let (Some(flags), Some(errors)) = (field(payload, 0, 32), field(payload, 32, 16)) else {
        return Err(DecodeError::PayloadTooShort {
            record: RecordType::Battery,
            bytes: payload.len(),
            needed: 6,
        });
    };
    #[expect(clippy::cast_possible_truncation, reason = "the field has 16 bits")]
    let errors = errors as u16;
    let mut reader = Reader {
        payload,
        findings: Vec::new(),
    };
    check_reserved(flags, errors, &mut reader.findings);
    let all_cells = reader.cells();
    let cells = check_cells(model_id, &all_cells, &mut reader.findings);
    let voltage = reader.read("battery voltage", 104, 12);
    let voltage = voltage.filter(|&raw| raw != 0xfff).map(hundredths);
    check_sum(&cells, voltage, &mut reader.findings);
    let balancer = reader.balancer();
    let temperature = reader
        .read("temperature", 120, 7)
        .filter(|&raw| raw != NOT_AVAILABLE)
        .map(|raw| Celsius(f64::from(raw) - 40.0));
    if field(payload, 127, 1) == Some(0) {
        reader.findings.push(Finding::UnusedBitClear);
    }
    let report = BatteryReport {
        model_id,
        counter,
        flags,
        errors,
        codes: codes(flags, errors),
        charge_allowed: flags & CHARGE_ALLOWED != 0,
        discharge_allowed: flags & DISCHARGE_ALLOWED != 0,
        cells,
        voltage,
        balancer,
        temperature,
    };
    Ok((report, reader.findings))
}

fn check_reserved(flags: u32, errors: u16, findings: &mut Vec<Finding>) {
    let bits = flags & !((1 << FLAGS.len()) - 1);
    if bits != 0 {
        findings.push(Finding::ReservedFlags { bits });
    }
    let bits = errors & !((1 << ERRORS.len()) - 1);
    if bits != 0 {
        findings.push(Finding::ReservedErrors { bits });
    }
}

/// Holds the cells that were received against what the product has, and gives those of the report.
fn check_cells(
    model_id: u16,
    all: &[Option<CellVoltage>],
    findings: &mut Vec<Finding>,
) -> Vec<CellVoltage> {
    let present = all.iter().flatten().count();
    let expected = match model(model_id).filter(|model| model.cells > 0) {
        Some(model) => {
            let numbers = |wanted: fn(usize, bool, usize) -> bool| -> Vec<usize> {
                let numbered = all.iter().zip(1..);
                numbered
                    .filter(|(cell, number)| wanted(*number, cell.is_some(), model.cells))
                    .map(|(_, number)| number)
                    .collect()
            };
            let expected = model.cells;
            let cells = numbers(|number, there, expected| number > expected && there);
            if !cells.is_empty() {
                findings.push(Finding::ExtraCells { cells, expected });
            }
            let cells = numbers(|number, there, expected| number <= expected && !there);
            if !cells.is_empty() {
                findings.push(Finding::MissingCells { cells, expected });
            }
            expected
        }
        None => {
            let whole = all.len() == CELLS;
            if whole && present > 0 && present != 4 && present != CELLS {
                findings.push(Finding::CellCount { found: present });
            }
            CELLS
        }
    };
    // Up to the first gap: what follows would slip into another cell's place.
    let known = all.iter().take(expected);
    known.map_while(|cell| *cell).collect()
}

/// The sum can differ from the battery's own voltage by the rounding of each and by the drop in the
/// links between cells; what is more than that is not the same battery.
fn check_sum(cells: &[CellVoltage], voltage: Option<Volts>, findings: &mut Vec<Finding>) {
    let (Some(voltage), 4 | 8) = (voltage, cells.len()) else {
        return;
    };
    let mut from = Volts(0.0);
    let mut to = Volts(0.0);
    for cell in cells {
        match *cell {
            CellVoltage::Below(limit) => to += limit,
            CellVoltage::At(value) => {
                from += value;
                to += value;
            }
            CellVoltage::Above(limit) => {
                from += limit;
                to += Volts(f64::INFINITY);
            }
        }
    }
    let cell_count = if cells.len() == 4 { 4.0 } else { 8.0 };
    let slack = Volts(0.05) + Volts(0.01) * cell_count;
    if voltage < from - slack || voltage > to + slack {
        findings.push(Finding::Sum { from, to, voltage });
    }
}
