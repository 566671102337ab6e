//! Physical quantities and the arithmetic between them.
