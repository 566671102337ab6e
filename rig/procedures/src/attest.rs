//! What only a person can say: the question, the answer, and what it is worth.
//!
//! Every question is about one statement of the manual and gets one judgement under it. An answer
//! that isn't there is an error of the run and never a pass; one that says otherwise fails. A
//! hazardous statement needs a second person who confirms what the first one said.

mod answer;

pub use answer::Evidence;

use crate::ProcedureError;
use crate::judging::{Asked, Judge};
use answer::{Finding, read};
use api::{Answer, Request};
use bench::{Bench, BenchError};
use record::{Reading, Verdict};
use std::time::Duration;

/// How long a person may take for one answer.
const PATIENCE: Duration = Duration::from_secs(600);

/// A question about one statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The statement.
    pub clause: String,
    /// What to do or to look at, as one instruction or question.
    pub text: String,
    /// What a good answer is made of.
    pub evidence: Evidence,
}

/// How many people have to say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum People {
    /// Whoever is there.
    One,
    /// A second one confirms each answer of the first: for what can hurt.
    Two,
}

/// Asks every question about a statement that applies to what stands on the bench, and judges each
/// answer under its statement.
///
/// # Errors
/// [`ProcedureError::NotPassed`]: with Fail for an answer that says otherwise, with Error for one
/// that is missing or can't be read, with Skipped where no statement applies to these models;
/// whatever the bench says.
pub fn attest(
    bench: &mut Bench,
    asked: &Asked,
    people: People,
    questions: &[Question],
) -> Result<(), ProcedureError> {
    let mut silence: Option<String> = None;
    let (apply, other): (Vec<&Question>, Vec<&Question>) = questions
        .iter()
        .partition(|question| applies(bench, &question.clause).unwrap_or(true));
    for question in &other {
        bench.note(format!(
            "{} isn't about what stands on this bench: {}",
            question.clause, question.text
        ));
    }
    if apply.is_empty() {
        return Err(not_applicable(bench));
    }
    let mut judge = Judge::new(bench, asked);
    for question in apply {
        if let Some(why) = &silence {
            let why = format!("not asked, as an earlier question was left open: {why}");
            judge.missing(&[&question.clause], &question.text, &wanted(question), &why)?;
            continue;
        }
        silence = put(&mut judge, people, question)?;
    }
    judge.done()
}

/// Whether a statement is about the models on the bench.
///
/// # Errors
/// When there's no such statement.
pub fn applies(bench: &Bench, clause: &str) -> Result<bool, ProcedureError> {
    let clause = bench.clause(clause)?;
    let device = &bench.config().device;
    let battery = clause.batteries.is_empty() || clause.batteries.contains(&device.battery);
    let bms = clause.bms.is_empty()
        || clause.bms.iter().any(|model| model == "none")
        || clause.bms.contains(&device.bms);
    Ok(battery && bms)
}

/// A scenario that has nothing to say about the models on this bench.
pub(crate) fn not_applicable(bench: &Bench) -> ProcedureError {
    let device = &bench.config().device;
    ProcedureError::NotPassed {
        verdict: Verdict::Skipped,
        reason: format!(
            "none of these statements is about a {} on a {}",
            device.battery, device.bms
        ),
    }
}

fn wanted(question: &Question) -> String {
    match &question.evidence {
        Evidence::Yes => "yes".to_owned(),
        Evidence::Number(limit) => format!("within `{limit}`"),
        Evidence::Reference | Evidence::Photo => "on record".to_owned(),
    }
}

/// Asks one question and judges the answer; why nobody answered, if so.
fn put(
    judge: &mut Judge<'_>,
    people: People,
    question: &Question,
) -> Result<Option<String>, ProcedureError> {
    let clause = question.clause.as_str();
    let unit = match &question.evidence {
        Evidence::Number(limit) => judge.bench().limit_unit(clause, limit)?,
        Evidence::Yes | Evidence::Reference | Evidence::Photo => "",
    };
    let expected = question.evidence.in_words(unit);
    let first = match ask(judge, "attest", question, &question.text, &expected)? {
        Ok(answer) => answer,
        Err(why) => {
            judge.missing(&[clause], &question.text, &wanted(question), &why)?;
            return Ok(Some(why));
        }
    };
    let finding = read(&question.evidence, unit, &first.text);
    if people == People::Two && finding.is_good() {
        let text = format!("{} The first answer was `{}`.", question.text, first.text);
        return second(judge, question, &text, &first);
    }
    judge_finding(judge, question, &finding, &first)?;
    Ok(None)
}

