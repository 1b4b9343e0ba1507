//! Keeps a plan as a file on its issue, with a link from the issue to it.
//!
//! In: an issue's number and a document. Out: the file's number. A file's name ends with the operation that wrote it, so
//! that a try whose answer was lost finds its file again; older ones go once the link leads to the new one, and of doubles
//! the first stays. The link has one `globalId` for all versions. Never touches a file of somebody else.
//! <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/>

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, header::CONTENT_TYPE};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    address::{IssueId, encoded, number},
    convert::User,
};
use crate::{
    model::publication::LinkedDocument,
    trackers::{
        Identity, TrackerError,
        rest::{Request, Rest},
    },
};

/// What Jira asks of whoever uploads, because no browser can be made to send it.
const NO_CHECK: HeaderName = HeaderName::from_static("x-atlassian-token");

/// A file on an issue.
#[derive(Deserialize)]
struct File {
    id: String,
    #[serde(default)]
    filename: String,
    #[serde(default)]
    author: Option<User>,
}

/// What is read of an issue.
#[derive(Deserialize)]
struct Issue {
    fields: Fields,
}

#[derive(Deserialize)]
struct Fields {
    #[serde(default)]
    attachment: Vec<File>,
    #[serde(default)]
    project: Option<Project>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Project {
    #[serde(default)]
    project_type_key: String,
}

/// The documents of one issue.
pub(super) struct Documents<'d> {
    pub(super) rest: &'d Rest,
    pub(super) issue: IssueId,
    pub(super) me: &'d Identity,
    /// Where people read issues.
    pub(super) web_base: &'d str,
    /// Customers of a service desk may read what is written.
    pub(super) is_public: bool,
}

impl Documents<'_> {
    /// The file's address where it stands and is linked; doubles of it go.
    pub(super) async fn standing(&self, document: &LinkedDocument) -> Result<Option<String>, TrackerError> {
        let Some(file) = self.only(self.own(&self.issue().await?, &file_name(document))).await? else {
            return Ok(None);
        };
        let url = self.url(file, document);
        Ok(self.is_linked(document, &url).await?.then_some(url))
    }

    /// Uploads the file, links it, and takes older versions away, as far as that is not done.
    pub(super) async fn write(&self, document: &LinkedDocument) -> Result<String, TrackerError> {
        let written = timeout(self.rest.deadline, self.write_steps(document)).await;
        written.unwrap_or_else(|_| Err(TrackerError::Unknown("no answer in time".to_owned())))
    }

    async fn write_steps(&self, document: &LinkedDocument) -> Result<String, TrackerError> {
        let issue = self.issue().await?;
        if !self.is_public && issue.fields.project.as_ref().is_some_and(|p| p.project_type_key == "service_desk") {
            // A comment can be internal, a file cannot.
            return Err(TrackerError::Refused("customers of a service desk could read the file".to_owned()));
        }
        let file = match self.only(self.own(&issue, &file_name(document))).await? {
            Some(file) => file,
            None => self.upload(document).await?,
        };
        let url = self.url(file, document);
        if !self.is_linked(document, &url).await? {
            self.link(document, &url).await?;
        }
        for old in self.own(&issue, &format!("{}-", document.name())).into_iter().filter(|old| *old != file) {
            self.remove(old).await?;
        }
        Ok(url)
    }

    async fn issue(&self) -> Result<Issue, TrackerError> {
        let path = format!("/issue/{}?fields=attachment,project", self.issue);
        self.rest.call("attachments", Request::get(path)).await?.json()
    }

    /// The numbers of the bot's own files whose names begin so, oldest first.
    fn own(&self, issue: &Issue, prefix: &str) -> Vec<u64> {
        let by_me = |file: &&File| file.author.as_ref().and_then(User::id) == Some(self.me.id.as_str());
        let files = issue.fields.attachment.iter().filter(by_me).filter(|file| file.filename.starts_with(prefix));
        let mut found: Vec<u64> = files.filter_map(|file| number(&file.id)).collect();
        found.sort_unstable();
        found
    }

    /// The first of some files; the others go.
    async fn only(&self, files: Vec<u64>) -> Result<Option<u64>, TrackerError> {
        for double in files.iter().skip(1) {
            self.remove(*double).await?;
        }
        Ok(files.first().copied())
    }

    async fn upload(&self, document: &LinkedDocument) -> Result<u64, TrackerError> {
        let boundary = format!("planwright-{}", document.operation());
        let kind = HeaderValue::from_str(&format!("multipart/form-data; boundary={boundary}"))
            .map_err(|_| TrackerError::Refused("the request cannot be written".to_owned()))?;
        let request = Request::change(Method::POST, format!("/issue/{}/attachments", self.issue))
            .bytes(form(document, &boundary))
            .header(CONTENT_TYPE, kind)
            .header(NO_CHECK, HeaderValue::from_static("no-check"));
        let made: Vec<File> = self.rest.call("attach", request).await?.json()?;
        let id = made.first().and_then(|file| number(&file.id));
        id.ok_or_else(|| TrackerError::Unknown("the answer names no file".to_owned()))
    }

    /// Does the issue's link lead there?
    async fn is_linked(&self, document: &LinkedDocument, url: &str) -> Result<bool, TrackerError> {
        let path = format!("/issue/{}/remotelink?globalId={}", self.issue, encoded(&global_id(document)));
        match self.rest.call("link", Request::get(path)).await {
            Ok(answer) => Ok(answer.json::<Value>()?["object"]["url"] == url),
            Err(TrackerError::Gone(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Links the file from the issue, in place of the version before.
    async fn link(&self, document: &LinkedDocument, url: &str) -> Result<(), TrackerError> {
        let link = json!({
            "globalId": global_id(document),
            "application": { "type": "planwright", "name": "Planwright" },
            "relationship": "is planned in",
            "object": { "url": url, "title": "Implementation plan", "summary": file_name(document) },
        });
        let request = Request::change(Method::POST, format!("/issue/{}/remotelink", self.issue)).json(&link);
        self.rest.call("link", request).await.map(drop)
    }

    /// Removes a file; one already gone is no error.
    async fn remove(&self, file: u64) -> Result<(), TrackerError> {
        match self.rest.call("detach", Request::change(Method::DELETE, format!("/attachment/{file}"))).await {
            Ok(_) | Err(TrackerError::Gone(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Where people read a file.
    fn url(&self, file: u64, document: &LinkedDocument) -> String {
        format!("{}/secure/attachment/{file}/{}", self.web_base, file_name(document))
    }
}

/// The file's name: of the document, and of the operation that wrote this version.
fn file_name(document: &LinkedDocument) -> String {
    let operation = document.operation().to_string();
    format!("{}-{}.md", document.name(), operation.rsplit('-').next().unwrap_or_default())
}

/// The same for all versions; Jira takes 255 characters.
fn global_id(document: &LinkedDocument) -> String {
    format!("planwright:{}", document.name())
}

/// The form with the file (RFC 7578). The boundary holds a random number that the text cannot know.
fn form(document: &LinkedDocument, boundary: &str) -> Bytes {
    let (name, text) = (file_name(document), document.text());
    let form = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: text/markdown; charset=utf-8\r\n\r\n{text}\r\n--{boundary}--\r\n"
    );
    form.into()
}
