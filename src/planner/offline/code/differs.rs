//! Where a new file differs from the one that shows its form: what the ticket writes in place of the pattern's literals.
//!
//! In: a [`Site`] to create and the file that shows its form. Out: instructions that name the pattern's line. Only where one
//! literal of the pattern and one code mark of the ticket have the same shape. Plain text search; bounded.

use std::collections::BTreeMap;

use super::super::places::site::Site;
use crate::model::plan::{Basis, Statement};
use crate::{planner::words::clean, richtext::markdown::code_span};

/// Lines of a pattern that are read.
const MOST_LINES: usize = 2_000;

/// What a literal is, by its letters alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// `application/json` (RFC 6838, section 4.2).
    MediaType,
    /// `X-Api-Key`; not those of every message.
    Header,
    /// `/v1/shipments/`.
    Path,
}

/// What stands in the new file where the pattern has something else.
pub fn told(site: &Site<'_>, like: &str) -> Vec<Statement> {
    let Some(text) = site.context.tree.text(like) else { return Vec::new() };
    let mut there: BTreeMap<Shape, Vec<(u32, &str)>> = BTreeMap::new();
    for (at, line) in (1_u32..).zip(text.lines()).take(MOST_LINES) {
        for literal in literals(line) {
            let Some(shape) = shape(literal) else { continue };
            let known = there.entry(shape).or_default();
            if known.iter().all(|(_, known)| *known != literal) {
                known.push((at, literal));
            }
        }
    }
    let mut here: BTreeMap<Shape, Vec<&str>> = BTreeMap::new();
    for mark in site.reading.codes.iter().filter_map(|code| code.split_whitespace().last()) {
        let Some(shape) = shape(mark).filter(|_| !text.contains(mark)) else { continue };
        let known = here.entry(shape).or_default();
        if !known.contains(&mark) {
            known.push(mark);
        }
    }
    let pair = |(shape, marks): (&Shape, &Vec<&str>)| {
        let ([(at, literal)], [mark]) = (there.get(shape)?.as_slice(), marks.as_slice()) else { return None };
        let place = site.sibling(like).lines(*at, *at);
        let (literal, mark) = (code_span(&clean(literal)), code_span(&clean(alike(literal, mark))));
        let text = format!("Where `{}` has {literal}, {} has {mark}", place.label(), code_span(&site.path));
        Some(Statement::new(Basis::Ticket, text).at(place))
    };
    here.iter().filter_map(pair).collect()
}

/// As much of a path as the pattern's literal has: `/v1/shipments/` of `/v1/shipments/NUMBER` beside `/track/`.
fn alike<'m>(literal: &str, mark: &'m str) -> &'m str {
    let Some((_, last)) = mark.rsplit_once('/').filter(|_| literal.ends_with('/')) else { return mark };
    let is_shouted = last.len() > 1 && last.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    let is_placeholder = is_shouted || last.starts_with(['{', ':', '<', '%']);
    if is_placeholder { &mark[..mark.len() - last.len()] } else { mark }
}

/// What stands between quotes on a line.
fn literals(line: &str) -> impl Iterator<Item = &str> {
    ['"', '\'', '`'].into_iter().flat_map(|quote| line.split(quote).skip(1).step_by(2))
}

/// What a literal is; nothing where it is none of these.
pub fn shape(text: &str) -> Option<Shape> {
    const TYPES: &[&str] = &["application", "text", "image", "audio", "video", "multipart"];
    const COMMON: &[&str] = &["Content-Type", "Content-Length", "User-Agent", "Cache-Control"];
    let is_plain = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    if text.strip_prefix('/').is_some_and(|rest| is_plain(rest, "/-_.{}:%") && !rest.contains("..")) {
        return Some(Shape::Path);
    }
    if text.split_once('/').is_some_and(|(kind, rest)| TYPES.contains(&kind) && is_plain(rest, "-+.")) {
        return Some(Shape::MediaType);
    }
    let mut parts = text.split('-');
    let is_header = text.contains('-')
        && parts.all(|part| part.starts_with(|c: char| c.is_ascii_uppercase()) && is_plain(part, ""));
    (is_header && !COMMON.contains(&text)).then_some(Shape::Header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_told_by_letters() {
        for (text, expected) in [
            ("application/x-ndjson", Some(Shape::MediaType)),
            ("text/csv", Some(Shape::MediaType)),
            ("src/text.rs", None),
            ("X-Api-Key", Some(Shape::Header)),
            ("Content-Type", None),
            ("well-known", None),
            ("/v1/shipments/{number}", Some(Shape::Path)),
            ("/", None),
            ("/a b", None),
        ] {
            assert_eq!(shape(text), expected, "{text}");
        }
    }

    #[test]
    fn a_placeholder_is_no_part_of_a_literal_that_ends_before_it() {
        assert_eq!(alike("/track/", "/v1/shipments/NUMBER"), "/v1/shipments/");
        assert_eq!(alike("/track/", "/v1/shipments/{number}"), "/v1/shipments/");
        assert_eq!(alike("/track/%s", "/v1/shipments/NUMBER"), "/v1/shipments/NUMBER");
        assert_eq!(alike("/track/", "/v1/shipments"), "/v1/shipments");
    }

    #[test]
    fn literals_stand_between_quotes() {
        let found: Vec<&str> = literals(r#"w.Header().Set("Content-Type", "text/csv")"#).collect();
        assert_eq!(found, ["Content-Type", "text/csv"]);
    }
}
