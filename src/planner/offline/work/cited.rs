//! What the ticket itself points at in the repository: the document that holds the rule, the code that gets it right.

use super::super::{Survey, reading};
use crate::model::{
    context::{Context, FileClass, Grounding, Symbol},
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::{clean, shorten, terms};

/// The most documents, and the most examples.
const MOST: usize = 3;
/// Words by which a sentence calls a document the rule.
const RULES: &[&str] = &[
    " says",
    "according to",
    "as described",
    "described in",
    "specified",
    "defined in",
    "documented in",
    "as in ",
    "per docs",
    "see ",
];
/// Words by which a sentence calls code an example.
const RIGHT: &[&str] = &[
    "gets it right",
    "does it right",
    "gets this right",
    "does this right",
    "works correctly",
    "is correct",
    "works as expected",
    "already does",
    "same way as `",
    "the way `",
    "just like `",
    "similar to `",
    "as an example",
];

/// A document that the ticket names, at the heading of the section that shares most words with the ticket.
pub struct Document {
    pub file: FileRef,
    pub heading: String,
    /// The ticket calls it the rule, and no criterion asks to change it.
    pub is_rule: bool,
}

/// The documents that the ticket names.
pub fn documents(survey: &Survey<'_, '_>) -> Vec<Document> {
    let mut out: Vec<Document> = Vec::new();
    for (at, context) in survey.contexts.iter().enumerate() {
        let repository = (at > 0).then(|| context.repository.name.clone());
        for grounded in &context.grounded {
            let Grounding::Path { path } = &grounded.found else { continue };
            let is_known = out.iter().any(|d| d.file.path == *path);
            let is_doc = context.tree.file(path).is_some_and(|f| f.class == FileClass::Doc);
            if is_known || !is_doc || out.len() >= MOST {
                continue;
            }
            let text = context.tree.text(path);
            let found = text.and_then(|t| heading(&t, survey.terms));
            let file = FileRef::new(path).of(repository.clone());
            let file = found.as_ref().map_or(file.clone(), |(line, _)| file.lines(*line, *line));
            let asked = survey.asked.iter().any(|a| a.text.contains(grounded.text.as_str()));
            let is_rule = !asked && said_with(survey, &grounded.text, RULES).is_some();
            out.push(Document { file, heading: found.map(|(_, h)| h).unwrap_or_default(), is_rule });
        }
    }
    out
}

/// The heading (with its line) whose section shares most words; the first of equals.
fn heading(text: &str, wanted: &std::collections::BTreeSet<String>) -> Option<(u32, String)> {
    let mut best: Option<(usize, u32, String)> = None;
    let mut section: Option<(u32, String, std::collections::BTreeSet<String>)> = None;
    let mut close = |section: Option<(u32, String, std::collections::BTreeSet<String>)>| {
        if let Some((line, heading, words)) = section {
            let score = words.intersection(wanted).count();
            if best.as_ref().is_none_or(|(known, ..)| score > *known) {
                best = Some((score, line, heading));
            }
        }
    };
    for (line, number) in text.lines().take(2_000).zip(1_u32..) {
        let title = line.trim_start_matches('#');
        if line.len() > title.len() && title.starts_with(' ') {
            close(section.take());
            section = Some((number, shorten(&clean(title), 80), terms(title)));
        } else if let Some((_, _, words)) = &mut section {
            words.extend(terms(line));
        }
    }
    close(section);
    best.map(|(_, line, heading)| (line, heading))
}

/// Where the rule stands, in a sentence each.
pub fn rules(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let rules = documents(survey).into_iter().filter(|d| d.is_rule);
    rules.map(|d| Statement::new(Basis::Repository, format!("The rule stands in {}", place(&d))).at(d.file)).collect()
}

/// The named documents, for the list of references.
pub fn references(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let all = documents(survey).into_iter();
    all.map(|d| Statement::new(Basis::Ticket, format!("{}, named by the ticket", place(&d))).at(d.file)).collect()
}

/// `` `docs/pricing.md:1` (“How a total is made”) ``.
fn place(document: &Document) -> String {
    match document.heading.as_str() {
        "" => format!("`{}`", document.file.label()),
        heading => format!("`{}` (“{heading}”)", document.file.label()),
    }
}

/// Code of which the ticket says that it does the thing right already.
pub fn examples(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out = Vec::new();
    for (at, context) in survey.contexts.iter().enumerate() {
        let repository = (at > 0).then(|| context.repository.name.clone());
        for code in &survey.reading.codes {
            let mark = format!("`{code}`");
            let Some(sentence) = said_with(survey, &mark, RIGHT) else { continue };
            let Some((path, symbol)) = definition(context, code).filter(|_| out.len() < MOST) else { continue };
            let file = FileRef::new(&path).of(repository.clone()).lines(symbol.line, symbol.end_line);
            let said = shorten(&sentence, 120).replace('`', "");
            let text = format!("Follow {mark} (`{}`): the ticket says “{said}”", file.label());
            out.push(Statement::new(Basis::Repository, text).at(file));
        }
    }
    out
}

/// What a name of the ticket defines: `Receipt::of` is an `of` whose parent is `Receipt`; a plain name must be the only one.
fn definition(context: &Context, name: &str) -> Option<(String, Symbol)> {
    let mut parts = name.trim_end_matches("()").rsplit([':', '.', '#']).filter(|p| !p.is_empty());
    let (last, parent) = (parts.next()?, parts.next());
    let mut found = context.tree.definitions(last, 20);
    match parent {
        Some(parent) => found.into_iter().find(|(_, s)| s.parent.as_deref() == Some(parent)),
        None if found.len() == 1 => found.pop(),
        None => None,
    }
}

/// The sentence of the ticket that holds the text and one of the words.
fn said_with(survey: &Survey<'_, '_>, text: &str, words: &[&str]) -> Option<String> {
    let lines = survey.reading.all.lines().filter(|l| l.contains(text));
    let sentences = lines.flat_map(reading::sentences).filter(|s| s.contains(text));
    sentences.take(20).find(|s| words.iter().any(|w| s.to_lowercase().contains(w))).map(str::to_owned)
}
