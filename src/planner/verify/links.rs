//! Checks addresses and references to other tickets in prose.
//!
//! In: a text. Out: the same without addresses that lead elsewhere than to the repository's own pages or that the ticket
//! gives itself, and without references that neither ticket nor history have.

use super::ground::Ground;
use crate::model::plan::{Finding, FindingKind, Remedy};

/// Cuts what leads away; the text is unchanged where nothing does.
pub fn check(ground: &mut Ground<'_>, text: &mut String) {
    let mut cut = |text: &mut String, is_wrong: &dyn Fn(&Ground<'_>, &str) -> bool, kind, instead: &str| {
        let words: Vec<&str> = text.split(' ').collect();
        if !words.iter().any(|word| is_wrong(ground, word)) {
            return;
        }
        let kept = words.iter().map(|word| {
            if !is_wrong(ground, word) {
                return (*word).to_owned();
            }
            let said = word.chars().take(200).collect();
            ground.findings.push(Finding { kind, said, nearest: None, done: Remedy::Dropped });
            instead.to_owned()
        });
        *text = kept.collect::<Vec<_>>().join(" ");
    };
    if text.contains("://") || text.to_ascii_lowercase().contains("www.") {
        cut(text, &is_foreign, FindingKind::ForeignLink, "(link removed)");
    }
    if text.contains(['#', '-', '!']) {
        cut(text, &is_unknown, FindingKind::UnknownReference, "(unknown ticket)");
    }
}

/// An address that is neither below the repository's pages nor in the ticket.
fn is_foreign(ground: &Ground<'_>, word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    if !lower.contains("://") && !lower.contains("www.") {
        return false;
    }
    let start = lower.find("http").or_else(|| lower.find("www.")).unwrap_or(0);
    let address = word.get(start..).unwrap_or(word);
    let below = |base: &str| {
        let rest = address.strip_prefix(base);
        let ends = |rest: &str| rest.chars().all(|c| ")`.,:;".contains(c));
        rest.is_some_and(|rest| rest.starts_with(['/', '?', '#']) || ends(rest))
    };
    let webs = ground.contexts.iter().filter_map(|context| context.repository.web.as_ref());
    !webs.map(|web| web.base.as_str()).any(below) && !ground.in_ticket(word)
}

/// A reference to a ticket that nobody named: `#12`, `owner/name#12`, `AB#12`, `SHOP-12`.
fn is_unknown(ground: &Ground<'_>, word: &str) -> bool {
    let is_edge = |c: char| !c.is_alphanumeric() && c != '#';
    let word = word.trim_matches(is_edge);
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let is_numbered = word.split_once('#').is_some_and(|(owner, number)| {
        digits(number) && owner.chars().all(|c| c.is_alphanumeric() || "/-_.".contains(c))
    });
    // Only keys of projects that the ticket itself speaks of can be told from `UTF-8` and `SHA-256`.
    let is_keyed = word.rsplit_once('-').is_some_and(|(key, number)| digits(number) && ground.is_project(key));
    (is_numbered || is_keyed) && !ground.knows_ticket(word)
}
