//! The sentences that features are written with: one call each.
