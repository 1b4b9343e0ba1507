//! Which code belongs to which tickets.
//!
//! In: the configured repositories and a ticket. Out: where its code is. Pure.

use crate::{
    model::{ConnectionName, RepoName, ticket::Ticket},
    trackers::CodeSource,
};

/// A configured repository and the tickets it serves.
#[derive(Clone, Debug)]
pub struct MappedRepository {
    pub source: CodeSource,
    /// The branch to plan on; `None` for the default branch.
    pub branch: Option<String>,
    /// Connection and project of the tickets it serves.
    pub tickets: Vec<(ConnectionName, String)>,
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

    /// The repositories of a ticket: the one asked for; else those mapped to its project; else one configured under
    /// the project's own name. Empty when the configuration says nothing.
    ///
    /// Only repositories that serve the ticket can be asked for: a name is not a way into other teams' code.
    pub fn of(&self, ticket: &Ticket, wanted: Option<&str>) -> Result<Vec<&MappedRepository>, UnknownRepository> {
        let serving: Vec<&MappedRepository> = self.repositories.iter().filter(|r| serves(r, ticket)).collect();
        let Some(wanted) = wanted else { return Ok(serving) };
        match serving.iter().find(|r| named(&r.source.name, wanted)) {
            Some(found) => Ok(vec![found]),
            None if wanted.eq_ignore_ascii_case(&ticket.project) && serving.is_empty() => Ok(Vec::new()),
            None => Err(UnknownRepository {
                wanted: wanted.to_owned(),
                known: serving.iter().map(|r| r.source.name.to_string()).collect(),
            }),
        }
    }
}

/// Is the repository mapped to the ticket's project, or called like it?
fn serves(repository: &MappedRepository, ticket: &Ticket) -> bool {
    let mapped = repository.tickets.iter().any(|(connection, project)| {
        *connection == ticket.key.connection && project.eq_ignore_ascii_case(&ticket.project)
    });
    mapped || named(&repository.source.name, &ticket.project)
}

/// Names are compared without case, as hosts do.
fn named(name: &RepoName, text: &str) -> bool {
    name.as_str().eq_ignore_ascii_case(text)
}
