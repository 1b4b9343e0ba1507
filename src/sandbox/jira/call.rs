//! A request to Jira, read.

use serde_json::Value;

use super::{Flavour, Own, State, auth, endpoint::Endpoint, errors, json::Show};
use crate::sandbox::{
    answer::Answer,
    call,
    world::{Absence, Project, Role, Ticket, TicketKey, World},
};

/// A request to Jira.
pub type Call = call::Call<Endpoint>;

impl Call {
    /// The version of the interface that the path names; Data Center has only 2.
    pub fn version(&self) -> u8 {
        if self.uri.path().contains("/rest/api/3/") { 3 } else { 2 }
    }

    /// The request came by the address that OAuth's clients use.
    pub fn is_by_oauth(&self) -> bool {
        self.uri.path().starts_with("/ex/jira/")
    }

    /// Whether `expand` names this.
    pub fn expands(&self, name: &str) -> bool {
        self.query.get("expand").is_some_and(|all| all.split(',').any(|one| one.trim() == name))
    }

    /// A number of the query.
    pub fn query_number(&self, name: &str) -> Option<usize> {
        self.query.get(name)?.parse().ok()
    }

    /// The JSON body; 400 where it is none.
    pub fn body_json(&self) -> Result<Value, Answer> {
        serde_json::from_slice(&self.body)
            .map_err(|_| errors::error(400, "There was an error parsing JSON. Check that your request body is valid."))
    }
}

/// A request with its caller and the state that it reads or changes.
pub struct Desk<'a> {
    pub state: &'a mut State,
    /// Where the site is, its context path included.
    pub base: &'a str,
    pub call: &'a Call,
    pub caller: &'a str,
}

impl Desk<'_> {
    pub fn show(&self) -> Show<'_> {
        Show { world: &self.state.world, own: &self.state.own, base: self.base, version: self.call.version() }
    }

    pub fn flavour(&self) -> Flavour {
        self.state.own.flavour
    }

    pub fn own(&mut self) -> &mut Own {
        &mut self.state.own
    }

    /// What the caller may do in a project.
    pub fn role(&self, project: &Project) -> Role {
        auth::role(&self.state.world, project, self.caller)
    }

    /// The issue that the path names, with its project, where the caller may see it.
    pub fn issue(&self) -> Result<(&Project, &Ticket), Answer> {
        let none = || errors::no_issue(self.flavour());
        let ticket = find(&self.state.world, self.call.param("issue")).ok_or_else(none)?;
        let project = self.state.world.project(&ticket.key.project).ok_or_else(none)?;
        if self.role(project) >= Role::Read { Ok((project, ticket)) } else { Err(none()) }
    }

    /// The key of that issue.
    pub fn key(&self) -> Result<TicketKey, Answer> {
        self.issue().map(|(_, ticket)| ticket.key.clone())
    }

    /// The project that the path names, by key or id, where the caller may see it.
    pub fn project(&self) -> Result<&Project, Answer> {
        let name = self.call.param("project");
        let found = self.state.world.projects().find(|project| project.name == name || project.id.to_string() == name);
        let seen = found.filter(|project| is_key(&project.name) && self.role(project) >= Role::Read);
        seen.ok_or_else(|| errors::no_project(name))
    }
}

/// Whether a project of the world has a name that Jira takes as a project's key.
pub fn is_key(name: &str) -> bool {
    name.len() >= 2 && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// An issue by id or by key; a key that an issue had before it was moved finds it too.
pub fn find<'a>(world: &'a World, name: &str) -> Option<&'a Ticket> {
    if let Ok(id) = name.parse::<u64>() {
        return world.tickets().find(|ticket| ticket.id == id && is_key(&ticket.key.project));
    }
    let (project, number) = name.rsplit_once('-')?;
    let mut key = TicketKey::new(project.to_ascii_uppercase(), number.parse().ok()?);
    // As often as there are projects to move to, at most.
    for _ in 0..world.projects().count() {
        match world.absence(&key) {
            Some(Absence::TransferredTo(new)) => key = new.clone(),
            _ => break,
        }
    }
    world.ticket(&key)
}
