//! Files that a criterion names by their subject, where the ranking has none for it.
//!
//! In: criteria and requirements, and the names of source files. Out: calls: “a mail that cannot be sent” leads to
//! `mailer.ts` when that is the only file called so.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{code::path::stem, reading::Reading},
    called::Call,
    site::{Site, is_large},
    stored, suspect,
    todo::{Act, Todo},
};
use crate::model::{
    context::{Context, Evidence, FileClass, Symbol, SymbolKind},
    ids::RepoName,
    plan::{Basis, FileRef, Kind, Statement},
};
use crate::planner::words::{split_case, subject, terms};

/// The most files that are added.
const MOST: usize = 4;
/// Names that say nothing of a subject.
const IDLE: &[&str] = &[
    "app", "server", "config", "error", "util", "helper", "base", "common", "type", "client", "service", "handler",
    "model", "setting", "core", "init", "context", "route", "router", "setup", "page", "view", "data", "file", "list",
    "request", "answer", "status", "state", "statu", "json", "number", "name", "value", "result",
];
/// Ranked files among which the named one has to be; in a large repository, some file is called like any word.
const MOST_RANKED: usize = 30;
const FIRST_RANKED: usize = 12;
/// Repositories with more files are not searched by name.
const LARGEST: usize = 4_000;

/// Files for criteria that no site shares a name with.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>, sites: &[Site<'_>]) -> Vec<Call> {
    let is_source = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    let mut named: Vec<(BTreeSet<String>, &str)> = Vec::new();
    for path in context.tree.paths().filter(is_source) {
        if named.len() >= LARGEST {
            return Vec::new();
        }
        named.push((words(stem(path)), path));
    }
    // Where the ticket quotes the line of code, what it asks for is about that line.
    let is_code = |e: &Evidence| matches!(e, Evidence::Quote { text, .. } if text.contains('('));
    let is_quoted = sites.iter().any(|s| s.is_code() && s.evidence.iter().any(is_code));
    let most = if is_large(context) { FIRST_RANKED } else { MOST_RANKED };
    let ranked: Vec<&str> = context.ranked.iter().take(most).map(|r| r.path.as_str()).collect();
    let mut out: Vec<Call> = named_symbols(context, reading, repository, sites);
    let overruled = super::super::overruled::of(reading);
    let asked = reading.asked().filter(|(id, _)| !is_quoted && overruled.iter().all(|(known, _)| known != id));
    // Where the ticket suspects code, what should come out of it names no other code.
    let expected = reading.expected.as_ref().filter(|_| !sites.iter().any(suspect::is_suspect));
    let expected = expected.map(|found| ("what is expected", found.text.as_str()));
    for (id, text) in asked.chain(expected) {
        // What is given is there already, and what must not change leads to no file to change.
        let text = text.find("When ").filter(|_| text.starts_with("Given ")).map_or(text, |at| &text[at..]);
        if ["must not", "should not", "not change", "unchanged"].iter().any(|w| text.contains(w)) {
            continue;
        }
        let said = terms(&plain(text));
        for term in &said {
            let known = sites.iter().any(|s| s.names.iter().any(|n| is_same(n, term)));
            if is_idle(term) || known || out.len() >= MOST {
                continue;
            }
            // All of a name has to be said: “case” does not mean the `CaseIgnoringComparator`.
            let is_said = |name: &BTreeSet<String>| {
                name.iter().any(|n| is_same(n, term)) && name.iter().all(|n| said.iter().any(|t| is_same(n, t)))
            };
            if is_means(text, term) || is_of_value(text, term) || is_proper(text, term) {
                continue;
            }
            // Words of a longer name stand together, as the name has them.
            let is_one = |name: &BTreeSet<String>| name.len() < 2 || stands_together(name, &plain(text));
            let is_named = |name: &BTreeSet<String>| is_said(name) && is_one(name) && name.iter().any(|n| !is_idle(n));
            let found: Vec<&str> = named.iter().filter(|(name, _)| is_named(name)).map(|(_, path)| *path).collect();
            if let [path] = found.as_slice()
                && !is_verb(text, term, path)
                && ranked.contains(path)
                && out.iter().all(|c| c.path != *path)
            {
                let call = part(reading, repository, (id, text), term, path);
                let only = only_function(context, path);
                // What is expected of a bug changes what is there; what a new noun needs comes beside it.
                let is_new = || stored::noun(context, reading).is_some();
                out.push(match only.filter(|_| reading.kind == Kind::Bug || is_new()) {
                    Some(symbol) if reading.kind != Kind::Bug => beside(repository, (id, text, term), symbol, call),
                    symbol => Call { symbol, ..call },
                });
            }
        }
    }
    out
}

