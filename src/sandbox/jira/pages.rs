//! The pages that people open: an issue with its files and comments, at `/browse/SHOP-7`, and a file.
//!
//! In: the world. Out: HTML without scripts, open to whoever reaches this loopback address.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State as Shared},
    response::Response,
    routing::get,
};

use super::{
    Flavour, Site, State,
    call::find,
    json::{iso, key_of},
    markup,
};
use crate::sandbox::page::{Source, article, escape, nothing, page, source};

/// The page's route.
pub fn routes(flavour: Flavour) -> Router<Arc<Site>> {
    let context = flavour.context();
    Router::new()
        .route(&format!("{context}/browse/{{key}}"), get(issue))
        .route(&format!("{context}/secure/attachment/{{id}}/{{name}}"), get(file))
}

async fn file(Shared(site): Shared<Arc<Site>>, Path((id, name)): Path<(u64, String)>) -> Response {
    let text = site.with(|state| {
        let mut files = state.world.tickets().flat_map(|ticket| &ticket.attachments);
        files.find(|file| file.id == id && file.name == name).map(|file| file.bytes.clone())
    });
    text.map_or_else(nothing, |text| page(&name, &source(&String::from_utf8_lossy(&text))))
}

async fn issue(Shared(site): Shared<Arc<Site>>, Path(key): Path<String>) -> Response {
    match site.with(|state| issue_html(state, &key)) {
        Some((title, body)) => page(&title, &body),
        None => nothing(),
    }
}

fn issue_html(state: &State, key: &str) -> Option<(String, String)> {
    let ticket = find(&state.world, key)?;
    let name = |login: &str| state.world.user(login).map_or(login.to_owned(), |user| user.name.clone());
    let labels = ticket.kind.iter().chain(&ticket.labels).map(|label| escape(label)).collect::<Vec<_>>().join(", ");
    let key = key_of(ticket);
    let mut html = format!("<p>{}</p><h1>{}</h1><p>{labels}</p>", escape(&key), escape(&ticket.title));
    let body = rendered(state, ticket.body.as_deref().unwrap_or_default());
    html.push_str(&article("description", &name(&ticket.author), &iso(ticket.created_at), &body));
    if let Some(acceptance) = &ticket.acceptance {
        html.push_str("<h2>Acceptance criteria</h2>");
        html.push_str(&rendered(state, acceptance));
    }
    let mut others = Vec::new();
    for file in &ticket.attachments {
        others.push(format!("<li>{} ({} bytes)</li>", escape(&file.name), file.bytes.len()));
    }
    for link in state.own.remote_links.get(&ticket.key).into_iter().flatten() {
        let part = |name: &str| escape(link.shown["object"][name].as_str().unwrap_or_default());
        others.push(format!("<li><a href=\"{}\">{}</a></li>", part("url"), part("title")));
    }
    if !others.is_empty() {
        html.push_str(&format!("<h2>Files and links</h2><ul>{}</ul>", others.concat()));
    }
    for comment in ticket.comments.iter().filter(|comment| !state.faults.hides(comment.id)) {
        let body = match state.own.document_of(comment) {
            Some(document) => (state.own.render)(Source::Adf(document)),
            None => rendered(state, &comment.body),
        };
        let id = format!("comment-{}", comment.id);
        html.push_str(&article(&id, &name(&comment.author), &iso(comment.updated_at), &body));
    }
    Some((format!("[{key}] {}", ticket.title), html))
}

/// What was typed as markup; Cloud keeps it as a document.
fn rendered(state: &State, text: &str) -> String {
    match state.own.flavour {
        Flavour::Cloud => (state.own.render)(Source::Adf(&markup::document(text))),
        Flavour::DataCenter => (state.own.render)(Source::Wiki(text)),
    }
}
