//! The manual, clause by clause: which scenarios looked, and how it ended.

use crate::formal::{MatrixRow, matrix as rows_of};
use crate::model::Run;
use maud::{Markup, html};

/// Most scenarios that are linked in a row.
const LINKS: usize = 12;

/// The matrix; what was tested stands open, the rest is folded.
pub(crate) fn matrix(run: &Run) -> Markup {
    let rows = rows_of(run);
    let (tested, rest): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|row| !row.scenarios.is_empty());
    html! {
        @if !tested.is_empty() || !rest.is_empty() {
            section aria-label="Clauses" {
                h2 id="clauses" { "Clauses" }
                details open[tested.len() <= 40] {
                    summary { (tested.len()) " tested: P pass, F fail, otherwise the word" }
                    (table(&tested))
                }
                @if !rest.is_empty() {
                    details { summary { (rest.len()) " not tested, with the reason" } (table(&rest)) }
                }
            }
        }
    }
}

fn table(rows: &[MatrixRow]) -> Markup {
    html! {
        div.wide tabindex="0" { table.matrix {
            thead { tr { @for head in ["Clause", "Statement", "Verdict", "Scenarios", "Remark"] { th scope="col" { (head) } } } }
            tbody { @for row in rows { tr {
                th scope="row" { (row.clause) }
                td { (row.statement) }
                td { strong { (row.verdict) } }
                td {
                    @for number in row.scenarios.iter().take(LINKS) { a href={ "#s" (number) } { (number) } " " }
                    @if row.scenarios.len() > LINKS { "and " (row.scenarios.len() - LINKS) " more" }
                }
                td { (row.remark) }
            } } }
        } }
    }
}
