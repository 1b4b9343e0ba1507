//! Reads the service hook events of Azure DevOps.
//!
//! In: a verified delivery. Out: an event, a ping, or a reason why it is nothing for us. One borrowed parse: what the
//! event does not need is skipped unread. Never panics, never fails, never looks at a URL of the payload. What comes out
//! is a hint: it is read again before it counts.
//! <https://learn.microsoft.com/azure/devops/service-hooks/events>

use std::collections::HashMap;

use serde::{Deserialize, de::IgnoredAny};

use super::{
    address::{CommentRef, WorkItem, is_project},
    carrier::heard,
    fields::{Cell, Text, added, lenient_number, tags},
    person::Person,
};
use crate::model::{
    TicketKey,
    delivery::Delivery,
    event::{Actor, Change, Decoded, Event, Notice},
};

/// The ids of the constant events that the Test button sends.
const SAMPLES: [&str; 5] = [
    "d2d46fb1-dba5-403c-9373-427583f19e8c",
    "27646e0e-b520-4d2b-9411-bba7524947cd",
    "fb2617ed-60df-4518-81fa-749faa6c5cd6",
    "72da0ade-0709-40ee-beb7-104287bf7e84",
    "1ca023d6-6cff-49dd-b3d1-302b69311810",
];

/// What a connection listens to.
#[derive(Clone, Debug, Default)]
pub(super) struct Accepted {
    /// Subscriptions, by id; empty for all.
    pub(super) subscriptions: Vec<String>,
    /// The one project, where there is one.
    pub(super) project: Option<String>,
    /// Azure DevOps is asked whether it sent what arrives: events keep the notification's name.
    pub(super) confirms_notifications: bool,
    /// The fields of the connection's own that a plan reads: who changes them edits the ticket.
    pub(super) texts: Vec<String>,
}

impl Accepted {
    /// Is this subscription listened to?
    fn subscription(&self, id: &str) -> bool {
        self.subscriptions.is_empty() || self.subscriptions.iter().any(|known| known.eq_ignore_ascii_case(id))
    }

    /// Is this project listened to?
    pub(super) fn project(&self, name: &str) -> bool {
        self.project.as_ref().is_none_or(|known| known.eq_ignore_ascii_case(name))
    }
}

/// Reads a delivery.
pub(super) fn decode(delivery: &Delivery, accepted: &Accepted) -> Decoded {
    read(delivery, accepted).unwrap_or_else(|reason| Decoded::Irrelevant { reason })
}

/// Reads an event about a work item, or says why there is none.
fn read(delivery: &Delivery, accepted: &Accepted) -> Result<Decoded, String> {
    let payload: Payload<'_> = serde_json::from_slice(&delivery.json).map_err(|error| unreadable(&error))?;
    let event = payload.event_type.as_ref().map(|event| &*event.0).ok_or("no event type in the payload")?;
    if payload.is_test() {
        return Ok(Decoded::Ping);
    }
    if !payload.subscription_id.as_ref().is_some_and(|id| accepted.subscription(&id.0)) {
        return Err("from a subscription that is not among those allowed".to_owned());
    }
    let Some(("workitem", what)) = event.split_once('.') else { return Err(format!("the event {}", short(event))) };
    let resource = payload.resource.as_ref().ok_or("no resource in the payload")?;
    let item = resource.item(what).filter(|item| item.0 > 0).ok_or("no work item in the payload")?;
    let now = resource.now();
    let project = now.project.text().filter(|name| is_project(name)).ok_or("no project in the payload")?;
    if !accepted.project(project) {
        return Err("of another project".to_owned());
    }
    let actor = resource.actor(what).ok_or("nobody is named as the one who did it")?;
    let change = match resource.change(what, &actor)? {
        Change::Other { .. } if what == "updated" && touches(&delivery.json, &accepted.texts) => Change::Edited,
        change => change,
    };
    Ok(Decoded::Event(Box::new(Event {
        ticket: TicketKey::new(delivery.connection.clone(), item.id()),
        reference: item.reference(project),
        project: project.to_owned(),
        actor,
        change,
        moment: resource.rev.map(|rev| format!("r{rev}")).unwrap_or_default(),
        is_pull_request: false,
        // The category of a state is not in the payload; it is read with the work item.
        is_closed: false,
        notice: if accepted.confirms_notifications { payload.notice() } else { None },
    })))
}

