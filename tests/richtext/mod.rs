//! Tests of `richtext`.
