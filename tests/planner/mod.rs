//! Tests of `planner`.
