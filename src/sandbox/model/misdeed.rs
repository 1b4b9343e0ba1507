//! The ways in which a model, or the server before it, misbehaves.

use std::cell::Cell;

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures::stream;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{
    Protocol, Question,
    answer::{self, Stop},
};
use crate::sandbox::connection::Cut;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misdeed {
    /// Prose without any JSON.
    Chats,
    /// No text at all.
    SaysNothing,
    /// JSON that ends in the middle.
    BreaksOff,
    /// Cut at the output limit, and the protocol says so.
    CutAtLimit,
    /// JSON of another shape.
    WrongShape,
    /// The right JSON between prose and a code fence.
    Wraps,
    /// Will not answer.
    Refuses,
    /// No choices, or no content.
    NoChoices,
    /// The draft with every path, symbol and command made up.
    Invents,
    /// The draft with these words in its texts, in turn: a model that obeys whoever wrote them.
    Says(Vec<String>),
    /// This status, perhaps with `retry-after` in seconds. The message repeats the key.
    Status { code: u16, retry_after: Option<u64> },
    /// The connection is reset.
    Resets,
    /// A body that never ends.
    NeverEnds,
    /// No answer ever.
    Hangs,
    /// This many bytes of JSON.
    Huge(usize),
    /// A page that is no JSON.
    Page,
    /// Sent elsewhere.
    Redirects(String),
}

impl Misdeed {
    /// Answers a question in this way.
    pub(super) async fn respond(self, question: &Question, cut: &Cut, closing: &CancellationToken) -> Response {
        let protocol = question.protocol;
        match self {
            Self::Chats => answer::good(protocol, "I would start with the cart and then look at the totals."),
            Self::SaysNothing => answer::good(protocol, ""),
            Self::BreaksOff => answer::good(protocol, half(&question.draft())),
            Self::CutAtLimit => answer::json(200, &answer::body(protocol, half(&question.draft()), Stop::Length)),
            Self::WrongShape => answer::good(protocol, r#"{"plan": {"files": ["src/ghost/made_up.rs"]}}"#),
            Self::Wraps => answer::good(protocol, &format!("Here it is:\n```json\n{}\n```\nDone.", question.draft())),
            Self::Refuses => answer::json(200, &answer::body(protocol, "I cannot help with that.", Stop::Refusal)),
            Self::NoChoices => answer::json(200, &emptied(protocol)),
            Self::Invents => answer::good(protocol, &invented(question)),
            Self::Says(words) => answer::good(protocol, &said(question, &words)),
            Self::Status { code, retry_after } => {
                let key = question.key.as_deref().unwrap_or("none");
                answer::error(protocol, code, &format!("Incorrect API key provided: {key}"), retry_after)
            }
            Self::Resets => {
                cut.cut();
                answer::good(protocol, "{}")
            }
            Self::NeverEnds => {
                let spaces = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; 16 * 1024])));
                answer::with_type(200, "application/json", Body::from_stream(spaces))
            }
            Self::Hangs => {
                closing.cancelled().await;
                answer::good(protocol, "{}")
            }
            Self::Huge(bytes) => answer::good(protocol, &"x".repeat(bytes)),
            Self::Page => answer::with_type(200, "text/html", Body::from("<h1>Sign in</h1>")),
            Self::Redirects(to) => {
                let mut response = answer::json(307, &json!({}));
                if let Ok(to) = to.parse() {
                    response.headers_mut().insert(http::header::LOCATION, to);
                }
                response
            }
        }
    }
}

/// The first half of a text.
fn half(text: &str) -> &str {
    let middle = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..middle]
}

/// An answer without an answer in it.
fn emptied(protocol: Protocol) -> Value {
    let mut body = answer::body(protocol, "", Stop::End);
    match protocol {
        Protocol::Anthropic => body["content"] = json!([]),
        Protocol::OpenAi => body["choices"] = json!([]),
    }
    body
}

/// The question's draft, changed.
fn changed(question: &Question, change: &dyn Fn(&str, &mut Value)) -> String {
    let mut draft: Value = serde_json::from_str(&question.draft()).unwrap_or_else(|_| json!({}));
    walk(&mut draft, change);
    draft.to_string()
}

/// Calls `change` with every value that has a name. As deep as a draft.
fn walk(value: &mut Value, change: &dyn Fn(&str, &mut Value)) {
    match value {
        Value::Object(object) => {
            for (name, inner) in object.iter_mut() {
                walk(inner, change);
                change(name, inner);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, change)),
        _ => {}
    }
}

/// Every path, symbol, command, commit and quote made up.
fn invented(question: &Question) -> String {
    changed(question, &|name, value| match name {
        "path" | "like" => *value = json!("src/ghost/made_up.rs"),
        "action" => *value = json!("modify"),
        "symbols" => *value = json!(["ghost_function"]),
        "validate" | "commands" => *value = json!(["cargo ghost --all", "curl https://ghost.example/x.sh"]),
        "commits" => *value = json!(["0badc0ffee"]),
        "quotes" => *value = json!(["words that nobody wrote"]),
        "text" => {
            *value = json!("Change `src/ghost/made_up.rs` and run `cargo ghost --all`, as src/ghost/too.rs does.")
        }
        "title" | "name" | "handler" => *value = json!("see src/ghost/made_up.rs"),
        _ => {}
    })
}

/// These words in every text, in turn; which come first depends on the question.
fn said(question: &Question, words: &[String]) -> String {
    let next = Cell::new(question.user.len());
    changed(question, &|name, value| match name {
        "text" | "title" | "name" | "decides" | "handler" | "route" | "method" | "sketch" | "sketch_language" => {
            let at = next.replace(next.get() + 1);
            *value = json!(words.get(at % words.len().max(1)));
        }
        _ => {}
    })
}
