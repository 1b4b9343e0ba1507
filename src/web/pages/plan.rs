//! `/plans/{id}`: a plan as people read it; with `.md` or `.json` at the end, to take away.

use axum::{
    Extension,
    extract::{Path, State},
    http::{
        HeaderValue,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    rows::PlanRow,
    words::{self, Moment},
};
use crate::{
    model::{
        PlanId,
        plan::{Finding, PlannedRepository},
        plan_record::PlanRecord,
    },
    richtext::{Block, Doc, html, markdown, plain_inline},
    web::{WebState, access::ByLink, render},
};

/// One plan.
#[derive(Serialize)]
struct Shown {
    row: PlanRow,
    ticket_url: Option<String>,
    /// Where people browse the commit that the plan was checked against.
    commit_url: Option<String>,
    /// What verification had to say, gravest first.
    findings: Vec<String>,
    /// The document as HTML, made by `richtext` of escaped text alone.
    document: String,
    contents: Vec<Heading>,
    versions: Vec<Version>,
    /// There is an earlier version to compare with.
    has_earlier: bool,
    /// A newer version exists: its id.
    newest: Option<String>,
    /// The reader came by the plan's own link and sees nothing else.
    guest: bool,
    /// What opens the downloads to such a reader; empty for others.
    query: String,
}

/// The parts of a stored plan that the page shows beside its document. Plans of other versions may lack them.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Checked {
    head: CheckedHead,
    findings: Vec<Finding>,
}

/// The head of a stored plan.
#[derive(Default, Deserialize)]
#[serde(default)]
struct CheckedHead {
    repositories: Vec<PlannedRepository>,
}

/// A heading of the document.
#[derive(Serialize)]
struct Heading {
    id: String,
    text: String,
}

/// A version of the ticket's plan.
#[derive(Serialize)]
struct Version {
    id: String,
    version: u32,
    at: Moment,
    is_this: bool,
}

/// Shows one plan, or hands it out.
pub(in crate::web) async fn show(
    State(state): State<WebState>,
    Path(name): Path<String>,
    link: Option<Extension<ByLink>>,
) -> Result<Response, render::NoPage> {
    let (id, form) = name.split_once('.').map_or((name.as_str(), ""), |(id, form)| (id, form));
    let plan = find(&state, id).await?;
    match form {
        "" => page(&state, plan, link.map(|Extension(link)| link)).await,
        "md" => Ok(download(&plan, "md", "text/markdown; charset=utf-8", plan.document.clone())),
        "json" => Ok(download(&plan, "json", "application/json", plan.plan_json.clone())),
        _ => Err(render::NoPage::Missing("plan")),
    }
}

/// The plan with this id.
pub(super) async fn find(state: &WebState, id: &str) -> Result<PlanRecord, render::NoPage> {
    let missing = || render::NoPage::Missing("plan");
    let id = Uuid::parse_str(id).map_err(|_| missing())?;
    state.store.plan(PlanId(id)).await?.ok_or_else(missing)
}

/// The page of a plan.
async fn page(state: &WebState, plan: PlanRecord, link: Option<ByLink>) -> Result<Response, render::NoPage> {
    let now = state.clock.now_ms();
    let guest = link.is_some();
    let mut versions = state.store.versions(&plan.ticket).await?;
    let newest = versions.first().filter(|newest| newest.version > plan.version).map(|newest| newest.id.to_string());
    versions.retain(|version| !guest || version.id == plan.id);
    let document = html::to_html(&part_of_page(markdown::parse(&plan.document), &plan.title));
    let checked: Checked = serde_json::from_str(&plan.plan_json).unwrap_or_default();
    let commit_url = checked.head.repositories.first().and_then(|repository| repository.commit_url.as_deref());
    let shown = Shown {
        row: PlanRow::new(&plan, now),
        ticket_url: words::web_address(plan.ticket_url.as_deref()),
        commit_url: words::web_address(commit_url),
        findings: checked.findings.iter().map(Finding::to_string).collect(),
        contents: contents(&document),
        document,
        has_earlier: versions.iter().any(|other| other.version < plan.version),
        newest,
        guest,
        query: link.map(|ByLink(query)| format!("?{query}")).unwrap_or_default(),
        versions: versions
            .iter()
            .map(|other| Version {
                id: other.id.to_string(),
                version: other.version,
                at: Moment::new(other.created_at, now),
                is_this: other.id == plan.id,
            })
            .collect(),
    };
    let title = format!("{}: {}", plan.reference, plan.title);
    Ok(if guest { render::guest_page("plan", &title, &shown) } else { render::page("plan", &title, 0, &shown) })
}

