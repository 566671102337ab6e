//! Samples as MDF4, what measurement tools of the automotive trade open (ASAM MDF 4.1).
//!
//! One file a scenario, `mdf/NNNN.mf4`: one group with `at_s` as its time and the columns of the
//! sample file as doubles; what was not measured is no number (NaN).

use crate::error::ReportError;
use crate::model::{Run, Scenario};
use crate::samples_of::{Kind, each};
use mdf4_rs::{DataType, DecodedValue, MdfWriter};
use record::SampleReader;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// Where the header block keeps when the recording began, in ns since 1970: after the identification
/// (64 bytes), the block's own header (24) and its six links. The writer leaves it zero.
const STARTED: u64 = 64 + 24 + 6 * 8;

/// Writes the samples of every scenario.
///
/// # Errors
/// When a file can't be written.
pub(crate) fn write(run_dir: &Path, run: &Run) -> Result<(), ReportError> {
    let kind = Kind {
        folder: "mdf",
        ending: "mf4",
    };
    each(run_dir, run, kind, |path, scenario, reader| {
        one(path, scenario, reader).map_err(|error| error.to_string())?;
        stamp(path, run).map_err(|error| error.to_string())
    })
}

fn one(
    path: &Path,
    scenario: &Scenario,
    reader: SampleReader<BufReader<File>>,
) -> Result<(), mdf4_rs::Error> {
    let mut writer = MdfWriter::new(&path.to_string_lossy())?;
    writer.init_mdf_file()?;
    let group = writer.add_channel_group(None, |_| {})?;
    let names: Vec<String> = std::iter::once("at_s".to_owned())
        .chain(reader.columns().iter().cloned())
        .collect();
    let mut last: Option<String> = None;
    for name in &names {
        let channel = writer.add_channel(&group, last.as_deref(), |channel| {
            channel.data_type = DataType::FloatLE;
            channel.bit_count = 64;
            channel.name = Some(name.clone());
        })?;
        if last.is_none() {
            writer.set_time_channel(&channel)?;
        }
        if let Some(unit) = unit(name) {
            writer.set_channel_unit(&channel, unit)?;
        }
        last = Some(channel);
    }
    writer.set_channel_group_name(&group, &scenario.name)?;
    writer.start_data_block_for_cg(&group, 0)?;
    let mut row_of = vec![DecodedValue::Float(f64::NAN); names.len()];
    let mut failed = Ok(());
    let read = reader.each(|row| {
        // Without its instant a row has no place in the file.
        if !row.at_s.is_finite() || failed.is_err() {
            return;
        }
        row_of[0] = DecodedValue::Float(row.at_s);
        for (place, value) in row_of[1..].iter_mut().enumerate() {
            let found = row.values.get(place).copied().flatten();
            *value = DecodedValue::Float(found.unwrap_or(f64::NAN));
        }
        failed = writer.write_record(&group, &row_of);
    });
    failed?;
    writer.finish_data_block(&group)?;
    writer.finalize()?;
    // The picture tells how far the file could be read.
    let _told = read;
    Ok(())
}

/// The unit that a column's name ends with.
fn unit(name: &str) -> Option<&'static str> {
    let (_, end) = name.rsplit_once('_')?;
    Some(match end {
        "s" => "s",
        "v" => "V",
        "a" => "A",
        "c" => "°C",
        _ => return None,
    })
}

/// Notes when the run began; what isn't on record stays 1970.
fn stamp(path: &Path, run: &Run) -> std::io::Result<()> {
    let started = run.start.as_ref().map(|start| start.started.as_str());
    let Some(began) = started.and_then(|text| humantime::parse_rfc3339(text).ok()) else {
        return Ok(());
    };
    let since = began
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    let ns = u64::try_from(since.as_nanos()).unwrap_or_default();
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.seek(SeekFrom::Start(STARTED))?;
    file.write_all(&ns.to_le_bytes())
}

#[cfg(test)]
mod tests {
    use super::{unit, write};
    use crate::samples_of::tests::run_with_samples;
    use mdf4_rs::MDF;

    #[test]
    fn units_stand_in_names() {
        for (name, wanted) in [
            ("at_s", Some("s")),
            ("battery_1_cell_2_v", Some("V")),
            ("current_a", Some("A")),
            ("temperature_c", Some("°C")),
            ("charge_contact", None),
            ("time", None),
        ] {
            assert_eq!(unit(name), wanted, "{name}");
        }
    }

    #[test]
    fn samples_are_read_back_with_their_holes() {
        let (_kept, folder, run) = run_with_samples();
        write(&folder, &run).unwrap();
        let path = folder.join("mdf/0001.mf4");
        let once = std::fs::read(&path).unwrap();
        write(&folder, &run).unwrap();
        assert!(
            once == std::fs::read(&path).unwrap(),
            "the same run, other bytes"
        );
        let file = MDF::from_file(path.to_str().unwrap()).unwrap();
        let group = &file.channel_groups()[0];
        let mut found = Vec::new();
        for channel in group.channels() {
            let name = channel.name().unwrap().unwrap_or_default();
            let unit = channel.unit().unwrap().unwrap_or_default();
            let values: Vec<String> = channel
                .values()
                .unwrap()
                .into_iter()
                .map(|value| value.map_or("none".into(), |value| format!("{value:?}")))
                .collect();
            found.push(format!("{name} [{unit}] {}", values.join(" ")));
        }
        assert_eq!(
            found,
            [
                "at_s [s] Float(0.0) Float(0.5)",
                "cell_1_v [V] Float(3.25) Float(NaN)",
                "pack_v [V] Float(NaN) Float(13.0)"
            ]
        );
    }
}
