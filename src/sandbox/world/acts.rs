//! What people and programs do in the world.
//!
//! In: who does what to which ticket. Out: the changed world, and what is needed to tell of the change. Asks for no roles
//! and sends nothing.

use std::collections::BTreeSet;

use bytes::Bytes;

use super::{Absence, Attachment, Comment, Kind, Label, Link, NewTicket, Reactions, Ticket, TicketKey, World};

/// Acting in the world.
impl World {
    /// Opens a ticket. Labels that the project lacks are created, as GitHub does for those who may.
    ///
    /// # Panics
    /// When the project does not exist: the caller names one it added.
    pub fn open(&mut self, project: &str, new: NewTicket, by: &str) -> TicketKey {
        let id = self.next_id(Kind::Ticket);
        let now = self.now();
        let home = self.projects.get_mut(project).expect("the project was added before");
        let key = TicketKey::new(project, home.next_number);
        home.next_number += 1;
        for label in &new.labels {
            self.define_label(project, label);
        }
        let ticket = Ticket {
            id,
            key: key.clone(),
            title: new.title,
            body: (!new.body.is_empty()).then_some(new.body),
            acceptance: new.acceptance,
            kind: new.kind,
            labels: new.labels,
            author: by.to_owned(),
            assignees: Vec::new(),
            parent: new.parent,
            links: Vec::new(),
            attachments: Vec::new(),
            is_pull_request: false,
            closed_at: None,
            locked: false,
            reactions: Reactions::new(),
            comments: Vec::new(),
            revision: 1,
            created_at: now,
            updated_at: now,
        };
        self.tickets.insert(key.clone(), ticket);
        key
    }

    /// Changes a ticket and the time of its last change; false when there is none.
    pub fn change(&mut self, key: &TicketKey, change: impl FnOnce(&mut Ticket)) -> bool {
        let now = self.now();
        let Some(ticket) = self.tickets.get_mut(key) else { return false };
        change(ticket);
        ticket.updated_at = now;
        ticket.revision += 1;
        true
    }

    /// Puts a label on a ticket, defining it where needed; false when it was there already or the ticket is not.
    pub fn add_label(&mut self, key: &TicketKey, label: &str) -> bool {
        let missing = self.ticket(key).is_some_and(|ticket| !ticket.labels.iter().any(|l| l == label));
        if missing {
            self.define_label(&key.project, label);
            self.change(key, |ticket| ticket.labels.push(label.to_owned()));
        }
        missing
    }

    /// Writes a comment and gives its id; none when the ticket is not there.
    pub fn comment_on(&mut self, key: &TicketKey, body: &str, by: &str, via_app: bool) -> Option<u64> {
        self.tickets.contains_key(key).then(|| {
            let (id, now) = (self.next_id(Kind::Comment), self.now());
            let comment = Comment {
                id,
                author: by.to_owned(),
                body: body.to_owned(),
                via_app,
                reactions: Reactions::new(),
                version: 1,
                created_at: now,
                updated_at: now,
            };
            self.change(key, |ticket| ticket.comments.push(comment));
            id
        })
    }

    /// Replaces a comment's body and gives its ticket and the old body.
    pub fn edit_comment(&mut self, project: &str, id: u64, body: &str) -> Option<(TicketKey, String)> {
        let now = self.now();
        let (key, comment) = self.comment_mut(project, id)?;
        comment.updated_at = now;
        comment.version += 1;
        Some((key, std::mem::replace(&mut comment.body, body.to_owned())))
    }

    /// Removes a comment and gives it back, with its ticket.
    pub fn remove_comment(&mut self, project: &str, id: u64) -> Option<(TicketKey, Comment)> {
        let (key, _) = self.comment_mut(project, id)?;
        let mut removed = None;
        self.change(&key, |ticket| {
            let at = ticket.comments.iter().position(|comment| comment.id == id);
            removed = at.map(|at| ticket.comments.remove(at));
        });
        removed.map(|comment| (key, comment))
    }

