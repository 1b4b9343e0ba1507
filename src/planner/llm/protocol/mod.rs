//! The protocols of model providers: a question becomes a request, an answer's body becomes an [`Answer`].
//!
//! In: texts and a schema; bytes of a provider. Out: JSON, headers, an answer. Pure: sends nothing. A provider's JSON stays
//! in private structs beside the function that reads it.

mod anthropic;
mod openai;
mod strict;

use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::usage::Usage;
pub use strict::strict;

/// Whose protocol is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Anthropic's Messages.
    Anthropic,
    /// OpenAI's chat completions.
    OpenAi,
    /// The same at Azure, where the key has a header of its own and the model is a deployment.
    AzureOpenAi,
    /// Everything else that speaks OpenAI's protocol: vLLM, LM Studio, llama.cpp, gateways.
    OpenAiCompatible,
    /// Ollama, by its OpenAI protocol under `/v1`.
    Ollama,
}

impl Provider {
    /// The word in the configuration, in metrics and in hashes.
    pub fn word(self) -> &'static str {
        match self {
            Self::Anthropic => "anthropic",
            Self::OpenAi => "openai",
            Self::AzureOpenAi => "azure_openai",
            Self::OpenAiCompatible => "openai_compatible",
            Self::Ollama => "ollama",
        }
    }

    /// Where the interface is when nothing else is configured.
    pub fn usual_base(self) -> Option<&'static str> {
        match self {
            Self::Anthropic => Some("https://api.anthropic.com"),
            Self::OpenAi => Some("https://api.openai.com/v1"),
            Self::Ollama => Some("http://127.0.0.1:11434/v1"),
            Self::AzureOpenAi | Self::OpenAiCompatible => None,
        }
    }

    /// Does it ask everybody for a key?
    pub fn needs_key(self) -> bool {
        matches!(self, Self::Anthropic | Self::OpenAi | Self::AzureOpenAi)
    }

    /// The path below the base.
    pub fn path(self) -> &'static str {
        match self {
            Self::Anthropic => "/v1/messages",
            _ => "/chat/completions",
        }
    }

    /// The headers beside the content type; `None` when the key cannot stand in a header.
    pub fn headers(self, key: Option<&SecretString>) -> Option<HeaderMap> {
        let mut headers = HeaderMap::new();
        if self == Self::Anthropic {
            headers.insert("anthropic-version", HeaderValue::from_static(anthropic::VERSION));
        }
        let Some(key) = key.map(ExposeSecret::expose_secret) else { return Some(headers) };
        let (name, value) = match self {
            Self::Anthropic => (HeaderName::from_static("x-api-key"), key.to_owned()),
            Self::AzureOpenAi => (HeaderName::from_static("api-key"), key.to_owned()),
            _ => (http::header::AUTHORIZATION, format!("Bearer {key}")),
        };
        let mut value = HeaderValue::from_str(&value).ok()?;
        value.set_sensitive(true);
        headers.insert(name, value);
        Some(headers)
    }

    /// The request's body.
    pub fn body(self, question: &Question<'_>) -> Value {
        match self {
            Self::Anthropic => anthropic::body(question),
            _ => openai::body(self, question),
        }
    }

    /// Reads a successful answer.
    pub fn read(self, body: &[u8]) -> Result<Answer, Unreadable> {
        match self {
            Self::Anthropic => anthropic::read(body),
            _ => openai::read(body),
        }
    }
}

/// A question, written out.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub model: &'a str,
    pub system: &'a str,
    pub user: &'a str,
    /// A short word for the schema.
    pub name: &'a str,
    /// In the strict form.
    pub schema: &'a Value,
    pub output_tokens: u32,
}

/// What a model said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub text: String,
    pub stop: Stop,
    #[serde(default)]
    pub usage: Usage,
}

/// Why a model stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// It had said everything.
    End,
    /// It ran out of tokens.
    Length,
    /// It, or a filter, would not answer.
    Refused,
}

/// The body is not an answer of this protocol.
#[derive(Debug, thiserror::Error)]
#[error("the answer is not one of this protocol: {0}")]
pub struct Unreadable(pub &'static str);
