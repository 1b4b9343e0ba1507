//! The pages that people open: an issue with its comments, a file at a commit, a commit.
//!
//! In: the world and its repositories. Out: HTML without scripts, open to whoever reaches this loopback address.
//! Comments are shown by a function that the sandbox is given; without one, as their source.

use std::{fmt::Write, path::PathBuf, sync::Arc};

use axum::{
    Router,
    extract::{Path, State as Shared},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use http::{StatusCode, header};

use super::{code::git, site::Site, state::State, time::iso};
use crate::sandbox::world::TicketKey;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;\
    color:#1f2328;background:#fff}article{border:1px solid #d1d9e0;border-radius:6px;padding:0 1rem;margin:1rem 0}\
    article:target{border-color:#0969da}pre{overflow:auto;background:#f6f8fa;padding:.75rem}code{font-size:.9em}\
    table{border-collapse:collapse}td,th{border:1px solid #d1d9e0;padding:.25rem .6rem}header{color:#59636e}\
    .lines :target{background:#fff8c5}.lines a{color:#59636e;display:inline-block;width:3rem;text-decoration:none}";

/// The pages' routes.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/{owner}/{repo}/issues/{number}", get(issue))
        .route("/{owner}/{repo}/blob/{revision}/{*path}", get(blob))
        .route("/{owner}/{repo}/commit/{revision}", get(commit))
}

/// Markdown as its source.
pub(super) fn source(markdown: &str) -> String {
    format!("<pre>{}</pre>", escape(markdown))
}

async fn issue(Shared(site): Shared<Arc<Site>>, Path((owner, repo, number)): Path<(String, String, u64)>) -> Response {
    let key = TicketKey::new(format!("{owner}/{repo}"), number);
    match site.with(|state| issue_html(state, &key)) {
        Some(body) => page(&key.to_string(), &body),
        None => nothing(),
    }
}

fn issue_html(state: &State, key: &TicketKey) -> Option<String> {
    let ticket = state.world.ticket(key)?;
    let labels = ticket.labels.iter().chain(&ticket.kind).map(|label| escape(label)).collect::<Vec<_>>().join(", ");
    let body = (state.render)(ticket.body.as_deref().unwrap_or_default());
    let mut html = format!("<h1>{} <small>#{}</small></h1><p>{labels}</p>", escape(&ticket.title), key.number);
    let mut article = |id: &str, author: &str, at: i64, body: &str| {
        let (author, at) = (escape(author), iso(at));
        let _ = write!(html, "<article id=\"{id}\"><header><p>{author}, {at}</p></header>{body}</article>");
    };
    article("issue", &ticket.author, ticket.created_at, &body);
    for comment in ticket.comments.iter().filter(|comment| !state.faults.hides(comment.id)) {
        let id = format!("issuecomment-{}", comment.id);
        article(&id, &comment.author, comment.updated_at, &(state.render)(&comment.body));
    }
    Some(html)
}

async fn blob(Shared(site): Shared<Arc<Site>>, Path(at): Path<(String, String, String, String)>) -> Response {
    let (owner, repo, revision, path) = at;
    let object = format!("{revision}:{path}");
    let Some(text) = read(&site, &owner, &repo, &["cat-file", "blob", "--end-of-options", &object]).await else {
        return nothing();
    };
    let mut html = format!("<h1>{}</h1><pre class=\"lines\">", escape(&path));
    for (n, line) in text.lines().enumerate().map(|(n, line)| (n + 1, line)) {
        let _ = writeln!(html, "<span id=\"L{n}\"><a href=\"#L{n}\">{n}</a>{}</span>", escape(line));
    }
    html.push_str("</pre>");
    page(&path, &html)
}

async fn commit(Shared(site): Shared<Arc<Site>>, Path(at): Path<(String, String, String)>) -> Response {
    let (owner, repo, revision) = at;
    let args = ["show", "--no-color", "--no-ext-diff", "--no-textconv", "--stat", "--patch", "--end-of-options"];
    let args: Vec<&str> = args.into_iter().chain([revision.as_str()]).collect();
    match read(&site, &owner, &repo, &args).await {
        Some(text) => page(&revision, &format!("<h1>Commit</h1>{}", source(&text))),
        None => nothing(),
    }
}

/// What git prints about a project's repository.
async fn read(site: &Site, owner: &str, repo: &str, args: &[&str]) -> Option<String> {
    let name = format!("{owner}/{repo}");
    let code: PathBuf = site.with(|state| state.world.project(&name)?.code.clone())?;
    git(&code, args).await.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn page(title: &str, body: &str) -> Response {
    let title = escape(title);
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><main>{body}</main></body></html>"
    );
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response()
}

fn nothing() -> Response {
    let mut response = page("Not found", "<h1>Not found</h1>");
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

fn escape(text: &str) -> String {
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
