//! Reads again what a delivery claimed: deliveries are proven by a password that readers of a subscription's headers may
//! know, so their words are hints.
//!
//! In: a work item and the work that a delivery asked for. Out: the same as an event, made of what Azure DevOps holds
//! now, or why it does not hold it. Who did it is read too: the person's own identity, not the one that was claimed.

use super::{
    address::{CommentRef, WorkItem},
    carrier::heard,
    client::{Client, Place},
    comments::comment_at,
    convert::{Comment, RawItem, Update},
    fields::{added, tags},
    paging::PAGE,
    person::Person,
    text::Format,
};
use crate::{
    model::{
        CommentId, TicketKey,
        event::{Actor, Change, Event},
        job::{PlanRequest, Trigger, Work},
    },
    trackers::{Claim, TrackerError, rest::Request},
};

/// The most pages of updates that are searched.
const PAGES: usize = 60;

/// What was found, and who did it.
struct Found {
    actor: Actor,
    change: Change,
}

/// A refutation in plain words.
fn refuted<T>(why: impl Into<String>) -> Result<Result<T, String>, TrackerError> {
    Ok(Err(why.into()))
}

impl Client {
    /// Reads again what the work rests on.
    pub(super) async fn reread(&self, item: WorkItem, work: &Work) -> Result<Claim, TrackerError> {
        let read = self.api.item("confirm", item, "$expand=none").await?;
        let place = self.checked(&read)?;
        if let Err(why) = self.notified(item, work.notice()).await? {
            return Ok(Claim::Refuted(why));
        }
        let asked_by = work.asked_by();
        let found = match work {
            Work::Reply(request) => self.comment(&place, item, &request.comment, asked_by).await?,
            Work::Review(_) => Err("a review rests on no delivery".to_owned()),
            Work::Plan(PlanRequest { trigger, .. }) => match trigger {
                Trigger::Command { comment } => self.comment(&place, item, comment, asked_by).await?,
                Trigger::Label { label } => self.label(&read, item, label, asked_by).await?,
                Trigger::Story { type_name } => self.story(&read, item, type_name, asked_by).await?,
                Trigger::Manual => Err("no delivery asks in this way".to_owned()),
            },
        };
        Ok(match found {
            Err(why) => Claim::Refuted(why),
            Ok(Found { actor, change }) => Claim::Held(Box::new(Event {
                ticket: TicketKey::new(self.connection.clone(), item.id()),
                reference: item.reference(&place.project),
                project: place.project,
                actor,
                change,
                moment: String::new(),
                is_pull_request: false,
                is_closed: self.is_closed(&read).await?,
                notice: None,
            })),
        })
    }

    /// A comment: it stands, and the claimed person wrote it.
    async fn comment(
        &self,
        place: &Place,
        item: WorkItem,
        id: &CommentId,
        asked_by: &Actor,
    ) -> Result<Result<Found, String>, TrackerError> {
        let nowhere = "the comment is not on the work item";
        let number = match CommentRef::parse(id) {
            Some(CommentRef::Number(number)) => number,
            Some(CommentRef::Revision(revision)) => {
                let read = match self.revision(item, revision).await {
                    Err(TrackerError::Gone(_)) => return refuted(nowhere),
                    outcome => outcome?,
                };
                match &read.comment_version_ref {
                    Some(comment) => comment.comment_id,
                    None => return Ok(said(&read, id, asked_by)),
                }
            }
            None => return refuted(nowhere),
        };
        let path = format!("{}?api-version={}", comment_at(place, item, number), self.api.version.comments());
        let comment: Comment = match self.api.call("comment", Request::get(path)).await {
            Err(TrackerError::Gone(_)) => return refuted(nowhere),
            outcome => outcome?.json()?,
        };
        if comment.is_deleted {
            return refuted("the comment was deleted");
        }
        Ok(by(comment.author(), asked_by, "the comment was written by somebody else").map(|author| Found {
            actor: author.clone(),
            change: Change::Commented { comment: id.clone(), author, text: heard(&comment.text, comment.format()) },
        }))
    }

