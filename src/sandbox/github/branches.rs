//! Branches of a project's git repository over REST, the files that are written to them, and their pull requests.
//!
//! In: a branch, a path, bytes. Out: GitHub's JSON. A file is written only in place of the one whose hash the caller knows;
//! a branch only grows. Never writes through a symbolic link.

use std::path::{Path, PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Site,
    answer::{Answer, Outcome},
    app,
    auth::Caller,
    call::{Call, project},
};
use crate::sandbox::{
    code::{NewCommit, commit, git},
    world::{NewTicket, Role},
};

/// A pull request, which is a ticket as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pull {
    /// The repository's name.
    pub repository: String,
    pub number: u64,
    pub head: String,
    pub base: String,
    pub title: String,
    pub body: String,
    pub is_open: bool,
}

#[derive(Deserialize)]
struct NewRef {
    r#ref: String,
    sha: String,
}

#[derive(Deserialize)]
struct NewFile {
    message: String,
    content: String,
    #[serde(default)]
    branch: Option<String>,
    #[serde(default)]
    sha: Option<String>,
}

#[derive(Deserialize)]
struct NewPull {
    title: String,
    head: String,
    base: String,
    #[serde(default)]
    body: String,
}

/// Where a repository is on disk, and its default branch, for who has this role there.
fn repository(site: &Site, call: &Call, caller: &Caller, need: Role) -> Result<(PathBuf, String), Answer> {
    site.with(|state| {
        let project = project(&state.world, &call.project(), caller, need)?;
        let code = project.code.clone().ok_or_else(|| Answer::error(409, "Git Repository is empty."))?;
        Ok((code, project.default_branch.clone()))
    })
}

/// The hash that an object has.
async fn resolved(code: &Path, object: &str) -> Option<String> {
    let sha = git(code, &["rev-parse", "--verify", "--quiet", "--end-of-options", object]).await?;
    Some(String::from_utf8_lossy(&sha).trim().to_owned())
}

fn reference(call: &Call, base: &str, name: &str, sha: &str) -> Value {
    let repository = format!("{base}/repos/{}", call.project());
    json!({
        "ref": name,
        "node_id": format!("REF_{sha}"),
        "url": format!("{repository}/git/{name}"),
        "object": { "sha": sha, "type": "commit", "url": format!("{repository}/git/commits/{sha}") }
    })
}

/// `GET …/git/ref/{ref}`
pub async fn get_ref(site: &Site, call: &Call, caller: &Caller) -> Outcome {
    let (code, _) = repository(site, call, caller, Role::Read)?;
    let name = format!("refs/{}", call.param("reference"));
    let sha = resolved(&code, &name).await.ok_or_else(Answer::not_found)?;
    Ok(Answer::ok(reference(call, &site.base, &name, &sha)))
}

