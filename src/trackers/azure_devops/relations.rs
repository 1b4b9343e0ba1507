//! What a work item is related to: parent, children, other work items, attachments.
//!
//! In: relations as the API gives them, and the titles of the items that they name. Out: links and names. Of an address
//! only the number at its end is taken; nothing is fetched from it.

use std::collections::HashMap;

use serde::Deserialize;

use super::address::WorkItem;
use crate::model::ticket::{Attachment, TicketLink};

/// The most related items that are shown: one batch call reads their titles.
pub(super) const RELATED: usize = 200;

/// A relation.
#[derive(Debug, Deserialize)]
pub(super) struct Relation {
    rel: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    attributes: Attributes,
}

/// What a relation says of its other end.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attributes {
    /// The kind of link for people, or a file's name.
    #[serde(default)]
    name: Option<String>,
    /// Bytes.
    #[serde(default)]
    resource_size: Option<u64>,
}

impl Relation {
    /// Is it a link to this address?
    pub(super) fn leads_to(&self, url: &str) -> bool {
        self.rel == "Hyperlink" && self.url == url
    }

    /// The work item at the other end.
    pub(super) fn item(&self) -> Option<u64> {
        let (path, number) = self.url.rsplit_once('/')?;
        let is_item = path.to_ascii_lowercase().ends_with("/_apis/wit/workitems");
        is_item.then(|| number.parse().ok().filter(|number| *number > 0)).flatten()
    }
}

/// Related things by kind.
#[derive(Default)]
pub(super) struct Related {
    pub(super) parent: Option<TicketLink>,
    pub(super) children: Vec<TicketLink>,
    pub(super) links: Vec<TicketLink>,
    pub(super) attachments: Vec<Attachment>,
}

/// Sorts relations by kind.
pub(super) fn related(relations: &[Relation], titles: &HashMap<u64, String>, project: &str) -> Related {
    let mut related = Related::default();
    for relation in relations {
        if relation.rel == "AttachedFile" {
            related.attachments.extend(attachment(relation));
        }
        let Some(number) = relation.item() else { continue };
        if related.children.len() + related.links.len() >= RELATED {
            continue;
        }
        let link = |word: &str| TicketLink {
            reference: WorkItem(number).reference(project),
            title: titles.get(&number).cloned(),
            relation: word.to_owned(),
        };
        match relation.rel.as_str() {
            "System.LinkTypes.Hierarchy-Reverse" => related.parent = Some(link("parent")),
            "System.LinkTypes.Hierarchy-Forward" => related.children.push(link("child")),
            other => related.links.push(link(&word(relation, other))),
        }
    }
    related
}

/// The tracker's word for a kind of link: its name for people, else its reference name.
fn word(relation: &Relation, rel: &str) -> String {
    let name = relation.attributes.name.as_deref().unwrap_or(rel.rsplit('.').next().unwrap_or(rel));
    name.to_lowercase()
}

/// An attached file, by name.
fn attachment(relation: &Relation) -> Option<Attachment> {
    let name = relation.attributes.name.clone()?;
    Some(Attachment { name, media_type: None, size: relation.attributes.resource_size })
}