    fn comment_mut(&mut self, project: &str, id: u64) -> Option<(TicketKey, &mut Comment)> {
        let tickets = self.tickets.values_mut().filter(|ticket| ticket.key.project == project);
        tickets
            .flat_map(|ticket| {
                let key = &ticket.key;
                ticket.comments.iter_mut().map(move |comment| (key, comment))
            })
            .find(|(_, comment)| comment.id == id)
            .map(|(key, comment)| (key.clone(), comment))
    }

    /// Reacts to a ticket; gives the reaction's id and whether it is new.
    pub fn react_to_ticket(&mut self, key: &TicketKey, by: &str, content: &str) -> Option<(u64, bool)> {
        let id = self.next_id(Kind::Reaction);
        let ticket = self.tickets.get_mut(key)?;
        Some(react(&mut ticket.reactions, by, content, id))
    }

    /// Reacts to a comment; gives the reaction's id and whether it is new.
    pub fn react_to_comment(&mut self, project: &str, comment: u64, by: &str, content: &str) -> Option<(u64, bool)> {
        let id = self.next_id(Kind::Reaction);
        let (_, comment) = self.comment_mut(project, comment)?;
        Some(react(&mut comment.reactions, by, content, id))
    }

    /// Links a ticket to another; false when it is not there.
    pub fn link(&mut self, from: &TicketKey, kind: &str, to: &TicketKey) -> bool {
        let link = Link { id: self.next_id(Kind::Link), kind: kind.to_owned(), to: to.clone() };
        self.change(from, |ticket| ticket.links.push(link))
    }

    /// Puts a file on a ticket and gives its id; none when the ticket is not there.
    pub fn attach(&mut self, key: &TicketKey, name: &str, kind: &str, bytes: Bytes, by: &str) -> Option<u64> {
        let (id, now) = (self.next_id(Kind::Attachment), self.now());
        let (name, kind, author) = (name.to_owned(), kind.to_owned(), by.to_owned());
        let attachment = Attachment { id, name, author, kind, bytes, created_at: now };
        self.change(key, |ticket| ticket.attachments.push(attachment)).then_some(id)
    }

    /// Deletes a ticket for good and gives it back.
    pub fn delete(&mut self, key: &TicketKey) -> Option<Ticket> {
        let ticket = self.tickets.remove(key)?;
        self.absent.insert(key.clone(), Absence::Deleted);
        Some(ticket)
    }

    /// Moves a ticket to another project, under a new number; its labels stay behind where the target lacks them.
    pub fn transfer(&mut self, key: &TicketKey, target: &str) -> Option<TicketKey> {
        let home = self.projects.get_mut(target)?;
        let new = TicketKey::new(target, home.next_number);
        let defined: BTreeSet<String> = home.labels.iter().map(|label| label.name.clone()).collect();
        let mut ticket = self.tickets.remove(key)?;
        home.next_number += 1;
        ticket.key = new.clone();
        ticket.labels.retain(|label| defined.contains(label));
        ticket.updated_at = self.clock.now_ms();
        self.tickets.insert(new.clone(), ticket);
        self.absent.insert(key.clone(), Absence::TransferredTo(new.clone()));
        Some(new)
    }

    /// Defines a label in a project unless it is there.
    pub fn define_label(&mut self, project: &str, name: &str) {
        let id = self.next_id(Kind::Label);
        let Some(project) = self.projects.get_mut(project) else { return };
        if !project.labels.iter().any(|label| label.name == name) {
            let label = Label { id, name: name.to_owned(), color: "ededed".to_owned(), description: String::new() };
            project.labels.push(label);
        }
    }
}

fn react(reactions: &mut Reactions, by: &str, content: &str, id: u64) -> (u64, bool) {
    let key = (by.to_owned(), content.to_owned());
    if let Some(there) = reactions.get(&key) {
        return (*there, false);
    }
    reactions.insert(key, id);
    (id, true)
}
