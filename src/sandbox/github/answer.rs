//! An answer as GitHub gives it: a status, JSON and headers; errors with a message and where it is documented.

use axum::{body::Body, response::Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const DOCUMENTATION: &str = "https://docs.github.com/rest";

/// What goes back to the caller.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    /// None where GitHub answers without a body.
    body: Option<Value>,
    headers: Vec<(HeaderName, String)>,
}

/// An answer either way: errors are answers too.
pub type Outcome = Result<Answer, Answer>;

impl Answer {
    /// An answer with JSON.
    pub fn json(status: u16, body: Value) -> Self {
        Self { status, body: Some(body), headers: Vec::new() }
    }

    /// 200 with JSON.
    pub fn ok(body: Value) -> Self {
        Self::json(200, body)
    }

    /// 204.
    pub fn no_content() -> Self {
        Self { status: 204, body: None, headers: Vec::new() }
    }

    /// An error with GitHub's body.
    pub fn error(status: u16, message: &str) -> Self {
        let body = json!({ "message": message, "documentation_url": DOCUMENTATION, "status": status.to_string() });
        Self::json(status, body)
    }

    /// 404: it is not there, or the caller may not know of it.
    pub fn not_found() -> Self {
        Self::error(404, "Not Found")
    }

    /// 422 for one field.
    pub fn invalid(resource: &str, field: &str, code: &str, message: &str) -> Self {
        let error = json!({ "resource": resource, "field": field, "code": code, "message": message });
        let mut answer = Self::error(422, "Validation Failed");
        if let Some(body) = &mut answer.body {
            body["errors"] = json!([error]);
        }
        answer
    }

    /// Adds a header.
    pub fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The id in the body, where it has one.
    pub fn id(&self) -> Option<u64> {
        self.body.as_ref()?.get("id")?.as_u64()
    }

    /// The answer on the wire. A read whose ETag the caller has already is answered by 304 without a body.
    pub fn respond(self, request: &HeaderMap, is_read: bool) -> Response {
        let bytes = self.body.map(|body| body.to_string().into_bytes());
        let etag = format!("W/\"{}\"", hex::encode(Sha256::digest(bytes.as_deref().unwrap_or_default())));
        let known = request.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes());
        let unchanged = is_read && self.status == 200 && known;
        let status = if unchanged { 304 } else { self.status };
        let length = bytes.as_ref().map(|_| "application/json; charset=utf-8");
        let mut response = Response::new(match bytes {
            Some(bytes) if !unchanged => Body::from(bytes),
            _ => Body::empty(),
        });
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        if let Some(kind) = length {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        if is_read && self.status == 200 {
            set(headers, header::ETAG, &etag);
            set(headers, header::CACHE_CONTROL, "private, max-age=60, s-maxage=60");
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
