//! What the ticket says of a route beside its path: who may call it, which codes it answers with, how often it may be called.
//!
//! In: the criteria of a [`Survey`] and the endpoints so far. Out: the same endpoints, each with the ids of the sentences
//! that say so; their words stand in the list of criteria. A sentence that names a path speaks of that route alone.

use super::{super::Survey, security};
use crate::model::plan::{Basis, Citation, Code, Endpoint, NamedText, Statement};

/// Fills what the ticket says.
pub fn fill(survey: &Survey<'_, '_>, endpoints: &mut [Endpoint]) {
    let standing: Vec<(&str, &str)> = survey
        .asked
        .iter()
        .filter(|a| survey.overruled.iter().all(|(id, _)| id != a.id))
        .map(|a| (a.id, a.text))
        .collect();
    let paths: Vec<String> = endpoints.iter().map(|e| e.path.clone()).collect();
    let new = endpoints.iter().filter(|e| !e.existing).count();
    for endpoint in endpoints.iter_mut() {
        let is_only = match endpoint.existing {
            true => paths.len() == 1,
            false => new == 1 || is_written_to(endpoint),
        };
        let (own, method) = (endpoint.path.clone(), endpoint.method.clone());
        let speaks = |text: &str| match paths.iter().any(|path| holds(text, path)) {
            true => holds(text, &own) && names_method(text, &method),
            false => is_only,
        };
        let mut good: Vec<String> = Vec::new();
        for (id, text) in standing.iter().filter(|(_, text)| speaks(text)) {
            for code in codes(text) {
                match code.starts_with(['4', '5']) {
                    true => refuse(endpoint, code, id),
                    false => good.push(format!("{code}: {id}")),
                }
            }
            if endpoint.authentication.is_none() && security::says_who_may(text) {
                let cited = survey.asked.iter().find(|a| a.id == *id).map(|a| a.place.clone());
                let said = Statement::new(Basis::Ticket, format!("{id} says who may"));
                let cite = |place| Citation::Ticket { quote: (*text).to_owned(), place };
                endpoint.authentication = Some(cited.into_iter().fold(said, |s, place| s.citing(cite(place))));
            }
        }
        good.extend(expected(survey, endpoint, paths.len() == 1).filter(|_| good.is_empty()));
        if endpoint.response.is_none() && !good.is_empty() {
            endpoint.response = Some(Code { language: Some("yaml".to_owned()), text: good.join("\n") });
        }
    }
}

/// The status of what the ticket expects, where it speaks of the endpoint: by its title, or because there is no other.
fn expected(survey: &Survey<'_, '_>, endpoint: &Endpoint, is_only: bool) -> Option<String> {
    let reading = survey.reading;
    let found = reading.expected.as_ref()?;
    let speaks = |text: &str| holds(text, &endpoint.path) && names_method(text, &endpoint.method);
    let is_it = is_only || speaks(&found.text) || speaks(&reading.title);
    let code = codes(&found.text).into_iter().find(|code| code.starts_with('2')).filter(|_| is_it)?;
    Some(format!("{code}: expected"))
}

/// Does the route take something, so that a request can be refused?
fn is_written_to(endpoint: &Endpoint) -> bool {
    matches!(endpoint.method.as_str(), "POST" | "PUT" | "PATCH")
}

/// One more sentence that asks for an error code.
fn refuse(endpoint: &mut Endpoint, code: &str, id: &str) {
    match endpoint.errors.iter_mut().find(|e| e.name == code) {
        Some(known) if known.text.split(", ").all(|k| k != id) => known.text = format!("{}, {id}", known.text),
        Some(_) => {}
        None => endpoint.errors.push(NamedText { name: code.to_owned(), text: id.to_owned() }),
    }
}

/// Does the text name this path, and not a longer one?
fn holds(text: &str, path: &str) -> bool {
    let goes_on = |rest: &str| {
        rest.starts_with(|c: char| {
            c.is_alphanumeric() || "/_-{:.".contains(c) && rest.len() > 1 && !rest.starts_with(". ")
        })
    };
    text.match_indices(path).any(|(at, _)| !goes_on(&text[at + path.len()..]))
}

/// Does the text name no method, or this one too?
fn names_method(text: &str, method: &str) -> bool {
    let mut words = text
        .split(|c: char| !c.is_ascii_uppercase())
        .filter(|w| ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"].contains(w));
    let mut named = words.by_ref().peekable();
    named.peek().is_none() || named.any(|word| word == method)
}

/// The status codes that a sentence speaks of: “answers 409”, “refused with 401”, “a 429”.
fn codes(text: &str) -> Vec<&str> {
    const BEFORE: &[&str] = &[
        "answer", "answers", "by", "with", "gets", "get", "returns", "return", "status", "http", "a", "and", "or",
        "code",
    ];
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';')).collect();
    let is_code = |w: &str| w.len() == 3 && w.bytes().all(|b| b.is_ascii_digit()) && ("100".."600").contains(&w);
    let bare = |w: &'_ str| -> usize { w.trim_end_matches(['.', ':', '`']).len() };
    let mut out: Vec<&str> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let word = word[..bare(word)].trim_start_matches('`');
        let before = at.checked_sub(1).map(|b| words[b].to_lowercase());
        // “200 with an empty list”.
        let leads =
            before.is_none() && words.get(1).is_none_or(|next| ["with", "and", "ok", "OK", "no"].contains(next));
        if is_code(word) && (leads || before.is_some_and(|b| BEFORE.contains(&b.as_str()))) && !out.contains(&word) {
            out.push(word);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_off_sentences() {
        let check = |text: &str, expected: &[&str]| assert_eq!(codes(text), expected, "{text}");
        check("a second request changes nothing and answers 200", &["200"]);
        check("the request is refused with 409 while it is on hand", &["409"]);
        check("Only staff get it; everybody else gets 401 as on the other pages", &["401"]);
        check("Both answer 401, and a third try answers 429.", &["401", "429"]);
        check("200 with `goods` of 0.00", &["200"]);
        check("200 attempts are shown", &[]);
        check("shows the last 100 attempts", &[]);
        check("a page of 100 takes 150 ms", &[]);
    }

    #[test]
    fn a_path_is_named_whole() {
        assert!(holds("`GET /a/{id}` shows it", "/a/{id}"));
        assert!(!holds("`GET /a/{id}/b` shows it", "/a/{id}"));
        assert!(names_method("with `POST /a`, and back with `DELETE /a`", "DELETE"));
        assert!(!names_method("with `POST /a`", "GET"));
    }
}
