//! Comments over REST.
//!
//! In: a call and its caller. Out: GitHub's answer, and in the state the deliveries that the change makes.

use http::header::LOCATION;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    State,
    answer::{Answer, Outcome},
    auth::Caller,
    call::{Page, readable, ticket},
    deliver::About,
    issues::Issues,
    json::Show,
};
use crate::sandbox::{
    state::Writing,
    time,
    world::{Comment, Role, TicketKey},
};

/// GitHub's limit, in characters.
const BODY_LIMIT: usize = 65_536;

#[derive(Deserialize)]
struct CommentBody {
    body: String,
}

impl Issues<'_> {
    /// `GET …/issues/{number}/comments`, oldest first; `since` counts changes too.
    pub fn comments(&mut self) -> Outcome {
        readable(self.state, self.call, self.caller)?;
        let (key, page) = (self.call.key()?, Page::of(self.call));
        let since = match self.call.query.get("since") {
            Some(text) => time::parse(text).ok_or_else(|| Answer::invalid("IssueComment", "since", "invalid", ""))?,
            None => i64::MIN,
        };
        ticket(&self.state.world, self.base, &key)?;
        let answer = self.listing(&key, since, &page);
        if page.is_first() {
            let State { world, faults, .. } = &mut *self.state;
            faults.count_listing(world.ticket(&key).iter().flat_map(|ticket| &ticket.comments).map(|c| c.id));
        }
        answer
    }

    fn listing(&self, key: &TicketKey, since: i64, page: &Page) -> Outcome {
        let world = self.call.stale.as_deref().unwrap_or(&self.state.world);
        let project = world.project(&key.project).ok_or_else(Answer::not_found)?;
        let ticket = world.ticket(key).ok_or_else(Answer::not_found)?;
        // Times have whole seconds on the wire: what changed within the second of `since` counts.
        let changed = |comment: &&Comment| comment.updated_at.div_euclid(1000) >= since.div_euclid(1000);
        let shown = ticket.comments.iter().filter(|comment| !self.state.faults.hides(comment.id)).filter(changed);
        let show = Show { world, base: self.base };
        let shown: Vec<&Comment> = shown.collect();
        let total = shown.len();
        let body = page.cut(shown).into_iter().map(|comment| show.comment(project, key, comment));
        Ok(page.link(Answer::ok(body.collect::<Vec<_>>().into()), self.call, self.base, total))
    }

    /// `POST …/issues/{number}/comments`
    pub fn create_comment(&mut self) -> Outcome {
        readable(self.state, self.call, self.caller)?;
        let key = self.call.key()?;
        if ticket(&self.state.world, self.base, &key)?.locked {
            return Err(Answer::error(403, "Unable to create comment because issue is locked."));
        }
        let body = self.body()?;
        let (login, via_app) = (self.caller.login().to_owned(), *self.caller == Caller::Installation);
        let id = self.state.world.comment_on(&key, &body, &login, via_app).ok_or_else(Answer::not_found)?;
        self.state.wrote(&key, id, &login, Writing::Created, &body);
        let comment = self.comment_json(&key, id)?;
        let about = About { event: "issue_comment", action: "created", sender: &login };
        self.state.tell(self.base, &about, &key, json!({ "comment": comment }));
        let url = comment["url"].as_str().unwrap_or_default().to_owned();
        Ok(Answer::json(201, comment).with(LOCATION, url))
    }

    /// A comment's text: 422 where it is blank or too long.
    fn body(&self) -> Result<String, Answer> {
        let CommentBody { body } = self.call.json()?;
        if body.trim().is_empty() {
            return Err(Answer::invalid("IssueComment", "body", "missing_field", "body can't be blank"));
        }
        if body.chars().count() > BODY_LIMIT {
            let message = format!("Body is too long (maximum is {BODY_LIMIT} characters)");
            return Err(Answer::invalid("IssueComment", "data", "unprocessable", &message));
        }
        Ok(body)
    }

    fn comment_json(&self, key: &TicketKey, id: u64) -> Result<Value, Answer> {
        let project = self.state.world.project(&key.project).ok_or_else(Answer::not_found)?;
        let (_, comment) = self.state.world.comment(&key.project, id).ok_or_else(Answer::not_found)?;
        Ok(self.show().comment(project, key, comment))
    }

    /// The comment that the path names, where it shows.
    pub fn named_comment(&self) -> Result<(TicketKey, Comment), Answer> {
        let project = readable(self.state, self.call, self.caller)?;
        let id = self.call.number("id")?;
        let (ticket, comment) = self.state.world.comment(&project.name, id).ok_or_else(Answer::not_found)?;
        if self.state.faults.hides(id) {
            return Err(Answer::not_found());
        }
        Ok((ticket.key.clone(), comment.clone()))
    }

    /// The comment that the path names, where the caller may change it: its author or a maintainer.
    fn own_comment(&self) -> Result<(TicketKey, Comment), Answer> {
        let (key, comment) = self.named_comment()?;
        let project = self.state.world.project(&key.project).ok_or_else(Answer::not_found)?;
        let may = match self.caller {
            Caller::Person(login) => *login == comment.author || self.state.world.role(project, login) >= Role::Write,
            Caller::Installation => true,
            Caller::App => false,
        };
        if may { Ok((key, comment)) } else { Err(Answer::error(403, "Must have admin rights to Repository.")) }
    }

    /// `GET …/issues/comments/{id}`
    pub fn comment(&self) -> Outcome {
        let (key, comment) = self.named_comment()?;
        Ok(Answer::ok(self.comment_json(&key, comment.id)?))
    }

    /// `PATCH …/issues/comments/{id}`
    pub fn edit_comment(&mut self) -> Outcome {
        let (key, old) = self.own_comment()?;
        if self.state.world.ticket(&key).is_some_and(|ticket| ticket.locked) {
            return Err(Answer::error(403, "Unable to update comment because issue is locked."));
        }
        let (body, login) = (self.body()?, self.caller.login().to_owned());
        self.state.world.edit_comment(&key.project, old.id, &body);
        self.state.wrote(&key, old.id, &login, Writing::Edited, &body);
        let comment = self.comment_json(&key, old.id)?;
        let about = About { event: "issue_comment", action: "edited", sender: &login };
        let more = json!({ "comment": comment, "changes": { "body": { "from": old.body } } });
        self.state.tell(self.base, &about, &key, more);
        Ok(Answer::ok(comment))
    }

    /// `DELETE …/issues/comments/{id}`
    pub fn delete_comment(&mut self) -> Outcome {
        let (key, comment) = self.own_comment()?;
        let shown = self.comment_json(&key, comment.id)?;
        self.state.world.remove_comment(&key.project, comment.id);
        let about = About { event: "issue_comment", action: "deleted", sender: self.caller.login() };
        self.state.tell(self.base, &about, &key, json!({ "comment": shown }));
        Ok(Answer::no_content())
    }
}
