//! Tests of the whole program.

mod arrows;
#[cfg(feature = "sim")]
mod cli;
mod command;
#[cfg(feature = "sim")]
mod signals;
