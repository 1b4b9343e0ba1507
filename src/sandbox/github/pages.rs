//! The pages that people open: an issue with its comments, a file at a commit, a commit.
//!
//! In: the world and its repositories. Out: HTML without scripts, open to whoever reaches this loopback address.
//! Comments are shown by a function that the sandbox is given; without one, as their source.

use std::{fmt::Write, path::PathBuf, sync::Arc};

use axum::{
    Router,
    extract::{Path, State as Shared},
    response::Response,
    routing::get,
};

use super::{Site, State};
use crate::sandbox::{
    code::git,
    page::{article, escape, nothing, page, source},
    time::iso,
    world::TicketKey,
};

/// The pages' routes.
pub fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/{owner}/{repo}/issues/{number}", get(issue))
        .route("/{owner}/{repo}/blob/{revision}/{*path}", get(blob))
        .route("/{owner}/{repo}/commit/{revision}", get(commit))
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
    let body = (state.own.render)(ticket.body.as_deref().unwrap_or_default());
    let mut html = format!("<h1>{} <small>#{}</small></h1><p>{labels}</p>", escape(&ticket.title), key.number);
    html.push_str(&article("issue", &ticket.author, &iso(ticket.created_at), &body));
    for comment in ticket.comments.iter().filter(|comment| !state.faults.hides(comment.id)) {
        let id = format!("issuecomment-{}", comment.id);
        let body = (state.own.render)(&comment.body);
        html.push_str(&article(&id, &comment.author, &iso(comment.updated_at), &body));
    }
    Some(html)
}

async fn blob(Shared(site): Shared<Arc<Site>>, Path(at): Path<(String, String, String, String)>) -> Response {
    let (owner, repo, revision, path) = at;
    let show =
        async |object: String| read(&site, &owner, &repo, &["cat-file", "blob", "--end-of-options", &object]).await;
    // A branch's name may hold a slash.
    let longer = path.split_once('/').map(|(more, path)| format!("{revision}/{more}:{path}"));
    let text = match (show(format!("{revision}:{path}")).await, longer) {
        (None, Some(longer)) => show(longer).await,
        (text, _) => text,
    };
    let Some(text) = text else { return nothing() };
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