/// `POST …/git/refs`: 422 where the branch is there.
pub async fn create_ref(site: &Site, call: &Call, caller: &Caller) -> Outcome {
    let (code, _) = repository(site, call, caller, Role::Write)?;
    let new: NewRef = call.json()?;
    if !new.r#ref.starts_with("refs/heads/") || resolved(&code, &format!("{}^{{commit}}", new.sha)).await.is_none() {
        return Err(Answer::error(422, "Object does not exist"));
    }
    const NONE: &str = "0000000000000000000000000000000000000000";
    match git(&code, &["update-ref", "--end-of-options", &new.r#ref, &new.sha, NONE]).await {
        Some(_) => Ok(Answer::json(201, reference(call, &site.base, &new.r#ref, &new.sha))),
        None => Err(Answer::error(422, "Reference already exists")),
    }
}

/// `PUT …/contents/{path}`: 201 for a new file, 200 for one that is replaced.
pub async fn put_contents(site: &Site, call: &Call, caller: &Caller) -> Outcome {
    let (code, default) = repository(site, call, caller, Role::Write)?;
    let new: NewFile = call.json()?;
    let plain: String = new.content.split_ascii_whitespace().collect();
    let bytes = STANDARD.decode(plain).map_err(|_| Answer::error(422, "content is not valid Base64"))?;
    let (path, branch) = (call.param("path").trim_matches('/').to_owned(), new.branch.unwrap_or(default));
    let head = format!("refs/heads/{branch}");
    let parent = resolved(&code, &head).await;
    let parent = parent.ok_or_else(|| Answer::error(404, &format!("Branch {branch} not found")))?;
    if path.split('/').any(|part| matches!(part, "" | "." | ".." | ".git")) || !is_free(&code, &parent, &path).await {
        return Err(Answer::error(422, "path contains a malformed path component"));
    }
    let old = resolved(&code, &format!("{parent}:{path}")).await;
    match (&old, &new.sha) {
        (Some(_), None) => return Err(Answer::error(422, "Invalid request.\n\n\"sha\" wasn't supplied.")),
        (Some(old), Some(sha)) if old != sha => {
            return Err(Answer::error(409, &format!("{path} does not match {sha}")));
        }
        (None, Some(sha)) => return Err(Answer::error(409, &format!("{path} does not match {sha}"))),
        _ => {}
    }
    let new = NewCommit { branch: &branch, parent: &parent, by: app::BOT, message: &new.message, path: &path, bytes };
    if !commit(&code, &new).await {
        return Err(Answer::error(409, &format!("is at another commit but expected {parent}")));
    }
    let (sha, blob) = (resolved(&code, &head).await, resolved(&code, &format!("{head}:{path}")).await);
    let shown = json!({
        "content": { "name": path.rsplit('/').next(), "path": path, "sha": blob, "type": "file" },
        "commit": { "sha": sha, "message": new.message, "parents": [{ "sha": parent }] }
    });
    Ok(Answer::json(if old.is_some() { 200 } else { 201 }, shown))
}

/// Is every folder of the path a folder or not there, and the file a file or not there?
async fn is_free(code: &Path, commit: &str, path: &str) -> bool {
    let ends: Vec<usize> = path.match_indices('/').map(|(at, _)| at).chain([path.len()]).collect();
    for end in ends {
        let listed = git(code, &["ls-tree", "--end-of-options", commit, &path[..end]]).await.unwrap_or_default();
        let mode = String::from_utf8_lossy(&listed).split(' ').next().unwrap_or_default().to_owned();
        let wanted = if end == path.len() { mode.starts_with("100") } else { mode == "040000" };
        if !mode.is_empty() && !wanted {
            return false;
        }
    }
    true
}

/// `GET …/pulls?state=…&head=owner:branch`
pub fn pulls(site: &Site, call: &Call, caller: &Caller) -> Outcome {
    let repository = call.project();
    let head = call.query.get("head").and_then(|head| head.split_once(':')).map(|(_, branch)| branch.to_owned());
    let wanted = call.query.get("state").map_or("open", String::as_str);
    site.with(|state| {
        project(&state.world, &repository, caller, Role::Read)?;
        let pulls = state.own.pulls.iter().filter(|pull| pull.repository == repository);
        let pulls = pulls.filter(|pull| head.as_ref().is_none_or(|head| *head == pull.head));
        let pulls = pulls.filter(|pull| wanted == "all" || pull.is_open == (wanted == "open"));
        Ok(Answer::ok(pulls.map(|pull| shown(pull, &site.base)).collect()))
    })
}

/// `POST …/pulls`: 422 where one is open, or where nothing would be merged.
pub async fn open_pull(site: &Site, call: &Call, caller: &Caller) -> Outcome {
    let (code, _) = repository(site, call, caller, Role::Write)?;
    let (new, repository): (NewPull, String) = (call.json()?, call.project());
    let refused = |message: &str| Answer::invalid("PullRequest", "head", "custom", message);
    let range = format!("refs/heads/{}..refs/heads/{}", new.base, new.head);
    match git(&code, &["rev-list", "--count", "--end-of-options", &range]).await.as_deref() {
        None => return Err(refused("head is invalid")),
        Some(b"0\n") => return Err(refused(&format!("No commits between {} and {}", new.base, new.head))),
        Some(_) => {}
    }
    site.with(|state| {
        let is_taken = |pull: &&Pull| pull.is_open && pull.repository == repository && pull.head == new.head;
        if state.own.pulls.iter().any(|pull| is_taken(&pull)) {
            return Err(refused(&format!("A pull request already exists for {}.", new.head)));
        }
        let ticket = NewTicket { title: new.title.clone(), body: new.body.clone(), ..NewTicket::default() };
        let key = state.world.open(&repository, ticket, app::BOT);
        state.world.change(&key, |ticket| ticket.is_pull_request = true);
        let NewPull { title, head, base, body } = new;
        let pull = Pull { repository, number: key.number, head, base, title, body, is_open: true };
        let answer = Answer::json(201, shown(&pull, &site.base));
        state.own.pulls.push(pull);
        Ok(answer)
    })
}

fn shown(pull: &Pull, base: &str) -> Value {
    json!({
        "number": pull.number,
        "state": if pull.is_open { "open" } else { "closed" },
        "title": pull.title,
        "body": pull.body,
        "html_url": format!("{base}/{}/pull/{}", pull.repository, pull.number),
        "head": { "ref": pull.head },
        "base": { "ref": pull.base },
        "user": { "login": app::BOT }
    })
}
