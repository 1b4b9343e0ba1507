//! Which code belongs to which tickets.
//!
//! In: the configured repositories and a ticket. Out: where its code is. Pure.

use crate::{
    model::{
        ConnectionName, RepoName,
        ticket::{Place, Ticket},
    },
    trackers::CodeSource,
};

/// A configured repository and the tickets it serves.
#[derive(Clone, Debug)]
pub struct MappedRepository {
    pub source: CodeSource,
    /// The branch to plan on; `None` for the default branch.
    pub branch: Option<String>,
    /// The tickets it serves.
    pub tickets: Vec<TicketSet>,
}

/// Tickets of one project: all of them, or those for which every condition holds.
#[derive(Clone, Debug)]
pub struct TicketSet {
    pub connection: ConnectionName,
    pub project: String,
    pub conditions: Vec<Condition>,
}

/// Something that a ticket must have. Names are compared without case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    Label(String),
    /// One of its places; an area (`Shop\\Web`) lies in the areas above it too.
    Place(Place),
}

impl Condition {
    /// Does it hold?
    fn holds(&self, ticket: &Ticket) -> bool {
        match self {
            Self::Label(wanted) => ticket.labels.iter().any(|label| same(label, wanted)),
            Self::Place(wanted) => ticket.places.iter().any(|place| {
                let inside = wanted.kind == "area"
                    && place.name.to_lowercase().starts_with(&format!("{}\\", wanted.name.to_lowercase()));
                same(&place.kind, &wanted.kind) && (inside || same(&place.name, &wanted.name))
            }),
        }
    }
}

impl TicketSet {
    /// Is the ticket among these?
    fn holds(&self, ticket: &Ticket) -> bool {
        self.connection == ticket.key.connection
            && same(&self.project, &ticket.project)
            && self.conditions.iter().all(|condition| condition.holds(ticket))
    }
}

/// All configured repositories.
#[derive(Clone, Debug, Default)]
pub struct CodeMap {
    repositories: Vec<MappedRepository>,
}

/// The person asked for a repository that is not configured.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no repository is called {wanted:?}")]
pub struct UnknownRepository {
    pub wanted: String,
    /// What could be asked for on this ticket.
    pub known: Vec<String>,
}

impl CodeMap {
    /// A map of these repositories, in the order of the configuration.
    pub fn new(repositories: Vec<MappedRepository>) -> Self {
        Self { repositories }
    }

    /// The repositories of a ticket: the one asked for; else those mapped by a condition that holds; else those mapped to
    /// its project or configured under the project's own name. Empty when the configuration says nothing.
    ///
    /// Only repositories that serve the ticket can be asked for: a name is not a way into other teams' code.
    pub fn of(&self, ticket: &Ticket, wanted: Option<&str>) -> Result<Vec<&MappedRepository>, UnknownRepository> {
        let serving: Vec<&MappedRepository> = self.repositories.iter().filter(|r| serves(r, ticket)).collect();
        let Some(wanted) = wanted else {
            let chosen: Vec<_> = serving.iter().copied().filter(|repository| is_chosen(repository, ticket)).collect();
            return Ok(if chosen.is_empty() { serving } else { chosen });
        };
        match serving.iter().find(|r| named(&r.source.name, wanted)) {
            Some(found) => Ok(vec![found]),
            None if wanted.eq_ignore_ascii_case(&ticket.project) && serving.is_empty() => Ok(Vec::new()),
            None => Err(UnknownRepository {
                wanted: wanted.to_owned(),
                known: serving.iter().map(|r| r.source.name.to_string()).collect(),
            }),
        }
    }

    /// The repository of this name.
    pub fn called(&self, name: &RepoName) -> Option<&MappedRepository> {
        self.repositories.iter().find(|repository| repository.source.name == *name)
    }
}

/// Is the repository mapped to the ticket, or called like its project?
fn serves(repository: &MappedRepository, ticket: &Ticket) -> bool {
    repository.tickets.iter().any(|set| set.holds(ticket)) || named(&repository.source.name, &ticket.project)
}

/// Is it mapped to the ticket by a condition?
fn is_chosen(repository: &MappedRepository, ticket: &Ticket) -> bool {
    repository.tickets.iter().any(|set| !set.conditions.is_empty() && set.holds(ticket))
}

