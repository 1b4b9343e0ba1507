//! Tests of `trigger`.
