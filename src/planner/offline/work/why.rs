//! Says why a file is on the list: evidence as statements, the strongest first.

use super::super::{
    places::{refs::commit_ref, site::Site},
    reading::Reading,
};
use crate::model::{
    context::{Evidence, NearTest, PastChange},
    plan::{Action, Basis, Citation, CommitRef, FileChange, Statement},
};
use crate::{
    planner::words::{clean, shorten, split_case, terms},
    richtext::markdown::code_span,
};

/// The three strongest reasons.
pub fn reasons(site: &Site<'_>) -> Vec<Statement> {
    let mut all: Vec<&Evidence> = site.evidence.iter().collect();
    all.sort_by_key(|e| weakness_at(site, e));
    if all.first().is_some_and(|e| weakness_at(site, e) < WORDS_ONLY) {
        all.retain(|e| weakness_at(site, e) < WORDS_ONLY);
    }
    site.called.iter().cloned().chain(all.into_iter().map(|e| reason(site, e))).take(3).collect()
}

/// From here on, evidence is shared words and nothing else.
pub const WORDS_ONLY: u8 = 8;

/// The order of evidence: what points at a line first, what only shares words last.
pub fn weakness(reading: &Reading, evidence: &Evidence) -> u8 {
    match evidence {
        Evidence::StackFrame { .. } => 0,
        Evidence::PathNamed { .. } => 1,
        Evidence::Quote { text, .. } if text.trim().contains(' ') || text.chars().count() >= 12 => 2,
        Evidence::Symbol { name, .. } if is_telling(name) || reading.codes.contains(name) => 3,
        Evidence::Companion { .. } => 4,
        Evidence::PastChange { .. } => 5,
        Evidence::CoChange { .. } => 6,
        Evidence::Passage { .. } => 7,
        Evidence::Quote { .. } | Evidence::Symbol { .. } => WORDS_ONLY,
        Evidence::Neighbour { .. } => 9,
        Evidence::PathWords { .. } => 10,
        Evidence::Words { .. } => 11,
    }
}

/// The order of evidence at a site: a commit that made it, or whose message only shares words with the ticket, points at
/// little.
pub fn weakness_at(site: &Site<'_>, evidence: &Evidence) -> u8 {
    let is_past = matches!(evidence, Evidence::PastChange { .. });
    if is_past && past_of(site, evidence).is_none_or(|past| has_made(past, &site.path)) {
        return WORDS_ONLY;
    }
    weakness(site.reading, evidence)
}

/// Did the past change make the file, or the whole repository?
fn has_made(past: &PastChange, path: &str) -> bool {
    past.is_first || past.made.iter().any(|made| made == path)
}

/// The past change of a piece of evidence, as far as it is told.
pub fn past_of<'c>(site: &Site<'c>, evidence: &Evidence) -> Option<&'c PastChange> {
    let Evidence::PastChange { commit, .. } = evidence else { return None };
    site.past.iter().copied().find(|past| past.commit == *commit)
}

/// Did the past change work on the file, and did it last? What made the file or the whole repository is no example of how
/// it changes.
pub fn is_change(past: &PastChange, path: &str) -> bool {
    !has_made(past, path) && !past.is_revert && !past.is_taken_back
}

/// A name that is no plain word: with a joint, an inner capital, or long.
pub fn is_telling(name: &str) -> bool {
    let has_inner_capital = name.chars().skip(1).any(char::is_uppercase) && name.chars().any(char::is_lowercase);
    let is_constant = name.len() >= 4 && name.chars().all(|c| c.is_ascii_uppercase());
    name.contains(['_', ':', '.', '#']) || has_inner_capital || is_constant || name.chars().count() >= 12
}

