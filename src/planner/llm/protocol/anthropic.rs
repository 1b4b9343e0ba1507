//! Anthropic's Messages, with structured output by `output_config`.
//!
//! <https://platform.claude.com/docs/en/api/messages>,
//! <https://platform.claude.com/docs/en/build-with-claude/structured-outputs>

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Question, Stop, Unreadable};
use crate::planner::llm::usage::Usage;

/// The version of the interface.
pub const VERSION: &str = "2023-06-01";

/// The request's body. No temperature: newer models refuse one.
pub fn body(question: &Question<'_>) -> Value {
    json!({
        "model": question.model,
        "max_tokens": question.output_tokens,
        "system": question.system,
        "messages": [{ "role": "user", "content": question.user }],
        "output_config": { "format": { "type": "json_schema", "schema": question.schema } },
    })
}

#[derive(Deserialize)]
struct Message {
    content: Vec<Block>,
    #[serde(default)]
    stop_reason: Option<String>,
    #[serde(default)]
    usage: Option<Counted>,
}

#[derive(Deserialize)]
struct Block {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    text: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Counted {
    input_tokens: u64,
    output_tokens: u64,
    cache_creation_input_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
}

/// Reads a message.
pub fn read(body: &[u8]) -> Result<Answer, Unreadable> {
    let message: Message = serde_json::from_slice(body).map_err(|_| Unreadable("no message"))?;
    let text: String =
        message.content.iter().filter(|block| block.kind == "text").filter_map(|block| block.text.as_deref()).collect();
    let stop = match message.stop_reason.as_deref() {
        Some("max_tokens" | "model_context_window_exceeded") => Stop::Length,
        Some("refusal") => Stop::Refused,
        _ => Stop::End,
    };
    let counted = message.usage.unwrap_or_default();
    let cached =
        counted.cache_creation_input_tokens.unwrap_or(0).saturating_add(counted.cache_read_input_tokens.unwrap_or(0));
    let usage =
        Usage { input_tokens: counted.input_tokens.saturating_add(cached), output_tokens: counted.output_tokens };
    Ok(Answer { text, stop, usage })
}
