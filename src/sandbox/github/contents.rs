//! Files and folders of a project's git repository over REST.
//!
//! In: a path and a revision. Out: GitHub's JSON of a file or folder. Reads by the git binary; writes nothing.

use std::path::Path;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{
    Site,
    answer::{Answer, Outcome},
    auth::Caller,
    call::{Call, readable},
};
use crate::sandbox::code::git;

/// `GET …/contents/{path}`
pub async fn contents(site: &Site, call: &Call, caller: &Caller) -> Outcome {
    let (code, branch) = site.with(|state| {
        let project = readable(state, call, caller)?;
        let code = project.code.clone().ok_or_else(|| Answer::error(404, "This repository is empty."))?;
        Ok::<_, Answer>((code, project.default_branch.clone()))
    })?;
    let revision = call.query.get("ref").cloned().unwrap_or(branch);
    let object = format!("{revision}:{}", call.param("path").trim_matches('/'));
    let base = format!("{}{}", site.base, call.uri.path());
    let sha =
        git(&code, &["rev-parse", "--verify", "--end-of-options", &object]).await.ok_or_else(Answer::not_found)?;
    let sha = String::from_utf8_lossy(&sha).trim().to_owned();
    match git(&code, &["cat-file", "-t", &sha]).await.as_deref() {
        Some(b"tree\n") => folder(&code, &sha, call.param("path"), &base).await,
        Some(b"blob\n") if is_link(&code, &revision, call.param("path")).await => {
            link(&code, &sha, call.param("path"), &base).await
        }
        Some(b"blob\n") => file(&code, &sha, call.param("path"), &base).await,
        _ => Err(Answer::not_found()),
    }
}

/// Is the path a symbolic link?
async fn is_link(code: &Path, revision: &str, path: &str) -> bool {
    let listed = git(code, &["ls-tree", "--end-of-options", revision, path.trim_matches('/')]).await;
    listed.is_some_and(|listed| listed.starts_with(b"120000 "))
}

/// A symbolic link that leads to no file.
async fn link(code: &Path, sha: &str, path: &str, url: &str) -> Outcome {
    let target = git(code, &["cat-file", "blob", sha]).await.ok_or_else(Answer::not_found)?;
    let mut entry = entry("symlink", path, sha, url);
    entry["target"] = String::from_utf8_lossy(&target).into_owned().into();
    Ok(Answer::ok(entry))
}

async fn file(code: &Path, sha: &str, path: &str, url: &str) -> Outcome {
    let bytes = git(code, &["cat-file", "blob", sha]).await.ok_or_else(Answer::not_found)?;
    let mut entry = entry("file", path, sha, url);
    entry["size"] = bytes.len().into();
    entry["encoding"] = "base64".into();
    entry["content"] = STANDARD.encode(bytes).into();
    Ok(Answer::ok(entry))
}

async fn folder(code: &Path, sha: &str, path: &str, url: &str) -> Outcome {
    let listing = git(code, &["ls-tree", "-z", sha]).await.ok_or_else(Answer::not_found)?;
    let listing = String::from_utf8_lossy(&listing).into_owned();
    let entries = listing.split_terminator('\0').filter_map(|line| {
        // "100644 blob 0123…\tname"
        let (head, name) = line.split_once('\t')?;
        let mut head = head.split(' ');
        let (mode, _, sha) = (head.next()?, head.next()?, head.next()?);
        // A submodule is a file here, as GitHub has it for old clients.
        let kind = match mode {
            "040000" => "dir",
            "120000" => "symlink",
            _ => "file",
        };
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
        Some(entry(kind, &path, sha, &format!("{url}/{name}")))
    });
    Ok(Answer::ok(Value::Array(entries.collect())))
}

fn entry(kind: &str, path: &str, sha: &str, url: &str) -> Value {
    let name = path.rsplit('/').next().unwrap_or(path);
    json!({ "type": kind, "name": name, "path": path, "sha": sha, "size": 0, "url": url })
}
