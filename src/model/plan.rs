//! The typed plan: what planners produce, verification checks and every template renders.

use serde::{Deserialize, Serialize};

/// A plan before verification.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {}

/// A verified plan. Only `planner::verify` makes one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {}
