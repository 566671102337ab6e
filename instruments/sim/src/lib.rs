//! Software instruments: SCPI text in, SCPI text out.
//!
//! An instrument here is an engine (message parsing, status model, error queue), a dialect table
//! (what one instrument family understands, as data) and [`Terminals`] (what it is wired to).
//! This crate knows neither our drivers nor the physics behind the terminals.

mod terminals;

pub use terminals::{
    LoadLaw, LoadMode, PortLaw, PortMode, PortState, SourceLaw, Terminals, Trip,
};
