//! OpenAI's chat completions, as OpenAI, Azure and many servers speak them.
//!
//! <https://platform.openai.com/docs/api-reference/chat>, <https://platform.openai.com/docs/guides/structured-outputs>,
//! <https://docs.ollama.com/api/openai-compatibility>

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Provider, Question, Stop, Unreadable};
use crate::planner::llm::usage::Usage;

/// The request's body. OpenAI's own models want `max_completion_tokens` and refuse a temperature; other servers know
/// `max_tokens` alone, and repeat themselves best at temperature 0.
pub fn body(provider: Provider, question: &Question<'_>) -> Value {
    let mut body = json!({
        "model": question.model,
        "messages": [
            { "role": "system", "content": question.system },
            { "role": "user", "content": question.user },
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": { "name": question.name, "strict": true, "schema": question.schema },
        },
    });
    match provider {
        Provider::OpenAi | Provider::AzureOpenAi => body["max_completion_tokens"] = json!(question.output_tokens),
        _ => {
            body["max_tokens"] = json!(question.output_tokens);
            body["temperature"] = json!(0);
        }
    }
    body
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Counted>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Counted {
    prompt_tokens: u64,
    completion_tokens: u64,
}

/// Reads a completion.
pub fn read(body: &[u8]) -> Result<Answer, Unreadable> {
    let completion: Completion = serde_json::from_slice(body).map_err(|_| Unreadable("no completion"))?;
    let counted = completion.usage.unwrap_or_default();
    let usage = Usage { input_tokens: counted.prompt_tokens, output_tokens: counted.completion_tokens };
    let choice = completion.choices.into_iter().next().ok_or(Unreadable("no choices"))?;
    let stop = match choice.finish_reason.as_deref() {
        _ if choice.message.refusal.as_deref().is_some_and(|words| !words.is_empty()) => Stop::Refused,
        Some("content_filter") => Stop::Refused,
        Some("length") => Stop::Length,
        _ => Stop::End,
    };
    Ok(Answer { text: choice.message.content.unwrap_or_default(), stop, usage })
}