/// Source files whose whole name the text says, one word or several in their order: “the feed list” and `feed_list.go`.
/// Only where a file or two are called so.
pub fn called_so(context: &Context, text: &str) -> Vec<String> {
    const FEW: usize = 2;
    let prose = plain(text);
    let said = terms(&prose);
    let is_source = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    let mut found: BTreeMap<BTreeSet<String>, Vec<&str>> = BTreeMap::new();
    for path in context.tree.paths().filter(is_source).take(2 * LARGEST) {
        let name = words(stem(path));
        let is_said = !name.is_empty() && name.is_subset(&said) && !name.iter().all(|term| is_idle(term));
        if is_said && (name.len() == 1 || stands_together(&name, &prose)) {
            found.entry(name).or_default().push(path);
        }
    }
    let mut found: Vec<(BTreeSet<String>, Vec<&str>)> =
        found.into_iter().filter(|(_, paths)| paths.len() <= FEW).collect();
    found.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let longest = found.first().map_or(0, |(name, _)| name.len());
    let kept = found.into_iter().filter(|(name, _)| name.len() == longest);
    kept.flat_map(|(_, paths)| paths).take(FEW).map(str::to_owned).collect()
}

/// Is the term that of a name that says nothing of a subject?
fn is_idle(term: &str) -> bool {
    IDLE.iter().any(|word| *word == term || terms(word).contains(term))
}

/// Is the word a verb of the sentence, and the file called for who does it: “reads” and `reader`?
fn is_verb(text: &str, term: &str, path: &str) -> bool {
    let doer = format!("{term}er");
    let names_doer = stem(path).to_lowercase().split(['_', '-']).any(|word| word == doer);
    let own = own_word(text, term);
    let is_deed = own.is_some_and(|word| word.ends_with('s') || word.ends_with("ing"));
    names_doer && is_deed || own.is_some_and(|word| takes_manner(text, word))
}

/// Does the word say how something is done: “it parses with a host”, “it falls into the old case”?
fn takes_manner(text: &str, word: &str) -> bool {
    const JOINTS: &[&str] = &["with", "as", "into", "to", "like"];
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_next = |at: usize| words.get(at + 1).is_some_and(|next| JOINTS.contains(next));
    word.ends_with('s') && (0..words.len()).any(|at| words[at] == word && at > 0 && is_next(at))
}

/// Is the word the name of a value that stands right behind it: “with Host ":8080"”?
fn is_of_value(text: &str, term: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).any(|pair| terms(pair[0]).contains(term) && pair[1].starts_with(['"', '“', '`', '\'', '=', ':']))
}

/// Is the word written like the name of a product: with a capital, and not because a sentence begins?
fn is_proper(text: &str, term: &str) -> bool {
    let is_named = |word: &&str| word.starts_with(char::is_uppercase) && word.chars().any(char::is_lowercase);
    let Some(word) = own_word(text, term).filter(is_named) else { return false };
    let at = word.as_ptr() as usize - text.as_ptr() as usize;
    let before = text[..at].trim_end();
    !before.is_empty() && !before.ends_with(['.', '!', '?', ':', '“', '"', '`', '(', '-'])
}

/// The text's own word for a term.
fn own_word<'t>(text: &'t str, term: &str) -> Option<&'t str> {
    text.split(|c: char| !c.is_alphanumeric()).find(|word| terms(word).contains(term))
}

/// Is the word only the means of something: “by SMS or e-mail”? What is used so stays as it is.
fn is_means(text: &str, term: &str) -> bool {
    const MEANS: &[&str] = &["by", "via", "through", "using", "per"];
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | ';')).collect();
    let own = words.iter().position(|w| terms(w).contains(term));
    own.is_some_and(|at| {
        let before = &words[at.saturating_sub(3)..at];
        // “by SMS or e-mail”: one of several means.
        let is_joined = before.last().is_some_and(|w| matches!(*w, "or" | "and"));
        let reach = if is_joined { 3 } else { 1 };
        before.iter().rev().take(reach).any(|w| MEANS.contains(&w.to_lowercase().as_str()))
    })
}

