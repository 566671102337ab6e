//! Reports made from a run: HTML, JUnit, cucumber JSON, plots.
