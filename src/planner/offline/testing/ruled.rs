//! What the repository's guidelines say of a test file that gets cases.
//!
//! In: the cases, and the guidelines of a [`Survey`]'s contexts. Out: the sentence that names the file. Bounded.

use super::super::{Survey, reading::sentences, work::answers::statuses};
use crate::model::{
    context::FactKind,
    plan::{Basis, FileRef, Statement, TestCase},
};
use crate::planner::words::{clean, shorten};

/// Guidelines that are read, and lines of each.
const MOST_GUIDES: usize = 6;
const MOST_LINES: usize = 2_000;

/// What a guideline says of a test file.
pub struct Rule {
    pub said: Statement,
    pub path: String,
    /// Nothing there has a database.
    pub is_without_store: bool,
}

/// Says of each case in such a file what it lacks: a case that succeeds needs rows, one that is refused none.
pub fn mark(rule: &Rule, survey: &Survey<'_, '_>, cases: &mut [TestCase]) {
    let is_here = |case: &TestCase| case.file.as_ref().is_some_and(|file| file.path == rule.path);
    for case in cases.iter_mut().filter(|case| rule.is_without_store && is_here(case)) {
        let shown = survey.asked.iter().filter(|a| case.serves.iter().any(|id| id == a.id));
        let is_refusal = shown.into_iter().all(|a| !statuses(a.text).is_empty());
        let lets_through =
            case.tries.iter().any(|s| s.text.contains("somebody who may") || s.text.contains("equal to"));
        let text = match (is_refusal, lets_through) {
            (false, _) => {
                format!("Give it a database, which `{}` has none of, or show its rule beside the code", rule.path)
            }
            (true, true) => format!("What is let through needs a database, which `{}` has none of", rule.path),
            (true, false) => continue,
        };
        let at = if is_refusal { case.tries.len() } else { 0 };
        case.tries.insert(at, Statement::new(Basis::Guideline, text).at(FileRef::new(&rule.path)));
    }
}

/// The sentence of a guideline on the first test file that it names.
pub fn of(survey: &Survey<'_, '_>, cases: &[TestCase]) -> Option<Rule> {
    let context = survey.contexts.first()?;
    let mut files: Vec<&FileRef> = cases.iter().filter_map(|case| case.file.as_ref()).collect();
    files.retain(|file| file.repository.is_none());
    let guides = context.facts.iter().filter(|f| f.kind == FactKind::Guideline).map(|f| f.path.as_str());
    guides.take(MOST_GUIDES).find_map(|guide| {
        let text = context.tree.text(guide)?;
        let found = |(at, item): (u32, String)| {
            let file = files.iter().find(|file| item.contains(&format!("`{}`", file.path)))?;
            let named = format!("`{}`", file.path);
            let said = sentences(&item).find(|s| s.contains(&named))?.to_owned();
            Some((at, file.path.clone(), said))
        };
        let (at, path, said) = items(&text).into_iter().find_map(found)?;
        let file = FileRef::new(guide).lines(at, at);
        let said = shorten(clean(&said).replace('`', "").trim_start_matches(['-', '*', ' ']), 240);
        let text = format!("`{}` says of `{path}`: “{said}”", file.label());
        let lower = said.to_lowercase();
        let is_without_store = ["no database", "without a database", "needs no db"].iter().any(|w| lower.contains(w));
        Some(Rule { said: Statement::new(Basis::Guideline, text).at(file), path, is_without_store })
    })
}

/// The items and paragraphs of a text, each with its first line: a line that is indented, or that begins nothing, goes on.
fn items(text: &str) -> Vec<(u32, String)> {
    let mut out: Vec<(u32, String)> = Vec::new();
    let mut is_open = false;
    for (line, at) in text.lines().take(MOST_LINES).zip(1_u32..) {
        let begins = line.starts_with(['-', '*', '#', '|']) || line.trim().is_empty();
        match out.last_mut().filter(|_| is_open && !begins) {
            Some((_, item)) => {
                item.push(' ');
                item.push_str(line.trim());
            }
            None => out.push((at, line.trim().to_owned())),
        }
        is_open = !line.trim().is_empty() && !line.starts_with(['#', '|']);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_goes_on_below() {
        let text = "# Tests\n\n- Rules in `a`,\n  which is fast.\n- Routes in `b`\n\nplain\ntext\n";
        let found = items(text);
        let told: Vec<(u32, &str)> =
            found.iter().filter(|(_, item)| !item.is_empty()).map(|(at, item)| (*at, item.as_str())).collect();
        assert_eq!(
            told,
            [(1, "# Tests"), (3, "- Rules in `a`, which is fast."), (5, "- Routes in `b`"), (7, "plain text")]
        );
    }
}
