//! Comments over REST.
//!
//! In: a call and its caller. Out: Jira's answer, and in the state the deliveries that the change makes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    adf,
    call::Desk,
    errors,
    json::{Show, markup_of},
    tell,
};
use crate::sandbox::{
    acts::Happening,
    answer::{Answer, Outcome},
    state::{State, Writing},
    world::{Comment, Role, TicketKey},
};

/// Jira's limit, in UTF-16 units as Java counts a string's length.
const LIMIT: usize = 32_767;

/// A comment that a client sent.
struct Draft {
    markup: String,
    /// The document, where it came as one.
    document: Option<Value>,
    /// None where the client said nothing of them.
    properties: Option<BTreeMap<String, Value>>,
}

impl Desk<'_> {
    /// `GET /issue/{issue}/comment`: `startAt`, `maxResults`, `orderBy`, `expand=properties`.
    pub fn list_comments(&mut self) -> Outcome {
        let key = self.key()?;
        let start = self.call.query_number("startAt").unwrap_or(0);
        let most = self.flavour().comment_page();
        let size = self.call.query_number("maxResults").unwrap_or(most).min(most);
        let world = self.call.stale.as_deref().unwrap_or(&self.state.world);
        let show = Show { world, ..self.show() };
        let ticket = world.ticket(&key).ok_or_else(|| errors::no_issue(self.flavour()))?;
        let mut shown: Vec<&Comment> =
            ticket.comments.iter().filter(|comment| !self.state.faults.hides(comment.id)).collect();
        if self.call.query.get("orderBy").is_some_and(|order| order == "-created") {
            shown.reverse();
        }
        let total = shown.len();
        let properties = self.call.expands("properties");
        let page = shown.into_iter().skip(start).take(size);
        let page: Vec<Value> = page.map(|comment| show.comment(ticket, comment, properties)).collect();
        if start == 0 {
            let State { world, faults, .. } = &mut *self.state;
            faults.count_listing(world.ticket(&key).iter().flat_map(|ticket| &ticket.comments).map(|c| c.id));
        }
        Ok(Answer::ok(json!({ "startAt": start, "maxResults": size, "total": total, "comments": page })))
    }

    /// `POST /issue/{issue}/comment`
    pub fn create_comment(&mut self) -> Outcome {
        let key = self.key()?;
        let draft = self.draft()?;
        let login = self.caller.to_owned();
        let none = errors::no_issue(self.flavour());
        let id = self.state.world.comment_on(&key, &draft.markup, &login, false).ok_or(none)?;
        self.keep(id, draft);
        self.wrote(&key, id, Writing::Created);
        tell::tell(self.state, self.base, &login, &Happening::Commented(&key, id));
        let shown = self.shown(&key, id)?;
        Ok(Answer::json(201, shown).of_comment(id))
    }

    /// `GET /issue/{issue}/comment/{comment}`
    pub fn get_comment(&self) -> Outcome {
        let (key, comment) = self.named()?;
        Ok(Answer::ok(self.shown(&key, comment.id)?).of_comment(comment.id))
    }

    /// `PUT /issue/{issue}/comment/{comment}`
    pub fn edit_comment(&mut self) -> Outcome {
        let (key, comment) = self.named()?;
        self.may_change(&key, &comment, "edit")?;
        let draft = self.draft()?;
        self.state.world.edit_comment(&key.project, comment.id, &draft.markup);
        self.keep(comment.id, draft);
        self.wrote(&key, comment.id, Writing::Edited);
        let login = self.caller.to_owned();
        tell::tell(self.state, self.base, &login, &Happening::CommentEdited(&key, comment.id));
        Ok(Answer::ok(self.shown(&key, comment.id)?).of_comment(comment.id))
    }

    /// `DELETE /issue/{issue}/comment/{comment}`
    pub fn delete_comment(&mut self) -> Outcome {
        let (key, comment) = self.named()?;
        self.may_change(&key, &comment, "delete")?;
        self.state.world.remove_comment(&key.project, comment.id);
        let login = self.caller.to_owned();
        tell::tell(self.state, self.base, &login, &Happening::CommentRemoved(&key, &comment));
        Ok(Answer::no_content())
    }

    /// The comment that the path names, where it shows.
    fn named(&self) -> Result<(TicketKey, Comment), Answer> {
        let (_, ticket) = self.issue()?;
        let name = self.call.param("comment");
        let found = ticket.comments.iter().find(|comment| comment.id.to_string() == name);
        let shown = found.filter(|comment| !self.state.faults.hides(comment.id));
        let comment = shown.ok_or_else(|| errors::no_comment(name))?;
        Ok((ticket.key.clone(), comment.clone()))
    }

    /// The author may, and those who may change all comments.
    fn may_change(&self, key: &TicketKey, comment: &Comment, act: &str) -> Result<(), Answer> {
        let role = self.state.world.project(&key.project).map_or(Role::None, |project| self.role(project));
        if comment.author == self.caller || role >= Role::Maintain {
            return Ok(());
        }
        Err(errors::error(400, &format!("You do not have permission to {act} comment with id: {}.", comment.id)))
    }

    fn shown(&self, key: &TicketKey, id: u64) -> Result<Value, Answer> {
        let found = self.state.world.comment(&key.project, id);
        let (ticket, comment) = found.ok_or_else(|| errors::no_comment(&id.to_string()))?;
        Ok(self.show().comment(ticket, comment, self.call.expands("properties")))
    }

    /// What the client sent: 400 where Jira would not take it.
    fn draft(&self) -> Result<Draft, Answer> {
        let sent = self.call.body_json()?;
        let body = sent.get("body").filter(|body| !body.is_null());
        let body = body.ok_or_else(|| errors::invalid("comment", "Comment body can not be empty!"))?;
        let as_document = self.call.version() == 3;
        let fits = if as_document { adf::is_document(body) } else { body.is_string() };
        if !fits {
            return Err(errors::invalid("comment", "Comment body is not valid!"));
        }
        let markup = markup_of(body);
        if markup.trim().is_empty() {
            return Err(errors::invalid("comment", "Comment body can not be empty!"));
        }
        if markup.encode_utf16().count() > LIMIT {
            let message = "The entered text is too long. It exceeds the allowed limit of 32,767 characters.";
            return Err(errors::invalid("comment", message));
        }
        Ok(Draft { markup, document: as_document.then(|| body.clone()), properties: properties(&sent)? })
    }

    fn keep(&mut self, id: u64, draft: Draft) {
        let version = self.state.world.tickets().flat_map(|ticket| &ticket.comments).find(|c| c.id == id);
        let version = version.map_or(1, |comment| comment.version);
        if let Some(document) = draft.document {
            self.own().documents.insert(id, (version, document));
        }
        if let Some(properties) = draft.properties {
            self.own().properties.entry(id).or_default().extend(properties);
        }
    }

    fn wrote(&mut self, key: &TicketKey, id: u64, writing: Writing) {
        let body = self.state.world.comment(&key.project, id).map(|(_, comment)| comment.body.clone());
        self.state.wrote(key, id, self.caller, writing, &body.unwrap_or_default());
    }
}

/// The properties in the body of a comment; 400 where they have no keys.
fn properties(sent: &Value) -> Result<Option<BTreeMap<String, Value>>, Answer> {
    let Some(list) = sent.get("properties").filter(|list| !list.is_null()) else { return Ok(None) };
    let malformed = || errors::error(400, "Unable to parse the properties of the comment.");
    let entry = |entry: &Value| {
        let key = entry["key"].as_str().filter(|key| !key.is_empty() && key.len() <= 255)?;
        Some((key.to_owned(), entry.get("value")?.clone()))
    };
    let list = list.as_array().ok_or_else(malformed)?;
    list.iter().map(entry).collect::<Option<_>>().map(Some).ok_or_else(malformed)
}
