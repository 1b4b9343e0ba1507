//! What documents say of a name that goes: the clause that names it, and the condition that is always met from now on.
//!
//! In: the texts of documents and the names that a ticket removes. Out: what to take out, in the document's own words.

use super::{
    called::Call,
    todo::{Act, Todo},
};
use crate::model::{
    context::{Context, FileClass},
    ids::RepoName,
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::{clean, shorten, terms};

/// Documents that are searched, and conditions that are told.
const SEARCHED: usize = 200;
const MOST: usize = 2;
/// Longer clauses are cut, in characters.
const LONGEST: usize = 90;
/// How a condition begins, and how it ends where it speaks of something that is switched.
const BEGINS: &[&str] = &["where ", "when ", "if ", "while ", "as long as ", "once "];
const ENDS: &[&str] = &[
    " is on",
    " are on",
    " is enabled",
    " are enabled",
    " is switched on",
    " are switched on",
    " is turned on",
    " are turned on",
    " is active",
    " are active",
];

/// What goes out of a document: of each line the clause around the name.
pub fn clauses(path: &str, text: &str, hits: &[(u32, &String)]) -> String {
    let told: Vec<String> = hits
        .iter()
        .filter_map(|(at, name)| Some((at, text.lines().nth(*at as usize - 1)?, name)))
        .map(|(at, line, name)| format!("“{}” in line {at}", plain(clause(line, name))))
        .collect();
    format!("Take out of `{path}` what names it: {}", told.join("; "))
}

/// The part of a line around a name, between what parts a sentence, a list or the cells of a table. A dot within a name
/// parts nothing.
fn clause<'l>(line: &'l str, name: &str) -> &'l str {
    let marked = ["`", "\"", "'"].iter().map(|mark| format!("{mark}{name}{mark}"));
    let found = marked.chain([name.to_owned()]).find_map(|name| Some((line.find(&name)?, name.len())));
    let Some((at, length)) = found else { return line.trim() };
    let end = at + length;
    let parts = |c: char| matches!(c, ',' | ';' | '|' | '(' | ')' | '—' | '–');
    let stops = |text: &str| text.match_indices(". ").map(|(at, _)| at).next();
    let from = line[..at].rfind(parts).map_or(0, |i| i + line[i..].chars().next().map_or(1, char::len_utf8));
    let from = from.max(line[..at].rfind(". ").map_or(0, |i| i + 2));
    let rest = &line[end..];
    let to = rest.find(parts).unwrap_or(rest.len()).min(stops(rest).map_or(rest.len(), |i| i + 1));
    line[from..end + to].trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '*' | '#'))
}

fn plain(text: &str) -> String {
    shorten(&clean(text).replace('`', ""), LONGEST)
}

/// Conditions in documents on what is always on from now on: “with reviews where they are on”.
pub fn conditions(context: &Context, repository: &Option<RepoName>, names: &[&String]) -> Vec<Call> {
    let is_doc = |p: &&str| {
        let is_doc = context.tree.file(p).is_some_and(|f| f.class == FileClass::Doc);
        is_doc && !p.to_lowercase().contains("changelog")
    };
    let mut out = Vec::new();
    for path in context.tree.paths().filter(is_doc).take(SEARCHED) {
        let Some(text) = context.tree.text(path) else { continue };
        for (line, at) in text.lines().zip(1_u32..) {
            let Some((name, said)) = names.iter().find_map(|name| Some((name, condition(line, name)?))) else {
                continue;
            };
            let file = FileRef::new(path).of(repository.clone()).lines(at, at);
            let why = format!("`{}` speaks of `{name}` under a condition", file.label());
            let todo = format!("`{}` says “{}”: that is always so then, drop the condition", file.label(), plain(said));
            let statement = |text: String| Statement::new(Basis::Repository, text).at(file.clone());
            let todo = Some(Todo::new(Act::Remove((**name).clone()), statement(todo)));
            out.push(Call { path: path.to_owned(), symbol: None, why: statement(why), todo, leads: false });
        }
    }
    out.truncate(MOST);
    out
}

/// The condition of a line on what the name stands for.
fn condition<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let lower = line.to_lowercase();
    let is_of = terms(line).intersection(&terms(name)).next().is_some() && lower.len() == line.len();
    let ends = ENDS.iter().filter_map(|end| Some((lower.find(end)?, end.len())));
    ends.filter(|_| is_of).find_map(|(at, length)| {
        let end = at + length;
        let is_whole = !lower[end..].starts_with(|c: char| c.is_alphanumeric());
        let from = BEGINS.iter().filter_map(|word| lower[..at].rfind(word)).max()?;
        let is_word = !lower[..from].ends_with(|c: char| c.is_alphanumeric());
        (is_whole && is_word && at - from <= 40).then(|| &line[from..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clause_around_a_name_is_cut_at_what_parts_it() {
        let check = |line: &str, expected: &str| assert_eq!(clause(line, "reviews"), expected, "{line}");
        check("| `POST /reviews` | writes a review (signed in, flag `reviews`) | 201 |", "flag `reviews`");
        check("Set `FLAG_NAME=on` and restart. `reviews` is the only flag.", "`reviews` is the only flag.");
        check("- Reviews, behind the flag `reviews`.", "behind the flag `reviews`.");
    }

    #[test]
    fn a_condition_is_on_what_the_name_stands_for() {
        let check = |line: &str, expected: Option<&str>| assert_eq!(condition(line, "reviews"), expected, "{line}");
        check("| one product, with reviews where they are on | 200 |", Some("where they are on"));
        check("Reviews are listed when the flag is enabled.", Some("when the flag is enabled"));
        check("one product where they are on", None);
        check("Reviews are on the page", None);
    }
}
