//! document → publication: encode, fit, upsert.
