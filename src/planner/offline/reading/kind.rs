//! The kind of a ticket, by rules that can be explained.

use super::{Line, Role, form, headings, prose::Prose};
use crate::model::{
    plan::{Kind, Place},
    ticket::Ticket,
};

/// Words of type names, labels and title prefixes, by kind; more telling kinds first.
const NAMES: &[(Kind, &[&str])] = &[
    (Kind::Security, &["security", "vulnerability", "cve"]),
    (Kind::Performance, &["performance", "perf", "slow"]),
    (
        Kind::Bug,
        &["bug", "bug report", "defect", "regression", "fix", "hotfix", "incident", "crash", "type: bug", "kind/bug"],
    ),
    (Kind::Documentation, &["documentation", "docs", "doc", "typo"]),
    (
        Kind::Feature,
        &[
            "feature",
            "story",
            "user story",
            "enhancement",
            "feat",
            "product backlog item",
            "feature request",
            "fr",
            "improvement",
            "proposal",
            "epic",
        ],
    ),
    (Kind::Chore, &["chore", "maintenance", "refactor", "refactoring", "dependencies", "ci", "build", "tech debt"]),
];

/// The kind, and why, in plain words.
pub fn of(ticket: &Ticket, title: &str, prose: &Prose, lines: &[Line]) -> (Kind, String) {
    let type_name = ticket.type_name.as_deref().unwrap_or_default();
    let named = |name: &str| {
        let lower = name.to_lowercase();
        NAMES.iter().find(|(_, words)| words.contains(&lower.as_str())).map(|(kind, _)| *kind)
    };
    if let Some(kind) = named(type_name) {
        return (kind, format!("its type is {}", crate::planner::words::clean(type_name)));
    }
    for (kind, words) in NAMES {
        if let Some(label) = ticket.labels.iter().find(|l| words.contains(&l.to_lowercase().as_str())) {
            return (*kind, format!("it is labelled {}", crate::planner::words::clean(label)));
        }
    }
    if let Some(kind) = form::marked(title).and_then(|(mark, _)| named(mark)) {
        return (kind, "its title says so".to_owned());
    }
    if let Some(kind) = title.split([':', '(', '!']).next().filter(|_| title.contains(':')).and_then(named) {
        return (kind, "its title says so".to_owned());
    }
    by_content(title, prose, lines)
}

/// The kind by what the ticket holds.
fn by_content(title: &str, prose: &Prose, lines: &[Line]) -> (Kind, String) {
    let spaced = |c: char| if c.is_alphanumeric() || matches!(c, '\'' | '’' | '-') { c } else { ' ' };
    let lower = format!(" {} ", title.to_lowercase().chars().map(spaced).collect::<String>()).replace('’', "'");
    let has = |words: &[&str]| words.iter().find(|w| lower.contains(**w)).map(|w| w.trim().to_owned());
    let has_role = |role: Role| lines.iter().any(|l| l.role == role);
    if lower.contains(" cve-") {
        return (Kind::Security, "its title names a CVE".to_owned());
    }
    if prose.has_trace {
        return (Kind::Bug, "it carries a stack trace".to_owned());
    }
    if !prose.errors.is_empty() {
        return (Kind::Bug, "it quotes an error".to_owned());
    }
    if has_role(Role::Actual) && (has_role(Role::Expected) || has_role(Role::Reproduce)) {
        return (Kind::Bug, "it sets what happens against what was expected".to_owned());
    }
    if has_role(Role::Reproduce) && has_role(Role::Expected) {
        return (Kind::Bug, "it says how it is reproduced, and what was expected".to_owned());
    }
    let is_of_feature = |l: &Line| matches!(&l.place, Place::Section { heading } if headings::is_of_feature(heading));
    if lines.iter().any(is_of_feature) {
        return (Kind::Feature, "it is filed by a form for features".to_owned());
    }
    if let Some((kind, verb)) = by_verb(title, prose) {
        return (kind, format!("its title says “{verb}”"));
    }
    if let Some(said) = adds(prose) {
        return (Kind::Feature, format!("it says “{said}”"));
    }
    if prose.actual.is_none() && wants_message(&lower) {
        return (Kind::Change, "its title asks for a better message".to_owned());
    }
    if prose.story.is_some() && prose.actual.is_none() {
        return (Kind::Feature, "it is told as a story".to_owned());
    }
    let words: &[(Kind, &[&str])] = &[
        (Kind::Documentation, &[" typo", " readme ", " docs ", " documentation ", " misspel", " spelling "]),
        (Kind::Security, &[" vulnerab", " xss ", " injection ", " csrf ", " security "]),
        (Kind::Performance, &[" slow", " performance ", " latency ", " memory leak", " timeout"]),
        (
            Kind::Bug,
            &[
                " crash",
                " broken ",
                " wrong",
                " fails ",
                " fail ",
                " error",
                " doesn't ",
                " does not ",
                " can't ",
                " cannot ",
                " bug ",
                " incorrect",
                " missing ",
            ],
        ),
        (Kind::Feature, &[" add ", " support ", " allow ", " introduce ", " implement "]),
        (Kind::Chore, &[" upgrade ", " bump ", " remove ", " rename ", " refactor", " clean up "]),
    ];
    for (kind, words) in words {
        if *kind == Kind::Chore && prose.actual.is_some() {
            return (Kind::Bug, "it says what happens and what should happen instead".to_owned());
        }
        if let Some(word) = has(words) {
            return (*kind, format!("its title says “{word}”"));
        }
    }
    if has_role(Role::Criteria) && !prose.routes.is_empty() {
        return (Kind::Feature, "its criteria name routes".to_owned());
    }
    (Kind::Change, "nothing in it says that it is a bug or a feature".to_owned())
}