    /// A tag: it stands, and the claimed person added it last.
    async fn label(
        &self,
        read: &RawItem,
        item: WorkItem,
        label: &str,
        asked_by: &Actor,
    ) -> Result<Result<Found, String>, TrackerError> {
        let is_it = |tag: &String| tag.to_lowercase() == label.to_lowercase();
        if !read.tags().iter().any(is_it) {
            return refuted("the tag is not on the work item");
        }
        let adds = |update: &Update| {
            let (old, new) = update.change("System.Tags")?;
            let labels = added(&tags(old), &tags(new));
            labels.iter().any(is_it).then_some(labels)
        };
        let Some((update, labels)) = self.last_update(item, read.rev, adds).await? else {
            return refuted("no change of the work item adds the tag");
        };
        Ok(by(update.person(), asked_by, "the tag was added by somebody else")
            .map(|actor| Found { actor, change: Change::Labelled { labels } }))
    }

    /// A type: the work item has it, and the claimed person gave it, by making the item or later.
    async fn story(
        &self,
        read: &RawItem,
        item: WorkItem,
        type_name: &str,
        asked_by: &Actor,
    ) -> Result<Result<Found, String>, TrackerError> {
        let is_it = |name: &str| name.to_lowercase() == type_name.to_lowercase();
        let Some(now) = read.text("System.WorkItemType").filter(|name| is_it(name)) else {
            return refuted("the work item is of another type");
        };
        let types = |update: &Update| {
            let (old, new) = update.change("System.WorkItemType")?;
            (is_it(new) && !is_it(old)).then_some(())
        };
        let Some((update, ())) = self.last_update(item, read.rev, types).await? else {
            return refuted("no change of the work item gives it the type");
        };
        let actor = by(update.person(), asked_by, "the type was given by somebody else");
        Ok(actor.map(|actor| Found { actor, change: Change::Typed { type_name: now.to_owned() } }))
    }

    /// A work item as one revision left it.
    pub(super) async fn revision(&self, item: WorkItem, revision: u64) -> Result<RawItem, TrackerError> {
        let version = self.api.version.stable();
        let path = format!("/_apis/wit/workItems/{}/revisions/{revision}?api-version={version}", item.0);
        self.api.call("revision", Request::get(path)).await?.json()
    }

    /// The newest update that fits. Updates come oldest first, and there are at least as many as revisions: the search
    /// begins near the end and goes back.
    async fn last_update<T>(
        &self,
        item: WorkItem,
        rev: u64,
        fits: impl Fn(&Update) -> Option<T>,
    ) -> Result<Option<(Update, T)>, TrackerError> {
        let newest = |page: Vec<Update>| page.into_iter().rev().find_map(|update| fits(&update).map(|t| (update, t)));
        let page_size = PAGE as u64;
        let start = rev.saturating_sub(page_size / 2);
        let (mut skip, mut found, mut pages) = (start, None, 0);
        loop {
            let page = self.api.update_page(item, skip).await?;
            let is_last = page.len() < PAGE;
            found = newest(page).or(found);
            (skip, pages) = (skip + page_size, pages + 1);
            if is_last || pages == PAGES {
                break;
            }
        }
        let mut before = start;
        while found.is_none() && before > 0 && pages < PAGES {
            before = before.saturating_sub(page_size);
            found = newest(self.api.update_page(item, before).await?);
            pages += 1;
        }
        Ok(found)
    }
}

/// The comment that a revision's own text is, where the interface does not number it.
fn said(read: &RawItem, id: &CommentId, asked_by: &Actor) -> Result<Found, String> {
    let text = read.text("System.History").filter(|text| !text.is_empty()).ok_or("the revision holds no comment")?;
    let author = by(read.person("System.ChangedBy"), asked_by, "the comment was written by somebody else")?;
    let text = heard(text, Some(Format::guess(text)));
    let change = Change::Commented { comment: id.clone(), author: author.clone(), text };
    Ok(Found { actor: author, change })
}

/// The person, who must be the one that was claimed.
fn by(person: Option<Person<'_>>, claimed: &Actor, otherwise: &str) -> Result<Actor, String> {
    let person = person.filter(|person| person.is(&claimed.id)).ok_or(otherwise)?;
    person.actor().ok_or_else(|| otherwise.to_owned())
}
