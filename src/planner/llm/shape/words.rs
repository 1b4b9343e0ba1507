//! Words that look like paths or addresses.
//!
//! In: a word of a text. Out: what it is, by its looks alone. Knows no repository.

use crate::{model::ticket::Ticket, planner::words::clean};

/// What stands behind the last dot; empty without one.
pub fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, end)| end)
}

/// Does the address start with the base, at a boundary?
pub fn is_below(word: &str, base: &str) -> bool {
    let rest = word.trim_start_matches(['(', '<', '"', '`', '[']).strip_prefix(base);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#', ')', '>', '"', '`', ']', '.', ',']))
}

/// Without the lines behind it.
pub fn bare_path(word: &str) -> &str {
    match word.rsplit_once(':') {
        Some((path, lines)) if !lines.is_empty() && lines.chars().all(|c| c.is_ascii_digit() || c == '-') => path,
        _ => word,
    }
}

/// A path and not a route, an address, a type or a fraction.
pub fn is_path(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or_default();
    let has_extension = name.rsplit_once('.').is_some_and(|(stem, end)| {
        !stem.is_empty() && (1..=5).contains(&end.len()) && end.chars().all(|c| c.is_ascii_alphanumeric())
    });
    word.contains('/')
        && has_extension
        && !word.starts_with(['@', '~'])
        && !word.contains("://")
        && !word.contains(['*', '{', '<', '$', '='])
}

/// May a file be created there? Inside the repository, by a plain path, and not among git's own files.
pub fn is_inside(path: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && !matches!(part, "." | ".." | ".git");
    path.len() <= 400 && !path.contains(['\\', ':']) && !path.contains(char::is_control) && path.split('/').all(is_part)
}

/// All words of a ticket, in lower case.
pub fn words_of(ticket: &Ticket) -> String {
    let docs = std::iter::once(&ticket.body).chain(ticket.fields.iter().map(|field| &field.content));
    let docs = docs.chain(ticket.comments.iter().map(|comment| &comment.content));
    let texts: Vec<String> = std::iter::once(ticket.title.clone()).chain(docs.map(|doc| doc.plain())).collect();
    clean(&texts.join("\n")).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_routes_types_and_addresses() {
        let check = |word: &str, expected: bool| assert_eq!(is_path(word), expected, "{word}");
        check("src/cart.rs", true);
        check("/etc/passwd.d/x.sh", true);
        check("a/b", false);
        check("/carts/{id}.json", false);
        check("https://x.y/z.rs", false);
        check("@scope/package.js", false);
        check("src/*.rs", false);
    }

    #[test]
    fn files_are_created_inside_the_repository() {
        let check = |path: &str, expected: bool| assert_eq!(is_inside(path), expected, "{path}");
        check("src/coupon.rs", true);
        check(".github/CODEOWNERS", true);
        check("../x.rs", false);
        check("/etc/passwd", false);
        check(".git/hooks/pre-commit", false);
        check("a\\b", false);
        check("", false);
    }

    #[test]
    fn an_address_is_below_a_base_only_at_a_boundary() {
        let check = |word: &str, expected: bool| {
            assert_eq!(is_below(word, "https://git.acme.test/acme/shop"), expected, "{word}");
        };
        check("https://git.acme.test/acme/shop", true);
        check("(https://git.acme.test/acme/shop/blob/x)", true);
        check("https://git.acme.test/acme/shop-evil", false);
        check("https://git.acme.test/acme/shop@evil.example", false);
        check("https://evil.example/?https://git.acme.test/acme/shop", false);
    }
}
