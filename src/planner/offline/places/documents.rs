//! Documents that a criterion asks for: those that it names, and, for “the man page”, “the README”, “documented”, those
//! that speak of what the ticket names.
//!
//! In: criteria and requirements, and the documents of a [`Context`]. Out: calls, each with the line to write beside.

use super::{
    super::{reading::Reading, work::why::is_telling},
    called::Call,
    flags,
};
use crate::model::{
    context::{Context, FileClass, Grounding},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::clean;

/// The most documents that are added.
const MOST: usize = 3;
/// The most documents that are searched.
const SEARCHED: usize = 300;
/// Longer texts are not searched, in bytes.
const LONGEST: usize = 400_000;

/// Words that ask for a document, and whether a path is one of that kind.
type Kind = (&'static [&'static str], fn(&str) -> bool);
const KINDS: &[Kind] = &[
    (&["man page", "manpage", "manual page"], is_manual),
    (&["readme"], |path| name(path).starts_with("readme")),
    (&["changelog", "release notes"], |path| name(path).starts_with("change") || name(path).starts_with("release")),
    (&["documented", "documentation", "the docs", "in docs"], |path| !name(path).starts_with("change")),
];

/// `fd.1`, `git-log.1.md`, what stands in a folder called `man`.
fn is_manual(path: &str) -> bool {
    let ending = |text: &str| text.rsplit('.').next().is_some_and(|e| e.len() == 1 && e.as_bytes()[0].is_ascii_digit());
    let name = name(path);
    ending(&name)
        || name.rsplit_once('.').is_some_and(|(stem, _)| stem.contains('.') && ending(stem))
        || path.split('/').rev().skip(1).any(|f| f == "man")
}

fn name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_lowercase()
}

/// Does the sentence ask for this document: by its name, or by its kind?
pub fn asks_for(text: &str, path: &str) -> bool {
    let lower = text.to_lowercase();
    let by_kind = || KINDS.iter().any(|(words, fits)| words.iter().any(|w| speaks_of(&lower, w)) && fits(path));
    named_in(text, path) || by_kind()
}

/// Does the sentence hold the words whole, and not as a part of a path: `in docs`, but not `in docs/api.md`?
fn speaks_of(lower: &str, words: &str) -> bool {
    let goes_on = |rest: &str| {
        let mut rest = rest.trim_start_matches(|c: char| c.is_alphanumeric()).chars();
        matches!(rest.next(), Some('/' | '.' | '_' | '-')) && rest.next().is_some_and(|c| c.is_alphanumeric())
    };
    lower.match_indices(words).any(|(at, _)| !lower[..at].ends_with('/') && !goes_on(&lower[at + words.len()..]))
}

/// Does the sentence write the path, or its end, out?
fn named_in(text: &str, path: &str) -> bool {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '`' | '"' | '(' | ')' | ','));
    let mut words = words.map(|w| w.trim_end_matches(['.', ':', ';', '?', '!']));
    words.any(|w| w.contains('.') && (w == path || path.strip_suffix(w).is_some_and(|head| head.ends_with('/'))))
}

/// The documents that criteria and requirements ask for.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let mut out = named(context, reading);
    out.extend(spoken(context, reading, repository));
    out.truncate(MOST);
    out
}

/// Documents whose paths they name.
fn named(context: &Context, reading: &Reading) -> Vec<Call> {
    let asked: Vec<(&str, &str)> = reading.asked().collect();
    let named = context.grounded.iter().filter_map(|g| match &g.found {
        Grounding::Path { path } if context.tree.file(path).is_some_and(|f| f.class == FileClass::Doc) => {
            let (id, _) = asked.iter().find(|(_, text)| text.contains(g.text.as_str()))?;
            let why = Statement::new(Basis::Ticket, format!("{id} names it"));
            Some(Call { path: path.clone(), symbol: None, why, todo: None, leads: false })
        }
        _ => None,
    });
    named.take(MOST).collect()
}

