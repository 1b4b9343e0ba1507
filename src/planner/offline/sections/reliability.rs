//! Reliability: what the ticket asks of failures, repeats, restarts, pauses and work at the same time.
//!
//! In: the criteria and requirements of a [`Survey`]. Out: for each that speaks of it one short statement with the words
//! that say so. Asks for nothing that the ticket does not ask for.

use super::super::Survey;
use crate::model::plan::{Basis, Citation, Reliability, RequirementKind, Statement};

/// Words by what they are about, in the order in which they are tried.
const ASPECTS: &[(&str, &[&str])] = &[
    (
        "a failure",
        &[
            "cannot be sent",
            "cannot be reached",
            "is not answered",
            "was not answered",
            "does not stop",
            "do not stop",
            "must not stop",
            "no error",
            "not an error",
            "times out",
            "timeout",
            "unavailable",
            "unreachable",
            "fails",
            "failure",
            "failover",
            "fehlschlägt",
            "nicht erreichbar",
        ],
    ),
    (
        "a restart",
        &[
            "restart",
            "restarts",
            "crash",
            "crashes",
            "interrupted",
            "survive",
            "survives",
            "recovered",
            "data loss",
            "neustart",
            "absturz",
        ],
    ),
    (
        "a repeat",
        &[
            "sent again",
            "tried again",
            "computed again",
            "second request",
            "second time",
            "sent twice",
            "more than once",
            "exactly once",
            "at most once",
            "idempotent",
            "duplicate",
            "duplicates",
            "retry",
            "retries",
            "retried",
            "doppelt",
            "erneut",
        ],
    ),
    ("a limit", &["limit on attempts", "failed attempts", "rate limit", "too many"]),
    ("work at the same time", &["at the same time", "concurrent", "concurrently", "in parallel", "simultaneously"]),
];

/// The reliability section.
pub fn of(survey: &Survey<'_, '_>) -> Reliability {
    let of_kind = |id: &str| {
        let own = survey.reading.requirements.iter().find(|r| r.id == id);
        own.is_some_and(|r| r.kind == RequirementKind::Reliability)
    };
    let standing = survey.asked.iter().filter(|a| survey.overruled.iter().all(|(id, _)| id != a.id));
    let requirements: Vec<Statement> = standing
        .filter_map(|a| {
            let text = match aspect(a.text) {
                Some((about, word)) => format!("{} is about {about}: “{word}”", a.id),
                None if of_kind(a.id) => format!("{} is about reliability, by its words", a.id),
                None => return None,
            };
            let cited = Citation::Ticket { quote: a.text.to_owned(), place: a.place.clone() };
            Some(Statement::new(Basis::Ticket, text).citing(cited))
        })
        .collect();
    let absent = requirements.is_empty().then(|| {
        "Looked in the ticket for failures, repeats, restarts, limits and work at the same time; it names none."
            .to_owned()
    });
    Reliability { requirements, absent }
}

/// What the sentence is about, with the words as the sentence has them.
pub fn aspect(text: &str) -> Option<(&'static str, &str)> {
    ASPECTS.iter().find_map(|(about, words)| words.iter().find_map(|w| Some((*about, held(text, w)?))))
}

/// The words where the text holds them whole.
fn held<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return None;
    }
    let is_word = |c: char| c.is_alphanumeric();
    let whole = |at: &usize| !lower[..*at].ends_with(is_word) && !lower[*at + words.len()..].starts_with(is_word);
    let at = lower.match_indices(words).map(|(at, _)| at).find(whole)?;
    text.get(at..at + words.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_what_must_be_survived() {
        let check = |text: &str, expected: Option<(&str, &str)>| assert_eq!(aspect(text), expected, "{text}");
        check("A delivery survives a restart of the service.", Some(("a restart", "restart")));
        check("What was not answered with 2xx is sent again", Some(("a failure", "was not answered")));
        check("A mail that cannot be sent does not stop the others", Some(("a failure", "cannot be sent")));
        check("a second request changes nothing and answers 200", Some(("a repeat", "second request")));
        check("gets a secret back once", None);
        check("The total is shown again", None);
        check("Restarting is not wanted: failsafe", None);
    }
}
