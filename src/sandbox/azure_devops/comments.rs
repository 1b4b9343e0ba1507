//! Comments on work items over REST, and reactions to them.
//!
//! In: a call and its caller. Out: Azure DevOps' answer, and in the state the deliveries that the change makes. Source:
//! "Comments" and "Comments Reactions" in the REST reference at learn.microsoft.com.

use serde_json::{Value, json};

use super::{call::Desk, errors, json::Show, tell};
use crate::sandbox::{
    acts::Happening,
    answer::{Answer, Outcome},
    state::{State, Writing},
    world::{Comment, Role, TicketKey},
};

/// A page of comments where the caller asks for none in particular, which is also the largest.
const PAGE: usize = 200;
/// The reactions there are.
const REACTIONS: [&str; 6] = ["like", "dislike", "heart", "hooray", "smile", "confused"];

/// What a comment's text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Html,
    Markdown,
}

impl Format {
    /// The format's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "markdown",
        }
    }

    /// The format of this name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Html, Self::Markdown].into_iter().find(|format| format.name().eq_ignore_ascii_case(name))
    }
}

impl Desk<'_> {
    /// `GET …/comments`: newest first unless asked; `$top`, `continuationToken`, `order`.
    pub fn list_comments(&mut self) -> Outcome {
        let key = self.work_item()?.1.key.clone();
        let number = |name: &str| self.call.query.get(name).and_then(|text| text.parse::<usize>().ok());
        let top = number("$top").unwrap_or(PAGE).clamp(1, PAGE);
        let from = match self.call.query.get("continuationToken") {
            None => 0,
            Some(token) => place(token).ok_or_else(|| errors::invalid("continuationToken"))?,
        };
        let world = self.call.stale.as_deref().unwrap_or(&self.state.world);
        let none = || errors::no_work_item(self.call.param("id"));
        let ticket = world.ticket(&key).ok_or_else(none)?;
        let project = world.project(&key.project).ok_or_else(none)?;
        let show = Show { world, ..self.show() };
        let mut shown: Vec<&Comment> =
            ticket.comments.iter().filter(|comment| !self.state.faults.hides(comment.id)).collect();
        if self.call.query.get("order").is_none_or(|order| !order.eq_ignore_ascii_case("asc")) {
            shown.reverse();
        }
        let total = shown.len();
        let page: Vec<Value> = shown
            .into_iter()
            .skip(from)
            .take(top)
            .map(|comment| show.comment(project, ticket, comment, self.version.has_formats()))
            .collect();
        let mut list = json!({ "totalCount": total, "count": page.len(), "comments": page });
        if from + top < total {
            let token = token(from + top);
            let path = format!("wit/workItems/{}/comments?continuationToken={token}", ticket.ordinal());
            let version = self.call.query.get("api-version").map(|version| format!("&api-version={version}"));
            let url = show.project_api(project, &path);
            list["nextPage"] = format!("{url}{}", version.unwrap_or_default()).into();
            list["continuationToken"] = token.into();
        }
        if from == 0 {
            let State { world, faults, .. } = &mut *self.state;
            faults.count_listing(world.ticket(&key).iter().flat_map(|ticket| &ticket.comments).map(|c| c.id));
        }
        Ok(Answer::ok(list))
    }

    /// `POST …/comments`
    pub fn create_comment(&mut self) -> Outcome {
        let key = self.writable()?;
        let (text, format) = self.draft()?;
        let login = self.caller.to_owned();
        let none = errors::no_work_item(self.call.param("id"));
        let id = self.state.world.comment_on(&key, &text, &login, false).ok_or(none)?;
        self.state.own.formats.insert(id, (1, format));
        self.state.wrote(&key, id, &login, Writing::Created, &text);
        tell::tell(self.state, self.base, &login, &Happening::Commented(&key, id));
        Ok(Answer::ok(self.shown(&key, id)?).of_comment(id))
    }

    /// `GET …/comments/{comment}`
    pub fn get_comment(&self) -> Outcome {
        let (key, comment) = self.comment()?;
        Ok(Answer::ok(self.shown(&key, comment.id)?).of_comment(comment.id))
    }

    /// `PATCH …/comments/{comment}`: the author's alone.
    pub fn edit_comment(&mut self) -> Outcome {
        let (key, comment) = self.comment()?;
        if comment.author != self.caller {
            return Err(errors::forbidden("You do not have permissions to update this comment."));
        }
        let (text, format) = self.draft()?;
        let login = self.caller.to_owned();
        self.state.world.edit_comment(&key.project, comment.id, &text);
        self.state.own.formats.insert(comment.id, (comment.version + 1, format));
        self.state.wrote(&key, comment.id, &login, Writing::Edited, &text);
        tell::tell(self.state, self.base, &login, &Happening::CommentEdited(&key, comment.id));
        Ok(Answer::ok(self.shown(&key, comment.id)?).of_comment(comment.id))
    }

    /// `DELETE …/comments/{comment}`: the author's, or an administrator's.
    pub fn delete_comment(&mut self) -> Outcome {
        let (key, comment) = self.comment()?;
        let role = self.work_item().map_or(Role::None, |(project, _)| self.role(project));
        if comment.author != self.caller && role < Role::Admin {
            return Err(errors::forbidden("You do not have permissions to delete this comment."));
        }
        self.state.world.remove_comment(&key.project, comment.id);
        let login = self.caller.to_owned();
        tell::tell(self.state, self.base, &login, &Happening::CommentRemoved(&key, &comment));
        Ok(Answer::no_content())
    }

    /// What the client sent: a text, and its format where the version has formats.
    fn draft(&self) -> Result<(String, Format), Answer> {
        let format = match self.call.query.get("format") {
            None => Format::Html,
            Some(_) if !self.version.has_formats() => return Err(errors::invalid("format")),
            Some(name) => Format::named(name).ok_or_else(|| errors::invalid("format"))?,
        };
        let sent = self.call.body_json()?;
        let text = sent["text"].as_str().filter(|text| !text.trim().is_empty());
        Ok((text.ok_or_else(|| errors::invalid("text"))?.to_owned(), format))
    }

    fn shown(&self, key: &TicketKey, id: u64) -> Result<Value, Answer> {
        let none = || errors::no_comment(self.call.param("comment"));
        let (ticket, comment) = self.state.world.comment(&key.project, id).ok_or_else(none)?;
        let project = self.state.world.project(&key.project).ok_or_else(none)?;
        Ok(self.show().comment(project, ticket, comment, self.version.has_formats()))
    }

    /// `GET …/comments/{comment}/reactions`
    pub fn list_reactions(&self) -> Outcome {
        let (_, comment) = self.comment()?;
        let all: Vec<Value> = REACTIONS
            .into_iter()
            .filter(|kind| comment.reactions.keys().any(|(_, of)| of == kind))
            .map(|kind| self.reaction(&comment, kind))
            .collect();
        Ok(Answer::ok(json!({ "count": all.len(), "value": all })))
    }

    /// `PUT …/comments/{comment}/reactions/{reaction}`: the same answer when it is there already.
    pub fn react(&mut self) -> Outcome {
        let kind = self.reaction_kind()?;
        let (key, comment) = self.comment()?;
        self.state.world.react_to_comment(&key.project, comment.id, self.caller, kind);
        let (_, comment) = self.comment()?;
        Ok(Answer::ok(self.reaction(&comment, kind)))
    }

    /// `DELETE …/comments/{comment}/reactions/{reaction}`
    pub fn unreact(&mut self) -> Outcome {
        let kind = self.reaction_kind()?;
        let (key, comment) = self.comment()?;
        let mine = (self.caller.to_owned(), kind.to_owned());
        self.state.world.change(&key, |ticket| {
            for there in ticket.comments.iter_mut().filter(|there| there.id == comment.id) {
                there.reactions.remove(&mine);
            }
        });
        let (_, comment) = self.comment()?;
        Ok(Answer::ok(self.reaction(&comment, kind)))
    }

    fn reaction_kind(&self) -> Result<&'static str, Answer> {
        let asked = self.call.param("reaction");
        let found = REACTIONS.into_iter().find(|kind| kind.eq_ignore_ascii_case(asked));
        found.ok_or_else(|| errors::invalid("reactionType"))
    }

    fn reaction(&self, comment: &Comment, kind: &str) -> Value {
        let mut who = comment.reactions.keys().filter(|(_, of)| of == kind).map(|(login, _)| login);
        let count = who.clone().count();
        let path = format!("{}/reactions/{kind}", self.call.uri.path().split("/reactions").next().unwrap_or_default());
        json!({
            "commentId": comment.ordinal(),
            "type": kind,
            "count": count,
            "isCurrentUserEngaged": who.any(|login| login == self.caller),
            "url": path
        })
    }
}

/// Says where the next page begins, in a form that nobody should read.
fn token(place: usize) -> String {
    hex::encode(format!("next:{place}"))
}

fn place(token: &str) -> Option<usize> {
    String::from_utf8(hex::decode(token).ok()?).ok()?.strip_prefix("next:")?.parse().ok()
}
