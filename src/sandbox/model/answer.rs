//! Answers in the form of each protocol.

use axum::{body::Body, response::Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::Protocol;

/// Why the model stopped, in neutral words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    End,
    Length,
    Refusal,
}

/// A whole answer.
pub(super) fn good(protocol: Protocol, text: &str) -> Response {
    json(200, &body(protocol, text, Stop::End))
}

/// The body of an answer. Usage is 1,000 tokens read and one token for each four bytes written.
pub(super) fn body(protocol: Protocol, text: &str, stop: Stop) -> Value {
    let written = text.len().div_ceil(4);
    match protocol {
        Protocol::Anthropic => {
            let reason = match stop {
                Stop::End => "end_turn",
                Stop::Length => "max_tokens",
                Stop::Refusal => "refusal",
            };
            json!({
                "id": "msg_sandbox", "type": "message", "role": "assistant", "model": "sandbox",
                "content": [{ "type": "text", "text": text }],
                "stop_reason": reason, "stop_sequence": null,
                "usage": { "input_tokens": 900, "cache_read_input_tokens": 100, "output_tokens": written },
            })
        }
        Protocol::OpenAi => {
            let refused = stop == Stop::Refusal;
            let message = json!({
                "role": "assistant",
                "content": if refused { Value::Null } else { json!(text) },
                "refusal": if refused { json!(text) } else { Value::Null },
            });
            let reason = if stop == Stop::Length { "length" } else { "stop" };
            json!({
                "id": "chatcmpl-sandbox", "object": "chat.completion", "model": "sandbox",
                "choices": [{ "index": 0, "message": message, "finish_reason": reason }],
                "usage": { "prompt_tokens": 1000, "completion_tokens": written, "total_tokens": 1000 + written },
            })
        }
    }
}

/// An error in the protocol's form. Like some real ones it repeats what came in.
pub(super) fn error(protocol: Protocol, status: u16, message: &str, retry_after: Option<u64>) -> Response {
    let error = json!({ "type": "sandbox_error", "message": message });
    let mut response = json(
        status,
        &match protocol {
            Protocol::Anthropic => json!({ "type": "error", "error": error }),
            Protocol::OpenAi => json!({ "error": error }),
        },
    );
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// JSON with a status.
pub(super) fn json(status: u16, body: &Value) -> Response {
    with_type(status, "application/json", Body::from(body.to_string()))
}

/// Any body with a status and a content type.
pub(super) fn with_type(status: u16, kind: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
