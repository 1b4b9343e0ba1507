//! A new entry between others that people see: “a `Tags` link after `Bookmarks` and before `Settings`”.
//!
//! In: a [`Context`] and the [`Reading`]. Out: a call for the page, the template or the component in which the two labels
//! stand closest. Bounded: files that people see, some hundred.

use super::{
    super::reading::{Reading, sentences},
    attribute::VIEWS,
    called::Call,
    todo::{Act, Todo},
};
use crate::{
    model::{
        context::{Context, FileClass},
        ids::RepoName,
        plan::{Basis, FileRef, Statement},
    },
    planner::words::clean,
    richtext::markdown::code_span,
};

/// Files that are searched, and the longest of them in bytes.
const SEARCHED: usize = 600;
const LONGEST: usize = 200_000;
/// Lines between two entries of one list.
const NEAR: u32 = 60;

/// The file with both labels.
pub fn call(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Option<Call> {
    let asked = reading.asked().flat_map(|(id, text)| sentences(text).map(move |sentence| (id, sentence)));
    let (id, (first, second)) = asked.into_iter().find_map(|(id, text)| Some((id, between(text)?)))?;
    let is_view = |path: &&str| {
        let is_shown = VIEWS.contains(&path.rsplit('.').next().unwrap_or_default());
        is_shown && context.tree.file(path).is_some_and(|f| matches!(f.class, FileClass::Source | FileClass::Other))
    };
    let found = context.tree.paths().filter(is_view).take(SEARCHED).filter_map(|path| {
        let text = context.tree.text(path).filter(|t| t.len() <= LONGEST)?;
        let lines = |label: &str| -> Vec<u32> {
            text.lines().zip(1_u32..).filter(|(line, _)| shows(line, label)).map(|(_, at)| at).collect()
        };
        let (firsts, seconds) = (lines(&first), lines(&second));
        let pairs = firsts.iter().flat_map(|a| seconds.iter().map(move |b| (a.abs_diff(*b), *a, *b)));
        let (distance, a, b) = pairs.min()?;
        (distance <= NEAR).then_some((distance, path, a, b))
    });
    let (_, path, a, b) = found.min()?;
    let file = FileRef::new(path).of(repository.clone()).lines(a, a);
    let (first, second) = (code_span(&clean(&first)), code_span(&clean(&second)));
    let why = format!("{first} stands at `{}`, {second} at line {b}", file.label());
    let todo = format!("{id}: put the new entry between {first} (`{}`) and {second} (line {b})", file.label());
    let statement = |text: String| Statement::new(Basis::Repository, text).at(file.clone());
    let todo = Some(Todo::new(Act::Other, statement(todo)));
    Some(Call { path: path.to_owned(), symbol: None, why: statement(why), todo, leads: true })
}

/// The two labels that a sentence puts something between.
fn between(text: &str) -> Option<(String, String)> {
    let marked = |text: &str| -> Option<String> {
        let label = text.trim_start().strip_prefix(['`', '"', '“'])?.split(['`', '"', '”']).next()?;
        let is_label =
            label.starts_with(char::is_uppercase) && label.chars().count() <= 40 && !label.contains(['_', '(']);
        is_label.then(|| label.to_owned())
    };
    let behind = |word: &str| text.split_once(word).and_then(|(_, rest)| marked(rest));
    if let Some(first) = behind(" between ") {
        let rest = text.split_once(" between ")?.1.split_once(" and ")?.1;
        return Some((first, marked(rest)?));
    }
    Some((behind(" after ")?, behind(" before ")?))
}

/// Does the line show the label: as a text of its own, between tags, or in quotes?
fn shows(line: &str, label: &str) -> bool {
    line.match_indices(label).any(|(at, _)| {
        let (before, behind) =
            (line[..at].trim_end().chars().next_back(), line[at + label.len()..].trim_start().chars().next());
        let opens = before.is_none_or(|c| matches!(c, '>' | '"' | '\'' | '`' | '}'));
        let closes = behind.is_none_or(|c| matches!(c, '<' | '"' | '\'' | '`' | '{'));
        opens && closes
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_those_that_something_comes_between() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            assert_eq!(between(text), expected.map(|(a, b)| (a.to_owned(), b.to_owned())), "{text}");
        };
        check("Add a link after `Carts` and before `Log out`.", Some(("Carts", "Log out")));
        check("Show it between “Carts” and “Orders”", Some(("Carts", "Orders")));
        check("Do it after `total` and before `pay`", None);
        check("Add it before `Carts`", None);
        assert!(shows("  <a href=\"/carts\">Carts</a>", "Carts") && shows("    Carts", "Carts"));
        assert!(!shows("  Your Carts here", "Carts") && !shows("import { Cartstore }", "Carts"));
    }
}
