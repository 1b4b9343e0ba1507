//! Names linked documents, and makes a plan one.
//!
//! In: a ticket with its title, a document, an operation. Out: a [`LinkedDocument`]: inert Markdown under a name that no
//! title can lead astray. A name is a slug and a hash of the ticket: it holds no dot, no slash and no escape, and two
//! tickets of one title have two.

use sha2::{Digest, Sha256};

use super::inert::{Hosts, inert};
use crate::{
    model::{OperationId, TicketKey, publication::LinkedDocument},
    richtext::{Doc, markdown},
};

/// The longest slug, in characters.
const SLUG: usize = 48;
/// How many bytes of the ticket's hash are kept.
const HASH: usize = 6;

/// The name of a ticket's document. It is chosen once: a ticket that gets another title keeps its document.
pub fn name(ticket: &TicketKey, title: &str) -> String {
    let mut hash = Sha256::new();
    for part in [ticket.connection.as_str(), ticket.id.as_str()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let hash = hex::encode(&hash.finalize()[..HASH]);
    match slug(title) {
        slug if slug.is_empty() => format!("plan-{hash}"),
        slug => format!("{slug}-{hash}"),
    }
}

/// Small letters and digits of a title with single hyphens between its words.
fn slug(title: &str) -> String {
    let mut slug = String::with_capacity(SLUG);
    for word in title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if slug.len() + word.len() + 1 > SLUG {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&word.to_ascii_lowercase());
    }
    slug
}

/// The document whole, as Markdown that acts on nobody and nothing.
pub fn text(document: &Doc, hosts: &Hosts) -> String {
    markdown::write(&inert(document, hosts))
}

/// A stored document, ready to be sent.
pub(super) fn stored(name: &str, text: &str, operation: OperationId) -> LinkedDocument {
    LinkedDocument::new(name.to_owned(), text.to_owned(), operation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ConnectionName, TicketId};

    fn named(title: &str) -> String {
        name(&TicketKey::new(ConnectionName::new("acme"), TicketId::new("acme/shop#7")), title)
    }

    #[test]
    fn no_title_leads_astray() {
        for title in [
            "../../.github/workflows/x.yml",
            "..",
            "/etc/passwd",
            "a\\b\0c\r\nd",
            "%2e%2e%2f",
            "\u{202e}gpj.exe",
            "- --force",
            "日本語",
            "",
            &"x".repeat(10_000),
            &"long words ".repeat(1_000),
        ] {
            let name = named(title);
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(name.chars().all(plain) && !name.starts_with('-') && name.len() <= 80, "{title:?}: {name}");
        }
        assert!(named("../../.github/workflows/x.yml").starts_with("github-workflows-x-yml-"));
        assert!(named("日本語").starts_with("plan-"));
    }

    #[test]
    fn tickets_of_one_title_have_documents_of_their_own() {
        let of = |connection: &str, id: &str| {
            name(&TicketKey::new(ConnectionName::new(connection), TicketId::new(id)), "Cart total")
        };
        let names = [of("acme", "7"), of("acme", "8"), of("acme7", ""), of("other", "7")];
        let different: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!(different.len(), names.len(), "{names:?}");
        assert_eq!(of("acme", "7"), of("acme", "7"));
    }
}
