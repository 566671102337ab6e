//! Tests of the whole program.

mod arrows;
mod cli;
mod command;