/// Is the repository called like this?
fn named(name: &RepoName, text: &str) -> bool {
    same(name.as_str(), text)
}

/// Names are compared without case, as trackers and hosts do.
fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{TicketId, TicketKey, ticket::TicketState};

    /// A set of tickets of `acme`'s project SHOP.
    fn set(conditions: Vec<Condition>) -> TicketSet {
        TicketSet { connection: ConnectionName::new("acme"), project: "SHOP".to_owned(), conditions }
    }

    /// A condition on a place.
    fn place(kind: &str, name: &str) -> Condition {
        Condition::Place(Place { kind: kind.to_owned(), name: name.to_owned() })
    }

    /// A repository that serves these tickets.
    fn repository(name: &str, tickets: Vec<TicketSet>) -> MappedRepository {
        let url = format!("https://git.acme.test/{name}.git");
        let source = CodeSource { name: RepoName::new(name), url, credentials: None, web: None };
        MappedRepository { source, branch: None, tickets }
    }

    /// A ticket of a project with these labels and places.
    fn ticket(project: &str, labels: &[&str], places: &[(&str, &str)]) -> Ticket {
        let place = |(kind, name): &(&str, &str)| Place { kind: (*kind).to_owned(), name: (*name).to_owned() };
        Ticket {
            key: TicketKey::new(ConnectionName::new("acme"), TicketId::new("1")),
            reference: "1".to_owned(),
            url: None,
            project: project.to_owned(),
            title: String::new(),
            body: Default::default(),
            fields: Vec::new(),
            type_name: None,
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            places: places.iter().map(place).collect(),
            priority: None,
            milestone: None,
            state: TicketState::Open,
            author: None,
            assignees: Vec::new(),
            parent: None,
            children: Vec::new(),
            links: Vec::new(),
            comments: Vec::new(),
            attachments: Vec::new(),
        }
    }

    /// A shop with a repository for everything, and some for parts of it.
    fn map() -> CodeMap {
        CodeMap::new(vec![
            repository("shop", vec![set(vec![])]),
            repository("payments", vec![set(vec![place("component", "Payments")]), set(vec![place("Team", "Pay")])]),
            repository("web", vec![set(vec![Condition::Label("web".to_owned())])]),
            repository("risk", vec![set(vec![place("component", "payments"), Condition::Label("risk".to_owned())])]),
            repository("deep", vec![set(vec![place("area", "Shop\\Checkout")])]),
        ])
    }

    /// The names of the repositories of a ticket.
    fn names(ticket: &Ticket, wanted: Option<&str>) -> Result<Vec<String>, Vec<String>> {
        let map = map();
        let found = map.of(ticket, wanted).map_err(|error| error.known)?;
        Ok(found.iter().map(|repository| repository.source.name.to_string()).collect())
    }

    #[test]
    fn conditions_choose_and_the_project_is_the_rest() {
        let check = |labels: &[&str], places: &[(&str, &str)], expected: &[&str]| {
            let expected = expected.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(names(&ticket("shop", labels, places), None), Ok(expected), "{labels:?} {places:?}");
        };
        check(&[], &[], &["shop"]);
        check(&["risk"], &[("component", "Catalog")], &["shop"]);
        check(&[], &[("component", "PAYMENTS")], &["payments"]);
        check(&[], &[("team", "pay")], &["payments"]);
        check(&[], &[("Squad", "Pay")], &["shop"]);
        check(&["Web"], &[("component", "Payments")], &["payments", "web"]);
        check(&["risk"], &[("component", "Payments")], &["payments", "risk"]);
        check(&[], &[("area", "shop\\checkout\\Totals")], &["deep"]);
        check(&[], &[("area", "Shop\\Checkouts")], &["shop"]);
        assert_eq!(names(&ticket("OPS", &["web"], &[]), None), Ok(Vec::new()), "another project");
    }

    #[test]
    fn only_repositories_that_serve_the_ticket_can_be_asked_for() {
        let paid = ticket("SHOP", &[], &[("component", "Payments")]);
        let one = |name: &str| Ok(vec![name.to_owned()]);
        assert_eq!(names(&paid, Some("Shop")), one("shop"), "the project's own is there to be asked for");
        assert_eq!(names(&paid, Some("payments")), one("payments"));
        assert_eq!(names(&paid, Some("web")), Err(vec!["shop".to_owned(), "payments".to_owned()]));
    }
}
