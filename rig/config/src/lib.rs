//! Bench, product, device, clause and fault files: strict, checked, typed.