/// Does an update change one of these fields? Reads the payload once more, where there are such fields.
fn touches(json: &[u8], fields: &[String]) -> bool {
    #[derive(Deserialize)]
    struct Update {
        #[serde(alias = "Resource")]
        resource: Changes,
    }
    #[derive(Deserialize)]
    struct Changes {
        #[serde(alias = "Fields")]
        fields: HashMap<String, IgnoredAny>,
    }
    let same = |name: &String| fields.iter().any(|field| field.trim().eq_ignore_ascii_case(name));
    !fields.is_empty()
        && serde_json::from_slice::<Update>(json).is_ok_and(|update| update.resource.fields.keys().any(same))
}

/// A word of the payload, fit to be shown.
fn short(text: &str) -> String {
    format!("{:?}", text.chars().take(40).collect::<String>())
}

/// Where reading stopped, without a word of the payload.
fn unreadable(error: &serde_json::Error) -> String {
    let kind = match error.classify() {
        serde_json::error::Category::Data => "a field missing, doubled or of another type",
        serde_json::error::Category::Eof => "cut short",
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => "not JSON",
    };
    format!("unreadable: {kind} (line {}, column {})", error.line(), error.column())
}

/// The envelope; one published sample has its keys capitalised.
#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(borrow, rename = "subscriptionId", alias = "SubscriptionId")]
    subscription_id: Option<Text<'a>>,
    #[serde(borrow, default, rename = "notificationId", alias = "NotificationId")]
    notification_id: Cell<'a>,
    #[serde(borrow, alias = "Id")]
    id: Option<Text<'a>>,
    #[serde(borrow, rename = "eventType", alias = "EventType")]
    event_type: Option<Text<'a>>,
    #[serde(borrow, alias = "Resource")]
    resource: Option<Resource<'a>>,
}

impl Payload<'_> {
    /// Did the Test button send it? Its subscription does not exist yet, or the event is one of the constant samples.
    fn is_test(&self) -> bool {
        let subscription = self.subscription_id.as_ref().map(|id| &*id.0).unwrap_or_default();
        let nowhere = subscription.bytes().all(|b| matches!(b, b'0' | b'-'));
        nowhere || self.id.as_ref().is_some_and(|id| SAMPLES.iter().any(|sample| id.0.eq_ignore_ascii_case(sample)))
    }

    /// The notification that it is, where it says so in full.
    fn notice(&self) -> Option<Notice> {
        let guid = |id: &&Text<'_>| id.0.len() == 36 && id.0.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        let subscription = self.subscription_id.as_ref().filter(guid)?.0.to_ascii_lowercase();
        let event = self.id.as_ref().filter(guid)?.0.to_ascii_lowercase();
        Some(Notice { subscription, number: self.notification_id.text()?.parse().ok()?, event })
    }
}

/// A work item, or an update of one.
#[derive(Deserialize)]
struct Resource<'a> {
    /// The work item; in updates the number of the update.
    #[serde(default, alias = "Id", deserialize_with = "lenient_number")]
    id: Option<u64>,
    /// In updates: the work item.
    #[serde(default, rename = "workItemId", alias = "WorkItemId", deserialize_with = "lenient_number")]
    work_item_id: Option<u64>,
    #[serde(default, alias = "Rev", deserialize_with = "lenient_number")]
    rev: Option<u64>,
    #[serde(borrow, default, rename = "revisedBy", alias = "RevisedBy")]
    revised_by: Cell<'a>,
    #[serde(borrow, default, alias = "Fields")]
    fields: Option<Fields<'a>>,
    #[serde(borrow, default, alias = "Revision")]
    revision: Option<Revision<'a>>,
    #[serde(default, rename = "commentVersionRef", alias = "CommentVersionRef")]
    comment: Option<CommentVersion>,
}

/// In updates: the work item after it.
#[derive(Deserialize)]
struct Revision<'a> {
    #[serde(borrow, default, alias = "Fields")]
    fields: Option<Fields<'a>>,
}

/// Which comment a revision holds.
#[derive(Deserialize)]
pub(super) struct CommentVersion {
    #[serde(default, rename = "commentId", alias = "CommentId", deserialize_with = "lenient_number")]
    pub(super) id: Option<u64>,
}

/// The fields that events need.
#[derive(Default, Deserialize)]
struct Fields<'a> {
    #[serde(borrow, default, rename = "System.TeamProject")]
    project: Cell<'a>,
    #[serde(borrow, default, rename = "System.WorkItemType")]
    kind: Cell<'a>,
    #[serde(borrow, default, rename = "System.Tags")]
    tags: Cell<'a>,
    #[serde(borrow, default, rename = "System.History")]
    history: Cell<'a>,
    #[serde(borrow, default, rename = "System.CreatedBy")]
    created_by: Cell<'a>,
    #[serde(borrow, default, rename = "System.ChangedBy")]
    changed_by: Cell<'a>,
    #[serde(borrow, default, rename = "System.Title")]
    title: Cell<'a>,
    #[serde(borrow, default, rename = "System.Description")]
    description: Cell<'a>,
    #[serde(borrow, default, rename = "Microsoft.VSTS.Common.AcceptanceCriteria")]
    criteria: Cell<'a>,
    #[serde(borrow, default, rename = "Microsoft.VSTS.TCM.ReproSteps")]
    reproduction: Cell<'a>,
}

