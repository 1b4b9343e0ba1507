//! By what a test sees what it has to show: what is sent, how often something is asked, a flag that is read once.
//!
//! In: a sentence and the repository's tests. Out: the means that is there, by its line; where none is, the line that has to
//! give way. Bounded: some test files.

use super::super::super::{
    Survey,
    code::{edges, senders},
    places::{site::Site, toggles},
};
use crate::model::{
    context::{Context, FileClass, Symbol, SymbolKind},
    plan::{Basis, FileRef, Statement},
};
use crate::planner::words::clean;

/// Test files that are looked at, and the longest that are read in bytes.
const SEARCHED: usize = 200;
const LONGEST: usize = 200_000;

/// The means for a sentence.
pub fn of(survey: &Survey<'_, '_>, text: &str) -> Vec<Statement> {
    let sent = survey.contexts.first().and_then(|context| sent(context, text));
    switched(survey, text).into_iter().chain(sent).collect()
}

/// What is sent: a double that records it and who is given it, or what has to give way to one.
fn sent(context: &Context, text: &str) -> Option<Statement> {
    let means = senders::means(text);
    let line = means.iter().find_map(|mean| senders::of(context, mean))?;
    if let Some((file, name)) = tests(context).find_map(|path| recorder(context, path)) {
        let given = given(context, &file.path, &name);
        let taken = given.as_ref().map_or(String::new(), |(call, at)| {
            format!(", which `{}` is given at `{}`", clean(call), FileRef::new(&file.path).lines(*at, *at).label())
        });
        let said = format!("See what is sent by one like `{}` (`{}`){taken}", clean(&name), file.label());
        return Some(Statement::new(Basis::Repository, said).at(file));
    }
    if let Some((name, made)) = senders::made(context, &line) {
        let said = format!(
            "No test here sees what is sent: `{}` is made while `{}` is loaded, put one that records in its place",
            clean(&name),
            made.label()
        );
        return Some(Statement::new(Basis::Repository, said).at(made));
    }
    let said = format!("No test here sees what is sent: put one that records it in the place of `{}`", line.label());
    Some(Statement::new(Basis::Repository, said).at(line))
}

/// The function that a test gives a double of this type, with its line.
fn given(context: &Context, path: &str, name: &str) -> Option<(String, u32)> {
    let text = context.tree.text(path).filter(|t| t.len() <= LONGEST)?;
    let made = format!("{name}(");
    let value = text.lines().find_map(|line| {
        let (before, _) = line.split_once(&made)?;
        let name = before.trim_end_matches([' ', '&', '=', ':']).rsplit(' ').next()?;
        name.chars().all(|c| c.is_alphanumeric() || c == '_').then(|| name.to_owned())
    })?;
    text.lines().zip(1_u32..).find_map(|(line, at)| {
        let (call, rest) = line.split_once('(').filter(|_| !line.contains(&made))?;
        let call = call.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
        (!value.is_empty() && !call.is_empty() && edges::names(rest, &value)).then(|| (call.to_owned(), at))
    })
}

/// A type of a test file with a method that sends.
fn recorder(context: &Context, path: &str) -> Option<(FileRef, String)> {
    const SENDS: &[&str] =
        &["send", "deliver", "notify", "publish", "sendMail", "send_message", "Send", "Deliver", "Notify"];
    let all = context.tree.symbols(path);
    let sends = |s: &&Symbol| s.kind == SymbolKind::Method && SENDS.contains(&s.name.as_str());
    let parent = all.iter().find(sends)?.parent.clone()?;
    let is_type = |s: &&Symbol| s.name == parent && s.parent.is_none();
    let line = all.iter().find(is_type).map(|s| s.line)?;
    Some((FileRef::new(path).lines(line, line), parent))
}

/// What counts calls in the tests of a group: the line of a double that raises a figure.
pub fn counting(survey: &Survey<'_, '_>, group: usize) -> Option<Statement> {
    let group = survey.groups.get(group)?;
    survey.near_tests_of(group).into_iter().find_map(|(site, test)| {
        let text = site.context.tree.text(&test.path).filter(|t| t.len() <= LONGEST)?;
        let (name, at) = text.lines().zip(1_u32..).find_map(|(line, at)| Some((raised(line)?, at)))?;
        let around = site.context.tree.symbols(&test.path).into_iter().filter(|s| s.line <= at && at <= s.end_line);
        let method = around.filter(|s| s.kind == SymbolKind::Method).min_by_key(|s| s.end_line - s.line)?;
        let file = site.sibling(&test.path).lines(at, at);
        let owner = method.parent.as_ref().map_or(String::new(), |parent| format!(" of `{}`", clean(parent)));
        let is_replaced = group.sites.iter().any(|s| s.has_loop);
        let after = if is_replaced { ": let what takes its place raise it too" } else { "" };
        let said =
            format!("Count by `{name}`, which `{}`{owner} raises (`{}`){after}", clean(&method.name), file.label());
        Some(Statement::new(Basis::Repository, said).at(file))
    })
}

/// The field that a line raises by one: `m.asked++`, `self.calls += 1`.
fn raised(line: &str) -> Option<&str> {
    let line = line.trim().trim_end_matches(';');
    let target = line.strip_suffix("++").or_else(|| line.strip_suffix(" += 1"))?;
    let (owner, name) = target.rsplit_once('.')?;
    let is_name = |w: &str| !w.is_empty() && w.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_name(owner) && is_name(name)).then_some(name)
}

/// A flag that a file asks for while it is loaded: it has to be set before.
fn switched(survey: &Survey<'_, '_>, text: &str) -> Option<Statement> {
    let home = survey.sites.iter().find(|s| s.is_code() && toggles::is_declared_by(text, &s.todo))?;
    let is_function = |s: &Symbol| s.kind == SymbolKind::Function;
    let asks: Vec<String> =
        home.context.tree.symbols(&home.path).into_iter().filter(is_function).map(|s| format!("{}(", s.name)).collect();
    let at_load = |site: &&Site<'_>| -> Option<(u32, String)> {
        let is_script = ["ts", "js", "mts", "mjs", "py"].iter().any(|e| site.path.ends_with(&format!(".{e}")));
        let lines = site.text.as_deref()?.lines().zip(1_u32..).filter(|_| is_script);
        let asked = |line: &str| asks.iter().find(|ask| line.starts_with("if") && line.contains(ask.as_str()));
        lines.into_iter().find_map(|(line, at)| Some((at, asked(line)?.trim_end_matches('(').to_owned())))
    };
    let others = survey.code().filter(|s| s.path != home.path);
    let (site, (line, name)) = others.into_iter().find_map(|site| Some((site, at_load(&site)?)))?;
    let file = site.file().lines(line, line);
    let said = format!(
        "`{}` is asked while `{}` is loaded: set the flag before the file is imported",
        clean(&name),
        file.label()
    );
    Some(Statement::new(Basis::Repository, said).at(file))
}

/// Test files.
fn tests(context: &Context) -> impl Iterator<Item = &str> {
    let is_test = |path: &&str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Test);
    context.tree.paths().filter(is_test).take(SEARCHED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_is_raised_counts() {
        assert_eq!(raised("\tm.asked++"), Some("asked"));
        assert_eq!(raised("        self.calls += 1"), Some("calls"));
        assert_eq!(raised("for i := 0; i < n; i++ {"), None);
        assert_eq!(raised("i++"), None);
    }
}
