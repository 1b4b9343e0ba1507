//! GitHub's REST shapes, and what they are in the common model.
//!
//! In: issues and comments as the API gives them. Out: a [`Ticket`]. Only the fields that a ticket needs are named, so
//! that new or odd ones elsewhere break nothing. Never takes an address from GitHub's answers.

use serde::Deserialize;

use super::address::{IssuePath, RepoPath};
use crate::{
    model::{
        CommentId, ConnectionName, TicketId, TicketKey,
        event::Actor,
        ticket::{self, Ticket, TicketLink, TicketState},
    },
    richtext::markdown,
    trackers::Identity,
};

/// Everything that was read about one issue.
pub(super) struct Parts {
    pub(super) issue: Issue,
    pub(super) comments: Vec<Comment>,
    pub(super) parent: Option<Issue>,
    pub(super) children: Vec<Issue>,
}

/// The ticket that the parts make; `me` wrote what is left out.
pub(super) fn ticket(
    connection: &ConnectionName,
    path: &IssuePath,
    url: String,
    parts: Parts,
    me: &Identity,
) -> Ticket {
    let Parts { issue, comments, parent, children } = parts;
    let reference = path.to_string();
    Ticket {
        key: TicketKey::new(connection.clone(), TicketId::new(reference.clone())),
        reference,
        url: Some(url),
        project: path.repository.as_str().to_owned(),
        title: issue.title,
        body: markdown::parse(issue.body.as_deref().unwrap_or_default()),
        fields: Vec::new(),
        type_name: issue.kind.map(|kind| kind.name),
        labels: issue.labels.into_iter().flatten().map(Label::name).collect(),
        places: Vec::new(),
        priority: None,
        milestone: issue.milestone.map(|milestone| milestone.title),
        state: match (issue.state.as_str(), issue.locked) {
            ("closed", _) => TicketState::Closed,
            (_, Some(true)) => TicketState::Locked,
            (_, _) => TicketState::Open,
        },
        author: issue.user.map(User::actor),
        assignees: issue.assignees.into_iter().flatten().map(User::actor).collect(),
        parent: parent.map(|parent| parent.link("parent", path)),
        children: children.into_iter().map(|child| child.link("child", path)).collect(),
        links: Vec::new(),
        comments: comments.into_iter().filter(|comment| !comment.is_by(me)).map(Comment::convert).collect(),
        attachments: Vec::new(),
    }
}

/// An issue of `/repos/{owner}/{repo}/issues/{number}`.
#[derive(Deserialize)]
pub(super) struct Issue {
    number: u64,
    title: String,
    body: Option<String>,
    state: String,
    locked: Option<bool>,
    user: Option<User>,
    labels: Option<Vec<Label>>,
    assignees: Option<Vec<User>>,
    milestone: Option<Milestone>,
    #[serde(rename = "type")]
    kind: Option<IssueType>,
    /// Names the repository of a parent or child; nothing is fetched from it.
    repository_url: Option<String>,
    /// How many comments it has.
    comments: Option<u64>,
    /// Names the parent, and is missing where there is none; nothing is fetched from it.
    parent_issue_url: Option<String>,
    /// Missing where the server knows no sub-issues.
    sub_issues_summary: Option<SubIssues>,
}

#[derive(Deserialize)]
struct SubIssues {
    total: u64,
}

impl Issue {
    /// May there be comments? Also where the server does not say.
    pub(super) fn has_comments(&self) -> bool {
        self.comments != Some(0)
    }

    /// Is it a sub-issue?
    pub(super) fn has_parent(&self) -> bool {
        self.parent_issue_url.is_some()
    }

    /// Has it sub-issues?
    pub(super) fn has_children(&self) -> bool {
        self.sub_issues_summary.as_ref().is_some_and(|summary| summary.total > 0)
    }

    /// This issue as seen from another.
    fn link(self, relation: &str, from: &IssuePath) -> TicketLink {
        let repository = self.repository_url.as_deref().and_then(|url| url.rsplit_once("/repos/"));
        let repository = repository.and_then(|(_, path)| RepoPath::parse(path));
        let repository = repository.unwrap_or_else(|| from.repository.clone());
        let reference = IssuePath { repository, number: self.number }.to_string();
        TicketLink { reference, title: Some(self.title), relation: relation.to_owned() }
    }
}

#[derive(Deserialize)]
struct Milestone {
    title: String,
}

#[derive(Deserialize)]
struct IssueType {
    name: String,
}

/// The API describes a label as an object or a plain name.
#[derive(Deserialize)]
#[serde(untagged)]
enum Label {
    Object { name: Option<String> },
    Name(String),
}

impl Label {
    /// Its name; empty where GitHub gives none.
    fn name(self) -> String {
        match self {
            Self::Object { name } => name.unwrap_or_default(),
            Self::Name(name) => name,
        }
    }
}

/// An account; `None` around it stands for one that was deleted.
#[derive(Deserialize)]
struct User {
    login: String,
    #[serde(rename = "type")]
    kind: Option<String>,
}

impl User {
    /// The account in the common vocabulary.
    fn actor(self) -> Actor {
        Actor { name: self.login.clone(), id: self.login, is_bot: self.kind.as_deref() == Some("Bot") }
    }

    /// GitHub shows deleted accounts as `ghost`.
    fn ghost() -> Self {
        Self { login: "ghost".to_owned(), kind: None }
    }
}

/// A comment of `/repos/{owner}/{repo}/issues/{number}/comments`.
#[derive(Deserialize)]
pub(super) struct Comment {
    pub(super) id: u64,
    pub(super) body: Option<String>,
    user: Option<User>,
    author_association: Option<String>,
    created_at: Option<String>,
}

impl Comment {
    /// Did this account write it? Logins do not tell upper from lower case.
    pub(super) fn is_by(&self, who: &Identity) -> bool {
        self.user.as_ref().is_some_and(|user| user.login.eq_ignore_ascii_case(&who.id))
    }

    /// Its length in bytes.
    pub(super) fn len(&self) -> usize {
        self.body.as_ref().map_or(0, String::len)
    }

    /// The comment in the common model.
    fn convert(self) -> ticket::Comment {
        ticket::Comment {
            id: CommentId::new(self.id.to_string()),
            author: self.user.unwrap_or_else(User::ghost).actor(),
            by_maintainer: matches!(self.author_association.as_deref(), Some("OWNER" | "MEMBER" | "COLLABORATOR")),
            created_at: self.created_at.unwrap_or_default(),
            content: markdown::parse(self.body.as_deref().unwrap_or_default()),
        }
    }
}
