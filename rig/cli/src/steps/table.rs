//! Tables under a step.

use crate::{StepError, StepResult};
use cucumber::gherkin::Step;

/// A table with a heading.
pub(super) struct Table<'a> {
    heading: &'a [String],
    rows: &'a [Vec<String>],
}

impl<'a> Table<'a> {
    /// The table under a step.
    ///
    /// # Errors
    /// When there's none, or nothing in it.
    pub(super) fn of(step: &'a Step) -> StepResult<Self> {
        let rows = step.table.as_ref().map_or(&[][..], |table| &table.rows);
        match rows {
            [heading, rows @ ..] if !rows.is_empty() => Ok(Self { heading, rows }),
            _ => Err(StepError::error(format_args!(
                "`{}` needs a table with a heading and at least one row below it",
                step.value
            ))),
        }
    }

    /// These columns of every row, wherever they stand.
    ///
    /// # Errors
    /// When one is missing, or there are others.
    pub(super) fn rows<const N: usize>(&self, columns: [&str; N]) -> StepResult<Vec<[String; N]>> {
        let place = |column: &&str| self.heading.iter().position(|name| name == *column);
        let places: Vec<usize> = columns.iter().filter_map(place).collect();
        let Ok(places) = <[usize; N]>::try_from(places) else {
            return Err(self.misfit(&columns));
        };
        if self.heading.len() != N {
            return Err(self.misfit(&columns));
        }
        let cell = |row: &Vec<String>, place: usize| row.get(place).cloned().unwrap_or_default();
        Ok(self
            .rows
            .iter()
            .map(|row| places.map(|place| cell(row, place)))
            .collect())
    }

    fn misfit(&self, columns: &[&str]) -> StepError {
        StepError::error(format_args!(
            "the table has the columns {}; this step wants {}",
            self.heading.join(", "),
            columns.join(", ")
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    fn rows(heading: &[&str], rows: &[&[&str]]) -> Result<String, String> {
        let heading: Vec<String> = heading.iter().map(ToString::to_string).collect();
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(ToString::to_string).collect())
            .collect();
        let table = Table {
            heading: &heading,
            rows: &rows,
        };
        table
            .rows(["clause", "answer"])
            .map(|rows| format!("{rows:?}"))
            .map_err(|error| error.reason())
    }

    #[test]
    fn columns_are_found_by_name() {
        let row = &[&["yes", "1-01"][..]];
        insta::assert_snapshot!(
            rows(&["answer", "clause"], row).unwrap(),
            @r#"[["1-01", "yes"]]"#
        );
        insta::assert_snapshot!(
            rows(&["answer", "claus"], row).unwrap_err(),
            @"the table has the columns answer, claus; this step wants clause, answer"
        );
        insta::assert_snapshot!(
            rows(&["answer", "clause", "more"], row).unwrap_err(),
            @"the table has the columns answer, clause, more; this step wants clause, answer"
        );
    }
}
