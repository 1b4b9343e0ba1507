//! Reads a ticket from a file: Markdown, a JSON object with `title` and `body`, or a recorded GitHub payload.
//!
//! In: a path or `-`. Out: a [`Ticket`] that was never on a tracker. Files over 4 MiB are refused.

use std::{
    fs::File,
    io::{Read, stdin},
    path::Path,
};

use anyhow::{Context as _, bail};
use serde::Deserialize;

use crate::{
    model::{
        ConnectionName, TicketId, TicketKey,
        ticket::{Ticket, TicketState},
    },
    richtext::{Block, markdown, plain_inline},
};

/// The largest file that is read, in bytes.
const MAX_FILE: u64 = 4 * 1024 * 1024;

/// The JSON forms: the fields of a ticket, or a payload that holds an issue.
#[derive(Deserialize)]
struct TicketJson {
    title: Option<String>,
    body: Option<String>,
    #[serde(default, deserialize_with = "label_names")]
    labels: Vec<String>,
    #[serde(rename = "type")]
    kind: Option<TypeJson>,
    number: Option<u64>,
    issue: Option<Box<TicketJson>>,
    repository: Option<RepositoryJson>,
}

#[derive(Deserialize)]
struct RepositoryJson {
    full_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TypeJson {
    Name(String),
    Object { name: String },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum LabelJson {
    Name(String),
    Object { name: String },
}

/// Labels as names or as objects with a name.
fn label_names<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let labels = Option::<Vec<LabelJson>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(labels
        .into_iter()
        .map(|l| match l {
            LabelJson::Name(name) | LabelJson::Object { name } => name,
        })
        .collect())
}

/// Reads a ticket from a file, or from standard input for `-`.
pub fn read(path: &str) -> anyhow::Result<Ticket> {
    let text = read_text(path)?;
    let ticket = if text.trim_start().starts_with('{') { from_json(&text) } else { from_markdown(&text) };
    ticket.with_context(|| format!("{path} is not a ticket"))
}

/// The whole text, under the size limit.
fn read_text(path: &str) -> anyhow::Result<String> {
    let mut text = String::new();
    let read = match path {
        "-" => stdin().take(MAX_FILE + 1).read_to_string(&mut text),
        path => {
            let file = File::open(Path::new(path)).with_context(|| format!("cannot open the ticket file {path}"))?;
            file.take(MAX_FILE + 1).read_to_string(&mut text)
        }
    };
    let size = read.with_context(|| format!("cannot read {path} as UTF-8 text"))?;
    if size as u64 > MAX_FILE {
        bail!("{path} is over {} MiB", MAX_FILE >> 20);
    }
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// The first heading (or else the first line) is the title, the rest the body.
fn from_markdown(text: &str) -> anyhow::Result<Ticket> {
    let mut body = markdown::parse(text);
    let title = match body.blocks.first() {
        Some(Block::Heading { content, .. } | Block::Paragraph { content }) => plain_inline(content),
        _ => bail!("it has no heading and no first line: the first heading is the title"),
    };
    body.blocks.remove(0);
    let title = title.lines().next().unwrap_or_default().trim().to_owned();
    if title.is_empty() {
        bail!("the title is empty");
    }
    Ok(Ticket { body, ..bare("local", title) })
}

/// A ticket object, or a payload that holds one.
fn from_json(text: &str) -> anyhow::Result<Ticket> {
    let outer: TicketJson = serde_json::from_str(text)?;
    let project = outer.repository.as_ref().and_then(|r| r.full_name.clone());
    let issue = outer.issue.map_or_else(|| TicketJson { issue: None, repository: None, ..outer }, |issue| *issue);
    let Some(title) = issue.title.filter(|title| !title.trim().is_empty()) else {
        bail!("it has no `title`: expected an object with `title` and `body`, or a GitHub payload with an `issue`");
    };
    let id = match (&project, issue.number) {
        (Some(project), Some(number)) => format!("{project}#{number}"),
        _ => "local".to_owned(),
    };
    Ok(Ticket {
        body: markdown::parse(issue.body.as_deref().unwrap_or_default()),
        labels: issue.labels,
        type_name: issue.kind.map(|kind| match kind {
            TypeJson::Name(name) | TypeJson::Object { name } => name,
        }),
        project: project.unwrap_or_default(),
        ..bare(&id, title)
    })
}

/// A ticket with nothing but a title.
pub fn bare(id: &str, title: String) -> Ticket {
    Ticket {
        key: TicketKey::new(ConnectionName::new("file"), TicketId::new(id)),
        reference: id.to_owned(),
        url: None,
        project: String::new(),
        title,
        body: Default::default(),
        fields: Vec::new(),
        type_name: None,
        labels: Vec::new(),
        places: Vec::new(),
        priority: None,
        milestone: None,
        state: TicketState::Open,
        author: None,
        assignees: Vec::new(),
        parent: None,
        children: Vec::new(),
        links: Vec::new(),
        comments: Vec::new(),
        attachments: Vec::new(),
    }
}
