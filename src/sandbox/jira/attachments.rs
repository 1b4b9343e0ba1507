//! Files on issues, and links from issues to other places, over REST.

use serde_json::{Value, json};

use super::{call::Desk, errors};
use crate::sandbox::{
    acts::Happening,
    answer::{Answer, Content, Outcome},
    form,
    jira::tell,
    world::{Attachment, Role, Ticket},
};

/// A link from an issue to another place.
#[derive(Clone, Debug, PartialEq)]
pub struct RemoteLink {
    pub id: u64,
    /// Writing a link again under the same one replaces it.
    pub global_id: Option<String>,
    /// As the client sent it.
    pub shown: Value,
}

/// The longest `globalId`.
const GLOBAL_ID: usize = 255;

impl Desk<'_> {
    /// `POST /issue/{issue}/attachments`: 403 without the header that browsers cannot forge.
    pub fn attach(&mut self) -> Outcome {
        let key = self.key()?;
        let token = self.call.header("x-atlassian-token");
        if !matches!(token, "no-check" | "nocheck") {
            return Ok(Answer::new(403, Content::Html("XSRF check failed".to_owned())));
        }
        let files = form::files(self.call.header("content-type"), &self.call.body);
        let files = files.ok_or_else(|| errors::error(415, "The request is no multipart form."))?;
        let before = self.state.world.ticket(&key).cloned();
        let (mut ids, login) = (Vec::new(), self.caller.to_owned());
        for file in files.into_iter().filter(|file| file.field == "file") {
            ids.extend(self.state.world.attach(&key, &file.name, &file.kind, file.bytes, &login));
        }
        if ids.is_empty() {
            return Err(errors::error(400, "No file was attached."));
        }
        if let Some(before) = before {
            tell::tell(self.state, self.base, &login, &Happening::Changed(&before));
        }
        let (_, ticket) = self.issue()?;
        let made = ticket.attachments.iter().filter(|file| ids.contains(&file.id));
        Ok(Answer::ok(made.map(|file| self.show().attachment(file)).collect()))
    }

    /// `GET /attachment/{attachment}`
    pub fn get_attachment(&self) -> Outcome {
        let (_, file) = self.file()?;
        Ok(Answer::ok(self.show().attachment(file)))
    }

    /// `GET /attachment/content/{attachment}`
    pub fn attachment_content(&self) -> Outcome {
        let (_, file) = self.file()?;
        Ok(Answer::new(200, Content::File(file.bytes.clone(), file.kind.clone())))
    }

    /// `DELETE /attachment/{attachment}`
    pub fn delete_attachment(&mut self) -> Outcome {
        let (ticket, file) = self.file()?;
        let (key, id) = (ticket.key.clone(), file.id);
        self.state.world.change(&key, |ticket| ticket.attachments.retain(|file| file.id != id));
        Ok(Answer::no_content())
    }

    fn file(&self) -> Result<(&Ticket, &Attachment), Answer> {
        let name = self.call.param("attachment");
        let found = self.state.world.tickets().find_map(|ticket| {
            let file = ticket.attachments.iter().find(|file| file.id.to_string() == name)?;
            let project = self.state.world.project(&ticket.key.project)?;
            (self.role(project) >= Role::Read).then_some((ticket, file))
        });
        found.ok_or_else(|| errors::error(404, &format!("The attachment with id '{name}' does not exist")))
    }

    /// `GET /issue/{issue}/remotelink`, all or the one with a `globalId`.
    pub fn list_remote_links(&self) -> Outcome {
        let key = self.key()?;
        let links = self.state.own.remote_links.get(&key).map_or(&[][..], Vec::as_slice);
        let show = |link: &RemoteLink| {
            let mut shown = link.shown.clone();
            shown["id"] = link.id.into();
            shown["self"] = self.remote_url(link.id).into();
            shown
        };
        match self.call.query.get("globalId") {
            None => Ok(Answer::ok(links.iter().map(show).collect())),
            Some(id) => {
                let found = links.iter().find(|link| link.global_id.as_ref() == Some(id));
                let none = || errors::error(404, &format!("A remote link with the global id '{id}' does not exist."));
                found.map(|link| Answer::ok(show(link))).ok_or_else(none)
            }
        }
    }

    /// `POST /issue/{issue}/remotelink`: 201 when new, 200 when it replaces the one with the same `globalId`.
    pub fn link_remotely(&mut self) -> Outcome {
        let key = self.key()?;
        let sent = self.call.body_json()?;
        for field in ["url", "title"] {
            if sent["object"][field].as_str().is_none_or(str::is_empty) {
                return Err(errors::invalid(field, &format!("'{field}' is required.")));
            }
        }
        let global_id = sent["globalId"].as_str().map(str::to_owned);
        if global_id.as_ref().is_some_and(|id| id.chars().count() > GLOBAL_ID) {
            return Err(errors::invalid("globalId", "'globalId' must be at most 255 characters."));
        }
        let drafted = 10_701 + self.state.own.remote_links.values().map(Vec::len).sum::<usize>() as u64;
        let links = self.own().remote_links.entry(key).or_default();
        let old = links.iter().position(|link| global_id.is_some() && link.global_id == global_id);
        let (status, id) = match old {
            Some(at) => (200, links.remove(at).id),
            None => (201, drafted),
        };
        links.push(RemoteLink { id, global_id, shown: sent });
        Ok(Answer::json(status, json!({ "id": id, "self": self.remote_url(id) })))
    }

    fn remote_url(&self, id: u64) -> String {
        self.show().rest(&format!("issue/{}/remotelink/{id}", self.call.param("issue")))
    }
}
