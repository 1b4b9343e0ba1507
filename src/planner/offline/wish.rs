//! The wish for this version (`/plan revise TEXT`): what it names, what it asks, what it wants left alone.
//!
//! In: the wish's text. Out: requirements `W1`, `W2` … of the [`Reading`] and names for the survey; later, in words, what
//! was taken over and what was not. Never silently ignored.

use super::{
    Survey,
    reading::{Reading, sentences},
};
use crate::model::plan::{Basis, Place, Question, Requirement, RequirementKind, Statement};
use crate::planner::words::{clean, shorten};

/// The most sentences and the most names that are taken from a wish.
const MOST: usize = 8;
/// Words by which a sentence wants something left alone.
const KEEP: &[&str] = &[
    "do not touch",
    "don't touch",
    "do not change",
    "don't change",
    "without touching",
    "without changing",
    "leave ",
    "stay away from",
];

/// A wish.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Clean, in one line.
    pub text: String,
    /// Words that look like paths or identifiers, outside sentences that want something left alone.
    pub names: Vec<String>,
    /// Such words of sentences that want them left alone.
    pub kept: Vec<String>,
}

/// Adds a wish to what the ticket asks.
pub fn read(reading: &mut Reading, text: &str) {
    let text = clean(text);
    let mut wish = Wish { text: shorten(&text, 400), ..Wish::default() };
    for (at, sentence) in sentences(&text).take(MOST).enumerate() {
        let lower = sentence.to_lowercase();
        let is_kept = KEEP.iter().any(|w| lower.contains(w));
        let names = names(sentence);
        let home = if is_kept { &mut wish.kept } else { &mut wish.names };
        home.extend(names.into_iter().take(MOST));
        if !is_kept {
            reading.requirements.push(Requirement {
                id: format!("W{}", at + 1),
                kind: RequirementKind::Functional,
                text: shorten(sentence, 300),
                place: Place::Section { heading: "wish for this version".to_owned() },
                overruled: false,
            });
        }
    }
    reading.codes.extend(wish.names.iter().cloned());
    reading.wish = Some(wish);
}

/// Is it an id of a wish?
pub fn is_id(id: &str) -> bool {
    id.starts_with('W')
}

/// Words in code marks, and words with a joint or an inner capital.
fn names(sentence: &str) -> Vec<String> {
    let trimmed =
        sentence.split([' ', '`', '"', '“', '”', ',', '(', ')']).map(|w| w.trim_matches(['.', ';', ':', '!', '?']));
    let is_name = |w: &&str| {
        let inner = w.chars().skip(1).any(char::is_uppercase) && w.chars().any(char::is_lowercase);
        w.chars().count() >= 3 && (w.contains(['_', '/', '#']) || w.contains("::") || w.contains('.') || inner)
    };
    let mut out: Vec<String> = trimmed.filter(is_name).map(str::to_owned).collect();
    let marked = sentence.split('`').skip(1).step_by(2).map(str::trim).filter(|w| w.chars().count() >= 3);
    out.extend(marked.map(str::to_owned));
    out.sort();
    out.dedup();
    out
}

/// The wish and what became of it, for the head of the plan.
pub fn answer(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let Some(wish) = &survey.reading.wish else { return Vec::new() };
    let said = |text: String| Statement::new(Basis::Ticket, text);
    let mut parts: Vec<String> = Vec::new();
    for asked in survey.asked.iter().filter(|a| is_id(a.id)) {
        parts.push(match &asked.served {
            Some(served) => format!("{} is taken over in step {}", asked.id, served.group + 1),
            None => format!("{} could not be taken over: no file of the steps answers to it", asked.id),
        });
    }
    for name in &wish.kept {
        let is_path = survey.contexts.iter().any(|c| c.tree.file(name).is_some());
        parts.push(match is_path {
            true => format!("`{name}` is on no step"),
            false => format!("`{name}` is no path here, so nothing was left out for it"),
        });
    }
    for name in wish.names.iter().filter(|n| !is_found(survey, n)) {
        parts.push(format!("`{name}` was not found in the repository"));
    }
    let mut out = vec![said(format!("Wish for this version: “{}”", wish.text.replace('`', "")))];
    if !parts.is_empty() {
        out.push(said(format!("Of the wish: {}", parts.join("; "))));
    }
    out
}

/// Is the name a path or a definition of some repository?
fn is_found(survey: &Survey<'_, '_>, name: &str) -> bool {
    let bare = name.trim_end_matches("()").rsplit([':', '.', '#']).next().unwrap_or(name);
    survey
        .contexts
        .iter()
        .any(|c| c.tree.file(name).is_some() || c.tree.has_folder(name) || !c.tree.definitions(bare, 1).is_empty())
}

/// Asks about what could not be taken over.
pub fn questions(survey: &Survey<'_, '_>) -> Vec<Question> {
    let lost = survey.asked.iter().filter(|a| is_id(a.id) && a.served.is_none() && !survey.contexts.is_empty());
    lost.take(3)
        .map(|a| Question {
            ask: Statement::new(
                Basis::Ticket,
                format!(
                    "{} “{}”: which code does it concern? Name a path or a symbol",
                    a.id,
                    shorten(a.text, 120).replace('`', "")
                ),
            ),
            decides: "how this wish enters the steps".to_owned(),
        })
        .collect()
}