/// One piece of evidence as a statement.
pub fn reason(site: &Site<'_>, evidence: &Evidence) -> Statement {
    let line = |n: u32| site.file().lines(n, n);
    let label = |n: u32| code_span(&line(n).label());
    let repository = |text: String| Statement::new(Basis::Repository, text);
    match evidence {
        Evidence::PathNamed { text } => {
            Statement::new(Basis::Ticket, format!("the ticket names {}", code_span(&clean(text))))
        }
        Evidence::StackFrame { frame, line: Some(at) } => {
            let inside = site.around(*at).map_or(String::new(), |s| format!(", in {}", code_span(&s.name)));
            if let Some((here, callee)) = super::super::code::frames::moved(site, frame, *at) {
                let text = format!(
                    "the ticket's stack trace passes {}{inside}, of another version: it says line {at}, and {} is called here",
                    label(here),
                    code_span(&callee)
                );
                return Statement::new(Basis::Ticket, text).at(line(here));
            }
            let text = format!("the ticket's stack trace passes {}{inside}", label(*at));
            Statement::new(Basis::Ticket, text).at(line(*at))
        }
        Evidence::StackFrame { frame, line: None } => Statement::new(
            Basis::Ticket,
            format!("the ticket's stack trace passes {}", code_span(&shorten(&clean(frame), 100))),
        ),
        Evidence::Quote { text, line: at } => {
            repository(format!("{} holds “{}”, which the ticket quotes", label(*at), shorten(&clean(text), 100)))
                .at(line(*at))
        }
        Evidence::Symbol { name, line: at } => {
            repository(format!("{} defines {}, which the ticket names", label(*at), code_span(&clean(name))))
                .at(line(*at))
        }
        Evidence::Passage { first, last, words } => {
            let file = site.file().lines(*first, *last);
            let words = spoken(site, *first, *last, words);
            repository(format!("{} speaks of {}", code_span(&file.label()), quoted(&words))).at(file)
        }
        Evidence::PathWords { words } => {
            repository(format!("its path shares {} with the ticket", listed(site.reading, words)))
        }
        Evidence::Words { words } => {
            repository(format!("it shares {} with the ticket", quoted(&spoken(site, 1, u32::MAX - 1, words))))
        }
        Evidence::PastChange { commit, subject } => {
            let known = past_of(site, evidence);
            let cited = known.map(|p| commit_ref(&site.repository, p)).unwrap_or_else(|| CommitRef {
                repository: site.repository.clone(),
                id: commit.clone(),
                subject: clean(subject),
                date: String::new(),
                url: None,
            });
            let named = format!("`{}` “{}”", commit.short(), shorten(&clean(subject), 80));
            let text = match known {
                None => format!("{named} touched it, and its message shares words with the ticket"),
                Some(past) if has_made(past, &site.path) => format!("{named} made it"),
                Some(past) if past.is_taken_back => format!("{named} touched it, and was taken back"),
                Some(past) if past.is_revert => format!("{named} took back a change of it"),
                Some(_) => format!("a similar change, {named}, touched it"),
            };
            Statement::new(Basis::History, text).citing(Citation::Commit(cited))
        }
        Evidence::CoChange { with, times } => {
            Statement::new(Basis::History, format!("it changed {times} times together with {}", code_span(with)))
                .at(site.sibling(with))
        }
        Evidence::Neighbour { of } => {
            let users = site.context.tree.dependents(of, 200);
            let text = if users.contains(&site.path) {
                format!("it imports {}", code_span(of))
            } else {
                format!("{} imports it", code_span(of))
            };
            repository(text).at(site.sibling(of))
        }
        Evidence::Companion { of, why } => {
            repository(format!("{} of {}", clean(why), code_span(of))).at(site.sibling(of))
        }
    }
}

/// `“a”, “b” and “c”`: at most four words, as the ticket writes them.
pub fn listed(reading: &Reading, words: &[String]) -> String {
    let mut known: Vec<String> = Vec::new();
    // Short words, figures and words of any text tell nothing.
    let tells = |word: &String| word.chars().filter(|c| c.is_alphabetic()).count() >= 4 && !terms(word).is_empty();
    for word in words.iter().filter_map(|w| reading.word(w)).filter(tells) {
        if known.len() < 4 && !known.contains(&word) {
            known.push(word);
        }
    }
    let known = if known.is_empty() { words.iter().take(4).cloned().collect() } else { known };
    quoted(&known)
}

/// The words of a passage that meet these stems, as the passage writes them; the ticket's own form where it stands there.
fn spoken(site: &Site<'_>, first: u32, last: u32, stems: &[String]) -> Vec<String> {
    let lines = site.text.as_deref().unwrap_or_default().lines().skip(first.saturating_sub(1) as usize);
    let passage: String = lines.take((last + 1).saturating_sub(first) as usize).collect::<Vec<_>>().join(" ");
    let parts = passage.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let own: Vec<String> = parts.flat_map(split_case).map(str::to_owned).collect();
    let tells = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() >= 4 && !terms(word).is_empty();
    let is_of = |word: &str, stem: &str| word.to_lowercase().starts_with(stem) && word.len() <= stem.len() + 5;
    let found = |stem: &String| {
        let asked = site.reading.word(stem).filter(|w| own.iter().any(|o| o.eq_ignore_ascii_case(w)));
        asked.or_else(|| own.iter().find(|word| is_of(word, stem)).cloned())
    };
    let mut out: Vec<String> = Vec::new();
    for word in stems.iter().filter_map(found).filter(|word| tells(word)) {
        if out.len() < 4 && !out.iter().any(|known| known.eq_ignore_ascii_case(&word)) {
            out.push(word);
        }
    }
    if out.is_empty() { stems.iter().take(4).cloned().collect() } else { out }
}

/// `“a”, “b” and “c”`.
fn quoted(words: &[String]) -> String {
    let shown: Vec<String> = words.iter().map(|w| format!("“{}”", clean(w))).collect();
    match shown.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// A test file to extend.
pub fn test_change(site: &Site<'_>, test: &NearTest) -> FileChange {
    let file = site.sibling(&test.path);
    FileChange {
        action: Action::Modify,
        why: vec![Statement::new(Basis::Repository, clean(&test.why))],
        file,
        ..FileChange::default()
    }
}
