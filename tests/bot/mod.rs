//! Tests of `bot`.
