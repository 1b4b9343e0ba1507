//! Acting on GitHub as a person: the world changes and signed deliveries go out.
//!
//! In: who does what. Out: the id of what was made and how each delivery went. Never asks for roles: a test says who
//! does what, and the bot judges it.
//!
//! # Panics
//! Every act panics when what it names is not in the world: tests and the demo act on what they made.

use serde_json::{Value, json};

use super::{GitHub, State, deliver::About, json::Show};
use crate::sandbox::{
    acts::Opened,
    deliver::Sent,
    world::{Comment, NewTicket, Project, Ticket, TicketKey},
};

/// A comment that a person wrote.
#[derive(Clone, Debug)]
pub struct Commented {
    pub comment: u64,
    pub sent: Sent,
}

/// Issues.
impl GitHub {
    /// Opens an issue: `opened`, then one `labeled` for each label, as GitHub sends them.
    pub async fn open_issue(&self, repository: &str, new: NewTicket, by: &str) -> Opened {
        let (issue, sent) = self
            .site
            .perform(|state| {
                let labels = new.labels.clone();
                let key = state.world.open(repository, new, by);
                state.tell(&self.site.base, &issues("opened", by), &key, json!({}));
                for label in labels {
                    self.tell_label(state, "labeled", &key, &label, by);
                }
                key
            })
            .await;
        Opened { issue, sent }
    }

    /// Puts a label on an issue, creating it in the repository where needed.
    pub async fn add_label(&self, issue: &TicketKey, label: &str, by: &str) -> Sent {
        self.act_on(issue, |state| {
            state.world.add_label(issue, label);
            self.tell_label(state, "labeled", issue, label, by);
        })
        .await
    }

    /// Takes a label off an issue.
    pub async fn remove_label(&self, issue: &TicketKey, label: &str, by: &str) -> Sent {
        self.act_on(issue, |state| {
            state.world.change(issue, |ticket| ticket.labels.retain(|there| there != label));
            self.tell_label(state, "unlabeled", issue, label, by);
        })
        .await
    }

    /// Gives an issue a type.
    pub async fn set_type(&self, issue: &TicketKey, kind: &str, by: &str) -> Sent {
        self.act_on(issue, |state| {
            state.world.change(issue, |ticket| ticket.kind = Some(kind.to_owned()));
            let shown = self.shown(state, issue, |show, project, ticket| show.issue(project, ticket)["type"].take());
            state.tell(&self.site.base, &issues("typed", by), issue, json!({ "type": shown }));
        })
        .await
    }

    /// Replaces an issue's title, its body, or both.
    pub async fn edit_issue(&self, issue: &TicketKey, title: Option<&str>, body: Option<&str>, by: &str) -> Sent {
        self.act_on(issue, |state| {
            let mut changes = json!({});
            state.world.change(issue, |ticket| {
                if let Some(title) = title {
                    let old = std::mem::replace(&mut ticket.title, title.to_owned());
                    changes["title"] = json!({ "from": old });
                }
                if let Some(body) = body {
                    let old = ticket.body.replace(body.to_owned());
                    changes["body"] = json!({ "from": old.unwrap_or_default() });
                }
            });
            state.tell(&self.site.base, &issues("edited", by), issue, json!({ "changes": changes }));
        })
        .await
    }

    /// Closes an issue.
    pub async fn close(&self, issue: &TicketKey, by: &str) -> Sent {
        let at = self.site.with(|state| state.world.now());
        self.change(issue, "closed", by, move |ticket| ticket.closed_at = Some(at)).await
    }

    /// Opens a closed issue again.
    pub async fn reopen(&self, issue: &TicketKey, by: &str) -> Sent {
        self.change(issue, "reopened", by, |ticket| ticket.closed_at = None).await
    }

    /// Locks an issue: nobody comments any more.
    pub async fn lock(&self, issue: &TicketKey, by: &str) -> Sent {
        self.change(issue, "locked", by, |ticket| ticket.locked = true).await
    }

    /// Unlocks an issue.
    pub async fn unlock(&self, issue: &TicketKey, by: &str) -> Sent {
        self.change(issue, "unlocked", by, |ticket| ticket.locked = false).await
    }

    /// Deletes an issue for good.
    pub async fn delete_issue(&self, issue: &TicketKey, by: &str) -> Sent {
        self.act_on(issue, |state| {
            let ticket = state.world.delete(issue).expect("the issue is in the world");
            state.tell_of(&self.site.base, &issues("deleted", by), &ticket, json!({}));
        })
        .await
    }

    /// Moves an issue to another repository and gives its key there.
    pub async fn transfer(&self, issue: &TicketKey, repository: &str, by: &str) -> (TicketKey, Sent) {
        let (new, sent) = self
            .site
            .perform(|state| {
                let ticket = state.world.ticket(issue).cloned().expect("the issue is in the world");
                let new = state.world.transfer(issue, repository).expect("the repository is in the world");
                let changes = self.shown(state, &new, |show, project, ticket| {
                    json!({ "new_issue": show.issue(project, ticket), "new_repository": show.repository(project) })
                });
                let more = json!({ "changes": changes });
                state.tell_of(&self.site.base, &issues("transferred", by), &ticket, more);
                new
            })
            .await;
        (new, only(sent))
    }

