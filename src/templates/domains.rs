//! Which criteria and requirements of a plan are about security, performance or reliability.
//!
//! In: a plan's sections. Out: their ids and words, and what the plan says of each. Goes by the kind of a requirement and
//! by the quotes that the sections cite, never by words of its own.

use crate::model::{
    job::Focus,
    plan::{Citation, Requirement, RequirementKind, Sections, Statement, Step},
};

/// Ids and words of what is asked in a domain and still stands, in the order of the ticket.
pub fn asked(sections: &Sections, domain: Focus) -> Vec<(&str, &str)> {
    let is_of_kind = |kind: RequirementKind| match domain {
        Focus::Security => kind == RequirementKind::Security,
        Focus::Performance => matches!(kind, RequirementKind::Performance | RequirementKind::Scalability),
        Focus::Reliability => kind == RequirementKind::Reliability,
        Focus::Simplicity | Focus::Cost => false,
    };
    let statements = statements(sections, domain);
    let is_cited = |text: &str| statements.iter().any(|s| cites(s, text));
    let criteria = sections.criteria.iter().filter(|c| !c.overruled && is_cited(&c.text));
    // One whose kind is that of a domain stands there alone.
    let is_plain = |kind| matches!(kind, RequirementKind::Functional | RequirementKind::Compatibility);
    let is_here = |r: &&Requirement| is_of_kind(r.kind) || is_plain(r.kind) && is_cited(&r.text);
    let requirements = sections.requirements.iter().filter(|r| !r.overruled).filter(is_here);
    let criteria = criteria.map(|c| (c.id.as_str(), c.text.as_str()));
    criteria.chain(requirements.map(|r| (r.id.as_str(), r.text.as_str()))).collect()
}

/// What the plan says, of this domain, about what a step serves; the ticket's words where it says nothing of its own.
pub fn said_of<'p>(
    sections: &'p Sections,
    domain: Focus,
    step: &Step,
) -> Vec<(Option<&'p Statement>, &'p str, &'p str)> {
    let statements = statements(sections, domain);
    let served = asked(sections, domain).into_iter().filter(|(id, _)| step.serves.iter().any(|s| s == id));
    served.map(|(id, text)| (statements.iter().copied().find(|s| cites(s, text)), id, text)).collect()
}

/// The statements of a domain that answer the ticket.
fn statements(sections: &Sections, domain: Focus) -> Vec<&Statement> {
    let (security, performance) = (&sections.security, &sections.performance);
    let lists: Vec<&Vec<Statement>> = match domain {
        Focus::Security => vec![&security.access, &security.input, &security.secrets, &security.data],
        Focus::Performance => vec![&performance.targets],
        Focus::Reliability => vec![&sections.reliability.requirements],
        Focus::Simplicity | Focus::Cost => Vec::new(),
    };
    lists.into_iter().flatten().collect()
}

/// Does the statement quote these words of the ticket?
fn cites(statement: &Statement, text: &str) -> bool {
    statement.citations.iter().any(|c| matches!(c, Citation::Ticket { quote, .. } if quote == text))
}
