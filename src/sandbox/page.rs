//! The frame of the pages that people open in a browser.
//!
//! In: a title, and a body of safe HTML. Out: a page without scripts, which loads nothing.

use axum::response::{Html, IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::Value;

/// Text as a tracker keeps it.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    Markdown(&'a str),
    /// Jira's wiki markup.
    Wiki(&'a str),
    /// A document of Atlassian's format, as JSON.
    Adf(&'a Value),
    Html(&'a str),
}

/// Makes safe HTML of text.
pub type Render = fn(Source<'_>) -> String;

/// Text of any kind as its source.
pub fn unrendered(text: Source<'_>) -> String {
    match text {
        Source::Markdown(text) | Source::Wiki(text) | Source::Html(text) => source(text),
        Source::Adf(document) => source(&format!("{document:#}")),
    }
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;\
    color:#1f2328;background:#fff}article{border:1px solid #d1d9e0;border-radius:6px;padding:0 1rem;margin:1rem 0}\
    article:target{border-color:#0969da}pre{overflow:auto;background:#f6f8fa;padding:.75rem}code{font-size:.9em}\
    table{border-collapse:collapse}td,th{border:1px solid #d1d9e0;padding:.25rem .6rem}header{color:#59636e}\
    .lines :target{background:#fff8c5}.lines a{color:#59636e;display:inline-block;width:3rem;text-decoration:none}";

/// A page.
pub fn page(title: &str, body: &str) -> Response {
    let title = escape(title);
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><main>{body}</main></body></html>"
    );
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response()
}

/// The page of what is not there.
pub fn nothing() -> Response {
    let mut response = page("Not found", "<h1>Not found</h1>");
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// A part of a ticket's page: the description, or a comment.
pub fn article(id: &str, author: &str, at: &str, html: &str) -> String {
    let (author, at) = (escape(author), escape(at));
    format!("<article id=\"{id}\"><header><p>{author}, {at}</p></header>{html}</article>")
}

/// Text as it stands, in a block of its own.
pub fn source(text: &str) -> String {
    format!("<pre>{}</pre>", escape(text))
}

/// Text without any meaning in HTML.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}
