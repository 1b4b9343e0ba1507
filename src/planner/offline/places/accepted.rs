//! What a route reads of a request: the type that gets a new value which the ticket lets the route take.
//!
//! In: a [`Context`] and the [`Reading`]. Out: calls for the type that the route's handler takes, and for the class that is
//! named after the type and handles it. Bounded: two routes, the head of a handler.

use super::{
    super::{code::edges, reading::Reading, sections::interface},
    called::{self, Call},
    todo::{Act, Todo},
};
use crate::{
    model::{
        context::{Context, FileClass, Symbol, SymbolKind},
        ids::RepoName,
        plan::{Basis, FileRef, Statement},
    },
    planner::words::clean,
    richtext::markdown::code_span,
};

/// Routes that are looked at, and lines of a handler's head.
const MOST: usize = 2;
const HEAD: usize = 14;
/// Words by which a sentence lets a route take something.
const TAKES: &[&str] =
    &[" take ", " takes ", " accept ", " accepts ", " receive ", " receives ", " optional ", " may have "];
/// How types of requests are called.
const ENDS: &[&str] = &[
    "Body", "Command", "Create", "DTO", "Dto", "Form", "In", "Input", "Params", "Payload", "Query", "Request", "Update",
];

/// Does the sentence let something be taken?
pub fn takes(text: &str) -> bool {
    TAKES.iter().any(|word| text.contains(word))
}

/// Is the name that of a type that is read of requests?
pub fn is_request(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && ENDS.iter().any(|end| name.ends_with(end) && name != *end)
}

/// The types that get what routes are to take.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let mut out = Vec::new();
    for (fact, route) in interface::named(context, reading).into_iter().take(MOST) {
        let path = route.rsplit(' ').next().unwrap_or_default();
        let Some((home, handler)) = called::answers(context, fact) else { continue };
        let Some((id, name)) = wanted(context, reading, path, (&home, &handler)) else { continue };
        let Some((at, kind)) = taken(context, &home, &handler) else { continue };
        let file = FileRef::new(&at).of(repository.clone()).lines(kind.line, kind.line);
        let why = format!("`{}` (`{}`) is what `{route}` reads", clean(&kind.name), file.label());
        let todo = format!(
            "{id}: add {} to `{}` (`{}`), which `{route}` reads",
            code_span(&clean(&name)),
            clean(&kind.name),
            file.label()
        );
        let statement = |text: String| Statement::new(Basis::Repository, text).at(file.clone());
        let todo = Some(Todo::new(Act::Other, statement(todo)));
        out.extend(handles(context, repository, &kind.name, &route));
        out.push(Call { path: at, symbol: Some(kind), why: statement(why), todo, leads: false });
    }
    out
}

/// The id of the sentence that lets the route take a value, and the value: the first name in code marks behind the route
/// that what answers it does not read yet.
fn wanted(
    context: &Context,
    reading: &Reading,
    path: &str,
    (home, handler): (&str, &Symbol),
) -> Option<(String, String)> {
    let text = context.tree.text(home)?;
    let own: Vec<&str> = text.lines().skip(handler.line as usize - 1).take(80).collect();
    let is_new = |name: &str| !own.iter().any(|line| edges::names(line, name));
    reading.asked().find_map(|(id, sentence)| {
        let behind = sentence.split_once(path)?.1;
        let takes = TAKES.iter().filter_map(|word| behind.find(word)).min()?;
        let mut names = behind[takes..].split('`').skip(1).step_by(2);
        let is_word = |name: &&str| {
            name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        names.find(|name| is_word(name) && is_new(name)).map(|name| (id.to_owned(), name.to_owned()))
    })
}

/// The type of a request in a handler's head, where it is defined.
fn taken(context: &Context, home: &str, handler: &Symbol) -> Option<(String, Symbol)> {
    let text = context.tree.text(home)?;
    let last = (handler.end_line.saturating_sub(handler.line) as usize + 1).min(HEAD);
    let mut head: Vec<&str> = Vec::new();
    for line in text.lines().skip(handler.line as usize - 1).take(last) {
        head.push(line);
        if line.trim_end().ends_with(['{', ':']) || line.trim() == "{" {
            break;
        }
    }
    let head = head.join(" ");
    let words = head.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let is_type = |s: &Symbol| {
        matches!(s.kind, SymbolKind::Class | SymbolKind::Struct | SymbolKind::Interface | SymbolKind::Type)
    };
    let is_source = |path: &str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let named = words.filter(|word| is_request(word));
    named.into_iter().find_map(|word| {
        let all = context.tree.definitions(word, 8).into_iter();
        let mut all: Vec<(String, Symbol)> = all.filter(|(path, s)| is_source(path) && is_type(s)).collect();
        // Programs that call the service have a type of the same name: the nearer one is meant.
        all.sort_by_key(|(path, _)| std::cmp::Reverse(shared(path, home)));
        all.into_iter().next()
    })
}

/// How many folders two paths share from the root on.
fn shared(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b).count()
}

/// The class that is named after the type and handles it.
fn handles(context: &Context, repository: &Option<RepoName>, kind: &str, route: &str) -> Option<Call> {
    let name = format!("{kind}Handler");
    let is_source = |path: &str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let (path, symbol) = context.tree.definitions(&name, 4).into_iter().find(|(path, _)| is_source(path))?;
    let file = FileRef::new(&path).of(repository.clone()).lines(symbol.line, symbol.line);
    let why = format!("`{name}` (`{}`) handles what `{route}` reads", file.label());
    let why = Statement::new(Basis::Repository, why).at(file);
    Some(Call { path, symbol: Some(symbol), why, todo: None, leads: false })
}
