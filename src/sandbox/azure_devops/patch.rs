//! Changes of work items by JSON Patch, with compare-and-set.
//!
//! In: a list of operations. Out: all of them applied as one revision, or none. Sources: "Work Items - Update" in the
//! REST reference at learn.microsoft.com; RFC 6902 for the operations.

use serde_json::{Value, json};

use super::{
    call::Desk,
    comments::Format,
    errors,
    json::{ACCEPTANCE, DESCRIPTION, REPRO_STEPS, body_field},
    tell,
};
use crate::sandbox::{
    acts::Happening,
    answer::{Answer, Outcome},
    state::Writing,
    world::{Ticket, TicketKey},
};

/// Azure DevOps takes so many tags on a work item.
const TAGS: usize = 100;
/// Comments that patches write have a format from this version on.
const FORMATS: (u32, u32) = (7, 1);

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
        let patch = self.read_patch(&before)?;
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

    fn read_patch(&self, before: &Ticket) -> Result<Patch, Answer> {
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
            self.read(before, operation, &mut patch)?;
        }
        Ok(patch)
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
