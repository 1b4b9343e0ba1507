//! What became of a work item: its revisions and its updates, which are not numbered alike.
//!
//! Every change of a field is a revision and an update; a change of relations alone is an update only. Source:
//! "Updates" and "Revisions" in the REST reference at learn.microsoft.com.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    State,
    call::Desk,
    errors,
    json::Show,
    list,
    tell::resource::{self, Update},
};
use crate::sandbox::{
    answer::{Answer, Outcome},
    world::{Comment, Project, Ticket, TicketKey},
};

/// The past of a work item.
#[derive(Clone, Debug, Default)]
pub struct History {
    updates: Vec<Value>,
    revisions: BTreeMap<u64, Value>,
    relations: Vec<Value>,
}

/// What made an update.
#[derive(Clone, Copy)]
pub struct Made<'a> {
    pub by: &'a str,
    /// The work item before; none where the update made it.
    pub before: Option<&'a Ticket>,
    /// The comment that it wrote.
    pub comment: Option<&'a Comment>,
}

/// Remembers an update of a work item, and gives it as service hooks show it.
pub fn record(state: &mut State, base: &str, key: &TicketKey, made: Made<'_>) -> Value {
    let Some(ticket) = state.world.ticket(key) else { return Value::Null };
    let Some(project) = state.world.project(&key.project) else { return Value::Null };
    let show = Show { world: &state.world, own: &state.own, base };
    let mut history = state.own.history.get(key).cloned().unwrap_or_default();
    if let Some(before) = made.before.filter(|_| history.updates.is_empty()) {
        // It was there before anyone watched.
        let first = Update { number: 1, by: &before.author, history: None, added: &[] };
        history.updates.push(resource::update(show, project, None, before, &first, |show, login| show.identity(login)));
        history.revisions.insert(before.revision, show.work_item(project, before, "none"));
    }
    let relations = show.relations(ticket);
    let added: Vec<Value> = relations.iter().filter(|one| !history.relations.contains(one)).cloned().collect();
    let number = history.updates.len() as u64 + 1;
    let text = made.comment.map(|comment| comment.body.as_str());
    let update = Update { number, by: made.by, history: text, added: &added };
    let told =
        resource::update(show, project, made.before, ticket, &update, |show, login| show.signature(login).into());
    history
        .updates
        .push(resource::update(show, project, made.before, ticket, &update, |show, login| show.identity(login)));
    history.revisions.insert(ticket.revision, revision(show, project, ticket, made.comment));
    history.relations = relations;
    state.own.history.insert(key.clone(), history);
    told
}

/// A work item as a revision left it, with the comment that the revision wrote.
fn revision(show: Show<'_>, project: &Project, ticket: &Ticket, comment: Option<&Comment>) -> Value {
    let mut item = show.work_item(project, ticket, "none");
    if let Some(comment) = comment {
        item["fields"]["System.History"] = comment.body.as_str().into();
        item["commentVersionRef"] = show.comment_version(project, ticket, comment);
    }
    item["url"] = show.api(&format!("wit/workItems/{}/revisions/{}", ticket.ordinal(), ticket.revision)).into();
    item
}

impl Desk<'_> {
    /// `GET _apis/wit/workItems/{id}/updates`, oldest first: `$top`, `$skip`.
    pub fn updates(&self) -> Outcome {
        let (project, ticket) = self.work_item()?;
        let number = |name: &str| self.call.query.get(name).and_then(|text| text.parse::<usize>().ok());
        let (skip, top) = (number("$skip").unwrap_or(0), number("$top").unwrap_or(200).min(200));
        let first = || {
            let update = Update { number: 1, by: &ticket.author, history: None, added: &[] };
            resource::update(self.show(), project, None, ticket, &update, |show, login| show.identity(login))
        };
        let known = self.state.own.history.get(&ticket.key).map(|history| history.updates.clone());
        let all = known.unwrap_or_else(|| vec![first()]);
        Ok(Answer::ok(list(all.into_iter().skip(skip).take(top))))
    }

    /// `GET _apis/wit/workItems/{id}/revisions/{revision}`
    pub fn revision(&self) -> Outcome {
        let (project, ticket) = self.work_item()?;
        let asked = self.call.param("revision");
        let number: u64 = asked.parse().map_err(|_| errors::invalid("revisionNumber"))?;
        let known = self.state.own.history.get(&ticket.key).and_then(|history| history.revisions.get(&number));
        if let Some(item) = known {
            return Ok(Answer::ok(item.clone()));
        }
        if number == ticket.revision {
            return Ok(Answer::ok(revision(self.show(), project, ticket, None)));
        }
        let message = format!("TF26194: Revision {number} of work item {} does not exist.", ticket.ordinal());
        Err(errors::error(404, "WorkItemRevisionNotFoundException", &message))
    }
}

impl Show<'_> {
    /// The reference to a comment in the version that it has.
    pub fn comment_version(&self, project: &Project, ticket: &Ticket, comment: &Comment) -> Value {
        let (item, id, version) = (ticket.ordinal(), comment.ordinal(), comment.version);
        let path = format!("wit/workItems/{item}/comments/{id}/versions/{version}");
        json!({ "commentId": id, "version": version, "url": self.project_api(project, &path) })
    }
}
