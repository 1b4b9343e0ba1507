//! An answer on its way back: a status, a body and headers.
//!
//! Knows no tracker: what an error says is the tracker's own.

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;

/// What stands in an answer.
#[derive(Clone, Debug)]
pub enum Content {
    Nothing,
    Json(Value),
    Html(String),
    /// A file, with its media type.
    File(Bytes, String),
}

/// What goes back to the caller.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    content: Content,
    headers: Vec<(HeaderName, String)>,
    /// The comment that it shows, by its id in the world.
    pub comment: Option<u64>,
}

/// An answer either way: errors are answers too.
pub type Outcome = Result<Answer, Answer>;

impl Answer {
    /// An answer with any content.
    pub fn new(status: u16, content: Content) -> Self {
        Self { status, content, headers: Vec::new(), comment: None }
    }

    /// An answer with JSON.
    pub fn json(status: u16, body: Value) -> Self {
        Self::new(status, Content::Json(body))
    }

    /// 200 with JSON.
    pub fn ok(body: Value) -> Self {
        Self::json(200, body)
    }

    /// 204.
    pub fn no_content() -> Self {
        Self::new(204, Content::Nothing)
    }

    /// Adds a header.
    pub fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Says which comment it shows, by its id in the world.
    pub fn of_comment(mut self, comment: u64) -> Self {
        self.comment = Some(comment);
        self
    }

    /// The answer on the wire, its JSON under this media type.
    pub fn respond(self, json: &'static str) -> Response {
        let (kind, body) = match self.content {
            Content::Nothing => (None, Body::empty()),
            Content::Json(value) => (Some(json.to_owned()), Body::from(value.to_string())),
            Content::Html(html) => (Some("text/html; charset=utf-8".to_owned()), Body::from(html)),
            Content::File(bytes, kind) => (Some(kind), Body::from(bytes)),
        };
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        if let Some(kind) = kind {
            set(headers, header::CONTENT_TYPE, &kind);
        }
        for (name, value) in self.headers {
            set(headers, name, &value);
        }
        response
    }
}

/// Sets a header whose value this sandbox made.
pub fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
