//! Samples as Parquet: what pandas, MATLAB and their kin open without a word of ours.
//!
//! One file a scenario, `columns/NNNN.parquet`: `at_s` and the columns of the sample file, as
//! doubles; what was not measured is null. Units stand in the columns' names.

use crate::error::ReportError;
use crate::model::{Run, Scenario};
use crate::read::inside;
use parquet::basic::{Compression, Repetition, Type as PhysicalType};
use parquet::data_type::DoubleType;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use record::SampleReader;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

/// Rows held in memory before they are written.
const ROWS: usize = 1 << 16;

/// Writes the samples of every scenario.
///
/// # Errors
/// When a file can't be written. Samples that can't be read are a gap of the run, told elsewhere.
pub(crate) fn write(run_dir: &Path, run: &Run) -> Result<(), ReportError> {
    let folder = run_dir.join("columns");
    for scenario in &run.scenarios {
        for file in scenario.samples.iter().filter(|file| inside(&file.path)) {
            let Ok(input) = File::open(run_dir.join(&file.path)) else {
                continue;
            };
            let Ok(reader) = SampleReader::new(BufReader::with_capacity(1 << 16, input)) else {
                continue;
            };
            let refused = |reason: String| ReportError::Write {
                file: "columns",
                reason,
            };
            std::fs::create_dir_all(&folder).map_err(|error| refused(error.to_string()))?;
            let path = folder.join(format!("{:04}.parquet", scenario.number));
            one(&path, run, scenario, reader).map_err(|error| refused(error.to_string()))?;
        }
    }
    Ok(())
}

fn one(
    path: &Path,
    run: &Run,
    scenario: &Scenario,
    reader: SampleReader<BufReader<File>>,
) -> Result<(), ParquetError> {
    let names: Vec<String> = reader.columns().to_vec();
    let about = [
        ("rig.number", run.number()),
        ("rig.scenario", scenario.name.clone()),
        ("rig.bench", scenario.bench.clone()),
        ("rig.simulated", run.simulated().to_string()),
    ];
    let about = about.map(|(key, value)| KeyValue::new(key.to_owned(), value));
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("rig".to_owned())
        .set_key_value_metadata(Some(about.to_vec()))
        .build();
    let output = BufWriter::new(File::create(path)?);
    let mut writer = SerializedFileWriter::new(output, schema(&names)?, Arc::new(properties))?;
    let mut columns = vec![Column::default(); names.len() + 1];
    let mut failed = Ok(());
    let read = reader.each(|row| {
        columns[0].push(Some(row.at_s).filter(|at_s| at_s.is_finite()));
        for (place, column) in columns[1..].iter_mut().enumerate() {
            column.push(row.values.get(place).copied().flatten());
        }
        if columns[0].levels.len() >= ROWS && failed.is_ok() {
            failed = group(&mut writer, &mut columns);
        }
    });
    failed?;
    group(&mut writer, &mut columns)?;
    writer.into_inner()?.flush()?;
    // The picture tells how far the file could be read.
    let _told = read;
    Ok(())
}

fn schema(names: &[String]) -> Result<Arc<Type>, ParquetError> {
    let field = |name: &str| {
        Type::primitive_type_builder(name, PhysicalType::DOUBLE)
            .with_repetition(Repetition::OPTIONAL)
            .build()
            .map(Arc::new)
    };
    let names = std::iter::once("at_s").chain(names.iter().map(String::as_str));
    let fields = names.map(field).collect::<Result<_, _>>()?;
    Ok(Arc::new(
        Type::group_type_builder("samples")
            .with_fields(fields)
            .build()?,
    ))
}

/// Values and, for each row, whether there is one.
#[derive(Clone, Default)]
struct Column {
    values: Vec<f64>,
    levels: Vec<i16>,
}

impl Column {
    fn push(&mut self, value: Option<f64>) {
        self.levels.push(i16::from(value.is_some()));
        self.values.extend(value);
    }
}

fn group<W: Write + Send>(
    writer: &mut SerializedFileWriter<W>,
    columns: &mut [Column],
) -> Result<(), ParquetError> {
    let mut group = writer.next_row_group()?;
    for column in columns.iter_mut() {
        let Some(mut out) = group.next_column()? else {
            break;
        };
        out.typed::<DoubleType>()
            .write_batch(&column.values, Some(&column.levels), None)?;
        out.close()?;
        column.values.clear();
        column.levels.clear();
    }
    group.close()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::write;
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use record::{Event, Flush, Recorder, Scope, Verdict};
    use std::fs::File;
    use std::time::Duration;

    #[test]
    fn samples_are_read_back_with_their_holes() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("run");
        let recorder = Recorder::create(&folder, Flush::EveryEntry).unwrap();
        recorder.enter(Scope {
            scenario: Some(1),
            step: None,
        });
        let started = Event::ScenarioStarted {
            path: "a.feature".into(),
            line: 1,
            feature: "A".into(),
            description: String::new(),
            name: "B".into(),
            tags: Vec::new(),
            bench: "sim".into(),
            attempt: 1,
        };
        recorder.event(Duration::ZERO, &started);
        let mut file = recorder
            .samples(&["cell_1_v".into(), "pack_v".into()])
            .unwrap()
            .unwrap();
        file.writer.row(0.0, &[Some(3.25), None]).unwrap();
        file.writer.row(0.5, &[None, Some(13.0)]).unwrap();
        file.writer.flush().unwrap();
        recorder.event(
            Duration::ZERO,
            &Event::Samples {
                path: file.path,
                rows: 2,
            },
        );
        let reason = String::new();
        recorder.event(
            Duration::ZERO,
            &Event::ScenarioFinished {
                verdict: Verdict::Pass,
                reason,
            },
        );
        recorder.flush();
        let run = crate::read(&folder).unwrap();
        write(&folder, &run).unwrap();
        let once = std::fs::read(folder.join("columns/0001.parquet")).unwrap();
        write(&folder, &run).unwrap();
        assert!(once == std::fs::read(folder.join("columns/0001.parquet")).unwrap());
        let file = File::open(folder.join("columns/0001.parquet")).unwrap();
        let rows: Vec<String> = SerializedFileReader::new(file)
            .unwrap()
            .get_row_iter(None)
            .unwrap()
            .map(|row| row.unwrap().to_string())
            .collect();
        assert_eq!(
            rows,
            [
                "{at_s: 0E0, cell_1_v: 3.25, pack_v: null}",
                "{at_s: 0.5, cell_1_v: null, pack_v: 13.0}"
            ]
        );
    }
}
