//! Reads an issue with everything around it.
//!
//! In: an issue's number. Out: its parts, read side by side. Comments are paged to the end, up to a cap that keeps a
//! flooded issue from filling the memory; who maintains the project is left out where it may not be read.

use serde::Deserialize;

use super::{
    address::{IssueId, IssueKey},
    convert::{Comment, Issue, Parts, User},
    paging, roles,
};
use crate::{
    model::TicketId,
    trackers::{
        TrackerError,
        rest::{Request, Rest},
    },
};

/// The most comments that are read.
const COMMENTS: usize = 1_000;
/// The most bytes of comments that are read.
const COMMENT_BYTES: usize = 8 << 20;

/// Reads all parts of an issue.
pub(super) async fn parts(rest: &Rest, id: IssueId, role_names: &[String]) -> Result<Parts, TrackerError> {
    let (issue, comments) = tokio::try_join!(issue(rest, id), comments(rest, id))?;
    let key = checked(&issue.key)?;
    let maintainers = maintainers(rest, &key, role_names).await?;
    Ok(Parts { id, key, issue, comments, maintainers })
}

/// Reads an issue's key alone.
pub(super) async fn key(rest: &Rest, id: IssueId) -> Result<IssueKey, TrackerError> {
    #[derive(Deserialize)]
    struct Keyed {
        key: String,
    }
    checked(&rest.call("key", Request::get(format!("/issue/{id}?fields=project"))).await?.json::<Keyed>()?.key)
}

/// Reads the number of the issue that people call by this key.
pub(super) async fn numbered(rest: &Rest, key: &IssueKey) -> Result<TicketId, TrackerError> {
    #[derive(Deserialize)]
    struct Numbered {
        id: String,
    }
    let at = format!("/issue/{}?fields=project", key.as_str());
    let id = rest.call("locate", Request::get(at)).await?.json::<Numbered>()?.id;
    let id = IssueId::parse(&id).ok_or_else(|| TrackerError::Refused("the issue has no number".to_owned()))?;
    Ok(TicketId::new(id.to_string()))
}

/// A key as an answer gives it.
fn checked(key: &str) -> Result<IssueKey, TrackerError> {
    IssueKey::parse(key).ok_or_else(|| TrackerError::Refused("the issue has no key that Jira gives".to_owned()))
}

/// Reads one issue with all its fields, their names and types.
async fn issue(rest: &Rest, id: IssueId) -> Result<Issue, TrackerError> {
    let at = format!("/issue/{id}?fields=*all,-comment,-worklog&expand=names,schema");
    rest.call("issue", Request::get(at)).await?.json()
}

/// The account ids of the project's lead and of those who have one of the roles by name.
async fn maintainers(rest: &Rest, key: &IssueKey, names: &[String]) -> Result<Vec<String>, TrackerError> {
    let mut maintainers: Vec<String> = lead(rest, key).await?.into_iter().collect();
    if !names.is_empty() {
        maintainers.extend(optional(roles::accounts(rest, key, names).await)?.unwrap_or_default());
    }
    Ok(maintainers)
}

/// The account id of the project's lead.
async fn lead(rest: &Rest, key: &IssueKey) -> Result<Option<String>, TrackerError> {
    #[derive(Deserialize)]
    struct Project {
        lead: Option<User>,
    }
    let project = rest.call("project", Request::get(format!("/project/{}", key.project()))).await;
    let project = optional(project.and_then(|answer| answer.json::<Project>()))?;
    Ok(project.and_then(|project| project.lead?.id().map(str::to_owned)))
}

/// Reads the comments, oldest first.
async fn comments(rest: &Rest, id: IssueId) -> Result<Vec<Comment>, TrackerError> {
    let path = format!("/issue/{id}/comment?orderBy=created");
    let (mut comments, mut bytes, mut next) = (Vec::<Comment>::new(), 0, Some(0));
    while let Some(start) = next.take().filter(|_| comments.len() < COMMENTS && bytes < COMMENT_BYTES) {
        let page = paging::comments::<Comment>(rest, "comments", &path, start).await?;
        bytes += page.items.iter().map(Comment::len).sum::<usize>();
        comments.extend(page.items);
        next = page.next;
    }
    Ok(within_caps(comments))
}

/// The comments from the oldest on, up to both caps.
fn within_caps(mut comments: Vec<Comment>) -> Vec<Comment> {
    let mut bytes = 0;
    let fitting = comments.iter().take(COMMENTS).take_while(|comment| {
        bytes += comment.len();
        bytes <= COMMENT_BYTES
    });
    let keep = fitting.count();
    if keep < comments.len() {
        tracing::warn!(comments.kept = keep, "the issue has more comments than are read");
    }
    comments.truncate(keep);
    comments
}

/// What only some accounts may read may be missing.
pub(super) fn optional<T>(read: Result<T, TrackerError>) -> Result<Option<T>, TrackerError> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(TrackerError::Gone(_) | TrackerError::Unauthorized(_) | TrackerError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
