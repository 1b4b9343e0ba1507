//! What a plan cost: tokens and money.

use serde::{Deserialize, Serialize};

/// Tokens, as the provider counted them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Read by the model, cached ones included.
    pub input_tokens: u64,
    /// Written by the model, thinking included.
    pub output_tokens: u64,
}

impl Usage {
    /// Both together.
    pub fn total(self) -> u64 {
        self.input_tokens.saturating_add(self.output_tokens)
    }

    /// Adds another.
    pub fn add(&mut self, other: Self) {
        self.input_tokens = self.input_tokens.saturating_add(other.input_tokens);
        self.output_tokens = self.output_tokens.saturating_add(other.output_tokens);
    }
}

/// What the provider charges, in its currency for a million tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prices {
    pub input: f64,
    pub output: f64,
}

impl Prices {
    /// The cost of a usage, in millionths of the currency's unit, rounded.
    pub fn cost_micros(self, usage: Usage) -> u64 {
        let cost = self.input * usage.input_tokens as f64 + self.output * usage.output_tokens as f64;
        cost.max(0.0).round() as u64
    }

    /// The cost of a usage in the currency's unit, with four decimals.
    pub fn cost(self, usage: Usage) -> String {
        let micros = self.cost_micros(usage);
        format!("{}.{:04}", micros / 1_000_000, micros % 1_000_000 / 100)
    }
}
