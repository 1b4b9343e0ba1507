//! Writes, edits, removes and finds the bot's own comments, and puts eyes on what was seen.
//!
//! In: an issue's path and a rendered body. Out: the comment as GitHub holds it. A write is sent once; whether it had
//! an effect is in the error. Never lists a comment of somebody else; which comment to edit is the caller's knowledge.

use ::http::Method;
use serde::Deserialize;
use serde_json::json;

use super::{
    address::IssuePath,
    call::{Api, Request, Speaker},
    convert::Comment,
    ticket::issue_base,
};
use crate::{
    model::CommentId,
    trackers::{Identity, TrackerError, verdict::Kind},
};

/// The most pages of comments that a search reads before it counts as failed.
const PAGES: usize = 100;

/// A comment that was written.
#[derive(Deserialize)]
pub(super) struct Written {
    pub(super) id: u64,
}

impl Api {
    /// Writes a comment.
    pub(super) async fn post_comment(&self, path: &IssuePath, body: &str) -> Result<Written, TrackerError> {
        let at = format!("{}/comments", issue_base(path));
        let request = Request::change(Method::POST, at, Some(json!({ "body": body })));
        self.call("post", Speaker::For(&path.repository), request).await?.json(Kind::Write)
    }

    /// Replaces a comment's body.
    pub(super) async fn update_comment(
        &self,
        path: &IssuePath,
        comment: &CommentId,
        body: &str,
    ) -> Result<Written, TrackerError> {
        let request = Request::change(Method::PATCH, comment_at(path, comment)?, Some(json!({ "body": body })));
        self.call("update", Speaker::For(&path.repository), request).await?.json(Kind::Write)
    }

    /// Removes a comment; one already gone is no error.
    pub(super) async fn remove_comment(&self, path: &IssuePath, comment: &CommentId) -> Result<(), TrackerError> {
        let request = Request::change(Method::DELETE, comment_at(path, comment)?, None);
        match self.call("remove", Speaker::For(&path.repository), request).await {
            Ok(_) | Err(TrackerError::Gone(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Puts eyes on a comment, or on the issue.
    pub(super) async fn react(&self, path: &IssuePath, comment: Option<&CommentId>) -> Result<(), TrackerError> {
        let target = match comment {
            Some(comment) => comment_at(path, comment)?,
            None => issue_base(path),
        };
        let request = Request::change(Method::POST, format!("{target}/reactions"), Some(json!({ "content": "eyes" })));
        self.call("acknowledge", Speaker::For(&path.repository), request).await.map(drop)
    }

    /// All comments by `me` that changed since then (milliseconds since 1970), every page. Incomplete is an error.
    pub(super) async fn comments_by(
        &self,
        path: &IssuePath,
        me: &Identity,
        since: i64,
    ) -> Result<Vec<Comment>, TrackerError> {
        let at = format!("{}/comments", issue_base(path));
        let (mut own, mut next) = (Vec::new(), Some(format!("per_page=100&since={}", iso_seconds(since))));
        for _ in 0..PAGES {
            let Some(query) = next.take() else { return Ok(own) };
            let page = self.page::<Comment>("own_comments", Speaker::For(&path.repository), &at, &query).await?;
            own.extend(page.items.into_iter().filter(|comment| comment.is_by(me)));
            next = page.next;
        }
        match next {
            None => Ok(own),
            Some(_) => Err(TrackerError::Unavailable(format!("more than {PAGES} pages of comments"))),
        }
    }
}

/// The API's path of a comment.
fn comment_at(path: &IssuePath, comment: &CommentId) -> Result<String, TrackerError> {
    let number: u64 =
        comment.as_str().parse().map_err(|_| TrackerError::Gone("not a comment number of GitHub".to_owned()))?;
    Ok(format!("/repos/{}/issues/comments/{number}", path.repository))
}

/// `2026-11-20T23:00:00Z`, rounded down to the second; 1970 for times out of range.
fn iso_seconds(milliseconds: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(milliseconds.max(0)).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
        task::JoinHandle,
    };

    use super::*;
    use crate::{
        http,
        model::TicketId,
        trackers::{
            github::app_auth::{Access, Credentials},
            limits::Limits,
        },
    };

    /// An API whose server answers one request with this status and body; the handle gives the request's bytes.
    async fn api(status: &'static str, body: &'static str) -> (Api, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let heard = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.expect("a connection");
            let mut heard = Vec::new();
            while !heard.ends_with(b"\"}") {
                socket.read_buf(&mut heard).await.expect("a request");
            }
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            socket.write_all(answer.as_bytes()).await.expect("an answer");
            String::from_utf8(heard).expect("text")
        });
        let deadline = Duration::from_secs(10);
        let client = http::Client::new(http::Options { connect_timeout: deadline, deadline, is_direct: true });
        let access = Access::new(client, base, Credentials::Token("token-1".into()));
        (Api { access, limits: Limits::new(Duration::ZERO, 1), deadline }, heard)
    }

    /// The issue that is written to.
    fn path() -> IssuePath {
        IssuePath::parse(&TicketId::new("acme/shop#7")).expect("a path")
    }

    #[tokio::test]
    async fn a_posted_comment_is_known_by_its_number() {
        let (api, heard) = api("201 Created", r#"{"id": 41, "body": "changed on the way", "user": null}"#).await;
        assert_eq!(api.post_comment(&path(), "A plan.\n\"quoted\"").await.expect("a comment").id, 41);
        let heard = heard.await.expect("a request");
        assert!(heard.starts_with("POST /repos/acme/shop/issues/7/comments HTTP/1.1\r\n"), "{heard}");
        assert!(heard.ends_with(r#"{"body":"A plan.\n\"quoted\""}"#), "{heard}");
        let lower = heard.to_ascii_lowercase();
        for header in
            ["content-type: application/json", "accept: application/vnd.github+json", "x-github-api-version: "]
        {
            assert!(lower.contains(header), "{header}: {heard}");
        }
    }

    #[tokio::test]
    async fn an_update_replaces_the_comment() {
        let (api, heard) = api("200 OK", r#"{"id": 41}"#).await;
        assert_eq!(api.update_comment(&path(), &CommentId::new("41"), "New.").await.expect("a comment").id, 41);
        let heard = heard.await.expect("a request");
        assert!(heard.starts_with("PATCH /repos/acme/shop/issues/comments/41 HTTP/1.1\r\n"), "{heard}");
    }

    #[tokio::test]
    async fn an_answer_that_does_not_read_leaves_the_effect_unknown() {
        for body in ["", "<html>", "{}", r#"{"id": "41"}"#] {
            let (api, _) = api("201 Created", body).await;
            let outcome = api.post_comment(&path(), "A plan.").await.map(|written| written.id);
            assert!(matches!(outcome, Err(TrackerError::Unknown(_))), "{body}");
        }
    }
}
