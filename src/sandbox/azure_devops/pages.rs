//! The pages that people open: a work item with its discussion, and a page of the wiki.
//!
//! In: the world. Out: HTML without scripts, open to whoever reaches this loopback address.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    extract::{Path, Query, State as Shared},
    response::Response,
    routing::get,
};

use super::{
    Flavour, Site, State,
    call::is_project,
    comments::Format,
    json::{body_field, iso, project_id},
};
use crate::sandbox::{
    page::{Source, article, escape, nothing, page},
    world::Project,
};

/// The pages' routes.
pub fn routes(flavour: Flavour) -> Router<Arc<Site>> {
    let collection = flavour.collection();
    Router::new()
        .route(&format!("/{collection}/{{project}}/_workitems/edit/{{id}}"), get(work_item))
        .route(&format!("/{collection}/{{project}}/_wiki/wikis/{{wiki}}"), get(wiki_page))
}

async fn work_item(Shared(site): Shared<Arc<Site>>, Path((_, id)): Path<(String, u64)>) -> Response {
    match site.with(|state| work_item_html(state, id)) {
        Some((title, body)) => page(&title, &body),
        None => nothing(),
    }
}

fn work_item_html(state: &State, id: u64) -> Option<(String, String)> {
    let ticket = state.world.tickets().find(|ticket| ticket.ordinal() == id && is_project(&ticket.key.project))?;
    let name = |login: &str| state.world.user(login).map_or(login.to_owned(), |user| user.name.clone());
    let kind = ticket.kind.as_deref().unwrap_or("Task");
    let tags = ticket.labels.iter().map(|tag| escape(tag)).collect::<Vec<_>>().join(", ");
    let mut html = format!("<p>{} {id}</p><h1>{}</h1><p>{tags}</p>", escape(kind), escape(&ticket.title));
    let fields = state.own.markdown_fields.get(&ticket.key);
    let is_markdown = fields.is_some_and(|fields| fields.contains(body_field(ticket)));
    let body = rendered(state, ticket.body.as_deref().unwrap_or_default(), is_markdown);
    html.push_str(&article("description", &name(&ticket.author), &iso(ticket.created_at), &body));
    if let Some(acceptance) = &ticket.acceptance {
        html.push_str("<h2>Acceptance criteria</h2>");
        html.push_str(&rendered(state, acceptance, false));
    }
    for link in state.own.hyperlinks.get(&ticket.key).into_iter().flatten() {
        let address = escape(link["url"].as_str().unwrap_or_default());
        html.push_str(&format!("<p>Link: <a href=\"{address}\">{address}</a></p>"));
    }
    for comment in ticket.comments.iter().filter(|comment| !state.faults.hides(comment.id)) {
        let body = rendered(state, &comment.body, state.own.format_of(comment) == Format::Markdown);
        let id = format!("comment-{}", comment.ordinal());
        html.push_str(&article(&id, &name(&comment.author), &iso(comment.updated_at), &body));
    }
    Some((format!("{kind} {id}: {}", ticket.title), html))
}

fn rendered(state: &State, text: &str, is_markdown: bool) -> String {
    (state.own.render)(if is_markdown { Source::Markdown(text) } else { Source::Html(text) })
}

async fn wiki_page(
    Shared(site): Shared<Arc<Site>>,
    Path((project, _)): Path<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let found = site.with(|state| {
        let named = |home: &&Project| home.name == project || project_id(home) == project;
        let home = state.world.projects().find(named)?;
        let path = query.get("pagePath")?.clone();
        let page = state.own.pages.get(&(home.name.clone(), path.clone()))?;
        Some((path, (state.own.render)(Source::Markdown(&page.content))))
    });
    found.map_or_else(nothing, |(path, html)| page(&path, &html))
}
