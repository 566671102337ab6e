//! Software instruments: SCPI engine, dialect tables, TCP server.