/// The call for the one file that is named for a term of what is asked.
fn part(reading: &Reading, repository: &Option<RepoName>, (id, text): (&str, &str), term: &str, path: &str) -> Call {
    let own = own_word(text, term).map(str::to_owned);
    let said = own.or_else(|| reading.word(term)).unwrap_or(term.to_owned());
    let file = FileRef::new(path).of(repository.clone());
    let why = format!("{id} speaks of “{said}”, and `{path}` is the only source file called so");
    let todo = format!("The part on “{said}” of {id} belongs here");
    Call {
        path: path.to_owned(),
        symbol: None,
        why: Statement::new(Basis::Repository, why).at(file.clone()),
        todo: Some(Todo::new(Act::Part(term.to_owned()), Statement::new(Basis::Ticket, todo).at(file))),
        leads: false,
    }
}

/// The call for what is added beside the only function of a file.
fn beside(repository: &Option<RepoName>, (id, text, term): (&str, &str, &str), symbol: Symbol, call: Call) -> Call {
    let file = FileRef::new(&call.path).of(repository.clone()).lines(symbol.line, symbol.line);
    let said = own_word(text, term).unwrap_or(term);
    let todo = format!("Add beside `{}` (`{}`) what “{said}” of {id} asks for", symbol.name, file.label());
    let todo = Some(Todo::new(Act::Beside, Statement::new(Basis::Ticket, todo).at(file)));
    Call { symbol: Some(symbol), todo, ..call }
}

/// The only function of a file.
fn only_function(context: &Context, path: &str) -> Option<Symbol> {
    let callable = |s: &Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method);
    let mut all = context.tree.symbols(path).into_iter().filter(callable);
    all.next().filter(|_| all.next().is_none())
}

/// The sentence's own words: without its verb, its code, what it quotes and what looks like a name in it.
fn plain(sentence: &str) -> String {
    let prose = subject(sentence).split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let prose = prose.replace(['“', '”'], "\"");
    // What stands in pairs of quotes is an example of a text; a lone one is none.
    let parts: Vec<&str> = prose.split('"').collect();
    let prose = if parts.len() % 2 == 1 { parts.into_iter().step_by(2).collect::<Vec<_>>().join(" ") } else { prose };
    let is_name = |word: &str| {
        let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.contains(['_', '$', '(', '=', '/', '\'', '"'])
            || inner.contains(['.', ':'])
            || inner.chars().skip(1).any(char::is_uppercase) && inner.chars().any(char::is_lowercase)
    };
    let words: Vec<&str> = prose.split_whitespace().filter(|word| !is_name(word)).collect();
    words.join(" ")
}

/// “Add the id to the filter's context”: what is there is named behind “to”, what is new before it. Nothing where the
/// sentence adds nothing to something.
pub fn home(sentence: &str) -> Option<&str> {
    const ADDS: &[&str] = &["add", "adds", "added", "append", "attach", "include", "insert", "pass", "put"];
    let first = sentence.split(' ').next().unwrap_or_default().to_lowercase();
    let behind = [" to ", " into "].iter().filter_map(|word| sentence.split_once(word)).map(|(_, rest)| rest);
    let rest = behind.max_by_key(|rest| rest.len()).filter(|_| ADDS.contains(&first.as_str()))?;
    rest.split([',', ';']).next()
}