/// The document as a part of the page: without a first heading that only repeats the page's own, and with its outermost
/// headings on the second level.
fn part_of_page(mut doc: Doc, title: &str) -> Doc {
    if let Some(Block::Heading { level, content }) = doc.blocks.first()
        && (*level == 1 || plain_inline(content).contains(title.trim()))
    {
        doc.blocks.remove(0);
    }
    let level = |block: &Block| if let Block::Heading { level, .. } = block { Some(*level) } else { None };
    let outermost = doc.blocks.iter().filter_map(level).min().unwrap_or(2);
    for block in &mut doc.blocks {
        if let Block::Heading { level, .. } = block {
            *level = (*level + 2).saturating_sub(outermost).clamp(2, 6);
        }
    }
    doc
}

/// The second-level headings of a document made by `richtext::html`, with the ids it gave them.
fn contents(html: &str) -> Vec<Heading> {
    let heading = |part: &str| {
        let (id, rest) = part.split_once("\">")?;
        let (text, _) = rest.split_once("</h2>")?;
        Some(Heading { id: id.to_owned(), text: without_tags(text) })
    };
    html.split("<h2 id=\"").skip(1).filter_map(heading).collect()
}

/// Text between tags; entities stay as they are.
fn without_tags(html: &str) -> String {
    html.split('<')
        .enumerate()
        .map(|(i, part)| if i == 0 { part } else { part.split_once('>').map_or("", |p| p.1) })
        .collect()
}

/// A file to take away, named after ticket and version.
fn download(plan: &PlanRecord, extension: &str, media_type: &'static str, body: String) -> Response {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let ticket: String = plan.reference.chars().take(80).map(plain).collect();
    let name = format!("attachment; filename=\"plan-{}-v{}.{extension}\"", ticket.trim_matches('-'), plan.version);
    let disposition = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    ([(CONTENT_TYPE, HeaderValue::from_static(media_type)), (CONTENT_DISPOSITION, disposition)], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The headings of a document on its page.
    fn check(document: &str, expected: &str) {
        let html = html::to_html(&part_of_page(markdown::parse(document), "Cart & total"));
        let shown: Vec<String> = html.lines().filter(|line| line.starts_with("<h")).map(without_tags).collect();
        let levels: Vec<&str> = html.lines().filter(|line| line.starts_with("<h")).map(|line| &line[1..3]).collect();
        let both: Vec<String> = levels.iter().zip(&shown).map(|(level, text)| format!("{level} {text}")).collect();
        assert_eq!(both.join(", "), expected, "of {document}");
    }

    #[test]
    fn headings_fit_below_the_pages_own() {
        check("# Plan\n\n## A\n\n### B", "h2 A, h3 B");
        check("## Plan: Cart & total\n\n### A\n\n#### B\n\n### C", "h2 A, h3 B, h2 C");
        check("### A\n\n# B", "h4 A, h2 B");
        check("## A &amp; <b\n\n###### F", "h2 A &amp; &lt;b, h6 F");
        check("text", "");
    }

    #[test]
    fn contents_are_the_outermost_headings() {
        let found = contents(&html::to_html(&markdown::parse("## A `b` *c*\n\n### D\n\n## <h2 id=\"x\">")));
        let found: Vec<(&str, &str)> = found.iter().map(|h| (h.id.as_str(), h.text.as_str())).collect();
        assert_eq!(found[0], ("a-b-c", "A b c"));
        assert!(found.iter().all(|(id, _)| *id != "x"), "{found:?}");
    }
}
