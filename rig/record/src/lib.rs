//! Events, readings, judgements, verdicts and the journal.
