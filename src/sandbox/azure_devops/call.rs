//! A request to Azure DevOps, read: its version, its project, its work item.
//!
//! Source: "REST API versioning" at learn.microsoft.com.

use serde_json::Value;

use super::{Flavour, State, auth, endpoint::Endpoint, errors, json::Show};
use crate::sandbox::{
    answer::Answer,
    call,
    world::{Comment, Project, Role, Ticket, TicketKey},
};

/// A request to Azure DevOps.
pub type Call = call::Call<Endpoint>;

/// A version of the interface: `7.1`, `7.2-preview.4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    pub number: (u32, u32),
    /// The version of the resource while that is a preview; 0 where the caller leaves it open.
    pub preview: Option<u32>,
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let (number, preview) = match text.split_once("-preview") {
            None => (text, None),
            Some((number, "")) => (number, Some(0)),
            Some((number, rest)) => (number, Some(rest.strip_prefix('.')?.parse().ok()?)),
        };
        let (major, minor) = number.split_once('.')?;
        Some(Self { number: (major.parse().ok()?, minor.parse().ok()?), preview })
    }

    /// Comments have a format from here on.
    pub fn has_formats(self) -> bool {
        self.number >= (7, 1) && self.preview.is_some_and(|preview| preview == 0 || preview >= 4)
    }
}

impl Call {
    /// The version that the caller asks for; reads may leave it out. 400 where this endpoint does not have it.
    pub fn version(&self, flavour: Flavour) -> Result<Version, Answer> {
        let accept = self.header("accept").split(';').find_map(|one| one.trim().strip_prefix("api-version="));
        let content = self.header("content-type").split(';').find_map(|one| one.trim().strip_prefix("api-version="));
        let asked = self.query.get("api-version").map(String::as_str).or(accept).or(content);
        let latest = flavour.latest();
        let Some(asked) = asked else {
            let says_who = self.endpoint == Endpoint::ConnectionData;
            if self.method == http::Method::GET && (says_who || !self.endpoint.is_preview()) {
                return Ok(Version { number: latest, preview: None });
            }
            let message = format!(
                "No api-version was supplied for the \"{}\" request. The version must be supplied \
                either as part of the Accept header (e.g. \"application/json; api-version=1.0\") or as a query \
                parameter (e.g. \"?api-version=1.0\").",
                self.method
            );
            return Err(errors::error(400, "VssVersionNotSpecifiedException", &message));
        };
        let Some(version) = Version::parse(asked) else {
            let message = format!("The api-version {asked} is not valid.");
            return Err(errors::error(400, "VssInvalidApiVersionException", &message));
        };
        if version.number > latest {
            let message = format!(
                "The requested REST API version of {asked} is out of range for this server. The \
                latest REST API version this server supports is {}.{}.",
                latest.0, latest.1
            );
            return Err(errors::error(400, "VssVersionOutOfRangeException", &message));
        }
        if self.endpoint.is_preview() && version.preview.is_none() {
            let message = format!(
                "The requested version \"{asked}\" of the resource is under preview. The -preview \
                flag must be supplied in the api-version for such requests. For example: \"{asked}-preview\""
            );
            return Err(errors::error(400, "VssInvalidPreviewVersionException", &message));
        }
        Ok(version)
    }

    /// The JSON body; 400 where it is none.
    pub fn body_json(&self) -> Result<Value, Answer> {
        serde_json::from_slice(&self.body).map_err(|_| errors::invalid("the body is no JSON"))
    }
}

/// A request with its caller and the state that it reads or changes.
pub struct Desk<'a> {
    pub state: &'a mut State,
    /// Where the collection is.
    pub base: &'a str,
    pub call: &'a Call,
    pub caller: &'a str,
    pub version: Version,
}

impl Desk<'_> {
    pub fn show(&self) -> Show<'_> {
        Show { world: &self.state.world, own: &self.state.own, base: self.base }
    }

    /// What the caller may do in a project.
    pub fn role(&self, project: &Project) -> Role {
        auth::role(&self.state.world, project, self.caller)
    }

    /// The project that the path names, by name or id, where the caller may see it.
    pub fn project(&self) -> Result<&Project, Answer> {
        let name = self.call.param("project");
        let all = || self.state.world.projects().filter(|project| is_project(&project.name));
        // A key of Jira's may differ from a project's name in case alone.
        let found = all()
            .find(|project| project.name == name || super::json::project_id(project) == name)
            .or_else(|| all().find(|project| project.name.eq_ignore_ascii_case(name)));
        found.filter(|project| self.role(project) >= Role::Read).ok_or_else(|| errors::no_project(name))
    }

    /// The work item that the path names, with its project, where the caller may see it.
    pub fn work_item(&self) -> Result<(&Project, &Ticket), Answer> {
        let id = self.call.param("id");
        let none = || errors::no_work_item(id);
        let found = self.state.world.tickets().find(|ticket| ticket.ordinal().to_string() == id);
        let ticket = found.filter(|ticket| is_project(&ticket.key.project)).ok_or_else(none)?;
        let project = self.state.world.project(&ticket.key.project).ok_or_else(none)?;
        if self.call.params.contains_key("project") && self.project()?.id != project.id {
            return Err(none());
        }
        if self.role(project) >= Role::Read { Ok((project, ticket)) } else { Err(none()) }
    }

    /// Its key, where the caller may change it.
    pub fn writable(&self) -> Result<TicketKey, Answer> {
        let (project, ticket) = self.work_item()?;
        if self.role(project) < Role::Write {
            return Err(errors::forbidden(
                "You do not have permissions to edit work items under the specified area path.",
            ));
        }
        Ok(ticket.key.clone())
    }

    /// The comment that the path names, where it shows.
    pub fn comment(&self) -> Result<(TicketKey, Comment), Answer> {
        let (_, ticket) = self.work_item()?;
        let name = self.call.param("comment");
        let found = ticket.comments.iter().find(|comment| comment.ordinal().to_string() == name);
        let comment = found.filter(|comment| !self.state.faults.hides(comment.id));
        Ok((ticket.key.clone(), comment.ok_or_else(|| errors::no_comment(name))?.clone()))
    }
}

/// Whether a project of the world has a name that Azure DevOps takes.
pub fn is_project(name: &str) -> bool {
    !name.contains(['/', '\\'])
}