impl<'a> Resource<'a> {
    /// Which work item it is about.
    fn item(&self, what: &str) -> Option<WorkItem> {
        let id = if what == "updated" { self.work_item_id } else { self.work_item_id.or(self.id) };
        id.map(WorkItem)
    }

    /// The fields as they stand.
    fn now(&self) -> &Fields<'a> {
        static NONE: Fields<'static> = Fields::none();
        let revision = self.revision.as_ref().and_then(|revision| revision.fields.as_ref());
        revision.or(self.fields.as_ref()).unwrap_or(&NONE)
    }

    /// The fields that the event itself carries: values, or changes of them.
    fn own(&self) -> &Fields<'a> {
        static NONE: Fields<'static> = Fields::none();
        self.fields.as_ref().unwrap_or(&NONE)
    }

    /// Who did it.
    fn actor(&self, what: &str) -> Option<Actor> {
        let now = self.now();
        let named = |cell: &Cell<'a>| cell.person().as_ref().and_then(Person::actor);
        let did = if what == "created" { &now.created_by } else { &now.changed_by };
        named(&self.revised_by).or_else(|| named(did)).or_else(|| named(&now.changed_by))
    }

    /// What happened.
    fn change(&self, what: &str, actor: &Actor) -> Result<Change, String> {
        match what {
            "created" => Ok(Change::Opened {
                type_name: self.now().kind.text().map(str::to_owned),
                labels: tags(self.now().tags.text().unwrap_or_default()),
            }),
            "updated" => Ok(self.update()),
            "commented" => self.commented(actor),
            "deleted" | "restored" => Ok(Change::Other { what: what.to_owned() }),
            other => Err(format!("the event workitem.{}", short(other))),
        }
    }

    /// What an update changed: the first of tags, type and text that counts.
    ///
    /// A comment makes an update too; it has an event of its own, so that here it is nothing.
    fn update(&self) -> Change {
        let own = self.own();
        if let Cell::Change { .. } = own.tags {
            let old = tags(own.tags.old_text().unwrap_or_default());
            let new = tags(own.tags.text().unwrap_or_default());
            let (labels, gone) = (added(&old, &new), added(&new, &old));
            if !labels.is_empty() {
                return Change::Labelled { labels };
            }
            if !gone.is_empty() {
                return Change::Unlabelled { labels: gone };
            }
        }
        if let (Cell::Change { .. }, Some(type_name)) = (&own.kind, own.kind.text()) {
            return Change::Typed { type_name: type_name.to_owned() };
        }
        let texts = [&own.title, &own.description, &own.criteria, &own.reproduction];
        if texts.into_iter().any(|text| matches!(text, Cell::Change { .. })) {
            return Change::Edited;
        }
        let what = match own.history.text() {
            Some(_) => "a comment, which has an event of its own",
            None => "updated",
        };
        Change::Other { what: what.to_owned() }
    }

    /// A comment: known by its number, else by the revision that it made.
    fn commented(&self, author: &Actor) -> Result<Change, String> {
        let number = self.comment.as_ref().and_then(|comment| comment.id).filter(|id| *id > 0);
        let comment = number.map(CommentRef::Number).or_else(|| self.rev.map(CommentRef::Revision));
        let comment =
            comment.filter(|comment| *comment != CommentRef::Revision(0)).ok_or("no comment in the payload")?;
        let history = self.own().history.text().or_else(|| self.now().history.text()).unwrap_or_default();
        Ok(Change::Commented { comment: comment.id(), author: author.clone(), text: heard(history, None) })
    }
}

impl Fields<'_> {
    /// No field has a value.
    const fn none() -> Self {
        Self {
            project: Cell::Nothing,
            kind: Cell::Nothing,
            tags: Cell::Nothing,
            history: Cell::Nothing,
            created_by: Cell::Nothing,
            changed_by: Cell::Nothing,
            title: Cell::Nothing,
            description: Cell::Nothing,
            criteria: Cell::Nothing,
            reproduction: Cell::Nothing,
        }
    }
}
