//! Says each thing in one place of a plan: what stands elsewhere is named by its id or its file.
//!
//! In: a draft's sections, complete. Out: the same without words that are cut or that stand twice. Invents nothing: it only
//! takes away, and a step that would be left without an instruction names the ids that it serves.

use crate::model::plan::{Basis, Sections, Statement, Step};

/// Says everything once.
pub fn say(sections: &mut Sections) {
    let settled: Vec<String> = sections.overview.decisions.iter().map(|d| d.what.text.clone()).collect();
    for step in sections.phases.iter_mut().flat_map(|phase| &mut phase.steps) {
        let ids = step.serves.clone();
        let how = std::mem::take(&mut step.how);
        let kept = how.into_iter().filter_map(|s| by_id(s, &ids)).map(|s| settled_before(s, &settled));
        step.how = kept.filter(|s| !is_only_name(&s.text)).collect();
        if step.how.is_empty() && !ids.is_empty() {
            let ask = if ids.len() == 1 { "asks" } else { "ask" };
            let first = step.files.first().and_then(|file| file.symbols.first());
            step.how.push(match first {
                Some(symbol) => {
                    let text = format!("{}: start in `{}`", ids.join(", "), symbol.name);
                    Statement::new(Basis::Ticket, text).at(symbol.file.clone())
                }
                None => Statement::new(Basis::Ticket, format!("Do here what {} {ask}", ids.join(", "))),
            });
        }
        drop_told(step);
    }
    for change in &mut sections.data.changes {
        change.what = settled_before(std::mem::take(&mut change.what), &settled);
    }
}

/// An instruction that begins with the words of what the step serves keeps its id and what comes behind the words:
/// `AC4 “when …”: start in …` is `AC4: start in …`. `None` where nothing comes behind.
fn by_id(statement: Statement, ids: &[String]) -> Option<Statement> {
    let quoted = ids.iter().find_map(|id| Some((id, statement.text.strip_prefix(id.as_str())?.strip_prefix(" “")?)));
    let Some((id, rest)) = quoted else { return Some(statement) };
    let behind = match rest.find("”: ") {
        Some(at) => &rest[at + "”: ".len()..],
        None => return None,
    };
    Some(Statement { text: format!("{id}: {behind}"), ..statement })
}

/// A reason that a decision gives already is left to it: what follows it, or the file alone, is said.
fn settled_before(statement: Statement, settled: &[String]) -> Statement {
    let Some((before, reason)) = statement.text.split_once("`: ") else { return statement };
    let (reason, behind) = reason.split_once("; take ").map_or((reason, None), |(r, b)| (r, Some(b)));
    let is_settled = settled.iter().any(|said| said.contains(reason));
    let text = match (is_settled, behind) {
        (false, _) => return statement,
        (true, Some(behind)) => format!("{before}`: take {behind}"),
        (true, None) => format!("{before}`"),
    };
    Statement { text, ..statement }
}

/// A path alone says nothing that the list of files does not say.
fn is_only_name(text: &str) -> bool {
    text.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')).is_some_and(|name| !name.contains('`'))
}

/// A file's reason that an instruction of the step gives is dropped: the same words, or a new route that it declares.
fn drop_told(step: &mut Step) {
    let how: Vec<String> = step.how.iter().map(|s| s.text.clone()).collect();
    let is_route = |why: &str| {
        let route = why.strip_prefix('`').and_then(|rest| rest.split_once("` is new; its neighbour "));
        route.is_some_and(|(name, _)| name.contains(" /"))
    };
    for change in &mut step.files {
        change.why.retain(|why| !how.contains(&why.text) && !is_route(&why.text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Statement {
        Statement::new(Basis::Ticket, text)
    }

    #[test]
    fn words_of_a_criterion_leave_its_id() {
        let check = |text: &str, expected: Option<&str>| {
            let found = by_id(said(text), &["AC4".to_owned(), "R1".to_owned()]);
            assert_eq!(found.map(|s| s.text), expected.map(str::to_owned), "{text}");
        };
        check("AC4 “when it goes from 0 to more…”: start in `takeStock`", Some("AC4: start in `takeStock`"));
        check("AC4 “a mail”", None);
        check("AC5 “of another step”", Some("AC5 “of another step”"));
        check("Declare `POST /a`", Some("Declare `POST /a`"));
    }

    #[test]
    fn a_settled_reason_is_not_repeated() {
        let settled = ["A file of its own, `b.sql`: “wishes” asks for it; the newest is `a.sql`".to_owned()];
        let check = |text: &str, expected: &str| assert_eq!(settled_before(said(text), &settled).text, expected);
        check(
            "`b.sql`: “wishes” asks for it; the newest is `a.sql`; take `a.sql` as the pattern",
            "`b.sql`: take `a.sql` as the pattern",
        );
        check("New migration `b.sql`: “wishes” asks for it; the newest is `a.sql`", "New migration `b.sql`");
        check("`c.rs`: another reason", "`c.rs`: another reason");
    }
}
