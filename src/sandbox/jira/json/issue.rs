//! The JSON of issues: all fields, those of a webhook about a comment, those of a relative.

use serde_json::{Map, Value, json};

use super::{Show, iso};
use crate::sandbox::world::{Link, Project, Ticket};

/// The field that holds acceptance criteria, and its name.
pub const ACCEPTANCE: &str = "customfield_10035";
pub const ACCEPTANCE_NAME: &str = "Acceptance Criteria";

/// Fields that issues have and that the world knows nothing about.
const EMPTY: [&str; 15] = [
    "aggregatetimeestimate",
    "aggregatetimeoriginalestimate",
    "aggregatetimespent",
    "customfield_10016",
    "customfield_10020",
    "duedate",
    "environment",
    "lastViewed",
    "resolution",
    "resolutiondate",
    "security",
    "timeestimate",
    "timeoriginalestimate",
    "timespent",
    "assignee",
];

impl Show<'_> {
    /// An issue with these fields.
    pub fn issue_with(&self, ticket: &Ticket, fields: Value) -> Value {
        json!({
            "id": ticket.id.to_string(),
            "self": self.rest(&format!("issue/{}", ticket.id)),
            "key": key_of(ticket),
            "fields": fields
        })
    }

    /// All fields but the comments, which webhooks leave out.
    pub fn fields(&self, project: &Project, ticket: &Ticket) -> Map<String, Value> {
        let mut fields = self.heading(project, ticket);
        for name in EMPTY {
            fields.entry(name).or_insert(Value::Null);
        }
        let author = self.user(&ticket.author);
        let text = |text: &Option<String>| text.as_deref().map_or(Value::Null, |text| self.text(text));
        let children = self.world.children(&ticket.key).map(|child| self.relative(child));
        let more = json!({
            "created": iso(ticket.created_at),
            "updated": iso(ticket.updated_at),
            "labels": ticket.labels,
            "description": text(&ticket.body),
            ACCEPTANCE: text(&ticket.acceptance),
            "creator": author,
            "reporter": author,
            "subtasks": children.collect::<Vec<_>>(),
            "issuelinks": self.links(ticket),
            "attachment": ticket.attachments.iter().map(|file| self.attachment(file)).collect::<Vec<_>>(),
            "components": [],
            "versions": [],
            "fixVersions": [],
            "workratio": -1,
            "timetracking": {},
            "progress": { "progress": 0, "total": 0 },
            "aggregateprogress": { "progress": 0, "total": 0 },
            "votes": {
                "self": self.rest(&format!("issue/{}/votes", key_of(ticket))), "votes": 0, "hasVoted": false
            },
            "watches": {
                "self": self.rest(&format!("issue/{}/watchers", key_of(ticket))), "watchCount": 1, "isWatching": true
            }
        });
        if let Value::Object(more) = more {
            fields.extend(more);
        }
        if let Some(parent) = ticket.parent.as_ref().and_then(|key| self.world.ticket(key)) {
            fields.insert("parent".to_owned(), self.relative(parent));
        }
        fields
    }

    /// All fields of `GET /issue`: the first comments are among them.
    pub fn all_fields(&self, project: &Project, ticket: &Ticket) -> Map<String, Value> {
        let mut fields = self.fields(project, ticket);
        let comments: Vec<Value> = ticket.comments.iter().map(|comment| self.comment(ticket, comment, false)).collect();
        let total = comments.len();
        let comments = json!({ "comments": comments, "maxResults": total, "total": total, "startAt": 0 });
        fields.insert("comment".to_owned(), comments);
        fields
    }

    /// The fields of the issue in Cloud's webhook about a comment.
    pub fn heading(&self, project: &Project, ticket: &Ticket) -> Map<String, Value> {
        let assignee = ticket.assignees.first().map_or(Value::Null, |login| self.user(login));
        let mut fields = Map::new();
        fields.insert("summary".to_owned(), ticket.title.as_str().into());
        fields.insert("issuetype".to_owned(), self.issue_type(project, ticket.kind.as_deref().unwrap_or("Task")));
        fields.insert("project".to_owned(), self.project(project));
        fields.insert("assignee".to_owned(), assignee);
        fields.insert("priority".to_owned(), self.priority());
        fields.insert("status".to_owned(), self.status(ticket));
        fields
    }

    /// An issue type of a project.
    pub fn issue_type(&self, project: &Project, name: &str) -> Value {
        let id = issue_type_id(project, name);
        json!({
            "self": self.rest(&format!("issuetype/{id}")),
            "id": id.to_string(),
            "description": "",
            "iconUrl": format!("{}/secure/viewavatar?size=xsmall&avatarId=10315&avatarType=issuetype", self.base),
            "name": name,
            "subtask": false,
            "avatarId": 10_315
        })
    }

    fn priority(&self) -> Value {
        json!({
            "self": self.rest("priority/3"),
            "iconUrl": format!("{}/images/icons/priorities/medium.svg", self.base),
            "name": "Medium",
            "id": "3"
        })
    }

    fn status(&self, ticket: &Ticket) -> Value {
        let (id, name, category) = match ticket.closed_at {
            None => (10_001, "To Do", json!({ "id": 2, "key": "new", "colorName": "blue-gray", "name": "To Do" })),
            Some(_) => (10_003, "Done", json!({ "id": 3, "key": "done", "colorName": "green", "name": "Done" })),
        };
        let mut category = category;
        category["self"] = self.rest(&format!("statuscategory/{}", category["id"])).into();
        json!({
            "self": self.rest(&format!("status/{id}")),
            "description": "",
            "iconUrl": format!("{}/", self.base),
            "name": name,
            "id": id.to_string(),
            "statusCategory": category
        })
    }

    /// An issue as its parent, children and linked issues show it.
    fn relative(&self, ticket: &Ticket) -> Value {
        let Some(project) = self.world.project(&ticket.key.project) else { return Value::Null };
        let mut fields = self.heading(project, ticket);
        fields.retain(|name, _| matches!(name.as_str(), "summary" | "status" | "priority" | "issuetype"));
        self.issue_with(ticket, Value::Object(fields))
    }

    /// The links of both sides, each from this issue's view.
    fn links(&self, ticket: &Ticket) -> Vec<Value> {
        let from = ticket.links.iter().filter_map(|link| {
            let other = self.world.ticket(&link.to)?;
            Some(self.link(link, "outwardIssue", other))
        });
        let others = self.world.tickets().flat_map(|other| other.links.iter().map(move |link| (other, link)));
        let to = others.filter(|(_, link)| link.to == ticket.key);
        from.chain(to.map(|(other, link)| self.link(link, "inwardIssue", other))).collect()
    }

    fn link(&self, link: &Link, side: &str, other: &Ticket) -> Value {
        let (inward, outward) = match link.kind.as_str() {
            "Blocks" => ("is blocked by".to_owned(), "blocks".to_owned()),
            "Relates" => ("relates to".to_owned(), "relates to".to_owned()),
            kind => (format!("is {}", kind.to_lowercase()), kind.to_lowercase()),
        };
        json!({
            "id": link.id.to_string(),
            "self": self.rest(&format!("issueLink/{}", link.id)),
            "type": {
                "id": "10000",
                "name": link.kind,
                "inward": inward,
                "outward": outward,
                "self": self.rest("issueLinkType/10000")
            },
            side: self.relative(other)
        })
    }
}

/// `SHOP-7`
pub fn key_of(ticket: &Ticket) -> String {
    format!("{}-{}", ticket.key.project, ticket.key.number)
}

/// The id of an issue type, whatever language its name is in.
pub fn issue_type_id(project: &Project, name: &str) -> usize {
    10_001 + project.types.iter().position(|known| known == name).unwrap_or(project.types.len())
}