/// Documents of the kinds they ask for that speak of what the ticket names, the one that says most of it first.
fn spoken(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let names = names(reading);
    let mut out: Vec<Call> = Vec::new();
    for (id, text) in reading.asked().take(20) {
        let lower = text.to_lowercase();
        let kinds = KINDS.iter().filter(|(words, _)| words.iter().any(|w| speaks_of(&lower, w)));
        for (_, fits) in kinds {
            let is_own = |p: &&str| fits(p) && is_document(context, p) && !out.iter().any(|c| c.path == **p);
            let speaking = context.tree.paths().filter(is_own).take(SEARCHED).filter_map(|path| {
                let (line, name, count) = speaks(context, path, &names)?;
                Some((count, path, line, name))
            });
            let best = speaking.reduce(|a, b| if b.0 > a.0 { b } else { a });
            let Some((_, path, line, name)) = best else {
                out.extend(readme(context, repository, (id, &lower)).filter(|c| out.iter().all(|o| o.path != c.path)));
                continue;
            };
            let file = FileRef::new(path).of(repository.clone()).lines(line, line);
            let name = clean(name).replace('`', "'");
            let why = format!("{id} asks for it, and `{}` speaks of `{name}`", file.label());
            let todo = format!("Say it at `{}`, where `{name}` is described", file.label());
            let statement = |text: String| Statement::new(Basis::Repository, text).at(file.clone());
            out.push(Call {
                path: path.to_owned(),
                symbol: None,
                why: statement(why),
                todo: Some(statement(todo).into()),
                leads: false,
            });
        }
    }
    out
}

/// The README of the repository, for a sentence that asks for it by name.
fn readme(context: &Context, repository: &Option<RepoName>, (id, lower): (&str, &str)) -> Option<Call> {
    let is_root = |p: &&str| !p.contains('/') && name(p).starts_with("readme") && is_document(context, p);
    let path = context.tree.paths().find(is_root).filter(|_| lower.contains("readme"))?;
    let file = FileRef::new(path).of(repository.clone());
    let why = Statement::new(Basis::Ticket, format!("{id} asks for it")).at(file);
    Some(Call { path: path.to_owned(), symbol: None, why, todo: None, leads: false })
}

/// A document, or a page of a manual, which no language claims.
fn is_document(context: &Context, path: &str) -> bool {
    context.tree.file(path).is_some_and(|f| match f.class {
        FileClass::Doc => true,
        FileClass::Other | FileClass::Source => is_manual(path),
        _ => false,
    })
}

/// What the ticket names that a document could describe: options and telling names in code marks.
fn names(reading: &Reading) -> Vec<String> {
    let mut out = flags::of(reading);
    let is_name = |c: &&String| c.len() >= 5 && !c.contains(char::is_whitespace) && is_telling(c);
    out.extend(reading.codes.iter().filter(is_name).take(8).cloned());
    out
}

/// The first line that speaks of the first of the names that stand in the document, and how often they stand there. In a
/// manual page a hyphen may be written `\-` (man-pages(7)).
fn speaks<'n>(context: &Context, path: &str, names: &'n [String]) -> Option<(u32, &'n str, usize)> {
    let text = context.tree.text(path).filter(|t| t.len() <= LONGEST)?;
    names.iter().find_map(|name| {
        let escaped = name.replace('-', "\\-");
        let holds = |line: &str| line.contains(name.as_str()) || line.contains(&escaped);
        let line = text.lines().position(holds)? as u32 + 1;
        Some((line, name.as_str(), text.lines().filter(|l| holds(l)).count()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_ask_for_documents_by_name_and_by_kind() {
        let check =
            |text: &str, path: &str, expected: bool| assert_eq!(asks_for(text, path), expected, "{text} {path}");
        check("the man page mentions it", "doc/fd.1", true);
        check("the man page mentions it", "doc/guide.md", false);
        check("Should be documented in Reference/Server.md", "docs/Reference/Server.md", true);
        check("The README says so", "README.md", true);
        check("A total is rounded", "docs/pricing.md", false);
        check("It stands in docs/api.md like the others", "docs/runbook.md", false);
        check("It is told in docs.", "docs/runbook.md", true);
    }
}
