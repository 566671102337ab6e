//! Procedures of the manual: state machines and outcomes.
