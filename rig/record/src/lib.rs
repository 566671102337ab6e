//! What a run leaves behind: readings, judgements, verdicts, and the journal that holds them.
//!
//! A report is a function of what stands here and nothing else. The crate knows no instrument,
//! no step and no report; it decides verdicts from numbers and keeps the evidence in order.

mod event;
mod journal;
mod judge;
mod manifest;
mod reopen;
mod run;
mod samples;
mod verdict;

pub use event::{Event, ImageRecord, InputFile, OutputProof, Scope, StepKind, Tag};
pub use journal::{Entry, Journal, JournalError, read_journal};
pub use judge::{
    DecisionRule, Judgement, Limit, Observed, Reading, Statement, expanded, judge, judge_state,
};
pub use manifest::{
    Alteration, AlterationKind, MANIFEST, Manifest, Part, SIGNATURE, SUMS, SealError, SealedFile,
    Verified, altered_evidence, seal, verify,
};
pub use reopen::Left;
pub use run::{Flush, Recorder, RunDirectory, SampleFile};
pub use samples::{SampleReader, SampleRow, SampleWriter};
pub use verdict::Verdict;
