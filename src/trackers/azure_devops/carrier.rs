//! Carries an operation's marker through Azure DevOps, which keeps no HTML comments.
//!
//! In: the marker `<!-- planwright:{operation}:{mac} -->` and a body. Out: the body with the marker in a form that
//! survives, and back. Rich text is cleaned before it is kept: comments go, and in Markdown `<` and `>` become entities.
//! What stays is a link definition that nothing refers to (CommonMark 0.31, section 4.7: it shows as nothing), and in
//! HTML a link. Never judges a marker: whose it is, its MAC says.

use super::text::{self, Format};

/// What the carried form begins with.
const PREFIX: &str = "planwright-";
/// Characters of an operation's id and of a MAC.
const OPERATION: usize = 36;
const MAC: usize = 32;
/// How many carried markers of one body are looked at: the genuine one stands at the end.
const MOST: usize = 16;

/// How many characters a carried marker takes at most beside the base of the address that its link leads to: a project's
/// name of 64 characters alone may take 768 there.
pub(super) const ROOM: usize = 1_200;

/// The body with its marker, as it is sent; `page` is where people read the work item.
pub(super) fn load(body: &str, marker: &str, format: Format, page: &str) -> String {
    let Some(carried) = carried(marker) else { return body.to_owned() };
    match format {
        Format::Markdown => format!("{}\n\n[{carried}]: #\n", body.trim_end()),
        Format::Html => format!("{}\n<p><a href=\"{page}#{carried}\">Planwright</a></p>\n", body.trim_end()),
    }
}

/// The markers that a body carries, in their usual form, one on each line.
pub(super) fn unload(body: &str) -> String {
    let found = body.rmatch_indices(PREFIX).take(MOST).filter_map(|(at, _)| marker(&body[at + PREFIX.len()..]));
    found.collect::<Vec<_>>().join("\n")
}

/// A comment as the rules read it: Markdown, with the markers that it carries in their usual form.
pub(super) fn heard(text: &str, format: Option<Format>) -> String {
    let (said, markers) = (text::for_commands(text, format), unload(text));
    if markers.is_empty() { said } else { format!("{said}\n\n{markers}") }
}

/// A marker's carried form: letters, digits and dashes, which no cleaning touches.
fn carried(marker: &str) -> Option<String> {
    let inner = marker.strip_prefix("<!-- planwright:")?.strip_suffix(" -->")?;
    let (operation, mac) = inner.split_once(':')?;
    Some(format!("{PREFIX}{operation}-{mac}"))
}

/// The marker whose carried form goes on like this.
fn marker(rest: &str) -> Option<String> {
    let (operation, rest) = (rest.get(..OPERATION)?, rest.get(OPERATION..)?);
    let mac = rest.strip_prefix('-')?.get(..MAC)?;
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    (plain(operation) && plain(mac)).then(|| format!("<!-- planwright:{operation}:{mac} -->"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKER: &str = "<!-- planwright:01941f29-7c00-7000-8000-000000000001:0123456789abcdef0123456789abcdef -->";

    #[test]
    fn a_marker_comes_back_from_both_formats() {
        for format in [Format::Markdown, Format::Html] {
            let sent = load("A plan.", MARKER, format, "https://dev.azure.com/acme/Shop/_workitems/edit/7");
            assert!(sent.starts_with("A plan."), "{sent}");
            assert_eq!(unload(&sent), MARKER, "{sent}");
            assert!(sent.len() < "A plan.".len() + ROOM, "{sent}");
        }
    }

    #[test]
    fn in_markdown_nothing_needs_an_entity_and_nothing_shows() {
        let sent = load("A plan.", MARKER, Format::Markdown, "");
        assert!(!sent.contains(['<', '>', '&', '"']), "{sent}");
        assert_eq!(crate::richtext::markdown::parse(&sent).plain().trim(), "A plan.");
    }

    #[test]
    fn the_rules_see_the_marker_of_a_comment() {
        for format in [Format::Markdown, Format::Html] {
            let sent = load("/plan", MARKER, format, "https://dev.azure.com/acme/Shop/_workitems/edit/7");
            let heard = heard(&sent, None);
            assert!(heard.starts_with("/plan") && heard.ends_with(MARKER), "{heard}");
        }
        assert_eq!(heard("/plan", None), "/plan");
    }

    #[test]
    fn what_is_no_marker_is_passed_over() {
        let check = |body: &str, expected: &str| assert_eq!(unload(body), expected, "{body:?}");
        check("", "");
        check("planwright-", "");
        check("planwright-é", "");
        check(&"planwright-".repeat(10_000), "");
        check(&format!("planwright-{}-{}", "x".repeat(36), "0".repeat(32)), "");
        assert_eq!(load("A plan.", "no marker", Format::Html, ""), "A plan.");
    }
}
