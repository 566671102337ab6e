//! What only a person can say.

use super::asked;
use super::table::Table;
use crate::{RigWorld, StepResult};
use cucumber::gherkin::Step;
use cucumber::then;
use procedures::attest::{self, People, Question};

fn questions(step: &Step) -> StepResult<Vec<Question>> {
    Table::of(step)?
        .rows(["clause", "question", "answer"])?
        .into_iter()
        .map(|[clause, question, answer]| {
            Ok(Question {
                clause,
                text: question,
                evidence: answer.parse().map_err(crate::StepError::error)?,
            })
        })
        .collect()
}

async fn ask(rig: &mut RigWorld, step: &Step, people: People) -> StepResult {
    let (asked, questions) = (asked(rig), questions(step)?);
    rig.with(move |bench| attest::attest(bench, &asked, people, &questions))
        .await
}

/// Asks each question of the table and judges each answer under its statement. Columns: `clause`,
/// `question`, and `answer`, which is `yes`, `reference`, `photo`, or the limit of the statement
/// that a number is held against.
#[then(expr = "a person at the bench says so:")]
async fn one_person(rig: &mut RigWorld, step: &Step) -> StepResult {
    ask(rig, step, People::One).await
}

/// The same for what can hurt: another person confirms each answer.
#[then(expr = "two people at the bench say so:")]
async fn two_people(rig: &mut RigWorld, step: &Step) -> StepResult {
    ask(rig, step, People::Two).await
}
