//! Instrument drivers: SCPI both ways, one module per family.
