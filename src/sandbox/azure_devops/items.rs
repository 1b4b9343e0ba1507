//! Work items over REST: read, one or many; and files on their way to one.
//!
//! Source: "Work Items" and "Attachments" in the REST reference at learn.microsoft.com.

use serde_json::{Value, json};

use super::{
    call::{Desk, is_project},
    errors, list,
};
use crate::sandbox::{
    answer::{Answer, Content, Outcome},
    deliver::guid,
    world::{Project, Role, Ticket},
};

/// A batch is of so many work items at most.
const BATCH: usize = 200;

impl Desk<'_> {
    /// `GET …/wit/workitems/{id}?$expand=all`
    pub fn get_work_item(&self) -> Outcome {
        let (project, ticket) = self.work_item()?;
        let expand = self.call.query.get("$expand").map_or("none", String::as_str);
        Ok(Answer::ok(self.show().work_item(project, ticket, expand)))
    }

    /// `POST _apis/wit/workitemsbatch`: those that the caller may see; others are null where the policy is to omit.
    pub fn work_items(&self) -> Outcome {
        let sent = self.call.body_json()?;
        let ids = sent["ids"].as_array().ok_or_else(|| errors::invalid("ids"))?;
        if ids.len() > BATCH {
            return Err(errors::invalid("ids"));
        }
        let omit = sent["errorPolicy"].as_str().is_some_and(|policy| policy.eq_ignore_ascii_case("omit"));
        let wanted: Option<Vec<&str>> =
            sent["fields"].as_array().map(|fields| fields.iter().filter_map(Value::as_str).collect());
        let mut found = Vec::new();
        for id in ids.iter().filter_map(Value::as_u64) {
            let item = self.visible(id).map(|(project, ticket)| self.show().work_item(project, ticket, "none"));
            let Some(mut item) = item else {
                if !omit {
                    return Err(errors::no_work_item(&id.to_string()));
                }
                found.push(Value::Null);
                continue;
            };
            if let (Some(wanted), Some(fields)) = (&wanted, item["fields"].as_object_mut()) {
                fields.retain(|name, _| wanted.iter().any(|one| one.eq_ignore_ascii_case(name)));
            }
            found.push(item);
        }
        Ok(Answer::ok(list(found.into_iter())))
    }

    fn visible(&self, id: u64) -> Option<(&Project, &Ticket)> {
        let ticket = self.state.world.tickets().find(|ticket| ticket.ordinal() == id)?;
        let project = self.state.world.project(&ticket.key.project).filter(|project| is_project(&project.name))?;
        (self.role(project) >= Role::Read).then_some((project, ticket))
    }

    /// `POST …/wit/attachments?fileName=…`: the body is the file. A relation puts it on a work item.
    pub fn upload_attachment(&mut self) -> Outcome {
        let name = self.call.query.get("fileName").cloned().unwrap_or_else(|| "attachment".to_owned());
        let id = guid(&format!("upload {}", self.state.own.uploads.len()));
        let url = self.show().api(&format!("wit/attachments/{id}?fileName={name}"));
        self.state.own.uploads.insert(id.clone(), (name, self.call.body.clone()));
        Ok(Answer::json(201, json!({ "id": id, "url": url })))
    }

    /// `GET …/wit/attachments/{id}`
    pub fn attachment(&self) -> Outcome {
        let id = self.call.param("attachment");
        let uploaded = self.state.own.uploads.get(id).map(|(_, bytes)| bytes.clone());
        let attached = || {
            let files = self.state.world.tickets().flat_map(|ticket| &ticket.attachments);
            files.filter(|file| file.id.to_string() == id).map(|file| file.bytes.clone()).next()
        };
        let none = || errors::error(404, "AttachmentNotFoundException", "The attachment was not found.");
        let bytes = uploaded.or_else(attached).ok_or_else(none)?;
        Ok(Answer::new(200, Content::File(bytes, "application/octet-stream".to_owned())))
    }
}
