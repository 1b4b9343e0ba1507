//! Reads an issue with everything around it.
//!
//! In: an issue's path. Out: its parts. What the issue itself says is not there is not asked for: every request counts
//! against the rate limit. Comments are paged to the end, up to a cap that keeps a
//! flooded issue from filling the memory; parent and sub-issues are left out where the server does not know them.

use super::{
    address::IssuePath,
    call::{Api, Request, Speaker},
    convert::{Comment, Issue, Parts},
};
use crate::trackers::{TrackerError, verdict::Kind};

/// The most comments that are read.
const COMMENTS: usize = 1_000;
/// The most bytes of comments that are read.
const COMMENT_BYTES: usize = 8 << 20;

impl Api {
    /// Reads all parts of an issue.
    pub(super) async fn issue_parts(&self, path: &IssuePath) -> Result<Parts, TrackerError> {
        let base = issue_base(path);
        let issue = self.issue("issue", path, base.clone()).await?;
        let (comments, parent, children) = tokio::try_join!(
            async { if issue.has_comments() { self.comments(path, &base).await } else { Ok(Vec::new()) } },
            async { if issue.has_parent() { self.parent(path, &base).await } else { Ok(None) } },
            async { if issue.has_children() { self.children(path, &base).await } else { Ok(Vec::new()) } },
        )?;
        Ok(Parts { issue, comments, parent, children })
    }

    /// Reads one issue.
    async fn issue(&self, call: &'static str, path: &IssuePath, at: String) -> Result<Issue, TrackerError> {
        self.call(call, Speaker::For(&path.repository), Request::get(at)).await?.json(Kind::Read)
    }

    /// Reads the parent, where it may be read.
    async fn parent(&self, path: &IssuePath, base: &str) -> Result<Option<Issue>, TrackerError> {
        optional(self.issue("parent", path, format!("{base}/parent")).await)
    }

    /// Reads the sub-issues (GitHub keeps at most 100), where they may be read.
    async fn children(&self, path: &IssuePath, base: &str) -> Result<Vec<Issue>, TrackerError> {
        let speaker = Speaker::For(&path.repository);
        let page = self.page("sub_issues", speaker, &format!("{base}/sub_issues"), "per_page=100").await;
        Ok(optional(page)?.map_or_else(Vec::new, |page| page.items))
    }

    /// Reads the comments, oldest first.
    async fn comments(&self, path: &IssuePath, base: &str) -> Result<Vec<Comment>, TrackerError> {
        let (mut comments, mut bytes) = (Vec::<Comment>::new(), 0);
        let mut next = Some("per_page=100".to_owned());
        while let Some(query) = next.take().filter(|_| comments.len() < COMMENTS && bytes < COMMENT_BYTES) {
            let speaker = Speaker::For(&path.repository);
            let page = self.page::<Comment>("comments", speaker, &format!("{base}/comments"), &query).await?;
            bytes += page.items.iter().map(Comment::len).sum::<usize>();
            comments.extend(page.items);
            next = page.next;
        }
        Ok(within_caps(comments))
    }
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

/// The API's path of an issue.
pub(super) fn issue_base(path: &IssuePath) -> String {
    format!("/repos/{}/issues/{}", path.repository, path.number)
}

/// What only newer servers know, or only with more permission, may be missing.
fn optional<T>(read: Result<T, TrackerError>) -> Result<Option<T>, TrackerError> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(TrackerError::Gone(_) | TrackerError::Unauthorized(_) | TrackerError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
