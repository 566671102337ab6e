//! Samples as Parquet: what pandas, MATLAB and their kin open without a word of ours.
//!
//! One file a scenario, `columns/NNNN.parquet`: `at_s` and the columns of the sample file, as
//! doubles; what was not measured is null. Units stand in the columns' names.

use crate::error::ReportError;
use crate::model::{Run, Scenario};
use crate::samples_of::{Kind, each};
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
/// When a file can't be written.
pub(crate) fn write(run_dir: &Path, run: &Run) -> Result<(), ReportError> {
    let kind = Kind {
        folder: "columns",
        ending: "parquet",
    };
    each(run_dir, run, kind, |path, scenario, reader| {
        one(path, run, scenario, reader).map_err(|error| error.to_string())
    })
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
    use crate::samples_of::tests::run_with_samples;
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use std::fs::File;

    #[test]
    fn samples_are_read_back_with_their_holes() {
        let (_kept, folder, run) = run_with_samples();
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
