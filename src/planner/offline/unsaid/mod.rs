//! Questions that a ticket leaves open and that a line of the repository raises: where a day begins, where attempts are
//! counted, who raises what has to rise, whether a new list is paged, what an emptied list looks like.
//!
//! In: the [`Survey`]. Out: questions, each with the line that raises it and what its answer decides. Where no line does,
//! nothing is asked: a question that any ticket could carry is none.

mod addresses;
mod apart;
mod columns;
mod counts;
mod days;
mod failed;
mod lists;
mod replies;
mod settings;
mod spans;
mod streams;
mod units;
mod which;
mod writers;

use super::{
    Survey,
    code::{edges, uses},
    places::{
        site::Site,
        states,
        todo::{Act, Todo},
        toggles,
    },
};
use crate::model::{
    context::{Context, Evidence, FileClass},
    plan::{Basis, Citation, FileRef, Question, Statement},
};
use crate::{planner::words::clean, richtext::markdown::code_span};

/// The questions, those that change the work most first.
pub fn of(survey: &Survey<'_, '_>) -> Vec<Question> {
    let mut out = Vec::new();
    out.extend(which::of(survey));
    out.extend(writers::of(survey));
    out.extend(days::of(survey));
    out.extend(apart::of(survey));
    out.extend(counts::of(survey));
    out.extend(states::question(survey));
    out.extend(addresses::of(survey));
    out.extend(replies::of(survey));
    out.extend(spans::of(survey));
    out.extend(failed::of(survey));
    out.extend(columns::of(survey));
    out.extend(units::of(survey));
    out.extend(streams::of(survey));
    out.extend(settings::of(survey));
    out.extend(lists::of(survey));
    out.extend(emptied(survey));
    out.extend(unversioned(survey));
    out.extend(shared_by_others(survey));
    out
}

pub use days::zone_rule;
pub use streams::here as streamed;
pub use which::others as also_meant;
pub use writers::is_unraised;

/// What a line of the repository decides of what the ticket leaves open.
pub fn settled(survey: &Survey<'_, '_>) -> Vec<Statement> {
    days::settled(survey).into_iter().chain(streams::settled(survey)).collect()
}

/// A question about lines of the repository.
fn question(ask: String, at: Vec<FileRef>, decides: &str) -> Question {
    let ask = at.into_iter().fold(Statement::new(Basis::Repository, ask), Statement::at);
    Question { ask, decides: decides.to_owned() }
}

/// The file of a context's line, as the plan refers to it.
pub fn line_of(survey: &Survey<'_, '_>, context: &Context, path: &str, line: u32) -> FileRef {
    let is_main = survey.contexts.first().is_some_and(|first| std::ptr::eq(first, context));
    FileRef::new(path).of((!is_main).then(|| context.repository.name.clone())).lines(line, line)
}

/// Source files, as many as may be read.
fn sources(context: &Context, most: usize) -> impl Iterator<Item = &str> {
    let is_source = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    context.tree.paths().filter(is_source).take(most)
}

/// The only name of a list is taken out: what is left has to be decided.
fn emptied(survey: &Survey<'_, '_>) -> Option<Question> {
    let removes =
        |s: &&Site<'_>| s.is_code() && toggles::is_home(&s.path) && s.todo.iter().any(|t| t.removes().is_some());
    let site = survey.sites.iter().find(removes)?;
    let name = site.todo.iter().find_map(Todo::removes)?;
    let text = site.text.as_deref()?;
    let marked = |mark: char| format!("[{mark}{name}{mark}]");
    let is_only = |line: &str| ['"', '\''].iter().any(|mark| line.replace(", ]", "]").contains(&marked(*mark)));
    let (line, _) = (1_u32..).zip(text.lines()).find(|(_, line)| is_only(line))?;
    let file = site.file().lines(line, line);
    let ask = format!(
        "`{name}` is the only entry of the list at `{}`: how is the list left when it is empty, and does what is \
         derived from it still hold?",
        file.label()
    );
    Some(question(ask, vec![file], "whether the file stays and builds without it"))
}

/// A package that is raised along, without a version to raise it to.
fn unversioned(survey: &Survey<'_, '_>) -> Option<Question> {
    let raises = survey.sites.iter().flat_map(|s| s.todo.iter().filter(|t| t.act == Act::Raise).map(move |t| (s, t)));
    let is_open = |text: &str| !text.contains(" to ") && text.starts_with("Raise `");
    let (_, todo) = raises.into_iter().find(|(_, todo)| is_open(&todo.said.text))?;
    let name = todo.said.text.split('`').nth(1)?;
    let is_version = |w: &str| w.starts_with(|c: char| c.is_ascii_digit()) && w.contains('.');
    let told = |line: &str| edges::names(line, name) && line.split([' ', '`', 'v']).any(is_version);
    if survey.reading.all.lines().flat_map(super::reading::sentences).any(told) {
        return None;
    }
    let file = todo
        .said
        .citations
        .iter()
        .find_map(|c| if let Citation::File(file) = c { Some(file.clone()) } else { None })?;
    let ask = format!("To which version does `{name}` go (`{}`)? The ticket names none for it", file.label());
    Some(question(ask, vec![file], "what the manifest says"))
}

/// What failed comes out empty or as zero from now on, and code that the trace does not pass uses it too.
fn shared_by_others(survey: &Survey<'_, '_>) -> Option<Question> {
    const EMPTY: &[&str] = &["empty", "zero", "0", "nothing", "none"];
    let expected = survey.reading.expected.as_ref()?;
    let mut words = expected.text.split(|c: char| !(c.is_alphanumeric() || c == '.'));
    let is_zero = |w: &str| w.len() >= 3 && w.contains('.') && w.bytes().all(|b| b == b'0' || b == b'.');
    words.find(|w| EMPTY.contains(&w.to_lowercase().as_str()) || is_zero(w))?;
    let is_passed = |s: &&Site<'_>| s.evidence.iter().any(|e| matches!(e, Evidence::StackFrame { .. }));
    let passed: Vec<&Site<'_>> = survey.code().filter(is_passed).collect();
    passed.iter().find_map(|site| {
        let symbol = site.symbols.first()?;
        let calls = uses::calls(site, symbol);
        let is_other = |path: &str| passed.iter().all(|s| s.path != path);
        let mut files: Vec<&(String, u32)> = calls.iter().filter(|(path, _)| is_other(path)).collect();
        files.dedup_by(|a, b| a.0 == b.0);
        let (first, second) = (files.first()?, files.get(1)?);
        let at = |(path, line): &(String, u32)| site.sibling(path).lines(*line, *line);
        let (first, second) = (at(first), at(second));
        let ask = format!(
            "{} is used at `{}` and at `{}`, and both stop today where it fails: may each go on with what is expected \
             here, or does one of them have to refuse it?",
            code_span(&clean(&symbol.name)),
            first.label(),
            second.label()
        );
        Some(question(ask, vec![first, second], "whether a check of its own is added where it is used"))
    })
}

/// Does the sentence name one of these words, whole?
fn says(text: &str, words: &[&str]) -> bool {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).any(|w| words.contains(&w))
}
