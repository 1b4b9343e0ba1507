//! Keeps a plan as a file of the issue's repository: on a branch of its own, with a pull request.
//!
//! In: an issue's path and a document. Out: the file's address. Branch and path follow from the document's name alone, and
//! every step first looks whether it is done: whatever was lost on the way, the same write leads to the same end. Never
//! follows a symbolic link, never touches another branch or a file outside the folder.
//! <https://docs.github.com/en/rest/repos/contents>

use ::http::Method;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    address::{IssuePath, RepoPath},
    call::{Api, Request, Speaker},
};
use crate::{
    model::publication::LinkedDocument,
    trackers::{TrackerError, verdict::Kind},
};

/// The folder of plans.
const FOLDER: &str = "plans";

/// The branch that a document stands on.
fn branch(document: &LinkedDocument) -> String {
    format!("planwright/{}", document.name())
}

/// Where the document is in the repository.
fn path(document: &LinkedDocument) -> String {
    format!("{FOLDER}/{}.md", document.name())
}

/// The file's address below a repository's page.
pub(super) fn page(document: &LinkedDocument) -> String {
    format!("blob/{}/{}", branch(document), path(document))
}

/// A file as it stands.
struct File {
    sha: String,
    /// `None` where GitHub does not give it, above a megabyte.
    text: Option<Vec<u8>>,
}

/// A commit that a branch points to.
#[derive(Deserialize)]
struct Head {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    sha: String,
}

impl Api {
    /// Does the document stand with this text, and its pull request?
    pub(super) async fn has_document(
        &self,
        issue: &IssuePath,
        document: &LinkedDocument,
    ) -> Result<bool, TrackerError> {
        let repository = &issue.repository;
        if self.head(repository, &branch(document)).await?.is_none() {
            return Ok(false);
        }
        let file = self.file(repository, document).await?;
        Ok(holds(file.as_ref(), document) && self.has_pull(repository, &branch(document)).await?)
    }

    /// Brings branch, file and pull request about, as far as they are not there.
    pub(super) async fn put_document(&self, issue: &IssuePath, document: &LinkedDocument) -> Result<(), TrackerError> {
        let written = timeout(self.deadline, self.put_steps(issue, document)).await;
        written.unwrap_or_else(|_| Err(TrackerError::Unknown("no answer in time".to_owned())))
    }

    async fn put_steps(&self, issue: &IssuePath, document: &LinkedDocument) -> Result<(), TrackerError> {
        let (repository, branch) = (&issue.repository, branch(document));
        let base = self.default_branch(repository).await?;
        if self.head(repository, &branch).await?.is_none() {
            self.create_branch(repository, &branch, &base).await?;
        }
        let file = self.file(repository, document).await?;
        if !holds(file.as_ref(), document) {
            self.put_file(issue, document, file).await?;
        }
        if !self.has_pull(repository, &branch).await? {
            self.open_pull(issue, &branch, &base).await?;
        }
        Ok(())
    }

    async fn default_branch(&self, repository: &RepoPath) -> Result<String, TrackerError> {
        #[derive(Deserialize)]
        struct Repository {
            default_branch: String,
        }
        Ok(self.read::<Repository>("repository", repository, "").await?.default_branch)
    }