/// Functions of ranked files whose whole name a criterion writes in words: “the priced cart” is `priceCart`.
fn named_symbols(context: &Context, reading: &Reading, repository: &Option<RepoName>, sites: &[Site<'_>]) -> Vec<Call> {
    let mut out: Vec<Call> = Vec::new();
    let first = if is_large(context) { FIRST_RANKED } else { MOST_RANKED };
    for (at, ranked) in context.ranked.iter().take(MOST_RANKED).enumerate() {
        // Further down, the file itself is called so.
        let own = terms(stem(&ranked.path));
        let may_be = |name: &BTreeSet<String>| at < first || *name == own;
        let is_source = context.tree.file(&ranked.path).is_some_and(|f| f.class == FileClass::Source);
        if !is_source || sites.iter().any(|s| s.path == ranked.path) || out.len() >= 2 {
            continue;
        }
        let callable = |s: &Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method);
        let symbols = context.tree.symbols(&ranked.path).into_iter().filter(callable).take(60);
        let found = symbols.filter(|s| terms(&s.name).len() >= 2).find_map(|symbol| {
            let name = Some(terms(&symbol.name)).filter(may_be)?;
            let said = |text: &str| stands_together(&name, &plain(home(text).unwrap_or(text)));
            let (id, _) = reading.asked().find(|(_, text)| said(text))?;
            Some((id.to_owned(), symbol))
        });
        let Some((id, symbol)) = found else { continue };
        let file = FileRef::new(&ranked.path).of(repository.clone()).lines(symbol.line, symbol.line);
        let why = format!("{id} says in words what `{}` (`{}`) is called", symbol.name, file.label());
        let why = Statement::new(Basis::Repository, why).at(file);
        out.push(Call { path: ranked.path.clone(), symbol: Some(symbol), why, todo: None, leads: false });
    }
    out
}

/// Do the words of a name stand beside each other, with one more between them at most?
pub fn stands_together(name: &BTreeSet<String>, sentence: &str) -> bool {
    let words: Vec<BTreeSet<String>> = sentence.split_whitespace().map(terms).collect();
    words
        .windows((name.len() + 1).min(words.len()).max(1))
        .any(|near| name.iter().all(|n| near.iter().any(|w| w.contains(n))))
}

/// The words of a file's name as terms, those that are too short or too common for a term as they are.
fn words(stem: &str) -> BTreeSet<String> {
    let parts = stem.split(|c: char| !c.is_alphanumeric()).flat_map(split_case);
    parts
        .flat_map(|part| if terms(part).is_empty() { BTreeSet::from([part.to_lowercase()]) } else { terms(part) })
        .collect()
}

/// The same word, or who does it: `mail` and `mailer`.
pub fn is_same(name: &str, term: &str) -> bool {
    let does = || ["er", "r", "or"].iter().any(|ending| name.strip_suffix(ending) == Some(term));
    name == term || (term.len() >= 4 && does())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_and_code_are_no_subject() {
        let check = |sentence: &str, expected: &str| assert_eq!(plain(sentence), expected, "{sentence}");
        check(
            "Remove `'global' !== $name` because $mayNeed ensures that it is empty",
            "because ensures that it is empty",
        );
        check("fix: Ensure globbing is right", "globbing is right");
        check("A mail that cannot be sent", "A mail that cannot be sent");
        check("Add endColumn to the SARIF region", "to the SARIF region");
        check("It shows \"admins banned user y\" then", "It shows then");
    }

    #[test]
    fn what_is_added_is_not_where_it_goes() {
        assert_eq!(home("Add the family ID to the filter context, so that it is told"), Some("the filter context"));
        assert_eq!(home("The id belongs to the cart"), None);
    }

    #[test]
    fn a_name_in_words_stands_together() {
        let check = |name: &str, sentence: &str, expected: bool| {
            assert_eq!(stands_together(&terms(name), sentence), expected, "{name}: {sentence}");
        };
        check("priceCart", "the priced cart has no shipping", true);
        check("addPlugin", "a plugin that needs a command is added", false);
    }

    #[test]
    fn a_verb_does_not_name_who_does_it() {
        assert!(is_verb("it reads the body into a string", "read", "render/reader.go"));
        assert!(!is_verb("every customer gets one mail", "mail", "src/mailer.ts"));
        assert!(!is_verb("the reader of the body", "reader", "render/reader.go"));
        assert!(is_verb("`http://:80` parses with an empty host", "pars", "caddyfile/parse.go"));
        assert!(is_of_value("it is read as Host \":8080\" and no scheme", "host"));
        assert!(!is_of_value("the host is empty", "host"));
        let acme = terms("Acme").pop_first().expect("a term");
        assert!(is_proper("since now Acme supports several", &acme) && !is_proper("Acme supports several", &acme));
        assert!(!is_proper("an ACME of an offer", &acme));
    }
}
