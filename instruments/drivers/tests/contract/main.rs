//! What holds for every driver, against its software twin: one table, one suite a role.
//!
//! A driver and its twin share no code and no table: where both would misread an instrument in the
//! same way, only a transcript of the real one can tell (`transcripts.rs`).

mod faults;
mod roles;
mod table;
mod transcripts;
mod twin;
mod watchdogs;
