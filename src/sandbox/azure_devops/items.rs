//! Work items over REST: read, and changed by JSON Patch with compare-and-set.
//!
//! Sources: "Work Items" in the REST reference at learn.microsoft.com; RFC 6902 for the operations.

use serde_json::{Value, json};

use super::{
    call::{Desk, is_project},
    comments::Format,
    errors,
    json::{ACCEPTANCE, DESCRIPTION, REPRO_STEPS, body_field},
    list, tell,
};
use crate::sandbox::{
    acts::Happening,
    answer::{Answer, Content, Outcome},
    deliver::guid,
    state::Writing,
    world::{Project, Role, Ticket, TicketKey},
};

/// Azure DevOps takes so many tags on a work item.
const TAGS: usize = 100;
/// Comments that patches write have a format from this version on.
const FORMATS: (u32, u32) = (7, 1);
/// A batch is of so many work items at most.
const BATCH: usize = 200;

/// What a patch asks for, read before anything is changed.
struct Patch {
    changed: Ticket,
    history: Option<(String, Format)>,
    /// It changes a field, and not relations alone.
    has_fields: bool,
    markdown: Vec<String>,
    hyperlinks: Vec<Value>,
    /// Ids of uploads.
    files: Vec<(String, String)>,
}

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

    /// `PATCH …/wit/workitems/{id}`: all operations or none.
    pub fn patch_work_item(&mut self) -> Outcome {
        let kind = self.call.header("content-type");
        if !kind.starts_with("application/json-patch+json") {
            let message = format!(
                "The request indicated a Content-Type of \"{kind}\" for method type \"PATCH\" which \
                is not supported. Valid content types for this method are: application/json-patch+json."
            );
            return Err(errors::error(415, "VssRequestContentTypeNotSupportedException", &message));
        }
        let key = self.writable()?;
        let before = self.work_item()?.1.clone();
        let body = self.call.body_json()?;
        let operations = body.as_array().filter(|all| !all.is_empty());
        let operations = operations.ok_or_else(|| errors::invalid("you must pass a valid patch document"))?;
        let mut patch = Patch {
            changed: before.clone(),
            history: None,
            has_fields: false,
            markdown: Vec::new(),
            hyperlinks: Vec::new(),
            files: Vec::new(),
        };
        for operation in operations {
            self.read(&before, operation, &mut patch)?;
        }
        let comment = self.apply(&key, &before, patch);
        let mut shown = {
            let (project, ticket) = self.work_item()?;
            self.show().work_item(project, ticket, "all")
        };
        let Some(id) = comment else { return Ok(Answer::ok(shown)) };
        let found = self.state.world.comment(&key.project, id);
        let project = self.state.world.project(&key.project);
        if let (Some((ticket, comment)), Some(project)) = (found, project) {
            shown["fields"]["System.History"] = comment.body.as_str().into();
            shown["commentVersionRef"] = self.show().comment_version(project, ticket, comment);
        }
        Ok(Answer::ok(shown).of_comment(id))
    }

    /// Reads one operation into the patch.
    fn read(&self, before: &Ticket, operation: &Value, patch: &mut Patch) -> Result<(), Answer> {
        let (op, path) = (operation["op"].as_str().unwrap_or_default(), operation["path"].as_str().unwrap_or_default());
        let value = &operation["value"];
        match (op, path) {
            ("test", "/rev") => {
                let asked = value.as_u64().or_else(|| value.as_str()?.parse().ok());
                if asked == Some(before.revision) {
                    return Ok(());
                }
                let message = format!(
                    "VS403351: Test Operation for path /rev failed, value {} was not equal to test \
                    value {value}.",
                    before.revision
                );
                Err(errors::error(412, "TestPatchOperationFailedException", &message))
            }
            ("add", "/relations/-") => self.read_relation(value, patch),
            ("add" | "replace" | "remove", path) => match path.strip_prefix("/fields/") {
                Some(field) => read_field(self.version.number >= FORMATS, field, op, value, patch),
                None => match path.strip_prefix("/multilineFieldsFormat/") {
                    Some(field) if value.as_str().is_some_and(|form| form.eq_ignore_ascii_case("markdown")) => {
                        patch.markdown.push(field.to_owned());
                        Ok(())
                    }
                    _ => Err(errors::invalid(&format!("path {path}"))),
                },
            },
            _ => Err(errors::invalid(&format!("operation {op} on {path}"))),
        }
    }

    fn read_relation(&self, value: &Value, patch: &mut Patch) -> Result<(), Answer> {
        let url = value["url"].as_str().filter(|url| !url.is_empty()).ok_or_else(|| errors::invalid("url"))?;
        match value["rel"].as_str() {
            Some("Hyperlink") => {
                let taken = self.state.own.hyperlinks.get(&patch.changed.key).into_iter().flatten();
                if taken.chain(&patch.hyperlinks).any(|link| link["url"] == url) {
                    let message = "VS402613: Relation already exists.";
                    return Err(errors::error(400, "WorkItemLinkAlreadyExistsException", message));
                }
                patch.hyperlinks.push(json!({
                    "rel": "Hyperlink", "url": url, "attributes": value.get("attributes").cloned().unwrap_or(json!({}))
                }));
                Ok(())
            }
            Some("AttachedFile") => {
                let id = url.split('?').next().and_then(|url| url.rsplit('/').next()).unwrap_or_default();
                if !self.state.own.uploads.contains_key(id) {
                    return Err(errors::error(
                        400,
                        "WorkItemAttachmentNotFoundException",
                        "The attachment was not found.",
                    ));
                }
                let name = value["attributes"]["name"].as_str().unwrap_or_default();
                patch.files.push((id.to_owned(), name.to_owned()));
                Ok(())
            }
            _ => Err(errors::invalid("rel")),
        }
    }

    /// Applies a patch as one revision and tells of it; gives the comment that it wrote.
    fn apply(&mut self, key: &TicketKey, before: &Ticket, patch: Patch) -> Option<u64> {
        let login = self.caller.to_owned();
        let has_fields = patch.has_fields;
        let world = &mut self.state.world;
        world.change(key, |ticket| *ticket = patch.changed);
        for (id, name) in patch.files {
            let Some((uploaded, bytes)) = self.state.own.uploads.get(&id).cloned() else { continue };
            let name = if name.is_empty() { uploaded } else { name };
            let file = world.attach(key, &name, "application/octet-stream", bytes, &login);
            self.state.own.files.extend(file.map(|file| (file, id)));
        }
        let comment = patch.history.and_then(|(text, format)| {
            let id = world.comment_on(key, &text, &login, false)?;
            self.state.own.formats.insert(id, (1, format));
            Some((id, text))
        });
        let own = &mut self.state.own;
        own.hyperlinks.entry(key.clone()).or_default().extend(patch.hyperlinks);
        own.markdown_fields.entry(key.clone()).or_default().extend(patch.markdown);
        // However many fields it changes, a patch is one revision; relations alone are none.
        let fields = comment.is_some() || has_fields;
        let last = if fields { before.revision } else { before.revision - 1 };
        world.change(key, |ticket| ticket.revision = last);
        match &comment {
            Some((id, text)) => {
                self.state.wrote(key, *id, &login, Writing::Created, text);
                tell::tell(self.state, self.base, &login, &Happening::Commented(key, *id));
            }
            None => tell::tell(self.state, self.base, &login, &Happening::Changed(before)),
        }
        comment.map(|(id, _)| id)
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
        let found = self.state.own.uploads.get(self.call.param("attachment"));
        let none = || errors::error(404, "AttachmentNotFoundException", "The attachment was not found.");
        let (_, bytes) = found.ok_or_else(none)?;
        Ok(Answer::new(200, Content::File(bytes.clone(), "application/octet-stream".to_owned())))
    }
}

