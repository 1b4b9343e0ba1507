//! One question to a model, before it is written for a protocol.
//!
//! In: instructions, pieces of data, a schema. Out: the texts with data fenced off, and a hash that is the same whenever
//! the same is asked: the fence, which changes with every run, is not part of it.

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::fence::Fence;

/// A question.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// The section that is asked for: a short word.
    pub section: String,
    /// Instructions of the pack; no outside text.
    pub instructions: String,
    pub pieces: Vec<Piece>,
    /// The JSON Schema of the answer.
    pub schema: Value,
    /// The longest answer, in tokens.
    pub output_tokens: u32,
}

/// A part of what the model reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// Our own words.
    Say(String),
    /// Words of others, under a label of ours.
    Data { label: String, text: String },
}

impl Piece {
    /// Words of others.
    pub fn data(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Data { label: label.into(), text: text.into() }
    }
}

impl Prompt {
    /// SHA-256 of the canonical request, in hex: JSON of what the answer depends on.
    pub fn hash(&self, provider: &str, model: &str) -> String {
        let canonical = json!({
            "format": 1,
            "provider": provider,
            "model": model,
            "section": self.section,
            "instructions": self.instructions,
            "pieces": self.pieces,
            "schema": self.schema,
            "output_tokens": self.output_tokens,
        });
        hex::encode(Sha256::digest(canonical.to_string()))
    }

    /// The instructions, with the rule about the fence.
    pub fn system(&self, fence: &Fence) -> String {
        format!("{}\n\n{}", self.instructions.trim_end(), fence.rule())
    }

    /// The pieces in their order, data fenced off.
    pub fn user(&self, fence: &Fence) -> String {
        let parts = self.pieces.iter().map(|piece| match piece {
            Piece::Say(text) => format!("{}\n", text.trim_end()),
            Piece::Data { label, text } => fence.around(label, text),
        });
        parts.collect::<Vec<_>>().join("\n")
    }

    /// How many tokens the question takes, rather too many than too few.
    pub fn tokens(&self) -> u64 {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Say(text) => text.len(),
            Piece::Data { label, text } => label.len() + text.len() + 100,
        });
        tokens(self.instructions.len() + 400 + self.schema.to_string().len() + pieces.sum::<usize>())
    }
}

/// Tokens of so many bytes of text or code. Vendors speak of four bytes a token for English; code has more, so three.
pub fn tokens(bytes: usize) -> u64 {
    bytes.div_ceil(3) as u64
}
