//! The traits and shared types of a bench.
