//! A request to an endpoint, read.

use serde::de::DeserializeOwned;

use super::{State, answer::Answer, auth::Caller, endpoint::Endpoint};
use crate::sandbox::{
    call,
    world::{Absence, Project, Role, Ticket, TicketKey, World},
};

/// A request to GitHub.
pub type Call = call::Call<Endpoint>;

impl Call {
    /// A number in the path; 404 where it is none.
    pub fn number(&self, name: &str) -> Result<u64, Answer> {
        self.param(name).parse().map_err(|_| Answer::not_found())
    }

    /// The project that the path names.
    pub fn project(&self) -> String {
        format!("{}/{}", self.param("owner"), self.param("repo"))
    }

    /// The ticket that the path names.
    pub fn key(&self) -> Result<TicketKey, Answer> {
        Ok(TicketKey::new(self.project(), self.number("number")?))
    }

    /// The JSON body: 400 where it is none, 422 where its fields are wrong.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Answer> {
        let value: serde_json::Value =
            serde_json::from_slice(&self.body).map_err(|_| Answer::error(400, "Problems parsing JSON"))?;
        serde_json::from_value(value).map_err(|error| Answer::error(422, &format!("Invalid request.\n\n{error}")))
    }
}

/// What a caller may see of a project: 404 below the role that is needed to read it, 403 below the role needed to act.
pub fn project<'a>(world: &'a World, name: &str, caller: &Caller, need: Role) -> Result<&'a Project, Answer> {
    let project = world.project(name).ok_or_else(Answer::not_found)?;
    let role = match caller {
        Caller::App => Role::None,
        Caller::Installation => Role::Write,
        Caller::Person(login) => world.role(project, login),
    };
    match role {
        Role::None => Err(Answer::not_found()),
        role if role < need => Err(Answer::error(403, "Must have admin rights to Repository.")),
        _ => Ok(project),
    }
}

/// A ticket that is there: 410 where it was deleted, 301 where it was moved.
pub fn ticket<'a>(world: &'a World, base: &str, key: &TicketKey) -> Result<&'a Ticket, Answer> {
    if let Some(ticket) = world.ticket(key) {
        return Ok(ticket);
    }
    Err(match world.absence(key) {
        None => Answer::not_found(),
        Some(Absence::Deleted) => Answer::error(410, "This issue was deleted"),
        Some(Absence::TransferredTo(new)) => {
            let url = format!("{base}/repos/{}/issues/{}", new.project, new.number);
            Answer::error(301, "Moved Permanently").with(http::header::LOCATION, url)
        }
    })
}

/// A page of a list, and the `Link` header that leads to the others.
pub struct Page {
    number: usize,
    size: usize,
}

impl Page {
    /// Reads `page` and `per_page`: from 1, 30 unless told, at most 100.
    pub fn of(call: &Call) -> Self {
        let read = |name: &str, default| call.query.get(name).and_then(|n| n.parse().ok()).unwrap_or(default);
        Self { number: read("page", 1_usize).max(1), size: read("per_page", 30_usize).clamp(1, 100) }
    }

    /// This is where a listing begins.
    pub fn is_first(&self) -> bool {
        self.number == 1
    }

    /// The page of the items.
    pub fn cut<T>(&self, items: Vec<T>) -> Vec<T> {
        items.into_iter().skip(self.size.saturating_mul(self.number - 1)).take(self.size).collect()
    }

    /// Adds `Link` where there is more than this page.
    pub fn link(&self, answer: Answer, call: &Call, base: &str, total: usize) -> Answer {
        let last = total.div_ceil(self.size).max(1);
        let mut links = Vec::new();
        if self.number > 1 {
            links.push((self.number - 1, "prev"));
        }
        if self.number < last {
            links.extend([(self.number + 1, "next"), (last, "last")]);
        }
        if self.number > 1 {
            links.push((1, "first"));
        }
        if links.is_empty() {
            return answer;
        }
        let link = |(page, rel): &(usize, &str)| {
            let page = page.to_string();
            format!("<{}>; rel=\"{rel}\"", url_with(call, base, "page", &page))
        };
        answer.with(http::header::LINK, links.iter().map(link).collect::<Vec<_>>().join(", "))
    }
}

/// The request's own address with one query parameter set.
pub fn url_with(call: &Call, base: &str, name: &str, value: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (key, old) in call.query.iter().filter(|(key, _)| *key != name) {
        query.append_pair(key, old);
    }
    query.append_pair(name, value);
    format!("{base}{}?{}", call.uri.path(), query.finish())
}

/// Finds the project of the call's path for reading.
pub fn readable<'a>(state: &'a State, call: &Call, caller: &Caller) -> Result<&'a Project, Answer> {
    project(&state.world, &call.project(), caller, Role::Read)
}