    /// The commit that a branch points to.
    async fn head(&self, repository: &RepoPath, branch: &str) -> Result<Option<String>, TrackerError> {
        match self.read::<Head>("branch", repository, &format!("/git/ref/heads/{}", encoded(branch))).await {
            Ok(head) => Ok(Some(head.object.sha)),
            Err(TrackerError::Gone(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes a branch where the default one stands. One that another try has made meanwhile is as good.
    async fn create_branch(&self, repository: &RepoPath, branch: &str, base: &str) -> Result<(), TrackerError> {
        let head = self.head(repository, base).await?;
        let sha = head.ok_or_else(|| TrackerError::Refused("the repository has no default branch".to_owned()))?;
        let body = json!({ "ref": format!("refs/heads/{branch}"), "sha": sha });
        match self.write("create_branch", repository, Method::POST, "/git/refs", body).await {
            Err(TrackerError::Refused(why)) if why.contains("already exists") => Ok(()),
            outcome => outcome,
        }
    }

    /// The document's file on its branch. A folder or a file that is a symbolic link or anything else is refused: it leads
    /// to where nobody agreed to be written.
    async fn file(&self, repository: &RepoPath, document: &LinkedDocument) -> Result<Option<File>, TrackerError> {
        #[derive(Deserialize)]
        struct Entry {
            name: String,
            #[serde(rename = "type")]
            kind: String,
        }
        #[derive(Deserialize)]
        struct Content {
            #[serde(rename = "type")]
            kind: String,
            path: String,
            sha: String,
            #[serde(default)]
            content: String,
        }
        let (path, at) = (path(document), encoded(&branch(document)));
        let listing = match self.read::<Value>("folder", repository, &format!("/contents/{FOLDER}?ref={at}")).await {
            Ok(listing) => listing,
            Err(TrackerError::Gone(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let entries = serde_json::from_value::<Vec<Entry>>(listing);
        let entries = entries.map_err(|_| TrackerError::Refused(format!("{FOLDER} is no folder in the repository")))?;
        if let Some(entry) = entries.iter().find(|entry| path.ends_with(&format!("/{}", entry.name)))
            && entry.kind != "file"
        {
            return Err(TrackerError::Refused(format!("{path} is no file but a {}", entry.kind)));
        }
        match self.read::<Content>("file", repository, &format!("/contents/{path}?ref={at}")).await {
            Ok(file) if file.kind == "file" && file.path == path => {
                let plain: String = file.content.split_ascii_whitespace().collect();
                let text = STANDARD.decode(plain).ok().filter(|text| !text.is_empty());
                Ok(Some(File { sha: file.sha, text }))
            }
            Ok(_) => Err(TrackerError::Refused(format!("{path} is no file"))),
            Err(TrackerError::Gone(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes the file, in place of the one that was read and of no other.
    async fn put_file(
        &self,
        issue: &IssuePath,
        document: &LinkedDocument,
        old: Option<File>,
    ) -> Result<(), TrackerError> {
        let mut body = json!({
            "message": format!("Implementation plan for {issue}"),
            "content": STANDARD.encode(document.text()),
            "branch": branch(document),
        });
        if let Some(old) = old {
            body["sha"] = old.sha.into();
        }
        let at = format!("/contents/{}", path(document));
        match self.write("write_document", &issue.repository, Method::PUT, &at, body).await {
            // The branch or the file changed since it was read: read again.
            Err(TrackerError::Refused(why)) if why.starts_with("409 ") => Err(TrackerError::Unavailable(why)),
            outcome => outcome,
        }
    }

    /// Is there an open pull request of the branch?
    async fn has_pull(&self, repository: &RepoPath, branch: &str) -> Result<bool, TrackerError> {
        let owner = repository.as_str().split('/').next().unwrap_or_default();
        let query = format!("/pulls?state=open&head={owner}:{}", encoded(branch));
        Ok(!self.read::<Vec<Value>>("pulls", repository, &query).await?.is_empty())
    }

    /// Opens the pull request. It says nothing that the ticket says: a title could close issues when it is merged.
    async fn open_pull(&self, issue: &IssuePath, branch: &str, base: &str) -> Result<(), TrackerError> {
        let body = json!({
            "title": format!("Implementation plan for #{}", issue.number),
            "head": branch,
            "base": base,
            "body": format!("The plan for {issue}. Planwright keeps the file up to date; merge it to keep it."),
        });
        match self.write("open_pull", &issue.repository, Method::POST, "/pulls", body).await {
            // Another try was first; or the plan stands on the default branch already, and nothing is left to merge.
            Err(TrackerError::Refused(why)) if why.starts_with("422 ") => {
                tracing::debug!(why, "no pull request was opened");
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Reads below a repository.
    async fn read<T: DeserializeOwned>(
        &self,
        call: &'static str,
        repository: &RepoPath,
        at: &str,
    ) -> Result<T, TrackerError> {
        let request = Request::get(format!("/repos/{repository}{at}"));
        self.call(call, Speaker::For(repository), request).await?.json(Kind::Read)
    }

    /// Changes something below a repository.
    async fn write(
        &self,
        call: &'static str,
        repository: &RepoPath,
        method: Method,
        at: &str,
        body: Value,
    ) -> Result<(), TrackerError> {
        let request = Request::change(method, format!("/repos/{repository}{at}"), Some(body));
        self.call(call, Speaker::For(repository), request).await.map(drop)
    }
}

/// Does the file hold the document?
fn holds(file: Option<&File>, document: &LinkedDocument) -> bool {
    file.and_then(|file| file.text.as_deref()) == Some(document.text().as_bytes())
}

/// A branch's name in a path or a query: slashes stay, all but letters, digits and a few marks is encoded (RFC 3986).
fn encoded(branch: &str) -> String {
    branch.bytes().fold(String::with_capacity(branch.len()), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
        out
    })
}
