//! Samples: what was measured, row by row, streamed to a file of its own and never held in memory.

use std::io::{Read, Write};

/// Writes one CSV file: `at_s` and one column a quantity, its unit last in the name.
pub struct SampleWriter<W: Write> {
    out: csv::Writer<W>,
    columns: usize,
    rows: u64,
}

impl<W: Write> SampleWriter<W> {
    /// Starts a file with these columns after `at_s`: `cell_1_v`, `charger_a`, `charge_contact`.
    ///
    /// # Errors
    /// When the output refuses the header.
    pub fn new(out: W, columns: &[String]) -> csv::Result<Self> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(std::iter::once("at_s").chain(columns.iter().map(String::as_str)))?;
        Ok(Self {
            out,
            columns: columns.len(),
            rows: 0,
        })
    }

    /// Writes one row; a missing value stays empty.
    ///
    /// # Errors
    /// When the output refuses it or the row has another number of values than there are columns.
    pub fn row(&mut self, at_s: f64, values: &[Option<f64>]) -> csv::Result<()> {
        debug_assert_eq!(values.len(), self.columns);
        self.out.write_field(format!("{at_s:.3}"))?;
        for value in values {
            match value {
                Some(value) => self.out.write_field(format!("{value}"))?,
                None => self.out.write_field("")?,
            }
        }
        self.rows += 1;
        self.out.write_record(None::<&[u8]>)
    }

    /// Rows so far.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Hands everything to the output.
    ///
    /// # Errors
    /// When it refuses.
    pub fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// One row as read back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SampleRow {
    /// On the bench's clock.
    pub at_s: f64,
    /// In the order of the columns; `None` where nothing was measured.
    pub values: Vec<Option<f64>>,
}

/// Reads a sample file row by row.
pub struct SampleReader<R: Read> {
    input: csv::Reader<R>,
    columns: Vec<String>,
}

impl<R: Read> SampleReader<R> {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// When there is none.
    pub fn new(input: R) -> csv::Result<Self> {
        let mut input = csv::Reader::from_reader(input);
        let columns = input.headers()?.iter().skip(1).map(str::to_owned).collect();
        Ok(Self { input, columns })
    }

    /// Names of the columns after `at_s`.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Hands over each row in turn; the same row is reused.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn each(mut self, mut row: impl FnMut(&SampleRow)) -> csv::Result<()> {
        let mut record = csv::StringRecord::new();
        let mut sample = SampleRow::default();
        while self.input.read_record(&mut record)? {
            sample.at_s = record
                .get(0)
                .and_then(|text| text.parse().ok())
                .unwrap_or(f64::NAN);
            sample.values.clear();
            sample
                .values
                .extend(record.iter().skip(1).map(|text| text.parse().ok()));
            row(&sample);
        }
        Ok(())
    }
}