    async fn change(&self, issue: &TicketKey, action: &str, by: &str, change: impl FnOnce(&mut Ticket)) -> Sent {
        self.act_on(issue, |state| {
            state.world.change(issue, change);
            state.tell(&self.site.base, &issues(action, by), issue, json!({}));
        })
        .await
    }

    fn tell_label(&self, state: &mut State, action: &str, key: &TicketKey, label: &str, by: &str) {
        let shown = self.shown(state, key, |show, project, _| show.label_named(project, label));
        state.tell(&self.site.base, &issues(action, by), key, json!({ "label": shown }));
    }
}

/// Comments.
impl GitHub {
    /// Comments on an issue.
    pub async fn comment(&self, issue: &TicketKey, body: &str, by: &str) -> Commented {
        let (comment, sent) = self
            .site
            .perform(|state| {
                let id = state.world.comment_on(issue, body, by, false).expect("the issue is in the world");
                let shown = self.shown_comment(state, issue, id);
                state.tell(&self.site.base, &comments("created", by), issue, json!({ "comment": shown }));
                id
            })
            .await;
        Commented { comment, sent: only(sent) }
    }

    /// Replaces a comment's text.
    pub async fn edit_comment(&self, issue: &TicketKey, comment: u64, body: &str, by: &str) -> Sent {
        self.act_on(issue, |state| {
            let old = state.world.edit_comment(&issue.project, comment, body);
            let (_, old) = old.expect("the comment is in the world");
            let more = json!({
                "comment": self.shown_comment(state, issue, comment),
                "changes": { "body": { "from": old } }
            });
            state.tell(&self.site.base, &comments("edited", by), issue, more);
        })
        .await
    }

    /// Removes a comment, the bot's ones included.
    pub async fn remove_comment(&self, issue: &TicketKey, comment: u64, by: &str) -> Sent {
        self.act_on(issue, |state| {
            let shown = self.shown_comment(state, issue, comment);
            state.world.remove_comment(&issue.project, comment).expect("the comment is in the world");
            state.tell(&self.site.base, &comments("deleted", by), issue, json!({ "comment": shown }));
        })
        .await
    }

    fn shown_comment(&self, state: &State, issue: &TicketKey, id: u64) -> Value {
        self.shown(state, issue, |show, project, ticket| {
            let comment: Option<&Comment> = ticket.comments.iter().find(|comment| comment.id == id);
            comment.map_or(Value::Null, |comment| show.comment(project, &ticket.key, comment))
        })
    }
}

/// Deliveries about no act.
impl GitHub {
    /// Sends the `ping` that GitHub sends when a webhook is made.
    pub async fn ping(&self) -> Sent {
        let payload = json!({
            "zen": "Speak like a human.",
            "hook_id": super::app::HOOK,
            "hook": { "type": "App", "id": super::app::HOOK, "active": true, "app_id": super::app::ID }
        });
        self.send("ping", &payload.to_string()).await
    }

    /// Signs and sends any payload as this event, under a new GUID.
    pub async fn send(&self, event: &str, payload: &str) -> Sent {
        only(self.site.perform(|state| state.draft(event, None, "", payload.into())).await.1)
    }

    /// Sends a delivery again under its own GUID, as a person can in GitHub's settings.
    pub async fn redeliver(&self, id: u64) -> Sent {
        let (found, sent) = self.site.perform(|state| state.draft_again(id)).await;
        found.expect("the delivery was sent before");
        only(sent)
    }
}

impl GitHub {
    async fn act_on(&self, issue: &TicketKey, act: impl FnOnce(&mut State)) -> Sent {
        let ((), sent) = self
            .site
            .perform(|state| {
                assert!(state.world.ticket(issue).is_some(), "{issue} is not in the world");
                act(state);
            })
            .await;
        only(sent)
    }

    fn shown(&self, state: &State, key: &TicketKey, show: impl FnOnce(Show<'_>, &Project, &Ticket) -> Value) -> Value {
        let world = &state.world;
        let ticket = world.ticket(key).expect("the issue is in the world");
        let project = world.project(&key.project).expect("an issue's repository is in the world");
        show(Show { world, base: &self.site.base }, project, ticket)
    }
}

fn issues<'a>(action: &'a str, sender: &'a str) -> About<'a> {
    About { event: "issues", action, sender }
}

fn comments<'a>(action: &'a str, sender: &'a str) -> About<'a> {
    About { event: "issue_comment", action, sender }
}

fn only(sent: Vec<Sent>) -> Sent {
    sent.into_iter().next().expect("the act makes one delivery")
}
