//! Columns and fields that the ticket lists and nothing keeps: where do their values come from?
//!
//! In: names that stand together in code marks, most of them kept somewhere. Out: a question about the others. A name is
//! kept where a schema, a migration or a file of the steps has it, alone or with a unit (`to_pay` as `to_pay_cents`).

use std::collections::BTreeSet;

use super::{Survey, question};
use crate::model::{
    context::{Context, FactKind, FileClass},
    plan::{FileRef, Question},
};
use crate::planner::offline::places::refs::full_name;
use crate::{
    planner::words::{clean, listed},
    richtext::markdown::code_span,
};

/// Files that are read for names.
const MOST: usize = 80;
/// More names than these are no gap in a list but another list.
const MOST_OPEN: usize = 2;

/// Where the values come from that nothing keeps.
pub fn of(survey: &Survey<'_, '_>) -> Option<Question> {
    let context = survey.contexts.first()?;
    let (words, home) = kept(survey, context)?;
    let is_kept = |name: &str| {
        let joined = |word: &String| word.strip_prefix(name).is_some_and(|rest| rest.starts_with('_'));
        words.contains(name) || words.range(name.to_owned()..).take_while(|w| w.starts_with(name)).any(joined)
    };
    let is_name = |name: &&String| name.len() >= 3 && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    survey.reading.lists.iter().find_map(|list| {
        let (held, open): (Vec<&String>, Vec<&String>) = list.iter().filter(is_name).partition(|n| is_kept(n));
        if open.is_empty() || open.len() > MOST_OPEN || held.len() < 3 * open.len() {
            return None;
        }
        let names: Vec<String> = open.iter().map(|n| code_span(&clean(n))).collect();
        let (is, it) = if names.len() == 1 { ("is", "its value") } else { ("are", "their values") };
        let called = open.iter().find_map(|name| {
            let is_source = |p: &str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
            context.tree.definitions(name, 8).into_iter().find(|(path, _)| is_source(path))
        });
        let mut at = vec![home.clone()];
        let mut ask = format!(
            "From what {is} {} made? Of the names that the ticket lists, `{}` and what stands beside it keep all others, and \
             no column of this name",
            listed(&names),
            home.path
        );
        if let Some((path, symbol)) = called {
            let file = FileRef::new(&path).lines(symbol.line, symbol.line);
            ask.push_str(&format!("; `{}` (`{}`) is called so: is it that?", full_name(&path, &symbol), file.label()));
            at.push(file);
        }
        Some(question(ask, at, &format!("where the query takes {it} from")))
    })
}

/// The words of what keeps data, and the first file of it.
fn kept(survey: &Survey<'_, '_>, context: &Context) -> Option<(BTreeSet<String>, FileRef)> {
    let is_schema = |p: &&str| {
        let class = context.tree.file(p).map(|f| f.class);
        class == Some(FileClass::Migration) || p.ends_with(".sql") || p.ends_with(".prisma")
    };
    let models = context.facts.iter().filter(|f| f.kind == FactKind::Schema).map(|f| f.path.as_str());
    let mut paths: Vec<&str> = context.tree.paths().filter(is_schema).chain(models).collect();
    paths.sort_unstable();
    paths.dedup();
    let first = paths.iter().rev().find(|p| context.tree.text(p).is_some())?;
    let home = FileRef::new(*first);
    let steps = survey.sure_code().filter(|s| std::ptr::eq(s.context, context)).map(|s| s.path.as_str());
    let mut words = BTreeSet::new();
    for path in paths.iter().rev().take(MOST).copied().chain(steps) {
        let text = context.tree.text(path).unwrap_or_default();
        let all = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        words.extend(all.filter(|w| w.len() >= 3).map(str::to_owned));
    }
    Some((words, home))
}