/// Has a second person confirm the first one's answer.
fn second(
    judge: &mut Judge<'_>,
    question: &Question,
    text: &str,
    first: &Answer,
) -> Result<Option<String>, ProcedureError> {
    let clause = question.clause.as_str();
    let quantity = format!("{} (a second person confirms)", question.text);
    let again = match ask(judge, "second", question, text, "yes, from a second person")? {
        Ok(answer) => answer,
        Err(why) => {
            judge.missing(&[clause], &quantity, "yes", &why)?;
            return Ok(Some(why));
        }
    };
    if again.who == first.who {
        let why = format!(
            "{} answered both times, and two people are needed",
            again.who
        );
        judge.missing(&[clause], &quantity, "yes", &why)?;
        return Ok(None);
    }
    let finding = read(&Evidence::Yes, "", &again.text);
    if finding.is_good() {
        let unit = match &question.evidence {
            Evidence::Number(limit) => judge.bench().limit_unit(clause, limit)?,
            Evidence::Yes | Evidence::Reference | Evidence::Photo => "",
        };
        let both = Answer {
            who: format!("{} and {}", first.who, again.who),
            ..first.clone()
        };
        let finding = read(&question.evidence, unit, &first.text);
        judge_finding(judge, question, &finding, &both)?;
    } else {
        let asked = Question {
            text: quantity,
            evidence: Evidence::Yes,
            ..question.clone()
        };
        judge_finding(judge, &asked, &finding, &again)?;
    }
    Ok(None)
}

/// The answer, or why there is none. That nobody answered is a finding here and no reason to stop;
/// everything else that goes wrong is.
fn ask(
    judge: &mut Judge<'_>,
    kind: &str,
    question: &Question,
    instruction: &str,
    expected: &str,
) -> Result<Result<Answer, String>, ProcedureError> {
    let what = match &question.evidence {
        Evidence::Number(limit) => format!("{kind}:{}:{limit}", question.clause),
        Evidence::Yes | Evidence::Reference | Evidence::Photo => {
            format!("{kind}:{}", question.clause)
        }
    };
    let request = Request {
        kind: what,
        instruction: instruction.to_owned(),
        expected: expected.to_owned(),
        within: PATIENCE,
    };
    match judge.bench().ask(&request) {
        Ok(answer) => Ok(Ok(answer)),
        Err(BenchError::Operator(error)) => Ok(Err(error.to_string())),
        Err(error) => Err(error.into()),
    }
}

fn judge_finding(
    judge: &mut Judge<'_>,
    question: &Question,
    finding: &Finding,
    answer: &Answer,
) -> Result<(), ProcedureError> {
    let clauses = [question.clause.as_str()];
    match (finding, &question.evidence) {
        (Finding::Number(value, unit), Evidence::Number(limit)) => {
            let reading = Reading {
                value: *value,
                unit: (*unit).to_owned(),
                uncertainty: 0.0,
                instrument: answer.who.clone(),
                at_s: answer.at.as_secs_f64(),
            };
            judge.reading(&clauses, limit, &question.text, &reading)
        }
        (Finding::Unreadable(why), _) => {
            judge.missing(&clauses, &question.text, &wanted(question), why)
        }
        (Finding::Good(found) | Finding::Number(_, found), _) => judge.state(
            &clauses,
            &shown(question, answer),
            found,
            found,
            &answer.who,
        ),
        (Finding::Bad(found), _) => {
            let wanted = wanted(question);
            judge.state(&clauses, &question.text, &wanted, found, &answer.who)
        }
    }
}

/// The question, with what was put on record for it.
fn shown(question: &Question, answer: &Answer) -> String {
    match question.evidence {
        Evidence::Yes | Evidence::Number(_) => question.text.clone(),
        Evidence::Reference | Evidence::Photo => {
            format!("{} [{}]", question.text, answer.text.trim())
        }
    }
}
