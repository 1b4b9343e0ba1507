//! Acting as a person on a tracker that tells of changes by what was and what is: Jira and Azure DevOps.
//!
//! In: who does what. Out: the id of what was made and how each delivery went. Never asks for roles: a test says who
//! does what, and the bot judges it.
//!
//! # Panics
//! Every act panics when what it names is not in the world: tests and the demo act on what they made.

use std::sync::Arc;

use super::{
    deliver::{Draft, Sent, guid},
    handle::Handle,
    kind::Kind,
    state::State,
    world::{Comment, NewTicket, Ticket, TicketKey},
};

/// A ticket that a person opened.
#[derive(Clone, Debug)]
pub struct Opened {
    pub issue: TicketKey,
    pub sent: Vec<Sent>,
}

/// A comment that a person wrote.
#[derive(Clone, Debug)]
pub struct Commented {
    /// The comment's id in the world.
    pub comment: u64,
    pub sent: Vec<Sent>,
}

/// What happened in the world.
#[derive(Debug)]
pub enum Happening<'a> {
    Opened(&'a TicketKey),
    /// The ticket as it was; the world has it as it is.
    Changed(&'a Ticket),
    Deleted(&'a Ticket),
    Commented(&'a TicketKey, u64),
    CommentEdited(&'a TicketKey, u64),
    CommentRemoved(&'a TicketKey, &'a Comment),
}

/// A tracker that tells of what happened.
pub trait Telling: Kind {
    /// Makes the deliveries about what happened.
    fn tell(state: &mut State<Self>, base: &str, by: &str, what: &Happening<'_>);
}

/// Tickets.
impl<K: Telling> Handle<K> {
    /// Opens a ticket.
    pub async fn open_issue(&self, project: &str, new: NewTicket, by: &str) -> Opened {
        let base = &self.site.base;
        let (issue, sent) = self
            .site
            .perform(|state| {
                let key = state.world.open(project, new, by);
                K::tell(state, base, by, &Happening::Opened(&key));
                key
            })
            .await;
        Opened { issue, sent }
    }

    /// Puts a label, or a tag, on a ticket.
    pub async fn add_label(&self, issue: &TicketKey, label: &str, by: &str) -> Vec<Sent> {
        self.change(issue, by, |ticket| ticket.labels.push(label.to_owned())).await
    }

    /// Takes a label, or a tag, off a ticket.
    pub async fn remove_label(&self, issue: &TicketKey, label: &str, by: &str) -> Vec<Sent> {
        self.change(issue, by, |ticket| ticket.labels.retain(|there| there != label)).await
    }

    /// Gives a ticket a type.
    pub async fn set_type(&self, issue: &TicketKey, kind: &str, by: &str) -> Vec<Sent> {
        self.change(issue, by, |ticket| ticket.kind = Some(kind.to_owned())).await
    }

    /// Replaces a ticket's title, its description, or both.
    pub async fn edit_issue(&self, issue: &TicketKey, title: Option<&str>, body: Option<&str>, by: &str) -> Vec<Sent> {
        self.change(issue, by, |ticket| {
            if let Some(title) = title {
                title.clone_into(&mut ticket.title);
            }
            if let Some(body) = body {
                ticket.body = Some(body.to_owned());
            }
        })
        .await
    }

    /// Changes a ticket in one step, in any of its fields.
    pub async fn change(&self, issue: &TicketKey, by: &str, change: impl FnOnce(&mut Ticket)) -> Vec<Sent> {
        self.act_on(issue, |state, base| {
            let before = state.world.ticket(issue).cloned().expect("the ticket is in the world");
            state.world.change(issue, change);
            K::tell(state, base, by, &Happening::Changed(&before));
        })
        .await
    }

    /// Deletes a ticket for good.
    pub async fn delete_issue(&self, issue: &TicketKey, by: &str) -> Vec<Sent> {
        self.act_on(issue, |state, base| {
            let ticket = state.world.delete(issue).expect("the ticket is in the world");
            K::tell(state, base, by, &Happening::Deleted(&ticket));
        })
        .await
    }
}

/// Comments.
impl<K: Telling> Handle<K> {
    /// Comments on a ticket, in wiki markup on Jira and in HTML on Azure DevOps.
    pub async fn comment(&self, issue: &TicketKey, body: &str, by: &str) -> Commented {
        let base = &self.site.base;
        let (comment, sent) = self
            .site
            .perform(|state| {
                let id = state.world.comment_on(issue, body, by, false).expect("the ticket is in the world");
                K::tell(state, base, by, &Happening::Commented(issue, id));
                id
            })
            .await;
        Commented { comment, sent }
    }

    /// Replaces a comment's text.
    pub async fn edit_comment(&self, issue: &TicketKey, comment: u64, body: &str, by: &str) -> Vec<Sent> {
        self.act_on(issue, |state, base| {
            state.world.edit_comment(&issue.project, comment, body).expect("the comment is in the world");
            K::tell(state, base, by, &Happening::CommentEdited(issue, comment));
        })
        .await
    }

    /// Removes a comment, the bot's ones included.
    pub async fn remove_comment(&self, issue: &TicketKey, comment: u64, by: &str) -> Vec<Sent> {
        self.act_on(issue, |state, base| {
            let removed = state.world.remove_comment(&issue.project, comment);
            let (_, removed) = removed.expect("the comment is in the world");
            K::tell(state, base, by, &Happening::CommentRemoved(issue, &removed));
        })
        .await
    }

    /// Sends any payload as this event.
    pub async fn send(&self, event: &str, payload: &str) -> Vec<Sent> {
        self.site.perform(|state| state.make(event, None, "", payload.into())).await.1
    }

    /// Sends a delivery again as it was, under its own id.
    pub async fn redeliver(&self, id: u64) -> Vec<Sent> {
        let (found, sent) = self.site.perform(|state| state.make_again(id)).await;
        found.expect("the delivery was sent before");
        sent
    }

    async fn act_on(&self, issue: &TicketKey, act: impl FnOnce(&mut State<K>, &str)) -> Vec<Sent> {
        let base = &self.site.base;
        let ((), sent) = self
            .site
            .perform(|state| {
                assert!(state.world.ticket(issue).is_some(), "{issue} is not in the world");
                act(state, base);
            })
            .await;
        sent
    }
}

/// Making deliveries.
impl<K: Telling> State<K> {
    /// Makes a delivery from a payload.
    pub fn make(&mut self, event: &str, action: Option<&str>, project: &str, payload: Arc<str>) {
        self.drafted += 1;
        let draft = Draft {
            id: self.drafted,
            guid: guid(&format!("delivery {}", self.drafted)),
            event: event.to_owned(),
            action: action.map(str::to_owned),
            project: project.to_owned(),
            payload,
            attempts: 0,
        };
        self.outgoing.push(draft);
    }

    /// Makes another attempt at a delivery.
    pub fn make_again(&mut self, id: u64) -> Option<()> {
        let old = self.deliveries.iter().rev().find(|delivery| delivery.draft.id == id)?.draft.clone();
        self.outgoing.push(Draft { attempts: old.attempts + 1, ..old });
        Some(())
    }

    /// Makes another attempt at each delivery whose last one failed so that `again` takes its status, up to `most`
    /// attempts beside the first.
    pub fn make_failed_again(&mut self, most: u32, again: fn(Option<u16>) -> bool) {
        let mut last = std::collections::BTreeMap::new();
        for delivery in &self.deliveries {
            last.insert(delivery.draft.id, (delivery.draft.clone(), delivery.sent.status));
        }
        let failed = last.into_values().filter(|(draft, status)| draft.attempts < most && again(*status));
        self.outgoing.extend(failed.map(|(draft, _)| Draft { attempts: draft.attempts + 1, ..draft }));
    }
}
