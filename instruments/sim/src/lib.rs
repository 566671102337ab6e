//! Software instruments: SCPI text in, SCPI text out.
//!
//! An instrument here is an engine (message parsing, status model, error queue), a dialect table
//! (what one instrument family understands, as data) and [`Terminals`] (what it is wired to).
//! This crate knows neither our drivers nor the physics behind the terminals.

mod action;
mod built_in;
mod catalogue;
mod chamber;
mod channels;
mod common;
mod conditions;
mod error;
mod fault;
mod frame;
mod instrument;
mod lines;
mod link;
mod params;
mod pattern;
mod port;
mod raw;
mod resistor;
mod scpi;
mod server;
mod setting;
mod standalone;
mod statistic;
mod status;
mod switch;
mod table;
mod terminals;
mod tree;
mod units;
mod value;
mod values;

pub use catalogue::{Catalogue, ModelInfo, ModelKind};
pub use error::SimError;
pub use instrument::{Instrument, InstrumentSpec};
pub use link::InProcess;
pub use server::{Server, serve};
pub use standalone::{Standalone, Surroundings};
pub use terminals::{LoadLaw, LoadMode, PortLaw, PortMode, PortState, SourceLaw, Terminals, Trip};