/// “A more helpful error message for …”, “Give explicit error on …”: the error is what is wanted. The title is in lower case.
fn wants_message(title: &str) -> bool {
    const MESSAGES: &[&str] = &["error", "errors", "exception", "message", "messages", "warning", "warnings"];
    const BETTER: &[&str] = &[
        "appropriate",
        "better",
        "clear",
        "clearer",
        "descriptive",
        "explicit",
        "friendlier",
        "friendly",
        "helpful",
        "informative",
        "meaningful",
        "nicer",
        "useful",
    ];
    const TELLS: &[&str] =
        &["emit", "give", "improve", "issue", "print", "raise", "report", "return", "show", "throw", "warn"];
    let words: Vec<&str> = title.split_whitespace().collect();
    let first = words.first().is_some_and(|w| TELLS.contains(w));
    let at = words.iter().position(|w| MESSAGES.contains(w));
    at.is_some_and(|at| first && at <= 4 || words[..at].iter().rev().take(2).any(|w| BETTER.contains(w)))
}

/// The words by which one of the first sentences says that something is added: “Adds a new …”.
fn adds(prose: &Prose) -> Option<String> {
    const NEW: &[&str] = &["button", "checkbox", "column", "endpoint", "field", "flag", "option", "page", "setting"];
    let first = prose.sentences.iter().take(3).filter(|_| prose.actual.is_none());
    first.map(|found| found.text.split_whitespace().collect::<Vec<_>>()).find_map(|words| {
        let verb = words
            .iter()
            .take(3)
            .find(|w| ["adds", "introduces", "exposes", "implements"].contains(&w.to_lowercase().as_str()));
        let is_order =
            |verb: &str| words.first() == Some(&verb) || words.first().is_some_and(|w| w.eq_ignore_ascii_case("this"));
        let told = verb.copied().filter(|verb| is_order(verb)).map(str::to_owned);
        // “Add a flag to …”, whatever the title says of today.
        let words = words.strip_prefix(&["Please"]).unwrap_or(&words);
        let ordered = match words {
            [verb @ ("Add" | "add" | "Introduce"), "a" | "an", rest @ ..] => {
                rest.iter().take(4).find(|word| NEW.contains(*word)).map(|new| format!("{verb} a … {new}"))
            }
            _ => None,
        };
        told.or(ordered)
    })
}

/// The kind by the verb that the title begins with: “Migrate to X, remove its support” is no feature. Nothing where the
/// ticket tells what happens in place of what should.
fn by_verb(title: &str, prose: &Prose) -> Option<(Kind, String)> {
    const VERBS: &[(Kind, &[&str])] = &[
        (
            Kind::Feature,
            &["add", "support", "allow", "introduce", "implement", "provide", "expose", "enable", "count", "mute"],
        ),
        (Kind::Bug, &["fix", "prevent", "avoid", "correct", "repair"]),
        (Kind::Chore, &["upgrade", "bump", "remove", "rename", "refactor", "migrate", "drop", "deprecate", "port"]),
    ];
    let verb = title.split(": ").last()?.split_whitespace().next().filter(|_| prose.actual.is_none())?.to_lowercase();
    let bare = verb.strip_suffix('s').unwrap_or(&verb);
    let found = VERBS.iter().find(|(_, verbs)| verbs.contains(&bare))?;
    Some((found.0, verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_wants_an_error_reports_none() {
        let check = |title: &str, expected: bool| assert_eq!(wants_message(title), expected, "{title}");
        check(" a more helpful error message for brew untap ", true);
        check(" give explicit error on missing library ", true);
        check(" show a warning when the file is old ", true);
        check(" error in the cart ", false);
        check(" clear cart fails with an error ", false);
    }
}