fn read_field(formats: bool, field: &str, op: &str, value: &Value, patch: &mut Patch) -> Result<(), Answer> {
    if field == "System.History" {
        patch.history = Some(history(formats, value)?);
        return Ok(());
    }
    let text = match (op, value.as_str()) {
        ("remove", _) => None,
        (_, Some(text)) => Some(text.to_owned()),
        _ => return Err(errors::invalid(field)),
    };
    patch.has_fields = true;
    let ticket = &mut patch.changed;
    match field {
        "System.Title" => ticket.title = text.filter(|title| !title.is_empty()).ok_or_else(no_title)?,
        "System.Tags" => {
            let tags = text.unwrap_or_default();
            let tags = tags.split(';').map(str::trim).filter(|tag| !tag.is_empty());
            let mut all: Vec<String> = if op == "add" { ticket.labels.clone() } else { Vec::new() };
            for tag in tags {
                if !all.iter().any(|there| there.eq_ignore_ascii_case(tag)) {
                    all.push(tag.to_owned());
                }
            }
            if all.len() > TAGS {
                return Err(errors::invalid("System.Tags"));
            }
            ticket.labels = all;
        }
        ACCEPTANCE => ticket.acceptance = text,
        DESCRIPTION | REPRO_STEPS if field == body_field(ticket) => ticket.body = text,
        _ => {
            let message = format!("TF51535: Cannot find field {field}.");
            return Err(errors::error(400, "WorkItemTrackingFieldDefinitionNotFoundException", &message));
        }
    }
    Ok(())
}

fn no_title() -> Answer {
    let message = "TF401320: Rule Error for field Title. Error code: Required, InvalidEmpty.";
    errors::error(400, "RuleValidationException", message)
}

/// The text of a new comment: a string is HTML; an object names its format, where the version has formats.
fn history(formats: bool, value: &Value) -> Result<(String, Format), Answer> {
    if let Some(text) = value.as_str() {
        return Ok((text.to_owned(), Format::Html));
    }
    let text = value["text"].as_str().filter(|_| formats).ok_or_else(|| errors::invalid("System.History"))?;
    let format = Format::named(value["format"].as_str().unwrap_or("html"));
    Ok((text.to_owned(), format.ok_or_else(|| errors::invalid("format"))?))
}
